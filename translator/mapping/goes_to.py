"""Where the fields of a reading layout go, as the mapping says it: known without a file.

Names are followed from inside out, as reading follows them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from translator.core.finding import Place
from translator.mapping.compiled_pictures import pictures_of
from translator.mapping.drawn_from import parts_of, paths_of
from translator.mapping.entry import NOWHERE, Layout
from translator.mapping.expression import Path
from translator.mapping.layout import Field, Record, spoken
from translator.mapping.reader import Reader
from translator.mapping.scope import Formula, formula
from translator.mapping.shapes import Shape

Chain = tuple[Layout, ...]  # what is at hand, and what is around it, outwards
Names = Mapping[str, Chain | Formula]


@dataclass(frozen=True, slots=True)
class Target:
    """A place in a document that a field goes to. `what`: value · group · order · item · when, as in `drawn_from`."""

    kind: str
    path: str
    what: str
    rule: Place
    expression: str


def goes_to(reader: Reader) -> Mapping[int, tuple[Target, ...]]:
    """Give, by the id of each field of the layout, where it goes."""
    found: dict[int, list[Target]] = {}
    for kind, one in pictures_of(reader).shapes:
        for field, target in _Walk(kind, reader).shape(one, "", _start(one, reader), _lets(reader)):
            found.setdefault(id(field), []).append(target)
    return {key: tuple(dict.fromkeys(targets)) for key, targets in found.items()}


def _lets(reader: Reader) -> Names:
    return {name: formula(one, reader.environment) for name, one in reader.mapping.let}


def _start(one: Shape, reader: Reader) -> Chain:
    """Begin where the picture does: with the rows at hand, or with the file."""
    records = reader.mapping.records
    root = replace(NOWHERE, records=records)
    many = [record for record in records if record.times.many] or list(records[:1])
    alike = len(records) == 1 and not records[0].records
    return (many[0], root) if (one.group and not one.each) or (alike and not one.listed) else (root,)


@dataclass(frozen=True, slots=True)
class _Walk:
    kind: str
    reader: Reader

    def shape(self, one: Shape, path: str, chain: Chain, names: Names) -> Iterator[tuple[Field, Target]]:
        for turns in one.each:
            inner = next(_layouts(turns.source.compiled.path or (), chain, names), None)
            chain = inner or chain
            names = {**names, turns.name: chain if inner else turns.source} if turns.name else names
        names = {**names, **dict(one.lets)}
        for what, name, rule, formulas in parts_of(one):
            where = ".".join(part for part in (path, name) if part)
            for asked in formulas:
                target = Target(self.kind, where, what, rule, asked.text)
                yield from ((field, target) for field in self.fields(asked, chain, names))
        for name, part in one.entries:
            if isinstance(part, Shape):
                inner_path = ".".join(step for step in (path, f"{name}[]" if part.listed else name) if step)
                yield from self.shape(part, inner_path, chain, names)

    def fields(self, asked: Formula, chain: Chain, names: Names) -> Iterator[Field]:
        """Follow an expression to the fields it asks for."""
        for path in paths_of(asked):
            found = list(_layouts(path, chain, names))
            for layouts in found:
                if isinstance(layouts[0], Field) and not layouts[0].fields:
                    yield layouts[0]
            if not found:
                yield from self.worked_out(path, chain, names)

    def worked_out(self, path: Path, chain: Chain, names: Names) -> Iterator[Field]:
        """Follow a name that a record works out to what it is worked out from."""
        *above, name = path
        for around in _layouts(tuple(above), chain, names) if above else (chain[n:] for n in range(len(chain))):
            for own, expression in around[0].let:
                if own == name:
                    yield from self.fields(formula(expression, self.reader.environment), around, {})
                    return


def _layouts(path: Path, chain: Chain, names: Names) -> Iterator[Chain]:
    """Follow a path through the layout, from inside out; the first that fits is meant."""
    if not path:
        return
    named = names.get(path[0])
    if isinstance(named, tuple):
        yield from _down(named, path[1:])
        return
    if isinstance(named, Formula):
        others = {name: one for name, one in names.items() if name != path[0]}
        for inner in paths_of(named):
            for found in _layouts(inner, chain, others):
                yield from _down(found, path[1:])
        return
    for number, layout in enumerate(chain):
        around = chain[number:]
        if _member(layout, path[0]):
            yield from _down(around, path)
            return
        if layout.name == path[0] and layout.name:
            yield from _down(around, path[1:])
            return
    yield from _anywhere(chain[-1:], path)


def _anywhere(around: Chain, path: Path) -> Iterator[Chain]:
    for inner in _members(around[0]):
        if inner.name == path[0] and not (isinstance(inner, Field) and not inner.fields):
            yield from _down((inner, *around), path[1:])
        yield from _anywhere((inner, *around), path)


def _down(chain: Chain, path: Path) -> Iterator[Chain]:
    if not path:
        yield chain
        return
    member = _member(chain[0], path[0])
    if member is not None:
        yield from _down((member, *chain), path[1:])


def _members(layout: Layout) -> Iterable[Layout]:
    return (*layout.fields, *(layout.records if isinstance(layout, Record) else ()))


def _member(layout: Layout, name: str) -> Layout | None:
    return next((one for one in _members(layout) if spoken(one) == name), None)
