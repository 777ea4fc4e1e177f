"""A field that is not at hand where a picture names it is told: its document would never go on, or lack it without a word."""

import pytest

from tests.mapping.made import made

STOCK = """reads: inventory_update
format: xml
file: "S{word}.xml"
records:
  Stock:
    fields:
      Site: {at: Head/Site}
    records:
      Item:
        times: 0..
        fields: {Sku: {}, Level: {type: integer}, Box: {times: 0.., fields: {Id: {}}}}
documents:
  EACH
  warehouseId: SITE
  items: {each: Item, vendorProductIdentifier: SKU, availableQuantity: {amount: Level}}
"""


def told(each, site, sku):
    text = STOCK.replace("  EACH\n", f"  {each}\n" if each else "").replace("SITE", site).replace("SKU", sku)
    return [(one.rule.line, one.hint) for one in made(text).notes if one.code == "name-elsewhere"]


@pytest.mark.parametrize(
    "each, site, sku, found",
    [
        ("", "Site", "Sku", [(13, "Stock.Site")]),
        ("", "Stock.Site", "Sku", []),
        ("each: Stock", "Site", "Sku", []),
        ("each: Stock", "Level", "Sku", [(14, "Item.Level, or each: Item")]),
        ("each: Stock", "Site", "Id", [(15, "Box.Id, or each: Box")]),
        ("each: Stock", "{maybe: Level}", "Sku", [(14, "Item.Level, or each: Item")]),
        ("each: Stock", "first(Item.Sku)", "Site", []),
        ("group: Site", "Site", "Sku", []),
    ],
)
def test_a_field_that_stands_in_another_record_is_told_with_the_way_to_it(each, site, sku, found):
    assert told(each, site, sku) == found
