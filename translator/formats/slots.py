"""Where the fields of a record stand in a row or a line, groups that repeat side by side or inside one cell among them.

A place is whatever takes one text out of a row: a column number of a CSV row, a slice of a fixed line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from translator.core.finding import Finding, Place
from translator.formats.parts import joined, parted
from translator.mapping.layout import Field, Record
from translator.mapping.row import Cell, Row

Clean = Callable[[str], str | None]  # a text as it stands becomes a cell; blank ones become nothing
Reach = Callable[[Field, int], tuple[Any, int]]  # of a field that begins at a place: the place, and where it ends
Put = Callable[[Any, Field, Cell], None]
TURNS: Final = 2_000  # of one group side by side


@dataclass(frozen=True, slots=True)
class Group:
    """A group inside a record: where each of its turns stands. `step`: how far the next is, where they go on to the end."""

    number: int  # among the fields around it
    field: Field
    turns: tuple[Slots, ...]
    step: int = 0

    def shifted(self, by: int) -> Group:
        """Give the same group further on."""
        return replace(self, turns=tuple(turn.shifted(by) for turn in self.turns))

    def each(self, reaches: int) -> Iterator[Slots]:
        """Give the turns that begin before a place."""
        if not self.step:
            yield from self.turns
            return
        first = self.turns[0]
        for number in range(min(TURNS, max(0, reaches - first.start + self.step - 1) // self.step)):
            yield first.shifted(number * self.step) if number else first

    def turn(self, number: int) -> Slots | None:
        """Give one turn by its number, None beyond the last."""
        if self.step:
            return self.turns[0].shifted(number * self.step)
        return self.turns[number] if number < len(self.turns) else None


@dataclass(frozen=True, slots=True)
class Slots:
    """The places of the fields of a record, or of one turn of a group: None for groups that have their own."""

    fields: tuple[Field, ...]
    places: tuple[Any, ...]
    groups: tuple[Group, ...] = ()
    parted: tuple[int, ...] = ()  # fields that are groups inside one cell
    start: int = 0
    end: int = 0  # the first place behind

    def shifted(self, by: int) -> Slots:
        """Give the same slots further on."""
        places = tuple(_further(place, by) for place in self.places)
        groups = tuple(group.shifted(by) for group in self.groups)
        return replace(self, places=places, groups=groups, start=self.start + by, end=self.end + by)

    def cells(self, raw: Any, clean: Clean, around: Row, reaches: int) -> list[Cell]:
        """Cut the cells out of a row that is long enough; a group gives the rows of its turns that hold something.

        `reaches`: where the row ends, for groups that go on till then.
        """
        cells: list[Cell] = [None if place is None else clean(raw[place]) for place in self.places]
        for number in self.parted:
            text = cells[number]
            cells[number] = parted(self.fields[number], text, clean, around) if isinstance(text, str) else None
        for group in self.groups:
            cells[group.number] = _turns(group, raw, clean, around, reaches) or None
        return cells

    def laid(self, cells: Sequence[Cell], put: Put, wrong: Callable[[Finding], None]) -> None:
        """Hand each text to be written over with its place; a group that has more turns than places is a finding."""
        for number, (place, one, cell) in enumerate(zip(self.places, self.fields, cells, strict=False)):
            if place is not None:
                put(place, one, joined(one, cell, wrong) if number in self.parted else cell)
        for group in self.groups:
            rows = cells[group.number]
            for number, row in enumerate(rows if isinstance(rows, list) else ()):
                turn = group.turn(number)
                if turn is None:
                    wrong(_too_many(group))
                    break
                turn.laid(row.cells, put, wrong)

    def leaves(self, endless: int = 1) -> Iterator[tuple[Any, Field]]:
        """Give every place with its field. `endless`: turns of a group that goes on to the end of the row."""
        for place, one in zip(self.places, self.fields, strict=True):
            if place is not None:
                yield place, one
        for group in self.groups:
            for number in range(endless if group.step else len(group.turns)):
                turn = group.turn(number)
                yield from turn.leaves(endless) if turn else ()

    def findings(self, row: Row) -> list[Finding]:
        """Find groups that stand less often than they must."""
        found: list[Finding] = []
        for one, cell in zip(self.fields, row.cells, strict=True):
            count = len(cell) if isinstance(cell, list) else 0
            if one.fields and one.times.many and count < one.times.least:
                found.append(too_few(one, count, row))
        return found


def too_few(one: Field, count: int, row: Row) -> Finding:
    """Say that a group stands less often than it must."""
    most = "" if one.times.most is None else one.times.most
    text = f"{one.name}: {count} of them hold something, at least {one.times.least} are meant"
    return Finding("group-missing", text, row.place, one.rule, f"`times: 0..{most}` where there may be fewer")


def _further(place: Any, by: int) -> Any:
    if isinstance(place, slice):
        return slice(place.start + by, place.stop + by)
    return place if place is None or place < 0 else place + by


def _turns(group: Group, raw: Any, clean: Clean, around: Row, reaches: int) -> list[Row]:
    found: list[Row] = []
    for turn in group.each(reaches):
        row = Row(group.field, [], Place(around.place.file, around.place.line, record=group.field.name), around)
        row.cells = turn.cells(raw, clean, row, reaches)
        if any(cell is not None for cell in row.cells):
            found.append(row)
    return found


def _too_many(group: Group) -> Finding:
    text = f"'{group.field.name}' is there more often than the row has room for: {len(group.turns)} times"
    return Finding("layout-times", text, rule=group.field.rule)


def adjoining(layout: Record | Field, reach: Reach, start: int = 0, *, at_once: bool = False) -> Slots:
    """Place fields at `at`, counted from 1 inside what holds them, or right after the field before.

    `at_once`: each after the other, whatever `at` says (it is the name of a column).
    """
    places: list[Any] = []
    groups: list[Group] = []
    at = last = start
    for number, one in enumerate(layout.fields):
        at = start + int(one.at) - 1 if one.at.isdecimal() and not at_once else at
        if one.fields and not one.split:
            group = _group(number, one, reach, at, at_once=at_once)
            groups.append(group)
            places.append(None)
            at = at if group.step else group.turns[-1].end
        else:
            place, at = reach(one, at)
            places.append(place)
        last = max(last, at)
    return Slots(layout.fields, tuple(places), tuple(groups), split_ones(layout), start, last)


def split_ones(layout: Record | Field) -> tuple[int, ...]:
    """Give the numbers of the groups that stand inside one cell."""
    return tuple(number for number, one in enumerate(layout.fields) if one.fields and one.split)


def _group(number: int, one: Field, reach: Reach, at: int, *, at_once: bool) -> Group:
    first = adjoining(one, reach, at, at_once=at_once)
    step = max(one.len or 0, first.end - at, 1)
    first = replace(first, end=at + step)
    if one.times.most is None:
        return Group(number, one, (first,), step)
    turns = min(one.times.most, TURNS)
    return Group(number, one, tuple(first.shifted(turn * step) for turn in range(turns)))


def faults(layout: Record | Field) -> Iterator[Finding]:
    """Find groups that cannot stand side by side, or inside one cell."""
    for number, one in enumerate(layout.fields):
        if one.fields and one.split and one.times.many and len(one.fields) > 1:
            hint = f"put a group inside that parts them: {one.fields[0].name}: {{split: ':', fields: …}}"
            yield _fault(one, f"'{one.name}' repeats inside one cell and wants one field", hint)
        elif one.fields and not one.split and (one.times.most or 0) > TURNS:
            yield _fault(one, f"'{one.name}' cannot stand {one.times.most:,} times in one row")
        elif one.fields and not one.split and one.times.most is None and number + 1 < len(layout.fields):
            hint = f"say how often: times: {one.times.least}..8"
            yield _fault(one, f"'{one.name}' goes on to the end of the row and must be its last", hint)
        yield from faults(one)
    if isinstance(layout, Record):
        for record in layout.records:
            yield from faults(record)


def _fault(one: Field, text: str, hint: str = "") -> Finding:
    return Finding("mapping-times", text, rule=one.rule, hint=hint)
