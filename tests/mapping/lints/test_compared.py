"""A comparison that never comes out equal is told: it would leave a field empty, or ship what is denied, without a word."""

import pytest

from tests.mapping.lints.test_advice import CSV, told
from tests.mapping.made import made

READS = """reads: shipment_confirmation
format: csv
fields:
  ORDER: {}
  SENT: {type: integer}
  LEFT: {}
  DAY: {date: "%Y%m%d"}
  CODE: {lookup: {A: "1"}}
  N: {type: integer, default: none}
let: {left: LEFT}
documents:
  group: ORDER
  about: {order: ORDER}
  shipmentDetails: {shippedDate: now, shipmentStatus: "'FLOOR_DENIAL' if CONDITION else 'SHIPPED'"}
"""


def compared(text):
    return [one for one in made(text).notes if one.code.startswith("comparison")]


@pytest.mark.parametrize(
    "condition, said",
    [
        ("d.shipmentDetails.isGift == 'true'", "d.shipmentDetails.isGift is true or false, never the text 'true'"),
        ("'Y' == d.shipmentDetails.isGift", "d.shipmentDetails.isGift is true or false, never the text 'Y'"),
        ("d.shipmentDetails.isGift != 1", "d.shipmentDetails.isGift is true or false, never the number 1"),
        ("item.orderedQuantity.amount == '1'", "item.orderedQuantity.amount is a number, never the text '1'"),
        ("item.netPrice.amount > 5.05", "item.netPrice.amount is a text, never the number 5.05"),
        ("item.itemSequenceNumber in ['1', 2]", "item.itemSequenceNumber is a text, never the number 2"),
        ("d.orderStatus == 'New'", "Amazon never says 'New' as d.orderStatus"),
    ],
)
def test_an_order_is_never_so(condition, said):
    (note,) = made(f'{CSV}  X: {{text: Y, when: "{condition}"}}\n').notes
    assert (note.code, note.text, note.rule.line) == ("comparison-never", said, 7)
    assert note.hint


@pytest.mark.parametrize(
    "condition",
    [
        "d.shipmentDetails.isGift",
        "d.shipmentDetails.isGift == true",
        "item.orderedQuantity.amount > 1",
        "item.netPrice.amount | number > 5.05",
        "item.itemSequenceNumber in ['1', '2']",
        "d.orderStatus == 'NEW'",
        "d.shipToParty.countryCode == 'US'",
        "'x' in d.shipToParty.city",
        "loop.index == 1",
    ],
)
def test_what_an_order_may_be_is_in_order(condition):
    assert told(f'{CSV}  X: {{text: Y, when: "{condition}"}}\n') == []


@pytest.mark.parametrize(
    "condition, hint",
    [
        ("LEFT == 0", "type: integer at the field, or '0' in quotes"),
        ("SENT == '0'", "without quotes"),
        ("LEFT == true", "with quotes: 'true'"),
        ("CODE == 1", "CODE | number"),
        ("row.SENT == '0'", "without quotes"),
    ],
)
def test_a_field_of_a_file_is_never_so(condition, hint):
    (note,) = [one for one in made(READS.replace("CONDITION", condition)).notes if one.code == "comparison-never"]
    assert (note.rule.line, note.hint) == (14, hint)


@pytest.mark.parametrize(
    "condition", ["SENT == 0", "LEFT == '0'", "left == 0", "DAY == '2026-12-01'", "CODE == '1'", "N == 'none'"]
)
def test_what_a_field_of_a_file_may_be_is_in_order(condition):
    assert "comparison-never" not in [code for code, _ in told(READS.replace("CONDITION", condition))]


@pytest.mark.parametrize(
    "condition, lookup, hint",
    [
        ("CODE == 'B'", "{A: sent, B: denied}", "it makes 'denied' of 'B'"),
        ("CODE in ['sent', 'C']", "{A: sent, B: denied}", "it answers: denied, sent"),
        ("CODE != 'denyed'", "{A: sent, B: denied}", "did you mean 'denied'?"),
        ("CODE == 'B'", "{sent: A, denied: B}, reverse: true", "it makes 'denied' of 'B'"),
    ],
)
def test_a_field_is_what_its_table_answers_not_what_stands_in_the_file(condition, lookup, hint):
    (note,) = compared(READS.replace('{A: "1"}', lookup).replace("CONDITION", condition))
    assert (note.code, note.rule.line, note.hint) == ("comparison-never", 14, hint)


@pytest.mark.parametrize(
    "condition, lookup",
    [
        ("CODE == 'denied'", "{A: sent, B: denied}"),
        ("CODE == 'C'", "{A: sent}, miss: pass"),
        ("CODE == 'C'", "{A: sent}, miss: {text: C}"),
        ("CODE == 'C'", "{A: sent}, default: C"),
    ],
)
def test_what_its_table_may_answer_is_in_order(condition, lookup):
    assert compared(READS.replace('{A: "1"}', lookup).replace("CONDITION", condition)) == []


def test_numbers_in_quotes_are_compared_by_their_letters():
    (note,) = made(f"{CSV}  X: {{text: Y, when: \"item.netPrice.amount > '3'\"}}\n").notes
    assert (note.code, note.rule.line) == ("comparison-letters", 7)
    assert note.hint == "item.netPrice.amount | number, and 3 without quotes"
    (note,) = compared(READS.replace("CONDITION", "LEFT > '0'"))
    assert (note.code, note.hint) == ("comparison-letters", "type: integer at the field, and 0 without quotes")
    assert compared(READS.replace("CONDITION", "LEFT == '0' or DAY > '2026'")) == []
