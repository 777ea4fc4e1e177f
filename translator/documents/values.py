"""One value turned into the type that Amazon wants, or a ValueError that says what was expected.

The sentence never holds the value: who calls knows whether it may be shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

YEARS: Final = range(2015, 2101)  # of a moment that Amazon is told: §3.9, input 53
DIGITS: Final = 9  # of a whole number: reliability-security §3.9, input 35
DIGITS_OF_DECIMAL: Final = 12  # before the mark, and behind it: §3.9, input 36

_INTEGER: Final = re.compile(r"-?[0-9]{1,9}")
_DECIMAL: Final = re.compile(r"[+-]?([0-9]{1,40}(\.[0-9]{1,40})?|\.[0-9]{1,40})([eE][+-]?[0-9]{1,2})?")
_MOMENT: Final = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}):(?P<second>[0-9]{2})"
    r"(?P<part>\.[0-9]{1,9})?(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})"
)
_DAY: Final = r"(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31"
usual_moment: Final = re.compile(
    rf"20(?:1[5-9]|[2-9][0-9])-(?:{_DAY})T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z"
).fullmatch


def text(value: object) -> str:
    """Give a text: a number that a lookup or JSON gave keeps its digits."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return plain(value)
    raise ValueError("a text is expected")


def integer(value: object) -> int:
    """Give a whole number: ASCII digits, nothing that int() takes beyond them (`1_000`, `٣`, ` 7`)."""
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**DIGITS:
        return value
    if isinstance(value, Decimal) and value.is_finite() and value.adjusted() < DIGITS and value == int(value):
        return int(value)
    raise ValueError(f"a whole number of at most {DIGITS} digits is expected")


def decimal(value: object) -> str:
    """Give a decimal as Amazon wants it: text without plus, leading zeros or exponent; the places stay."""
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return plain(Decimal(value))
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return plain(value)
    raise ValueError("a decimal number with a point is expected")


def boolean(value: object) -> bool:
    """Give true or false: `"False"` and `"1"` as text are refused by Amazon (models#1949)."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise ValueError("true or false is expected")


def moment(value: object) -> datetime:
    """Give the moment, in UTC. The basic form and a missing T appear only in refused requests (reference §3)."""
    return _in_utc(value) if isinstance(value, datetime) else _moment(value if isinstance(value, str) else "")


@lru_cache(maxsize=16_384)
def _moment(text: str) -> datetime:
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise ValueError("a date-time with its zone is expected, such as 2026-12-01T14:30:00Z")
    second = min(found["second"], "59") if found["second"] == "60" else found["second"]  # a leap second
    zone = "+00:00" if found["zone"] == "Z" else found["zone"]
    return _in_utc(datetime.fromisoformat(f"{found['day']}:{second}{(found['part'] or '')[:7]}{zone}"))


def iso(at: datetime) -> str:
    """Write a moment as Amazon's guides do: UTC with Z, a fraction only where there is one."""
    whole = at.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat()
    return whole + (f".{at.microsecond:06d}".rstrip("0") if at.microsecond else "") + "Z"


def plain(number: int | Decimal) -> str:
    """Write a number without exponent: `1e50000000` must not become a text of 50 MB."""
    exact = Decimal(number) if isinstance(number, int) and abs(number) < 10**DIGITS_OF_DECIMAL else number
    if not isinstance(exact, Decimal) or not exact.is_finite() or not _short(exact):
        raise ValueError(f"a number of at most {DIGITS_OF_DECIMAL} digits on either side of the point is expected")
    return format(exact or abs(exact), "f")


def _short(number: Decimal) -> bool:
    exponent = number.as_tuple().exponent
    low = -DIGITS_OF_DECIMAL <= exponent <= DIGITS_OF_DECIMAL if isinstance(exponent, int) else False
    return low and number.adjusted() < DIGITS_OF_DECIMAL


def _in_utc(at: datetime) -> datetime:
    if at.tzinfo is None or at.year not in YEARS:
        raise ValueError(f"a date-time with its zone, from {YEARS[0]} to {YEARS[-1]}, is expected")
    return at.astimezone(UTC)


def moment_text(value: object) -> str:
    """Give a date-time as text in UTC."""
    return value if isinstance(value, str) and usual_moment(value) else iso(moment(value))


CONVERTED: Final[Mapping[str, Callable[[object], Any]]] = {
    "text": text,
    "integer": integer,
    "decimal": decimal,
    "boolean": boolean,
    "datetime": moment_text,
}
