"""X12: marks out of the ISA, envelopes counted and numbered, loops by qualifier and position, HL by its parents."""

from __future__ import annotations

import tracemalloc

import pytest

from tests.formats.interchanges import (
    GS,
    ISA,
    cells,
    context,
    documents,
    made,
    order,
    refused,
    rows,
    st,
    told,
    written,
    x12,
)
from translator.core.document import Document
from translator.core.finding import Findings, Rejected
from translator.translation import load, read, recognises, write

SHIP = """
reads: shipment_confirmation
format: x12
envelope: {ST: {set: {is: 945}}}
records:
  W06: {fields: {code: {}, order: {}, day: {date: "%Y%m%d", time: "17:00", zone: warehouse}}}
  ship_to: {at: N1*ST, times: 0..1, fields: {name: {}}, records: {N3: {times: 0..1, fields: {line: {}}}}}
  warehouse: {at: N1*WH, times: 0..1, fields: {name: {}}}
  LX:
    times: 0..
    fields: {number: {}}
    records:
      W12: {times: 1.., fields: {status: {}, ordered: {type: integer}, shipped: {type: integer}, sku: {at: 8}}}
documents:
  about: {order: W06.order}
  shipmentDetails: {shippedDate: W06.day, shipmentStatus: {text: SHIPPED}}
  items:
    each: LX.W12
    about: {item: {vendorProductIdentifier: sku}}
    shippedQuantity: {amount: shipped}
"""
ONE = ("W06*F*PO1*20261202", "LX*1", "W12*SH*2*2*****S1", "LX*2", "W12*SH*3*3*****S2")
OTHER = ("W06*F*PO2*20261202", "LX*1", "W12*SH*2*2*****S1")


@pytest.fixture(scope="module")
def ship():
    return made(SHIP)


def bodies(*transactions, **keys):
    return x12(*(st(*one, control=f"{number:04d}") for number, one in enumerate(transactions, 1)), **keys)


# --- marks ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("segment", ["~", "~\n", "~\r\n", "!\n", "\n", "\r\n", "\x1c", "~\n\n  "])
@pytest.mark.parametrize("element", ["*", "|", "^", "\t"])
@pytest.mark.parametrize("component", [">", ":", "\\", "{"])
def test_the_marks_are_those_of_the_isa(ship, element, component, segment):
    data = bodies(ONE).replace("*", element).replace(">", component).replace("~", segment)
    assert rows(ship, data)[1] == []
    assert cells(rows(ship, data)[0], "W12") == [["SH", "2", "2", "S1"], ["SH", "3", "3", "S2"]]


def test_each_interchange_of_a_file_has_marks_of_its_own(ship):
    other = bodies(OTHER).replace("*", "|").replace("~", "'").replace(">", ":").replace("000000007", "000000008")
    found, findings = rows(ship, bodies(ONE) + "\n" + other)
    assert findings == []
    assert [cell[1] for cell in cells(found, "W06")] == ["PO1", "PO2"]


def test_an_isa_whose_elements_are_not_filled_up_tells_its_marks_all_the_same(ship):
    data = bodies(ONE).replace(
        "ISA*00*          *00*          *ZZ*RENO           *ZZ*ACME           ", "ISA*00**00**ZZ*RENO*ZZ*ACME"
    )
    assert told(rows(ship, data)[1]) == ["habit-isa-width 1 ISA"]


def test_an_isa_without_its_last_element_ends_at_the_mark_that_stands_there(ship):
    data = bodies(ONE).replace("*>~", "*~").replace("~", "~\n")
    assert told(rows(ship, data)[1]) == ["habit-isa-marks 1 ISA"]


def test_a_mark_at_the_beginning_and_blanks_before_segments_are_no_data(ship):
    data = "\ufeff".encode() + bodies(ONE).replace("~", "~\n   ").encode()
    assert rows(ship, data)[1] == []


def test_the_last_segment_may_lack_its_mark(ship):
    assert told(rows(ship, bodies(ONE)[:-1])[1]) == ["habit-unended 11 IEA"]


def test_an_element_taken_whole_may_hold_component_marks(ship):
    found, findings = rows(ship, bodies(("W06*F*PO>1*20261202", *ONE[1:])))
    assert findings == []
    assert cells(found, "W06")[0][1] == "PO>1"


# --- loops ----------------------------------------------------------------------------------------------------------


