"""The quick way to Amazon's types gives what the close look gives, or leaves it to that."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.documents.turned import turned
from translator.documents.types import coerced_closely

VALUES = st.one_of(
    st.sampled_from([
        "", " ", "7", "007", "-1", "1.50", "+2", "1e3", "x", "Each", "EACH", "LB", "lb", "SHIPPED", "true", "False", "é", "\u0130",
        "2026-11-30T10:00:00Z", "2026-11-30T10:00:00+01:00", "2026-11-30", "9" * 12, None, True, False, 0, 1, 10**9, [], {},
        Decimal("1.0"), Decimal("1.00"), Decimal("1E+2"), Decimal(3), Decimal("NaN"),
    ]),
    st.text(max_size=3),
)  # fmt: skip


def objects(*names: str, **inner):
    return st.fixed_dictionaries({}, optional={**dict.fromkeys(names, VALUES), **inner})


QUANTITY = objects("amount", "unitOfMeasure")
LINE = objects("itemSequenceNumber", "vendorProductIdentifier", "what", packedQuantity=QUANTITY)
BOX = objects(
    "containerType",
    "containerIdentifier",
    weight=objects("value", "unitOfMeasure"),
    packedItems=st.lists(LINE, max_size=2),
)
TREES = {
    "shipment_confirmation": objects(
        "purchaseOrderNumber", "items",
        shipmentDetails=objects("shippedDate", "shipmentStatus", "isPriorityShipment"),
        containers=st.lists(BOX, max_size=2),
    ),
    "inventory_update": objects(
        "warehouseId", "isFullUpdate",
        items=st.lists(objects("vendorProductIdentifier", "isObsolete", availableQuantity=QUANTITY), max_size=3),
    ),
    "acknowledgement": objects("vendorOrderNumber", acknowledgementStatus=objects("code", "description")),
}  # fmt: skip


@pytest.mark.parametrize("kind", TREES)
@given(data=st.data())
@settings(max_examples=200, deadline=None)
def test_quick_is_what_closely_is_without_a_finding(kind, data):
    tree = data.draw(TREES[kind])
    quick = turned(kind, tree)
    if quick is not None:
        closely, found = coerced_closely(kind, tree)
        assert (repr(quick), found) == (repr(closely), [])


def test_the_usual_is_quick_and_places_stay():
    one, other = ({"containers": [{"weight": {"value": Decimal(text)}}]} for text in ("2.5", "2.50"))
    assert turned("shipment_confirmation", one) == {"containers": [{"weight": {"value": "2.5"}}]}
    assert turned("shipment_confirmation", other) == {"containers": [{"weight": {"value": "2.50"}}]}
