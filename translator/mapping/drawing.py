"""The picture of a document, compiled, and how an object of it is drawn from the entries at hand.

Objects vanish when nothing but fixed texts is in them. What goes wrong is a finding of the work; drawing goes on, so
that all is told at once. Where entries stand alone, what is wrong with one entry leaves that entry out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final

from translator.core.document import Tree
from translator.core.finding import Finding, Place, errors
from translator.core.tree import at, nothing
from translator.mapping import convert
from translator.mapping.about import Filling, amount_of, filling, lines_of, unknown, with_amount
from translator.mapping.checks import held
from translator.mapping.context import Context
from translator.mapping.entry import Entry
from translator.mapping.expression import ABSENT, Environment, Failed, Missing
from translator.mapping.layout import About, Each, Expression, Field, Picture
from translator.mapping.scope import MISSING, Formula, Scope, formula
from translator.mapping.wrong import Wrong

WAREHOUSE: Final = "orderDetails.shipFromParty.partyId"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value."""

    layout: Field
    sources: tuple[Formula, ...]
    by: tuple[Formula, ...]
    when: Formula | None
    parsers: dict[str, convert.Parse] = field(default_factory=dict)  # by zone


@dataclass(frozen=True, slots=True)
class Turns:
    """One `each`."""

    name: str
    source: Formula
    only: Formula | None


@dataclass(frozen=True, slots=True)
class Shape:
    """One object, or a list of them."""

    rule: Place
    entries: tuple[tuple[str, Leaf | Shape], ...]
    each: tuple[Turns, ...]
    group: tuple[Formula, ...]
    adjacent: bool
    when: Formula | None
    lets: tuple[tuple[str, Formula], ...]
    about: tuple[tuple[About, Formula], ...]
    must: tuple[tuple[str, Formula], ...]

    @property
    def listed(self) -> bool:
        """Tell a list of objects from one."""
        return bool(self.each or self.group)


@dataclass(slots=True)
class Work:
    """One document while it is drawn."""

    context: Context
    alone: bool = False  # its entries stand alone
    findings: list[Finding] = field(default_factory=list)
    left: list[Finding] = field(default_factory=list)  # of entries that were left out
    left_places: list[Place] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)
    lines: Filling = field(default_factory=Filling)


def shape(picture: Picture, environment: Environment) -> Shape:
    """Compile a picture. Raises Misconfigured."""

    def made(one: Expression | None) -> Formula | None:
        return formula(one, environment) if one else None

    def pairs(some: Iterable[tuple[str, Expression]]) -> tuple[tuple[str, Formula], ...]:
        return tuple((name, formula(one, environment)) for name, one in some)

    return Shape(
        picture.rule,
        tuple((name, _entry(one, environment)) for name, one in picture.entries),
        tuple(_turns(one, environment) for one in picture.each),
        tuple(formula(one, environment) for one in picture.group),
        picture.adjacent,
        made(picture.when),
        pairs(picture.let),
        tuple((one, formula(one.value, environment)) for one in picture.about),
        pairs(picture.must),
    )


def _entry(one: Field | Picture, environment: Environment) -> Leaf | Shape:
    if isinstance(one, Picture):
        return shape(one, environment)
    by = tuple(formula(asked, environment) for _, asked in one.lookup.by) if one.lookup else ()
    sources = tuple(formula(source, environment) for source in one.source)
    return Leaf(one, sources, by, formula(one.when, environment) if one.when else None)


def _turns(one: Each, environment: Environment) -> Turns:
    return Turns(one.name, formula(one.source, environment), formula(one.only, environment) if one.only else None)


# --- lists -----------------------------------------------------------------------------------------------------------


def turns(one: Shape, scope: Scope, work: Work) -> Iterator[Scope]:
    """Give the scope of each turn, before they are grouped."""
    scopes = [scope] if one.each else [scope.over([entry]) for entry in scope.entries]
    for each in one.each:
        scopes = [inner for outer in scopes for inner in _turn(each, outer, work)]
    yield from scopes


def _turn(each: Turns, scope: Scope, work: Work) -> Iterator[Scope]:
    for value in _values(each, scope, work):
        inner = scope.named(each.name, value) if each.name else scope
        if isinstance(value, Entry):
            inner = inner.over([value])
        if each.only is None or _told(each.only, inner, work):
            yield inner


def _values(each: Turns, scope: Scope, work: Work) -> list[Any]:
    if each.source.compiled.path:
        return scope.all(each.source.compiled.path)
    try:
        found = each.source(scope)
    except Failed as failed:
        work.findings.append(failed.finding.at(data=scope.place))
        return []
    return found if isinstance(found, list) else [found]


