"""A comparison that can never come out equal: true with the text 'true', a text with a number, a word Amazon never says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from translator.core.finding import Finding, suggestion
from translator.mapping.layout import Field, MappingFile, Picture, Record, every_record, spoken
from translator.mapping.lint import FILE, Comparison
from translator.mapping.lints.advice import Known, Looked, fields, warning

_TEXT: Final = "a text"
_NUMBER: Final = "a number"
_TRUTH: Final = "true or false"
_AMAZON: Final = {"boolean": _TRUTH, "integer": _NUMBER, "text": _TEXT, "decimal": _TEXT, "datetime": _TEXT}


def never_equal(looked: Looked) -> Iterator[Finding]:
    """Name comparisons with a value of another kind, and with a word that is none of an enum's."""
    own, shadows = _own(looked.mapping), frozenset(_shadows(looked.mapping))
    for one in looked.compared:
        if one.path[0] != FILE:
            steps = looked.known(one.path)
            yield from _with_amazon(one, steps[-1]) if steps else ()
        elif one.path[-1] not in shadows:
            yield from _with_file(one, own.get(one.path[-1], []))


def _with_amazon(one: Comparison, known: Known) -> Iterator[Finding]:
    kind, value = _AMAZON.get(known.type), one.value
    if kind is None:
        return
    if kind != _kind(value):
        yield _never(one, kind, _amends(one, kind))
    elif known.one_of and value not in known.one_of:
        hint = suggestion(str(value), known.one_of) or f"it is one of: {', '.join(known.one_of)}"
        yield warning("comparison-never", f"Amazon never says '{value}' as {one.written}", one.rule, hint)


def _with_file(one: Comparison, some: list[Field]) -> Iterator[Finding]:
    kinds = {_read(field) for field in some}
    if len(kinds) == 1 and (kind := kinds.pop()) and kind != _kind(one.value):
        typed = kind == _TEXT and _kind(one.value) == _NUMBER and not some[0].lookup
        yield _never(
            one, kind, f"type: integer at the field, or '{one.value}' in quotes" if typed else _amends(one, kind)
        )


def _never(one: Comparison, kind: str, hint: str) -> Finding:
    return warning("comparison-never", f"{one.written} is {kind}, never {_shown(one.value)}", one.rule, hint)


def _amends(one: Comparison, kind: str) -> str:
    if kind == _TRUTH:
        return f"it stands alone: {one.written}, or not {one.written}"
    if kind == _NUMBER or isinstance(one.value, bool):
        return "without quotes" if kind == _NUMBER else f"with quotes: '{_plain(one.value)}'"
    return f"{one.written} | number" if _kind(one.value) == _NUMBER else ""


def _shown(value: str | int | Decimal) -> str:
    what = "" if isinstance(value, bool) else "the text " if isinstance(value, str) else "the number "
    return f"{what}'{value}'" if isinstance(value, str) else what + _plain(value)


def _plain(value: str | int | Decimal) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _kind(value: str | int | Decimal) -> str:
    return _TEXT if isinstance(value, str) else _TRUTH if isinstance(value, bool) else _NUMBER


def _read(field: Field) -> str:
    """Say what a field of a file is when it is read; empty where that depends."""
    if field.fields or field.times.many or field.date or field.equals:
        return ""
    if field.lookup or field.type == "text":
        return _TEXT
    return "" if field.default is not None else _NUMBER


def _own(mapping: MappingFile) -> dict[str, list[Field]]:
    """Give the fields of the files that are read, by the name that expressions have for them."""
    found: dict[str, list[Field]] = {}
    for file in (mapping, *mapping.files.values()) if mapping.direction == "reads" else ():
        for one, _ in fields(file):
            found.setdefault(spoken(one), []).append(one)
    return found


def _shadows(mapping: MappingFile) -> Iterator[str]:
    """Give the names of records, and those that the mapping itself gives to something."""
    for file in (mapping, *mapping.files.values()):
        yield from _named([file])
        for record in every_record(file.records):
            yield record.name
            yield from _named([record])
        yield from _named(one for one, _ in fields(file))
    for picture in mapping.documents.values():
        yield from _of_picture(picture)


def _of_picture(picture: Picture) -> Iterator[str]:
    yield from _named([picture])
    for _, entry in picture.entries:
        yield from _of_picture(entry) if isinstance(entry, Picture) else ()


def _named(some: Iterable[MappingFile | Record | Field | Picture]) -> Iterator[str]:
    for one in some:
        yield from (name for name, _ in one.let)
        yield from (head.name for head in getattr(one, "each", ()))


ADVISE: Final = never_equal
