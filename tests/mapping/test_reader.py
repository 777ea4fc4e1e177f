from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mapping.reading import ENVIRONMENT, context, mapping
from translator.core.finding import Findings, Rejected
from translator.formats.format import formats
from translator.mapping.picture import documents
from translator.mapping.reader import compile_reader

DOCUMENTS = "documents: {each: row, about: {order: A}}\n"


def entries(fields: str, data: str, **keys):
    layout = mapping(f"reads: acknowledgement\nformat: csv\nfields: {fields}\n{DOCUMENTS}", **keys)
    reader = compile_reader(layout, ENVIRONMENT)
    rows = formats()["csv"].read([data.encode()], layout, Findings(), "ack.csv")
    held = reader.held("America/New_York")
    return [held.add(row) for row in rows]


def test_cells_become_typed_values_and_nothing_is_no_value():
    (found,) = entries(
        '{A: {}, N: {type: integer}, D: {type: decimal, implied: 2}, T: {date: "%Y%m%d", zone: UTC}, '
        'M: {date: "%Y%m%d %H:%M", zone: warehouse}, B: {}}',
        "007,12,1250,20261130,20261130 10:00,\n",
    )
    assert dict(found) == {
        "A": "007", "N": 12, "D": Decimal("12.50"), "T": date(2026, 11, 30), "M": datetime(2026, 11, 30, 15, tzinfo=UTC),
    }  # fmt: skip


def test_what_nothing_looks_like_and_what_stands_for_it():
    first, second = entries("{A: {default: X}, N: {type: integer, default: 7}, D: {empty: '000'}}", ",,000\nY,1,001\n")
    assert (dict(first), dict(second)) == ({"A": "X", "N": 7}, {"A": "Y", "N": 1, "D": "001"})


def test_a_bad_value_is_a_finding_and_no_default_takes_its_place():
    (found,) = entries("{A: {}, N: {type: integer, default: 7}}", "x,seven\n")
    assert ("N" not in found, [str(one.data) for one in found.findings]) == (True, ["ack.csv:1 (row N)"])


def test_a_required_field_that_is_blank_is_a_finding():
    (found,) = entries("{A: {required: true}, B: {}}", ",x\n")
    assert [(one.code, one.data.field, one.rule.line) for one in found.findings] == [("value-required", "A", 3)]


def test_a_fixed_text_that_differs_is_a_finding_of_level_check_and_a_blank_is_not():
    first, second, third = entries("{A: {text: OK}, B: {text: V1, check: warn}}", "OK,V2\n,\nNO,V1\n")
    assert [(one.code, str(one.severity)) for one in first.findings] == [("text-differs", "warning")]
    assert not second.findings
    assert [(one.code, str(one.severity)) for one in third.findings] == [("text-differs", "error")]


def test_a_table_is_read_the_other_way_round_and_a_miss_says_where_to_add():
    first, second = entries("{A: {}, C: {lookup: ship_methods, reverse: true}}", "x,UPSG\nx,UPSX\n")
    assert first["C"] == "UPS_GR"
    assert [(one.code, one.hint) for one in second.findings] == [("lookup-miss", "add it to tables/ship_methods.csv")]


@pytest.mark.parametrize(
    "words, cell, hint",
    [
        ("lookup: ship_methods", "UPSG", "it stands in the column 'wms': with `reverse: true` that one is asked"),
        (
            "lookup: ship_methods, reverse: true",
            "UPS_GR",
            "it stands in the column 'amazon': without `reverse: true` that one is asked",
        ),
    ],
)
def test_a_value_that_stands_in_the_column_that_answers_says_how_that_one_is_asked(words, cell, hint):
    (found,) = entries(f"{{A: {{}}, C: {{{words}}}}}", f"x,{cell}\n")
    assert [(one.code, one.hint) for one in found.findings] == [("lookup-miss", hint)]


def test_the_code_can_be_read():
    layout = mapping(f"reads: acknowledgement\nformat: csv\nfields: {{A: {{}}, N: {{type: integer}}}}\n{DOCUMENTS}")
    code = compile_reader(layout, ENVIRONMENT).code
    assert "def read_0_row(cells, entry):  # row, ship.yaml:3" in code
    assert "cell = cells[1]  # N, line 3" in code


TREE = """\
    reads: inventory_update
    format: fixed
    records:
      H:
        times: 0..
        fields: {code: {len: 1, is: H}, site: {len: 4}}
        records: {D: {times: 0.., fields: {code: {len: 1, is: D}, qty: {len: 4, type: integer, pad: 0}}}}
      T: {fields: {code: {len: 1, is: T}, rows: {len: 4, type: integer, pad: 0, equals: count(D)}}}
    documents: {each: H, warehouseId: site, items: {each: D, availableQuantity: {amount: qty}}}
    """


def test_a_count_reaches_records_wherever_they_stand():
    layout = mapping(TREE)
    for trailer, rejected in ((b"T0002", False), (b"T0003", True)):
        rows = formats()["fixed"].read([b"HEWR1\nD0007\nHRNO1\nD0012\n" + trailer], layout, Findings(), "x")
        found = list(documents(compile_reader(layout, ENVIRONMENT), rows, context(), "x", Findings()))
        assert [one.rejected for one in found] == [rejected, rejected]


pieces = st.sampled_from(["HEWR1", "D0007", "D00x7", "T0001", "T0002", "D", "", "what", "DÅ007", "\0"])


@given(st.lists(pieces, max_size=12).map(lambda lines: "\n".join(lines).encode()) | st.binary(max_size=100))
@settings(max_examples=300, deadline=None)
def test_any_bytes_give_documents_or_rejected_and_no_error_is_lost(data):
    layout = mapping_tree
    findings = Findings()
    try:
        rows = formats()["fixed"].read([data], layout, findings, "x")
        found = list(documents(reader_tree, rows, context(), "x", findings))
    except Rejected:
        return
    assert not [one for one in findings.found if one.severity == "error"]
    assert all(one.rejected for one in found if one.kind == "unread")
    good = data.count(b"\n") + 1 if data else 0
    assert len([place for one in found for place in one.records]) <= 3 * good + 1


mapping_tree = mapping(TREE)
reader_tree = compile_reader(mapping_tree, ENVIRONMENT)
