"""Dates as text and as values. Nothing naive comes out, and nothing outside the years a business has.

`24:00` is the midnight after the day; a leap second is the second before it (reliability-security §3.9, input 53).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import Final

from translator.mapping.date_patterns import DIRECTIVE, DTM, DTM_FORMS, DTM_LENGTHS, ISO, MONTHS, pattern
from translator.mapping.wrong import Wrong
from translator.mapping.zones import clock_of, moved, offset, placed, zone

Moment = datetime | date
YEARS: Final = range(1900, 2200)  # a lot made in 2009, a birthday; what goes to Amazon is of fewer (documents)
PIVOT: Final = 69  # two-digit years from here on are of the 1900s, as POSIX has it
LEAP_MINUTES: Final = (59, 14, 29, 44)  # 23:59:60 UTC, in zones of full, half and quarter hours
_USUAL: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|[+-][0-9]{2}:[0-9]{2})")
_OURS: Final = re.compile(r"%(?:[bpc]|-)")  # strftime would speak the machine's language, or does not know it
_EXAMPLE: Final = datetime(2026, 12, 31, 23, 59, tzinfo=UTC)
_OFTEN: Final = tuple("""
%Y-%m-%d | %Y%m%d | %m%d%Y | %d%m%Y | %m/%d/%Y | %d/%m/%Y | %d.%m.%Y | %m/%d/%y | %Y/%m/%d | %d-%b-%Y | %y%m%d | %Y%m%d%H%M |
 %Y%m%d%H%M%S | %Y-%m-%d %H:%M | %Y-%m-%d %H:%M:%S | %m/%d/%Y %H:%M | %d.%m.%Y %H:%M
""".replace("\n", "").split(" | "))  # fmt: skip

_NUMBERS: Final = {
    "Y": ("%04d", "year"), "y": ("%02d", "year"), "m": ("%02d", "month"), "d": ("%02d", "day"), "H": ("%02d", "hour"),
    "M": ("%02d", "minute"), "S": ("%02d", "second"),
}  # fmt: skip


class Assumed(datetime):
    """A moment of which the file says the day only: its time is what the mapping's `time` says."""

    __slots__ = ()

    def not_after(self, now: datetime) -> datetime:
        """Give the moment as far as it can have been: on the day itself, nothing has happened later than now."""
        here = now.astimezone(self.tzinfo)
        return now if here < self and here.date() == self.date() else self


# --- reading -----------------------------------------------------------------------------------------------------


def parse(
    text: str, patterns: Sequence[str], zone_name: str = "", at: str = "", pivot: int | None = None, dst: str = "error"
) -> Moment:
    """Read a date by the first pattern that fits. A day without time takes `at`, or stays a day."""
    for one in patterns:
        found = _fitting(text, one)
        if found:
            return _moment({name: part for name, part in found.items() if part}, text, zone_name, at, pivot, dst)
    raise Wrong("date-syntax", f"{{}} does not fit {' or '.join(patterns)}", _meant(text, tuple(patterns)), value=text)


def clock(text: str, patterns: Sequence[str]) -> str:
    """Hold a text that is only a time of day against its patterns; it stays the text it is. Raises Wrong."""
    for one in patterns:
        found = _fitting(text, one)
        if found:
            try:
                _local(date.min, {name: part for name, part in found.items() if part})
            except ValueError as error:
                raise Wrong("date-syntax", f"{{}} is no time: {error}", value=text) from None
            return text
    raise Wrong("date-syntax", f"{{}} does not fit {' or '.join(patterns)}", _reading(tuple(patterns)), value=text)


@lru_cache(maxsize=1024)
def _meant(text: str, patterns: tuple[str, ...]) -> str:
    """Say which of the usual patterns a text would fit, else how the ones that are wanted read."""
    fit = _usual(text)
    if not fit:
        return _reading(patterns)
    several = ", ".join(f'"{one}"' for one in (*patterns, fit[0]))
    return f"it reads like {' or '.join(fit)}; a list takes several: date: [{several}]"


