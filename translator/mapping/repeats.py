"""Which fields of a record repeat a field of a record around it: `equals: H.lot` chooses what a line belongs to.

A plain path is meant, no more: what is worked out (`H.lot + 1`, `here.number - 1`, `count(D)`) says what must stand there,
and chooses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from translator.mapping.layout import Field, Record

_PATH: Final = re.compile(r"\s*([A-Za-z_]\w*)\s*\.\s*([A-Za-z_]\w*)\s*")


@dataclass(frozen=True, slots=True)
class Repeat:
    """A field of a record, by its number, and the field of a record around it that it repeats."""

    number: int
    around: Record
    theirs: int


def repeats(records: Iterable[Record], around: tuple[Record, ...] = ()) -> dict[int, tuple[Repeat, ...]]:
    """Give what records and those inside them repeat, by id of the record; those that repeat nothing are left out."""
    found: dict[int, tuple[Repeat, ...]] = {}
    for record in records:
        own = tuple(one for number, field in enumerate(record.fields) if (one := _repeat(number, field, around)))
        found |= {id(record): own} if own else {}
        found |= repeats(record.records, (*around, record))
    return found


def _repeat(number: int, field: Field, around: tuple[Record, ...]) -> Repeat | None:
    path = _PATH.fullmatch(field.equals.text) if field.equals else None
    if path is None:
        return None
    for record in reversed(around):
        if record.name == path[1]:
            names = [one.name for one in record.fields]
            return Repeat(number, record, names.index(path[2])) if path[2] in names else None
    return None
