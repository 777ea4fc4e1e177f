from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.pieces import MANY, codes, fed_alike, field, layout, read, row, written
from translator.core.finding import Findings, Place, Rejected
from translator.formats.csv import FORMAT
from translator.formats.limits import counted
from translator.mapping.layout import Record, Times
from translator.mapping.row import Row

SHIP = layout("csv", row(field("ORDER"), field("QTY"), field("NOTE")), options={"header": "true"})
BARE = layout("csv", row(field("ORDER"), field("QTY"), field("NOTE")))


def cells(data: bytes, mapping=SHIP):
    rows, findings = read(FORMAT, data, mapping)
    assert not findings, findings
    assert not any(one.findings for one in rows)
    return [one.cells for one in rows]


def rejected(data: bytes, mapping=SHIP):
    with pytest.raises(Rejected) as caught:
        read(FORMAT, data, mapping)
    return caught.value.findings


def test_columns_are_found_by_their_names_in_any_order():
    assert cells(b"QTY,NOTE,ORDER\n5,hi,A1\n") == [["A1", "5", "hi"]]


def test_a_column_may_have_another_name_in_the_file():
    mapping = layout("csv", row(field("wms_no", at="WMS No.")), options={"header": "true"})
    assert cells(b"WMS No.\n0017\n", mapping) == [["0017"]]


def test_without_a_header_fields_follow_each_other_or_stand_at_a_number():
    mapping = layout("csv", row(field("a"), field("c", at="3"), field("d"), field("b", at="2")))
    assert cells(b"1,2,3,4\n", mapping) == [["1", "3", "4", "2"]]


def test_blank_cells_become_nothing():
    assert cells(b'ORDER,QTY,NOTE\nA1,"",  \n') == [["A1", None, None]]


def test_line_numbers_are_right_after_quoted_line_ends():
    rows, _ = read(FORMAT, b'ORDER,QTY,NOTE\nA1,1,"two\nlines"\n\nA2,1,x\n', SHIP)
    assert [(one.place.line, one.cells[2]) for one in rows] == [(2, "two\nlines"), (5, "x")]


@pytest.mark.parametrize("newline", ["lf", "crlf", "cr", "any"])
def test_lines_end_where_the_mapping_says(newline):
    end = {"lf": b"\n", "crlf": b"\r\n", "cr": b"\r", "any": b"\r\n"}[newline]
    mapping = layout("csv", row(field("a"), field("b")), options={"newline": newline})
    assert cells(end.join([b"1,2", "3,\u2028\x85\x0c4".encode(), b""]), mapping) == [
        ["1", "2"],
        ["3", "\u2028\x85\x0c4"],
    ]


def test_the_delimiter_and_the_quote_are_declared():
    mapping = layout("csv", row(field("a"), field("b")), options={"delimiter": ";", "quote": "'"})
    assert cells(b"'x;y';\"z\n", mapping) == [["x;y", '"z']]
    mapping = layout("csv", row(field("a"), field("b")), options={"delimiter": "tab", "quote": "none"})
    assert cells(b'"x\ty"\n', mapping) == [['"x', 'y"']]


def test_a_byte_order_mark_is_no_part_of_the_first_column():
    assert cells("\ufeffORDER,QTY,NOTE\nA1,1,x\n".encode()) == [["A1", "1", "x"]]


def test_a_byte_order_mark_of_another_charset_is_told():
    (finding,) = rejected("\ufeffORDER,QTY,NOTE\n".encode("utf-16-le"))
    assert (finding.code, finding.hint) == ("charset", "set `charset: utf-16`")


def test_utf_16_is_read_where_it_is_declared():
    mapping = layout("csv", row(field("ORDER")), options={"header": "true", "charset": "utf-16"})
    assert cells("ORDER\nÅ1\n".encode("utf-16"), mapping) == [["Å1"]]


def test_a_column_that_stands_twice_is_refused():
    assert codes(rejected(b"ORDER,QTY,NOTE,QTY\nA,1,x,2\n")) == ["column-twice"]


def test_unknown_and_missing_columns_are_all_told_with_a_suggestion():
    findings = rejected(b"ORDER,QTTY,REMARK\nA,1,x\n")
    assert sorted(codes(findings)) == ["column-missing", "column-missing", "column-unknown", "column-unknown"]
    assert "did you mean 'QTY'?" in [finding.hint for finding in findings]


def test_unknown_columns_may_be_warned_of_or_skipped():
    for unknown, told in (("warn", ["column-unknown"]), ("skip", ["column-unknown"])):
        mapping = layout("csv", row(field("ORDER")), options={"header": "true"}, unknown=unknown)
        rows, findings = read(FORMAT, b"X,ORDER\n1,A\n", mapping)
        assert [one.cells for one in rows] == [["A"]]
        assert codes(findings) == told
        assert not [finding for finding in findings if finding.severity == "error"]


