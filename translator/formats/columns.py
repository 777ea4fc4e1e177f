"""Where the fields of a delimited file stand: by the names in its header line, in whatever order, or by number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from translator.core.finding import Finding, Place, Rejected, Severity, errors, suggestion
from translator.formats.recognise import UNNAMED
from translator.formats.rows import unguarded
from translator.formats.slots import TURNS, Group, Slots, adjoining, split_ones
from translator.mapping.layout import Field, MappingFile, Record, every_record
from translator.mapping.row import Cell, Row

LEVEL: Final = {"error": Severity.ERROR, "warn": Severity.WARNING}
_NUMBER: Final = re.compile(r"\{(n+)\}")  # of a repeat, in the name of its column; `{nn}`: at least two digits
_OTHER: Final = "none of its columns is of the layout: is its delimiter another, or has it no header line?"
_NOT_ALWAYS: Final = "`times: 0..1` allows that it is missing"
NOWHERE: Final = -1  # the place of a column that the file does not have: an empty cell behind the row


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the cells of one record stand in its rows."""

    record: Record
    slots: Slots
    width: int  # cells of a row; where a group goes on to the end: at least
    identity: tuple[tuple[int, frozenset[str]], ...] = ()
    unnamed: tuple[int, ...] = ()  # columns that are nobody's
    simple: bool = True  # no groups, no missing columns
    endless: int = 0  # columns of one turn of a group that goes on to the end
    guarded: bool = False

    @property
    def quick(self) -> bool:
        """Tell whether a row of the right width is only to be picked from."""
        return self.simple and not self.unnamed

    def pick_quickly(self, raw: list[str]) -> list[Cell]:
        """Give the cells of a simple record's row that is long enough."""
        return [cell if (cell := raw[place]).strip() else None for place in self.slots.places]

    def pick(self, raw: list[str], row: Row) -> list[Cell]:
        """Give the cells in the order of the layout; blank ones become nothing."""
        if self.simple and len(raw) >= self.width:
            return self.pick_quickly(raw)
        filled = [*raw, *[""] * (max(0, self.width - len(raw)) + self.endless + 1)]
        cells = self.slots.cells(filled, _clean, row, max(self.width, len(raw)))
        return _bare(self.slots.fields, cells) if self.guarded else cells

    def text(self, raw: list[str], number: int) -> str:
        """Give the text of one field, without the blanks around it."""
        place = self.slots.places[number]
        return raw[place].strip() if isinstance(place, int) and 0 <= place < len(raw) else ""

    def fits(self, raw: list[str]) -> bool:
        """Tell whether a row is such a record."""
        for place, values in self.identity:  # noqa: SIM110  (asked for every row: a generator costs thrice)
            if not (0 <= place < len(raw) and raw[place].strip() in values):
                return False
        return True


def _clean(text: str) -> str | None:
    return text if text.strip() else None


def _bare(fields: Sequence[Field], cells: Sequence[Cell]) -> list[Cell]:
    """Take off what guards a cell from spreadsheets."""
    bare: list[Cell] = []
    for one, cell in zip(fields, cells, strict=True):
        for row in cell if isinstance(cell, list) else ():
            row.cells = _bare(row.record.fields, row.cells)
        bare.append(unguarded(cell, one) if isinstance(cell, str) else cell)
    return bare


def _guards(fields: Sequence[Field]) -> bool:
    return any(one.formula_guard == "prefix" or _guards(one.fields) for one in fields)


def title(field: Field, number: int = 0) -> str:
    """Give the name of a field's column; of a repeat, with its number."""
    return _NUMBER.sub(lambda found: str(number).zfill(len(found[1])), field.at or field.name)


def columns(record: Record, slots: Slots, width: int, unnamed: Iterable[int] = ()) -> Columns:
    """Make the columns of a record."""
    identity = tuple(
        (place, frozenset(one.is_))
        for one, place in zip(record.fields, slots.places, strict=True)
        if one.is_ and place is not None
    )
    guarded = _guards(record.fields)
    simple = not slots.groups and not slots.parted and NOWHERE not in slots.places and not guarded
    step = max((group.step for group in slots.groups), default=0)
    return Columns(record, slots, width, identity, tuple(unnamed), simple, step, guarded)


def by_number(record: Record) -> Columns:
    """Place the fields by column number: `at`, or right after the field before."""
    slots = adjoining(record, lambda _, at: (at, at + 1))
    taken = {place for place, _ in slots.leaves()}
    return columns(record, slots, slots.end, set(range(slots.end)) - taken)


# --- by the names of a header line ---------------------------------------------------------------------------------


def by_header(
    records: Sequence[Record], names: list[str], mapping: MappingFile, place: Place
) -> tuple[list[Columns], list[Finding]]:
    """Place the fields of records that share a header line. Raises Rejected where the line is none of this layout."""
    names = [name.strip() for name in names]
    placed = [named(record, names) for record in records]
    known = [name for slots in placed for _, name in _titles(slots, names)]
    wrong = [*_twice(names, place), *_unnamed(known, names, mapping, place)]
    for slots in placed:
        wrong += _absent(slots, names, mapping, place)
    if mapping.options.get("order") == "strict":
        wrong += _disorder(known, names, mapping, place)
    if errors(wrong):
        strange = not {*names} & {*known}
        raise Rejected(
            [replace(one, hint=_OTHER) if strange and one.code == "column-unknown" else one for one in wrong]
        )
    blank = [number for number, name in enumerate(names) if not name]
    found = zip(records, placed, strict=True)
    return [columns(record, slots, len(names), blank) for record, slots in found], wrong


