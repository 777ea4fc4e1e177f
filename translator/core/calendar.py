"""When a warehouse works: its zone, its days, its holidays, and until when a parcel leaves the same day.

Pure: a day is a date in the warehouse's own zone, a moment is aware and in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

EVERY_DAY: Final = frozenset(range(7))  # Monday is 0
LONGEST: Final = 31  # days a warehouse is closed at most, before nobody believes the calendar
FARTHEST: Final = 1000  # days that are looked through
_NIGHT: Final = time(0)
_MOMENT: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days on which parcels leave, and the hour of the last one."""

    zone: str = "UTC"
    days: frozenset[int] = EVERY_DAY
    holidays: frozenset[date] = field(default_factory=frozenset)
    cut_off: time = time(23, 59)

    def works(self, day: date) -> bool:
        """Tell whether parcels leave on a day."""
        return day.weekday() in self.days and day not in self.holidays


def ship_day(calendar: Calendar, required: datetime) -> date:
    """Give the last day on which a parcel can leave and still be in time: what is due at midnight, on the day that ends."""
    day = (required - _MOMENT).astimezone(ZoneInfo(calendar.zone)).date()
    earlier = (day - timedelta(days=back) for back in range(LONGEST))
    return next((one for one in earlier if calendar.works(one)), day)


def moment(calendar: Calendar, day: date, at: time) -> datetime:
    """Give the moment of an hour of a day there; an hour that the clock leaps over is the one after it."""
    return datetime.combine(day, at, ZoneInfo(calendar.zone)).astimezone(UTC)


def worked(calendar: Calendar, since: datetime, seconds: float) -> datetime:
    """Give the moment from which a warehouse has worked for so long; days on which it does not are passed over."""
    at, left = since, timedelta(seconds=seconds)
    first = since.astimezone(ZoneInfo(calendar.zone)).date()
    for day in (first + timedelta(days=further) for further in range(FARTHEST)):
        night = moment(calendar, day + timedelta(days=1), _NIGHT)
        if calendar.works(day):
            if night - at >= left:
                break
            left -= night - at
        at = night
    return at + left


def leaves(calendar: Calendar, day: date) -> datetime:
    """Give the moment of the last parcel of a day."""
    return moment(calendar, day, calendar.cut_off)
