"""The usual picture in one straight line: from the cells of plain records to the tree of a document, nothing between.

For flat records (no groups, no checks of their own) and pictures of plain paths: lists by `each` and `group`, lines of
the order by `about`, a function over one field. Code is generated once per mapping and zone, and can be read.

Promise: what it draws is what the careful way draws, without a finding. Whatever is unusual (a value that does not
fit, a blank where something must stand, rows that disagree, a line that is not plainly one) raises Unusual, and the
careful way draws those records instead: it knows what to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from operator import itemgetter
from typing import Any

from translator.core.document import Tree
from translator.mapping import convert
from translator.mapping.checks import Checks
from translator.mapping.date_patterns import pattern
from translator.mapping.layout import Check, Field, Record, spoken
from translator.mapping.quick_asked import Lines, value_of, worked_out
from translator.mapping.quick_values import Asked, Column, Memo, code_of, fixed, names_of, plain_value, reads
from translator.mapping.scope import Formula
from translator.mapping.shapes import Leaf, Shape

Cells = Sequence[Any]
Draw = Callable[[list[Cells], Tree | None], Tree]


class _Unfit(Exception):
    """The picture is not a plain one."""


@dataclass(frozen=True, slots=True)
class Quick:
    """The generated way. `values`: cells → values, in the order of the fields; `columns`: the same for whole columns.

    `draw`: the values of the rows → the tree; `items`: of an entry for each row, those of many rows, where they are plain.
    `key`: cells → the values that rows are joined by; of no fields: a document for each row; `keys`: the numbers of those
    fields. `order`: the field that names the order; -1: none.
    """

    code: str
    values: Callable[[Cells], Cells]
    columns: Callable[..., tuple[Column, ...]]
    draw: Draw
    items: Callable[[Iterable[Cells]], list[Tree | None]] | None
    key: Callable[[Cells], Cells]
    keys: tuple[int, ...]
    order: int


def quick(
    record: Record,
    shape: Shape,
    checks: Mapping[int, Checks],
    check: Check,
    zone: str,
    *,
    item: bool = False,
    group: Sequence[Formula] = (),
) -> Quick | None:
    """Compile a picture that is usual enough; None: it is not.

    `item`: it is an entry that vanishes when it is empty; `group`: by what the documents are joined in which it stands.
    """
    if record.records or id(record) in checks or any(not _plain(one) for one in record.fields):
        return None
    try:
        return _Making(record, check, zone).made(shape, item=item, group=group)
    except _Unfit:
        return None


def _plain(one: Field) -> bool:
    unusual = one.fields or one.sign_of or one.rest or one.split or one.keep or one.times.many or one.time
    return not (unusual or (one.lookup and one.lookup.by))


def _several(one: Field) -> bool:
    """Tell a field whose values may be equal, and not the same: 1.0 and 1.00, or a moment in two zones."""
    return one.type == "decimal" or any(pattern(date).zoned for date in one.date)


@dataclass(frozen=True, slots=True)
class _Part:
    """What makes a part of an object, as an expression, and the condition under which it is there; "": always.

    `fills`: an object that has it is not empty.
    """

    code: str
    there: str = ""
    fills: bool = True


@dataclass(slots=True)
class _Making:
    """The code as it grows."""

    record: Record
    check: Check
    zone: str
    heads: list[str] = field(default_factory=list)  # what is asked for once for a document
    lines: list[str] = field(default_factory=list)
    names: dict[str, Any] = field(default_factory=lambda: {"plain": plain_value})
    texts: set[int] = field(default_factory=set)  # the fields that documents take as they are
    needed: set[int] = field(default_factory=set)  # the fields without which a document is not usual
    used: set[int] = field(default_factory=set)  # the fields that are asked for at all
    count: int = 0

    def made(self, shape: Shape, *, item: bool, group: Sequence[Formula]) -> Quick:
        """Write the functions and bring them to life."""
        keys = tuple(self.field_of(key) for key in group or shape.group)
        if group and not all(map(self._text, keys)):
            raise _Unfit
        named = [self.record.fields[key] for key in keys]
        if any(
            one.default is not None or fixed(one, self.check) for one in named
        ):  # rows that say none, or another, belong to one
            raise _Unfit
        self.texts.update(filter(self._text, keys))
        if shape.group:
            self._alike(shape, 1, keys)
        order = self._order(shape)
        self.line(1, "row = rows[0]")
        made = self._object(replace(shape, about=()), 1)
        given = f"{made.code}{f' if {made.there} else None' if item and made.there else ''}"
        asked = Asked(frozenset(self.texts), frozenset(self.needed), frozenset(self.used))
        items = [*_items(self.lines, given)] if item and not self.heads and not _asks_rows(shape) else []
        self.line(1, f"return {given}")
        draw = ["def draw(rows, order):", *self.heads, *self.lines]
        code = "\n".join([*code_of(self.record, self.check, keys, asked), *draw, *items]) + "\n"
        names = {**names_of(self.record, self.check, self.zone, asked), **self.names}
        exec(compile(code, f"quick {self.record.name}", "exec"), names)  # noqa: S102
        draws = (names["draw"], names.get("items"))
        return Quick(code, names["values"], names["columns"], *draws, names["key"], keys, order)

    def line(self, depth: int, text: str) -> None:
        self.lines.append("    " * depth + text)

    def new(self) -> int:
        self.count += 1
        return self.count

    def field_of(self, formula: Formula) -> int:
        """Give the number of the field that a formula is; nothing but its name, or the record's and its name."""
        path = formula.compiled.path or ()
        path = path[1:] if len(path) == 2 and path[0] == self.record.name else path
        return self._number(path)

    def _number(self, path: tuple[str, ...]) -> int:
        found = [n for n, one in enumerate(self.record.fields) if len(path) == 1 and spoken(one) == path[0]]
        if len(found) != 1 or path[0] == self.record.name:
            raise _Unfit
        self.used.update(found)
        return found[0]

    # --- objects ---------------------------------------------------------------------------------------------------

    def _order(self, shape: Shape) -> int:
        if not shape.about:
            return -1
        ((about, value), *more) = shape.about
        if more or about.what != "order" or about.by:
            raise _Unfit
        return self.field_of(value)

    def _alike(self, shape: Shape, depth: int, keys: Sequence[int]) -> None:
        """In a group plain names must have one value; a blank beside a value is left to the careful way."""
        used = sorted(set(self._used(shape)) - set(keys))
        if used:
            self.names[f"same{(n := self.new())}"] = itemgetter(*used)
            self.line(depth, "if len(rows) > 1:")
            self.line(depth + 1, f"first = same{n}(rows[0])")
            self.line(depth + 1, "for other in rows:")
            self.line(depth + 2, f"if same{n}(other) != first: raise Unusual")

    def _used(self, shape: Shape) -> Iterator[int]:
        yield from (self.field_of(value) for _, value in shape.about)
        for _, part in shape.entries:
            if isinstance(part, Shape):
                yield from () if part.listed else self._used(part)
            elif part.sources and not part.sources[0].gathered and not part.sources[0].compiled.constant:
                yield self.field_of(part.sources[0])

    def _object(self, shape: Shape, depth: int, begun: str = "") -> _Part:
        """Write what makes one object. `begun`: what it begins with."""
        if shape.when or shape.lets or shape.must or shape.counted or not shape.entries:
            raise _Unfit
        parts = {name: self._part(part, depth) for name, part in shape.entries}
        fills = [part.there for part in parts.values() if part.fills]
        there = "" if shape.fixed or "" in fills else " or ".join(fills) or "False"
        begins = [f"**{begun}"] if begun else []
        if not any(part.there for part in parts.values()):
            entries = [*begins, *(f"{name!r}: {part.code}" for name, part in parts.items())]
            return _Part(f"{{{', '.join(entries)}}}", there)
        made = f"o{self.new()}"
        self.line(depth, f"{made} = {{{''.join(begins)}}}")
        for name, part in parts.items():
            self.line(depth, f"{f'if {part.there}: ' if part.there else ''}{made}[{name!r}] = {part.code}")
        return _Part(made, there)

    def _part(self, part: Leaf | Shape, depth: int) -> _Part:
        if isinstance(part, Leaf):
            return self._leaf(part, depth)
        if part.listed:
            return self._list(part, depth)
        if part.about:
            raise _Unfit
        return replace(self._object(part, depth), fills=not part.fixed)

    def _list(self, part: Shape, depth: int) -> _Part:
        made = self.new()
        self.line(depth, f"l{made} = []")
        if part.group:
            if part.each or part.adjacent or len(part.group) != 1:
                raise _Unfit
            number = self.field_of(part.group[0])
            self.texts.update(filter(self._text, [number]))
            self.line(depth, f"g{made} = {{}}")
            self.line(depth, "for row in rows:")
            self.line(depth + 1, f"key = row[{number}]")
            self.line(depth + 1, f"if {'key is None' if self._text(number) else 'blank(key)'}: raise Unusual")
            self.line(depth + 1, f"g{made}.setdefault(key, []).append(row)")
            self.line(depth, f"all{made} = rows")
            self.line(depth, f"for rows in g{made}.values():")
            self._alike(part, depth + 1, [number])
            self.line(depth + 1, "row = rows[0]")
        else:
            self._rows(part)
            self.line(depth, f"all{made} = rows")
            self.line(depth, f"for row in all{made}:")
            if _asks_rows(part):
                self.line(depth + 1, "rows = [row]")
        there = self._entry(part, made, depth + 1)
        self.line(depth, f"rows = all{made}; row = rows[0]")
        return _Part(f"l{made}", f"l{made}" if there else "")

    def _rows(self, part: Shape) -> None:
        head = part.each[0]
        if (
            len(part.each) != 1
            or head.name
            or head.only
            or (head.source.compiled.path or ("",))[-1] != self.record.name
        ):
            raise _Unfit

    def _entry(self, part: Shape, made: int, depth: int) -> str:
        """Write what puts an entry into a list; gives under which condition it is there."""
        if not part.about:
            one = self._object(part, depth)
            self.line(depth, f"{f'if {one.there}: ' if one.there else ''}l{made}.append({one.code})")
            return one.there
        ((about, value), *more) = part.about
        if more or about.what != "item":
            raise _Unfit
        number = self.field_of(value)
        if _several(self.record.fields[number]):
            raise _Unfit
        self.names[f"lines_of{made}"] = partial(Lines, about)
        self.heads.append(f"    lines{made} = lines_of{made}(order)")
        one = self._object(replace(part, about=()), depth, f"lines{made}[row[{number}]]")
        self.line(depth, f"l{made}.append({one.code})")
        return ""

    def _leaf(self, leaf: Leaf, depth: int) -> _Part:
        one = leaf.layout
        if leaf.when or leaf.by or leaf.zone or one.keep or one.zone == "warehouse" or len(leaf.sources) > 1:
            raise _Unfit
        if not leaf.sources:
            if one.text is None:
                raise _Unfit
            return _Part(repr(one.text), fills=False)
        if one.default is not None or one.required:
            raise _Unfit
        if leaf.sources[0].compiled.path is None and not leaf.sources[0].gathered:
            return self._worked(leaf)
        number = self._source(leaf, depth)
        value = f"row[{number}]" if number >= 0 else f"v{self.count}"
        if one.date or one.type != "text" or one.lookup or one.max or one.empty is not None:
            self.names[f"to{(n := self.new())}"] = Memo(value_of(leaf))
            given = f"to{n}[{value}]"
        else:
            given = value if number >= 0 and self._given(number) else f"plain({value})"
            self.texts.update(filter(self._text, [number] if number >= 0 else ()))
        if one.maybe:
            return _Part(given, f"{value} is not None")
        if number >= 0:
            self.needed.add(number)
        else:
            self.line(depth, f"if {value} is None: raise Unusual")
        return _Part(given)

    def _worked(self, leaf: Leaf) -> _Part:
        """Write what a formula over one field gives: it is worked out once for each of its values."""
        formula = leaf.sources[0]
        paths = {use.path for use in formula.compiled.uses.paths}
        if len(paths) != 1 or leaf.layout.maybe or formula.compiled.asks:
            raise _Unfit
        (path,) = paths
        number = self._number(path)
        if _several(self.record.fields[number]):
            raise _Unfit
        self.needed.add(number)
        self.names[f"to{(n := self.new())}"] = Memo(partial(worked_out, leaf, path))
        return _Part(f"to{n}[row[{number}]]")

    def _memorable(self, leaf: Leaf, number: int) -> None:
        """Refuse to remember conversions of values that are equal, and not the same."""
        one = leaf.layout
        if _several(self.record.fields[number]) and (one.lookup or one.type != "text" or one.max or one.empty):
            raise _Unfit

    def _given(self, number: int) -> bool:
        """Tell a field whose values need nothing done: numbers, and texts that are looked at when they are read."""
        one = self.record.fields[number]
        return self._text(number) or (one.type in convert.NUMERIC and one.lookup is None)

    def _text(self, number: int) -> bool:
        """Tell a field whose cells are its values."""
        return not reads(self.record.fields[number], self.check)

    def _source(self, leaf: Leaf, depth: int) -> int:
        """Give the number of the field a value comes from; -1 where a function gives it, in the variable of this count."""
        formula = leaf.sources[0]
        if not formula.gathered:
            self._memorable(leaf, number := self.field_of(formula))
            return number
        if not formula.direct:
            raise _Unfit
        function, name = formula.direct
        number = self._number(formula.gathered[name])
        self._memorable(leaf, number)
        held = f"[r[{number}] for r in rows if r[{number}] is not None]"
        if function in ("max", "min") and self.record.fields[number].date and not self.record.fields[number].lookup:
            self.line(depth, f"v{self.new()} = {function}({held}, default=None)")
            return -1
        self.names[f"do_{function}"] = formula.environment.functions[function]
        self.line(depth, f"v{self.new()} = do_{function}({held})")
        return -1


def _items(lines: Sequence[str], given: str) -> Iterator[str]:
    """Write what draws an entry of each row, one after the other. `lines`: what draws one of the first of some rows."""
    yield "def items(all_):"
    _, *more = lines
    if not more:
        yield f"    return [{given} for row in all_]"
        return
    yield "    made = []"
    yield "    for row in all_:"
    yield from (f"    {line}" for line in more)
    yield f"        made.append({given})"
    yield "    return made"


def _asks_rows(one: Shape) -> bool:
    """Tell whether anything in an entry looks at all of its rows."""
    parts = (part for _, part in one.entries)
    return any(
        part.listed or _asks_rows(part) if isinstance(part, Shape) else any(source.gathered for source in part.sources)
        for part in parts
    )
