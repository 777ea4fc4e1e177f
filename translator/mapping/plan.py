"""A layout made ready to be written: each expression compiled, each name bound to a variable and to its place in the data.

The generator makes code of a plan, and the careful path evaluates it: both say the same.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from translator.core.finding import Place
from translator.mapping.beside import number_of, sign, sign_field
from translator.mapping.cells import Cell, Style, cell
from translator.mapping.expression import Compiled, Environment, Path
from translator.mapping.expression import Loop as Turn
from translator.mapping.layout import Each, Expression, Field, MappingFile, Record, spoken
from translator.mapping.scope import taken_out

Origin = tuple[str | int, ...]  # the way to a value in the document; a number stands for the turn of that loop
RESERVED: Final = frozenset(
    "run given parent out start v zone cells ready row Row Loop ABSENT NONE member holds first_of type str len sum "
    "enumerate Exception ValueError write XS odd lines found special marks add int taken".split()
)


_OURS: Final = re.compile(r"\d$|^(record|group)_")  # what generated names look like


@dataclass(frozen=True, slots=True)
class Variable:
    """A name of the mapping: the variable in the code, and where its value stands in the document."""

    name: str
    code: str
    origin: Origin | None = None
    document: bool = False  # one whole document: the warehouse's zone is asked of it


Scope = Mapping[str, Variable]


@dataclass(frozen=True, slots=True)
class Loop:
    """One `for`."""

    number: int
    variable: Variable
    source: Compiled
    only: Compiled | None
    rule: Place


@dataclass(frozen=True, slots=True)
class Total:
    """What a field equals. `gathered`: names that stand for lists of the file's own values; `paths`: its single ones.

    `direct`: a function and the path it gathers, where that is all.
    """

    compiled: Compiled
    gathered: Mapping[str, Path]
    paths: tuple[Path, ...]
    direct: tuple[Callable[[Any], Any], Path] | None


@dataclass(frozen=True, slots=True)
class Part:
    """A field ready to be written; a group where `group` is there."""

    field: Field
    cell: Cell
    sources: tuple[Compiled, ...]
    by: tuple[Compiled, ...]
    when: Compiled | None
    equals: Total | None
    group: Block | None = None

    def total(self, value: Any, zone: str) -> Any:
        """Write what a field equals: mostly a plain count."""
        one = self.field
        special = one.sign or one.thousands or self.cell.style.typed or self.cell.given
        if type(value) is int and value > 0 and one.type == "integer" and not special:
            return self.cell.fit(str(value))
        return self.cell(value, zone)

    @property
    def awaited(self) -> Any:
        """Give what stands where a total comes, until it is known; where it may never come, what nothing looks like."""
        return self.cell.fitted("") if self.when else None

    @property
    def is_fixed(self) -> bool:
        """Tell a field that is always the same text."""
        return self.field.text is not None or bool(self.field.is_)

    @property
    def compiled(self) -> Iterator[Compiled]:
        """Give all expressions that are worked out where the field stands."""
        yield from self.sources
        yield from self.by
        if self.when:
            yield self.when


@dataclass(frozen=True, slots=True)
class Block:
    """A record, or a group, ready to be written: once per turn of its loops."""

    number: int
    layout: Record | Field
    outer: Scope
    enclosing: tuple[int, ...]  # the loops that are open around it
    loops: tuple[Loop, ...]
    lets: tuple[tuple[Variable, Compiled], ...]
    scope: Scope
    when: Compiled | None
    must: tuple[tuple[str, Compiled], ...]
    parts: tuple[Part, ...]
    blocks: tuple[Block, ...]

    @property
    def group(self) -> bool:
        """Tell a group inside a record from a record."""
        return isinstance(self.layout, Field)

    @property
    def function(self) -> str:
        """Name its function in the code."""
        return f"{'group' if self.group else 'record'}_{self.number}_{word(self.layout.name)}"


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole file, ready to be written."""

    mapping: MappingFile
    style: Style
    outer: Scope
    lets: tuple[tuple[Variable, Compiled], ...]
    scope: Scope
    blocks: tuple[Block, ...]


def plan(mapping: MappingFile, environment: Environment, style: Style) -> Plan:
    """Bind and compile a writing layout."""
    planner = _Planner(environment, style, frozenset(_named(mapping.records)))
    outer = _outer(mapping)
    scope, lets = planner.lets(mapping.let, outer)
    blocks = tuple(planner.record(record, scope) for record in mapping.records)
    return Plan(mapping, style, outer, lets, scope, blocks)


def _outer(mapping: MappingFile) -> dict[str, Variable]:
    names = ["partner", "now", "file", "batch"]
    found = {name: Variable(name, name) for name in names}
    found["batch"] = Variable("batch", "batch", ())
    if not mapping.batch:
        for kind in dict.fromkeys(["order", *mapping.kinds]):
            found[kind] = Variable(kind, kind, (), document=kind in mapping.kinds)
    return found


