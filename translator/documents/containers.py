"""Containers of one order gathered from several files: what is the same again, what is more, what contradicts.

A container is known by its identifier, else by its tracking number; its lines by their number. Said twice in one file,
amounts of a line add up (two lots). Said again in another file they must agree: then nothing is counted twice, however
often a ship file comes. A container without any name is the same as one that holds exactly what it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from translator.core.document import Tree
from translator.core.private import shown
from translator.core.tree import at
from translator.documents.lines import PRODUCT_NAMES, line_key
from translator.documents.private import FORGOTTEN

CONTENT: Final = "packedItems"
_NAMES: Final = ("containerIdentifier", "trackingNumber")
_MEASURED: Final = ("weight", "dimensions")

Agree = Callable[[Any, Any], Any]  # two amounts of one line in one container -> one, or None: they contradict
LineKey = tuple[str, ...]


def entries(tree: Tree, name: str) -> list[Tree]:
    """Give the entries of a list; none where there is none."""
    found = tree.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def containers_of(tree: Tree) -> list[Tree]:
    """Give the containers of a confirmation."""
    return entries(tree, "containers")


def content_of(container: Tree) -> list[Tree]:
    """Give what is packed in a container."""
    return entries(container, CONTENT)


def add(one: Any, other: Any) -> Any:
    """Two lots of a line in one file."""
    return one + other if isinstance(one, int) and isinstance(other, int) else agree(one, other)


def agree(one: Any, other: Any) -> Any:
    """The same line in two files."""
    return one if one == other else None


def gathered(containers: Sequence[Tree]) -> tuple[list[Tree], list[str]]:
    """Make one of what one file says in several rows; give what contradicts itself, too."""
    found: list[Tree] = []
    broken: list[str] = []
    for container in map(_weighed, containers):
        place = next((n for n, one in enumerate(found) if _same_name(one, container)), None)
        if place is None:
            place = len(found)
            found.append({})
        found[place], why = _one(found[place], container, add)
        broken += why
    return found, broken


def joined(stored: Sequence[Tree], arrived: Sequence[Tree]) -> tuple[list[Tree], list[str]]:
    """Join what two files say, each gathered by itself; nothing is counted twice."""
    found = list(stored)
    broken: list[str] = []
    free = set(range(len(found)))
    for container in arrived:
        place = _place(found, container, free)
        if place is None:
            found.append(container)
            continue
        free.discard(place)
        found[place], why = _one(found[place], container, agree)
        broken += why
    return found, broken


def packed(containers: Sequence[Tree]) -> dict[str, int]:
    """Count what is packed of each line. Pieces of one item in several containers are that item once (§6.2)."""
    pieces: dict[tuple[str, str], int] = {}
    for container in containers:
        for line in content_of(container):
            piece = line_key(line.get("itemSequenceNumber", "")), str(line.get("pieceNumber", ""))
            pieces[piece] = pieces.get(piece, 0) + amount_of(line, "packedQuantity")
    counted: dict[str, int] = {}
    for (name, _), amount in pieces.items():
        counted[name] = max(counted.get(name, amount), amount)
    return counted


def amount_of(line: Mapping[str, Any], name: str) -> int:
    """Give an amount; 0 where none can be read."""
    counted = line.get(name)
    amount = counted.get("amount") if isinstance(counted, dict) else None
    return amount if isinstance(amount, int) else 0


def container_name(container: Tree) -> str:
    """Give what a container is called; empty where it has no name."""
    return str(next((container[name] for name in _NAMES if name in container), ""))


def line_name(line: Tree) -> LineKey:
    """Give what makes two mentions of a line the same: its number, else its product; and its piece."""
    number = line.get("itemSequenceNumber")
    name = (line_key(number),) if number is not None else tuple(str(line.get(name, "")) for name in PRODUCT_NAMES)
    return (*name, str(line.get("pieceNumber", "")))


def _weighed(container: Tree) -> Tree:
    """Give a container without its weight where that is none: nought is what a warehouse without scales writes."""
    if "weight" not in container or weighs(at(container, "weight.value", 0)):
        return container
    return {name: part for name, part in container.items() if name != "weight"}


def weighs(value: object) -> bool:
    """Tell a weight from nought."""
    return Decimal(str(value)) != 0


def _same_name(one: Tree, other: Tree) -> bool:
    for name in _NAMES:
        if name in one and name in other:
            forgotten = one[name] == FORGOTTEN
            return other[name] != FORGOTTEN and _holds(one, other) if forgotten else bool(one[name] == other[name])
    return False


def _place(found: Sequence[Tree], container: Tree, free: set[int]) -> int | None:
    """Find the container that this one is; each is found once, so that two without a name stay two."""
    if any(name in container for name in _NAMES):
        return next((n for n in sorted(free) if _same_name(found[n], container)), None)
    holds = (n for n in sorted(free) if _holds(found[n], container))
    nameless = (n for n in sorted(free) if not any(name in found[n] for name in _NAMES) and _alike(found[n], container))
    return next(holds, next(nameless, None))


def _holds(one: Tree, other: Tree) -> bool:
    """Tell whether all of `other` is in `one` already."""
    return not _one(one, other, agree)[1] and _lines(other).keys() <= _lines(one).keys()


def _alike(one: Tree, other: Tree) -> bool:
    return all(_agree(name, one[name], other[name]) for name in one.keys() & other.keys() - {CONTENT})


def _agree(name: str, one: Any, other: Any) -> bool:
    """Tell whether two say the same of a container, as far as it is not forgotten what one of them said.

    Of what is measured, numbers count, not how they are written.
    """
    if one in (other, FORGOTTEN) or name not in _MEASURED:
        return one in (other, FORGOTTEN)
    return one.keys() == other.keys() and all(_measure(one[part]) == _measure(other[part]) for part in one)


def _measure(value: Any) -> Any:
    return value if str(value).isalpha() else Decimal(str(value))  # a unit, or a number


def _lines(container: Tree) -> dict[LineKey, Tree]:
    return {line_name(line): line for line in content_of(container)}


def _one(one: Tree, other: Tree, agree: Agree) -> tuple[Tree, list[str]]:
    differ = [name for name in one if name != CONTENT and name in other and not _agree(name, one[name], other[name])]
    lines, more = lines_joined([*content_of(one), *content_of(other)], "packedQuantity", agree)
    broken: list[str] = []
    if differ or more:
        called = shown(next((box[name] for name in _NAMES for box in (one, other) if name in box), "without a name"))
        broken += [f"{name} of container {called} differs" for name in differ]
        broken += [f"{why} in container {called}" for why in more]
    return {**other, **one, **({CONTENT: lines} if lines else {})}, broken


def lines_joined(lines: list[Tree], amount: str, agree: Agree) -> tuple[list[Tree], list[str]]:
    """Join mentions of lines by their name; give which amounts contradict."""
    if len(lines) < 2:
        return lines, []
    found: dict[LineKey, Tree] = {}
    broken: list[str] = []
    for line in lines:
        name = line_name(line)
        before = found.setdefault(name, line)
        if before is line:
            continue
        both = agree(at(before, f"{amount}.amount"), at(line, f"{amount}.amount"))
        if both is None:
            broken.append(f"the amount of line {shown(name[0])} differs")
        else:
            found[name] = {**line, **before, amount: {**line.get(amount, {}), **before.get(amount, {}), "amount": both}}
    return list(found.values()), broken