def test_loops_are_told_by_qualifier_and_position(ship):
    found, findings = rows(ship, bodies(("W06*F*PO1*20261202", "N1*WH*Reno", "N1*ST*Ann", "N3*High Street", *ONE[1:])))
    assert findings == []
    line = next(row for row in found if row.record.name == "N3")
    assert line.parent.record.name == "ship_to"
    assert cells(found, "ship_to") == [["Ann"]]


def test_a_segment_that_fits_nowhere_is_told_with_its_tag_and_costs_its_transaction_alone(ship):
    made_ = documents(ship, bodies(("W06*F*PO1*20261202", "ZZZ*1", *ONE[1:]), OTHER), order("PO1"), order("PO2"))
    assert [(one.about, told(one.findings)) for one in made_] == [("PO1", ["record-unknown 5 ZZZ"]), ("PO2", [])]


def test_an_element_that_nobody_names_is_told_with_its_place(ship):
    found = documents(ship, bodies(("W06*F*PO1*20261202***X", *ONE[1:])), order("PO1"))
    assert told(found[0].findings) == ["element-unknown 4 W06-06"]


def test_a_value_that_does_not_fit_is_told_with_segment_element_and_hint(ship):
    found = documents(ship, bodies(("W06*F*PO1*20261202", "LX*1", "W12*SH*2*two*****S1")), order("PO1"))
    assert told(found[0].findings) == ["number-syntax 6 W12-03"]
    assert "f.edi:6 W12-03 (W12 shipped)" in str(found[0].findings[0])


TREE = """
reads: shipment_status
format: x12
unknown: skip
envelope: {ST: {set: {is: 856}}}
records:
  shipment:
    at: HL
    fields: {number: {}, parent: {}, level: {is: S}}
    records:
      order:
        at: HL
        times: 0..
        fields: {number: {}, parent: {equals: shipment.number}, level: {is: O}}
        records:
          PRF: {fields: {po: {}}}
          pack:
            at: HL
            times: 0..
            fields: {number: {}, parent: {equals: order.number}, level: {is: P}}
            records: {MAN: {fields: {kind: {}, id: {}}}}
documents:
  each: ST
  statusUpdateDetails: {trackingNumber: {text: T}}
"""


def test_an_hl_hangs_below_the_hl_it_names_wherever_it_stands():
    tree = made(TREE)
    body = ("HL*1**S", "HL*2*1*O", "PRF*PO1", "HL*3*1*O", "PRF*PO2", "HL*4*2*P", "MAN*GM*A", "HL*5*3*P", "MAN*GM*B")
    found, findings = rows(tree, x12(st(*body, set="856")))
    assert findings == []
    assert [(row.cells[0], row.parent.cells[0]) for row in found if row.record.name == "pack"] == [
        ("4", "2"),
        ("5", "3"),
    ]


@pytest.mark.parametrize("second", [("HL*2*1*O", "PRF*PO2"), ("HL*1**S", "HL*4*2*P", "MAN*GM*B")])
def test_an_hl_never_hangs_below_one_of_another_transaction_whose_number_it_names(second):
    first = st("HL*1**S", "HL*2*1*O", "PRF*PO1", "HL*3*2*P", "MAN*GM*A", set="856")
    found, _ = rows(made(TREE), x12(first, st(*second, set="856", control="0002")))
    assert [row.record.name for row in found].count("SE") == 2
    assert [row.place.line for row in found if row.record.name in ("order", "pack")] == [5, 7]


# --- composites, repeats, pairs -----------------------------------------------------------------------------------


PIECES = """
reads: shipment_status
format: x12
envelope: {ST: {set: {is: 850}}}
records:
  SLN:
    fields:
      number: {}
      parts: {at: 3, fields: {unit: {}, size: {type: decimal}, more: {at: 4}}}
      kind: {}
      codes: {times: 0.., split: repetition, fields: {code: {}}}
      ids: {times: 1.., fields: {kind: {}, value: {}}}
documents: {each: ST, statusUpdateDetails: {trackingNumber: {text: T}}}
"""


def test_composites_repeats_and_pairs_are_taken_apart():
    header = ISA.replace("*U*00401*", "*^*00501*")
    data = header + GS + st("SLN*1**PC>11.1>>X*TP*A^B^C*VN*S1*UP*42", set="850") + "GE*1*3~IEA*1*000000007~"
    found, findings = rows(made(PIECES), data)
    assert findings == []
    row = next(one for one in found if one.record.name == "SLN")
    shown = [[inner.cells for inner in cell] if isinstance(cell, list) else cell for cell in row.cells]
    assert shown == ["1", [["PC", "11.1", "X"]], "TP", [["A"], ["B"], ["C"]], [["VN", "S1"], ["UP", "42"]]]


