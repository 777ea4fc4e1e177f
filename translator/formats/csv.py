"""CSV and other delimited files: one record per row, cells by header name or by column.

Read strictly: a quote that is never closed, or text after a closing quote, makes a finding for the row it begins in,
and the rows after it are read by themselves. A short or long row is given as far as it goes, with its finding.
Written with quotes where they are needed. Columns must be named once; a file without its header line is Rejected.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from translator.core.finding import Finding, Findings, Misconfigured, Place, Rejected, Severity, errors, suggestion
from translator.formats.format import Format, Option
from translator.formats.limits import broken, counted, long_record
from translator.formats.lines import NEWLINES, Lines, bad_characters, charset_name
from translator.formats.once import once
from translator.formats.recognise import Chain, identity
from translator.formats.rows import row_writer
from translator.formats.written import encoded
from translator.mapping.layout import Field, MappingFile, Record, Times
from translator.mapping.row import Cell, Row

OPTIONS: Final = (
    Option("charset", "the code page, by Python's name", "utf-8"),
    Option("newline", "the line end: as written, and what is one when read", "any", tuple(NEWLINES)),
    Option("delimiter", "what stands between two cells; `tab` for the tabulator", ","),
    Option("quote", "what encloses a cell that holds a delimiter; `none` where there is no such thing", '"'),
    Option("header", "whether the first line names the columns", "false", ("true", "false")),
    Option("blank_lines", "what an empty line means", "skip", ("skip", "error")),
    Option("short", "what a row with too few cells means", "error", ("error", "fill")),
)
_DEFAULTS: Final = {option.name: option.default for option in OPTIONS}
_QUOTING: Final = {
    "unexpected end of data": "a quote opened here is never closed",
    "expected after": "text after a closing quote",
    "new-line character": "another line end than the mapping's `newline` inside the row",
    "field larger": "a quote opened here is not closed for too long",
}


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the cells of one record stand in its rows."""

    record: Record
    places: tuple[int, ...]  # of its fields; -1: the file has no such column
    width: int
    identity: tuple[tuple[int, frozenset[str]], ...] = ()

    def pick(self, raw: list[str]) -> list[Cell]:
        """Give the cells in the order of the layout; blank ones become nothing."""
        if len(raw) >= self.width:
            return [raw[place] if place >= 0 and raw[place].strip() else None for place in self.places]
        return [raw[place] if 0 <= place < len(raw) and raw[place].strip() else None for place in self.places]

    def fits(self, raw: list[str]) -> bool:
        """Tell whether a row is such a record."""
        return all(place < len(raw) and raw[place].strip() in values for place, values in self.identity)


class _Feed:
    """Lines for the csv parser, which may be given once more when a quote was never closed."""

    __slots__ = ("_again", "_file", "_lines", "_most", "number", "size", "taken")

    def __init__(self, lines: Iterator[str], file: str, most: int) -> None:
        self._most = most
        self._lines = lines
        self._again: deque[str] = deque()
        self._file = file
        self.number = 0  # of the last line taken
        self.size = 0
        self.taken: list[str] = []  # the lines of this record

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self.number += 1
        self.size += len(line)
        self.taken.append(line)
        if self.size > self._most:
            raise long_record(self._file, self.start, self._most)
        return line

    @property
    def start(self) -> int:
        """Give the number of the record's first line."""
        return self.number - len(self.taken) + 1

    def begin(self) -> None:
        """Forget the lines of the record before."""
        self.taken.clear()
        self.size = 0

    def back(self) -> None:
        """Give all lines but the first once more: only that one is lost."""
        again = self.taken[1:]
        self._again.extendleft(reversed(again))
        self.number -= len(again)


def _read(chunks: Iterable[bytes], mapping: MappingFile, findings: Findings, file: str) -> Iterator[Row]:
    options = {**_DEFAULTS, **mapping.options}
    lines = Lines(chunks, mapping, findings, file)
    feed = _Feed(iter(lines), file, mapping.limits.record)
    rows = _rows(csv.reader(feed, _dialect(options, mapping)), feed, lines, mapping, findings, file)
    make = _single if options["header"] == "true" or _alike(mapping) else _several
    yield from counted(make(rows, mapping, options, findings, file), file, mapping.limits.records)


def _alike(mapping: MappingFile) -> bool:
    """Tell whether all rows are of one kind, in any number."""
    return len(mapping.records) == 1 and not mapping.records[0].records and mapping.records[0].times == Times(0, None)


_Raw = tuple[list[str], int]  # the cells of a row, and the line it begins in


