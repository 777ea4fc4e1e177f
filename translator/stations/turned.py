"""What follows when Amazon turns an order, and what a document of ours is still worth then.

| the order is | follows |
|---|---|
| ACCEPTED, SHIPPED | it is acknowledged, whoever did it: our acceptance that has not left is done, a refusal is for a person |
| SHIPPED | no label is made any more; what waits for a decision needs none; a confirmation that has not left is done, too |
| CANCELLED | its file has not left: superseded. The WMS refused it itself, or never had it: nothing. Else a cancel file |
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from translator.core.document import Tree, sign
from translator.core.tree import at
from translator.core.work import End, Hold, State, Station
from translator.documents.acknowledgement import rejects
from translator.documents.kind import kinds
from translator.documents.shipment_confirmation import denied
from translator.ledger.attempts import AttemptRow
from translator.ledger.book import Book
from translator.ledger.documents import Stored
from translator.ledger.work import Work
from translator.stations import follows, life, tidy
from translator.stations.errand import House

CANCELLED: Final = "CANCELLED"
SHIPPED: Final = "SHIPPED"
CONFIRMATION: Final = "shipment_confirmation"
ACKNOWLEDGED: Final = ("ACCEPTED", SHIPPED)


def order_changed(house: House, book: Book, stored: Stored, tree: Tree) -> None:
    """Keep what Amazon now says of an order; where its status moved, what follows."""
    before, after = _status(stored), str(at(tree, follows.STATUS, _status(stored)))
    book.documents.retree(stored.id, tree)
    if before == after:
        return
    order = stored.with_tree(tree)
    follows.tell(book, order, after.lower(), {"before": before})
    if after == CANCELLED:
        _cancelled(house, book, order)
    elif after in ACKNOWLEDGED:
        life.acknowledged(house, book, order, f"{after} at Amazon")
        _let_go(book, order, "acknowledgement")
        if after == SHIPPED:
            _let_go(book, order, "label_request")
            _wake(book, order, SHIPPED)
            life.ended_elsewhere(book, order)


def overtaken(book: Book, stored: Stored) -> Hold | End | None:
    """Ask whether Amazon turned the order meanwhile: how the document ends by that, or that a person must decide.

    Where a person was asked and let it go on, it goes on.
    """
    order = book.documents.newest("order", stored.account, stored.about) if stored.about else None
    if order is None or stored.kind == "cancellation":
        return None
    if follows.moot(book, stored):
        return End.SUPERSEDED
    status, acknowledges = _status(order), stored.kind == "acknowledgement"
    if acknowledges and status in ACKNOWLEDGED and not rejects(stored.tree):
        return End.ACCEPTED
    confirms = stored.kind == CONFIRMATION and status == SHIPPED and not _has_another(book, stored)
    if confirms and not denied(stored.tree):
        return End.ACCEPTED
    if confirms or status == CANCELLED or (acknowledges and status in ACKNOWLEDGED):
        reason = f"the order was {status.lower()} at Amazon"
        return None if book.events.has(_asked(stored, reason)) else Hold("person", reason)
    return None


def end_overtaken(house: House, book: Book, work: Work, stored: Stored, verdict: Hold | End) -> None:
    """Carry out what being overtaken means for a document and the row it waits in."""
    if isinstance(verdict, Hold):
        told, asked = {"reason": verdict.reason}, _asked(stored, verdict.reason)
        book.events.note(follows.subject(stored), f"{stored.kind} held", told, asked)
        book.work.hold(work, verdict)
        return
    if verdict is End.SUPERSEDED:
        follows.supersede(book, stored)
    else:
        book.documents.end(stored.id, verdict)
        follows.tell(book, stored, "accepted", {"evidence": "the order's status at Amazon"})
        order = book.documents.newest("order", stored.account, stored.about)
        # What follows an acknowledgement did so when the order moved.
        if order is not None and stored.kind == CONFIRMATION:
            life.ensue(house, book, order, stored.kind, "accepted")
    book.work.end(work)


def may_have_left(attempts: Sequence[AttemptRow]) -> bool:
    """Tell whether the other side may have seen anything of what was tried."""
    return any(one.may_have_left for one in attempts)


def back_to_write(house: House, book: Book, work: Work) -> bool:
    """Have written anew what waits in send and has not left; False: something of it may have left."""
    interchange = int(work.subject)
    is_first = book.contents.parts(interchange)[0] == interchange
    if not is_first or not book.documents.lying_in(interchange) or may_have_left(book.attempts.of(interchange)):
        return False
    written_anew(house, book, work)
    return True


def written_anew(house: House, book: Book, work: Work) -> None:
    """Give up a file of which nothing left, and have what lies in it written anew."""
    interchange = int(work.subject)
    documents, attempts = book.documents.lying_in(interchange), book.attempts.of(interchange)
    book.work.remove(work.station, work.route, work.subject)
    for part in book.contents.parts(interchange):
        book.interchanges.settle(part)
    if attempts and (file := book.interchanges.get(interchange)):
        tidy.soon(book, file.endpoint)
    for stored in documents:
        if stored.end is None:
            follows.to_write_or_wait(house, book, stored)


def given_up(book: Book, order: Stored) -> None:
    """Let go of the cancel file of an order that was given up: it waits for the order's own, which will not leave."""
    for stored in book.documents.about(order.account, order.key, "cancellation") if order.kind == "order" else ():
        if stored.end is None and not book.events.has(sign("order", order.account, order.key, "sent")):
            for work in book.work.find(station=Station.WRITE, subject=follows.row(stored)):
                book.work.remove(work.station, work.route, work.subject)
            follows.supersede(book, stored)


