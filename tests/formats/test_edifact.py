"""EDIFACT: marks out of the UNA, the release character, decimal commas, groups, counts and references."""

from __future__ import annotations

import pytest

from tests.formats.interchanges import cells, documents, made, order, refused, rows, told, written
from translator.core.finding import Findings
from translator.translation import recognises

SHIP = """
reads: shipment_confirmation
format: edifact
envelope: {UNH: {kind: {is: DESADV}}}
records:
  BGM: {fields: {code: {}, number: {}}}
  shipped: {at: DTM+11, fields: {on: {at: 1.2, date: "%Y%m%d", time: "17:00", zone: warehouse}, form: {}}}
  order_no: {at: RFF+ON, fields: {value: {at: 1.2}}}
  CPS:
    times: 1..
    fields: {number: {}}
    records:
      weight: {at: MEA+PD, times: 0..1, fields: {unit: {at: 3.1}, value: {at: 3.2, type: decimal}}}
      LIN:
        times: 0..
        fields: {line: {}, action: {}, ean: {at: 3.1}, list: {at: 3.2}}
        records: {qty: {at: QTY+12, fields: {value: {at: 1.2, type: decimal}}}}
documents:
  about: {order: order_no.value}
  shipmentDetails: {shippedDate: shipped.on, shipmentStatus: {text: SHIPPED}}
  items:
    each: CPS.LIN
    about: {item: line}
    shippedQuantity: {amount: sum(qty.value) | whole}
"""
BODY = (
    "BGM+351+77'",
    "DTM+11:20261202:102'",
    "RFF+ON:PO1'",
    "CPS+1'",
    "MEA+PD++KGM:115.362'",
    "LIN+1++4012:EN'",
    "QTY+12:2'",
    "LIN+2'",
    "QTY+12:3'",
)


def unh(*segments: str, control: str = "1", kind: str = "DESADV") -> str:
    return f"UNH+{control}+{kind}:D:96A:UN'{''.join(segments)}UNT+{len(segments) + 2}+{control}'"


def unb(*parts: str, una: str = "UNA:+.? '", count: int = 0, control: str = "42") -> str:
    return f"{una}UNB+UNOC:3+RENO:14+ACME:14+261201:1805+42'{''.join(parts)}UNZ+{count or len(parts)}+{control}'"


@pytest.fixture(scope="module")
def ship():
    return made(SHIP)


@pytest.mark.parametrize("una", ["UNA:+.? '", "", "UNA:+.? '\r\n"])
@pytest.mark.parametrize("end", ["'", "'\n", "'\r\n\r\n"])
def test_segments_are_read_with_and_without_una_and_line_ends(ship, una, end):
    found, findings = rows(
        ship, unb(unh(*BODY), una=una).replace("'", end) if not una else una + unb(unh(*BODY), una="").replace("'", end)
    )
    assert findings == []
    assert cells(found, "qty") == [["2"], ["3"]]


def test_the_marks_are_those_of_the_una(ship):
    data = unb(unh(*BODY), una="").translate(str.maketrans(":+'", "|*~"))
    assert rows(ship, "UNA|*.? ~" + data)[1] == []


def test_a_decimal_comma_of_the_una_is_a_point_in_numbers(ship):
    data = unb(unh(*BODY), una="UNA:+,? '").replace("115.362", "115,362")
    found, findings = rows(ship, data)
    assert findings == []
    assert cells(found, "weight") == [["KGM", "115.362"]]


UNAS = {  # a UNA, and how a BGM stands behind it -> what is read of that
    "a blank releases nothing": ("UNA:+.  '", "BGM+351+A B?'", ["351", "A B?"]),
    "another release": ("UNA:+.! '", "BGM+351+A!+B?'", ["351", "A+B?"]),
    "another release, and a decimal comma": ("UNA:+,! '", "BGM+351+A!'B'", ["351", "A'B"]),
    "a mark of repetition": ("UNA:+.?*'", "BGM+351+A?*B'", ["351", "A*B"]),
}


@pytest.mark.parametrize("what", UNAS)
def test_what_releases_a_mark_is_what_the_una_says(ship, what):
    una, segment, read = UNAS[what]
    found, findings = rows(ship, unb(unh(segment, *BODY[1:]), una=una))
    assert findings == []
    assert cells(found, "BGM") == [read]


