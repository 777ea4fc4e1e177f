"""Statements spoken to the driver without ceremony: SQLAlchemy builds each once, then its text is kept.

A statement costs the driver 5 µs and SQLAlchemy's way to it 40. A list of values is given as one JSON text. Trouble is
raised as SQLAlchemy raises it, values hidden.

Writes that answer nothing may wait for others of their kind (`later`): they are said all at once before any of their
tables is asked or changed, and at the latest at the end of their part of the transaction. Nobody can see that they waited.
A row that waits to be added has its id already (`add`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any, Final, cast

from sqlalchemy import Connection, CursorResult, Table
from sqlalchemy.exc import DBAPIError

from translator.ledger.compiled import Kept, compiled
from translator.ledger.ids import ids
from translator.ledger.trouble import Overlap, shown

AT_ONCE: Final = (64, 16, 4, 1)  # rows of one statement: few sorts, so that the driver keeps each prepared
Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None


class Answer:
    """What a statement answered: its rows, read to the end, and how many rows it touched."""

    __slots__ = ("_rows", "rowcount")

    def __init__(self, rows: list[Any], rowcount: int) -> None:
        self._rows = rows
        self.rowcount = rowcount

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
class _Later:
    """Writes that wait for others of their statement: rows, or ids of rows that are all given the same."""

    statement: Any
    rows: list[Any]
    rank: tuple[int, int]
    whole: type[Exception] | None = None
    given: Mapping[str, Any] | None = None


_FIRST: Final = (-1, 0)  # before anything is deleted
_LAST: Final = (3, 0)


def _rank(statement: Any) -> tuple[int, int]:
    """Say what comes first: what makes room, then new rows, each behind those it names, then what changes rows."""
    if statement.is_delete:
        return 0, -_depth(statement.table)
    return (1, _depth(statement.table)) if statement.is_insert else (2, 0)


@cache
def _depth(table: Table) -> int:
    """Place a table behind those that its rows name."""
    return table.metadata.sorted_tables.index(table)


# By dialect, statement and names; the statement keeps its id its own
_KEPT: Final[dict[tuple[str, int, tuple[str, ...]], tuple[Any, Kept]]] = {}


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
        self._waiting: dict[Any, _Later] = {}  # by the statement's id, and what all its rows are given
        self._tables: set[str] = set()  # that what waits will change
        self._ids: dict[str, Iterator[int]] = {}  # of the next rows, by table
        self._first: dict[str, int] = {}  # that was given of them
        self._hopes = False  # that a row is there already may show with others, later: then each is tried alone
        self.taken_back = 0  # parts of the transaction: what was known of them is not true any more

    def execute(self, statement: Any, parameters: Parameters = None, *, beside: bool = False) -> Answer:
        """Execute a statement that lives as long as the program (a constant).

        `beside`: it concerns rows that stand, and none that waits to be written.
        """
        several = parameters if isinstance(parameters, Sequence) else None
        first: Mapping[str, Any] = several[0] if several else cast("Mapping[str, Any]", parameters or {})
        kept = self._kept(statement, tuple(first))
        if self._tables and not beside and not self._tables.isdisjoint(kept.asks):
            self.catch_up()
        return self._said(kept, first, several)

    def later(self, statement: Any, row: Mapping[str, Any], *, whole: type[Exception] | None = None) -> None:
        """Write with others of this statement, before anybody asks. `whole`: is raised where one of them touches no row."""
        waiting = self._waiting.get(id(statement))
        if waiting is None:
            waiting = self._waiting[id(statement)] = _Later(statement, [], _rank(statement), whole)
            self._tables |= self._kept(statement, tuple(row)).tables
        waiting.rows.append(row)

    def later_to(
        self, statement: Any, row: int, given: Mapping[str, Any], *, whole: type[Exception] | None = None
    ) -> None:
        """Write to the row of this id as `later` does; the statement takes the ids of all that are given the same as `values`."""
        self._to(statement, row, given, _rank(statement), whole)

    def _to(
        self,
        statement: Any,
        value: str | int,
        given: Mapping[str, Any],
        rank: tuple[int, int],
        whole: type[Exception] | None = None,
    ) -> None:
        place = (id(statement), *given.values())
        waiting = self._waiting.get(place)
        if waiting is None:
            waiting = self._waiting[place] = _Later(statement, [], rank, whole, given)
            self._tables |= self._kept(statement, ("values", *given)).tables
        waiting.rows.append(value)

    def add(self, statement: Any, row: Mapping[str, Any]) -> int:
        """Add a row later, with others of its table; give its id now. No other way may add rows to that table."""
        numbered = self._numbered(statement, row)
        self.later(statement, numbered)
        return cast("int", numbered["id"])

    def add_new(self, statement: Any, row: Mapping[str, Any]) -> int | None:
        """Add a row as `add` does, unless one like it is there; None: it is. Among several, Overlap is raised for that."""
        numbered = self._numbered(statement, row)
        if self._hopes:
            self.later(statement, numbered, whole=Overlap)
        elif self.execute(statement, numbered).rowcount != 1:
            return None
        return cast("int", numbered["id"])

    def drop(self, statement: Any, id: int) -> None:
        """Delete the row of this id, with others; one that waits itself is written before."""
        self._have_written(statement.table, id)
        self.later_to(statement, id, {})

    def before(self, statement: Any, table: Table, id: int, given: Mapping[str, Any]) -> None:
        """Write for a row of a table, as `later_for` does, but before anything is deleted."""
        self._have_written(table, id)
        self._to(statement, id, given, _FIRST)

    def _have_written(self, table: Table, id: int) -> None:
        if id >= self._first.get(table.name, id + 1):
            self.catch_up()

    def _numbered(self, statement: Any, row: Mapping[str, Any]) -> dict[str, Any]:
        name = statement.table.name
        if name not in self._ids:
            self._ids[name] = ids(self._named, name, lambda asks, given: self.execute(asks, given).scalars())
        id = next(self._ids[name])
        self._first.setdefault(name, id)
        return {"id": id, **row}

    def later_for(self, statement: Any, value: str, given: Mapping[str, Any]) -> None:
        """Write for a value, at once with all other values of this statement: it takes them as a JSON list `values`."""
        self._to(statement, value, given, _LAST)

    def catch_up(self) -> None:
        """Write what waits, in the order of `_rank`: what changes rows finds those that waited."""
        waiting = sorted(self._waiting.values(), key=lambda one: one.rank)
        self._drop_waiting()
        for one in waiting:
            done = self._written(one)
            if one.whole and done.rowcount != len(one.rows):
                raise one.whole(f"one of {len(one.rows)} touched no row")

    def _written(self, one: _Later) -> Answer:
        if one.given is None:
            return self._said(self._kept(one.statement, tuple(one.rows[0])), {}, one.rows)
        asked = {"values": json.dumps(one.rows), **one.given}
        return self._said(self._kept(one.statement, tuple(asked)), asked, None)

    def _drop_waiting(self) -> None:
        self._waiting, self._tables = {}, set()

    def _said(self, kept: Kept, first: Mapping[str, Any], several: Sequence[Mapping[str, Any]] | None) -> Answer:
        self.stand()
        try:
            if several is not None and kept.plain:
                return Answer([], self._added(kept, [kept.values(one) for one in several]))
            if several is not None:
                self._cursor.executemany(kept.text, [kept.values(one) for one in several])
            else:
                self._cursor.execute(kept.text, kept.values(first))
            rows = [kept.row(row) for row in self._cursor.fetchall()] if self._cursor.description else []
        except self._trouble as error:
            raise self._told(kept.text, error) from None
        return Answer(rows, self._cursor.rowcount)

    def _added(self, kept: Kept, rows: list[Sequence[Any]]) -> int:
        """Add rows, many at once: by `executemany` SQLite's driver waits for other threads at each of them."""
        start = count = 0
        for many in AT_ONCE:
            while len(rows) - start >= many:
                self._cursor.execute(kept.of(many), list(chain.from_iterable(rows[start : start + many])))
                count += self._cursor.rowcount
                start += many
        return count

    @property
    def connection(self) -> Connection:
        """Give the connection, for what concerns no table."""
        return self._connection

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
            self.taken_back += 1
            self.stand()
            self._say("ROLLBACK TO part")
            self._say("RELEASE part")
            raise
        self._say("RELEASE part")

    @contextmanager
    def hoping(self, hopes: bool) -> Iterator[None]:  # noqa: FBT001  (the only thing that is said)
        """Hope, or not, that what is new is new: who hopes has to try again without, where Overlap is raised."""
        before, self._hopes = self._hopes, hopes
        try:
            yield
        finally:
            self._hopes = before

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

    def _kept(self, statement: Any, names: tuple[str, ...]) -> Kept:
        key = (self._named, id(statement), names)
        found = _KEPT.get(key)
        if found is None:
            found = _KEPT[key] = (statement, compiled(statement, names, self._dialect))
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
