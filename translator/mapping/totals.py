"""What a field equals in its own file: counts, sums and echoed values, worked out when every row stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from translator.core.finding import Finding
from translator.mapping.careful import Later, Names
from translator.mapping.convert import NUMERIC, Parse, parser
from translator.mapping.expression import ABSENT, Failed, Path
from translator.mapping.layout import Field, Record
from translator.mapping.numbers import negated
from translator.mapping.plan import Block, Part
from translator.mapping.row import Row
from translator.mapping.wrong import Wrong

HERE: Final = "here"  # the line of a file of fixed width that a field stands in
Parsers = Mapping[int, Mapping[str, "Cells"]]  # by layout: its fields


@dataclass(frozen=True, slots=True)
class Cells:
    """Where the cells of a field stand, and how they are read back as they were written."""

    number: int
    parse: Parse
    sign: int | None = None  # the cell beside it that holds its sign
    minus: object = None  # what that cell is where it is negative

    def value(self, row: Row) -> Any:
        """Give the value that was written into a row."""
        cell = row.cells[self.number]
        found = self.parse(cell) if isinstance(cell, str) else cell
        negative = self.sign is not None and row.cells[self.sign] == self.minus
        return negated(found) if negative and isinstance(found, (int, Decimal)) else found


def parsers(blocks: Iterable[Block]) -> Parsers:
    """Prepare reading back what was written, for every record and group of a plan."""
    return {id(block.layout): _readable(block) for block in _all(blocks)}


def _all(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        yield block
        yield from _all([*block.blocks, *(part.group for part in block.parts if part.group)])


def _readable(block: Block) -> dict[str, Cells]:
    numbers = {part.field.name: number for number, part in enumerate(block.parts)}
    found = {}
    for name, number in numbers.items():
        one = block.parts[number].field
        sign = numbers.get(one.sign_of)
        minus = None if sign is None else _minus(block.parts[sign])
        found[name] = Cells(number, reading(one), sign, minus)
    return found


def _minus(part: Part) -> object:
    try:
        return part.cell(-1)
    except Wrong:
        return None  # its table knows no minus: such a row is not written


def reading(one: Field) -> Parse:
    """Give what reads a cell back as it was written: a table is not asked."""
    parse = parser(replace(one, lookup=None), "UTC")
    return lru_cache(maxsize=4096)(parse) if one.type in NUMERIC else parse


def settle(rows: Sequence[Row], later: Sequence[Later], read: Parsers) -> list[Finding]:
    """Write the cells that wait for the whole file; gives what is wrong with them."""
    written = _Written(rows, read)
    findings: list[Finding] = []
    for row, number, block, names in later:
        part = block.parts[number]
        try:
            value = written.value(part, row, names)
            row.cells[number] = part.total(value, names["warehouse_zone"])
        except Failed as failed:
            findings.append(failed.finding)
        except Wrong as wrong:
            findings.append(wrong.finding(rule=part.field.rule))
    return findings


@dataclass(slots=True)
class _Written:
    """The rows of a file as expressions see them: only as far as they are asked."""

    rows: Sequence[Row]
    read: Parsers
    known: dict[tuple[int, str], list[Row]] = field(default_factory=dict)
    turns: dict[int, int] = field(default_factory=dict)  # of a row: its number in the file, from 1

    def here(self, row: Row) -> dict[str, int]:
        """Give what `here` is: all rows are numbered at the first question."""
        if not self.turns:
            self.turns.update((id(one), number) for number, one in enumerate(self.rows, 1))
        return {"number": self.turns[id(row)]}

    def below(self, parent: Row | None, name: str) -> list[Row]:
        """Give the rows of a name that belong to a row, or stand at the top; all are sorted at the first question."""
        if not self.known:
            for row in self.rows:
                self.known.setdefault((id(row.parent), row.record.name), []).append(row)
        return self.known.get((id(parent), name), [])

    def value(self, part: Part, row: Row, names: Names) -> Any:
        """Work out what a field equals: a function of a path at once, anything else as an expression."""
        if part.equals is None:
            return ABSENT
        if part.equals.direct:
            function, path = part.equals.direct
            rows = None if path[0] in self.read[id(row.record)] else self._root(path[0], row)
            if isinstance(rows, list):
                return function(self._values(rows, path[1:]))
        gathered = {name: self._gathered(path, row) for name, path in part.equals.gathered.items()}
        own = {HERE: self.here(row)} if HERE in part.equals.compiled.uses.names else {}
        return part.equals.compiled({**names, **self._names(part.equals.paths, row), **gathered, **own})

    def _gathered(self, path: Path, row: Row) -> list[Any]:
        """Give all values of a path, seen from a row, for a function that takes a list."""
        if path[0] in self.read[id(row.record)]:
            return self._values([row], path)
        found = self._root(path[0], row)
        return self._values(found if isinstance(found, list) else [found], path[1:])

    def _values(self, rows: list[Row], path: Path) -> list[Any]:
        """Give the values at the end of a path through lists of rows."""
        for number, name in enumerate(path, 1):
            if rows and name in self.read[id(rows[0].record)]:
                known = self.read[id(rows[0].record)][name]
                values = list(_flat(known.value(row) for row in rows))
                return self._values(values, path[number:]) if values and isinstance(values[0], Row) else values
            rows = [inner for row in rows for inner in self.below(row, name)]
        return rows

    def _names(self, paths: Iterable[Path], row: Row) -> dict[str, Any]:
        """Give the names of the file's own records and fields that paths begin with."""
        found = {name: self._named(name, tails, row) for name, tails in _heads(paths).items()}
        return {name: value for name, value in found.items() if value is not ABSENT}

    def _named(self, name: str, tails: list[Path], row: Row) -> Any:
        own = self._field(name, tails, row)
        if own is not ABSENT:
            return own
        found = self._root(name, row)
        return self._tree(found, tails) if isinstance(found, Row) else self._rows(found, tails)

    def _root(self, name: str, row: Row) -> Row | list[Row]:
        """Find what a name means, seen from a row: a record around it, records below or beside those around, any."""
        around: Row | None = row
        while around is not None:
            if around.record.name == name:
                return around
            around = around.parent
        around = row
        while around is not None:
            if isinstance(around.record, Record) and any(one.name == name for one in around.record.records):
                return self.below(around, name)
            around = around.parent
        return self.below(None, name) or [one for one in self.rows if one.record.name == name]

    def _rows(self, rows: list[Row], tails: list[Path]) -> Any:
        if rows and not rows[0].record.times.many:
            return self._tree(rows[0], tails)
        return [self._tree(row, tails) for row in rows]

    def _tree(self, row: Row, tails: list[Path]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, rest in _heads(tails).items():
            value = self._field(name, rest, row)
            found[name] = self._rows(self.below(row, name), rest) if value is ABSENT else value
        return found

    def _field(self, name: str, tails: list[Path], row: Row) -> Any:
        known = self.read[id(row.record)].get(name)
        if known is None:
            return ABSENT
        value = known.value(row)
        return self._rows(value, tails) if isinstance(value, list) else value


def _flat(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        yield from value if isinstance(value, list) else (value,)


def _heads(paths: Iterable[Path]) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for path in paths:
        if path:
            found.setdefault(path[0], []).append(path[1:])
    return found
