"""Many rows of a delimited file at once are the rows that they are one by one, whatever is odd among them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.pieces import LAW, codes, field, layout, row
from translator.core.finding import Findings, Rejected
from translator.formats import delimited
from translator.formats.format import formats
from translator.mapping.layout import Limits, Times
from translator.mapping.row import each_row

FORMAT = formats()["csv"]
ROW = row(field("SKU"), field("NOTE"), field("QTY"))
USUAL = st.sampled_from(["A1,b,5", "A2,,7", "A3, ,0"])
ODD = st.sampled_from(
    ['A4,"b",5', 'A5,"b,c",5', 'A6,"b\nc",5', 'A7,"open,5', 'A8,"b"c,5', "A9,5", "A10,b,5,6", "", "   ", ",,", "A11,b,5\r",
     "A12,Åé,5", "A13,b\x00,5", "A14,b\xa0,5", "#A15,b,5", "A16,b\\,c,5", "A17,b\r,5", "\x1a", "A18," + "x" * 40 + ",5",
     "A19;b;5", '"', "A20,b\x85,5", "\ufeffA21,b,5", "A22,b, ",
     " ,b,5", "A23,\t,5", "A24,b,\x1f", '"\r",b,5', "A25\nb"]
)  # fmt: skip
LINES = st.lists(USUAL | USUAL | ODD, max_size=12)
CUTS = st.lists(st.integers(0, 200), max_size=3)
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "header": st.sampled_from(["true", "skip"]),
        "newline": st.sampled_from(["any", "lf", "crlf", "cr", "nel"]),
        "comment": st.just("#"),
        "escape": st.just("\\"),
        "quote": st.sampled_from(["none", "'"]),
        "delimiter": st.sampled_from([";", "::"]),
        "blank_lines": st.just("error"),
        "short": st.just("fill"),
        "trailing": st.just("true"),
    },
)
LAYOUTS = st.sampled_from([ROW, row(field("SKU")), row(field("SKU", is_=("A1", "A2")), field("NOTE"), field("QTY"))])


class Closely(delimited.Rows):
    """Rows of which none are looked at with others."""

    __slots__ = ()

    def columns(self, width):
        return None


def outcome(chunks, mapping):
    findings = Findings()
    try:
        rows = [repr(one) for one in each_row(FORMAT.runs(chunks, mapping, findings, "x.csv"))]
    except Rejected as rejected:
        return repr(rejected.findings)
    return rows, repr(findings.found)


def cut(data: bytes, cuts: list[int]) -> list[bytes]:
    ends = sorted({0, len(data), *(at for at in cuts if at < len(data))})
    return [data[one:other] for one, other in pairwise(ends)]


@given(LINES, st.sampled_from(["\n", "\n", "\r\n", "\r"]), OPTIONS, LAYOUTS, st.integers(1, 4), CUTS, st.booleans())
@LAW
def test_many_rows_at_once_are_the_rows_that_they_are_one_by_one(lines, end, options, record, most, cuts, ended):
    limits = Limits(field=30, record=60)
    mapping = layout("csv", record, options=options, unknown="warn", limits=limits)
    lines = [",".join(one.name for one in record.fields), *lines] if "header" in options else lines
    data = (end.join(lines) + end * ended).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "AT_ONCE", most)
        at_once = outcome(cut(data, cuts), mapping)
        patch.setattr(delimited, "Rows", Closely)
        assert at_once == outcome([data], mapping)


def sources(*chunks: str, **keys) -> list[object]:
    mapping = layout("csv", ROW, **keys)
    return list(FORMAT.runs([chunk.encode() for chunk in chunks], mapping, Findings(), "x.csv"))


def test_a_piece_in_which_nothing_is_odd_comes_at_once():
    piece = "A1,b,5\nA2,,7\n"
    found = sources(piece, piece + "A3,5\n", piece)
    assert [type(one).__name__ for one in found] == ["Block", "Row", "Row", "Row", "Block"]
    assert [one.place.line for one in each_row(found)] == [1, 2, 3, 4, 5, 6, 7]
    assert [*map(list, found[0].columns)] == [["A1", "A2"], ["b", None], ["5", "7"]]


@pytest.mark.parametrize("piece", ['"A1","b,c",5\nA2,"",7\n', "A1,b,5\r\nA2,,7\r\n", "A1,b,5\nA2,,7"])
def test_what_stands_in_quotes_and_other_line_ends_come_at_once_too(piece):
    assert {type(one).__name__ for one in sources(piece)} == {"Block"}


def test_a_line_feed_inside_a_line_that_ends_otherwise_is_no_cell():
    mapping = layout("csv", ROW, options={"newline": "crlf"})
    findings = Findings()
    rows = [*each_row(FORMAT.runs([b"A1,b,5\r\nA2\nb\r\nA3,b,5\r\n"], mapping, findings, "x.csv"))]
    assert [[*one.cells] for one in rows] == [["A1", "b", "5"], ["A3", "b", "5"]]
    assert codes(findings.found) == ["csv-quote"]


def test_behind_a_header_line_rows_come_at_once_and_behind_a_cell_of_several_lines_again():
    piece = "QTY,SKU,NOTE\n5,A1,b\n" + '6,A2,"b\n'
    found = sources(piece, 'c"\n7,A3,d\n', "8,A4,e\n", options={"header": "true"})
    assert [type(one).__name__ for one in found] == ["Row", "Row", "Block", "Block"]
    assert [[*one.cells] for one in each_row(found)][2:] == [["A3", "d", "7"], ["A4", "e", "8"]]


def test_the_rows_that_must_be_there_may_come_at_once():
    findings = Findings()
    mapping = layout("csv", row(*ROW.fields, times=Times(1, None)), options={"header": "true"})
    assert list(FORMAT.runs([b"SKU,NOTE,QTY\nA1,b,5\n"], mapping, findings, "x.csv"))
    assert codes(findings.found) == []
