"""The quick way draws what the careful way draws; what it leaves is drawn carefully."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mapping.reading import ENVIRONMENT, context, line, mapping, order
from translator.core.finding import Findings, Place, Rejected
from translator.formats.format import formats
from translator.mapping import compiled_pictures, convert, picture
from translator.mapping.layout import Field
from translator.mapping.quick_values import by_minute
from translator.mapping.reader import Reader, compile_reader
from translator.mapping.row import Block
from translator.mapping.straight import LOT
from translator.mapping.wrong import Wrong

ORDERS = [order("A1"), order("A2", line("1", "X", 3), line("2", "X", 2)), order("A3", line("00001", "Y"))]
SHIP = """\
    reads: shipment_confirmation
    format: csv
    fields:
      ORDER: {}
      LINE: {type: integer, pad: 0}
      QTY: {type: integer}
      CARTON: {}
      CARRIER: {lookup: ship_methods, reverse: true}
      LBS: {type: decimal}
      SHIPPED: {date: ["%Y%m%d", iso], zone: America/Chicago}
      VERSION: {text: V1}
      SEEN: {type: integer}
    documents:
      group: ORDER
      about: {order: ORDER}
      shipmentDetails: {shippedDate: max(SHIPPED), shipmentStatus: {text: SHIPPED}}
      containers:
        group: CARTON
        containerIdentifier: {from: CARTON, max: 4}
        shipMethod: {maybe: CARRIER}
        weight: {value: {maybe: LBS}, unitOfMeasure: {text: LB}}
        packedItems: {each: row, about: {item: LINE}, packedQuantity: {amount: QTY}}
    """
BY_SKU = SHIP.replace("about: {item: LINE}", "about: {item: {vendorProductIdentifier: VERSION}}").replace(
    "{text: V1}", "{}"
)
ACK = """\
    reads: acknowledgement
    format: csv
    fields: {ORDER: {required: true}, STATUS: {}, NO: {}, AT: {date: iso, zone: UTC}}
    documents:
      each: row
      about: {order: ORDER}
      vendorOrderNumber: {from: NO, date: "%Y%m%d", zone: UTC, time: "17:00"}
      acknowledgementStatus: {code: {from: STATUS, lookup: ack_codes, reverse: true}, description: {maybe: AT}}
    """
STOCK = """\
    reads: inventory_update
    format: csv
    records:
      H: {fields: {code: {is: H}, site: {}}}
      D: {times: 0.., fields: {code: {is: D}, sku: {}, qty: {type: integer, pad: 0}, lbs: {type: decimal}, status: {}}}
    documents:
      warehouseId: H.site
      items:
        each: D
        vendorProductIdentifier: {maybe: sku}
        availableQuantity: {amount: {maybe: qty}}
        isObsolete: {from: status, lookup: {A: false, D: true}}
    """
RUNS = SHIP.replace("group: ORDER\n", "group: ORDER\n      adjacent: true\n")
DATED = """\
    reads: acknowledgement
    format: csv
    fields: {ORDER: {}, NO: {type: integer, pad: 0}, AT: {date: iso}, LBS: {type: decimal}}
    documents:
      group: [ORDER, NO]
      vendorOrderNumber: {maybe: first(LBS)}
      acknowledgementStatus: {code: NO, description: {maybe: min(AT)}}
    """
CELLS = {
    SHIP: [["A1", "A2", "A3", "A9", ""], ["1", "002", "9", "x", ""], ["1", "5", "-3", "1_0", ""], ["C1", "C2", "C1234", "é", ""],
           ["UPSG", "NO", ""], ["1.0", "1.00", "x", ""], ["20261130", "2026-11-30T10:00:00Z", "soon", ""], ["V1", "V2", ""],
           ["7", "12", "x", "1_0", "1234567890", ""]],
    BY_SKU: [["A1", "A2"], ["1"], ["1", "5"], ["C1"], ["UPSG"], ["1.0"], ["20261130"], ["SKU1", "X", "Y", ""], ["7"]],
    ACK: [["A1", "A2", "A9", ""], ["OK", "NOSTOCK", "?", ""], ["20261130", "26", "x", ""],
          ["2026-11-30T10:00:00Z", "2026-11-30", "1", ""]],
    RUNS: [["A1", "A2", "A9", ""], ["1", "002", "x"], ["1", "5", ""], ["C1", "C2", "é"], ["UPSG", "NO"], ["1.0", "1.00", ""],
           ["20261130", "soon", ""], ["V1", "V2"], ["7", "x"]],
    DATED: [["A1", "A2", "", "é"], ["1", "01", "-2", "x", "1234567890"], ["2026-11-30T10:00:00Z", "2026-11-31T10:00:00Z",
            "2026-W48-1T10:00:00Z", "2026-11-30T10:00:00+01:00", "2026-11-30", ""], ["1.0", "1.00", "x", ""]],
    STOCK: [["D", "H", "X"], ["S1", "Ä", ""], ["5", "007", "x", ""], ["1.0", "1.00", "x"], ["A", "D", "?", ""]],
}  # fmt: skip


@cache
def reader_of(text: str) -> Reader:
    return compile_reader(mapping(text), ENVIRONMENT)


def in_blocks(rows, most: int):
    """Put plain rows that stand beside each other into blocks."""
    for (*_, plain), some in groupby(rows, lambda row: (id(row.record), id(row.parent), not row.findings)):
        run = list(some)
        if not plain:
            yield from run
        for start in range(0, len(run) if plain else 0, most):
            part = run[start : start + most]
            columns = tuple(zip(*(row.cells for row in part), strict=True))
            yield Block(part[0].record, columns, [row.place.line for row in part], "x.csv", part[0].parent)


def drawn(text: str, data: str, *, quickly: bool, window: int = 3, blocks: int = 0):
    reader, findings = reader_of(text), Findings()
    rows = formats()["csv"].read([data.encode()], reader.mapping, findings, "x.csv")
    rows = in_blocks(rows, blocks) if blocks else rows
    kept = compiled_pictures.pictures_of(reader).quicks
    if not quickly:
        kept[ZONE] = None
    try:
        return list(picture.documents(reader, rows, context(*ORDERS), "x.csv", findings, window=window))
    except Rejected as rejected:
        return rejected.findings
    finally:
        if not quickly:
            del kept[ZONE]


ZONE = "America/New_York"


@pytest.mark.sweep
@pytest.mark.parametrize("text", CELLS, ids=["ship", "by sku", "ack", "stock", "runs", "dated"])
@given(data=st.data())
@settings(max_examples=200, deadline=None)
def test_the_quick_way_draws_what_the_careful_way_draws(text, data):
    usual = data.draw(st.booleans())
    row = st.tuples(*(st.sampled_from(cells[:2] if usual else cells) for cells in CELLS[text])).map(",".join)
    lines = data.draw(st.lists(row, max_size=8))
    file = "\n".join(["H,EWR1", *lines] if text is STOCK else lines) + "\n"
    carefully = repr(drawn(text, file, quickly=False))
    assert repr(drawn(text, file, quickly=True)) == carefully
    blocks = data.draw(st.integers(1, 9))
    assert repr(drawn(text, file, quickly=True, blocks=blocks)) == carefully
    assert repr(drawn(text, file, quickly=False, blocks=blocks)) == carefully


@pytest.mark.parametrize("number", range(9))
@pytest.mark.parametrize("cell", ["", "é", " ", "x", "NO"])
def test_one_odd_cell_in_a_block_is_told_as_it_is_alone(number, cell):
    usual = "A1,1,1,C1,UPSG,1.0,2026-11-30T10:00:00Z,V1,7".split(",")
    odd = [*usual[:number], cell, *usual[number + 1 :]]
    file = "".join(",".join(row) + "\n" for row in (usual, ["A3", *usual[1:]], ["A3", *odd[1:]] if number else odd))
    assert repr(drawn(SHIP, file, quickly=True, blocks=9)) == repr(drawn(SHIP, file, quickly=False))


@pytest.mark.parametrize(
    "given", ["'AT | weekday'", "{from: AT, lookup: {'2026-11-30T23:00:00-05:00': MON}, miss: pass}"]
)
def test_a_moment_in_two_zones_is_not_taken_for_the_one_that_was_read_before(given):
    text = f"""\
    reads: acknowledgement
    format: csv
    fields: {{AT: {{date: iso}}, NO: {{}}}}
    documents: {{each: row, vendorOrderNumber: {given}, acknowledgementStatus: {{code: NO}}}}
    """
    data = "2026-11-30T23:00:00-05:00,1\n2026-12-01T04:00:00Z,2\n"
    one, other = drawn(text, data, quickly=True)
    assert one.tree["vendorOrderNumber"] != other.tree["vendorOrderNumber"]
    assert repr(drawn(text, data, quickly=False)) == repr([one, other])


@pytest.mark.parametrize("text", CELLS, ids=["ship", "by sku", "ack", "stock", "runs", "dated"])
def test_these_pictures_have_a_quick_way_and_its_code_can_be_read(text):
    reader = reader_of(text)
    made = compiled_pictures.quick_of(compiled_pictures.pictures_of(reader), reader, ZONE)
    assert made is not None
    assert made.code.startswith("def values(cells):  # ")


@pytest.mark.parametrize(
    "was, now",
    [("group: ORDER", "group: ORDER\n      when: QTY > 1"), ("{from: CARTON, max: 4}", "CARTON ~ 'x'"),
     ("LBS: {type: decimal}", "LBS: {type: decimal, keep: weight}"), ("each: row", "each: row if QTY")],
)  # fmt: skip
def test_a_picture_with_more_in_it_is_drawn_carefully(was, now):
    reader = reader_of(SHIP.replace(was, now))
    assert compiled_pictures.quick_of(compiled_pictures.pictures_of(reader), reader, ZONE) is None


def test_the_code_of_both_ways_is_shown():
    text = compiled_pictures.quick_code(reader_of(SHIP))
    assert "def draw(rows, order):" in text
    assert (
        compiled_pictures.quick_code(reader_of(SHIP.replace("group: ORDER", "group: ORDER\n      when: QTY > 1"))) == ""
    )


KEYLESS = """\
    reads: acknowledgement
    format: csv
    fields: {ORDER: {}, STATUS: {}, PLACE: {}}
    documents:
      group: ORDER
      vendorOrderNumber: {maybe: max(STATUS), max: 5}
      acknowledgementStatus: {group: PLACE, code: first(STATUS)}
    """


@pytest.mark.parametrize("key", ["", " ", '" "'])
def test_rows_that_say_no_key_are_no_document_the_quick_way_either(key):
    assert compiled_pictures.quick_of(compiled_pictures.pictures_of(reader_of(KEYLESS)), reader_of(KEYLESS), ZONE)
    found = drawn(KEYLESS, f"{key},OK,P\nA1,OK,P\n{key},NO,P\n", quickly=True)
    assert [(one.kind, [place.line for place in one.records]) for one in found] == [
        ("acknowledgement", [2]),
        ("unread", [1, 3]),
    ]


@pytest.mark.parametrize("key", ["", " "])
def test_an_entry_without_a_key_is_told_the_quick_way_too(key):
    found = drawn(KEYLESS, f"A1,OK,{key}\nA1,OK,P\n", quickly=True)
    assert [(one.tree, [finding.code for finding in one.findings]) for one in found] == [({}, ["value-missing"])]


@pytest.mark.parametrize("count", [LOT - 1, LOT, LOT + 1, 5 * LOT + 3])
def test_many_documents_come_in_the_same_order_some_of_them_drawn_carefully(count):
    rows = [f"A{number},OK,{' ' if number % 7 == 3 else 'P'}" for number in range(count)]
    file = "\n".join([*rows, *reversed(rows)]) + "\n"
    quickly = drawn(KEYLESS, file, quickly=True, blocks=5)
    assert len(quickly) == count
    assert repr(quickly) == repr(drawn(KEYLESS, file, quickly=False))


def test_a_bound_alone_makes_no_text_of_a_number():
    text = KEYLESS.replace("STATUS: {}", "STATUS: {type: integer}")
    for quickly in (True, False):
        (found,) = drawn(text, "A1,7,P\n", quickly=quickly)
        assert found.tree["vendorOrderNumber"] == 7


@given(
    st.datetimes(datetime(1999, 12, 31), datetime(2030, 1, 1))
    | st.sampled_from(
        [datetime(2026, 3, 8, 1, 59, 59), datetime(2026, 3, 8, 2, 0, 1), datetime(2026, 11, 1, 1, 30, 59)]
    ),
    st.sampled_from(["America/New_York", "Europe/Lisbon", "Australia/Lord_Howe"]),
    st.sampled_from(["", "x", "60", "6", "240000", "240005"]),
)
def test_a_moment_is_the_same_by_its_minute(moment, zone, end):
    parse = convert.parser(Field("at", Place(), date=("%Y%m%d%H%M%S",), zone=zone))
    text = f"{moment:%Y%m%d%H%M%S}"
    text = text[: -len(end)] + end if end else text
    results = []
    for read in (parse, by_minute(parse)):
        try:
            results.append(repr(read(text)))
        except Wrong as wrong:
            results.append(repr((wrong.code, wrong.text)))
    assert results[0] == results[1]


@pytest.mark.parametrize("at", ["20991231235959", "20261130240000", "20261130240005", "20261130235959"])
def test_a_moment_that_stands_for_none_or_is_none_is_so_the_quick_way_too(at):
    text = DATED.replace("AT: {date: iso}", 'AT: {date: "%Y%m%d%H%M%S", zone: UTC, empty: "20991231235959"}')
    file = f"A1,1,20991231235900,1\nA2,1,{at},1\n"
    carefully = repr(drawn(text, file, quickly=False))
    assert repr(drawn(text, file, quickly=True)) == carefully
    assert repr(drawn(text, file, quickly=True, blocks=9)) == carefully


OF_ROWS = """\
    reads: inventory_update
    format: csv
    fields: {SITE: {}, SKU: {}, QTY: {type: integer}, AT: {date: iso}}
    documents:
      warehouseId: SITE
      inventoryDate: max(AT)
      items: {each: row, vendorProductIdentifier: SKU, availableQuantity: {amount: QTY}}
    """


@pytest.mark.parametrize("head", ["warehouseId: SITE", "warehouseId: row.SITE", "inventoryDate: max(AT)"])
@pytest.mark.parametrize("blocks", [0, 9])
def test_what_stands_once_in_an_inventory_may_be_said_by_its_rows(head, blocks):
    other = "warehouseId: {text: S1}" if "Date" in head else ""
    text = OF_ROWS.replace("warehouseId: SITE", other or head).replace("inventoryDate: max(AT)", head if other else "")
    file = "".join(f"S1,{sku},5,2026-11-30T10:00:00Z\n" for sku in "AB")
    (found,) = drawn(text, file, quickly=True, blocks=blocks)
    assert found.findings == ()
    assert [one["vendorProductIdentifier"] for one in found.tree["items"]] == ["A", "B"]
    assert repr([found]) == repr(drawn(text, file, quickly=False))


def test_a_row_without_a_key_goes_with_those_that_say_its_default():
    text = KEYLESS.replace("ORDER: {}", "ORDER: {default: A1}")
    carefully = drawn(text, "A1,OK,P\n,NO,Q\nA2,OK,P\n", quickly=False)
    assert [[place.line for place in one.records] for one in carefully] == [[1, 2], [3]]
    assert repr(drawn(text, "A1,OK,P\n,NO,Q\nA2,OK,P\n", quickly=True)) == repr(carefully)


@pytest.mark.parametrize("adjacent, places", [("true", [[1, 2], [3], [4], [5]]), ("false", [[1, 2], [3, 5], [4]])])
def test_rows_whose_key_is_not_the_text_that_is_meant_belong_together_all_the_same(adjacent, places):
    text = KEYLESS.replace("ORDER: {}", "ORDER: {text: A1, check: warn}").replace(
        "group: ORDER", f"group: ORDER\n      adjacent: {adjacent}"
    )
    data = "A2,OK,P\nA2,OK,Q\nA1,OK,P\nA3,OK,P\nA1,OK,P\n"
    carefully = drawn(text, data, quickly=False)
    assert [[place.line for place in one.records] for one in carefully] == places
    assert repr(drawn(text, data, quickly=True)) == repr(carefully)


@pytest.mark.parametrize("blocks", [0, 1, 2, 9])
def test_rows_whose_key_a_table_makes_nothing_of_belong_together_all_the_same(blocks):
    text = KEYLESS.replace("ORDER: {}", "ORDER: {lookup: {A: '', B: X}}").replace(
        "STATUS: {}", "STATUS: {type: integer}"
    )
    data = "B,1,P\nA,1,P\nA,x,P\nA,2,P\n"
    carefully = drawn(text, data, quickly=False)
    assert [[place.line for place in one.records] for one in carefully] == [[1], [2, 3, 4]]
    assert repr(drawn(text, data, quickly=True, blocks=blocks)) == repr(carefully)
