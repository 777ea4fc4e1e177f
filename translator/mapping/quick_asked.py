"""What the quick way asks for by value: conversions of leaves, formulas over one field, lines of the order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from translator.core.document import Tree
from translator.mapping import convert
from translator.mapping.about import Known, filling, singles
from translator.mapping.expression import ABSENT
from translator.mapping.layout import About
from translator.mapping.quick_values import Unusual, plain_value
from translator.mapping.shapes import Leaf
from translator.mapping.stretch_values import Said, value
from translator.mapping.wrong import Wrong


def worked_out(leaf: Leaf, path: tuple[str, ...], given: Any) -> Any:
    """Work out what a formula gives of a value, as the careful way does it."""
    found = value(leaf, lambda one: Said({path: one}, {}), given)
    if found is ABSENT:
        raise Unusual
    return found


def value_of(leaf: Leaf) -> Callable[[Any], Any]:
    """Give the conversion of a leaf, as `leaves` does it."""
    one = leaf.layout
    parse = convert.parser(one)
    looks = one.lookup is not None
    parses = looks or bool(one.date) or one.type != "text" or one.empty is not None

    def meant(found: Any) -> Any:
        if parses and not (isinstance(found, date) and not looks):
            try:
                found = parse(convert.plain(found))
            except Wrong:
                raise Unusual from None
        found = plain_value(found)
        if found is None or (one.max and isinstance(found, str) and len(found) > one.max):
            raise Unusual
        return found

    return meant


class Lines(dict[Any, Tree]):
    """What entries say by being about lines of an order, by what they call them. Raises Unusual where one line is not meant."""

    __slots__ = ("_about", "_known", "_order")

    def __init__(self, about: About, order: Tree | None) -> None:
        if order is None:
            raise Unusual
        super().__init__()
        for number, line in singles(about, order).items():
            self[number] = filling(line)
        self._about, self._order = about, order
        self._known: Known | None = None

    def __missing__(self, value: Any) -> Tree:
        if value is None:
            raise Unusual
        self._known = self._known or Known(self._about, self._order)
        fit = self._known.lines(convert.plain(value).strip())
        if len(fit) != 1:
            raise Unusual
        self[value] = found = filling(fit[0])
        return found
