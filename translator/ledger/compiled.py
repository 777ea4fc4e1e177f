"""A statement as the driver takes it, compiled once: its text, and straight code for its values and its rows."""

from __future__ import annotations

import re
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from sqlalchemy import Table
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.util import find_tables

Process = Callable[[Any], Any]

_PLAIN: Final = re.compile(r"([^?]* VALUES )(\((?:\?, )*\?\))([^?]*)")
_OID: Final = 701  # what PostgreSQL calls the one type of numbers with a point that there is: others need not be told


@dataclass(frozen=True, slots=True)
class Kept:
    """A statement as the driver takes it.

    `tables`: what it asks or changes; of a delete also the tables whose rows may go with it. `asks`: those, and what a
    new row names, which has to be there.
    """

    text: str
    tables: frozenset[str]
    asks: frozenset[str]
    values: Callable[[Mapping[str, Any]], Sequence[Any]]  # what is given by name -> by place
    row: Callable[[Sequence[Any]], Any]
    plain: re.Match[str] | None  # of SQLite, a new row of plain values: what precedes them, they, what follows

    def of(self, count: int) -> str:
        """Give the text that adds so many rows at once."""
        if self.plain is None:
            raise AssertionError(f"this adds no plain rows: {self.text}")
        before, values, after = self.plain.groups()
        return f"{before}{', '.join([values] * count)}{after}"


def compiled(statement: Any, names: tuple[str, ...], dialect: DefaultDialect | Any) -> Kept:
    """Compile a statement for these parameters."""
    tables = _tables(statement)
    asks = tables | (_named(statement.table) if statement.is_insert else frozenset())
    text: SQLCompiler = statement.compile(dialect=dialect, column_keys=list(names) or None)
    if text.post_compile_params or text.insert_prefetch or text.update_prefetch:
        raise AssertionError(f"this cannot be kept as a text: {text.string}")
    plain = _PLAIN.fullmatch(text.string) if statement.is_insert else None
    return Kept(text.string, tables, asks, _values(text, names), _row(text, dialect), plain)


def _values(text: SQLCompiler, names: tuple[str, ...]) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    """Make the function that gives the values of one execution by place, as straight code."""
    ready: Mapping[str, Any] = text._bind_processors  # noqa: SLF001 (as its own execution does)
    known: dict[str, Any] = {}
    code = []
    for place, name in enumerate(text.positiontup or ()):
        process = ready.get(name)
        if name in names:
            known[f"ready{place}"] = process
            code.append(f"given[{name!r}]" if process is None else f"ready{place}(given[{name!r}])")
        else:
            known[f"fixed{place}"] = _ready(process, text.params[name])
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


def _named(table: Table) -> frozenset[str]:
    return frozenset(key.column.table.name for key in table.foreign_keys)


def _refers(table: Table, other: Table) -> bool:
    return any(key.references(other) for key in table.foreign_keys)


def _ready(process: Process | None, value: Any) -> Any:
    return value if process is None or value is None else process(value)


def _row(text: SQLCompiler, dialect: Any) -> Callable[[Sequence[Any]], Any]:
    """Make the function that gives a row its names, and its values their types."""
    columns = text._result_columns  # noqa: SLF001
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
