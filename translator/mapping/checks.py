"""What a file says about itself, held against what was read: `equals` and `must` of its records, after its `let`.

A count, a hash total, an echoed number that disagrees is a finding of the entry that says it, of level `check`.
Where some entry is bad, a sum over it cannot be known: then a disagreement is a warning, since the entry is told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final

from translator.core.finding import Finding, Severity
from translator.core.private import shown
from translator.mapping.convert import Find, Parse, finder, parser, plain
from translator.mapping.entry import Entry, Layout
from translator.mapping.expression import Environment, Failed, Missing, member
from translator.mapping.layout import Check, Expression, Field, Lookup, MappingFile, Record, spoken
from translator.mapping.numbers import EXACT, number
from translator.mapping.reader import LEVELS
from translator.mapping.scope import Formula, Path, Scope, Total, formula
from translator.mapping.totals import HERE
from translator.mapping.wrong import Wrong

COUNTED: Final = "count("


@dataclass(frozen=True, slots=True)
class Looked:
    """A field that is looked up in a table by several columns."""

    field: Field
    by: tuple[Formula, ...]
    find: Find
    parse: Parse


@dataclass(frozen=True, slots=True)
class Checks:
    """What is asked of the entries of one layout."""

    lets: tuple[tuple[str, Formula], ...]
    looked: tuple[Looked, ...]
    equal: tuple[tuple[Field, Formula], ...]
    must: tuple[tuple[str, Formula], ...]


def compile_checks(mapping: MappingFile, environment: Environment) -> dict[int, Checks]:
    """Compile what each layout asks; those that ask nothing are left out."""
    found = {id(layout): _checks(layout, environment, mapping.check) for layout in _layouts(mapping.records)}
    return {key: checks for key, checks in found.items() if checks.lets or checks.looked or checks.equal or checks.must}


def _layouts(some: Iterable[Layout]) -> Iterator[Layout]:
    for layout in some:
        yield layout
        yield from _layouts(one for one in layout.fields if one.fields)
        yield from _layouts(layout.records if isinstance(layout, Record) else ())


def _checks(layout: Layout, environment: Environment, level: Check) -> Checks:
    def made(pairs: Iterable[tuple[str, Expression]]) -> tuple[tuple[str, Formula], ...]:
        return tuple((name, formula(one, environment)) for name, one in pairs)

    looked = tuple(_looked(one, one.lookup, environment) for one in layout.fields if one.lookup and one.lookup.by)
    asked = [one for one in layout.fields if one.equals and (one.check or level) != "off"]
    equal = tuple((one, formula(one.equals, environment)) for one in asked if one.equals)
    return Checks(made(layout.let), looked, equal, made(layout.must))


def _looked(one: Field, lookup: Lookup, environment: Environment) -> Looked:
    by = tuple(formula(part, environment) for _, part in lookup.by)
    return Looked(one, by, finder(lookup), parser(replace(one, lookup=None)))


@dataclass(slots=True)
class Settling:
    """Checks what was read, window by window; what is wrong becomes findings of its entry.

    `totals`: what header and trailer ask of records that go by: summed up, and held against what they say at the end.
    `waits`: the layouts that say it.
    """

    checks: Mapping[int, Checks]
    level: Check
    environment: Environment
    totals: Collection[Total] = ()
    waits: Collection[int] = ()
    headers: Collection[str] = ()  # around transactions: what is wrong with one makes no sum of another unsure
    _bad: bool = False  # something that went by was
    _sums: dict[Total, list[Any]] = field(default_factory=dict)

    def check(self, root: Entry, scope: Scope) -> None:
        """Check the entries that are there, each once."""
        if not self.checks:
            return
        entries = list(root.below())
        self._bad = self._bad or any(entry.bad for entry in entries)
        for entry in entries:
            asked = self.checks.get(id(entry.layout))
            if asked and not entry.settled:
                self._settle(entry, asked, scope.over([entry]))
            entry.settled = True

    def go_by(self, units: Sequence[Entry]) -> None:
        """Sum up what is asked of units that will not be there at the end."""
        for function, path in self.totals:
            values = [value for unit in units for value in _gathered(unit, path)]
            if values:
                self._sums.setdefault((function, path), []).append(self._of(function, values))

    def end(self, root: Entry, scope: Scope) -> None:
        """Hold against the sums what header and trailer say."""
        scope = replace(scope, totals={total: self._sum(total) for total in self._sums})
        for entry in list(root.below()) if self.waits else ():
            if id(entry.layout) in self.waits:
                self._equal(entry, self.checks[id(entry.layout)], scope.over([entry]))

    def _settle(self, entry: Entry, asked: Checks, scope: Scope) -> None:
        for name, let in asked.lets:
            try:
                entry[name] = let(scope)
            except Missing:
                continue
            except Failed as failed:
                entry.findings.append(failed.finding.at(data=entry.place))
        for looked in asked.looked:
            _look_up(entry, looked, scope)
        if id(entry.layout) not in self.waits:
            self._equal(entry, asked, scope)
        for sentence, must in asked.must:
            if not held(must, scope):
                entry.findings.append(Finding("must", sentence, entry.place, must.rule))

    def _equal(self, entry: Entry, asked: Checks, scope: Scope) -> None:
        for one, equal in asked.equal:
            finding = _differing(entry, one, equal, scope)
            if finding:
                unsure = self._unsure(entry, equal)
                severity = Severity.WARNING if unsure else LEVELS[one.check or self.level]
                entry.findings.append(replace(finding, severity=severity))

    def _unsure(self, entry: Entry, equal: Formula) -> bool:
        """Tell a sum that cannot be known, since something in it could not be read; a count can."""
        if not equal.gathered or equal.text.strip().startswith(COUNTED):
            return False
        inside = (one for one in (*reversed(list(entry.around())), entry) if one.layout.name not in self.headers)
        within = next((one for one in inside if one.layout.times.many), None)
        return self._bad if within is None else any(one.bad for one in within.below())

    def _sum(self, total: Total) -> Any:
        """Put the sums of windows together: counts are added up."""
        function, sums = total[0], self._sums[total]
        return self._of("sum" if function == "count" else function, sums)

    def _of(self, function: str, values: list[Any]) -> Any:
        return self.environment.functions[function](values)


def _gathered(unit: Entry, path: Path) -> list[Any]:
    found = [unit] if unit.layout.name == path[0] else unit.anywhere(path[0])
    values = found if isinstance(found, list) else []
    for name in path[1:]:
        values = member(values, name)
    return values


def _look_up(entry: Entry, looked: Looked, scope: Scope) -> None:
    one = looked.field
    try:
        answer = looked.find(tuple(plain(part(scope)) for part in looked.by))
        entry[spoken(one)] = looked.parse(answer)
    except Missing:
        return
    except Failed as failed:
        entry.findings.append(failed.finding.at(data=entry.place))
    except Wrong as wrong:
        entry.findings.append(
            wrong.finding(replace(entry.place, field=one.name, path=one.path or entry.place.path), one.rule)
        )


def held(must: Formula, scope: Scope) -> bool:
    """Tell whether a condition holds; a missing path counts as no."""
    try:
        return bool(must(scope))
    except Missing:
        return False


def _differing(entry: Entry, one: Field, equal: Formula, scope: Scope) -> Finding | None:
    said = entry.get(spoken(one))
    place = replace(entry.place, field=one.name, path=one.path or entry.place.path)
    if said is None:
        hint = "its sender must fill it; `check: off` asks nothing of it"
        return None if entry.bad else Finding("equals", f"{one.name} says nothing", place, one.rule, hint)
    try:
        read = equal(scope.named(HERE, {"number": entry.place.line}) if HERE in equal.text else scope)
        if alike(said, read, one.tolerance):
            return None
        text = f"{one.name} says {shown(plain(said))}, {equal.text} is {shown(plain(read))}"
    except Failed as failed:
        return failed.finding.at(data=place, rule=one.rule)
    except Wrong as error:
        return error.finding(place, one.rule)
    return Finding("equals", text, place, one.rule, "were all records of the file written?")


def alike(said: Any, read: Any, tolerance: str) -> bool:
    """Tell whether what a field says is what was read, as far as it must be."""
    if said == read:
        return True
    try:
        apart = EXACT.subtract(number(said), number(read))
    except Wrong:
        return False
    return apart.copy_abs() <= Decimal(tolerance or 0)
