"""expected: a folder in which a file comes every so often, and none came: told once, until the next one comes.

Time runs from the last file whose bytes were taken in, at first from the first look, and only on days on which a warehouse
of the system works: of several, the one by which it is over first. In trouble: nothing here fails.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from translator.config.site import Site, Source
from translator.core.calendar import worked
from translator.ledger.book import Book

NO_FILE: Final = "no file came"  # what is told
_LAST: Final = "last file "  # and an endpoint: the bookmark of when its last file came


def came(book: Book, source: Source) -> None:
    """Note that a file came."""
    if source.expect:
        book.bookmarks.put(_LAST + source.endpoint, repr(book.now))


def looked(site: Site, book: Book, source: Source) -> None:
    """Tell once that none came in time; the first look begins the time."""
    if not source.expect:
        return
    since = last(book, source)
    if since is None or since > book.now:  # a clock that was ahead wrote it: it would hide for so long that none comes
        came(book, source)
    elif due(site, source, since).timestamp() <= book.now:
        told = f"{NO_FILE}: {source.endpoint} {since}"
        if not book.events.has(told):
            book.events.note(f"lane {source.lane}", NO_FILE, {"endpoint": source.endpoint}, told)


def last(book: Book, source: Source) -> float | None:
    """Say when the last file came; None where nobody has looked yet."""
    text = book.bookmarks.get(_LAST + source.endpoint)
    return float(text) if text else None


def due(site: Site, source: Source, since: float) -> datetime:
    """Give the moment by which another file is expected."""
    began = datetime.fromtimestamp(since, UTC)
    calendars = site.systems[source.partner].calendars.values()
    return min(worked(calendar, began, source.expect) for calendar in calendars)
