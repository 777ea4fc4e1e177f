"""collect: an endpoint's turn: list, fetch what is complete; commit bytes and bookmark; only then dispose of the source.

In trouble: a file that changes while it is fetched is left for the next turn; a source that cannot be disposed of is
remembered and tried again first thing at the next turn, and its bytes are never read twice. A slow link is given up
after a while with what there is, and the next turn goes on; so is one that breaks over two files, one after the
other: one alone may be the file's fault. A link that refuses who we are ends the turn at once, so that no login is
tried for each file. A fault of ours over one file gives that file a held row of its own, and it is left alone until a
person releases the row; the turn goes on. What does not go on by itself (stuck.py) is held in the same way, as long
as it lies there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import takewhile
from typing import Final

from translator.config.site import Source
from translator.core.finding import Unavailable
from translator.core.work import Station
from translator.documents.kind import kinds
from translator.endpoints.endpoint import Endpoint, Listing, Seen, Settled
from translator.endpoints.looks import BESIDE
from translator.ledger.bodies import Spooled, spooled
from translator.ledger.book import Book
from translator.ledger.interchanges import Interchange
from translator.ledger.keys import ANEW, PLAIN
from translator.ledger.trouble import Lost
from translator.ledger.work import Work
from translator.stations import life, stuck, tidy
from translator.stations.errand import Carry, Errand, House, fault

OWN: Final = "turn"  # the subject of a source's own row
TURN: Final = 200  # files fetched in one turn, and sources disposed of that were not before
BYTES: Final = 64_000_000  # and bytes
LONG: Final = 120.0  # seconds of fetching or disposing, begun with the last file: well within a lease
ROUND: Final = (20.0, 40.0)  # seconds that one listing is gone by, TURN files after TURN files: least and most;
SHARE: Final = 10.0  # between them this many times as long as the listing took, which may have very many files
BREAKS: Final = 2  # files, one after the other, over which a link breaks before it is given up
AGAIN: Final = " again "
PAUSES: Final = (
    5.0,
    15.0,
    30.0,
    60.0,
    120.0,
    300.0,
)  # between questions for what is not there yet, then always the last


@dataclass(frozen=True, slots=True)
class _Turn:
    house: House
    source: Source
    endpoint: Endpoint
    work: Work


@dataclass(frozen=True, slots=True)
class _Round:
    """What a listing has that is to be fetched, while it is gone by. `trouble`: what could not be disposed of, and why.

    `failed`: what was not to be fetched, by name, and why.
    """

    turn: _Turn
    listing: Listing
    rest: Sequence[Seen]
    until: float
    trouble: str
    failed: Mapping[str, str] = field(default_factory=dict)


MOST: Final = 1 << 40  # bytes of one file: its place and its mapping have their own bounds
_File = tuple[Seen, Spooled | Exception]  # the bytes of a file, or our fault over it


@dataclass(frozen=True, slots=True)
class _Fetched:
    """What a worker brought. `left`: how many it did not come to. `stopped`: one was not to be had, and none may pass it.

    `failed`: what was not to be had, by name, and why.
    """

    files: list[_File]
    left: int = 0
    stopped: bool = False
    failed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Disposed:
    """What became of sources: by interchange None, or our fault over it. `trouble`: why some are still there."""

    done: dict[int, Exception | None]
    trouble: str = ""


def begin(house: House, book: Book, works: Sequence[Work]) -> list[Errand]:
    """Give each endpoint its turn."""
    begun = ((tidy.begin if work.subject == tidy.OWN else _begin)(house, book, work) for work in works)
    return [errand for errand in begun if errand]


def _begin(house: House, book: Book, work: Work) -> Errand | None:
    source, endpoint = house.site.source(work.route), house.endpoints.get(work.route)
    if source and endpoint and work.subject.startswith(life.ASKED):
        return _ask(_Turn(house, source, endpoint, work), book)
    if source is None or endpoint is None or work.subject != OWN:  # else a file's row: a person has seen it
        book.work.end(work)
        return None
    turn = _Turn(house, source, endpoint, work)
    bookmark = book.bookmarks.get(work.route)
    left = _some(house, book.interchanges.undisposed(work.route))
    return Carry((work,), lambda _: (_disposed(turn, left), *_timed(turn, bookmark)), partial(_listed, turn))


def _ask(turn: _Turn, book: Book) -> Errand | None:
    """Ask for what there is about one order, as long as something is expected of it."""
    number = turn.work.subject.removeprefix(life.ASKED)
    if not life.watched(book, turn.source.account, number, turn.source.kind):
        book.work.end(turn.work)
        return None
    return Carry(
        (turn.work,), lambda _: b"".join(turn.endpoint.fetch(Seen(number, ""))), partial(_answered, turn, number)
    )


def _answered(turn: _Turn, number: str, book: Book, data: bytes) -> None:
    """Store what came. An order is asked for again and again; of all else, what is not there yet."""
    source, house = turn.source, turn.house
    if data:
        name = f"{source.kind}-{number}.json"
        interchange = book.interchanges.add_in(source.endpoint, name, house.chance.token(), data, brief=True)
        book.work.add(Station.READ, source.endpoint, str(interchange.id))
    if source.kind == "order":
        book.work.again(turn.work, house.now() + house.site.accounts[source.account].sweep)
    elif data or (source.kind == life.LABEL and life.unlabelled(house, book, source.account, number)):
        book.work.end(turn.work)
    else:
        pause = PAUSES[min(turn.work.attempts, len(PAUSES)) - 1]
        book.work.defer(turn.work, pause, f"Amazon has no {source.kind.replace('_', ' ')} yet")


def _some(house: House, left: list[Interchange]) -> list[Interchange]:
    """Give as many as one turn tries, from a place that chance picks: those that never go must not hide the others."""
    first = int(house.chance.random() * len(left)) if len(left) > TURN else 0
    return [*left[first:], *left[:first]][:TURN]


def _disposed(turn: _Turn, left: Sequence[Interchange]) -> Disposed:
    done: dict[int, Exception | None] = {}
    trouble, broken = "", 0
    end = turn.house.clock.monotonic() + LONG
    for interchange in left:
        if turn.house.clock.monotonic() > end:
            break
        try:
            turn.endpoint.dispose(Seen(interchange.name, interchange.mark.partition(AGAIN)[0], interchange.size))
        except Unavailable as error:  # remembered as undisposed: the next turn tries again
            if error.stops:
                raise  # the next file would only have us refused once more
            trouble = trouble or f"{interchange.name}: read, and still there: {error.reason}"
            broken = broken + 1 if error.sort == "away" else 0
            if broken == BREAKS:
                break
        except Exception as error:  # noqa: BLE001 (our own fault over one file: told, the rest goes on)
            done[interchange.id] = error
        else:
            done[interchange.id] = None
            broken = 0
    if isinstance(turn.endpoint, Settled):
        try:
            turn.endpoint.settled()
        except Unavailable as error:  # a power cut may bring them all back: the next turn tries again
            done = {number: fault for number, fault in done.items() if fault}
            trouble = trouble or error.reason
    return Disposed(done, trouble)


def _timed(turn: _Turn, bookmark: str) -> tuple[Listing, float]:
    began = turn.house.clock.monotonic()
    return turn.endpoint.list(bookmark), turn.house.clock.monotonic() - began


def _listed(turn: _Turn, book: Book, result: tuple[Disposed, Listing, float]) -> Errand | None:
    book.work.check(turn.work)
    disposed, listing, took = result
    _mark(turn, book, disposed)
    late = stuck.late(book, turn.source.endpoint, {seen.name for seen in listing.complete})
    stuck.told(book, turn.source.endpoint, {**listing.stuck, **late})
    least, most = ROUND
    until = turn.house.clock.monotonic() + min(max(least, SHARE * took), most)
    return _next(_Round(turn, listing, _fresh(turn, book, listing), until, disposed.trouble), book)


def _next(round_: _Round, book: Book) -> Errand | None:
    """Fetch the next files of a listing."""
    turn, chosen = round_.turn, _chosen(round_.rest)
    after = replace(round_, rest=round_.rest[len(chosen) :])
    if all(seen.data is not None for seen in chosen):
        return _fetched(after, book, _Fetched([(seen, spooled(seen.data or b"")) for seen in chosen]))
    return Carry((turn.work,), lambda _: _fetch(turn, chosen), partial(_fetched, after))


def _chosen(fresh: Sequence[Seen]) -> list[Seen]:
    chosen: list[Seen] = []
    size = 0
    for seen in fresh[:TURN]:
        size += seen.size
        if chosen and size > BYTES:
            break
        chosen.append(seen)
    return chosen


def _fresh(turn: _Turn, book: Book, listing: Listing) -> Sequence[Seen]:
    """Give what is to be fetched: not what is stored and still lies there, on purpose or because disposing failed."""
    endpoint = turn.source.endpoint
    left = {(one.name, one.mark.partition(AGAIN)[0]) for one in book.interchanges.undisposed(endpoint)}
    spent = {
        (name, beside) for name, mark in left if (beside := mark.partition(BESIDE)[2])
    }  # told of those that are read
    held = {work.subject for work in book.work.find(station=Station.COLLECT, route=endpoint)}
    kept = turn.house.site.keeps_order(endpoint)
    fresh = [
        seen
        for seen in takewhile(lambda seen: not (kept and _row(seen) in held), listing.complete)
        if (seen.name, seen.mark) not in left
        and (seen.name, seen.mark.partition(BESIDE)[2]) not in spent
        and _row(seen) not in held
    ]
    system = turn.house.site.systems.get(turn.source.partner)
    return _unknown(turn, book, fresh) if system and system.dispose == "leave" else fresh


def _unknown(turn: _Turn, book: Book, fresh: Sequence[Seen]) -> list[Seen]:
    """Give what was never stored; the endpoint, which has forgotten since, is told again that the rest is left there."""
    known = book.interchanges.marks(turn.source.endpoint, [seen.name for seen in fresh])
    unknown = []
    for seen in fresh:
        if (seen.name, seen.mark) in known:
            turn.endpoint.dispose(seen)  # no more than remembered
        else:
            unknown.append(seen)
    return unknown


def _row(seen: Seen) -> str:
    """Name the row of a file that we are at fault over."""
    return f"file {seen.name} {seen.mark}"


def _fetch(turn: _Turn, chosen: Sequence[Seen]) -> _Fetched:
    files: list[_File] = []
    failed: dict[str, str] = {}
    broken = 0
    end = turn.house.clock.monotonic() + LONG
    seal = _seal(turn)
    for place, seen in enumerate(chosen):
        if turn.house.clock.monotonic() > end:
            return _Fetched(files, len(chosen) - place, failed=failed)
        try:
            files.append((seen, turn.house.spool(turn.endpoint.fetch(seen), MOST, seal)))
        except Unavailable as error:  # it changed, went away or may not be read: the next listing tells
            broken = broken + 1 if error.sort == "away" else 0
            if error.stops or (broken == BREAKS and not files):
                raise  # the next file would only have us refused, or wait for nothing, once more
            failed[seen.name] = _why(seen, error)
            if broken == BREAKS:
                return _Fetched(files, len(chosen) - place, failed=failed)
            if turn.house.site.keeps_order(turn.source.endpoint):
                return _Fetched(files, stopped=True, failed=failed)
            continue
        except Exception as error:  # noqa: BLE001 (our own fault over one file: told, the rest goes on)
            files.append((seen, error))
        broken = 0
    return _Fetched(files, failed=failed)


def _seal(turn: _Turn) -> int:
    """Say how what comes from a source is sealed: levels alone tell of nobody, whatever else a file may hold."""
    made = [turn.house.site.translations[mapping] for mapping in turn.source.mappings]
    told = {kind for one in made for kind in one.file.kinds}
    return PLAIN if told and all(kinds()[kind].level for kind in told) else ANEW


def _why(seen: Seen, error: Unavailable) -> str:
    """Say why a file waits that was listed as complete."""
    reason = error.reason.removeprefix(f"{seen.name}: ")
    return reason if reason.startswith("waiting ") else f"waiting because it could not be fetched: {reason}"


def _fetched(round_: _Round, book: Book, got: _Fetched) -> Errand | None:
    round_ = replace(round_, rest=() if got.stopped else round_.rest, failed={**round_.failed, **got.failed})
    turn, listing = round_.turn, round_.listing
    book.work.check(turn.work)
    stored = book.together(got.files, partial(_stored, turn, book), partial(_unstored, turn, book))
    if listing.bookmark:
        book.bookmarks.put(turn.source.endpoint, listing.bookmark)
    if all(seen.data is not None for _, seen in stored):  # there is no source but the listing
        _mark(turn, book, Disposed({one.id: None for one, _ in stored}))
        _come_again(round_, book, got.left)
        return None
    record = partial(_done, round_, got.left)
    return Carry((turn.work,), lambda _: _disposed(turn, [one for one, _ in stored]), record)


def _stored(turn: _Turn, book: Book, files: Sequence[_File]) -> list[tuple[Interchange, Seen]]:
    known = book.interchanges.marks(turn.source.endpoint, [seen.name for seen, _ in files])
    return [(_store(turn, book, seen, data, known), seen) for seen, data in files]


def _unstored(turn: _Turn, book: Book, file: _File, error: Exception) -> None:
    seen, _ = file
    if isinstance(error, Lost | Unavailable) or seen.data is not None:
        raise error  # a page has no other source: its bookmark must not move on without it
    _held(turn, book, seen, error)


def _held(turn: _Turn, book: Book, seen: Seen, error: Exception) -> None:
    endpoint = turn.source.endpoint
    if not book.work.find(station=Station.COLLECT, route=endpoint, subject=_row(seen)):  # told once, not at each turn
        hold = fault(book, f"{endpoint} {seen.name}", error)
        book.work.add(Station.COLLECT, endpoint, _row(seen), hold=hold)


def _store(turn: _Turn, book: Book, seen: Seen, data: Spooled | Exception, known: set[tuple[str, str]]) -> Interchange:
    if isinstance(data, Exception):
        raise data
    # the very same file was laid there once more: however often, each time is another
    again = (seen.name, seen.mark) in known
    mark = f"{seen.mark}{AGAIN}{turn.house.chance.token()}" if again else seen.mark
    known.add((seen.name, seen.mark))
    interchange = book.interchanges.add_in_spooled(
        turn.source.endpoint, seen.name, mark, data, seal=_seal(turn), brief=not turn.source.mappings
    )
    book.work.add(Station.READ, turn.source.endpoint, str(interchange.id))
    book.events.note(
        f"interchange {interchange.id}", "collected", {"endpoint": turn.source.endpoint, "size": data.size}
    )
    return interchange


def _done(round_: _Round, left: int, book: Book, disposed: Disposed) -> Errand | None:
    """Go on with what the listing has, or let the turn come again."""
    turn = round_.turn
    book.work.check(turn.work)
    _mark(turn, book, disposed)
    round_ = replace(round_, trouble=round_.trouble or disposed.trouble)
    if round_.rest and not left and turn.house.clock.monotonic() < round_.until:
        return _next(round_, book)
    _come_again(round_, book, left)
    return None


def _mark(turn: _Turn, book: Book, disposed: Disposed) -> None:
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
