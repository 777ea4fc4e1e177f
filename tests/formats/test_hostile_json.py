"""JSON that means harm, or was broken on its way: the numbers are those of reliability-security §3.9."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest

from tests.formats.pieces import MANY, codes, field, layout, outcome, read, row, written
from translator.core.finding import Findings, Place, Rejected
from translator.formats.json import FORMAT
from translator.mapping.layout import Limits, Record, Repair
from translator.mapping.row import Row

RULE = Place("stock.yaml", 3)
ITEM = Record("Item", RULE, at="items", fields=(field("sku"), field("qty")), times=MANY)
STOCK = layout("json", Record("Stock", RULE, at="stock", fields=(field("site"),), records=(ITEM,)))
ALONE = layout("json", row(field("sku"), field("qty")))
LINES = layout("json", row(field("sku"), field("qty")), options={"lines": "true"})


def told(data: bytes, mapping=ALONE) -> list[str]:
    """The codes of everything that is said about a file."""
    try:
        rows, findings = read(FORMAT, data, mapping)
    except Rejected as rejected:
        return codes(rejected.findings)
    return codes([*findings, *(one for row in rows for one in row.findings)])


def everywhere(value: bytes) -> list[tuple[bytes, object]]:
    """A value where it is read whole, where records stream, on the way to them, and in a line."""
    return [
        (b'[{"sku":' + value + b"}]", ALONE),
        (b'{"stock":{"items":[{"sku":' + value + b"}]}}", STOCK),
        (b'{"stock":{"site":' + value + b"}}", STOCK),
        (b'{"sku":"x"}\n{"sku":' + value + b"}", LINES),
    ]


def always(value: bytes, *expected: str) -> None:
    for data, mapping in everywhere(value):
        assert told(data, mapping) == list(expected), (data, mapping.records[0].name)


# --- 37 ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value", [b"NaN", b"Infinity", b"-Infinity", b"nan", b"+1", b".5", b"1.", b"01", b"0x10", b"1e", b"'x'"]
)
def test_37_what_is_no_number_is_refused(value):
    always(value, "json-syntax")


@pytest.mark.parametrize(
    "value", [b"1e999", b"1e-999", b"1E+13", b"9" * 5000, b"-" + b"1" * 41 + b".0", b"0." + b"0" * 5000 + b"1"]
)
def test_37_numbers_too_long_to_be_meant_are_refused(value):
    for data, mapping in everywhere(value):
        assert told(data, mapping) == ["json-number"]


@pytest.mark.parametrize(
    "data",
    [
        b'[{"sku":"a","qty":1,"sku":"b"}]',
        b'{"stock":{"site":"a","site":"b"}}',
        b'{"stock":{"items":[]},"stock":{}}',
        b'{"stock":{"items":[{"sku":1}],"items":[]}}',
        b'{"stock":{"items":[{"sku":1,"s\\u006bu":2}]}}',
        b'{"stock":{"s\\u0069te":"a","site":"b"}}',
        b'{"stock":{"x":1,"x":2}}',
    ],
)  # fmt: skip
def test_37_a_key_that_stands_twice_is_refused(data):
    assert told(data, STOCK if b"stock" in data else ALONE)[-1] == "json-duplicate-key"


def test_37_a_key_that_stands_twice_in_a_line_is_a_finding_of_that_line():
    assert told(b'{"sku":1,"sku":2}\n{"sku":3}', LINES) == ["json-duplicate-key"]


@pytest.mark.parametrize("letter", [b"[", b'{"a":', b'{"stock":'])
def test_37_depth_without_end_is_refused_at_once(letter):
    for mapping in (ALONE, STOCK):
        begin = time.process_time()
        assert told(letter * 100_000, mapping)[-1] in {"json-depth", "limit-record", "json-syntax"}
        assert time.process_time() - begin < 10
    assert told(b'[{"sku":' + b"[" * 64 + b"]" * 64 + b"}]") == ["json-depth"]
    assert told(b'{"stock":{"items":[{"sku":' + b"[" * 61 + b"]" * 61 + b"}]}}", STOCK) == ["json-depth"]
    assert told(b'{"stock":{"items":[{"sku":' + b"[" * 60 + b"]" * 60 + b"}]}}", STOCK) == ["json-value"]
    assert told(b'{"x":' + b"[" * 64 + b"]" * 64 + b"}", STOCK)[-1] == "json-depth"


# --- 30, 32: marks and bytes -----------------------------------------------------------------------------------------------


def test_30_a_mark_at_the_beginning_is_none_of_the_text():
    assert told(b'\xef\xbb\xbf[{"sku":"a"}]') == []
    assert told(b'\xef\xbb\xbf{"sku":"a"}\n', LINES) == []


def test_30_a_mark_inside_or_of_another_charset_is_refused():
    assert told(b'[{"sku":"a"},\xef\xbb\xbf{"sku":"b"}]') == ["json-syntax"]
    for charset in ("utf-16", "utf-16-be", "utf-32"):
        data = ("\ufeff" if charset == "utf-16-be" else "") + '[{"sku":"a"}]'
        assert told(data.encode(charset)) == ["json-charset"]


@pytest.mark.parametrize("bad", [b"\xff", b"\xc0\xaf", b"\xe2\x82", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x80"])
def test_32_bytes_that_are_no_utf_8_are_refused_however_they_are_fed(bad):
    for data, mapping in everywhere(b'"' + bad + b'"'):
        assert told(data, mapping) == ["json-charset"]
        assert outcome(FORMAT, [data[at : at + 1] for at in range(len(data))], mapping)[0] == "rejected"
    with pytest.raises(Rejected) as caught:
        read(FORMAT, b'[{"sku":"a"},\n\n{"sku":"' + bad + b'"}]', ALONE)
    assert caught.value.findings[0].data.line == 3


@pytest.mark.parametrize("text", [b"\\ud800", b"\\udfff", b"\\ud800x", b"\\ud83d\\u0041", b"\\ude00\\ud83d"])
def test_32_half_a_character_is_refused_at_intake(text):
    always(b'"' + text + b'"', "json-surrogate")
    assert told(b'{"' + text + b'":1}', ALONE) == ["json-surrogate"]
    assert told(b'{"stock":{"' + text + b'":1}}', STOCK) == ["json-surrogate"]


def test_32_half_a_character_is_not_written():
    findings = Findings()
    FORMAT.write([Row(ALONE.records[0], ["\ud800", 1], Place())], ALONE, findings)
    assert codes(findings.found) == ["json-surrogate"]


def test_31_line_ends_of_every_kind_inside_a_text_are_the_text():
    text = "a\u2028b\x85c\\r\\nd\u2029"
    for data, mapping in everywhere(f'"{text}"'.encode()):
        rows, findings = read(FORMAT, data, mapping)
        assert not findings
        assert rows[-1].cells[0].replace("\r\n", "\\r\\n") == text
    assert told(b'[{"sku":"a\nb"}]') == ["json-syntax"]


# --- the end, and what is too much -------------------------------------------------------------------------------------------

CUT = b'{"stock":{"site":"x","items":[{"sku":"a","qty":12},{"sku":"b"}]}}'


@pytest.mark.parametrize("end", range(len(CUT)))
def test_a_file_that_is_cut_off_is_refused(end):
    assert told(CUT[:end], STOCK)[-1:] == ["json-syntax"]


@pytest.mark.parametrize("more", [b"x", b"{}", b",", b"]", b"}", b"\x00", b"null", b"/* */", b"// x"])
def test_a_file_that_goes_on_behind_its_end_is_refused(more):
    assert told(CUT + more, STOCK) == ["json-syntax"]
    assert told(b'[{"sku":"a"}]' + more) == ["json-syntax"]


@pytest.mark.parametrize(
    "data", [b"[1,]", b"[,1]", b"[1 2]", b'{"a" 1}', b"{a:1}", b'{"a":1,}', b'{"stock":{"items":[{},]}}', b'{"stock":}']
)
def test_what_is_no_json_is_refused_with_line_and_column(data):
    with pytest.raises(Rejected) as caught:
        read(
            FORMAT,
            b"\n " + data,
            STOCK if b"stock" in data else layout("json", Record("x", RULE, at="x", fields=(field("y"),))),
        )
    (found,) = caught.value.findings
    assert (found.code, found.data.line) == ("json-syntax", 2)
    assert 2 <= found.data.column <= len(data) + 2


def test_limits_hold_for_fields_records_and_files():
    assert told(b'[{"sku":"' + b"x" * 65_537 + b'"}]') == ["limit-field"]
    assert told(b'[{"sku":["' + b"x" * 1_000_001 + b'"]}]') == ["limit-record"]
    small = Limits(file=100, records=3)
    assert told(b'[{"sku":"a"},{"sku":"b"},{"sku":"c"},{"sku":"d"}]', layout("json", *ALONE.records, limits=small)) == [
        "limit-records"
    ]
    assert told(b"[" + b" " * 100 + b"]", layout("json", *ALONE.records, limits=small)) == ["limit-file"]
    assert told(b'{"sku":"' + b"x" * 1_100_000, LINES) == ["limit-record"]


def test_lines_that_cannot_be_read_are_told_up_to_a_bound():
    assert told(b"x\n" * 900, LINES) == ["json-syntax"] * 900
    assert told(b"x\n" * 5_000, LINES)[-1] == "limit-findings"


CHILD = """
import json, resource, sys, time
from tests.formats.test_hostile_json import BIG, FORMAT, STOCK, Findings, Rejected, layout
begin, piece, times, end = BIG[sys.argv[1]]
skipping = layout("json", *STOCK.records, unknown="skip")
list(FORMAT.read([b'{"stock":{}}'], skipping, Findings(), "a.json"))
def chunks():
    yield begin
    for _ in range(times // 100):
        yield piece * 100
    yield end
before, start, rows = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time(), 0
try:
    for row in FORMAT.read(chunks(), skipping, Findings(), "a.json"):
        rows += 1
    found = []
except Rejected as error:
    found = [one.code for one in error.findings]
print(json.dumps([found, rows, time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before]))
"""
BIG = {
    "items": (b'{"stock":{"site":"x","items":[', b'{"sku":"x","qty":1},', 100_000, b"{}]}}"),
    "unknown": (b'{"stock":{"log":[', b'{"a":"some text","b":[1,2,3]},', 100_000, b'{}],"site":"x","items":[{}]}}'),
    "blanks": (b'{"stock":{"items":[{}', b"    \n\t  ", 1_000_000, b"]}}"),
    "a text": (b'{"stock":{"site":"', b"x" * 100, 100_000, b'"}}'),
    "a record": (b'{"stock":{"items":[{"sku":"x"', b',"k":"some text"', 300_000, b"}]}}"),
}


@pytest.mark.sweep
@pytest.mark.parametrize("name", BIG)
def test_large_files_are_read_in_little_memory_or_given_up(name):
    ran = subprocess.run([sys.executable, "-c", CHILD, name], capture_output=True, check=True, text=True)
    found, rows, seconds, kilobytes = json.loads(ran.stdout)
    assert (found, rows) == {"items": ([], 100_002), "unknown": ([], 2), "blanks": ([], 2)}.get(
        name, (["limit-record"], 0)
    )
    assert seconds < 20
    assert kilobytes < 30_000


def test_a_repair_is_made_before_the_file_is_read():
    trailing = layout("json", *ALONE.records, repair=(Repair(r",(?=\s*[}\]])", "", RULE),))
    data = b'[{"sku":"a",},\n{"sku":"b"},]'
    assert told(data) == ["json-syntax"]
    rows, findings = read(FORMAT, data, trailing)
    assert [one.cells[0] for one in rows] == ["a", "b"]
    assert [(one.code, one.data.line) for one in findings] == [("repaired", 1), ("repaired", 2)]


def test_what_was_read_is_written_as_it_was():
    data = b'{"stock":{"site":"x","items":[{"sku":"a","qty":"12"},{"sku":"b"}]}}'
    assert written(FORMAT, read(FORMAT, data, STOCK)[0], STOCK) == data
