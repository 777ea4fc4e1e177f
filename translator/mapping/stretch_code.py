"""The picture of a transaction as code: a function that draws the document from the cells of its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

from translator.mapping import convert, stretch_values
from translator.mapping.checks import Checks, alike
from translator.mapping.expression import ABSENT
from translator.mapping.layout import About, Check, Field, MappingFile, Record, every_record, spoken
from translator.mapping.quick_values import Unusual
from translator.mapping.reader import parsed
from translator.mapping.scope import Formula, Path
from translator.mapping.shapes import Leaf, Shape
from translator.mapping.stretch_paths import Level, Paths, Unfit, Way, cells_of
from translator.mapping.stretch_values import Key, Lines, Meaning, Meanings, Once, Said, There
from translator.mapping.stretches import Cells, Node, Stretches
from translator.mapping.wrong import Wrong


def stretches(
    mapping: MappingFile, kind: str, shape: Shape, checks: Mapping[int, Checks], names: Iterable[str], zone: str
) -> Stretches | None:
    """Compile the picture of a document for each transaction; None: it is not one for this way.

    `names`: what the mapping itself gives names to.
    """
    record = next((one for one in every_record(mapping.records) if one.name == mapping.transaction), None)
    if record is None or not shape.each or shape.each[0].source.compiled.path != (record.name,):
        return None
    head = shape.each[0]
    if len(shape.each) > 1 or head.name or head.only or shape.group or len(shape.about) > 1:
        return None
    try:
        return _Making(mapping, record, checks, Paths(mapping, record, frozenset(names)), zone).made(kind, shape)
    except Unfit:
        return None


@dataclass(slots=True)
class _Making:
    """The code as it grows."""

    mapping: MappingFile
    transaction: Record
    checks: Mapping[int, Checks]
    paths: Paths
    zone: str
    heads: list[str] = field(default_factory=list)  # what is asked for once for a document
    lines: list[str] = field(default_factory=list)
    names: dict[str, Any] = field(default_factory=lambda: {"ABSENT": ABSENT, "Unusual": Unusual})
    asked: Sequence[Field] = ()  # by the key that was written last
    meanings: dict[int, Meaning] = field(default_factory=dict)  # by field
    count: int = 0

    def made(self, kind: str, shape: Shape) -> Stretches:
        """Write the function and bring it to life."""
        for record in every_record([self.transaction]):
            self._fit(record)
        top = (Level(self.transaction, "n0"),)
        self.line(0, "def draw(n0, s, order, now):")
        self._checked(self.transaction, top, 1)
        made = self._object(replace(shape, about=()), top, 1, else_="return None")
        self.line(1, f"return {made[0]}")
        self.lines[1:1] = self.heads
        draw = len(self.lines)
        about, asked = self._order(shape, top)
        code = "\n".join(self.lines) + "\n"
        exec(compile(code, f"quick {self.mapping.name}", "exec"), self.names)  # noqa: S102
        read = {id(record): self._read(record) for record in every_record([self.transaction])}
        shown = "\n".join(self.lines[:draw])
        return Stretches(
            f"{shown}\n", kind, self.transaction, self.names["draw"], about, self.names.get("asked", asked), read
        )

    def line(self, depth: int, text: str) -> None:
        self.lines.append("    " * depth + text)

    def new(self) -> int:
        self.count += 1
        return self.count

    def named(self, name: str, what: object) -> str:
        self.names[found := f"{name}{self.new()}"] = what
        return found

    # --- what records say ----------------------------------------------------------------------------------------------

    def _fit(self, record: Record) -> None:
        """Refuse a record that says more than its cells do."""
        asked = self.checks.get(id(record))
        names = [*map(spoken, record.fields), *(one.name for one in record.records)]
        if (asked and (asked.lets or asked.looked)) or len({*names}) < len(names):
            raise Unfit
        for one in record.fields:
            if one.sign_of or one.rest or one.keep or one.zone_from or (one.lookup and one.lookup.by):
                raise Unfit
            if one.fields and not self._quiet(one):
                raise Unfit

    def _quiet(self, group: Field) -> bool:
        """Tell a group of which nothing can be wrong but that it stands there."""
        said = any(self._asks(one) or one.default or one.keep or one.sign_of or one.rest for one in group.fields)
        return id(group) not in self.checks and not said and all(map(self._quiet, group.fields))

    def _asks(self, one: Field) -> bool:
        """Tell a field of which a cell may be wrong."""
        check: Check = one.check or self.mapping.check
        return not one.fields and (parsed(one) or one.required or (one.text is not None and check != "off"))

    def _read(self, record: Record) -> Sequence[tuple[int, Meanings]]:
        asked = ((number, one) for number, one in enumerate(record.fields) if self._asks(one))
        return [(number, There() if _text(one) else Once(self._meaning(one))) for number, one in asked]

    def _meaning(self, one: Field) -> Meaning:
        if id(one) not in self.meanings:
            fixed = one.text is not None and (one.check or self.mapping.check) != "off"
            self.meanings[id(one)] = Once(stretch_values.meaning(one, self.zone, fixed=fixed)).__getitem__
        return self.meanings[id(one)]

    def _checked(self, record: Record, levels: tuple[Level, ...], depth: int) -> None:
        """Write what holds rows against each other."""
        asked = self.checks.get(id(record))
        for one, formula in asked.equal if asked else ():
            if "here" in formula.text:
                raise Unfit
            self._equal(one, formula, levels, depth)
        for _, formula in asked.must if asked else ():
            key, said = self._key([formula], levels, depth)
            self.line(
                depth,
                f"if not {self.named('m', Once(partial(stretch_values.true, formula, said)))}[{key}]: raise Unusual",
            )
        for number, below in enumerate(record.records, 1):
            if not any(id(one) in self.checks for one in every_record([below])):
                continue
            node = f"n{self.new()}"
            all_ = f"{levels[-1].variable}[{number}]"
            self.line(depth, f"for {node} in {all_ if below.times.many else f'({all_},) if {all_} else ()'}:")
            self.line(depth + 1, "pass")
            self._checked(below, (*levels, Level(below, node)), depth + 1)

    def _equal(self, one: Field, formula: Formula, levels: tuple[Level, ...], depth: int) -> None:
        number = levels[-1].record.fields.index(one)
        key, said = self._key([formula], levels, depth)
        meaning = self._meaning(one)

        def agrees(key: tuple[Any, Any]) -> bool:
            says, read = meaning(key[0]), stretch_values.worked(formula, said(key[1]))
            if says is ABSENT or says is None:
                raise Unusual
            try:
                return alike(says, read, one.tolerance)
            except Wrong:
                raise Unusual from None

        cell = f"s[{levels[-1].variable}[0]][{number}]"
        self.line(depth, f"if not {self.named('m', Once(agrees))}[{cell}, {key}]: raise Unusual")

    # --- paths ---------------------------------------------------------------------------------------------------------

    def _key(
        self, formulas: Iterable[Formula], levels: tuple[Level, ...], depth: int
    ) -> tuple[str, Callable[[Key], Said]]:
        """Write the cells that formulas look at, as one key; give what makes values of it."""
        single: dict[Path, Way] = {}
        several: dict[Path, Way] = {}
        for formula in formulas:
            if formula.compiled.asks:
                raise Unfit
            for use in formula.compiled.uses.paths:
                if use.path[0] not in formula.gathered:
                    single[use.path] = self.paths.way(use.path, levels)
            several |= {path: self.paths.way(path, levels) for path in formula.gathered.values()}
        if any(record.times.many for way in single.values() for _, record in way.below):
            raise Unfit
        codes = [self._cell(way, depth) for way in single.values()] + [cells_of(way) for way in several.values()]
        self.asked = [way.field for way in (*single.values(), *several.values())]
        ones = [(path, self._meaning(way.field)) for path, way in single.items()]
        lists = [(path, self._meaning(way.field)) for path, way in several.items()]
        if len(codes) == 1 and ones:
            return codes[0], lambda key: stretch_values.said(ones, [], (key,))
        return f"({', '.join(codes)}{',' if len(codes) == 1 else ''})", lambda key: stretch_values.said(
            ones, lists, key
        )

    def _cell(self, way: Way, depth: int) -> str:
        node = way.level.variable
        for number, _ in way.below:
            self.line(depth, f"a{(n := self.new())} = {node}[{number}]")
            if node != way.level.variable:
                self.lines[-1] += f" if {node} else None"
            node = f"a{n}"
        cell = f"s[{node}[0]][{way.number}]"
        return f"({cell} if {node} else False)" if way.below else cell

    # --- objects -------------------------------------------------------------------------------------------------------

    def _order(self, shape: Shape, top: tuple[Level, ...]) -> tuple[About | None, Callable[[Node, Cells], str]]:
        """Write what gives the number of the order."""
        if not shape.about:
            return None, lambda node, cells: ""
        ((about, value),) = shape.about
        if about.what != "order":
            raise Unfit
        self.line(0, "def asked(n0, s):")
        key, said = self._key([value], top, 1)
        self.names["number"] = lambda key: convert.plain(stretch_values.worked(value, said(key))).strip()
        plain = f"cell.strip() if {_PLAIN} else " if self._is_text(value) else ""
        self.line(1, f"cell = {key}")
        self.line(1, f"return {plain}number(cell)")
        return about, lambda node, cells: ""

    def _object(self, shape: Shape, levels: tuple[Level, ...], depth: int, else_: str) -> tuple[str, str]:
        """Write what makes an object; give its variable, and the one that tells whether it holds more than fixed texts."""
        if shape.lets or shape.counted or shape.about:
            raise Unfit
        tree, filled = f"o{(n := self.new())}", f"f{n}"
        if shape.when:
            key, said = self._key([shape.when], levels, depth)
            self.line(
                depth, f"if not {self.named('m', Once(partial(stretch_values.true, shape.when, said)))}[{key}]: {else_}"
            )
        self.line(depth, f"{tree} = {{}}; {filled} = False")
        for name, part in shape.entries:
            if isinstance(part, Leaf):
                self._leaf(name, part, tree, filled, levels, depth)
            elif part.listed:
                self._list(name, part, tree, filled, levels, depth)
            else:
                self._inside(name, part, tree, filled, levels, depth)
        for _, must in shape.must:
            key, said = self._key([must], levels, depth)
            self.line(
                depth, f"if not {self.named('m', Once(partial(stretch_values.true, must, said)))}[{key}]: raise Unusual"
            )
        return tree, filled

    def _inside(self, name: str, part: Shape, tree: str, filled: str, levels: tuple[Level, ...], depth: int) -> None:
        self.line(depth, f"for _ in once{(n := self.new())}:")  # `when` leaves it
        self.names[f"once{n}"] = (None,)
        inner, there = self._object(part, levels, depth + 1, "continue")
        fixed = f" or {inner}" if part.fixed else ""
        self.line(
            depth + 1, f"if {there}{fixed}: {tree}[{name!r}] = {inner}{'' if part.fixed else f'; {filled} = True'}"
        )

    def _leaf(self, name: str, leaf: Leaf, tree: str, filled: str, levels: tuple[Level, ...], depth: int) -> None:
        one = leaf.layout
        if leaf.zone or one.keep or one.zone == "warehouse":
            raise Unfit
        if leaf.fixed:
            self.line(depth, f"{tree}[{name!r}] = {one.text!r}")
            return
        key, said = self._key(leaf.formulas(), levels, depth)
        if any(way.time for way in self.asked) or one.time:  # a day's time that is assumed is not after now
            value = Once(lambda key: stretch_values.value(leaf, said, key[0], key[1]))
            key = f"({key}, now)"
        else:
            value = Once(partial(stretch_values.value, leaf, said))
        plain = (
            f"cell if {_PLAIN} else "
            if _plain(one) and len([*leaf.formulas()]) == 1 and self._is_text(*leaf.sources)
            else ""
        )
        self.line(depth, f"cell = {key}")
        self.line(depth, f"v = {plain}{self.named('m', value)}[cell]")
        counts = f"; {filled} = True" if leaf.sources or one.text is None else ""
        self.line(depth, f"if v is not ABSENT: {tree}[{name!r}] = v{counts}")

    def _is_text(self, *formulas: Formula) -> bool:
        """Tell a formula that is a field whose cells are its values; its key was written last."""
        return len(formulas) == len(self.asked) == 1 and formulas[0].compiled.path is not None and _text(self.asked[0])

    def _list(self, name: str, part: Shape, tree: str, filled: str, levels: tuple[Level, ...], depth: int) -> None:
        if part.group or len(part.each) != 1 or part.each[0].name:
            raise Unfit
        node, all_, below = f"n{(n := self.new())}", f"l{n}", self._turns(part, levels)
        self.line(depth, f"{all_} = []")
        variable, number = levels[-1].variable, below[0]
        nodes = f"{variable}[{number}]"
        self.line(depth, f"for {node} in {nodes if below[1].times.many else f'({nodes},) if {nodes} else ()'}:")
        inner = (*levels, Level(below[1], node))
        if only := part.each[0].only:
            key, said = self._key([only], inner, depth + 1)
            self.line(
                depth + 1, f"if not {self.named('m', Once(partial(stretch_values.true, only, said)))}[{key}]: continue"
            )
        self._entry(part, all_, inner, depth + 1)
        self.line(depth, f"if {all_}: {tree}[{name!r}] = {all_}{'' if part.fixed else f'; {filled} = True'}")

    def _turns(self, part: Shape, levels: tuple[Level, ...]) -> tuple[int, Record]:
        """Find what a list runs over: records directly below the one at hand."""
        path = part.each[0].source.compiled.path
        if path is None:
            raise Unfit
        level, below, rest = self.paths.root((*path, ""), levels)
        for name in rest[:-1] if below is None else ():
            below = next(((n, one) for n, one in enumerate(level.record.records, 1) if one.name == name), None)
            rest = rest[1:]
        if level is not levels[-1] or below is None or len(rest) != 1 or len(path) > 2:
            raise Unfit
        return below

    def _entry(self, part: Shape, all_: str, levels: tuple[Level, ...], depth: int) -> None:
        """Write what puts an entry into a list."""
        if not part.about:
            made, filled = self._object(part, levels, depth, "continue")
            self.line(depth, f"if {filled}{f' or {made}' if part.fixed else ''}: {all_}.append({made})")
            return
        ((about, value), *more) = part.about
        if more or about.what != "item":
            raise Unfit
        made, _ = self._object(replace(part, about=()), levels, depth, "continue")
        key, said = self._key([value], levels, depth)
        asked = self.named("m", Once(partial(stretch_values.asked, value, said)))
        lines = self.named("lines", None)
        self.names[f"of_{lines}"] = partial(Lines, about)
        self.heads.append(f"    {lines} = of_{lines}(order)")
        self.line(depth, f"{all_}.append({{**{lines}[{asked}[{key}]], **{made}}})")


_PLAIN: Final = "type(cell) is str and cell.isascii() and not cell.isspace()"


def _text(one: Field) -> bool:
    """Tell a field of which a cell is what it means."""
    return not parsed(one) and one.text is None and one.default is None and not one.fields


def _plain(one: Field) -> bool:
    """Tell a value of the picture that is what stands in the file."""
    odd = (
        one.date
        or one.lookup
        or one.max is not None
        or one.empty is not None
        or one.default is not None
        or one.required
    )
    return not odd and one.type == "text" and one.text is None
