"""Who did what: written once, never changed or taken away, each row chained to the one before it by a hash.

A row that was changed, taken out, put in or moved does not fit the chain any more. Rows cut off at the end are missed by
the bookmark that names the last one; who changes that as well is found by a hash that a person noted before. Details
hold words and numbers of ours, never a personal value, and not what an operator wrote.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Select, bindparam, insert, select

from translator.ledger.bookmarks import Bookmarks
from translator.ledger.packed import packed
from translator.ledger.schema import audit
from translator.ledger.spoken import Spoken


@dataclass(frozen=True, slots=True)
class Entry:
    """One act. `who`: a person's login, or the service. `chain`: the hash of this row and the one before it."""

    id: int
    at: float
    who: str
    act: str
    about: str
    detail: Mapping[str, Any]
    chain: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of walking the chain: rows that fit, the last hash, and what does not fit (empty: all does)."""

    count: int
    head: str
    flaw: str = ""


_LAST: Final = "audit"  # the bookmark: number and hash of the last row
_PAGE: Final = 1000
_NOTE: Final = insert(audit)
_ALL: Final[Select[Any]] = select(*(audit.c[name] for name in Entry.__slots__))
_LATEST: Final = _ALL.order_by(audit.c.id.desc()).limit(bindparam("most"))
_AFTER: Final = _ALL.where(audit.c.id > bindparam("after")).order_by(audit.c.id).limit(_PAGE)


class Audit:
    """The record of acts."""

    def __init__(self, connection: Spoken, now: float, bookmarks: Bookmarks) -> None:
        self._connection = connection
        self._now = now
        self._bookmarks = bookmarks

    def note(self, who: str, act: str, about: str = "", detail: Mapping[str, Any] | None = None) -> None:
        """Write down an act, in the commit that does it."""
        number, before = self._last()
        entry = Entry(number + 1, self._now, who, act, about, detail or {}, "")
        row = {name: getattr(entry, name) for name in Entry.__slots__} | {"chain": _chained(before, entry)}
        self._connection.execute(_NOTE, row)
        self._bookmarks.put(_LAST, json.dumps([row["id"], row["chain"]]))

    def latest(self, most: int) -> list[Entry]:
        """Give the newest rows, the oldest of them first."""
        return [Entry(*row) for row in self._connection.execute(_LATEST, {"most": most})][::-1]

    def verify(self, noted: str = "") -> Verified:
        """Walk the chain from its beginning to the first row that does not fit. `noted`: a hash that must be in it."""
        number, chain, found = 0, "", not noted
        for entry in self._walk():
            number += 1
            chain = _chained(chain, entry)
            if (entry.id, entry.chain) != (number, chain):
                return Verified(
                    number - 1, "", f"row {entry.id} does not fit: it or one before it was changed or removed"
                )
            found = found or chain == noted
        if (number, chain) != self._last():
            return Verified(number, chain, "rows are missing at the end, or there are too many")
        if not found:
            return Verified(number, chain, "the hash that was noted is not in the chain: all of it was written anew")
        return Verified(number, chain)

    def _last(self) -> tuple[int, str]:
        number, chain = json.loads(self._bookmarks.get(_LAST) or '[0, ""]')
        return number, chain

    def _walk(self) -> Iterator[Entry]:
        rows = self._connection.execute(_AFTER, {"after": -1}).all()
        while rows:
            yield from (Entry(*row) for row in rows)
            rows = self._connection.execute(_AFTER, {"after": rows[-1].id}).all()


def _chained(before: str, entry: Entry) -> str:
    said = [before, entry.id, entry.at, entry.who, entry.act, entry.about, packed(entry.detail).decode()]
    return sha256(json.dumps(said).encode()).hexdigest()
