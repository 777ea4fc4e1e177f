"""The life of an order as the stations bring it about: what follows each fact, made or fetched, inside the commit that tells it.

What follows what stands with each kind as data (`Kind.follows`, and the needs of what follows); `translator show life`
prints it. An order that may not be ours waits for a person first; one that is open is read again until it is over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from translator.config.site import System
from translator.core import calendar as days
from translator.core.calendar import Calendar
from translator.core.document import Tree, sign
from translator.core.timeline import fold, moment, over
from translator.core.tree import at
from translator.core.work import End, Hold, State, Station
from translator.documents.kind import Follow, Kind, kinds
from translator.documents.values import iso
from translator.ledger.book import Book
from translator.ledger.documents import Stored, called
from translator.stations import conditions, invoices
from translator.stations.errand import House
from translator.stations.follows import GONE, REQUIRED, STATUS, row, subject, tell, to_write, to_write_or_wait

# acknowledge when -> the fact about the order
POLICY: Final = {"known": "known", "delivered": "sent", "taken": "taken"}
SILENT: Final = {"hold": "person", "accept": "go on", "refuse": "refuse"}  # a silent WMS -> what becomes of the hold
ASKED: Final = "order:"  # the subject of a row at collect that asks for what is about one order
SWEPT: Final = 6.5 * 86400.0  # seconds since it was placed that an order is read again with all others, by the sweep
LABEL: Final = "shipping_label"
YEARS: Final = range(1900, 2200)
AGAIN: Final = 60.0  # seconds until Amazon is asked again for what it still shows as it was


def known(house: House, book: Book, stored: Stored) -> None:
    """Write a new order, and have follow what follows; one that is not ours as yet waits for a person."""
    _products(book, stored)
    tell(book, stored, "known", _terms(house, stored))
    for value in called(stored.kind, stored.tree).values():  # a file that came before may call it so
        book.work.release(sign("order", stored.account, value, "known"))
    status = at(stored.tree, STATUS, "NEW")
    if status in ("SHIPPED", "CANCELLED"):  # ended elsewhere before we saw it: stored, never written
        book.documents.end(stored.id, End.CLOSED)
        tell(book, stored, "closed", {"reason": f"{status} at Amazon when it was first seen"})
        return
    _watch(house, book, stored)
    if reason := _not_ours(house, stored):
        book.events.note(subject(stored), "order held", {"reason": reason}, _undecided(stored))
        to_write_or_wait(house, book, stored, Hold("person", reason))
        if status == "ACCEPTED":
            acknowledged(house, book, stored, "ACCEPTED when it was first seen")
        return
    to_write_or_wait(house, book, stored)
    ensue(house, book, stored, stored.kind, "known")


def _terms(house: House, order: Stored) -> dict[str, str]:
    """Say what the clocks must know of the warehouse: when the last parcel of the day leaves, and whose carrier it is."""
    own = {"carrier": "own"} if conditions.holds(house.site, "own carrier", order) else {}
    calendar = _calendar(house, order)
    ship_by = _ship_by(calendar, str(at(order.tree, REQUIRED, ""))) if calendar else ""
    return {"ship_by": ship_by, **own} if ship_by else own


@lru_cache(maxsize=1_024)
def _ship_by(calendar: Calendar, required: str) -> str:
    """Say when what Amazon wants by then leaves at the latest; many orders are wanted by one moment."""
    wanted = _in_calendars(moment(required))
    return iso(min(wanted, days.leaves(calendar, days.ship_day(calendar, wanted)))) if wanted else ""


def _not_ours(house: House, order: Stored) -> str:
    """Say why a person has to decide whether an order is ours to handle; empty: it is. Aside, nothing is taken over."""
    if house.site.shadow:
        return ""
    if at(order.tree, STATUS, "NEW") == "ACCEPTED":
        return "ACCEPTED at Amazon when it was first seen: release it to the WMS, or reject it here"
    start = house.site.accounts[order.account].start
    placed = moment(str(at(order.tree, "orderDetails.orderDate", "")))
    if start is not None and placed is not None and placed < start:
        return f"placed before the start on {start:%Y-%m-%d}: release it to the WMS, or reject it here"
    return ""


def undecided(house: House, book: Book, order: Stored) -> Hold | None:
    """Give the hold of what is about an order that a person has not decided upon; None: it is ours."""
    if _is_ours(book, order):
        return None
    return Hold(_adopted(order), _not_ours(house, order) or "its order waits for a decision")


def decided(house: House, book: Book, order: Stored) -> None:
    """Take an order as ours that a person let go on: what follows where it stands now follows, once."""
    if _is_ours(book, order):
        return
    book.events.note(subject(order), "order adopted", {}, _adopted(order))
    if is_acknowledged(book, order):
        ensue(house, book, order, "acknowledgement", "accepted")
    else:
        ensue(house, book, order, order.kind, "known")


def _is_ours(book: Book, order: Stored) -> bool:
    """Tell whether nobody was asked about an order, or a person let it go on."""
    return not book.events.has(_undecided(order)) or book.events.has(_adopted(order))


def _undecided(order: Stored) -> str:
    return sign("order", order.account, order.key, "undecided")


def _adopted(order: Stored) -> str:
    return f"{_undecided(order)} to be ours"


def _watch(house: House, book: Book, order: Stored) -> None:
    """Have an order read again by itself, once it is too old for the sweep over the last days."""
    if house.site.source(f"{order.account}/{order.kind}") is None:
        return
    placed = moment(str(at(order.tree, "orderDetails.orderDate", "")))
    late = (placed.timestamp() if placed else house.now()) + SWEPT
    fetch(house, book, order, order.kind, max(late, house.now() + house.site.accounts[order.account].sweep))


def watched(book: Book, account: str, number: str, kind: str) -> bool:
    """Tell whether something new may come of an order: of its papers, until it is over; of itself, as long as Amazon says.

    Of one that was forgotten nothing is asked: the answer would bring the person back.
    """
    order = book.documents.newest("order", account, number)
    if order is None or order.end is End.CLOSED or order.forgotten is not None:
        return False
    if at(order.tree, STATUS) in ("SHIPPED", "CANCELLED"):
        return False
    return kind == order.kind or not over(fold(book.events.of(subject(order))))


def acknowledged(house: House, book: Book, order: Stored, evidence: str) -> None:
    """Note that Amazon has an order as acknowledged, whoever did it: evidence, not our doing."""
    if not is_acknowledged(book, order):
        stands = sign("acknowledgement", order.account, order.key, "accepted")
        book.events.note(subject(order), "acknowledgement accepted", {"evidence": evidence}, stands)
        if _is_ours(book, order) and at(order.tree, STATUS) != "SHIPPED":
            ensue(house, book, order, "acknowledgement", "accepted")


def is_acknowledged(book: Book, order: Stored) -> bool:
    """Tell whether Amazon has an order as accepted."""
    return book.events.has(sign("acknowledgement", order.account, order.key, "accepted"))


def ended_elsewhere(book: Book, order: Stored) -> None:
    """Close an order that was shipped before a person decided upon it: there is nothing to decide any more."""
    if not _is_ours(book, order):
        for work in book.work.find(station=Station.WRITE, subject=row(order)):
            book.work.remove(work.station, work.route, work.subject)
        book.documents.end(order.id, End.CLOSED)
        tell(book, order, "closed", {"reason": "SHIPPED at Amazon before it was decided upon"})


def ensue(house: House, book: Book, order: Stored, kind: str, fact: str, without: str = "") -> None:
    """Make, or have fetched, what follows a fact about an order. `without`: a kind that is there already."""
    for follow in kinds()[kind].follows:
        if follow.fact == fact and follow.kind != without and conditions.holds(house.site, follow.where, order):
            if follow.how == "fetch":
                fetch(house, book, order, follow.kind)
            else:
                _MAKE.get(follow.kind, _make)(house, book, order, follow)


def fetch(house: House, book: Book, order: Stored, kind: str, due: float | None = None) -> None:
    """Have what Amazon has about an order fetched, as soon as it is there."""
    source = house.site.source(f"{order.account}/{kind}")
    if source is not None:
        book.work.add(Station.COLLECT, source.endpoint, f"{ASKED}{order.key}", lane=source.lane, due=due)


def _make(house: House, book: Book, order: Stored, follow: Follow) -> None:
    """Make a document of ours about an order, which the rest of the road completes."""
    made = _made(book, order, follow.kind)
    if made is not None:
        tell(book, made, "known")
        to_write(house, book, made, due=_due(house, order, follow))


def _due(house: House, order: Stored, follow: Follow) -> float | None:
    system = house.site.system_of(order.account, order.warehouse)
    by_day = system is not None and system.label.day == "ship"
    return ship_moment(house, order) if follow.due == "ship day" and by_day else None


def unasked(house: House, book: Book, stored: Stored) -> bool:
    """Let go what waited for its day, where its site was edited meanwhile and asks for it no more: a label nobody takes."""
    due = _by_day().get(stored.kind)
    order = book.documents.newest("order", stored.account, stored.about) if due and not stored.tree else None
    if not due or order is None or any(conditions.holds(house.site, one.where, order) for one in due):
        return False
    book.documents.end(stored.id, End.SUPERSEDED)
    tell(book, stored, "superseded", {"reason": "the site asks for it no more"})
    return True


@lru_cache(maxsize=1)
def _by_day() -> Mapping[str, list[Follow]]:
    """Give what follows on the ship day, by its kind."""
    found = [one for kind in kinds().values() for one in kind.follows if one.due]
    return {follow.kind: [one for one in found if one.kind == follow.kind] for follow in found}


def ship_moment(house: House, order: Stored) -> float:
    """Say when the day begins on which an order has to leave: not before now."""
    system = house.site.system_of(order.account, order.warehouse)
    if system is None or (due := _day(house, order)) is None:
        return house.now()
    calendar, day, _ = due
    return max(house.now(), days.moment(calendar, day, system.label.at).timestamp())


def _day(house: House, order: Stored) -> tuple[Calendar, date, datetime] | None:
    """Give the day on which an order has to leave, by its warehouse's calendar, and until when Amazon wants it."""
    calendar = _calendar(house, order)
    required = _in_calendars(moment(str(at(order.tree, REQUIRED, ""))))
    return (calendar, days.ship_day(calendar, required), required) if calendar and required else None


