"""nightly: where a site gives an hour for it, Amazon, the ledger and its warehouses are compared once a night.

A worker compares, beside the road. What it found is written down in one commit with the hour of the next: after a death in
the middle it is done again, and by one of several services. In trouble: while Amazon is away it is tried again; a list that
cannot be read is told, and read the next night.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

from translator.config.site import Comparing
from translator.core.work import Station
from translator.ledger.book import Book
from translator.ledger.work import Work
from translator.stations.errand import Carry, Errand, House

OWN: Final = "compare"  # the subject of its row
BY: Final = "service"
COMPARED: Final = "compared"  # the bookmark of what was found last


def due_again(house: House, book: Book) -> None:
    """Have it done at the hour that the site gives; what waits for that hour already goes on waiting."""
    if (comparing := house.site.compare) is not None:
        due = following(comparing, house.clock.now()).timestamp()
        book.work.add(Station.COLLECT, _route(comparing), OWN, due=due)


def begin(house: House, book: Book, work: Work) -> Errand | None:
    """Compare, unless the site gives another hour now, or none."""
    comparing = house.site.compare
    if comparing is None or work.route != _route(comparing):
        book.work.end(work)
        return None
    return Carry((work,), lambda _: house.compare(house, comparing), partial(_record, house, comparing, work))


def _record(house: House, comparing: Comparing, work: Work, book: Book, result: Mapping[str, Any]) -> None:
    book.work.again(work, following(comparing, house.clock.now()).timestamp())
    written(book, BY, result)


def written(book: Book, by: str, result: Mapping[str, Any]) -> int:
    """Write down what a comparison found; what is out is an event of its own, to be told. Give how much is out."""
    out, failed = int(result.get("out", 0)), result.get("failed")
    book.bookmarks.put(COMPARED, json.dumps({"at": book.now, "by": by, **result}))
    if failed:
        book.events.note("service", "comparison refused", {"reason": failed})
    else:
        book.events.note("service", "comparison out" if out else "comparison agrees", {"count": out})
    return out


def following(comparing: Comparing, now: datetime) -> datetime:
    """Say when that hour comes next."""
    zone = ZoneInfo(comparing.zone)
    today = now.astimezone(zone).date()
    hours = (datetime.combine(today + timedelta(days=days), comparing.at, zone).astimezone(UTC) for days in range(3))
    return next(hour for hour in hours if hour > now)


def _route(comparing: Comparing) -> str:
    return f"{OWN}/{comparing.at:%H:%M} {comparing.zone}"