@dataclass(slots=True)
class _Planner:
    environment: Environment
    style: Style
    named: frozenset[str]  # the names of the file's own records and fields
    numbers: dict[str, int] = field(default_factory=lambda: {"block": 0, "loop": 0, "name": 0})

    def next(self, what: str) -> int:
        self.numbers[what] += 1
        return self.numbers[what]

    def compiled(self, expression: Expression) -> Compiled:
        return self.environment.expression(expression.text, expression.rule)

    def maybe(self, expression: Expression | None) -> Compiled | None:
        return self.compiled(expression) if expression else None

    def variable(self, name: str, scope: Scope, origin: Origin | None, *, document: bool = False) -> Variable:
        code = f"{name}_" if keyword.iskeyword(name) or name in RESERVED or _OURS.search(name) else name
        if any(other.code == code for other in scope.values()):
            code = f"{code}_{self.next('name')}_"
        return Variable(name, code, origin, document)

    def lets(
        self, lets: tuple[tuple[str, Expression], ...], scope: Scope
    ) -> tuple[Scope, tuple[tuple[Variable, Compiled], ...]]:
        found: list[tuple[Variable, Compiled]] = []
        for name, expression in lets:
            compiled = self.compiled(expression)
            variable = self.variable(name, scope, origin_of(compiled.way, scope))
            found.append((variable, compiled))
            scope = {**scope, name: variable}
        return scope, tuple(found)

    def loops(self, heads: tuple[Each, ...], scope: Scope) -> tuple[Scope, tuple[Loop, ...]]:
        found: list[Loop] = []
        for head in heads:
            number = self.next("loop")
            source = self.compiled(head.source)
            origin = origin_of(source.way, scope)
            variable = self.variable(
                head.name, scope, None if origin is None else (*origin, number), document=source.path == ("batch",)
            )
            scope = {**scope, head.name: variable, "loop": Variable("loop", turn(number))}
            found.append(Loop(number, variable, source, self.maybe(head.only), head.source.rule))
        return scope, tuple(found)

    def record(self, record: Record, outer: Scope, enclosing: tuple[int, ...] = ()) -> Block:
        block = self.block(record, outer, enclosing)
        inner, around = _inside(block)
        below = tuple(self.record(one, inner, around) for one in record.records)
        must = tuple((sentence, self.compiled(one)) for sentence, one in record.must)
        return replace(block, blocks=below, must=must, when=self.maybe(record.when))

    def block(self, layout: Record | Field, outer: Scope, enclosing: tuple[int, ...]) -> Block:
        number = self.next("block")
        scope, loops = self.loops(layout.each, outer)
        scope, lets = self.lets(layout.let, scope)
        when = self.maybe(layout.when)
        block = Block(number, layout, outer, enclosing, loops, lets, scope, when, (), (), ())
        return replace(block, parts=tuple(self.part(one, block) for one in layout.fields))

    def part(self, one: Field, block: Block) -> Part:
        number = number_of(one, block.layout.fields)
        one = sign_field(one, number) if number else one
        return Part(
            one,
            cell(one, self.style, sign(number) if number else None),
            tuple(map(self.compiled, one.source)),
            tuple(self.compiled(asked) for _, asked in one.lookup.by) if one.lookup else (),
            None if one.fields else self.maybe(one.when),
            self.total(one.equals),
            self.block(one, *_inside(block)) if one.fields else None,
        )

    def total(self, expression: Expression | None) -> Total | None:
        if expression is None:
            return None
        text, gathered = taken_out(expression.text, self.named)
        compiled = self.environment.expression(text, expression.rule)
        paths = (use.path for use in compiled.uses.paths if use.path[0] not in gathered)
        direct = self.compiled(expression).direct
        own = tuple(path for path in paths if path[0] in self.named)
        return Total(compiled, gathered, own, direct if direct and direct[1][0] in self.named else None)


def _named(layouts: Iterable[Record | Field]) -> Iterator[str]:
    for one in layouts:
        yield spoken(one)
        yield from _named(one.fields)
        yield from _named(one.records if isinstance(one, Record) else ())


def _inside(block: Block) -> tuple[Scope, tuple[int, ...]]:
    """Give what is known inside a block: its scope, with the turns of its loops handed over."""
    around = (*block.enclosing, *(loop.number for loop in block.loops))
    if not around:
        return block.scope, around
    return {**block.scope, "loop": Variable("loop", f"loop{around[-1]}")}, around


def word(name: str) -> str:
    """Give a name as a part of a name in Python."""
    return "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in name)


def turn(number: int) -> str:
    """Write the turn of a loop that is open in the same function."""
    return f"Loop(i{number}, len(t{number}), n{number})"


def origin_of(path: Path | None, scope: Scope) -> Origin | None:
    """Give the place in the document that a path leads to."""
    root = scope.get(path[0]) if path else None
    if path is None or root is None or root.origin is None:
        return None
    return (*root.origin, *path[1:])


def pointer(origin: Origin | None, turns: Mapping[int, Turn]) -> str:
    """Give a place in the document as a JSON pointer."""
    if origin is None:
        return ""
    parts = (str(turns[part].at) if isinstance(part, int) else part for part in origin)
    return "".join(f"/{part}" for part in parts)


def zoned(block: Block) -> bool:
    """Tell whether anything in a block asks for the zone of the warehouse."""
    asked = (one for part in block.parts for one in part.compiled)
    others = (
        one for one in (block.when, *(one for _, one in block.lets), *(loop.source for loop in block.loops)) if one
    )
    return (
        any(part.field.zone == "warehouse" for part in block.parts)
        or any("warehouse_zone" in (*one.asks, *one.uses.names) for one in (*asked, *others))
        or any(zoned(part.group) for part in block.parts if part.group)
        or any(zoned(below) for below in block.blocks)
    )
