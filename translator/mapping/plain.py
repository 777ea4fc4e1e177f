"""Records as plain JSON values, and back: for looking at a file without its documents.

`[{"H": {"code": "H"}, "records": [{"D": {"sku": "A1"}}]}]`: a record under its name, what belongs to it beside that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from translator.core.finding import Finding, Place, Rejected, suggestion
from translator.mapping.convert import NUMERIC
from translator.mapping.layout import Field, MappingFile, Record
from translator.mapping.row import Cell, Row

INSIDE: Final = "records"


def plain_records(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Give rows as plain values, nested as they belong to each other."""
    top: list[dict[str, Any]] = []
    made: dict[int, dict[str, Any]] = {}
    kept: list[Row] = []  # so that no row's id is given to another one
    for row in rows:
        kept.append(row)
        made[id(row)] = {row.record.name: _fields(row)}
        around = made[id(row.parent)].setdefault(INSIDE, []) if row.parent else top
        around.append(made[id(row)])
    return top


def _fields(row: Row) -> dict[str, Any]:
    pairs = zip(row.record.fields, row.cells, strict=True)
    return {one.name: _value(cell) for one, cell in pairs if cell is not None and cell != []}


def _value(cell: Cell) -> Any:
    return [_fields(row) for row in cell] if isinstance(cell, list) else cell


def rows_of(items: Any, mapping: MappingFile) -> Iterator[Row]:
    """Give plain records as rows to be written. Raises Rejected for what the layout does not name."""
    fills = mapping.format == "fixed"
    yield from _rows(items, mapping.records, None, "", fills=fills)


def _rows(items: Any, records: Sequence[Record], parent: Row | None, path: str, *, fills: bool) -> Iterator[Row]:
    if not isinstance(items, list):
        raise _refused("a list of records should stand here", path)
    known = {record.name: record for record in records}
    for number, item in enumerate(items):
        where = f"{path}/{number}"
        names = [name for name in item if name != INSIDE] if isinstance(item, dict) else []
        if len(names) != 1 or names[0] not in known:
            hint = suggestion(names[0], known) if names else ""
            raise _refused(f"one of {', '.join(known) or 'no record'} should stand here", where, hint)
        record = known[names[0]]
        place = Place(record=record.name, path=f"{where}/{record.name}")
        row = Row(record, _cells(item[names[0]], record, place.path, fills=fills), place, parent)
        yield row
        yield from _rows(item.get(INSIDE, []), record.records, row, f"{where}/{INSIDE}", fills=fills)


def _cells(fields: Any, layout: Record | Field, path: str, *, fills: bool) -> list[Cell]:
    if not isinstance(fields, dict):
        raise _refused("an object should stand here", path)
    known = [one.name for one in layout.fields]
    for name in fields:
        if name not in known:
            raise _refused(f"{layout.name} has no field '{name}'", path, suggestion(name, known))
    return [_cell(fields.get(one.name), one, f"{path}/{one.name}", fills=fills) for one in layout.fields]


def _cell(value: Any, one: Field, path: str, *, fills: bool) -> Cell:
    if one.fields and value is not None:
        if not isinstance(value, list):
            raise _refused("a list of objects should stand here", path)
        return [
            Row(one, _cells(inner, one, f"{path}/{n}", fills=fills), Place(path=path)) for n, inner in enumerate(value)
        ]
    if isinstance(value, (list, dict)):
        raise _refused("a text or a number should stand here", path)
    return _filled("" if value is None else str(value), one) if fills and one.len else value


def _filled(text: str, one: Field) -> str:
    width = one.len or 0
    right = one.justify == "right" or (not one.justify and one.type in NUMERIC)
    pad = (one.pad or " ") if text else " "
    return text.rjust(width, pad) if right else text.ljust(width, pad)


def _refused(text: str, path: str, hint: str = "") -> Rejected:
    return Rejected([Finding("record-shape", text, Place(path=path or "/"), hint=hint)])
