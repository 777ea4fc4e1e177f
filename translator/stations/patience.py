"""The world's fault: the row is tried again later, at longer and longer intervals, and its partner's door is told.

Promise: what waits is never given up in silence. After its life a row is held for a person, who hears of it, also
where it found the door closed all the time and was never tried; the clocks of its order run on. When the partner is
back, what had failed at its door goes on at once. A folder's own turn has no end: whatever it brings is not ours to
give up.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from translator.core.door import LONGEST
from translator.core.finding import Unavailable
from translator.core.work import Hold, Station, back_off
from translator.ledger.book import Book
from translator.ledger.lanes import OPEN, Lane
from translator.ledger.work import Work
from translator.stations import collect, follows, nightly, tidy
from translator.stations.errand import LEASE, House

LIFE: Final = 5 * 86_400.0  # seconds from the first failure of a row on
MOST: Final = 500  # rows held in one sweep
TURN: Final = 60.0  # seconds that a source's turn waits at most
SLACK: Final = 60.0  # seconds that a clock may go back without a word
STOPS: Final = {"login": "login refused", "host-key": "host key refused"}  # what stops a door -> the event that says so


def postpone(house: House, book: Book, work: Work, error: Unavailable) -> None:
    """Try a row again later, or hold it for a person when its life is over."""
    if is_turn(work):
        book.work.postpone(work, min(_wait(house, work, error), max(error.wait, TURN)), error.reason, LIFE)
    elif work.give_up is not None and house.now() >= work.give_up:
        book.work.hold(work, _over(book, work, error.reason))
    else:
        book.work.postpone(work, _wait(house, work, error), error.reason, LIFE)


def failed(house: House, book: Book, work: Work, error: Unavailable) -> None:
    """Tell the door that a row went through in vain: once for all rows of one errand."""
    if not work.lane:
        return
    whose, door = book.lanes.door(work.lane)
    entered = house.now() if work.until is None else work.until - LEASE
    after = door.failed(work.id, error, house.now(), house.chance.random(), work.attempts, entered)
    book.lanes.stand(whose, after)
    if after.is_stopped and not door.is_stopped and not _is_told(book, whose):
        book.events.note(f"lane {whose}", STOPS.get(error.sort, "stopped"), {"reason": error.reason})


def _is_told(book: Book, whose: str) -> bool:
    """Tell whether another door of the partner is stopped: Amazon has one for each operation, and one login."""
    partner = whose.partition("/")[0]
    others = (lane for lane in book.lanes.troubled() if lane.name != whose)
    return any(lane.stands.is_stopped for lane in others if lane.name.partition("/")[0] == partner)


def sweep(house: House, book: Book) -> None:
    """Hold for a person what found a door closed all its life, tried or not."""
    for lane in book.lanes.troubled():
        if house.now() - lane.stands.since < LIFE:
            continue
        for work in book.work.outlived(lane.name, LIFE, MOST):
            if not is_turn(work):
                book.work.rehold(work.id, _over(book, work, lane.stands.reason))


def right(house: House, book: Book) -> None:
    """Let no row, and no door, wait for the time of a clock that was ahead, and was set right."""
    book.work.right(SLACK)
    book.attempts.right(SLACK)
    for lane in book.lanes.troubled():
        if not lane.stands.is_stopped and lane.stands.closed > house.now() + LONGEST + SLACK:
            book.lanes.stand(lane.name, replace(lane.stands, closed=house.now()))


def opened(book: Book, lanes: set[str]) -> None:
    """Note that somebody spoke to us in these lanes: their doors are open, and what failed there goes on."""
    if not lanes or not book.lanes.troubled():
        return
    for whose, door in {book.lanes.door(lane) for lane in lanes}:
        if door.is_open:
            continue
        if door.was_closed:
            book.work.wake(whose)
        book.lanes.stand(whose, OPEN)


def once_more(house: House, book: Book, partner: str) -> int:
    """Let one row try each door of a partner that is not open; give how many there are."""
    return _again(house, book, [one for one in book.lanes.troubled() if one.name.partition("/")[0] == partner])


def anew(house: House, book: Book) -> None:
    """Let one row try each door that was stopped: the site was edited, or the service started anew."""
    _again(house, book, [lane for lane in book.lanes.troubled() if lane.stands.is_stopped])


def _again(house: House, book: Book, lanes: list[Lane]) -> int:
    for lane in lanes:
        book.lanes.stand(lane.name, lane.stands.once_more(house.now()))
        book.work.wake(lane.name)
    return len(lanes)


def _wait(house: House, work: Work, error: Unavailable) -> float:
    said = {"first": error.wait} if error.wait else {}  # the other side's own word, doubled each time
    return max(error.wait, back_off(work.attempts - 1, house.chance.random(), **said))


def is_turn(work: Work) -> bool:
    """Tell a row that comes again for as long as its site says so: of a source, a folder, a comparison."""
    return work.station == Station.COLLECT and work.subject in (collect.OWN, tidy.OWN, nightly.OWN)


def _over(book: Book, work: Work, reason: str) -> Hold:
    """Give the hold that asks a person, and tell it to the order: nobody has to look for what did not get through."""
    said = f"tried for {LIFE / 86_400:g} days: {reason}"
    book.events.note(f"row {work.id}", "tried in vain", {"reason": said})
    if work.station in (Station.SEND, Station.SETTLE):
        for stored in book.documents.lying_in(int(work.subject)):
            book.events.note(follows.subject(stored), f"{stored.kind} held", {"reason": said})
    return Hold("person", said)
