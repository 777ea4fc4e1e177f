"""When what is personal of an order is forgotten: a time after it shipped, by a clock that can be trusted.

The time runs from when the order left, or was cancelled or ended otherwise; of an order that never moved from two weeks
after it had to leave; of what belongs to no order from when it came. What comes later about an order that is forgotten
goes once it ended, and waits for that no longer than a day. What still waits of such an order ends. What shares
a file with it that is not settled goes out in another one, or where that file may have left, is held for a person. In trouble:
a clock that stands behind the ledger, or sprang ahead of it, forgets nothing until it ran on evenly for a day, or a
person says that it is right.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from translator.core.timeline import Timeline, fold
from translator.core.work import End, Hold, Station
from translator.ledger.book import Book
from translator.ledger.documents import Stored
from translator.ledger.events import MOVE
from translator.ledger.interchanges import Interchange
from translator.stations import follows, tidy, turned

SLACK: Final = 60.0  # seconds that clocks may differ
SPRING: Final = 36 * 3600.0  # seconds without a look after which a clock is not believed at once
EVEN: Final = 24 * 3600.0  # seconds that it then has to run on evenly
NEVER: Final = 14 * 86_400.0  # seconds after it had to leave, of an order that never did
LATE: Final = 86_400.0  # seconds that what comes later about a forgotten order may take to end
PAGE: Final = 500  # documents looked at in one commit
_LOOKED: Final = "forgetting"  # the bookmark
_UNSAID: Final = "reasons forgotten"  # the bookmark: time and id of the last event of a move that was looked at
Order = tuple[str, str]  # account and number


@dataclass(slots=True)
class Page:
    """The orders of a page of documents whose time is over, and where the next page begins; None: there is none."""

    orders: dict[Order, None] = field(default_factory=dict)
    after: int | None = None


def suspect(book: Book, *, trusted: bool) -> str:
    """Say why the clock cannot be believed; empty: it can. The look is noted. `trusted`: a person says that it is right."""
    seen, since = json.loads(book.bookmarks.get(_LOOKED) or "[0, 0]")
    newest = book.events.since(book.events.last() - 1, 1)
    latest = max([seen, *(event.at for event in newest)])
    if latest - book.now > SLACK and not trusted:  # trusted: else a clock that was ahead once would refuse for as long
        return f"the clock is {latest - book.now:,.0f} s behind the newest event of the ledger"
    sprang = bool(seen) and book.now - seen > SPRING
    since = 0 if trusted else book.now if sprang else since
    book.bookmarks.put(_LOOKED, json.dumps([book.now, since]))
    if book.now - since < EVEN:
        return "the clock sprang ahead, or nothing ran for long: nothing is forgotten until it ran on evenly for a day"
    return ""


def page(book: Book, after: int, before: float) -> Page:
    """Look through a page of documents for orders that shipped before then."""
    held = book.personal.held(after, PAGE)
    # What a clock that was ahead stored tells nothing of its age, nor of what was stored after it.
    known = [one for one in held if one.at <= before or one.at > book.now + SLACK]
    found = Page(after=held[-1].document if known and len(held) == PAGE else None)  # none: the others are younger
    looked: set[Order] = set()
    for one in known:
        order = (one.account, one.order)
        if order not in looked and starts(book, order, one.at) <= before:
            found.orders[order] = None
        looked.add(order)
    return found


def late(book: Book, before: float) -> Iterator[Order]:
    """Give forgotten orders about which something came afterwards that has ended, or had a day for it."""
    for order in book.personal.late():
        held = [one for one in book.personal.of(*order) if one.seal]
        over = all(one.end is not None or one.at <= book.now - LATE for one in held)
        if over and starts(book, order, max(one.at for one in held)) <= before:
            yield order


def starts(book: Book, order: Order, at: float) -> float:
    """Say from when the time of an order runs. `at`: when a document of it came."""
    account, number = order
    line = fold(book.events.of(f"{account} {number}"))
    moved = [one.timestamp() for one in (line.left, line.shipped, line.confirmation_accepted) if one]
    if moved:
        return min(moved)
    over = [one.timestamp() for one in _ends(line) if one]
    if over:
        return min(over)
    return line.ship_by.timestamp() + NEVER if line.ship_by else at


def _ends(line: Timeline) -> tuple[datetime | None, ...]:
    return line.cancelled, line.refused, line.denied, line.superseded, line.closed


def stop(book: Book, order: Order) -> list[Interchange]:
    """End what waits of an order, and part what shares its files from it; give the files that it came or went in."""
    stored = book.personal.of(*order)
    if not any(one.seal for one in stored):  # another service was quicker
        return []
    for one in stored:
        if one.end is None:
            book.documents.end(one.id, End.CLOSED)
        for work in book.work.find(station=Station.WRITE, subject=follows.row(one)):
            book.work.remove(work.station, work.route, work.subject)
    files = list(book.interchanges.by_id(book.personal.files(stored)).values())
    _part(book, [file for file in files if file.direction == "out"], {one.id for one in stored})
    return files


def _part(book: Book, files: Sequence[Interchange], mine: Container[int]) -> None:
    """Let go of files, and have what else is in them, and has no end, go on without them."""
    others: dict[int, Stored] = {}
    ways: dict[int, str] = {}
    seen: dict[int, str] = {}  # what may be there already, and in which file
    for file in files:
        rows = [row for row in book.work.find(subject=str(file.id)) if row.station in (Station.SEND, Station.SETTLE)]
        for row in rows:
            book.work.remove(row.station, row.route, row.subject)
        if file.settled is not None and not rows:  # one that goes again has given its name up, and is looked for still
            continue
        found = [one for one in book.documents.lying_in(file.id) if one.end is None and one.id not in mine]
        others |= {one.id: one for one in found}
        ways |= {one.id: row.route for one in found for row in rows}
        if turned.may_have_left(book.attempts.of(file.id)):
            seen |= {one.id: file.name for one in found}
        book.interchanges.settle(file.id)
        tidy.soon(book, file.endpoint)
    for one in others.values():
        _go_on(book, one, ways.get(one.id, f"{one.account}/nowhere"), seen.get(one.id, ""))


def _go_on(book: Book, stored: Stored, route: str, seen: str) -> None:
    """Have a document written anew; where it may be there in a file already, a person must say so first."""
    hold = None
    if seen:
        reason = f"{seen} was forgotten with another order in it before it was known to be taken: is it there?"
        hold = Hold("person", f"{reason} If not, release it: it is written anew")
        book.events.note(follows.subject(stored), f"{stored.kind} held", {"file": seen, "reason": reason})
    book.work.add(Station.WRITE, route, follows.row(stored), hold=hold)


def forget(book: Book, order: Order) -> None:
    """Forget an order, and end what still waits of it."""
    account, number = order
    stored = book.personal.of(account, number)
    if not any(one.seal for one in stored):  # another service was quicker
        return
    stop(book, order)
    book.personal.forget(account, number)
    _unsay(book, f"{account} {number}")
    book.events.note(f"{account} {number}", "order forgotten", {"documents": len(stored)})


def _unsay(book: Book, subject: str) -> None:
    """Forget why persons decided about it."""
    told = book.events.of(subject)
    book.events.unsay(told)
    for one in told:
        if "move" in one.detail:
            book.events.unsay(book.events.of(f"{MOVE}{one.detail['move']}"))


def forget_reasons(book: Book, before: float, most: int) -> int:
    """Forget why persons asked for moves before then; give how many events were looked at."""
    at, id = json.loads(book.bookmarks.get(_UNSAID) or "[0.0, 0]")
    found = book.events.moves((at, id), before, most)
    book.events.unsay(found)
    if found:
        book.bookmarks.put(_UNSAID, json.dumps([found[-1].at, found[-1].id]))
    return len(found)


def forget_files(book: Book, before: float, most: int) -> int:
    """Forget files that came in before then, whatever was in them, and end what waits to read them; give how many."""
    found = book.personal.forget_arrived(before, most)
    for number, endpoint in found:
        for work in book.work.find(station=Station.READ, route=endpoint):
            if work.subject.partition(":")[0] == str(number):
                book.work.remove(work.station, work.route, work.subject)
    return len(found)
