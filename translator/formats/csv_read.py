"""Delimited files become rows: each row recognised, its cells picked by name or by number, what is odd with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from translator.core.finding import Finding, Findings, Misconfigured, Place, Rejected, Severity
from translator.formats import columns as header
from translator.formats import delimited
from translator.formats.columns import Columns, by_header, by_number
from translator.formats.delimited import NAMED, chosen
from translator.formats.format import PLAIN
from translator.formats.limits import broken, counted
from translator.formats.lines import Lines
from translator.formats.recognise import UNNAMED, Chain, asks_last, fewer, lasting
from translator.mapping.expression import Environment
from translator.mapping.layout import MappingFile, Record, Times, every_record
from translator.mapping.row import Block, Row, each_row


def read(
    chunks: Iterable[bytes], mapping: MappingFile, findings: Findings, file: str, environment: Environment = PLAIN
) -> Iterator[Row]:
    return each_row(runs(chunks, mapping, findings, file, environment))


def runs(
    chunks: Iterable[bytes], mapping: MappingFile, findings: Findings, file: str, environment: Environment = PLAIN
) -> Iterator[Row | Block]:
    marks = delimited.marks(chosen(mapping))
    if faults := list(delimited.faults(mapping, marks)):
        raise Misconfigured(faults)
    lines = Lines(chunks, mapping, findings, file)
    rows = delimited.Rows(lines, mapping, marks, findings, file)
    reading = Reading(mapping, findings, file, environment)
    yield from counted(reading.rows(rows), file, mapping.limits.records)


def _alike(mapping: MappingFile) -> bool:
    """Tell whether all rows are of one kind, in any number."""
    record = mapping.records[0]
    return len(mapping.records) == 1 and not record.records and record.times == Times(0, None)


@dataclass(slots=True)
class _Candidate:
    """The row that is to be recognised; its length is the number of its cells."""

    plans: dict[int, Columns]
    raw: list[str] = field(default_factory=list)
    number: int = 0
    last: bool = False

    def take(self, raw: list[str], number: int, *, last: bool) -> None:
        self.raw, self.number, self.last = raw, number, last

    @property
    def length(self) -> int:
        return len(self.raw)

    def fits(self, record: Record) -> bool:
        return self.plans[id(record)].fits(self.raw)

    def measures(self, record: Record) -> bool:
        return True

    def text(self, record: Record, number: int) -> str:
        return self.plans[id(record)].text(self.raw, number)


class Reading:
    """Reads the rows of one file."""

    __slots__ = ("_environment", "_file", "_findings", "_mapping", "_named", "_options", "_told")

    def __init__(self, mapping: MappingFile, findings: Findings, file: str, environment: Environment) -> None:
        self._environment = environment
        self._mapping = mapping
        self._findings = findings
        self._file = file
        self._options = chosen(mapping)
        self._named = self._options["header"] in NAMED
        self._told: set[tuple[int, int]] = set()  # columns that are nobody's: a warning is given once

    def rows(self, source: delimited.Rows) -> Iterator[Row | Block]:
        rows = iter(source)
        plans = self.plans(rows)
        if _alike(self._mapping) or (len(plans) == 1 and self._named):
            yield from self._single(source, rows, plans[0])
        else:
            yield from self._several(rows, {id(columns.record): columns for columns in plans})

    def plans(self, rows: Iterator[delimited.Raw]) -> list[Columns]:
        """Place the columns of every record, by header where there is one."""
        records = list(every_record(self._mapping.records))
        if not self._named:
            if self._options["header"] == "skip":
                next(rows, None)
            return [by_number(record) for record in records]
        shared = [records] if self._options["header"] == "true" else [[record] for record in records]
        return [columns for some in shared for columns in self._by_header(some, next(rows, None))]

    def _by_header(self, records: list[Record], first: delimited.Raw | None) -> list[Columns]:
        if first is None:
            hint = "an empty file is none: did its sender write it whole?"
            place = Place(self._file, 1)
            missing = Finding("header-missing", "the file has no header line", place, self._mapping.rule, hint)
            raise Rejected([*self._findings.found, missing])
        names, line = first
        found, told = by_header(records, self._cut(names, len(names) - 1), self._mapping, Place(self._file, line))
        self._findings.found.extend(told)
        return found

    def _cut(self, raw: list[str], width: int) -> list[str]:
        """Take off what a delimiter at the end of the line makes."""
        trailing = self._options["trailing"] == "true" and len(raw) > width and not raw[-1].strip()
        return raw[:-1] if trailing else raw

    def _single(self, source: delimited.Rows, rows: Iterator[delimited.Raw], columns: Columns) -> Iterator[Row | Block]:
        """Read a file of one kind of record, the usual one: many rows at once, and where anything is odd one by one."""
        record, line = columns.record, 0
        for block in self._blocks(source, columns):
            line = block.lines[-1]
            yield block
        for raw, line in rows:
            place = Place(self._file, line, record=record.name)
            if columns.identity and not columns.fits(raw):
                self._stranger(record, Place(self._file, line))
            elif columns.quick and len(raw) == columns.width:
                yield Row(record, columns.pick_quickly(raw), place)
            else:
                yield self._row(raw, columns, place, None)
            if source.unseen:
                yield from self._blocks(source, columns)
        if not line and record.times.least:
            place = Place(self._file, record=record.name)
            hint = f"`times: {fewer(record.times)}` allows that there are none"
            self._findings.add(Finding("record-missing", "the file has no rows", place, record.rule, hint))

    def _blocks(self, source: delimited.Rows, columns: Columns) -> Iterator[Block]:
        """Give the next rows as far as nothing is odd about any of them."""
        while columns.quick and not columns.identity and (found := source.columns(columns.width)):
            cells, lines = found
            picked = tuple(cells[place] for place in columns.slots.places if place is not None)
            yield Block(columns.record, picked, lines, self._file)

    def _several(self, rows: Iterator[delimited.Raw], plans: dict[int, Columns]) -> Iterator[Row]:
        """Read a file of several kinds of records: each row is recognised."""
        chain = Chain(self._mapping, self._findings, self._file, self._environment)
        candidate, line = _Candidate(plans), 0
        for (raw, line), last in lasting(rows, asked=asks_last(self._mapping)):
            candidate.take(raw, line, last=last)
            record = chain.find(candidate)
            if record:
                columns, place = plans[id(record)], Place(self._file, line, record=record.name)
                if columns.quick and len(raw) == columns.width:
                    row = Row(record, columns.pick_quickly(raw), place, chain.parent)
                else:
                    row = self._row(raw, columns, place, chain.parent)
                chain.open(row, record)
                yield row
        chain.end(line)

    def _row(self, raw: list[str], columns: Columns, place: Place, parent: Row | None) -> Row:
        raw = self._cut(raw, columns.width)
        row = Row(columns.record, [], place, parent, self._width(raw, columns, place))
        row.cells = columns.pick(raw, row)
        if not columns.simple:
            row.findings += tuple(columns.slots.findings(row))
        if columns.unnamed:
            row.findings += self._nobodys(raw, columns, place)
        return row

    def _stranger(self, record: Record, place: Place) -> None:
        severity = header.LEVEL.get(self._mapping.unknown)
        if severity:
            text = f"the row is no {record.name}"
            broken(self._findings, Finding("record-unknown", text, place, record.rule, UNNAMED, severity))

    def _width(self, raw: list[str], columns: Columns, place: Place) -> tuple[Finding, ...]:
        text = f"{len(raw)} cells where {columns.width} should stand"
        if len(raw) < columns.width and self._options["short"] == "error":
            hint = "was the file cut off? `short: fill` allows rows without their last cells"
            return (Finding("row-short", text, place, columns.record.rule, hint),)
        severity = Severity.ERROR if self._named else header.LEVEL.get(self._mapping.unknown)
        if len(raw) > columns.width and not columns.endless and severity:
            hint = "a delimiter inside a cell needs quotes"
            return (Finding("row-long", text, place, columns.record.rule, hint, severity),)
        return ()

    def _nobodys(self, raw: list[str], columns: Columns, place: Place) -> tuple[Finding, ...]:
        """Find data in columns that the layout does not name."""
        severity = header.LEVEL.get(self._mapping.unknown)
        held = [number for number in columns.unnamed if number < len(raw) and raw[number].strip()] if severity else ()
        found: list[Finding] = []
        for number in held:
            key = (id(columns.record), number)
            if severity is Severity.ERROR or key not in self._told:
                self._told.add(key)
                text = f"column {number + 1} holds something, and the layout has no field there"
                rule = columns.record.rule
                found.append(Finding("column-unknown", text, place, rule, UNNAMED, severity or Severity.ERROR))
        return tuple(found)
