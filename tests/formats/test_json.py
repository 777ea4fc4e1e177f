from __future__ import annotations

import string
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.pieces import MANY, codes, fed_alike, field, layout, plain, read, row, written
from translator.core.finding import Place, Rejected
from translator.formats.json import FORMAT
from translator.mapping.layout import Record, Times
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


@pytest.mark.parametrize("data", [b"", b'{"order":', b'{"a":1,"a":2}', b'{"a":NaN}', b"[" * 100, b'"\\ud800"'])
def test_what_is_no_json_is_refused(data):
    with pytest.raises(Rejected):
        read(FORMAT, data, SHIP)


def test_a_record_that_is_no_object_or_missing_is_a_finding():
    assert codes(read(FORMAT, b"[1]", SHIP)[1]) == ["json-object"]
    assert codes(read(FORMAT, b"{}", TREE)[1]) == ["record-missing"]


def test_it_writes_typed_and_nested():
    rows = [Row(SHIP.records[0], ["A1", "Oslo", [Row(SHIP.records[0].fields[2], ["x", 2], Place())]], Place())]
    assert written(FORMAT, rows, SHIP) == b'[{"order":"A1","to":{"city":"Oslo"},"lines":[{"sku":"x","qty":2}]}]'
    rows = [Row(SHIP.records[0], [Decimal("2.50"), None, None], Place())]
    mapping = layout("json", *SHIP.records, options={"indent": "true"})
    assert written(FORMAT, rows, mapping) == b'[\n  {\n    "order": 2.50\n  }\n]\n'


texts = st.text(st.sampled_from(string.ascii_letters + " ,;\"'\n\r\tÅé€語\u2028\x85\\{}"), max_size=12)


@given(
    st.lists(st.tuples(texts, texts, st.lists(st.tuples(texts, st.integers()), max_size=3)), max_size=5), st.booleans()
)
@settings(max_examples=200, deadline=None)
def test_it_reads_what_it_wrote(values, indent):
    mapping = layout("json", *SHIP.records, options={"indent": str(indent).lower()})
    record = mapping.records[0]
    lines = record.fields[2]
    rows = [
        Row(record, [order, city, [Row(lines, [sku, qty % 10**9], Place()) for sku, qty in inner]], Place())
        for order, city, inner in values
    ]
    expected = [
        [order if order.strip() else None, city if city.strip() else None,
         [[sku if sku.strip() else None, str(qty % 10**9)] for sku, qty in inner] or None]
        for order, city, inner in values
    ]  # fmt: skip
    found = cells(written(FORMAT, rows, mapping), mapping)
    assert [[a, b, [one[1] for one in c] if c else None] for a, b, c in found] == expected


any_bytes = st.binary(max_size=200) | st.text(st.sampled_from('{}[]":,1a\\order'), max_size=60).map(str.encode)


@given(any_bytes, st.lists(st.integers(0, 200), max_size=5))
@settings(max_examples=300, deadline=None)
def test_any_bytes_give_rows_or_findings_however_they_are_fed(data, cuts):
    fed_alike(FORMAT, data, cuts, SHIP)
    fed_alike(FORMAT, b'{"data":{"order":' + data + b"}}", cuts, TREE)


def test_an_object_may_be_the_only_record():
    mapping = layout("json", row(field("order"), times=Times()))
    assert written(FORMAT, [Row(mapping.records[0], ["A1"], Place())], mapping) == b'{"order":"A1"}'
