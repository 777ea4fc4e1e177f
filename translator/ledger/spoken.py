"""Statements spoken to the driver without ceremony: SQLAlchemy builds each once, then its text is kept.

A statement costs the driver 5 µs and SQLAlchemy's way to it 40; an order's road has some sixty. What cannot be kept (a
list inside, several rows that answer) goes SQLAlchemy's way. Trouble is raised as SQLAlchemy raises it, values hidden.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, cast

from sqlalchemy import Connection, CursorResult
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None
Process = Callable[[Any], Any]


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
class _Kept:
    """A statement as the driver takes it. `binds`: name, fixed value, how it is made ready; by place."""

    text: str
    binds: tuple[tuple[str | None, Any, Process | None], ...]
    row: Callable[[Sequence[Any]], Any]

    def values(self, given: Mapping[str, Any]) -> list[Any]:
        """Give the values of one execution, by place."""
        return [
            fixed if name is None else given[name] if ready is None else ready(given[name])
            for name, fixed, ready in self.binds
        ]


_KEPT: Final[dict[tuple[int, tuple[str, ...]], tuple[Any, _Kept | None]]] = {}  # the statement keeps its id its own


class Spoken:
    """One connection inside its transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect = connection.dialect
        driver: Any = connection.dialect.dbapi
        self._trouble: type[Exception] = driver.Error
        raw: Any = connection.connection.dbapi_connection
        self._cursor = raw.cursor()

    def execute(self, statement: Any, parameters: Parameters = None) -> Answer:
        """Execute a statement that lives as long as the program (a constant)."""
        several = parameters if isinstance(parameters, Sequence) else None
        first: Mapping[str, Any] = several[0] if several else cast("Mapping[str, Any]", parameters or {})
        kept = self._kept(statement, tuple(first))
        if kept is None:
            return self._slowly(statement, parameters)
        try:
            if several is not None:
                self._cursor.executemany(kept.text, [kept.values(one) for one in several])
            else:
                self._cursor.execute(kept.text, kept.values(first))
            rows = [kept.row(row) for row in self._cursor.fetchall()] if self._cursor.description else []
        except self._trouble as error:
            raise self._told(kept.text, error) from None
        return Answer(rows, self._cursor.rowcount)

    def exec_driver_sql(self, text: str, parameters: Any = None) -> CursorResult[Any]:
        """Ask in plain SQL, SQLAlchemy's way: for whoever checks the book from outside its acts."""
        return self._connection.exec_driver_sql(text, parameters)

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Set a part of the transaction apart: an exception takes back this part alone."""
        self._say("SAVEPOINT part")
        try:
            yield
        except BaseException:
            self._say("ROLLBACK TO part")
            self._say("RELEASE part")
            raise
        self._say("RELEASE part")

    def _say(self, text: str) -> None:
        try:
            self._cursor.execute(text)
        except self._trouble as error:
            raise self._told(text, error) from None

    def _kept(self, statement: Any, names: tuple[str, ...]) -> _Kept | None:
        found = _KEPT.get((id(statement), names))
        if found is None:
            found = _KEPT[id(statement), names] = (statement, _keep(statement, names, self._dialect))
        return found[1]

    def _slowly(self, statement: Any, parameters: Parameters) -> Answer:
        result = self._connection.execute(statement, parameters)
        return Answer(list(result.all()) if result.returns_rows else [], result.rowcount)

    def _told(self, text: str, error: Exception) -> BaseException:
        return DBAPIError.instance(text, None, error, self._trouble, hide_parameters=True)


def _keep(statement: Any, names: tuple[str, ...], dialect: DefaultDialect | Any) -> _Kept | None:
    """Compile a statement for these parameters; None: it has to go SQLAlchemy's way."""
    compiled: SQLCompiler = statement.compile(dialect=dialect, column_keys=list(names) or None)
    if compiled.post_compile_params or compiled.insert_prefetch or compiled.update_prefetch:
        return None
    ready: Mapping[str, Any] = compiled._bind_processors  # noqa: SLF001 (as its own execution does)
    fixed = compiled.params
    binds = tuple(
        (name, None, ready.get(name)) if name in names else (None, _ready(ready.get(name), fixed[name]), None)
        for name in compiled.positiontup or ()
    )
    return _Kept(compiled.string, binds, _row(compiled, dialect))


def _ready(process: Process | None, value: Any) -> Any:
    return value if process is None or value is None else process(value)


def _row(compiled: SQLCompiler, dialect: Any) -> Callable[[Sequence[Any]], Any]:
    """Make the function that gives a row its names, and its values their types."""
    columns = compiled._result_columns  # noqa: SLF001
    if not columns:
        return tuple
    names = [column.keyname for column in columns]
    made: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]  # noqa: PYI024 (made at run time)
    processes = [column.type._cached_result_processor(dialect, None) for column in columns]  # noqa: SLF001
    if not any(processes):
        return cast("Callable[[Sequence[Any]], Any]", made._make)
    return lambda row: made(*(v if p is None else p(v) for p, v in zip(processes, row, strict=True)))
