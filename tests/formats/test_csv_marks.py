"""What parts, encloses and leaves out cells: delimiters, quotes, escapes, comments, by the mapping's options."""

from __future__ import annotations

import pytest

from tests.formats.pieces import codes, field, layout, read, row, written
from translator.core.finding import Findings, Misconfigured, Place, Severity
from translator.formats.csv import FORMAT
from translator.mapping.row import Row
from translator.translation import load

TWO = row(field("a"), field("b", type="integer"))


def cells(data: bytes, fields=TWO, **options):
    rows, findings = read(FORMAT, data, layout("csv", fields, options=options))
    assert not findings, findings
    assert not any(one.findings for one in rows)
    return [one.cells for one in rows]


def back(values: list[list[str]], fields=TWO, **options) -> bytes:
    made = layout("csv", fields, options={"newline": "lf", **options})
    return written(FORMAT, [Row(made.records[0], list(one), Place()) for one in values], made)


@pytest.mark.parametrize(
    "delimiter, mark",
    [
        (";", ";"),
        ("tab", "\t"),
        ("pipe", "|"),
        ("caret", "^"),
        ("us", "\x1f"),
        ("||", "||"),
        ("~^~", "~^~"),
        ("space", " "),
    ],
)
def test_a_delimiter_is_a_character_several_or_a_name(delimiter, mark):
    data = back([["x", "1"], [f"y{mark}z", "2"]], delimiter=delimiter)
    assert data == f'x{mark}1\n"y{mark}z"{mark}2\n'.encode()
    assert cells(data, delimiter=delimiter) == [["x", "1"], [f"y{mark}z", "2"]]


def test_a_cell_that_would_run_into_a_long_delimiter_is_quoted():
    assert back([["x|", "1"]], delimiter="||") == b'"x|"||1\n'
    assert cells(b"x||1\n", delimiter="||") == [["x", "1"]]
    assert cells(b'"x||y"||1\n', delimiter="||") == [["x||y", "1"]]


def test_a_quote_is_doubled_or_escaped():
    assert back([['x"y', "1"]]) == b'"x""y",1\n'
    assert back([['x"y\\z', "1"]], escape="\\") == b'"x\\"y\\\\z",1\n'
    assert cells(b'"x\\"y\\\\z",1\n', escape="\\") == [['x"y\\z', "1"]]
    assert back([["x,y\nz", "1"]], quote="none", escape="\\") == b"x\\,y\\\nz,1\n"
    assert cells(b"x\\,y\\\nz,1\n", quote="none", escape="\\") == [["x,y\nz", "1"]]


@pytest.mark.parametrize(
    "quoting, line",
    [("needed", b"x,1\n,\n"), ("all", b'"x","1"\n"",""\n'), ("text", b'"x",1\n"",\n'), ("filled", b'"x","1"\n,\n')],
)
def test_which_cells_are_quoted_is_the_files_rule(quoting, line):
    assert back([["x", "1"], ["", ""]], quoting=quoting) == line
    assert cells(line, quoting=quoting) == [["x", "1"], [None, None]]


def test_the_rule_of_a_field_goes_before_and_what_needs_quotes_gets_them():
    fields = row(field("a", quoted=False), field("b", quoted=True))
    assert back([["x", "1"], ["x,y", ""]], fields, quoting="all") == b'x,"1"\n"x,y",""\n'


def test_a_delimiter_may_stand_behind_the_last_cell():
    assert back([["x", "1"]], trailing="true", header="true") == b"a,b,\nx,1,\n"
    assert cells(b"a,b,\nx,1,\ny,2\n", trailing="true", header="true") == [["x", "1"], ["y", "2"]]
    rows, _ = read(FORMAT, b"x,1,\n", layout("csv", TWO))
    assert codes(rows[0].findings) == ["row-long"]


def test_comments_are_no_rows_and_a_row_is_no_comment():
    data = back([["#x", "1"]], comment="#")
    assert data == b'"#x",1\n'
    assert cells(b"# made at night\n" + data + b"#\n" + b'"y\n#z",2\n', comment="#") == [["#x", "1"], ["y\n#z", "2"]]
    rows, _ = read(FORMAT, b"# one\nx,1,2\n", layout("csv", TWO, options={"comment": "#"}))
    assert rows[0].findings[0].data.line == 2


