"""fetching: what a worker does at a source, without the book: list, fetch so much, dispose of what was read.

In trouble: one file that cannot be had, or is still there, is told and the others go on; a link that breaks over two
files, one after the other, or refuses who we are is given up, and so is a slow one after a while, with what there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from itertools import takewhile
from typing import Final, TypeVar

from translator.config.site import Source
from translator.core.finding import Unavailable
from translator.documents.kind import kinds
from translator.endpoints.endpoint import Endpoint, Kept, Listing, Seen, Settled, together
from translator.endpoints.turns import ALONG, SMALL, Turns, at_once, side_by_side
from translator.ledger.bodies import Spooled
from translator.ledger.interchanges import Interchange
from translator.ledger.keys import ANEW, PLAIN
from translator.ledger.work import Work
from translator.stations.errand import House

TURN: Final = 200  # files fetched in one turn, and sources disposed of that were not before
BYTES: Final = 64_000_000  # and bytes
LONG: Final = 120.0  # seconds of fetching or disposing, begun with the last file: well within a lease
BREAKS: Final = 2  # files, one after the other, over which a link breaks before it is given up
AGAIN: Final = " again "
MOST: Final = 1 << 40  # bytes of one file: its place and its mapping have their own bounds
File = tuple[Seen, Spooled | Exception]  # the bytes of a file, or our fault over it
S = TypeVar("S", Seen, Interchange)


@dataclass(frozen=True, slots=True)
class Turn:
    house: House
    source: Source
    endpoint: Endpoint
    work: Work


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a worker brought. `left`: how many it did not come to. `stopped`: one was not to be had, and none may pass it.

    `failed`: what was not to be had, by name, and why.
    """

    files: list[File]
    left: int = 0
    stopped: bool = False
    failed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Disposed:
    """What became of sources: by interchange None, or our fault over it. `trouble`: why some are still there."""

    done: dict[int, Exception | None]
    trouble: str = ""


def some(house: House, left: list[Interchange]) -> list[Interchange]:
    """Give as many as one turn tries, from a place that chance picks: those that never go must not hide the others."""
    first = int(house.chance.random() * len(left)) if len(left) > TURN else 0
    return [*left[first:], *left[:first]][:TURN]


def disposed(turn: Turn, left: Sequence[Interchange]) -> Disposed:
    with _kept(turn.endpoint):
        return _disposed(turn, left)


def _kept(endpoint: Endpoint) -> AbstractContextManager[None]:
    return endpoint.kept() if isinstance(endpoint, Kept) else nullcontext()


def _disposed(turn: Turn, left: Sequence[Interchange]) -> Disposed:
    done: dict[int, Exception | None] = {}
    trouble, broken = "", 0
    end = turn.house.clock.monotonic() + LONG
    for some in _groups(turn.endpoint, left):
        if turn.house.clock.monotonic() > end or broken >= BREAKS:
            break
        for place, _, error in side_by_side([_disposing(turn.endpoint, _source(one)) for one in some]):
            interchange = some[place]
            if not isinstance(error, Unavailable):
                done[interchange.id] = error  # our own fault over one file, if any: told, the rest goes on
                broken = broken if error else 0
                continue
            if error.stops:
                raise error  # the next file would only have us refused once more
            # remembered as undisposed: the next turn tries again
            trouble = trouble or f"{interchange.name}: read, and still there: {error.reason}"
            broken = broken + 1 if error.sort == "away" else 0
    if isinstance(turn.endpoint, Settled):
        try:
            turn.endpoint.settled()
        except Unavailable as error:  # a power cut may bring them all back: the next turn tries again
            done = {number: fault for number, fault in done.items() if fault}
            trouble = trouble or error.reason
    return Disposed(done, trouble)


def _disposing(endpoint: Endpoint, seen: Seen) -> Turns[None]:
    if together(endpoint):
        return endpoint.disposing(seen)
    return at_once(partial(endpoint.dispose, seen))


