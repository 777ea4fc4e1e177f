"""A stock file read many rows at once gives the documents, findings and updates that it gives row by row, in any pieces."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.pieces import LAW
from tests.formats.test_csv_at_once import CUTS, Closely, cut
from translator import translation
from translator.core.finding import Rejected
from translator.documents.inventory_update import KIND
from translator.documents.kind import Asked
from translator.documents.stock_plainly import plainly
from translator.formats import delimited
from translator.mapping import picture, quick_values
from translator.mapping.compiled_pictures import pictures_of
from translator.mapping.context import Frozen
from translator.mapping.reader import Held

NOW = datetime(2026, 12, 1, tzinfo=UTC)
ASKED = Asked(NOW, "ACMEG", asins={"S1": "B01", "S2": "B02"})
ONE = """\
reads: inventory_update
format: csv
header: true
fields: {WAREHOUSE: {}, SKU: {required: true}, ASIN: {required: true}, QTY: {type: integer, required: true}}
documents:
  warehouseId: {text: EWR1}
  items: {each: row, vendorProductIdentifier: SKU, buyerProductIdentifier: ASIN, availableQuantity: {amount: QTY}}
"""
FULL = ONE.replace("  warehouseId", "  isFullUpdate: {text: 'true'}\n  warehouseId")
TRAILED = """\
reads: inventory_update
format: csv
records:
  D: {times: 0.., fields: {WAREHOUSE: {is: EWR1}, SKU: {}, ASIN: {}, QTY: {type: integer}}}
  T: {fields: {code: {is: END}, rows: {type: integer, equals: count(D)}, a: {}, b: {}}}
documents:
  warehouseId: {text: EWR1}
  items: {each: D, vendorProductIdentifier: D.SKU, buyerProductIdentifier: {maybe: D.ASIN}, availableQuantity: {amount: D.QTY}}
"""
TEXTS = {
    "one": ONE,
    "full": FULL,
    "trailed": TRAILED,
    "plain-csv": Path("mappings/plain-csv/stock.yaml").read_text(),
    "adjacent": Path("mappings/plain-csv/stock.yaml").read_text().replace("group: WAREHOUSE", "group: WAREHOUSE\n  adjacent: true"),
    "hub-csv": Path("mappings/hub-csv/stock.yaml").read_text(),
}  # fmt: skip
USUAL = ["EWR1", "S{}", "B0{}", "5"]
ODD = [["EWR2", "XXXX", "", " ", '"EWR1"', "Ä"], ["S1", "", " ", '"S,9"', "Ü1", "S" * 70], ["", " ", "B9", '"B"9', "é"],
       ["-3", "x", "", "007", "1234567890", "1.5", '"7"', "+4", " 8", "٣"]]  # fmt: skip
LINES = [
    "",
    "   ",
    "EWR1,S1,B01",
    "EWR1,S1,B01,5,6",
    '"open,S1,B01,5',
    '"two\nlines",S1,B01,5',
    "rubbish",
    "\x1a",
    "END,3,,",
]
HEADS = {"hub-csv": "SKU,Available"}


@cache
def compiled(name: str) -> translation.Translation:
    return translation.load(f"{name}/stock.yaml", TEXTS[name].encode(), lambda _: None)


@st.composite
def files(draw, name: str) -> bytes:
    rows = []
    for number in range(draw(st.integers(0, 12))):
        cells = [cell.format(number) for cell in USUAL]
        if draw(st.integers(0, 3)) == 0:
            at = draw(st.integers(0, 3))
            cells[at] = draw(st.sampled_from(ODD[at]))
        rows.append(",".join(cells if name != "hub-csv" else cells[1::2]))
    if draw(st.integers(0, 3)) == 0:
        rows.insert(draw(st.integers(0, len(rows))), draw(st.sampled_from(LINES)))
    head = [HEADS.get(name, "WAREHOUSE,SKU,ASIN,QTY")] if name != "trailed" else []
    end = draw(st.sampled_from(["\n", "\r\n"]))
    trailer = [f"END,{len(rows)},,"]
    tail = trailer if name == "trailed" else draw(st.sampled_from([[], [], ["\x1a\x1a"], trailer]))
    mark = draw(st.sampled_from(["", "", "\ufeff"]))
    return (mark + end.join([*head, *rows, *tail, ""])).encode()


def read(name: str, chunks: list[bytes]) -> object:
    """Give the documents with all that is found, and what becomes of them; or why the file is refused."""
    made = compiled(name)
    context = Frozen(NOW, settings={"warehouse": "EWR1"})
    try:
        found = list(translation.read(made, chunks, "STOCK.csv", context))
    except Rejected as rejected:
        return repr(rejected.findings)
    return [(repr(one), repr(translation.complete(one, ASKED)) if one.kind == KIND.name else "") for one in found]


@pytest.mark.parametrize("name", TEXTS)
@given(st.data())
@LAW
def test_a_stock_file_says_at_once_what_it_says_row_by_row(name, data):
    file = data.draw(files(name))
    window, most, cuts = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 5)), data.draw(CUTS)
    made = compiled(name)
    quicks = pictures_of(made.reader).quicks
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(picture.documents, "__defaults__", (None, None, window))
        patch.setattr(delimited, "AT_ONCE", most)
        patch.setattr(quick_values, "MOST", most)
        at_once = read(name, cut(file, cuts))
        patch.setattr(delimited, "Rows", Closely)
        patch.setitem(quicks, Frozen(NOW).zone(""), None)
        assert at_once == read(name, [file])


@pytest.mark.parametrize("name", ["one", "plain-csv", "hub-csv"])
def test_of_a_plain_stock_file_no_more_than_a_row_of_each_part_is_drawn_closely(name, monkeypatch):
    lines = [f"{'EWR1' if n < 1_200 else 'EWR2'},S{n},B{n},{n}" for n in range(2_500)]
    if name == "hub-csv":
        lines = [",".join(line.split(",")[1::2]) for line in lines]
    closely = []
    add = Held.add
    monkeypatch.setattr(Held, "add", lambda held, row: closely.append(row) or add(held, row))
    file = "\n".join([HEADS.get(name, "WAREHOUSE,SKU,ASIN,QTY"), *lines, ""]).encode()
    context = Frozen(NOW, settings={"warehouse": "EWR1"})
    parts = list(translation.read(compiled(name), [file[:20_000], file[20_000:]], "S.csv", context))
    sizes = [1_000, 200, 800, 500] if name == "plain-csv" else [1_000, 1_000, 500]
    assert [len(part.tree["items"]) for part in parts] == sizes
    assert [len(part.records) for part in parts] == sizes
    assert len(closely) == (4 if name == "plain-csv" else 0)
    asked = Asked(NOW, "ACMEG", asins={f"S{n}": f"B{n}" for n in range(2_500)})
    assert all(plainly(part, asked) for part in parts)
