"""streams: in a folder whose order is kept, a file goes when the one before it has gone.

What belongs together is one folder: its files in the order in which they were collected, or written. Promise: a file is
read (sent) after all before it are read (sent), or given up; one that waits names the one before it. The files of a set
that is read together have the place of the first of them that waits. In trouble: a hint that one has gone may be lost; a
sweep each minute is the truth.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Final

from translator.core.work import Hold, State, Station
from translator.ledger.book import Book
from translator.ledger.work import Work
from translator.stations import sets
from translator.stations.errand import House

_AFTER: Final = " after "  # between station and number, in what such a row awaits
_STATIONS: Final = (Station.READ, Station.SEND)


def ready(house: House, book: Book, works: Sequence[Work]) -> list[Work]:
    """Give those that may go now; the others are held until the one before them has gone."""
    if not any(system.keeps_order for system in house.site.systems.values()):
        return list(works)
    may: list[Work] = []
    waits: dict[str, list[int]] = {}
    for work in works:
        endpoint = _endpoint(house, work)
        if not house.site.keeps_order(endpoint) or not _number(work):
            may.append(work)
            continue
        if endpoint not in waits:
            waits[endpoint] = _waiting(house, book, work.station, endpoint)
        place = bisect_left(waits[endpoint], _first(house, book, work, waits[endpoint]))
        if place:
            book.work.hold(work, _hold(book, work, waits[endpoint][place - 1]))
        else:
            may.append(work)
    return may


def gone(book: Book, work: Work, others: Iterable[int] = ()) -> None:
    """Let go on who waits for a file that has gone, or for others that went with it."""
    for number in {_number(work), *others}:
        book.work.release(_name(work.station, number))


def sweep(book: Book) -> None:
    """Let go on who waits for what has gone in whatever way."""
    for station in _STATIONS:
        rows = book.work.find(station=station)
        standing = {_number(row) for row in rows}
        for work in rows:
            name, found, number = work.awaits.partition(_AFTER)
            if work.state is State.HELD and found and name == station and int(number) not in standing:
                book.work.release_row(work.id)


def _hold(book: Book, work: Work, before: int) -> Hold:
    file = book.interchanges.get(before)
    verb = "read" if work.station == Station.READ else "sent"
    name = file.name if file else f"file {before}"
    return Hold(_name(work.station, before), f"waiting because {name} before it is not {verb} yet")


def _first(house: House, book: Book, work: Work, waiting: Sequence[int]) -> int:
    """Give the number of the file whose place it has: its own, or that of the first that waits of its set."""
    number, source = _number(work), house.site.source(work.route) if work.station == Station.READ else None
    made = [house.site.translations[mapping] for mapping in source.mappings] if source else []
    of_sets = [one for one in made if one.parts]
    files = book.interchanges.by_id([*waiting, number]) if of_sets else {}
    file = files.pop(number, None)
    if file is None:
        return number
    theirs = [one for one, other in files.items() if any(sets.together(book, each, file, other) for each in of_sets)]
    return min([number, *theirs])


def _waiting(house: House, book: Book, station: str, endpoint: str) -> list[int]:
    """Give the numbers of the files that wait at a station for a folder, the smallest first."""
    routes = [endpoint] if station == Station.READ else _routes(house, endpoint)
    numbers = {_number(row) for route in routes for row in book.work.find(station=station, route=route)}
    return sorted(numbers - {0})


def _routes(house: House, endpoint: str) -> list[str]:
    return [route.name for route in house.site.routes if route.endpoint == endpoint]


def _endpoint(house: House, work: Work) -> str:
    if work.station == Station.READ:
        return work.route
    route = house.site.route_named(work.route)
    return route.endpoint if route else ""


def _number(work: Work) -> int:
    """Give the number of the file that a row is about; 0: it is about none."""
    first = work.subject.partition(":")[0]
    return int(first) if first.isdigit() else 0


def _name(station: str, number: int) -> str:
    return f"{station}{_AFTER}{number}"
