"""The lines that a ship file names, held against the order: found by number or by product, counted, never trimmed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from translator.core.document import Tree
from translator.core.finding import Finding, errors
from translator.core.private import shown
from translator.core.tree import at
from translator.documents.containers import (
    amount_of,
    container_name,
    containers_of,
    content_of,
    line_name,
    packed,
)
from translator.documents.lines import PRODUCT_NAMES, amounts_ordered, by_key, line_key, lines_of
from translator.documents.types import coerce, fault

_WHOLE: Final = "if a line cannot be filled the whole order goes back: FLOOR_DENIAL in the file, or translator deny"
_MOST: Final = "no more than ordered can ship: send a mended file, or give the whole order back (translator deny)"
_OTHER: Final = "Amazon takes no other product: send the ordered one, or give the whole order back (translator deny)"

Entry = tuple[str, str, Tree]  # JSON pointer, name of its quantity, the line


def numbered(said: Tree, order: Tree) -> tuple[Tree, list[Finding]]:
    """Give each line its number: the one said, else that of the only line with its product."""
    found: list[Finding] = []
    given = dict(said)
    if "items" in said:
        given["items"] = [_numbered(f"/items/{n}", item, order, found) for n, item in enumerate(said["items"])]
    if "containers" in said:
        given["containers"] = [_box(n, one, order, found) for n, one in enumerate(containers_of(said))]
    return given, found


def entry_faults(said: Tree, lines: Mapping[str, Tree]) -> Iterator[Finding]:
    """Find what is wrong with single lines: unknown, not above nought, of another product. `lines`: the order's."""
    for path, amount, entry in _entries(said):
        number = entry.get("itemSequenceNumber")
        line = lines.get(line_key(number))
        if number is not None and line is None:
            hint = f"it has: {', '.join([*lines][:5])}"
            yield fault("line-unknown", f"the order has no line {shown(number)}", f"{path}/itemSequenceNumber", hint)
        counted = at(entry, f"{amount}.amount")
        if not isinstance(counted, int) or counted < 1:
            yield fault("quantity", _not_counted(counted), f"{path}/{amount}/amount", _WHOLE)
        if line is not None:
            yield from _substituted(path, entry, line)


def total_faults(
    there: Mapping[str, int], items: Mapping[str, int], ordered: Mapping[str, int], said: Tree
) -> Iterator[Finding]:
    """Find lines of which more shipped than was ordered, or more is packed than the items say; all by line.

    Fewer is no fault yet: more may come in the next file, and until then the document lacks it.
    """
    for line, most in ordered.items():
        amount = there.get(line, 0)
        if amount > most and line in _twice(said):
            text = f"line {line} stands twice alike in one container: {amount} shipped, {most} ordered"
            yield fault("row-twice", text, "/containers", _MOST)
        elif amount > most:
            yield fault("over-shipped", f"line {line}: {amount} shipped, {most} ordered", "/containers", _MOST)
        elif line in items and amount > items[line]:
            yield fault("items-differ", f"line {line}: {items[line]} by the items, {amount} in containers", "/items")
        if not line.isdecimal():
            yield fault("line-number", f"line {shown(line)} of the order is no number: Amazon wants one", "/items")


def lines_lacking(kind: str, tree: Tree, order: Tree) -> list[str]:
    """Give the lines that are not complete yet. A container of unsaid content holds whatever is left."""
    said, faults = coerce(kind, tree)
    if errors(faults):
        return []  # told when it is completed
    said, _ = numbered(said, order)
    there = _told(said)
    if not there or ("items" not in said and any(not content_of(one) for one in containers_of(said))):
        return []
    return [line for line, amount in amounts_ordered(by_key(order)).items() if there.get(line, 0) < amount]


def _told(tree: Tree) -> dict[str, int]:
    """Count what is said to have shipped of each line: by the content of containers, by the items where some is unsaid."""
    containers = containers_of(tree)
    whole = containers and all(content_of(one) for one in containers)
    return packed(containers) if whole else {**packed(containers), **items_told(tree)}


def items_told(tree: Tree) -> dict[str, int]:
    """Count what the items say, by line."""
    told: dict[str, int] = {}
    for item in tree.get("items", []):
        key = line_key(item.get("itemSequenceNumber", ""))
        told[key] = told.get(key, 0) + amount_of(item, "shippedQuantity")
    return told


def _twice(said: Tree) -> set[str]:
    """Give the lines that stand twice with the same amount in one container, as a row that was copied does."""
    rows = Counter(
        (container_name(box), line_name(line), amount_of(line, "packedQuantity"))
        for box in containers_of(said)
        for line in content_of(box)
    )
    return {line[0] for (_, line, _), times in rows.items() if times > 1}


def weight_faults(tree: Tree) -> Iterator[Finding]:
    """Find containers that weigh less than nothing."""
    for n, container in enumerate(containers_of(tree)):
        if str(at(container, "weight.value", "")).startswith("-"):
            yield fault("weight-negative", "the weight is below nought", f"/containers/{n}/weight/value")


def _entries(said: Tree) -> Iterator[Entry]:
    for n, item in enumerate(said.get("items", [])):
        yield f"/items/{n}", "shippedQuantity", item
    for n, container in enumerate(containers_of(said)):
        for m, line in enumerate(content_of(container)):
            yield f"/containers/{n}/packedItems/{m}", "packedQuantity", line


def _box(n: int, container: Tree, order: Tree, found: list[Finding]) -> Tree:
    lines = content_of(container)
    if all("itemSequenceNumber" in line for line in lines):
        return container
    path = f"/containers/{n}/packedItems"
    return {**container, "packedItems": [_numbered(f"{path}/{m}", line, order, found) for m, line in enumerate(lines)]}


def _numbered(path: str, entry: Tree, order: Tree, found: list[Finding]) -> Tree:
    if "itemSequenceNumber" in entry:
        return entry
    if not any(name in entry for name in PRODUCT_NAMES):
        hint = "say it in the picture: about: {item: …}"
        found.append(fault("line-unknown", "nothing says which line of the order it is", path, hint))
        return entry
    fit = [line for line in lines_of(order) if _fits(entry, line)]
    if len(fit) == 1:
        return {**entry, "itemSequenceNumber": int(key) if (key := _key(fit[0])).isdecimal() else key}
    code, text = ("line-ambiguous", "several lines") if fit else ("line-unknown", "no line")
    found.append(fault(code, f"the order has {text} of this product", path, "say the number of the line"))
    return entry


def _key(line: Tree) -> str:
    return line_key(line.get("itemSequenceNumber", ""))


def _fits(entry: Tree, line: Tree) -> bool:
    return all(entry[name] == line.get(name) for name in PRODUCT_NAMES if name in entry)


def _not_counted(counted: Any) -> str:
    return "no quantity was said" if counted is None else f"{shown(counted)} is not a whole number above 0"


def _substituted(path: str, entry: Tree, line: Tree) -> Iterator[Finding]:
    """Names must equal the order's (§6.2): another product in its place is the vendor's to refuse, not ours to hide."""
    for name in PRODUCT_NAMES:
        if name in entry and entry[name] != line.get(name):
            text = f"{shown(entry[name])} is not the product of the line, {shown(line.get(name, 'without one'))}"
            yield fault("substituted", text, f"{path}/{name}", _OTHER)
