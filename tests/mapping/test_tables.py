"""Tables answer one question with one answer, in both directions only where that is proven."""

from __future__ import annotations

import pytest

from translator.core.finding import Findings, Place
from translator.mapping.convert import finder
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
