"""Statements spoken to the driver without ceremony: SQLAlchemy builds each once, then its text is kept.

A statement costs the driver 5 µs and SQLAlchemy's way to it 40. A list of values is given as one JSON text. Trouble is
raised as SQLAlchemy raises it, values hidden.

Writes that answer nothing may wait for others of their kind (`later`): they are said all at once before any of their
tables is asked or changed, and at the latest at the end of their part of the transaction. Nobody can see that they waited.
"""

from __future__ import annotations

import json
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, cast

from sqlalchemy import Connection, CursorResult, Table
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.util import find_tables

from translator.ledger.trouble import Lost, shown

Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None
Process = Callable[[Any], Any]


class Answer:
    """What a statement answered: its rows, read to the end, how many rows it touched, and the id of the row it added."""

    __slots__ = ("_rows", "added", "rowcount")

    def __init__(self, rows: list[Any], rowcount: int, added: int | None = None) -> None:
        self._rows = rows
        self.rowcount = rowcount
        self.added = added if rowcount == 1 else None

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def all(self) -> list[Any]:
        """Give every row."""
        return self._rows

    def scalars(self) -> list[Any]:
        """Give the first column of every row."""
        return [row[0] for row in self._rows]

    def first(self) -> Any:
        """Give the first row; None: there is none."""
        return self._rows[0] if self._rows else None

    one_or_none = first  # asked by keys only, so there is never a second

    def one(self) -> Any:
        """Give the one row. Raises LookupError."""
        return self._rows[0]

    def scalar(self) -> Any:
        """Give the first value; None: there is none."""
        return self._rows[0][0] if self._rows else None

    def scalar_one(self) -> Any:
        """Give the one value. Raises LookupError."""
        return self._rows[0][0]


@dataclass(frozen=True, slots=True)
class _Kept:
    """A statement as the driver takes it.

    `tables`: what it asks or changes; of a delete also the tables whose rows may go with it.
    """

    text: str
    tables: frozenset[str]
    values: Callable[[Mapping[str, Any]], Sequence[Any]]  # what is given by name -> by place
    row: Callable[[Sequence[Any]], Any]
    numbers: bool  # its answer is the id of the row it added


@dataclass(frozen=True, slots=True)
class _Later:
    """Writes that wait for others of their statement."""

    statement: Any
    rows: list[Mapping[str, Any]]
    fenced: bool


def _rank(later: _Later) -> int:
    return 0 if later.statement.is_delete else 1 if later.statement.is_insert else 2


_OID: Final = 701  # what PostgreSQL calls the one type of numbers with a point that there is: others need not be told

# By dialect, statement, names and whether it is said alone; the statement keeps its id its own
_KEPT: Final[dict[tuple[str, int, tuple[str, ...], bool], tuple[Any, _Kept]]] = {}