def keys(one: Shape, scope: Scope) -> tuple[Any, ...]:
    """Give the values that entries of one group have in common. Raises Missing or Failed."""
    found = tuple(key(scope) for key in one.group)
    if any(isinstance(value, (list, dict)) for value in found):
        raise Failed(Finding("value-type", "a group wants single values", rule=one.rule))
    return found


def grouped(one: Shape, scopes: Iterable[Scope], work: Work) -> Iterator[Scope]:
    """Join the turns of each group; an entry without a key is a finding."""
    if not one.group:
        yield from scopes
        return
    found: dict[tuple[Any, ...], list[Entry]] = {}
    bases: dict[tuple[Any, ...], Scope] = {}
    last, round_ = None, 0
    for scope in scopes:
        try:
            key = keys(one, scope)
        except Failed as failed:
            _unkeyed(failed, scope, work)
            continue
        round_ += one.adjacent and key != last
        last = key
        group = (round_, *key)
        bases.setdefault(group, scope)
        found.setdefault(group, []).extend(scope.entries)
    for group, entries in found.items():
        yield bases[group].over(entries)


def _unkeyed(failed: Failed, scope: Scope, work: Work) -> None:
    if work.alone:
        work.left.append(failed.finding.at(data=scope.place))
        work.left_places.extend(entry.place for entry in scope.entries)
    elif not _excused(failed, scope):
        work.findings.append(failed.finding.at(data=scope.place))


def _list(one: Shape, scope: Scope, work: Work, path: str) -> list[Tree]:
    found: list[Tree] = []
    for inner in grouped(one, turns(one, scope, work), work):
        if not work.alone:
            found.extend(objects(one, inner, work, path))
        elif not any(entry.bad for entry in inner.entries):
            found.extend(_one_alone(one, inner, work, path))
    return found


def _one_alone(one: Shape, scope: Scope, work: Work, path: str) -> list[Tree]:
    before = len(work.findings)
    found = objects(one, scope, work, path)
    wrong = work.findings[before:]
    if not errors(wrong):
        return found
    del work.findings[before:]
    work.left.extend(wrong)
    work.left_places.extend(entry.place for entry in scope.entries)
    return []


# --- objects ---------------------------------------------------------------------------------------------------------


def objects(one: Shape, scope: Scope, work: Work, path: str) -> list[Tree]:
    """Draw one turn: usually one object, none where nothing stands in it, several where lines share it."""
    scope = named(one, scope, work)
    if one.when and not _told(one.when, scope, work):
        return []
    about = next(((asked, value) for asked, value in one.about if asked.what == "item"), None)
    if about:
        return _about(one, *about, scope, work, path)
    tree, filled = drawn(one, scope, work, path)
    return [tree] if filled else []


def named(one: Shape, scope: Scope, work: Work) -> Scope:
    """Work out `let`, in order; what is missing is told where it is used."""
    for name, let in one.lets:
        try:
            scope = scope.named(name, let(scope))
        except Missing:
            continue
        except Failed as failed:
            work.findings.append(failed.finding.at(data=scope.place))
    return scope


def drawn(one: Shape, scope: Scope, work: Work, path: str) -> tuple[Tree, bool]:
    """Draw the parts of an object, and tell whether anything but fixed texts is among them."""
    tree: Tree = {}
    filled = False
    for name, part in one.entries:
        inner = f"{path}/{name}"
        value, counts = _leaf(part, scope, work) if isinstance(part, Leaf) else _part(part, scope, work, inner)
        if value is not ABSENT:
            tree[name] = value
            filled = filled or counts
    for sentence, must in one.must:
        if not _told(must, scope, work):
            work.findings.append(Finding("must", sentence, scope.place, must.rule))
    return tree, filled


def _part(one: Shape, scope: Scope, work: Work, path: str) -> tuple[Any, bool]:
    found = _list(one, scope, work, path) if one.listed else objects(one, scope, work, path)
    if not found:
        return ABSENT, False
    return (found if one.listed else found[0]), True


def _about(one: Shape, about: About, value: Formula, scope: Scope, work: Work, path: str) -> list[Tree]:
    """Draw an object that is about a line of the order."""
    order = scope.world.get("order")
    asked = _asked(value, scope, work)
    lines = lines_of(about, asked, order) if asked and order else []
    if not lines:
        if asked and order:
            work.findings.append(unknown(about, asked, order, scope.place))
        return [tree for tree, filled in [drawn(one, scope, work, path)] if filled]
    tree, _ = drawn(one, scope.knowing("item", lines[0]), work, path)
    if len(lines) == 1:
        return [{**filling(lines[0]), **tree}]
    note = work.lines.note(lines, asked, path, about, scope.place)
    work.findings.extend([note] if note else [])
    shares = work.lines.shared(lines, amount_of(tree), path)
    return [{**filling(line), **with_amount(tree, amount)} for line, amount in shares]


