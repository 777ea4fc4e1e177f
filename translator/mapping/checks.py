"""What a file says about itself, held against what was read: `equals` and `must` of its records, after its `let`.

A count, a hash total, an echoed number that disagrees is a finding of the entry that says it, of level `check`.
Where some entry is bad, a sum over it cannot be known: then a disagreement is a warning, since the entry is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from translator.core.finding import Finding, Severity
from translator.core.private import shown
from translator.mapping.convert import Find, Parse, finder, parser, plain
from translator.mapping.entry import Entry, Layout
from translator.mapping.expression import Environment, Failed, Missing
from translator.mapping.layout import Check, Expression, Field, Lookup, MappingFile, Record
from translator.mapping.reader import LEVELS, spoken
from translator.mapping.scope import Formula, Scope, formula
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


def settle(root: Entry, checks: dict[int, Checks], scope: Scope, level: Check) -> None:
    """Check everything that was read; what is wrong becomes findings of its entry."""
    if not checks:
        return
    bad = any(entry.bad for entry in root.below())
    for entry in list(root.below()):
        asked = checks.get(id(entry.layout))
        if asked:
            _settle(entry, asked, scope.over([entry]), level, bad=bad)


def _settle(entry: Entry, asked: Checks, scope: Scope, level: Check, *, bad: bool) -> None:
    for name, let in asked.lets:
        try:
            entry[name] = let(scope)
        except Missing:
            continue
        except Failed as failed:
            entry.findings.append(failed.finding.at(data=entry.place))
    for looked in asked.looked:
        _look_up(entry, looked, scope)
    for one, equal in asked.equal:
        finding = _differing(entry, one, equal, scope)
        if finding:
            severity = LEVELS[one.check or level]
            unsure = bad and not equal.text.strip().startswith(COUNTED)
            entry.findings.append(replace(finding, severity=Severity.WARNING if unsure else severity))
    for sentence, must in asked.must:
        if not held(must, scope):
            entry.findings.append(Finding("must", sentence, entry.place, must.rule))


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
        entry.findings.append(wrong.finding(replace(entry.place, field=one.name), one.rule))


def held(must: Formula, scope: Scope) -> bool:
    """Tell whether a condition holds; a missing path counts as no."""
    try:
        return bool(must(scope))
    except Missing:
        return False


def _differing(entry: Entry, one: Field, equal: Formula, scope: Scope) -> Finding | None:
    said = entry.get(spoken(one))
    place = replace(entry.place, field=one.name)
    if said is None:
        return None if entry.bad else Finding("equals", f"{one.name} says nothing", place, one.rule)
    try:
        read = equal(scope)
        if _alike(said, read):
            return None
        text = f"{one.name} says {shown(plain(said))}, {equal.text} is {shown(plain(read))}"
    except Failed as failed:
        return failed.finding.at(data=place, rule=one.rule)
    except Wrong as error:
        return error.finding(place, one.rule)
    return Finding("equals", text, place, one.rule, "were all records of the file written?")


def _alike(said: Any, read: Any) -> bool:
    if said == read:
        return True
    try:
        return Decimal(plain(said)) == Decimal(plain(read))
    except InvalidOperation:
        return False
