"""What cells mean to a picture: values, conditions, lines of the order, worked out as the careful way does it.

Once for each text, since they repeat. Whatever there is something to be told about raises Unusual.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, cast

from translator.core.alike import composed
from translator.core.document import Tree
from translator.mapping import convert
from translator.mapping.about import Known, filling
from translator.mapping.expression import ABSENT, Failed
from translator.mapping.layout import About, Field
from translator.mapping.leaves import Work, leaf_value, told
from translator.mapping.quick_values import Unusual
from translator.mapping.reader import default_of, parsed
from translator.mapping.scope import Formula, Path, Scope
from translator.mapping.shapes import Leaf
from translator.mapping.wrong import Wrong

Meaning = Callable[[Any], Any]  # of a cell
Key = Any  # one cell, or a tuple of them, and of tuples of them
MOST: Final = 8_192  # keys that are remembered of one value
LONG: Final = 128  # characters: longer ones are not


class Once(dict[Key, Any]):
    """What is worked out of cells, once for each of their texts."""

    __slots__ = ("_of",)

    def __init__(self, of: Callable[[Key], Any]) -> None:
        super().__init__()
        self._of = of

    def __missing__(self, key: Key) -> Any:
        found = self._of(key)
        if _length(key) <= LONG:
            if len(self) >= MOST:
                self.clear()
            self[key] = found
        return found


class There:
    """What tells that something stands in a cell."""

    __slots__ = ()

    def __getitem__(self, cell: Key) -> None:
        if cell is None:
            raise Unusual


Meanings = Once | There


def _length(key: Key) -> int:
    if type(key) is str:
        return len(key)
    return sum(map(_length, key)) + len(key) if type(key) is tuple else 0


@dataclass(frozen=True, slots=True)
class _Nowhere:
    """The world of what must not depend on it; at most on the time."""

    at: datetime | None = None

    def now(self) -> datetime:
        if self.at is None:
            raise Unusual
        return self.at

    def number(self, name: str) -> int:
        raise Unusual

    def order(self, by: str, value: str) -> Tree | None:
        raise Unusual

    def partner(self) -> Mapping[str, str]:
        raise Unusual

    def zone(self, warehouse: str) -> str:
        raise Unusual


@dataclass(frozen=True, slots=True)
class Said:
    """What a formula sees: the values of its paths. It stands for a scope."""

    one_: Mapping[Path, Any]
    all_: Mapping[Path, list[Any]]
    entries: tuple[()] = ()
    outside: tuple[()] = ()
    totals: Mapping[Any, Any] = field(default_factory=dict)
    world: Mapping[str, Any] = field(default_factory=dict)
    place: None = None

    def one(self, path: Path, rule: object) -> Any:
        return self.one_.get(path, ABSENT)

    def all(self, path: Path) -> list[Any]:
        return self.all_.get(path, [])  # of records, not of their values, it sees nothing


def meaning(one: Field, zone: str, *, fixed: bool) -> Meaning:
    """Give what a cell means, as `reader` reads it; ABSENT: nothing. Raises Unusual where there is something to be told."""
    parse = convert.parser(one, zone) if parsed(one) else None
    default = ABSENT if one.default is None else default_of(one, zone)

    def read(cell: Any) -> Any:
        if cell is False:  # there is no such row
            return ABSENT
        found = cell
        if fixed and cell is not None and cell.strip() != (one.text or "").strip():
            raise Unusual
        try:
            if parse and cell is not None:
                found = parse(cell)
        except Wrong:
            raise Unusual from None
        if found is None and default is ABSENT and one.required:
            raise Unusual
        return default if found is None else found

    return read


def said(ones: Sequence[tuple[Path, Meaning]], lists: Sequence[tuple[Path, Meaning]], key: Sequence[Any]) -> Said:
    """Give what formulas see of a key."""
    one = {path: meaning(cell) for (path, meaning), cell in zip(ones, key, strict=False)}
    several = {
        path: [value for value in map(meaning, cells) if value is not ABSENT]
        for (path, meaning), cells in zip(lists, key[len(ones) :], strict=True)
    }
    return Said(one, several)


def worked(formula: Formula, sees: Said) -> Any:
    """Work a formula out."""
    try:
        return formula(cast("Scope", sees))
    except Failed:
        raise Unusual from None


def true(condition: Formula, sees: Callable[[Key], Said], key: Key) -> bool:
    """Tell whether a condition holds."""
    work = Work(_Nowhere())
    found = told(condition, cast("Scope", sees(key)), work)
    if work.findings:
        raise Unusual
    return found


def value(leaf: Leaf, sees: Callable[[Key], Said], key: Key, now: datetime | None = None) -> Any:
    """Give a value of the picture; ABSENT: nothing. `now`: no time that is assumed is later."""
    work = Work(_Nowhere(now))
    found, _ = leaf_value(leaf, cast("Scope", sees(key)), work)
    if work.findings or (found is not ABSENT and isinstance(found, list | dict)):
        raise Unusual
    return found


def asked(formula: Formula, sees: Callable[[Key], Said], key: Key) -> str:
    """Give what an entry calls a line of the order."""
    try:
        return composed(convert.plain(worked(formula, sees(key))).strip())
    except Wrong:
        raise Unusual from None


class Lines(dict[str, Tree]):
    """What entries say by being about lines of an order, by what they call them. Raises Unusual where one line is not meant."""

    __slots__ = ("_known",)

    def __init__(self, about: About, order: Tree | None) -> None:
        if not order:
            raise Unusual
        super().__init__()
        self._known = Known(about, order)

    def __missing__(self, asked: str) -> Tree:
        lines = self._known.lines(asked) if asked else []
        if len(lines) != 1:
            raise Unusual
        self[asked] = found = filling(lines[0])
        return found
