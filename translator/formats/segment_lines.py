"""A file of segments as lines of text, for the code that writes it at once: what stands around the cells of each record.

Marks and line ends are looked for in all of them together; where more stand than the lines were made with, one is in a
value, and the file is written with care.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from translator.formats.dialect import Dialect, Tagged
from translator.formats.marks import Marks
from translator.formats.segment_levels import Levels
from translator.formats.segment_places import Places
from translator.formats.segment_write import Look, broken_up, look_of
from translator.formats.written import encoder
from translator.mapping.layout import Field, MappingFile
from translator.mapping.letters import substitute
from translator.mapping.line import Line, Lines
from translator.mapping.segments import Spot

Slots = dict[int, dict[int, "str | int"]]  # by element and component: what stands there
CONTROLS: Final = "\r\n"


class _Otherwise(Exception):
    """A record is not written as fixed text and cells."""


def lines_of(mapping: MappingFile, dialect: Dialect) -> Lines | None:
    """Say how the records of a mapping become lines; None: one of them is written with care alone."""
    marks, look = dialect.opening.declared(mapping), look_of(mapping)
    if marks.decimal != ".":
        return None
    try:
        known = {key: _line(places, marks, dialect) for key, places in look.plans.items()}
    except _Otherwise:
        return None
    parting = marks.all + CONTROLS
    own = [letter for letter in mapping.substitute if letter.isascii() and letter not in parting]
    others = substitute({letter: text for letter, text in mapping.substitute.items() if not letter.isascii()})
    odd, letters = parting + "".join(own), others.odd.search if others else None
    joining = _Joining(mapping, dialect, marks, look, dialect.tags, odd, letters, encoder(look.charset))
    return Lines(lambda record: known[id(record)], joining.join)


# --- one record ------------------------------------------------------------------------------------------------------


def _line(places: Places, marks: Marks, dialect: Dialect) -> Line:
    if places.fixed:
        raise _Otherwise
    slots: Slots = {}
    for element, component, values in places.codes:
        if len(values) == 1:
            slots.setdefault(element, {})[component] = _plain(next(iter(values)), marks)
    groups = _put(slots, places.record.fields, places.spots, marks)
    texts = [_element(slots.get(number, {}), marks) for number in range(1, max(slots, default=0) + 1)]
    begin: list[str | int] = [places.tag, marks.tag or marks.element] if texts else [places.tag]
    parted = [piece for number, text in enumerate(texts) for piece in ([marks.element] * (number > 0) + text)]
    return _made([*begin, *parted], marks, groups, special=places.tag in dialect.tags)


def _put(slots: Slots, fields: Sequence[Field], spots: Sequence[Spot], marks: Marks) -> dict[int, Line]:
    """Put cells where they stand; gives the lines of the groups among them."""
    groups = {}
    for number, (one, spot) in enumerate(zip(fields, spots, strict=True)):
        found = slots.setdefault(spot.element, {})
        if spot.kind == "composite" and not found:
            groups[number] = _composite(one, spot, marks)
        elif spot.kind != "leaf" or isinstance(found.get(spot.component, ""), int) or not _free(found, one, spot):
            raise _Otherwise
        found[spot.component] = number
    return groups


def _free(found: dict[int, str | int], one: Field, spot: Spot) -> bool:
    return spot.component not in found or bool(one.is_)


def _composite(one: Field, spot: Spot, marks: Marks) -> Line:
    slots: Slots = {}
    _put(slots, one.fields, spot.inside, marks)
    return _made(_element(slots[spot.element], marks), marks, {}, special=False)


def _element(parts: dict[int, str | int], marks: Marks) -> list[str | int]:
    """Give an element: its components, of which the whole is the first where there are others."""
    if set(parts) <= {0}:
        return [*parts.values()]
    if 0 in parts:
        if 1 in parts:
            raise _Otherwise
        parts = {**parts, 1: parts[0]}
    if not marks.component and max(parts) > 1:
        raise _Otherwise
    found: list[str | int] = []
    for number in range(1, max(parts) + 1):
        found += [marks.component] * (number > 1) + ([parts[number]] if number in parts else [])
    return found


def _made(pieces: Sequence[str | int], marks: Marks, groups: dict[int, Line], *, special: bool) -> Line:
    text = "".join(piece for piece in pieces if isinstance(piece, str))
    return Line(tuple(pieces), sum(map(text.count, marks.all)), special, groups)


def _plain(text: str, marks: Marks) -> str:
    if any(mark in text for mark in marks.all + CONTROLS):
        raise _Otherwise
    return text


# --- the file --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Joining:
    """Lines become a file."""

    mapping: MappingFile
    dialect: Dialect
    marks: Marks
    look: Look
    tags: Mapping[str, Tagged]
    odd: str  # characters that count: where more of them stand than lines were made with, one is in a value
    letters: Callable[[str], object] | None  # finds another one that is substituted
    encode: Callable[[str], bytes]

    def join(self, lines: Sequence[str], written: int, special: Sequence[int]) -> bytes | None:
        """Give the bytes of a file; None: with care."""
        whole = "".join(lines)
        if sum(map(whole.count, self.odd)) != written:
            return None
        if self.letters and not whole.isascii() and self.letters(whole):
            return None
        bare = self.marks.element + self.marks.component + self.marks.tag
        found = [line.rstrip(bare) for line in lines]
        if not self.dialect.plain:
            found = [self._shortened(line) for line in found]
        try:
            self._level(found, special)
            before = self.dialect.before(self.marks, self.mapping) if self.dialect.before else ""
            text = self.look.end(self.marks).join([before, *found, ""] if before else [*found, ""])
            data = self.encode(text)
        except (_Otherwise, UnicodeEncodeError):
            return None
        return broken_up(data, self.look)

    def _shortened(self, line: str) -> str:
        """Take empty components at the end of an element away."""
        empty = self.marks.component + self.marks.element
        while empty in line:
            line = line.replace(empty, self.marks.element)
        return line

    def _level(self, lines: list[str], special: Sequence[int]) -> None:
        """Put headers and trailers into their form."""
        levels = Levels(self.dialect, self.marks, self.mapping, self.tags)
        mark, behind = self.marks.element, self.marks.tag or self.marks.element
        for number in special:
            tag, _, rest = lines[number].partition(behind)
            elements = levels.laid(tag, rest.split(mark) if rest else [], number + 1, _refused)
            lines[number] = f"{tag}{behind}{mark.join(elements)}" if elements else tag


def _refused(path: str, text: str) -> None:
    raise _Otherwise
