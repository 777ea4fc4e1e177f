"""How much of a file a picture needs at once: a window of its records, or all of them.

Most files are lists: documents that stand on one record each, or an inventory whose items stand alone. There the
documents are drawn window by window, and what was drawn is forgotten. What looks at records of other windows (a group
whose rows stand anywhere, a sum over the file inside a document) needs the whole file. A header or a trailer that
counts does not: it is told how many went by, and how much they came to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from translator.mapping.checks import Checks
from translator.mapping.entry import Layout
from translator.mapping.layout import Field, MappingFile, Record
from translator.mapping.scope import Formula, Path, Total
from translator.mapping.shapes import Shape

PASSING: Final = frozenset({"count", "sum", "min", "max", "first", "last"})  # may be put together from windows


@dataclass(frozen=True, slots=True)
class Way:
    """How a file is held. `units`: the ids of the records that go by; none: the whole file is held."""

    units: frozenset[int] = frozenset()
    key: tuple[Formula, ...] = ()  # a window does not end between two units that have it in common
    totals: frozenset[Total] = frozenset()  # what header and trailer ask of the units
    waits: frozenset[int] = frozenset()  # the ids of their layouts


@dataclass(frozen=True, slots=True)
class _Standing:
    """A record or group, the records around it from outside in (itself last), and its place in the layout."""

    layout: Layout
    chain: tuple[Record, ...]
    number: int


class _Whole(Exception):
    """The whole file is needed."""


def way(
    mapping: MappingFile, shapes: Sequence[tuple[Shape, bool]], checks: Mapping[int, Checks], lets: Iterable[Formula]
) -> Way:
    """Say how the file of a mapping is to be held. `shapes`: each with whether its entries stand alone."""
    try:
        return _Finding(mapping, checks).way(shapes, lets)
    except _Whole:
        return Way()


def _standing(records: Iterable[Record], around: tuple[Record, ...] = ()) -> Iterator[_Standing]:
    for record in records:
        chain = (*around, record)
        yield _Standing(record, chain, 0)
        yield from (_Standing(group, chain, 0) for group in _groups(record.fields))
        yield from _standing(record.records, chain)


def _groups(fields: Iterable[Field]) -> Iterator[Field]:
    for one in fields:
        if one.fields:
            yield one
            yield from _groups(one.fields)


@dataclass(slots=True)
class _Finding:
    mapping: MappingFile
    checks: Mapping[int, Checks]
    standing: list[_Standing] = field(default_factory=list)
    named: dict[str, list[_Standing]] = field(default_factory=dict)
    units: set[int] = field(default_factory=set)
    above: set[int] = field(default_factory=set)  # the records around units
    first: int = 0  # the place of the first unit in the layout

    def way(self, shapes: Sequence[tuple[Shape, bool]], lets: Iterable[Formula]) -> Way:
        """Find the units, then prove that nothing looks at more than a window of them."""
        found = _standing(self.mapping.records)
        self.standing = [_Standing(one.layout, one.chain, number) for number, one in enumerate(found)]
        for one in self.standing:
            self.named.setdefault(one.layout.name, []).append(one)
        for shape, alone in shapes:
            self._unit(shape, alone=alone)
        self._others()
        for shape, alone in shapes:
            self._picture(shape, alone=alone)
        for let in lets:
            self._refuse(let.gathered)
            self._looks(let, self._head)
        asked = {id(one.layout): list(self._checked(one)) for one in self.standing}
        totals = frozenset(total for some in asked.values() for total in some)
        waits = frozenset(layout for layout, some in asked.items() if some)
        return Way(frozenset(self.units), self._key(shapes), totals, waits)

    def _refuse(self, reason: object) -> None:
        if reason:
            raise _Whole

    # --- which records go by ---------------------------------------------------------------------------------------

    def _unit(self, one: Shape, *, alone: bool) -> None:
        listed = _list_of(one) if alone else one
        if listed is None or not listed.listed:
            raise _Whole
        if not listed.each:
            self._refuse(len(self.mapping.records) != 1)
            chain: tuple[Record, ...] = (self.mapping.records[0],)
        else:
            path = listed.each[0].source.compiled.path
            self._refuse(path is None or len(self.named.get(path[-1] if path else "", ())) != 1)
            chain = self.named[path[-1]][0].chain if path else ()
        many = [record for record in chain if record.times.many]
        self._refuse(not many)
        unit = many[-1] if alone else next((one for one in many if one.name == self.mapping.transaction), many[0])
        self.units.add(id(unit))
        self.above |= {id(record) for record in chain[: chain.index(unit)]}

    def _others(self) -> None:
        """Let go by, too, what is repeated and has nothing to do with the documents."""
        self._refuse(self.units & self.above)
        for one in self.standing:
            if one.layout.times.many and isinstance(one.layout, Record) and id(one.layout) not in self.above:
                self.units |= set() if self._unit_of(one) else {id(one.layout)}
        self.first = min(one.number for one in self.standing if id(one.layout) in self.units)

    def _key(self, shapes: Sequence[tuple[Shape, bool]]) -> tuple[Formula, ...]:
        grouped = [one for one in (_list_of(shape) if alone else shape for shape, alone in shapes) if one and one.group]
        if not grouped:
            return ()
        self._refuse(len(shapes) != 1 or not grouped[0].adjacent or len(self.units) != 1)
        (head,) = grouped[0].each or (None,)
        self._refuse(
            head and head.only
        )  # rows beside each other with one between them that is left out: nobody sees it
        last = self.mapping.records[0].name if head is None else (head.source.compiled.path or ("",))[-1]
        self._refuse(id(self.named[last][0].layout) not in self.units)
        return grouped[0].group

    # --- what is looked at -----------------------------------------------------------------------------------------

    def _picture(self, one: Shape, *, alone: bool) -> None:
        if not alone:
            self._below(one, self._inside)
            return
        items = _list_of(one)
        for formula in one.own():
            self._refuse(formula.gathered)
            self._looks(formula, self._head)
        for _, part in one.entries:
            if isinstance(part, Shape) and part is not items:
                self._below(part, self._head)
        if items is not None:
            self._refuse(items.counted)
            self._below(items, self._inside)

    def _below(self, one: Shape, may: Callable[[_Standing], bool]) -> None:
        for formula in one.own():
            self._refuse(formula.gathered and may == self._head)
            self._looks(formula, may)
        for _, part in one.entries:
            if isinstance(part, Shape):
                self._below(part, may)

    def _looks(self, formula: Formula, may: Callable[[_Standing], bool]) -> None:
        paths = [use.path for use in formula.compiled.uses.paths if use.path[0] not in formula.gathered]
        for path in (*paths, *formula.gathered.values()):
            self._refuse(not all(may(one) for one in self.named.get(path[0], ())))

    def _inside(self, one: _Standing) -> bool:
        """Tell what a document that stands on a unit may look at: its unit, and what stands around or before it."""
        return self._unit_of(one) is not None or self._head(one)

    def _head(self, one: _Standing) -> bool:
        return id(one.layout) in self.above or (self._unit_of(one) is None and self._before(one))

    def _before(self, one: _Standing) -> bool:
        return one.number < self.first and all(not record.times.many for record in one.chain)

    def _unit_of(self, one: _Standing) -> Record | None:
        return next((record for record in one.chain if id(record) in self.units), None)

    # --- what records say about each other -------------------------------------------------------------------------

    def _checked(self, one: _Standing) -> Iterator[Total]:
        asked = self.checks.get(id(one.layout))
        if asked is None:
            return
        unit = self._unit_of(one)
        for formula in _asked(asked):
            if unit is not None:
                self._looks(formula, lambda other: self._unit_of(other) is unit or self._head(other))
                continue
            self._refuse(any(self._through(path) for path in _paths(formula)))
            if any(self._goes_by(path) for path in _paths(formula)):
                self._refuse(formula not in [equal for _, equal in asked.equal])
                self._refuse(any(record.times.many for record in one.chain))  # each counts its own
                yield self._total(formula)
        if unit is not None:
            self._refuse(any(self._keyed(equal, one) for _, equal in asked.equal))

    def _through(self, path: Path) -> bool:
        """Tell a path through records that are not all there at the end: repeated ones around units, units behind others."""
        around = (one for name in path for one in self.named.get(name, ()) if id(one.layout) in self.above)
        behind = not self._goes_by(path[:1]) and any(self._goes_by((name,)) for name in path[1:])
        return behind or any(one.layout.times.many for one in around)

    def _goes_by(self, path: Path) -> bool:
        return any(self._unit_of(one) is not None for one in self.named.get(path[0], ()))

    def _total(self, formula: Formula) -> Total:
        if formula.direct is None or formula.direct[0] not in PASSING:
            raise _Whole
        return formula.direct[0], formula.gathered[formula.direct[1]]

    def _keyed(self, equal: Formula, one: _Standing) -> bool:
        """Tell a record that may belong to an earlier one: the one whose key it says."""
        above = {record.name for record in one.chain[:-1] if record.times.many}
        return bool(equal.compiled.path and equal.compiled.path[0] in above)


def _list_of(one: Shape) -> Shape | None:
    """Give the only list of an object; None: it has none, or several."""
    lists = [part for _, part in one.entries if isinstance(part, Shape) and part.listed]
    return lists[0] if len(lists) == 1 else None


def _asked(checks: Checks) -> Iterator[Formula]:
    yield from (let for _, let in checks.lets)
    yield from (formula for looked in checks.looked for formula in looked.by)
    yield from (equal for _, equal in checks.equal)
    yield from (must for _, must in checks.must)


def _paths(formula: Formula) -> Iterator[Path]:
    yield from (use.path for use in formula.compiled.uses.paths if use.path[0] not in formula.gathered)
    yield from formula.gathered.values()
