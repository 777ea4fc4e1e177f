from __future__ import annotations

import tracemalloc
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.formats.pieces import MANY, codes, field, layout, plain, read, row, written
from translator.core.finding import Findings, Place
from translator.formats.json import FORMAT
from translator.mapping.layout import Expression, Record, Times
from translator.mapping.row import Row

RULE = Place("ship.yaml", 3)
LINES = field("lines", fields=(field("sku"), field("qty")), times=MANY)
SHIP = layout("json", row(field("order"), field("city", at="to/city"), LINES))
TREE = layout(
    "json",
    Record(
        "head",
        RULE,
        at="data",
        fields=(field("order"),),
        records=(Record("lines", RULE, fields=(field("sku"),), times=MANY),),
    ),
)


def cells(data: bytes, mapping=SHIP):
    rows, findings = read(FORMAT, data, mapping)
    assert not findings, findings
    assert not any(one.findings for one in rows), [one.findings for one in rows]
    return [plain(one)[1] for one in rows]


def test_an_array_is_its_records_and_an_object_is_one():
    assert cells(b'[{"order":"A1"},{"order":"A2"}]') == [["A1", None, None], ["A2", None, None]]
    assert cells(b'{"order":"A1","to":{"city":"Oslo"}}') == [["A1", "Oslo", None]]


def test_numbers_keep_their_digits_and_words_stay_words():
    mapping = layout("json", row(field("a"), field("b"), field("c"), field("d")))
    assert cells(b'{"a":2.50,"b":true,"c":null,"d":1e2}', mapping) == [["2.50", "true", None, "100"]]


def test_nested_lists_are_groups():
    (one,) = cells(b'{"order":"A1","lines":[{"sku":"x","qty":1},{"sku":"y","qty":2}]}')
    assert [inner[1] for inner in one[2]] == [["x", "1"], ["y", "2"]]


def test_records_inside_follow_theirs():
    rows, _ = read(FORMAT, b'{"data":{"order":"A1","lines":[{"sku":"x"},{"sku":"y"}]}}', TREE)
    assert [(one.record.name, one.place.path, one.parent and one.parent.cells) for one in rows] == [
        ("head", "/data", None), ("lines", "/data/lines/0", ["A1"]), ("lines", "/data/lines/1", ["A1"]),
    ]  # fmt: skip


def test_unknown_keys_are_findings_of_their_record():
    rows, _ = read(FORMAT, b'[{"order":"A1","x":1,"to":{"zip":"1"}},{"order":"A2"}]', SHIP)
    assert [[finding.data.path for finding in one.findings] for one in rows] == [["/0/x", "/0/to/zip"], []]
    rows, findings = read(FORMAT, b'{"data":{"order":"A1"},"more":1}', TREE)
    assert [finding.data.path for finding in findings] == ["/more"]


@pytest.mark.parametrize("data", [b'{"order":["A1"]}', b'{"lines":["A1"]}', b'{"order":{"a":1}}'])
def test_a_value_of_another_shape_is_a_finding(data):
    rows, _ = read(FORMAT, data, SHIP)
    assert codes(rows[0].findings)


def test_a_record_that_is_no_object_or_missing_is_a_finding():
    assert codes(read(FORMAT, b"[1]", SHIP)[1]) == ["json-object"]
    assert codes(read(FORMAT, b"{}", TREE)[1]) == ["record-missing"]


def test_it_writes_typed_and_nested():
    rows = [Row(SHIP.records[0], ["A1", "Oslo", [Row(SHIP.records[0].fields[2], ["x", 2], Place())]], Place())]
    assert written(FORMAT, rows, SHIP) == b'[{"order":"A1","to":{"city":"Oslo"},"lines":[{"sku":"x","qty":2}]}]'
    rows = [Row(SHIP.records[0], [Decimal("2.50"), None, None], Place())]
    mapping = layout("json", *SHIP.records, options={"indent": "true"})
    assert written(FORMAT, rows, mapping) == b'[\n  {\n    "order": 2.50\n  }\n]\n'


# --- one at a time -----------------------------------------------------------------------------------------------------

ITEM = Record("Item", RULE, at="data/items", fields=(field("sku"), field("qty")), times=MANY)
STOCK = Record("Stock", RULE, at="stock", fields=(field("day"), field("site", at="where/site")), records=(ITEM,))


