"""Where in a JSON tree records and fields stand: the keys that lead to each; what cannot be meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from translator.core.finding import Finding
from translator.formats.once import once
from translator.mapping.layout import Field, MappingFile, Record, every_record

ROOT: Final = "row"  # the one record of a file that says `fields`: the root itself
NULL: Final = "null"  # as `empty`: a key whose value is null
ABSENT: Final = object()
_PATH: Final = re.compile(r"[/.]")
Steps = tuple[str, ...]


def steps(layout: Record | Field) -> Steps:
    """Give the keys that lead to a record or field; none: the value around it itself."""
    at = layout.at or ("" if layout.name == ROOT and isinstance(layout, Record) else layout.name)
    return tuple(step for step in _PATH.split(at) if step)


@dataclass(slots=True, eq=False)
class Way:
    """A place in the tree: the records that stand there, the keys that lead on to others."""

    records: list[Record] = field(default_factory=list)
    ways: dict[str, Way] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shape:
    """The layout of a file, or of a record: the way to what belongs to it, the keys of its fields."""

    way: Way
    fields: tuple[Steps, ...]  # none: the value itself
    known: tuple[Steps, ...]  # those of its fields, and of its records


@once
def ways(mapping: MappingFile) -> dict[int, tuple[Steps, ...]]:
    """Work out the keys of the fields of each record and group (by its id), once for a mapping."""
    found: dict[int, tuple[Steps, ...]] = {}
    some: list[Record | Field] = [*mapping.records]
    for one in some:  # it grows
        found[id(one)] = tuple(map(steps, one.fields))
        some += [*(inner for inner in one.fields if inner.fields), *(one.records if isinstance(one, Record) else ())]
    return found


@once
def shapes(mapping: MappingFile) -> dict[int, Shape]:
    """Work out the shape of the file (0) and of each record (its id), once for a mapping."""
    found = {0: _shape((), mapping.records)}
    for record in every_record(mapping.records):
        found[id(record)] = _shape(record.fields, record.records)
    return found


def _shape(fields: Sequence[Field], records: Sequence[Record]) -> Shape:
    top = Way()
    for record in records:
        way = top
        for step in steps(record):
            way = way.ways.setdefault(step, Way())
        way.records.append(record)
    own = tuple(map(steps, fields))
    return Shape(top, own, (*own, *map(steps, records)))


def down(tree: Any, path: Steps) -> Any:
    """Give what keys lead to; ABSENT: nothing, not even null."""
    for step in path:
        tree = tree.get(step, ABSENT) if isinstance(tree, dict) else ABSENT
    return tree


def unknown(entry: dict[str, Any], known: Iterable[Steps], above: str = "") -> Iterator[str]:
    """Give the keys no path leads to or through."""
    paths = [path for path in known if path]
    for name, value in entry.items():
        below = [path[1:] for path in paths if path[0] == name]
        if not below:
            yield above + name
        elif all(below) and isinstance(value, dict):
            yield from unknown(value, below, f"{above}{name}/")


def faults(mapping: MappingFile) -> list[Finding]:
    """Say what of a layout cannot be JSON."""
    lines = mapping.options.get("lines") == "true"
    return [finding for record in mapping.records for finding in _faults(record, lines=lines)]


def _faults(one: Record | Field, *, lines: bool) -> Iterator[Finding]:
    records = one.records if isinstance(one, Record) else ()
    if lines and isinstance(one, Record) and one.at:
        yield Finding("json-path", "each line is an object: a record of lines has no path", rule=one.rule)
    inside: list[Record | Field] = [*one.fields, *(() if lines else records)]
    for number, inner in enumerate(inside):
        path = steps(inner)
        if any(meet(steps(other), path) and not _alike(inner, other) for other in inside[:number]):
            text = f"the key {'/'.join(path) or '.'} is that of two lines, or on the way to one"
            yield Finding("json-path", text, rule=inner.rule, hint="an object of several fields is a group")
    below: list[Record | Field] = [*(group for group in one.fields if group.fields), *records]
    for inner in below:
        yield from _faults(inner, lines=lines)


def meet(one: Steps, other: Steps) -> bool:
    """Tell two ways of which one leads on from the other."""
    size = min(len(one), len(other))
    return one[:size] == other[:size]


def _alike(one: Record | Field, other: Record | Field) -> bool:
    """Tell records of one place: they are told apart by what they hold."""
    return isinstance(one, Record) and isinstance(other, Record) and steps(one) == steps(other)