def named(layout: Record | Field, names: Sequence[str], number: int = 0) -> Slots:
    """Place the fields of a record, or of one turn of a group, by name."""
    places: list[int | None] = []
    groups: list[Group] = []
    at = {name: place for place, name in reversed(list(enumerate(names)))}
    for index, one in enumerate(layout.fields):
        if one.fields and not one.split:
            groups.append(Group(index, one, tuple(_turns(one, names))))
            places.append(None)
        else:
            places.append(at.get(title(one, number), NOWHERE))
    return Slots(layout.fields, tuple(places), tuple(groups), split_ones(layout))


def _turns(one: Field, names: Sequence[str]) -> Iterator[Slots]:
    """Give the turns of a group that the header has; one that must stand there, whether it does or not."""
    known = set(names)
    if not one.times.many:
        yield named(one, names)
        return
    for number in range(1, (one.times.most or TURNS) + 1):
        there = any(title(inner, number) in known for inner in one.fields)
        if not there and number > max(one.times.least, 1):
            return
        yield named(one, names, number)


def _titles(slots: Slots, names: Sequence[str]) -> Iterator[tuple[Field, str]]:
    """Give every field with the name of its column, whether it is there or not."""
    yield from _leaf_titles(slots, 0)
    for group in slots.groups:
        for number, turn in enumerate(group.turns, 1):
            yield from _leaf_titles(turn, number)


def _leaf_titles(slots: Slots, number: int) -> Iterator[tuple[Field, str]]:
    pairs = zip(slots.fields, slots.places, strict=True)
    return ((one, title(one, number)) for one, place in pairs if place is not None)


def titles(slots: Slots, turns: int) -> list[str]:
    """Give the header line that names the columns of a layout as it is written."""
    found = dict(_leaf_places(slots, 0))
    for group in slots.groups:
        for number in range(1, (turns if group.step else len(group.turns)) + 1):
            turn = group.turn(number - 1)
            found |= dict(_leaf_places(turn, number)) if turn else {}
    return [found.get(place, "") for place in range(max(found, default=-1) + 1)]


def _leaf_places(slots: Slots, number: int) -> Iterator[tuple[int, str]]:
    for place, one in zip(slots.places, slots.fields, strict=True):
        if place is not None:
            yield place, title(one, number)


def _twice(names: list[str], place: Place) -> list[Finding]:
    twice = dict.fromkeys(name for name in names if name and names.count(name) > 1)
    hint = "have its sender give each column a name of its own"
    return [Finding("column-twice", f"the column '{name[:40]}' stands twice", place, hint=hint) for name in twice]


def _unnamed(known: Sequence[str], names: list[str], mapping: MappingFile, place: Place) -> list[Finding]:
    strange = [name for name in names if name and name not in set(known)]
    text = "the layout has no column '{}'"
    told = "" if mapping.unknown == "skip" else UNNAMED
    charset = mapping.options.get("charset") or "utf-8"
    free = [name for name in known if name not in set(names)]
    return [
        _policy(
            "column-unknown",
            text,
            name,
            mapping,
            place,
            _misread(name, known, charset) or suggestion(name, free) or told,
        )
        for name in strange
    ]


def _misread(name: str, known: Sequence[str], charset: str) -> str:
    """Recognise a column whose letters were written in UTF-8 and read by a code page: `VerfÃ¼gbar`."""
    try:
        meant = name.encode(charset).decode()
    except (UnicodeError, LookupError):
        return ""
    return f"it is '{meant}' in UTF-8, the mapping says {charset}" if meant != name and meant in known else ""


def _absent(slots: Slots, names: list[str], mapping: MappingFile, place: Place) -> list[Finding]:
    """Find columns that must be there: `times: 0..1`, or a default, says that one need not."""
    there = set(names)
    lost = [
        (one, name)
        for one, name in _titles(slots, names)
        if name not in there and one.default is None and one.times.least and (one.required or mapping.unknown != "skip")
    ]
    text = "the file has no column '{}'"
    titles = {name for _, name in _titles(slots, names)}
    free = [name for name in names if name not in titles]
    return [
        _policy("column-missing", text, name, mapping, place, suggestion(name, free) or _NOT_ALWAYS).at(rule=one.rule)
        for one, name in lost
    ]


def _disorder(known: Sequence[str], names: list[str], mapping: MappingFile, place: Place) -> list[Finding]:
    there = [name for name in names if name in set(known)]
    wanted = [name for name in dict.fromkeys(known) if name in set(names)]
    first = next((name for name, other in zip(wanted, there, strict=False) if name != other), "")
    if not first:
        return []
    text = f"the column '{first[:40]}' does not stand where the layout has it"
    return [Finding("column-order", text, place, mapping.rule, "`order: any` takes columns in any order")]


def _policy(code: str, text: str, name: str, mapping: MappingFile, place: Place, hint: str) -> Finding:
    severity = LEVEL.get(mapping.unknown) or (Severity.ERROR if code == "column-missing" else Severity.INFO)
    return Finding(code, text.format(name[:40]), place, hint=hint, severity=severity)


def faults(mapping: MappingFile) -> Iterator[Finding]:
    """Find repeated columns whose names do not count, under a header."""
    for record in every_record(mapping.records):
        for one in record.fields:
            for inner in one.fields if one.times.many and not one.split else ():
                if inner.fields and not inner.split:
                    yield _fault(inner, "a group inside a repeated one has no column names", "")
                elif not _NUMBER.search(inner.at or inner.name):
                    hint = f"{inner.name}: {{at: '{(inner.at or inner.name)}{{n}}'}}"
                    yield _fault(
                        inner, f"the column '{inner.at or inner.name}' of '{one.name}' repeats without a number", hint
                    )


def _fault(one: Field, text: str, hint: str) -> Finding:
    return Finding("header-number", text, rule=one.rule, hint=hint)
