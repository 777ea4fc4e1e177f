"""CSV and other delimited files: one record per row, cells by header name or by column.

Read strictly: a quote that is never closed, or text after a closing quote, makes a finding for the row it begins in,
and the rows after it are read by themselves. A short or long row is given as far as it goes, with its finding.
Written with quotes where they are needed, or where `quoting` wants them. Columns must be named once; a file without
its header line is Rejected.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from translator.core.finding import Finding, Findings, Misconfigured, Place, Rejected, Severity
from translator.formats import columns as header
from translator.formats import delimited, slots
from translator.formats.charsets import charset_name
from translator.formats.columns import Columns, by_header, by_number, every, titles
from translator.formats.format import PLAIN, Format, Option
from translator.formats.limits import broken, counted
from translator.formats.lines import BLANK_LINES, CHARSET, COMMENT, END, NEWLINE, NEWLINES, Lines
from translator.formats.once import once
from translator.formats.recognise import Chain, asks_last, lasting
from translator.formats.rows import Marks, Policy, Unquotable, Write, formula, row_writer
from translator.formats.slots import Slots, adjoining
from translator.formats.stands import Stand, Stands, standing
from translator.formats.where import cut, lines_of, slotted
from translator.formats.written import encoded
from translator.mapping.expression import Environment
from translator.mapping.layout import Field, MappingFile, Record, Times
from translator.mapping.row import Cell, Row

OPTIONS: Final = (
    CHARSET,
    NEWLINE,
    Option("delimiter", "what stands between two cells: one or more characters, or a name: `tab` `pipe` `us`…", ","),
    Option("quote", "what encloses a cell that holds a delimiter; `none` where there is no such thing", '"'),
    Option("escape", "what makes the next character plain text; empty: a quote inside quotes is written twice"),
    Option(
        "quoting",
        "which cells are written in quotes: those that need it, all, those of text fields, those that hold something",
        "needed",
        ("needed", "all", "text", "filled"),
    ),
    Option(
        "header",
        "whether the first line names the columns; `each`: a line for each kind of record; `skip`: columns go by number",
        "false",
        ("true", "false", "each", "skip"),
    ),
    Option(
        "order", "whether records and named columns must stand in the order of the layout", "any", ("any", "strict")
    ),
    Option("trailing", "whether a delimiter stands behind the last cell too", "false", ("true", "false")),
    BLANK_LINES,
    COMMENT,
    END,
    Option("short", "what a row with too few cells means", "error", ("error", "fill")),
)
_DEFAULTS: Final = {option.name: option.default for option in OPTIONS}
_NAMED: Final = ("true", "each")


def _options(mapping: MappingFile) -> dict[str, str]:
    return {**_DEFAULTS, **mapping.options}


def _check(mapping: MappingFile) -> Sequence[Finding]:
    """Find what cannot be meant by a delimited layout."""
    options = _options(mapping)
    found = list(delimited.faults(mapping, delimited.marks(options)))
    for record in mapping.records:
        found += slots.faults(record)
    if options["header"] in _NAMED:
        found += header.faults(mapping)
    return found


# --- read ----------------------------------------------------------------------------------------------------------


def _read(
    chunks: Iterable[bytes], mapping: MappingFile, findings: Findings, file: str, environment: Environment = PLAIN
) -> Iterator[Row]:
    marks = delimited.marks(_options(mapping))
    if faults := list(delimited.faults(mapping, marks)):
        raise Misconfigured(faults)
    lines = Lines(chunks, mapping, findings, file)
    rows = delimited.rows(lines, mapping, marks, findings, file)
    reading = _Reading(mapping, findings, file, environment)
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


class _Reading:
    """Reads the rows of one file."""

    __slots__ = ("_environment", "_file", "_findings", "_mapping", "_named", "_options", "_told")

    def __init__(self, mapping: MappingFile, findings: Findings, file: str, environment: Environment) -> None:
        self._environment = environment
        self._mapping = mapping
        self._findings = findings
        self._file = file
        self._options = _options(mapping)
        self._named = self._options["header"] in _NAMED
        self._told: set[tuple[int, int]] = set()  # columns that are nobody's: a warning is given once

    def rows(self, rows: Iterator[delimited.Raw]) -> Iterator[Row]:
        plans = self.plans(rows)
        if _alike(self._mapping) or (len(plans) == 1 and self._named):
            yield from self._single(rows, plans[0])
        else:
            yield from self._several(rows, {id(columns.record): columns for columns in plans})

    def plans(self, rows: Iterator[delimited.Raw]) -> list[Columns]:
        """Place the columns of every record, by header where there is one."""
        records = list(every(self._mapping.records))
        if not self._named:
            if self._options["header"] == "skip":
                next(rows, None)
            return [by_number(record) for record in records]
        shared = [records] if self._options["header"] == "true" else [[record] for record in records]
        return [columns for some in shared for columns in self._by_header(some, next(rows, None))]

    def _by_header(self, records: list[Record], first: delimited.Raw | None) -> list[Columns]:
        if first is None:
            missing = Finding("header-missing", "the file has no header line", Place(self._file, 1), self._mapping.rule)
            raise Rejected([*self._findings.found, missing])
        names, line = first
        found, told = by_header(records, self._cut(names, len(names) - 1), self._mapping, Place(self._file, line))
        self._findings.found.extend(told)
        return found

    def _cut(self, raw: list[str], width: int) -> list[str]:
        """Take off what a delimiter at the end of the line makes."""
        trailing = self._options["trailing"] == "true" and len(raw) > width and not raw[-1].strip()
        return raw[:-1] if trailing else raw

    def _single(self, rows: Iterator[delimited.Raw], columns: Columns) -> Iterator[Row]:
        """Read a file of one kind of record, the usual one."""
        record, line = columns.record, 0
        for raw, line in rows:
            place = Place(self._file, line, record=record.name)
            if columns.identity and not columns.fits(raw):
                self._stranger(record, Place(self._file, line))
            elif columns.quick and len(raw) == columns.width:
                yield Row(record, columns.pick_quickly(raw), place)
            else:
                yield self._row(raw, columns, place, None)
        if not line and record.times.least:
            place = Place(self._file, record=record.name)
            self._findings.add(Finding("record-missing", "the file has no rows", place, record.rule))

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
            broken(self._findings, Finding("record-unknown", text, place, record.rule, severity=severity))

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
                found.append(
                    Finding("column-unknown", text, place, columns.record.rule, severity=severity or Severity.ERROR)
                )
        return tuple(found)


# --- write ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Laid:
    """How the rows of one record are laid out: `direct`: its cells in their order are the row."""

    slots: Slots
    width: int
    direct: bool

    @property
    def endless(self) -> bool:
        return any(group.step for group in self.slots.groups)


@dataclass(frozen=True, slots=True)
class _Look:
    """How the files of a mapping look: worked out once."""

    marks: Marks
    policy: Policy | None  # None: quotes only where they are needed
    row: Write
    end: str
    tail: str
    header: str
    charset: str
    laid: dict[int, _Laid]


@once
def _look(mapping: MappingFile) -> _Look:
    options = _options(mapping)
    marks = delimited.marks(options)
    records = list(every(mapping.records))
    plain = options["quoting"] == "needed" and not any(_special(record.fields) for record in records)
    return _Look(
        marks,
        None if plain else Policy(marks, options["quoting"]),
        row_writer(marks),
        NEWLINES[options["newline"]],
        marks.delimiter if options["trailing"] == "true" else "",
        options["header"],
        charset_name(options["charset"], mapping.rule),
        _layouts(records, options["header"]),
    )


def _special(fields: Sequence[Field]) -> bool:
    return any(one.quoted is not None or one.formula_guard != "none" or _special(one.fields) for one in fields)


def _layouts(records: Sequence[Record], named: str) -> dict[int, _Laid]:
    found = {}
    union: dict[str, int] = {}
    for record in records:
        slots = adjoining(record, lambda _, at: (at, at + 1), at_once=named in _NAMED)
        if named == "true" and len(records) > 1:
            slots = header.named(record, list(_union(union, slots)))
        found[id(record)] = _Laid(slots, slots.end, slots.places == tuple(range(slots.end)) and not slots.parted)
    width = len(union)
    return {key: _Laid(laid.slots, width or laid.width, laid.direct and not union) for key, laid in found.items()}


def _union(known: dict[str, int], slots: Slots) -> dict[str, int]:
    for name in titles(slots, 1):
        known.setdefault(name, len(known))
    return known


def _write(rows: Iterable[Row], mapping: MappingFile, findings: Findings) -> bytes:
    look = _look(mapping)
    shown: list[Row] = list(rows)
    lines: list[str] = []
    told: list[Row | None] = []
    turns = _turns(shown, look) if look.header in _NAMED else 0
    for names in _headers(mapping, look, turns):
        lines.append(_line(names, [None] * len(names), look))
        told.append(None)
    for row in shown:
        try:
            laid = look.laid[id(row.record)]
            if laid.direct and look.policy is None:
                lines.append(look.row(row.cells) + look.tail)
            else:
                lines.append(_line(*_cells(row, laid, turns, findings), look))
            told.append(row)
        except Unquotable:
            text = "a cell holds the delimiter or a line end, and there are no quotes"
            findings.add(Finding("csv-delimiter", text, row.place, row.record.rule))
    return encoded(lines, look.end, told, look.charset, findings)


def _line(cells: Sequence[Cell], fields: Sequence[Field | None], look: _Look) -> str:
    return (look.policy.write(cells, fields) if look.policy else look.row(cells)) + look.tail


def _turns(rows: Sequence[Row], look: _Look) -> int:
    """Say how many turns a group has room for that goes on to the end of the row, so that the header names them all."""
    if not any(laid.endless for laid in look.laid.values()):
        return 0
    most = 1
    for row in rows:
        for group in look.laid[id(row.record)].slots.groups:
            cell = row.cells[group.number]
            most = max(most, len(cell)) if group.step and isinstance(cell, list) else most
    return most


def _headers(mapping: MappingFile, look: _Look, turns: int) -> Iterator[list[str]]:
    if look.header == "false" or not mapping.records:
        return
    laid = [look.laid[id(record)] for record in every(mapping.records)]
    lines = [titles(one.slots, turns) if look.header in _NAMED else _names(one.slots) for one in laid]
    if look.header == "each":
        yield from lines
        return
    names = [""] * max(map(len, lines))
    for line in lines:
        for number, name in enumerate(line):
            names[number] = names[number] or name
    if names:
        yield names


def _names(slots: Slots) -> list[str]:
    names = {place: one.name for place, one in slots.leaves()}
    return [names.get(place, "") for place in range(max(names, default=-1) + 1)]


def _cells(row: Row, laid: _Laid, turns: int, findings: Findings) -> tuple[list[Cell], list[Field | None]]:
    """Lay the cells of a row out over its columns."""
    step = max((group.step for group in laid.slots.groups), default=0)
    width = laid.width + step * turns
    cells: list[Cell] = [""] * width
    fields: list[Field | None] = [None] * width

    def put(place: int, one: Field, cell: Cell) -> None:
        missing = place + 1 - len(cells)
        cells.extend([""] * missing)
        fields.extend([None] * missing)
        cells[place], fields[place] = cell, one
        problem = formula("" if cell is None else str(cell), one) if one.formula_guard == "reject" else None
        if problem:
            findings.add(problem.at(data=row.place))

    for place, one in laid.slots.leaves(turns):
        fields[place] = one
    laid.slots.laid(row.cells, put, lambda problem: findings.add(problem.at(data=row.place)))
    return cells, fields


# --- where cells stand ---------------------------------------------------------------------------------------------


def _where(data: bytes, rows: Sequence[Row], mapping: MappingFile) -> Stands:
    """Find the cells of rows: each row is cut where it begins, by the columns that reading or writing has for it."""
    marks, (lines, starts) = delimited.marks(_options(mapping)), lines_of(data, mapping)
    raws = delimited.rows(Lines([data], mapping, Findings(), ""), mapping, marks, Findings(), "")
    if mapping.direction == "writes":
        look = _look(mapping)
        known = {key: laid.slots for key, laid in look.laid.items()}
        turns = _turns(list(rows), look) if look.header in _NAMED else 0
        for _ in _headers(mapping, look, turns):
            next(raws, None)
    else:
        known = {id(one.record): one.slots for one in _Reading(mapping, Findings(), "", PLAIN).plans(raws)}
    text = "".join(lines)
    found: list[Stand] = []
    begun = {} if rows and rows[0].place.line else {number: line for number, (_, line) in enumerate(raws)}
    for number, row in enumerate(rows):
        cells = cut(text, starts[(row.place.line or begun.get(number, 1)) - 1], marks)
        stands = slotted(known[id(row.record)], row)
        found += [
            Stand(own, cell, *cells[at]) for own, cell, at in stands if isinstance(at, int) and 0 <= at < len(cells)
        ]
    return standing(text, iter(found))


FORMAT: Final = Format("csv", OPTIONS, _read, _write, check=_check, where=_where)
