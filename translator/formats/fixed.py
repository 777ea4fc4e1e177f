"""Fixed-width files: one record per line, cells by position.

A line of the wrong length is given as far as it goes, with its finding. Cells lose the blanks that fill them, blank
ones become nothing. Positions count characters, or bytes where the layout says so. Written exactly: a line that is
not as long as its record, or a line end inside a cell, is a finding, never cut.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from translator.core.finding import Finding, Findings, Misconfigured, Place
from translator.formats.format import Format, Option
from translator.formats.limits import broken, counted
from translator.formats.lines import NEWLINES, Lines, bad_characters, charset_name
from translator.formats.once import once
from translator.formats.recognise import Chain
from translator.formats.written import encoded
from translator.mapping.layout import Field, MappingFile, Record, Times
from translator.mapping.row import Cell, Row

OPTIONS: Final = (
    Option("charset", "the code page, by Python's name", "utf-8"),
    Option("newline", "the line end: as written, and what is one when read", "any", tuple(NEWLINES)),
    Option("width", "whether positions count characters or bytes", "chars", ("chars", "bytes")),
    Option(
        "short",
        "what a line that is too short means: right trimmed by its sender, or cut off",
        "error",
        ("error", "fill"),
    ),
    Option("blank_lines", "what an empty line means", "skip", ("skip", "error")),
)
_DEFAULTS: Final = {option.name: option.default for option in OPTIONS}
_CUT: Final = "�"


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the cells of one record stand in its lines: from, to."""

    record: Record
    places: tuple[tuple[int, int], ...]
    lengths: tuple[int, ...]  # a line may have
    identity: tuple[tuple[int, int, frozenset[str]], ...]
    adjoining: bool  # no gap, no overlap, in this order

    def fits(self, line: str) -> bool:
        """Tell whether a line is such a record."""
        for start, end, values in self.identity:  # noqa: SIM110  (asked for every line: a generator costs thrice)
            if line[start:end].strip() not in values:
                return False
        return True

    def pick(self, line: str) -> list[Cell]:
        """Cut the cells out; blank ones become nothing."""
        return [line[start:end].rstrip(" ") or None for start, end in self.places]

    def pick_bytes(self, line: bytes, charset: str) -> list[Cell]:
        """Cut by bytes, in a charset where a character may take several."""
        return [line[start:end].decode(charset, "replace").rstrip(" ") or None for start, end in self.places]


def _read(chunks: Iterable[bytes], mapping: MappingFile, findings: Findings, file: str) -> Iterator[Row]:
    options = {**_DEFAULTS, **mapping.options}
    lines = Lines(chunks, mapping, findings, file)
    plans = _plans(mapping.records)
    numbered = _lines(lines, options, findings, file)
    cut = _cutter(options, mapping)
    yield from counted(_rows(numbered, plans, cut, mapping, findings, file), file, mapping.limits.records)


_Line = tuple[str, int]
_Cut = Callable[[str, _Columns, Place], tuple[list[Cell], tuple[Finding, ...]]]


def _lines(lines: Lines, options: dict[str, str], findings: Findings, file: str) -> Iterator[_Line]:
    """Give each line without its end, and its number; those with characters that none should have are findings."""
    end = "\r\n" if options["newline"] == "any" else NEWLINES[options["newline"]]
    for number, line in enumerate(lines, 1):
        text = line.rstrip("\r\n") if end == "\r\n" else line.removesuffix(end)
        problem = bad_characters(text, Place(file, number), options["charset"]) if lines.dirty else None
        if not text and options["blank_lines"] == "error":
            problem = Finding("line-blank", "an empty line", Place(file, number), hint="`blank_lines: skip` allows it")
        if problem:
            broken(findings, problem)
        elif text:
            yield text, number


def _rows(
    lines: Iterator[_Line], plans: dict[int, _Columns], cut: _Cut, mapping: MappingFile, findings: Findings, file: str
) -> Iterator[Row]:
    if _alike(mapping):
        yield from _single(lines, plans[id(mapping.records[0])], cut, file)
        return
    chain = Chain(mapping, findings, file)
    number = 0
    for line, number in lines:
        record = chain.find(_fitting(plans, line), Place(file, number))
        if record:
            place = Place(file, number, record=record.name)
            cells, wrong = cut(line, plans[id(record)], place)
            row = Row(record, cells, place, chain.parent, wrong)
            chain.open(row, record)
            yield row
    chain.end(number)


def _alike(mapping: MappingFile) -> bool:
    """Tell whether all lines are of one kind, in any number, and need no recognition."""
    record = mapping.records[0]
    codes = any(field.is_ for field in record.fields)
    return len(mapping.records) == 1 and not record.records and record.times == Times(0, None) and not codes


def _single(lines: Iterator[_Line], columns: _Columns, cut: _Cut, file: str) -> Iterator[Row]:
    record = columns.record
    for line, number in lines:
        place = Place(file, number, record=record.name)
        cells, wrong = cut(line, columns, place)
        yield Row(record, cells, place, None, wrong)


def _fitting(plans: dict[int, _Columns], line: str) -> Callable[[Record], bool]:
    return lambda record: plans[id(record)].fits(line)


