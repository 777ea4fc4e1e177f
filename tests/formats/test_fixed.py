from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.pieces import MANY, codes, fed_alike, field, layout, read, row, written
from translator.core.finding import Findings, Place, Rejected
from translator.formats.fixed import FORMAT
from translator.mapping.layout import Expression, Record, Times
from translator.mapping.row import Row, each_row

LINE = row(field("sku", len=4), field("qty", len=3), field("note", len=3))
PLAIN = layout("fixed", LINE)
RULE = Place("stock.yaml", 3)
STOCK = layout(
    "fixed",
    Record("H", RULE, fields=(field("code", len=1, is_=("H",)), field("warehouse", len=4))),
    Record("D", RULE, fields=(field("code", len=1, is_=("D",)), field("sku", len=3), field("qty", len=2)), times=MANY),
    Record("T", RULE, fields=(field("code", len=1, is_=("T",)), field("rows", len=3))),
)


def cells(data: bytes, mapping=PLAIN):
    rows, findings = read(FORMAT, data, mapping)
    assert not findings, findings
    assert not any(one.findings for one in rows), [one.findings for one in rows]
    return [one.cells for one in rows]


def test_cells_are_cut_by_position_and_lose_the_blanks_that_fill_them():
    assert cells(b"A1  005   \n") == [["A1", "005", None]]


def test_fields_may_stand_anywhere():
    mapping = layout("fixed", row(field("b", at="5", len=2), field("a", at="1", len=2)), unknown="skip")
    assert cells(b"AAxxBBzz\n", mapping) == [["BB", "AA"]]


def test_a_line_of_the_wrong_length_is_a_finding_and_given_as_far_as_it_goes():
    rows, _ = read(FORMAT, b"A1  005abc\nA2  00\nA3  005abcd\n", PLAIN)
    assert [(one.cells[0], codes(one.findings), one.place.line) for one in rows] == [
        ("A1", [], 1), ("A2", ["line-short"], 2), ("A3", ["line-long"], 3),
    ]  # fmt: skip


def test_lines_trimmed_by_their_sender_are_filled_where_the_mapping_says():
    assert cells(b"A1\n", layout("fixed", LINE, options={"short": "fill"})) == [["A1", None, None]]


def test_positions_may_count_bytes():
    mapping = layout("fixed", LINE, options={"width": "bytes"})
    assert cells("Å1 005abc\n".encode(), mapping) == [["Å1", "005", "abc"]]
    rows, _ = read(FORMAT, "ABCÅ05abc\n".encode(), mapping)
    assert codes(rows[0].findings) == ["charset", "charset"]


def test_characters_of_one_byte_count_alike():
    mapping = layout("fixed", LINE, options={"width": "bytes", "charset": "cp1252"})
    assert cells("Å1  005abc\n".encode("cp1252"), mapping) == [["Å1", "005", "abc"]]


@pytest.mark.parametrize("tail", [b"", b"\n", b"\r\n", b"\r\n\x1a", b"\x1a"])
def test_the_last_line_ends_as_it_may(tail):
    assert cells(b"A1  005abc" + tail) == [["A1", "005", "abc"]]


def test_other_line_ends_than_the_declared_one_are_part_of_the_line():
    rows, _ = read(FORMAT, b"A1  005abc\r\nA2  005abc\n", layout("fixed", LINE, options={"newline": "lf"}))
    assert [codes(one.findings) for one in rows] == [["line-long"], []]
    assert cells("A1  005a\x85\u2028\n".encode()) == [["A1", "005", "a\x85\u2028"]]


@pytest.mark.parametrize("bad", [b"\0", b"\xff"])
def test_a_bad_character_costs_its_own_line_only(bad):
    rows, findings = read(FORMAT, b"A1  005abc\nA2  005ab" + bad + b"\nA3  005abc\n", PLAIN)
    assert [one.cells[0] for one in rows] == ["A1", "A3"]
    assert [finding.data.line for finding in findings] == [2]


def test_header_lines_and_trailer_are_recognised():
    rows, findings = read(FORMAT, b"HEWR1\nDABC05\nDDEF06\nT002\n", STOCK)
    assert not findings
    assert [one.record.name for one in rows] == ["H", "D", "D", "T"]


def test_what_is_missing_or_strange_is_found():
    _, findings = read(FORMAT, b"DABC05\nX\n", STOCK)
    assert [(finding.code, finding.data.line, finding.data.record) for finding in findings] == [
        ("record-unknown", 2, ""), ("record-missing", 2, "H"), ("record-missing", 2, "T"),
    ]  # fmt: skip


