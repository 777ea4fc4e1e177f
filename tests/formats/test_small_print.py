"""What the standards of segments say in small print: marks that are none, headers that do not fit, ends that are left off."""

from __future__ import annotations

import pytest

from tests.formats.interchanges import GS, ISA, cells, context, made, order, rows, st, told, written
from tests.formats.test_edifact import BODY, unb, unh
from tests.formats.test_edifact import ORDERS as EDIFACT_ORDERS
from tests.formats.test_edifact import SHIP as DESADV
from tests.formats.test_tradacoms import ORDERS as TRADACOMS_ORDERS
from tests.formats.test_x12 import ONE, ORDERS, OTHER, PIECES, SHIP, bodies
from translator.core.document import Document
from translator.core.finding import Findings
from translator.translation import write

END = "GE*1*3~IEA*1*000000007~"


def findings_of(text: str):
    """Give what is said of an order that is written, by code and first word."""
    found = write(made(text), [Document("order", order("PO1"))], context())
    return [(one.code, one.text.split()[0]) for one in found.findings]


# --- marks ----------------------------------------------------------------------------------------------------------


def test_what_stands_in_isa11_parts_nothing_before_version_00402():
    data = ISA.replace("*U*00401*", "*^*00401*") + GS + st("SLN*1**PC>11.1>>X*TP*A^B*VN*S1", set="850") + END
    found, findings = rows(made(PIECES), data)
    assert findings == []
    row = next(one for one in found if one.record.name == "SLN")
    assert [inner.cells for inner in row.cells[3]] == [["A^B"]]


def test_a_tag_that_begins_like_a_header_begins_no_interchange():
    text = SHIP.replace("  LX:\n", "  ISAX: {times: 0..1, fields: {note: {}}}\n  LX:\n", 1)
    data = bodies((*OTHER[:1], "ISAX*A", *OTHER[1:])).replace("*", "|")
    found, findings = rows(made(text), data)
    assert findings == []
    assert cells(found, "ISAX") == [["A"]]
    assert cells(found, "W12") == [["SH", "2", "2", "S1"]]


def test_a_una_that_names_no_release_releases_nothing():
    data = unb(unh("BGM+351+A B?'", *BODY[1:]), una="UNA:+.  '")
    found, findings = rows(made(DESADV), data)
    assert findings == []
    assert cells(found, "BGM") == [["351", "A B?"]]


def test_the_repetition_of_the_una_parts_elements_that_repeat():
    text = DESADV.replace(
        "BGM: {fields: {code: {}, number: {}}}",
        "BGM: {fields: {code: {}, ids: {times: 0.., split: repetition, fields: {id: {}}}}}",
    )
    found, findings = rows(made(text), unb(unh("BGM+351+A*B*C'", *BODY[1:]), una="UNA:+.?*'"))
    assert findings == []
    assert [inner.cells for row in found if row.record.name == "BGM" for inner in row.cells[1]] == [["A"], ["B"], ["C"]]


def test_a_una_whose_marks_are_alike_is_not_taken_at_its_word():
    assert rows(made(DESADV), unb(unh(*BODY), una="UNA:+.?+'"))[1] != []


def test_line_ends_of_two_letters_are_one_where_the_mapping_says_lf():
    text = SHIP.replace("format: x12", "format: x12\ninterchange: false\nsegment: lf")
    found, findings = rows(made(text), st(*ONE).replace("~", "\r\n"))
    assert findings == []
    assert cells(found, "W12") == [["SH", "2", "2", "S1"], ["SH", "3", "3", "S2"]]


# --- headers --------------------------------------------------------------------------------------------------------


def test_what_is_wider_than_its_place_in_the_isa_is_told():
    assert findings_of(ORDERS.replace("ISA: {", "ISA: {date: {text: '20261201'}, ")) == [("envelope-value", "ISA-09")]


def test_the_isa_says_the_mark_of_repetitions_from_version_00402_on():
    text = ORDERS.replace("format: x12", "format: x12\nrepetition: '^'")
    assert "*U*00401*" in written(made(text), order("PO1"))
    assert "*^*00501*" in written(made(text.replace("ISA: {", "ISA: {version: {text: '00501'}, ")), order("PO1"))


def test_a_transmission_that_names_nobody_is_no_transmission():
    text = TRADACOMS_ORDERS.replace("sender: partner.edi_id, receiver: partner.wms_id, ", "")
    assert findings_of(text) == [("envelope-value", "STX-02"), ("envelope-value", "STX-03")]


def test_bare_messages_are_written_without_a_una():
    text = EDIFACT_ORDERS.replace("format: edifact", "format: edifact\ninterchange: false")
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith("  UNB:")]
    assert written(made("".join(lines)), order("PO1")).startswith("UNH+1+ORDERS")


def test_a_file_without_a_segment_is_refused():
    assert [line.split()[0] for line in told(rows(made(SHIP), "\r\n")[1])] == ["envelope-none"]


# --- segments -------------------------------------------------------------------------------------------------------


def test_a_line_end_that_is_the_mark_stands_once():
    data = written(made(ORDERS.replace("format: x12", "format: x12\nsegment: lf\nnewline: lf")), order("PO1"))
    assert "\n\n" not in data


def test_empty_elements_at_the_end_are_left_off():
    text = ORDERS.replace("max: 22}}}", "max: 22}, note: {maybe: order.orderDetails.shipToParty.phone}}}")
    assert "~W05*N*PO1~" in written(made(text), order("PO1"))


def test_empty_elements_at_the_end_are_left_off_where_rows_are_written_as_they_were_read_too():
    mapping, data = made(SHIP), bodies(("W06*F*PO1", "LX*1", "W12*SH**2", "LX*2", "W12*SH*2*2*****S1")).encode()
    found, _ = rows(mapping, data)
    assert mapping.format.write(found, mapping.file, Findings()) == data
    *_, last = (row for row in found if row.record.name == "W12")
    last.cells[3] = "S*1"  # a mark in one value: each segment is looked at by itself, and none is longer for it
    assert b"~W12*SH**2~" in mapping.format.write(found, mapping.file, Findings())


def test_pairs_that_must_be_there_are_missed():
    data = ISA.replace("*U*00401*", "*^*00501*") + GS + st("SLN*1**PC>11.1>>X*TP*A", set="850") + END
    assert [line.split()[0] for line in told(rows(made(PIECES), data)[1])] == ["group-missing"]


@pytest.mark.parametrize("times", ["0..1", "0..2"])
def test_more_turns_than_a_segment_has_room_for_are_told(times):
    each = "each: [item in order.orderDetails.items, again in order.orderDetails.items]"
    group = f"  K3: {{fields: {{notes: {{times: {times}, {each}, fields: {{sku: item.vendorProductIdentifier}}}}}}}}\n"
    text = ORDERS.replace("  LX:\n", group + "  LX:\n", 1)
    assert {code for code, _ in findings_of(text)} == {"layout-times"}
    assert not write(made(text), [Document("order", order("PO1"))], context()).files


def test_habits_of_a_transaction_that_is_none_of_ours_are_told_to_nobody():
    text = SHIP.replace("\nenvelope", "\nhollow: warn\nunknown: skip\nenvelope")
    other = st("B2A*00**", set="944", control="0002")
    data = ISA + GS + st(*ONE) + other + "GE*2*3~IEA*1*000000007~"
    assert rows(made(text), data)[1] == []
