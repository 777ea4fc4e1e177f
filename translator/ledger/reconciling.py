"""The book was put back to an older state: what was known, and is not any more, may have been sent already.

From when that is seen until a person ends it, nothing is sent. Afterwards what was stored by then, or ordered before, is
doubtful for ever: each such file asks a person once before it leaves. Numbers that were taken since the copy are not known,
so a thousand of each are passed over: a gap does no harm, a number given twice does.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, func, select

from translator.ledger.bookmarks import NUMBER, Bookmarks
from translator.ledger.schema import bookmark
from translator.ledger.spoken import Spoken

PASSED_OVER: Final = 1000
_NAME: Final = "reconciling"
_NUMBERS: Final = select(bookmark.c.name, bookmark.c.value).where(
    func.substr(bookmark.c.name, 1, len(NUMBER)) == bindparam("prefix")
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """What may have been sent: what was ordered before `since`, or stored before `until`. None: it goes on, and why."""

    since: float
    until: float | None
    why: str


class Reconciling:
    """Whether the book stands against the world."""

    def __init__(self, connection: Spoken, now: float, bookmarks: Bookmarks) -> None:
        self._connection = connection
        self._now = now
        self._bookmarks = bookmarks

    def begin(self, why: str) -> None:
        """Send nothing until a person has ended it."""
        self._put(Doubt(self._now, None, why))
        for name, value in self._connection.execute(_NUMBERS, {"prefix": NUMBER}).all():
            self._bookmarks.put(name, str(int(value) + PASSED_OVER))

    def because(self, why: str) -> None:
        """Say why nothing is sent, where more is known of that than was seen."""
        if doubt := self.doubt():
            self._put(Doubt(doubt.since, doubt.until, why))

    def end(self) -> None:
        """Send again, but ask about what is doubtful."""
        if doubt := self.doubt():
            self._put(Doubt(doubt.since, self._now, doubt.why))

    def doubt(self) -> Doubt | None:
        """Give what is doubtful; None: nothing is, since the book is as it was left."""
        said = self._bookmarks.get(_NAME)
        return Doubt(*json.loads(said)) if said else None

    def lasts(self) -> bool:
        """Tell whether nothing may be sent."""
        doubt = self.doubt()
        return doubt is not None and doubt.until is None

    def _put(self, doubt: Doubt) -> None:
        self._bookmarks.put(_NAME, json.dumps([doubt.since, doubt.until, doubt.why]))
