"""Expressions keep types, prefer mapping keys, and say what is missing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.mapping.made import ENVIRONMENT, order
from translator.core.finding import Misconfigured, Place
from translator.mapping.expression import ABSENT, Failed, Missing

RULE = Place("m.yaml", 3, 5)
NAMES = {"order": order(), "d": order()["orderDetails"], "none": None, "gone": ABSENT, "price": "12.50", "n": 3}


def value(text: str):
    return ENVIRONMENT.expression(text, RULE)(NAMES)


@pytest.mark.parametrize(
    "text, want",
    [
        ("order.orderDetails.items[0].itemSequenceNumber", "00001"),
        ("d.items.vendorProductIdentifier", ["SKU-1", "SKU-2"]),
        ("d.items.orderedQuantity.amount", [1, 2]),
        ("sum(d.items.orderedQuantity.amount)", 3),
        ("count(d.items)", 2),
        ("price", "12.50"),
        ("price * 2", Decimal("25.00")),
        ("price | number", Decimal("12.50")),
        ("n / 2", Decimal("1.5")),
        ("0.1 + 0.2", Decimal("0.3")),
        ("'1' ~ '2'", "12"),
        ("'123 '", "123 "),
        ("'00123'", "00123"),
        ("d.nope is absent", True),
        ("gone is absent", True),
        ("none is absent", True),
        ("d.items is present", True),
        ("'GIFT' if d.shipmentDetails.isGift else 'NO'", "NO"),
        ("d.nope | default('x')", "x"),
        ("d['items'][1]['itemSequenceNumber']", "00002"),
    ],
)
def test_an_expression_gives_its_value_with_its_type(text, want):
    got = value(text)
    assert (got, type(got)) == (want, type(want))


@pytest.mark.parametrize(
    "text", ["order.nope", "nope", "d.items[7].title", "d.nope ~ 'x'", "d.nope | upper", "gone.x", "upper(gone)"]
)
def test_what_is_not_there_is_missing_with_the_place_of_the_expression(text):
    with pytest.raises(Missing) as caught:
        value(text)
    assert (caught.value.finding.code, caught.value.finding.rule) == ("value-missing", RULE)


@pytest.mark.parametrize(
    "text", ["price + 'x'", "d + 1", "1 // 0", "1 / 0", "only([1, 2])", "'x' | wrap(name)", "n > 'a'"]
)
def test_what_cannot_be_worked_out_is_one_finding(text):
    with pytest.raises(Failed) as caught:
        value(text)
    assert caught.value.finding.rule == RULE


@pytest.mark.parametrize(
    "text", ["name | number", "name | zeros(3)", "name + 1", "name | date", "sum([name])", "gtin(name)"]
)
def test_a_finding_never_holds_a_value(text):
    with pytest.raises(Failed) as caught:
        ENVIRONMENT.expression(text, RULE)({"name": "Jo Private"})
    assert "Private" not in str(caught.value.finding)


@pytest.mark.parametrize("text", ["{{ a }}", "a b", "a |", "[1, 2", "", "}} {{", "{% if a %}", "a.upper()"])
def test_what_is_no_expression_is_refused_at_load(text):
    with pytest.raises(Misconfigured) as caught:
        ENVIRONMENT.expression(text, RULE)
    assert caught.value.findings[0].rule.file == "m.yaml"


def test_a_plain_path_is_known_to_be_one():
    compiled = ENVIRONMENT.expression("order.orderDetails.items", RULE)
    assert compiled.path == ("order", "orderDetails", "items")
    assert ENVIRONMENT.expression("'x'", RULE).constant == ("x",)
    assert ENVIRONMENT.expression("a ~ b.c", RULE).uses.names == ("a", "b")


def test_the_same_text_at_another_place_is_compiled_once_and_says_its_own_place():
    first, other = (ENVIRONMENT.expression("price * n.x", Place(name, 7, 9)) for name in ("a.yaml", "b.yaml"))
    assert first.template is other.template
    for one, name in ((first, "a.yaml"), (other, "b.yaml")):
        with pytest.raises(Missing) as caught:
            one(NAMES)
        assert caught.value.finding.rule == Place(name, 7, 9)


def test_the_same_template_under_another_name_says_its_own_name_and_line():
    text = "one\n{{ price }}\n{{ order.nope }}\n"
    for xml in (False, True):
        first, other = (ENVIRONMENT.template(text, name, xml=xml) for name in ("a.txt", "b.txt"))
        assert first.template is other.template
        for one, name in ((first, "a.txt"), (other, "b.txt")):
            with pytest.raises(Missing) as caught:
                one(NAMES)
            assert caught.value.finding.rule == Place(name, 3)


def test_what_is_no_expression_is_told_again_at_each_place():
    for line in (3, 4):
        with pytest.raises(Misconfigured) as caught:
            ENVIRONMENT.expression("price +", Place("m.yaml", line, 5))
        assert [finding.rule for finding in caught.value.findings] == [Place("m.yaml", line, 5)]
