"""A layout as a table: one row per field, with its place in the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from translator.mapping.layout import Field, MappingFile, Record, Times


def rows_of(file: MappingFile) -> Iterator[dict[str, Any]]:
    """Give a row for each field of each record, in the order of the file."""
    for record in file.records:
        yield from _record(record, 0, fixed=file.format == "fixed")


def _record(record: Record, depth: int, *, fixed: bool) -> Iterator[dict[str, Any]]:
    name = f"{'· ' * depth}{record.name}"
    yield from _fields(record.fields, name, _times(record.times), fixed=fixed)
    for inner in record.records:
        yield from _record(inner, depth + 1, fixed=fixed)


def _fields(fields: Sequence[Field], record: str, times: str, *, fixed: bool) -> Iterator[dict[str, Any]]:
    after = 1
    for number, field in enumerate(fields, 1):
        start = int(field.at) if field.at.isdecimal() else after
        after = start + (field.len or 0)
        place = f"{start}-{after - 1}" if fixed else field.at or str(number)
        yield {"record": record, "times": times, "field": field.name, "place": place, **_kind(field)}
        if field.fields:
            yield from _fields(field.fields, f"{record}/{field.name}", _times(field.times), fixed=fixed)


def _kind(field: Field) -> dict[str, Any]:
    return {
        "length": field.len or field.max or "",
        "type": "date" if field.date else field.type,
        "value": _value(field),
        "table": field.lookup.table.name if field.lookup else "",
        "notes": ", ".join(_notes(field)),
    }


def _value(field: Field) -> str:
    if field.is_:
        return f"is {' or '.join(field.is_)}"
    if field.text is not None:
        return f"text {field.text}"
    if field.equals:
        return f"equals {field.equals.text}"
    return " | ".join(one.text for one in field.source)


def _notes(field: Field) -> Iterator[str]:
    if field.date:
        yield " or ".join(field.date) + (f" in {field.zone}" if field.zone else "")
    if field.implied:
        yield f"{field.implied} places implied"
    for name in ("required", "maybe", "truncate"):
        if getattr(field, name):
            yield name
    for name in ("default", "redacted", "pad", "rest", "keep"):
        if getattr(field, name):
            yield f"{name} {getattr(field, name)}"


def _times(times: Times) -> str:
    if times.least == times.most:
        return str(times.least)
    return f"{times.least}..{'' if times.most is None else times.most}"
