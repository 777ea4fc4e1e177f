"""SQLite as the book needs it: a safe journal, one writer, a file for its owner alone.

The library that is linked decides the journal: SQLite 3.7.0 to 3.51.2 may lose committed rows in WAL mode (the
"WAL-reset" race), so there the rollback journal with EXTRA is used. A damaged file is refused, never mended.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import Any, Final, Literal, NoReturn

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from translator.core.finding import Finding, Misconfigured, Place
from translator.instance import Hold, lock
from translator.ledger.age import Age, Marker
from translator.ledger.trouble import Broken, opening

Journal = Literal["auto", "wal", "rollback"]
CACHE: Final = 65536  # KiB of pages the writer keeps: what a group commit changes is not put aside before it is whole
AHEAD: Final = 4096  # pages (16 MiB) of the journal at which they are taken into the file; the loop stands meanwhile
_ABANDONED: Final[list[Connection | None]] = []  # of disks that failed: nobody closes them
BUSY: Final = 10.0  # seconds to wait for a reader that is in the way (rollback journal)


class File:
    """The book in a file."""

    alone = True
    fresh = False

    def __init__(self, path: Path, journal: Journal = "auto", held: Hold | None = None) -> None:
        self.place = str(path)
        self.writer: Connection | None = None
        self._path = path
        self._journal = journal
        self._readers = reader(path)
        self._held = held or Hold(None)
        self._lock: int | None = None
        self._marker = Marker(path)

    def take(self) -> None:
        """Become the one that writes: lock the directory, make the file where it is absent. Raises Taken."""
        with opening():
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            given = self._held.pass_on(self._path.parent)
            self._lock = lock(self._path.parent) if given is None else given
        self.writer = writer(self._path, chosen(self._journal)).connect()

    def inspect(self, connection: Connection) -> None:
        """Refuse a damaged file. Raises Broken."""
        quick_check(connection)

    def find(self) -> None:
        """Refuse a file that is not there. Raises Misconfigured."""
        with opening():
            there = self._path.exists()
        if not there:
            hint = "the service makes it when it starts"
            raise Misconfigured([Finding("ledger-absent", "there is no ledger", Place(self.place), hint=hint)])

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Do all of it or nothing."""
        if self.writer is None:
            raise RuntimeError("this ledger is not open for writing")
        with writing(self.writer):
            yield self.writer

    def aside(self) -> NoReturn:
        """Nobody else writes here."""
        raise NotImplementedError

    @contextmanager
    def looking(self) -> Iterator[Connection]:
        """Look, beside the one that writes."""
        with self._readers.connect() as connection, reading(connection):
            yield connection

    def outside(self, connection: Connection) -> str:
        """Give what the marker beside it says."""
        return self._marker.read()

    def mark(self, age: Age) -> None:
        """Say beside it how far the book has come. Raises Broken."""
        self._marker.write(age)

    def wipe(self, patience: float) -> bool:
        """Empty the journal: what is deleted is overwritten (`secure_delete`), but not there."""
        if self.writer is None:
            raise RuntimeError("this ledger is not open for writing")
        done = truncate(self.writer, patience)
        self.writer.rollback()
        return done

    def told(self) -> None:
        """The clock of this machine counts."""

    def close(self) -> None:
        """Let go of the file and of the lock."""
        if self.writer is not None:
            engine = self.writer.engine
            self.writer.close()
            engine.dispose()
            self.writer = None
        self._readers.dispose()
        self._marker.close()
        self._unlock()

    def abandon(self) -> None:
        """Let go of the lock alone. The connection is kept, since closing it would write the journal into the file."""
        _ABANDONED.append(self.writer)
        self.writer = None
        self._unlock()

    def _unlock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def driver() -> ModuleType:
    """Give the driver: the one that carries its own SQLite where it is installed."""
    try:
        from pysqlite3 import dbapi2  # noqa: PLC0415  may be absent
    except ImportError:
        import sqlite3 as dbapi2  # noqa: PLC0415
    return dbapi2  # type: ignore[no-any-return]


