"""What formats of lines find their cells by: lines and where they begin, the slots of a row, the cells of a delimited one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

from translator.core.finding import Findings
from translator.formats.lines import Lines
from translator.formats.rows import Marks
from translator.formats.slots import Slots
from translator.formats.stands import Stand
from translator.mapping.layout import MappingFile
from translator.mapping.row import Row


def lines_of(data: bytes, mapping: MappingFile) -> tuple[list[str], list[int]]:
    """Cut a file into lines as it is read, and say where each begins."""
    lines = list(Lines([data], mapping, Findings(), ""))
    return lines, [0, *accumulate(map(len, lines))]


def slotted(slots: Slots, row: Row) -> Iterator[tuple[Row, int, object]]:
    """Give every cell of a row with its place, those of groups inside it too; a group inside one cell stands there."""
    for number, place in enumerate(slots.places):
        if place is not None:
            yield row, number, place
    for group in slots.groups:
        rows = row.cells[group.number]
        for number, inner in enumerate(rows if isinstance(rows, list) else ()):
            turn = group.turn(number)
            yield from slotted(turn, inner) if turn else ()


def standing_in(text: str, whole: Stand) -> Iterator[Stand]:
    """Give a cell; of a group that stands inside one place the cells in it, each where it stands, or where the group does."""
    one, rows = whole.row.record.fields[whole.number], whole.row.cells[whole.number]
    if not (one.fields and one.split and isinstance(rows, list) and rows):
        yield whole
        return
    wanted = [(row, number) for row in rows for number in range(len(row.cells))]
    places = list(_pieces(text, whole.start, whole.end, one.split))
    exact = len(places) == len(wanted)
    for at, (row, number) in enumerate(wanted):
        start, end = places[at] if exact else (whole.start, whole.end)
        yield from standing_in(text, Stand(row, number, start, end))


def _pieces(text: str, start: int, end: int, mark: str) -> Iterator[tuple[int, int]]:
    at = start
    for piece in text[start:end].split(mark):
        yield at, at + len(piece)
        at += len(piece) + len(mark)


def cut(text: str, start: int, marks: Marks) -> list[tuple[int, int]]:
    """Say from where to where the cells of a delimited row stand that begins at `start`, quotes and all."""
    found: list[tuple[int, int]] = []
    at = start
    while True:
        end = _quoted(text, at, marks) if marks.quote and text.startswith(marks.quote, at) else _bare(text, at, marks)
        found.append((at, end))
        if not text.startswith(marks.delimiter, end):
            return found
        at = end + len(marks.delimiter)


def _bare(text: str, at: int, marks: Marks) -> int:
    while at < len(text) and text[at] not in "\r\n\x85" and not text.startswith(marks.delimiter, at):
        at += 2 if marks.escape and text[at] == marks.escape else 1
    return min(at, len(text))


def _quoted(text: str, at: int, marks: Marks) -> int:
    at += 1
    while at < len(text):
        if marks.escape and text[at] == marks.escape:
            at += 2
        elif text[at] != marks.quote:
            at += 1
        elif not marks.escape and text.startswith(marks.quote * 2, at):
            at += 2
        else:
            return at + 1
    return len(text)
