"""The vendor's invoices: made of confirmed orders by policy, and no number and no order used twice.

A number is bound to its document in the commit that has it written, for good: neither a restart nor a pruned history
frees it. Only what was rejected gives its number back, since Amazon has no such invoice then. Who comes with a number
that is used, or with a second invoice of one order, is for a person; released, it goes on.
"""

from __future__ import annotations

from typing import Final

from translator.core.document import Tree, sign
from translator.core.work import End, Hold
from translator.documents.kind import kinds
from translator.documents.shipment_confirmation import denied
from translator.ledger.book import Book
from translator.ledger.documents import Stored
from translator.stations import follows
from translator.stations.errand import House

KIND: Final = "invoice"
_GONE: Final = (End.REJECTED, End.DUPLICATE, End.SUPERSEDED)


def made(house: House, book: Book, order: Stored) -> Stored | None:
    """Make the invoice of an order that Amazon took as shipped, with the next number; None: it has one, or did not ship."""
    confirmed = _confirmation(book, order.account, order.key)
    standing = [one for one in book.documents.about(order.account, order.key, KIND) if one.end not in _GONE]
    if standing or (confirmed and denied(confirmed.tree)):
        return None
    number = _next(house, book, order.account)
    tree = {"invoiceNumber": number}
    return book.documents.add(KIND, order.account, number, tree, warehouse=order.warehouse, about=order.key)


def _next(house: House, book: Book, account: str) -> str:
    """Take the next number of the sequence that no file has used."""
    billing, name = house.site.accounts[account].invoices, f"{account}/invoices"
    peeked = book.numbers.peek(name)
    sequence = max(peeked, billing.first)
    while book.documents.newest(KIND, account, billing.numbered(sequence)) or book.bookmarks.get(
        _bound(account, billing.numbered(sequence))
    ):
        sequence += 1
    book.numbers.take(name, peeked, sequence + 1 - peeked)
    return billing.numbered(sequence)


def shipped(book: Book, stored: Stored) -> Tree | None:
    """Give what the warehouse said of the shipment, where Amazon accepted it."""
    found = _confirmation(book, stored.account, stored.about)
    return found.tree if found else None


def twice(book: Book, stored: Stored) -> Hold | None:
    """Bind the number of an invoice to it; a hold: it is used, or the order has its invoice, and no person said to go on."""
    if not kinds()[stored.kind].once:
        return None
    reason = _used(book, stored) or _second(book, stored)
    if reason and not book.events.has(asked := _asked(stored, reason)):
        book.events.note(follows.subject(stored), f"{stored.kind} held", {"reason": reason}, asked)
        hint = "translator release sends it all the same, reject gives it up"
        return Hold("person", f"{reason}: {hint}")
    book.bookmarks.put(_bound(stored.account, stored.key), str(stored.id))
    return None


def _used(book: Book, stored: Stored) -> str:
    """Say that a number is another document's; what was rejected is at Amazon under no number."""
    holder = book.bookmarks.get(_bound(stored.account, stored.key))
    if not holder or holder == str(stored.id):
        return ""
    other = book.documents.get(int(holder))
    if other is not None and (other.end is End.REJECTED or not (other.end is None or _left(book, other))):
        return ""
    return f"invoice number {stored.key} is used already"


def _second(book: Book, stored: Stored) -> str:
    for other in book.documents.about(stored.account, stored.about, KIND):
        mine = (other.id, other.key) == (stored.id, stored.key) or other.key == stored.key
        first = other.end is None and other.id < stored.id
        if not mine and other.end not in _GONE and (first or (other.end is not None and _left(book, other))):
            return f"order {stored.about} is invoiced already, as {other.key}"
    return ""


def _left(book: Book, other: Stored) -> bool:
    """Tell whether Amazon has an invoice, or may have it."""
    if other.end is End.ACCEPTED:
        return True
    files = [number for number, _ in book.contents.where(other.id)]
    return any(one.may_have_left for number in files for one in book.attempts.of(number))


def _confirmation(book: Book, account: str, number: str) -> Stored | None:
    found = book.documents.about(account, number, "shipment_confirmation")
    return next((one for one in reversed(found) if one.end is End.ACCEPTED), None)


def _bound(account: str, number: str) -> str:
    return f"invoice {account} {number}"


def _asked(stored: Stored, reason: str) -> str:
    return sign(stored.kind, stored.account, stored.key, f"{stored.revision} asked: {reason}")
