"""Where the cells of rows stand in a file, character by character: asked when somebody wants to see, never when it flows.

Each format answers for what it wrote and for what it read alike: it is given the bytes and the rows, in the order of
the file, and cuts the one by its layout of the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from translator.mapping.layout import MappingFile
from translator.mapping.row import Row


@dataclass(frozen=True, slots=True)
class Stand:
    """One cell: the characters of the text from `start` to before `end`."""

    row: Row
    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Stands:
    """A file as text, and where the cells stand in it, in the order of their places."""

    text: str
    cells: tuple[Stand, ...]

    def place(self, at: int) -> tuple[int, int]:
        """Give line and column of a character, both from 1."""
        line = self.text.count("\n", 0, at) + 1
        return line, at - self.text.rfind("\n", 0, at)

    def at(self, line: int, column: int) -> int:
        """Give the character at a line and column; the nearest there is."""
        start = 0
        for _ in range(line - 1):
            start = self.text.find("\n", start) + 1 or len(self.text)
        return min(start + column - 1, len(self.text))


Where = Callable[[bytes, Sequence[Row], MappingFile], Stands]


def standing(text: str, cells: Iterator[Stand]) -> Stands:
    """Put cells into the order of their places."""
    return Stands(text, tuple(sorted(cells, key=lambda one: (one.start, one.end))))
