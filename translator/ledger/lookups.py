"""Rows that operators laid over lookup tables: which, who and when. The audit chain says so, too."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, and_, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from translator.ledger.schema import lookup
from translator.ledger.spoken import Spoken
from translator.mapping.overlay import Laid


@dataclass(frozen=True, slots=True)
class Entry:
    """A row laid over a table. `table`: the table's file under mappings/; `key`: its first cells; `rest`: the others."""

    table: str
    key: tuple[str, ...]
    rest: tuple[str, ...]
    by: str
    reason: str
    at: float


_NEW: Final = insert(lookup)
_PUT: Final = _NEW.on_conflict_do_update(
    index_elements=["table", "key"], set_={name: _NEW.excluded[name] for name in ("rest", "by", "reason", "at")}
)
_DROP: Final = delete(lookup).where(and_(lookup.c.table == bindparam("which"), lookup.c.key == bindparam("named")))
_ALL: Final[Select[Any]] = select(*(lookup.c[name] for name in Entry.__slots__)).order_by(lookup.c.table, lookup.c.key)


class Lookups:
    """The rows of the book that lie over tables."""

    def __init__(self, connection: Spoken, now: float) -> None:
        self._connection = connection
        self._now = now

    def put(self, table: str, key: tuple[str, ...], rest: tuple[str, ...], by: str, reason: str = "") -> None:
        """Lay a row over a table, in the place of one of the same key."""
        row = {"table": table, "key": json.dumps(key), "rest": json.dumps(rest), "by": by, "reason": reason}
        self._connection.execute(_PUT, row | {"at": self._now})

    def drop(self, table: str, key: tuple[str, ...]) -> bool:
        """Take a row away; False: there was none."""
        return self._connection.execute(_DROP, {"which": table, "named": json.dumps(key)}).rowcount > 0

    def all(self) -> list[Entry]:
        """Give all rows, by table and key."""
        return [
            Entry(table, tuple(json.loads(key)), tuple(json.loads(rest)), by, reason, at)
            for table, key, rest, by, reason, at in self._connection.execute(_ALL)
        ]

    def laid(self) -> dict[str, list[Laid]]:
        """Give them as they lie over tables, by the files of these."""
        found: dict[str, list[Laid]] = {}
        for one in self.all():
            found.setdefault(one.table, []).append(Laid(one.key, one.rest))
        return found
