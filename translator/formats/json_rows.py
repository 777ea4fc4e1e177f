"""Values of a JSON tree become rows: cells in the order of the fields, groups as rows inside, keys nobody named as findings.

Null, blank and absent are nothing; where a field says `empty`, its cell tells null (`null`) and a text of no characters
("") from what is not there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from translator.core.finding import Finding, Findings, Place, Severity
from translator.formats.json_shape import ABSENT, NULL, Steps, down, steps, unknown, ways
from translator.formats.limits import raised
from translator.formats.recognise import OFTEN, REQUIRED, fewer, near
from translator.mapping.layout import Field, MappingFile, Record
from translator.mapping.row import Cell, Row

_DEEPER: Final = "name what is in it: `at` with a path, or `fields` (with `times: 0..` for a list)"
LEVELS: Final = {"error": Severity.ERROR, "warn": Severity.WARNING, "skip": None}


@dataclass(slots=True)
class Value:
    """A value that is to be recognised."""

    tree: Any
    number: int  # of its line
    last: bool = False
    length: int = 0

    def fits(self, record: Record) -> bool:
        """Tell whether its codes are those of a record."""
        return all(self.text(record, at) in one.is_ for at, one in enumerate(record.fields) if one.is_)

    def measures(self, record: Record) -> bool:
        """Lengths mean nothing here."""
        return True

    def text(self, record: Record, number: int) -> str:
        """Give the text of one field of a record it may be."""
        found = down(self.tree, steps(record.fields[number]))
        return "" if found is ABSENT or found is None or isinstance(found, (dict, list)) else text_of(found).strip()


class Rows:
    """Makes rows of values."""

    __slots__ = ("_field", "_file", "_findings", "_ways", "severity")

    def __init__(self, mapping: MappingFile, findings: Findings, file: str) -> None:
        self._file = file
        self._findings = findings
        self._field = mapping.limits.field
        self._ways = ways(mapping)
        self.severity = LEVELS[mapping.unknown]

    def row(self, record: Record, tree: Any, place: Place, parent: Row | None, known: Iterable[Steps]) -> Row | None:
        """Give the row of a value; None, and a finding, where the value has another shape."""
        row = Row(record, [], place, parent)
        if not self.fill(row, tree):
            self._findings.add(Finding("json-object", _shape(tree), place, record.rule))
            return None
        self.strange(row, tree, known)
        return row

    def fill(self, row: Row, tree: Any) -> bool:
        """Fill the cells of a record; tell whether the value has the shape for it."""
        return self._fill(row, row, tree, row.place.path.rstrip("/"))

    def strange(self, row: Row, tree: Any, known: Iterable[Steps]) -> None:
        """Note the keys that nobody named."""
        if self.severity and isinstance(tree, dict):
            pointer = row.place.path.rstrip("/")
            line, names = row.place.line, unknown(tree, known)
            row.findings += tuple(self.unnamed(line, f"{pointer}/{name}", row.record, known) for name in names)

    def unnamed(self, line: int, path: str, record: Record | Field | None, known: Iterable[Steps]) -> Finding:
        """Say that nobody named a key."""
        name = path.rpartition("/")[2]
        text = f"the layout has no key '{name[:40]}' here"
        elsewhere = next((".".join(map(str, way)) for way in known if name in way), "")
        hint = (
            f"the layout has it at {elsewhere}"
            if elsewhere
            else near(name, tuple(str(step) for way in known for step in way))
        )
        place = Place(self._file, line, record=record.name if record else "", path=path)
        rule = record.rule if record else None
        return Finding("key-unknown", text, place, rule, hint, self.severity or Severity.INFO)

    def _fill(self, row: Row, top: Row, tree: Any, pointer: str) -> bool:
        """Fill the cells of a record or group; tell whether the value has the shape for it."""
        keys = self._ways[id(row.record)]
        pairs = zip(row.record.fields, keys, strict=True)
        if not isinstance(tree, dict):
            own = not isinstance(tree, list) and () in keys
            row.cells = [self._cell(one, ABSENT if way or not own else tree, top, row, pointer) for one, way in pairs]
            return own
        row.cells = [self._cell(one, down(tree, way) if way else ABSENT, top, row, pointer) for one, way in pairs]
        self._few(row, top)
        return True

    def _cell(self, one: Field, value: Any, top: Row, around: Row, pointer: str) -> Cell:
        if value is ABSENT:
            return None
        if value is None:
            return NULL if one.empty == NULL and not one.fields else None
        path = pointer + "".join(f"/{step}" for step in steps(one))
        if one.fields:
            return self._group(one, value, top, around, path)
        if isinstance(value, (dict, list)):
            top.findings += (
                self._wrong(one, "json-value", "a text or a number should stand here", around, path, _DEEPER),
            )
            return None
        text = text_of(value)
        if len(text) > self._field:
            text = f"more than {self._field:,} characters"
            top.findings += (self._wrong(one, "limit-field", text, around, path, raised("field")),)
            return None
        return text if text.strip() or (text == "" == one.empty) else None

    def _group(self, one: Field, value: Any, top: Row, around: Row, path: str) -> list[Row] | None:
        listed = isinstance(value, list)
        rows: list[Row] = []
        for number, entry in enumerate(value if listed else [value]):
            pointer = f"{path}/{number}" if listed else path
            row = Row(one, [], Place(self._file, around.place.line, record=one.name, path=pointer), around)
            if not self._fill(row, top, entry, pointer):
                top.findings += (self._wrong(one, "json-object", _shape(entry), around, pointer),)
                continue
            if self.severity and isinstance(entry, dict):
                known = self._ways[id(one)]
                names = unknown(entry, known)
                top.findings += tuple(self.unnamed(row.place.line, f"{pointer}/{name}", one, known) for name in names)
            rows.append(row)
        if one.times.most is not None and len(rows) > one.times.most:
            top.findings += (self._wrong(one, "record-too-many", "stands here too often", around, path, OFTEN),)
        return rows or None

    def _few(self, row: Row, top: Row) -> None:
        """Note groups that stand less often than they must."""
        for one, cell in zip(row.record.fields, row.cells, strict=True):
            least = one.times.least if one.times.many else int(one.required)
            if one.fields and least and len(cell if isinstance(cell, list) else ()) < least:
                text = f"stands here less than {least} times" if least > 1 else "does not stand here"
                hint = f"`times: {fewer(one.times)}` allows that there are none" if one.times.many else REQUIRED
                top.findings += (self._wrong(one, "group-missing", text, row, row.place.path, hint),)

    def _wrong(self, one: Field, code: str, text: str, row: Row, path: str, hint: str = "") -> Finding:
        place = Place(self._file, row.place.line, record=row.record.name, field=one.name, path=path)
        return Finding(code, f"{one.name}: {text}", place, one.rule, hint)


def _shape(value: Any) -> str:
    return "a list inside a list" if isinstance(value, list) else "an object should stand here"


def text_of(value: Any) -> str:
    """Give a value as a text, numbers with their digits as they were written."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return format(value, "f") if isinstance(value, Decimal) else str(value)
