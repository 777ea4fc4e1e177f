"""Segments become rows, recognised one by one; headers and trailers are held against what stands between them.

What is wrong inside a transaction is a finding of its rows, so that its neighbours go on; what is wrong around
transactions is a finding of the file, of which then nothing goes on. Transactions of other kinds are passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from translator.core.finding import Finding, Findings, Place, Severity
from translator.core.private import shown
from translator.formats.columns import LEVEL
from translator.formats.dialect import Level
from translator.formats.limits import broken, counted
from translator.formats.marks import Marks
from translator.formats.recognise import Chain
from translator.formats.segment_frames import Cells, Frames, Known
from translator.formats.segment_places import Places, few, places_of
from translator.formats.segments import Segments
from translator.mapping.expression import Environment
from translator.mapping.layout import MappingFile, Record, every_record
from translator.mapping.reader import LEVELS
from translator.mapping.row import Frame, Row, Stretch
from translator.mapping.segments import place

MOST: Final = 100  # findings of one transaction: beyond, it is no such thing
CUT: Final = "was the file cut off?"


@dataclass(frozen=True, slots=True)
class _Checks:
    """What it means that a trailer counts wrong, or has another number; None: nothing."""

    count: Severity | None
    control: Severity | None

    @property
    def strictest(self) -> Severity | None:
        """Give what it means that there is no trailer."""
        return Severity.ERROR if Severity.ERROR in (self.count, self.control) else self.count or self.control


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


@dataclass(slots=True)
class _Open:
    """A header whose trailer has not come."""

    level: Level
    depth: int
    number: int  # of its segment
    control: str
    row: Row | None = None
    inside: int = 0
    told: int = 0  # findings of its own
    seen: set[str] = field(default_factory=set)  # control numbers of what is inside


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
        *("_chain", "_checks", "_dialect", "_environment", "_file", "_findings", "_frames", "_headers", "_known"),
        *("_mapping", "_odd", "_open", "_plans", "_seen", "_skipping", "_told", "_transaction", "_unplaced"),
    )

    def __init__(
        self, mapping: MappingFile, findings: Findings, file: str, environment: Environment, frames: Frames
    ) -> None:
        self._mapping = mapping
        self._findings = findings
        self._file = file
        self._dialect = dialect = frames.dialect
        self._environment = environment
        self._frames = frames
        self._known: tuple[Marks, Known] | None = None
        self._odd = Findings()  # of the chain, until it is known where they belong
        self._chain = Chain(mapping, self._odd, file, environment)
        self._plans = {id(record): places_of(record) for record in every_record(mapping.records)}
        tags = {plan.tag: plan.record for plan in self._plans.values()}
        self._headers = [one.header in tags for one in dialect.levels]
        self._checks = {one.trailer: _checks(tags.get(one.trailer), mapping) for one in dialect.levels}
        self._transaction = tags.get(dialect.levels[-1].header)
        self._open: list[_Open] = []
        self._skipping = False  # a transaction that is none of ours
        self._seen: set[str] = set()  # control numbers of interchanges
        self._unplaced = False  # it was said that headers are missing
        self._told: set[str] = set()  # strangers of which a warning was given

    def rows(self, segments: Segments) -> Iterator[Row | Stretch]:
        """Give the rows of a file; the findings of each come with it."""
        candidate = _Candidate(self._plans, segments.marks)
        deepest = len(self._dialect.levels) - 1
        for elements in segments:
            number = segments.number
            candidate.elements, candidate.number, candidate.marks = elements, number, segments.marks
            if segments.wrong is not None:
                self._bad(segments.wrong)
                continue
            found = self._dialect.level(elements[0])
            if found is None:
                self._outside(number)
                self._odds(segments.odd)
                if not self._skipping and (row := self._row(candidate)) is not None:
                    yield row
                continue
            depth, level, header = found
            if header:
                self._close_to(depth, number)
                opened = self._begin(candidate, depth, level)
                if not opened or (depth == deepest and self._other(candidate)):
                    self._skipping = True
                    continue
                self._skipping = False
                row = self._row(candidate) if self._headers[depth] else None
                self._open[-1].row = row
                self._odds(segments.odd)
                self._again(self._open[-1])
            else:
                self._odds(segments.odd)
                row = self._end(candidate, depth, level)
            if row is not None:
                yield row
            yield from self._stretches(segments)
        self._close_to(0, segments.number)
        if not segments.number:
            self._broken(
                Finding("envelope-none", "there is no segment in the file", place(self._file, 0), self._mapping.rule)
            )
        self._chain.end(segments.number)
        self._settle()

    # --- whole transactions ----------------------------------------------------------------------------------------

    def _stretches(self, segments: Segments) -> Iterator[Stretch]:
        """Give the transactions that stand next, as long as they are like ones before, with nothing odd about them."""
        level, way = self._dialect.levels[-1], self._frames.transaction
        if not way or self._chain.asks or not self._between():
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
            if self._open:
                self._open[-1].inside += 1
            self._seen_inside().add(control)
            yield Stretch(frame, cells, self._file, line, self._chain.parent)

    def _outside(self, number: int) -> None:
        """Let no segment behind a trailer belong to the transaction that it closed."""
        way = self._frames.transaction
        if way and (self._open[-1].depth if self._open else -1) < len(self._dialect.levels) - 1:
            self._chain.next_of(way[-1], number)

    def _between(self) -> bool:
        """Tell whether the next transaction may stand here, and the last one is closed."""
        deepest = len(self._dialect.levels) - 1
        around = self._open[-1].depth if self._open else -1
        return around < deepest and not any(self._headers[around + 1 : deepest])

    def _known_by(self, segments: Segments) -> Known:
        if self._known is None or self._known[0] is not segments.marks:
            self._known = segments.marks, Known(self._frames, segments.marks, segments.short)
        return self._known[1]

    def _seen_inside(self) -> set[str]:
        return self._open[-1].seen if self._open else self._seen

    def _alike(self, texts: list[str], known: Known, marks: Marks) -> tuple[Frame, list[Cells], str] | None:
        """Recognise a transaction, and take its cells; its control number. None: it is to be read one by one."""
        first, last = marks.elements(texts[0]), marks.elements(texts[-1])
        control = self._agreeing(first, last, len(texts), marks)
        if control is None:
            return None
        told = [known.told(texts[0], first), *map(known.__getitem__, texts[1:-1]), known.told(texts[-1], last)]
        kinds = tuple([one[0] for one in told])
        found = None if -1 in kinds else self._frames.frame(kinds, self._environment)
        if found is None:
            return None
        cells = [one[which] for one, which in zip(told, found[1], strict=True)]
        return None if None in cells else (found[0], cells, control)

    def _agreeing(self, first: list[str], last: list[str], count: int, marks: Marks) -> str | None:
        """Give the control number of a transaction, where header and trailer agree with each other and with the count."""
        level = self._dialect.levels[-1]
        element, component = level.control
        usual = not component and 0 < element < len(first) and len(last) == 3 and (level.count, level.echo) == (1, 2)
        if usual and last[1] == str(count) and (control := first[element]) and control == last[2] and control.isalnum():
            return None if self._checks[level.trailer].control and control in self._seen_inside() else control
        header, trailer = _Candidate(self._plans, marks, first), _Candidate(self._plans, marks, last)
        control = _at(header, level.control)
        if self._checks[level.trailer].strictest is None:
            return control
        said = _at(trailer, (level.count, 0))
        if not said.isdigit() or len(said) > 12 or int(said) != count or (control and control in self._seen_inside()):
            return None
        return control if not level.control[0] or _same(_at(trailer, (level.echo, 0)), control) else None

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
                yield Finding("element-unknown", text, where, plan.record.rule, severity=severity)

    def _settle(self, one: _Candidate | None = None) -> None:
        """Hand on what the chain found: to the transaction it stands in, else to the file."""
        for finding in self._odd.found:
            data = finding.data
            if data is not None and one is not None and finding.code == "record-unknown":
                finding = replace(finding, data=replace(data, path=one.elements[0][:12]))
            self._bad(finding)
        self._odd.found.clear()

    def _odds(self, found: Iterable[Finding]) -> None:
        """Tell the habits of a segment, but of a transaction that is none of ours."""
        for finding in () if self._skipping else found:
            self._bad(finding)

    def _bad(self, finding: Finding) -> None:
        inner = self._open[-1] if self._open else None
        if inner is None or inner.row is None or inner.depth < len(self._dialect.levels) - 1:
            self._broken(finding)
        elif inner.told < MOST:
            inner.told += 1
            inner.row.findings += (finding,)

    def _broken(self, finding: Finding) -> None:
        broken(self._findings, finding)

    # --- headers and trailers ------------------------------------------------------------------------------------

    def _begin(self, one: _Candidate, depth: int, level: Level) -> bool:
        """Note a header; False where what must stand around it does not."""
        if self._open:
            self._open[-1].inside += 1
        around = self._open[-1].depth if self._open else -1
        missing = [self._dialect.levels[n].header for n in range(around + 1, depth) if self._headers[n]]
        if missing and not self._unplaced:
            self._unplaced = True
            text = f"{level.header} stands outside {' and '.join(missing)}"
            hint = f"`interchange: false` reads files that begin with {level.header}"
            self._broken(
                Finding("envelope-missing", text, self._where(one.number, level.header), self._mapping.rule, hint)
            )
        if missing:
            return False
        self._open.append(_Open(level, depth, one.number, _at(one, level.control)))
        return True

    def _again(self, opened: _Open) -> None:
        """Tell of a control number that stood in its group, or file, before."""
        seen = self._open[-2].seen if len(self._open) > 1 else self._seen
        severity = self._checks[opened.level.trailer].control
        if opened.control and opened.control in seen and severity is not None:
            text = f"the control number {shown(opened.control)} stood here before"
            where = self._where(opened.number, opened.level.header)
            self._bad(
                Finding("envelope-repeated", text, where, self._mapping.rule, "was something put in twice?", severity)
            )
        seen.add(opened.control)

    def _other(self, one: _Candidate) -> bool:
        """Tell a transaction that is none of the layout's, and say so."""
        if self._transaction is None or one.fits(self._transaction):
            return False
        severity = LEVEL.get(self._mapping.unknown)
        said = "*".join(one.elements[1:3])[:20]
        if severity is not None and (severity is Severity.ERROR or said not in self._told):
            self._told.add(said)
            text = f"a transaction of another kind: {one.elements[0]} {shown(said)}"
            hint = "`unknown: skip` or `warn` leaves it to other mappings"
            where = self._where(one.number, one.elements[0])
            self._broken(Finding("transaction-other", text, where, self._transaction.rule, hint, severity))
        return True

    def _end(self, one: _Candidate, depth: int, level: Level) -> Row | None:
        """Take a trailer: hold it against what stands between it and its header."""
        if not any(opened.depth == depth for opened in self._open):
            if not self._unplaced:
                text = f"{level.trailer} closes no {level.header}"
                self._broken(
                    Finding("envelope-close", text, self._where(one.number, level.trailer), self._mapping.rule)
                )
            return None
        self._close_to(depth + 1, one.number)
        opened = self._open[-1]
        wrong = (
            [] if self._skipping and depth == len(self._dialect.levels) - 1 else list(self._disagreeing(one, opened))
        )
        row = None
        if opened.row is not None:
            row = self._row(one)
        deepest = depth == len(self._dialect.levels) - 1
        if row is not None and deepest:
            row.findings += tuple(wrong)
        else:
            for finding in wrong:
                self._broken(finding)
        self._open.pop()
        self._skipping = False
        if deepest:
            self._outside(one.number)
        return row

    def _disagreeing(self, one: _Candidate, opened: _Open) -> Iterator[Finding]:
        checks, level = self._checks[opened.level.trailer], opened.level
        deepest = opened.depth == len(self._dialect.levels) - 1
        count = one.number - opened.number + 1 if deepest else opened.inside
        said = _at(one, (level.count, 0))
        if checks.count and (not said.isdigit() or len(said) > 12 or int(said) != count):
            what = (
                f"{self._dialect.counted} from {level.header} to {level.trailer}"
                if deepest
                else f"inside {level.header}"
            )
            text = (
                f"says {shown(said)}, there are {count} {what}"
                if deepest
                else f"says {shown(said)}, {count} are {what}"
            )
            where = self._where(one.number, f"{level.trailer}-{level.count:02d}", level.trailer)
            yield Finding("envelope-count", text, where, self._mapping.rule, CUT, checks.count)
        echoed = _at(one, (level.echo, 0)) if level.control[0] else opened.control
        if checks.control and not _same(echoed, opened.control):
            text = f"says {shown(echoed)}, its {level.header} in segment {opened.number} says {shown(opened.control)}"
            where = self._where(one.number, f"{level.trailer}-{level.echo:02d}", level.trailer)
            yield Finding("envelope-control", text, where, self._mapping.rule, severity=checks.control)

    def _close_to(self, depth: int, number: int) -> None:
        """Say of headers at and below a depth that their trailers have not come."""
        while self._open and self._open[-1].depth >= depth:
            opened = self._open[-1]
            severity = self._checks[opened.level.trailer].strictest
            if severity is not None and not (self._skipping and opened.row is None):
                text = f"{opened.level.header} of segment {opened.number} has no {opened.level.trailer}"
                where = self._where(number, opened.level.trailer, opened.level.header)
                self._bad(Finding("envelope-open", text, where, self._mapping.rule, CUT, severity))
            self._open.pop()

    def _where(self, number: int, path: str, record: str = "") -> Place:
        return place(self._file, number, record, path)


def _checks(record: Record | None, mapping: MappingFile) -> _Checks:
    """Give what a broken count or number means: as its field of the trailer says, else the mapping."""
    fields = record.fields if record else ()
    said = {one.name: LEVELS.get(one.check or mapping.check) for one in fields}
    usual = LEVELS.get(mapping.check)
    count = said.get("count", usual)
    return _Checks(count, said.get("control", count))


def _at(one: _Candidate, where: tuple[int, int]) -> str:
    element, component = where
    text = one.elements[element] if 0 < element < len(one.elements) else ""
    parts = one.marks.components(text) if component else [text]
    return one.marks.bare(parts[component - 1 if component else 0] if len(parts) >= component else "").strip()


def _same(one: str, other: str) -> bool:
    return one == other or (one.isdigit() and other.isdigit() and one.lstrip("0") == other.lstrip("0"))