def test_records_without_a_code_follow_each_other_by_their_number():
    line = Record("line", RULE, fields=(field("sku", len=3),), times=Times(1, None))
    mapping = layout("fixed", Record("head", RULE, fields=(field("order", len=5),), records=(line,)))
    rows, _ = read(FORMAT, b"00017\nABC\nDEF\n", mapping)
    assert [(one.record.name, one.parent and one.parent.cells) for one in rows] == [
        ("head", None), ("line", ["00017"]), ("line", ["00017"]),
    ]  # fmt: skip


def test_a_line_without_end_is_refused():
    with pytest.raises(Rejected):
        read(FORMAT, [b"x" * 65_536] * 20, PLAIN)


def test_it_writes_exactly():
    rows = [Row(LINE, ["A1  ", "005", "   "], Place()), Row(LINE, ["A2  ", None, "abc"], Place())]
    mapping = layout("fixed", LINE, options={"newline": "crlf", "charset": "cp1252"})
    assert written(FORMAT, rows, mapping) == b"A1  005   \r\nA2     abc\r\n"


def test_gaps_and_the_rest_of_a_longer_record_are_blank():
    mapping = layout("fixed", row(field("b", at="5", len=2), field("a", at="1", len=2), len=(10,)))
    assert written(FORMAT, [Row(mapping.records[0], ["BB", "AA"], Place())], mapping) == b"AA  BB    \n"


@pytest.mark.parametrize("cell, code", [("A1", "fixed-length"), ("A1 \n", "fixed-newline"), ("A1xxx", "fixed-length")])
def test_a_cell_that_does_not_fit_is_a_finding(cell, code):
    findings = Findings()
    FORMAT.write([Row(LINE, [cell, "005", "abc"], Place())], PLAIN, findings)
    assert codes(findings.found) == [code]


letters = st.text(st.sampled_from(string.ascii_letters + " ,;\"'Åé€語\u2028\x85|"), max_size=4)


@given(
    st.lists(st.tuples(letters, letters, letters), max_size=8), st.sampled_from(["lf", "crlf", "any"]), st.booleans()
)
@settings(max_examples=300, deadline=None)
def test_it_reads_what_it_wrote(values, newline, bytewise):
    charset = "cp1252" if bytewise else "utf-8"
    values = [[cell.encode(charset, "ignore").decode(charset) for cell in one] for one in values]
    options = {"newline": newline, "width": "bytes" if bytewise else "chars", "charset": charset}
    mapping = layout("fixed", row(*(field(name, len=4) for name in "abc")), options=options)
    rows = [Row(mapping.records[0], [cell.ljust(4) for cell in one], Place()) for one in values]
    again, findings = read(FORMAT, written(FORMAT, rows, mapping), mapping)
    assert set(codes(findings)) <= {"charset-doubt"}  # "Å€" is a letter of UTF-8, too
    assert [one.cells for one in again] == [[cell.rstrip(" ") or None for cell in one] for one in values]


any_bytes = st.binary(max_size=200) | st.text(st.sampled_from("HDT 05\n\r"), max_size=80).map(str.encode)


@given(any_bytes, st.lists(st.integers(0, 200), max_size=5))
@settings(max_examples=400, deadline=None)
def test_any_bytes_give_rows_or_findings_however_they_are_fed(data, cuts):
    by_bytes = layout("fixed", LINE, options={"width": "bytes", "charset": "cp932"})
    for mapping in (PLAIN, STOCK, by_bytes):
        fed_alike(FORMAT, data, cuts, mapping)


@pytest.mark.parametrize("unknown, severities", [("error", ["error"] * 4), ("warn", ["warning"] * 2), ("skip", [])])
def test_data_that_stands_in_no_field_is_told_as_the_mapping_says(unknown, severities):
    mapping = layout("fixed", row(field("a", len=2), field("b", at="5", len=2), len=(8,)), unknown=unknown)
    rows, _ = read(FORMAT, b"AA  BB  \nAAx BB  \nAAx BB x\nAA  BB x\n", mapping)
    told = [finding for one in rows for finding in one.findings]
    assert [finding.severity for finding in told] == severities  # a warning is given once for a place
    assert {finding.code for finding in told} <= {"gap-unknown"}
    assert unknown != "error" or "positions 3 to 4" in told[0].text


def test_blanks_at_the_end_are_taken_off_where_the_mapping_says_so():
    mapping = layout("fixed", LINE, options={"short": "trim", "newline": "lf"})
    rows = [Row(LINE, ["A1  ", "   ", "   "], Place()), Row(LINE, ["    ", "   ", "   "], Place())]
    data = written(FORMAT, rows, mapping)
    assert data == b"A1\n          \n"
    assert cells(data, mapping) == [["A1", None, None], [None, None, None]]