def _source(one: Interchange) -> Seen:
    return Seen(one.name, one.mark.partition(AGAIN)[0], one.size)


def _groups(endpoint: Endpoint, some: Sequence[S], most: int = MOST) -> Iterator[Sequence[S]]:
    """Give them one by one, or several at once where the place is asked once for several, which takes no more than a minute.

    `most`: bytes of one that goes along with others.
    """
    size = ALONG if together(endpoint) else 1
    place = 0
    while place < len(some):
        along = takewhile(lambda one: one.size <= most, some[place : place + size])
        group = list(along) or [some[place]]
        yield group
        place += len(group)


def timed(turn: Turn, bookmark: str) -> tuple[Listing, float]:
    began = turn.house.clock.monotonic()
    return turn.endpoint.list(bookmark), turn.house.clock.monotonic() - began


def chosen(fresh: Sequence[Seen]) -> list[Seen]:
    chosen: list[Seen] = []
    size = 0
    for seen in fresh[:TURN]:
        size += seen.size
        if chosen and size > BYTES:
            break
        chosen.append(seen)
    return chosen


def left_there(turn: Turn, some: Sequence[Seen]) -> None:
    """Tell an endpoint that has forgotten it what is known and is to stay: its listing leaves it out from now on."""
    with _kept(turn.endpoint):
        for group in _groups(turn.endpoint, some):
            for _, _, error in side_by_side([_disposing(turn.endpoint, seen) for seen in group]):
                if error:
                    raise error


def fetch(turn: Turn, chosen: Sequence[Seen]) -> Fetched:
    with _kept(turn.endpoint):
        return _fetch(turn, chosen)


def _fetch(turn: Turn, chosen: Sequence[Seen]) -> Fetched:
    files: list[File] = []
    failed: dict[str, str] = {}
    broken = came = 0
    end = turn.house.clock.monotonic() + LONG
    seal = seal_of(turn)
    for some in _groups(turn.endpoint, chosen, most=SMALL):
        if turn.house.clock.monotonic() > end:
            return Fetched(files, len(chosen) - came, failed=failed)
        for place, data, error in side_by_side([_fetching(turn, seen, seal) for seen in some]):
            seen = some[place]
            if not isinstance(error, Unavailable):
                files.append((seen, error or data))  # our own fault over one file: told, the rest goes on
                broken = 0
                continue
            # it changed, went away or may not be read: the next listing tells
            broken = broken + 1 if error.sort == "away" else 0
            if error.stops or (broken == BREAKS and not files):
                raise error  # the next file would only have us refused, or wait for nothing, once more
            failed[seen.name] = _why(seen, error)
            if broken == BREAKS:
                return Fetched(files, len(chosen) - came - place, failed=failed)
            if turn.house.site.keeps_order(turn.source.endpoint):
                return Fetched(files, stopped=True, failed=failed)
        came += len(some)
    return Fetched(files, failed=failed)


def _fetching(turn: Turn, seen: Seen, seal: int) -> Turns[Spooled]:
    """Fetch a file into the ledger."""
    if together(turn.endpoint) and seen.size <= SMALL:
        pieces: Iterable[bytes] = [(yield from turn.endpoint.fetching(seen))]
    else:
        pieces = turn.endpoint.fetch(seen)
    return turn.house.spool(pieces, MOST, seal)


def seal_of(turn: Turn) -> int:
    """Say how what comes from a source is sealed: levels alone tell of nobody, whatever else a file may hold."""
    made = [turn.house.site.translations[mapping] for mapping in turn.source.mappings]
    told = {kind for one in made for kind in one.file.kinds}
    return PLAIN if told and all(kinds()[kind].level for kind in told) else ANEW


def _why(seen: Seen, error: Unavailable) -> str:
    """Say why a file waits that was listed as complete."""
    reason = error.reason.removeprefix(f"{seen.name}: ")
    return reason if reason.startswith("waiting ") else f"waiting because it could not be fetched: {reason}"
