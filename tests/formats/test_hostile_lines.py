"""Hostile inputs 25 to 36, 38 and 40 (reliability-security §3.9), by number: what each does to a delimited or fixed file."""

from __future__ import annotations

import time
import tracemalloc
from dataclasses import replace

import pytest

from tests.formats.pieces import codes, field, layout, read, row, written
from tests.mapping.reading import codes as told
from tests.mapping.reading import context, mapping, order
from tests.mapping.reading import read as documents
from translator.core.document import Document
from translator.core.finding import Findings, Place, Rejected
from translator.formats.format import formats
from translator.mapping.layout import Limits
from translator.mapping.row import Row
from translator.translation import load, write

CSV, FIXED = formats()["csv"], formats()["fixed"]
BARE = layout("csv", row(field("a"), field("b"), field("c")))
SHIP = layout("csv", row(field("ORDER"), field("QTY")), options={"header": "true"})
LINE = row(field("sku", len=4), field("qty", len=3), field("note", len=3))
PLAIN = layout("fixed", LINE)


def outcome(data: bytes, made=BARE, format=CSV):
    """Give what was read, and all that was said; Rejected says it with its codes."""
    try:
        rows, findings = read(format, data, made)
    except Rejected as rejected:
        return "rejected", codes(rejected.findings)
    return [one.cells for one in rows], codes([*findings, *(finding for one in rows for finding in one.findings)])


def test_25_a_nul_byte_costs_its_row():
    assert outcome(b"1,2,3\n1,\0,3\n4,5,6\n") == ([["1", "2", "3"], ["4", "5", "6"]], ["character"])


def test_26_an_unclosed_quote_does_not_swallow_the_rest():
    rest = b"".join(b"%d,x,y\n" % number for number in range(1_000))
    rows, said = outcome(b'1,"2,3\n' + rest)
    assert (len(rows), said) == (1_000, ["csv-quote"])


def test_27_a_header_that_names_a_column_twice_is_refused():
    assert outcome(b"ORDER,QTY,QTY\nA,1,2\n", SHIP) == ("rejected", ["column-twice"])


def test_28_short_and_long_rows_are_findings_of_their_rows():
    rows, said = outcome(b"1,2\n1,2,3\n1,2,3,4\n")
    assert (rows, said) == ([["1", "2", None], ["1", "2", "3"], ["1", "2", "3"]], ["row-short", "row-long"])


def test_29_the_bounds_are_those_of_the_reference_and_a_mapping_may_set_others():
    assert Limits() == Limits(50_000_000, 1_000_000, 2_000, 65_536, 1_000_000, 64, 200)
    rows, said = outcome(b"1,2,3\n" * 3, replace(BARE, limits=Limits(columns=2)))
    assert (rows, said) == ([], ["limit-columns"] * 3)


@pytest.mark.parametrize(
    "data, said",
    [
        (b"," * 100_000 + b"\n", ["limit-columns"]),
        (b"," * 1_000_000 + b"\n", ["limit-record"]),
        (b"x" * 200_000 + b",2,3\n", ["limit-field"]),
        (b"x" * 2_000_000, ["limit-record"]),
        (b'"' + b"xxxxxxxxx\n" * 200_000, ["limit-record"]),
        (b"1\n" * 5_001, ["limit-records"]),
        (b"1\n" * 20_000_000, ["limit-records"]),
    ],
    ids=["columns", "more columns", "field", "line", "quoted", "records", "more records"],
)
def test_29_what_is_too_large_ends_in_time_and_in_little_memory(data, said):
    made = layout(
        "csv", row(field("a"), field("b"), field("c")), options={"short": "fill"}, limits=Limits(records=5_000)
    )
    pieces = (data[start : start + 65_536] for start in range(0, len(data), 65_536))
    found = Findings()
    begin = time.process_time()
    tracemalloc.start()
    try:
        for _ in CSV.read(pieces, made, found, "x"):
            pass
    except Rejected as rejected:
        found.found.extend(rejected.findings)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert codes(found.found) == said
    assert peak < 60_000_000
    assert time.process_time() - begin < 20


@pytest.mark.parametrize("format, made", [(CSV, BARE), (FIXED, layout("fixed", LINE, unknown="skip"))])
def test_29_a_file_that_does_not_end_is_refused(format, made):
    def endless():
        while True:
            yield b"A1  005abc\n" * 100

    findings = Findings()
    with pytest.raises(Rejected) as caught:
        for _ in format.read(endless(), replace(made, limits=Limits(file=20_000)), findings, "x"):
            pass
    assert codes(caught.value.findings)[-1] == "limit-file" or len(findings.found) == 1_000


def test_30_a_byte_order_mark_is_taken_at_the_begin_and_refused_inside():
    assert outcome("\ufeff1,2,3\n".encode()) == ([["1", "2", "3"]], [])
    assert outcome("1,2,3\n\ufeff4,5,6\n".encode()) == ([["1", "2", "3"]], ["character"])
    for other in ("utf-16", "utf-32"):
        assert outcome("1,2,3\n".encode(other)) == ("rejected", ["charset"])
    for marked in ("utf-16", "utf-32", "utf-8-sig"):
        made = layout("csv", row(field("a"), field("b")), options={"charset": marked})
        assert outcome("1,2\n".encode(marked), made) == ([["1", "2"]], [])


