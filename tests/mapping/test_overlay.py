"""Rows laid over a table's file: in the place of those they replace, the rest as it was."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.core.alike import is_composed
from translator.core.finding import Findings
from translator.mapping.overlay import Laid, Line, header_of, lines_of, overlaid
from translator.mapping.tables import read_table

TABLE = b"\xef\xbb\xbfITEM,SKU,PACK\r\n# cups\r\nCASE,CUP,12\r\n\r\nCUP,CUP,1\r\n"


def test_a_row_takes_the_place_of_the_one_it_replaces_and_comments_stay():
    rows = [Laid(("CASE",), ("CUP", "10")), Laid(("BOX",), ("FORK, steel", "6"))]
    assert overlaid(TABLE, rows) == (
        b'ITEM,SKU,PACK\r\n# cups\r\nCASE,CUP,10\r\n\r\nCUP,CUP,1\r\nBOX,"FORK, steel",6\r\n'
    )


def test_a_table_over_which_nothing_lies_is_its_file():
    assert overlaid(TABLE, []) is TABLE


def test_each_row_says_where_it_stands_and_what_the_file_says():
    laid = Laid(("CASE",), ("CUP", "10")), Laid(("BOX",), ("FORK", "6"))
    assert list(lines_of(TABLE, laid)) == [
        Line(("CASE", "CUP", "10"), 3, ("CASE", "CUP", "12"), laid[0]),
        Line(("CUP", "CUP", "1"), 5, ("CUP", "CUP", "1")),
        Line(("BOX", "FORK", "6"), laid=laid[1]),
    ]
    assert header_of(TABLE) == ("ITEM", "SKU", "PACK")


CELL = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=5).filter(
    lambda text: not text.startswith("#") and is_composed(text)
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(CELL, CELL, max_size=5), st.dictionaries(CELL, CELL, max_size=5))
def test_what_is_laid_over_holds_and_what_is_not_stays(file, laid):
    rows = [Laid((key,), (value,)) for key, value in file.items()]
    whole = overlaid(overlaid(b"KEY,VALUE\n", rows), [Laid((key,), (value,)) for key, value in laid.items()])
    findings = Findings()
    table = read_table("t", "t.csv", whole, findings)
    assert not findings.found
    assert dict(table.rows) == file | laid


SPREAD = """\
# two columns
ITEM,SAYS
BOX,"a\x85b\u2028c\x0bd\x1ee"
"CUP
SMALL","one
two"
"SPOON
",three
FORK,four
"""


def test_a_row_ends_where_the_table_ends_it_also_in_a_file_over_which_rows_lie():
    laid = Laid(("CUP\nSMALL",), ("five",)), Laid(("FORK",), ("six",)), Laid(("KNIFE",), ("seven",))
    whole, findings = overlaid(SPREAD.encode(), laid), Findings()
    table = read_table("t", "t.csv", whole, findings)
    assert not findings.found
    assert table.rows == (
        ("BOX", "a\x85b\u2028c\x0bd\x1ee"), ("CUP\nSMALL", "five"), ("SPOON", "three"), ("FORK", "six"), ("KNIFE", "seven"),
    )  # fmt: skip
    assert [(one.cells[0], one.line) for one in lines_of(SPREAD.encode(), laid)] == [
        ("BOX", 3), ("CUP\nSMALL", 4), ("SPOON", 7), ("FORK", 9), ("KNIFE", 0),
    ]  # fmt: skip


def test_the_header_stays_where_a_comment_stands_before_it():
    data = b"# items\nITEM,SKU\nBOX,A\n"
    assert overlaid(data, [Laid(("ITEM",), ("B",))]) == data + b"ITEM,B\n"


@pytest.mark.parametrize("data", [b'ITEM,SKU\nBOX,"A\nCUP,B\n', b'ITEM,SKU\nBOX,"A"B\n'])
def test_a_file_that_is_no_csv_is_told_though_a_row_lies_over_it(data):
    findings = Findings()
    read_table("items", "items.csv", overlaid(data, [Laid(("BOX",), ("C",))]), findings)
    assert [one.code for one in findings.found] == ["table-syntax"]
    assert header_of(data) == ("ITEM", "SKU")


CELLS = st.text(st.sampled_from('ab," \n\r\x0b\x0c\x1c\x85\u2028\u2029#é'), max_size=4)


@given(
    st.lists(st.tuples(CELLS, CELLS), max_size=5),
    st.tuples(CELLS.filter(str.strip), CELLS),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_a_table_over_which_a_row_lies_is_read_as_its_file_with_that_row(rows, new, newline):
    text = io.StringIO()
    csv.writer(text, lineterminator=newline).writerows([("KEY", "VALUE"), *rows])
    data, laid = text.getvalue().encode(), Laid((new[0].strip(),), (new[1].strip(),))
    before, after = (read_table("t", "t.csv", one, Findings()).rows for one in (data, overlaid(data, [laid])))
    kept = [row for row in before if row[0] != laid.key[0]]
    assert [row for row in after if row[0] != laid.key[0]] == kept
    if not laid.key[0].startswith("#"):
        assert laid.cells in after


def test_a_file_that_is_no_utf_8_is_told_though_a_row_lies_over_it():
    data = "ITEM,SKU\nBÜCHER,A\n".encode("cp1252")
    findings = Findings()
    read_table("items", "items.csv", overlaid(data, [Laid(("X",), ("B",))]), findings)
    assert [one.code for one in findings.found] == ["table-charset"]
