"""Labels: what must not come near a printer is told, and what a new label changes (hostile input 62)."""

import pytest

from tests.documents.given import PDF, PNG, ZPL, base64, codes, label, package
from translator.core.finding import Rejected, errors
from translator.documents.content import MOST, form_of, opened
from translator.documents.kind import Revision, kinds
from translator.documents.shipping_label import check, moved, packages, revise, split

SETUP = b"\x10CT~~CD,~CC^~CT~\r\n^XA~TA000~JSN^LT0^MNW^XZ\r\n"


@pytest.mark.parametrize(
    "form, data",
    [
        ("PNG", PNG),
        ("ZPL", ZPL),
        ("ZPL", b"\r\n  " + ZPL),
        ("ZPL", b"${" + ZPL + b"}$"),
        ("ZPL", b"~SD20" + ZPL),
        ("ZPL", SETUP + ZPL),
        ("ZPL", b"^xa^xz"),
        ("zpl", ZPL),
    ],
)
def test_a_label_of_the_form_that_was_said_is_well(form, data):
    assert check(label(package(content=data), form=form)) == []


@pytest.mark.parametrize(
    "code, content, form",
    [
        ("label-empty", "", "PNG"),
        ("label-empty", None, "PNG"),
        ("label-base64", "Base 64 encoded string goes here ", "PNG"),
        ("label-base64", base64(PNG)[:-1], "PNG"),
        ("label-base64", base64(PNG) + "\n", "PNG"),
        ("label-base64", "data:image/png;base64," + base64(PNG), "PNG"),
        ("label-base64", "é" * 8, "PNG"),
        ("label-base64", 7, "PNG"),
        ("label-large", base64(PNG + bytes(MOST)), "PNG"),
        ("label-large", "A" * 80_000_000, "PNG"),
        ("label-magic", base64(b"<html>no label today</html>"), "PNG"),
        ("label-magic", base64(PNG[:7]), "PNG"),
        ("label-magic", base64(b"FO50,50^XA"), "ZPL"),
        ("label-format", base64(PDF), "PNG"),
        ("label-format", base64(ZPL), "PNG"),
        ("label-format", base64(PNG), "ZPL"),
    ],
)
def test_a_label_that_cannot_be_printed_has_an_error_of_its_own(code, content, form):
    broken = label(package(1, PNG if form == "PNG" else ZPL), package(2) | {"content": content}, form=form)
    ((_, found),) = split(broken)
    assert codes(errors(found)) == [code]
    (fault,) = errors(found)
    assert fault.data.path == "/labelData/1/content"
    assert len(fault.text) < 100


@pytest.mark.parametrize(
    "inside", [{"labelData": []}, {"labelData": None}, {"labelData": ["x"]}, {"labelData": "x"}, {}]
)
def test_a_label_without_packages_is_none(inside):
    tree = {name: part for name, part in label().items() if name != "labelData"} | inside
    ((_, found),) = split({"payload": tree})
    assert "label-none" in codes(errors(found))


@pytest.mark.parametrize(
    "body", [{}, None, {"payload": {}}, {"payload": None}, {"shippingLabels": []}, [], {"pagination": {}}]
)
def test_an_answer_without_a_label_holds_none(body):
    assert split(body) == []


@pytest.mark.parametrize("body", ["x", 7, {"labels": []}, {"errors": [{"code": "x", "message": "y"}]}])
def test_an_answer_that_is_no_label_is_rejected_whole(body):
    with pytest.raises(Rejected) as told:
        split(body)
    assert codes(told.value.findings) == ["shipping-label-shape"]


@pytest.mark.parametrize("form", ["PDF", None])
def test_where_amazon_does_not_say_the_form_the_first_bytes_do(form):
    ((_, found),) = split(label(form=form))
    assert errors(found) == []
    assert codes(found, "warning")


