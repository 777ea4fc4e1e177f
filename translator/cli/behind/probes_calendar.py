"""What `doctor` says of the calendars: when the next parcel leaves each warehouse, and whether its holidays are of today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from translator.cli.behind.probe import Probe
from translator.config.site import System
from translator.core.calendar import LONGEST, Calendar, leaves


def calendars(system: System, now: datetime) -> Iterator[Probe]:
    """Say of each warehouse when it works next."""
    for code, calendar in system.calendars.items():
        what = f"{system.name}: calendar of {code}"
        today = now.astimezone(ZoneInfo(calendar.zone)).date()
        if calendar.holidays and max(calendar.holidays) < today:
            yield Probe(
                what, True, f"all its holidays have passed, the last on {max(calendar.holidays)}", "list those to come"
            )
        elif said := _next(calendar, now):
            yield Probe(what, True, f"the last parcel leaves {said}, {calendar.zone}")
        else:
            yield Probe(what, False, f"no parcel leaves in the next {LONGEST} days", "look at its days and holidays")


def _next(calendar: Calendar, now: datetime) -> str:
    """Give the moment of the next last parcel; "" where none is near."""
    today = now.astimezone(ZoneInfo(calendar.zone)).date()
    days = (today + timedelta(days=more) for more in range(LONGEST))
    moments = (leaves(calendar, day) for day in days if calendar.works(day))
    found = next((one for one in moments if one >= now), None)
    return f"{found.astimezone(ZoneInfo(calendar.zone)):%Y-%m-%d %H:%M}" if found else ""
