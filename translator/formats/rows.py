"""One row of a delimited file becomes text, quoted or escaped where a cell needs it, or where the file's rule wants it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from translator.core.finding import Finding
from translator.mapping.layout import Field
from translator.mapping.row import Cell

Write = Callable[[Sequence[Cell]], str]


class Unquotable(ValueError):
    """A cell that would be read as something else, where there are no quotes."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What parts and encloses cells. `quote`, `escape`: "" where there is none; without `escape` a quote is doubled."""

    delimiter: str
    quote: str = '"'
    escape: str = ""
    comment: str = ""
    ends: str = "\n\r"  # letters that end lines

    def needs(self, text: str) -> bool:
        """Tell whether a text would be read as something else if it stood bare."""
        if not text:
            return False
        if any(end in text for end in self.ends) or (self.quote and self.quote in text):
            return True
        if self.escape and self.escape in text:
            return True
        return (text + self.delimiter).find(self.delimiter) < len(text)  # also `a|` before `||`

    def quoted(self, text: str) -> str:
        """Enclose a text."""
        if not self.escape:
            return f"{self.quote}{text.replace(self.quote, self.quote * 2)}{self.quote}"
        inner = text.replace(self.escape, self.escape * 2).replace(self.quote, self.escape + self.quote)
        return f"{self.quote}{inner}{self.quote}"

    def escaped(self, text: str) -> str:
        """Put the escape before every letter that means something."""
        special = {self.escape, self.delimiter[0], *self.ends}
        return "".join(f"{self.escape}{letter}" if letter in special else letter for letter in text)

    def safe(self, text: str) -> str:
        """Write a text so that it is read as itself. Raises Unquotable."""
        if not self.needs(text):
            return text
        if self.quote:
            return self.quoted(text)
        if self.escape:
            return self.escaped(text)
        raise Unquotable

    def row(self, parts: Sequence[str]) -> str:
        """Join cells that are written already. Raises Unquotable."""
        line = self.delimiter.join(parts)
        alone = len(parts) == 1 and not line.strip()  # a line of nothing would be no row
        if alone or (self.comment and line.startswith(self.comment)):
            if not self.quote and not (line and self.escape):
                raise Unquotable
            first = self.quoted(parts[0]) if self.quote else self.escape + parts[0]
            return self.delimiter.join([first, *parts[1:]])
        return line


def shown(cell: Cell) -> str:
    """Give the text of a cell."""
    return "" if cell is None else str(cell)


def row_writer(marks: Marks) -> Write:
    """Give the function that writes one row without its end, with quotes only where they are needed."""

    def careful(cells: Sequence[Cell]) -> str:
        return marks.row([marks.safe(shown(cell)) for cell in cells])

    unusual = marks.escape or marks.comment or len(marks.delimiter) > 1 or len(marks.ends) > 2
    if not marks.quote or unusual:
        return careful
    mark, quote, quoted = marks.delimiter, marks.quote, marks.quoted

    def quick(cells: Sequence[Any]) -> str:
        if len(cells) < 2:
            return careful(cells)
        try:
            row = mark.join(cells)
        except TypeError:  # not all of them are texts
            return careful(cells)
        if "\n" in row or "\r" in row:
            return mark.join([quoted(c) if mark in c or quote in c or "\n" in c or "\r" in c else c for c in cells])
        if quote in row:
            return mark.join([quoted(c) if mark in c or quote in c else c for c in cells])
        if row.count(mark) >= len(cells):
            return mark.join([quoted(c) if mark in c else c for c in cells])
        return row

    return quick


@dataclass(frozen=True, slots=True)
class Policy:
    """Which cells are quoted whether they need it or not; `quoted` of a field goes before."""

    marks: Marks
    quoting: str = "needed"

    def write(self, cells: Sequence[Cell], fields: Sequence[Field | None]) -> str:
        """Write one row. Raises Unquotable."""
        pairs = zip(cells, fields, strict=True)
        return self.marks.row([self._cell(guarded(shown(cell), one), cell, one) for cell, one in pairs])

    def _cell(self, text: str, cell: Cell, one: Field | None) -> str:
        wanted = self._wanted(text, one) if one is None or one.quoted is None else one.quoted
        return self.marks.quoted(text) if wanted and self.marks.quote else self.marks.safe(text)

    def _wanted(self, text: str, one: Field | None) -> bool:
        if self.quoting == "text":
            return one is None or one.type == "text"
        return self.quoting == "all" or (self.quoting == "filled" and bool(text))


FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # what a spreadsheet takes for the begin of one


def guarded(text: str, one: Field | None) -> str:
    """Put a quote before what a spreadsheet would work out, where the field says so."""
    guards = one is not None and one.formula_guard == "prefix"
    return f"'{text}" if guards and text.lstrip("'").startswith(FORMULA) else text


def unguarded(text: str, one: Field) -> str:
    """Take that quote off again."""
    guards = one.formula_guard == "prefix" and text.startswith("'")
    return text[1:] if guards and text.lstrip("'").startswith(FORMULA) else text


def formula(text: str, one: Field) -> Finding | None:
    """Find what a spreadsheet would work out, where the field refuses it."""
    if one.formula_guard == "reject" and text.startswith(FORMULA):
        said = f"{one.name} begins with {text[0]!r}: a spreadsheet would take it for a formula"
        return Finding("formula", said, rule=one.rule, hint="`formula_guard: prefix` puts a ' before it")
    return None