def _in_calendars(when: datetime | None) -> datetime | None:
    """Give a moment of a year that a calendar can be asked about: 0001 and 9999 stand for none."""
    return when if when and when.year in YEARS else None


def _calendar(house: House, order: Stored) -> Calendar | None:
    system = house.site.system_of(order.account, order.warehouse)
    if system is None:
        return None
    return system.calendars.get(order.warehouse) or Calendar(system.warehouses[order.warehouse])


def _made(book: Book, order: Stored, kind: str, tree: Tree | None = None) -> Stored | None:
    """Add a document about an order; None: one stands already."""
    standing = [one for one in book.documents.about(order.account, order.key, kind) if one.end not in GONE]
    if standing:
        return None
    partner = order.partner if kind == "cancellation" else ""
    return book.documents.add(
        kind, order.account, order.key, tree or {}, warehouse=order.warehouse, partner=partner, about=order.key
    )


def _label(house: House, book: Book, order: Stored, follow: Follow) -> None:
    """Ask for the label, unless the WMS says by a file of its own how the order is packed.

    Who else accepted the order may have had its label made, and a request would replace what is printed: then what
    Amazon has is asked for first.
    """
    system = house.site.system_of(order.account, order.warehouse)
    if system is None or system.label.boxes != "single":
        return
    if fold(book.events.of(subject(order))).acknowledged:
        _make(house, book, order, follow)
    else:
        fetch(house, book, order, LABEL, _due(house, order, follow))