def _rows(
    parser: Iterator[list[str]], feed: _Feed, lines: Lines, mapping: MappingFile, findings: Findings, file: str
) -> Iterator[_Raw]:
    while True:
        feed.begin()
        try:
            raw = next(parser)
        except StopIteration:
            return
        except csv.Error as error:
            feed.back()
            broken(findings, _quoting(str(error), Place(file, feed.number)))
            continue
        start = feed.start
        problem = _unfit(raw, feed, lines, mapping, Place(file, start))
        if problem:
            broken(findings, problem)
        elif raw:
            yield raw, start


def _dialect(options: dict[str, str], mapping: MappingFile) -> csv.Dialect:
    dialect = csv.excel()
    dialect.strict = True
    dialect.lineterminator = "\r\n"  # CR and LF in a cell are quoted; the real line end is put afterwards
    dialect.delimiter = "\t" if options["delimiter"] == "tab" else _letter("delimiter", options, mapping)
    if options["quote"] in {"none", ""}:
        dialect.quoting, dialect.quotechar = csv.QUOTE_NONE, None
    else:
        dialect.quotechar = _letter("quote", options, mapping)
    return dialect


def _letter(name: str, options: dict[str, str], mapping: MappingFile) -> str:
    if len(options[name]) != 1 or options[name] in "\r\n":
        raise Misconfigured([Finding("csv-option", f"`{name}` wants one character", rule=mapping.rule)])
    return options[name]


def _quoting(error: str, place: Place) -> Finding:
    text = next((text for part, text in _QUOTING.items() if part in error), error)
    return Finding("csv-quote", text, place, hint="a quote inside a quoted cell is written twice")


def _unfit(raw: list[str], feed: _Feed, lines: Lines, mapping: MappingFile, place: Place) -> Finding | None:
    """Say why a row is not even looked at."""
    options, limits = {**_DEFAULTS, **mapping.options}, mapping.limits
    if len(raw) > limits.columns:
        return Finding("limit-columns", f"more than {limits.columns:,} columns", place)
    if feed.size > limits.field and any(len(cell) > limits.field for cell in raw):
        return Finding("limit-field", f"a cell of more than {limits.field:,} characters", place)
    if not raw and options["blank_lines"] == "error":
        return Finding("line-blank", "an empty line", place, hint="`blank_lines: skip` allows it")
    return bad_characters("".join(feed.taken), place, options["charset"]) if lines.dirty else None


def _single(
    rows: Iterator[_Raw], mapping: MappingFile, options: dict[str, str], findings: Findings, file: str
) -> Iterator[Row]:
    """Read a file of one kind of record, the usual one."""
    record = mapping.records[0]
    if len(mapping.records) > 1 or record.records:
        text = "a file with several kinds of records has no header line"
        raise Misconfigured([Finding("header-records", text, rule=mapping.rule, hint="set `header: false`")])
    if options["header"] == "true":
        columns = _by_header(record, next(rows, None), mapping, findings, file)
    else:
        columns = _by_number(record)
    strangers = options["header"] == "true" or mapping.unknown != "skip"
    line = 0
    for raw, line in rows:
        if columns.identity and not columns.fits(raw):
            _stranger(record, mapping, findings, Place(file, line))
            continue
        place = Place(file, line, record=record.name)
        if len(raw) == columns.width:
            yield Row(record, columns.pick(raw), place)
        else:
            yield Row(record, columns.pick(raw), place, None, _width(raw, columns, options, place, strangers=strangers))
    if not line and record.times.least:
        findings.add(Finding("record-missing", "the file has no rows", Place(file, record=record.name), record.rule))


def _several(
    rows: Iterator[_Raw], mapping: MappingFile, options: dict[str, str], findings: Findings, file: str
) -> Iterator[Row]:
    """Read a file of several kinds of records: each row is recognised."""
    plans = _plans(mapping.records)
    chain = Chain(mapping, findings, file)
    line = 0
    for raw, line in rows:
        record = chain.find(_fitting(plans, raw), Place(file, line))
        if record:
            columns = plans[id(record)]
            place = Place(file, line, record=record.name)
            wrong = _width(raw, columns, options, place, strangers=mapping.unknown != "skip")
            row = Row(record, columns.pick(raw), place, chain.parent, wrong)
            chain.open(row, record)
            yield row
    chain.end(line)


def _fitting(plans: dict[int, _Columns], raw: list[str]) -> Callable[[Record], bool]:
    return lambda record: plans[id(record)].fits(raw)


def _plans(records: Sequence[Record]) -> dict[int, _Columns]:
    plans = {}
    for record in records:
        plans[id(record)] = _by_number(record)
        plans.update(_plans(record.records))
    return plans


def _stranger(record: Record, mapping: MappingFile, findings: Findings, place: Place) -> None:
    if mapping.unknown != "skip":
        severity = Severity.WARNING if mapping.unknown == "warn" else Severity.ERROR
        text = f"the row is no {record.name}"
        broken(findings, Finding("record-unknown", text, place, record.rule, severity=severity))