def safe(version: tuple[int, ...]) -> bool:
    """Tell whether this SQLite has the WAL-reset fix."""
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)


def chosen(journal: Journal, version: tuple[int, ...] | None = None) -> Journal:
    """Decide `auto` by the library that is linked."""
    if journal != "auto":
        return journal
    return "wal" if safe(version or driver().sqlite_version_info) else "rollback"


def writer(path: Path, journal: Journal) -> Engine:
    """Give an engine for the one that writes: each transaction takes the write lock when it begins."""
    _private(path)
    engine = _engine(path)

    def connected(raw: Any, _: object) -> None:
        _prepare(raw)
        raw.execute(f"PRAGMA journal_mode = {'WAL' if journal == 'wal' else 'DELETE'}")
        raw.execute(f"PRAGMA synchronous = {'FULL' if journal == 'wal' else 'EXTRA'}")
        raw.execute("PRAGMA journal_size_limit = 67108864")
        raw.execute(f"PRAGMA cache_size = -{CACHE}")
        raw.execute(f"PRAGMA wal_autocheckpoint = {AHEAD}")

    event.listen(engine, "connect", connected)
    return engine


def reader(path: Path) -> Engine:
    """Give an engine for those that only look."""
    engine = _engine(path)

    def connected(raw: Any, _: object) -> None:
        _prepare(raw)
        raw.execute("PRAGMA query_only = ON")

    event.listen(engine, "connect", connected)
    return engine


@contextmanager
def writing(connection: Connection) -> Iterator[None]:
    """Do all of it or nothing; the write lock is taken first, so that nothing read in it can be out of date."""
    transaction = connection.begin()
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield
        transaction.commit()
    except BaseException:
        _roll_back(connection)
        raise


@contextmanager
def reading(connection: Connection) -> Iterator[None]:
    """Look, and never make a writer wait for longer than one statement.

    In WAL mode a look is a snapshot. With a rollback journal a snapshot would keep the writer out, so there each
    statement sees the newest commit.
    """
    with connection.begin():
        if connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal":
            connection.exec_driver_sql("BEGIN")
        yield


def quick_check(connection: Connection) -> None:
    """Refuse a damaged file."""
    if connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
        raise Broken("ledger: the file is damaged")


def truncate(connection: Connection, patience: float) -> bool:
    """Empty the journal, where it is written ahead; tell whether it is, or a reader was in the way for all these seconds."""
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {round(patience * 1000)}")
    try:
        busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {round(BUSY * 1000)}")
    return not busy


def empty(engine: Engine, patience: float) -> bool:
    """Empty the journal of a file, over a connection for that alone; tell whether it is."""
    with engine.connect() as connection:
        return truncate(connection, patience)


def _private(path: Path) -> None:
    """Make the file for its owner alone; SQLite gives its journals the same mode."""
    with opening():
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.fchmod(descriptor, 0o600)
        finally:
            os.close(descriptor)


def _engine(path: Path) -> Engine:
    url = URL.create("sqlite+pysqlite", database=f"file:{escaped(path)}", query={"mode": "rw", "uri": "true"})
    connect = {"check_same_thread": False, "timeout": BUSY}
    return create_engine(url, module=driver(), connect_args=connect, hide_parameters=True, pool_reset_on_return=None)


def escaped(path: Path) -> str:
    """Write a path as it stands in SQLite's addresses."""
    return str(path.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _prepare(raw: Any) -> None:
    raw.isolation_level = None  # BEGIN is said by us
    raw.execute("PRAGMA foreign_keys = ON")
    raw.execute("PRAGMA secure_delete = ON")


def _roll_back(connection: Connection) -> None:
    """Roll back, also where a COMMIT failed: SQLAlchemy takes that for the end, SQLite does not."""
    with suppress(DBAPIError):
        connection.rollback()
    raw = connection.connection.dbapi_connection
    if raw is not None and raw.in_transaction:
        with suppress(Exception):
            raw.rollback()
