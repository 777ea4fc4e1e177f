"""What a field equals in its own file: counts, sums and echoed values, worked out when every row stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from translator.core.finding import Finding
from translator.mapping.careful import Later
from translator.mapping.convert import Parse, parser
from translator.mapping.expression import ABSENT, Failed, Path
from translator.mapping.layout import Field
from translator.mapping.row import Row
from translator.mapping.wrong import Wrong


def settle(rows: Sequence[Row], later: Sequence[Later]) -> list[Finding]:
    """Write the cells that wait for the whole file; gives what is wrong with them."""
    written = _Written()
    for row in rows:
        written.below.setdefault((id(row.parent), row.record.name), []).append(row)
    findings: list[Finding] = []
    for row, number, block, names in later:
        part = block.parts[number]
        try:
            paths = [use.path for use in part.equals.uses.paths] if part.equals else []
            value = part.equals({**names, **written.names(paths, row)}) if part.equals else ABSENT
            row.cells[number] = part.cell(value, names["warehouse_zone"])
        except Failed as failed:
            findings.append(failed.finding)
        except Wrong as wrong:
            findings.append(wrong.finding(rule=part.field.rule))
    return findings


@dataclass(slots=True)
class _Written:
    """The rows of a file as expressions see them: only as far as they are asked."""

    below: dict[tuple[int, str], list[Row]] = field(default_factory=dict)
    parsers: dict[int, Parse] = field(default_factory=dict)

    def names(self, paths: Iterable[Path], row: Row) -> dict[str, Any]:
        """Give the names of the file's own records and fields that paths begin with."""
        found = {name: self._root(name, tails, row) for name, tails in _heads(paths).items()}
        return {name: value for name, value in found.items() if value is not ABSENT}

    def _root(self, name: str, tails: list[Path], row: Row) -> Any:
        own = self._field(name, tails, row)
        if own is not ABSENT:
            return own
        around: Row | None = row
        while around is not None:
            if around.record.name == name:
                return self._tree(around, tails)
            around = around.parent
        around = row
        while around is not None:
            if (id(around), name) in self.below:
                return self._rows(self.below[id(around), name], tails)
            around = around.parent
        return self._rows(self.below.get((id(None), name), []), tails)

    def _rows(self, rows: list[Row], tails: list[Path]) -> Any:
        if rows and not rows[0].record.times.many:
            return self._tree(rows[0], tails)
        return [self._tree(row, tails) for row in rows]

    def _tree(self, row: Row, tails: list[Path]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, rest in _heads(tails).items():
            value = self._field(name, rest, row)
            found[name] = self._rows(self.below.get((id(row), name), []), rest) if value is ABSENT else value
        return found

    def _field(self, name: str, tails: list[Path], row: Row) -> Any:
        for one, cell in zip(row.record.fields, row.cells, strict=True):
            if one.name == name:
                return self._rows(cell, tails) if isinstance(cell, list) else self._value(one, cell)
        return ABSENT

    def _value(self, one: Field, cell: Any) -> Any:
        if not isinstance(cell, str):
            return cell
        if id(one) not in self.parsers:
            self.parsers[id(one)] = parser(replace(one, lookup=None), "UTC")
        return self.parsers[id(one)](cell)


def _heads(paths: Iterable[Path]) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for path in paths:
        if path:
            found.setdefault(path[0], []).append(path[1:])
    return found
