"""Identifiers: leading zeros, and the check digits of GS1."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from translator.mapping.convert import plain
from translator.mapping.wrong import Wrong

LENGTHS: Final = (8, 12, 13, 14, 18)  # GTIN-8, UPC, EAN, GTIN-14, SSCC


def zeros(value: Any, width: Any) -> str:
    """With leading zeros."""
    text = _digits(value)
    if len(text) > int(width) or int(width) > 100:
        raise Wrong("value-too-long", f"{{}} has more than {int(width)} digits", value=text)
    return text.zfill(int(width))


def zeros_if_digits(value: Any, width: Any) -> str:
    """With leading zeros where it has digits only; else as it is: material numbers of SAP."""
    text = plain(value)
    return zeros(text, width) if text.isascii() and text.isdigit() else text


def no_zeros(value: Any) -> str:
    """Without leading zeros; 0 stays 0."""
    text = plain(value)
    return text.lstrip("0") or ("0" if text else "")


def check_digit(value: Any) -> str:
    """The check digit of GS1 for the digits before it: GTIN, SSCC."""
    total = sum(int(digit) * (1 if number % 2 else 3) for number, digit in enumerate(reversed(_digits(value))))
    return str(-total % 10)


def gtin(value: Any, width: Any = 14) -> str:
    """A GTIN of 8, 12, 13 or 14 digits (or an SSCC of 18), its check digit proven, in so many digits."""
    text = _digits(value)
    if len(text) not in LENGTHS or check_digit(text[:-1]) != text[-1]:
        raise Wrong("identifier-check-digit", "{} is no GTIN: its check digit or its length is wrong", value=text)
    short = text.lstrip("0")
    return (
        zeros(short, width)
        if len(short) < int(width)
        else zeros(text.removeprefix("0" * (len(text) - int(width))), width)
    )


def _digits(value: Any) -> str:
    text = plain(value)
    if not (text.isascii() and text.isdigit() and len(text) <= 100):
        raise Wrong("identifier-digits", "{} is not all digits", value=text)
    return text


FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "zeros": zeros, "zeros_if_digits": zeros_if_digits, "no_zeros": no_zeros, "check_digit": check_digit, "gtin": gtin,
}  # fmt: skip

EXAMPLES: Final = (
    ("'42' | zeros(6)", "000042"),
    ("'A42' | zeros_if_digits(6)", "A42"),
    ("'00042' | no_zeros", "42"),
    ("'629104150021' | check_digit", "3"),
    ("'6291041500213' | gtin", "06291041500213"),
    ("'036000291452' | gtin(12)", "036000291452"),
)
