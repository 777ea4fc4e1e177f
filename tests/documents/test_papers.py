"""Packing slips and customer invoices: a PDF of one order, or an error of its own."""

import pytest

from tests.documents.given import PDF, PNG, base64, codes
from translator.core.finding import errors
from translator.documents.content import MOST
from translator.documents.kind import Revision, kinds

KINDS = [("packing_slip", "packingSlips", "slip"), ("customer_invoice", "customerInvoices", "invoice")]


def paper(content=None, number="D3rC3KTxG"):
    return {"purchaseOrderNumber": number, "content": base64(PDF) if content is None else content}


@pytest.mark.parametrize("kind, listed, _", KINDS)
@pytest.mark.parametrize("wrap", [lambda body: body, lambda body: {"payload": body}])
def test_one_and_a_list_are_read_with_a_payload_and_without(kind, listed, _, wrap):
    known = kinds()[kind]
    assert known.split(wrap(paper())) == [(paper(), [])]
    both = wrap({"pagination": {"nextToken": "x"}, listed: [paper(), paper(number="P2")]})
    assert [known.key(tree) for tree, found in known.split(both) if found == []] == ["D3rC3KTxG", "P2"]
    assert known.split(wrap({})) == []


@pytest.mark.parametrize("kind, _, word", KINDS)
@pytest.mark.parametrize(
    "fault, content",
    [
        ("empty", ""),
        ("base64", "base 64 encoded string"),
        ("base64", ["x"]),
        ("magic", base64(b"<html>")),
        ("format", base64(PNG)),
        ("large", base64(PDF + bytes(MOST))),
    ],
)
def test_what_is_no_pdf_is_an_error_of_its_own(kind, _, word, fault, content):
    ((_, found),) = kinds()[kind].split(paper(content))
    assert codes(errors(found)) == [f"{word}-{fault}"]


@pytest.mark.parametrize("kind, _, __", KINDS)
def test_a_paper_comes_again_the_same_or_newer(kind, _, __):
    known = kinds()[kind]
    assert known.revise(paper(), paper() | {"new": 1}).verdict is Revision.SAME
    made = known.revise(paper(), paper(base64(PDF + b"\n")))
    assert (made.verdict, made.reason) == (Revision.NEWER, "Amazon made it anew")


@pytest.mark.parametrize("kind, _, __", KINDS)
def test_the_pdf_is_personal(kind, _, __):
    assert [one.path for one in kinds()[kind].fields if one.personal] == ["content"]


def test_another_content_type_is_told_and_stops_nothing():
    ((_, found),) = kinds()["packing_slip"].split(paper() | {"contentType": "text/html"})
    assert codes(found) == codes(found, "warning") == ["field-value"]
