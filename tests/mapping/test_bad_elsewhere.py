"""A bad record never lets its document go on short, wherever in the file it stands."""

from __future__ import annotations

import pytest

from tests.mapping.reading import codes, order, read, told

SHIP = """\
reads: shipment_confirmation
format: csv
records:
  H: {times: 0.., fields: {code: {is: H}, ORDER: {}, LBS: {type: decimal}}}
  L: {times: 0.., fields: {code: {is: L}, OF: {}, CARTON: {}, LBS: {type: decimal}}}
documents:
"""
ONE_HEAD = """\
  each: H
  about: {order: ORDER}
  containers: {each: L if OF == ORDER, group: CARTON, containerIdentifier: CARTON, weight: {value: {maybe: max(LBS)}}}
"""
TWO_HEADS = """\
  each: [H, L if OF == ORDER]
  about: {order: ORDER}
  containers: {containerIdentifier: CARTON, weight: {value: {maybe: H.LBS}}}
"""
STOCK = """\
reads: inventory_update
format: csv
records:
  H: {times: 1, fields: {code: {is: H}, W: {}}}
  L: {times: 0.., fields: {code: {is: L}, SKU: {}, QTY: {type: integer}}}
documents:
  each: H
  warehouseId: W
  items: {each: L, vendorProductIdentifier: SKU, availableQuantity: {amount: QTY}}
"""
XML = """\
reads: inventory_update
format: xml
records:
  Stock:
    fields:
      Site:  {fields: {"@code": {}}}
      Head:  {fields: {Of: {fields: {day: {at: ., date: "%Y%m%d"}}}}}
      Lines: {fields: {Line: {times: 0.., fields: {Sku: {}, Level: {fields: {QTY: {at: ., type: integer}}}}}}}
documents:
  each: Stock.Site
  warehouseId: code
  items: {each: Stock.Lines.Line, vendorProductIdentifier: Sku, availableQuantity: {amount: Level.QTY}}
"""


def stock(day: str, level: str) -> str:
    lines = "".join(f"<Line><Sku>S{n}</Sku><Level>{x}</Level></Line>" for n, x in enumerate(("5", level)))
    return f'<Stock><Site code="EWR1"/><Head><Of>{day}</Of></Head><Lines>{lines}</Lines></Stock>'


@pytest.mark.parametrize(
    "picture, rows",
    [
        (ONE_HEAD, "H,A,\nH,B,\nL,A,C1,1\nL,A,C1,x\nL,B,C2,1\n"),
        (TWO_HEADS, "H,A,x\nH,B,\nL,A,C1,1\nL,B,C2,1\n"),
    ],
)
def test_an_order_is_rejected_with_a_row_that_stands_elsewhere_and_its_neighbour_goes_on(picture, rows):
    a, b = read(SHIP + picture, rows, order("A"), order("B"))
    assert (a.about, codes(a)) == ("A", ["number-syntax"])
    assert (b.about, codes(b)) == ("B", [])


def test_an_item_that_stands_elsewhere_is_left_out_and_told():
    update, unread = read(STOCK, "H,EWR1\nL,S1,5\nL,S2,x\n")
    assert [item["vendorProductIdentifier"] for item in update.tree["items"]] == ["S1"]
    assert codes(update) == ["records-left-out"]
    assert [place.line for place in unread.records] == [3]
    assert codes(unread) == ["number-syntax"]


def test_what_is_wrong_inside_an_item_is_told_once():
    update, unread = read(XML, stock("20261201", "x"), file="stock.xml")
    assert told(update)[0].endswith("1 record is left out (line 1)")
    assert codes(unread) == ["number-syntax"]


def test_a_header_inside_another_stops_the_file():
    (update,) = read(XML, stock("20261301", "5"), file="stock.xml")
    assert codes(update) == ["date-syntax"]


def test_what_is_missing_because_the_record_around_is_bad_is_not_told_beside_it():
    text = """\
        reads: shipment_confirmation
        format: csv
        records:
          H:
            times: 0..
            fields: {code: {is: H}, ORDER: {}, METHOD: {lookup: {UPG: UPS_GR}}}
            records:
              C: {times: 0.., fields: {code: {is: C}, CARTON: {}}}
        documents:
          each: H
          about: {order: ORDER}
          containers: {each: C, containerIdentifier: CARTON, shipMethod: METHOD, trackingNumber: "METHOD ~ '-1'"}
        """
    (document,) = read(text, "H,A,UPX\nC,C1\n", order("A"))
    assert codes(document) == ["lookup-miss"]


def test_a_name_that_stands_in_a_group_is_told_with_its_group():
    *_, unread = read(XML.replace("Level.QTY", "QTY"), stock("20261201", "5"), file="stock.xml")
    assert unread.findings[0].hint == "it stands in Level: Level.QTY"


def test_a_field_asked_for_outside_its_record_is_told_which_record_it_stands_in():
    text = """
    reads: acknowledgement
    format: csv
    records:
      H: {times: 0.., fields: {code: {is: H}, ORDER: {}}}
      T: {times: 0..1, fields: {code: {is: T}}}
    documents: {about: {order: ORDER}}
    """
    *_, unread = read(text, "H,PO1\nT\n")
    assert unread.findings[0].hint == "it stands in H: H.ORDER, or each: H"
