"""Dates as text and as values. Patterns are a strict subset of strftime; nothing naive comes out.

A local time that a clock change skips or repeats is a finding, not a guess.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from translator.core.private import shown
from translator.mapping.wrong import Wrong

ISO: Final = "iso"
WAREHOUSE: Final = "warehouse"
Moment = datetime | date
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ISO: Final = re.compile(
    r"(?P<Y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)"
    r"(?:[T ](?P<H>\d\d):(?P<M>\d\d)(?::(?P<S>\d\d)(?:[.,](?P<f>\d{1,9}))?)?(?P<z>Z|[+-]\d\d:?\d\d)?)?",
    re.ASCII,
)
_PIECES: Final = {
    "Y": r"(?P<Y>\d{4})", "m": r"(?P<m>\d\d)", "d": r"(?P<d>\d\d)", "H": r"(?P<H>\d\d)", "M": r"(?P<M>\d\d)",
    "S": r"(?P<S>\d\d)", "y": r"(?P<y>\d\d)", "j": r"(?P<j>\d{3})", "f": r"(?P<f>\d{6})", "I": r"(?P<I>\d\d)",
    "p": r"(?P<p>[AaPp][Mm])", "b": rf"(?P<b>{'|'.join(MONTHS)})", "z": r"(?P<z>Z|[+-]\d\d:?\d\d)", "%": "%",
}  # fmt: skip
_USUAL: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|[+-][0-9]{2}:[0-9]{2})")
_LOCAL: Final = re.compile(r"%[bp]")  # strftime would speak the machine's language
_DIRECTIVE: Final = re.compile(r"%(.?)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern, ready to read: what it matches and what it knows."""

    text: str
    regex: re.Pattern[str]
    names: frozenset[str]

    @property
    def day_only(self) -> bool:
        """Tell whether it says nothing about the time of day."""
        return not self.names & {"H", "I"}

    @property
    def zoned(self) -> bool:
        """Tell whether it may carry its own offset."""
        return "z" in self.names


@lru_cache(maxsize=1024)
def pattern(text: str) -> Pattern:
    """Compile a pattern. Raises Wrong for a directive that is not in the subset, or one that stands twice."""
    if text == ISO:
        return Pattern(text, _ISO, frozenset(_ISO.groupindex))
    parts, last = [], 0
    for found in _DIRECTIVE.finditer(text):
        if found[1] not in _PIECES:
            raise Wrong(
                "date-pattern", f"the date pattern knows no '{found[0]}'", f"known: %{' %'.join(sorted(_PIECES))}"
            )
        parts += [re.escape(text[last : found.start()]), _PIECES[found[1]]]
        last = found.end()
    source = "".join([*parts, re.escape(text[last:])])
    try:
        regex = re.compile(source, re.ASCII)
    except re.error:
        raise Wrong("date-pattern", f"a directive stands twice in the date pattern '{text}'") from None
    return Pattern(text, regex, frozenset(regex.groupindex))


def incomplete(text: str) -> str:
    """Say what a pattern lacks to name a day; empty when it is whole."""
    names = pattern(text).names
    if not names & {"Y", "y"}:
        return "no year (%Y or %y)"
    if "j" not in names and not ("d" in names and names & {"m", "b"}):
        return "no day (%m and %d, or %j)"
    return "%p" if ("I" in names) != ("p" in names) else ""


@lru_cache(maxsize=256)
def zone(name: str) -> ZoneInfo:
    """Give a time zone. Raises Wrong."""
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # not found; a folder; a path
        raise Wrong("date-zone", f"there is no time zone {shown(name)}", "a name such as America/Chicago") from None


def parse(text: str, patterns: Sequence[str], zone_name: str = "", at: str = "") -> Moment:
    """Read a date by the first pattern that fits. A day without time takes `at`, or stays a day."""
    for one in patterns:
        found = pattern(one).regex.fullmatch(text)
        if found:
            return _moment({name: part for name, part in found.groupdict().items() if part}, text, zone_name, at)
    raise Wrong("date-syntax", f"{{}} does not fit {' or '.join(patterns)}", value=text)


def _moment(parts: dict[str, str], text: str, zone_name: str, at: str) -> Moment:
    try:
        day = _day(parts)
        clock = _clock(parts) if parts.keys() & {"H", "I"} else clock_of(at) if at else None
    except ValueError as error:
        raise Wrong("date-syntax", f"{{}} is no date: {error}", value=text) from None
    if clock is None:
        return day
    local = datetime.combine(day, clock)
    if "z" in parts:
        return local.replace(tzinfo=_offset(parts["z"]))
    if not zone_name:
        raise Wrong("date-zone", "{} has no time zone", "zone: America/Chicago, or zone: warehouse", value=text)
    return placed(local, zone_name)


