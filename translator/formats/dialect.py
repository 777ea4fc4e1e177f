"""What tells X12, EDIFACT and TRADACOMS apart for the core they share: how files begin, and what closes what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from translator.formats.marks import Marks
from translator.formats.segments import Opening
from translator.formats.told import Telling
from translator.mapping.envelope import Envelope
from translator.mapping.layout import MappingFile


@dataclass(frozen=True, slots=True)
class Level:
    """One header and the trailer that closes it.

    `control`: element and component of the number in the header that the trailer repeats in `echo`; 0: none does.
    `count`: the element of the trailer that counts: what is inside, or at the innermost level segments.
    """

    header: str
    trailer: str
    control: tuple[int, int] = (0, 0)
    echo: int = 2
    count: int = 1


Tagged = tuple[int, Level, bool]
Told = Callable[[str, str], None]  # the place of an element, and what is wrong with it
Finish = Callable[[Level, list[str], Marks, MappingFile, Told], list[str]]


@dataclass(frozen=True, slots=True)
class Dialect:
    """A family of segment formats. `plain`: an element that the layout takes whole may hold component marks.

    `said`: where a header says what an acknowledgement repeats: element, and component. `telling`: the codes of its
    acknowledgements; None: there is no such thing.
    """

    name: str
    opening: Opening
    levels: tuple[Level, ...]  # outermost first
    envelope: Envelope
    plain: bool
    finish: Finish | None = None  # puts a written header into its form
    before: Callable[[Marks, MappingFile], str] | None = None  # what is written before all segments
    filled: str = ""  # the header whose elements are filled up with blanks
    own: frozenset[str] = frozenset()  # places that hold marks: ISA-16
    counted: str = "segments"
    said: Mapping[str, Mapping[str, tuple[int, int]]] = field(default_factory=dict)
    telling: Telling | None = None

    @property
    def tags(self) -> dict[str, Tagged]:
        """Give the levels by the tags of their headers and trailers: its number from outside, and whether it is the header."""
        found = {one.header: (number, one, True) for number, one in enumerate(self.levels)}
        return found | {one.trailer: (number, one, False) for number, one in enumerate(self.levels)}

    def level(self, tag: str) -> tuple[int, Level, bool] | None:
        """Give the level of a header or trailer, and whether it is the header."""
        for number, one in enumerate(self.levels):
            if tag in (one.header, one.trailer):
                return number, one, tag == one.header
        return None
