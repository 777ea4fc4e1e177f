"""What expressions of a picture know besides the file: the partner, the file's name, now, numbers, tables; and `let`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from translator.mapping import convert
from translator.mapping.context import Context
from translator.mapping.entry import Entry
from translator.mapping.expression import Missing
from translator.mapping.layout import MappingFile
from translator.mapping.names import words
from translator.mapping.scope import Formula, Scope

WORLD: Final = frozenset({"partner", "file", "now", "take_number", "ask_tables", "warehouse_zone", "order", "item"})


def world(mapping: MappingFile, root: Entry, context: Context, file: str) -> Scope:
    """Give the scope of a whole file."""
    known = {
        "partner": context.partner(),
        "file": {"name": file, **(words(mapping.file, file.rpartition("/")[2]) or {})},
        "now": context.now(),
        "take_number": context.number,
        "ask_tables": convert.asker(mapping.tables, "error"),
        "warehouse_zone": context.zone(""),
    }
    return Scope([root], {}, known)


def with_lets(lets: Iterable[tuple[str, Formula]], scope: Scope) -> Scope:
    """Work out the short names of the mapping, in order; what is missing is told where it is used."""
    for name, let in lets:
        try:
            scope = scope.named(name, let(scope))
        except Missing:
            continue
    return scope
