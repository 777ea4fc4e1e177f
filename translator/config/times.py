"""Durations, days and hours as `translator.yaml` writes them: `15m`, `2026-12-01`, `16:00`."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import Final

from translator.core.finding import Place
from translator.mapping.strict import Keys

_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION: Final = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)([smhd])")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_HOUR: Final = re.compile(r"[0-9]{1,2}:[0-9]{2}")


def seconds(k: Keys, name: str, default: float) -> float:
    """Take a duration, in seconds."""
    text = k.text(name)
    if not text:
        return default
    found = _DURATION.fullmatch(text)
    if not found:
        k.fault("site-duration", f"'{name}' is no duration", k.place(name), "a number and s, m, h or d: 15m")
        return default
    return float(found[1]) * _SECONDS[found[2]]


def midnight(k: Keys, name: str) -> datetime | None:
    """Take a day, and give the moment it begins (UTC)."""
    found = day(k, name)
    return datetime.combine(found, time(0), UTC) if found else None


def day(k: Keys, name: str) -> date | None:
    """Take a day."""
    text = k.text(name)
    return day_of(k, name, text, k.place(name)) if text else None


def day_of(k: Keys, name: str, text: str, rule: Place) -> date | None:
    """Read a day; what is none is a fault."""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    k.fault("site-day", f"'{name}' is no day", rule, "2026-12-01")
    return None


def hour(k: Keys, name: str, default: time) -> time:
    """Take an hour of the day."""
    text = k.text(name)
    if not text:
        return default
    try:
        if _HOUR.fullmatch(text):
            return time(int(text[:-3]), int(text[-2:]))
    except ValueError:
        pass
    k.fault("site-hour", f"'{name}' is no hour of the day", k.place(name), '"16:00", from 00:00 to 23:59')
    return default
