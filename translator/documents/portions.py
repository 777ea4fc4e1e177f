"""An order as the warehouse sees it: its own items in their packs, a kit as its components; and back again.

Promise: the lines of the warehouse lead back to Amazon's, whatever the tables say later: which portions a line was written
as is kept with the order. What was exploded and shipped whole implodes to what was ordered. Amounts that are no whole
number of packs are an error, never rounded.

A line that is no kit keeps its number. The components of a kit have the number of its line and their own behind it: 2 of a
kit are 201, 202. So the order shows them in Amazon's sequence, and people can tell them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from translator.core.document import Tree
from translator.core.finding import Finding
from translator.core.private import shown
from translator.core.tree import at
from translator.documents.assortment import Assortment, Portion, Portions
from translator.documents.containers import CONTENT, amount_of, containers_of, content_of
from translator.documents.lines import ASIN, SKU, amount_ordered, by_key, each, line_key, lines_of, product_of
from translator.documents.types import fault

NUMBER: Final = "itemSequenceNumber"
_LEAST: Final = 100  # by which a kit's line is counted on: 2 -> 201
_OF_A_KIT: Final = (ASIN, "title", "totalPrice", "taxDetails")  # say nothing of a component
_ONCE: Final = ("giftDetails", "buyerCustomizedInfo")  # stand with the first component


def portions_of(order: Tree, assortment: Assortment, found: list[Finding]) -> dict[str, tuple[Portion, ...]]:
    """Give the portions of the lines of an order that the warehouse has otherwise."""
    if assortment.plain:
        return {}
    step = _step(order, assortment)
    made = {}
    for n, line in enumerate(lines_of(order)):
        some = tuple(_portions(n, line, assortment, step, found))
        if some and some != (_plain(line),):
            made[line_key(line.get(NUMBER, ""))] = some
    return made


def as_json(portions: Portions) -> dict[str, list[list[Any]]]:
    """Give portions as they are kept."""
    return {
        line: [[one.number, one.item, one.sku, one.need, one.pack] for one in some] for line, some in portions.items()
    }


def from_json(kept: Mapping[str, Sequence[Sequence[Any]]]) -> dict[str, tuple[Portion, ...]]:
    """Give portions as they were kept."""
    return {line: tuple(Portion(*one) for one in some) for line, some in kept.items()}


def seen(order: Tree, portions: Portions) -> Tree:
    """Give an order as the warehouse sees it."""
    if not portions:
        return order
    items = [part for line in lines_of(order) for part in _seen(line, portions.get(line_key(line.get(NUMBER, ""))))]
    return {**order, "orderDetails": {**order["orderDetails"], "items": items}}


def imploded(tree: Tree, portions: Portions, order: Tree) -> Tree:
    """Give what a warehouse packed of its own lines as what Amazon ordered: whole kits, single units.

    A kit whose components lie in several containers, in none of them whole, is in each of these as a piece (§6.2).
    """
    if not portions:
        return tree
    lines, boxes = by_key(order), containers_of(tree)
    content = [[line for line in content_of(box) if _key(line) not in _ours(portions)] for box in boxes]
    totals = {}
    for key, some in portions.items():
        held = [_units(box, some) for box in boxes]
        totals[key] = min(sum(units[n] for units in held) // one.need for n, one in enumerate(some))
        for place, entry in _shared(lines[key], some, held, totals[key]):
            content[place].append(entry)
    filled = [{**box, CONTENT: some} if CONTENT in box else box for box, some in zip(boxes, content, strict=True)]
    return tree | ({"containers": filled} if "containers" in tree else {}) | _items(tree, totals, lines, portions)


def lacks(lines: Sequence[str], portions: Portions, order: Tree) -> str:
    """Say in words which lines of the warehouse are not complete."""
    words = f"line{'' if len(lines) == 1 else 's'}"
    if not portions:
        return f"{words} {', '.join(lines)}"
    known = {line_key(one.number): (key, one) for key, some in portions.items() for one in some}
    ordered = by_key(order)

    def word(line: str) -> str:
        key, one = known.get(line, ("", None))
        if one is None or len(portions[key]) < 2:
            return line
        return f"{line} ({one.sku} of kit {ordered[key].get(SKU, '')}, line {key})"

    return f"{words} {', '.join(map(word, lines))}"


# --- out: what was ordered, as items of the warehouse ----------------------------------------------------------------


def _step(order: Tree, assortment: Assortment) -> int:
    """Give the power of ten that no number of a line, and no count of components, reaches."""
    lines = lines_of(order)
    numbers = [int(key) for line in lines if (key := _key(line)).isdecimal()]
    parts = [len(assortment.kits.get(line.get(SKU, ""), ())) for line in lines]
    step = _LEAST
    while step <= max([*numbers, *parts], default=0):
        step *= 10
    return step


def _portions(n: int, line: Tree, assortment: Assortment, step: int, found: list[Finding]) -> Iterator[Portion]:
    number, sku, amount = str(line.get(NUMBER, "")), str(line.get(SKU, "")), amount_ordered(line) or 0
    path = f"/orderDetails/items/{n}"
    kit = assortment.kits.get(sku)
    if kit and not (number.isdecimal() and int(number)):
        hint = "the lines of its components are counted on from it"
        found.append(fault("kit-line", f"line {shown(number)} of kit {shown(sku)} is no number above 0", path, hint))
        return
    for place, (part, need) in enumerate(kit.items() if kit else [(sku, 1)], start=1):
        chosen = assortment.item_for(part, amount * need)
        if chosen is None:
            found.append(_no_item(assortment, part, amount * need, path))
            continue
        own = str(int(number) * step + place).zfill(len(number)) if kit else number
        yield Portion(own, chosen[0], part, need, chosen[1])


def _no_item(assortment: Assortment, sku: str, amount: int, path: str) -> Finding:
    """Say why so many of a SKU cannot be ordered from the warehouse."""
    if sku not in assortment.items:
        text = f"the warehouse knows {shown(assortment.packs[sku][0])} by the name {shown(sku)}, and has no item of that SKU"
        return fault("item-other", text, f"{path}/{SKU}", "list its items among the aliases")
    packs = ", ".join(f"{item} of {pack}" for item, pack in assortment.items[sku])
    text = f"{amount} of {shown(sku)} are no whole number of what the warehouse has: {packs}"
    hint = "list the single piece among the aliases, or refuse the order (translator refuse)"
    return fault("pack-remainder", text, f"{path}/orderedQuantity/amount", hint)


def _plain(line: Tree) -> Portion:
    sku = str(line.get(SKU, ""))
    return Portion(str(line.get(NUMBER, "")), sku, sku, 1, 1)


def _seen(line: Tree, some: Sequence[Portion] | None) -> Iterator[Tree]:
    if some is None:
        yield line
        return
    amount = amount_ordered(line) or 0
    if len(some) == 1 and some[0].number == str(line.get(NUMBER, "")):
        (one,) = some
        yield {**line, SKU: one.item, "orderedQuantity": each(amount // one.pack), **_price(line, one.pack)}
        return
    kept = {name: part for name, part in line.items() if name not in _OF_A_KIT}
    kit = {name: line[name] for name in (NUMBER, ASIN, SKU, "orderedQuantity", "netPrice") if name in line}
    for n, one in enumerate(some):
        part = {name: value for name, value in kept.items() if not n or name not in _ONCE}
        yield {
            **part,
            NUMBER: one.number,
            SKU: one.item,
            "orderedQuantity": each(amount * one.need // one.pack),
            **_price(line, 0),
            "kit": kit,
        }


def _price(line: Tree, times: int) -> Tree:
    """Give the price of a pack; a component has none of its own."""
    price = line.get("netPrice")
    try:
        amount = Decimal(str(at(price, "amount")))
    except InvalidOperation:
        return {}
    return {"netPrice": {**(price or {}), "amount": f"{amount * times:f}"}}


# --- back: what was packed, as lines of Amazon's ---------------------------------------------------------------------


def _key(line: Tree) -> str:
    return line_key(line.get(NUMBER, ""))


def _ours(portions: Portions) -> set[str]:
    return {line_key(one.number) for some in portions.values() for one in some}


def _units(box: Tree, some: Sequence[Portion]) -> list[int]:
    """Count the units of each portion in a container."""
    numbers = {line_key(one.number): n for n, one in enumerate(some)}
    units = [0] * len(some)
    for line in content_of(box):
        if (n := numbers.get(_key(line))) is not None:
            units[n] += amount_of(line, "packedQuantity") * some[n].pack
    return units


def _shared(
    line: Tree, some: Sequence[Portion], held: Sequence[Sequence[int]], total: int
) -> Iterator[tuple[int, Tree]]:
    """Say what of an ordered line is in which container; where in one it is not whole, each is a piece of all of it."""
    there = [n for n, units in enumerate(held) if any(units)]
    whole = {n: _whole(held[n], some) for n in there}
    product = {NUMBER: _number(line), **product_of(line)}
    for place, n in enumerate(there, start=1):
        if len(there) > 1 and None in whole.values():
            yield n, {**product, "packedQuantity": each(total), "pieceNumber": place}
        else:
            amount = whole[n]
            yield n, {**product, "packedQuantity": each(total if amount is None else amount)}


def _whole(units: Sequence[int], some: Sequence[Portion]) -> int | None:
    """Give how many are whole in a container; None: a part of one is left over."""
    counts = {count // one.need if count % one.need == 0 else -1 for count, one in zip(units, some, strict=True)}
    return counts.pop() if len(counts) == 1 and -1 not in counts else None


def _items(tree: Tree, totals: Mapping[str, int], lines: Mapping[str, Tree], portions: Portions) -> Tree:
    """Give the items anew, in the order's sequence."""
    if "items" not in tree:
        return {}
    there = {_key(item): item for item in tree["items"]}
    made = []
    for key, line in lines.items():
        if key not in portions and key in there:
            made.append(there[key])
        elif totals.get(key):
            made.append({NUMBER: _number(line), **product_of(line), "shippedQuantity": each(totals[key])})
    return {"items": made}


def _number(line: Tree) -> int | str:
    key = _key(line)
    return int(key) if key.isdecimal() else key
