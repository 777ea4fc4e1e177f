"""A text of the mapping's own where Amazon takes other words only."""

import pytest

from translator.translation import load

SHIP = """reads: shipment_confirmation
format: csv
header: true
fields: {{ORDER: {{}}, STATE: {{}}}}
documents:
  each: row
  about: {{order: ORDER}}
  shipmentDetails: {{shippedDate: now, shipmentStatus: {status}}}
"""


@pytest.mark.parametrize(
    "status, told",
    [
        ("{text: SHIPED}", ["'SHIPED' (did you mean 'SHIPPED'?)"]),
        ("{from: STATE, default: GONE}", ["'GONE' (it takes: SHIPPED, FLOOR_DENIAL)"]),
        ("{from: STATE, lookup: {S: SHIPPED, D: DENIED}}", ["'DENIED' (it takes: SHIPPED, FLOOR_DENIAL)"]),
        ("{from: STATE, lookup: {S: SHIPPED}, miss: {text: OPEN}}", ["'OPEN' (it takes: SHIPPED, FLOOR_DENIAL)"]),
        ("{text: shipped}", []),
        ("{from: STATE, lookup: {S: SHIPPED, D: FLOOR_DENIAL}}", []),
        ("{from: STATE, lookup: {SHIPPED: S, FLOOR_DENIAL: D}, reverse: true}", []),
        ("STATE", []),
    ],
)
def test_a_word_that_amazon_does_not_take_is_warned_of(status, told):
    notes = load("m.yaml", SHIP.format(status=status).encode(), lambda _: None).file.notes
    found = [one for one in notes if one.code == "word-unknown"]
    assert [f"{one.text.split(' is ')[0]} ({one.hint})" for one in found] == told