def seen(data: bytes, *records: Record, **options: str) -> list[tuple[object, ...]]:
    """Each row with its line, its path and its parent's number."""
    mapping = layout("json", *records, options=options)
    rows, findings = read(FORMAT, data, mapping)
    assert not findings, findings
    assert not any(one.findings for one in rows), [one.findings for one in rows]
    places = {id(one): number for number, one in enumerate(rows)}
    return [(one.record.name, one.cells, one.place.line, one.place.path, places.get(id(one.parent))) for one in rows]


def test_records_in_a_list_follow_the_record_around_them_wherever_its_fields_stand():
    fields = b'"day":"1","where":{"site":"EWR1"}'
    items = b'"data":{"items":[{"sku":"a"},\n{"qty":2}]}'
    expected = [
        ("Stock", ["1", "EWR1"], 1, "/stock", None),
        ("Item", ["a", None], 1, "/stock/data/items/0", 0),
        ("Item", [None, "2"], 2, "/stock/data/items/1", 0),
    ]
    rows, _ = read(
        FORMAT, b'{"stock":{"day":"1","x":1,"where":{"site":"E","y":2},"data":{"z":3}}}', layout("json", STOCK)
    )
    assert sorted(one.data.path for one in rows[0].findings) == ["/stock/data/z", "/stock/where/y", "/stock/x"]
    for inside in (fields + b"," + items, items + b"," + fields, b'"day":"1",' + items + b',"where":{"site":"EWR1"}'):
        assert seen(b'{"stock":{' + inside + b"}}", STOCK) == expected


def test_records_are_given_before_the_file_has_ended():
    begin = b'{"stock":{"day":"1","where":{"site":"EWR1"},"data":{"items":['
    fed: list[int] = []

    def chunks():
        yield begin
        for number in range(50):
            fed.append(number)
            yield (b'{"sku":"%d"},' % number) * 500
        yield b'{"sku":"x"}]}}}'

    rows = FORMAT.read(chunks(), layout("json", STOCK), Findings(), "stock.json")
    assert next(rows).record is STOCK
    assert next(rows).cells == ["0", None]
    assert len(fed) < 12
    tracemalloc.start()
    assert sum(1 for _ in rows) == 25_000
    assert tracemalloc.get_traced_memory()[1] < 2_000_000
    tracemalloc.stop()


def test_records_of_several_kinds_stand_side_by_side_and_in_one_another():
    line = Record("line", RULE, at="lines", fields=(field("sku"),), times=MANY)
    order = Record("order", RULE, at="orders", fields=(field("no"),), records=(line,), times=MANY)
    total = Record("total", RULE, at="sum", fields=(field("orders"),))
    data = (
        b'{"sum":{"orders":2},"orders":[{"lines":[{"sku":"a"}],"no":"1"},{"no":"2","lines":[{"sku":"b"},{"sku":"c"}]}]}'
    )
    assert [(name, cells, parent) for name, cells, _, _, parent in seen(data, order, total)] == [
        ("total", ["2"], None),
        ("order", ["1"], None), ("line", ["a"], 1),
        ("order", ["2"], None), ("line", ["b"], 3), ("line", ["c"], 3),
    ]  # fmt: skip


def kinds(*names: str, **keys) -> list[Record]:
    return [Record(name, RULE, fields=(field("kind", is_=(name,)), field("x")), times=MANY, **keys) for name in names]


def test_records_of_one_list_are_told_apart_by_what_they_say_they_are():
    data = b'{"events":[{"kind":"B","x":1},{"kind":"A","x":2}]}'
    assert [one[:2] for one in seen(data, *kinds("A", "B", at="events"))] == [("B", ["B", "1"]), ("A", ["A", "2"])]
    inner = Record("part", RULE, at="parts", fields=(field("n"),), times=MANY)
    nested = [replace(one, records=(inner,)) for one in kinds("A", "B", at="events")]
    data = b'{"events":[{"parts":[{"n":1}],"kind":"B"},{"kind":"A","parts":{"n":2}}]}'
    assert [(one[0], one[4]) for one in seen(data, *nested)] == [("B", None), ("part", 0), ("A", None), ("part", 2)]
    _, findings = read(FORMAT, b'{"events":[{"kind":"C"}]}', layout("json", *kinds("A", "B", at="events")))
    assert codes(findings) == ["record-unknown"]