def _usual(text: str) -> list[str]:
    """Give the usual patterns that a text fits."""
    fit = [one for one in _OFTEN if (found := _fitting(text, one)) and _is_day(found)]
    return fit or [ISO for found in [_fitting(text, ISO)] if found and _is_day(found)]


def _other(text: str) -> str:
    fit = _usual(text)
    return f"it reads like {' or '.join(fit)}" if fit else ""


def _is_day(parts: Mapping[str, str | None]) -> bool:
    try:
        return _day({name: part for name, part in parts.items() if part}, PIVOT).year in YEARS
    except (ValueError, OverflowError):
        return False


def _reading(patterns: tuple[str, ...]) -> str:
    return f"it would read {' or '.join(_written(_EXAMPLE, one, None) for one in patterns)}"


def _fitting(text: str, one: str) -> dict[str, str | None] | None:
    if one == DTM:
        value, _, code = text.partition(":")
        form = DTM_FORMS.get(code or DTM_LENGTHS.get(len(value), ""))
        return _fitting(value, form) if form else None
    found = pattern(one).regex.fullmatch(text)
    return found.groupdict() if found else None


def _moment(parts: Mapping[str, str], text: str, zone_name: str, at: str, pivot: int | None, dst: str) -> Moment:
    try:
        day = _day(parts, PIVOT if pivot is None else pivot)
        timed = bool(parts.keys() & {"H", "I"})
        local = _local(day, parts) if timed else Assumed.combine(day, clock_of(at)) if at else None
    except (ValueError, OverflowError) as error:
        hint = "what stands for no date is said by `empty`" if not text.strip("0-/.: ") else _other(text)
        raise Wrong("date-syntax", f"{{}} is no date: {error}", hint, value=text) from None
    if day.year not in YEARS:
        hint = "what stands for no date is said by `empty`"
        raise Wrong("date-bounds", f"{{}} is not in the years {YEARS[0]} to {YEARS[-1]}", hint, value=text)
    if local is None:
        return day
    if "z" in parts:
        return local.replace(tzinfo=offset(parts["z"]))
    if not zone_name:
        raise Wrong("date-zone", "{} has no time zone", "zone: America/Chicago, or zone: warehouse", value=text)
    return placed(local, zone_name, dst)


def _day(parts: Mapping[str, str], pivot: int) -> date:
    year = int(parts["Y"]) if "Y" in parts else _year(parts, pivot)
    if "j" in parts:
        day = date(year, 1, 1) + timedelta(days=int(parts["j"]) - 1)
        if day.year != year:
            raise ValueError("no such day of the year")
        return day
    month = MONTHS.index(parts["b"].title()) + 1 if "b" in parts else int(parts["m"])
    return date(year, month, int(parts["d"]))


def _year(parts: Mapping[str, str], pivot: int) -> int:
    year = int(parts["y"])
    return year + (1900 + 100 * int(parts["c"]) if "c" in parts else 2000 if year < pivot else 1900)


def _local(day: date, parts: Mapping[str, str]) -> datetime:
    hour = int(parts["H"]) if "H" in parts else _twelve(int(parts["I"]), parts.get("p", "AM"))
    minute, second = int(parts.get("M", 0)), int(parts.get("S", 0))
    if hour == 24 and not (minute or second or int(parts.get("f", 0))):
        return datetime.combine(day, time()) + timedelta(days=1)
    if second == 60 and minute in LEAP_MINUTES:
        second = 59
    return datetime.combine(day, time(hour, minute, second, int((parts.get("f", "0") + "00000")[:6])))


def _twelve(hour: int, half: str) -> int:
    return hour % 12 + (12 if half.upper() == "PM" else 0)


def aware(value: object) -> Moment:
    """Give a value from a document as a moment: aware, or a plain day. Raises Wrong."""
    if isinstance(value, str):
        return moment_of(value)
    if isinstance(value, datetime) and value.tzinfo is None:
        raise Wrong("date-zone", "a time without time zone")
    if isinstance(value, date):
        return value
    raise Wrong("date-syntax", "{} is no date", value=value)