def test_lines_of_blanks_are_blank():
    assert cells(b"x,1\n   \n\t\ny,2\n") == [["x", "1"], ["y", "2"]]
    _, findings = read(FORMAT, b"x,1\n   \n", layout("csv", TWO, options={"blank_lines": "error"}))
    assert codes(findings) == ["line-blank"]


@pytest.mark.parametrize("unknown, severity", [("error", Severity.ERROR), ("warn", Severity.WARNING), ("skip", None)])
def test_data_in_a_column_that_is_nobodys_is_told_as_the_mapping_says(unknown, severity):
    made = layout("csv", row(field("a"), field("b", at="3")), unknown=unknown)
    rows, _ = read(FORMAT, b"1,,3\n1,2,3\n1,2,3\n", made)
    told = [one for row_ in rows for one in row_.findings]
    assert {(one.code, one.severity) for one in told} == ({("column-unknown", severity)} if severity else set())
    assert len(told) == {"error": 2, "warn": 1, "skip": 0}[unknown]  # a warning is given once


def test_a_column_that_need_not_be_there_is_not_missed():
    from translator.mapping.layout import Times

    fields = row(field("a"), field("b", times=Times(0, 1)), field("c", default="x"))
    assert cells(b"a\n1\n", fields, header="true") == [["1", None, None]]


def test_fields_without_a_header_are_written_where_at_says():
    made = layout("csv", row(field("b", at="3"), field("a", at="1")), options={"newline": "lf"})
    assert written(FORMAT, [Row(made.records[0], ["x", "y"], Place())], made) == b"y,,x\n"


@pytest.mark.parametrize(
    "options",
    [
        "delimiter: ''",
        "delimiter: ABCDEFGHI",
        "delimiter: pip",
        'delimiter: "\\n"',
        "quote: ab",
        "delimiter: ';'\nquote: ';'",
        "escape: '\"'",
        "escape: xx",
    ],
)
def test_marks_that_cannot_be_meant_are_refused(options):
    text = f"reads: acknowledgement\nformat: csv\n{options}\nfields: {{A: {{}}}}\ndocuments: {{about: {{order: A}}}}\n"
    with pytest.raises(Misconfigured) as caught:
        load("w/x.yaml", text.encode(), lambda _: None)
    assert "csv-option" in codes(caught.value.findings)


def test_a_misspelt_name_of_a_delimiter_is_put_right():
    with pytest.raises(Misconfigured) as caught:
        load("w/x.yaml", b"writes: order\nformat: csv\ndelimiter: semikolon\nfields: {A: now}\n", lambda _: None)
    assert "did you mean 'semicolon'?" in [one.hint for one in caught.value.findings]


def test_without_quotes_and_escapes_a_lone_blank_cell_cannot_be_written():
    made = layout("csv", row(field("a")), options={"quote": "none"})
    findings = Findings()
    FORMAT.write([Row(made.records[0], [""], Place("order", 1))], made, findings)
    assert codes(findings.found) == ["csv-delimiter"]


def test_in_a_file_of_one_kind_of_record_other_rows_are_strangers():
    made = layout("csv", row(field("code", is_=("D",)), field("sku")))
    rows, findings = read(FORMAT, b"D,A\nT,1\nD,B\n", made)
    assert [one.cells[1] for one in rows] == ["A", "B"]
    assert [(one.code, one.data.line) for one in findings] == [("record-unknown", 2)]


def test_a_row_longer_than_its_header_line_is_an_error_whatever_is_skipped():
    made = layout("csv", TWO, options={"header": "true"}, unknown="skip")
    rows, _ = read(FORMAT, b"a,b\nx,1,2\n", made)
    assert codes(rows[0].findings) == ["row-long"]
    rows, _ = read(FORMAT, b"x,1,2\n", layout("csv", TWO, unknown="skip"))
    assert codes(rows[0].findings) == []
