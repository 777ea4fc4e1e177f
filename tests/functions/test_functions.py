"""The examples of every function are true, and every function has one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.mapping.made import ENVIRONMENT
from translator.core.finding import Place
from translator.functions.function import families, functions
from translator.mapping.expression import Failed

RULE = Place("manual", 1)
EXAMPLES = [example for _, examples in families().values() for example in examples]


@pytest.mark.parametrize("text, want", EXAMPLES)
def test_an_example_is_true(text, want):
    got = ENVIRONMENT.expression(text, RULE)({})
    assert (got, type(got)) == (want, type(want))


def test_every_function_has_an_example_and_a_sentence_of_help():
    shown = " ".join(text for text, _ in EXAMPLES)
    for name, function in functions().items():
        assert name in shown or name in ("lookup", "counter"), name
        assert function.__doc__, name


@pytest.mark.parametrize(
    "text",
    ["gtin('6291041500214')", "zeros('1234567', 3)", "only(['a', 'b'])", "max([])", "pick([], 'UP')", "1.5 | whole",
     "'a' | pad(-1)",
     "'a' | number", "'x' | date('%Y')", "'2026-12-01T00:00:00Z' | add_days(10**6)", "'a' | round(99)"],
)  # fmt: skip
def test_what_makes_no_sense_is_one_finding(text):
    with pytest.raises(Failed):
        ENVIRONMENT.expression(text, RULE)({})


def test_a_date_may_ask_for_the_zone_of_the_warehouse():
    names = {"now": datetime(2026, 12, 1, 2, 30, tzinfo=UTC), "warehouse_zone": "America/Chicago"}
    assert ENVIRONMENT.expression("now | date('%Y%m%d', zone='warehouse')", RULE)(names) == "20261130"
