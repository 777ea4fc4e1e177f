"""Which record a line is: code, condition, length, order, and the parent whose value it repeats."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.formats.pieces import MANY, RULE, codes, fed_alike, field, layout, read
from translator.core.finding import Findings, Misconfigured
from translator.formats.format import formats
from translator.mapping.layout import Expression, MappingFile, Record, Times
from translator.translation import environment, load

CSV, FIXED = formats()["csv"], formats()["fixed"]


def record(name: str, *fields, match: str = "", **keys) -> Record:
    found = Expression(match, RULE) if match else None
    return Record(name, RULE, fields=fields, match=found, **{"times": MANY, **keys})


def told(format, data: bytes, mapping: MappingFile) -> list[tuple[str, str]]:
    """Name each record with the record it belongs to: its second cell."""
    rows, findings = read(format, data, mapping)
    assert not findings, findings
    return [(one.record.name, str(one.parent.cells[1]) if one.parent else "") for one in rows]


def echoes(of: str):
    return field("lot", equals=Expression(of, RULE))


DETAIL = record("D", field("type", is_=("D",)), echoes("H.lot"), field("sku"), times=Times(1, None))
HEAD = record("H", field("type", is_=("H",)), field("lot"), records=(DETAIL,))
LOTS = layout("csv", HEAD)


def test_a_condition_over_its_own_fields_says_what_a_line_is():
    big = record("big", field("sku"), field("qty", type="integer"), match="qty > 100")
    coded = record("coded", field("sku"), field("qty"), match="sku is present and sku[:2] == 'ZZ'")
    other = record("other", field("sku"), field("qty"))
    rows, _ = read(CSV, b"A,101\nA,99\nZZ1,5\nA,x\n,\n", layout("csv", big, coded, other))
    assert [one.record.name for one in rows] == ["big", "other", "coded", "other", "other"]


def test_a_condition_may_ask_for_the_number_the_length_and_the_last():
    title = record("title", field("text", len=5), match="here.number == 1", times=Times())
    total = record("total", field("text", len=5), match="here.last", times=Times())
    wide = record("wide", field("text", len=5), field("more", len=2), match="here.length == 7")
    line = record("line", field("text", len=5))
    mapping = layout("fixed", title, total, wide, line)
    rows, findings = read(FIXED, b"STOCK\nAAAAA\nBBBBBxx\nCCCCC\n00003\n", mapping)
    assert not findings
    assert [one.record.name for one in rows] == ["title", "line", "wide", "line", "total"]
    fed_alike(FIXED, b"STOCK\nAAAAA\n00003\n", [7], mapping)


def test_a_condition_that_cannot_be_worked_out_is_told_once():
    odd = record("odd", field("sku"), match="sku * 'x' > 3")
    rows, findings = read(CSV, b"A\nB\n", layout("csv", odd, record("other", field("sku"))))
    assert [one.record.name for one in rows] == ["other", "other"]
    assert len(findings) == 1
    assert findings[0].rule == RULE


def test_a_length_tells_lines_without_a_code_apart():
    head = record("head", field("a", len=4), field("b", len=6), len=(10, 12))
    line = record("line", field("a", len=8), len=(8,))
    mapping = layout("fixed", replace(head, records=(line,)))
    rows, findings = read(FIXED, b"HEAD000001\nLINELINE\nLINELINE\nHEAD000002  \nLINELINE\nLINE\n", mapping)
    assert not findings
    assert [(one.record.name, codes(one.findings)) for one in rows] == [
        ("head", []), ("line", []), ("line", []), ("head", []), ("line", []), ("line", ["line-short"]),
    ]  # fmt: skip


def test_siblings_stand_in_any_order_unless_the_layout_is_strict():
    kinds = [record(code, field("type", is_=(code,))) for code in "AB"]
    assert [name for name, _ in told(CSV, b"B\nA\nB\n", layout("csv", *kinds))] == ["B", "A", "B"]
    strict = layout("csv", *kinds, options={"order": "strict"})
    assert [name for name, _ in told(CSV, b"A\nA\nB\n", strict)] == ["A", "A", "B"]
    _, findings = read(CSV, b"B\nA\n", strict)
    assert codes(findings) == ["record-unknown"]


def test_named_columns_stand_in_any_order_unless_the_layout_is_strict():
    row = record("row", field("A"), field("B"))
    rows, findings = read(CSV, b"A,B\n1,2\n", layout("csv", row, options={"header": "true", "order": "strict"}))
    assert not findings
    assert len(rows) == 1
    with pytest.raises(Exception, match="column-order"):
        read(CSV, b"B,A\n1,2\n", layout("csv", row, options={"header": "true", "order": "strict"}))


def test_a_line_belongs_to_the_open_record_whose_value_it_repeats():
    assert told(CSV, b"H,7\nD,7,A\nD,7,B\nH,8\nD,8,C\n", LOTS) == [
        ("H", ""),
        ("D", "7"),
        ("D", "7"),
        ("H", ""),
        ("D", "8"),
    ]


def test_a_line_may_repeat_an_earlier_one_so_sections_may_stand_in_blocks():
    assert told(CSV, b"H,7\nH,8\nH,0009\nD,8,A\nD,7,B\nD,9,C\nD,8,D\n", LOTS) == [
        ("H", ""), ("H", ""), ("H", ""), ("D", "8"), ("D", "7"), ("D", "0009"), ("D", "8"),
    ]  # fmt: skip


def test_a_section_may_come_after_another_one():
    mapping = layout("csv", HEAD, record("T", field("type", is_=("T",)), field("count")))
    assert told(CSV, b"H,7\nH,8\nT,2\nD,8,A\nD,7,B\nT,2\n", mapping) == [
        ("H", ""), ("H", ""), ("T", ""), ("D", "8"), ("D", "7"), ("T", ""),
    ]  # fmt: skip


def test_a_value_that_no_record_has_stays_with_the_open_one():
    assert told(CSV, b"H,7\nD,7,A\nD,6,B\n", LOTS)[-1] == ("D", "7")


def test_a_record_that_may_still_get_lines_is_asked_at_the_end():
    rows, findings = read(CSV, b"H,7\nH,8\nH,9\nD,8,A\nD,7,B\n", LOTS)
    assert not findings
    assert [(one.cells[1], codes(one.findings)) for one in rows if one.record.name == "H"] == [
        ("7", []), ("8", []), ("9", ["record-missing"]),
    ]  # fmt: skip


def test_an_earlier_record_that_is_full_takes_no_more():
    once = replace(DETAIL, times=Times(0, 1))
    mapping = layout("csv", replace(HEAD, records=(once,)))
    rows, findings = read(CSV, b"H,7\nD,7,A\nH,8\nD,7,B\n", mapping)
    assert not findings
    assert [one.parent.cells[1] for one in rows if one.parent] == ["7", "8"]  # the disagreement is told by `equals`


def test_of_two_levels_that_repeat_a_value_the_fitting_parent_is_taken():
    inner = record("E", field("type", is_=("E",)), echoes("D.lot"), times=MANY)
    middle = record("D", field("type", is_=("D",)), field("lot"), echoes("H.lot"), records=(inner,))
    mapping = layout("csv", record("H", field("type", is_=("H",)), field("lot"), records=(middle,)))
    assert told(CSV, b"H,1\nD,a,1\nD,b,1\nE,a\nH,2\nD,c,2\nE,b\nD,d,1\nE,c\n", mapping) == [
        ("H", ""), ("D", "1"), ("D", "1"), ("E", "a"), ("H", ""), ("D", "2"), ("E", "b"), ("D", "1"), ("E", "c"),
    ]  # fmt: skip


def test_a_condition_is_checked_when_the_mapping_is_loaded_and_knows_the_functions():
    text = """reads: acknowledgement
format: csv
records:
  total: {times: 0..1, match: "here.last and upper(code) == 'T'", fields: {code: {}, count: {}}}
  line: {times: 0.., fields: {code: {}, ORDER: {}}}
documents: {each: line, about: {order: ORDER}}
"""
    made = load("w/x.yaml", text.encode(), lambda _: None)
    rows = made.format.read([b"D,A1\nt,1\n"], made.file, Findings(), "x", environment())
    assert [one.record.name for one in rows] == ["line", "total"]
    with pytest.raises(Misconfigured) as caught:
        load("w/x.yaml", text.replace("upper(code)", "upper(cod)").encode(), lambda _: None)
    assert codes(caught.value.findings) == ["mapping-unknown-name"]
