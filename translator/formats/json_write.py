"""JSON written from rows: typed and nested, keys in the order of the lines; or, for `lines`, an object in each line.

Nothing is no key, unless its field says `empty`: `null` is null, "" a text of no characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from translator.core import jsontext
from translator.core.finding import Finding, Findings
from translator.formats.json_shape import ABSENT, NULL, Steps, steps
from translator.mapping.layout import Field, MappingFile
from translator.mapping.row import Row

_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def write(rows: Iterable[Row], mapping: MappingFile, findings: Findings) -> bytes:
    """Write a file."""
    if mapping.options.get("lines") == "true":
        return b"".join(jsontext.encode(_value(row, findings)) + b"\n" for row in rows)
    tree = _tree(rows, mapping, findings)
    return jsontext.pretty(tree).encode() + b"\n" if mapping.options.get("indent") == "true" else jsontext.encode(tree)


def _tree(rows: Iterable[Row], mapping: MappingFile, findings: Findings) -> object:
    root: dict[str, Any] = {}
    alone: list[Any] = []  # records that are the root itself
    values: dict[int, tuple[Row, Any]] = {}  # the row, too, so that its id is given to no other
    for row in rows:
        value = _value(row, findings)
        if isinstance(row.record, Field) or row.record.records:
            values[id(row)] = row, value
        path = steps(row.record)
        if path:
            _hang(values[id(row.parent)][1] if row.parent else root, path, value, many=row.record.times.many)
        else:
            alone.append(value)
    return _root(root, alone, mapping)


def _root(root: dict[str, Any], alone: list[Any], mapping: MappingFile) -> object:
    if not mapping.records or steps(mapping.records[0]):
        return root
    if mapping.records[0].each or (mapping.direction == "reads" and mapping.records[0].times.many) or len(alone) > 1:
        return alone
    return alone[0] if alone else {}


def _value(row: Row, findings: Findings) -> Any:
    """Give the object of a record or group; where its field is the value itself (`at: .`), that."""
    entry: dict[str, Any] = {}
    own = False
    for one, cell in zip(row.record.fields, row.cells, strict=True):
        path = steps(one)
        own = own or not path
        if isinstance(cell, list):
            for inner in cell:
                _hang(entry, path, _value(inner, findings), many=one.times.many)
        elif (value := _leaf(one, cell, row, findings)) is not ABSENT:
            if own:
                return value
            _hang(entry, path, value, many=False)
    return None if own else entry


def _leaf(one: Field, cell: Any, row: Row, findings: Findings) -> Any:
    if cell is None:
        return "" if one.text == "" else ABSENT
    if cell == NULL == one.empty:
        return None
    if isinstance(cell, str) and not cell.isascii() and _SURROGATE.search(cell):
        text = f"{one.name}: half a character (a lone surrogate) cannot be written"
        findings.add(Finding("json-surrogate", text, row.place, one.rule))
        return ABSENT
    return cell


def _hang(entry: dict[str, Any], path: Steps, value: object, *, many: bool) -> None:
    *above, last = path
    for step in above:
        entry = entry.setdefault(step, {})
    if many:
        entry.setdefault(last, []).append(value)
    else:
        entry[last] = value
