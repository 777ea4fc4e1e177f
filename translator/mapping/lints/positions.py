"""Fields that stand in one place, or leave a gap that nobody named, in fixed-width records and segments: mostly mistyped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from translator.core.finding import Finding
from translator.mapping.layout import Field, MappingFile, Record, every_record
from translator.mapping.lints.advice import Looked, warning
from translator.mapping.segments import spots

ELEMENT: Final = 100  # components, more than an element may have
UNNAMED: Final = (None, "", "false", "skip")  # headers of a CSV file that name no column
Placed = tuple[int, int, Field]  # from, to, counted from 0


def misplaced(looked: Looked) -> Iterator[Finding]:
    """Tell of positions that are none, of those that two fields claim, and of those that none does."""
    if wrong := [one for record in every_record(looked.mapping.records) for one in _nowhere(record, looked.mapping)]:
        yield from wrong
    elif looked.mapping.format == "fixed":
        for record in every_record(looked.mapping.records):
            yield from _overlaps(placed(record), writes=looked.mapping.direction == "writes")
            yield from _gaps(placed(record), quiet=looked.mapping.unknown == "skip")
            yield from _beyond(record)
    elif _numbered(looked.mapping):
        for record in every_record(looked.mapping.records) if looked.mapping.direction == "writes" else ():
            yield from _overlaps(columned(record), writes=True)
    elif looked.mapping.transaction:
        for record in every_record(looked.mapping.records):
            yield from _overlaps(_elements(record), writes=looked.mapping.direction == "writes")


def _nowhere(layout: Record | Field, mapping: MappingFile) -> Iterator[Finding]:
    """Find an `at` that is no position, or no number of a column where columns have no names."""
    for one in layout.fields if mapping.format == "fixed" or _numbered(mapping) else ():
        if one.at and not (one.at.isdecimal() and int(one.at)):
            what, hint = "position", "a number from 1 on"
            if mapping.format != "fixed":
                what, hint = "number of a column", f"{hint}; `header: true` finds columns by name"
            yield Finding("field-nowhere", f"'at' of '{one.name}' is no {what}: '{one.at}'", rule=one.rule, hint=hint)
        if not one.split:
            yield from _nowhere(one, mapping)


def _numbered(mapping: MappingFile) -> bool:
    """Tell a file whose columns have numbers, and no names."""
    return mapping.format == "csv" and mapping.options.get("header") in UNNAMED


def _elements(record: Record) -> list[Placed]:
    """Place the fields of a segment: a component is a hundredth of its element."""
    found = []
    for field, spot in zip(record.fields, spots(record), strict=True):
        start = spot.element * ELEMENT + spot.component
        turns = (field.times.most or 1) * spot.step
        found.append((start, start + 1 if spot.component else (spot.element + (turns or 1)) * ELEMENT, field))
    return found


def placed(record: Record | Field) -> list[Placed]:
    """Place the fields of a record, or of a group, by position: at `at` (counted from 1), or right after the one before."""
    return _laid(record, _length)


def columned(record: Record | Field) -> list[Placed]:
    """Place the fields of a record, or of a group, by column, however long what stands in one is."""
    return _laid(record, lambda leaf: 1)


def _length(leaf: Field) -> int:
    return leaf.len or 1


def _laid(record: Record | Field, takes: Callable[[Field], int]) -> list[Placed]:
    found: list[Placed] = []
    end = 0
    for field in record.fields:
        start = int(field.at) - 1 if field.at.isdecimal() else end
        end = start + _width(field, takes)
        found.append((start, end, field))
    return found


def _width(field: Field, takes: Callable[[Field], int]) -> int:
    """Give what a field takes, with all its repeats; those that are split stand in its one place."""
    if field.split:
        return takes(field)
    own = sum(_width(one, takes) for one in field.fields) if field.fields else takes(field)
    return own * (field.times.most or 1) if field.times.many else own


def _overlaps(some: list[Placed], *, writes: bool) -> Iterator[Finding]:
    """Two fields may read the same positions on purpose; written, one would cover the other."""
    covered: Placed | None = None
    for one in sorted(some, key=lambda place: place[:2]):
        if covered and one[0] < covered[1]:
            text = f"'{one[2].name}' ({_said(one)}) overlaps '{covered[2].name}' ({_said(covered)})"
            found = warning("fields-overlap", text, one[2].rule, "see 'at' and 'len' of both")
            yield Finding(found.code, found.text, rule=found.rule, hint=found.hint) if writes else found
        covered = one if covered is None or one[1] > covered[1] else covered


def _gaps(some: list[Placed], *, quiet: bool) -> Iterator[Finding]:
    end = 0
    for start, stop, field in sorted(some, key=lambda place: place[:2]):
        if start > end and not quiet:
            where = f"{end + 1}" if start == end + 1 else f"{end + 1} to {start}"
            text = f"no field names the positions {where}, before '{field.name}'"
            yield warning(
                "fields-gap", text, field.rule, "a field of its own says that they are empty, or unknown: skip"
            )
        end = max(end, stop)


def _beyond(record: Record) -> Iterator[Finding]:
    longest = max(record.len, default=0)
    for start, stop, field in placed(record):
        if longest and stop > longest:
            text = f"'{field.name}' stands at {start + 1} to {stop}, the record is {longest} long"
            yield Finding("field-beyond", text, rule=field.rule, hint="see 'len' of the record")


def _said(place: Placed) -> str:
    if place[2].path:
        return place[2].path
    return f"{place[0] + 1} to {place[1]}"


ADVISE: Final = misplaced
