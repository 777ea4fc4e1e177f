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


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What the rows of a stretch are: of each its record (None: nobody's row), and the number of the one around it.

    -1: it stands in what is around the stretch. Files are full of alike transactions, so it is worked out once.
    """

    records: tuple[Record | None, ...]
    around: tuple[int, ...]
    count: int  # of those that are somebody's


@dataclass(slots=True, eq=False)
class Stretch:
    """All rows of one transaction, one behind the other, with nothing odd about any of them: their cells."""

    frame: Frame
    cells: Sequence[Sequence[Cell]]
    file: str
    line: int  # where the first stands
    parent: Row | None

    def __len__(self) -> int:
        return self.frame.count

    def rows(self) -> Iterator[Row]:
        """Give the rows one by one."""
        made: list[Row] = []
        for line, (record, around) in enumerate(zip(self.frame.records, self.frame.around, strict=True), self.line):
            parent = made[around] if around >= 0 else self.parent
            row = Row(record or _NOBODY, [], Place(self.file, line, record=record.name if record else ""), parent)
            made.append(row)
            if record:
                row.cells = [_again(cell, row) for cell in self.cells[line - self.line]]
                yield row


_NOBODY = Record("", Place())


def _again(cell: Cell, row: Row) -> Cell:
    """Give a cell; the rows of a group in it stand where the row does."""
    if not isinstance(cell, list):
        return cell
    found: list[Row] = []
    for one in cell:
        inner = Row(one.record, [], Place(row.place.file, row.place.line, record=one.record.name), row)
        inner.cells = [_again(each, inner) for each in one.cells]
        found.append(inner)
    return found


Source: TypeAlias = "Row | Block | Stretch"


def plainly(sources: Iterable[Source]) -> Iterator[Row | Block]:
    """Give the rows of transactions one by one."""
    for source in sources:
        if type(source) is Stretch:
            yield from source.rows()
        elif not isinstance(source, Stretch):
            yield source


def each_row(rows: Iterable[Source]) -> Iterator[Row]:
    """Give the rows one by one."""
    for row in rows:
        if isinstance(row, Block | Stretch):
            yield from row.rows()
        elif type(row) is Row:
            yield row
