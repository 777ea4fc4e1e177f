"""What belongs to a person is in no finding and in no file's name; what does not is shown, since it helps."""

from datetime import UTC, datetime

import pytest

from translator.core.document import Document
from translator.core.finding import Misconfigured
from translator.mapping.context import Frozen
from translator.translation import load, write

CANARY = "Zz-canary-0815"
MAPPING = """
writes: order
format: csv
header: true
file: "O-{{ order.purchaseOrderNumber }}.csv"
let: {to: order.orderDetails.shipToParty}
fields:
"""
ORDER = {
    "purchaseOrderNumber": "D1",
    "orderDetails": {
        "shipToParty": {"name": CANARY, "phone": CANARY, "countryCode": "US"},
        "shipmentDetails": {"shipMethod": "PIGEON"},
        "items": [{"itemSequenceNumber": "1", "giftDetails": {"giftMessage": CANARY}}],
    },
}


def findings(fields):
    made = load("w/o.yaml", (MAPPING + fields).encode(), lambda _: None, {})
    return write(made, [Document("order", ORDER, "D1")], Frozen(datetime(2026, 12, 1, tzinfo=UTC))).findings


@pytest.mark.parametrize(
    "field",
    [
        "{from: to.phone, type: integer}",
        "{from: to.name, type: decimal}",
        '{from: to.name, date: "%Y-%m-%d"}',
        "{from: to.name, lookup: {a: b}}",
        "{from: to.name, max: 3}",
        '{from: "order.orderDetails.items[0].giftDetails.giftMessage", type: integer}',
    ],
)
def test_a_finding_about_a_personal_field_never_shows_its_value(field):
    (found,) = findings(f"  F: {field}\n")
    assert CANARY not in str(found)
    assert found.rule.line


def test_a_finding_about_a_code_shows_it():
    (found,) = findings("  F: {from: order.orderDetails.shipmentDetails.shipMethod, lookup: {a: b}}\n")
    assert "PIGEON" in str(found)


@pytest.mark.parametrize("name", ["{{ to.name }}", "{{ order.orderDetails.shipToParty.phone | digits }}"])
def test_a_file_name_with_personal_data_is_refused_at_load(name):
    text = MAPPING.replace("O-{{ order.purchaseOrderNumber }}", name) + "  F: order.purchaseOrderNumber\n"
    with pytest.raises(Misconfigured) as caught:
        load("w/o.yaml", text.encode(), lambda _: None, {})
    assert caught.value.findings[0].code == "file-name-personal"
