"""How a row stands in its file as one text: what a format says of it, so that a whole file can be written at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from translator.mapping.layout import Record


@dataclass(frozen=True, slots=True)
class Line:
    """Fixed text and the numbers of cells, in the order in which they stand; of a group in it the same for its own cells.

    `marks`: how many of the characters that part the file stand in the fixed text; of a line of fixed width, all of its
    characters, those of its cells included. `special`: what stands there is looked at again when all lines do.
    """

    pieces: tuple[str | int, ...]
    marks: int
    special: bool = False
    groups: Mapping[int, Line] = field(default_factory=dict)


# From the lines of a file, how many marks they were written with, and the numbers of the special ones, to its bytes.
# None: something is odd about a value, or about the file.
Join = Callable[[Sequence[str], int, Sequence[int]], "bytes | None"]


@dataclass(frozen=True, slots=True)
class Lines:
    """How the rows of a mapping become lines, and the lines a file."""

    of: Callable[[Record], Line]
    join: Join
