"""Which stored order a document is about, and which of its lines an entry is about.

Lines are found by number (as text, then as numbers) or by a field of theirs. Where several lines fit, they are filled
in sequence up to what was ordered, and a finding says so. What is not known is told, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from translator.core.alike import composed, look, odd_letter
from translator.core.document import Tree
from translator.core.finding import Finding, Place, Severity, suggestion
from translator.core.private import shown
from translator.core.tree import at
from translator.mapping import numbers as exact
from translator.mapping.context import Context
from translator.mapping.layout import About
from translator.mapping.wrong import Wrong

NUMBER: Final = "itemSequenceNumber"
FILLED: Final = (NUMBER, "buyerProductIdentifier", "vendorProductIdentifier")


def order_of(about: About, value: str, context: Context) -> Tree | Finding | None:
    """Ask for the stored order; None: not known yet."""
    try:
        return context.order(about.by, composed(value))
    except LookupError:
        name = about.by or "number"
        hint = "say the purchase order number"
        text = f"several stored orders have the {name} {shown(value)}"
        return Finding("about-ambiguous", text, rule=about.value.rule, hint=hint)


def lines_of(about: About, value: str, order: Tree) -> list[Tree]:
    """Give the lines of an order that fit, in their sequence."""
    return Known(about, order).lines(value)


class Known:
    """The lines of an order, by what an entry calls them: as text, then as numbers."""

    __slots__ = ("_numbers", "_texts")

    def __init__(self, about: About, order: Tree) -> None:
        self._texts: dict[str, list[Tree]] = {}
        self._numbers: dict[int, list[Tree]] = {}
        for line in at(order, "orderDetails.items", []):
            text = str(line.get(about.by or NUMBER, ""))
            self._texts.setdefault(text, []).append(line)
            if (number := _digits(text)) is not None:
                self._numbers.setdefault(number, []).append(line)

    def lines(self, value: str) -> list[Tree]:
        """Give the lines that fit."""
        number = None if value in self._texts else _digits(value)
        return self._texts.get(value) or ([] if number is None else self._numbers.get(number, []))


def singles(about: About, order: Tree) -> dict[int, Tree]:
    """Give the lines of an order that are alone with their number, as `Known` finds them by it."""
    name, found, several = about.by or NUMBER, dict[int, Tree](), set[int]()
    for line in at(order, "orderDetails.items", []):
        number = _digits(str(line.get(name, "")))
        if number is None:
            continue
        if number in found:
            several.add(number)
        found[number] = line
    for number in several:
        del found[number]
    return found


def unknown(about: About, value: str, order: Tree, place: Place) -> Finding:
    """Say that an order has no such line."""
    name = about.by or NUMBER
    known = [str(line.get(name, "")) for line in at(order, "orderDetails.items", [])]
    hint = _alike(value, known) or suggestion(value, known) or f"it has: {', '.join(known[:5])}"
    text = f"the order has no line with {name} {shown(value)}"
    return Finding("unknown-item", text, place, about.value.rule, hint)


def _alike(value: str, known: list[str]) -> str:
    """Tell of a name that only looks the same: it is never taken for it."""
    for one in known:
        if look(one) == look(value):
            return f"it looks like {shown(one)}, but has {odd_letter(value) or odd_letter(one) or 'another letter'}"
    return ""


def filling(line: Tree) -> Tree:
    """Give what an entry says by being about a line."""
    number, asin, sku = FILLED
    if number in line and asin in line and sku in line:  # as nearly always
        return {number: line[number], asin: line[asin], sku: line[sku]}
    return {name: line[name] for name in FILLED if name in line}


@lru_cache(maxsize=4_096)
def _digits(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


@dataclass(slots=True)
class Filling:
    """How much of each line is still open, for each list of a document that is about lines."""

    left: dict[tuple[str, int], Decimal] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)

    def shared(self, lines: list[Tree], amount: Decimal | None, path: str) -> Iterator[tuple[Tree, Decimal | None]]:
        """Share an amount among lines that fit alike; what is too much goes to the last one."""
        if amount is None:
            yield lines[0], None
            return
        for line in lines[:-1]:
            left = self.left.setdefault((path, id(line)), _ordered(line))
            part = min(left, amount)
            if part > 0:
                self.left[path, id(line)] = left - part
                amount -= part
                yield line, part
            if amount <= 0:
                return
        yield lines[-1], amount

    def note(self, lines: list[Tree], value: str, path: str, about: About, place: Place) -> Finding | None:
        """Say once for a document and a value that lines were filled in sequence."""
        if len(lines) < 2 or f"{path} {value}" in self.told:
            return None
        self.told.add(f"{path} {value}")
        numbers = ", ".join(str(line.get(NUMBER, "?")) for line in lines)
        text = f"lines {numbers} have the same {about.by}: filled in sequence up to what was ordered"
        return Finding(
            "item-shared", text, place, about.value.rule, "let the file say the line's number", Severity.INFO
        )


def amount_of(tree: Tree) -> Decimal | None:
    """Give the quantity an entry is about: `shippedQuantity.amount`, `packedQuantity.amount`."""
    found = next((value for _, value in _amounts(tree)), None)
    try:
        return None if found is None else exact.number(found)
    except Wrong:
        return None


def with_amount(tree: Tree, amount: Decimal | None) -> Tree:
    """Give the entry with another quantity."""
    if amount is None:
        return tree
    number = int(amount) if amount == amount.to_integral_value() else amount
    return {**tree, **{name: {**tree[name], "amount": number} for name, _ in _amounts(tree)}}


def _amounts(tree: Tree) -> Iterator[tuple[str, Any]]:
    for name, value in tree.items():
        if name.endswith("Quantity") and isinstance(value, dict) and "amount" in value:
            yield name, value["amount"]


def _ordered(line: Tree) -> Decimal:
    try:
        return exact.number(at(line, "orderedQuantity.amount", 0))
    except Wrong:
        return Decimal(0)
