"""Label requests: one box by saying nothing, or the boxes of a pack file; the same body for both of Amazon's ways."""

import pytest

from tests.documents.given import box, codes, completed, line, order, ship
from translator.core.finding import errors
from translator.core.jsontext import decode, encode
from translator.documents.kind import Revision, kinds
from translator.documents.label_request import ASYNCHRONOUS, asynchronous, body, check, lacking, path_of, revise

KIND = "label_request"
TWO = order(line("00001", 2), line("00002", 1, sku="SKU-2", asin="B2"))
SIZE = {"length": 10, "width": "8.50", "height": 4, "unitOfMeasure": "in"}


def packs(*boxes):
    return {"containers": list(boxes)}


def test_saying_nothing_asks_for_one_box():
    document = completed(KIND, {}, TWO)
    assert document.findings == ()
    assert check(document.tree) == []
    assert document.tree == {
        "purchaseOrderNumber": "D3rC3KTxG",
        "sellingParty": {"partyId": "ACMEG"},
        "shipFromParty": {"partyId": "EWR1"},
    }


def test_a_pack_file_tells_boxes_with_weights_sizes_and_lines():
    said = packs(
        box({1: 1}, containerIdentifier="A", weight={"value": 2, "unitOfMeasure": "lb"}, dimensions=SIZE),
        box({1: 1, 2: 1}, containerIdentifier="B", weight={"value": "1.5", "unitOfMeasure": "LB"}),
    )
    document = completed(KIND, said, TWO)
    assert document.findings == ()
    assert check(document.tree) == []
    first, second = document.tree["containers"]
    assert first["dimensions"] == {"length": "10", "width": "8.50", "height": "4", "unitOfMeasure": "IN"}
    assert first["weight"] == {"value": "2", "unitOfMeasure": "LB"}
    assert [one["vendorProductIdentifier"] for one in second["packedItems"]] == ["SKU-1", "SKU-2"]
    assert "shipMethod" not in first  # it is Amazon's to choose


def test_boxes_of_unsaid_content_share_the_order_as_in_a_ship_file():
    document = completed(KIND, packs(box(containerIdentifier="A"), box(containerIdentifier="B")), TWO)
    assert errors(document.findings) == []
    assert [len(one["packedItems"]) for one in document.tree["containers"]] == [1, 2]
    assert "content-assumed" in codes(document.findings, "info")


@pytest.mark.parametrize(
    "said, code",
    [
        (packs(box({1: 3, 2: 1})), "over-shipped"),
        (packs(box({1: 2, 2: 1, 3: 1})), "line-unknown"),
        (packs(box({1: 0, 2: 1})), "quantity"),
        ({"purchaseOrderNumber": "OTHER"}, "order-differs"),
        ({"shipmentDetails": {"shippedDate": "2026-12-01T14:30:00Z"}}, "field-unknown"),
    ],
)
def test_what_does_not_fit_the_order_is_refused(said, code):
    assert code in codes(errors(completed(KIND, said, TWO).findings))


def test_without_its_order_nothing_can_be_asked_for():
    assert codes(errors(completed(KIND, {}).findings)) == ["order-unknown"]


def test_after_the_confirmation_amazon_makes_no_label():
    confirmed = completed("shipment_confirmation", ship(), TWO).tree
    document = completed(KIND, {}, TWO, confirmed=confirmed)
    (found,) = errors(document.findings)
    assert (found.code, "translator reject" in found.hint) == ("already-confirmed", True)


def test_a_cancelled_order_is_told():
    cancelled = order(line(), status="CANCELLED")
    assert codes(completed(KIND, {}, cancelled).findings, "warning") == ["order-cancelled"]


def test_a_weight_below_nought_and_a_strange_number_are_refused():
    tree = completed(KIND, packs(box({1: 2, 2: 1}, weight={"value": "-1", "unitOfMeasure": "LB"})), TWO).tree
    assert codes(errors(check(tree))) == ["weight-negative"]
    assert codes(errors(check(completed(KIND, {}, order(number="../x")).tree))) == ["po-unsafe"]


# --- gathered ------------------------------------------------------------------------------------------------------


def test_pack_files_are_gathered_until_every_line_is_packed():
    one, other = packs(box({1: 2}, containerIdentifier="A")), packs(box({2: 1}, containerIdentifier="B"))
    assert lacking({}, TWO) == []
    assert lacking(one, TWO) == kinds()[KIND].lacking(one, TWO) == ["2"]
    made = revise(one, other)
    assert made.verdict is Revision.MORE
    assert lacking(made.tree, TWO) == []
    assert len(completed(KIND, made.tree, TWO).tree["containers"]) == 2


def test_a_pack_file_that_comes_again_says_nothing_new():
    said = packs(box({1: 2, 2: 1}, containerIdentifier="A"))
    assert revise(said, said).verdict is Revision.SAME
    assert revise(said, {}).verdict is Revision.SAME
    assert revise({}, {}).verdict is Revision.SAME
    assert revise({}, said).verdict is Revision.MORE


def test_a_box_that_holds_something_else_now_contradicts():
    one, other = packs(box({1: 2}, containerIdentifier="A")), packs(box({1: 1}, containerIdentifier="A"))
    assert revise(one, other).verdict is Revision.CONTRADICTION


# --- the two ways ----------------------------------------------------------------------------------------------------


def test_the_number_stands_in_the_path_or_in_the_body_never_in_both():
    tree = completed(KIND, {}, TWO).tree
    assert path_of(tree) == f"{ASYNCHRONOUS}/D3rC3KTxG"
    once = body([tree])
    assert "purchaseOrderNumber" not in once
    assert decode(asynchronous(encode(once), "D3rC3KTxG")) == {"shippingLabelRequests": [tree]}
    operation = kinds()[KIND].operation
    assert (operation.brings, operation.otherwise, operation.settle) == ("shipping_label", ASYNCHRONOUS, 120)
