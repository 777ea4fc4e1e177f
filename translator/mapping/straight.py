"""Documents of a flat file, the quick way: rows are put together, and each document is drawn in one straight line.

What the quick way leaves is drawn carefully, document by document: entries are made of its rows alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from translator.core.document import Document, Tree
from translator.core.finding import Place
from translator.mapping import convert
from translator.mapping.context import Context
from translator.mapping.drawer import Drawer
from translator.mapping.quick import Cells, Quick, Unusual, blank
from translator.mapping.reader import Held
from translator.mapping.row import Row
from translator.mapping.scope import Scope

Key = tuple[Any, ...] | None


@dataclass(slots=True)
class Straight:
    """The documents of one kind, of a file of one kind of records."""

    quick: Quick
    drawer: Drawer
    held: Held
    context: Context

    def documents(self, rows: Iterable[Row], scope: Scope) -> Iterator[Document]:
        """Give each document as soon as its rows are there."""
        for some in self._together(rows):
            made = self._drawn(some)
            if made is not None:
                yield made
                continue
            entries = [self.held.add(row) for row in some]
            yield from self.drawer.documents(self.held.root, scope, last=True)
            self.held.let_go(entries)

    def _together(self, rows: Iterable[Row]) -> Iterator[list[Row]]:
        shape = self.drawer.shape
        if not shape.group:
            yield from ([row] for row in rows)
        elif shape.adjacent:
            yield from self._runs(rows)
        else:
            yield from self._groups(rows)

    def _groups(self, rows: Iterable[Row]) -> Iterator[list[Row]]:
        found: dict[Key, list[Row]] = {}
        for row in rows:
            found.setdefault(self._key(row), []).append(row)
        yield from found.values()

    def _runs(self, rows: Iterable[Row]) -> Iterator[list[Row]]:
        run: list[Row] = []
        last: Key = None
        for row in rows:
            key = self._key(row)
            if key is None:
                yield [row]
            elif key == last:
                run.append(row)
            else:
                if run:
                    yield run
                run, last = [row], key
        if run:
            yield run

    def _key(self, row: Row) -> Key:
        """Give the key of a row; None: it has none that could be read, and belongs to nothing."""
        try:
            key = tuple(self.quick.key(row.cells))
        except (Unusual, TypeError):
            return None
        return None if any(map(blank, key)) else key

    def _drawn(self, rows: list[Row]) -> Document | None:
        """Draw a document; None: carefully, as what has no key and belongs to nothing."""
        if self.drawer.shape.group and self._key(rows[0]) is None:
            return None
        try:
            values = [_values(self.quick, row) for row in rows]
            about, asked, order = self._order(values)
            tree = self.quick.draw(values, order)
        except (Unusual, TypeError, ValueError, ArithmeticError):
            return None
        return Document(self.drawer.kind, tree, about, tuple([row.place for row in rows]), asked=asked)

    def _order(self, values: list[Cells]) -> tuple[str, str, Tree | None]:
        if self.quick.order < 0:
            return "", "", None
        value = values[0][self.quick.order]
        if value is None:
            raise Unusual
        asked = convert.plain(value).strip()
        try:
            order = self.context.order("", asked)
        except LookupError:
            raise Unusual from None
        if order is None:
            raise Unusual
        return str(order.get("purchaseOrderNumber", asked)), asked, order


def items(quick: Quick, rows: Iterable[Row]) -> tuple[list[Tree], list[Place]]:
    """Draw the items of an inventory, each of one record. Raises Unusual."""
    trees: list[Tree] = []
    places: list[Place] = []
    values, draw = quick.values, quick.draw
    try:
        for row in rows:
            if row.findings:
                raise Unusual
            tree = draw([values(row.cells)], None)
            if tree is not None:
                trees.append(tree)
                places.append(row.place)
    except (TypeError, ValueError, ArithmeticError):
        raise Unusual from None
    return trees, places


def _values(quick: Quick, row: Row) -> Cells:
    if row.findings:
        raise Unusual
    return quick.values(row.cells)
