"""What was read, as a tree of entries: typed values by name, with their place, and the entries inside.

Names are looked up from inside out: what an entry holds, its own name, the entries around it, and at last any record
of the file, wherever it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from translator.core.finding import Finding, Place, errors
from translator.mapping.expression import ABSENT
from translator.mapping.layout import Field, Record, spoken
from translator.mapping.row import Row

Layout = Record | Field
NOWHERE: Final = Record("", Place())


class Entry(dict[str, Any]):
    """One record or group as it was read: what stands nowhere is not among its keys."""

    __slots__ = ("findings", "layout", "parent", "row", "settled")

    def __init__(self, layout: Layout, row: Row | None = None, parent: Entry | None = None) -> None:
        super().__init__()
        self.layout = layout
        self.row = row
        self.parent = parent
        self.findings: list[Finding] = []
        self.settled = False  # what it says of itself was held against what was read

    __hash__ = object.__hash__  # type: ignore[assignment]  # an entry is itself, whatever it holds

    @property
    def place(self) -> Place:
        """Give where it was read."""
        return self.row.place if self.row else Place()

    def found(self) -> Iterator[Finding]:
        """Give what is wrong with it: as a row, and by its values."""
        if self.row and self.row.findings:
            yield from self.row.findings
        yield from self.findings

    @property
    def bad(self) -> bool:
        """Tell whether something is wrong with it that stops a document."""
        return bool(self.findings or (self.row and self.row.findings)) and bool(errors(self.found()))

    def look(self, name: str, outside: Sequence[Entry] = ()) -> Any:
        """Find a name from inside out, behind it in what is current outside, then below what is around; ABSENT: there is none."""
        for entry in (self, *outside):
            found = entry.near(name)
            if found is not None:
                return found
        return self.below_around(name)

    def near(self, name: str) -> Any:
        """Find a name in the entry, in its own name, and in the entries around it below the file; None: it is in none.

        What an entry has a field for, and leaves blank, is ABSENT: that of an entry around it is not meant.
        """
        around = self
        while around.parent is not None:
            if name in around:
                return around[name]
            if name == around.layout.name:
                return around
            if around.declares(name):
                return ABSENT
            around = around.parent
        return None

    def declares(self, name: str) -> bool:
        """Tell whether its layout has a field of the name, though nothing stands there."""
        return name in _known(self.layout)[2]

    def below_around(self, name: str) -> Any:
        """Find a name below the entry, else below the nearest around it that has a place for it; that of others is not meant."""
        around: Entry | None = self
        while around is not None:
            if around.parent is None and name in around:
                return around[name]
            rank = _inside(around.layout).get(name)
            if rank is not None:
                found = around.anywhere(name)
                return found[0] if rank == ONE and found is not ABSENT else found
            around = around.parent
        return ABSENT

    @property
    def root(self) -> Entry:
        """Give the file it stands in."""
        entry = self
        while entry.parent is not None:
            entry = entry.parent
        return entry

    def holds(self, other: Entry) -> bool:
        """Tell whether another entry is this one, or stands inside it."""
        around: Entry | None = other
        while around is not None and around is not self:
            around = around.parent
        return around is self

    def anywhere(self, name: str) -> Any:
        """Give all records of that name below, as one list."""
        rank = _inside(self.layout).get(name)
        if rank is None:
            return ABSENT
        found = [entry for entry in self.below() if entry.layout.name == name]
        return found or ([] if rank == MANY else ABSENT)

    def inside(self) -> Iterator[Entry]:
        """Give the entries directly inside."""
        for value in self.values():
            if type(value) is Entry:
                yield value
            elif type(value) is list:
                yield from (one for one in value if type(one) is Entry)

    def below(self) -> Iterator[Entry]:
        """Give all entries inside, and inside those."""
        for entry in self.inside():
            yield entry
            yield from entry.below()

    def around(self) -> Iterator[Entry]:
        """Give the entries around it, from inside out, without the file itself."""
        entry = self.parent
        while entry is not None and entry.parent is not None:
            yield entry
            entry = entry.parent


ONE, AROUND, MANY = range(3)  # there is at most one; one in each of several; there may be several
_Known = tuple[Layout, dict[str, int], frozenset[str]]
_KNOWN: Final[dict[int, _Known]] = {}
_MOST: Final = 4_096  # layouts


def _inside(layout: Layout) -> dict[str, int]:
    """Give the names of records, groups and repeated fields inside, and whether there may be several of them."""
    return _known(layout)[1]


def _known(layout: Layout) -> _Known:
    """Give a layout with the names inside it, and those of its own fields.

    Asked for every blank value, so each layout's names are gathered once.
    """
    found = _KNOWN.get(id(layout))
    if found is None or found[0] is not layout:
        if len(_KNOWN) >= _MOST:
            _KNOWN.clear()
        found = _KNOWN[id(layout)] = (layout, _names(layout), frozenset(map(spoken, layout.fields)))
    return found


def _names(layout: Layout) -> dict[str, int]:
    names: dict[str, int] = {}
    inside: list[Layout] = [one for one in layout.fields if one.fields or one.times.many]
    inside.extend(layout.records if isinstance(layout, Record) else ())
    for one in inside:
        around = AROUND if one.times.many else ONE
        own = MANY if one.times.many else ONE
        below = ((name, max(rank, around)) for name, rank in _names(one).items())
        for name, rank in ((one.name, own), *below):
            names[name] = max(names.get(name, ONE), rank)
    return names