def _width(
    raw: list[str], columns: _Columns, options: dict[str, str], place: Place, *, strangers: bool
) -> tuple[Finding, ...]:
    if len(raw) < columns.width and options["short"] == "error":
        text = f"{len(raw)} cells where {columns.width} should stand"
        hint = "was the file cut off? `short: fill` allows rows without their last cells"
        return (Finding("row-short", text, place, columns.record.rule, hint),)
    if len(raw) > columns.width and strangers:
        text = f"{len(raw)} cells where {columns.width} should stand"
        return (Finding("row-long", text, place, columns.record.rule, "a delimiter inside a cell needs quotes"),)
    return ()


def _by_number(record: Record) -> _Columns:
    """Place the fields by column number: `at`, or right after the field before."""
    places: list[int] = []
    for field in record.fields:
        after = places[-1] + 1 if places else 0
        places.append(int(field.at) - 1 if field.at.isdecimal() else after)
    return _Columns(record, tuple(places), max(places, default=-1) + 1, identity(record, places))


def _by_header(record: Record, first: _Raw | None, mapping: MappingFile, findings: Findings, file: str) -> _Columns:
    """Place the fields by the names in the first line, in whatever order they stand."""
    place = Place(file, 1)
    if first is None:
        raise Rejected([*findings.found, Finding("header-missing", "the file has no header line", place, mapping.rule)])
    names = [name.strip() for name in first[0]]
    wrong = [*_twice(names, place), *_unnamed(record, names, mapping, place), *_absent(record, names, mapping, place)]
    if errors(wrong):
        raise Rejected(wrong)
    findings.found.extend(wrong)
    places = [names.index(title) if (title := _title(field)) in names else -1 for field in record.fields]
    return _Columns(record, tuple(places), len(names), identity(record, places))


def _title(field: Field) -> str:
    return field.at or field.name


def _twice(names: list[str], place: Place) -> list[Finding]:
    twice = dict.fromkeys(name for name in names if name and names.count(name) > 1)
    return [Finding("column-twice", f"the column '{name[:40]}' stands twice", place) for name in twice]


def _unnamed(record: Record, names: list[str], mapping: MappingFile, place: Place) -> list[Finding]:
    known = [_title(field) for field in record.fields]
    strange = [name for name in names if name and name not in known]
    text = "the layout has no column '{}'"
    return [_policy("column-unknown", text, name, mapping, place, suggestion(name, known)) for name in strange]


def _absent(record: Record, names: list[str], mapping: MappingFile, place: Place) -> list[Finding]:
    lost = [field for field in record.fields if _title(field) not in names and field.default is None]
    text = "the file has no column '{}'"
    return [
        _policy("column-missing", text, _title(field), mapping, place, suggestion(_title(field), names)).at(
            rule=field.rule
        )
        for field in lost
        if field.required or mapping.unknown != "skip"
    ]


def _policy(code: str, text: str, name: str, mapping: MappingFile, place: Place, hint: str) -> Finding:
    severity = Severity.ERROR if mapping.unknown == "error" else Severity.WARNING
    if mapping.unknown == "skip":
        severity = Severity.ERROR if code == "column-missing" else Severity.INFO
    return Finding(code, text.format(name[:40]), place, hint=hint, severity=severity)


@dataclass(frozen=True, slots=True)
class _Look:
    """How the files of a mapping look: worked out once."""

    row: Callable[[Sequence[Cell]], str]
    end: str
    header: tuple[str, ...]
    charset: str


@once
def _look(mapping: MappingFile) -> _Look:
    options = {**_DEFAULTS, **mapping.options}
    row, end = row_writer(_dialect(options, mapping)), NEWLINES[options["newline"]]
    titles = [_title(field) for record in mapping.records[:1] for field in record.fields]
    header = (row(titles),) if options["header"] == "true" and titles else ()
    return _Look(row, end, header, charset_name(options["charset"], mapping.rule))


def _write(rows: Iterable[Row], mapping: MappingFile, findings: Findings) -> bytes:
    look = _look(mapping)
    write = look.row
    lines: list[str] = [*look.header]
    shown: list[Row | None] = [None for _ in look.header]
    for row in rows:
        try:
            lines.append(write(row.cells))
            shown.append(row)
        except csv.Error:
            text = "a cell holds the delimiter or a line end, and there are no quotes"
            findings.add(Finding("csv-delimiter", text, row.place, row.record.rule))
    return encoded(lines, look.end, shown, look.charset, findings)


FORMAT: Final = Format("csv", OPTIONS, _read, _write)
