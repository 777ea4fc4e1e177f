"""Which record is the next line? The chain of open records decides (mapping language, rules 1).

The line goes to the innermost open record that has a child that fits and is not used up; children are tried in the
order listed; else one level out. A record that must stand here and does not is a finding, as is a line nothing fits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from translator.core.finding import Finding, Findings, Place, Severity
from translator.formats.limits import broken
from translator.mapping.layout import MappingFile, Record
from translator.mapping.row import Row


@dataclass(slots=True)
class _Level:
    records: tuple[Record, ...]
    parent: Row | None = None
    seen: dict[str, int] = field(default_factory=dict)

    def child(self, fits: Callable[[Record], bool]) -> Record | None:
        for record in self.records:
            most = record.times.most
            if (most is None or self.seen.get(record.name, 0) < most) and fits(record):
                return record
        return None

    def missing(self) -> list[Record]:
        return [record for record in self.records if self.seen.get(record.name, 0) < record.times.least]


class Chain:
    """The open records, outermost first."""

    __slots__ = ("_file", "_findings", "_levels", "_rule", "_unknown")

    def __init__(self, mapping: MappingFile, findings: Findings, file: str) -> None:
        self._levels = [_Level(mapping.records)]
        self._findings = findings
        self._file = file
        self._rule = mapping.rule
        self._unknown = mapping.unknown

    def find(self, fits: Callable[[Record], bool], place: Place) -> Record | None:
        """Give the record the line is, or None with a finding; what it closes is checked."""
        for depth in range(len(self._levels) - 1, -1, -1):
            record = self._levels[depth].child(fits)
            if record:
                self._close(depth, place.line)
                seen = self._levels[depth].seen
                seen[record.name] = seen.get(record.name, 0) + 1
                return record
        self._stranger(place)
        return None

    @property
    def parent(self) -> Row | None:
        """Give the row to which the record found last belongs."""
        return self._levels[-1].parent

    def open(self, row: Row, record: Record) -> None:
        """Let later lines belong to this row."""
        if record.records:
            self._levels.append(_Level(record.records, row))

    def end(self, line: int) -> None:
        """Check at the end of the file that every record that must stand there did."""
        self._close(-1, line)

    def _close(self, depth: int, line: int) -> None:
        for level in self._levels[depth + 1 :]:
            for record in level.missing():
                missing(record, level.parent, Place(self._file, line, record=record.name), self._findings)
        del self._levels[depth + 1 :]

    def _stranger(self, place: Place) -> None:
        if self._unknown != "skip":
            names = ", ".join(dict.fromkeys(record.name for level in self._levels for record in level.records))
            severity = Severity.WARNING if self._unknown == "warn" else Severity.ERROR
            text = f"no record of the layout fits here ({names} could stand)"
            broken(self._findings, Finding("record-unknown", text, place, self._rule, severity=severity))


def missing(record: Record, parent: Row | None, place: Place, findings: Findings) -> None:
    """Note that a record does not stand where it must: a finding of the row it would belong to, else of the file."""
    if parent is None:
        findings.add(Finding("record-missing", f"no {record.name} in the file", place, record.rule))
        return
    under = (
        f"the {parent.record.name} of line {parent.place.line}" if parent.place.line else f"this {parent.record.name}"
    )
    parent.findings += (Finding("record-missing", f"no {record.name} under {under}", place, record.rule),)


def identity(record: Record, places: Sequence[int]) -> tuple[tuple[int, frozenset[str]], ...]:
    """Give the cells by which a record is recognised: where each stands, and what it may be."""
    pairs = zip(record.fields, places, strict=True)
    return tuple((place, frozenset(field.is_)) for field, place in pairs if field.is_)
