"""What a warehouse has: levels per SKU, not changes (reference §7). Items stand alone: one bad item costs itself only.

Except in a full update, where every SKU that is not listed is set to zero: there one lost item stops the whole. A level
is never repeated after an unknown outcome, since an old one may overtake a new one (reliability-security §2.2): a fresh
update is built.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import quote

from translator.core.document import Document, Tree
from translator.core.finding import Finding, Severity, errors
from translator.core.private import shown
from translator.core.tree import at
from translator.documents.fields import PRODUCT, Fields, as_filled, quantity, under
from translator.documents.kind import Asked, FieldOf, Kind, Operation
from translator.documents.lines import ASIN, SKU, each
from translator.documents.stock_plainly import WAREHOUSE, plainly
from translator.documents.types import coerce, fault, note, verify
from translator.mapping.layout import Limits

_ASIN_UNSAID: Final = "its first order tells it; or list it in the site's table: products: {asins: …}"
_ITEM: Final = re.compile(r"/items/([0-9]+)(/|$)")

Numbered = tuple[int, Tree]  # an item and its number as it was read

FIELDS: Final[Fields] = (
    FieldOf("warehouseId", "text", "code of the warehouse: the path's, not the body's", required=True),
    FieldOf("sellingParty", "object", "the vendor", required=True),
    FieldOf("sellingParty.partyId", "text", "its code", required=True),
    FieldOf("isFullUpdate", "boolean", "true sets every SKU that is not listed to zero", required=True),
    FieldOf("items", "list", "the levels", required=True),
    *under("items[]", PRODUCT),
    *quantity("items[].availableQuantity", "how many can be sold: a level, not a change", ("unitOfMeasure",)),
    FieldOf("items[].isObsolete", "boolean", "gone for good; false brings it back"),
)


def complete(document: Document, asked: Asked) -> Document:
    """Fill in the vendor, both names of each product as orders had them, and the unit.

    Bad items are left out, with their errors; the others go on. No items are left where nothing may.
    """
    said, found = coerce("inventory_update", document.tree)
    said = named(said, asked.asins)
    found += _faults(said)
    items = [_item(n, item, found) for n, item in _once(_good(document, said, found), found)]
    tree = {
        **({"warehouseId": said["warehouseId"]} if "warehouseId" in said else {}),
        "sellingParty": {"partyId": asked.vendor} if asked.vendor else said.get("sellingParty", {}),
        "isFullUpdate": said.get("isFullUpdate", False),
        "items": items,
    }
    return document.completed(tree, found)


def check(tree: Tree) -> list[Finding]:
    """Hold a completed update against Amazon's model, and its warehouse against what may stand in a path."""
    return [*_warehouse_faults(tree), *_faults(tree), *verify("inventory_update", tree)]


def join(trees: Sequence[Tree]) -> Tree:
    """Put the parts of one update together, as a long file is read in parts."""
    items = [item for tree in trees for item in tree.get("items", [])]
    return {**trees[0], "items": items} if items else trees[0]


def body(trees: Sequence[Tree]) -> Tree:
    """Wrap one update as submitInventoryUpdate wants it: one request per warehouse."""
    (tree,) = trees
    return {"inventory": {name: part for name, part in tree.items() if name != "warehouseId"}}


def path_of(tree: Tree) -> str:
    """Give the path with the warehouse's code in it."""
    return f"/vendor/directFulfillment/inventory/v1/warehouses/{quote(warehouse(tree), safe='')}/items"


def warehouse(tree: Tree) -> str:
    """Give the code of the warehouse."""
    return str(tree.get("warehouseId", ""))


def item_name(item: Tree) -> str:
    """Give what an item is known by: the vendor's number, else Amazon's."""
    return str(item.get(SKU) or item.get(ASIN) or "")


def named(tree: Tree, asins: Mapping[str, str]) -> Tree:
    """Give each item both its names, as far as they are known, or the other items tell them. `asins`: by SKU."""
    pairs = [_names(item) for _, item in _items(tree)]
    known = {**asins, **{sku: asin for sku, asin in pairs if sku and asin}}
    if not known or all(map(all, pairs)):
        return tree
    skus = by_asin(known)
    return {**tree, "items": [_both(item, known, skus) if isinstance(item, dict) else item for item in tree["items"]]}


def by_asin(asins: Mapping[str, str]) -> dict[str, str]:
    """Give the SKU of each ASIN that one SKU alone has."""
    several = Counter(asins.values())
    return {asin: sku for sku, asin in asins.items() if several[asin] == 1}


