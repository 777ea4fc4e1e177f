"""A field that is written from a whole object is told at load, with the parts of which one is meant."""

import pytest

from tests.mapping.lints.test_advice import CSV, told
from tests.mapping.made import made
from translator.core.finding import Misconfigured


def test_an_object_of_amazons_cannot_stand_in_a_field():
    with pytest.raises(Misconfigured) as caught:
        made(f"{CSV}  PRICE: {{maybe: item.netPrice, type: decimal}}\n")
    (finding,) = caught.value.findings
    assert (finding.code, finding.rule.line) == ("path-object", 7)
    assert finding.hint == "one of its parts: netPrice.currencyCode, netPrice.amount"


@pytest.mark.parametrize(
    "field, listed",
    [
        ("d.items.vendorProductIdentifier", "d.items"),
        ("{maybe: order.orderDetails.items.netPrice.amount, type: decimal}", "order.orderDetails.items"),
        ("{from: [item.title, d.items.title]}", "d.items"),
    ],
)
def test_all_entries_of_a_list_cannot_stand_in_a_field(field, listed):
    with pytest.raises(Misconfigured) as caught:
        made(f"{CSV}  X: {field}\n")
    (finding,) = caught.value.findings
    assert (finding.code, finding.rule.line) == ("path-list", 7)
    assert finding.hint.startswith(f"each: one in {listed} at the record")


@pytest.mark.parametrize(
    "field",
    [
        "{maybe: item.netPrice.amount}",
        "{text: Y, when: item.netPrice}",
        "{from: \"d.items.title | join('; ')\"}",
        "first(d.items.title)",
        "{maybe: d.items.title, times: 0.., split: ';'}",
        "{from: \"'Y' if item.giftDetails else 'N'\"}",
    ],
)
def test_a_part_of_it_can_and_it_may_be_asked_whether_it_is_there(field):
    assert told(f"{CSV}  X: {field}\n") == []
