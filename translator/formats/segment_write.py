"""Rows become segments: empty elements at their ends are not written, trailers count what stands before them.

A mark inside a value is released where the format has a way, else it is a finding with its field: `substitute` says
what to write instead. Counts and repeated numbers of trailers are filled in where the mapping says nothing of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from translator.core.finding import Finding, Findings
from translator.formats.dialect import Dialect
from translator.formats.marks import Marks
from translator.formats.once import once
from translator.formats.segment_levels import Levels
from translator.formats.segment_places import Laying, Places, places_of
from translator.formats.segments import NEWLINES
from translator.formats.written import encoded
from translator.mapping.layout import MappingFile, every_record
from translator.mapping.row import Row

SUBSTITUTE = "`substitute` says what is written instead"


@dataclass(frozen=True, slots=True)
class Look:
    """How the files of a mapping look: worked out once."""

    plans: dict[int, Places]
    charset: str
    newline: str
    width: int

    def end(self, marks: Marks) -> str:
        """Give what stands behind each segment."""
        return marks.segment + ("" if self.width or self.newline == marks.segment else self.newline)


@once
def look_of(mapping: MappingFile) -> Look:
    plans = {id(record): places_of(record) for record in every_record(mapping.records)}
    width = mapping.options.get("width", "")
    newline = NEWLINES[mapping.options.get("newline", "none")]
    return Look(plans, mapping.options.get("charset", "utf-8"), newline, int(width) if width.isdigit() else 0)


@dataclass(slots=True)
class Writing:
    """Writes the rows of one file."""

    look: Look
    dialect: Dialect
    marks: Marks
    findings: Findings
    levels: Levels
    plain: bool  # whether elements without a mark in them are written as they are
    others: Callable[[str], object]  # finds a mark that no plain element holds, besides the one between elements
    number: int = 0

    def lines(self, rows: Sequence[Row]) -> list[str]:
        """Write rows, without the marks that end them.

        Those of plain elements are joined, and looked at together: where a mark stands in any, each is done with care.
        """
        found, quick, marks = list[str](), list[int](), 0
        for row in rows:
            plan = self.look.plans[id(row.record)]
            self.number += 1
            if plan.begin and self.plain and plan.tag not in self.levels.tags:
                quick.append(len(found))
                marks += len(plan.begin)
                found.append(self._joined(row, plan))
            else:
                found.append(self._line(row, plan))
        whole = "\0".join(map(found.__getitem__, quick))
        if whole.count(self.marks.element) != marks or self.others(whole):
            for number in quick:
                found[number] = self._line(rows[number], self.look.plans[id(rows[number].record)])
        else:
            for number in quick:
                found[number] = found[number].rstrip(self.marks.element)
        return found

    def _joined(self, row: Row, plan: Places) -> str:
        """Join the elements of a row as if they were plain."""
        parts = [plan.tag, *plan.begin]
        for element, cell in zip(plan.direct, row.cells, strict=True):
            if cell:
                parts[element] = str(cell)
        return self.marks.element.join(parts)

    def _line(self, row: Row, plan: Places) -> str:
        elements = self._plain_elements(row, plan) or self._elements(row, plan)
        if plan.tag in self.levels.tags:
            elements = self.levels.laid(plan.tag, elements, self.number, partial(self._unfit, row))
            self._fill(row, plan, elements)
        parts = "".join((self.marks.tag or self.marks.element, self.marks.element.join(elements))) if elements else ""
        return plan.tag + parts

    def _fill(self, row: Row, plan: Places, elements: list[str]) -> None:
        """Put what was filled in into the row, so that it can be shown, and is the row that is read again."""
        if not all(row.cells):
            filled = plan.cells([plan.tag, *elements], self.marks, row, plain=self.dialect.plain)
            row.cells = [old or new for old, new in zip(row.cells, filled, strict=True)]

    def _plain_elements(self, row: Row, plan: Places) -> list[str]:
        """Give the elements of a row; none where some of them is not plain."""
        if not plan.begin or not self.plain:
            return []
        text = self._joined(row, plan)
        odd = text.count(self.marks.element) != len(plan.begin) or self.others(text)
        return [] if odd else text.rstrip(self.marks.element).split(self.marks.element)[1:]

    def _elements(self, row: Row, plan: Places) -> list[str]:
        laying = Laying(self.marks)
        for element, component, values in plan.codes:
            if len(values) == 1:
                laying.texts.setdefault(element, {})[component] = self.marks.safe(next(iter(values)))
        laying.put(plan.record.fields, plan.spots, row.cells)
        for one in (one for one in laying.wrong if one.path not in self.dialect.own):
            text, hint = f"{one.name} holds a mark that parts the file, or a line end", SUBSTITUTE
            self.findings.add(Finding("segment-mark", text, row.place, one.rule, hint))
        for one in laying.crowded:
            text = f"'{one.name}' is there more often than the segment has room for"
            self.findings.add(Finding("layout-times", text, row.place, one.rule))
        return [laying.element(number) for number in range(1, max(laying.last(), plan.fixed) + 1)]

    def _unfit(self, row: Row, path: str, text: str) -> None:
        self.findings.add(Finding("envelope-value", f"{path} {text}", row.place, row.record.rule))


def write(rows: Iterable[Row], mapping: MappingFile, findings: Findings, dialect: Dialect) -> bytes:
    """Write rows as a file."""
    look, marks = look_of(mapping), dialect.opening.declared(mapping)
    others = re.compile(f"[{re.escape(marks.all.replace(marks.element, ''))}\r\n]").search
    plain = not marks.tag and marks.decimal == "."
    writing = Writing(look, dialect, marks, findings, Levels(dialect, marks, mapping, dialect.tags), plain, others)
    shown = list(rows)
    lines = writing.lines(shown)
    told: list[Row | None] = [*shown]
    if before := dialect.before(marks, mapping) if dialect.before else "":
        lines, told = [before, *lines], [None, *told]
    return broken_up(encoded(lines, look.end(marks), told, look.charset, findings), look)


def broken_up(data: bytes, look: Look) -> bytes:
    """Break a file after so many characters, where the mapping says so."""
    return b"".join(_wrapped(data, look)) if look.width else data


def _wrapped(data: bytes, look: Look) -> Iterator[bytes]:
    """Give its lines: a break may stand in the midst of a value."""
    text, end = data.decode(look.charset, "replace"), (look.newline or "\n").encode(look.charset)
    for start in range(0, len(text), look.width):
        yield text[start : start + look.width].encode(look.charset, "replace")
        yield end
