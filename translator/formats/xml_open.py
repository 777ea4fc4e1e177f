"""Elements that are not ended, and what has stood in them so far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from translator.core.finding import Finding, Findings, Place
from translator.formats.elements import Taken
from translator.formats.paths import Inside, Node
from translator.formats.recognise import OFTEN, missing
from translator.mapping.layout import Record
from translator.mapping.row import Row


@dataclass(slots=True)
class Level:
    """An element that is not ended, and that holds records."""

    node: Node
    last: int = 0  # the rank of the child that came last
    taken: Taken = field(default_factory=dict)


@dataclass(slots=True)
class Open:
    """A record whose element is not ended, and that has records inside: given before them."""

    inside: Inside
    row: Row
    depth: int
    given: bool = False
    seen: dict[str, int] = field(default_factory=dict)  # how often each record stood in it

    @property
    def filled(self) -> int:
        """Count the cells that hold something."""
        return sum(len(cell) if isinstance(cell, list) else cell is not None for cell in self.row.cells)

    def room(self, inside: Inside) -> bool:
        """Tell whether one more of a record may stand in it."""
        most = inside.layout.times.most
        return most is None or self.seen.get(inside.layout.name, 0) < most

    def count(self, inside: Inside, place: Place, findings: Findings) -> None:
        """Count a record that stands in it; say where there are too many."""
        name = inside.layout.name
        if not self.room(inside):
            text = f"{name} stands here more than {inside.layout.times.most} times"
            findings.add(Finding("record-too-many", text, place, inside.layout.rule, OFTEN))
        self.seen[name] = self.seen.get(name, 0) + 1

    def missing(self, parent: Row | None, file: str, findings: Findings) -> None:
        """Say which records did not stand in it, as often as they must. `parent`: its row; None: it is the whole file."""
        for record in _below(self.inside.node):
            layout = record.layout
            if isinstance(layout, Record) and self.seen.get(layout.name, 0) < layout.times.least:
                missing(layout, parent, Place(file, self.row.place.line, record=layout.name), findings)


def _below(node: Node) -> Iterator[Inside]:
    for child in node.children.values():
        yield from child.records
        if child.through:
            yield from _below(child)
