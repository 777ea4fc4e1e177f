"""PostgreSQL as the book needs it: several services share it, each commit has the write lock, its clock is the one.

Promises: a commit is on the server's disk when it returns; no connection goes to a server on another machine whose
certificate was not checked. A service that stands still inside a commit loses it after ten seconds, so that it keeps
nobody waiting for longer. In trouble: Unavailable where the server is not there now, Misconfigured where it is too old.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NoReturn
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, NullPool, Transaction, create_engine, event
from sqlalchemy.exc import DBAPIError

from translator.core.address import PROVING, Address
from translator.core.finding import Finding, Misconfigured, Place, Unavailable
from translator.ledger.age import Age

if TYPE_CHECKING:
    import psycopg
    from psycopg_pool import ConnectionPool

OLDEST: Final = 14
CONNECT: Final = 10  # seconds to wait for a server
STILL: Final = 10  # seconds that a service may stand still inside a commit
BOOK, MOVES, KEYS = range(0x7472616E, 0x74726171)  # the write locks: of the book, of the moves in it, of the keys
_SETTINGS: Final = {
    "idle_in_transaction_session_timeout": f"{STILL}s",
    "lock_timeout": f"{2 * STILL}s",
    "synchronous_commit": "on",
    "client_encoding": "utf8",
    "extra_float_digits": "1",  # times as they were written
}
_NETWORK: Final = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3, "tcp_user_timeout": 10_000}
_LOCK: Final = (
    "SELECT pg_advisory_xact_lock(%s), extract(epoch FROM clock_timestamp())::float8, pg_current_xact_id()::text"
)

# A server that was promoted takes commits before its next checkpoint tells its new timeline.
_CLUSTER: Final = (
    "(SELECT system_identifier FROM pg_control_system()),"
    " (SELECT greatest(timeline_id, min_recovery_end_timeline) FROM pg_control_checkpoint(), pg_control_recovery())"
)
_TABLE: Final = "(SELECT oid FROM pg_database WHERE datname = current_database()), 'bookmark'::regclass::oid"
_LOCKED: Final = "55P03"  # the state: somebody had the lock for too long
_WHO: Final = f"SELECT concat_ws(' ', {_CLUSTER})"
_IDENTITY: Final = f"SELECT concat_ws(' ', {_CLUSTER}, {_TABLE})"


class Server:
    """The book on a PostgreSQL server."""

    alone = False

    def __init__(self, address: Address, lock: int = BOOK) -> None:
        self.place = address.url
        self._lock = lock
        self._conninfo = _conninfo(address)
        self._pools: list[ConnectionPool[Any]] = []
        self._writers: Engine | None = None
        self._readers: Engine | None = None
        self._at = 0.0
        self.fresh = False
        self._known: WeakKeyDictionary[Any, str] = WeakKeyDictionary()  # what a commit went over, and to whom

    def take(self) -> None:
        """Become one that writes. Raises Unavailable, Misconfigured."""
        self.find()
        self._writers = self._engine(2, looks=False)

    def find(self) -> None:
        """Become one that only looks. Raises Unavailable, Misconfigured."""
        _try(self._conninfo, self.place)
        self._readers = self._engine(4, looks=True)

    def inspect(self, connection: Connection) -> None:
        """The server looks after its own files."""

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Do all of it or nothing; nobody else writes meanwhile. Where the answer to the commit is lost, it is asked for."""
        with self._beginning() as connection:
            transaction = connection.begin()
            with _or_nothing(transaction):
                _, self._at, number = connection.exec_driver_sql(_LOCK, (self._lock,)).one()
                who = self._know(connection)
                yield connection
            try:
                transaction.commit()
            except DBAPIError as error:
                if not (error.connection_invalidated and self._stands(number, who)):
                    raise

    def _know(self, connection: Connection) -> str:
        """Give the server that a connection goes to."""
        raw: Any = connection.connection.dbapi_connection
        self.fresh = raw not in self._known
        if self.fresh:
            self._known[raw] = str(connection.exec_driver_sql(_WHO).scalar_one())
        return self._known[raw]

    @contextmanager
    def aside(self) -> Iterator[Connection]:
        """Do all of it or nothing, while others write."""
        with self._beginning() as connection:
            transaction = connection.begin()
            with _or_nothing(transaction):
                yield connection
                transaction.commit()

    def _beginning(self) -> Connection:
        if self._writers is None:
            raise RuntimeError("this ledger is not open for writing")
        return self._writers.connect()

    def _stands(self, number: str, who: str) -> bool:
        """Tell whether a server's transaction was committed; False, too, where nobody can say that soon.

        Where another server answers, the number may be that of somebody else's.
        """
        driver, end = _driver(), time.monotonic() + CONNECT
        while time.monotonic() < end:
            with suppress(driver.Error), driver.connect(self._conninfo) as connection:
                if connection.execute(_WHO).fetchone()[0] != who:
                    return False
                status = connection.execute("SELECT pg_xact_status(%s::xid8)", (number,)).fetchone()[0]
                if status != "in progress":
                    return bool(status == "committed")
            time.sleep(0.2)
        return False

    @contextmanager
    def looking(self) -> Iterator[Connection]:
        """Look at what stands now, all of it of one moment."""
        if self._readers is None:
            raise RuntimeError("this ledger is not open")
        with self._readers.connect() as connection, connection.begin():
            yield connection

    def wipe(self, patience: float) -> bool:
        """What is left of a row that was deleted is sealed, and its key is gone."""
        return True

    def vacuum(self, table: str, patience: float) -> bool:
        """Write a table anew; tell whether nothing is left in it of what was deleted, or somebody still looks at that."""
        if self._writers is None:
            raise RuntimeError("this ledger is not open for writing")
        heard: list[str] = []
        with self._writers.connect() as connection:
            raw: Any = connection.connection.dbapi_connection
            hear = partial(_hear_dead, heard)
            raw.add_notice_handler(hear)
            connection = connection.execution_options(isolation_level="AUTOCOMMIT")
            try:
                connection.exec_driver_sql(f"SET lock_timeout = {max(round(patience * 1000), 1)}")
                connection.exec_driver_sql(f'VACUUM (FULL, VERBOSE) "{table}"')
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", "") != _LOCKED:
                    raise
            finally:
                raw.remove_notice_handler(hear)
                if not connection.invalidated:
                    connection.exec_driver_sql("RESET lock_timeout")
        return bool(heard) and not any(map(int, heard))  # that it said nothing proves nothing

    def outside(self, connection: Connection) -> str:
        """Say which cluster, timeline, database and table it is: one of them changes when an older state is put back."""
        return str(connection.exec_driver_sql(_IDENTITY).scalar_one())

    def mark(self, age: Age) -> NoReturn:
        """Several write here: what the server is says it."""
        raise NotImplementedError

    def told(self) -> float:
        """Say what time the server had when the commit began."""
        return self._at

    def close(self) -> None:
        """Let go of all connections."""
        for engine in (self._writers, self._readers):
            if engine is not None:
                engine.dispose()
        for pool in self._pools:
            pool.close()
        self._writers = self._readers = None
        self._pools.clear()

    abandon = close

    def _engine(self, most: int, *, looks: bool) -> Engine:
        from psycopg_pool import ConnectionPool  # noqa: PLC0415  of an extra

        logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # each try in vain; that it is away is told otherwise
        pool: ConnectionPool[Any] = ConnectionPool(
            self._conninfo,
            min_size=1,
            max_size=most,
            configure=_for_looks if looks else None,
            check=ConnectionPool.check_connection,
            timeout=CONNECT,
            close_returns=True,
            open=True,
        )
        self._pools.append(pool)
        engine = create_engine(
            "postgresql+psycopg://",
            creator=pool.getconn,
            poolclass=NullPool,
            paramstyle="format",
            hide_parameters=True,
            use_native_hstore=False,
        )
        event.listen(engine, "invalidate", partial(_give_back, pool))
        return engine


