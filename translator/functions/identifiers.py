"""Identifiers: leading zeros, and the numbers of GS1 with their check digits (GS1 General Specifications §7.9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from translator.mapping.wrong import Wrong

GTINS: Final = (8, 12, 13, 14)  # GTIN-8, UPC, EAN, case
SSCC: Final = 18
LONGEST: Final = 100


def zeros(value: str, width: int) -> str:
    """With leading zeros."""
    text = _digits(value)
    if len(text) > width or width > LONGEST:
        raise Wrong("value-too-long", f"{{}} has more than {width} digits", value=text)
    return text.zfill(width)


def zeros_if_digits(value: str, width: int) -> str:
    """With leading zeros where it has digits only; else as it is: material numbers of SAP."""
    return zeros(value, width) if value.isascii() and value.isdigit() else value


def no_zeros(value: str) -> str:
    """Without leading zeros; 0 stays 0."""
    return value.lstrip("0") or ("0" if value else "")


def check_digit(value: str) -> str:
    """The check digit of GS1 for the digits before it: GTIN, SSCC, GLN."""
    total = sum(int(digit) * (1 if number % 2 else 3) for number, digit in enumerate(reversed(_digits(value))))
    return str(-total % 10)


def with_check_digit(value: str) -> str:
    """The digits with their check digit behind them."""
    return value + check_digit(value)


def gtin(value: str, width: int = 14) -> str:
    """A GTIN of 8, 12 (UPC), 13 (EAN) or 14 digits, its check digit proven, in so many digits."""
    text = _digits(value)
    if len(text) not in GTINS or not _proven(text):
        raise Wrong("identifier-check-digit", "{} is no GTIN: its check digit or its length is wrong", value=text)
    if width not in GTINS:
        raise Wrong("expression-bounds", f"a GTIN has {' '.join(map(str, GTINS))} digits")
    return zeros(text.lstrip("0"), width)


def is_gtin(value: str) -> bool:
    """Whether it is a GTIN of 8, 12, 13 or 14 digits with the right check digit."""
    return _is_digits(value) and len(value) in GTINS and _proven(value)


def sscc(value: str) -> str:
    """An SSCC of 18 digits, its check digit proven; the 00 that a label puts before it is taken off."""
    text = value.removeprefix("(00)")
    text = text[2:] if len(text) == SSCC + 2 and text.startswith("00") else text
    if len(_digits(text)) != SSCC or not _proven(text):
        raise Wrong("identifier-check-digit", "{} is no SSCC: its check digit or its length is wrong", value=text)
    return text


def make_sscc(prefix: str, serial: str, extension: str = "0") -> str:
    """An SSCC of a company's prefix and a serial number: 17 digits, filled with zeros between them, and the check digit."""
    room = SSCC - 2 - len(_digits(prefix))
    if not 4 <= len(prefix) <= 12 or len(_digits(extension)) != 1:
        raise Wrong("identifier-digits", "an SSCC begins with one digit and a company's prefix of 4 to 12")
    return with_check_digit(extension + prefix + zeros(serial, room))


def _proven(text: str) -> bool:
    return bool(text.strip("0")) and check_digit(text[:-1]) == text[-1]


def _is_digits(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) <= LONGEST


def _digits(value: str) -> str:
    if not _is_digits(value):
        raise Wrong("identifier-digits", "{} is not all digits", value=value)
    return value


FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "zeros": zeros, "zeros_if_digits": zeros_if_digits, "no_zeros": no_zeros, "check_digit": check_digit,
    "with_check_digit": with_check_digit, "gtin": gtin, "is_gtin": is_gtin, "sscc": sscc, "make_sscc": make_sscc,
}  # fmt: skip

EXAMPLES: Final = (
    ("'42' | zeros(6)", "000042"),
    ("'A42' | zeros_if_digits(6)", "A42"),
    ("'00042' | no_zeros", "42"),
    ("'629104150021' | check_digit", "3"),
    ("'629104150021' | with_check_digit", "6291041500213"),
    ("'6291041500213' | gtin", "06291041500213"),
    ("'036000291452' | gtin(13)", "0036000291452"),
    ("'0036000291452' | gtin(12)", "036000291452"),
    ("'036000291453' | is_gtin", False),
    ("'(00)106141411234567897' | sscc", "106141411234567897"),
    ("make_sscc('0614141', 123456789)", "006141411234567890"),
)
