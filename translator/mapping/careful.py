"""One writing of a file: its rows, and everything that is wrong with them, each with its places.

The generated code calls it for what is not usual. The careful path works a row out field by field, as the mapping
says it; what it writes is right, and what it cannot write becomes findings, all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from translator.core.document import Tree
from translator.core.finding import Finding, Place, Severity
from translator.core.tree import nothing
from translator.mapping import convert
from translator.mapping.cells import broken, measured
from translator.mapping.context import Context
from translator.mapping.expression import ABSENT, Compiled, Failed, Loop, Missing
from translator.mapping.layout import Field, Record
from translator.mapping.plan import Block, Part, origin_of, pointer
from translator.mapping.row import Row
from translator.mapping.wrong import Wrong

Names = Mapping[str, Any]
Turns = Mapping[int, Loop]
Later = tuple[Row, int, Block, Names]
Taken = tuple[tuple[str, int], ...]  # numbers, each with the name of its sequence
Private = Callable[[str], bool]  # tells of a place in the document (JSON pointer) that its value is not shown


def everything(path: str) -> bool:
    """Hide every value: what a compiler assumes that was not told which fields are a person's."""
    return True


@dataclass(frozen=True, slots=True)
class Noted:
    """How a row came about, for whoever asks afterwards: `cells` are those of the row itself."""

    block: Block
    names: Names
    turns: Turns
    cells: list[Any]