def _hear_dead(heard: list[str], said: Any) -> None:
    """Hear how many deleted rows were written again, since somebody who began before still sees them."""
    heard += re.findall(r"\d+", (said.message_detail or "").partition("\n")[0])[:1]


def _conninfo(address: Address) -> str:
    """Say all of it to the driver: who, where, with which certificates, how long."""
    make: Callable[..., str] = _driver().conninfo.make_conninfo
    said: dict[str, Any] = {"application_name": "translator", "connect_timeout": CONNECT, **_NETWORK}
    said["options"] = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
    if not address.near:
        said |= {"sslmode": PROVING[0], "sslrootcert": "system"} | address.settings
    if password := address.password.reveal():
        said["password"] = password
    return make(address.url, **said)


def _driver() -> Any:
    """Give the driver. Raises Misconfigured where it is not installed."""
    try:
        import psycopg  # noqa: PLC0415  of an extra
        import psycopg_pool  # noqa: F401, PLC0415
    except ImportError:
        hint = "pip install 'translator[postgres]'"
        raise Misconfigured([Finding("ledger-driver", "PostgreSQL's driver is not installed", hint=hint)]) from None
    return psycopg


@contextmanager
def _or_nothing(transaction: Transaction) -> Iterator[None]:
    try:
        yield
    except BaseException:
        with suppress(DBAPIError):
            transaction.rollback()
        raise


def told_by(address: Address) -> str:
    """Connect once; say which server it is. Raises Unavailable, Misconfigured."""
    version, encrypted = _try(_conninfo(address), address.url)
    way = "on this machine" if address.near else "over TLS" if encrypted else "not encrypted"
    return f"PostgreSQL {version}, {way}"


def _try(conninfo: str, place: str) -> tuple[int, bool]:
    """Connect once: what is wrong is better said before a pool tries it again and again."""
    driver = _driver()
    try:
        with driver.connect(conninfo) as connection:
            version = connection.info.server_version // 10_000
            encrypted = bool(connection.pgconn.ssl_in_use)
            encoding = connection.execute("SHOW server_encoding").fetchone()[0]
    except driver.Error as error:
        raise Unavailable(f"the ledger cannot be reached: {_first(error)}") from None
    if version < OLDEST:
        text = f"the ledger's server is PostgreSQL {version}; {OLDEST} or later is needed"
        raise Misconfigured([Finding("ledger-server", text, Place(place))])
    if encoding != "UTF8":
        hint = "createdb --encoding UTF8 --template template0 …"
        raise Misconfigured(
            [Finding("ledger-server", f"the ledger's database is in {encoding}", Place(place), hint=hint)]
        )
    return version, encrypted


def _first(error: Exception) -> str:
    """Say what the driver said, in one line: it names the server and the user, and no password."""
    return " ".join(str(error).split())[:300]


def _give_back(pool: ConnectionPool[Any], connection: psycopg.Connection[Any], *_: object) -> None:
    """Give a broken connection back to its pool, which makes another: closing one that is closed already does not."""
    if connection.closed:
        pool.putconn(connection)


def _for_looks(connection: psycopg.Connection[Any]) -> None:
    from psycopg import IsolationLevel  # noqa: PLC0415  of an extra

    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    connection.read_only = True