def test_a_short_row_is_given_as_far_as_it_goes_and_its_neighbours_go_on():
    rows, findings = read(FORMAT, b"ORDER,QTY,NOTE\nA1,1,x\nA2,\nA3,1,y\n", SHIP)
    assert [(one.cells[0], codes(one.findings)) for one in rows] == [("A1", []), ("A2", ["row-short"]), ("A3", [])]
    assert str(rows[1].findings[0].data) == "ship.txt:3 (row)"
    assert not findings


def test_a_short_row_may_be_filled():
    assert cells(b"A1\n", layout("csv", row(field("a"), field("b")), options={"short": "fill"})) == [["A1", None]]


def test_a_long_row_is_a_finding():
    rows, _ = read(FORMAT, b"ORDER,QTY,NOTE\nA1,1,x,y\n", SHIP)
    assert codes(rows[0].findings) == ["row-long"]


def test_a_quote_that_is_never_closed_costs_its_own_row_only():
    rows, findings = read(FORMAT, b'ORDER,QTY,NOTE\nA1,1,x\nA2,1,"y\nA3,1,z\nA4,1,z\n', SHIP)
    assert [(one.cells[0], one.place.line) for one in rows] == [("A1", 2), ("A3", 4), ("A4", 5)]
    assert [(finding.code, finding.data.line) for finding in findings] == [("csv-quote", 3)]


def test_text_after_a_closing_quote_is_a_finding():
    rows, findings = read(FORMAT, b'ORDER,QTY,NOTE\nA1,1,"x"y\nA2,1,z\n', SHIP)
    assert [one.cells[0] for one in rows] == ["A2"]
    assert codes(findings) == ["csv-quote"]


def test_many_broken_quotes_end_in_time():
    with pytest.raises(Rejected):
        read(FORMAT, b'a,"""\n' + b'""x,"\n' * 200_000, BARE)


@pytest.mark.parametrize("bad", [b"\0", b"\xff", b"\xed\xa0\x80", b"\xc0\xaf", "\ufeff".encode()])
def test_a_character_that_none_should_have_costs_its_own_row_only(bad):
    rows, findings = read(FORMAT, b"ORDER,QTY,NOTE\nA1,1,x\nA2,1,y" + bad + b"\nA3,1,z\n", SHIP)
    assert [one.cells[0] for one in rows] == ["A1", "A3"]
    assert [(finding.code in {"character", "charset"}, finding.data.line) for finding in findings] == [(True, 3)]


def test_an_empty_file_lacks_its_header():
    assert codes(rejected(b"")) == ["header-missing"]


def test_ctrl_z_ends_a_file():
    assert cells(b"ORDER,QTY,NOTE\r\nA1,1,x\r\n\x1a") == [["A1", "1", "x"]]


def test_limits_are_findings_or_refusals():
    assert codes(read(FORMAT, b",".join([b"a"] * 2001) + b"\n1,2,3\n", BARE)[1]) == ["limit-columns"]
    assert codes(read(FORMAT, b"a,b," + b"x" * 70_000 + b"\n1,2,3\n", BARE)[1]) == ["limit-field"]
    assert codes(rejected(b"x" * 1_200_000, BARE)) == ["limit-record"]
    assert codes(rejected(b'"a\n",' * 300_000, BARE)) == ["limit-record"]


def test_there_may_be_a_million_records_and_no_more():
    assert list(counted(iter("abc"), "x", 3)) == ["a", "b", "c"]
    with pytest.raises(Rejected):
        list(counted(iter("abcd"), "x", 3))


H = Record(
    "H",
    RULE := Place("h.yaml", 3),
    fields=(field("type", is_=("H",)), field("lot")),
    times=MANY,
    records=(Record("D", RULE, fields=(field("type", is_=("D",)), field("sku"), field("qty")), times=Times(1, None)),),
)
T = Record("T", RULE, fields=(field("type", is_=("T",)), field("count")))
TREE = layout("csv", H, T)


def test_rows_of_several_kinds_know_what_they_belong_to():
    rows, findings = read(FORMAT, b"H,7\nD,A,1\nD,B,2\nH,8\nD,C,3\nT,3\n", TREE)
    assert not findings
    assert [(one.record.name, one.parent.cells[1] if one.parent else None) for one in rows] == [
        ("H", None), ("D", "7"), ("D", "7"), ("H", None), ("D", "8"), ("T", None),
    ]  # fmt: skip


def test_what_must_stand_there_is_missed():
    rows, findings = read(FORMAT, b"H,7\nH,8\nD,C,3\n", TREE)
    assert [codes(one.findings) for one in rows] == [["record-missing"], [], []]
    assert [(finding.code, finding.data.record) for finding in findings] == [("record-missing", "T")]


