"""Numbers as text and as values: Decimal or int, never float. Only ASCII digits count, exponents are refused,

and a digit that would be lost is an error unless a rounding is named.
"""

from __future__ import annotations

import decimal
import re
from decimal import Context, Decimal
from functools import lru_cache
from typing import Final

from translator.mapping.wrong import Wrong

DIGITS: Final = 40
EXACT: Final = Context(prec=120)
_NUMBER: Final = re.compile(r"([+-]?)([0-9]+(?:\.[0-9]+)?|\.[0-9]+)")
_TRAILING: Final = re.compile(r"([0-9.,]+) ?([+-]?)")


def number(value: object) -> Decimal:
    """Give any number, or a text that is one, as Decimal. Raises Wrong."""
    if isinstance(value, str):
        return number_of(value)
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) <= DIGITS:
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    what = "a list" if isinstance(value, (list, tuple)) else "an object" if isinstance(value, dict) else "{}"
    raise Wrong("number-syntax", f"{what} is no number", value=value)


@lru_cache(maxsize=16384)
def number_of(text: str) -> Decimal:
    """Read a number as JSON and most files write it: `-12.50`."""
    if not _NUMBER.fullmatch(text) or len(text) > DIGITS + 2:
        raise Wrong("number-syntax", "{} is no number", "digits, one point, a sign before them", value=text)
    return Decimal(text)


def parse(text: str, *, mark: str = ".", implied: int = 0, trailing: bool = False) -> Decimal:
    """Read a number with its decimal mark, its implied places and its sign where it stands."""
    plain = _sign_first(text) if trailing else text
    if mark != "." and "." in plain:
        raise Wrong("number-syntax", "{} is no number", f"the decimal mark is '{mark}'", value=text)
    if implied and mark in plain:
        raise Wrong("number-syntax", "{} has a decimal mark", f"the last {implied} digits are the places", value=text)
    found = number_of(plain.replace(mark, ".")) if mark != "." else number_of(plain)
    return EXACT.scaleb(found, -implied) if implied else found


def _sign_first(text: str) -> str:
    found = _TRAILING.fullmatch(text)
    return found[2] + found[1] if found else text


def whole(value: Decimal, rounding: str = "") -> int:
    """Give a number without places. Raises Wrong where digits would be lost."""
    return int(placed(value, 0, rounding))


def placed(value: Decimal, places: int, rounding: str = "") -> Decimal:
    """Give a number with so many places, exactly; rounded only by a named rounding."""
    exponent = Decimal(1).scaleb(-places)
    if rounding:
        return value.quantize(exponent, getattr(decimal, f"ROUND_{rounding.upper()}"), EXACT)
    found = value.quantize(exponent, context=EXACT)
    if EXACT.compare(found, value):
        hint = "round: half_up, if losing them is meant"
        raise Wrong("number-lost-digits", f"{{}} has more than {places} places", hint, value=plain(value))
    return found


def plain(value: Decimal | int) -> str:
    """Write a number in full, without exponent."""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def signed(value: Decimal | int, *, mark: str = ".", sign: str = "") -> str:
    """Write a number with its decimal mark and its sign where it belongs."""
    text = plain(value).removeprefix("-")
    if mark != ".":
        text = text.replace(".", mark)
    negative = value < 0
    if sign == "trailing":
        return f"{text}-" if negative else text
    return f"-{text}" if negative else f"+{text}" if sign == "always" else text
