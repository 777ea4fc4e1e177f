"""What was found in a file of segments, in the words of a partner: place, code, and the acknowledgement of it."""

import pytest

from tests.formats.interchanges import ISA, context, made, st, x12
from translator.core.document import Document
from translator.core.finding import Finding, Place, Rejected, Severity, errors
from translator.formats.told import EDIFACT, X12, place_of
from translator.translation import acknowledgements, groups, read

SHIP = """
reads: shipment_confirmation
format: x12
envelope: {ST: {set: {is: 945}}}
records:
  W06: {fields: {code: {}, order: {}, day: {date: "%Y%m%d", time: "17:00", zone: warehouse, required: true}}}
  ship_to: {at: N1*ST, fields: {name: {}}}
  LX:
    times: 0..
    fields: {number: {}}
    records: {W12: {times: 1.., fields: {status: {}, ordered: {}, shipped: {type: integer, max: 3}, sku: {at: 8}}}}
documents:
  about: {order: W06.order}
  shipmentDetails: {shippedDate: W06.day, shipmentStatus: {text: SHIPPED}}
  items: {each: LX.W12, about: {item: {vendorProductIdentifier: sku}}, shippedQuantity: {amount: shipped}}
"""
GOOD = ("W06*F*PO1*20261202", "N1*ST*Ann", "LX*1", "W12*SH*2*2*****S1")
AT = "2026-12-01T18:00:00Z"


@pytest.fixture(scope="module")
def ship():
    return made(SHIP)


def answered(ship, text):
    """Give what is found in a file, and the acknowledgements of it."""
    data = text.encode(errors="surrogateescape")
    documents = list(read(ship, [data], "f.edi", context()))
    found = [one for document in documents for one in document.findings]
    return found, list(acknowledgements(ship, groups(ship, [data], "f.edi"), documents, AT))


def with_(number, segment):
    return x12(st(*GOOD, control="0001"), st(*(*GOOD[:number], segment, *GOOD[number + 1 :]), control="0002"))


WRONG = {
    "W06*F*PO1*2026": (0, "W06-03", "997 AK4 code 8", {"tag": "W06", "number": 2}, (3, "8")),
    "W06*F*PO1": (0, "W06-03", "997 AK4 code 1", {"tag": "W06", "number": 2}, (3, "1")),
    "W12*SH*2*x*****S1": (3, "W12-03", "997 AK4 code 6", {"tag": "W12", "number": 5}, (3, "6")),
    "ZZZ*1": (1, "ZZZ", "997 AK3 code 2", {"tag": "ZZZ", "number": 3}, None),
}


@pytest.mark.parametrize("segment", WRONG)
def test_an_error_is_told_by_segment_element_and_the_code_it_becomes(ship, segment):
    number, path, hint, where, element = WRONG[segment]
    found, (answer,) = answered(ship, with_(number, segment))
    first = next(one for one in errors(found) if one.data.path == path)
    assert str(first).startswith(f"f.edi:{8 + where['number']} {path}")
    assert hint in first.hint
    assert (answer["status"], answer["included"], answer["received"], answer["accepted"]) == ("partly", 2, 2, 1)
    good, bad = answer["transactions"]
    assert good == {"set": "945", "control": "0001", "status": "accepted"}
    assert (bad["status"], bad["codes"]) == ("rejected", [{"code": "5"}])
    told = next(one for one in bad["segments"] if one["tag"] == where["tag"])
    assert told["number"] == where["number"]
    assert not element or {"element": element[0], "code": element[1]} in told["elements"]


def test_a_segment_that_is_missing_is_told_by_its_tag(ship):
    found, (answer,) = answered(ship, x12(st(GOOD[0], *GOOD[2:])))
    assert [one.data.path for one in errors(found)] == ["N1"]
    (segment,) = answer["transactions"][0]["segments"]
    assert (segment["tag"], segment["codes"]) == ("N1", [{"code": "3"}])


AROUND = {
    ("SE*6*0001", "SE*7*0001"): ([], [{"code": "4"}]),
    ("SE*6*0001", "SE*6*0009"): ([], [{"code": "3"}]),
    ("GE*1*3", "GE*2*3"): ([{"code": "5"}], []),
    ("GE*1*3", "GE*1*4"): ([{"code": "4"}], []),
    ("ST*945*0001", "ST*947*0001"): ([], []),
    ("IEA*1*", "IEA*2*"): ([], []),  # that is a TA1's matter; the group is refused without a word of its own
}


