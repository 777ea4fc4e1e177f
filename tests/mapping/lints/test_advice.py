"""What can hardly be meant is told when a mapping is loaded, with its place and what to do about it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.mapping.made import made
from tests.presets import MAPPINGS, fetch
from translator.core.finding import Misconfigured, Severity
from translator.translation import load

ROOT = Path(__file__).parents[3]
CSV = "writes: order\nformat: csv\nheader: true\nlet: {d: order.orderDetails}\neach: item in d.items\nfields:\n"
FIXED = "writes: order\nformat: fixed\nlet: {d: order.orderDetails}\neach: item in d.items\nfields:\n"
TABLES = {"tables/long.csv": b"amazon,wms\nUPS_GR,GROUND\nUPS_2ND,SECOND DAY AIR\n"}


def told(text, **files):
    """Give code and line of what is warned of, and of what is wrong."""
    try:
        notes = made(text, **files).notes
    except Misconfigured as error:
        notes = error.findings
    return [(one.code, one.rule.line) for one in notes]


@pytest.mark.parametrize("path", MAPPINGS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_nothing_can_be_said_against_a_preset(path):
    assert load(f"{path.parent.name}/{path.name}", path.read_bytes(), fetch).file.notes == ()


def test_an_advice_stops_nothing():
    (note,) = made(CSV + "  TITLE: item.title\n").notes
    assert (note.severity, note.rule.file, note.rule.column) == (Severity.WARNING, "m.yaml", 10)
    assert "maybe: item.title" in note.hint


# --- what may be absent ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "field",
    [
        "{maybe: item.title}",
        "{from: item.title, default: NONE}",
        "{from: item.title, required: true}",
        "{from: item.title, when: item.title}",
        "[item.title, item.itemSequenceNumber]",
        "item.itemSequenceNumber",
        "item.title | upper",
    ],
)
def test_a_value_that_may_be_absent_is_in_order_where_the_mapping_says_what_then(field):
    assert told(f"{CSV}  X: {field}\n") == []


@pytest.mark.parametrize(
    "field", ["item.title", "{from: item.title, max: 500}", "[item.title, item.giftDetails.giftMessage]"]
)
def test_a_value_that_may_be_absent_is_told_where_the_mapping_takes_it_for_granted(field):
    assert told(f"{CSV}  X: {field}\n") == [("path-optional", 7)]


def test_what_stands_under_a_condition_may_be_taken_for_granted():
    head = "writes: order\nformat: csv\nlet: {s: order.orderDetails.orderStatus}\n"
    text = head + "records:\n  N: {when: s, fields: {S: s}}\n"
    assert told(text) == []


# --- what does not fit ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "field",
    [
        "{len: 2, text: LONG}",
        "{len: 1, is: [A, LONG]}",
        "{len: 2, maybe: item.title, truncate: false, default: NONE}",
        '{len: 7, from: d.orderDate, date: "%Y%m%d"}',
        "{len: 8, from: d.shipmentDetails.shipMethod, lookup: long}",
        "{len: 3, maybe: d.orderStatus}",
    ],
)
def test_what_can_never_fit_is_refused(field):
    assert ("overflow", 6) in told(f"{FIXED}  X: {field}\n", **TABLES)


@pytest.mark.parametrize(
    "field",
    [
        "{len: 4, text: LONG}",
        '{len: 8, from: d.orderDate, date: "%Y%m%d", zone: UTC}',
        "{len: 14, from: d.shipmentDetails.shipMethod, lookup: long}",
        "{len: 9, maybe: d.orderStatus}",
        "{len: 30, from: d.shipToParty.name, truncate: true}",
        "{len: 50, from: d.shipToParty.name}",
    ],
)
def test_what_fits_is_in_order(field):
    assert told(f"{FIXED}  X: {field}\n", **TABLES) == []


def test_a_name_that_may_be_too_long_is_told():
    assert told(f"{FIXED}  X: {{len: 30, from: d.shipToParty.name}}\n") == [("may-overflow", 6)]


def test_what_goes_on_in_another_field_may_be_long():
    assert told(f"{FIXED}  X: {{len: 30, from: d.shipToParty.name, rest: Y}}\n  Y: {{len: 30}}\n") == []


# --- words of a table -----------------------------------------------------------------------------------------------


def test_a_table_that_does_not_know_all_of_amazons_words_is_told():
    words = "{NEW: N, SHIPPED: S, ACCEPTED: A}"
    assert told(f"{CSV}  X: {{maybe: d.orderStatus, lookup: {words}}}\n") == [("lookup-incomplete", 7)]
    assert told(f"{CSV}  X: {{from: d.shipmentDetails.isPslipRequired, lookup: {{true: Y}}}}\n") == [
        ("lookup-incomplete", 7)
    ]


def test_a_table_may_leave_words_to_what_a_miss_means():
    assert told(f"{CSV}  X: {{maybe: d.orderStatus, lookup: {{NEW: N}}, miss: pass}}\n") == []


# --- a filter behind a sum -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value, caught",
    [
        ("item.orderedQuantity.amount + 1 | zeros(6)", "'| zeros' takes only '1'"),
        (
            "loop.index * 10 - item.orderedQuantity.amount | zeros(6)",
            "'| zeros' takes only 'item.orderedQuantity.amount'",
        ),
        ("'A' ~ item.title | upper | one_line", "'| upper' takes only 'item.title'"),
        ("(loop.index + 1) | zeros(6)", ""),
        ("loop.index + (1 | zeros(6))", ""),
        ("-1 | zeros(6) if loop.index - 1 > 0 else loop.index | zeros(6)", ""),
        ("join([loop.index + 1, item.title | upper], '-')", ""),
        ("'a - b' | upper", ""),
    ],
)
def test_a_filter_that_takes_only_the_last_part_of_a_sum_is_told(value, caught):
    notes = made(f'{CSV}  X: {{maybe: "{value}"}}\n').notes
    assert [one.text.partition(",")[0] for one in notes if one.code == "filter-binds"] == ([caught] if caught else [])


# --- what is never asked for ----------------------------------------------------------------------------------------


def test_a_short_name_that_nobody_asks_for_is_told():
    text = CSV.replace("{d: order.orderDetails}", "{d: order.orderDetails, s: d.shipmentDetails}")
    assert told(f"{text}  X: item.itemSequenceNumber\n") == [("let-unused", 4)]


def test_a_short_name_of_a_group_is_asked_for_through_its_list():
    text = """\