def contradicted(tree: Tree) -> dict[str, list[int]]:
    """Give where each product stands that has different levels."""
    names = [item_name(item) for _, item in _items(tree)]
    if len(set(names)) == len(names):
        return {}
    places: defaultdict[str, list[int]] = defaultdict(list)
    levels: defaultdict[str, set[str]] = defaultdict(set)
    for n, item in _items(tree):
        places[item_name(item)].append(n)
        levels[item_name(item)].add(str(_level(item)))
    return {name: some for name, some in places.items() if name and len(levels[name]) > 1}


def _good(document: Document, said: Tree, found: Sequence[Finding]) -> list[Numbered]:
    """Give the items without fault, with their numbers; none where one fault stops all of them."""
    faults = errors(found)
    bad = {_item_number(fault) for fault in faults}
    if None in bad or (said.get("isFullUpdate") is True and (bad or document.rejected)):
        return []
    return [(n, item) for n, item in _items(said) if n not in bad]


def _items(tree: Tree) -> list[Numbered]:
    items = tree.get("items")
    return [(n, one) for n, one in enumerate(items) if isinstance(one, dict)] if isinstance(items, list) else []


def _item_number(finding: Finding) -> int | None:
    place = _ITEM.match(finding.data.path) if finding.data else None
    return int(place[1]) if place else None


def _faults(tree: Tree) -> Iterator[Finding]:
    for n, item in _items(tree):
        amount = at(item, "availableQuantity.amount")
        if not item_name(item):
            yield fault("item-unnamed", "neither SKU nor ASIN was said", f"/items/{n}")
        if amount is None:
            yield fault("quantity", "no quantity was said", f"/items/{n}/availableQuantity/amount")
        elif isinstance(amount, int) and amount < 0:
            hint = "a level is 0 or more: say 0 where nothing can be sold"
            yield fault("quantity", f"{shown(amount)} is below 0", f"/items/{n}/availableQuantity/amount", hint)
    yield from _twice(tree)


def _twice(tree: Tree) -> Iterator[Finding]:
    """Find a product with two different levels: which one is true cannot be told (reliability-security §3.9, input 56)."""
    for name, places in contradicted(tree).items():
        for n in places:
            yield fault("sku-twice", f"{shown(name)} stands {len(places)} times with different levels", f"/items/{n}")


def _level(item: Tree) -> tuple[object, object]:
    return at(item, "availableQuantity.amount"), item.get("isObsolete", False)


def _once(items: Sequence[Numbered], found: list[Finding]) -> list[Numbered]:
    kept: dict[str, Numbered] = {}
    for n, item in items:
        if kept.setdefault(item_name(item), (n, item))[0] != n:
            found.append(note("sku-twice", f"{shown(item_name(item))} stands again with the same level", f"/items/{n}"))
    return list(kept.values())


def _names(item: Tree) -> tuple[str, str]:
    sku, asin = item.get(SKU, ""), item.get(ASIN, "")
    return (sku, asin) if isinstance(sku, str) and isinstance(asin, str) else ("", "")


def _both(said: Tree, asins: Mapping[str, str], skus: Mapping[str, str]) -> Tree:
    sku, asin = _names(said)
    names = {ASIN: asin or asins.get(sku, ""), SKU: sku or skus.get(asin, "")}
    return said | {name: value for name, value in names.items() if value}


def _item(n: int, said: Tree, found: list[Finding]) -> Tree:
    names = {name: said.get(name, "") for name in (ASIN, SKU)}
    if not names[ASIN]:
        text = f"no ASIN is known for {shown(names[SKU])}: Amazon may answer INVALID_ITEM_ID"  # models#1935, models#180
        found.append(fault("asin-unknown", text, f"/items/{n}", _ASIN_UNSAID, Severity.WARNING))
    obsolete = {"isObsolete": said["isObsolete"]} if "isObsolete" in said else {}
    level = each(at(said, "availableQuantity.amount"))
    return {**{name: value for name, value in names.items() if value}, "availableQuantity": level, **obsolete}


def _warehouse_faults(tree: Tree) -> Iterator[Finding]:
    code = warehouse(tree)
    if code and not WAREHOUSE.fullmatch(code):
        yield fault("warehouse-unsafe", f"{shown(code)} is no code of a warehouse", "/warehouseId")


KIND: Final = Kind(
    name="inventory_update",
    fields=as_filled(
        FIELDS, "sellingParty", "sellingParty.partyId", "isFullUpdate", "items[].availableQuantity.unitOfMeasure"
    ),
    key=warehouse,
    help="what a warehouse has to sell, per SKU",
    join=join,
    complete=complete,
    plainly=plainly,
    check=check,
    warehouse=warehouse,
    operation=Operation(
        name="submitInventoryUpdate",
        method="POST",
        path="/vendor/directFulfillment/inventory/v1/warehouses/{warehouseId}/items",
        repeat=False,
        body=body,
        path_of=path_of,
    ),
    level=True,
    limits=Limits(file=500_000_000, records=5_000_000),  # a snapshot holds every SKU, and every lot of it
)