def test_what_was_taken_apart_is_written_as_it_stood():
    mapping = made(PIECES.replace("format: x12", "format: x12\nrepetition: ^"))
    header = ISA.replace("*U*00401*", "*^*00501*")
    data = (header + GS + st("SLN*1**PC>11.1>>X*TP*A^B^C*VN*S1*UP*42", set="850") + "GE*1*3~IEA*1*000000007~").encode()
    found, _ = rows(mapping, data)
    assert mapping.format.write(found, mapping.file, Findings()) == data


@pytest.mark.parametrize(
    "fields, code",
    [
        ("{a: {at: x}}", "mapping-segment"),
        ("{a: {at: 1.2.3}}", "mapping-segment"),
        ("{a: {at: 2, fields: {b: {fields: {c: {}}}}}}", "mapping-segment"),
        ("{a: {times: 0.., split: ';', fields: {b: {}}}}", "mapping-segment"),
    ],
)
def test_what_cannot_stand_in_a_segment_is_told_at_load(fields, code):
    text = SHIP.replace(
        "W06: {fields: {code: {}, order: {}, ",
        f"QQ: {{fields: {fields}}}\n  W06: {{fields: {{code: {{}}, order: {{}}, ",
    )
    assert {one.split()[0] for one in refused(text)} >= {code}


# --- envelopes, read ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong, found",
    [
        (lambda text: text.replace("SE*7*0001", "SE*8*0001"), ["envelope-count 9 SE-01"]),
        (lambda text: text.replace("SE*7*0001", "SE*x*0001"), ["envelope-count 9 SE-01"]),
        (lambda text: text.replace("SE*7*0001", "SE*²*0001"), ["envelope-count 9 SE-01"]),
        (lambda text: text.replace("SE*7*0001", "SE*٧*0001"), ["envelope-count 9 SE-01"]),
        (lambda text: text.replace("SE*7*0001", "SE*7*0009"), ["envelope-control 9 SE-02"]),
    ],
)
def test_a_transaction_that_does_not_agree_with_its_trailer_is_refused_and_its_neighbours_go_on(ship, wrong, found):
    one, other = documents(ship, wrong(bodies(ONE, OTHER)), order("PO1"), order("PO2"))
    assert (one.rejected, told(one.findings)) == (True, found)
    assert (other.rejected, told(other.findings)) == (False, [])
    assert "997 AK5 code" in one.findings[0].hint


@pytest.mark.parametrize(
    "wrong, found",
    [
        (lambda text: text.replace("GE*2*3", "GE*3*3"), "envelope-count 15 GE-01"),
        (lambda text: text.replace("GE*2*3", "GE*2*4"), "envelope-control 15 GE-02"),
        (lambda text: text.replace("IEA*1*", "IEA*2*"), "envelope-count 16 IEA-01"),
        (lambda text: text.replace("IEA*1*000000007", "IEA*1*000000008"), "envelope-control 16 IEA-02"),
        (lambda text: text.replace("IEA*1*000000007~", ""), "envelope-open 15 IEA"),
        (lambda text: text.replace("GE*2*3~", ""), "envelope-open 15 GE"),
        (lambda text: text[: text.index("GE*")], "envelope-open 14 GE"),
    ],
)
def test_nothing_of_a_file_goes_on_whose_envelope_is_broken(ship, wrong, found):
    made_ = documents(ship, wrong(bodies(ONE, OTHER)), order("PO1"), order("PO2"))
    assert len(made_) == 2
    assert all(one.rejected and found in told(one.findings) for one in made_)


def test_a_transaction_without_its_trailer_is_refused_alone(ship):
    one, other = documents(ship, bodies(ONE, OTHER).replace("SE*7*0001~", ""), order("PO1"), order("PO2"))
    assert (told(one.findings), told(other.findings)) == (["envelope-open 9 SE"], [])


def test_a_control_number_that_comes_again_refuses_what_has_it(ship):
    twice = x12(st(*ONE), st(*OTHER))
    one, other = documents(ship, twice, order("PO1"), order("PO2"))
    assert (told(one.findings), told(other.findings)) == ([], ["envelope-repeated 10 ST"])
    assert told(rows(ship, bodies(ONE) + bodies(OTHER))[1]) == ["envelope-repeated 12 ISA"]
    again = bodies(OTHER).replace("000000007", "000000008")
    assert rows(ship, bodies(ONE) + again)[1] == []