def test_an_element_repeats_by_the_mark_of_the_una():
    text = SHIP.replace(
        "number: {}}}\n  shipped", "ids: {times: 0..3, split: repetition, fields: {id: {}}}}}\n  shipped"
    )
    found, findings = rows(made(text), unb(unh("BGM+351+A*B?*C'", *BODY[1:]), una="UNA:+.?*'"))
    assert findings == []
    (bgm,) = [row for row in found if row.record.name == "BGM"]
    assert [one.cells for one in bgm.cells[1]] == [["A"], ["B*C"]]


@pytest.mark.parametrize("una", ["UNA::.? '", "UNA:+.?+'", "UNA:+.++'"])
def test_a_una_whose_marks_are_alike_is_no_una(ship, una):
    _, findings = rows(ship, unb(unh(*BODY), una=una))
    assert told(findings)[0].startswith("record-unknown 1 UNA")


@pytest.mark.parametrize(
    "said, una", [("", "UNA:+,? '"), ("release: none\n", "UNA:+,  '"), ("repetition: '*'\n", "UNA:+,?*'")]
)
def test_a_written_una_has_a_blank_for_a_mark_that_there_is_not(said, una):
    assert written(made(ORDERS + said), order("PO1")).startswith(una + "UNB+")


@pytest.mark.parametrize(
    "written_, read",
    [("A?'B", "A'B"), ("A?+B", "A+B"), ("A?:B", "A:B"), ("A??", "A?"), ("A???'B", "A?'B"), ("??", "?")],
)
def test_a_released_mark_is_data(ship, written_, read):
    found, findings = rows(ship, unb(unh("BGM+351+" + written_ + "'", *BODY[1:])))
    assert findings == []
    assert cells(found, "BGM") == [["351", read]]
    assert ship.format.write(found, ship.file, Findings()).decode() == unb(unh("BGM+351+" + written_ + "'", *BODY[1:]))


def test_a_component_that_nobody_names_is_told_with_its_place(ship):
    found = documents(ship, unb(unh("BGM+351:9+77'", *BODY[1:])), order("PO1"))
    assert told(found[0].findings) == ["element-unknown 3 BGM-01-02"]


def test_a_value_that_does_not_fit_is_told_with_its_component(ship):
    data = unb(unh(*BODY)).replace("DTM+11:20261202", "DTM+11:2026")
    assert told(documents(ship, data, order("PO1"))[0].findings)[0] == "date-syntax 4 DTM-01-02"


@pytest.mark.parametrize(
    "wrong, found, alone",
    [
        (lambda text: text.replace("UNT+11+1", "UNT+12+1"), "envelope-count 12 UNT-01", True),
        (lambda text: text.replace("UNT+11+1", "UNT+11+9"), "envelope-control 12 UNT-02", True),
        (lambda text: text.replace("UNZ+2", "UNZ+3"), "envelope-count 24 UNZ-01", False),
        (lambda text: text.replace("UNZ+2+42", "UNZ+2+43"), "envelope-control 24 UNZ-02", False),
        (lambda text: text.replace("UNZ+2+42'", ""), "envelope-open 23 UNZ", False),
    ],
)
def test_counts_and_references_are_checked(ship, wrong, found, alone):
    data = wrong(unb(unh(*BODY), unh(*BODY, control="2")))
    one, other = documents(ship, data, order("PO1"))
    assert found in told(one.findings)
    assert (one.rejected, other.rejected) == (True, not alone)


def test_groups_are_counted_and_checked_and_are_no_records(ship):
    group = f"UNG+DESADV+A+B+261201:1805+5+UN+D:96A'{unh(*BODY)}{unh(*BODY, control='2')}UNE+2+5'"
    assert rows(ship, unb(group))[1] == []
    assert told(rows(ship, unb(group.replace("UNE+2", "UNE+3")))[1]) == ["envelope-count 25 UNE-01"]


def test_two_interchanges_may_have_marks_of_their_own(ship):
    other = unb(unh(*BODY), una="").replace("+42'", "+43'").translate(str.maketrans(":+'", "|*~"))
    found, findings = rows(ship, unb(unh(*BODY)) + "\n" + "UNA|*.? ~" + other)
    assert findings == []
    assert len(cells(found, "BGM")) == 2