def hasten_label(house: House, book: Book, account: str, number: str) -> None:
    """Ask for the label of an order now, though its day has not come."""
    requests = (one for one in book.documents.about(account, number, "label_request") if one.end is None)
    waiting = [work for one in requests for work in book.work.find(station=Station.WRITE, subject=row(one))]
    if source := house.site.source(f"{account}/{LABEL}"):
        waiting += book.work.find(Station.COLLECT, source.endpoint, f"{ASKED}{number}")
    for work in waiting:
        if work.state is State.INCOMING and work.due > house.now():  # what failed has its own time
            book.work.hasten_row(work.id)


def shows_the_old(house: House, book: Book, stored: Stored) -> bool:
    """Ask again where Amazon still shows what it took a request to make anew: it takes its time for that."""
    order = book.documents.newest("order", stored.account, stored.about)
    if order is None or not any(_is_in_the_making(house, book, stored, kind) for kind in kinds().values()):
        return False
    fetch(house, book, order, stored.kind, house.now() + AGAIN)
    return True


def _is_in_the_making(house: House, book: Book, stored: Stored, kind: Kind) -> bool:
    """Tell whether a request of this kind is young enough that what it brings may still come."""
    if kind.operation is None or kind.operation.brings != stored.kind:
        return False
    since = house.now() - kind.operation.believed
    asked = book.documents.about(stored.account, stored.about, kind.name)
    taken = [one for one in asked if one.id > stored.id and one.end is End.ACCEPTED and (one.ended or 0.0) > since]
    return any(_by_transaction(book, one) for one in taken)


