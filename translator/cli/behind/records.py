"""Bytes ⇄ records, without documents: what a layout makes of a file, as JSON, and the way back.

A record is `{"record": "H", "line": 1, "fields": {…}, "records": […]}`; a group inside a record is a list of the same,
without a name. Cells are text as it stands in the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from translator.core import jsontext
from translator.core.finding import Finding, Findings, Misconfigured, Place, Rejected, suggestion
from translator.mapping.convert import NUMERIC
from translator.mapping.layout import Field, Record
from translator.mapping.row import Cell, Row
from translator.translation import Translation, environment


def records_of(
    translation: Translation, chunks: Iterable[bytes], file: str, findings: Findings
) -> list[dict[str, Any]]:
    """Read a file as records. Raises Rejected where it cannot be read at all."""
    form = translation.format
    if form is None or form.read is None or not translation.file.records:
        raise _no_layout(translation, "read")
    rows = list(form.read(chunks, translation.file, findings, file, environment()))
    findings.found.extend(finding for row in rows for finding in row.findings)
    below: dict[int, list[Row]] = {}
    for row in rows:
        below.setdefault(id(row.parent) if row.parent else 0, []).append(row)
    return [_record(row, below) for row in below.get(0, [])]


def written(translation: Translation, data: bytes, file: str, findings: Findings) -> bytes:
    """Write records as the file they stand for."""
    form = translation.format
    if form is None or form.write is None or not translation.file.records:
        raise _no_layout(translation, "written")
    rows = list(_rows(translation.file.records, jsontext.decode(data, file), file, None))
    return form.write(rows, translation.file, findings)


def is_records(data: bytes) -> bool:
    """Tell JSON records from a file of the warehouse: by its first words."""
    head = data[:200].split()
    return b"".join(head).removeprefix(b"\xef\xbb\xbf").startswith(b'[{"record":')


def _no_layout(translation: Translation, verb: str) -> Misconfigured:
    text = f"{translation.file.name} has no layout by which records could be {verb}"
    return Misconfigured([Finding("mapping-layout", text, rule=translation.file.rule)])


def _record(row: Row, below: dict[int, list[Row]]) -> dict[str, Any]:
    inner = [_record(other, below) for other in below.get(id(row), ())]
    place = {"line": row.place.line} if row.place.line else {"path": row.place.path} if row.place.path else {}
    made = {"record": row.record.name, **place, "fields": _fields(row)}
    return made | ({"records": inner} if inner else {})


def _fields(row: Row) -> dict[str, Any]:
    pairs = zip(row.record.fields, row.cells, strict=False)
    return {field.name: _cell(cell) for field, cell in pairs if cell is not None}


def _cell(cell: Cell) -> Any:
    return [_fields(row) for row in cell] if isinstance(cell, list) else cell


def _rows(records: Sequence[Record], tree: Any, file: str, parent: Row | None) -> Iterator[Row]:
    if not isinstance(tree, list):
        raise Rejected([Finding("records-shape", "a list of records is expected", Place(file))])
    named = {record.name: record for record in records}
    for number, entry in enumerate(tree):
        name = entry.get("record") if isinstance(entry, dict) else None
        record = named.get(str(name))
        place = Place(file, path=f"/{number}", record=str(name or ""))
        if record is None:
            hint = suggestion(str(name), named) or f"known here: {', '.join(named)}"
            raise Rejected([Finding("records-shape", "no record of the layout fits here", place, hint=hint)])
        row = Row(record, _cells(record.fields, entry.get("fields", {}), place), place, parent)
        yield row
        yield from _rows(record.records, entry.get("records", []), file, row)


def _cells(fields: Sequence[Field], values: Any, place: Place) -> list[Cell]:
    known = {field.name for field in fields}
    strange = [name for name in values if name not in known] if isinstance(values, dict) else ["?"]
    if strange:
        hint = suggestion(strange[0], known)
        raise Rejected([Finding("records-shape", f"the record has no field '{strange[0]}'", place, hint=hint)])
    return [_value(field, values.get(field.name), place) for field in fields]


def _value(field: Field, value: Any, place: Place) -> Cell:
    if field.fields:
        return [Row(field, _cells(field.fields, entry, place), place) for entry in value or []]
    if isinstance(value, list | dict):
        raise Rejected([Finding("records-shape", f"'{field.name}' wants a text or a number", place)])
    return _filled(str(value), field) if value is not None and field.len else value


def _filled(text: str, field: Field) -> str:
    """Fill a text to its place in a fixed line, on the side and with the letter that the layout says."""
    right = field.justify == "right" or (not field.justify and field.type in NUMERIC)
    pad = (field.pad or " ") if text else " "
    return text.rjust(field.len or 0, pad) if right else text.ljust(field.len or 0, pad)