def test_numbers_of_trailers_agree_whatever_zeros_stand_before_them(ship):
    assert rows(ship, bodies(ONE).replace("IEA*1*000000007", "IEA*1*7"))[1] == []


def test_a_partner_who_counts_wrong_is_borne_where_the_mapping_says_so():
    text = bodies(ONE).replace("SE*7", "SE*8").replace("IEA*1*000000007", "IEA*1*1")
    warn = made(
        SHIP.replace("{ST: {set: {is: 945}}}", "{ST: {set: {is: 945}}, SE: {check: warn}, IEA: {check: 'off'}}")
    )
    (one,) = documents(warn, text, order("PO1"))
    assert (one.rejected, told(one.findings)) == (False, ["envelope-count 9 SE-01"])


@pytest.mark.parametrize(
    "said, rule",
    [
        ("", "m.yaml:4:12 (ST)"),
        (", SE: {check: error}", "m.yaml:4:34 (SE)"),
        (", SE: {count: {check: error}}", "m.yaml:4:39 (SE count)"),
    ],
)
def test_a_trailer_that_counts_wrong_names_the_line_that_says_what_that_means(said, rule):
    mapping = made(SHIP.replace("{ST: {set: {is: 945}}}", f"{{ST: {{set: {{is: 945}}}}{said}}}"))
    (one,) = documents(mapping, bodies(ONE).replace("SE*7", "SE*8"), order("PO1"))
    assert [str(found.rule).rpartition("/")[2] for found in one.findings] == [rule]


@pytest.mark.parametrize(
    "old, new", [("GE*1*3~", "GE*2*3~"), ("GE*1*3~", "GE*1*4~"), ("GE*1*3~", ""), ("IEA*1*", "IEA*2*")]
)
def test_what_is_wrong_around_transactions_names_a_line_too(ship, old, new):
    (one,) = documents(ship, bodies(ONE).replace(old, new), order("PO1"))
    assert [found.rule.line > 0 for found in one.findings if found.code.startswith("envelope-")] == [True]


def test_several_groups_and_interchanges_are_counted_each_for_itself(ship):
    two = bodies(ONE).replace("IEA*1*", GS.replace("*3*", "*4*") + st(*OTHER) + "GE*1*4~IEA*2*")
    assert len(documents(ship, two + bodies(OTHER), order("PO1"), order("PO2"))) == 3


def test_transactions_of_another_kind_stop_the_file_unless_they_are_left_to_other_mappings(ship):
    mixed = x12(st("BIA*00", set="846"), st(*ONE, control="0002"))
    (one,) = documents(ship, mixed, order("PO1"))
    assert told(one.findings) == ["transaction-other 3 ST"]
    (one,) = documents(made(SHIP + "unknown: skip\n"), mixed, order("PO1"))
    assert not one.findings
    (one,) = documents(made(SHIP + "unknown: warn\n"), mixed, order("PO1"))
    assert (one.rejected, told(one.findings)) == (False, ["transaction-other 3 ST"])


def test_a_file_is_recognised_by_its_first_transaction(ship):
    assert recognises(ship, bodies(ONE).encode(), "f")
    assert not recognises(ship, x12(st("BIA*00", set="846")).encode(), "f")


def test_bare_transactions_are_read_where_the_mapping_says_so(ship):
    bare = made(SHIP + "interchange: false\n")
    assert [one.about for one in documents(bare, st(*ONE) + st(*OTHER), order("PO1"), order("PO2"))] == ["PO1", "PO2"]
    found, findings = rows(ship, st(*ONE))
    assert (found, told(findings)) == ([], ["envelope-missing 1 ST"])
    assert "interchange: false" in findings[0].hint


def test_a_document_stands_in_each_transaction_where_the_picture_says_nothing_else(ship):
    found = documents(ship, bodies(ONE, OTHER), order("PO1"), order("PO2"))
    assert [one.about for one in found] == ["PO1", "PO2"]
    assert [item["shippedQuantity"]["amount"] for item in found[0].tree["items"]] == [2, 3]


def test_fed_byte_by_byte_it_is_the_same(ship):
    data = bodies(ONE, OTHER).replace("~", "~\r\n")
    whole = rows(ship, data)
    for pieces in (1, 2, 7, 105, 106, 107):
        fed = rows(ship, data, pieces=pieces)
        assert [(row.record.name, row.cells, row.place) for row in fed[0]] == [
            (row.record.name, row.cells, row.place) for row in whole[0]
        ]


