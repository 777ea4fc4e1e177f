"""Inventory: levels, not changes; each item stands alone, but not in a full update."""

import pytest

from tests.documents.given import codes, completed
from translator.core.document import Document
from translator.core.finding import Finding, errors
from translator.documents.inventory_update import body, check, complete, join, path_of
from translator.documents.kind import Asked, kinds
from translator.documents.values import moment

KIND = "inventory_update"


def level(sku, amount, **more):
    return {"vendorProductIdentifier": sku, "availableQuantity": {"amount": amount}} | more


def stock(*items, **more):
    return {"warehouseId": "EWR1", "items": list(items)} | more


def test_vendor_names_unit_and_partial_are_filled_in():
    document = completed(
        KIND, stock(level("S1", "0007"), level("S2", 0, isObsolete="true")), asins={"S1": "B1", "S2": "B2"}
    )
    assert document.findings == ()
    assert document.tree == {
        "warehouseId": "EWR1",
        "sellingParty": {"partyId": "ACMEG"},
        "isFullUpdate": False,
        "items": [
            {
                "buyerProductIdentifier": "B1",
                "vendorProductIdentifier": "S1",
                "availableQuantity": {"amount": 7, "unitOfMeasure": "Each"},
            },
            {
                "buyerProductIdentifier": "B2",
                "vendorProductIdentifier": "S2",
                "availableQuantity": {"amount": 0, "unitOfMeasure": "Each"},
                "isObsolete": True,
            },
        ],
    }
    assert check(document.tree) == []
    assert body([document.tree]) == {"inventory": {n: part for n, part in document.tree.items() if n != "warehouseId"}}


def test_an_asin_finds_its_sku_too():
    said = stock({"buyerProductIdentifier": "B1", "availableQuantity": {"amount": 1}})
    assert completed(KIND, said, asins={"S1": "B1"}).tree["items"][0]["vendorProductIdentifier"] == "S1"


def test_a_sku_without_asin_is_listed_and_goes():
    document = completed(KIND, stock(level("S1", 1)))
    assert codes(document.findings, "warning") == ["asin-unknown"]
    assert "first order tells it" in document.findings[0].hint
    assert len(document.tree["items"]) == 1


@pytest.mark.parametrize(
    "bad, code",
    [
        (level("BAD", -5), "quantity"),
        (level("BAD", "1.5"), "field-type"),
        (level("BAD", None), "quantity"),
        ({"availableQuantity": {"amount": 1}}, "item-unnamed"),
        (level("BAD", 1, isObsolete="perhaps"), "field-type"),
        ("BAD", "field-type"),
    ],
)
def test_a_bad_item_costs_itself_only_and_says_where_it_stood(bad, code):
    document = completed(KIND, stock(level("S1", 1), bad, level("S2", 2)))
    (fault,) = errors(document.findings)
    assert fault.code == code
    assert fault.data.path.startswith("/items/1")
    assert [item["vendorProductIdentifier"] for item in document.tree["items"]] == ["S1", "S2"]


def test_in_a_full_update_one_bad_item_stops_all():
    document = completed(KIND, stock(level("S1", 1), level("BAD", -5), isFullUpdate=True))
    assert document.rejected
    assert document.tree["items"] == []


def test_in_a_full_update_one_lost_record_stops_all():
    lost = Document(KIND, stock(level("S1", 1), isFullUpdate="true"), findings=(Finding("record", "a bad row"),))
    assert complete(lost, Asked(moment("2026-12-01T15:00:00Z"))).tree["items"] == []
    part = lost.but(tree=stock(level("S1", 1)))
    assert len(complete(part, Asked(moment("2026-12-01T15:00:00Z"))).tree["items"]) == 1


def test_a_fault_beside_the_items_stops_all():
    assert completed(KIND, stock(level("S1", 1), isFullUpdate="maybe")).tree["items"] == []


def test_a_sku_with_two_levels_is_believed_in_neither():
    document = completed(KIND, stock(level("S1", 1), level("S2", 5), level("S1", 2)))
    assert [fault.data.path for fault in errors(document.findings)] == ["/items/0", "/items/2"]
    assert [item["vendorProductIdentifier"] for item in document.tree["items"]] == ["S2"]


def test_a_sku_with_one_level_twice_goes_once_and_is_told():
    document = completed(KIND, stock(level("S1", 1), level("S1", "1")))
    assert codes(document.findings, "info") == ["sku-twice"]
    assert len(document.tree["items"]) == 1


@pytest.mark.parametrize("code", ["../x", "..", "a/b", "", "x" * 65, "EWR1\n", "%2e"])
def test_a_warehouse_that_could_change_the_path_is_refused(code):
    assert errors(check(completed(KIND, stock(level("S1", 1), warehouseId=code)).tree))


def test_the_path_names_the_warehouse_percent_encoded():
    assert path_of({"warehouseId": "EW R/1"}) == "/vendor/directFulfillment/inventory/v1/warehouses/EW%20R%2F1/items"


def test_parts_are_put_together_with_everything_once():
    parts = [stock(level(f"S{n}", n)) for n in range(3)]
    assert [item["vendorProductIdentifier"] for item in join(parts)["items"]] == ["S0", "S1", "S2"]
    assert join([{"warehouseId": "X"}]) == {"warehouseId": "X"}


def test_a_level_is_never_repeated_as_it_was():
    kind = kinds()[KIND]
    assert kind.level
    assert not kind.operation.repeat
    assert kind.operation.read_back == ""
    assert kind.revise is None