@lru_cache(maxsize=16384)
def moment_of(text: str) -> Moment:
    """Read a date as Amazon writes it: ISO 8601 with an offset, or a day."""
    if _USUAL.fullmatch(text):
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            pass  # parse says why
        else:
            if found.year in YEARS:
                return found
    return parse(text, (ISO,))


# --- writing -----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=16384)
def rewritten(
    text: str, pattern_text: str, zone_name: str, at: str = "", pivot: int | None = None, dst: str = "error"
) -> str:
    """Read a date as Amazon writes it, and write it by a pattern in a zone: remembered, since days repeat."""
    return written(moment_of(text), pattern_text, zone_name, at, pivot, dst)


def written(
    value: Moment, pattern_text: str, zone_name: str = "", at: str = "", pivot: int | None = None, dst: str = "error"
) -> str:
    """Write a moment by a pattern in a zone ("" = as it is). A day is not moved; where a time is wanted, `at` gives it."""
    if isinstance(value, datetime):
        return _written(moved(value, zone(zone_name)) if zone_name else value, pattern_text, pivot)
    if at:
        local = placed(datetime.combine(value, clock_of(at)), zone_name or "UTC", dst)
        return _written(moved(local, zone(zone_name or "UTC")), pattern_text, pivot)
    if pattern_text == ISO:
        return value.isoformat()
    form = DTM_FORMS["102"] if pattern_text == DTM else pattern_text
    if not pattern(form).day_only:
        raise Wrong("date-time", "a day without time, where a time is wanted", 'time: "17:00"')
    return _written(datetime.combine(value, time()), form, pivot)


def _written(value: datetime, pattern_text: str, pivot: int | None) -> str:
    if pattern_text == ISO:
        return value.isoformat().replace("+00:00", "Z")
    one = pattern(DTM_FORMS["203"] if pattern_text == DTM else pattern_text)
    form = one.form
    if "y" in one.names:
        _check_century(value.year, one.names, PIVOT if pivot is None else pivot)
    if digits := _digits(form):
        return digits(value)
    if value.year >= 1000 and not _OURS.search(form):
        return value.strftime(form)
    return DIRECTIVE.sub(lambda found: _piece(found[1], value), form)


@lru_cache(maxsize=1024)
def _digits(form: str) -> Callable[[datetime], str] | None:
    """Give what writes a moment by a pattern of several numbers, sooner than strftime does; None: it is another one."""
    names = [one[1] for one in DIRECTIVE.finditer(form)]
    if len(names) < 2 or not {*names} <= _NUMBERS.keys():
        return None
    text = DIRECTIVE.sub(lambda found: _NUMBERS[found[1]][0], form)
    parts = attrgetter(*(_NUMBERS[one][1] for one in names))
    short = [place for place, one in enumerate(names) if one == "y"]

    def written(value: datetime) -> str:
        found = [*parts(value)]
        for place in short:
            found[place] %= 100
        return text % tuple(found)

    return written if short else lambda value: text % parts(value)


def _check_century(year: int, names: Collection[str], pivot: int) -> None:
    """Refuse a year that two digits would make another one."""
    century = {"c": "0" if year < 2000 else "1"} if "c" in names else {}
    if _year({"y": str(year % 100), **century}, pivot) != year:
        raise Wrong("date-century", f"the year {year} cannot be written with two digits", "%Y, or another pivot")


def _piece(directive: str, value: datetime) -> str:
    if directive == "b":
        return MONTHS[value.month - 1]  # strftime would speak the machine's language
    if directive == "p":
        return "AM" if value.hour < 12 else "PM"
    if directive == "Y":
        return f"{value.year:04d}"  # strftime leaves the zeros out on Linux
    if directive == "c":
        return str(value.year // 100 - 19)
    if directive.startswith("-"):
        return value.strftime(f"%{directive[1]}").lstrip("0") or "0"
    return "%" if directive == "%" else value.strftime(f"%{directive}")
