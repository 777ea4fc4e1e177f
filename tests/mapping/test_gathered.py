"""A trailer that counts and adds up what stands before it: written where it stands, as if it were worked out at the end."""

from __future__ import annotations

from tests.mapping.made import frozen, item, order
from tests.mapping.test_writer import writer
from translator.mapping.known import Known

LAYOUT = """\
writes: order
format: fixed
file: x
records:
  {first}
  D:
    each: item in order.orderDetails.items
    fields: {{code: {{len: 1, is: D}}, qty: {{len: 4, from: item.orderedQuantity.amount, type: integer, pad: 0}}}}
  {last}
"""
TOTALS = "T: {{fields: {{lines: {{len: {}, type: integer, pad: 0, equals: count(D)}}, "
TOTALS += "units: {{len: 4, type: integer, pad: 0, equals: sum(D.qty)}}}}}}"


def at_the_end(width: int = 2):
    return writer(LAYOUT.format(first="A: {fields: {code: {len: 1, is: A}}}", last=TOTALS.format(width)))


def ordered(*amounts: object):
    return order(*(item(number, orderedQuantity={"amount": one}) for number, one in enumerate(amounts, 1)))


def test_it_is_what_it_would_be_if_all_rows_had_to_stand_first():
    first = writer(LAYOUT.format(first=TOTALS.format(2), last="Z: {fields: {code: {len: 1, is: Z}}}"))
    assert "run.later.append((row" in first.code
    assert "if cells" not in first.code
    for tree in (ordered(), ordered(3), ordered(3, "12", 9984)):
        late, early = (made.rows({"order": tree}, frozen()) for made in (first, at_the_end()))
        assert late[1] == early[1]
        assert late[0][0].cells == early[0][-1].cells


def test_a_total_too_long_for_its_field_is_a_finding_with_its_place():
    _, findings = at_the_end(1).rows({"order": ordered(*[1] * 10)}, frozen())
    assert [(one.code, one.rule.field) for one in findings] == [("value-too-long", "lines")]


def test_a_fault_in_what_is_added_up_is_the_only_finding():
    _, findings = at_the_end().rows({"order": ordered(1, 12345)}, frozen())
    assert [(one.code, one.data.path) for one in findings] == [
        ("value-too-long", "/orderDetails/items/1/orderedQuantity/amount")
    ]


def test_one_and_true_are_remembered_as_different_values():
    known = Known(lambda value: f"{type(value).__name__} {value}")
    assert [known[type(one), one] for one in (1, True, 1, 1.0)] == ["int 1", "bool True", "int 1", "float 1.0"]
    assert known["1"] == "str 1"
