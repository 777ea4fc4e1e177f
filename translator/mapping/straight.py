"""Documents of a flat file, the quick way: rows are put together, and each document is drawn in one straight line.

Blocks of plain records are read column by column. What the quick way leaves is drawn carefully, document by document:
entries are made of its rows alone.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice, repeat
from typing import Any, Final

from translator.core.document import Document, Tree
from translator.core.finding import Place, Places, joined
from translator.mapping import convert
from translator.mapping.context import Context
from translator.mapping.drawer import Drawer
from translator.mapping.quick import Cells, Quick
from translator.mapping.quick_values import Column, Unusual, blank
from translator.mapping.reader import Held
from translator.mapping.row import Block, Row
from translator.mapping.scope import Scope

Key = Any  # what the rows of a document have in common; None: nothing that could be read
LOT: Final = 32  # documents
WRONG: Final = (Unusual, TypeError, ValueError, ArithmeticError)  # what is drawn carefully instead


class _Taken:
    """What was read and may be asked for again, by number."""

    __slots__ = ("_alone", "_count", "_firsts", "_sources", "odd")

    def __init__(self) -> None:
        self._count = 0
        self._firsts: list[int] = []
        self._sources: list[Row | Block] = []
        self._alone = False  # a row that came alone may have a place of its own
        self.odd: set[int] = set()  # the rows that have no values

    def add(self, source: Row | Block) -> int:
        """Take a row, or several; give the number of the first."""
        first = self._count
        self._firsts.append(first)
        self._sources.append(source)
        if type(source) is Block:
            self._count += len(source)
        else:
            self._count += 1
            self._alone = True
        return first

    def row(self, number: int) -> Row:
        """Give a row again."""
        at = bisect_right(self._firsts, number) - 1
        source = self._sources[at]
        return source.row(number - self._firsts[at]) if isinstance(source, Block) else source

    def places(self, rows: list[Cells]) -> Sequence[Place]:
        """Tell where rows stand."""
        source = self._sources[0]
        if self._alone or not isinstance(source, Block):
            return tuple([self.row(row[-1]).place for row in rows])
        return Places(source.file, source.record.name, [row[-2] for row in rows])

    def let_go(self, number: int | None = None) -> None:
        """Forget what stands before a row; all of it where none is named."""
        if number is None:
            self._firsts, self._sources = [], []
            self.odd.clear()
            return
        keep = bisect_right(self._firsts, number) - 1
        if keep > 0:
            del self._firsts[:keep], self._sources[:keep]
            self.odd = {one for one in self.odd if one >= number}


@dataclass(slots=True)
class Straight:
    """The documents of one kind, of a file of one kind of records.

    A row at hand is its values, the line it stands in, and its number in the file; an odd one is its number alone.
    """

    quick: Quick
    drawer: Drawer
    held: Held
    context: Context
    _taken: _Taken = field(default_factory=_Taken)

    def documents(self, sources: Iterable[Row | Block], scope: Scope) -> Iterator[Document]:
        """Give each document as soon as its rows are there.

        Where no document is whole before the end of the file, a lot of them is drawn at a time: a processor that draws
        many and whoever takes them completes many is an eighth faster than one that does both in turn.
        """
        drawn = self._documents(sources, scope)
        shape = self.drawer.shape
        if not shape.group or shape.adjacent:
            yield from drawn
            return
        while some := list(islice(drawn, LOT)):
            yield from some

    def _documents(self, sources: Iterable[Row | Block], scope: Scope) -> Iterator[Document]:
        for key, rows in self._together(sources):
            made = None if key is None else self._drawn(rows)
            if made is not None:
                yield made
                continue
            entries = [self.held.add(self._taken.row(row[-1])) for row in rows]
            yield from self.drawer.documents(self.held.root, scope, last=True)
            self.held.let_go(entries)

    def _together(self, sources: Iterable[Row | Block]) -> Iterator[tuple[Key, list[Cells]]]:
        shape = self.drawer.shape
        if not shape.group:
            for source in sources:
                for key, row in self._keyed(source):
                    yield key, [row]
                self._taken.let_go()
        elif shape.adjacent:
            yield from self._runs(sources)
        else:
            yield from self._groups(sources)

    def _groups(self, sources: Iterable[Row | Block]) -> Iterator[tuple[Key, list[Cells]]]:
        found: dict[Key, list[Cells]] = {}
        for source in sources:
            for key, row in self._keyed(source):
                rows = found.get(key)
                if rows is None:
                    found[key] = [row]
                else:
                    rows.append(row)
        yield from found.items()

    def _runs(self, sources: Iterable[Row | Block]) -> Iterator[tuple[Key, list[Cells]]]:
        run: list[Cells] = []
        last: Key = None
        for source in sources:
            for key, row in self._keyed(source):
                if key is None:
                    yield None, [row]
                elif key == last:
                    run.append(row)
                else:
                    if run:
                        yield last, run
                    run, last = [row], key
            self._taken.let_go(run[0][-1] if run else None)
        if run:
            yield last, run

    # --- keys and values ---------------------------------------------------------------------------------------------

    def _keyed(self, source: Row | Block) -> Iterable[tuple[Key, Cells]]:
        """Give each row of a source with its key; None: it has none that could be read, and belongs to nothing."""
        first = self._taken.add(source)
        if type(source) is not Block:
            return [self._one(source, first)] if type(source) is Row else ()
        try:
            columns = self.quick.columns(*source.columns)
            if any(None in columns[number] or "" in columns[number] for number in self.quick.keys):
                raise Unusual
        except WRONG:
            return map(self._one, source.rows(), range(first, first + len(source)))
        rows = zip(*columns, source.lines, range(first, first + len(source)), strict=True)
        return zip(self._keys(columns), rows, strict=False)

    def _keys(self, columns: tuple[Column, ...]) -> Iterable[Key]:
        keys = [columns[number] for number in self.quick.keys]
        if len(keys) == 1:
            return keys[0]
        return zip(*keys, strict=True) if keys else repeat(())

    def _one(self, row: Row, number: int) -> tuple[Key, Cells]:
        try:
            if row.findings:
                raise Unusual
            return self._key(row), (*self.quick.values(row.cells), row.place.line, number)
        except WRONG:
            self._taken.odd.add(number)
            return self._key(row), (number,)

    def _key(self, row: Row) -> Key:
        try:
            key = tuple(self.quick.key(row.cells))
        except WRONG:
            return None
        if any(map(blank, key)):
            return None
        return key[0] if len(key) == 1 else key

    # --- one document ------------------------------------------------------------------------------------------------

    def _drawn(self, rows: list[Cells]) -> Document | None:
        """Draw a document; None: carefully."""
        if self._taken.odd and any(row[-1] in self._taken.odd for row in rows):
            return None
        try:
            about, asked, order = self._order(rows[0])
            tree = self.quick.draw(rows, order)
        except WRONG:
            return None
        return Document(self.drawer.kind, tree, about, self._taken.places(rows), asked=asked)

    def _order(self, row: Cells) -> tuple[str, str, Tree | None]:
        if self.quick.order < 0:
            return "", "", None
        value = row[self.quick.order]
        if value is None:
            raise Unusual
        asked = (value if type(value) is str else convert.plain(value)).strip()
        try:
            order = self.context.order("", asked)
        except LookupError:
            raise Unusual from None
        if order is None:
            raise Unusual
        return str(order.get("purchaseOrderNumber", asked)), asked, order


@dataclass(slots=True)
class Items:
    """The items of one document of an inventory, and where they stand. `first`: the row of the first."""

    first: Row
    trees: list[Tree] = field(default_factory=list)
    there: list[Sequence[Place]] = field(default_factory=list)

    @property
    def places(self) -> Sequence[Place]:
        """Tell where the items stand."""
        return joined(self.there)


def items(quick: Quick, sources: Iterable[Row | Block]) -> dict[Key, Items]:
    """Draw the items of an inventory, each of one record, by the keys of their documents. Raises Unusual."""
    found: dict[Key, Items] = {}
    draw = quick.items or partial(_one_by_one, quick)
    try:
        for source in sources:
            for key, first, rows, there in _values(quick, source):
                one = found.get(key) or found.setdefault(key, Items(first()))
                made = draw(rows)
                if not all(made):
                    there = [at for at, tree in zip(there, made, strict=True) if tree]
                one.trees.extend(filter(None, made))
                one.there.append(there)
    except WRONG:
        raise Unusual from None
    return found


def _one_by_one(quick: Quick, rows: Iterable[Cells]) -> list[Tree | None]:
    return [quick.draw([values], None) for values in rows]


Some = tuple[Key, Callable[[], Row], Iterable[Cells], Sequence[Place]]


def _values(quick: Quick, source: Row | Block) -> Iterator[Some]:
    """Give the values of records of one document, its key, the first of them, and where each stands."""
    if type(source) is Block:
        columns = quick.columns(*source.columns)
        if any(None in columns[number] for number in quick.keys):
            raise Unusual
        for key, numbers in _numbers(quick, columns):
            if numbers is None:
                rows, lines = zip(*columns, strict=True), source.lines
            else:
                rows = zip(*([column[n] for n in numbers] for column in columns), strict=True)
                lines = [source.lines[n] for n in numbers]
            first = partial(source.row, numbers[0] if numbers else 0)
            yield key, first, rows, Places(source.file, source.record.name, lines)
        return
    if type(source) is not Row or source.findings:
        raise Unusual
    values = quick.values(source.cells)
    key = tuple(values[number] for number in quick.keys)
    if None in key:
        raise Unusual
    yield key, lambda: source, [values], [source.place]


def _numbers(quick: Quick, columns: tuple[Column, ...]) -> Iterable[tuple[Key, list[int] | None]]:
    """Give the numbers of the records that have the same key; None: all have."""
    keys = [columns[number] for number in quick.keys]
    if all(len({*column}) == 1 for column in keys):
        return [(tuple(column[0] for column in keys), None)]
    found: dict[Key, list[int]] = {}
    for number, key in enumerate(zip(*keys, strict=True)):
        found.setdefault(key, []).append(number)
    return found.items()
