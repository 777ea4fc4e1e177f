"""What ended long ago goes, a few rows at a time, so that nobody waits for it and the book does not grow for ever.

An order goes whole, with all that is about it, once all of it ended before a day: documents, what happened, what was kept
of it. A file goes when no document is left in it, nothing waits for it, and its name is free; one whose source still lies
in its folder stays, since it would be read again. What is sealed stays until it is forgotten: its time is not over, and
its key would be left. What is read by its number alone is walked in its order; a walk that came to the day begins anew
later. The record of who did what never goes.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import Text, and_, bindparam, case, cast, delete, exists, literal, literal_column, or_, select

from translator.ledger.bookmarks import Bookmarks
from translator.ledger.schema import body, content, document, event, interchange, kept, listed, sealed_body, stock, work
from translator.ledger.spoken import Spoken

_WALKED: Final = "pruned "  # and a table: the bookmark of how far it was walked
FEW: Final = 100  # rows that one step looks at
_OURS: Final = (
    "service",
    "interchange ",
    "row ",
    "move ",
    "lane ",
)  # how the subjects of events begin that are no order
_BEFORE: Final[Any] = bindparam("before")
_THESE: Final = listed("ids")


def _page(table: Any) -> Any:
    """Give the next few rows that were made before the day."""
    return (
        select(table.c.id).where(table.c.id > bindparam("after"), table.c.at < _BEFORE).order_by(table.c.id).limit(FEW)
    )


_PAGES: Final = {table.name: _page(table) for table in (document, interchange, event)}
_GROUP: Final = case((document.c.about == "", document.c.key), else_=document.c.about)
_other: Final = document.alias("other")  # of the same order, or itself
_lies: Final = content.alias("lies")
_SUBJECTS: Final = [literal(word) + cast(_other.c.id, Text) for word in ("document:", "rejected:", "contradicted:")]
_NEEDED: Final = or_(
    _other.c.end.is_(None),
    _other.c.ended >= _BEFORE,
    _other.c.seal != literal_column("0"),
    exists(stock.c.sku).where(stock.c.document == _other.c.id),
    exists(work.c.id).where(work.c.subject.in_(_SUBJECTS)),
    exists(_lies.c.place)
    .where(_lies.c.document == _other.c.id, _lies.c.interchange == interchange.c.id)
    .where(interchange.c.settled.is_(None)),
)
_SAME: Final = and_(_other.c.account == document.c.account, _NEEDED)
_OVER: Final = select(document.c.id, document.c.account, _GROUP).where(
    document.c.id.in_(_THESE),
    ~exists(_other.c.id).where(_SAME, _other.c.about != literal_column("''"), _other.c.about == _GROUP),
    ~exists(_other.c.id).where(_SAME, _other.c.key == _GROUP),
)
_CONTENTS: Final = delete(content).where(content.c.document.in_(_THESE))
_DOCUMENTS: Final = delete(document).where(document.c.id.in_(_THESE))
_EVENTS: Final = delete(event).where(event.c.subject.in_(listed("names", Text)))
_KEPT: Final = delete(kept).where(kept.c.account == bindparam("whose"), kept.c.key.in_(listed("names", Text)))

_FILE: Final = cast(interchange.c.id, Text)
_FREE: Final = select(interchange.c.id, interchange.c.body).where(
    interchange.c.id.in_(_THESE),
    or_(interchange.c.settled.is_not(None), interchange.c.disposed.is_not(None)),
    interchange.c.endpoint.not_in(listed("names", Text)),
    ~exists(body.c.id).where(body.c.id == interchange.c.body, sealed_body),
    ~exists(content.c.place).where(content.c.interchange == interchange.c.id),
    ~exists(document.c.id).where(document.c.interchange == interchange.c.id),
    ~exists(stock.c.sku).where(stock.c.part == interchange.c.id),
    ~exists(work.c.id).where(work.c.subject == _FILE),
    ~exists(work.c.id).where(work.c.subject > _FILE + ":", work.c.subject < _FILE + ";"),
)
_INTERCHANGES: Final = delete(interchange).where(interchange.c.id.in_(_THESE))
_BODIES: Final = delete(body).where(body.c.id.in_(_THESE))

_OLD_EVENTS: Final = select(event.c.id).where(
    event.c.id.in_(_THESE), or_(*(event.c.subject.like(f"{word}%") for word in _OURS))
)
_FORGET: Final = delete(event).where(event.c.id.in_(_THESE))


class Pruning:
    """What is over, and how far it was walked."""

    def __init__(self, connection: Spoken, bookmarks: Bookmarks) -> None:
        self._connection = connection
        self._bookmarks = bookmarks

    def step(self, before: float, left: Collection[str] = ()) -> int:
        """Look at the next few rows made before then, take away what is over; give how many were looked at.

        `left`: endpoints whose files are left where they lie.
        """
        looked = self._documents(before) or self._interchanges(before, left) or self._events(before)
        if not looked:
            for table in _PAGES:
                self._bookmarks.put(_WALKED + table, "")
        return looked

    def _documents(self, before: float) -> int:
        ids = self._walk("document", before)
        over = self._connection.execute(_OVER, {"ids": json.dumps(ids), "before": before}).all() if ids else []
        if over:
            gone = {"ids": json.dumps([id for id, _, _ in over])}
            subjects = list(dict.fromkeys(f"{account} {key}" for _, account, key in over))
            for account in {account for _, account, _ in over}:
                keys = list(dict.fromkeys(key for _, whose, key in over if whose == account))
                self._connection.execute(_KEPT, {"whose": account, "names": json.dumps(keys)})
            self._connection.execute(_EVENTS, {"names": json.dumps(subjects)})
            self._connection.execute(_CONTENTS, gone)
            self._connection.execute(_DOCUMENTS, gone)
        return len(ids)

    def _interchanges(self, before: float, left: Collection[str]) -> int:
        ids = self._walk("interchange", before)
        asked = {"ids": json.dumps(ids), "names": json.dumps(list(left))}
        free = self._connection.execute(_FREE, asked).all() if ids else []
        if free:
            self._connection.execute(_INTERCHANGES, {"ids": json.dumps([id for id, _ in free])})
            self._connection.execute(_BODIES, {"ids": json.dumps([bytes_ for _, bytes_ in free])})
        return len(ids)

    def _events(self, before: float) -> int:
        ids = self._walk("event", before)
        old = self._connection.execute(_OLD_EVENTS, {"ids": json.dumps(ids)}).scalars() if ids else []
        if old:
            self._connection.execute(_FORGET, {"ids": json.dumps(old)})
        return len(ids)

    def _walk(self, table: str, before: float) -> list[int]:
        """Give the next few rows; none at the end of the walk."""
        after = int(self._bookmarks.get(_WALKED + table) or 0)
        ids = self._connection.execute(_PAGES[table], {"after": after, "before": before}).scalars()
        if ids:
            self._bookmarks.put(_WALKED + table, str(ids[-1]))
        return ids
