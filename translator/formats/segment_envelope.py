"""Headers of a file of segments that are open, and whether their trailers agree with what stands between them.

What is wrong inside a transaction is a finding of its rows, so that its neighbours go on; what is wrong around
transactions is a finding of the file, of which then nothing goes on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from translator.core.finding import Finding, Findings, Place, Severity
from translator.core.private import shown
from translator.formats.columns import LEVEL
from translator.formats.dialect import Dialect, Level
from translator.formats.limits import broken
from translator.formats.marks import Marks
from translator.mapping.envelope import BROUGHT
from translator.mapping.layout import MappingFile, Record
from translator.mapping.reader import LEVELS
from translator.mapping.row import Row
from translator.mapping.segments import place

MOST: Final = 100  # findings of one transaction: beyond, it is no such thing
CUT: Final = "was the file cut off?"


class Segment(Protocol):
    """A segment as it was read: its tag and elements, what parts them, and its number in the file."""

    elements: list[str]
    marks: Marks
    number: int


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
class Open:
    """A header whose trailer has not come."""

    level: Level
    depth: int
    number: int  # of its segment
    control: str
    row: Row | None = None
    inside: int = 0
    told: int = 0  # findings of its own
    seen: set[str] = field(default_factory=set)  # control numbers of what is inside


class Envelope:
    """The headers of one file as they open and close. `skipping`: what stands here is none of the layout's."""

    __slots__ = (
        *("_checks", "_dialect", "_file", "_findings", "_mapping", "_open", "_seen", "_tags", "_told", "_unplaced"),
        *("deepest", "headers", "skipping", "transaction"),
    )

    def __init__(
        self, mapping: MappingFile, dialect: Dialect, tags: Mapping[str, Record], findings: Findings, file: str
    ) -> None:
        self._mapping = mapping
        self._dialect = dialect
        self._findings = findings
        self._file = file
        self._checks = {one.trailer: _checks(tags.get(one.trailer), mapping) for one in dialect.levels}
        self._tags = tags
        self._open: list[Open] = []
        self._seen: set[str] = set()  # control numbers of interchanges
        self._unplaced = False  # it was said that headers are missing
        self._told: set[str] = set()  # other kinds of transactions of which a warning was given
        self.headers = [one.header in tags for one in dialect.levels]
        self.transaction = tags.get(dialect.levels[-1].header)
        self.deepest = len(dialect.levels) - 1
        self.skipping = False

    @property
    def last(self) -> Open | None:
        """Give the innermost header that is open."""
        return self._open[-1] if self._open else None

    @property
    def outside(self) -> bool:
        """Tell that no transaction is open."""
        return not self._open or self._open[-1].depth < self.deepest

    @property
    def between(self) -> bool:
        """Tell whether a transaction may begin here."""
        around = self._open[-1].depth if self._open else -1
        return around < self.deepest and not any(self.headers[around + 1 : self.deepest])

    # --- what is wrong -----------------------------------------------------------------------------------------------

    def bad(self, finding: Finding) -> None:
        """Tell what is wrong with the transaction that is open; else with the file."""
        inner = self.last
        if inner is None or inner.row is None or self.outside:
            self.broken(finding)
        elif inner.told < MOST:
            inner.told += 1
            inner.row.findings += (finding,)

    def broken(self, finding: Finding) -> None:
        """Tell what is wrong with the file."""
        broken(self._findings, finding)

    def _where(self, number: int, path: str, record: str = "") -> Place:
        return place(self._file, number, record, path)

    def _rule(self, level: Level, name: str = "") -> Place:
        """Give the line that says what a broken trailer means: its field's, its own, its header's; else the mapping's."""
        records = [self._tags[tag] for tag in (level.trailer, level.header) if tag in self._tags]
        fields = [one for record in records[:1] for one in record.fields if one.name == name]
        rules = [*(one.rule for one in fields), *(one.rule for one in records)]
        return next((rule for rule in rules if not rule.file.startswith(BROUGHT)), self._mapping.rule)

    # --- headers ---------------------------------------------------------------------------------------------------

    def begin(self, one: Segment, depth: int, level: Level) -> bool:
        """Note a header; False where what must stand around it does not."""
        self.close_to(depth, one.number)
        if self._open:
            self._open[-1].inside += 1
        around = self._open[-1].depth if self._open else -1
        missing = [self._dialect.levels[n].header for n in range(around + 1, depth) if self.headers[n]]
        if missing and not self._unplaced:
            self._unplaced = True
            text = f"{level.header} stands outside {' and '.join(missing)}"
            hint = f"`interchange: false` reads files that begin with {level.header}"
            where = self._where(one.number, level.header)
            self.broken(Finding("envelope-missing", text, where, self._mapping.rule, hint))
        if missing:
            return False
        self._open.append(Open(level, depth, one.number, _at(one.elements, level.control, one.marks)))
        return True

    def opened(self, row: Row | None) -> None:
        """Note the row of the header that began last."""
        self._open[-1].row = row

    def other(self, one: Segment, transaction: Record) -> None:
        """Say of a transaction that it is none of the layout's."""
        severity = LEVEL.get(self._mapping.unknown)
        said = "*".join(one.elements[1:3])[:20]
        if severity is not None and (severity is Severity.ERROR or said not in self._told):
            self._told.add(said)
            text = f"a transaction of another kind: {one.elements[0]} {shown(said)}"
            hint = "`unknown: skip` or `warn` leaves it to other mappings"
            where = self._where(one.number, one.elements[0])
            self.broken(Finding("transaction-other", text, where, transaction.rule, hint, severity))

    def numbered(self) -> None:
        """Tell of a control number that stood in its group, or file, before."""
        opened = self._open[-1]
        seen = self._open[-2].seen if len(self._open) > 1 else self._seen
        severity = self._checks[opened.level.trailer].control
        if opened.control and opened.control in seen and severity is not None:
            text = f"the control number {shown(opened.control)} stood here before"
            where = self._where(opened.number, opened.level.header)
            rule, hint = self._rule(opened.level, "control"), "was something put in twice?"
            self.bad(Finding("envelope-repeated", text, where, rule, hint, severity))
        seen.add(opened.control)

    def took(self, control: str) -> None:
        """Note a whole transaction that agrees with its trailer."""
        if self._open:
            self._open[-1].inside += 1
        self._inside().add(control)

    def _inside(self) -> set[str]:
        """Give the control numbers that stood inside the innermost header."""
        return self._open[-1].seen if self._open else self._seen

    # --- trailers ----------------------------------------------------------------------------------------------------

    def closes(self, one: Segment, depth: int, level: Level) -> Open | None:
        """Give the header that a trailer closes, when all inside it are closed; None: there is none."""
        if not any(opened.depth == depth for opened in self._open):
            if not self._unplaced:
                text = f"{level.trailer} closes no {level.header}"
                where = self._where(one.number, level.trailer)
                self.broken(Finding("envelope-close", text, where, self._mapping.rule))
            return None
        self.close_to(depth + 1, one.number)
        return self._open[-1]

    def closed(self) -> None:
        """Take the innermost header away."""
        self._open.pop()
        self.skipping = False

    def close_to(self, depth: int, number: int) -> None:
        """Say of headers at and below a depth that their trailers have not come."""
        while self._open and self._open[-1].depth >= depth:
            opened = self._open[-1]
            severity = self._checks[opened.level.trailer].strictest
            if severity is not None and not (self.skipping and opened.row is None):
                text = f"{opened.level.header} of segment {opened.number} has no {opened.level.trailer}"
                where = self._where(number, opened.level.trailer, opened.level.header)
                self.bad(Finding("envelope-open", text, where, self._rule(opened.level), CUT, severity))
            self._open.pop()

    def disagreeing(self, one: Segment, opened: Open) -> Iterator[Finding]:
        """Hold a trailer against its header and what stands between them."""
        checks, level = self._checks[opened.level.trailer], opened.level
        deepest = opened.depth == self.deepest
        count = one.number - opened.number + 1 if deepest else opened.inside
        said = _at(one.elements, (level.count, 0), one.marks)
        if checks.count and not _counts(said, count):
            what = f"inside {level.header}"
            text = f"says {shown(said)}, {count} are {what}"
            if deepest:
                what = f"{self._dialect.counted} from {level.header} to {level.trailer}"
                text = f"says {shown(said)}, there are {count} {what}"
            where = self._where(one.number, f"{level.trailer}-{level.count:02d}", level.trailer)
            yield Finding("envelope-count", text, where, self._rule(level, "count"), CUT, checks.count)
        echoed = _at(one.elements, (level.echo, 0), one.marks) if level.control[0] else opened.control
        if checks.control and not _same(echoed, opened.control):
            text = f"says {shown(echoed)}, its {level.header} in segment {opened.number} says {shown(opened.control)}"
            where = self._where(one.number, f"{level.trailer}-{level.echo:02d}", level.trailer)
            yield Finding("envelope-control", text, where, self._rule(level, "control"), severity=checks.control)

    def agreeing(self, first: list[str], last: list[str], count: int, marks: Marks) -> str | None:
        """Give the control number of a transaction, where header and trailer agree with each other and with the count."""
        level, checks, seen = self._dialect.levels[-1], self._checks[self._dialect.levels[-1].trailer], self._inside()
        element, component = level.control
        usual = not component and 0 < element < len(first) and len(last) == 3 and (level.count, level.echo) == (1, 2)
        if usual and last[1] == str(count) and (control := first[element]) and control == last[2] and control.isalnum():
            return None if checks.control and control in seen else control
        control = _at(first, level.control, marks)
        if checks.strictest is None:
            return control
        if not _counts(_at(last, (level.count, 0), marks), count) or (control and control in seen):
            return None
        return control if not element or _same(_at(last, (level.echo, 0), marks), control) else None


def _checks(record: Record | None, mapping: MappingFile) -> _Checks:
    """Give what a broken count or number means: as its field of the trailer says, else the mapping."""
    fields = record.fields if record else ()
    said = {one.name: LEVELS.get(one.check or mapping.check) for one in fields}
    usual = LEVELS.get(mapping.check)
    count = said.get("count", usual)
    return _Checks(count, said.get("control", count))


def _at(elements: list[str], where: tuple[int, int], marks: Marks) -> str:
    element, component = where
    text = elements[element] if 0 < element < len(elements) else ""
    parts = marks.components(text) if component else [text]
    return marks.bare(parts[component - 1 if component else 0] if len(parts) >= component else "").strip()


def _counts(said: str, count: int) -> bool:
    return said.isascii() and said.isdigit() and len(said) <= 12 and int(said) == count


def _same(one: str, other: str) -> bool:
    return one == other or (one.isdigit() and other.isdigit() and one.lstrip("0") == other.lstrip("0"))