def _status(order: Stored) -> str:
    return str(at(order.tree, follows.STATUS, "NEW"))


def _asked(stored: Stored, reason: str) -> str:
    """Name the fact that a person was asked about a document whose order was turned so."""
    return sign(stored.kind, stored.account, stored.key, f"{stored.revision} asked: {reason}")


def _let_go(book: Book, order: Stored, kind: str | None = None) -> None:
    """Let go of what waits about an order: write and settle see what it is worth now."""
    for stored in book.documents.about(order.account, order.key, kind):
        waiting = [*book.work.find(subject=follows.row(stored)), *book.work.find(subject=f"rejected:{stored.id}")]
        for interchange, _ in book.contents.where(stored.id) if stored.end is None else ():
            waiting += book.work.find(station=Station.SETTLE, subject=str(interchange))
        for work in waiting:
            if not book.work.release_row(work.id):
                book.work.hasten_row(work.id)  # it waited for its day


def _has_another(book: Book, stored: Stored) -> bool:
    """Tell whether Amazon has another confirmation of the order from here, or may have it."""
    others = [one for one in book.documents.about(stored.account, stored.about, stored.kind) if one.id != stored.id]
    files = (number for one in others if one.end is None for number, _ in book.contents.where(one.id))
    return any(one.end is End.ACCEPTED for one in others) or any(may_have_left(book.attempts.of(one)) for one in files)


def _wake(book: Book, order: Stored, status: str) -> None:
    """Have written what waits for no person: it may be of no use any more, or need not wait where the order stands now."""
    meant = [one.name for one in kinds().values() if any(need.shown == status for need in one.needs)]
    for stored in (
        one for kind in (CONFIRMATION, *meant) for one in book.documents.about(order.account, order.key, kind)
    ):
        for work in book.work.find(station=Station.WRITE, subject=follows.row(stored)):
            if work.awaits != "person":
                book.work.release_row(work.id)


def _cancelled(house: House, book: Book, order: Stored) -> None:
    _let_go(book, order)
    if withdrawn(house, book, order, "cancelled before its file had left"):
        return
    if _never_there(book, order):
        follows.tell(book, order, "superseded", {"reason": "cancelled, and its file was given up before"})
    elif not _refused_there(book, order):
        life.ensue(house, book, order, order.kind, "cancelled")


def withdrawn(house: House, book: Book, order: Stored, reason: str) -> bool:
    """Keep an order from its warehouse if nothing of it has left; what shares its file is written without it."""
    for interchange, _ in book.contents.where(order.id):
        for work in book.work.find(station=Station.SEND, subject=str(interchange)):
            if work.state is not State.ACTIVE:  # else a worker may be about to rename it
                _kept_back(house, book, work, order)
    waiting = book.work.find(station=Station.WRITE, subject=follows.row(order))
    for work in waiting:
        book.work.remove(work.station, work.route, work.subject)
    if waiting:
        book.documents.end(order.id, End.SUPERSEDED)
        follows.tell(book, order, "superseded", {"reason": reason})
    return bool(waiting)


def _kept_back(house: House, book: Book, work: Work, order: Stored) -> None:
    """Have a file written without an order, unless something left; one that went before does not go again with it."""
    file = book.interchanges.get(int(work.subject))
    if file is None or not file.is_twin:
        back_to_write(house, book, work)
    elif may_have_left(book.attempts.of(file.id)):
        return
    elif len(book.contents.of(file.id)) > 1:  # the others in it were to go again
        reason = f"order {order.key} in it is off: `translator release {work.id}` sends it again all the same"
        book.work.rehold(work.id, Hold("person", reason))
    else:
        book.work.remove(work.station, work.route, work.subject)
        book.interchanges.settle(file.id)
        tidy.soon(book, file.endpoint)


def _never_there(book: Book, order: Stored) -> bool:
    """Tell an order that was given up before it was sent: nothing will ever send it."""
    return order.end in (End.CLOSED, End.SUPERSEDED) and not book.events.has(
        sign("order", order.account, order.key, "sent")
    )


def _refused_there(book: Book, order: Stored) -> bool:
    """Tell an order that the WMS itself turned down, by a refusal or a denial: it knows."""
    for stored in book.documents.about(order.account, order.key):
        operation = kinds()[stored.kind].operation if stored.kind in kinds() else None
        said = operation.evidence(stored.tree) if operation and operation.evidence else ""
        ended = stored.end in (End.REJECTED, End.CLOSED)
        if said == CANCELLED and not ended and stored.interchange is not None:  # else a person said it here
            return True
    return False
