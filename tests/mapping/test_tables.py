"""Tables answer one question with one answer, in both directions only where that is proven."""

from __future__ import annotations

import pytest

from tests.mapping.made import made
from translator.core.finding import Findings, Misconfigured, Place
from translator.mapping.convert import asker, finder
from translator.mapping.layout import Expression, Lookup
from translator.mapping.tables import faults, read_table
from translator.mapping.wrong import Wrong

RULE = Place("m.yaml", 1, 1)


def table(text: str):
    findings = Findings()
    return read_table("t", "tables/t.csv", text.encode(), findings), [
        (one.code, one.rule.line) for one in findings.found
    ]


def by(*names: str):
    return tuple((name, Expression(name, RULE)) for name in names)


def test_a_table_is_found_in_both_directions():
    found, _ = table("amazon,wms\nUPS_2ND,U2\nUPS_GR,UG\n")
    assert finder(Lookup(found))(("UPS_GR",)) == "UG"
    assert finder(Lookup(found, reverse=True))(("UG",)) == "UPS_GR"
    assert faults(Lookup(found, reverse=True), RULE) == []


def test_reverse_is_refused_where_two_rows_have_one_value_and_names_both():
    found, _ = table("amazon,wms\nA,U\nB,U\n")
    (fault,) = faults(Lookup(found, reverse=True), RULE)
    assert fault.code == "lookup-reverse"
    assert "tables/t.csv:2 and tables/t.csv:3" in fault.text
    assert faults(Lookup(found), RULE) == []


