"""The usual picture in one straight line: from the cells of plain records to the tree of a document, nothing between.

For flat records (no groups, no checks of their own) and pictures of plain paths: lists by `each` and `group`, lines of
the order by `about`, a function over one field. Code is generated once per mapping and zone, and can be read.

Promise: what it draws is what the careful way draws, without a finding. Whatever is unusual (a value that does not
fit, a blank where something must stand, rows that disagree, a line that is not plainly one) raises Unusual, and the
careful way draws those records instead: it knows what to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from operator import itemgetter
from typing import Any, Final

from translator.core.document import Tree
from translator.mapping import convert
from translator.mapping.about import Known, filling
from translator.mapping.checks import Checks
from translator.mapping.layout import About, Check, Field, Record, spoken
from translator.mapping.reader import parsed
from translator.mapping.scope import Formula
from translator.mapping.shapes import Leaf, Shape
from translator.mapping.wrong import Wrong

MOST: Final = 16_384  # values of one field that are remembered
LONG: Final = 64  # characters: longer texts are not, since nobody's file may fill the memory
Cells = Sequence[Any]
Draw = Callable[[list[Cells], Tree | None], Tree]


class Unusual(Exception):
    """Not for this way."""


class _Unfit(Exception):
    """The picture is not a plain one."""


class Memo(dict[Any, Any]):
    """What a field's texts mean: they repeat, and reading them is slow."""

    __slots__ = ("_read",)

    def __init__(self, read: Callable[[Any], Any]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: Any) -> Any:
        found = self._read(cell)
        if type(cell) is str and len(cell) > LONG:
            return found
        if len(self) >= MOST:
            self.clear()
        self[cell] = found
        return found


@dataclass(frozen=True, slots=True)
class Quick:
    """The generated way. `values`: cells → values, in the order of the fields; `draw`: the values of the rows → the tree."""

    code: str
    values: Callable[[Cells], Cells]
    draw: Draw
    key: Callable[
        [Cells], Cells
    ]  # the cells → the values that rows are joined by; of no fields: a document for each row
    order: int  # the field that names the order; -1: none


def quick(
    record: Record, shape: Shape, checks: Mapping[int, Checks], check: Check, zone: str, *, item: bool = False
) -> Quick | None:
    """Compile a picture that is usual enough; None: it is not. `item`: it is an entry that vanishes when it is empty."""
    if record.records or id(record) in checks or any(not _plain(one) for one in record.fields):
        return None
    try:
        return _Making(record, check, zone).made(shape, item=item)
    except _Unfit:
        return None


def _plain(one: Field) -> bool:
    unusual = one.fields or one.sign_of or one.rest or one.split or one.keep or one.times.many or one.time
    return not (unusual or (one.lookup and one.lookup.by))


