"""What stands in a file and not in its layout, or the other way round: its finding says what to do about it."""

from __future__ import annotations

import pytest

from tests.formats.interchanges import made, rows

LINES = """
reads: inventory_update
format: fixed
records:
  H: {fields: {code: {len: 1, is: H}, site: {len: 4}}}
  D: {times: 0.., fields: {code: {len: 1, is: D}, sku: {len: 3}, qty: {len: 3, type: integer}}}
  T: {fields: {code: {len: 1, is: T}, rows: {len: 3, type: integer, equals: count(D)}}}
documents:
  warehouseId: H.site
  items: {each: D, vendorProductIdentifier: sku, availableQuantity: {amount: qty}}
"""
TABLE = """
reads: inventory_update
format: csv
header: true
fields: {SKU: {}, QTY: {type: integer}}
documents:
  warehouseId: {text: EWR1}
  items: {each: row, vendorProductIdentifier: SKU, availableQuantity: {amount: QTY}}
"""
ELEMENTS = """
reads: inventory_update
format: xml
records:
  Stock:
    fields:
      "@site": {}
      Item: {times: 2.., fields: {"@sku": {}, Level: {type: integer}}}
documents:
  warehouseId: site
  items: {each: Stock.Item, vendorProductIdentifier: sku, availableQuantity: {amount: Level}}
"""
KEYS = """
reads: inventory_update
format: json
fields: {site: {}, items: {times: 0.., fields: {sku: {}, level: {type: integer}}}}
documents:
  warehouseId: site
  items: {each: row.items, vendorProductIdentifier: sku, availableQuantity: {amount: level}}
"""
PATHS = """
reads: inventory_update
format: json
records: {item: {at: data.stock, times: 0.., fields: {sku: {}, level: {at: on.hand, type: integer}}}}
documents:
  warehouseId: {text: EWR1}
  items: {each: item, vendorProductIdentifier: sku, availableQuantity: {amount: level}}
"""
UNNAMED = "give it a line in the layout, or say `unknown: skip`"
TWO = '<Item sku="S1"><Level>1</Level></Item>' * 2


@pytest.mark.parametrize(
    "text, data, code, hint",
    [
        pytest.param(LINES, "HEWR1\nT000\nXS1 003\n", "record-unknown",
            f"no `is` of the layout says what it begins with: {UNNAMED}", id="an unknown line code"),
        pytest.param(LINES, "HEWR1\nHEWR1\nT000\n", "record-unknown",
            "it reads like H, which may not stand here, or not once more: look at its `times` and its place", id="one too many"),
        pytest.param(LINES, "HEWR1\nDS1 003\n", "record-missing",
            "was the file cut off, or is its code another one? `times: 0..1` allows that it is missing", id="no trailer"),
        pytest.param(TABLE, "SKU,QTY,NOTE\nS1,3,x\n", "column-unknown", UNNAMED, id="an unknown column"),
        pytest.param(TABLE, "SKU,QTTY\nS1,3\n", "column-unknown", "did you mean 'QTY'?", id="one that is nearly known"),
        pytest.param(TABLE, "SKU,QTY,QTTY\nS1,3,x\n", "column-unknown", UNNAMED, id="one like another that is there, too"),
        pytest.param(TABLE.replace("QTY", "Größe").replace("header", "charset: cp1252\nheader"), "SKU,Größe\nS1,3\n",
            "column-unknown", "it is 'Größe' in UTF-8, the mapping says cp1252", id="UTF-8"),
        pytest.param(TABLE, "S1;3\nS2;4\n", "column-unknown",
            "none of its columns is of the layout: is its delimiter another, or has it no header line?", id="another delimiter"),
        pytest.param(TABLE, "SKU\nS1\n", "column-missing", "`times: 0..1` allows that it is missing", id="a column less"),
        pytest.param(TABLE, "", "header-missing", "an empty file is none: did its sender write it whole?", id="nothing"),
        pytest.param(ELEMENTS, f'<Stock site="E" day="1">{TWO}</Stock>', "attribute-unknown", UNNAMED, id="an attribute"),
        pytest.param(ELEMENTS, f'<Stock sites="E">{TWO}</Stock>', "attribute-unknown", "did you mean 'site'?",
            id="an attribute that is nearly known"),
        pytest.param(ELEMENTS, f'<Stock site="E">{TWO}<Note/></Stock>', "element-unknown", UNNAMED, id="an element"),
        pytest.param(ELEMENTS, f'<Stock site="E">{TWO.replace("Level", "Levels")}</Stock>', "element-unknown",
            "did you mean 'Level'?", id="an element that is nearly known"),
        pytest.param(ELEMENTS, '<Stock site="E"/>', "group-missing", "`times: 0..` allows that there are none", id="a group less"),
        pytest.param(KEYS, '{"site":"E","items":[],"day":1}', "key-unknown", UNNAMED, id="a key"),
        pytest.param(KEYS, '{"site":"E","items":[{"sku":"S1","levels":1}]}', "key-unknown", "did you mean 'level'?",
            id="a key that is nearly known"),
        pytest.param(PATHS, '{"data":{"stock":[{"sku":"S1","hand":1}]}}', "key-unknown", "the layout has it at on.hand",
            id="a key that the layout has elsewhere"),
        pytest.param(PATHS, '{"data":{"stock":[{"sku":{"id":1}}]}}', "json-value",
            "name what is in it: `at` with a path, or `fields` (with `times: 0..` for a list)", id="an object as a value"),
        pytest.param(PATHS, '{"data":{}}\n{}', "json-syntax",
            "`lines: true` reads a file of which each line is an object", id="an object a line"),
        pytest.param(f"limits: {{attributes: 1}}{ELEMENTS}", f'<Stock site="E" a="1">{TWO}</Stock>', "xml-attributes",
            "`limits: {attributes: …}` raises it", id="too many attributes"),
        pytest.param(ELEMENTS, f"<!DOCTYPE Stock><Stock>{TWO}</Stock>", "xml-doctype",
            "have its sender leave it out", id="a doctype"),
        pytest.param(f"limits: {{field: 2}}{TABLE}", "SKU,QTY\nS100,3\n", "limit-field",
            "`limits: {field: …}` raises it", id="a long cell"),
        pytest.param(ELEMENTS, "<Stock>R & D</Stock>", "xml-syntax", "an & in a text is written &amp;", id="an ampersand"),
        pytest.param(ELEMENTS, f"<Stock>{TWO.replace('<Level>', '<Level>2</Level><Level>')}</Stock>", "element-twice",
            "Level: {times: 0.., fields: {value: {at: .}}} reads all of them", id="an element twice"),
    ],
)  # fmt: skip
def test_a_finding_says_what_to_do(text, data, code, hint):
    assert hint in [finding.hint for finding in said(text, data) if finding.code == code]


def test_a_list_where_the_layout_leads_through_objects_is_no_empty_file():
    (found,) = said(PATHS, '[{"data": {"stock": [{"sku": "S1"}]}}]')
    assert (found.code, found.text) == ("json-object", "an object should stand here")
    assert not said(PATHS, "null")


def test_where_the_layout_lets_it_be_nothing_more_is_said():
    assert [(one.code, one.hint) for one in said(f"unknown: skip\n{TABLE}", "SKU,QTY,NOTE\nS1,3,x\n")] == [
        ("column-unknown", "")
    ]


def said(text, data):
    return rows(made(text), data)[1]
