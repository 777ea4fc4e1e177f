"""Dates: read and written by a pattern in a zone, moved by days, compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from translator.mapping import dates, zones
from translator.mapping.dates import Moment
from translator.mapping.expression import asking
from translator.mapping.wrong import Wrong

MOST: Final = 3660  # days a date is moved by: ten years
WORKING: Final = 5


@asking("warehouse_zone")
def date(value: Any, pattern: str = "iso", zone: str = "", time: str = "", *, warehouse_zone: str | None = None) -> str:
    """A date by a pattern, in a zone: a name, or 'warehouse'. Without one: as it came, mostly UTC."""
    zone = _zone(zone, warehouse_zone)
    if isinstance(value, str):
        return dates.rewritten(value, pattern, zone, time)
    return dates.written(dates.aware(value), pattern, zone, time)


@asking("warehouse_zone")
def moment(
    value: str, pattern: str, zone: str = "", time: str = "", dst: str = "error", *, warehouse_zone: str | None = None
) -> Moment:
    """The date that a text of a file says, by its pattern and zone."""
    if dst not in ("error", "earlier", "later"):
        raise Wrong("expression-type", "dst is error, earlier or later")
    return dates.parse(value, (pattern,), _zone(zone, warehouse_zone), time, dst=dst)


def add_days(value: Moment, days: int) -> Moment:
    """So many days later (or earlier): the same time of day, in UTC."""
    there = _moved(_in_utc(value), days)
    zone = value.tzinfo if isinstance(value, datetime) else None
    return zones.moved(there, zone) if zone and isinstance(there, datetime) else there


def add_business_days(value: Moment, days: int, holidays: list[Any] = []) -> Moment:  # noqa: B006 (never changed)
    """So many days later (or earlier) that are no Saturday, no Sunday and no holiday (`2026-12-25`)."""
    if abs(days) > MOST:
        raise Wrong("expression-bounds", "a date is moved by up to ten years")
    free = {_day(dates.aware(one)) for one in holidays}
    step, left = (1 if days >= 0 else -1), abs(days)
    while left:
        value = _moved(value, step)
        left -= value.weekday() < WORKING and _day(value) not in free
    return value


def days_between(value: Moment, other: Moment) -> int:
    """How many days from one date to another, by their days in UTC; less than 0 where the other is before."""
    return (_day(_in_utc(other)) - _day(_in_utc(value))).days


def weekday(value: Moment) -> int:
    """The day of the week: Monday is 1, Sunday is 7."""
    return value.isoweekday()


def week(value: Moment) -> int:
    """The week of the year (ISO 8601)."""
    return value.isocalendar().week


def _moved(value: Moment, days: int) -> Moment:
    if abs(days) > MOST:
        raise Wrong("expression-bounds", "a date is moved by up to ten years")
    try:
        return value + timedelta(days=days)
    except OverflowError:
        raise Wrong("date-syntax", "the date lies outside the years 1 to 9999") from None


def _day(value: Moment) -> Moment:
    return value.date() if isinstance(value, datetime) else value


def _in_utc(value: Moment) -> Moment:
    return zones.moved(value, UTC) if isinstance(value, datetime) else value


def _zone(zone: str, here: str | None) -> str:
    if zone != zones.WAREHOUSE:
        return zone
    if not here:
        raise Wrong("date-zone", "the warehouse's time zone is not known", "warehouses: {CODE: America/Chicago}")
    return here


FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "date": date, "moment": moment, "add_days": add_days, "add_business_days": add_business_days,
    "days_between": days_between, "weekday": weekday, "week": week,
}  # fmt: skip

EXAMPLES: Final = (
    ("'2026-12-01T02:30:00Z' | date('%m/%d/%Y %H:%M', zone='America/Chicago')", "11/30/2026 20:30"),
    ("'2026-12-01T02:30:00Z' | date('%Y%m%d')", "20261201"),
    ("'2026-12-01T02:30:00Z' | date('cyymmdd')", "1261201"),
    (
        "'12/1/2026 2:30 PM' | moment('%-m/%-d/%Y %-I:%M %p', 'America/Chicago') | date('%Y%m%d%H%M', 'UTC')",
        "202612012030",
    ),
    ("'2026-12-01T02:30:00Z' | add_days(3) | date", "2026-12-04T02:30:00Z"),
    ("'2026-12-24' | add_business_days(2, ['2026-12-25']) | date", "2026-12-29"),
    ("'2026-12-01' | days_between('2026-12-25')", 24),
    ("'2026-12-01' | weekday", 2),
    ("'2026-12-01' | week", 49),
)
