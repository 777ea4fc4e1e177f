"""Which Amazon a ledger has orders of: noted at its first use, and asked at every later one.

Invented orders of the sandbox, or of a pretend Amazon, must never stand beside real ones. In trouble: Misconfigured.
"""

from __future__ import annotations

from typing import Final

from translator.config.site import Ground
from translator.core.finding import Finding, Misconfigured
from translator.ledger.book import Book
from translator.ledger.ledger import Ledger

_NAME: Final = "environment"


def enter(ledger: Ledger, site: Ground) -> None:
    """Begin using a ledger for a site: the first to come says whose it is. Raises Misconfigured."""
    with ledger.commit() as book:
        fits(book, site)
        book.bookmarks.put(_NAME, site.environment)


def fits(book: Book, site: Ground) -> None:
    """Tell whether a ledger is of the Amazon that a site trades with. Raises Misconfigured where it is not."""
    noted = book.bookmarks.get(_NAME)
    if noted and noted != site.environment:
        text = f"this ledger holds orders of {noted}, and the site is at {site.environment}: they never mix"
        hint = "name another one in translator.yaml (ledger: sqlite:…), or a site of its own"
        raise Misconfigured([Finding("ledger-environment", text, hint=hint)])