@pytest.mark.parametrize("letter", ["\x85", "\u2028", "\u2029", "\x0c", "\x0b", "\x1c", "\x1e"])
def test_31_lines_end_at_the_declared_end_only(letter):
    assert outcome(f"1,a{letter}b,3\n".encode()) == ([["1", f"a{letter}b", "3"]], [])
    rows, said = outcome(f"A1  00{letter}abc\n".encode(), PLAIN, FIXED)
    assert (rows, said) == ([["A1", f"00{letter}", "abc"]], [])


def test_31_line_ends_that_are_mixed_are_findings_where_one_is_declared():
    made = layout("csv", row(field("a"), field("b"), field("c")), options={"newline": "crlf"})
    rows, said = outcome(b"1,2,3\r\n4,5,6\n7,8,9\r\n1,2,3\r\n", made)
    assert (rows, said) == ([["1", "2", "3"], ["1", "2", "3"]], ["csv-quote"])
    assert outcome(b"1,2,3\r\n4,5,6\n7,8,9\r", BARE) == ([["1", "2", "3"], ["4", "5", "6"], ["7", "8", "9"]], [])


@pytest.mark.parametrize("bad", [b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82"])
def test_32_bytes_that_are_no_utf_8_cost_their_line(bad):
    assert outcome(b"1,2,3\n1," + bad + b",3\n4,5,6\n") == ([["1", "2", "3"], ["4", "5", "6"]], ["charset"])
    trimmed = layout("fixed", LINE, options={"short": "fill"}, unknown="skip")
    rows, said = outcome(b"A1  005abc\nA2  0" + bad + b"abc\nA3  005abc\n", trimmed, FIXED)
    assert ([one[0] for one in rows], said) == (["A1", "A3"], ["charset"])


ORDERS = """writes: order
format: {format}
file: x
fields: {{NAME: {{from: order.orderDetails.shipToParty.name{more}}}, PHONE: {{from: order.orderDetails.shipToParty.phone{more}}}}}
{top}"""


def orders(format: str, name: str, phone: str = "1", more: str = "", top: str = ""):
    made = load("w/orders.yaml", ORDERS.format(format=format, more=more, top=top).encode(), lambda _: None)
    tree = {"purchaseOrderNumber": "A1", "orderDetails": {"shipToParty": {"name": name, "phone": phone}}}
    return made, write(made, [Document("order", tree)], context())


@pytest.mark.parametrize("name", ['a "b", c', "two\nlines", "cr\rhere", '"', ",", "a\r\nb"])
def test_33_what_means_something_is_quoted_and_comes_back(name):
    made, found = orders("csv", name)
    assert not found.findings
    rows, said = read(CSV, found.files[0].data, made.file)
    assert (rows[0].cells, said) == ([name, "1"], [])


def test_33_in_a_fixed_line_a_line_end_is_an_error_or_what_the_mapping_says():
    (found,) = orders("fixed", "two\nlines", more=", len: 12")[1].findings
    assert (found.code, found.hint) == ("fixed-newline", "`| one_line` makes one line of several")
    _, found = orders("fixed", "two\nlines", more=", len: 12", top='substitute: {"\\n": " "}\n')
    assert found.files[0].data == b"two lines   1           \n"


FORMULAS = ["=cmd|' /C calc'!A0", "+1 555 0100", "-5", "@x", "\tx"]


@pytest.mark.parametrize("text", FORMULAS)
def test_34_formulas_stay_as_they_are_for_machines(text):
    made, found = orders("csv", text)
    assert read(CSV, found.files[0].data, made.file)[0][0].cells == [text, "1"]
    assert found.files[0].data == f"{text},1\n".encode()


@pytest.mark.parametrize("text", [*FORMULAS, "'=x", "''+", "'tis", "plain", "a=b"])
def test_34_where_people_look_a_quote_stands_before_them_and_is_taken_off_again(text):
    made, found = orders("csv", text, more=", formula_guard: prefix")
    shown = found.files[0].data.decode()
    assert not shown.startswith(("=", "+", "-", "@", "\t"))
    assert read(CSV, found.files[0].data, made.file)[0][0].cells == [text, "1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_34_or_they_are_refused(text):
    _, found = orders("csv", text, more=", formula_guard: reject")
    assert [(one.code, one.rule.field) for one in found.findings] == [("formula", "NAME")]
    assert text not in str(found.findings[0])


READS = """
    reads: shipment_confirmation
    format: {format}
    fields: {{ORDER: {{len: 2}}, QTY: {{len: 9, type: {type}}}}}
    documents: {{each: row, about: {{order: ORDER}}, items: {{group: ORDER, shippedQuantity: {{amount: QTY}}}}}}
"""


@pytest.mark.parametrize("text", ["1.5", "1e3", "1_000", "٣", "\u00a05", "0x10", "--5", "5-", "１"])
@pytest.mark.parametrize("format", ["csv", "fixed"])
def test_35_a_quantity_is_digits_and_nothing_else(format, text):
    layout_ = mapping(
        READS.format(format=format, type="integer").replace("len: 2", "len: 2" if format == "fixed" else "max: 2")
    )
    data = f"A1,{text}\n" if format == "csv" else f"A1{text:>9}\n"
    (found,) = documents(layout_, data, order("A1"))
    assert found.rejected
    assert [code for code in told(found) if code.startswith("number")]


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-inf", "1e308", "1e999999", "1e50000000", "9" * 60])
def test_36_a_decimal_is_no_word_and_has_no_exponent(text):
    layout_ = mapping(READS.format(format="csv", type="decimal").replace("len: 9", "max: 99"))
    begin = time.process_time()
    (found,) = documents(layout_, f"A1,{text}\n", order("A1"))
    assert found.rejected
    assert [code for code in told(found) if code.startswith("number")]
    assert time.process_time() - begin < 10


def test_38_what_is_too_long_for_its_place_is_an_error_and_never_cut():
    for name, code in (("100000", "value-too-long"), ("Å" * 6, "value-too-long"), ("漢字漢字", "value-too-long")):
        _, found = orders("fixed", name, more=", len: 5", top="width: bytes\n")
        assert [one.code for one in found.findings] == [code]
    rows = [Row(LINE, ["A1   ", "005", "abc"], Place("order", 1))]
    findings = Findings()
    FIXED.write(rows, PLAIN, findings)
    assert codes(findings.found) == ["fixed-length"]


def test_40_a_fixed_record_of_another_length_or_nature_is_a_finding_with_its_line():
    assert outcome(b"A1  005ab\nA2  005abc\n", PLAIN, FIXED)[1] == ["line-short"]
    assert outcome(b"A1\t005\tabc\n", PLAIN, FIXED)[0] == [["A1\t0", "05\t", "abc"]]  # a tab is a character like any
    _, findings = read(FIXED, "A1  005abc".encode("cp037") + b"\n", layout("fixed", LINE, options={"charset": "ascii"}))
    assert [(one.code, "cp037" in one.hint) for one in findings] == [("charset", True)]


@pytest.mark.parametrize("tail", [b"\x1a", b"\x1a" * 100, b"\r\n\x1a", b"\n"])
def test_40_ctrl_z_ends_a_file(tail):
    assert outcome(b"A1  005abc\r\nA2  005abc" + tail, PLAIN, FIXED) == (
        [["A1", "005", "abc"], ["A2", "005", "abc"]],
        [],
    )


@pytest.mark.parametrize("tail", [b"\0" * 5_000, b"\n\x0c", b"\n\x0c\n", b"\n\0\0\n\x1a\0"])
def test_40_nul_and_form_feed_end_it_where_the_mapping_says_so(tail):
    lenient = layout("fixed", LINE, options={"end": "any"})
    assert outcome(b"A1  005abc" + tail, lenient, FIXED) == ([["A1", "005", "abc"]], [])
    assert outcome(b"A1  005abc" + tail, PLAIN, FIXED)[1] != []


@pytest.mark.parametrize("tail", [b"", b"\n", b"\r\n\x1a", b"\0" * 3_000])
def test_40_blocks_end_alike(tail):
    blocks = layout("fixed", LINE, options={"newline": "none", "end": "any"})
    assert outcome(b"A1  005abcA2  005abc" + tail, blocks, FIXED) == ([["A1", "005", "abc"], ["A2", "005", "abc"]], [])
    assert outcome(b"A1  005abcA2  005", blocks, FIXED) == ([["A1", "005", "abc"], ["A2", "005", None]], ["line-short"])


def test_40_blocks_after_nothing_are_told():
    blocks = layout("fixed", LINE, options={"newline": "none", "end": "any"})
    rows, said = outcome(b"A1  005abc" + b"\0" * 10 + b"A2  005abc", blocks, FIXED)
    assert (len(rows), said) == (2, ["block-empty"])
    assert written(FIXED, [Row(LINE, ["A1  ", "005", "abc"], Place())], blocks) == b"A1  005abc"


@pytest.mark.parametrize("format, made", [(CSV, BARE), (FIXED, PLAIN)], ids=["csv", "fixed"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("size", [1, 7, 13, 1_000])
def test_a_line_that_is_too_long_is_named_however_the_file_comes_in_pieces(format, made, end, size):
    data = end.join([b"1,2,3", b"4,5,6", b"7" * 70, b"8,9,0"])
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    with pytest.raises(Rejected) as caught:
        list(format.read(pieces, replace(made, limits=Limits(record=60)), Findings(), "x"))
    assert [(one.code, one.data.line) for one in caught.value.findings] == [("limit-record", 3)]
