"""Rows that an operator laid over a table's file: they go before the file's, and what both say otherwise is told.

A row of the file gives way to a laid one that begins with the same cells, or with which it could not stand (`alone`), whichever
was there first. The file's other lines stay as they are, comments too, so that what is exported can take the file's place.
A file that is no UTF-8, or no CSV, stays as it is: who reads the table tells so.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from translator.core.alike import composed

Cells = tuple[str, ...]
Alone = Sequence[Sequence[int]]  # columns whose cells, taken together, only one row of a table may have


@dataclass(frozen=True, slots=True)
class Laid:
    """A row: its first cells, by which it is known, and the others."""

    key: Cells
    rest: Cells

    @property
    def cells(self) -> Cells:
        """Give all of it."""
        return (*self.key, *self.rest)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table as it holds. `line`: in the file, 0 where it does not stand there; `said`: what the file says."""

    cells: Cells
    line: int = 0
    said: Cells = ()
    laid: Laid | None = None


def cells_of(text: str) -> Cells:
    """Give the cells of a line; none where it is blank or a comment."""
    return _cells(next(csv.reader([text]), []))


def header_of(data: bytes) -> Cells:
    """Give the names of the columns."""
    return next((cells for _, _, cells in _rows(data) if cells), ())


def overlaid(data: bytes, rows: Sequence[Laid], alone: Alone = ()) -> bytes:
    """Give the table's file with the rows in it: each in the place of the one it replaces, else at the end."""
    if not rows or not _is_table(data):
        return data
    newline = "\r\n" if b"\r\n" in data else "\n"
    made, done, header = [], set[Cells](), True
    for _, text, cells in _rows(data):
        laid = None if header else _laid_on(cells, rows, alone)
        header = header and not cells
        if laid is None:
            made.append(text)
        elif laid.key not in done:
            done.add(laid.key)
            made.append(text if cells == laid.cells else _written(laid.cells))
    made += [_written(laid.cells) for laid in rows if laid.key not in done]
    return newline.join([*made, ""]).encode()


def lines_of(data: bytes, rows: Sequence[Laid], alone: Alone = ()) -> Iterator[Line]:
    """Give each row of the table as it holds, with where it stands."""
    seen = set[Cells]()
    lines = [(number, cells) for number, _, cells in _rows(data) if cells]
    for number, cells in lines[1:]:
        laid = _laid_on(cells, rows, alone)
        seen |= {laid.key} if laid else set()
        yield Line(laid.cells if laid else cells, number, cells, laid)
    yield from (Line(laid.cells, laid=laid) for laid in rows if laid.key not in seen)


def _is_table(data: bytes) -> bool:
    try:
        for _ in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True):
            pass
    except (UnicodeDecodeError, csv.Error):
        return False
    return True


def _rows(data: bytes) -> Iterator[tuple[int, str, Cells]]:
    """Give each row with the line it begins in, as it stands and as its cells: one in quotes may go over several lines."""
    lines = list(io.StringIO(data.decode("utf-8-sig", "replace"), newline=""))
    reader, line = csv.reader(lines), 0
    with suppress(csv.Error):
        for row in reader:
            yield line + 1, "".join(lines[line : reader.line_num]).rstrip("\r\n"), _cells(row)
            line = reader.line_num


def _cells(row: list[str]) -> Cells:
    return tuple(composed(cell).strip() for cell in row) if any(row) and not row[0].startswith("#") else ()


def _laid_on(cells: Cells, rows: Sequence[Laid], alone: Alone) -> Laid | None:
    """Give the row that holds in the place of one of the file; the one that begins so before any that it could not stand with."""
    if not cells:
        return None
    begins = (laid for laid in rows if cells[: len(laid.key)] == laid.key)
    return next(begins, None) or next((laid for laid in rows if _are_one(cells, laid.cells, alone)), None)


def _are_one(cells: Cells, other: Cells, alone: Alone) -> bool:
    """Tell whether only one of two rows can hold."""
    if len(cells) != len(other):
        return False
    return any(all(cells[column] == other[column] for column in columns) for columns in alone)


def _written(cells: Cells) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)  # what it writes stands in quotes where it holds a line end
    return text.getvalue().removesuffix("\r\n")