def test_records_are_told_apart_by_a_condition():
    big = Record("big", RULE, at="l", fields=(field("q", type="integer"),), times=MANY, match=Expression("q > 9", RULE))
    small = Record("small", RULE, at="l", fields=(field("q"),), times=MANY)
    assert [one[:2] for one in seen(b'{"l":[{"q":10},{"q":9},{}]}', big, small)] == [
        ("big", ["10"]), ("small", ["9"]), ("small", [None]),
    ]  # fmt: skip


def test_more_records_than_may_stand_and_fewer_than_must_are_findings():
    two = Record("l", RULE, fields=(field("x"),), times=Times(1, 2))
    assert codes(read(FORMAT, b'{"l":[{},{},{}]}', layout("json", two))[1]) == ["record-too-many"]
    assert codes(read(FORMAT, b'{"l":[]}', layout("json", two))[1]) == ["record-missing"]
    rows, _ = read(
        FORMAT, b'{"stock":{"data":null}}', layout("json", replace(STOCK, records=(replace(ITEM, times=Times()),)))
    )
    assert codes(rows[0].findings) == ["record-missing"]


def test_a_record_that_holds_records_and_says_it_is_another_is_a_finding():
    order = Record("A", RULE, at="o", fields=(field("kind", is_=("A",)),), records=(ITEM,))
    rows, _ = read(FORMAT, b'{"o":{"kind":"B"}}', layout("json", order))
    assert codes(rows[0].findings) == ["record-unknown"]


# --- lines -------------------------------------------------------------------------------------------------------------


def test_each_line_may_be_an_object():
    data = b'\xef\xbb\xbf{"order":"A1","lines":[{"sku":"x"}]}\r\n\n  {"order":"A2"}'
    mapping = layout("json", *SHIP.records, options={"lines": "true"})
    rows, findings = read(FORMAT, data, mapping)
    assert not findings
    assert [(one.cells[0], one.place.line) for one in rows] == [("A1", 1), ("A2", 3)]


def test_lines_of_several_kinds_belong_to_one_another_as_in_any_file_of_lines():
    (line,), (head,), (end,) = kinds("D"), kinds("H"), kinds("T")
    data = b"".join(b'{"kind":"%s","x":%d}\n' % (kind.encode(), at) for at, kind in enumerate("HDDHDT"))
    rows = seen(data, replace(head, records=(line,)), replace(end, times=Times()), lines="true")
    assert [(one[0], one[2], one[4]) for one in rows] == [
        ("H", 1, None), ("D", 2, 0), ("D", 3, 0), ("H", 4, None), ("D", 5, 3), ("T", 6, None),
    ]  # fmt: skip


def test_what_is_wrong_inside_an_object_is_told_with_the_line_where_that_begins():
    data = b'{"data": {"x": 1,\n "order": "A1",\n "lines": [\n {"sku": "x", "colour": 2}]}}'
    rows, _ = read(FORMAT, data, TREE)
    assert [(one.data.path, one.data.line) for row in rows for one in row.findings] == [
        ("/data/x", 1),
        ("/data/lines/0/colour", 4),
    ]
    data = b'[{"order":"A1"},\n {"order":"A2", "lines": [{"sku": [], "y": 3}]}]'
    rows, _ = read(FORMAT, data, SHIP)
    told = [(one.data.path, one.data.line) for row in rows for one in row.findings]
    assert told == [("/1/lines/0/sku", 2), ("/1/lines/0/y", 2)]


def test_a_line_that_cannot_be_read_does_not_stop_its_neighbours():
    data = b'{"order":"A1"}\n{"order":\n[1]\n{"order":"A2","x":1}\n'
    rows, findings = read(FORMAT, data, layout("json", *SHIP.records, options={"lines": "true"}))
    assert [(one.cells[0], codes(one.findings)) for one in rows] == [("A1", []), ("A2", ["key-unknown"])]
    assert [(one.code, one.data.line) for one in findings] == [("json-syntax", 2), ("json-object", 3)]
    assert rows[1].findings[0].data.path == "/x"


