"""read: bytes → documents, as their sender said them, each on its route.

About an order not yet known: held, and read again when it comes. A document at fault is rejected with an answer;
its neighbours go on. Records of no document become one `unread`, rejected at birth. Nothing is lost: until a file is
read it stays a row, and its bytes stay in the ledger.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Final

from translator.config.site import Site, Source, System
from translator.core.document import Document, Tree, sign
from translator.core.finding import Rejected, errors
from translator.core.work import End, Hold, Station
from translator.documents.kind import Asked, Kind, Revision, kinds
from translator.ledger.book import Book
from translator.ledger.documents import Stored
from translator.ledger.interchanges import Interchange
from translator.ledger.work import Work
from translator.stations import follows
from translator.stations.context import LedgerContext
from translator.stations.errand import Errand, House, Think
from translator.translation import Translation, matches, placed, read_amazon, unknown_order
from translator.translation import read as translate

PATIENCE: Final = 24 * 3600.0  # an order that is not known after so long will not come: rejected (DESIGN §7)


@dataclass(frozen=True, slots=True)
class _Reading:
    house: House
    work: Work
    source: Source
    interchange: Interchange
    only: str  # "" = all documents; else only those about this order
    translation: Translation | None  # None: Amazon's own JSON


def begin(house: House, book: Book, works: Sequence[Work]) -> list[Errand]:
    """Take each file or page to be read."""
    return [errand for work in works if (errand := _begin(house, book, work))]


def _begin(house: House, book: Book, work: Work) -> Errand | None:
    number, _, only = work.subject.partition(":")
    if number == "rejected":  # a person has seen it
        book.work.end(work)
        return None
    source, interchange = house.site.source(work.route), book.interchanges.get(int(number))
    if source is None or interchange is None:
        book.work.hold(work, Hold("mapping", f"{work.route} is no longer listed in the site"))
        return None
    translation, reason = _chosen(house.site, source, interchange.name)
    if reason:
        book.events.note(f"interchange {interchange.id}", "held", {"file": interchange.name, "reason": reason})
        book.work.hold(work, Hold("mapping", reason))
        return None
    if translation and not only and not _is_level(translation) and _again(book, interchange):
        _duplicate(book, work, interchange)
        return None
    reading = _Reading(house, work, source, interchange, only, translation)
    data = book.bodies.read(interchange.body)
    return Think((work,), partial(_go, reading, data), partial(_record, reading))


def _is_level(translation: Translation) -> bool:
    """Tell a file that lawfully comes again with the same bytes: the level has not changed."""
    return any(kinds()[kind].level for kind in translation.file.kinds)


def _again(book: Book, interchange: Interchange) -> bool:
    """Tell equal bytes that went on before; what was rejected may be laid there again once its cause is mended."""
    same = book.interchanges.same_bytes(interchange.endpoint, interchange.hash)
    return any(_went_on(book, other) for other in same if other.id < interchange.id)


def _went_on(book: Book, interchange: Interchange) -> bool:
    rows = book.work.find(station=Station.READ, route=interchange.endpoint)
    waits = any(row.subject.partition(":")[0] == str(interchange.id) for row in rows)
    return waits or any(stored.end is not End.REJECTED for stored in book.documents.of_interchange(interchange.id))


def _duplicate(book: Book, work: Work, interchange: Interchange) -> None:
    detail = {"name": interchange.name, "reason": "the same bytes were read before"}
    book.events.note(f"interchange {interchange.id}", "duplicate", detail)
    book.work.end(work)


def _chosen(site: Site, source: Source, name: str) -> tuple[Translation | None, str]:
    if not source.mappings:
        return None, ""
    fits = [made for mapping in source.mappings if matches(made := site.translations[mapping], name)]
    if len(fits) == 1:
        return fits[0], ""
    word = "no mapping takes" if not fits else f"{len(fits)} mappings take"
    return None, f"{word} a file of this name: {name}"


def _go(reading: _Reading, data: bytes, book: Book) -> list[Document] | Hold:
    if reading.translation is None:
        return _amazon(reading, data)
    system = reading.house.site.systems[reading.source.partner]
    try:
        documents = list(
            translate(reading.translation, [data], reading.interchange.name, _context(reading, system, book))
        )
    except Rejected as error:
        return [Document("unread", {}, findings=error.findings)]
    return [document for document in documents if not reading.only or document.about == reading.only]


def _amazon(reading: _Reading, data: bytes) -> list[Document] | Hold:
    try:
        return read_amazon("order", data, reading.interchange.name)
    except Rejected as error:  # a sender without answers: its bytes stay, a person must know
        return Hold("person", f"Amazon's page cannot be read: {error.findings[0].text}")


def _context(reading: _Reading, system: System, book: Book) -> LedgerContext:
    seen = datetime.fromtimestamp(reading.interchange.at, UTC)
    return LedgerContext(book, seen, system.account, system.name, system.settings, system.warehouses)


def _record(reading: _Reading, book: Book, documents: list[Document] | Hold) -> None:
    book.work.check(reading.work)
    if isinstance(documents, Hold):
        book.work.hold(reading.work, documents)
        return
    waits = [hold for number, document in enumerate(documents) if (hold := _place(reading, book, document, number))]
    if waits:
        book.work.hold(reading.work, waits[0])
        return
    book.events.note(f"interchange {reading.interchange.id}", "read", {"documents": len(documents)})
    if reading.translation is None:
        book.interchanges.forget(reading.interchange.id)  # each order keeps its slice
    book.work.end(reading.work)


def _place(reading: _Reading, book: Book, document: Document, number: int) -> Hold | None:
    """Put a document on its route; a hold: this row waits on."""
    kind = kinds().get(document.kind)
    if document.awaits and not document.rejected:
        return _await(reading, book, document)
    if kind is None or (document.rejected and not _key(kind, document)):
        _unread(reading, book, document, number)
    elif document.kind == "order":
        _order(reading, book, kind, document, number)
    elif kind.level:
        _level(reading, book, kind, document)
    elif document.rejected:
        stored = _add(reading, book, kind, document)
        follows.rejected(reading.house, book, stored, document.findings, reading.interchange.id)
    else:
        _revise(reading, book, kind, document)
    return None


def _key(kind: Kind, document: Document) -> str:
    return document.about or (kind.key(document.tree) if document.tree else "")


def _await(reading: _Reading, book: Book, document: Document) -> Hold | None:
    """Hold what is about an unknown order; when its patience is over, the order is not ours: rejected."""
    awaited = sign("order", reading.source.account, document.awaits, "known")
    left = PATIENCE
    if reading.only:  # this very row, read again: somebody asked, or its time is over
        left = reading.interchange.at + PATIENCE - reading.house.now()
    if left <= 0:
        _unknown_order(reading, book, document)
        return None
    hold = Hold(awaited, f"order {document.awaits} is not known", left, "reject")
    if reading.only:
        return hold
    if not book.work.find(station=Station.READ, route=reading.work.route, subject=_part(reading, document)):
        book.work.add(Station.READ, reading.work.route, _part(reading, document), hold=hold)
        told = {"file": reading.interchange.name}
        book.events.note(f"{reading.source.account} {document.awaits}", f"{document.kind} waits", told)
    return None


def _part(reading: _Reading, document: Document) -> str:
    return f"{reading.interchange.id}:{document.awaits}"


def _unknown_order(reading: _Reading, book: Book, document: Document) -> None:
    about = replace(document, about=document.awaits, findings=(*document.findings, unknown_order(document)))
    stored = _add(reading, book, kinds()[document.kind], about)
    follows.rejected(reading.house, book, stored, about.findings, reading.interchange.id)


def _unread(reading: _Reading, book: Book, document: Document, number: int) -> None:
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


def _partner(reading: _Reading) -> str:
    return reading.source.partner


def _origin(reading: _Reading) -> int | None:
    return None if reading.translation is None else reading.interchange.id


def _add(reading: _Reading, book: Book, kind: Kind, document: Document, tree: Tree | None = None) -> Stored:
    body = document.tree if tree is None else tree
    order = book.documents.find_order(reading.source.account, "", document.about) if document.about else None
    return book.documents.add(
        document.kind,
        reading.source.account,
        _key(kind, document),
        body,
        warehouse=order.warehouse if order else kind.warehouse(body) if kind.warehouse else "",
        partner=_partner(reading),
        interchange=_origin(reading),
        records=document.records,
        kept=dict(document.kept),
        about=document.about,
        findings=document.findings,
    )


def _order(reading: _Reading, book: Book, kind: Kind, document: Document, number: int) -> None:
    if document.rejected:
        _unread(reading, book, document, number)
        return
    stored = book.documents.newest("order", reading.source.account, kind.key(document.tree))
    if stored is None:
        follows.order_known(reading.house, book, _add(reading, book, kind, document))
        return
    revised = kind.revise(stored.tree, document.tree) if kind.revise else None
    if revised and revised.verdict is Revision.CONTRADICTION:
        follows.tell(book, stored, "contradicted", {"reason": revised.reason})
    elif revised and revised.verdict is not Revision.SAME:
        follows.order_changed(reading.house, book, stored, revised.tree)


def _revise(reading: _Reading, book: Book, kind: Kind, document: Document) -> None:
    stored = book.documents.newest(document.kind, reading.source.account, _key(kind, document))
    if stored is None or stored.end in (End.REJECTED, End.CLOSED, End.SUPERSEDED) or kind.revise is None:
        _fresh(reading, book, kind, document)
        return
    revised = kind.revise(stored.tree, document.tree)
    begun = not book.work.find(station=Station.WRITE, subject=follows.row(stored))
    if revised.verdict is Revision.SAME:
        made = _add(reading, book, kind, document)
        book.documents.end(made.id, End.DUPLICATE)
        follows.tell(book, made, "duplicate", {"file": reading.interchange.name})
    elif revised.verdict is Revision.CONTRADICTION or begun:
        _contradiction(reading, book, kind, document, revised.reason or "it was already sent")
    else:
        _join(reading, book, stored, document, revised.tree)


def _fresh(reading: _Reading, book: Book, kind: Kind, document: Document) -> None:
    stored = _add(reading, book, kind, document)
    for name, value in document.kept.items():
        book.documents.keep(stored.account, document.about or stored.key, name, value)
    follows.tell(book, stored, "known", {"file": reading.interchange.name, "records": len(document.records)})
    follows.to_write(reading.house, book, stored)


def _join(reading: _Reading, book: Book, stored: Stored, document: Document, tree: Tree) -> None:
    """What arrived completes what waits: one document, gathered from several files, idempotently."""
    book.documents.retree(stored.id, tree)
    follows.tell(book, stored, "more", {"file": reading.interchange.name, "records": len(document.records)})
    for work in book.work.find(station=Station.WRITE, subject=follows.row(stored)):
        book.work.release_row(work.id)


def _contradiction(reading: _Reading, book: Book, kind: Kind, document: Document, reason: str) -> None:
    stored = _add(reading, book, kind, document)
    follows.tell(book, stored, "contradicted", {"file": reading.interchange.name, "reason": reason})
    hold = Hold("person", f"it contradicts what is known: {reason}")
    follows.to_write(reading.house, book, stored, hold)


def _level(reading: _Reading, book: Book, kind: Kind, document: Document) -> None:
    """A level, not a flow: what is wanted per item is set, newest wins; the level's one row writes the difference.

    Items stand alone: a bad one is answered, the others go on; in a full update all of them or none.
    """
    made = kind.complete(document, _asked(reading, book, document)) if kind.complete else document
    stored = _add(reading, book, kind, replace(made, findings=placed(made.findings, document)))
    if not made.tree.get("items"):
        follows.rejected(reading.house, book, stored, stored.findings, reading.interchange.id)
        return
    follows.tell(book, stored, "known", {"file": reading.interchange.name, "items": len(made.tree["items"])})
    book.stock.want(stored.account, stored.warehouse, _wanted(made.tree), stored.id, reading.interchange.at)
    if faults := errors(stored.findings):
        follows.answer_to(reading.house, book, stored, faults, reading.interchange.id)
    route = reading.house.site.route(stored.kind, stored.account)
    if route is not None:
        book.work.add(Station.WRITE, route.name, f"level:{stored.account}:{stored.warehouse}")


def _asked(reading: _Reading, book: Book, document: Document) -> Asked:
    account = reading.house.site.accounts[reading.source.account]
    skus = [item.get("vendorProductIdentifier", "") for item in document.tree.get("items", [])]
    asins = book.products.asins(account.name, [sku for sku in skus if sku])
    return Asked(now=reading.house.clock.now(), vendor=account.vendor, asins=asins)


def _wanted(tree: Tree) -> dict[str, tuple[int, Tree]]:
    return {
        item.get("vendorProductIdentifier") or item["buyerProductIdentifier"]: (
            item["availableQuantity"]["amount"],
            item,
        )
        for item in tree["items"]
    }
