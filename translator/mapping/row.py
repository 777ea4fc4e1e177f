"""Records on their way between bytes and documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True)
class Block:
    """Many plain records of one kind that stand beside each other in a file, by column: nothing is odd about any of them.

    `columns` are in the order of the layout's fields, each with one cell for each record, as its row would hold it.
    """

    record: Record
    columns: tuple[Sequence[Cell], ...]
    lines: Sequence[int]  # where each stands
    file: str
    parent: Row | None = None

    def __len__(self) -> int:
        return len(self.lines)

    def row(self, number: int) -> Row:
        """Give one of the records."""
        return Row(self.record, [column[number] for column in self.columns], self.place(number), self.parent)

    def rows(self) -> Iterator[Row]:
        """Give the records one by one."""
        return map(self.row, range(len(self)))

    def place(self, number: int) -> Place:
        """Tell where one of the records stands."""
        return Place(self.file, self.lines[number], record=self.record.name)

    def cut(self, start: int, stop: int) -> Block:
        """Give some of the records that are beside each other."""
        return replace(self, columns=tuple(one[start:stop] for one in self.columns), lines=self.lines[start:stop])


def each_row(rows: Iterable[Row | Block]) -> Iterator[Row]:
    """Give the rows one by one."""
    for row in rows:
        if type(row) is Block:
            yield from row.rows()
        elif type(row) is Row:
            yield row
