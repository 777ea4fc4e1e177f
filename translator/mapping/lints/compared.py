"""A comparison that can never come out equal: true with the text 'true', a text with a number, a word Amazon never says.

Also a field with what its table makes something else of, and texts that are numbers, compared by their letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from translator.core.finding import Finding, suggestion
from translator.mapping.layout import Field, MappingFile, Picture, Record, every_record, spoken
from translator.mapping.lint import FILE, Comparison
from translator.mapping.lints.advice import Known, Looked, fields, warning
from translator.mapping.tables import pairs, question

_DIGITS: Final = re.compile(r"-?[0-9]+([.,][0-9]+)?")
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
    elif known.type == "decimal" and _spelt(one):
        yield _by_letters(one, f"{one.written} | number, and {value} without quotes")
    elif known.one_of and value not in known.one_of:
        hint = suggestion(str(value), known.one_of) or f"it is one of: {', '.join(known.one_of)}"
        yield warning("comparison-never", f"Amazon never says '{value}' as {one.written}", one.rule, hint)


def _with_file(one: Comparison, some: list[Field]) -> Iterator[Finding]:
    kinds = {_read(field) for field in some}
    kind = kinds.pop() if len(kinds) == 1 else ""
    if kind and kind != _kind(one.value):
        typed = kind == _TEXT and _kind(one.value) == _NUMBER and not some[0].lookup
        yield _never(
            one, kind, f"type: integer at the field, or '{one.value}' in quotes" if typed else _amends(one, kind)
        )
    elif kind == _TEXT and _spelt(one):
        yield _by_letters(one, f"type: integer at the field, and {one.value} without quotes")
    elif kind == _TEXT and (answers := _answers(some)) and one.value not in answers:
        yield _otherwise(one, some[0], answers)


def _spelt(one: Comparison) -> bool:
    """Tell a number in quotes that something is held to be greater or less than."""
    return one.ordered and isinstance(one.value, str) and bool(_DIGITS.fullmatch(one.value))


def _by_letters(one: Comparison, hint: str) -> Finding:
    text = f"{one.written} and '{one.value}' are texts, compared letter by letter: '10' is less than '9'"
    return warning("comparison-letters", text, one.rule, hint)


def _table(field: Field) -> dict[tuple[str, ...], str]:
    """Give all that the table of a field answers, by what it is asked; empty: that depends."""
    if field.lookup is None or field.lookup.miss == "pass":
        return {}
    try:
        return pairs(field.lookup.table, question(field.lookup))
    except KeyError:
        return {}  # told where tables are checked


def _answers(some: list[Field]) -> frozenset[str]:
    """Give all that fields can be whose values are looked up; empty: anything."""
    tables = [_table(field) for field in some]
    others = {one for field in some for one in (field.default, field.lookup and field.lookup.miss_text) if one}
    return frozenset({"", *others, *(answer for table in tables for answer in table.values())} if all(tables) else ())


def _otherwise(one: Comparison, field: Field, answers: frozenset[str]) -> Finding:
    made, some = _table(field).get((str(one.value),)), sorted(answers - {""})
    hint = f"it makes '{made}' of '{one.value}'" if made else suggestion(str(one.value), some)
    text = f"{one.written} is what its table answers, never '{one.value}'"
    return warning("comparison-never", text, one.rule, hint or f"it answers: {', '.join(some[:12])}")


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