def test_a_file_is_recognised_by_its_first_kind(ship):
    assert recognises(ship, unb(unh(*BODY)).encode(), "f")
    assert not recognises(ship, unb(unh("BGM+220'", kind="ORDERS")).encode(), "f")


def test_lines_that_break_in_the_midst_of_values_are_joined(ship):
    data = unb(unh(*BODY))
    broken = "\r\n".join(data[at : at + 40] for at in range(0, len(data), 40)) + "\r\n"
    wide = made(SHIP + "width: 40\nnewline: crlf\n")
    found, findings = rows(wide, broken)
    assert findings == []
    assert wide.format.write(found, wide.file, Findings()).decode() == broken


def test_fed_byte_by_byte_it_is_the_same(ship):
    data = unb(unh("BGM+351+A?'B'", *BODY[1:])).replace("'", "'\n")
    for pieces in (1, 2, 9, 10):
        fed, whole = rows(ship, data, pieces=pieces)[0], rows(ship, data)[0]
        assert [(row.record.name, row.cells, row.place) for row in fed] == [
            (row.record.name, row.cells, row.place) for row in whole
        ]


ORDERS = """
writes: order
format: edifact
decimal: ","
file: o.edi
partner: {ours: our id, theirs: their id}
let: {d: order.orderDetails, to: d.shipToParty}
envelope:
  UNB: {sender: partner.edi_id, receiver: partner.wms_id, sender_qualifier: {text: 14}}
  UNH: {kind: {is: ORDERS}, association: {text: EAN008}}
records:
  BGM: {fields: {code: {text: 220}, number: {from: order.purchaseOrderNumber, max: 35}}}
  buyer:
    at: NAD+DP
    fields:
      name: {at: 4, fields: {n1: {from: to.name, max: 10, rest: n2}, n2: {max: 35}}}
      street: {fields: {s1: {maybe: to.addressLine1, max: 35}}}
      city: {maybe: to.city}
  LIN:
    each: item in d.items
    fields: {line: item.itemSequenceNumber, ean: {at: 3, fields: {id: item.vendorProductIdentifier, kind: {text: SRV}}}}
    records:
      qty: {at: QTY+21, fields: {value: {at: 1.2, from: item.orderedQuantity.amount, type: decimal, places: 1}}}
  UNS: {fields: {at: {text: S}}}
  lines: {at: CNT+2, fields: {count: {at: 1.2, equals: count(LIN), type: integer}}}
""".replace("{ours: our id, theirs: their id}", "{edi_id: ours, wms_id: theirs}")


def test_an_order_is_written_with_una_composites_and_counts():
    one = order("PO'1")
    one["orderDetails"]["shipToParty"]["name"] = "Ann Reader-Writer"
    assert written(made(ORDERS), one) == (
        "UNA:+,? 'UNB+UNOC:3+ACME:14+RENO+261201:1805+1'UNH+1+ORDERS:D:96A:UN:EAN008'BGM+220+PO?'1'"
        "NAD+DP+++Ann:Reader-Writer+1 High Street+Reno'LIN+1++S1:SRV'QTY+21:2,0'LIN+2++S2:SRV'QTY+21:3,0'"
        "UNS+S'CNT+2:2'UNT+10+1'UNZ+1+1'"
    )


def test_a_number_that_is_an_element_of_its_own_has_the_decimal_comma_too():
    text = ORDERS.replace("UNS: {", "XX: {fields: {n: {text: a}, rate: {type: decimal, places: 2, from: 1}}}\n  UNS: {")
    assert "XX+a+1,00'" in written(made(text), order("PO1"))


def test_what_was_written_is_read_again_to_the_byte():
    mapping = made(ORDERS)
    data = written(mapping, order("PO1"))
    found, findings = rows(mapping, data)
    assert findings == []
    assert mapping.format.write(found, mapping.file, Findings()).decode() == data


def test_an_order_without_una_and_with_line_ends():
    assert written(made(ORDERS + "una: false\nnewline: lf\n"), order("PO1")).startswith(
        "UNB+UNOC:3+ACME:14+RENO+261201:1805+1'\nUNH+"
    )


def test_marks_that_cannot_be_meant_are_told_at_load():
    assert [one.split()[0] for one in refused(ORDERS + "release: '+'\n")] == ["segment-marks"]
