"""The quick look at a tree never takes what the slow one has a fault to find with."""

from copy import deepcopy
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import event as counted
from hypothesis import strategies as st

from tests.documents import amazon
from tests.documents.given import (
    PDF,
    PNG,
    base64,
    box,
    completed,
    event,
    label,
    line,
    order,
    orders,
    package,
    packings,
    pallet,
    ship,
)
from translator.core.finding import Finding, Place
from translator.core.tree import pruned
from translator.documents.answer import answer_for
from translator.documents.kind import kinds
from translator.documents.model import fits
from translator.documents.order import split
from translator.documents.types import looked_through, verify

RICH = order(
    line(
        giftDetails={"giftMessage": "For you", "giftWrapId": "W1"},
        taxDetails={"taxLineItem": [{"taxRate": "0.1", "taxAmount": {"currencyCode": "USD", "amount": "1.25"}, "type": "VAT"}]},
        scheduledDeliveryShipment={"scheduledDeliveryServiceType": "X", "earliestNominatedDeliveryDate": "2026-12-02T00:00:00Z"},
    ),
    line("00002", 3, "SKU-2", ""),
    taxTotal={"taxLineItem": [{"taxAmount": {"currencyCode": "USD", "amount": "2"}}]},
    hasCustomizableItems=False,
)  # fmt: skip
SHIPPED = completed(
    "shipment_confirmation",
    ship(box({1: 1, 2: 3}, trackingNumber="1Z", weight={"value": 2}, shipMethod="UPS_2ND", containerIdentifier="C")),
    RICH,
).tree
EVENT = event(
    statusLocationAddress={"name": "Hub", "addressLine1": "1 Dock Rd", "countryCode": "US"},
    shipmentSchedule={"estimatedDeliveryDateTime": "2026-12-03T00:00:00Z"},
)
STOCKED = {
    "warehouseId": "EWR1",
    "sellingParty": {"partyId": "ACMEG"},
    "isFullUpdate": False,
    "items": [{"buyerProductIdentifier": "B0", "availableQuantity": {"amount": 4, "unitOfMeasure": "Each"}}],
}
WELL = {
    "order": RICH,
    "cancellation": RICH,
    "acknowledgement": completed("acknowledgement", {}, RICH).tree,
    "shipment_confirmation": SHIPPED,
    "inventory_update": STOCKED,
    "label_request": completed("label_request", {"containers": [box({1: 1, 2: 3}, trackingNumber="1Z")]}, RICH).tree,
    "shipping_label": label(package(1), package(2)),
    "packing_slip": {
        "purchaseOrderNumber": "D3rC3KTxG",
        "content": base64(PDF),
        "contentType": "application/pdf",
    },
    "customer_invoice": {"purchaseOrderNumber": "D3rC3KTxG", "content": base64(PDF)},
    "shipment_status": completed("shipment_status", EVENT, RICH).tree,
    "invoice": completed("invoice", {"invoiceNumber": "INV-1"}, RICH).tree,
    "container_label_request": completed("container_label_request", pallet()).tree,
    "container_label": {"containerTrackingNumber": "T1", "content": base64(PNG), "format": "PNG"},
    "functional_acknowledgement": {
        "standard": "x12",
        "at": "2026-12-01T18:00:00Z",
        "interchange": "000000007",
        "sender": "RENOWMS",
        "code": "SW",
        "control": "3",
        "status": "partly",
        "codes": [{"code": "5"}],
        "included": 2,
        "transactions": [
            {"set": "945", "control": "0001", "status": "accepted"},
            {
                "control": "0002",
                "status": "rejected",
                "codes": [{"code": "5"}],
                "segments": [
                    {"tag": "W06", "number": 2, "codes": [{"code": "8"}], "elements": [{"element": 3, "code": "8"}]}
                ],
            },
        ],
    },
    "answer": answer_for(
        "ship.csv",
        "shipment_confirmation",
        "D3rC3KTxG",
        [Finding("x", "text", Place("ship.csv", 3), hint="y")],
        datetime(2026, 12, 1, tzinfo=UTC),
    ),
}
ODD = (
    None, True, False, 0, 1, -5, 10**30, 1.0, 2.5, "", " ", "\u3000", "x",
    "EACH", "Each\n", "xEach", "new", "\u017fHIPPED", "1", "1.", ".5", "+1.50",
    "1e3", "1" * 13, "1234567890123.5", "0.1234567890123", "1\n", "2026-12-01T14:30:00Z", "2026-02-30T14:30:00Z",
    "2026-12-01T14:30:60Z", "2026-12-01T14:30:61Z", "2026-12-01T24:00:00Z", "2014-12-01T14:30:00Z", "2100-12-01T14:30:00Z",
    "2026-12-01T14:30:00+01:00", "2026-12-01T14:30:00.5Z", "2026-12-01 14:30:00Z", "2026-12-01T14:30:00Z\n",
    Decimal(2), Decimal("2.5"), b"x", [], [None], ["x"], [{}], {}, {"x": 1}, {"amount": None}, [{"x": 1}],
)  # fmt: skip


