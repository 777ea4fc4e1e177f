"""arrivals: what becomes of each document that was read: on its route, waiting for its order, joined, rejected, a level.

The commit is the reader's. What is not new is told once: Amazon's orders come again at every poll.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from translator.config.site import Source
from translator.core import jsontext
from translator.core.document import Document, Tree, sign
from translator.core.finding import Finding
from translator.core.tree import at
from translator.core.work import End, Hold, Station
from translator.documents.kind import Kind, Revision, kinds
from translator.documents.private import forgotten
from translator.ledger.book import Book
from translator.ledger.documents import Stored
from translator.ledger.interchanges import Interchange
from translator.ledger.work import Work
from translator.stations import acks, follows, life, turned
from translator.stations.errand import House
from translator.stations.making import beyond_mending
from translator.translation import Translation, placed, unknown_order

PATIENCE: Final = 24 * 3600.0  # an order that is not known after so long will not come: rejected (DESIGN §7)
LOOK: Final = (
    900.0  # seconds between looks for an order that has no sign, since it was named by another value than its number
)
_ITEM: Final = re.compile(r"/items/([0-9]+)(/|$)")


@dataclass(frozen=True, slots=True)
class Reading:
    house: House
    work: Work
    source: Source
    interchange: Interchange
    only: str  # "" = all documents; else only those about this order
    translation: Translation | None  # None: Amazon's own JSON
    files: tuple[Interchange, ...] = ()  # of a set: all of them, this one among them


def place(reading: Reading, book: Book, document: Document, number: int) -> Hold | None:
    """Put a document on its route; a hold: this row waits on."""
    kind = kinds().get(document.kind)
    if document.awaits and not document.rejected:
        return _await(reading, book, document)
    if kind is None or (document.rejected and not _key(kind, document)):
        _unread(reading, book, document, number)
    elif document.kind == acks.KIND and not document.rejected:
        acks.came(reading.house, book, reading.source, reading.interchange, document)
    elif document.kind == "order":
        _order(reading, book, kind, document)
    elif document.rejected:
        _reject(reading, book, kind, document)
    else:
        _revise(reading, book, kind, document)
    return None


def keys_of(document: Document) -> set[str]:
    """Give the keys under which a document is looked for: its own, and that of the order it is about."""
    kind = kinds().get(document.kind)
    return {key for key in (_key(kind, document) if kind and not kind.hides else "", document.about) if key}


def _key(kind: Kind, document: Document) -> str:
    """Give the business key; what its sender calls the order by another name has it from the order it is about."""
    about = {"purchaseOrderNumber": document.about} if document.about else {}
    return kind.key({**document.tree, **about}) if document.tree or about else ""


def _name(reading: Reading, book: Book, kind: Kind, document: Document) -> str:
    """Give the key under which a document lies."""
    key = _key(kind, document)
    return book.documents.hidden(reading.source.account, key) if kind.hides and key else key


def _await(reading: Reading, book: Book, document: Document) -> Hold | None:
    """Hold what is about an unknown order; when its patience is over, the order is not ours: rejected."""
    awaited = sign("order", reading.source.account, document.awaits, "known")
    left = PATIENCE
    if reading.only:  # this very row, read again: somebody asked, or its time is over
        left = reading.interchange.at + PATIENCE - reading.house.now()
    if left <= 0:
        _unknown_order(reading, book, document)
        return None
    wait = left if document.about else min(left, LOOK)
    hold = Hold(awaited, f"order {document.awaits} is not known", wait, "reject")
    if reading.only:
        return hold
    if not book.work.find(station=Station.READ, route=reading.work.route, subject=_part(reading, document)):
        book.work.add(Station.READ, reading.work.route, _part(reading, document), hold=hold)
        told = {"file": reading.interchange.name}
        book.events.note(f"{reading.source.account} {document.awaits}", f"{document.kind} waits", told)
    return None


def _part(reading: Reading, document: Document) -> str:
    return f"{reading.interchange.id}:{document.awaits}"


def _unknown_order(reading: Reading, book: Book, document: Document) -> None:
    about = document.but(about=document.awaits, findings=(*document.findings, unknown_order(document)))
    stored = added(reading, book, kinds()[document.kind], about)
    follows.rejected(reading.house, book, stored, about.findings, reading.interchange.id)


def _unread(reading: Reading, book: Book, document: Document, number: int) -> None:
    stored = book.documents.add(
        "unread",
        reading.source.account,
        f"{reading.interchange.name} {reading.interchange.id}.{number}",
        {},
        partner=_partner(reading),
        interchange=_origin(reading),
        records=document.records,
        findings=document.findings,
    )
    follows.rejected(reading.house, book, stored, document.findings, reading.interchange.id)


def _partner(reading: Reading) -> str:
    return reading.source.partner


def _origin(reading: Reading) -> int | None:
    return None if reading.translation is None else reading.interchange.id


def added(reading: Reading, book: Book, kind: Kind, document: Document, tree: Tree | None = None) -> Stored:
    """Add a document that was read to the book."""
    body = document.tree if tree is None else tree
    order = book.documents.find_order(reading.source.account, "", document.about) if document.about else None
    return book.documents.add(
        document.kind,
        reading.source.account,
        _name(reading, book, kind, document),
        body,
        warehouse=order.warehouse if order else kind.warehouse(body) if kind.warehouse else "",
        partner=_partner(reading),
        interchange=_origin(reading),
        records=document.records,
        kept=dict(document.kept),
        about=document.about,
        findings=document.findings,
    )


def _reject(reading: Reading, book: Book, kind: Kind, document: Document, faults: Sequence[Finding] = ()) -> None:
    made = document.but(findings=(*document.findings, *faults))
    follows.rejected(reading.house, book, added(reading, book, kind, made), made.findings, reading.interchange.id)


def _beyond_mending(reading: Reading, book: Book, document: Document, tree: Tree | None = None) -> tuple[Finding, ...]:
    """Find what nothing that is still to come can mend. `tree`: all that was told of the order so far."""
    order = book.documents.find_order(reading.source.account, "", document.about) if document.about else None
    if order is None or reading.translation is None:
        return ()
    house, partner = reading.house, reading.source.partner
    found = beyond_mending(house, book, document if tree is None else document.but(tree=tree), order, partner)
    if found and tree is not None:  # what it tells by itself stands in rows of its own
        found = beyond_mending(house, book, document, order, partner) or found
    return placed(found, document, by=reading.translation)


def _order(reading: Reading, book: Book, kind: Kind, document: Document) -> None:
    if document.rejected:
        _refused_order(reading, book, kind, document)
        return
    account, seller = reading.source.account, str(at(document.tree, "orderDetails.sellingParty.partyId", ""))
    stored = book.documents.newest("order", account, kind.key(document.tree))
    if stored is None and reading.house.site.is_anothers(account, seller):
        return
    if stored is None:
        life.known(reading.house, book, added(reading, book, kind, document))
        return
    arrived = document.tree if stored.forgotten is None else forgotten(kind.name, document.tree)
    revised = kind.revise(stored.tree, arrived) if kind.revise else None
    if revised and revised.verdict is Revision.CONTRADICTION:
        _contradicted(book, stored, revised.reason)
    elif revised and revised.verdict is not Revision.SAME:
        turned.order_changed(reading.house, book, stored, revised.tree)


def _refused_order(reading: Reading, book: Book, kind: Kind, document: Document) -> None:
    """Keep the slice of an order that cannot go on, for a person; it comes again at every poll, and is told once."""
    account = reading.source.account
    key = kind.key(document.tree) or sha256(jsontext.encode(document.tree)).hexdigest()
    stored = book.documents.newest(follows.UNREAD, account, key)
    if stored is None or stored.tree != document.tree:
        made = book.documents.add(
            follows.UNREAD, account, key, document.tree, partner=_partner(reading), findings=document.findings
        )
        follows.rejected(reading.house, book, made, document.findings, reading.interchange.id)


def _contradicted(book: Book, stored: Stored, reason: str) -> None:
    """Ask a person about an order that Amazon now tells otherwise: once for each reason, seen or not."""
    told = book.events.of(follows.subject(stored))
    if any(event.name == "order contradicted" and event.detail.get("reason") == reason for event in told):
        return
    follows.tell(book, stored, "contradicted", {"reason": reason})
    hold = Hold("person", f"Amazon tells it otherwise now: {reason}")
    book.work.add(Station.READ, stored.account, f"contradicted:{reason}:{stored.id}", hold=hold)


def _revise(reading: Reading, book: Book, kind: Kind, document: Document) -> None:
    standing = _standing(book, document.kind, reading.source.account, _name(reading, book, kind, document))
    if not standing or standing[-1].end in (End.REJECTED, End.CLOSED, End.SUPERSEDED) or kind.revise is None:
        if faults := _beyond_mending(reading, book, document):
            _reject(reading, book, kind, document, faults)
        else:
            _fresh(reading, book, kind, document)
        return
    stored, revised = standing[-1], kind.revise(standing[-1].tree, document.tree)
    if revised.verdict is Revision.SAME and life.shows_the_old(reading.house, book, stored):
        return
    if revised.verdict is Revision.SAME or (kind.lacking and _is_told(kind, standing[:-1], document)):
        made = added(reading, book, kind, document)
        book.documents.end(made.id, End.DUPLICATE)
        follows.tell(book, made, "duplicate", {"file": reading.interchange.name})
    elif revised.verdict is Revision.NEWER and kind.fetch:
        _newer(reading, book, kind, stored, document, revised.reason)
    elif kind.once:
        _fresh(reading, book, kind, document)  # whether it goes on, a person is asked at write
    elif joins := _joins(book, kind, standing, document):
        _gather(reading, book, kind, document, joins)
    else:
        _contradiction(reading, book, kind, document, revised.reason or "it was already sent")


def _is_told(kind: Kind, standing: Sequence[Stored], document: Document) -> bool:
    """Tell whether what arrived says nothing new beside one of these."""
    return any(kind.revise(one.tree, document.tree).verdict is Revision.SAME for one in standing if kind.revise)


def _joins(book: Book, kind: Kind, standing: Sequence[Stored], document: Document) -> list[tuple[Stored, Tree]]:
    """Give what has not left and is not contradicted by what arrived, the newest first, each with the tree of both."""
    waiting = [one for one in reversed(standing) if book.work.find(station=Station.WRITE, subject=follows.row(one))]
    revised = [(one, kind.revise(one.tree, document.tree)) for one in waiting if kind.revise]
    return [(one, both.tree) for one, both in revised if both.verdict in (Revision.MORE, Revision.NEWER)]


def _gather(reading: Reading, book: Book, kind: Kind, document: Document, joins: Sequence[tuple[Stored, Tree]]) -> None:
    """Join what arrived to what waits: of several that contradict each other, to all that it is no fault to."""
    faults = [_beyond_mending(reading, book, document, tree) for _, tree in joins]
    if sound := [join for join, found in zip(joins, faults, strict=True) if not found]:
        for stored, tree in sound:
            _join(book, stored, tree)
        follows.tell(book, sound[0][0], "more", read_by(reading) | {"records": len(document.records)})
    else:
        _reject(reading, book, kind, document, faults[0])


def _standing(book: Book, kind: str, account: str, key: str) -> list[Stored]:
    """Give what of a key says something, the newest last: a duplicate says what the one before it said.

    What was given up or turned down says nothing beside one that waits for more, or was accepted.
    """
    found = [one for one in book.documents.about(account, key, kind) if one.end is not End.DUPLICATE]
    return [one for one in found if one.end in (None, End.ACCEPTED)] or found[-1:]


def _fresh(reading: Reading, book: Book, kind: Kind, document: Document) -> None:
    stored = added(reading, book, kind, document)
    for name, value in document.kept.items():
        book.documents.keep(stored.account, document.about or stored.key, name, value)
        book.work.release(sign("order", stored.account, value, "known"))  # a file may call the order by it
    follows.tell(book, stored, "known", read_by(reading) | {"records": len(document.records)})
    follows.to_write_or_wait(reading.house, book, stored)
    if kind.fetch:
        _mended(book, stored)


def _mended(book: Book, stored: Stored) -> None:
    """Ask no person any more about what Amazon gave before and was of no use."""
    for old in book.documents.about(stored.account, stored.key, stored.kind):
        for work in book.work.find(station=Station.READ, subject=f"rejected:{old.id}"):
            book.work.remove(work.station, work.route, work.subject)


def _newer(reading: Reading, book: Book, kind: Kind, old: Stored, document: Document, reason: str) -> None:
    """Replace what Amazon had before; where the warehouse has seen it, a person must know: it may be printed already."""
    seen = book.events.has(sign(old.kind, old.account, old.key, "sent"))
    for work in book.work.find(station=Station.WRITE, subject=follows.row(old)):
        book.work.remove(work.station, work.route, work.subject)
    book.documents.end(old.id, End.SUPERSEDED)
    _fresh(reading, book, kind, document)
    if seen:
        follows.tell(book, old, "changed", {"reason": reason})
        words = f"the {kind.name.replace('_', ' ')} of order {old.about} changed after the warehouse got it: {reason}"
        book.work.add(Station.READ, old.account, f"contradicted:changed:{old.id}", hold=Hold("person", words))


def read_by(reading: Reading) -> dict[str, Any]:
    """Say which file a document was read from, and by which mapping as it was then."""
    made = {"mapping": reading.translation.stamp} if reading.translation else {}
    return {"file": reading.interchange.name} | made


def _join(book: Book, stored: Stored, tree: Tree) -> None:
    """What arrived completes what waits: one document, gathered from several files, idempotently."""
    book.documents.retree(stored.id, tree)
    for work in book.work.find(station=Station.WRITE, subject=follows.row(stored)):
        if work.awaits != "person":  # what a person is asked, a file does not answer
            book.work.release_row(work.id)


def _contradiction(reading: Reading, book: Book, kind: Kind, document: Document, reason: str) -> None:
    stored = added(reading, book, kind, document)
    follows.tell(book, stored, "contradicted", {"file": reading.interchange.name, "reason": reason})
    hold = Hold("person", f"{follows.CONTRADICTS}: {reason}")
    follows.to_write(reading.house, book, stored, hold)