@dataclass(slots=True)
class Run:
    """Rows and findings of one writing, and what the mapping may ask of the world."""

    context: Context
    warehouse: Callable[[Tree], str]
    tables: Callable[[str, str, str, str], str]
    functions: Mapping[str, Any]
    private: Private = everything
    rows: list[Row] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    later: list[Later] = field(default_factory=list)
    zones: dict[str, str] = field(default_factory=dict)
    substituted: dict[int, tuple[Field, Counter[str]]] = field(default_factory=dict)
    letters: list[str] = field(default_factory=list)  # of the cell that is worked out: what was substituted
    taken: Taken = ()  # numbers, in their order
    waiting: Taken = ()  # numbers that were taken for this before
    notes: list[Noted] | None = None  # of each row that was worked out with care, where somebody asks

    # --- what the code asks -------------------------------------------------------------------------------------------

    def zone(self, document: Any) -> str:
        """Give the time zone of the warehouse a document is for."""
        code = self.warehouse(document) if document is not ABSENT else ""
        if code not in self.zones:
            self.zones[code] = self.context.zone(code)
        return self.zones[code]

    def number(self, name: str) -> int:
        """Take the next number of a sequence; one that was taken for this before is not taken twice."""
        at = next((at for at, (known, _) in enumerate(self.waiting) if known == name), -1)
        found = self.context.number(name) if at < 0 else self.waiting[at][1]
        self.waiting = (*self.waiting[:at], *self.waiting[at + 1 :]) if at >= 0 else self.waiting
        self.taken = (*self.taken, (name, found))
        return found

    def back(self, count: int) -> None:
        """Give all numbers but the first ones once more: what they were taken for is worked out anew."""
        self.waiting = (*self.taken[count:], *self.waiting)
        self.taken = self.taken[:count]

    def asked(self, compiled: Compiled, names: Names) -> Any:
        """Work out an expression that may lead to nothing; what fails is noted, and counts as nothing."""
        try:
            return self.sought(compiled, names)
        except Failed as failed:
            self.findings.append(failed.finding)
            return ABSENT

    def sought(self, compiled: Compiled, names: Names) -> Any:
        """Work out an expression that may lead to nothing, for a cell: what fails is told by the careful path. Raises Failed."""
        try:
            return compiled(names)
        except Missing:
            return ABSENT

    def asked_by(self, block: Block, number: int, names: Names) -> Any:
        """Work out what is asked of a table by several columns; ABSENT where one of them is nothing. Raises Failed."""
        found = [self.sought(one, names) for one in block.parts[number].by]
        return ABSENT if any(map(nothing, found)) else tuple(map(convert.plain, found))

    def listed(self, rule: Place, values: Any) -> Any:
        """Give what a loop runs over: a list; nothing is no turn, anything else is a finding."""
        if isinstance(values, (list, tuple, range)):
            return values
        if not nothing(values):
            self.findings.append(Finding("each-type", "'each' wants a list", rule=rule))
        return ()

    def vanishes(self, layout: Field, cells: list[Any]) -> bool:
        """Tell whether a group holds nothing but fixed texts, and what nothing looks like there."""
        return all(map(_still, layout.fields, cells))

    def counted(self, layout: Record, rows: list[Row], start: int) -> None:
        """Check how often a record may stand."""
        number, most = sum(row.record is layout for row in rows[start:]), layout.times.most
        if most is not None and number > most:
            text = f"{number} times '{layout.name}', {most} are allowed"
            self.findings.append(Finding("layout-times", text, rule=layout.rule, hint="`times: 0..` allows any number"))

    def must(self, block: Block, row: Row, names: Names, turns: Turns) -> None:
        """Check what must be true of a record; its own fields are known as they were written."""
        own = {one.name: cell for one, cell in zip(row.record.fields, row.cells, strict=True)}
        for sentence, compiled in block.must:
            try:
                if not holds(compiled({**own, **names})):
                    self.findings.append(Finding("must", sentence, self._document(block, turns), compiled.rule))
            except Failed as failed:
                self.findings.append(failed.finding.at(self._document(block, turns)))

    def _document(self, block: Block, turns: Turns) -> Place | None:
        last = block.loops[-1].variable.origin if block.loops else ()
        return Place(path=pointer(last, turns)) if last else None

    def replaced(self, one: Field, letters: list[str]) -> None:
        """Count what was written in place of characters of a field."""
        self.substituted.setdefault(id(one), (one, Counter()))[1].update(letters)
        self.letters += letters

    def written_otherwise(self) -> Iterator[Finding]:
        """Tell of each field whose characters were substituted: how many, and which."""
        for one, letters in self.substituted.values():
            text = f"{one.name}: {letters.total()} written otherwise: {' '.join(sorted(letters))}"
            yield Finding("substituted", text, rule=one.rule, severity=Severity.INFO)

    # --- the careful path ---------------------------------------------------------------------------------------------

    def careful(self, block: Block, names: Names, turns: Turns, zone: str) -> list[Any]:
        """Work out the cells of a row one by one; what is wrong with each is noted."""
        carried: dict[str, str] = {}
        cells: list[Any] = []
        for part in block.parts:
            self.letters = []
            try:
                cells.append(self._cell(part, block, names, turns, zone, carried))
            except Failed as failed:
                cells.append(part.cell.fitted(""))
                self.findings.append(_ruled(failed.finding, part.field).at(self._data(part, block, turns)))
            except Wrong as wrong:
                cells.append(part.cell.fitted(""))
                place = self._data(part, block, turns)
                wrong.hint = f"{self._grown(part, wrong)}{wrong.hint}"
                hidden = bool(part.sources or part.by) and self.private(place.path if place else "")
                self.findings.append(wrong.finding(place, part.field.rule, bare=hidden))
        if self.notes is not None:
            self.notes.append(Noted(block, names, turns, cells))
        return cells

    def _cell(self, part: Part, block: Block, names: Names, turns: Turns, zone: str, carried: dict[str, str]) -> Any:
        if part.group:
            outer = [names[name] for name in part.group.outer if name != "loop"]
            return self.functions[part.group.function](
                self, None, zone, *outer, *(turns[n] for n in part.group.enclosing)
            )
        if part.equals:
            return part.awaited
        if part.when and not holds(self.asked(part.when, names)):
            return part.cell.fitted("")
        if part.is_fixed and not _carries(part, carried):
            return part.cell.stated(_fixed(part.field))
        value = self._value(part, names)
        return (
            self._carried(part, value, zone, carried)
            if _carries(part, carried)
            else part.cell(value, zone, self.replaced)
        )

    def _value(self, part: Part, names: Names) -> Any:
        one = part.field
        if one.is_ or one.text is not None:
            return part.cell.style.cleaned(_fixed(one))
        if part.by:
            return self._by(part, names)
        missing: Missing | None = None
        for source in part.sources:
            try:
                value = source(names)
            except Missing as error:
                missing = missing or error
                continue
            if not nothing(value) or len(part.sources) == 1:
                return value
        if missing and not (one.maybe or one.default is not None or one.redacted is not None or one.required):
            raise missing
        return ABSENT

    def _by(self, part: Part, names: Names) -> Any:
        try:
            found = [compiled(names) for compiled in part.by]
        except Missing:
            if part.field.maybe or part.field.default is not None:
                return ABSENT
            raise
        return tuple(map(convert.plain, found))

    def _carried(self, part: Part, value: Any, zone: str, carried: dict[str, str]) -> Any:
        """Write a field that goes on in another, or into which another goes on."""
        stands = part.cell.standing(value)
        own = part.cell.text(value, zone, self.replaced) if stands is None else stands
        before = carried.pop(part.field.name, "")
        text = " ".join(piece for piece in (before, own) if piece)
        width, measure = part.field.len or part.field.max, measured(part.field, part.cell.style.charset)
        if part.field.rest and width:
            text, rest = broken(text, width, measure)
            carried[part.field.rest] = rest
        try:
            return part.cell.fitted(text)
        except Wrong as wrong:
            told = f"; {measure(before)} of them come from the field before" if before else ""
            wrong.text, wrong.bare = wrong.text + told, wrong.bare + told
            raise

    def _grown(self, part: Part, wrong: Wrong) -> str:
        """Say by how much a text that is too long grew when its letters were substituted."""
        measure, cleaned = measured(part.field, part.cell.style.charset), part.cell.style.cleaned
        more = sum(measure(cleaned(letter)) - measure(letter) for letter in self.letters)
        return f"`substitute` made it longer by {more}; " if more > 0 and wrong.code == "value-too-long" else ""

    def _data(self, part: Part, block: Block, turns: Turns) -> Place | None:
        for source in (*part.sources, *part.by):
            for use in source.uses.paths:
                found = pointer(origin_of(use.way, block.scope), turns)
                if found:
                    return Place(path=found)
        before = (one for one in block.parts if one.field.rest == part.field.name and not part.sources)
        return next((self._data(one, block, turns) for one in before), self._document(block, turns))


def _still(one: Field, cell: Any) -> bool:
    """Tell a cell that alone does not keep its group: a fixed text, or what nothing looks like."""
    fixed = one.text is not None or bool(one.is_)
    return fixed or (one.equals is None and cell in (None, "", [], one.empty))


def _fixed(one: Field) -> str:
    return one.is_[0] if one.is_ else one.text or ""


def _ruled(finding: Finding, one: Field) -> Finding:
    """Write the record and the field into the place in the mapping."""
    place = finding.rule or one.rule
    return replace(finding, rule=replace(place, record=one.rule.record, field=one.rule.field))


def _carries(part: Part, carried: Mapping[str, str]) -> bool:
    return bool(part.field.rest) or bool(carried.get(part.field.name))


def holds(value: Any) -> bool:
    """Tell whether a condition is met: nothing and false are not."""
    return bool(value) and not nothing(value)


def first_of(values: tuple[Any, ...]) -> Any:
    """Give the first that holds something."""
    return next((value for value in values if not nothing(value)), ABSENT)
