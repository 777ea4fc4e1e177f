"""Make tables that are not there yet, by statements that are put into words once for each sort of database."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, Dialect, MetaData
from sqlalchemy.schema import CreateIndex, CreateTable

_WORDED: Final[dict[tuple[MetaData, str], list[str]]] = {}


def make(connection: Connection, metadata: MetaData) -> None:
    """Make the tables, and their indexes, that are absent."""
    sort = metadata, connection.dialect.name
    if sort not in _WORDED:
        _WORDED[sort] = _worded(metadata, connection.dialect)
    for statement in _WORDED[sort]:
        connection.exec_driver_sql(statement)


def _worded(metadata: MetaData, dialect: Dialect) -> list[str]:
    tables = metadata.sorted_tables
    indexes = [index for table in tables for index in sorted(table.indexes, key=lambda one: str(one.name))]
    made = [str(CreateTable(table, if_not_exists=True).compile(dialect=dialect)) for table in tables]
    return made + [str(CreateIndex(index, if_not_exists=True).compile(dialect=dialect)) for index in indexes]
