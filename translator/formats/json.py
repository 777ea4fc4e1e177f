"""JSON files: records are objects, found by path; fields by key or path; nested objects and lists are groups.

Numbers become text with their digits as written, true and false the words. Records are read one at a time: those in
a list follow the record around them, and wait for the end of its object only where fields of it are still to come.
With `lines`, each line is an object, and records follow one another as in any file of lines. Keys the layout does not
name are findings of their record, as `unknown` says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

from translator.core import jsontext
from translator.core.finding import Finding, Findings, Place, Rejected
from translator.formats.format import PLAIN, Format, Option
from translator.formats.json_rows import Rows, Value
from translator.formats.json_shape import Shape, Steps, Way, down, faults, meet, shapes
from translator.formats.json_text import JsonText, texts
from translator.formats.json_write import write
from translator.formats.limits import bounded, broken, counted, long_record
from translator.formats.recognise import OFTEN, UNNAMED, Chain, Matching, asks_last, lasting, missing
from translator.formats.where_json import where
from translator.mapping.expression import Environment
from translator.mapping.layout import MappingFile, Record, every_record
from translator.mapping.row import Row

OPTIONS: Final = (
    Option("lines", "whether each line of the file is an object of its own (NDJSON)", "false", ("true", "false")),
    Option("indent", "how it is written: in one line, or over many lines for people", "false", ("true", "false")),
)


def _read(
    chunks: Iterable[bytes], mapping: MappingFile, findings: Findings, file: str, environment: Environment = PLAIN
) -> Iterator[Row]:
    pieces = texts(bounded(chunks, file, mapping.limits.file), mapping, findings, file)
    if mapping.options.get("lines") == "true":
        rows = _lines(pieces, mapping, findings, file, environment)
    else:
        rows = _Reading(mapping, findings, file, environment).rows(JsonText(pieces, mapping.limits, file))
    yield from counted(rows, file, mapping.limits.records)


# --- one tree ----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Open:
    """An object that is not ended: a record that holds records, or the file itself (without a row)."""

    shape: Shape
    row: Row | None = None
    waits: set[Steps] = field(default_factory=set)  # fields that are still to come
    tree: dict[str, Any] = field(default_factory=dict)  # what came of its fields
    held: list[Row] = field(default_factory=list)  # rows that belong to it and came before they could be given
    given: bool = False
    seen: dict[str, int] = field(default_factory=dict)


class _Reading:
    """Walks through the objects that hold records, and reads everything else whole."""

    __slots__ = ("_asks", "_file", "_findings", "_matching", "_records", "_rows", "_rule", "_shapes", "_text")

    def __init__(self, mapping: MappingFile, findings: Findings, file: str, environment: Environment) -> None:
        self._file = file
        self._rule = mapping.rule
        self._findings = findings
        self._records = mapping.records
        self._shapes = shapes(mapping)
        self._rows = Rows(mapping, findings, file)
        self._matching = Matching(mapping, environment)
        self._asks = self._matching.asks or any(
            one.is_ for record in every_record(mapping.records) for one in record.fields
        )
        self._text = JsonText((), mapping.limits, file)

    def rows(self, text: JsonText) -> Iterator[Row]:
        """Give the rows of a file."""
        self._text = text
        top = _Open(self._shapes[0], given=True)
        if top.shape.way.records:
            yield from self._entries(top.shape.way, top, "", 0)
        elif text.peek() == "{":
            yield from self._object(top.shape.way, top, (), top.tree, 0)
        elif text.value() is not None:
            place = Place(self._file, 1, path="/")
            hint = "the layout has paths, and none leads through a list: is it of another kind?"
            self._findings.add(Finding("json-object", "an object should stand here", place, self._rule, hint))
        text.end()
        self._missing(self._records, top)

    def _object(self, way: Way, one: _Open, path: Steps, into: dict[str, Any], level: int) -> Iterator[Row]:
        """Walk through an object on the way to records; what fields ask for is kept."""
        for key in self._text.keys(level):
            name = (*path, key)
            below = way.ways.get(key)
            if below and below.records:
                yield from self._entries(below, one, self._pointer(one, name), level + 1)
            elif below and self._text.peek() == "{":
                yield from self._object(below, one, name, into.setdefault(key, {}), level + 1)
            elif below:
                if self._text.value(level + 1) is not None:
                    self._strange(one, name)
            elif any(meet(known, name) for known in one.shape.fields):
                into[key] = self._text.value(level + 1)
            else:
                self._strange(one, name)
                self._text.skip(level + 1)
            one.waits = {known for known in one.waits if known[: len(name)] != name}

    def _pointer(self, one: _Open, name: Steps) -> str:
        above = one.row.place.path.rstrip("/") if one.row else ""
        return above + "".join(f"/{step}" for step in name)

    def _strange(self, one: _Open, name: Steps) -> None:
        if self._rows.severity:
            record = one.row.record if one.row else None
            found = self._rows.unnamed(self._text.line, self._pointer(one, name), record, one.shape.known)
            if one.row:
                one.row.findings += (found,)
            else:
                self._findings.add(found)

    def _entries(self, way: Way, one: _Open, pointer: str, level: int) -> Iterator[Row]:
        letter = self._text.peek()
        if letter == "[":
            for number in self._text.entries(level):
                yield from self._through(one, self._entry(way, one, f"{pointer}/{number}", level + 1))
        elif letter == "n":  # null
            self._text.value(level)
        else:
            yield from self._through(one, self._entry(way, one, pointer, level))

    def _through(self, one: _Open, rows: Iterator[Row]) -> Iterator[Row]:
        """Give rows that belong to a record behind it; while fields of it may still come, they wait."""
        if one.waits and not one.given:
            one.held.extend(rows)
            return
        yield from self._give(one)
        yield from rows

    def _give(self, one: _Open) -> Iterator[Row]:
        if not one.given and one.row:
            one.given = True
            self._rows.fill(one.row, one.tree)
            yield one.row

    def _entry(self, way: Way, one: _Open, pointer: str, level: int) -> Iterator[Row]:
        letter, line, first = self._text.peek(), self._text.line, way.records[0]
        if len(way.records) == 1 and first.records and letter == "{":
            yield from self._record(first, one, Place(self._file, line, record=first.name, path=pointer or "/"), level)
        else:
            yield from self._whole(way.records, self._text.value(level), one, line, pointer)

    def _record(self, record: Record, one: _Open, place: Place, level: int) -> Iterator[Row]:
        """Read a record that holds records while it comes."""
        shape = self._shapes[id(record)]
        row = Row(record, [None] * len(record.fields), place, one.row)
        self._count(record, row.place, one)
        inside = _Open(shape, row, {path for path in shape.fields if path})
        yield from self._object(shape.way, inside, (), inside.tree, level)
        yield from self._give(inside)
        self._rows.strange(row, inside.tree, shape.known)
        if not self._fits(record, Value(inside.tree, place.line)):
            row.findings += (
                Finding("record-unknown", "its fields say that it is another record", row.place, record.rule),
            )
        yield from inside.held
        self._missing(record.records, inside)

    def _whole(self, records: list[Record], tree: Any, one: _Open, line: int, pointer: str) -> Iterator[Row]:
        """Read a record out of a tree, and those inside it."""
        record = self._chosen(records, Value(tree, line), one)
        place = Place(self._file, line, record=record.name if record else "", path=pointer or "/")
        if record is None:
            self._unknown(place)
            return
        shape = self._shapes[id(record)]
        row = self._rows.row(record, tree, place, one.row, shape.known)
        if row is None:
            return
        self._count(record, place, one)
        yield row
        if record.records:
            inside = _Open(shape, row, given=True)
            yield from self._below(shape.way, tree, inside, pointer)
            self._missing(record.records, inside)

    def _below(self, way: Way, tree: Any, one: _Open, pointer: str) -> Iterator[Row]:
        line = one.row.place.line if one.row else 0
        for key, below in way.ways.items():
            found, here = down(tree, (key,)), f"{pointer}/{key}"
            if below.records and isinstance(found, list):
                for number, entry in enumerate(found):
                    yield from self._whole(below.records, entry, one, line, f"{here}/{number}")
            elif below.records and isinstance(found, dict):
                yield from self._whole(below.records, found, one, line, here)
            else:
                yield from self._below(below, found, one, here)

    def _chosen(self, records: list[Record], value: Value, one: _Open) -> Record | None:
        """Give the record a value is: the first that fits and is not used up."""
        if len(records) == 1 and not self._asks:
            return records[0]
        fitting = [record for record in records if self._fits(record, value)]
        return next((record for record in fitting if self._room(record, one)), fitting[0] if fitting else None)

    def _fits(self, record: Record, value: Value) -> bool:
        return value.fits(record) and self._matching.fits(record, value, self._findings, self._file)

    def _unknown(self, place: Place) -> None:
        if self._rows.severity:
            text = "none of the records of the layout"
            self._findings.add(Finding("record-unknown", text, place, hint=UNNAMED, severity=self._rows.severity))

    def _room(self, record: Record, one: _Open) -> bool:
        return record.times.most is None or one.seen.get(record.name, 0) < record.times.most

    def _count(self, record: Record, place: Place, one: _Open) -> None:
        if not self._room(record, one):
            text = f"{record.name} stands here more than {record.times.most} times"
            self._findings.add(Finding("record-too-many", text, place, record.rule, OFTEN))
        one.seen[record.name] = one.seen.get(record.name, 0) + 1

    def _missing(self, records: Iterable[Record], one: _Open) -> None:
        for record in records:
            if one.seen.get(record.name, 0) < record.times.least:
                place = one.row.place if one.row else Place(self._file)
                missing(record, one.row, replace(place, record=record.name), self._findings)


# --- lines -------------------------------------------------------------------------------------------------------------


def _lines(
    pieces: Iterable[str], mapping: MappingFile, findings: Findings, file: str, environment: Environment
) -> Iterator[Row]:
    """Give the rows of a file of which each line is an object: a line that cannot be read does not stop its neighbours."""
    chain, rows, ways = Chain(mapping, findings, file, environment), Rows(mapping, findings, file), shapes(mapping)
    number = 0
    for (number, line), last in lasting(_cut(pieces, mapping.limits.record, file), asked=asks_last(mapping)):
        try:
            tree = jsontext.decode(line.encode(), file, mapping.limits.depth)
        except Rejected as rejected:
            for one in rejected.findings:
                broken(findings, replace(one, data=replace(one.data or Place(file), line=number)))
            continue
        record = chain.find(Value(tree, number, last))
        place = Place(file, number, record=record.name if record else "")
        row = rows.row(record, tree, place, chain.parent, ways[id(record)].fields) if record else None
        if record and row:
            chain.open(row, record)
            yield row
    chain.end(number)


def _cut(pieces: Iterable[str], most: int, file: str) -> Iterator[tuple[int, str]]:
    """Give the lines that are not blank, each with its number."""
    rest, number = "", 0
    for piece in pieces:
        *whole, rest = (rest + piece).split("\n")
        for line in whole:
            number += 1
            if line.strip():
                yield number, line
        if len(rest) > most:
            raise long_record(file, number + 1, most)
    if rest.strip():
        yield number + 1, rest


FORMAT: Final = Format("json", OPTIONS, _read, write, typed=True, check=faults, where=where)
