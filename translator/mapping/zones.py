"""Time zones: a local time in its zone, a moment elsewhere.

A local time that a clock change skips or repeats is a finding, or the earlier or later of the two moments it can
mean, where a field says so: never a guess.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from translator.core.private import shown
from translator.mapping.wrong import Wrong

WAREHOUSE: Final = "warehouse"
USUAL: Final = ("America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
                "America/Toronto", "Europe/London", "Europe/Berlin", "Europe/Paris", "Europe/Rome", "Europe/Madrid",
                "Asia/Tokyo", "Asia/Kolkata", "Australia/Sydney", "UTC", WAREHOUSE)  # fmt: skip


@lru_cache(maxsize=256)
def zone(name: str) -> ZoneInfo:
    """Give a time zone. Raises Wrong."""
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # not found; a folder; a path
        raise Wrong("date-zone", f"there is no time zone {shown(name)}", "a name such as America/Chicago") from None


def placed(local: datetime, zone_name: str, dst: str = "error") -> datetime:
    """Place a local time in its zone. `dst`: error, earlier or later, where the clock change leaves none or two moments."""
    here = local.replace(tzinfo=zone(zone_name))
    other = here.replace(fold=1)
    if here.utcoffset() == other.utcoffset():
        return here
    if dst == "error":
        raise _changed(here, local, zone_name)
    earlier, later = sorted((moved(here, UTC), moved(other, UTC)))
    return earlier if dst == "earlier" else later  # in UTC: two times of a repeated hour are alike in their own zone


def _changed(here: datetime, local: datetime, zone_name: str) -> Wrong:
    there = moved(moved(here, UTC), zone(zone_name))
    what = "happens twice" if there.replace(tzinfo=None) == local else "does not exist"
    hint = "send the offset with the time (%z), or UTC; or dst: earlier, dst: later"
    return Wrong("date-dst", f"{{}} {what} in {zone_name}: the clock changes", hint, value=local.isoformat(" "))


def moved(value: datetime, to: tzinfo) -> datetime:
    """Give the same moment elsewhere. Raises Wrong at the ends of time."""
    try:
        return value.astimezone(to)
    except OverflowError:
        raise Wrong("date-syntax", "the date lies outside the years 1 to 9999") from None


def offset(text: str) -> timezone:
    """Read `Z`, `+0200` or `-05:00`. Raises Wrong."""
    if text == "Z":
        return UTC
    away = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    if away >= timedelta(hours=24) or int(text[-2:]) > 59:
        raise Wrong("date-syntax", "{} is no offset", value=text)
    return timezone(-away if text[0] == "-" else away)


def clock_of(text: str) -> time:
    """Read `17:00`. Raises ValueError."""
    found = re.fullmatch(r"([0-9]{2}):([0-9]{2})", text)
    if not found:
        raise ValueError(f"'{text}' is no time of day")
    return time(int(found[1]), int(found[2]))