reads: inventory_update
format: xml
records:
  Stock:
    fields:
      Item: {times: 0.., fields: {Sku: {}, Part: {times: 0.., let: {free: Qty - 1}, fields: {Qty: {type: integer}}}}}
documents:
  each: Stock
  warehouseId: {text: EWR1}
  items: {each: Stock.Item, vendorProductIdentifier: Sku, availableQuantity: {amount: sum(Part.free)}}
"""
    assert told(text) == []
    assert told(text.replace("sum(Part.free)", "sum(Part.Qty)")) == [("let-unused", 6)]


def test_a_setting_that_nobody_asks_for_is_told():
    text = CSV + "  X: item.itemSequenceNumber\npartner: {site: their site, unit: their unit}\n"
    assert told(text.replace("X: item", "W: partner.site\n  X: item")) == [("partner-unused", 0)]


# --- records that cannot be told apart ------------------------------------------------------------------------------

LINES = """\
reads: inventory_update
format: {format}
records:
{records}documents: {{warehouseId: {{text: EWR1}}, items: {{text: x}}}}
"""


def ambiguous(records, form="csv"):
    return [code for code, _ in told(LINES.format(format=form, records=records)) if code == "records-ambiguous"]


def test_a_record_without_a_code_takes_the_lines_of_those_after_it():
    assert ambiguous("  D: {times: 0.., fields: {a: {}}}\n  T: {fields: {b: {}}}\n")
    assert ambiguous("  D: {times: 0.., fields: {a: {}}}\n  T: {fields: {b: {is: T}}}\n")


def test_a_code_tells_records_apart():
    assert not ambiguous("  D: {times: 0.., fields: {a: {is: D}}}\n  T: {fields: {b: {is: T}}}\n")
    assert not ambiguous("  T: {fields: {b: {is: T}}}\n  D: {times: 0.., fields: {a: {}}}\n")


def test_a_place_that_is_used_up_tells_records_apart():
    assert not ambiguous("  H: {fields: {a: {}}}\n  D: {times: 0.., fields: {b: {}}}\n")


def test_the_same_code_does_not_tell_records_apart():
    assert ambiguous("  D: {times: 0.., fields: {a: {is: D}}}\n  E: {times: 0.., fields: {b: {is: [D, E]}}}\n")
    assert not ambiguous("  D: {times: 0.., fields: {a: {is: D}}}\n  E: {fields: {x: {is: E}, b: {is: D}}}\n")


def test_lines_below_a_record_take_its_next_one():
    assert ambiguous("  H:\n    times: 0..\n    fields: {a: {}}\n    records: {D: {times: 1.., fields: {b: {}}}}\n")


def test_a_condition_of_recognition_is_believed():
    assert not ambiguous("  D: {times: 0.., match: a == 'x', fields: {a: {}}}\n  T: {fields: {b: {}}}\n")


# --- what nothing fills ---------------------------------------------------------------------------------------------

SHIP = """\
reads: shipment_confirmation
format: csv
header: true
fields: {ORDER: {}, LINE: {}, QTY: {type: integer}}
documents:
  group: ORDER
  about: {order: ORDER}
  shipmentDetails: {shippedDate: now}
  containers:
    each: row
    packedItems: {each: row, about: {item: LINE}, packedQuantity: {amount: QTY}}
