"""A layout as the people of the warehouse system want to see it: each record, each field, its place, kind and meaning.

In words they know: positions, patterns such as YYYYMMDD, lists of codes. Where a field comes from, or goes to, is said in
Amazon's names, with what they mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from translator.core.finding import counted
from translator.documents.types import known_path
from translator.formats.format import formats
from translator.mapping.goes_to import Target, goes_to
from translator.mapping.layout import Field, Lookup, MappingFile, Record, Table, Times
from translator.mapping.lints.positions import columned, placed
from translator.mapping.tables import INLINE
from translator.mapping.trace import sources
from translator.translation import Translation

_LETTERS: Final = {
    "%Y": "YYYY", "%y": "YY", "%m": "MM", "%d": "DD", "%H": "HH", "%I": "HH", "%M": "MI", "%S": "SS", "%j": "DDD",
    "%p": "AM/PM", "%b": "MON", "%B": "month", "%a": "day", "%A": "weekday", "%z": "+ZZZZ", "%f": "ffffff", "%%": "%",
}  # fmt: skip
_WORDS: Final = {"iso": "YYYY-MM-DDTHH:MI:SSZ", "cyymmdd": "CYYMMDD", "yyddd": "YYDDD", "dtm": "by its EDIFACT code"}
_FORMATS: Final = {"fixed": "fixed width", "csv": "delimited", "bytes": "the bytes of one field"}
_PLACES: Final = {"fixed": "position", "csv": "column", "xml": "element", "json": "key"}
_TOLD: Final = ("charset", "newline", "delimiter", "quote", "header")  # options that are told whatever they are
_ALIKE: Final = ("amount", "partyId", "value", "unitOfMeasure", "currencyCode")  # what they are, the name above says
_CODES: Final = 60  # rows of a table that are listed


@dataclass(frozen=True, slots=True)
class Line:
    """One field, in words."""

    field: str
    place: str
    length: str
    type: str
    required: str
    constant: str
    value: str  # where it comes from, or goes to
    description: str
    codes: str  # the name of a table, or the codes themselves
    notes: str

    def as_json(self) -> dict[str, Any]:
        """Give what is there."""
        return {name: value for name in self.__slots__ if (value := getattr(self, name))}


@dataclass(frozen=True, slots=True)
class Section:
    """One record, or a group of fields inside one."""

    name: str
    place: str  # where that is not its name: a segment with its qualifier, a path
    depth: int
    often: str
    length: str
    lines: tuple[Line, ...]

    def as_json(self) -> dict[str, Any]:
        """Give it as plain JSON values."""
        facts = {
            "record": self.name,
            "place": self.place,
            "depth": self.depth,
            "times": self.often,
            "length": self.length,
        }
        return {**facts, "fields": [line.as_json() for line in self.lines]}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole layout."""

    name: str
    facts: Mapping[str, str]
    place: str  # what a place is in this format
    sections: tuple[Section, ...]
    tables: tuple[Table, ...] = field(default_factory=tuple)
    writes: bool = True
    without: str = ""  # why there are no records

    def as_json(self) -> dict[str, Any]:
        """Give it as plain JSON values."""
        tables = {
            table.name: [dict(zip(table.columns, row, strict=True)) for row in table.rows] for table in self.tables
        }
        return {
            "mapping": self.name,
            "facts": dict(self.facts),
            "records": [section.as_json() for section in self.sections],
            "tables": tables,
        }


def sheets_of(translation: Translation) -> list[Sheet]:
    """Describe the layout of a mapping: of each of its files."""
    return [_sheet(one) for one in translation.parts or (translation,)]


def _sheet(translation: Translation) -> Sheet:
    file = translation.file
    describe = _Describe(file, _meanings(translation))
    sections = tuple(part for record in file.records for part in describe.record(record, 0))
    tables = {one.table.name: one.table for one in describe.looked if not _inline(one.table)}
    return Sheet(
        name=file.name,
        facts=dict(_facts(file)),
        place=_PLACES.get(file.format, "place"),
        sections=sections,
        tables=tuple(table for table in tables.values() if len(table.rows) <= _CODES),
        writes=file.direction == "writes",
        without=f"the template {file.template_name} writes the file" if file.template else "an empty file",
    )