def test_lines_are_written_as_they_are_read():
    mapping = layout("json", *SHIP.records, options={"lines": "true"})
    data = b'{"order":"A1","to":{"city":"Oslo"}}\n{"order":"A2","lines":[{"sku":"x"}]}\n'
    assert written(FORMAT, read(FORMAT, data, mapping)[0], mapping) == data


def test_the_places_of_cells_in_lines_are_known():
    data = b'{"order":"A1"}\n\n{"to":{"city":"Oslo"},"order":"A2"}\n'
    mapping = layout("json", *SHIP.records, options={"lines": "true"})
    rows, _ = read(FORMAT, data, mapping)
    for some in (rows, [replace(one, place=Place()) for one in rows]):  # read, and as if written
        stands = FORMAT.where(data, some, mapping)
        assert [stands.text[one.start : one.end] for one in stands.cells] == ['"A1"', '"Oslo"', '"A2"']


# --- nothing, and values themselves ------------------------------------------------------------------------------------


def test_nothing_is_told_from_null_and_from_no_characters_where_the_field_says_empty():
    some = (field("a", empty="null"), field("b", empty=""), field("c"), field("d", text=""))
    mapping = layout("json", row(*some))
    assert cells(b'[{"a":null,"b":"","c":null},{"a":"x","b":" "},{}]', mapping) == [
        ["null", "", None, None], ["x", None, None, None], [None, None, None, None],
    ]  # fmt: skip
    rows = [Row(mapping.records[0], one, Place()) for one in (["null", "", None, None], ["x", None, "y", "z"])]
    assert written(FORMAT, rows, mapping) == b'[{"a":null,"b":"","d":""},{"a":"x","c":"y","d":"z"}]'


def test_a_list_of_values_is_a_group_whose_field_is_the_value_itself():
    serials = field("serials", fields=(field("number", at="."),), times=MANY)
    mapping = layout("json", row(field("a"), serials))
    (one,) = cells(b'{"a":1,"serials":["x",2,true,null]}', mapping)
    assert [inner[1] for inner in one[1]] == [["x"], ["2"], ["true"], [None]]
    group = [Row(serials, [value], Place()) for value in ("x", 2, None)]
    assert (
        written(FORMAT, [Row(mapping.records[0], ["1", group], Place())], mapping)
        == b'[{"a":"1","serials":["x",2,null]}]'
    )
    assert cells(b'["x","y"]', layout("json", row(field("v", at=".")))) == [["x"], ["y"]]


def test_lists_inside_lists_are_refused():
    rows, findings = read(FORMAT, b'[[{"order":"A1"}]]', SHIP)
    assert [(one.code, one.text) for one in findings] == [("json-object", "a list inside a list")]
    rows, _ = read(FORMAT, b'{"lines":[[{"sku":"x"}]]}', SHIP)
    assert [(one.code, one.text) for one in rows[0].findings] == [("json-object", "lines: a list inside a list")]


def test_groups_that_must_stand_and_do_not_are_a_finding():
    mapping = layout(
        "json", row(replace(LINES, times=Times(1, None)), field("to", fields=(field("x"),), required=True))
    )
    rows, _ = read(FORMAT, b'[{},{"lines":[{}],"to":{}}]', mapping)
    assert [codes(one.findings) for one in rows] == [["group-missing"] * 2, []]


@pytest.mark.parametrize(
    "fields",
    [
        (field("a"), field("b", at="a")),
        (field("a"), field("b", at="a/b")),
        (field("b", at="a.b"), field("a", fields=(field("c"),))),
        (field("v", at="."), field("a")),
        (field("data"),),
    ],
)
def test_a_layout_that_cannot_be_json_is_refused(fields):
    assert set(codes(FORMAT.check(layout("json", Record("r", RULE, fields=fields, records=(ITEM,)))))) == {"json-path"}


def test_a_record_of_lines_has_no_path():
    assert codes(FORMAT.check(layout("json", ITEM, options={"lines": "true"}))) == ["json-path"]


def test_an_object_may_be_the_only_record():
    mapping = layout("json", row(field("order"), times=Times()))
    assert written(FORMAT, [Row(mapping.records[0], ["A1"], Place())], mapping) == b'{"order":"A1"}'
