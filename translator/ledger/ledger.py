"""The ledger: one file that one service writes, or a database on a server that several do; and any number of readers.

A commit is whole or not at all, and is on the disk when it returns. What may pass (locked, no space, a server that is
away) is `Unavailable` and leaves the book as it was; a disk that fails or a damaged file is `Broken`, and then every
further act is: the service has to stop.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from hashlib import sha256
from math import inf
from os import getpid
from pathlib import Path
from socket import gethostname
from threading import RLock
from typing import Final, Self

from sqlalchemy import Connection

from translator.core.address import Address
from translator.core.finding import Finding, Rejected, Unavailable
from translator.core.ports import Chance, Clock, Faults, NoFaults
from translator.instance import Hold
from translator.ledger import postgres, sqlite
from translator.ledger.age import Age, why_older
from translator.ledger.bodies import PIECE, Spooled, pieces
from translator.ledger.book import Book
from translator.ledger.claims import Turns
from translator.ledger.database import Database
from translator.ledger.following import Following
from translator.ledger.keys import ANEW, Keys, lost
from translator.ledger.keystore import Store
from translator.ledger.master import Master
from translator.ledger.spoken import Spoken
from translator.ledger.trouble import Broken, told
from translator.ledger.upgrade import check, upgrade
from translator.ledger.workers import BEAT

Where = Path | Address
KEYS: Final = "keys"  # the bookmark that says which store of keys is this book's
AGE: Final = "age"  # the bookmark
ABANDONED: Final = 86_400.0  # seconds until what another service committed ahead and did not name is nobody's


def database_of(where: Where, journal: sqlite.Journal = "auto", held: Hold | None = None) -> Database:
    """Give the database that lies there. `held`: a folder that was taken before, for it."""
    return sqlite.File(where, journal, held) if isinstance(where, Path) else postgres.Server(where)


class Ledger:
    """The book, open."""

    def __init__(self, database: Database, clock: Clock, chance: Chance, faults: Faults, keys: Keys) -> None:
        self.database = database
        self.keys = keys
        self._clock = clock
        self._chance = chance
        self._faults = faults
        self._turns = Turns()
        self._one = RLock()
        self._writes = self._inside = False
        self._broken = ""
        self._age: Age | None = None  # how far the book has come, where it is a file
        self.worker = "" if database.alone else chance.token()  # who we are among several
        self._seen = -inf  # when we said last that we live

    @classmethod
    def open(
        cls,
        where: Where,
        clock: Clock,
        chance: Chance,
        faults: Faults | None = None,
        *,
        master: Master | None = None,
        alone: bool | Hold = True,
        read_only: bool = False,
        journal: sqlite.Journal = "auto",
    ) -> Ledger:
        """Open the ledger: alone, as the service that writes it, or read-only.

        On a server several services write, and none is alone. Raises Taken when another service has it, Misconfigured
        when it is absent (read-only) or has another schema, Broken when it is damaged, Unavailable. `master`: reads the
        master key; without it nothing can be sealed or opened. `alone`: the folder, where it was taken before.
        """
        if bool(alone) == read_only:
            raise ValueError("a SQLite ledger is opened alone, or read-only")
        points = faults or NoFaults()
        keys = Keys(Store(where, journal), master, clock, points)
        ledger = cls(
            database_of(where, journal, alone if isinstance(alone, Hold) else None), clock, chance, points, keys
        )
        try:
            with told():
                ledger._take() if alone else ledger._check()
        except BaseException:
            ledger.close()
            raise
        return ledger

    def _take(self) -> None:
        """Become one that writes: take, inspect, upgrade, drop what was on its way."""
        self.database.take()
        self._writes = True
        with self.database.writing() as connection:
            self.database.inspect(connection)
            self._faults.reach("upgrade.before")
            upgrade(connection, self.database.place)
        self._faults.reach("upgrade.after")
        self._begin_keys()
        with self.commit() as book:
            self._find_age(book)
            book.bodies.drop_orphans(inf if self.database.alone else book.now - ABANDONED)

    def _begin_keys(self) -> None:
        """Begin with the keys that this book was written with. Raises Misconfigured where they are others."""
        if not self.keys.are_there:
            return
        with self.commit() as book:
            noted = book.bookmarks.get(KEYS)
            if not noted:
                self.keys.begin()  # before it is noted
                book.bookmarks.put(KEYS, self.keys.print())
            elif noted != self.keys.print():
                raise lost()

    def _find_age(self, book: Book) -> None:
        """Find out whether this is the newest state of the book; from an older one nothing is sent."""
        said, outside = book.bookmarks.get(AGE), self.database.outside(book.connection)
        if self.database.alone:
            why, seen = why_older(said, outside), Age.read(outside)
            age = Age.read(said) or seen or Age(self._chance.token())
            self._age = replace(age, turn=max(age.turn, seen.turn if seen else 0))
            book.began = True
        else:
            why = "the server's database was put back, or is another server's" if said not in ("", outside) else ""
            book.bookmarks.put(AGE, outside)
        if why:
            book.reconciling.begin(why)
            book.audit.note(f"service on {gethostname()}", "ledger older than the world", why)
            book.events.note("service", "ledger restored", {})

    def _check(self) -> None:
        self.database.find()
        with self.database.looking() as connection:
            check(connection, self.database.place)

    @contextmanager
    def commit(self) -> Iterator[Book]:
        """Give the book for one commit: all that is done in it is kept, or nothing."""
        with self._trouble(), self._one, self._alone_inside():
            self.alive()  # not in the commit: that would keep out what is said beside it, if it takes long
            with self.database.writing() as connection:
                self._hear()
                book = self._book(connection)
                if self.database.fresh:
                    self._find_age(book)
                yield book
                self._grow(book)
                book.catch_up()
                self._say_alive(book)  # after a long one others would take us for dead
                self._faults.reach("commit.before")
            self._faults.reach("commit.after")
            if book.began and self._age:
                self.database.mark(self._age)

    def _grow(self, book: Book) -> None:
        """Count a turn in which something begins: an older copy of the book is known by its number."""
        if book.began and self._age:
            self._age = self._age.next()
            book.bookmarks.put(AGE, str(self._age))

    @contextmanager
    def look(self) -> Iterator[Book]:
        """Give the book to look at: it changes nothing and keeps nobody waiting."""
        with self._trouble(), self.database.looking() as connection:
            book = self._book(connection)
            yield book
            book.catch_up()  # nothing waits; what was written all the same is refused here

    def spool(self, chunks: Iterable[bytes], most: int, seal: int = ANEW) -> Spooled:
        """Take bytes on their way into the book: what is larger than a piece is committed ahead, piece by piece.

        The commit that names it (`interchanges.add_in_spooled`) is the one that counts. Raises Rejected when there are
        more than `most`. May be called from any thread. `seal`: PLAIN where they tell of nobody; what is short is sealed
        by the commit that names it.
        """
        parts = pieces(_at_most(chunks, most))
        first = next(parts, b"")
        if len(first) < PIECE:
            return Spooled(len(first), sha256(first).hexdigest(), first)
        with self.commit() as book:
            body, key = book.bodies.begin(seal)
        try:
            return self._spooled(body, key, first, parts)
        except BaseException:
            with suppress(Exception), self.commit() as book:
                book.bodies.drop(body)
            raise

    def _spooled(self, body: int, key: int, first: bytes, rest: Iterator[bytes]) -> Spooled:
        digest, size, number, piece = sha256(), 0, 0, first
        while piece:
            digest.update(piece)
            size += len(piece)
            with self.commit() as book:
                book.bodies.piece(body, number, piece, key)
            number, piece = number + 1, next(rest, b"")
        with self.commit() as book:
            book.bodies.measure(body, size, digest.hexdigest())
        return Spooled(size, digest.hexdigest(), body=body)

    def wipe(self, patience: float) -> bool:
        """Leave nothing of what was deleted in a journal; tell whether that is so, or somebody was in the way so long."""
        with self._trouble(), self._one, self._alone_inside():
            return self.database.wipe(patience)

    def alive(self) -> None:
        """Say that this service lives, where others would take over what it has: for what takes long without a commit."""
        if self._writes and self.worker and self._is_quiet():
            with suppress(Unavailable), self._trouble(), self.database.aside() as connection:
                self._say_alive(self._book(connection))

    def _say_alive(self, book: Book) -> None:
        if self.worker and self._is_quiet():
            book.workers.seen(self.worker, f"{gethostname()} {getpid()}", self._clock.now().timestamp())
            self._seen = self._clock.monotonic()

    def _is_quiet(self) -> bool:
        return self._clock.monotonic() - self._seen >= BEAT

    def close(self) -> None:
        """Let go of it."""
        if self._broken:
            self._writes = False
            self.database.abandon()
            return
        if self._writes and self.worker and not self._inside:
            with suppress(Exception), self.commit() as book:
                book.workers.gone(self.worker)
        self._writes = False
        self.keys.close()
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _book(self, connection: Connection) -> Book:
        return Book(
            Spoken(connection), self._clock.now().timestamp(), self._turns, self._chance, self.keys, self.worker
        )

    def _hear(self) -> None:
        """Let a clock that follows the database's hear it."""
        at = self.database.told()
        if at is not None and isinstance(self._clock, Following):
            self._clock.hear(at)

    @contextmanager
    def _alone_inside(self) -> Iterator[None]:
        if not self._writes:
            raise RuntimeError("this ledger is not open for writing")
        if self._inside:
            raise RuntimeError("a commit within a commit")
        self._inside = True
        try:
            yield
        finally:
            self._inside = False

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
