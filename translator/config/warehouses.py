"""The warehouses of a system: a zone alone, or a calendar: when parcels leave there.

A zone alone means that they leave every day. Clocks run, and labels are asked for, by these days.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from translator.config import words
from translator.config.times import day_of, hour
from translator.core.calendar import EVERY_DAY, Calendar
from translator.core.finding import suggestion
from translator.mapping.strict import Entries, Keys, Node, Scalar
from translator.mapping.words import names

LAST: Final = time(23, 59)
MOST: Final = 400  # holidays of one warehouse


def calendars(k: Keys) -> dict[str, Calendar]:
    """Take the warehouses: the calendar of each, by its code."""
    entries = k.mapping("warehouses")
    if entries is None or not entries.entries:
        hint = "warehouses: {EWR1: America/New_York}"
        k.fault("site-warehouses", "'warehouses' lists none", k.place("warehouses"), hint)
        return {}
    return {key.text: _calendar(k, key.text, node) for key, node in entries}


def _calendar(k: Keys, code: str, node: Node) -> Calendar:
    if not isinstance(node, Entries):
        return Calendar(zone_of(k, node))
    inner = Keys(node, k.findings, f"in warehouse {code}", names(words.WAREHOUSE))
    zone = inner.node("zone")
    if zone is None:
        k.fault("yaml-missing", f"'zone' is missing in warehouse {code}", node.rule, "zone: America/New_York")
    calendar = Calendar(
        zone=zone_of(k, zone) if zone else "UTC",
        days=frozenset(_days(inner)) or EVERY_DAY,
        holidays=frozenset(_holidays(inner)),
        cut_off=hour(inner, "cut_off", LAST),
    )
    inner.done()
    return calendar


def zone_of(k: Keys, node: Node) -> str:
    """Take a time zone; what is none is a fault."""
    zone = k.scalar(node, "zone")
    if is_zone(zone):
        return zone
    k.fault("site-zone", f"no time zone '{zone}'", node.rule, "an IANA name such as America/New_York")
    return "UTC"


def is_zone(name: str) -> bool:
    """Tell whether it is the name of a time zone."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True


def _days(k: Keys) -> Iterator[int]:
    """Give the days of the week: `mon-fri`, or `[mon, wed, fri]`; Monday is 0."""
    for node in k.scalars("days"):
        first, dash, last = node.text.lower().partition("-")
        ends = [first, last] if dash else [first, first]
        if wrong := [one for one in ends if one not in words.DAYS]:
            hint = suggestion(wrong[0], words.DAYS) or f"mon-fri, or [{', '.join(words.DAYS)}]"
            k.fault("site-days", f"'{node.text}' names no days", node.rule, hint)
            continue
        begin, end = (words.DAYS.index(one) for one in ends)
        yield from ((begin + more) % 7 for more in range((end - begin) % 7 + 1))


def _holidays(k: Keys) -> Iterator[date]:
    nodes = k.scalars("holidays")
    if len(nodes) > MOST:
        k.fault("site-holidays", f"more than {MOST} holidays", k.place("holidays"), "those of this year and the next")
    yield from (day for node in islice(nodes, MOST) if (day := _holiday(k, node)))


def _holiday(k: Keys, node: Scalar) -> date | None:
    return day_of(k, "holidays", node.text, node.rule)
