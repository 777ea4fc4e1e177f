"""A part is written once and taken in where it is used; what is said beside `use` wins."""

from __future__ import annotations

import pytest

from tests.mapping.made import made
from translator.core.finding import Misconfigured, Severity
from translator.mapping import parts

PARTY = """writes: order
format: xml
let: {d: order.orderDetails}
parts:
  segment: {fields: {"@SEGMENT": {text: 1}}}
  party:
    use: segment
    fields:
      role: role
      name: {from: who.name, max: 40, redacted: AMAZON CUSTOMER}
      country: who.countryCode
records:
  ORDER:
    fields:
      ship_to: {at: PARTNER, use: party, let: {role: "'WE'", who: d.shipToParty}}
      bill_to:
        at: PARTNER
        use: party
        when: d.billToParty.address
        let: {role: "'RE'", who: d.billToParty.address}
        fields:
          name: {max: 30}
          vat: {after: role, text: none}
          country: {drop: true}
"""


def refused(text: str) -> list:
    with pytest.raises(Misconfigured) as caught:
        made(text)
    return [(one.code, one.rule.line) for one in caught.value.findings]


def groups(text: str) -> dict:
    return {one.name: one for one in made(text).records[0].fields}


def test_a_part_is_taken_in_and_so_is_what_the_part_uses():
    assert [one.name for one in groups(PARTY)["ship_to"].fields] == ["@SEGMENT", "role", "name", "country"]


def test_what_is_said_beside_use_wins_key_by_key():
    found = groups(PARTY)["bill_to"]
    assert [one.name for one in found.fields] == ["@SEGMENT", "role", "vat", "name"]
    name = found.fields[3]
    assert (name.max, name.redacted, name.source[0].text) == (30, "AMAZON CUSTOMER", "who.name")
    assert groups(PARTY)["ship_to"].fields[2].max == 40


def test_each_line_keeps_the_place_where_it_is_written():
    found = groups(PARTY)["bill_to"]
    assert [one.rule.line for one in found.fields] == [5, 9, 23, 22]


def test_a_part_may_be_a_record_and_be_told_apart_where_it_is_used():
    text = """reads: shipment_status
format: fixed
parts:
  reference: {times: 0..1, fields: {kind: {len: 2}, value: {len: 8}}}
records:
  street: {use: reference, fields: {kind: {is: OA}}}
  other: {use: reference, times: 0..}
documents: {about: {order: street.value}}
"""
    street, other = made(text).records
    assert (street.fields[0].is_, street.fields[0].len, street.times.most) == (("OA",), 2, 1)
    assert (other.fields[0].is_, other.times.most) == ((), None)


@pytest.mark.parametrize(
    "old, new, code, line",
    [
        ("use: party, let", "use: partty, let", "mapping-part-unknown", 15),
        ("use: segment\n", "use: [segment]\n", "yaml-type", 7),
        ('fields: {"@SEGMENT": {text: 1}}', "use: party", "mapping-part-cycle", 5),
        ('fields: {"@SEGMENT": {text: 1}}', "fields: {a: {use: segment}}", "mapping-part-cycle", 5),
        ("country: {drop: true}", "cuontry: {drop: true}", "mapping-drop", 24),
        ("after: role", "after: rle", "mapping-after", 23),
        ("party:\n", "party: x\n  other:\n", "yaml-type", 6),
        ("{text: 1}", "{text: 1, lenn: 3}", "yaml-unknown-key", 5),
    ],
)
def test_what_cannot_be_taken_in_is_said_where_it_stands(old, new, code, line):
    assert (code, line) in refused(PARTY.replace(old, new, 1))


def test_after_wants_something_to_come_after():
    assert ("mapping-after", 3) in refused(
        "writes: order\nformat: csv\nfields: {A: {text: x}, B: {after: A, text: y}}\n"
    )


def test_a_part_that_nobody_uses_is_a_warning():
    found = made(PARTY.replace("parts:\n", "parts:\n  spare: {fields: {x: {text: 1}}}\n"))
    assert ("mapping-part-unused", 5, Severity.WARNING) in [
        (one.code, one.rule.line, one.severity) for one in found.notes
    ]


def test_parts_that_multiply_are_refused_in_no_time():
    doubled = "".join(f"  p{n}: {{fields: {{a: {{use: p{n - 1}}}, b: {{use: p{n - 1}}}}}}}\n" for n in range(1, 31))
    text = f"writes: order\nformat: xml\nparts:\n  p0: {{fields: {{x: {{text: 1}}}}}}\n{doubled}fields: {{o: {{use: p30}}}}\n"
    assert {code for code, _ in refused(text)} == {"mapping-part-size"}
    chain = "".join(f"  p{n}: {{use: p{n - 1}}}\n" for n in range(1, 400))
    text = f"writes: order\nformat: xml\nparts:\n  p0: {{fields: {{x: {{text: 1}}}}}}\n{chain}fields: {{o: {{use: p399}}}}\n"
    assert {code for code, _ in refused(text)} == {"yaml-depth"}
    many = "".join(f"  p{n}: {{fields: {{x: {{text: 1}}}}}}\n" for n in range(parts.PARTS + 1))
    assert refused(f"writes: order\nformat: xml\nparts:\n{many}fields: {{o: {{use: p1}}}}\n") == [
        ("mapping-part-size", 4)
    ]
