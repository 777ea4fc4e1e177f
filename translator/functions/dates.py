"""Dates: written by a pattern in a zone, moved by days."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from translator.mapping import dates, zones
from translator.mapping.expression import asking
from translator.mapping.wrong import Wrong


@asking("warehouse_zone")
def date(value: Any, pattern: str = "iso", zone: str = "", time: str = "", *, warehouse_zone: str | None = None) -> str:
    """A date by a strftime pattern, in a zone: a name, or 'warehouse'. Without one: as it came, mostly UTC."""
    if zone == zones.WAREHOUSE:
        zone = warehouse_zone or ""
        if not zone:
            raise Wrong("date-zone", "the warehouse's time zone is not known", "warehouses: {CODE: America/Chicago}")
    if isinstance(value, str):
        return dates.rewritten(value, pattern, zone, time)
    return dates.written(dates.aware(value), pattern, zone, time)


def add_days(value: Any, days: Any) -> Any:
    """So many days later (or earlier): the same time of day, in UTC."""
    number = int(days)
    if not -3660 <= number <= 3660:
        raise Wrong("expression-bounds", "add_days() moves by up to ten years")
    try:
        return dates.aware(value) + timedelta(days=number)
    except OverflowError:
        raise Wrong("date-syntax", "the date lies outside the years 1 to 9999") from None


FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {"date": date, "add_days": add_days}

EXAMPLES: Final = (
    ("'2026-12-01T02:30:00Z' | date('%m/%d/%Y %H:%M', zone='America/Chicago')", "11/30/2026 20:30"),
    ("'2026-12-01T02:30:00Z' | date('%Y%m%d')", "20261201"),
    ("'2026-12-01T02:30:00Z' | add_days(3) | date", "2026-12-04T02:30:00Z"),
)
