"""Numbers as text and as values: Decimal or int, never float. Only ASCII digits count, exponents are refused,

and a digit that would be lost is an error unless a rounding is named. How a number looks in a file is its notation:
decimal mark, thousands mark, implied places, where the sign stands, also punched over the last digit as COBOL does.
"""

from __future__ import annotations

import decimal
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import lru_cache
from typing import Final

from translator.core.finding import counted
from translator.mapping.wrong import Wrong

DIGITS: Final = 40
EXACT: Final = Context(prec=120)
_MOST: Final = 10 ** (DIGITS + 1)  # the first that is too great
APART: Final = "apart"  # the sign stands in another field
OVERPUNCH: Final = "overpunch"
_NUMBER: Final = re.compile(r"(-?)([0-9]+(?:\.[0-9]+)?|\.[0-9]+)")
_PLUS: Final = "{ABCDEFGHI"  # zoned decimal: the zone C over the last digit, as EBCDIC's letters (IBM z/Architecture)
_MINUS: Final = "}JKLMNOPQR"  # the zone D
_PUNCHED: Final = {
    **{letter: ("", str(digit)) for digit, letter in enumerate(_PLUS)},
    **{letter: ("-", str(digit)) for digit, letter in enumerate(_MINUS)},
    **{str(digit): ("", str(digit)) for digit in range(10)},  # the zone F: without sign
}
_BEFORE: Final = {"": "-?", "leading": "[+-]?", "always": "[+-]?"}


@dataclass(frozen=True, slots=True)
class Notation:
    """How numbers look in a file."""

    mark: str = "."
    thousands: str = ""
    implied: int = 0
    sign: str = ""  # leading trailing always overpunch apart; "": a minus before it


PLAIN: Final = Notation()
_OFTEN: Final = {  # notations of warehouses, by the keys that say them
    "mark: ','": Notation(mark=","),
    "thousands: ','": Notation(thousands=","),
    "mark: ',' with thousands: '.'": Notation(mark=",", thousands="."),
    "sign: trailing": Notation(sign="trailing"),
    "sign: overpunch": Notation(sign="overpunch", implied=1),
}


def number(value: object) -> Decimal:
    """Give any number, or a text that is one, as Decimal. Raises Wrong."""
    if isinstance(value, str):
        return number_of(value)
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) <= DIGITS:
        return value
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _MOST:
        return Decimal(value)
    what = "a list" if isinstance(value, (list, tuple)) else "an object" if isinstance(value, dict) else "{}"
    raise Wrong("number-syntax", f"{what} is no number", value=value)


@lru_cache(maxsize=16384)
def number_of(text: str) -> Decimal:
    """Read a number as JSON and most files write it: `-12.50`."""
    if not _NUMBER.fullmatch(text) or len(text) > DIGITS + 2:
        hint = f"digits, one point, a minus before them{_likely(text)}"
        raise Wrong("number-syntax", "{} is no number", hint, value=text)
    return Decimal(text) or Decimal(text).copy_abs()  # -0 is 0


# --- reading -----------------------------------------------------------------------------------------------------


def reading(how: Notation) -> Callable[[str], Decimal]:
    """Give the function that reads numbers of a notation. It raises Wrong."""
    if how == PLAIN:
        return number_of
    fits, place = _shape(how).fullmatch, Decimal(1).scaleb(-how.implied)

    def read(text: str) -> Decimal:
        sign, body = _unpunched(text) if how.sign == OVERPUNCH else ("", text)
        found = fits(body)
        if found is None:
            raise _refused(text, how)
        digits = found[2].replace(how.thousands, "") if how.thousands else found[2]
        value = number_of(digits.replace(how.mark, "."))
        negative = value and "-" in (sign, found[1], found[3])
        value = EXACT.multiply(value, place) if how.implied else value
        return value.copy_negate() if negative else value

    return read


def _shape(how: Notation) -> re.Pattern[str]:
    mark, thousands = re.escape(how.mark), re.escape(how.thousands)
    whole = f"(?:[0-9]{{1,3}}(?:{thousands}[0-9]{{3}})+|[0-9]+)" if thousands else "[0-9]+"
    body = whole if how.implied else f"{whole}(?:{mark}[0-9]+)?|{mark}[0-9]+"
    return re.compile(f"({_BEFORE.get(how.sign, '')})({body})({'[+-]?' if how.sign == 'trailing' else ''})")


def _unpunched(text: str) -> tuple[str, str]:
    sign, digit = _PUNCHED.get(text[-1:], ("", text[-1:]))
    return sign, text[:-1] + digit


def _refused(text: str, how: Notation) -> Wrong:
    if how.implied and how.mark in text:
        hint = "the last digit is the place" if how.implied == 1 else f"the last {how.implied} digits are the places"
        return Wrong("number-syntax", "{} has a decimal mark", hint, value=text)
    return Wrong(
        "number-syntax", "{} is no number", f"numbers here look like {_example(how)}{_likely(text)}", value=text
    )


def _likely(text: str) -> str:
    """Say by which keys a text would be a number."""
    if len(text) > DIGITS or _NUMBER.fullmatch(text):
        return ""
    fit = [
        keys for keys, shape in _often().items() if shape.fullmatch(_unpunched(text)[1] if OVERPUNCH in keys else text)
    ]
    fit = [keys for keys in fit if " with " not in keys] or fit
    return f"; it reads like {' or '.join(fit)}" if fit else ""


@lru_cache(maxsize=1)
def _often() -> dict[str, re.Pattern[str]]:
    return {keys: _shape(how) for keys, how in _OFTEN.items()}


def _example(how: Notation) -> str:
    digits = Decimal(1234) if how.implied else Decimal("1234.5")
    return written(-digits, how)


# --- digits ------------------------------------------------------------------------------------------------------


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
        raise Wrong("number-lost-digits", f"{{}} has more than {counted(places, 'place')}", hint, value=plain(value))
    return found


def negated(value: Decimal | int) -> Decimal | int:
    """Give a number with the other sign, all its digits kept; of 0 itself."""
    return EXACT.minus(value) if isinstance(value, Decimal) else -value


# --- writing -----------------------------------------------------------------------------------------------------


def plain(value: Decimal | int) -> str:
    """Write a number in full, without exponent."""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def written(value: Decimal | int, how: Notation = PLAIN) -> str:
    """Write a number in a notation: its implied places are among the digits already."""
    text = plain(value).removeprefix("-")
    if how.thousands:
        text = _grouped(text, how.thousands, how.mark)
    elif how.mark != ".":
        text = text.replace(".", how.mark)
    return _signed(text, how.sign, negative=value < 0)


def _grouped(text: str, thousands: str, mark: str) -> str:
    before, point, places = text.partition(".")
    return f"{int(before):,}".replace(",", thousands) + point.replace(".", mark) + places


def _signed(text: str, sign: str, *, negative: bool) -> str:
    if sign == OVERPUNCH:
        return text[:-1] + (_MINUS if negative else _PLUS)[int(text[-1])]
    if sign == "trailing":
        return f"{text}-" if negative else text
    if sign == APART or not (negative or sign == "always"):
        return text
    return f"-{text}" if negative else f"+{text}"
