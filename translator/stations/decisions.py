"""What an operator decides about an order at Amazon: refuse it, deny it after all, have its label made again.

The site's policy decides like one: it refuses what its WMS was silent about too long.

Each becomes a document of ours like any other, in one commit, and goes the same road: nothing is done before Amazon has
said Success. What Amazon would not take any more is answered in words, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from translator.core.document import Tree, sign
from translator.core.tree import at
from translator.core.work import End, State, Station
from translator.documents.acknowledgement import ACCEPTED, CODES, rejects
from translator.documents.clock import SKEW
from translator.documents.shipment_confirmation import DENIED
from translator.documents.values import iso
from translator.ledger.book import Book
from translator.ledger.documents import Stored
from translator.ledger.events import MOVE
from translator.ledger.moves import Move
from translator.ledger.work import Work
from translator.stations import conditions, follows, turned
from translator.stations.errand import House

Answer = tuple[str, bool]


def carried(house: House, book: Book, move: Move) -> Answer:
    """Carry out a decision about the order that the move names, in the account that knows it."""
    number, known = named(house, book, str(move.arguments.get("target", "")))
    found = [order for name in known if (order := book.documents.newest("order", name, number))]
    if len(found) != 1:
        return (which(number, known) if found else "no order of this number is known"), False
    (order,) = found
    said, ok = VERBS[move.verb](house, book, order, {name: str(value) for name, value in move.arguments.items()})
    if ok:
        book.events.note(follows.subject(order), f"order {move.verb}", {"by": move.by, "move": move.id})
        book.events.note(
            f"{MOVE}{move.id}", move.verb, {"by": move.by, "reason": str(move.arguments.get("reason", ""))}
        )
    return said, ok


def named(house: House, book: Book, target: str) -> tuple[str, list[str]]:
    """Give the number that a target names, and the accounts that know something of it: `us:PO` asks one alone."""
    account, _, number = target.rpartition(":")
    accounts = [name for name in house.site.accounts if account in ("", name)]
    return number, [name for name in accounts if book.documents.about(name, number)]


def which(number: str, accounts: Sequence[str]) -> str:
    """Ask whose order is meant."""
    return f"several accounts know an order of this number: say {' or '.join(f'{name}:{number}' for name in accounts)}"


def _refuse(house: House, book: Book, order: Stored, said: Mapping[str, str]) -> Answer:
    """Say to Amazon that the order will not ship: an acknowledgement with a code of refusal."""
    code = said.get("code", "")
    if code not in CODES or code == ACCEPTED:
        return (
            f"'{code}' is no code of refusal; Amazon's list has {', '.join(one for one in CODES if one != ACCEPTED)}",
            False,
        )
    if why := _closed(book, order):
        return why, False
    if _stands(book, order, "acknowledgement"):
        return "Amazon has its acknowledgement: what cannot be shipped after it is denied (translator deny)", False
    if _under_way(book, order, "acknowledgement"):
        return "its acknowledgement is on its way to Amazon: wait for its end", False
    _give_up(book, order, "acknowledgement")
    return _sent(
        house, book, order, "acknowledgement", {"acknowledgementStatus": {"code": code}}, f"refused with {code}"
    )


def _deny(house: House, book: Book, order: Stored, said: Mapping[str, str]) -> Answer:
    """Say to Amazon that an accepted order cannot be shipped after all: the whole of it."""
    if why := _closed(book, order):
        return why, False
    if not _stands(book, order, "acknowledgement"):
        return "Amazon has not accepted its acknowledgement yet: refuse it instead (translator refuse)", False
    if _stands(book, order, "shipment_confirmation"):
        return "Amazon has its shipment confirmation: nothing is denied after it", False
    if _under_way(book, order, "shipment_confirmation"):
        return "its shipment confirmation is on its way to Amazon: wait for its end", False
    _give_up(book, order, "shipment_confirmation")
    if not _under_way(book, order, "label_request"):
        _give_up(book, order, "label_request")
    date = iso(house.clock.now() - SKEW)  # our clock may be ahead of Amazon's
    tree = {"shipmentDetails": {"shipmentStatus": DENIED, "shippedDate": date}}
    return _sent(house, book, order, "shipment_confirmation", tree, "denied")


def _relabel(house: House, book: Book, order: Stored, said: Mapping[str, str]) -> Answer:
    """Ask Amazon for the label once more: tracking number and ship method may change."""
    if why := _closed(book, order):
        return why, False
    if not conditions.labelled(house.site, order):
        return "Amazon makes no label for it: no WMS of its warehouse takes labels for its ship method", False
    if _stands(book, order, "shipment_confirmation"):
        return "it is confirmed: Amazon makes no label any more", False
    if _under_way(book, order, "shipment_confirmation"):
        return "its shipment confirmation is on its way to Amazon: no label is made any more", False
    if any(rejects(one.tree) for one in _open(book, order, "acknowledgement")):
        return "it is being refused: Amazon makes no label for it", False
    if _under_way(book, order, "label_request"):
        return "a label is asked for already: wait for its end", False
    before = book.documents.newest("label_request", order.account, order.key)
    _give_up(book, order, "label_request")
    boxes = before.tree if before else {}  # as it is packed, where the WMS said so
    return _sent(house, book, order, "label_request", boxes, "asked for a label again")


VERBS: Final[Mapping[str, Callable[[House, Book, Stored, Mapping[str, str]], Answer]]] = {
    "refuse": _refuse,
    "deny": _deny,
    "relabel": _relabel,
}


def _closed(book: Book, order: Stored) -> str:
    """Say why Amazon takes nothing about an order any more; empty: it does."""
    status = str(at(order.tree, follows.STATUS, "NEW"))
    if status in ("SHIPPED", "CANCELLED"):
        return f"the order is {status.lower()} at Amazon"
    refused = book.events.has(sign("acknowledgement", order.account, order.key, follows.REFUSED))
    return "it is refused already: Amazon took that" if refused else ""


def _stands(book: Book, order: Stored, kind: str) -> bool:
    return book.events.has(sign(kind, order.account, order.key, "accepted"))


def _under_way(book: Book, order: Stored, kind: str) -> bool:
    """Tell whether bytes about it may be at Amazon: sent, or begun and of unknown end."""
    for stored in _open(book, order, kind):
        for number, _ in book.contents.where(stored.id):
            if turned.may_have_left(book.attempts.of(number)):
                return True
        rows = book.work.find(station=Station.WRITE, subject=follows.row(stored))
        if any(row.state is State.ACTIVE for row in rows):
            return True
    return False


def _give_up(book: Book, order: Stored, kind: str) -> None:
    """Take what waits of a kind off the road: nothing of it has left."""
    for stored in _open(book, order, kind):
        for row in book.work.find(subject=follows.row(stored)):
            book.work.remove(row.station, row.route, row.subject)
        for number, _ in book.contents.where(stored.id):
            for row in book.work.find(station=Station.SEND, subject=str(number)):
                book.work.remove(row.station, row.route, row.subject)
            book.interchanges.settle(number)
        book.documents.end(stored.id, End.SUPERSEDED)
        follows.tell(book, stored, "superseded", {"reason": "an operator decided otherwise"})


def _open(book: Book, order: Stored, kind: str) -> list[Stored]:
    return [one for one in book.documents.about(order.account, order.key, kind) if one.end is None]


def _sent(house: House, book: Book, order: Stored, kind: str, tree: Tree, words: str) -> Answer:
    made = book.documents.add(kind, order.account, order.key, tree, warehouse=order.warehouse, about=order.key)
    follows.tell(book, made, "known")
    if kind == "acknowledgement":
        turned.withdrawn(house, book, order, "an operator refused it")
    follows.to_write_or_wait(house, book, made)
    return f"order {order.key} is {words}: done when Amazon says so", True


def silent(house: House, book: Book, work: Work) -> None:
    """Refuse an order whose WMS was silent too long, with the code that the site says."""
    stored = book.documents.get(int(work.subject.removeprefix("document:")))
    system = house.site.system_of(stored.account, stored.warehouse) if stored else None
    if stored is None or system is None or stored.kind != "acknowledgement":
        return
    code = {"acknowledgementStatus": {"code": system.refusal}}
    book.documents.retree(stored.id, {**stored.tree, **code})
    book.events.note(
        follows.subject(stored), "acknowledgement refuses", {"reason": work.reason, "code": system.refusal}
    )
    book.work.release_row(work.id)
    if order := book.documents.newest("order", stored.account, stored.about):
        turned.withdrawn(house, book, order, "refused, since its WMS was silent too long")
