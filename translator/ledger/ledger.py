"""The ledger: one file that survives anything, one service that writes it, any number of readers.

A commit is whole or not at all, and is on the disk when it returns. What may pass (locked, no space) is `Unavailable`
and leaves the book as it was; a disk that fails or a damaged file is `Broken`, and then every further act is: the
service has to stop.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from threading import RLock
from typing import Self

from sqlalchemy import Connection, Engine

from translator.core.finding import Finding, Misconfigured, Place, Rejected
from translator.core.ports import Chance, Clock, Faults, NoFaults
from translator.ledger import sqlite
from translator.ledger.bodies import PIECE, Spooled, pieces
from translator.ledger.book import Book
from translator.ledger.claims import Turns
from translator.ledger.spoken import Spoken
from translator.ledger.trouble import Broken, told
from translator.ledger.upgrade import check, upgrade


class Ledger:
    """The book on the disk."""

    def __init__(self, path: Path, readers: Engine, clock: Clock, chance: Chance, faults: Faults) -> None:
        self.path = path
        self._readers = readers
        self._clock = clock
        self._chance = chance
        self._faults = faults
        self._turns = Turns()
        self._one = RLock()
        self._writer: Connection | None = None
        self._lock: int | None = None
        self._broken = ""

    @classmethod
    def open(
        cls,
        path: Path,
        clock: Clock,
        chance: Chance,
        faults: Faults | None = None,
        *,
        alone: bool = True,
        read_only: bool = False,
        journal: sqlite.Journal = "auto",
    ) -> Ledger:
        """Open the ledger: alone, as the service that writes it, or read-only.

        Raises Taken when another service has it, Misconfigured when it is absent (read-only) or has another schema,
        Broken when it is damaged.
        """
        if alone == read_only:
            raise ValueError("a SQLite ledger is opened alone, or read-only")
        ledger = cls(path, sqlite.reader(path), clock, chance, faults or NoFaults())
        try:
            with told():
                ledger._take(journal) if alone else ledger._check()
        except BaseException:
            ledger.close()
            raise
        return ledger

    def _take(self, journal: sqlite.Journal) -> None:
        """Become the one that writes: lock, check, upgrade, drop what was on its way."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = sqlite.lock(self.path.parent)
        self._writer = sqlite.writer(self.path, sqlite.chosen(journal)).connect()
        with sqlite.writing(self._writer):
            sqlite.quick_check(self._writer)
            self._faults.reach("upgrade.before")
            upgrade(self._writer, self.path)
        self._faults.reach("upgrade.after")
        with self.commit() as book:
            book.bodies.drop_orphans()

    def _check(self) -> None:
        if not self.path.exists():
            hint = "the service makes it when it starts"
            raise Misconfigured([Finding("ledger-absent", "there is no ledger", Place(str(self.path)), hint=hint)])
        with self._readers.connect() as connection, sqlite.reading(connection):
            check(connection, self.path)

    @contextmanager
    def commit(self) -> Iterator[Book]:
        """Give the book for one commit: all that is done in it is kept, or nothing."""
        with self._trouble(), self._one:
            writer = self._writing()
            with sqlite.writing(writer):
                book = self._book(writer)
                yield book
                book.catch_up()
                self._faults.reach("commit.before")
            self._faults.reach("commit.after")

    @contextmanager
    def look(self) -> Iterator[Book]:
        """Give the book to look at: it changes nothing and keeps nobody waiting."""
        with self._trouble(), self._readers.connect() as connection, sqlite.reading(connection):
            book = self._book(connection)
            yield book
            book.catch_up()  # nothing waits; what was written all the same is refused here

    def spool(self, chunks: Iterable[bytes], most: int) -> Spooled:
        """Take bytes on their way into the book: what is larger than a piece is committed ahead, piece by piece.

        The commit that names it (`interchanges.add_in_spooled`) is the one that counts. Raises Rejected when there are
        more than `most`. May be called from any thread.
        """
        parts = pieces(_at_most(chunks, most))
        first = next(parts, b"")
        if len(first) < PIECE:
            return Spooled(len(first), sha256(first).hexdigest(), first)
        with self.commit() as book:
            body = book.bodies.begin()
        try:
            return self._spooled(body, first, parts)
        except BaseException:
            with suppress(Exception), self.commit() as book:
                book.bodies.drop(body)
            raise

    def _spooled(self, body: int, first: bytes, rest: Iterator[bytes]) -> Spooled:
        digest, size, number, piece = sha256(), 0, 0, first
        while piece:
            digest.update(piece)
            size += len(piece)
            with self.commit() as book:
                book.bodies.piece(body, number, piece)
            number, piece = number + 1, next(rest, b"")
        with self.commit() as book:
            book.bodies.measure(body, size, digest.hexdigest())
        return Spooled(size, digest.hexdigest(), body=body)

    def close(self) -> None:
        """Let go of the file and of the lock."""
        if self._writer is not None:
            engine = self._writer.engine
            self._writer.close()
            engine.dispose()
            self._writer = None
        self._readers.dispose()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _book(self, connection: Connection) -> Book:
        return Book(Spoken(connection), self._clock.now().timestamp(), self._turns, self._chance)

    def _writing(self) -> Connection:
        if self._writer is None:
            raise RuntimeError("this ledger is not open for writing")
        if self._writer.in_transaction():
            raise RuntimeError("a commit within a commit")
        return self._writer

    @contextmanager
    def _trouble(self) -> Iterator[None]:
        """Tell trouble in the house's words; once broken, stay broken."""
        if self._broken:
            raise Broken(self._broken)
        try:
            with told():
                yield
        except Broken as error:
            self._broken = str(error)
            raise


def _at_most(chunks: Iterable[bytes], most: int) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > most:
            raise Rejected([Finding("too-large", f"more than {most} bytes")])
        yield chunk
