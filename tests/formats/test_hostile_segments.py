"""Hostile input 39, and those of other formats that segments share (reliability-security §3.9): what each does to a file."""

from __future__ import annotations

import time
import tracemalloc
from contextlib import suppress
from dataclasses import replace

import pytest

from tests.formats.interchanges import ISA, documents, made, order, rows, st, told, x12
from tests.formats.test_edifact import BODY, unb, unh
from tests.formats.test_edifact import SHIP as DESADV
from tests.formats.test_x12 import ONE, OTHER, SHIP, bodies
from translator.core.finding import Rejected
from translator.mapping.layout import Limits


@pytest.fixture(scope="module")
def ship():
    return made(SHIP)


@pytest.fixture(scope="module")
def desadv():
    return made(DESADV)


def limited(translation, **bounds):
    return replace(translation, file=replace(translation.file, limits=Limits(**bounds)))


@pytest.mark.parametrize(
    "head",
    [
        "ISA",
        "ISA*",
        "ISA*00",
        "ISA" + "*" * 30,
        "ISAAA" + ISA[5:],
        ISA[:50],
        ISA.replace("*", "1"),
        "ISA~~~~~~~~~~~~~~~~~~~",
    ],
)
def test_39_an_isa_that_is_none_gives_findings_and_no_document(ship, head):
    found, findings = rows(ship, head + "GS*SW~ST*945*1~SE*2*1~GE*1*1~IEA*1*1~")
    assert findings
    assert not any(row.record.name == "ST" for row in found or ())


def test_39_marks_that_are_alike_are_borne_when_read(ship):
    assert rows(ship, bodies(ONE).replace("*>~", "**~"))[0] is not None


def test_39_trailers_that_count_wrong_are_told_each(ship):
    data = bodies(ONE).replace("SE*7", "SE*70").replace("GE*1", "GE*10").replace("IEA*1", "IEA*10")
    assert told(rows(ship, data)[1]) == [
        "envelope-count 10 GE-01",
        "envelope-count 11 IEA-01",
        "envelope-count 9 SE-01",
    ]


def test_39_a_count_of_many_digits_is_a_finding_and_costs_nothing(ship):
    begun = time.process_time()
    assert told(rows(ship, bodies(ONE).replace("SE*7", "SE*" + "9" * 60_000))[1]) == ["envelope-count 9 SE-01"]
    assert time.process_time() - begun < 10


def test_39_headers_inside_headers_are_told(ship):
    nested = x12(st(*ONE).replace("LX*1~", ISA + "LX*1~"))
    assert "envelope-open" in {one.code for one in rows(ship, nested)[1]}


def test_39_ten_thousand_trailers_that_close_nothing_make_a_bounded_list(ship):
    with pytest.raises(Rejected) as caught:
        documents(ship, ISA + "SE*1*1~" * 10_000)
    assert len(caught.value.findings) < 1_200


def test_39_a_transaction_of_nothing_but_strangers_keeps_a_bounded_list(ship):
    (one,) = documents(ship, bodies(("W06*F*PO1*20261202", *["ZZ*1"] * 5_000)), order("PO1"))
    assert one.rejected
    assert len(one.findings) < 300


@pytest.mark.parametrize(
    "text", ["ISA*" * 50_000, "~" * 200_000, "*" * 200_000, "\n" * 200_000, (ISA + "IEA*0*000000007~") * 500]
)
def test_39_nothing_takes_long(ship, text):
    begun = time.process_time()
    with suppress(Rejected):
        rows(ship, text)
    assert time.process_time() - begun < 15


@pytest.mark.parametrize(
    "text", ["?" * 200_000, "?'" * 100_000, "A?+" * 60_000 + "'", "+:" * 100_000 + "'", "UNA:+.? '" * 20_000]
)
def test_39_releases_without_end_take_no_time(desadv, text):
    begun = time.process_time()
    rows(desadv, "UNB+UNOC:3+A+B+1:1+1'" + text)
    assert time.process_time() - begun < 15


def test_a_segment_that_does_not_end_is_refused_in_bounded_memory(ship):
    tracemalloc.start()
    with pytest.raises(Rejected) as caught:
        list(ship.format.read((b"A" * 65_536 for _ in range(10_000)), limited(ship, record=500_000).file, None, "f"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert told(caught.value.findings) == ["limit-record 1"]
    assert peak < 8_000_000


@pytest.mark.parametrize("text, code", [("N3" + "*a" * 2_001, "limit-columns"), ("N3*" + "a" * 65_537, "limit-field")])
def test_a_segment_beyond_a_bound_costs_its_transaction_alone(ship, text, code):
    one, other = documents(ship, bodies(("W06*F*PO1*20261202", text, *ONE[1:]), OTHER), order("PO1"), order("PO2"))
    assert [finding.code for finding in one.findings] == [code]
    assert other.findings == ()


def test_a_nul_or_a_byte_of_another_charset_costs_its_transaction_alone(ship):
    for odd in ("\0", "é"):
        data = bodies(("W06*F*PO1*20261202", f"N1*ST*A{odd}", *ONE[1:]), OTHER).encode("latin-1")
        one, other = documents(ship, data, order("PO1"), order("PO2"))
        assert [finding.code for finding in one.findings] in (["character"], ["charset"])
        assert other.findings == ()


def test_no_finding_holds_a_value_of_a_person(ship):
    data = bodies(("W06*F*PO1*20261202", "N1*ST*Ann Reader*x*y", "ZZZ*Ann Reader", *ONE[1:]))
    assert "Ann" not in " ".join(str(one) for one in rows(ship, data)[1])


def test_a_released_mark_at_the_edge_of_a_piece_is_data(desadv):
    data = unb(unh("BGM+351+A?'B?+C??'", *BODY[1:])).encode()
    whole = rows(desadv, data)[0]
    for at in range(1, len(data)):
        found = list(desadv.format.read([data[:at], data[at:]], desadv.file, None, "f"))
        assert [one.cells for one in found if one.record.name == "BGM"] == [
            one.cells for one in whole if one.record.name == "BGM"
        ]
