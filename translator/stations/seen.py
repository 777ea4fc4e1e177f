"""How a warehouse has the lines of an order: as they were written into its file, whatever the tables say by now.

Promise: what a file said of an order's lines is read by the same portions by which the order was written, also where the
site has no tables any more. An order that was not written yet is seen by the tables in force.
"""

from __future__ import annotations

from translator.config.site import System
from translator.core.document import Tree
from translator.core.finding import Finding
from translator.documents.assortment import Portions
from translator.documents.portions import from_json, portions_of, seen
from translator.ledger.book import Book
from translator.ledger.documents import Stored
from translator.stations.follows import subject

WRITTEN = "order written"  # the event
LINES = "lines"  # in it: the portions
SEEN = ("order", "cancellation")  # kinds that a warehouse has by its own lines
_HAD = "portions "  # the bookmark of a warehouse system that was ever written an order by other lines than Amazon's


def plainly(book: Book, system: System) -> bool:
    """Tell that a system never had an order by other lines than Amazon's, and has no table by which it would."""
    return system.assortment.plain and not book.bookmarks.get(_HAD + system.name)


def portions_in_force(book: Book, system: System, order: Stored, found: list[Finding]) -> Portions:
    """Give the portions by which a warehouse has an order. `found`: what cannot be had so."""
    if plainly(book, system):
        return {}
    events = [event for event in book.events.of(subject(order)) if event.name == WRITTEN]
    if events:
        return from_json(next((event.detail[LINES] for event in events if LINES in event.detail), {}))
    return portions_of(order.tree, system.assortment, found)


def noted(book: Book, system: str) -> None:
    """Remember that a system has an order by lines of its own: without this, nobody asks for them where no table is left."""
    if not book.bookmarks.get(_HAD + system):
        book.bookmarks.put(_HAD + system, "yes")


def as_seen(book: Book, system: System, order: Stored) -> Tree:
    """Give an order as the warehouse has it."""
    return seen(order.tree, portions_in_force(book, system, order, []))