def _cutter(options: dict[str, str], mapping: MappingFile) -> _Cut:
    """Choose how lines are cut: by characters, or by bytes where one may be longer than one byte."""
    fill, lax = options["short"] == "fill", mapping.unknown == "skip"
    charset = charset_name(options["charset"], mapping.rule)

    def by_characters(line: str, columns: _Columns, place: Place) -> tuple[list[Cell], tuple[Finding, ...]]:
        wrong = _length(len(line), columns, place, fill=fill, lax=lax) if len(line) not in columns.lengths else ()
        return columns.pick(line), wrong

    def by_bytes(line: str, columns: _Columns, place: Place) -> tuple[list[Cell], tuple[Finding, ...]]:
        data = line.encode(charset, "surrogateescape")
        wrong = _length(len(data), columns, place, fill=fill, lax=lax) if len(data) not in columns.lengths else ()
        cells = columns.pick_bytes(data, charset)
        halves = (field for field, cell in zip(columns.record.fields, cells, strict=True) if _CUT in str(cell or ""))
        return cells, (*wrong, *(_half(field, place) for field in halves))

    return by_bytes if options["width"] == "bytes" and len("é€".encode(charset, "ignore")) > 2 else by_characters


def _length(length: int, columns: _Columns, place: Place, *, fill: bool, lax: bool) -> tuple[Finding, ...]:
    wanted = " or ".join(map(str, columns.lengths))
    text = f"{length} long where {wanted} is meant"
    if length < max(columns.lengths) and not fill:
        hint = "was the file cut off? `short: fill` takes lines whose blanks at the end were trimmed"
        return (Finding("line-short", text, place, columns.record.rule, hint),)
    if length > max(columns.lengths) and not lax:
        hint = "`unknown: skip` takes what stands behind the last field"
        return (Finding("line-long", text, place, columns.record.rule, hint),)
    return ()


def _half(field: Field, place: Place) -> Finding:
    return Finding(
        "charset", f"{field.name} begins or ends inside a character", place, field.rule, "see `width: bytes`"
    )


def _plans(records: tuple[Record, ...]) -> dict[int, _Columns]:
    plans = {}
    for record in records:
        plans[id(record)] = _columns(record)
        plans.update(_plans(record.records))
    return plans


def _columns(record: Record) -> _Columns:
    """Place the fields: at `at` (counted from 1), or right after the field before."""
    places: list[tuple[int, int]] = []
    for field in record.fields:
        if field.len is None:
            text = f"the field '{field.name}' of a fixed layout wants 'len'"
            raise Misconfigured([Finding("mapping-fixed-len", text, rule=field.rule)])
        start = int(field.at) - 1 if field.at.isdecimal() else (places[-1][1] if places else 0)
        places.append((start, start + field.len))
    pairs = zip(record.fields, places, strict=True)
    codes = tuple((start, end, frozenset(field.is_)) for field, (start, end) in pairs if field.is_)
    longest = max((end for _, end in places), default=0)
    lengths = record.len or (longest,)
    adjoining = [start for start, _ in places] == [0, *(end for _, end in places[:-1])] and longest in lengths
    return _Columns(record, tuple(places), lengths, codes, adjoining)


@dataclass(frozen=True, slots=True)
class _Look:
    """How the files of a mapping look: worked out once."""

    end: str
    charset: str
    measure: Callable[[str], int]
    plans: dict[int, _Columns]


@once
def _look(mapping: MappingFile) -> _Look:
    options = {**_DEFAULTS, **mapping.options}
    charset = charset_name(options["charset"], mapping.rule)
    measure = _by_bytes(charset) if options["width"] == "bytes" else len
    return _Look(NEWLINES[options["newline"]], charset, measure, _plans(mapping.records))


def _write(rows: Iterable[Row], mapping: MappingFile, findings: Findings) -> bytes:
    look = _look(mapping)
    measure, plans = look.measure, look.plans
    shown = list(rows)
    lines: list[str] = []
    for row in shown:
        columns = plans[id(row.record)]
        try:
            line = "".join(row.cells) if columns.adjoining else _filled(row, columns)  # type: ignore[arg-type]
        except TypeError:  # some cell is nothing
            line = _filled(row, columns)
        if measure(line) not in columns.lengths or "\n" in line or "\r" in line:
            _explain(row, measure, findings)
        lines.append(line)
    return encoded(lines, look.end, shown, look.charset, findings)


def _by_bytes(charset: str) -> Callable[[str], int]:
    return lambda text: len(text.encode(charset, "replace"))


def _filled(row: Row, columns: _Columns) -> str:
    """Join the cells with blanks for what is nothing, and for the gaps between them, in the order of their places."""
    parts: list[str] = []
    at = 0
    for (start, end), cell in sorted(zip(columns.places, row.cells, strict=True), key=lambda pair: pair[0]):
        text = "" if cell is None else str(cell)
        parts.append(" " * (start - at) + (text or " " * (end - start)))
        at = end
    length = next((length for length in columns.lengths if length >= at), at)
    return "".join([*parts, " " * (length - at)])


def _explain(row: Row, measure: Callable[[str], int], findings: Findings) -> None:
    for field, cell in zip(row.record.fields, row.cells, strict=True):
        text = "" if cell is None else str(cell)
        if text and measure(text) != field.len:
            wrong = f"{field.name} is {measure(text)} long where {field.len} is meant"
            findings.add(Finding("fixed-length", wrong, row.place, field.rule))
        if "\n" in text or "\r" in text:
            findings.add(Finding("fixed-newline", f"{field.name} holds a line end", row.place, field.rule))


FORMAT: Final = Format("fixed", OPTIONS, _read, _write)
