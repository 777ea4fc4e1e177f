"""The cells of a segment: picked out of its elements as a layout places them, and laid out over them again.

The plan of a record is worked out once. Composites and repeats are parted only where the layout asks for them; an
element that the layout takes whole keeps the component marks in it (`plain`, X12), or is its first component (EDIFACT).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from translator.core.finding import Finding, Place
from translator.formats.marks import Marks
from translator.formats.slots import too_few
from translator.mapping.convert import NUMERIC
from translator.mapping.layout import Field, Record
from translator.mapping.row import Cell, Row
from translator.mapping.segments import TURNS, Spot, said, spots, tag_of

Code = tuple[int, int, frozenset[str]]  # element, component, and what may stand there
_WHOLE: Final = frozenset({0})


@dataclass(frozen=True, slots=True)
class Places:
    """Where the cells of one record stand. `direct`: of each field its element, where all of them are whole elements."""

    record: Record
    tag: str
    codes: tuple[Code, ...]
    spots: tuple[Spot, ...]
    direct: tuple[int, ...]
    longest: int  # the last element that is somebody's
    endless: int  # the element from which on a group goes on to the end; 0: none
    named: dict[int, frozenset[int]] = field(default_factory=dict)  # components of each element; {0}: the whole
    fixed: int = 0  # elements that are always written
    begin: tuple[str, ...] = ()  # what is written before the cells are, where all of them are whole elements

    def cells(self, elements: list[str], marks: Marks, row: Row, *, plain: bool) -> list[Cell]:
        """Pick the cells of a segment."""
        if self.direct and (plain or not any(marks.component in one for one in elements)) and not marks.release:
            count = len(elements)
            return [text if at < count and (text := elements[at]) and text.strip(" ") else None for at in self.direct]
        picking = _Picking(elements, marks, plain)
        return picking.cells(self.record.fields, self.spots, row)

    def fits(self, elements: list[str], marks: Marks) -> bool:
        """Tell whether a segment is such a record, by its codes; its tag was asked already."""
        for element, component, values in self.codes:
            text = elements[element] if element < len(elements) else ""
            if component:
                parts = marks.components(text)
                text = parts[component - 1] if component <= len(parts) else ""
            if marks.bare(text).strip() not in values:
                return False
        return True

    def strangers(self, elements: list[str], marks: Marks, *, plain: bool) -> Iterator[str]:
        """Give the places of what the layout does not name, as people say them."""
        for number in range(1, len(elements)):
            text = elements[number]
            if not text or not text.strip(" ") or (self.endless and number >= self.endless):
                continue
            named = self.named.get(number)
            if named is None:
                yield said(self.tag, Spot("leaf", number))
            elif marks.component and marks.component in text and not (plain and 0 in named):
                parts = marks.components(text)
                known = named | {1} if 0 in named else named
                yield from (
                    said(self.tag, Spot("leaf", number, place))
                    for place, part in enumerate(parts, 1)
                    if part and place not in known and -1 not in named
                )


@dataclass(frozen=True, slots=True)
class _Picking:
    """One segment, of which cells are picked."""

    elements: list[str]
    marks: Marks
    plain: bool

    def cells(self, fields: Sequence[Field], places: Sequence[Spot], row: Row) -> list[Cell]:
        return [self.cell(one, spot, row) for one, spot in zip(fields, places, strict=True)]

    def cell(self, one: Field, spot: Spot, row: Row) -> Cell:
        text = self.elements[spot.element] if spot.element < len(self.elements) else ""
        if spot.kind == "leaf":
            return self.leaf(one, text, spot.component)
        if spot.kind == "composite":
            found = self.inside(one, spot.inside, text, row)
            return [found] if found else None
        if spot.kind == "repeat":
            rows = [self.inside(one, spot.inside, part, row) for part in self.marks.repeats(text)]
        else:
            rows = list(self.turns(one, spot, row))
        return [inner for inner in rows if inner] or None

    def leaf(self, one: Field, text: str, component: int) -> Cell:
        if component or not self.plain:
            parts = self.marks.components(text)
            text = parts[(component or 1) - 1] if (component or 1) <= len(parts) else ""
        text = self.marks.bare(text)
        if self.marks.decimal != "." and one.type in NUMERIC:
            text = text.replace(self.marks.decimal, ".")
        return text if text and text.strip(" ") else None

    def inside(self, one: Field, places: Sequence[Spot], text: str, row: Row) -> Row | None:
        inner = Row(one, [], Place(row.place.file, row.place.line, record=one.name), row)
        inner.cells = [self.leaf(part, text, spot.component) for part, spot in zip(one.fields, places, strict=True)]
        return inner if any(cell is not None for cell in inner.cells) else None

    def turns(self, one: Field, spot: Spot, row: Row) -> Iterator[Row | None]:
        room = max(0, len(self.elements) - spot.element + spot.step - 1) // spot.step
        for number in range(min(room, one.times.most or TURNS)):
            inner = Row(one, [], Place(row.place.file, row.place.line, record=one.name), row)
            further = [inside.further(number * spot.step) for inside in spot.inside]
            inner.cells = self.cells(one.fields, further, inner)
            yield inner if any(cell is not None for cell in inner.cells) else None


def few(row: Row) -> Iterator[Finding]:
    """Find groups that stand less often than they must."""
    for one, cell in zip(row.record.fields, row.cells, strict=True):
        count = len(cell) if isinstance(cell, list) else 0
        if one.fields and one.times.many and count < one.times.least:
            yield too_few(one, count, row)


# --- written ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Laying:
    """The texts of one segment that is written: by element, and by component in it."""

    marks: Marks
    texts: dict[int, dict[int, str]] = field(default_factory=dict)
    repeats: dict[int, list[str]] = field(default_factory=dict)
    crowded: list[Field] = field(default_factory=list)  # groups with more turns than there is room for
    wrong: list[Field] = field(default_factory=list)  # fields that hold a mark that cannot be data

    def put(self, fields: Sequence[Field], places: Sequence[Spot], cells: Sequence[Cell]) -> None:
        for one, spot, cell in zip(fields, places, cells, strict=True):
            if cell is None or cell == "":
                continue
            if spot.kind == "leaf":
                self.texts.setdefault(spot.element, {})[spot.component or 0] = self.text(one, cell)
            elif not isinstance(cell, list):
                continue
            elif spot.kind == "composite":
                if len(cell) > 1:
                    self.crowded.append(one)
                for inner in cell[:1]:
                    self.put(one.fields, spot.inside, inner.cells)
            elif spot.kind == "repeat":
                self.repeats[spot.element] = [self.repeat(one, spot, inner) for inner in cell]
            else:
                self.run(one, spot, cell)

    def text(self, one: Field, cell: Cell) -> str:
        text = str(cell)
        if self.marks.decimal != "." and one.type in NUMERIC:
            text = text.replace(".", self.marks.decimal)
        if self.marks.release:
            return self.marks.safe(text)
        if any(mark in text for mark in self.marks.all) or "\n" in text or "\r" in text:
            self.wrong.append(one)
        return text

    def repeat(self, one: Field, spot: Spot, inner: Row) -> str:
        own = Laying(self.marks, crowded=self.crowded, wrong=self.wrong)
        own.put(one.fields, spot.inside, inner.cells)
        return own.element(spot.element)

    def run(self, one: Field, spot: Spot, rows: Sequence[Row]) -> None:
        if len(rows) > (one.times.most or TURNS):
            self.crowded.append(one)
        for number, inner in enumerate(rows[: one.times.most or TURNS]):
            self.put(one.fields, [inside.further(number * spot.step) for inside in spot.inside], inner.cells)

    def element(self, number: int) -> str:
        """Give an element: empty components at its end are not written."""
        if number in self.repeats:
            return self.marks.repetition.join(self.repeats[number])
        parts = self.texts.get(number, {})
        if not parts:
            return ""
        if set(parts) == _WHOLE:
            return parts[0]
        last = max(parts)
        return self.marks.component.join(
            parts.get(at) or (parts.get(0, "") if at == 1 else "") for at in range(1, last + 1)
        )

    def last(self) -> int:
        """Give the last element that holds something."""
        return max((0, *self.texts, *self.repeats))


def places_of(record: Record) -> Places:
    """Place the fields of a record."""
    tag, qualifier = tag_of(record)
    found = spots(record)
    codes = tuple(
        (spot.element, spot.component, frozenset(one.is_))
        for one, spot in zip(record.fields, found, strict=True)
        if one.is_
    )
    if qualifier:
        codes = ((1, 1, frozenset({qualifier})), *codes)
    named: dict[int, frozenset[int]] = {1: _WHOLE} if qualifier else {}
    for spot, one in zip(found, record.fields, strict=True):
        _name(spot, one, named)
    endless = next(
        (
            spot.element
            for spot, one in zip(found, record.fields, strict=True)
            if spot.kind == "run" and one.times.most is None
        ),
        0,
    )
    whole = all(spot.kind == "leaf" and not spot.component for spot in found)
    direct = tuple(spot.element for spot in found) if whole else ()
    fixed = max(record.len, default=0)
    begin = _begin(codes, max(named, default=0)) if direct and not fixed else ()
    return Places(record, tag, codes, found, direct, max(named, default=0), endless, named, fixed, begin)


def _begin(codes: Sequence[Code], longest: int) -> tuple[str, ...]:
    said = {element: next(iter(values)) for element, _, values in codes if len(values) == 1}
    return tuple(said.get(number, "") for number in range(1, longest + 1))


def _name(spot: Spot, one: Field, named: dict[int, frozenset[int]]) -> None:
    if spot.kind == "run":
        for number in range(min(one.times.most or 1, TURNS)):
            for inside, inner in zip(spot.inside, one.fields, strict=True):
                _name(inside.further(number * spot.step), inner, named)
        return
    own = {spot.component} if spot.kind == "leaf" else {inside.component for inside in spot.inside}
    named[spot.element] = named.get(spot.element, frozenset()) | own | ({-1} if spot.kind == "repeat" else set())
