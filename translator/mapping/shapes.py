"""The picture of a document, compiled: objects, lists of them, and the values in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from translator.core.finding import Place
from translator.mapping import convert
from translator.mapping.expression import Environment
from translator.mapping.layout import About, Each, Expression, Field, Picture
from translator.mapping.scope import Formula, formula

LOOP: Final = "loop"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value."""

    layout: Field
    sources: tuple[Formula, ...]
    by: tuple[Formula, ...]
    when: Formula | None
    find: convert.Find | None = None  # in a table by several columns
    zone: Leaf | None = None  # the zone of a date, where the file says it
    parsers: dict[str, convert.Parse] = field(default_factory=dict)  # by zone

    @property
    def fixed(self) -> bool:
        """Tell a text that stands in the mapping, whatever the file says."""
        return self.layout.text is not None and not self.sources and self.when is None

    def formulas(self) -> Iterator[Formula]:
        """Give its formulas."""
        yield from (*self.sources, *self.by, *([self.when] if self.when else []))
        if self.zone:
            yield from self.zone.formulas()


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
    counted: bool = False  # something in it asks for its `loop`

    @property
    def listed(self) -> bool:
        """Tell a list of objects from one."""
        return bool(self.each or self.group)

    @property
    def fixed(self) -> bool:
        """Tell an object of nothing but fixed texts: nobody writes it but to have it."""
        return all(part.fixed for _, part in self.entries) and not self.about

    def own(self) -> Iterator[Formula]:
        """Give its formulas, without those of the objects inside."""
        for each in self.each:
            yield each.source
            yield from [each.only] if each.only else []
        yield from self.group
        yield from [self.when] if self.when else []
        yield from (value for _, value in (*self.lets, *self.about, *self.must))
        for _, part in self.entries:
            if isinstance(part, Leaf):
                yield from part.formulas()

    def formulas(self) -> Iterator[Formula]:
        """Give its formulas, and those of the objects inside that are no lists of their own."""
        yield from self.own()
        for _, part in self.entries:
            if isinstance(part, Shape) and not part.listed:
                yield from part.formulas()


def shape(picture: Picture, environment: Environment) -> Shape:
    """Compile a picture. Raises Misconfigured."""

    def made(one: Expression | None) -> Formula | None:
        return formula(one, environment) if one else None

    def pairs(some: Iterable[tuple[str, Expression]]) -> tuple[tuple[str, Formula], ...]:
        return tuple((name, formula(one, environment)) for name, one in some)

    found = Shape(
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
    return replace(found, counted=any(LOOP in one.compiled.uses.names for one in found.formulas()))


def _entry(one: Field | Picture, environment: Environment) -> Leaf | Shape:
    return shape(one, environment) if isinstance(one, Picture) else _leaf(one, environment)


def _leaf(one: Field, environment: Environment) -> Leaf:
    by = tuple(formula(asked, environment) for _, asked in one.lookup.by) if one.lookup else ()
    sources = tuple(formula(source, environment) for source in one.source)
    zone = _leaf(one.zone_from, environment) if one.zone_from else None
    find = convert.finder(one.lookup) if one.lookup and by else None
    return Leaf(one, sources, by, formula(one.when, environment) if one.when else None, find, zone)


def _turns(one: Each, environment: Environment) -> Turns:
    return Turns(one.name, formula(one.source, environment), formula(one.only, environment) if one.only else None)