@pytest.mark.parametrize(
    "command",
    ["^DFR:FORM.ZPL^FS", "~DYR:LOGO,A,P,9,,x", "~DGR:LOGO.GRF,9,1,FF", "^XFR:FORM.ZPL", "^dfE:x", "~dgr:x,1,1,F"],
)
def test_zpl_that_stores_in_the_printer_is_told_and_goes_on(command):
    ((_, found),) = split(label(package(content=ZPL.replace(b"^FO", command.encode() + b"^FO")), form="ZPL"))
    assert [(one.code, str(one.severity)) for one in found] == [("zpl-stores", "warning")]
    assert command[:3].upper() in found[0].text


def test_zpl_that_stores_before_its_first_format_is_zpl_all_the_same():
    data = b"~DGR:LOGO.GRF,00080,010,\r\n" + b"F" * 5_000 + b"\r\n" + ZPL
    ((_, found),) = split(label(package(content=data), form="ZPL"))
    assert codes(found) == ["zpl-stores"]


def test_zpl_that_gives_its_commands_another_sign_is_told_since_they_hide_behind_it():
    ((_, found),) = split(label(package(content=ZPL.replace(b"^FO", b"^CC+^FO")), form="ZPL"))
    assert codes(found) == ["zpl-stores"]


def test_a_mass_of_commands_before_the_first_format_takes_no_time():
    assert form_of(b"~DG" * 3_000_000) == ""
    assert form_of(b" \x10" * 4_000_000) == ""


def test_the_picture_is_personal_and_in_no_finding():
    secret = base64(b"Zoe Miller, 1 Main St")
    ((_, found),) = split(label(package() | {"content": secret}))
    assert not any(secret[:10] in f"{one.text}{one.hint}" for one in found)
    assert [one.path for one in kinds()["shipping_label"].fields if one.personal and "Party" not in one.path] == [
        "labelData[].content"
    ]


def test_a_package_that_is_none_stops_the_label():
    ((_, found),) = split(label(package(), "x"))
    assert [(one.code, one.data.path) for one in errors(found)] == [("field-type", "/labelData/1")]


def test_what_is_longer_than_a_label_may_be_is_not_even_decoded():
    with pytest.raises(ValueError, match="10 MB"):
        opened("A" * 14_000_000)
    assert len(opened(base64(bytes(MOST)))) == MOST


def test_a_label_of_a_strange_order_number_is_refused():
    ((_, found),) = split(label(number="../../etc/x"))
    assert codes(errors(found)) == ["po-unsafe"]


def test_what_a_confirmation_asks_of_a_label_holds_no_picture():
    assert packages(label(package(1), package(2)))[1] == {
        "packageIdentifier": "002",
        "trackingNumber": "1Z2",
        "shipMethod": "UPS_2ND",
        "shipMethodName": "by air",
    }


# --- a label that comes again ----------------------------------------------------------------------------------------


def test_the_same_label_again_is_a_duplicate_whatever_else_amazon_says():
    again = label(package(1), package(2) | {"shipMethodName": "by plane"}) | {"new": "x"}
    assert revise(label(package(1), package(2)), again).verdict is Revision.SAME


@pytest.mark.parametrize(
    "change, word",
    [
        ({"trackingNumber": "1Z9"}, "tracking number"),
        ({"shipMethod": "USPS_ATS"}, "ship method"),
        ({"content": base64(PNG + b"x")}, "picture"),
    ],
)
def test_a_newer_label_says_what_changed_and_of_which_package(change, word):
    was, now = label(package(1), package(2)), label(package(1), package(2) | change)
    assert moved(was, now) == {"'002'": (word,)}
    made = revise(was, now)
    assert (made.verdict, made.tree, made.reason) == (Revision.NEWER, now, f"{word} of package '002' changed")


def test_another_number_of_packages_is_a_newer_label():
    made = revise(label(package(1), package(2)), label(package(1)))
    assert (made.verdict, made.reason) == (Revision.NEWER, "packages changed")