def test_of_several_lengths_the_shortest_that_holds_everything_is_written():
    mapping = layout("fixed", row(field("a", len=3), field("b", len=2), len=(3, 5)), options={"newline": "lf"})
    rows = [Row(mapping.records[0], ["AAA", None], Place()), Row(mapping.records[0], ["AAA", "B "], Place())]
    data = written(FORMAT, rows, mapping)
    assert data == b"AAA\nAAAB \n"
    assert cells(data, mapping) == [["AAA", None], ["AAA", "B"]]


def test_a_line_that_would_be_a_comment_is_a_finding():
    mapping = layout("fixed", LINE, options={"comment": "#"})
    assert cells(b"# made at night\nA1  005abc\n", mapping) == [["A1", "005", "abc"]]
    findings = Findings()
    FORMAT.write([Row(LINE, ["#1  ", "005", "abc"], Place())], mapping, findings)
    assert codes(findings.found) == ["fixed-comment"]


def test_blocks_of_several_kinds_are_as_long_as_their_layout():
    mapping = layout("fixed", *STOCK.records, options={"newline": "none"})
    rows, findings = read(FORMAT, b"HEWR1DABC05DDEF06T002", mapping)
    assert not findings
    assert [(one.record.name, one.place.line) for one in rows] == [("H", 1), ("D", 2), ("D", 3), ("T", 4)]


def test_where_no_block_fits_the_rest_cannot_be_read():
    mapping = layout("fixed", *STOCK.records, options={"newline": "none"})
    with pytest.raises(Rejected) as caught:
        read(FORMAT, b"HEWR1XABC05DDEF06T002", mapping)
    assert codes(caught.value.findings)[-1] == "block-lost"
    alike = layout("fixed", row(field("code", len=1, is_=("D",)), field("sku", len=2)), options={"newline": "none"})
    rows, findings = read(FORMAT, b"DAAXBBDCC", alike)
    assert [one.cells[1] for one in rows] == ["AA", "CC"]
    assert codes(findings) == ["record-unknown"]


def test_bytes_of_a_charset_whose_blank_has_two_are_refused():
    mapping = layout("fixed", LINE, options={"charset": "utf-16", "width": "bytes"})
    assert [finding.code for finding in FORMAT.check(mapping)] == ["mapping-charset"]


def test_a_page_that_ends_within_the_file_is_no_end_of_it():
    mapping = layout("fixed", LINE, options={"end": "any"})
    rows, _ = read(FORMAT, b"A1  005abc\n\x0c\nA2  005abc\n\x0c\n", mapping)
    assert [(one.cells[0], one.place.line, codes(one.findings)) for one in rows] == [
        ("A1", 1, []), ("\x0c", 2, ["line-short"]), ("A2", 3, []),
    ]  # fmt: skip


def test_the_last_block_knows_that_it_is():
    total = Record("total", RULE, fields=(field("a", len=4),), match=Expression("here.last", RULE))
    line = Record("line", RULE, fields=(field("a", len=4),), times=MANY)
    rows, findings = read(FORMAT, b"AAAABBBB0002", layout("fixed", total, line, options={"newline": "none"}))
    assert not findings
    assert [one.record.name for one in rows] == ["line", "line", "total"]


LINES = st.sampled_from(
    ["A1  005abc", "A2  006   ", " " * 10, "short", "much too long", "", "Å1  005abc", "\x1a", "B\x001 005abc"]
)
ENDS = st.sampled_from(["\n", "\n", "\n", "\r\n", "\r", "\n\r\n", ""])


@given(
    st.lists(st.tuples(LINES, ENDS), max_size=8),
    st.sampled_from(["any", "crlf", "lf", "cr"]),
    st.sampled_from([(), (6, 10)]),
)
@settings(max_examples=300)
def test_many_lines_at_once_are_the_rows_that_they_are_line_by_line(lines, newline, lengths):
    data = "".join(text + end for text, end in lines).encode()
    mapping = layout("fixed", row(*LINE.fields, len=lengths), options={"newline": newline})
    one, other = Findings(), Findings()
    pieces = [data[at : at + 1] for at in range(len(data))]
    at_once = [repr(one) for one in FORMAT.read([data], mapping, one, "x.txt")]
    assert at_once == [repr(one) for one in FORMAT.read(pieces, mapping, other, "x.txt")]
    assert one.found == other.found


def test_a_piece_in_which_nothing_is_odd_comes_at_once():
    piece = b"A1  005abc\nA2  006   \n"
    runs = list(FORMAT.runs([piece, piece + b"A3\n", piece], PLAIN, Findings(), "x.txt"))
    assert [type(one).__name__ for one in runs] == ["Block", "Row", "Row", "Row", "Block"]
    assert [row.place.line for row in each_row(runs)] == [1, 2, 3, 4, 5, 6, 7]
    assert runs[0].columns == (["A1", "A2"], ("005", "006"), ["abc", None])
    assert runs[0].cut(1, 2).row(0) == runs[0].row(1)