"""


def test_a_picture_that_gives_what_amazon_wants_is_in_order():
    assert told(SHIP) == []


@pytest.mark.parametrize(
    "without, lost",
    [
        ("  about: {order: ORDER}\n", "purchaseOrderNumber"),
        ("  shipmentDetails: {shippedDate: now}\n", "shipmentDetails"),
        ("about: {item: LINE}, ", "itemSequenceNumber"),
        (", packedQuantity: {amount: QTY}", "packedQuantity"),
    ],
)
def test_a_required_field_that_nothing_fills_is_told(without, lost):
    (note,) = made(SHIP.replace(without, "")).notes
    assert note.code == "required-never-filled"
    assert lost in note.text


def test_of_a_picture_that_is_never_drawn_nothing_is_required():
    assert told(SHIP.replace("  shipmentDetails: {shippedDate: now}\n", '  when: "false"\n')) == []


# --- positions ------------------------------------------------------------------------------------------------------

READ = "reads: inventory_update\nformat: fixed\nfields:\n{fields}documents: {{warehouseId: {{text: E}}, items: {{text: x}}}}\n"


@pytest.mark.parametrize(
    "fields, code, text",
    [
        ("  a: {len: 5}\n  b: {at: 5, len: 3}\n", "fields-overlap", "'b' (5 to 7) overlaps 'a' (1 to 5)"),
        ("  b: {at: 3, len: 3}\n  a: {at: 1, len: 9}\n", "fields-overlap", "'b' (3 to 5) overlaps 'a' (1 to 9)"),
        ("  a: {len: 5}\n  b: {at: 9, len: 3}\n", "fields-gap", "the positions 6 to 8, before 'b'"),
        ("  a: {len: 5}\n  b: {at: 7, len: 3}\n", "fields-gap", "the positions 6, before 'b'"),
    ],
)
def test_positions_that_two_fields_claim_or_none_are_told(fields, code, text):
    (note,) = [one for one in made(READ.format(fields=fields)).notes if one.code.startswith("fields")]
    assert note.code == code
    assert text in note.text


def test_what_is_not_read_on_purpose_is_no_gap():
    text = READ.format(fields="  a: {len: 5}\n  b: {at: 9, len: 3}\n") + "unknown: skip\n"
    assert not [one for one in made(text).notes if one.code == "fields-gap"]


def test_a_field_that_would_be_written_over_another_is_refused():
    assert told(FIXED + "  a: {len: 5, text: x}\n  b: {at: 5, len: 3, text: y}\n") == [("fields-overlap", 7)]


COLUMNS = "writes: order\nformat: csv\n{header}fields:\n  a: {{at: {at}, text: x}}\n  b: {{at: 2, text: y}}\n"


@pytest.mark.parametrize(
    "header, at, found",
    [
        ("", 2, [("fields-overlap", 5)]),  # one would take the column of the other, and its value be lost
        ("", "A", [("field-nowhere", 4)]),
        ("header: skip\n", "A", [("field-nowhere", 5)]),
        ("", 0, [("field-nowhere", 4)]),
        ("", 1, []),
        ("header: true\n", "A", []),
        ("header: true\n", 2, []),
    ],
)
def test_columns_without_names_are_numbers_and_each_is_written_once(header, at, found):
    assert told(COLUMNS.format(header=header, at=at)) == found


@pytest.mark.parametrize("at", ["A", "0", "1.5"])
def test_a_position_that_is_none_is_refused(at):
    assert told(f"{FIXED}  a: {{len: 5, text: x}}\n  b: {{at: {at}, len: 3, text: y}}\n") == [("field-nowhere", 7)]


def test_what_repeats_inside_one_value_takes_its_place_once():
    skus = "  skus: {len: 9, times: 0..5, split: ';', from: d.items.vendorProductIdentifier}\n"
    records = "records:\n  H:\n    len: 12\n    fields:\n    " + skus + "      end: {len: 3, text: END}\n"
    assert told("writes: order\nformat: fixed\nlet: {d: order.orderDetails}\n" + records) == []


def test_a_field_behind_the_end_of_its_record_is_refused():
    text = (
        "writes: order\nformat: fixed\nrecords:\n  H: {len: 6, fields: {a: {len: 5, text: x}, b: {len: 5, text: y}}}\n"
    )
    assert told(text) == [("field-beyond", 4)]


SEGMENTS = """reads: shipment_status
format: x12
records:
{records}documents: {{statusUpdateDetails: {{trackingNumber: {{text: T}}}}}}
"""


@pytest.mark.parametrize(
    "records, found",
    [
        ("  N1: {times: 0.., fields: {a: {}}}\n  ship_to: {at: N1*ST, fields: {b: {at: 2}}}\n", True),
        ("  ship_to: {at: N1*ST, times: 0.., fields: {b: {at: 2}}}\n  N1: {times: 0.., fields: {a: {}}}\n", False),
        ("  a: {at: HL, times: 0.., fields: {n: {at: 1}}}\n  b: {at: HL, fields: {level: {at: 3, is: O}}}\n", True),
        ("  a: {at: HL, times: 0.., fields: {l: {at: 3, is: S}}}\n  b: {at: HL, fields: {l: {at: 3, is: O}}}\n", False),
        ("  a: {at: N1*ST, times: 0..1, fields: {b: {}}}\n  b: {at: N1*ST, times: 0..1, fields: {b: {}}}\n", True),
        ("  a: {at: N1*ST, fields: {b: {}}}\n  b: {at: N1*ST, times: 0..1, fields: {b: {}}}\n", False),
        ("  N1: {times: 0..1, fields: {a: {}}}\n  ship_to: {at: N1*ST, fields: {b: {}}}\n", True),
        (
            "  LX:\n    times: 0..\n    fields: {n: {}}\n    records: {inner: {at: LX, times: 0..1, fields: {n: {}}}}\n",
            True,
        ),
        (
            "  LX: {times: 0.., fields: {n: {}}, records: {N9: {times: 0..1, fields: {q: {}}}}}\n  N9: {times: 0..}\n",
            True,
        ),
        (
            "  N9: {times: 0.., fields: {q: {}}}\n  LX: {times: 0.., fields: {n: {}}, records: {N9: {times: 0..1}}}\n",
            False,
        ),
        ("  N1: {fields: {a: {}}}\n  end: {at: SE, times: 0..1, fields: {n: {}}}\n", True),
    ],
)
def test_segments_that_cannot_be_told_apart_are_told(records, found):
    notes = noted(SEGMENTS.format(records=records))
    assert ("records-ambiguous" in [note.code for note in notes]) == found


NEXT = "  next: {at: HL, times: 0.., fields: {b: {at: 1}}}\n"
PARENTS = {
    "shipment.number": False,  # only lines below that shipment are taken
    "sum(LIN.qty)": True,  # says what must stand there, and takes any line
    "'7'": True,
    "shipment.number + 1": True,
    "shipment.lot": True,  # it has no such field
    "other.number": True,  # that stands beside it, not around
}


@pytest.mark.parametrize("said", PARENTS)
def test_a_record_that_names_the_one_around_it_takes_no_other_lines(said):
    inner = f"pack: {{at: HL, times: 0.., fields: {{parent: {{equals: {said}}}}}}}"
    lin = "LIN: {times: 0.., fields: {qty: {type: integer}}}"
    outer = "  other: {at: BSN, fields: {number: {}}}\n  shipment:\n    at: SHP\n    fields: {number: {}}\n"
    outer += f"    records:\n      {inner}\n      {lin}\n"
    notes = noted(SEGMENTS.format(records=outer + NEXT))
    found = [note.text.partition(" cannot")[0] for note in notes if note.code == "records-ambiguous"]
    assert found == ["'pack' and 'next'"] * PARENTS[said]


@pytest.mark.parametrize("said, found", [("here.number - 1", True), ("here.number", True), ("H.lot", False)])
def test_a_line_that_counts_itself_is_not_told_apart_by_that(said, found):
    detail = f"D: {{times: 0.., fields: {{code: {{len: 1, is: D}}, lot: {{len: 4, equals: {said}}}}}}}"
    text = f"  H:\n    fields: {{code: {{len: 1, is: H}}, lot: {{len: 4}}}}\n    records:\n      {detail}\n"
    text += "  note: {times: 0.., fields: {code: {len: 1, is: D}, words: {len: 20}}}\n"
    notes = noted(SEGMENTS.replace("format: x12", "format: fixed").format(records=text))
    assert ("records-ambiguous" in [note.code for note in notes]) == found


OVERLAPS = {
    "codes in two places": ("a: {is: X}", "a: {}, b: {is: Y}", True),
    "one asks for less": ("a: {is: X}", "a: {is: X}, b: {is: Y}", False),
    "with lengths": ("a: {len: 4, is: X}", "b: {at: 2, len: 4, is: Y}", True),
    "behind a length": ("n: {len: 9}, a: {is: X}", "b: {at: 3, is: Y}", True),
    "one asks for more": ("a: {is: X}, b: {is: Y}", "b: {is: Y, at: 2}", False),
    "another code in a third place": ("a: {is: X}, b: {is: Y}", "a: {is: Z}, c: {at: 3, is: W}", False),
    "the same code in a third place": ("a: {is: X}, b: {is: Y}", "a: {is: [X, Z]}, c: {at: 3, is: W}", True),
}


@pytest.mark.parametrize("case", OVERLAPS)
@pytest.mark.parametrize("form, tag", [("x12", "at: REF, "), ("csv", "")])
def test_a_line_that_may_be_two_records_is_told(case, form, tag):
    first, other, found = OVERLAPS[case]
    records = f"  A: {{{tag}times: 0.., fields: {{{first}}}}}\n  B: {{{tag}times: 0.., fields: {{{other}}}}}\n"
    lines = SEGMENTS.replace("format: x12", f"format: {form}").format(records=records)
    told_of = [note for note in noted(lines) if note.code == "records-overlap"]
    assert [str(note.severity) for note in told_of] == ["warning"] * found
    assert all("'A' and 'B'" in note.text and note.rule.line == 5 for note in told_of)


@pytest.mark.parametrize("wide, found", [("IDOC", True), ("IDOX", False), ("IDOCXYZ", False)])
def test_codes_of_another_width_contradict_each_other_where_they_stand_over_each_other(wide, found):
    records = (
        "  A: {times: 0.., fields: {name: {len: 6, is: IDOC}, kind: {at: 10, len: 2, is: K}}}\n"
        f"  B: {{times: 0.., fields: {{name: {{len: 7, is: {wide}}}, other: {{at: 20, len: 2, is: X}}}}}}\n"
    )
    notes = noted(SEGMENTS.replace("format: x12", "format: fixed").format(records=records))
    assert ("records-overlap" in [note.code for note in notes]) == found


def noted(text):
    try:
        return load("m.yaml", text.encode(), lambda _: None).file.notes
    except Misconfigured as error:
        return error.findings


@pytest.mark.parametrize(
    "fields, places",
    [
        ("{a: {}, b: {at: 1}}", "(W06-01) overlaps 'a' (W06-01)"),
        ("{a: {}, b: {at: 1.2}}", "(W06-01-02) overlaps 'a' (W06-01)"),
        ("{a: {at: 1.1}, b: {at: 1.2}}", ""),
        ("{ids: {times: 0..3, fields: {k: {}, v: {}}}, b: {at: 6}}", "(W06-06) overlaps 'ids' (W06-01)"),
        ("{ids: {times: 0..3, fields: {k: {}, v: {}}}, b: {}}", ""),
    ],
)
def test_fields_of_a_segment_in_one_place_are_told_and_where_they_are_written_refused(fields, places):
    text = SEGMENTS.format(records=f"  W06: {{fields: {fields}}}\n")
    notes = load("m.yaml", text.encode(), lambda _: None).file.notes
    assert [one.text.partition(" ")[2] for one in notes if one.code == "fields-overlap"] == ([places] if places else [])
    written = (
        "writes: order\nformat: x12\nfile: A.edi\nenvelope: {GS: {code: {text: OW}}, ST: {set: {is: 940}}}\nrecords:\n"
    )
    texts = re.sub(r"(\b[abkv]): {", r"\1: {text: x, ", fields)
    try:
        load("m.yaml", f"{written}  W06: {{fields: {texts}}}\n".encode(), lambda _: None)
        found = []
    except Misconfigured as error:
        found = [one.code for one in error.findings]
    assert found == (["fields-overlap"] if places else [])


def test_a_moment_as_amazon_writes_it_does_not_fit_where_a_day_is_meant():
    with pytest.raises(Misconfigured) as caught:
        made(f"{FIXED}  DAY: {{len: 8, from: d.orderDate}}\n")
    (finding,) = caught.value.findings
    assert (finding.code, finding.rule.line, finding.hint) == (
        "overflow",
        6,
        'its look: date: "%Y%m%d", zone: warehouse',
    )
    assert told(f"{FIXED}  DAY: {{len: 10, from: d.orderDate, truncate: true}}\n") == []


def test_two_letters_of_a_country_are_made_by_a_function_not_by_cutting():
    (note,) = made(f"{FIXED}  LAND: {{len: 2, from: d.shipToParty.countryCode}}\n").notes
    assert (note.code, note.hint) == ("may-overflow", "d.shipToParty.countryCode | country_code")
    assert told(f'{FIXED}  LAND: {{len: 2, from: "d.shipToParty.countryCode | country_code"}}\n') == []