def _facts(file: MappingFile) -> Iterator[tuple[str, str]]:
    yield ("holds" if file.direction == "writes" else "tells of"), ", ".join(map(_plain, file.kinds))
    yield "format", _FORMATS.get(file.format, file.format.upper())
    if file.file:
        yield "file name", file.file
    if file.batch:
        yield "in one file", f"up to {counted(file.batch.most, 'document')}"
    usual = {option.name: option.default for option in formats()[file.format].options}
    for name, value in file.options.items():
        if value and (name in _TOLD or value != usual.get(name)):
            yield name.replace("_", " "), {" ": "blank"}.get(value, value)


def _plain(word: str) -> str:
    return word.replace("_", " ")


_Meaning = tuple[str, str]  # a path in Amazon's names, and what stands there


def _meanings(translation: Translation) -> Mapping[int, tuple[_Meaning, ...]]:
    """Give for each field the places in the document it comes from, or goes to."""
    kind = translation.file.kinds[0]
    if translation.writer:
        found = sources(translation.writer.planned, around=False)
        return {key: tuple(_meaning(kind, path.removeprefix("[].")) for path in paths) for key, paths in found.items()}
    if translation.reader:
        targets = goes_to(translation.reader)
        return {key: tuple(dict.fromkeys(map(_aimed, some))) for key, some in targets.items()}
    return {}


def _meaning(kind: str, path: str) -> _Meaning:
    above, _, name = path.rpartition(".")
    known, around = known_path(kind, path), known_path(kind, above) if name in _ALIKE and above else None
    words = [one.help for one in (around, known) if one and one.help]
    return known.path if known else path, ": ".join(words)


def _aimed(target: Target) -> _Meaning:
    words = {
        "order": "says which order is meant",
        "item": "says which line of the order is meant",
        "group": f"the same here: one of {target.path}" if target.path else "what is the same here belongs together",
        "when": "decides whether it counts",
    }
    if target.what in words:
        return "", words[target.what]
    return _meaning(target.kind, target.path)


@dataclass(slots=True)
class _Describe:
    file: MappingFile
    meanings: Mapping[int, tuple[_Meaning, ...]]
    looked: list[Lookup] = field(default_factory=list)

    def record(self, record: Record, depth: int) -> Iterator[Section]:
        """Describe a record, the groups inside it, and the records that follow it."""
        if any(one.source.text == "[]" for one in record.each):
            return  # what a format brings to read, and never writes
        times = Times() if self.file.direction == "writes" and not record.each else record.times
        often = _often(times, record.each, when=record.when is not None)
        length = " or ".join(map(str, record.len)) or self._length(record)
        place = record.at if record.at != record.name else ""
        yield Section(record.name, place, depth, often, length, tuple(self._lines(record)))
        yield from self._groups(record.fields, record.name, depth)
        for inner in record.records:
            yield from self.record(inner, depth + 1)

    def _length(self, record: Record) -> str:
        ends = [end for _, end, _ in placed(record)]
        return str(max(ends)) if ends and self.file.format == "fixed" else ""

    def _groups(self, fields: Sequence[Field], name: str, depth: int) -> Iterator[Section]:
        for one in fields:
            if one.fields:
                inner = f"{name}/{one.name}"
                yield Section(inner, "", depth + 1, _often(one.times, one.each), "", tuple(self._lines(one)))
                yield from self._groups(one.fields, inner, depth + 1)

    def _lines(self, whole: Record | Field) -> Iterator[Line]:
        for start, end, one in placed(whole) if self.file.format == "fixed" else columned(whole):
            yield self._line(one, self._place(one, start, end))

    def _place(self, one: Field, start: int, end: int) -> str:
        if one.path:
            return one.path
        if self.file.format == "fixed":
            return f"{start + 1}–{end}" if end - start > 1 else str(start + 1)
        if self.file.format in ("xml", "json"):
            return one.at or one.name
        named = self.file.options.get("header") == "true"
        return (one.at or one.name) if named else one.at or str(start + 1)

    def _line(self, one: Field, place: str) -> Line:
        meanings = self.meanings.get(id(one), ())
        if one.lookup:
            self.looked.append(one.lookup)
        return Line(
            field=one.name,
            place=place,
            length=str(one.len) if one.len else f"up to {one.max}" if one.max else "",
            type=kind_of(one),
            required=_required(one, writes=self.file.direction == "writes"),
            constant=" or ".join(one.is_) or (one.text or ""),
            value=self._value(one, [path for path, _ in meanings if path]),
            description="; ".join(dict.fromkeys(words for _, words in meanings if words)),
            codes=_codes(one.lookup) if one.lookup else "",
            notes=", ".join(notes_of(one)),
        )

    def _value(self, one: Field, paths: Sequence[str]) -> str:
        if one.equals:
            return f"= {one.equals.text}"
        if one.fields:
            return f"see {one.name}"
        if paths:
            return ", ".join(paths)
        return " | ".join(source.text for source in one.source)


