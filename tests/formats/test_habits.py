"""What partners do that no standard allows: each habit is borne, told or refused as the mapping says, never put right unseen."""

from __future__ import annotations

import pytest

from tests.formats.interchanges import cells, documents, made, order, rows, told
from tests.formats.test_x12 import ONE, SHIP, bodies
from translator.core.finding import Severity
from translator.formats.habits import HABITS

DESADV = """
reads: shipment_confirmation
format: edifact
envelope: {UNH: {kind: {is: DESADV}}}
records:
  BGM: {fields: {kind: {}, number: {}, function: {}}}
  order: {at: RFF+ON, fields: {value: {at: 1.2}}}
documents: {about: {order: order.value}, shipmentDetails: {shipmentStatus: {text: SHIPPED}}}
"""
UNB = "UNB+UNOC:3+RENO+ACME+261201:1805+7'UNH+1+DESADV:D:96A:UN'BGM+351+A1+9'RFF+ON:PO1'UNT+4+1'UNZ+1+7'"
LESS = "ISA*00*          *00*          *ZZ*RENO           *ZZ*ACME           "
# habit -> the file as the standard has it, as the partner sends it, and where the habit is seen
SENT = {
    "isa_width": (bodies(ONE), bodies(ONE).replace(LESS, "ISA*00**00**ZZ*RENO*ZZ*ACME"), "1 ISA"),
    "isa_marks": (bodies(ONE), bodies(ONE).replace("*P*>~", "*P**~"), "1 ISA"),
    "no_una": ("UNA:+.? '" + UNB, UNB, "1 UNB"),
    "unended": (bodies(ONE), bodies(ONE)[:-1], "11 IEA"),
    "small_tags": (bodies(ONE), bodies(ONE).replace("LX*2", "lx*2"), "7 LX"),
    "hollow": (bodies(ONE), bodies(ONE).replace("LX*2", "LX*2**"), "7 LX"),
    "padded": (bodies(ONE), bodies(ONE).replace("W06*F*PO1", "W06*F*PO1 "), "4 W06"),
}


def bearing(name, level):
    text = DESADV if name == "no_una" else SHIP
    return made(text.replace("\nenvelope", f"\n{name}: {level}\nenvelope"))


def test_every_habit_has_a_file_here():
    assert set(SENT) == {one.name for one in HABITS}


@pytest.mark.parametrize("name", SENT)
def test_a_habit_is_refused_told_or_borne_as_the_mapping_says_and_the_data_is_the_same(name):
    good, bad, where = SENT[name]
    code = f"habit-{name.replace('_', '-')} {where}"
    data = {}
    for level in ("warn", "off"):
        translation = bearing(name, level)
        assert rows(translation, good)[1] == []
        _, findings = rows(translation, bad)
        assert told(findings) == ([code] if level == "warn" else []), level
        assert all(one.severity is Severity.WARNING for one in findings)
        data[level] = [one.tree for one in documents(translation, bad, order("PO1"))]
    assert data["warn"] == data["off"] == [one.tree for one in documents(translation, good, order("PO1"))]
    refusing = documents(bearing(name, "error"), bad, order("PO1"))
    assert all(one.rejected for one in refusing)
    if name != "small_tags":  # not borne, such a segment is none of the layout's
        assert code in [line for one in refusing for line in told(one.findings)]


@pytest.mark.parametrize("name", ["hollow", "padded", "small_tags"])
def test_a_habit_is_told_in_every_transaction_also_where_they_are_all_alike(name):
    good, bad = "LX*2", {"hollow": "LX*2*", "padded": "LX*2 ", "small_tags": "lx*2"}[name]
    assert rows(bearing(name, "warn"), bodies(*[ONE] * 4))[1] == []
    found, findings = rows(bearing(name, "warn"), bodies(*[ONE] * 150).replace(good, bad))
    assert len(findings) == 100
    assert len(cells(found, "LX")) == 300


def test_a_count_that_is_borne_does_not_bear_another_number():
    text = SHIP.replace(
        "{ST: {set: {is: 945}}}", "{ST: {set: {is: 945}}, SE: {count: {check: off}}, GE: {control: {check: warn}}}"
    )
    translation = made(text)
    assert rows(translation, bodies(ONE).replace("SE*7", "SE*9"))[1] == []
    assert told(rows(translation, bodies(ONE).replace("SE*7*0001", "SE*9*0002"))[1]) == ["envelope-control 9 SE-02"]
    (other,) = rows(translation, bodies(ONE).replace("GE*1*3", "GE*1*4"))[1]
    assert (other.code, other.severity) == ("envelope-control", Severity.WARNING)
    assert told(rows(translation, bodies(ONE).replace("GE*1*3", "GE*2*3"))[1]) == ["envelope-count 10 GE-01"]


TA1 = {
    "isa_width": "022",
    "isa_marks": "027",
    "unended": "004",
}  # a habit of the interchange -> its code, where it is refused


@pytest.mark.parametrize("name", TA1)
def test_what_is_refused_of_an_interchange_names_the_code_of_its_ta1(name):
    _, bad, _ = SENT[name]
    found = [one for document in documents(bearing(name, "error"), bad, order("PO1")) for one in document.findings]
    assert any(f"TA1 code {TA1[name]}, though no TA1 is written" in one.hint for one in found)
