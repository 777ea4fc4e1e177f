"""collect: an endpoint's turn: list, fetch what is complete; commit bytes and bookmark; only then dispose of the source.

In trouble: a file that changes while it is fetched is left for the next turn; a source that cannot be disposed of is
remembered and tried again first thing at the next turn, and its bytes are never read twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from translator.config.site import Source
from translator.core.finding import Unavailable
from translator.core.work import Station
from translator.endpoints.endpoint import Endpoint, Listing, Seen
from translator.ledger.book import Book
from translator.ledger.interchanges import Interchange
from translator.ledger.work import Work
from translator.stations.errand import Carry, Errand, House

TURN: Final = 200  # files fetched in one turn
AGAIN: Final = " again after "
BYTES: Final = 64_000_000  # and bytes


@dataclass(frozen=True, slots=True)
class _Turn:
    house: House
    source: Source
    endpoint: Endpoint
    work: Work


def begin(house: House, book: Book, works: Sequence[Work]) -> list[Errand]:
    """Give each endpoint its turn."""
    return [errand for work in works if (errand := _begin(house, book, work))]


def _begin(house: House, book: Book, work: Work) -> Errand | None:
    source, endpoint = house.site.source(work.route), house.endpoints.get(work.route)
    if source is None or endpoint is None:
        book.work.end(work)
        return None
    turn = _Turn(house, source, endpoint, work)
    bookmark = book.bookmarks.get(work.route)
    left = book.interchanges.undisposed(work.route)
    return Carry((work,), lambda _: (_disposed(endpoint, left), endpoint.list(bookmark)), partial(_listed, turn))


def _disposed(endpoint: Endpoint, left: Sequence[Interchange]) -> list[int]:
    done = []
    for interchange in left:
        try:
            endpoint.dispose(Seen(interchange.name, interchange.mark.partition(AGAIN)[0], interchange.size))
        except Unavailable:
            continue  # remembered as undisposed: the next turn tries again
        done.append(interchange.id)
    return done


def _listed(turn: _Turn, book: Book, result: tuple[list[int], Listing]) -> Errand | None:
    book.work.check(turn.work)
    disposed, listing = result
    _mark(book, disposed)
    fresh = [seen for seen in listing.complete if _is_new(turn, book, seen)]
    chosen = _chosen(fresh)
    if all(seen.data is not None for seen in chosen):
        return _fetched(turn, listing, len(fresh) - len(chosen), book, [(seen, seen.data or b"") for seen in chosen])
    record = partial(_fetched, turn, listing, len(fresh) - len(chosen))
    return Carry((turn.work,), lambda _: _fetch(turn, chosen), record)


def _chosen(fresh: Sequence[Seen]) -> list[Seen]:
    chosen: list[Seen] = []
    size = 0
    for seen in fresh[:TURN]:
        size += seen.size
        if chosen and size > BYTES:
            break
        chosen.append(seen)
    return chosen


def _is_new(turn: _Turn, book: Book, seen: Seen) -> bool:
    """Tell what is to be fetched: not what is stored and still lies there, on purpose or because disposing failed."""
    endpoint = turn.source.endpoint
    known = book.interchanges.known(endpoint, seen.name, seen.mark)
    system = turn.house.site.systems.get(turn.source.partner)
    if known is None or (system is not None and system.dispose == "leave"):
        return known is None
    left = {(one.name, one.mark.partition(AGAIN)[0]) for one in book.interchanges.undisposed(endpoint)}
    return (seen.name, seen.mark) not in left


def _fetch(turn: _Turn, chosen: Sequence[Seen]) -> list[tuple[Seen, bytes]]:
    fetched = []
    for seen in chosen:
        try:
            data = b"".join(turn.endpoint.fetch(seen))
        except Unavailable:
            continue  # it changed or went away: the next listing tells
        fetched.append((seen, data))
    return fetched


def _fetched(turn: _Turn, listing: Listing, left: int, book: Book, fetched: list[tuple[Seen, bytes]]) -> Errand | None:
    book.work.check(turn.work)
    stored = [_store(turn, book, seen, data) for seen, data in fetched]
    if listing.bookmark:
        book.bookmarks.put(turn.source.endpoint, listing.bookmark)
    again = _again(turn, listing, left)
    from_listing = [
        interchange.id for interchange, (seen, _) in zip(stored, fetched, strict=True) if seen.data is not None
    ]
    if len(from_listing) == len(stored):
        _mark(book, from_listing)
        book.work.again(turn.work, again, _waiting(listing))
        return None
    record = partial(_done, turn, again, _waiting(listing))
    return Carry((turn.work,), lambda _: _disposed(turn.endpoint, stored), record)


def _store(turn: _Turn, book: Book, seen: Seen, data: bytes) -> Interchange:
    known = book.interchanges.known(turn.source.endpoint, seen.name, seen.mark)
    mark = f"{seen.mark}{AGAIN}{known.id}" if known else seen.mark  # the very same file was laid there once more
    interchange = book.interchanges.add_in(turn.source.endpoint, seen.name, mark, data)
    book.work.add(Station.READ, turn.source.endpoint, str(interchange.id))
    book.events.note(
        f"interchange {interchange.id}", "collected", {"endpoint": turn.source.endpoint, "size": len(data)}
    )
    return interchange


def _done(turn: _Turn, again: float, reason: str, book: Book, disposed: list[int]) -> None:
    _mark(book, disposed)
    book.work.again(turn.work, again, reason)


def _mark(book: Book, disposed: Sequence[int]) -> None:
    for number in disposed:
        book.interchanges.disposed(number)


def _again(turn: _Turn, listing: Listing, left: int) -> float:
    now = turn.house.now()
    if left or listing.more:
        return now
    waits = turn.source.every if listing.again is None else min(turn.source.every, listing.again)
    return now + waits


def _waiting(listing: Listing) -> str:
    if not listing.waiting:
        return ""
    name, reason = next(iter(listing.waiting.items()))
    others = f" (and {len(listing.waiting) - 1} more)" if len(listing.waiting) > 1 else ""
    return f"{name}: {reason}{others}"