@pytest.mark.parametrize("change", AROUND)
def test_what_is_wrong_around_refuses_all_of_it(ship, change):
    codes, own = AROUND[change]
    text = x12(st(*GOOD))
    assert change[0] in text
    _, (answer,) = answered(ship, text.replace(*change))
    assert (answer["status"], answer.get("codes", [])) == ("rejected", codes)
    (transaction,) = answer["transactions"]
    assert transaction["status"] == "rejected"
    assert own == [] or transaction["codes"] == own


def test_what_no_code_is_for_refuses_its_transaction_and_no_other(ship):
    text = x12(st(*GOOD, control="0001"), st(*GOOD, "W12*SH*2*2*****S\udcff", control="0002"))
    found, (answer,) = answered(ship, text)
    assert [one.data.path for one in errors(found)] == [""]
    assert [(one["status"], one["codes"]) for one in answer["transactions"] if "codes" in one] == [
        ("rejected", [{"code": "5"}])
    ]
    assert (answer["status"], answer["accepted"]) == ("partly", 1)


def test_a_file_that_cannot_be_read_to_its_end_is_refused_whole():
    short = made(SHIP.replace("format: x12", "format: x12\nlimits: {records: 9}"))
    data = x12(st(*GOOD, control="0001"), st(*GOOD, control="0002")).encode()
    with pytest.raises(Rejected) as raised:
        list(read(short, [data], "f.edi", context()))
    unread = Document("unread", {}, findings=tuple(raised.value.findings))
    (answer,) = acknowledgements(short, groups(short, [data], "f.edi"), [unread], AT)
    assert (answer["status"], answer["accepted"]) == ("rejected", 0)
    assert [one["status"] for one in answer["transactions"]] == ["rejected", "rejected"]


def test_a_warning_is_told_to_nobody():
    mild = made(SHIP.replace("format: x12", "format: x12\nunknown: warn"))
    found, (answer,) = answered(mild, x12(st(*GOOD[:3], "W12*SH*2*2*****S1*LOT")))
    assert [str(one.severity) for one in found] == ["warning"]
    assert answer["status"] == "accepted"


STOCK = """
reads: inventory_update
format: x12
envelope: {ST: {set: {is: 846}}}
records:
  BIA: {fields: {purpose: {required: true}}}
  LIN:
    times: 0..
    fields: {number: {}, kind: {}, sku: {required: true}}
    records:
      QTY: {fields: {kind: {fields: {code: {}, level: {type: integer}}}}}
documents:
  warehouseId: {text: EWR1}
  isFullUpdate: {from: BIA.purpose, lookup: {00: true, 25: false}}
  items: {each: LIN, vendorProductIdentifier: sku, availableQuantity: {amount: QTY.kind.level}}
"""
BAD, WELL = ("LIN*1*VN*S1", "QTY*33>x"), ("LIN*2*VN*S2", "QTY*33>7")


def stock(*transactions):
    """Give the acknowledgement of stock: for each transaction its purpose, and what it tells."""
    made_of = (
        st(f"BIA*{purpose}", *told, control=f"000{n}", set="846") for n, (purpose, *told) in enumerate(transactions)
    )
    _, (answer,) = answered(made(STOCK), x12(*made_of))
    return answer


def test_stock_that_loses_one_entry_is_taken_with_errors_and_a_component_is_told_by_its_place():
    answer = stock(("25", *BAD, *WELL))
    assert (answer["status"], answer["received"], answer["accepted"]) == ("errors", 1, 1)
    (transaction,) = answer["transactions"]
    assert (transaction["status"], transaction["codes"]) == ("errors", [{"code": "5"}])
    (segment,) = transaction["segments"]
    assert (segment["tag"], segment["number"]) == ("QTY", 4)
    assert segment["elements"] == [{"element": 1, "component": 2, "code": "6"}]


def test_a_transaction_of_which_no_level_is_taken_is_refused_though_another_is():
    answer = stock(("25", *BAD), ("25", *WELL))
    assert (answer["status"], [one["status"] for one in answer["transactions"]]) == ("partly", ["rejected", "accepted"])


def test_all_the_stock_there_is_is_refused_for_one_entry():
    answer = stock(("00", *BAD, *WELL))
    assert (answer["status"], [one["status"] for one in answer["transactions"]]) == ("rejected", ["rejected"])


def test_each_group_of_each_interchange_has_an_acknowledgement(ship):
    two = x12(st(*GOOD)) + x12(st(*GOOD)).replace("000000007", "000000008")
    _, answers = answered(ship, two)
    assert [(one["interchange"], one["sender"], one["code"]) for one in answers] == [
        ("000000007", answers[0]["sender"], "SW"),
        ("000000008", answers[0]["sender"], "SW"),
    ]


