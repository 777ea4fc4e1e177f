"""The lines of an invoice where the warehouse has an order otherwise: in packs, or as the components of kits.

Promise: as with a confirmation, a file names the lines that the order's file had, and the invoice has Amazon's. Packs are units
again, at the price of one; the components of a kit are the kit, at the order's price, since they have none. What is no
whole number of either is told in the words of the warehouse.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, DecimalException
from typing import Final

from translator.core.document import Tree
from translator.core.finding import Finding
from translator.core.private import shown
from translator.core.tree import at
from translator.documents.assortment import Portion, Portions
from translator.documents.lines import amount_ordered, by_key, each, line_key
from translator.documents.portions import NUMBER
from translator.documents.types import fault

_SUMMED: Final = ("taxDetails", "chargeDetails")
_AMOUNT: Final = "invoicedQuantity.amount"
_PLACES: Final = 6  # of a price of one


def as_ordered(items: Sequence[Tree], portions: Portions, order: Tree, found: list[Finding]) -> list[Tree]:
    """Give what a file said of the warehouse's lines as lines of Amazon's; where it named none of one, nothing of it."""
    if not portions:
        return list(items)
    lines, owner = by_key(order), {line_key(one.number): key for key, some in portions.items() for one in some}
    own: dict[str, list[Tree]] = {}
    for item in items:
        if key := owner.get(_key(item)):
            own.setdefault(key, []).append(item)
    made = [item for item in items if _key(item) not in owner]
    for key, some in own.items():
        ordered = amount_ordered(lines[key]) or 0
        made.append(_line(lines[key], some, portions[key], ordered, found))
    return made


def _key(item: Tree) -> str:
    return line_key(item.get(NUMBER, ""))


def _line(line: Tree, items: Sequence[Tree], some: Sequence[Portion], ordered: int, found: list[Finding]) -> Tree:
    """Give one line of Amazon's, of all that was said of it."""
    kept = {name: value for name, value in items[0].items() if name not in (*_SUMMED, "netCost")}
    summed = {name: [part for item in items for part in item.get(name, ())] for name in _SUMMED}
    return {
        **kept,
        **{name: parts for name, parts in summed.items() if parts},
        **_price(items[0], some[0] if _is_pack(line, some) else None, found),
        NUMBER: line[NUMBER],
        "invoicedQuantity": each(_amount(items, some, ordered, found)),
    }


def _is_pack(line: Tree, some: Sequence[Portion]) -> bool:
    """Tell a line that kept its number, in packs, from the components of a kit."""
    return len(some) == 1 and _key(line) == line_key(some[0].number)


def _amount(items: Sequence[Tree], some: Sequence[Portion], ordered: int, found: list[Finding]) -> int:
    """Give how many are invoiced, which is all; of a portion that is not invoiced as it was ordered, it is told."""
    for one in some:
        wanted = ordered * one.need // one.pack
        told = sum(at(item, _AMOUNT, wanted) for item in items if _key(item) == line_key(one.number))
        if told != wanted:
            text = f"line {shown(one.number)} ({shown(one.item)}): {told} invoiced of {wanted} ordered"
            found.append(fault("invoice-quantity", text, "/items", "invoice all of it, as the order's file had it"))
    return ordered


def _price(item: Tree, pack: Portion | None, found: list[Finding]) -> Tree:
    """Give the price of one in a pack; of a kit, and where none is said, the order's holds."""
    cost: Tree = item.get("netCost", {})
    if pack is None or "amount" not in cost:
        return {"netCost": {"currencyCode": cost["currencyCode"]}} if "currencyCode" in cost else {}
    try:
        one = round(Decimal(str(cost["amount"])) / pack.pack, _PLACES)
        exact = one * pack.pack == Decimal(str(cost["amount"]))
    except DecimalException:
        return {"netCost": cost}  # no number at all: told with the others
    if not exact:
        text = f"{shown(cost['amount'])} for {pack.pack} of {shown(pack.sku)} is no price of one"
        found.append(fault("invoice-price", text, "/items", "leave it away: then the order's is taken"))
    return {"netCost": {**cost, "amount": f"{one.normalize():f}"}}
