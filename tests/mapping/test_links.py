"""Functions of a path are called without Jinja, and give what Jinja gives: the same value, or the same finding."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from translator.core.finding import Place
from translator.functions.function import families
from translator.mapping.expression import ABSENT, Failed
from translator.translation import environment

PLACE = Place("x.yaml", 7, 3)
FILTERS = sorted(
    {
        text.partition(" | ")[2]
        for _, examples in families().values()
        for text, _ in examples
        if " | " in text and not text.startswith(("(", "["))
    }
    | {"wrap(10**9)", "default('') | one_line | wrap(8)", "cut(3) | upper | lower", "date('%y%m%d')", "date('%q')"}
)
VALUES = (
    *(
        "",
        " ",
        "abc def\nghi",
        "2026-12-01T02:30:00Z",
        "1946-01-01",
        "12.5",
        "-3",
        "xxx",
        "é" * 40,
        "w" * 100_001,
        None,
    ),
    *(0, 7, 10**400, True, Decimal("1.50"), [], ["b", "a", None], {}, {"a": 1}, datetime(2026, 1, 2, 3, 4, tzinfo=UTC)),
)


def outcome(compiled, names):
    try:
        found = compiled(names)
    except Failed as failed:
        return type(failed), failed.finding
    return type(found), found


@pytest.mark.parametrize("text", FILTERS)
def test_what_is_called_as_it_stands_is_what_jinja_says(text):
    made = replace(environment().expression(f"a.b | {text}", PLACE), direct=None)
    by_jinja = replace(made, links=None)
    for value in VALUES:
        for names in ({"a": {"b": value}}, {"a": [{"b": value}, {"b": "z"}]}):
            given = {**names, "warehouse_zone": "America/Chicago"}
            assert outcome(made, given) == outcome(by_jinja, given), value
    for names in ({}, {"a": {}}, {"a": ABSENT}, {"a": "text"}):
        assert outcome(made, names) == outcome(by_jinja, names)
    alone = environment().expression(f"a | {text}", PLACE)
    assert outcome(alone, {"a": ABSENT}) == outcome(replace(alone, links=None, direct=None), {"a": ABSENT})


def test_a_number_of_a_sequence_is_never_asked_for_twice():
    for text in ("a.b | counter", "counter('n') | zeros(9)", "counter(a.b)", "counter('n') | add_days(1)"):
        assert environment().expression(text, PLACE).links is None
    asked = []
    made = environment().expression("counter('n')", PLACE)
    assert made({"take_number": lambda name: asked.append(name) or 7}) == 7
    assert (asked, made.links is not None) == (["n"], True)
    assert outcome(made, {}) == outcome(replace(made, links=None), {})


def test_most_of_them_are_so_called():
    assert (
        sum(environment().expression(f"a.b | {text}", PLACE).links is not None for text in FILTERS) > len(FILTERS) / 2
    )
