"""Where what was read went: of each leaf of a picture its place in the document, and the cells it was drawn from.

Built on what drawing notes of each object; nothing is drawn a second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from translator.core.finding import Place
from translator.mapping.compiled_pictures import pictures_of
from translator.mapping.entry import Entry
from translator.mapping.expression import Environment, Path
from translator.mapping.layout import spoken
from translator.mapping.leaves import Drawn
from translator.mapping.reader import Reader
from translator.mapping.row import Row
from translator.mapping.scope import Formula, Scope, formula
from translator.mapping.shapes import Leaf, Shape

Cell = tuple[Row, int]
Lets = Mapping[str, Formula]


@dataclass(frozen=True, slots=True)
class Went:
    """One value of a document, once. `path`: Amazon's, `containers[].trackingNumber`; `group` and `about` say more.

    `what`: value · group (entries are joined by it) · order, item (it says which one is meant) · when.
    """

    kind: str
    path: str
    what: str
    rule: Place
    expressions: tuple[str, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """A shape, where it stands, and what was worked out around it."""

    kind: str
    path: str
    lets: Lets


def drawn_from(reader: Reader, notes: Sequence[Drawn]) -> Iterator[Went]:
    """Say of each object that was drawn which cells its parts came from."""
    known, trail = dict(_shapes(reader)), _Trail(reader.environment)
    for note in notes:
        where = known[id(note.shape)]
        for what, name, rule, formulas in parts_of(note.shape):
            cells = (cell for one in formulas for cell in trail.cells(one, note.scope, where.lets))
            path = ".".join(part for part in (where.path, name) if part)
            texts = tuple(one.text for one in formulas)
            yield Went(where.kind, path, what, rule, texts, tuple(_once(cells)))


def _once(cells: Iterable[Cell]) -> Iterator[Cell]:
    """Give each cell once: rows are told apart by what they are, not by what they hold."""
    seen: set[tuple[int, int]] = set()
    for row, number in cells:
        if (id(row), number) not in seen:
            seen.add((id(row), number))
            yield row, number


def _shapes(reader: Reader) -> Iterator[tuple[int, _Known]]:
    lets = {name: formula(one, reader.environment) for name, one in reader.mapping.let}
    for kind, one in pictures_of(reader).shapes:
        yield from _below(kind, one, "", lets)


def _below(kind: str, one: Shape, path: str, lets: Lets) -> Iterator[tuple[int, _Known]]:
    lets = {**lets, **{each.name: each.source for each in one.each if each.name}, **dict(one.lets)}
    yield id(one), _Known(kind, path, lets)
    for name, part in one.entries:
        if isinstance(part, Shape):
            inner = f"{name}[]" if part.listed else name
            yield from _below(kind, part, f"{path}.{inner}" if path else inner, lets)


def parts_of(one: Shape) -> Iterator[tuple[str, str, Place, tuple[Formula, ...]]]:
    """Give what a shape asks for: what for, the name of the leaf, the rule, the expressions."""
    yield from (("group", "", key.rule, (key,)) for key in one.group)
    yield from ((about.what, "", value.rule, (value,)) for about, value in one.about)
    for condition in (one.when, *(each.only for each in one.each)):
        if condition:
            yield "when", "", condition.rule, (condition,)
    for name, part in one.entries:
        if isinstance(part, Leaf):
            yield "value", name, part.layout.rule, (*part.sources, *part.by, *([part.when] if part.when else []))


@dataclass(frozen=True, slots=True)
class _Trail:
    """Follows the names of expressions to cells."""

    environment: Environment

    def cells(self, one: Formula, scope: Scope, lets: Lets) -> Iterator[Cell]:
        """Follow an expression of the picture."""
        for path in paths_of(one):
            if path[0] in lets and not _entries(scope.names.get(path[0])):
                yield from self.cells(
                    lets[path[0]], scope, {name: let for name, let in lets.items() if name != path[0]}
                )
            elif path[0] in scope.names:
                for entry in _entries(scope.names[path[0]]):
                    yield from self.inside(entry, path[1:])
            else:
                for entry in scope.entries:
                    yield from self.outward(entry, path)

    def outward(self, entry: Entry, path: Path) -> Iterator[Cell]:
        """Follow a path as `Entry.look` does, from inside out; a cell that is blank counts where nothing else is found."""
        around: Entry | None = entry
        blank: list[Cell] = []
        while around is not None:
            if path[0] in around:
                yield from self.inside(around, path)
                return
            if path[0] == around.layout.name and around.parent is not None:
                yield from self.inside(around, path[1:])
                return
            blank += self.cell(around, path[0])
            root, around = around, around.parent
        found = [cell for one in root.below() if one.layout.name == path[0] for cell in self.inside(one, path[1:])]
        yield from found or blank[:1]

    def inside(self, entry: Entry, path: Path) -> Iterator[Cell]:
        if not path:
            return
        inner = _entries(entry.get(path[0]))
        if inner:
            for one in inner:
                yield from self.inside(one, path[1:])
        else:
            yield from self.cell(entry, path[0])

    def cell(self, entry: Entry, name: str) -> list[Cell]:
        """Give the cell of a name; of one that was worked out in its record, what it was worked out from."""
        row = entry.row
        if row is None:
            return []
        let = next((expression for own, expression in entry.layout.let if own == name), None)
        if let is not None:
            paths = paths_of(formula(let, self.environment))
            return [cell for path in paths if path[0] != name for cell in self.outward(entry, path)]
        return [
            (row, number) for number, one in enumerate(entry.layout.fields) if spoken(one) == name and not one.fields
        ]


def paths_of(one: Formula) -> Iterator[Path]:
    """Give the paths an expression asks for, those that it gathers among them."""
    for use in one.compiled.uses.paths:
        yield one.gathered.get(use.path[0], use.path)


def _entries(value: object) -> list[Entry]:
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, Entry)]
