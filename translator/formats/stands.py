"""Where the cells of rows stand in a file, character by character: asked when somebody wants to see, never when it flows.

Each format answers for what it wrote and for what it read alike: it is given the bytes and the rows, in the order of
the file, and cuts the one by its layout of the other.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from translator.mapping.layout import MappingFile
from translator.mapping.row import Row

_END: Final = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Stand:
    """One cell: the characters of the text from `start` to before `end`."""

    row: Row
    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Stands:
    """A file as text, and where the cells stand in it, in the order of their places. `lines`: where each line begins."""

    text: str
    cells: tuple[Stand, ...]
    lines: tuple[int, ...]

    def place(self, at: int) -> tuple[int, int]:
        """Give line and column of a character, both from 1."""
        line = bisect_right(self.lines, at)
        return line, at - self.lines[line - 1] + 1

    def at(self, line: int, column: int) -> int:
        """Give the character at a line and column; the nearest there is."""
        return min(self.lines[line - 1] + column - 1, len(self.text)) if line <= len(self.lines) else len(self.text)


Where = Callable[[bytes, Sequence[Row], MappingFile], Stands]


def standing(text: str, cells: Iterator[Stand], lines: Iterable[int] | None = None) -> Stands:
    """Put cells into the order of their places. `lines`: where each begins, where that is known; else after each line end."""
    begins = (0, *(found.end() for found in _END.finditer(text))) if lines is None else tuple(lines)
    return Stands(text, tuple(sorted(cells, key=lambda one: (one.start, one.end))), begins)
