"""Rows laid over a table's file: in the place of those they replace, the rest as it was."""

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


def test_a_file_that_is_no_utf_8_is_told_though_a_row_lies_over_it():
    data = "ITEM,SKU\nBÜCHER,A\n".encode("cp1252")
    findings = Findings()
    read_table("items", "items.csv", overlaid(data, [Laid(("X",), ("B",))]), findings)
    assert [one.code for one in findings.found] == ["table-charset"]
