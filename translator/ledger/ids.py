"""Ids of rows that are still to be written: given ahead, so that what names a row need not wait until it is there.

SQLite has one writer, who counts on from the last id that was given. PostgreSQL's sequences are asked for some at once;
those that are not used are lost, and no id is given twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import count
from typing import Any, Final

from sqlalchemy import Select, bindparam, column, func, select, table

MOST: Final = 256  # ids that are asked for at once
_SOME: Final[Select[Any]] = select(func.nextval(func.pg_get_serial_sequence(bindparam("whose"), "id"))).select_from(
    func.generate_series(1, bindparam("most"))
)
Ask = Callable[[Any, dict[str, Any]], list[Any]]  # a statement, what is asked with it -> the first column of each row


def ids(sort: str, whose: str, ask: Ask) -> Iterator[int]:
    """Give the ids of a table's next rows. All rows that are added to it in this transaction have to take theirs here."""
    return _counted(whose, ask) if sort == "sqlite" else _fetched(whose, ask)


def _counted(whose: str, ask: Ask) -> Iterator[int]:
    last = ask(_last(), {"whose": whose})
    return count((last[0] if last else 0) + 1)


@cache
def _last() -> Select[Any]:
    """Ask what SQLite alone has."""
    sequences = table("sqlite_sequence", column("name"), column("seq"))
    return select(sequences.c.seq).where(sequences.c.name == bindparam("whose"))


def _fetched(whose: str, ask: Ask) -> Iterator[int]:
    most = 1
    while True:
        yield from ask(_SOME, {"whose": whose, "most": most})
        most = min(2 * most, MOST)
