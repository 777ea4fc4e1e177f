"""JSON files: records are objects, found by path; fields by key or path; nested objects and lists are groups.

Read whole (bounded), since nothing says before its end that a JSON text is one; numbers become text with their digits
as written, true and false the words. Written typed and nested. Keys the layout does not name are findings of their
record, as `unknown` says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from translator.core import jsontext
from translator.core.finding import Finding, Findings, Place, Rejected, Severity
from translator.formats import where_json
from translator.formats.format import PLAIN, Format, Option
from translator.formats.limits import counted, whole
from translator.formats.recognise import missing
from translator.formats.stands import Stands
from translator.mapping.expression import Environment
from translator.mapping.layout import Field, MappingFile, Record
from translator.mapping.row import Cell, Row

OPTIONS: Final = (
    Option("indent", "how it is written: in one line, or over many lines for people", "false", ("true", "false")),
)
ROOT: Final = "row"  # the one record of a file that says `fields`: the root itself
_PATH: Final = re.compile(r"[/.]")


def _read(
    chunks: Iterable[bytes], mapping: MappingFile, findings: Findings, file: str, environment: Environment = PLAIN
) -> Iterator[Row]:
    limits = mapping.limits
    root = jsontext.decode(whole(chunks, file, limits.file), file, limits.depth)
    reading = _Reading(mapping, findings, file)
    yield from counted(reading.rows(mapping.records, root, "", None), file, limits.records)
    reading.strangers(root, mapping.records)


def steps(layout: Record | Field) -> tuple[str, ...]:
    """Give the keys that lead to a record or field; none: the root itself."""
    at = layout.at or ("" if layout.name == ROOT and isinstance(layout, Record) else layout.name)
    return tuple(step for step in _PATH.split(at) if step)


class _Reading:
    """Turns a tree into rows."""

    __slots__ = ("_field", "_file", "_findings", "_severity")

    def __init__(self, mapping: MappingFile, findings: Findings, file: str) -> None:
        self._file = file
        self._findings = findings
        self._field = mapping.limits.field
        self._severity = {"error": Severity.ERROR, "warn": Severity.WARNING, "skip": None}[mapping.unknown]

    def rows(self, records: Iterable[Record], tree: Any, pointer: str, parent: Row | None) -> Iterator[Row]:
        """Give the records inside a tree, each followed by those inside it."""
        for record in records:
            found = _down(tree, steps(record))
            path = pointer + "".join(f"/{step}" for step in steps(record))
            listed = isinstance(found, list)
            entries = found if isinstance(found, list) else [] if found is None else [found]
            self._counted(record, len(entries), path, parent)
            for number, entry in enumerate(entries):
                yield from self._record(record, entry, f"{path}/{number}" if listed else path, parent)

    def _record(self, record: Record, entry: Any, pointer: str, parent: Row | None) -> Iterator[Row]:
        place = Place(self._file, record=record.name, path=pointer or "/")
        if not isinstance(entry, dict):
            self._findings.add(Finding("json-object", "an object should stand here", place, record.rule))
            return
        row = Row(record, [], place, parent)
        self._fill(row, row, entry, pointer)
        yield row
        yield from self.rows(record.records, entry, pointer, row)

    def _counted(self, record: Record, count: int, path: str, parent: Row | None) -> None:
        place = Place(self._file, record=record.name, path=path or "/")
        if count < record.times.least:
            missing(record, parent, place, self._findings)
        if record.times.most is not None and count > record.times.most:
            text = f"{record.name} stands here more than {record.times.most} times"
            raise Rejected([*self._findings.found, Finding("record-too-many", text, place, record.rule)])

    def _fill(self, row: Row, top: Row, entry: dict[str, Any], pointer: str) -> None:
        fields = row.record.fields
        row.cells = [self._cell(field, _down(entry, steps(field)), top, row, pointer) for field in fields]
        if self._severity:
            inner = row.record.records if isinstance(row.record, Record) else ()
            known = [*map(steps, fields), *map(steps, inner)]
            for name in _unknown(entry, known):
                place = Place(self._file, record=row.record.name, path=f"{pointer}/{name}")
                text = f"the layout has no key '{name[:40]}' here"
                top.findings += (Finding("key-unknown", text, place, row.record.rule, severity=self._severity),)

    def _cell(self, field: Field, value: Any, top: Row, around: Row, pointer: str) -> Cell:
        if value is None:
            return None
        path = pointer + "".join(f"/{step}" for step in steps(field))
        if field.fields:
            return self._group(field, value, top, around, path)
        if isinstance(value, (dict, list)):
            top.findings += (self._wrong(field, "json-value", "a text or a number should stand here", around, path),)
            return None
        text = _text(value)
        if len(text) > self._field:
            top.findings += (self._wrong(field, "limit-field", f"more than {self._field:,} characters", around, path),)
            return None
        return text if text.strip() else None

    def _group(self, field: Field, value: Any, top: Row, around: Row, path: str) -> list[Row]:
        listed = isinstance(value, list)
        rows: list[Row] = []
        for number, entry in enumerate(value if listed else [value]):
            pointer = f"{path}/{number}" if listed else path
            if not isinstance(entry, dict):
                top.findings += (self._wrong(field, "json-object", "an object should stand here", around, pointer),)
                continue
            row = Row(field, [], Place(self._file, record=field.name, path=pointer), around)
            self._fill(row, top, entry, pointer)
            rows.append(row)
        if field.times.most is not None and len(rows) > field.times.most:
            top.findings += (self._wrong(field, "record-too-many", "stands here too often", around, path),)
        return rows

    def _wrong(self, field: Field, code: str, text: str, row: Row, path: str) -> Finding:
        return Finding(code, text, Place(self._file, record=row.record.name, field=field.name, path=path), field.rule)

    def strangers(self, root: Any, records: tuple[Record, ...]) -> None:
        """Note keys beside the records at the root."""
        known = [steps(record) for record in records]
        if self._severity and isinstance(root, dict) and all(known):
            for name in _unknown(root, known):
                place = Place(self._file, path=f"/{name}")
                text = f"the layout has no key '{name[:40]}' here"
                self._findings.add(Finding("key-unknown", text, place, severity=self._severity))


def _down(tree: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        tree = tree.get(step) if isinstance(tree, dict) else None
    return tree


def _unknown(entry: dict[str, Any], known: list[tuple[str, ...]], above: str = "") -> Iterator[str]:
    """Give the keys no path leads to or through."""
    for name, value in entry.items():
        below = [path[1:] for path in known if path and path[0] == name]
        if not below:
            yield above + name
        elif all(below) and isinstance(value, dict):
            yield from _unknown(value, below, f"{above}{name}/")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _write(rows: Iterable[Row], mapping: MappingFile, findings: Findings) -> bytes:
    root: dict[str, Any] = {}
    alone: list[dict[str, Any]] = []  # records that are the root itself
    objects: dict[int, dict[str, Any]] = {}
    kept: list[Row] = []  # so that no row's id is given to another one
    for row in rows:
        entry = _object(row)
        objects[id(row)] = entry
        kept.append(row)
        path = steps(row.record)
        if path:
            _hang(objects[id(row.parent)] if row.parent else root, path, entry, many=row.record.times.many)
        else:
            alone.append(entry)
    tree = _root(root, alone, mapping)
    return jsontext.pretty(tree).encode() + b"\n" if mapping.options.get("indent") == "true" else jsontext.encode(tree)


def _root(root: dict[str, Any], alone: list[dict[str, Any]], mapping: MappingFile) -> object:
    if not mapping.records or steps(mapping.records[0]):
        return root
    if mapping.records[0].each or (mapping.direction == "reads" and mapping.records[0].times.many) or len(alone) > 1:
        return alone
    return alone[0] if alone else {}


def _object(row: Row) -> dict[str, Any]:
    entry: dict[str, Any] = {}
    for field, cell in zip(row.record.fields, row.cells, strict=True):
        if isinstance(cell, list):
            for inner in cell:
                _hang(entry, steps(field), _object(inner), many=field.times.many)
        elif cell is not None:
            _hang(entry, steps(field), cell, many=False)
    return entry


def _hang(entry: dict[str, Any], path: tuple[str, ...], value: object, *, many: bool) -> None:
    *above, last = path
    for step in above:
        entry = entry.setdefault(step, {})
    if many:
        entry.setdefault(last, []).append(value)
    else:
        entry[last] = value


def _where(data: bytes, rows: Sequence[Row], mapping: MappingFile) -> Stands:
    return where_json.where(data, rows, mapping, steps)


FORMAT: Final = Format("json", OPTIONS, _read, _write, typed=True, where=_where)