def test_a_row_that_is_none_of_them_is_a_finding():
    rows, findings = read(FORMAT, b"H,7\nX,1\nD,C,3\nT,1\nT,1\n", TREE)
    assert [(finding.code, finding.data.line) for finding in findings] == [("record-unknown", 2), ("record-unknown", 5)]
    assert [one.record.name for one in rows] == ["H", "D", "T"]


def test_records_of_several_kinds_may_share_a_header_line():
    mapping = layout("csv", H, T, options={"header": "true"})
    rows, findings = read(FORMAT, b"type,lot,sku,qty,count\nH,7,,,\nD,,A,1,\nT,,,,1\n", mapping)
    assert not findings
    assert [one.cells for one in rows] == [["H", "7"], ["D", "A", "1"], ["T", "1"]]
    assert written(FORMAT, rows, mapping) == b"type,lot,sku,qty,count\nH,7,,,\nD,,A,1,\nT,,,,1\n"


def test_each_kind_of_record_may_have_its_own_header_line():
    mapping = layout("csv", H, T, options={"header": "each"})
    data = b"type,lot\ntype,sku,qty\ntype,count\nH,7\nD,A,1\nT,1\n"
    rows, findings = read(FORMAT, data, mapping)
    assert not findings
    assert [one.cells for one in rows] == [["H", "7"], ["D", "A", "1"], ["T", "1"]]
    assert written(FORMAT, rows, mapping) == data


def test_a_header_line_may_be_passed_over():
    mapping = layout("csv", row(field("a"), field("b", at="2")), options={"header": "skip"})
    assert cells(b"QTY,QTY\n1,2\n", mapping) == [["1", "2"]]
    assert written(FORMAT, [Row(mapping.records[0], ["1", "2"], Place())], mapping) == b"a,b\n1,2\n"


def test_a_letter_the_charset_lacks_is_a_finding_with_its_field():
    mapping = layout("csv", row(field("NAME")), options={"charset": "cp1252"})
    findings = Findings()
    FORMAT.write([Row(mapping.records[0], ["Łódź"], Place("order", 1))], mapping, findings)
    assert [(one.code, one.rule.field) for one in findings.found] == [("charset", "NAME")]


def test_without_quotes_the_delimiter_in_a_cell_is_a_finding():
    mapping = layout("csv", row(field("NAME")), options={"quote": "none"})
    findings = Findings()
    FORMAT.write([Row(mapping.records[0], ["a,b"], Place("order", 1))], mapping, findings)
    assert codes(findings.found) == ["csv-delimiter"]


def test_without_quotes_each_cell_that_would_want_them_is_named_with_what_to_do():
    mapping = layout("csv", row(field("ORDER"), field("NAME"), field("NOTE")), options={"quote": "none"})
    findings = Findings()
    draft = FORMAT.write([Row(mapping.records[0], ["1", "a,b", "x\ny"], Place("order", 1))], mapping, findings)
    assert draft.splitlines() == [b"1,a b,x y"]
    assert [(one.data.field, one.rule.field, one.hint) for one in findings.found] == [
        ("NAME", "NAME", '`substitute: {",": " "}` writes a blank for it'),
        ("NOTE", "NOTE", "`| one_line` makes one line of several"),
    ]


hostile = st.text(st.sampled_from(string.ascii_letters + " ,;\"'\n\r\tÅé€語\u2028\x85|=+-@"), max_size=12)


@given(
    st.lists(st.tuples(hostile, hostile, hostile), max_size=8), st.sampled_from(["lf", "crlf", "any"]), st.booleans()
)
@settings(max_examples=300, deadline=None)
def test_it_reads_what_it_wrote(values, newline, header):
    options = {"newline": newline, "header": str(header).lower()}
    mapping = layout("csv", row(field("a"), field("b"), field("c")), options=options)
    record = mapping.records[0]
    data = written(FORMAT, [Row(record, list(one), Place()) for one in values], mapping)
    assert cells(data, mapping) == [[cell if cell.strip() else None for cell in one] for one in values]


any_bytes = st.binary(max_size=200) | st.text(st.sampled_from('HDT,"\n\r1'), max_size=80).map(str.encode)


@given(any_bytes, st.lists(st.integers(0, 200), max_size=5))
@settings(max_examples=400, deadline=None)
def test_any_bytes_give_rows_or_findings_however_they_are_fed(data, cuts):
    for mapping in (BARE, TREE, SHIP):
        fed_alike(FORMAT, data, cuts, mapping)
    fed_alike(FORMAT, b"ORDER,QTY,NOTE\n" + data, cuts, SHIP)
