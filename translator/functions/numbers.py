"""Numbers: counted, added, rounded by name. Texts that are numbers count as numbers; results are whole or Decimal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from translator.core.tree import nothing
from translator.mapping import numbers as exact
from translator.mapping.wrong import Wrong


def number(value: Any) -> Decimal:
    """A text as a number."""
    return exact.number(value)


def count(values: Any) -> int:
    """How many entries a list has."""
    return len(_list(values))


def sum_(values: Any) -> int | Decimal:
    """All entries added; nothing counts as 0."""
    if isinstance(values, list) and {*map(type, values)} == {int}:
        return sum(values)
    total = sum((exact.number(value) for value in _list(values) if not nothing(value)), Decimal(0))
    return int(total) if total == total.to_integral_value() and total.as_tuple().exponent == 0 else total


def whole(value: Any) -> int:
    """A whole number; places that are not 0 are an error."""
    return exact.whole(exact.number(value))


def round_(value: Any, places: Any = 0, how: str = "half_up") -> Decimal:
    """Rounded to places: half_up, half_even, up, down…"""
    if how not in ("half_up", "half_even", "half_down", "up", "down", "ceiling", "floor") or not 0 <= int(places) <= 12:
        raise Wrong(
            "expression-type", "round() knows half_up half_even half_down up down ceiling floor, and 0 to 12 places"
        )
    return exact.placed(exact.number(value), int(places), how)


def at_least(value: Any, least: Any) -> int | Decimal:
    """The number, or the least one allowed."""
    found = max(exact.number(value), exact.number(least))
    return int(found) if found.as_tuple().exponent == 0 else found


def implied(value: Any, places: Any) -> int:
    """With implied places: 12.50 with 2 is 1250."""
    return exact.whole(exact.number(value).scaleb(int(places), exact.EXACT))


def _list(values: Any) -> list[Any]:
    return list(values) if isinstance(values, (list, tuple, dict)) else [values]


FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "number": number, "count": count, "sum": sum_, "whole": whole, "round": round_, "at_least": at_least,
    "implied": implied,
}  # fmt: skip

EXAMPLES: Final = (
    ("'12.50' | number", Decimal("12.50")),
    ("['a', 'b'] | count", 2),
    ("sum([1, '2'])", 3),
    ("sum(['1.50', 2])", Decimal("3.50")),
    ("'7.00' | whole", 7),
    ("2.675 | round(2)", Decimal("2.68")),
    ("-3 | at_least(0)", 0),
    ("'12.50' | implied(2)", 1250),
)
