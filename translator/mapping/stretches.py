"""The quick way of transactions: a document for each stretch of rows, drawn by generated code from its cells.

For pictures whose paths lead to one place in the layout whatever is read, and ask nothing but the file and one order.

Promise: what it draws is what the careful way draws, without a finding. Whatever is unusual raises Unusual, and the
careful way draws that transaction instead: it knows what to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, cast

from translator.core.document import Document, Tree
from translator.core.finding import Finding, Place, Standing
from translator.mapping.about import order_of
from translator.mapping.context import Context
from translator.mapping.entry import Entry
from translator.mapping.layout import About, Record
from translator.mapping.quick_values import Unusual
from translator.mapping.reader import hang, made
from translator.mapping.row import Cell, Frame, Row, Stretch
from translator.mapping.stretch_values import Meanings

Cells = Sequence[Sequence[Cell]]
Node = tuple[
    Any, ...
]  # the number of a row, and for each record below: its node or None; its nodes where there may be many
FRAMES: Final = 512
WRONG: Final = (Unusual, TypeError, ValueError, ArithmeticError)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is known of a frame: its rows as a tree, the cells that must mean something, its rows in the tree's order."""

    node: Node
    read: tuple[tuple[int, int, Meanings], ...]
    stand: tuple[tuple[int, str], ...]
    grouped: bool


@dataclass(slots=True)
class Stretches:
    """The quick way of a mapping. `code`: what draws a document."""

    code: str
    kind: str
    transaction: Record
    _draw: Callable[[Node, Cells, Tree | None, datetime], Tree | None]
    _about: About | None
    _asked: Callable[[Node, Cells], str]
    _meanings: Mapping[int, Sequence[tuple[int, Meanings]]]  # by record
    _plans: dict[Frame, _Plan] = field(default_factory=dict)

    def document(self, stretch: Stretch, context: Context) -> Document | None:
        """Draw a document; None: the mapping wants none here. Raises Unusual."""
        try:
            return self._drawn(stretch, context)
        except WRONG:
            raise Unusual from None

    def _drawn(self, stretch: Stretch, context: Context) -> Document | None:
        plan, cells = self._plans.get(stretch.frame) or self._planned(stretch.frame), stretch.cells
        for row, number, meaning in plan.read:
            meaning[cells[row][number]]
        about, asked, order = "", "", cast("Tree | None", None)
        if self._about is not None:
            asked = self._asked(plan.node, cells)
            found = order_of(self._about, asked, context)
            if found is None or isinstance(found, Finding):
                raise Unusual
            order = found
            about = str(order.get("purchaseOrderNumber", asked))
        tree = self._draw(plan.node, cells, order, context.now())
        if tree is None:
            return None
        stand = _with_groups(plan.stand, cells) if plan.grouped else plan.stand
        return Document(self.kind, tree, about, Standing(stretch.file, stretch.line, stand), asked=asked)

    def _planned(self, frame: Frame) -> _Plan:
        if len(self._plans) >= FRAMES:
            self._plans.clear()
        found = self._plans[frame] = _planned(frame, self._meanings)
        return found


def _planned(frame: Frame, meanings: Mapping[int, Sequence[tuple[int, Meanings]]]) -> _Plan:
    entries: list[Entry | None] = []
    for number, (record, around) in enumerate(zip(frame.records, frame.around, strict=True)):
        if record is None:
            entries.append(None)
            continue
        entry = made(record, Row(record, [], Place(line=number)), entries[around] if around >= 0 else None)
        hang(entry)
        entries.append(entry)
    first = cast("Entry", entries[0])
    stand = tuple(_stand(first))
    read = tuple(
        (number, at, meaning)
        for number, record in enumerate(frame.records)
        if record
        for at, meaning in meanings[id(record)]
    )
    return _Plan(_node(first), read, stand, any(not name for _, name in stand))


def _node(entry: Entry) -> Node:
    record = cast("Record", entry.layout)
    below = (entry.get(one.name) for one in record.records)
    return (entry.place.line, *map(_nodes, below))


def _nodes(below: list[Entry] | Entry | None) -> Any:
    if type(below) is list:
        return tuple(map(_node, below))
    return _node(below) if isinstance(below, Entry) else None


def _stand(entry: Entry) -> Iterator[tuple[int, str]]:
    """Give the rows of an entry as the tree has them; no name: the groups in that row."""
    yield entry.place.line, entry.layout.name
    for several in entry.values():
        if type(several) is list:
            for one in several:
                yield from _stand(one)
    if any(one.fields for one in entry.layout.fields):
        yield entry.place.line, ""
    for one in entry.values():
        if type(one) is Entry:
            yield from _stand(one)


def _with_groups(stand: Iterable[tuple[int, str]], cells: Cells) -> Sequence[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for number, name in stand:
        if name:
            found.append((number, name))
        else:
            found.extend((number, inner) for inner in _groups(cells[number]))
    return found


def _groups(cells: Iterable[Cell]) -> Iterator[str]:
    for cell in cells:
        for row in cell if isinstance(cell, list) else ():
            yield row.record.name
            yield from _groups(row.cells)