def _by_transaction(book: Book, stored: Stored) -> bool:
    """Tell whether Amazon took a request in to see to it later; else the answer held what was asked for."""
    puts = (attempt for number, _ in book.contents.where(stored.id) for attempt in book.attempts.of(number))
    return any(attempt.receipt for attempt in puts)


def unlabelled(house: House, book: Book, account: str, number: str) -> bool:
    """Ask for the label of an order that has none at Amazon; False: it is asked for already."""
    order = book.documents.newest("order", account, number)
    made = _made(book, order, "label_request") if order else None
    if made is not None:
        tell(book, made, "known")
        to_write(house, book, made)
    return made is not None


def remade(house: House, book: Book, stored: Stored) -> bool:
    """Make once more what we said ourselves and was turned down; False: it is none of ours, or another one stands."""
    operation = kinds()[stored.kind].operation if stored.kind in kinds() else None
    there = book.documents.about(stored.account, stored.about, stored.kind) if stored.about else []
    ours = operation is not None and stored.interchange is None and stored.end is End.REJECTED
    if not ours or not there or any(one.end not in GONE for one in there):
        return False
    made = book.documents.add(
        stored.kind, stored.account, stored.key, stored.tree, warehouse=stored.warehouse, about=stored.about
    )
    tell(book, made, "known")
    to_write_or_wait(house, book, made)
    return True


def _acknowledge(house: House, book: Book, order: Stored, follow: Follow) -> None:
    system = house.site.system_of(order.account, order.warehouse)
    if system is None or (made := _made(book, order, follow.kind)) is None:
        return
    to_write(house, book, made, policy(house, book, order))


def policy(house: House, book: Book, order: Stored) -> Hold | None:
    """Give the hold of an acknowledgement of ours by its system's policy; None: what it stands on is there, or none is asked."""
    system = house.site.system_of(order.account, order.warehouse)
    if system is None or system.when not in POLICY:
        return None
    awaited = sign("order", order.account, order.key, POLICY[system.when])
    if book.events.has(awaited):
        return None
    return Hold(awaited, f"waits until the order is {system.when}", _silence(house, order, system), SILENT[system.then])


def _silence(house: House, order: Stored, system: System) -> float:
    """Give how long a WMS may be silent from now on: Amazon counts from when an order was placed; half is left in any case."""
    placed = moment(str(at(order.tree, "orderDetails.orderDate", "")))
    age = max(0.0, house.now() - placed.timestamp()) if placed else 0.0
    return max(system.silent - age, system.silent / 2)


def _cancellation(house: House, book: Book, order: Stored, follow: Follow) -> None:
    made = _made(book, order, follow.kind, order.tree)
    if made is None:
        return
    tell(book, made, "known")
    awaited = sign("order", order.account, order.key, "sent")
    hold = None if book.events.has(awaited) else Hold(awaited, "the order's own file goes first")
    to_write_or_wait(house, book, made, hold)


def _invoice(house: House, book: Book, order: Stored, follow: Follow) -> None:
    made = invoices.made(house, book, order)
    if made is not None:
        tell(book, made, "known")
        to_write(house, book, made)


_MAKE: Final[Mapping[str, Callable[[House, Book, Stored, Follow], None]]] = {
    "acknowledgement": _acknowledge,
    "label_request": _label,
    "cancellation": _cancellation,
    "invoice": _invoice,
}


def routed(house: House, book: Book, stored: Stored) -> bool:
    """Put a document whose route went, or is there only now, on the one that takes it; False: none does yet."""
    hold = undecided(house, book, stored) if stored.kind == "order" else None
    if not to_write(house, book, stored, hold and Hold("person", hold.reason)):
        return False
    if stored.kind == "order" and at(stored.tree, STATUS, "NEW") == "NEW" and hold is None:
        ensue(house, book, stored, stored.kind, "known")
    return True


def _products(book: Book, order: Stored) -> None:
    for item in at(order.tree, "orderDetails.items", []):
        sku, asin = item.get("vendorProductIdentifier"), item.get("buyerProductIdentifier")
        if sku and asin:
            book.products.note(order.account, sku, asin)
