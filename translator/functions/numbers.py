"""Numbers: counted, added, rounded by name, written as a file wants them. Texts that are numbers count as numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import reduce
from typing import Any, Final

from translator.core.tree import nothing
from translator.mapping import numbers as exact
from translator.mapping.convert import plain
from translator.mapping.numbers import Notation
from translator.mapping.wrong import Wrong

ROUNDINGS: Final = ("half_up", "half_even", "half_down", "up", "down", "ceiling", "floor")
PLACES: Final = 12
SIGNS: Final = ("leading", "trailing", "always", "overpunch")


def number(value: Decimal) -> Decimal:
    """A text as a number."""
    return value


def count(values: Any) -> int:
    """How many entries a list has."""
    if type(values) is dict:  # a document's; a record that was read is one entry
        raise Wrong("expression-type", "count() of an object", "it counts a list: count(order.orderDetails.items)")
    return len(_list(values))


def sum_(values: Any) -> int | Decimal:
    """All entries added; nothing counts as 0."""
    if isinstance(values, list) and {*map(type, values)} == {int}:
        return sum(values)
    return _short(
        reduce(exact.EXACT.add, (exact.number(value) for value in _list(values) if not nothing(value)), Decimal(0))
    )


def sum_of_products(values: Any, times: Any) -> int | Decimal:
    """Each entry of a list times the one at its place in another, added: prices by quantities."""
    prices, often = _list(values), _list(times)
    if len(prices) != len(often):
        raise Wrong(
            "expression-type", f"lists of {len(prices)} and {len(often)}", "each entry needs one in the other list"
        )
    return sum_([exact.EXACT.multiply(*map(exact.number, pair)) for pair in zip(prices, often, strict=True)])


def hash_total(values: Any, digits: int = 10) -> int:
    """The digits of each entry added as a number, the last ones of the sum: `A12-3` counts 123."""
    if not 1 <= digits <= exact.DIGITS:
        raise Wrong("expression-bounds", f"a hash total has 1 to {exact.DIGITS} digits")
    texts = (plain(value) for value in _list(values) if not nothing(value))
    figures = ("".join(letter for letter in text if letter in "0123456789")[: exact.DIGITS] for text in texts)
    return int(sum(int(one or 0) for one in figures) % 10**digits)


def whole(value: int) -> int:
    """A whole number; places that are not 0 are an error."""
    return value


def round_(value: Decimal, places: int = 0, how: str = "half_up") -> Decimal:
    """Rounded to places: half_up, half_even, half_down, up, down, ceiling, floor."""
    return exact.placed(value, _places(places), _how(how))


def round_to(value: Decimal, step: Decimal, how: str = "half_up") -> int | Decimal:
    """Rounded to a multiple of a step."""
    if step <= 0:
        raise Wrong("expression-bounds", "a step is more than 0")
    steps = exact.placed(exact.EXACT.divide(value, step), 0, _how(how))
    return _short(exact.EXACT.multiply(steps, step))


def at_least(value: Decimal, least: Decimal) -> int | Decimal:
    """The number, or the least one allowed."""
    return _short(max(value, least))


def at_most(value: Decimal, most: Decimal) -> int | Decimal:
    """The number, or the greatest one allowed."""
    return _short(min(value, most))


def absolute(value: Decimal) -> int | Decimal:
    """The number without its sign."""
    return _short(value.copy_abs())


def places(value: Decimal, places: int, how: str = "") -> str:
    """Written with so many places; a digit that would be lost is an error, unless it is said how to round."""
    return exact.plain(exact.placed(value, _places(places), _how(how) if how else ""))


def implied(value: Decimal, places: int) -> int:
    """With implied places: 12.50 with 2 is 1250."""
    return int(exact.placed(value, _places(places)).scaleb(places, exact.EXACT))


def mark(value: Decimal, mark: str = ",", thousands: str = "") -> str:
    """Written with a decimal mark, and with one for thousands."""
    if len(mark) != 1 or len(thousands) > 1 or mark == thousands or (mark + thousands).isalnum():
        raise Wrong("expression-type", "a mark is one character, no digit, and not the other one")
    return exact.written(value, Notation(mark, thousands))


def sign(value: Decimal, where: str) -> str:
    """Written with its sign: leading, trailing, always, overpunch."""
    if where not in SIGNS:
        raise Wrong("expression-type", f"a sign is {', '.join(SIGNS)}")
    return exact.written(value, Notation(sign=where))


def _short(value: Decimal) -> int | Decimal:
    """Give a whole number as one, where it has no places."""
    return int(value) if value.as_tuple().exponent == 0 else value


def _places(places: int) -> int:
    if not 0 <= places <= PLACES:
        raise Wrong("expression-bounds", f"places are 0 to {PLACES}")
    return places


def _how(how: str) -> str:
    if how not in ROUNDINGS:
        raise Wrong("expression-type", f"rounding is {' '.join(ROUNDINGS)}")
    return how


def _list(values: Any) -> list[Any]:
    return list(values) if isinstance(values, (list, tuple, dict)) else [values]


FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "number": number, "count": count, "sum": sum_, "sum_of_products": sum_of_products, "hash_total": hash_total,
    "whole": whole, "round": round_, "round_to": round_to, "at_least": at_least, "at_most": at_most, "abs": absolute,
    "places": places, "implied": implied, "mark": mark, "sign": sign,
}  # fmt: skip

EXAMPLES: Final = (
    ("'12.50' | number", Decimal("12.50")),
    ("['a', 'b'] | count", 2),
    ("sum([1, '2'])", 3),
    ("sum(['1.50', 2])", Decimal("3.50")),
    ("sum_of_products(['5.05', '24.50'], [2, 1])", Decimal("34.60")),
    ("hash_total(['A12-3', '99'], 2)", 22),
    ("'7.00' | whole", 7),
    ("2.675 | round(2)", Decimal("2.68")),
    ("7.2 | round(0, 'up')", Decimal(8)),
    ("7.3 | round_to(0.5)", Decimal("7.5")),
    ("17 | round_to(12, 'up')", 24),
    ("-3 | at_least(0)", 0),
    ("120 | at_most(99)", 99),
    ("-3 | abs", 3),
    ("'12.5' | places(2)", "12.50"),
    ("'12.345' | places(2, 'half_up')", "12.35"),
    ("'12.50' | implied(2)", 1250),
    ("'1234.50' | mark(',')", "1234,50"),
    ("'1234.50' | mark(',', '.')", "1.234,50"),
    ("-5 | sign('trailing')", "5-"),
    ("-5 | sign('overpunch')", "N"),
)