class Spoken:
    """One connection inside its transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect = connection.dialect
        self._named = connection.dialect.name
        driver: Any = connection.dialect.dbapi
        self._trouble: type[Exception] = driver.Error
        raw: Any = connection.connection.dbapi_connection
        self._raw = raw
        self._cursor = raw.cursor()
        self._gone: BaseException | None = None  # the database took back the whole transaction, by itself, for this
        self._waiting: dict[int, _Later] = {}  # by the statement's id
        self._listed: dict[int, tuple[Any, Mapping[str, Any], dict[str, None]]] = {}
        self._tables: set[str] = set()  # that what waits will change

    def execute(self, statement: Any, parameters: Parameters = None, *, beside: bool = False) -> Answer:
        """Execute a statement that lives as long as the program (a constant).

        `beside`: it concerns rows that stand, and none that waits to be written.
        """
        several = parameters if isinstance(parameters, Sequence) else None
        first: Mapping[str, Any] = several[0] if several else cast("Mapping[str, Any]", parameters or {})
        kept = self._kept(statement, tuple(first), alone=several is None)
        if self._tables and not beside and not self._tables.isdisjoint(kept.tables):
            self.catch_up()
        return self._said(kept, first, several)

    def later(self, statement: Any, row: Mapping[str, Any], *, fenced: bool = False) -> None:
        """Write with others of this statement, before anybody asks. `fenced`: Lost is raised where it touches no row."""
        waiting = self._waiting.get(id(statement))
        if waiting is None:
            waiting = self._waiting[id(statement)] = _Later(statement, [], fenced)
            self._tables |= self._kept(statement, tuple(row)).tables
        waiting.rows.append(row)

    def later_for(self, statement: Any, value: str, given: Mapping[str, Any]) -> None:
        """Write for a value, at once with all other values of this statement: it takes them as a JSON list `values`."""
        listed = self._listed.get(id(statement))
        if listed is None:
            listed = self._listed[id(statement)] = (statement, given, {})
            self._tables |= self._kept(statement, ("values", *given)).tables
        listed[2][value] = None

    def catch_up(self) -> None:
        """Write what waits: first what makes room, then new rows, then what changes rows: it finds them."""
        waiting, listed = self._waiting, self._listed
        self._drop_waiting()
        for one in sorted(waiting.values(), key=_rank):
            done = self._said(self._kept(one.statement, tuple(one.rows[0])), {}, one.rows)
            if one.fenced and done.rowcount != len(one.rows):
                raise Lost(f"a claim among {len(one.rows)} is not the current one")
        for statement, given, values in listed.values():
            asked = {"values": json.dumps(list(values)), **given}
            self._said(self._kept(statement, tuple(asked)), asked, None)

    def _drop_waiting(self) -> None:
        self._waiting, self._listed, self._tables = {}, {}, set()

    def _said(self, kept: _Kept, first: Mapping[str, Any], several: Sequence[Mapping[str, Any]] | None) -> Answer:
        self.stand()
        try:
            if several is not None:
                self._cursor.executemany(kept.text, [kept.values(one) for one in several])
            else:
                self._cursor.execute(kept.text, kept.values(first))
            rows = [kept.row(row) for row in self._cursor.fetchall()] if self._cursor.description else []
        except self._trouble as error:
            raise self._told(kept.text, error) from None
        return Answer(rows, self._cursor.rowcount, rows[0][0] if kept.numbers and rows else self._last())

    def _last(self) -> int | None:
        """Give the id of the row that was added last, where the driver tells it."""
        return getattr(self._cursor, "lastrowid", None)

    def exec_driver_sql(self, text: str, parameters: Any = None) -> CursorResult[Any]:
        """Ask in plain SQL, SQLAlchemy's way: for whoever checks the book from outside its acts."""
        self.catch_up()
        return self._connection.exec_driver_sql(text, parameters)

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Set a part of the transaction apart: an exception takes back this part alone."""
        self.catch_up()
        self._say("SAVEPOINT part")
        try:
            yield
            self.catch_up()
        except BaseException:
            self._drop_waiting()
            self.stand()
            self._say("ROLLBACK TO part")
            self._say("RELEASE part")
            raise
        self._say("RELEASE part")

    def stand(self) -> None:
        """Raise what ended the transaction, where the database took it back: anything said after that would stand alone."""
        if self._gone is not None:
            raise self._gone

    def _say(self, text: str) -> None:
        self.stand()
        try:
            self._cursor.execute(text)
        except self._trouble as error:
            raise self._told(text, error) from None

    def _kept(self, statement: Any, names: tuple[str, ...], *, alone: bool = False) -> _Kept:
        key = (self._named, id(statement), names, alone)
        found = _KEPT.get(key)
        if found is None:
            found = _KEPT[key] = (statement, _keep(statement, names, self._dialect, alone=alone))
        return found[1]

    def _told(self, text: str, error: Exception) -> BaseException:
        told: BaseException = DBAPIError.instance(text, None, error, self._trouble, hide_parameters=True)
        told = shown(told) if isinstance(told, DBAPIError) else told
        if _taken_back(self._raw):
            self._gone = told
        return told


def _taken_back(raw: Any) -> bool:
    """Tell whether the database took the transaction back by itself.

    SQLite: no space, no memory, a failing disk (sqlite.org/lang_transaction.html). PostgreSQL: the connection is gone.
    """
    return bool(raw.closed) if hasattr(raw, "closed") else not raw.in_transaction


def _keep(statement: Any, names: tuple[str, ...], dialect: DefaultDialect | Any, *, alone: bool) -> _Kept:
    """Compile a statement for these parameters. `alone`: what adds one row tells its id, if the driver does not."""
    tables, numbers = _tables(statement), alone and _numbers(statement, dialect)
    if numbers:
        statement = statement.returning(statement.table.c.id)
    compiled: SQLCompiler = statement.compile(dialect=dialect, column_keys=list(names) or None)
    if compiled.post_compile_params or compiled.insert_prefetch or compiled.update_prefetch:
        raise AssertionError(f"this cannot be kept as a text: {compiled.string}")
    return _Kept(compiled.string, tables, _values(compiled, names), _row(compiled, dialect), numbers)


def _numbers(statement: Any, dialect: DefaultDialect | Any) -> bool:
    """Tell whether a statement adds a row that gets an id, and has to be asked for it."""
    return bool(statement.is_insert and "id" in statement.table.c and not dialect.postfetch_lastrowid)


def _values(compiled: SQLCompiler, names: tuple[str, ...]) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    """Make the function that gives the values of one execution by place, as straight code."""
    ready: Mapping[str, Any] = compiled._bind_processors  # noqa: SLF001 (as its own execution does)
    known: dict[str, Any] = {}
    code = []
    for place, name in enumerate(compiled.positiontup or ()):
        process = ready.get(name)
        if name in names:
            known[f"ready{place}"] = process
            code.append(f"given[{name!r}]" if process is None else f"ready{place}(given[{name!r}])")
        else:
            known[f"fixed{place}"] = _ready(process, compiled.params[name])
            code.append(f"fixed{place}")
    made: Callable[[Mapping[str, Any]], Sequence[Any]] = eval(f"lambda given: [{', '.join(code)}]", known)  # noqa: S307
    return made


def _tables(statement: Any) -> frozenset[str]:
    found = find_tables(statement, include_joins=True, include_selects=True, include_crud=True, check_columns=True)
    tables = {table for table in found if isinstance(table, Table)}
    if getattr(statement, "is_delete", False):
        (table,) = tables
        tables |= {other for other in table.metadata.tables.values() if _refers(other, table)}
    return frozenset(table.name for table in tables)


def _refers(table: Table, other: Table) -> bool:
    return any(key.references(other) for key in table.foreign_keys)


def _ready(process: Process | None, value: Any) -> Any:
    return value if process is None or value is None else process(value)


def _row(compiled: SQLCompiler, dialect: Any) -> Callable[[Sequence[Any]], Any]:
    """Make the function that gives a row its names, and its values their types."""
    columns = compiled._result_columns  # noqa: SLF001
    if not columns:
        return tuple
    names = [column.keyname for column in columns]
    made: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]  # noqa: PYI024 (made at run time)
    processes = [column.type._cached_result_processor(dialect, _OID) for column in columns]  # noqa: SLF001
    if not any(processes):
        return cast("Callable[[Sequence[Any]], Any]", made._make)
    known = {f"ready{place}": process for place, process in enumerate(processes)} | {"made": made}
    code = [f"row[{n}]" if process is None else f"ready{n}(row[{n}])" for n, process in enumerate(processes)]
    return cast("Callable[[Sequence[Any]], Any]", eval(f"lambda row: made({', '.join(code)})", known))  # noqa: S307