@dataclass(slots=True)
class _Making:
    """The code as it grows."""

    record: Record
    check: Check
    zone: str
    lines: list[str] = field(default_factory=list)
    names: dict[str, Any] = field(
        default_factory=lambda: {"Unusual": Unusual, "plain": _plain_value, "moment": _moment, "blank": blank}
    )
    count: int = 0

    def made(self, shape: Shape, *, item: bool) -> Quick:
        """Write both functions and bring them to life."""
        keys = [self.field_of(key) for key in shape.group]
        self._values(keys)
        self.line(0, "def draw(rows, order):")
        if keys:
            self._alike(shape, 1)
        order = self._order(shape)
        self.line(1, "row = rows[0]")
        made = self._object(replace(shape, about=()), 1)
        self.line(1, f"return o{made} if f{made} else None" if item else f"return o{made}")
        code = "\n".join(self.lines) + "\n"
        exec(compile(code, f"quick {self.record.name}", "exec"), self.names)  # noqa: S102
        return Quick(code, self.names["values"], self.names["draw"], self.names["key"], order)

    def line(self, depth: int, text: str) -> None:
        self.lines.append("    " * depth + text)

    def new(self) -> int:
        self.count += 1
        return self.count

    # --- values of a record ----------------------------------------------------------------------------------------

    def _values(self, keys: Sequence[int]) -> None:
        taken = ", ".join(f"c{number}" for number in range(len(self.record.fields)))
        self.line(0, f"def values(cells):  # {self.record.name}, {self.record.rule}")
        self.line(1, f"{taken}, = cells")
        for number, one in enumerate(self.record.fields):
            if self._reads(one):
                self.names[f"m{number}"] = Memo(_reader(one, self.check, self.zone))
        given = [self._given(number, one) for number, one in enumerate(self.record.fields)]
        self.line(1, f"return {', '.join(given)},")
        self.line(0, "def key(cells):")
        self.line(1, f"{taken}, = cells")
        self.line(1, f"return ({', '.join([*(given[number] for number in keys), ''])})" if keys else "return ()")

    def _given(self, number: int, one: Field) -> str:
        """Write what a cell means; whole numbers and moments that are written as usual are read on the spot."""
        cell = f"c{number}"
        if not self._reads(one):
            return cell
        closely = f"m{number}[{cell}]"
        if (
            one.lookup
            or one.empty is not None
            or one.text is not None
            or one.sign
            or one.thousands
            or one.pad not in ("", "0")
        ):
            return closely
        if one.type == "integer":
            return (
                f"int({cell}) if {cell} and {cell}.isdigit() and {cell}.isascii() and len({cell}) < 10 else {closely}"
            )
        return f"moment({cell}) or {closely}" if one.date == ("iso",) and not one.zone else closely

    def _reads(self, one: Field) -> bool:
        texts = one.text is not None and (one.check or self.check) != "off"
        return parsed(one) or texts or one.default is not None or one.required

    def field_of(self, formula: Formula) -> int:
        """Give the number of the field that a formula is; nothing but its name, or the record's and its name."""
        path = formula.compiled.path or ()
        path = path[1:] if len(path) == 2 and path[0] == self.record.name else path
        return self._number(path)

    def _number(self, path: tuple[str, ...]) -> int:
        found = [n for n, one in enumerate(self.record.fields) if len(path) == 1 and spoken(one) == path[0]]
        if len(found) != 1 or path[0] == self.record.name:
            raise _Unfit
        return found[0]

    # --- objects ---------------------------------------------------------------------------------------------------

    def _order(self, shape: Shape) -> int:
        if not shape.about:
            return -1
        ((about, value), *more) = shape.about
        if more or about.what != "order" or about.by:
            raise _Unfit
        return self.field_of(value)

    def _alike(self, shape: Shape, depth: int) -> None:
        """In a group plain names must have one value; a blank beside a value is left to the careful way."""
        used = sorted(set(self._used(shape)))
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

    def _object(self, shape: Shape, depth: int) -> int:
        """Write what makes one object, in the variable `oN`; it may be empty. Gives N."""
        if shape.when or shape.lets or shape.must or shape.counted or not shape.entries:
            raise _Unfit
        made = self.new()
        self.line(depth, f"o{made} = {{}}; f{made} = {shape.fixed}")
        for name, part in shape.entries:
            if isinstance(part, Leaf):
                self._leaf(name, part, made, depth)
            elif part.listed:
                self._list(name, part, made, depth)
            else:
                self._inner(name, part, made, depth)
        return made

    def _inner(self, name: str, part: Shape, around: int, depth: int) -> None:
        if part.about:
            raise _Unfit
        made = self._object(part, depth)
        self.line(depth, f"if f{made}: o{around}[{name!r}] = o{made}{'' if part.fixed else f'; f{around} = True'}")

    def _list(self, name: str, part: Shape, around: int, depth: int) -> None:
        made = self.new()
        self.line(depth, f"l{made} = []")
        if part.group:
            if part.each or part.adjacent or len(part.group) != 1:
                raise _Unfit
            self.line(depth, f"g{made} = {{}}")
            self.line(depth, "for row in rows:")
            self.line(depth + 1, f"key = row[{self.field_of(part.group[0])}]")
            self.line(depth + 1, "if blank(key): raise Unusual")
            self.line(depth + 1, f"g{made}.setdefault(key, []).append(row)")
            self.line(depth, f"all{made} = rows")
            self.line(depth, f"for rows in g{made}.values():")
            self._alike(part, depth + 1)
            self.line(depth + 1, "row = rows[0]")
        else:
            self._rows(part)
            self.line(depth, f"all{made} = rows")
            self.line(depth, f"for row in all{made}:")
            self.line(depth + 1, "rows = [row]")
        self._entry(part, made, depth + 1)
        self.line(depth, f"rows = all{made}; row = rows[0]")
        self.line(depth, f"if l{made}: o{around}[{name!r}] = l{made}; f{around} = True")

    def _rows(self, part: Shape) -> None:
        head = part.each[0]
        if (
            len(part.each) != 1
            or head.name
            or head.only
            or (head.source.compiled.path or ("",))[-1] != self.record.name
        ):
            raise _Unfit

    def _entry(self, part: Shape, made: int, depth: int) -> None:
        one = self._object(replace(part, about=()), depth)
        if not part.about:
            self.line(depth, f"if f{one}: l{made}.append(o{one})")
            return
        ((about, value), *more) = part.about
        if more or about.what != "item":
            raise _Unfit
        self.names[f"line{made}"] = _line_of(about)
        self.line(depth, f"l{made}.append({{**line{made}(order, row[{self.field_of(value)}]), **o{one}}})")

    def _leaf(self, name: str, leaf: Leaf, around: int, depth: int) -> None:
        one = leaf.layout
        if leaf.when or leaf.by or leaf.zone or one.keep or one.zone == "warehouse" or len(leaf.sources) > 1:
            raise _Unfit
        if not leaf.sources:
            if one.text is None:
                raise _Unfit
            self.line(depth, f"o{around}[{name!r}] = {one.text!r}")
            return
        if one.default is not None or one.required:
            raise _Unfit
        number = self._source(leaf, depth)
        given = "v" if number >= 0 and self._counts(self.record.fields[number]) else "plain(v)"
        if one.date or one.type != "text" or one.lookup or one.max or one.empty is not None:
            self.names[f"v{(n := self.new())}"] = Memo(_value_of(leaf))
            given = f"v{n}[v]"
        self.line(depth, "if v is None:")
        self.line(depth + 1, "pass" if one.maybe else "raise Unusual")
        self.line(depth, f"else: o{around}[{name!r}] = {given}; f{around} = True")

    def _memorable(self, leaf: Leaf, number: int) -> None:
        """Refuse to remember conversions of decimals: 1.0 and 1.00 are equal, and not the same."""
        one = leaf.layout
        if self.record.fields[number].type == "decimal" and (one.lookup or one.type != "text" or one.max or one.empty):
            raise _Unfit

    def _counts(self, one: Field) -> bool:
        """Tell a field whose values are numbers, which need nothing done."""
        return one.type in convert.NUMERIC and one.lookup is None

    def _source(self, leaf: Leaf, depth: int) -> int:
        """Write where a value comes from; give the number of the field, -1 where a function gives it."""
        formula = leaf.sources[0]
        if not formula.gathered:
            self._memorable(leaf, number := self.field_of(formula))
            self.line(depth, f"v = row[{number}]")
            return number
        if not formula.direct:
            raise _Unfit
        function, name = formula.direct
        number = self._number(formula.gathered[name])
        self._memorable(leaf, number)
        self.names[f"do_{function}"] = formula.environment.functions[function]
        self.line(depth, f"v = do_{function}([r[{number}] for r in rows if r[{number}] is not None])")
        return -1


