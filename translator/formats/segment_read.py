"""Segments become rows: recognised one by one, or whole transactions that are like ones before at once.

Transactions of other kinds are passed over. What is wrong goes to the transaction it stands in, else to the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from translator.core.finding import Finding, Findings, Severity
from translator.formats.columns import LEVEL
from translator.formats.dialect import Level
from translator.formats.limits import counted
from translator.formats.marks import Marks
from translator.formats.recognise import UNNAMED, Chain
from translator.formats.segment_envelope import Envelope
from translator.formats.segment_frames import Cells, Frames, Known
from translator.formats.segment_places import Places, few, places_of
from translator.formats.segments import Segments
from translator.mapping.expression import Environment
from translator.mapping.layout import MappingFile, Record, every_record
from translator.mapping.row import Frame, Row, Stretch
from translator.mapping.segments import place


@dataclass(slots=True)
class _Candidate:
    """The segment that is to be recognised; its length is the number of its elements."""

    plans: dict[int, Places]
    marks: Marks
    elements: list[str] = field(default_factory=list)
    number: int = 0
    last: bool = False

    @property
    def length(self) -> int:
        return len(self.elements) - 1

    def fits(self, record: Record) -> bool:
        plan = self.plans[id(record)]
        return plan.tag == self.elements[0] and (not plan.codes or plan.fits(self.elements, self.marks))

    def measures(self, record: Record) -> bool:
        return True

    def text(self, record: Record, number: int) -> str:
        plan = self.plans[id(record)]
        spot = plan.spots[number]
        text = self.elements[spot.element] if spot.element < len(self.elements) else ""
        if spot.component:
            parts = self.marks.components(text)
            text = parts[spot.component - 1] if spot.component <= len(parts) else ""
        return self.marks.bare(text).strip()


def read(
    chunks: Iterable[bytes],
    mapping: MappingFile,
    findings: Findings,
    file: str,
    environment: Environment,
    frames: Frames,
) -> Iterator[Row | Stretch]:
    """Read a file of segments: rows, and whole transactions that are like ones before."""
    reading = Reading(mapping, findings, file, environment, frames)
    segments = Segments(chunks, mapping, findings, file, frames.dialect.opening)
    yield from counted(reading.rows(segments), file, mapping.limits.records)


class Reading:
    """Reads the segments of one file."""

    __slots__ = (
        *("_chain", "_dialect", "_envelope", "_environment", "_file", "_frames", "_known"),
        *("_mapping", "_odd", "_plans", "_told"),
    )

    def __init__(
        self, mapping: MappingFile, findings: Findings, file: str, environment: Environment, frames: Frames
    ) -> None:
        self._mapping = mapping
        self._file = file
        self._dialect = dialect = frames.dialect
        self._environment = environment
        self._frames = frames
        self._known: tuple[Marks, Known] | None = None
        self._odd = Findings()  # of the chain, until it is known where they belong
        self._chain = Chain(mapping, self._odd, file, environment)
        self._plans = {id(record): places_of(record) for record in every_record(mapping.records)}
        tags = {plan.tag: plan.record for plan in self._plans.values()}
        self._envelope = Envelope(mapping, dialect, tags, findings, file)
        self._told: set[str] = set()  # strangers of which a warning was given

    def rows(self, segments: Segments) -> Iterator[Row | Stretch]:
        """Give the rows of a file; the findings of each come with it."""
        candidate = _Candidate(self._plans, segments.marks)
        envelope = self._envelope
        for elements in segments:
            number = segments.number
            candidate.elements, candidate.number, candidate.marks = elements, number, segments.marks
            if segments.wrong is not None:
                envelope.bad(segments.wrong)
                continue
            found = self._dialect.level(elements[0])
            if found is None:
                self._outside(number)
                self._odds(segments.odd)
                if not envelope.skipping and (row := self._row(candidate)) is not None:
                    yield row
                continue
            depth, level, header = found
            if header:
                opened = envelope.begin(candidate, depth, level)
                envelope.skipping = not opened or (depth == envelope.deepest and self._other(candidate))
                if envelope.skipping:
                    continue
                row = self._row(candidate) if envelope.headers[depth] else None
                envelope.opened(row)
                self._odds(segments.odd)
                envelope.numbered()
            else:
                self._odds(segments.odd)
                row = self._end(candidate, depth, level)
            if row is not None:
                yield row
            yield from self._stretches(segments)
        envelope.close_to(0, segments.number)
        if not segments.number:
            where = place(self._file, 0)
            envelope.broken(Finding("envelope-none", "there is no segment in the file", where, self._mapping.rule))
        self._chain.end(segments.number)
        self._settle()

    # --- whole transactions ----------------------------------------------------------------------------------------

    def _stretches(self, segments: Segments) -> Iterator[Stretch]:
        """Give the transactions that stand next, as long as they are like ones before, with nothing odd about them."""
        level, way = self._dialect.levels[-1], self._frames.transaction
        if not way or self._chain.asks or not self._envelope.between:
            return
        known = self._known_by(segments)
        placed = False
        while (texts := segments.ahead(level.header, level.trailer)) is not None:
            found = self._alike(texts, known, segments.marks)
            if found is None:
                return
            placed = placed or self._chain.next_of(way[-1], segments.number + 1)
            self._settle()
            if not placed:
                return
            frame, cells, control = found
            line = segments.number + 1
            segments.take(texts)
            self._envelope.took(control)
            yield Stretch(frame, cells, self._file, line, self._chain.parent)

    def _outside(self, number: int) -> None:
        """Let no segment behind a trailer belong to the transaction that it closed."""
        way = self._frames.transaction
        if way and self._envelope.outside:
            self._chain.next_of(way[-1], number)

    def _known_by(self, segments: Segments) -> Known:
        if self._known is None or self._known[0] is not segments.marks:
            self._known = segments.marks, Known(self._frames, segments.marks, segments.short)
        return self._known[1]

    def _alike(self, texts: list[str], known: Known, marks: Marks) -> tuple[Frame, list[Cells], str] | None:
        """Recognise a transaction, and take its cells; its control number. None: it is to be read one by one."""
        first, last = marks.elements(texts[0]), marks.elements(texts[-1])
        control = self._envelope.agreeing(first, last, len(texts), marks)
        if control is None:
            return None
        told = [known.told(texts[0], first), *map(known.__getitem__, texts[1:-1]), known.told(texts[-1], last)]
        kinds = tuple([one[0] for one in told])
        found = None if -1 in kinds else self._frames.frame(kinds, self._environment)
        if found is None:
            return None
        cells = [one[which] for one, which in zip(told, found[1], strict=True)]
        return None if None in cells else (found[0], cells, control)

    # --- one segment ---------------------------------------------------------------------------------------------

    def _row(self, one: _Candidate) -> Row | None:
        record = self._chain.find(one)
        if self._odd.found:
            self._settle(one)
        if record is None:
            return None
        plan = self._plans[id(record)]
        where = place(self._file, one.number, record.name)
        row = Row(record, [], where, self._chain.parent)
        row.cells = plan.cells(one.elements, one.marks, row, plain=self._dialect.plain)
        if plan.tag == self._dialect.filled:
            row.cells = [cell.rstrip(" ") if isinstance(cell, str) else cell for cell in row.cells]
        if not plan.direct:
            row.findings += tuple(few(row))
        known = self._dialect.plain and plan.direct and len(one.elements) <= len(plan.direct) + 1 == plan.longest + 1
        if not known and self._mapping.unknown != "skip":
            row.findings += tuple(self._strangers(one, plan, row))
        self._chain.open(row, record)
        return row

    def _strangers(self, one: _Candidate, plan: Places, row: Row) -> Iterator[Finding]:
        severity = LEVEL[self._mapping.unknown]
        for path in plan.strangers(one.elements, one.marks, plain=self._dialect.plain):
            if severity is Severity.ERROR or path not in self._told:
                self._told.add(path)
                text = f"{path} holds something, and the layout has no field there"
                where = replace(row.place, path=path)
                yield Finding("element-unknown", text, where, plan.record.rule, UNNAMED, severity)

    def _settle(self, one: _Candidate | None = None) -> None:
        """Hand on what the chain found: to the transaction it stands in, else to the file."""
        for finding in self._odd.found:
            data = finding.data
            if data is not None and one is not None and finding.code == "record-unknown":
                finding = replace(finding, data=replace(data, path=one.elements[0][:12]))
            self._envelope.bad(finding)
        self._odd.found.clear()

    def _odds(self, found: Iterable[Finding]) -> None:
        """Tell the habits of a segment, but of a transaction that is none of ours."""
        for finding in () if self._envelope.skipping else found:
            self._envelope.bad(finding)

    # --- headers and trailers ------------------------------------------------------------------------------------

    def _other(self, one: _Candidate) -> bool:
        """Tell a transaction that is none of the layout's, and say so."""
        transaction = self._envelope.transaction
        if transaction is None or one.fits(transaction):
            return False
        self._envelope.other(one, transaction)
        return True

    def _end(self, one: _Candidate, depth: int, level: Level) -> Row | None:
        """Take a trailer: hold it against what stands between it and its header."""
        envelope = self._envelope
        opened = envelope.closes(one, depth, level)
        if opened is None:
            return None
        deepest = depth == envelope.deepest
        wrong = [] if envelope.skipping and deepest else list(envelope.disagreeing(one, opened))
        row = self._row(one) if opened.row is not None else None
        if row is not None and deepest:
            row.findings += tuple(wrong)
        else:
            for finding in wrong:
                envelope.broken(finding)
        envelope.closed()
        if deepest:
            self._outside(one.number)
        return row