def test_a_star_fits_anything_and_the_most_specific_row_wins():
    found, _ = table("scac,service,method\nUPSN,*,UPS_GR\nUPSN,2D,UPS_2ND\n*,*,OTHER\n")
    find = finder(Lookup(found, by=by("scac", "service"), give="method"))
    assert [find(asked) for asked in (("UPSN", "2D"), ("UPSN", "GR"), ("FDEX", "GR"))] == ["UPS_2ND", "UPS_GR", "OTHER"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_only_a_line_end_ends_a_row_and_none_does_in_quotes(end):
    text = end.join(["a,b", '1,"two', 'lines"', "2,f\x0cf\u2028f\x85f", "3", "4,d", ""])
    found, told = table(text)
    assert found.rows == (("1", f"two{end}lines"), ("2", "f\x0cf\u2028f\x85f"), ("4", "d"))
    assert (found.lines, told) == ((2, 4, 6), [("table-row", 5)])


def test_a_column_that_is_not_there_is_named_with_a_suggestion():
    found, _ = table("scac,method\nUPSN,UPS_GR\n")
    (fault,) = faults(Lookup(found, give="metod"), RULE)
    assert (fault.code, fault.hint) == ("lookup-column", "did you mean 'method'?")


@pytest.mark.parametrize(
    "text, fault",
    [
        ("", ("table-empty", 1)),
        ("a,a\n1,2\n", ("table-header", 1)),
        ("a\n1\n", ("table-header", 1)),
        ("a,b\n1\n", ("table-row", 2)),
    ],
)
def test_a_table_that_is_none_is_refused(text, fault):
    assert fault in table(text)[1]


@pytest.mark.parametrize(
    "text, hint",
    [
        ("amazon;wms\nA;B\nC;D\n", "commas part its cells, not ';': save it so"),
        ("amazon\twms\nA\tB\nC\tD\n", "commas part its cells, not '\\t': save it so"),
        ("amazon\nA\nB\nA\n", "its first line names the columns: amazon,wms"),
    ],
)
def test_a_table_of_one_column_is_told_and_asked_nothing(text, hint):
    with pytest.raises(Misconfigured) as caught:
        made("writes: order\nformat: csv\nfields: {A: {from: now, lookup: t}}\n", **{"tables/t.csv": text.encode()})
    assert [(one.code, one.hint) for one in caught.value.findings] == [("table-header", hint)]


def test_a_table_is_named_without_its_ending():
    with pytest.raises(Misconfigured) as caught:
        made(
            "writes: order\nformat: csv\nfields: {A: {from: now, lookup: tables/t.csv}}\n", **{"tables/t.csv": b"a,b\n"}
        )
    assert [(one.code, one.hint) for one in caught.value.findings] == [
        ("mapping-lookup", "without its folder and ending: t")
    ]


@pytest.mark.parametrize(
    "miss, want", [("pass", "X"), ("text", "?"), ("error", "lookup-miss"), ("hold", "lookup-miss-hold")]
)
def test_a_miss_is_what_the_mapping_says(miss, want):
    found, _ = table("a,b\n1,2\n")
    find = finder(Lookup(found, miss=miss, miss_text="?"))
    if want.startswith("lookup"):
        with pytest.raises(Wrong, match="does not know") as caught:
            find(("X",))
        assert (caught.value.code, "tables/t.csv" in caught.value.hint) == (want, True)
    else:
        assert find(("X",)) == want


def test_of_two_rows_that_fit_the_one_with_fewer_stars_answers_wherever_its_stars_stand():
    found, _ = table("a,b,c,to\n*,*,*,0\n1,*,*,1\n*,2,3,23\n1,2,*,12\n1,2,3,123\n")
    find = finder(Lookup(found, by=by("a", "b", "c"), give="to"))
    asked = [("9", "9", "9"), ("1", "9", "9"), ("9", "2", "3"), ("1", "2", "9"), ("1", "2", "3")]
    assert [find(one) for one in asked] == ["0", "1", "23", "12", "123"]


@pytest.mark.parametrize(
    "rows, lines",
    [
        ("UPSN,*,A\n*,2D,B\n", "tables/t.csv:2 and tables/t.csv:3"),
        ("FDEX,2D,X\nUPSN,*,A\n*,2D,B\n", "tables/t.csv:3 and tables/t.csv:4"),
        ("UPSN,*,A\n*,2D,A\n", ""),  # one answer
        ("UPSN,*,A\n*,2D,B\nUPSN,2D,C\n", ""),  # it is said what holds there
        ("UPSN,*,A\n*,2D,B\n*,*,C\n", "tables/t.csv:2 and tables/t.csv:3"),
        ("UPSN,*,A\nFDEX,*,B\n*,*,C\n", ""),
    ],
)
def test_rows_that_cross_without_saying_what_holds_where_they_meet_are_refused(rows, lines):
    found, _ = table(f"scac,service,method\n{rows}")
    faulty = faults(Lookup(found, by=by("scac", "service"), give="method"), RULE)
    assert [one.code for one in faulty] == (["lookup-ambiguous"] if lines else [])
    assert all(lines in one.text for one in faulty)


def test_what_is_asked_by_several_columns_cannot_be_passed_on():
    found, _ = table("a,b,c\n1,2,3\n")
    assert [one.code for one in faults(Lookup(found, by=by("a", "b"), give="c", miss="pass"), RULE)] == [
        "lookup-miss-pass"
    ]


def test_the_function_asks_tables_as_fields_do():
    found, _ = table("code,method,also\nU*,UPS,1\n*,OTHER,2\nA,SAME,3\nB,SAME,4\n")
    ask = asker({"t": found}, "error")
    assert [ask("A", "t", "", ""), ask("Z", "t", "", ""), ask("A", "t", "also", ""), ask("3", "t", "code", "also")] == [
        "SAME", "OTHER", "3", "A",
    ]  # fmt: skip
    for wrong in (("SAME", "t", "code", "method"), ("A", "u", "", ""), ("A", "t", "nope", ""), ("9", "t", "", "also")):
        with pytest.raises(Wrong) as caught:
            ask(*wrong)
        assert caught.value.code in ("lookup-ambiguous", "lookup-table", "lookup-column", "lookup-miss")


def test_letters_of_a_table_are_found_however_they_are_composed():
    found, _ = table("a,b\nA\u030a,1\n")
    assert [finder(Lookup(found))((letter,)) for letter in ("Å", "A\u030a")] == ["1", "1"]


def test_a_large_table_with_stars_answers_at_once():
    rows = "".join(f"A{n},*,x{n}\n" for n in range(20_000))
    found, _ = table(f"a,b,c\n{rows}*,*,none\n")
    lookup = Lookup(found, by=by("a", "b"), give="c")
    assert faults(lookup, RULE) == []
    find = finder(lookup)
    assert [find((f"A{n}", "q")) for n in range(0, 20_000, 3)] == [f"x{n}" for n in range(0, 20_000, 3)]


@pytest.mark.parametrize(
    "call, code",
    [
        ("lookup('t')", ""),
        ("lookup('t', give='c')", ""),
        ("lookup(table='t', col='c', give='a')", ""),
        ("lookup('t', col='b', give='a')", "lookup-ambiguous"),
        ("lookup('t', give='d')", "lookup-column"),
        ("lookup(loop)", "mapping-lookup"),
    ],
)
def test_what_an_expression_asks_of_a_table_is_proven_when_the_mapping_is_loaded(call, code):
    text = f'writes: order\nformat: csv\nfields: {{A: "order.purchaseOrderNumber | {call}"}}\n'
    rows = {"tables/t.csv": b"a,b,c\n1,x,p\n2,x,q\n"}
    if not code:
        made(text, **rows)
        return
    with pytest.raises(Misconfigured) as caught:
        made(text, **rows)
    assert [(one.code, one.rule.line) for one in caught.value.findings if one.code == code] == [(code, 3)]
