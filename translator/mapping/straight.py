"""Documents of a flat file, the quick way: rows are put together, and each document is drawn in one straight line.

Blocks of plain records are read column by column. What the quick way leaves is drawn carefully, document by document:
entries are made of its rows alone.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
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
            if any(None in columns[number] for number in self.quick.keys):
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


def items(quick: Quick, sources: Iterable[Row | Block]) -> tuple[list[Tree], Sequence[Place]]:
    """Draw the items of an inventory, each of one record. Raises Unusual."""
    trees: list[Tree] = []
    places: list[Sequence[Place]] = []
    draw = quick.items or partial(_one_by_one, quick)
    try:
        for source in sources:
            rows, there = _values(quick, source)
            made = draw(rows)
            trees.extend(tree for tree in made if tree is not None)
            places.append(there if all(made) else [one for one, tree in zip(there, made, strict=True) if tree])
    except WRONG:
        raise Unusual from None
    return trees, joined(places)


def _one_by_one(quick: Quick, rows: Iterable[Cells]) -> list[Tree | None]:
    return [quick.draw([values], None) for values in rows]


def _values(quick: Quick, source: Row | Block) -> tuple[Iterable[Cells], Sequence[Place]]:
    """Give the values of records, and where each stands."""
    if type(source) is Block:
        places = Places(source.file, source.record.name, source.lines)
        return zip(*quick.columns(*source.columns), strict=True), places
    if type(source) is not Row or source.findings:
        raise Unusual
    return [quick.values(source.cells)], [source.place]
