"""outcomes: what is written down of errands that were gone, station by station: alike acts stand together.

In trouble: what fails spoils nothing else; the world's fault defers the row and closes its lane, ours holds it with its
places; an old claim is dropped, since another holder has the row now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from itertools import chain, islice
from typing import Final

from translator.core.finding import Unavailable, Unknown
from translator.core.work import Hold
from translator.ledger.book import Book
from translator.ledger.trouble import Lost
from translator.ledger.work import Work
from translator.stations import decisions, patience
from translator.stations.errand import LEASE, Carry, Errand, House, Think, fault
from translator.stations.inbox import Finished, Staged

FORESEEN: Final = 2_000  # documents that are looked up at once; the others, one by one


def recorded(house: House, book: Book, done: list[Finished]) -> list[Errand]:
    """Record what was finished; give what goes on at once."""
    done.sort(key=lambda item: item.errand.works[0].station)
    well = [item for item in done if item.error is None]
    errands = book.together(
        well, partial(_together, house, book), lambda item, error: _failed(house, book, item, error)
    )
    for item in done:
        if item.error is not None:
            _failed(house, book, item, item.error)
    patience.opened(book, {item.errand.works[0].lane for item in well if _was_answered(item)})
    return errands


def _together(house: House, book: Book, items: Sequence[Finished]) -> list[Errand]:
    errands = []
    _foreseen(book, items)
    for item in items:
        station = item.errand.works[0].station
        house.faults.reach(f"{station}.record.before")
        if more := item.errand.record(book, item.answer):
            errands.append(more)
        house.faults.reach(f"{station}.record.after")
    return errands


def _failed(house: House, book: Book, item: Finished, error: Exception) -> None:
    if not isinstance(error, Lost):  # that is an old claim: another holder has the row now
        trouble(house, book, item.errand.works, error)


def trouble(house: House, book: Book, works: tuple[Work, ...], error: Exception) -> None:
    """Write down why rows were not done: the world's fault is waited out, ours holds them."""
    if isinstance(error, Unavailable):
        patience.failed(house, book, works[0], error)
    for work in works:
        try:
            with book.apart():
                _one_trouble(house, book, work, error)
        except Lost:
            continue


def _one_trouble(house: House, book: Book, work: Work, error: Exception) -> None:
    if isinstance(error, Unavailable):
        patience.postpone(house, book, work, error)
        return
    book.work.hold(work, fault(book, f"row {work.id}", error))


def staged(house: House, book: Book, items: list[Staged]) -> None:
    """Write down what is whole under its temporary name, of whose claim is still the current one."""
    house.faults.reach("send.staged.before")
    # Two holders of a row may come at once, and rows that were claimed together have one claim.
    current = {(work.id, work.claim) for work in book.work.mine([item.work for item in items])}
    for item in items:
        if (item.work.id, item.work.claim) not in current:
            item.lost = True
            continue
        if (item.work.until or 0.0) - book.now < LEASE / 2:  # it took long: the rename has a whole lease anew
            book.work.renew(item.work, LEASE)
        book.attempts.stage(item.interchange.id, item.number)
        if item.home:
            book.attempts.lies(item.interchange.id, item.number, item.home)
            book.bookmarks.put(item.interchange.endpoint, item.home)


def over(house: House, book: Book, work: Work) -> None:
    """A hold's time is over: tried again, go on, reject (the station does, on reading it again), or a person."""
    if work.then == "again":
        book.work.rested(work.id)
    elif work.then == "refuse":
        decisions.silent(house, book, work)
    elif work.then in ("go on", "reject"):
        book.work.release_row(work.id)
    else:
        book.work.rehold(work.id, Hold("person", f"{work.reason}: for too long"))


def _foreseen(book: Book, items: Sequence[Finished]) -> None:
    """Look up at once what the answers are about."""
    thought = ((item.errand, item.answer) for item in items if isinstance(item.errand, Think))
    about = chain.from_iterable(think.about(answer) for think, answer in thought)
    keys: dict[str, list[str]] = defaultdict(list)
    for account, key in islice(about, FORESEEN):
        keys[account].append(key)
    for account, some in keys.items():
        book.documents.foresee(account, some)


def _was_answered(item: Finished) -> bool:
    """Tell whether the other side spoke to us."""
    return isinstance(item.errand, Carry) and not isinstance(item.answer, Unavailable | Unknown)