def test_an_interchange_without_groups_is_answered_by_nothing(ship):
    empty = f"{ISA}IEA*0*000000007~"
    assert answered(ship, empty)[1] == []
    (answer,) = answered(ship, empty + x12(st(*GOOD)).replace("000000007", "000000008"))[1]
    assert (answer["interchange"], answer["status"]) == ("000000008", "accepted")


def test_a_file_that_no_header_begins_is_answered_by_nothing(ship):
    assert groups(ship, [b"no EDI at all"], "f") == []
    assert groups(ship, [b""], "f") == []


@pytest.mark.parametrize("telling", [X12, EDIFACT])
def test_what_has_no_words_in_a_standard_becomes_no_code(telling):
    place = Place("f", 4, path="W06-02")
    assert telling.said(Finding("unknown-order", "x", place)) is None
    assert telling.said(Finding("number-syntax", "x", place, severity=Severity.WARNING)) is None
    assert telling.said(Finding("number-syntax", "x", place)).level == "element"
    assert telling.said(Finding("anything-else", "x", Place("f", 4, path="W06"))).level == "segment"


def test_a_place_is_read_as_it_is_written():
    assert place_of(Finding("x", "x", Place(path="DTM-01-02"))) == ("DTM", 1, 2)
    assert place_of(Finding("x", "x", Place(path="SE-01"))) == ("SE", 1, 0)
    assert place_of(Finding("x", "x", Place(path="/items/0"))) == ("", 0, 0)
    assert place_of(Finding("x", "x")) == ("", 0, 0)


SAID = {  # what is found at N4-02 -> the code of the element, in 997 and in CONTRL
    "value-required": ("1", "13"),
    "value-missing": ("1", "13"),
    "group-missing": ("1", "13"),
    "element-unknown": ("3", "16"),
    "limit-columns": ("3", "16"),
    "value-too-long": ("5", "39"),
    "value-length": ("5", "39"),
    "limit-field": ("5", "39"),
    "charset": ("6", "21"),
    "character": ("6", "21"),
    "number-syntax": ("6", "37"),
    "date-syntax": ("8", "12"),
    "date-bounds": ("8", "12"),
    "value-refused": ("7", "12"),
}
FRAMES = {  # what is found about headers and trailers -> the code, and where it stands
    "IEA": {"count": "TA1 021", "control": "TA1 001", "open": "TA1 023"},
    "GE": {"count": "997 AK9 5", "control": "997 AK9 4", "open": "997 AK9 3"},
    "SE": {"count": "997 AK5 4", "control": "997 AK5 3", "open": "997 AK5 2"},
    "ISA": {"repeated": "TA1 025"},
    "GS": {"repeated": "997 AK9 19"},
    "ST": {"repeated": "997 AK5 23"},
    "UNZ": {"count": "CONTRL UCI 29", "control": "CONTRL UCI 28", "open": "CONTRL UCI 13"},
    "UNE": {"count": "CONTRL UCI 29", "control": "CONTRL UCI 28", "open": "CONTRL UCI 13"},
    "UNT": {"count": "CONTRL UCM 29", "control": "CONTRL UCM 28", "open": "CONTRL UCM 13"},
    "UNB": {"repeated": "CONTRL UCI 26"},
    "UNG": {"repeated": "CONTRL UCI 26"},
    "UNH": {"repeated": "CONTRL UCM 26"},
}


@pytest.mark.parametrize("code", SAID)
def test_what_is_wrong_with_an_element_has_a_code_in_both_standards(code):
    told = [telling.said(Finding(code, "", Place("f", 3, path="N4-02"))) for telling in (X12, EDIFACT)]
    assert [str(one) for one in told] == [
        f"{where} code {said}" for where, said in zip(("997 AK4", "CONTRL UCD"), SAID[code], strict=True)
    ]


@pytest.mark.parametrize("tag", FRAMES)
def test_what_is_wrong_with_headers_and_trailers_has_a_code_where_it_stands(tag):
    telling = EDIFACT if tag.startswith("UN") else X12
    for what, said in FRAMES[tag].items():
        where, _, code = said.rpartition(" ")
        told = telling.said(Finding(f"envelope-{what}", "", Place("f", 3, path=tag)))
        assert str(told) == f"{where} code {code}"


def test_what_a_trailer_counts_is_told_beside_what_came(ship):
    _, (answer,) = answered(ship, x12(st(*GOOD), count="9"))
    assert (answer["included"], answer["received"], answer["accepted"]) == (9, 1, 0)
    assert answer["status"] == "rejected"


def test_a_group_of_nothing_whose_trailer_is_wrong_is_refused(ship):
    _, (answer,) = answered(ship, x12(count="1"))
    assert answer["status"] == "rejected"
