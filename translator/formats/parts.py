"""Groups inside one cell, parted by a text: `split` on one that repeats parts its turns, on one that does not its fields."""

from __future__ import annotations

from collections.abc import Callable

from translator.core.finding import Finding, Place
from translator.mapping.layout import Field
from translator.mapping.row import Cell, Row

Clean = Callable[[str], str | None]


def parted(one: Field, text: str, clean: Clean, around: Row) -> list[Row]:
    """Give the rows of a group in a cell: `A:1|B:2` in a group split by `|` around one split by `:`."""
    pieces = text.split(one.split)
    if not one.times.many:
        return [_row(one, pieces, clean, around)]
    return [_row(one, [piece], clean, around) for piece in pieces if piece.strip()]


def _row(one: Field, pieces: list[str], clean: Clean, around: Row) -> Row:
    row = Row(one, [], Place(around.place.file, around.place.line, record=one.name), around)
    missing = len(one.fields) - len(pieces)
    if missing < 0:
        text = f"{len(pieces)} parts where {len(one.fields)} are meant"
        row.findings = (Finding("split-parts", text, row.place, one.rule, f"`split` is '{one.split}'"),)
    texts = [*pieces, *[""] * missing]
    row.cells = [_cell(field, text, clean, row) for field, text in zip(one.fields, texts, strict=False)]
    return row


def _cell(one: Field, text: str, clean: Clean, around: Row) -> Cell:
    found = clean(text)
    return parted(one, found, clean, around) if one.fields and found is not None else found


def joined(one: Field, cell: Cell, wrong: Callable[[Finding], None]) -> str:
    """Give the text of a group's rows as it stands in one cell."""
    rows = cell if isinstance(cell, list) else []
    pieces = [piece for row in rows for piece in _pieces(row, wrong)]
    for piece in pieces:
        if one.split in piece:
            text = f"{one.name}: a part holds '{one.split}', which parts them"
            wrong(Finding("split-text", text, rule=one.rule, hint="`substitute` puts another character there"))
    return one.split.join(pieces)


def _pieces(row: Row, wrong: Callable[[Finding], None]) -> list[str]:
    pairs = zip(row.record.fields, row.cells, strict=False)
    return [joined(one, cell, wrong) if one.fields else "" if cell is None else str(cell) for one, cell in pairs]
