"""Where wrapped keys lie: a file beside the ledger's, or a table of its own on its server, that no copy takes along.

Promises: what was added or destroyed is on the disk when the call returns; numbers grow with the time, so that a store
that was lost and made anew gives none a second time. Opened when it is first needed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from threading import RLock
from typing import Final

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from translator.core.address import Address
from translator.ledger import postgres, sqlite
from translator.ledger.making import make
from translator.ledger.schema import KEYS_METADATA, listed, wrapped
from translator.ledger.trouble import told

FIRST: Final = 1  # the number of the first key of a store
TICKS: Final = 1_000_000  # numbers in a second
_ADD: Final = insert(wrapped)
_LAST: Final = select(func.max(wrapped.c.id))
_GET: Final = select(wrapped.c.data).where(wrapped.c.id == bindparam("which"))
_SOME: Final = (
    select(wrapped.c.id, wrapped.c.data)
    .where(wrapped.c.id > bindparam("after"))
    .order_by(wrapped.c.id)
    .limit(bindparam("most"))
)
_THERE: Final = select(wrapped.c.id).where(wrapped.c.id.in_(listed("ids")))
_DESTROY: Final = delete(wrapped).where(wrapped.c.id.in_(listed("ids")))
_REWRAP: Final = update(wrapped).where(wrapped.c.id == bindparam("which")).values(data=bindparam("now"))

Turn = Callable[[], AbstractContextManager[Connection]]
Wipe = Callable[[float], bool]  # how many seconds somebody may be in the way -> whether nothing is left
Wrap = Callable[[int], Iterable[tuple[int, bytes]]]  # the first number that is free -> numbers and wrapped keys


def keys_path(ledger: Path) -> Path:
    """Give the file of keys that belongs to a ledger."""
    return ledger.with_name(ledger.name + ".keys")


class Store:
    """The wrapped keys of one ledger."""

    def __init__(self, ledger: Path | Address, journal: sqlite.Journal = "auto") -> None:
        self._ledger = ledger
        self._journal = journal
        self._one = RLock()
        self._open: _Lying | None = None

    def add(self, now: float, wrap: Wrap) -> None:
        """Add keys: made and wrapped inside the commit that adds them."""
        with self._lying().writing() as connection:
            first = max(int(connection.execute(_LAST).scalar() or 0) + 1, int(now * TICKS))
            connection.execute(_ADD, [{"id": id, "data": data} for id, data in wrap(first)])

    def begin(self, wrap: Wrap) -> None:
        """Add the first key, where there is none yet."""
        with self._lying().writing() as connection:
            if connection.execute(_LAST).scalar() is None:
                connection.execute(_ADD, [{"id": id, "data": data} for id, data in wrap(FIRST)])

    def put(self, keys: Mapping[int, bytes]) -> None:
        """Put keys back under their numbers."""
        if keys:
            with self._lying().writing() as connection:
                connection.execute(_ADD, [{"id": id, "data": data} for id, data in keys.items()])

    def get(self, id: int) -> bytes | None:
        """Give a wrapped key; None: it is not there."""
        with self._lying().looking() as connection:
            found: bytes | None = connection.execute(_GET, {"which": id}).scalar()
        return None if found is None else bytes(found)

    def some(self, after: int, most: int) -> list[tuple[int, bytes]]:
        """Give the next of all keys."""
        with self._lying().looking() as connection:
            return [(id, bytes(data)) for id, data in connection.execute(_SOME, {"after": after, "most": most})]

    def rewrap(self, anew: Mapping[int, bytes]) -> None:
        """Replace wrapped keys; one that was destroyed meanwhile does not come back."""
        with self._lying().writing() as connection:
            connection.execute(_REWRAP, [{"which": id, "now": data} for id, data in anew.items()])

    def destroy(self, ids: Iterable[int]) -> None:
        """Destroy keys, and see that none is found any more; `wipe` takes them out of the journal and dead rows."""
        asked = {"ids": json.dumps(sorted(ids))}
        lying = self._lying()
        with lying.writing() as connection:
            connection.execute(_DESTROY, asked)
        with lying.looking() as connection:
            if connection.execute(_THERE, asked).first() is not None:
                raise AssertionError("keys that were destroyed are still there")

    def wipe(self, patience: float) -> bool:
        """Leave nothing of what was destroyed in the journal, or in dead rows; tell whether that is so."""
        lying = self._lying()
        with told():
            return lying.wipe(patience)

    def close(self) -> None:
        """Let go of it."""
        with self._one:
            if self._open:
                self._open.close()
                self._open = None

    def _lying(self) -> _Lying:
        with self._one:
            if self._open is None:
                with told():
                    where = self._ledger
                    self._open = _file(where, self._journal) if isinstance(where, Path) else _table(where)
            return self._open


class _Lying:
    """A store that is open."""

    def __init__(self, write: Turn, look: Turn, wipe: Wipe, close: Callable[[], None]) -> None:
        self._write = write
        self._look = look
        self.wipe = wipe
        self.close = close
        self._one = RLock()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with told(), self._one, self._write() as connection:
            yield connection

    @contextmanager
    def looking(self) -> Iterator[Connection]:
        with told(), self._look() as connection:
            yield connection


def _file(ledger: Path, journal: sqlite.Journal) -> _Lying:
    engine = sqlite.writer(keys_path(ledger), sqlite.chosen(journal))

    @contextmanager
    def write() -> Iterator[Connection]:
        with engine.connect() as connection, sqlite.writing(connection):
            yield connection

    @contextmanager
    def look() -> Iterator[Connection]:
        with engine.connect() as connection, connection.begin():
            yield connection

    with write() as connection:
        make(connection, KEYS_METADATA)
    return _Lying(write, look, partial(sqlite.empty, engine), engine.dispose)


def _table(address: Address) -> _Lying:
    server = postgres.Server(address, postgres.KEYS)
    server.take()
    return _Lying(server.writing, server.looking, partial(server.vacuum, wrapped.name), server.close)