def _day(parts: dict[str, str]) -> date:
    year = int(parts["Y"]) if "Y" in parts else _century(int(parts["y"]))
    if "j" in parts:
        first = date(year, 1, 1)
        day = first + timedelta(days=int(parts["j"]) - 1)
        if day.year != year or parts["j"] == "000":
            raise ValueError("no such day of the year")
        return day
    month = MONTHS.index(parts["b"]) + 1 if "b" in parts else int(parts["m"])
    return date(year, month, int(parts["d"]))


def _century(year: int) -> int:
    return year + (2000 if year < 69 else 1900)  # POSIX's pivot


def _clock(parts: dict[str, str]) -> time:
    hour = int(parts["H"]) if "H" in parts else _twelve(int(parts["I"]), parts.get("p", "AM"))
    micro = int((parts.get("f", "0") + "00000")[:6])
    return time(hour, int(parts.get("M", 0)), int(parts.get("S", 0)), micro)


def _twelve(hour: int, half: str) -> int:
    if not 1 <= hour <= 12:
        raise ValueError("hour must be in 1..12")
    return hour % 12 + (12 if half.upper() == "PM" else 0)


def _offset(text: str) -> timezone:
    if text == "Z":
        return UTC
    away = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    if away >= timedelta(hours=24):
        raise Wrong("date-syntax", "{} is no offset", value=text)
    return timezone(-away if text[0] == "-" else away)


def clock_of(text: str) -> time:
    """Read `17:00`. Raises ValueError."""
    found = re.fullmatch(r"([0-9]{2}):([0-9]{2})", text)
    if not found:
        raise ValueError(f"'{text}' is no time of day")
    return time(int(found[1]), int(found[2]))


def placed(local: datetime, zone_name: str) -> datetime:
    """Place a local time in its zone. Raises Wrong where the clock change leaves none or two such moments."""
    here = local.replace(tzinfo=zone(zone_name))
    if here.utcoffset() == here.replace(fold=1).utcoffset():
        return here
    there = moved(moved(here, UTC), zone(zone_name))
    what = "happens twice" if there.replace(tzinfo=None) == local else "does not exist"
    text = f"{{}} {what} in {zone_name}: the clock changes"
    raise Wrong("date-dst", text, "send the offset with the time (%z), or UTC", value=local.isoformat(" "))


def moved(value: datetime, to: tzinfo) -> datetime:
    """Give the same moment elsewhere. Raises Wrong at the ends of time."""
    try:
        return value.astimezone(to)
    except OverflowError:
        raise Wrong("date-syntax", "the date lies outside the years 1 to 9999") from None


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
            return datetime.fromisoformat(text)
        except ValueError:
            pass  # parse says why
    return parse(text, (ISO,))


@lru_cache(maxsize=16384)
def rewritten(text: str, pattern_text: str, zone_name: str, at: str) -> str:
    """Read a date as Amazon writes it, and write it by a pattern in a zone: remembered, since days repeat."""
    return written(moment_of(text), pattern_text, zone_name, at)


def written(value: Moment, pattern_text: str, zone_name: str = "", at: str = "") -> str:
    """Write a moment by a pattern in a zone ("" = as it is)."""
    if not isinstance(value, datetime):
        return _written_day(value, pattern_text, zone_name, at)
    if zone_name:
        value = moved(value, zone(zone_name))
    if pattern_text == ISO:
        return value.isoformat().replace("+00:00", "Z")
    if value.year >= 1000 and not _LOCAL.search(pattern_text):
        return value.strftime(pattern_text)
    return _DIRECTIVE.sub(lambda found: _piece(found[1], value), pattern_text)


def _written_day(value: date, pattern_text: str, zone_name: str, at: str) -> str:
    """A day is not moved between zones; where a time is wanted, `at` gives it."""
    if pattern_text == ISO and not at:
        return value.isoformat()
    if not at and not pattern(pattern_text).day_only:
        raise Wrong("date-time", "a day without time, where a time is wanted", 'time: "17:00"')
    local = datetime.combine(value, clock_of(at) if at else time())
    if not at:
        return _DIRECTIVE.sub(lambda found: _piece(found[1], local), pattern_text)
    return written(placed(local, zone_name or "UTC"), pattern_text, zone_name)


def _piece(directive: str, value: datetime) -> str:
    if directive == "b":
        return MONTHS[value.month - 1]  # strftime would speak the machine's language
    if directive == "p":
        return "AM" if value.hour < 12 else "PM"
    if directive == "Y":
        return f"{value.year:04d}"  # strftime leaves the zeros out on Linux
    return "%" if directive == "%" else value.strftime(f"%{directive}")