def _reader(one: Field, check: Check, zone: str) -> Callable[[Any], Any]:
    """Give what a cell means, as `reader` reads it; anything to be told is Unusual."""
    parse = convert.parser(one, zone) if parsed(one) else None
    texts = one.text is not None and (one.check or check) != "off"

    def read(cell: Any) -> Any:
        if cell is None:
            if one.required or one.default is not None:
                raise Unusual
            return None
        if texts and cell.strip() != (one.text or "").strip():
            raise Unusual
        try:
            found = cell if parse is None else parse(cell)
        except Wrong:
            raise Unusual from None
        if found is None and (one.required or one.default is not None):
            raise Unusual
        return found

    return read


_MOMENT: Final = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


def _moment(cell: Any) -> datetime | None:
    """Read a moment as nearly everybody writes it; None: to be read closely."""
    if type(cell) is str and _MOMENT.fullmatch(cell):
        try:
            return datetime.fromisoformat(cell)
        except ValueError:
            return None
    return None


def blank(key: Any) -> bool:
    """Tell a key by which nothing can be joined: absent, or blanks."""
    return key is None or (type(key) is str and not key.strip())


def _plain_value(value: Any) -> Any:
    """Give a value that needs no conversion as documents hold it."""
    if type(value) is str:
        if value.isascii() and value and not value.isspace():
            return value
        raise Unusual
    if type(value) is int or type(value) is Decimal or type(value) is bool:
        return value
    if isinstance(value, date):
        return _zulu(value)
    raise Unusual


def _zulu(value: date) -> str:
    if type(value) is datetime:
        return f"{value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"
    raise Unusual


def _value_of(leaf: Leaf) -> Callable[[Any], Any]:
    """Give the conversion of a leaf, as `leaves` does it."""
    one = leaf.layout
    parse = convert.parser(one)
    looks = one.lookup is not None
    parses = looks or bool(one.date) or one.type != "text" or one.empty is not None

    def value(found: Any) -> Any:
        if parses and not (isinstance(found, date) and not looks):
            try:
                found = parse(convert.plain(found))
            except Wrong:
                raise Unusual from None
        found = _plain_value(found)
        if found is None or (one.max and isinstance(found, str) and len(found) > one.max):
            raise Unusual
        return found

    return value


def _line_of(about: About) -> Callable[[Tree | None, Any], Tree]:
    """Give what finds the one line of an order that a value names, and what an entry says by being about it."""
    known: dict[Any, Tree] = {}
    whose: Tree | None = None
    lines: Known | None = None

    def line(order: Tree | None, value: Any) -> Tree:
        nonlocal whose, lines
        if value is None or order is None:
            raise Unusual
        if order is not whose or lines is None:
            whose, lines = order, Known(about, order)
            known.clear()
        found = known.get(value)
        if found is None:
            fit = lines.lines(convert.plain(value).strip())
            if len(fit) != 1:
                raise Unusual
            found = known[value] = filling(fit[0])
        return found

    return line