def _inline(table: Table) -> bool:
    """Tell a table that stands in the mapping itself."""
    return table.columns == INLINE


def _codes(lookup: Lookup) -> str:
    table = lookup.table
    if not _inline(table):
        return table.name
    return ", ".join(f"{known} → {given}" for known, given in table.rows)


def _often(times: Times, each: Sequence[Any], *, when: bool = False) -> str:
    if each:
        return f"once per {each[-1].name}" if each[-1].name else "once per entry"
    if when or (times.least, times.most) == (0, 1):
        return "at most once"
    if times.least == times.most:
        return "once" if times.least == 1 else f"{times.least} times"
    if times.most is None:
        return "any number" if times.least == 0 else f"{times.least} or more"
    return f"{times.least} to {times.most}"


def kind_of(one: Field) -> str:
    if one.fields:
        return "group"
    if one.date:
        return "date " + " or ".join(map(pattern, one.date))
    if one.type == "decimal":
        if one.implied:
            return f"decimal, {counted(one.implied, 'place')} implied"
        return f"decimal, {counted(one.places, 'place')}" if one.places else "decimal"
    return one.type


def pattern(date: str) -> str:
    """Give a date pattern as people write it: `%Y%m%d` is YYYYMMDD."""
    return _WORDS.get(date) or re.sub(r"%.", lambda found: _LETTERS.get(found[0], found[0]), date)


def _required(one: Field, *, writes: bool) -> str:
    if one.fields:
        return ""
    if one.required or one.is_:
        return "yes"
    if writes:
        blank = one.maybe or one.when is not None or (one.redacted == "") or not (one.source or one.text or one.equals)
        return "may be blank" if blank and one.default is None else "always"
    return ""


def notes_of(one: Field) -> Iterator[str]:
    if one.date and one.zone:
        yield "time of the warehouse" if one.zone == "warehouse" else f"time in {one.zone}"
    yield from _filled(one)
    yield from ([f"decimal mark {one.mark}"] if one.mark != "." else [])
    yield from ([f"sign {one.sign}"] if one.sign else [])
    yield from (["else " + _shown(one.default)] if one.default else [])
    yield from ([f"nothing is {_shown(one.empty)}"] if one.empty else [])
    yield from (["cut where too long"] if one.truncate else [])
    yield from ([f"goes on in {one.rest}"] if one.rest else [])
    yield from ([f"{_shown(one.redacted)} where the customer is not told"] if one.redacted else [])
    yield from ([f"a day means {one.time}"] if one.time and one.date else [])


def _filled(one: Field) -> Iterator[str]:
    side = {"left": " on the right", "right": " on the left"}.get(one.justify, "")
    if one.pad:
        yield f"filled with {_shown(one.pad)}{side}"
    elif one.justify:
        yield f"stands {one.justify}"


def _shown(text: str) -> str:
    return {"0": "zeros", " ": "blanks"}.get(text, f"“{text}”")
