"""What follows what: the one place where an end of one document begins another. Called inside the commit that ends it.

| when | follows |
|---|---|
| order known | its file; an acknowledgement, unless the WMS sends ack files |
| order CANCELLED at Amazon | not begun: superseded; else a cancel file, once the order was sent |
| something rejected | an answer to its sender; a sender without answers: held for a person |
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from translator.config.site import Route
from translator.core.document import Tree, sign
from translator.core.finding import Finding
from translator.core.tree import at
from translator.core.work import End, Hold, State, Station
from translator.documents import answer
from translator.ledger.book import Book
from translator.ledger.documents import Stored
from translator.stations.errand import House

UNREAD = "unread"  # the kind of what belongs to no document
POLICY = {"known": "known", "delivered": "sent", "taken": "taken"}  # acknowledge when -> the fact about the order

SAID = {  # name in an event -> where it stands in a tree
    "requiredShipDate": "orderDetails.shipmentDetails.shipmentDates.requiredShipDate",
    "orderStatus": "orderDetails.orderStatus",
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


def to_write(house: House, book: Book, stored: Stored, hold: Hold | None = None) -> bool:
    """Put a document on the route that takes its kind; False: none does. A batch is given time to fill."""
    partner = stored.partner if stored.kind == "answer" else ""
    route = house.site.route(stored.kind, stored.account, stored.warehouse, partner)
    if route is None:
        return False
    book.work.add(Station.WRITE, route.name, row(stored), due=_due(house, book, route), hold=hold)
    return True


def _due(house: House, book: Book, route: Route) -> float | None:
    """Say when a document is written: at once, or with the batch that is filling (the first in it says when)."""
    if not route.mapping or house.site.translations[route.mapping].file.batch is None:
        return None
    filling = book.work.find(station=Station.WRITE, route=route.name, state=State.INCOMING)
    return min((work.due for work in filling), default=house.now() + route.wait)


def order_known(house: House, book: Book, stored: Stored) -> None:
    """Write a new order, and acknowledge it by its system's policy."""
    _products(book, stored)
    status = at(stored.tree, "orderDetails.orderStatus", "NEW")
    tell(book, stored, "known")
    if status in ("SHIPPED", "CANCELLED"):  # ended elsewhere before we saw it: stored, never written
        book.documents.end(stored.id, End.CLOSED)
        tell(book, stored, "closed", {"reason": f"{status} at Amazon when it was first seen"})
        return
    if not to_write(house, book, stored):
        reason = f"no mapping of any WMS writes orders for warehouse {stored.warehouse}"
        book.work.add(Station.WRITE, f"{stored.account}/nowhere", row(stored), hold=Hold("mapping", reason))
    if status == "ACCEPTED":  # acknowledged elsewhere: evidence, not our doing
        book.events.note(
            subject(stored),
            "acknowledgement accepted",
            {"evidence": "ACCEPTED when it was first seen"},
            sign("acknowledgement", stored.account, stored.key, "accepted"),
        )
        return
    _acknowledge(house, book, stored)


def _acknowledge(house: House, book: Book, order: Stored) -> None:
    system = house.site.system_of(order.warehouse)
    if system is None or system.when == "file":
        return
    made = book.documents.add(
        "acknowledgement", order.account, order.key, {}, warehouse=order.warehouse, partner=system.name, about=order.key
    )
    awaited = sign("order", order.account, order.key, POLICY[system.when])
    then = "go on" if system.then == "accept" else "person"
    hold = Hold(awaited, f"waits until the order is {system.when}", system.silent, then)
    to_write(house, book, made, None if book.events.has(awaited) else hold)


def order_changed(house: House, book: Book, stored: Stored, tree: Tree) -> None:
    """Keep what Amazon now says of an order; a cancellation goes to the WMS, or stops what has not begun."""
    before = at(stored.tree, "orderDetails.orderStatus", "NEW")
    after = at(tree, "orderDetails.orderStatus", before)
    book.documents.retree(stored.id, tree)
    if before == after:
        return
    tell(book, stored, after.lower(), {"before": before})
    if after == "CANCELLED":
        _cancelled(house, book, stored, tree)


def moot(book: Book, stored: Stored) -> bool:
    """Tell an acknowledgement that nobody awaits any more: Amazon cancelled its order."""
    order = book.documents.newest("order", stored.account, stored.about) if stored.kind == "acknowledgement" else None
    return order is not None and at(order.tree, "orderDetails.orderStatus") == "CANCELLED"


def supersede(book: Book, stored: Stored) -> None:
    """End what a cancellation made moot."""
    book.documents.end(stored.id, End.SUPERSEDED)
    tell(book, stored, "superseded", {"reason": "the order was cancelled"})


def _let_go(book: Book, order: Stored) -> None:
    """Let go of what waits about a cancelled order: write ends an acknowledgement, and holds a shipment for a person."""
    for stored in book.documents.about(order.account, order.key):
        waiting = [*book.work.find(subject=row(stored)), *book.work.find(subject=f"rejected:{stored.id}")]
        for work in waiting:
            book.work.release_row(work.id)


def _cancelled(house: House, book: Book, order: Stored, tree: Tree) -> None:
    _let_go(book, order)
    if _unbegun(house, book, order):
        book.documents.end(order.id, End.SUPERSEDED)
        tell(book, order, "superseded", {"reason": "cancelled before its file was begun"})
        return
    made = book.documents.add(
        "cancellation", order.account, order.key, tree, warehouse=order.warehouse, about=order.key
    )
    tell(book, made, "known")
    awaited = sign("order", order.account, order.key, "sent")
    hold = None if book.events.has(awaited) else Hold(awaited, "the order's own file goes first")
    if not to_write(house, book, made, hold):
        reason = f"no mapping of any WMS writes cancellations for warehouse {order.warehouse}"
        book.work.add(Station.WRITE, f"{order.account}/nowhere", row(made), hold=Hold("mapping", reason))


def _unbegun(house: House, book: Book, order: Stored) -> bool:
    """Take an order off the road if nothing of it was begun; a batch that holds it goes on."""
    waiting = book.work.find(station=Station.WRITE, subject=row(order))
    for work in waiting:
        book.work.remove(work.station, work.route, work.subject)
    return bool(waiting)


def _products(book: Book, order: Stored) -> None:
    for item in at(order.tree, "orderDetails.items", []):
        sku, asin = item.get("vendorProductIdentifier"), item.get("buyerProductIdentifier")
        if sku and asin:
            book.products.note(order.account, sku, asin)


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


def answer_to(house: House, book: Book, stored: Stored, findings: Sequence[Finding], interchange: int | None) -> None:
    """Tell a sender what was wrong: by an answer file where it takes them, else a person must know."""
    source = book.interchanges.get(interchange) if interchange is not None else None
    file = source.name if source else ""
    key = stored.about or ("" if stored.kind == UNREAD else stored.key)
    tree = answer.answer_for(file, stored.kind, key, findings, house.clock.now())
    made = book.documents.add("answer", stored.account, f"{file or 'none'} {row(stored)}", tree, partner=stored.partner)
    if file and to_write(house, book, made):  # what was not read from a file of theirs is nothing to answer
        return
    book.documents.end(made.id, End.CLOSED)
    reason = "; ".join(finding.text for finding in findings[:3]) or "rejected"
    book.work.add(Station.READ, stored.partner or stored.account, f"rejected:{stored.id}", hold=Hold("person", reason))
