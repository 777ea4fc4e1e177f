"""What is told of a document, and where it goes from there: onto its route, or to its end. Called inside a commit.

Something rejected is answered to its sender; a sender without answers: held for a person. What follows a fact about an
order is `life`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from translator.config.site import Route
from translator.core.document import Document, sign
from translator.core.finding import Finding
from translator.core.tree import at
from translator.core.work import End, Hold, Station
from translator.documents import answer
from translator.ledger.book import Book
from translator.ledger.documents import Stored
from translator.ledger.work import Work
from translator.stations.errand import House, batch_of

CONTRADICTS = "it contradicts what is known"  # how the reason of a hold begins
CONTESTED = "another file says otherwise: give one of the two up (translator reject)"  # of what was known
STATUS = "orderDetails.orderStatus"  # where an order stands at Amazon
SPOKEN = ("answer", "functional_acknowledgement")  # kinds that are said to who sent a file, of whatever warehouse
REFUSED = "refused"  # the fact of an acknowledgement that refuses its order, once Amazon took it
UNREAD = "unread"  # the kind of what belongs to no document
TOLD = ("rejected", "contradicted")  # begin the subjects of rows that tell a person something, until he lets go of them
GONE = (End.REJECTED, End.CLOSED, End.SUPERSEDED, End.DUPLICATE)
MOOT = {  # where an order stands at Amazon -> what nobody awaits any more
    "CANCELLED": ("acknowledgement", "label_request", "shipping_label", "packing_slip", "customer_invoice"),
    "SHIPPED": ("label_request",),
}
REQUIRED = "orderDetails.shipmentDetails.shipmentDates.requiredShipDate"

SAID = {  # name in an event -> where it stands in a tree
    "requiredShipDate": REQUIRED,
    "orderStatus": STATUS,
    "code": "acknowledgementStatus.code",
    "shippedDate": "shipmentDetails.shippedDate",
    "shipmentStatus": "shipmentDetails.shipmentStatus",
}


def subject(stored: Stored) -> str:
    """Name what the events of a document are about: its order, or itself."""
    return f"{stored.account} {stored.about or stored.key}"


def tell(book: Book, stored: Stored, fact: str, detail: dict[str, Any] | None = None) -> None:
    """Write an event about a document; it is a sign as well, and releases who waits for it."""
    told = (_said(stored) if fact in ("known", "accepted") else {}) | (detail or {})
    book.events.note(
        subject(stored), f"{stored.kind} {fact}", told, sign(stored.kind, stored.account, stored.key, fact)
    )


def _said(stored: Stored) -> dict[str, Any]:
    """Give what the clocks of an order need to know of a document (nothing personal)."""
    return {name: str(value) for name, path in SAID.items() if (value := at(stored.tree, path))}


def row(stored: Stored) -> str:
    """Name a document as the subject of a row."""
    return f"document:{stored.id}"


def tells(work: Work, documents: Collection[int] | None = None) -> bool:
    """Tell whether a row only tells a person something; of one of these documents, where some are given."""
    word, _, rest = work.subject.partition(":")
    about = rest.rpartition(":")[2]
    if work.station != Station.READ or word not in TOLD:
        return False
    return documents is None or (about.isdigit() and int(about) in documents)


def to_write(house: House, book: Book, stored: Stored, hold: Hold | None = None, due: float | None = None) -> bool:
    """Put a document on the route that takes its kind; False: none does. A batch is given time to fill."""
    partner = stored.partner if stored.kind in SPOKEN else ""
    document = Document(stored.kind, stored.tree, stored.about)
    route = house.site.route_of(document, stored.account, stored.warehouse, partner, house.clock.now())
    if route is None:
        return False
    book.work.add(Station.WRITE, route.name, row(stored), due=due or _due(house, route), hold=hold)
    return True


def to_write_or_wait(house: House, book: Book, stored: Stored, hold: Hold | None = None) -> None:
    """Put a document on its route; where no mapping takes it, it waits for one, and is never lost."""
    if not to_write(house, book, stored, hold):
        book.work.add(Station.WRITE, f"{stored.account}/nowhere", row(stored), hold=nowhere(stored))


def nowhere(stored: Stored) -> Hold:
    """Hold what no mapping takes."""
    place = f"for warehouse {stored.warehouse}" if stored.warehouse else f"for {stored.partner or stored.account}"
    return Hold("mapping", f"no mapping of any WMS writes {stored.kind}s {place}")


def _due(house: House, route: Route) -> float | None:
    """Say when a document is written: at once, or with the batch it is in: at the latest when the first of it is due."""
    return house.now() + route.wait if batch_of(house.site, route) else None


def moot(book: Book, stored: Stored) -> bool:
    """Tell what nobody awaits any more, since its order has ended at Amazon: its acknowledgement, its label…"""
    return stored.kind in MOOT.get(_status_of(book, stored), ())


def _status_of(book: Book, stored: Stored) -> str:
    order = book.documents.newest("order", stored.account, stored.about) if stored.about else None
    return str(at(order.tree, STATUS, "")) if order else ""


def supersede(book: Book, stored: Stored) -> None:
    """End what is moot."""
    book.documents.end(stored.id, End.SUPERSEDED)
    tell(book, stored, "superseded", {"reason": f"the order was {_status_of(book, stored).lower()}"})


def rejected(
    house: House, book: Book, stored: Stored, findings: Sequence[Finding], interchange: int | None = None
) -> None:
    """End a document as rejected, and answer its sender."""
    if moot(book, stored):
        supersede(book, stored)
        return
    book.documents.end(stored.id, End.REJECTED, findings)
    tell(book, stored, "rejected", {"codes": sorted({finding.code for finding in findings})})
    source = interchange if interchange is not None else stored.interchange
    answer_to(house, book, stored, findings, source)
    if interchange is None:
        answer_others(house, book, stored, findings)
    unopposed(book, stored)
    _stands(book, stored)


def _stands(book: Book, rejected: Stored) -> None:
    """Let the clock of goods run on that have left by what other files told: the rejection undid it."""
    there = book.documents.about(rejected.account, rejected.key, rejected.kind) if rejected.about else []
    for one in there:
        if one.end is None and one.id < rejected.id and (date := _said(one).get("shippedDate")):
            tell(book, one, "shipped", {"at": date})


def unopposed(book: Book, rejected: Stored) -> None:
    """Let the only one that is left go on, as if this had never come. Of several a person is asked."""
    if not rejected.about:
        return
    there = book.documents.about(rejected.account, rejected.key, rejected.kind)
    alive = [one for one in there if one.end in (None, End.ACCEPTED)]
    if len(alive) != 1:
        return
    for work in book.work.find(station=Station.WRITE, subject=row(alive[0])):
        if work.reason.startswith((CONTRADICTS, CONTESTED)) and book.work.release_row(work.id):
            tell(book, alive[0], "known", {"reason": "what contradicted it is rejected"})


def answer_to(house: House, book: Book, stored: Stored, findings: Sequence[Finding], interchange: int | None) -> None:
    """Tell a sender what was wrong: by an answer file where it takes them, else a person must know."""
    source = book.interchanges.get(interchange) if interchange is not None else None
    file = source.name if source else ""
    key = stored.about or ("" if stored.kind == UNREAD else stored.key)
    if _answered(house, book, stored, file, key, findings):
        return
    reason = "; ".join(finding.text for finding in findings[:3]) or "rejected"
    book.work.add(Station.READ, stored.partner or stored.account, f"rejected:{stored.id}", hold=Hold("person", reason))


def answer_others(house: House, book: Book, stored: Stored, findings: Sequence[Finding]) -> None:
    """Tell of each further file that was gathered into a document what became of it: it has to come again, too."""
    there = book.documents.about(stored.account, stored.key, stored.kind) if stored.about else []
    if any(one.end is None for one in there):  # what such a file told counts for that
        return
    told = (event for event in book.events.of(subject(stored)) if event.name == f"{stored.kind} more")
    files = dict.fromkeys(str(event.detail.get("file", "")) for event in told if event.at >= stored.at)
    faults = [replace(finding, data=None) for finding in findings]
    for file in filter(None, files):
        _answered(house, book, stored, file, stored.about, faults)


def _answered(house: House, book: Book, stored: Stored, file: str, key: str, findings: Sequence[Finding]) -> bool:
    """Make the answer to a file; tell whether it goes out: what was not read from a file of theirs is nothing to answer."""
    tree = answer.answer_for(file, stored.kind, key, findings, house.clock.now())
    made = book.documents.add("answer", stored.account, f"{file or 'none'} {row(stored)}", tree, partner=stored.partner)
    if file and to_write(house, book, made):
        return True
    book.documents.end(made.id, End.CLOSED)
    return False
