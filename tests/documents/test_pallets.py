"""Pallets: a request from a pallet file, about no order, and the label that its answer brings."""

import pytest

from tests.documents.given import PNG, ZPL, base64, codes, completed, pallet
from translator.core.finding import errors
from translator.documents import container_label, container_label_request
from translator.documents.kind import Revision, kinds

ANSWER = {"containerLabel": {"containerTrackingNumber": "TBA1", "content": base64(PNG), "format": "PNG"}}


def test_vendor_and_carrier_are_filled_in():
    document = completed("container_label_request", pallet())
    assert document.findings == ()
    assert container_label_request.check(document.tree) == []
    assert container_label_request.body([document.tree]) == {
        "carrierId": "SWA",
        "shipFromParty": {"partyId": "EWR1"},
        "sellingParty": {"partyId": "ACMEG"},
        "vendorContainerId": "P1",
        "packages": [{"packageTrackingNumber": "1Z1"}, {"packageTrackingNumber": "1Z2"}],
    }


def test_a_package_that_stands_twice_is_on_the_pallet_once():
    document = completed("container_label_request", pallet("1Z1", "1Z2", "1Z1"))
    assert codes(document.findings, "info") == ["package-twice"]
    assert len(document.tree["packages"]) == 2


@pytest.mark.parametrize("lost", ["vendorContainerId", "packages", "shipFromParty"])
def test_a_pallet_without_number_load_or_warehouse_is_refused(lost):
    said = {name: part for name, part in pallet().items() if name != lost}
    document = completed("container_label_request", said)
    assert "field-missing" in codes(errors(container_label_request.check(document.tree)))


def test_another_carrier_is_refused():
    document = completed("container_label_request", pallet() | {"carrierId": "UPS"})
    assert codes(errors(document.findings)) == ["field-value"]


def test_the_same_pallet_again_is_a_duplicate_and_another_load_contradicts():
    revise = container_label_request.revise
    assert revise(pallet("1Z1", "1Z2"), pallet("1Z2", "1Z1")).verdict is Revision.SAME
    assert revise(pallet("1Z1", "1Z2"), pallet("1Z1")).verdict is Revision.CONTRADICTION


def test_it_is_never_repeated_by_itself():
    operation = kinds()["container_label_request"].operation
    assert not operation.repeat
    assert not operation.blind
    assert operation.brings == "container_label"


def test_the_label_of_a_pallet_is_known_by_the_carriers_number():
    ((tree, found),) = container_label.split({"payload": ANSWER})
    assert found == []
    assert container_label.key(tree) == "TBA1"


@pytest.mark.parametrize("answer", [ANSWER, {"payload": ANSWER}])
def test_the_request_says_which_pallet_and_warehouse_it_is(answer):
    tree = completed("container_label_request", pallet()).tree
    ((made, found),) = container_label.split(container_label.named(answer, tree))
    assert found == []
    assert made["vendorContainerId"] == "P1"
    assert kinds()["container_label"].warehouse(made) == "EWR1"
    del made["containerTrackingNumber"]
    assert container_label.key(made) == "P1"
    del made["vendorContainerId"]
    assert len(container_label.key(made)) == 16


@pytest.mark.parametrize(
    "content, form, code",
    [
        (None, "PNG", "label-empty"),
        ("Base 64 encoded string goes here ", "PNG", "label-base64"),
        (base64(ZPL), "PNG", "label-format"),
        (base64(b"GIF89a"), "ZPL", "label-magic"),
    ],
)
def test_a_label_that_cannot_be_printed_is_refused(content, form, code):
    ((_, found),) = container_label.split({"containerLabel": {"content": content, "format": form}})
    assert codes(errors(found)) == [code]


def test_what_else_amazon_says_of_a_label_oddly_stops_nothing():
    ((_, found),) = container_label.split({"containerLabel": {"content": base64(PNG), "format": "GIF"}})
    assert codes(found) == codes(found, "warning") == ["field-value"]


def test_a_label_comes_again_the_same_or_newer():
    label = ANSWER["containerLabel"]
    assert container_label.revise(label, label).verdict is Revision.SAME
    assert container_label.revise(label, label | {"content": base64(ZPL)}).verdict is Revision.NEWER
