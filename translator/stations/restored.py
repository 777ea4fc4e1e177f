"""The ledger was put back to an older state: what may have left since then is asked about, never sent again by itself.

As long as a person has not ended it (`translator reconcile --done`) the pump gives send no turn; all else goes on, so that
what Amazon says of orders and transactions, and what lies in folders, is read. Afterwards each file whose documents were
stored by then, or are about an order placed before, is held for a person once, before its first byte; what is written anew
is another file. Levels are not: they say how things are, and a fresh one is right whatever was said before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from translator.core.document import sign
from translator.core.timeline import moment
from translator.core.tree import at
from translator.core.work import Hold, State, Station
from translator.documents.kind import kinds
from translator.endpoints.endpoint import Torn
from translator.ledger.book import Book
from translator.ledger.documents import Stored
from translator.ledger.interchanges import Interchange
from translator.ledger.moves import Move
from translator.ledger.reconciling import Doubt
from translator.ledger.work import Work
from translator.stations import acks, follows, landed, tidy
from translator.stations.errand import House

VERBS: Final = ("reconcile", "reconciled", "arrived")
REASON: Final = "the ledger was put back to an older state, and this may have left since: is it there?"

_ANSWER: Final = "`translator arrived"
_SEEN: Final = {"evidence": "a person saw it"}


def doubtful(book: Book, work: Work, file: Interchange, documents: Sequence[Stored], doubt: Doubt) -> bool:
    """Hold a row whose file may have left before the ledger was put back, and nobody was asked; tell whether it is held."""
    if kinds()[file.kind].level or _is_sent_again_since(file, doubt):
        return False
    if not any(_may(book, one, doubt) for one in documents):
        return False
    asked = _asked(book, documents[0], file, doubt)
    if book.events.has(asked):
        return False
    book.events.note(follows.subject(documents[0]), f"{file.kind} in doubt", {"file": file.name}, asked)
    book.work.hold(work, Hold("person", question(work, REASON)))
    return True


def question(work: Work, reason: str) -> str:
    """Ask a person whether a file is there, and say what to answer."""
    return f"{reason} {_ANSWER} {work.id}` if it is, else `translator release {work.id}`"


def unlisted(work: Work) -> Hold:
    """Hold what was sent into a folder that the site does not list any more: nobody looks there."""
    reason = f"the site lists {work.route} no more, so nobody looks whether the file was taken: list it again"
    return Hold("mapping", f"{reason}, or {_ANSWER} {work.id}` where it was")


def left_behind(work: Work) -> Hold:
    """Hold what may lie in a folder that the site does not list any more: nobody can finish it there."""
    reason = f"the site lists {work.route} no more, and this may lie there: list it again"
    return Hold("mapping", f"{reason}; or say {_ANSWER} {work.id}` if it does, else `translator release {work.id}`")


def is_left_behind(work: Work) -> bool:
    """Tell whether a row asks whether its file lies in a folder that the site does not list any more."""
    return work.station == Station.SEND and work.state == State.HELD and work.reason == left_behind(work).reason


def asks(work: Work) -> bool:
    """Tell whether a row waits for that answer: it is given for each file by itself, never for all that failed."""
    return _ANSWER in work.reason


def _is_sent_again_since(file: Interchange, doubt: Doubt) -> bool:
    return file.is_twin and doubt.until is not None and file.at > doubt.until


def _may(book: Book, stored: Stored, doubt: Doubt) -> bool:
    if doubt.until is None or stored.at <= doubt.until:
        return True
    order = stored if stored.kind == "order" else _order(book, stored)
    placed = moment(str(at(order.tree, "orderDetails.orderDate", ""))) if order else None
    return placed is not None and placed.timestamp() < doubt.since


def _order(book: Book, stored: Stored) -> Stored | None:
    return book.documents.newest("order", stored.account, stored.about) if stored.about else None


def _asked(book: Book, stored: Stored, file: Interchange, doubt: Doubt) -> str:
    """Name the fact that a person was asked about a file: all files of a set are one question."""
    first = book.contents.parts(file.id)[0]
    return sign(stored.kind, stored.account, stored.key, f"file {first} in doubt {doubt.since:.3f}")


def carried(house: House, book: Book, move: Move, works: Sequence[Work]) -> tuple[str, bool]:
    """Carry out one of these moves. `works`: the rows that are meant, where it is about some."""
    if move.verb == "reconcile":
        return _begin(book, move)
    if move.verb == "reconciled":
        return _end(book)
    if not works:
        return "nothing waits under that number or name (translator reconcile lists it)", False
    done = [_arrived(house, book, work) for work in works]
    return "; ".join(said for said, _ in done), any(ok for _, ok in done)


def _begin(book: Book, move: Move) -> tuple[str, bool]:
    if book.reconciling.lasts():
        return "nothing is sent already", False
    book.reconciling.begin(f"{move.by} said so")
    return "nothing is sent any more, until `translator reconcile --done`", True


def _end(book: Book) -> tuple[str, bool]:
    if not book.reconciling.lasts():
        return "the ledger is as it was left: there is nothing to end", False
    book.reconciling.end()
    return "sending goes on; what may have left before is held for you, row by row", True


def _arrived(house: House, book: Book, work: Work) -> tuple[str, bool]:
    """Take a file as arrived, since a person has seen it; what follows it follows."""
    sent = work.station == Station.SETTLE and work.reason == unlisted(work).reason
    file = book.interchanges.get(int(work.subject)) if sent or work.station == Station.SEND else None
    if file is None or work.state != State.HELD:
        return f"row {work.id} is not in doubt", False
    if sent:
        return _taken(house, book, work, file)
    last = book.attempts.of(file.id)[-1:]
    if last and last[0].outcome == Torn.ASKED:  # send does the rest, as if it had found it
        book.attempts.end(file.id, last[0].number, Torn.ARRIVED)
        book.work.release_row(work.id)
        return f"row {work.id}: {file.name} has arrived", True
    if not (work.reason.startswith(REASON) or is_left_behind(work)):
        return f"row {work.id} is not in doubt", False
    for stored in book.documents.lying_in(file.id):
        follows.tell(book, stored, "sent", {"file": file.name} | _SEEN)
    return _taken(house, book, work, file)


def _taken(house: House, book: Book, work: Work, file: Interchange) -> tuple[str, bool]:
    book.work.remove(work.station, work.route, work.subject)
    route = house.site.route_named(work.route)
    if route is None or not route.acked or not acks.heard(house, book, route, file):
        landed.accepted(house, book, file, "taken" if file.mapping else "accepted", _SEEN)
    tidy.soon(book, file.endpoint)
    return f"row {work.id}: {file.name} has arrived", True
