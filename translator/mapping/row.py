"""Records on their way between bytes and documents."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from translator.core.finding import Finding, Place
from translator.mapping.layout import Field, Record

# A cell that was read is text, or None where nothing stands, or the rows of a group inside the record.
# A cell to be written is text in its final form (padded, marked), or typed for formats that are typed (JSON).
Cell: TypeAlias = "str | int | Decimal | bool | list[Row] | None"


@dataclass(slots=True)
class Row:
    """One record: which kind, its cells in the order of its layout's fields, its place, the record it belongs to.

    Rows come one at a time in file order. `parent` is the open row it belongs to (None at the top).
    In formats where a record ends after what belongs to it (XML, JSON) the parent's later cells are still None then.
    """

    record: Record | Field
    cells: list[Cell]
    place: Place
    parent: Row | None = None
    findings: tuple[Finding, ...] = ()  # what a format found wrong with it: its cells are read as far as they go
