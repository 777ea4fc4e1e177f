"""Fixed-width files become rows: lines, or blocks without line ends, recognised and cut at their places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from translator.core.finding import Finding, Findings, Place, Rejected, Severity
from translator.formats.blocks import tape
from translator.formats.charsets import bad_characters
from translator.formats.columns import LEVEL
from translator.formats.format import PLAIN
from translator.formats.limits import broken, counted
from translator.formats.lines import NEWLINES, Lines
from translator.formats.recognise import Chain, asks_last, lasting
from translator.formats.spans import Ruler, Spans, chosen, ruler, spans
from translator.mapping.expression import Environment
from translator.mapping.layout import MappingFile, Record, Times, every_record
from translator.mapping.row import Block, Cell, Row, each_row

_Line = tuple[Any, int]  # what is to be cut, and its number


def read(
    chunks: Iterable[bytes], mapping: MappingFile, findings: Findings, file: str, environment: Environment = PLAIN
) -> Iterator[Row]:
    return each_row(runs(chunks, mapping, findings, file, environment))


def runs(
    chunks: Iterable[bytes], mapping: MappingFile, findings: Findings, file: str, environment: Environment = PLAIN
) -> Iterator[Row | Block]:
    reading = _Reading(mapping, findings, file, environment)
    rows = reading.blocks(chunks) if mapping.options.get("newline") == "none" else reading.lines(chunks)
    yield from counted(rows, file, mapping.limits.records)


@dataclass(slots=True)
class _Candidate:
    """The line that is to be recognised."""

    plans: dict[int, Spans]
    ruler: Ruler
    raw: Any = ""
    number: int = 0
    last: bool = False

    def take(self, raw: Any, number: int, *, last: bool) -> None:
        self.raw, self.number, self.last = raw, number, last

    @property
    def length(self) -> int:
        return len(self.raw)

    def fits(self, record: Record) -> bool:
        for place, values in self.plans[id(record)].identity:
            piece = self.raw[place]
            if (piece if type(piece) is str else self.ruler.text(piece)).strip() not in values:
                return False
        return True

    def measures(self, record: Record) -> bool:
        return self.plans[id(record)].measures(len(self.raw))

    def text(self, record: Record, number: int) -> str:
        place = self.plans[id(record)].slots.places[number]
        return "" if place is None else self.ruler.text(self.raw[place]).strip()


class _Reading:
    """Reads the lines, or the blocks, of one file."""

    __slots__ = (
        "_environment",
        "_file",
        "_findings",
        "_lines",
        "_mapping",
        "_odd",
        "_options",
        "_plans",
        "_ruler",
        "_told",
    )

    def __init__(self, mapping: MappingFile, findings: Findings, file: str, environment: Environment) -> None:
        self._mapping = mapping
        self._findings = findings
        self._file = file
        self._environment = environment
        self._options = chosen(mapping)
        self._ruler = ruler(mapping)
        self._plans = {id(record): spans(record) for record in every_record(mapping.records)}
        self._odd = any(plan.odd for plan in self._plans.values())
        self._told: set[tuple[int, int]] = set()  # what is nobody's: a warning is given once
        self._lines: Lines | None = None

    def lines(self, chunks: Iterable[bytes]) -> Iterator[Row | Block]:
        """Read a file of lines."""
        self._lines = Lines(chunks, self._mapping, self._findings, self._file)
        if _alike(self._mapping):
            yield from self._single(self._lines, self._plans[id(self._mapping.records[0])])
        else:
            yield from self._several(self._numbered(self._lines, self._lines))

    def _numbered(self, some: Iterable[str], lines: Lines, first: int = 1) -> Iterator[_Line]:
        """Give each line without its end; those with characters that none should have are findings."""
        newline, comment = self._options["newline"], self._options["comment"]
        raw, bytewise, blank = self._ruler.raw, self._ruler.bytewise, self._options["blank_lines"] == "error"
        for number, line in enumerate(some, first):
            text = _bare(line, newline)
            if lines.dirty and not self._odd and self._bad(text, number):
                continue
            if not text:
                if blank:
                    hint = "`blank_lines: skip` allows it"
                    broken(self._findings, Finding("line-blank", "an empty line", Place(self._file, number), hint=hint))
            elif not (comment and text.startswith(comment)):
                yield raw(text) if bytewise else text, number

    def _bad(self, text: str, number: int) -> bool:
        problem = bad_characters(text, Place(self._file, number), self._options["charset"])
        if problem:
            broken(self._findings, problem)
        return problem is not None

    def _single(self, lines: Lines, plan: Spans) -> Iterator[Row | Block]:
        """Read a file of one kind of record: piece by piece, and a piece with anything odd in it line by line."""
        quick, first = self._quick(plan), 1
        for piece in lines.pieces():
            columns = self._columns(piece, plan) if quick and not lines.dirty else None
            if columns:
                yield Block(plan.record, columns, range(first, first + len(piece)), self._file)
            else:
                yield from self._by_line(self._numbered(piece, lines, first), plan, quick=quick)
            first += len(piece)

    def _columns(self, lines: list[str], plan: Spans) -> tuple[Sequence[Cell], ...] | None:
        """Cut lines that are all as they should be, column by column; None: some are not."""
        if not lines or self._options["comment"]:
            return None
        end = NEWLINES[self._options["newline"]]
        if self._options["newline"] == "any" or min(plan.lengths) < plan.slots.end or not _ended(lines, end):
            lines, end = [_bare(line, self._options["newline"]) for line in lines], ""
        lengths = {length + len(end) for length in plan.lengths}
        if not lengths.issuperset(map(len, lines)):
            return None
        places = plan.slots.places
        if len(places) == 1:
            return (_clean([line[places[0]] for line in lines]),)
        return tuple(map(_clean, zip(*map(itemgetter(*places), lines), strict=True)))

    def _by_line(self, lines: Iterator[_Line], plan: Spans, *, quick: bool) -> Iterator[Row]:
        record, lengths, places = plan.record, plan.lengths, plan.slots.places
        for raw, number in lines:
            place = Place(self._file, number, record=record.name)
            if quick and len(raw) in lengths:
                yield Row(record, [raw[at].rstrip(" ") or None for at in places], place)
            elif row := self._row(raw, plan, place, None):
                yield row

    def _several(self, lines: Iterator[_Line]) -> Iterator[Row]:
        chain = Chain(self._mapping, self._findings, self._file, self._environment)
        candidate, number = _Candidate(self._plans, self._ruler), 0
        for (raw, number), last in lasting(lines, asked=asks_last(self._mapping)):
            candidate.take(raw, number, last=last)
            record = chain.find(candidate)
            if not record:
                continue
            plan, place = self._plans[id(record)], Place(self._file, number, record=record.name)
            if len(raw) in plan.lengths and self._quick(plan):
                row: Row | None = Row(
                    record, [raw[at].rstrip(" ") or None for at in plan.slots.places], place, chain.parent
                )
            else:
                row = self._row(raw, plan, place, chain.parent)
            if row:
                chain.open(row, record)
                yield row
        chain.end(number)

    def _quick(self, plan: Spans) -> bool:
        """Tell whether a line of the right length is only to be cut."""
        return plan.simple and not self._ruler.bytewise and not (plan.gaps and self._mapping.unknown != "skip")

    def blocks(self, chunks: Iterable[bytes]) -> Iterator[Row]:
        """Read a file of blocks: the record a block is says how long it is. Its number stands for a line's."""
        source = tape(chunks, self._mapping, self._findings, self._file, self._ruler)
        chain = Chain(self._mapping, self._findings, self._file, self._environment)
        longest = max(plan.longest for plan in self._plans.values())
        lengths = {plan.longest for plan in self._plans.values()}
        candidate, number, empty = _Candidate(self._plans, self._ruler), 0, 0
        while ahead := source.peek(longest + 1):
            number += 1
            place = Place(self._file, number)
            if source.fills(ahead[: min(lengths)]):
                source.take(min(lengths))
                empty = empty or number
                continue
            if empty:
                text = "filled with nothing, though records follow"
                broken(self._findings, Finding("block-empty", text, Place(self._file, empty)))
                empty = 0
            candidate.take(ahead[:longest], number, last=len(ahead) <= longest)
            record = chain.find(candidate)
            if record is None and len(lengths) > 1:
                text = "no record fits here, so nobody knows where the next one begins"
                raise Rejected([*self._findings.found, Finding("block-lost", text, place, self._mapping.rule)])
            raw = source.take(self._plans[id(record)].longest if record else longest)
            if record is None or (not self._odd and self._bad(self._shown(raw), number)):
                continue
            row = self._row(raw, self._plans[id(record)], Place(self._file, number, record=record.name), chain.parent)
            if row:
                chain.open(row, record)
                yield row
        chain.end(number)

    def _shown(self, raw: Any) -> str:
        return raw.decode(self._ruler.charset, "surrogateescape") if self._ruler.bytewise else raw  # type: ignore[no-any-return]

    # --- one line --------------------------------------------------------------------------------------------------

    def _row(self, raw: Any, plan: Spans, place: Place, parent: Row | None) -> Row | None:
        if self._odd and (self._lines is None or self._lines.dirty) and self._bad(self._even(raw, plan), place.line):
            return None
        row = Row(plan.record, [], place, parent)
        if not plan.measures(len(raw)):
            row.findings = self._length(len(raw), plan, place)
        row.cells = self._ruler.cells(raw, plan, row)
        if self._ruler.bytewise:
            self._ruler.halves(row)
        if not plan.simple:
            row.findings += tuple(plan.slots.findings(row))
        if plan.gaps and self._mapping.unknown != "skip":
            row.findings += self._nobodys(raw, plan, place)
        return row

    def _even(self, raw: Any, plan: Spans) -> str:
        """Give the text of a line without its columns of another charset."""
        text = raw
        for _, place, _ in sorted(plan.odd, key=lambda odd: -odd[1].start):
            text = text[: place.start] + text[place.stop :]
        return self._shown(text)

    def _length(self, length: int, plan: Spans, place: Place) -> tuple[Finding, ...]:
        wanted = " or ".join(map(str, plan.lengths)) or f"{plan.slots.end} or more"
        text, rule = f"{length} long where {wanted} is meant", plan.record.rule
        if length < plan.longest and self._options["short"] == "error":
            hint = "was the file cut off? `short: fill` takes lines whose blanks at the end were trimmed"
            return (Finding("line-short", text, place, rule, hint),)
        if length > plan.longest:
            return self._once(
                Finding("line-long", text, place, rule, "`unknown: skip` takes what stands behind"), plan, -1
            )
        return ()

    def _nobodys(self, raw: Any, plan: Spans, place: Place) -> tuple[Finding, ...]:
        """Find data that stands in no field."""
        found: tuple[Finding, ...] = ()
        for gap in plan.gaps:
            if self._ruler.text(raw[gap]).strip(" "):
                text = f"positions {gap.start + 1} to {gap.stop} hold something, and the layout has no field there"
                finding = Finding("gap-unknown", text, place, plan.record.rule, "`unknown: skip` takes no notice")
                found += self._once(finding, plan, gap.start)
        return found

    def _once(self, finding: Finding, plan: Spans, what: int) -> tuple[Finding, ...]:
        """Give a finding the level of `unknown`; a warning is given once for a file."""
        severity, key = LEVEL.get(self._mapping.unknown), (id(plan.record), what)
        if severity is None or (severity is Severity.WARNING and key in self._told):
            return ()
        self._told.add(key)
        return (Finding(finding.code, finding.text, finding.data, finding.rule, finding.hint, severity),)


def _bare(line: str, newline: str) -> str:
    return line.rstrip("\r\n") if newline in ("any", "crlf") else line.removesuffix(NEWLINES[newline])


def _ended(lines: Sequence[str], end: str) -> bool:
    """Tell whether lines end in nothing but their line end; the last one of a file may lack it."""
    marks = sum(map("".join(lines).count, "\r\n"))
    return lines[-1].endswith(end) and (end != "\r\n" or marks == 2 * len(lines))


def _clean(cells: Sequence[str]) -> Sequence[Cell]:
    """Take the blanks that fill cells off; blank ones become nothing."""
    clean = all(cells) and " " not in "".join(cells)
    return cells if clean else [cell.rstrip(" ") or None for cell in cells]


def _alike(mapping: MappingFile) -> bool:
    """Tell whether all lines are of one kind, in any number, and need no recognition."""
    record = mapping.records[0]
    codes = any(one.is_ for one in record.fields) or record.match
    return len(mapping.records) == 1 and not record.records and record.times == Times(0, None) and not codes
