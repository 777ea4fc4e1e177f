"""Where the paths of a picture lead in a transaction: to one place in the layout, whatever stands in the file, or Unfit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from translator.mapping.layout import Field, MappingFile, Record, every_record, spoken
from translator.mapping.scope import Path


class Unfit(Exception):
    """The picture is not one for this way."""


@dataclass(frozen=True, slots=True)
class Level:
    """A record that is at hand where code stands, and the variable that holds its node."""

    record: Record
    variable: str


@dataclass(frozen=True, slots=True)
class Way:
    """Where a path leads from: a record at hand; through which below it, by number; to which field."""

    level: Level
    below: tuple[tuple[int, Record], ...]
    number: int
    field: Field


@dataclass(frozen=True, slots=True)
class Paths:
    """Finds where paths lead. `taken`: names that stand for something else."""

    mapping: MappingFile
    transaction: Record
    taken: frozenset[str]

    def way(self, path: Path, levels: tuple[Level, ...]) -> Way:
        """Find the one place a path leads to."""
        level, below, rest = self.root(path, levels)
        found: list[tuple[int, Record]] = [below] if below else []
        record = found[-1][1] if found else level.record
        *through, last = rest
        for name in through:
            number, record = next(
                ((number, one) for number, one in enumerate(record.records, 1) if one.name == name), (0, record)
            )
            if not number:
                raise Unfit
            found.append((number, record))
        for number, one in enumerate(record.fields):
            if spoken(one) == last and not one.fields and not one.times.many and not one.split:
                return Way(level, tuple(found), number, one)
        raise Unfit

    def root(self, path: Path, levels: tuple[Level, ...]) -> tuple[Level, tuple[int, Record] | None, Path]:
        """Find what the first name of a path is: it must be one thing, whatever stands in the file."""
        name = path[0]
        if name in self.taken:
            raise Unfit
        found: list[tuple[Level, tuple[int, Record] | None, Path]] = []
        known: set[int] = set()
        for level in levels:
            if level.record.name == name:
                found.append((level, None, path[1:]))
                known.add(id(level.record))
            for number, one in enumerate(level.record.records, 1):
                if one.name == name:
                    if id(one) not in {id(other.record) for other in levels}:
                        found.append((level, (number, one), path[1:]))
                    known.add(id(one))
            found += [(level, None, path) for one in level.record.fields if spoken(one) == name]
        outside = {id(level.record) for level in levels}
        others = [
            *(one for one in every_record(self.mapping.records) if one.name == name and id(one) not in known),
            *(one for record in every_record(self.mapping.records) for one in record.fields
              if spoken(one) == name and (one.fields or one.times.many or (id(record) not in outside and self._around(record)))),
            *(one for record in every_record(self.mapping.records) for one in _inner(record.fields) if spoken(one) == name),
        ]  # fmt: skip
        if len(found) != 1 or others or not found[0][2]:
            raise Unfit
        return found[0]

    def _around(self, record: Record) -> bool:
        """Tell a record that may stand around a transaction."""
        return any(one is self.transaction for one in every_record(record.records))


def _inner(fields: Iterable[Field]) -> Iterator[Field]:
    for one in fields:
        yield from one.fields
        yield from _inner(one.fields)


def cells_of(way: Way) -> str:
    """Write the cells of all rows that a path leads to."""
    node, turns = way.level.variable, []
    for depth, (number, record) in enumerate(way.below):
        nodes = f"{node}[{number}]"
        node = f"x{depth}"
        turns.append(f"for {node} in {nodes}" if record.times.many else f"for {node} in ({nodes},) if {node}")
    cell = f"s[{node}[0]][{way.number}]"
    return f"tuple([{cell} {' '.join(turns)}])" if turns else f"({cell},)"