@pytest.mark.sweep
def test_a_long_interchange_is_read_in_bounded_memory(ship):
    count = 4_000
    head, tail = (ISA + GS).encode(), f"GE*{count}*3~IEA*1*000000007~".encode()

    def pieces():
        yield head
        for number in range(count):
            yield st(*OTHER, control=f"{number:06d}").encode()
        yield tail

    known = context(order("PO2"))
    tracemalloc.start()
    seen = sum(not one.rejected for one in read(ship, pieces(), "f.edi", known))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seen == count
    assert peak < 15_000_000


def test_a_long_interchange_whose_envelope_breaks_at_the_end_is_refused_whole(ship):
    data = bodies(*[OTHER] * 1_000, group="9")
    with pytest.raises(Rejected) as caught:
        documents(ship, data, order("PO2"))
    assert [one.split()[0] for one in told(caught.value.findings)] == ["envelope-control"]


# --- written --------------------------------------------------------------------------------------------------------


ORDERS = """
writes: order
format: x12
file: "OW{{ number }}.edi"
partner: {edi_id: ours, wms_id: theirs, usage: P or T}
let: {number: counter('edi')}
envelope:
  ISA: {sender: partner.edi_id, receiver: partner.wms_id, usage: partner.usage, control: {from: number, len: 9, pad: 0}}
  GS: {code: {text: OW}, sender: partner.edi_id, receiver: partner.wms_id}
  ST: {set: {is: 940}}
records:
  W05: {fields: {action: {text: N}, order: {from: order.purchaseOrderNumber, max: 22}}}
  ship_to: {at: N1*ST, fields: {name: order.orderDetails.shipToParty.name}}
  LX:
    each: item in order.orderDetails.items
    fields: {number: loop.index}
    records:
      W01:
        fields:
          qty: {from: item.orderedQuantity.amount, type: integer}
          unit: {text: EA}
          kind: {at: 4, text: VN}
          sku: item.vendorProductIdentifier
  W76: {fields: {qty: {equals: sum(LX.W01.qty), type: integer}}}
"""
BATCH = ORDERS.replace("let:", "batch: {most: 50}\nlet:").replace(
    "ST: {set: {is: 940}}", "ST: {set: {is: 940}, control: {from: loop.index, len: 4, pad: 0}}"
)


def test_an_order_is_written_with_its_envelope_counts_and_numbers():
    assert written(made(ORDERS), order("PO1")).split("~") == [
        "ISA*00*          *00*          *ZZ*ACME           *ZZ*RENO           *261201*1805*U*00401*000000001*0*P*>",
        "GS*OW*ACME*RENO*20261201*1805*1*X*004010", "ST*940*0001", "W05*N*PO1", "N1*ST*Ann Reader",
        "LX*1", "W01*2*EA**VN*S1", "LX*2", "W01*3*EA**VN*S2", "W76*5", "SE*9*0001", "GE*1*1", "IEA*1*000000001", "",
    ]  # fmt: skip


def test_a_batch_is_one_group_of_several_transactions():
    lines = written(made(BATCH), order("PO1"), order("PO2")).split("~")
    assert [line for line in lines if line[:2] in ("ST", "SE", "GE", "IE", "W7")] == [
        "ST*940*0001", "W76*5", "SE*9*0001", "ST*940*0002", "W76*5", "SE*9*0002", "GE*2*1", "IEA*1*000000001",
    ]  # fmt: skip


def test_marks_and_line_ends_are_those_of_the_mapping():
    text = ORDERS.replace("format: x12", "format: x12\nelement: '|'\nsegment: lf\ncomponent: ':'")
    assert written(made(text), order("PO1")).splitlines()[2:4] == ["ST|940|0001", "W05|N|PO1"]
    assert "~\r\nST*940" in written(made(ORDERS.replace("format: x12", "format: x12\nnewline: crlf")), order("PO1"))


def test_what_was_written_is_read_by_a_mapping_that_extends_it():
    base = ORDERS.encode()
    text = b"reads: shipment_status\nextends: orders\ndocuments: {statusUpdateDetails: {trackingNumber: W05.order}}\n"
    reading = load("reno/r.yaml", text, {"mappings/reno/orders.yaml": base}.get)
    data = written(made(ORDERS), order("PO1"))
    found, findings = rows(reading, data)
    assert findings == []
    assert reading.format.write(found, reading.file, Findings()) == data.encode()
    assert [one.tree["statusUpdateDetails"]["trackingNumber"] for one in documents(reading, data)] == ["PO1"]


