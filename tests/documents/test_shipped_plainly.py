"""The quick way to a whole confirmation gives what `complete` and `check` let pass without a word, or leaves it to them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from tests.documents.given import NOW, box, completed, line, order, orders, packings, ship
from tests.documents.test_model import changed, places
from translator.core.document import Document
from translator.documents.kind import Asked, kinds
from translator.documents.shipped_plainly import plainly
from translator.documents.values import iso
from translator.translation import complete

KIND = kinds()["shipment_confirmation"]
KNOWN = order(line(), line("00002", 3, "SKU-2", "B000000002"))
BOX = {"containerIdentifier": "C1", "weight": {"value": Decimal("2.50"), "unitOfMeasure": "LB"}}
SIZE = {"length": Decimal(1), "width": "2.0", "height": Decimal("0.5"), "unitOfMeasure": "IN"}
USUAL = ship(
    box({"00001": 1, 2: 2}, **BOX, trackingNumber="1Z", shipMethod="UPS_2ND", dimensions=SIZE, containerType="Pallet"),
    box({"2": 1}, **BOX | {"containerIdentifier": "C2"}),
)
ODD = (
    None, True, 0, 1, 2, 3, 4, -5, 10**9, "", " ", "x", "C1", "C2", "1Z", "é", "0", "0.00", "-1", "1e3", "00002", "9", "Each",
    "KG", "Carton", "FLOOR_DENIAL", "CANCELLED", "SKU-2", "D3rC3KTxG", iso(NOW + timedelta(minutes=2)), "2014-12-01T14:30:00Z",
    Decimal("0.00"), Decimal(-1), [], {}, {"amount": 1}, {"value": "1"}, {"x": 1}, [{"x": 1}], BOX, SIZE,
)  # fmt: skip
NAMES = (
    "pieceNumber",
    "vendorProductIdentifier",
    "buyerProductIdentifier",
    "purchaseOrderNumber",
    "items",
    "dimensions",
    "x",
)


def asked(known, **more):
    return Asked(**{"now": NOW, "vendor": "ACMEG", "order": known} | more)


def holds(tree, known, **more):
    document = Document(KIND.name, tree, about="D3rC3KTxG")
    quick = plainly(document, asked(known, **more))
    if quick is not None:
        closely = KIND.complete(document, asked(known, **more))
        assert repr(quick) == repr(closely)
        assert KIND.check(closely.tree) == []
    return quick is not None


def test_the_usual_is_quick():
    holds(USUAL, KNOWN)
    quick = complete(Document(KIND.name, USUAL), asked(KNOWN))
    assert quick == plainly(Document(KIND.name, USUAL), asked(KNOWN))
    assert quick.tree == completed(KIND.name, USUAL, KNOWN).tree
    assert [one["shippedQuantity"]["amount"] for one in quick.tree["items"]] == [1, 3]


def test_what_the_file_said_stays_as_it_was():
    before = repr(USUAL)
    assert plainly(Document(KIND.name, USUAL), asked(KNOWN))
    assert repr(USUAL) == before


@pytest.mark.parametrize(
    "more",
    [{"kept": {"wms_order": "W1"}}, {"kept": {"wms_order": " "}}, {"vendor": ""}, {"labels": [{"x": 1}]},
     {"confirmed": USUAL}, {"order": None}, {"now": NOW - timedelta(days=900)}],
)  # fmt: skip
def test_whatever_is_stored_beside_the_order_both_ways_agree(more):
    holds(USUAL, KNOWN, **more)


@pytest.mark.parametrize("name", ["vendorProductIdentifier", "buyerProductIdentifier"])
@pytest.mark.parametrize("value", ["SKU-1", "SKU-é", "SKU-\u0410", " ", "", 7, None, ["SKU-1"]])
def test_a_product_that_file_and_order_call_alike_both_ways_agree(name, value):
    known = order(line() | {name: value})
    packed = {"itemSequenceNumber": "1", name: value, "packedQuantity": {"amount": 1}}
    quick = holds(ship({**BOX, "containerType": "Carton", "packedItems": [packed]}), known)
    assert quick == (value == "SKU-1")


@pytest.mark.parametrize("value", ODD)
def test_whatever_is_changed_in_one_place_both_ways_agree(value):
    for at in filter(None, places(USUAL)):
        holds(changed(USUAL, at, "set", value), KNOWN)
        holds(changed(USUAL, at, "leave out", None), KNOWN)
        for name in NAMES if isinstance(inner := tree_at(USUAL, at), dict) else ():
            holds(changed(USUAL, at, "set", {**inner, name: value}), KNOWN)
    for at in filter(None, places(KNOWN)):
        holds(USUAL, changed(KNOWN, at, "set", value))
        holds(USUAL, changed(KNOWN, at, "leave out", None))


def tree_at(tree, at):
    for step in at:
        tree = tree[step]
    return tree


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_however_an_order_is_packed_both_ways_agree(data):
    known = data.draw(orders())
    for one in known["orderDetails"]["items"]:
        one |= data.draw(
            st.sampled_from([{}, *[{"buyerProductIdentifier": "B1", "vendorProductIdentifier": "S1"}] * 3])
        )
    packed = [one | data.draw(st.sampled_from([BOX, BOX, BOX, {}])) for one in data.draw(packings(known))]
    boxes = [one | {"containerIdentifier": f"C{n}", "containerType": "Carton"} for n, one in enumerate(packed)]
    made = ship(*boxes)
    for _ in range(data.draw(st.integers(0, 2))):
        at = data.draw(st.sampled_from(list(filter(None, places(made)))))
        made = changed(made, at, data.draw(st.sampled_from(["set", "leave out"])), data.draw(st.sampled_from(ODD)))
    event(str(holds(made, known)))
