"""Whole transactions at once: those that look like ones that were recognised before, with nothing odd about any segment.

Which record each segment of a transaction is depends on the tags and codes of all of them alone. So what the chain of open
records says of such a sequence is remembered, as the cells of a segment are that says the same as one before. Whatever
is odd, or seen for the first time, is None: it is read segment by segment, which knows what to say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from translator.core.finding import Findings, Place
from translator.formats.dialect import Dialect
from translator.formats.marks import Marks
from translator.formats.recognise import Chain
from translator.formats.segment_places import Code, Places, few, places_of
from translator.mapping.expression import Environment
from translator.mapping.layout import MappingFile, Record, every_record
from translator.mapping.row import Cell, Frame, Row

MOST: Final = 4_096  # segments that are remembered, of one interchange
LONG: Final = 128  # characters: longer ones are not
FRAMES: Final = 200_000  # segments in all sequences that are remembered
SEEN: Final = 10_000  # sequences of which one was seen
ODD: Final = (-1,)
STRANGER: Final = 0  # what no record of the layout is by its codes

Cells = Sequence[Cell]
Told = tuple[Any, ...]  # what a segment is, and its cells as each record that it may be; None: something is odd


@dataclass(slots=True)
class _Likely:
    """A segment that is told by its codes alone."""

    records: frozenset[int]
    number: int
    last: bool = False
    length: int = 0

    def fits(self, record: Record) -> bool:
        return id(record) in self.records

    def measures(self, record: Record) -> bool:
        return True

    def text(self, record: Record, number: int) -> str:
        return ""


@dataclass(slots=True)
class Frames:
    """The sequences of segments that were seen in the transactions of a mapping."""

    mapping: MappingFile
    dialect: Dialect
    plans: Mapping[str, Sequence[Places]] = field(default_factory=dict)  # by tag
    transaction: tuple[Record, ...] = ()  # what is around it, and itself; empty: there is none
    _kinds: dict[tuple[int, ...], int] = field(default_factory=lambda: {(): STRANGER})
    _records: list[tuple[int, ...]] = field(default_factory=lambda: [()])  # by kind: the ids of the records it may be
    _seen: set[int] = field(default_factory=set)
    _frames: dict[tuple[int, ...], tuple[Frame, Sequence[int]] | None] = field(default_factory=dict)
    _size: int = 0

    def kind(self, records: Sequence[Record]) -> int:
        """Number what a segment may be."""
        key = tuple(map(id, records))
        if key not in self._kinds:
            self._kinds[key] = len(self._records)
            self._records.append(key)
        return self._kinds[key]

    def frame(self, kinds: tuple[int, ...], environment: Environment) -> tuple[Frame, Sequence[int]] | None:
        """Give the records of a sequence, and which of those it may be each is; None: it is to be read one by one."""
        if kinds in self._frames:
            return self._frames[kinds]
        if (key := hash(kinds)) not in self._seen:
            if len(self._seen) >= SEEN:
                self._seen.clear()
            self._seen.add(key)
            return None
        if self._size + len(kinds) > FRAMES:
            self._frames.clear()
            self._size = 0
        self._size += len(kinds)
        found = self._frames[kinds] = self._recognised(kinds, environment)
        return found

    def _recognised(self, kinds: tuple[int, ...], environment: Environment) -> tuple[Frame, Sequence[int]] | None:
        """Ask the chain what each segment is; None where it has something to say."""
        findings = Findings()
        chain = Chain(self.mapping, findings, "", environment)
        around = [Row(record, [], Place()) for record in self.transaction[:-1]]
        for row, record in zip(around, self.transaction, strict=False):
            chain.open(row, record)
        rows: list[Row | None] = []
        for number, kind in enumerate(kinds):
            record_ = chain.find(_Likely(frozenset(self._records[kind]), number))
            rows.append(Row(record_, [], Place(), chain.parent) if record_ else None)
            if record_ and (row_ := rows[-1]):
                chain.open(row_, record_)
        chain.end(0)
        if not _regular(rows, self.transaction[-1]) or any(one.code == "record-unknown" for one in findings.found):
            return None
        numbers = {id(row): number for number, row in enumerate(rows) if row}
        records = tuple(row.record if row and isinstance(row.record, Record) else None for row in rows)
        inside = tuple(numbers.get(id(row.parent), -1) if row else -1 for row in rows)
        which = [
            1 + self._records[kind].index(id(record)) if record else 0
            for kind, record in zip(kinds, records, strict=True)
        ]
        return Frame(records, inside, sum(record is not None for record in records)), which


def _regular(rows: Sequence[Row | None], transaction: Record) -> bool:
    """Tell that a sequence is one transaction, and misses nothing."""
    first, *others = rows
    outside = {id(None), *(id(row.parent) for row in [first] if row)}
    inside = all(row is None or id(row.parent) not in outside for row in others)
    return first is not None and first.record is transaction and inside and not any(row.findings for row in rows if row)


@dataclass(frozen=True, slots=True)
class _Picker:
    """How the cells of a record are picked. `first`, `last`: its elements, where they are whole and side by side; else 0."""

    plan: Places
    kind: int  # of a segment that can be nothing else
    first: int
    last: int
    none: list[Cell]
    codes: tuple[Code, ...]

    def fits(self, elements: list[str], marks: Marks) -> bool:
        """Tell whether a segment is such a record, by its codes: mostly by one, as it is written."""
        element, component, values = self.codes[0]
        usual = component < 2 and len(self.codes) == 1 and not marks.release and element < len(elements)
        return (usual and elements[element] in values) or self.plan.fits(elements, marks)


class Known(dict[str, Told]):
    """What segments say, by their text: they repeat."""

    __slots__ = (
        "_alone",
        "_blank",
        "_element",
        "_frames",
        "_levels",
        "_marks",
        "_most",
        "_odd",
        "_pickers",
        "_plain",
        "_strict",
    )

    def __init__(self, frames: Frames, marks: Marks, most: int) -> None:
        super().__init__()
        self._frames = frames
        self._marks = marks
        self._most = most
        self._plain = frames.dialect.plain
        self._strict = frames.mapping.unknown != "skip"
        self._levels = frozenset(frames.dialect.tags)
        self._pickers = {tag: [self._picker(plan) for plan in plans] for tag, plans in frames.plans.items()}
        odd = (marks.release, "" if self._plain else marks.component, marks.decimal.replace(".", ""))
        self._element = "" if marks.release or marks.tag else marks.element
        self._blank = f"{marks.element} "
        self._alone = dict(self._plainly()) if self._element and self._plain else {}
        self._odd = tuple(filter(None, (*odd, f"{marks.element} ")))  # what makes elements more than their texts

    def __missing__(self, text: str) -> Told:
        elements = text.split(self._element) if self._element else self._marks.elements(text)
        if not text or elements[0] in self._levels:
            return ODD
        found = self.told(text, elements)
        if len(text) <= LONG:
            if len(self) >= MOST:
                self.clear()
            self[text] = found
        return found

    def told(self, text: str, elements: list[str]) -> Told:
        """Say what a segment may be."""
        if len(text) > self._most:
            return ODD
        alone = self._alone.get(elements[0])
        if alone is None and len(elements) > 1:
            alone = self._alone.get(f"{elements[0]}{self._element}{elements[1]}")
        if alone is not None and self._blank not in text:  # as nearly always
            kind, first, stop, none = alone
            if len(elements) <= stop:
                cells: list[Cell] = [text or None for text in elements[first:]]
                return (kind, cells + none[len(cells) :] if len(cells) < len(none) else cells)
        return self._told(text, elements)

    def _told(self, text: str, elements: list[str]) -> Told:
        if text[0].isspace():
            return ODD
        pickers = self._pickers.get(elements[0], ())
        plain = True
        for mark in self._odd:
            if mark in text:
                plain = False
        fit = [one for one in pickers if not one.codes or one.fits(elements, self._marks)]
        if len(fit) == 1:
            return (fit[0].kind, self._cells(fit[0], elements, plain=plain))
        kind = self._frames.kind([one.plan.record for one in fit])
        return (kind, *[self._cells(one, elements, plain=plain) for one in fit])

    def _plainly(self) -> Iterator[tuple[str, tuple[int, int, int, list[Cell]]]]:
        """Give what a segment is that can be one record only, by its tag, or by that and the code behind it."""
        for tag, pickers in self._pickers.items():
            codes = [one.codes for one in pickers]
            first = all([(at, part > 1) for at, part, _ in some] in ([], [(1, False)]) for some in codes)
            if not first or not all(one.first for one in pickers):
                continue
            if len(pickers) == 1 and not codes[0]:
                yield tag, _alone(pickers[0])
            elif all(codes):
                said = Counter(value for some in codes for value in some[0][2])
                yield from (
                    (f"{tag}{self._element}{value}", _alone(one))
                    for one in pickers
                    for value in one.codes[0][2]
                    if said[value] == 1
                )

    def _picker(self, plan: Places) -> _Picker:
        first, last = (plan.direct[0], plan.direct[-1]) if plan.direct else (0, 0)
        dense = plan.direct == tuple(range(first, last + 1)) and last == plan.longest
        dense = dense and all(number in plan.named for number in range(1, first))
        kind = self._frames.kind([plan.record])
        return _Picker(plan, kind, *((first, last) if dense else (0, 0)), [None] * len(plan.direct), plan.codes)

    def _cells(self, one: _Picker, elements: list[str], *, plain: bool) -> Cells | None:
        """Pick the cells of a segment; None: there is something to be said about them."""
        if plain and one.first and (len(elements) <= one.last + 1 or not self._strict):
            cells: list[Cell] = [text or None for text in elements[one.first : one.last + 1]]
            return cells + one.none[len(cells) :] if len(cells) < len(one.none) else cells
        return self._closely(one.plan, elements)

    def _closely(self, plan: Places, elements: list[str]) -> Cells | None:
        row = Row(plan.record, [], Place())
        row.cells = plan.cells(elements, self._marks, row, plain=self._plain)
        if plan.tag == self._frames.dialect.filled or (not plan.direct and any(few(row))):
            return None
        known = self._plain and plan.direct and len(elements) <= len(plan.direct) + 1 == plan.longest + 1
        if not known and self._strict and any(plan.strangers(elements, self._marks, plain=self._plain)):
            return None
        return row.cells


def _alone(one: _Picker) -> tuple[int, int, int, list[Cell]]:
    return one.kind, one.first, one.last + 1, one.none


def frames_of(mapping: MappingFile, dialect: Dialect) -> Frames:
    """Give the sequences of a mapping, none seen yet."""
    plans: dict[str, list[Places]] = {}
    for record in every_record(mapping.records):
        plan = places_of(record)
        plans.setdefault(plan.tag, []).append(plan)
    first, last = dialect.levels[-1].header, dialect.levels[-1].trailer
    single = len(plans.get(first, ())) == 1 and len(plans.get(last, ())) <= 1
    return Frames(mapping, dialect, plans, _way_to(plans[first][0].record, mapping.records) if single else ())


def _way_to(record: Record, records: Sequence[Record]) -> tuple[Record, ...]:
    """Give the records around one, and itself."""
    for one in records:
        if one is record:
            return (one,)
        if inside := _way_to(record, one.records):
            return (one, *inside)
    return ()