@pytest.mark.parametrize("mark", ["*", "~", ">", "\n"])
def test_a_mark_inside_a_value_is_told_with_its_field_and_written_otherwise_where_the_mapping_says(mark):
    one = order("PO1")
    one["orderDetails"]["shipToParty"]["name"] = f"Ann{mark}Reader"
    found = write(made(ORDERS), [Document("order", one)], context())
    assert [(finding.code, finding.rule.field) for finding in found.findings] == [("segment-mark", "name")]
    assert not found.files
    mapping = made(ORDERS + 'substitute: {"*": " ", "~": " ", ">": " ", "\\n": " "}\n')
    found = write(mapping, [Document("order", one)], context())
    assert b"N1*ST*Ann Reader~" in found.files[0].data


def test_a_header_that_names_nobody_is_no_header():
    text = ORDERS.replace("sender: partner.edi_id, receiver: partner.wms_id, usage", "usage")
    found = write(made(text), [Document("order", order("PO1"))], context())
    assert [(one.code, one.text.split()[0]) for one in found.findings] == [
        ("envelope-value", "ISA-06"),
        ("envelope-value", "ISA-08"),
    ]


def test_an_envelope_segment_that_the_format_lacks_is_told_at_load():
    assert refused(ORDERS.replace("  ST:", "  UNH:")) == ["mapping-envelope 10"]
    assert refused("writes: order\nformat: csv\nenvelope: {ISA: {}}\nfields: {a: {text: b}}\n") == [
        "mapping-envelope 3"
    ]


@pytest.mark.parametrize("said", ["element: '>'", "segment: A", "element: '**'", "repetition: '~'"])
def test_marks_that_cannot_be_meant_are_told_at_load(said):
    assert [one.split()[0] for one in refused(ORDERS.replace("format: x12", f"format: x12\n{said}"))] == [
        "segment-marks"
    ]


def test_a_segment_has_as_many_elements_as_its_len_says():
    mapping = made(ORDERS.replace("W05: {", "W05: {len: 5, "))
    assert "~W05*N*PO1***~" in written(mapping, order("PO1"))


HOSTILE = {
    "values that do not fit, and a count": (
        bodies(("W06*F*PO1*2026-12-02", "LX*1", "W12*SH*2*two*****S1", "LX*2", "W12*SH*3*3*****S2")).replace(
            "SE*7", "SE*8"
        ),
        ["W06-03 997 AK4 code 8", "W12-03 997 AK4 code 6", "SE-01 997 AK5 code 4"],
    ),
    "a segment and elements that nobody named": (
        bodies(("W06*F*PO1*20261202", "ZZ9*1", "LX*1**Q", "W12*SH*2*2*****S1")),
        ["ZZ9 997 AK3 code 2", "LX-03 997 AK4 code 3"],
    ),
    "a file that is cut off": (
        bodies(ONE).partition("SE*")[0],
        ["SE 997 AK5 code 2", "GE 997 AK9 code 3", "IEA TA1 code 023, though no TA1 is written"],
    ),
    "trailers of another file": (
        bodies(ONE).replace("GE*1*3", "GE*2*4").replace("IEA*1*000000007", "IEA*7*000000008"),
        [
            "GE-01 997 AK9 code 5",
            "GE-02 997 AK9 code 4",
            "IEA-01 TA1 code 021, though no TA1 is written",
            "IEA-02 TA1 code 001, though no TA1 is written",
        ],
    ),
    "a transaction of another kind": (bodies(ONE).replace("ST*945", "ST*944"), ["ST 997 AK5 code 1"]),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_wrong_is_told_once_by_its_place_and_the_code_that_is_answered(what):
    data, said = HOSTILE[what]
    found = [one for document in documents(made(SHIP), data, order("PO1")) for one in document.findings]
    assert all(one.data and one.data.line for one in found)
    codes = (one.hint.rpartition("; ")[2].removeprefix("answered by ") for one in found)
    assert {f"{one.data.path} {code}" for one, code in zip(found, codes, strict=True)} == set(said)
    assert len(found) == len(said)  # and nothing that only follows from it


def test_a_segment_that_is_missing_is_missed_within_its_transaction():
    layout = SHIP.replace("  LX:\n    times: 0..", "  LX:\n    times: 1..")
    (document,) = documents(made(layout), bodies(("W06*F*PO1*20261202",)), order("PO1"))
    assert told(document.findings) == ["record-missing 5 LX"]  # its SE is segment 5