def places(tree, at=()):
    yield at
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for name, value in inner:
        yield from places(value, (*at, name))


def changed(tree, at, change, value):
    made = deepcopy(tree)
    node = made
    for step in at[:-1]:
        node = node[step]
    if change == "add" and isinstance(node[at[-1]], dict):
        node[at[-1]]["unheardOf"] = value
    elif change == "leave out":
        del node[at[-1]]
    else:
        node[at[-1]] = value
    return made


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_there_is_a_tree_of_every_kind_that_is_well_and_told_so_quickly(kind):
    assert looked_through(kind, WELL[kind]) == []
    assert fits(kind, WELL[kind])


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_whatever_is_changed_in_one_place_the_quick_look_takes_nothing_that_is_at_fault(kind):
    for at in places(WELL[kind]):
        for change, value in [("leave out", None), *(("set", value) for value in ODD), ("add", "x"), ("add", None)]:
            if not at:
                continue
            made = changed(WELL[kind], at, change, value)
            assert not fits(kind, made) or looked_through(kind, made) == [], (at, change, value)
            assert not fits(kind, made, known=True) or pruned(made) == made, (at, change, value)


@settings(max_examples=300)
@given(st.sampled_from(sorted(WELL)), st.data())
def test_whatever_is_changed_in_several_places_both_looks_agree(kind, data):
    made = WELL[kind]
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.sampled_from(list(places(made))))
        assume(at)
        how = data.draw(st.sampled_from(["leave out", "set", "add"]))
        value = data.draw(
            st.sampled_from(ODD)
            | st.text(max_size=20)
            | st.decimals(allow_nan=False).map(str)
            | st.datetimes().map(str)
        )
        made = changed(made, at, how, value)
    counted(str(fits(kind, made)))
    assert verify(kind, made) == looked_through(kind, made)


@given(st.text("0123456789+-.eE", max_size=16) | st.decimals(allow_nan=False, allow_infinity=False).map(str))
@example("1" * 12 + "." + "1" * 12)
def test_every_decimal_that_is_taken_quickly_is_one(text):
    made = changed(RICH, ("orderDetails", "items", 0, "netPrice", "amount"), "set", text)
    assert verify("order", made) == looked_through("order", made)


@given(st.datetimes(datetime(2010, 1, 1), datetime(2105, 1, 1)), st.sampled_from(["Z", ".25Z", "+05:30", "", "z"]))
def test_every_moment_that_is_taken_quickly_is_one(at, end):
    made = changed(RICH, ("orderDetails", "orderDate"), "set", f"{at:%Y-%m-%dT%H:%M:%S}{end}")
    assert verify("order", made) == looked_through("order", made)


@given(st.text(max_size=30))
def test_a_required_text_of_blanks_is_missing_by_both_looks(text):
    made = changed(RICH, ("orderDetails", "shipToParty", "city"), "set", text)
    assert verify("order", made) == looked_through("order", made)


@given(orders())
def test_an_order_as_amazon_sends_it_is_told_to_be_well_quickly(known):
    assert fits("order", pruned(known))


@given(st.sampled_from(sorted(WELL)), st.data())
def test_a_tree_that_holds_what_the_model_knows_and_no_more_holds_nothing_empty(kind, data):
    made = WELL[kind]
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.sampled_from(list(places(made))))
        assume(at)
        how = data.draw(st.sampled_from(["leave out", "set", "add"]))
        made = changed(made, at, how, data.draw(st.sampled_from(ODD)))
    if fits(kind, made, known=True):
        assert pruned(made) == made
        assert looked_through(kind, made) == []


def test_what_amazon_may_add_any_day_fits_but_is_not_known():
    assert fits("order", {**RICH, "new": {}})
    assert not fits("order", {**RICH, "new": {}}, known=True)


@given(st.data())
def test_a_confirmation_that_we_completed_is_told_to_be_well_quickly(data):
    known = data.draw(orders())
    made = completed("shipment_confirmation", ship(*data.draw(packings(known))), known)
    assert fits("shipment_confirmation", made.tree) == (looked_through("shipment_confirmation", made.tree) == [])


@amazon.needs_models
def test_amazons_own_examples_are_told_the_same_by_both_looks():
    bodies = amazon.examples("getOrder.v*-200-*.json") + amazon.examples("getOrders.v*-200-*.json")
    found = [tree for _, body in bodies for tree, _ in split(body)]
    assert found
    for tree in found:
        assert verify("order", tree) == looked_through("order", tree)
