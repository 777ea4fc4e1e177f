"""collect: an endpoint's turn: list, fetch what is complete; commit bytes and bookmark; only then dispose of the source.

In trouble: a file that changes while it is fetched is left for the next turn; a source that cannot be disposed of is
remembered and tried again first thing at the next turn, and its bytes are never read twice. What the workers did not
come to (fetching.py) waits for the next turn. A fault of ours over one file gives that file a held row of its own, and
it is left alone until a person releases the row; the turn goes on. What does not go on by itself (stuck.py) is held in
the same way, as long as it lies there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import takewhile
from typing import Final

from translator.core.finding import Unavailable
from translator.core.work import Station
from translator.endpoints.endpoint import Listing, Seen
from translator.endpoints.looks import BESIDE, own
from translator.ledger.bodies import Spooled, spooled
from translator.ledger.book import Book
from translator.ledger.interchanges import Interchange
from translator.ledger.trouble import Lost
from translator.ledger.work import Work
from translator.stations import asking, expected, fetching, life, nightly, stuck, tidy
from translator.stations.errand import Carry, Errand, House, fault
from translator.stations.fetching import AGAIN, Disposed, Fetched, File, Turn

OWN: Final = "turn"  # the subject of a source's own row
ROUND: Final = (20.0, 40.0)  # seconds that one listing is gone by, TURN files after TURN files: least and most;
SHARE: Final = 10.0  # between them this many times as long as the listing took, which may have very many files


@dataclass(frozen=True, slots=True)
class _Round:
    """What a listing has that is to be fetched, while it is gone by. `trouble`: what could not be disposed of, and why.

    `failed`: what was not to be fetched, by name, and why.
    """

    turn: Turn
    listing: Listing
    rest: Sequence[Seen]
    until: float
    trouble: str
    failed: Mapping[str, str] = field(default_factory=dict)


def begin(house: House, book: Book, works: Sequence[Work]) -> list[Errand]:
    """Give each endpoint its turn."""
    begun = (_BEGIN.get(work.subject, _begin)(house, book, work) for work in works)
    return [errand for errand in begun if errand]


def _begin(house: House, book: Book, work: Work) -> Errand | None:
    source, endpoint = house.site.source(work.route), house.endpoints.get(work.route)
    if source and endpoint and work.subject.startswith(life.ASKED):
        return asking.ask(Turn(house, source, endpoint, work), book)
    if source is None or endpoint is None or work.subject != OWN:  # else a file's row: a person has seen it
        book.work.end(work)
        return None
    turn = Turn(house, source, endpoint, work)
    bookmark = book.bookmarks.get(work.route)
    left = fetching.some(house, book.interchanges.undisposed(work.route))
    return Carry(
        (work,), lambda _: (fetching.disposed(turn, left), *fetching.timed(turn, bookmark)), partial(_listed, turn)
    )


def _listed(turn: Turn, book: Book, result: tuple[Disposed, Listing, float]) -> Errand | None:
    book.work.check(turn.work)
    disposed, listing, took = result
    _mark(turn, book, disposed)
    late = stuck.late(book, turn.source.endpoint, {seen.name for seen in listing.complete})
    stuck.told(book, turn.source.endpoint, {**listing.stuck, **late})
    least, most = ROUND
    until = turn.house.clock.monotonic() + min(max(least, SHARE * took), most)
    fresh, known = _fresh(turn, book, listing)
    round_ = _Round(turn, listing, fresh, until, disposed.trouble)
    if not known:
        return _next(round_, book)
    return Carry((turn.work,), lambda _: fetching.left_there(turn, known), lambda book, _: _next(round_, book))


def _next(round_: _Round, book: Book) -> Errand | None:
    """Fetch the next files of a listing."""
    turn, chosen = round_.turn, fetching.chosen(round_.rest)
    after = replace(round_, rest=round_.rest[len(chosen) :])
    if all(seen.data is not None for seen in chosen):
        return _fetched(after, book, Fetched([(seen, spooled(seen.data or b"")) for seen in chosen]))
    return Carry((turn.work,), lambda _: fetching.fetch(turn, chosen), partial(_fetched, after))


def _fresh(turn: Turn, book: Book, listing: Listing) -> tuple[Sequence[Seen], Sequence[Seen]]:
    """Give what is to be fetched, and what is known and stays there on purpose, which its endpoint has forgotten since.

    What is stored and still lies there since disposing failed is neither.
    """
    endpoint = turn.source.endpoint
    undisposed = [
        (one.name, *one.mark.partition(AGAIN)[0].partition(BESIDE)) for one in book.interchanges.undisposed(endpoint)
    ]
    left = {(name, mark) for name, mark, _, _ in undisposed}  # whoever takes their done-file along by now
    spent = {(name, beside) for name, _, _, beside in undisposed if beside}  # told of those that are read
    held = {work.subject for work in book.work.find(station=Station.COLLECT, route=endpoint)}
    kept = turn.house.site.keeps_order(endpoint)
    fresh = [
        seen
        for seen in takewhile(lambda seen: not (kept and _row(seen) in held), listing.complete)
        if (seen.name, own(seen)) not in left
        and (seen.name, seen.mark.partition(BESIDE)[2]) not in spent
        and _row(seen) not in held
    ]
    system = turn.house.site.systems.get(turn.source.partner)
    if system is None or system.dispose != "leave":
        return fresh, ()
    stored = book.interchanges.marks(turn.source.endpoint, [seen.name for seen in fresh])
    parted: tuple[list[Seen], list[Seen]] = [], []
    for seen in fresh:
        parted[(seen.name, seen.mark) in stored].append(seen)
    return parted


def _row(seen: Seen) -> str:
    """Name the row of a file that we are at fault over."""
    return f"file {seen.name} {seen.mark}"


def _fetched(round_: _Round, book: Book, got: Fetched) -> Errand | None:
    turn, listing = round_.turn, round_.listing
    book.work.check(turn.work)
    stopping: list[Seen] = []  # where order is kept: what we are at fault over, and none may pass
    stored = book.together(got.files, partial(_stored, turn, book, stopping), partial(_unstored, turn, book, stopping))
    rest = () if got.stopped or stopping else round_.rest
    round_ = replace(round_, rest=rest, failed={**round_.failed, **got.failed})
    if stored:
        expected.came(book, turn.source)
    if listing.bookmark:
        book.bookmarks.put(turn.source.endpoint, listing.bookmark)
    if all(seen.data is not None for _, seen in stored):  # there is no source but the listing
        _mark(turn, book, Disposed({one.id: None for one, _ in stored}))
        _come_again(round_, book, got.left)
        return None
    return _dispose(round_, got.left, [one for one, _ in stored])


def _dispose(round_: _Round, left: int, stored: Sequence[Interchange]) -> Errand:
    """Dispose of what is stored; by the same way, fetch the next files of the listing."""
    turn = round_.turn
    goes_on = round_.rest and not left and turn.house.clock.monotonic() < round_.until
    chosen = fetching.chosen(round_.rest) if goes_on else []
    after = replace(round_, rest=round_.rest[len(chosen) :])

    def go(_: object) -> tuple[Disposed, Fetched | None]:
        disposed = fetching.disposed(turn, stored)
        return disposed, fetching.fetch(turn, chosen) if chosen else None

    return Carry((turn.work,), go, partial(_done, after, left))


def _stored(turn: Turn, book: Book, stopping: list[Seen], files: Sequence[File]) -> list[tuple[Interchange, Seen]]:
    if stopping:
        return []
    known = book.interchanges.marks(turn.source.endpoint, [seen.name for seen, _ in files])
    return [(_store(turn, book, seen, data, known), seen) for seen, data in files]


def _unstored(turn: Turn, book: Book, stopping: list[Seen], file: File, error: Exception) -> None:
    seen, _ = file
    if isinstance(error, Lost | Unavailable) or seen.data is not None:
        raise error  # a page has no other source: its bookmark must not move on without it
    if turn.house.site.keeps_order(turn.source.endpoint):
        stopping.append(seen)
    _held(turn, book, seen, error)


def _held(turn: Turn, book: Book, seen: Seen, error: Exception) -> None:
    endpoint = turn.source.endpoint
    if not book.work.find(station=Station.COLLECT, route=endpoint, subject=_row(seen)):  # told once, not at each turn
        hold = fault(book, f"{endpoint} {seen.name}", error)
        book.work.add(Station.COLLECT, endpoint, _row(seen), hold=hold)


def _store(turn: Turn, book: Book, seen: Seen, data: Spooled | Exception, known: set[tuple[str, str]]) -> Interchange:
    if isinstance(data, Exception):
        raise data
    # the very same file was laid there once more: however often, each time is another
    again = (seen.name, seen.mark) in known
    mark = f"{seen.mark}{AGAIN}{turn.house.chance.token()}" if again else seen.mark
    known.add((seen.name, seen.mark))
    interchange = book.interchanges.add_in_spooled(
        turn.source.endpoint, seen.name, mark, data, seal=fetching.seal_of(turn), brief=not turn.source.mappings
    )
    book.work.add(Station.READ, turn.source.endpoint, str(interchange.id))
    book.events.note(
        f"interchange {interchange.id}", "collected", {"endpoint": turn.source.endpoint, "size": data.size}
    )
    return interchange


def _done(round_: _Round, left: int, book: Book, result: tuple[Disposed, Fetched | None]) -> Errand | None:
    """Go on with what was fetched meanwhile, or let the turn come again."""
    turn, (disposed, got) = round_.turn, result
    book.work.check(turn.work)
    _mark(turn, book, disposed)
    round_ = replace(round_, trouble=round_.trouble or disposed.trouble)
    if got:
        return _fetched(round_, book, got)
    _come_again(round_, book, left)
    return None


def _mark(turn: Turn, book: Book, disposed: Disposed) -> None:
    """Note what is disposed of; what we are at fault over stays undisposed, is tried again, and told."""
    for number, error in disposed.done.items():
        interchange = book.interchanges.get(number) if error else None
        if error is None:
            book.interchanges.disposed(number)
        elif interchange is not None:
            _held(turn, book, Seen(interchange.name, interchange.mark), error)


def _come_again(round_: _Round, book: Book, left: int) -> None:
    turn, listing = round_.turn, round_.listing
    waits = {**listing.waiting, **round_.failed}
    stuck.unfetched(book, turn.source.endpoint, round_.failed)
    stuck.noted(book, turn.source.endpoint, waits)
    expected.looked(turn.house.site, book, turn.source)
    due = turn.house.now()
    if not (left or round_.rest or listing.more):
        due += turn.source.every if listing.again is None else min(turn.source.every, listing.again)
    book.work.again(turn.work, due, "; ".join(filter(None, (_waiting(waits), round_.trouble))))


def _waiting(waits: Mapping[str, str]) -> str:
    if not waits:
        return ""
    name, reason = next(iter(waits.items()))
    others = f" (and {len(waits) - 1:,} more)" if len(waits) > 1 else ""
    return f"{name}: {reason}{others}"


_BEGIN: Final = {tidy.OWN: tidy.begin, nightly.OWN: nightly.begin}  # other rows that come again
