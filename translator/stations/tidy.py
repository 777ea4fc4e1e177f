"""tidy: the temporary names that we left in a folder and that nobody needs any more go; nobody else's ever do.

A name is ours if the ledger has the attempt that its token belongs to. It is needed as long as its file waits in send:
there its being gone would say that the file was published. What is left belongs to files that were sent, or whose
documents were given up. In trouble: Unavailable, and it is looked at again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from translator.core.work import Station
from translator.endpoints.endpoint import Tidied
from translator.endpoints.names import Temporary, parted
from translator.ledger.book import Book
from translator.ledger.interchanges import Interchange
from translator.ledger.work import Work
from translator.stations.errand import Carry, Errand, House

OWN: Final = "tidy"  # the subject of the row of a folder that is written into
EVERY: Final = 3600.0  # seconds between looks; the first when the service starts
MOST: Final = 1000  # names of one look


def open_all(house: House, book: Book) -> None:
    """Have each folder that is written into looked at now."""
    lanes = {route.endpoint: route.lane for route in house.site.routes if route.mapping}
    for endpoint, lane in lanes.items():
        book.work.add(Station.COLLECT, endpoint, OWN, lane=lane)
        soon(book, endpoint)


def soon(book: Book, endpoint: str) -> None:
    """Have a folder looked at now: something in it is not needed any more."""
    for work in book.work.find(station=Station.COLLECT, route=endpoint, subject=OWN):
        book.work.hasten_row(work.id)


def begin(house: House, book: Book, work: Work) -> Errand | None:
    """Look into a folder that is still written into."""
    endpoint: object = house.endpoints.get(work.route)
    if not isinstance(endpoint, Tidied) or all(route.endpoint != work.route for route in house.site.routes):
        book.work.end(work)
        return None
    return Carry((work,), lambda _: _seen(endpoint), partial(_record, house, endpoint, work))


def _seen(endpoint: Tidied) -> list[Temporary]:
    return [made for name in endpoint.temporaries() if (made := parted(name))][:MOST]


def _record(house: House, endpoint: Tidied, work: Work, book: Book, seen: Sequence[Temporary]) -> Errand | None:
    if not (stale := _stale(book, seen)):
        book.work.again(work, house.now() + EVERY)
        return None
    return Carry((work,), lambda _: _dropped(endpoint, stale), partial(_told, house, work))


def _stale(book: Book, seen: Sequence[Temporary]) -> list[str]:
    """Give the names of ours whose files do not wait in send."""
    owners = book.attempts.owners(one.token for one in seen) if seen else {}
    files = book.interchanges.by_id({number for number, _ in owners.values()})
    ours = [one for one in seen if _owner(one, owners, files)]
    return [one.whole for one in ours if not _waits(book, owners[one.token][0])]


def _owner(one: Temporary, owners: dict[str, tuple[int, int]], files: Mapping[int, Interchange]) -> bool:
    number, attempt = owners.get(one.token, (0, 0))
    return number in files and (one.name, one.attempt) == (files[number].name, attempt)


def _waits(book: Book, interchange: int) -> bool:
    return bool(book.work.find(station=Station.SEND, subject=str(interchange)))


def _dropped(endpoint: Tidied, names: Sequence[str]) -> int:
    endpoint.drop(names)
    return len(names)


def _told(house: House, work: Work, book: Book, count: int) -> None:
    if count:
        book.events.note(f"row {work.id}", "temporary files removed", {"endpoint": work.route, "count": count})
    book.work.again(work, house.now() + EVERY)