def _asked(value: Formula, scope: Scope, work: Work) -> str:
    try:
        return convert.plain(value(scope)).strip()
    except Failed as failed:
        if not _excused(failed, scope):
            work.findings.append(failed.finding.at(data=scope.place))
    except Wrong as wrong:
        work.findings.append(wrong.finding(scope.place, value.rule))
    return ""


def _told(condition: Formula, scope: Scope, work: Work) -> bool:
    try:
        return held(condition, scope)
    except Failed as failed:
        work.findings.append(failed.finding.at(data=scope.place))
        return False


def _excused(failed: Failed, scope: Scope) -> bool:
    """Tell whether a value is missing because what stood there was wrong, which is told already."""
    return failed.finding.code == MISSING and any(entry.bad for entry in scope.entries)


# --- values ----------------------------------------------------------------------------------------------------------


def _leaf(leaf: Leaf, scope: Scope, work: Work) -> tuple[Any, bool]:
    one = leaf.layout
    if leaf.when and not _told(leaf.when, scope, work):
        return ABSENT, False
    if one.text is not None and not leaf.sources:
        return one.text, False
    try:
        value = _converted(leaf, _found(leaf, scope), scope, work)
    except Failed as failed:
        if not _excused(failed, scope):
            work.findings.append(failed.finding.at(scope.place, one.rule))
        return ABSENT, False
    except Wrong as wrong:
        work.findings.append(wrong.finding(scope.place, one.rule))
        return ABSENT, False
    if value is ABSENT:
        return ABSENT, False
    if one.keep:
        work.kept[one.keep] = convert.plain(value)
    return value, True


def _found(leaf: Leaf, scope: Scope) -> Any:
    """Give the first value that holds something, or what is said for nothing."""
    one = leaf.layout
    if leaf.by and not leaf.sources:
        return _looked_up(leaf, scope)
    missing: Missing | None = None
    for source in leaf.sources:
        try:
            value = source(scope)
        except Missing as failed:
            missing = failed
            continue
        except Failed as failed:
            if failed.finding.code == MISSING and (one.maybe or one.default is not None):
                continue
            raise
        if not nothing(value):
            return value
    if missing and not one.maybe and one.default is None:
        raise missing
    return ABSENT


def _looked_up(leaf: Leaf, scope: Scope) -> Any:
    lookup = leaf.layout.lookup
    if lookup is None:
        return ABSENT
    try:
        asked = tuple(convert.plain(one(scope)) for one in leaf.by)
    except Missing:
        if leaf.layout.default is not None:
            return ABSENT
        raise
    return convert.finder(lookup)(asked)


def _converted(leaf: Leaf, value: Any, scope: Scope, work: Work) -> Any:
    one = leaf.layout
    if value is not ABSENT:
        value = _parsed(leaf, value, scope, work)
    if value is None or value is ABSENT:
        if one.required:
            raise Wrong("value-required", f"{one.name}: nothing stands here")
        return ABSENT if one.default is None else one.default
    if isinstance(value, (list, dict)):
        raise Wrong(
            "value-type", f"{one.name}: a list or an object where one value is wanted", "first(…), sum(…), max(…)"
        )
    if isinstance(value, date):
        return _zulu(value)
    return _bounded(one, value)


def _zulu(value: date) -> str:
    """Write a moment as documents hold it: in UTC; a day stays a day."""
    if not isinstance(value, datetime):
        return value.isoformat()
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _parsed(leaf: Leaf, value: Any, scope: Scope, work: Work) -> Any:
    one = leaf.layout
    looks = one.lookup is not None and not one.lookup.by
    if not (looks or one.date or one.type != "text" or one.empty is not None):
        return value
    if isinstance(value, (list, dict)) or (isinstance(value, date) and not looks):
        return value
    return _parser(leaf, scope, work)(convert.plain(value))


def _parser(leaf: Leaf, scope: Scope, work: Work) -> convert.Parse:
    zone = work.context.zone(at(scope.world.get("order"), WAREHOUSE, "")) if leaf.layout.zone == "warehouse" else ""
    if zone not in leaf.parsers:
        leaf.parsers[zone] = convert.parser(leaf.layout, zone)
    return leaf.parsers[zone]


def _bounded(one: Field, value: Any) -> Any:
    if one.max is None or not isinstance(value, str) or len(value) <= one.max:
        return value
    if not one.truncate:
        raise Wrong("value-too-long", f"{one.name}: {len(value)} characters where {one.max} are allowed")
    return value[: one.max]
