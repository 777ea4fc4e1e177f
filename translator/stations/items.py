"""items: what a stock file says of a warehouse's own items, and the levels that are made of it: packs, kits.

Promise: what a file says of an item is kept, so that a file that names some of them makes the levels of all they are in.
An item that stands in one file with two counts is taken with neither, and nothing that is made of it is sent until a file
names it with one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from translator.core.document import Document, Tree
from translator.core.finding import Finding, Place, Severity
from translator.core.private import shown
from translator.core.tree import at
from translator.documents.assortment import Assortment
from translator.documents.inventory_update import item_name, named
from translator.documents.kit_stock import Counted, offered
from translator.documents.lines import ASIN, SKU, each
from translator.documents.stock_rules import level_of
from translator.documents.types import coerce
from translator.documents.values import DIGITS
from translator.ledger.book import Book
from translator.ledger.stock import Level
from translator.stations.shelves import File, Shelf, assortment_of, known_asins, unseen

ITEMS: Final = "items"


def apart(file: File, shelf: Shelf, document: Document, asins: Mapping[str, str]) -> tuple[Document, dict[str, int]]:
    """Part what levels are made of from what is a level itself; what cannot be counted stays, and is told there."""
    goods = assortment_of(file.reading)
    if goods.plain:
        return document, {}
    said, _ = coerce(document.kind, document.tree)
    items = named(said, asins).get(ITEMS, [])
    made = [_count(goods, item) if isinstance(item, dict) else None for item in items]
    if not any(made) or len(made) != len(document.tree[ITEMS]):
        return document, {}
    rest = [n for n, one in enumerate(made) if one is None]
    found = [*document.findings]
    counts: dict[str, int] = {}
    for n, one in enumerate(made):
        if one is not None:
            found += _counted(file, shelf, counts, one, _place(document, n, len(made)))
    records = document.records if len(document.records) != len(made) else [document.records[n] for n in rest]
    tree = {**document.tree, ITEMS: [document.tree[ITEMS][n] for n in rest]}
    return document.but(tree=tree, records=tuple(records), findings=tuple(found)), counts


def _count(goods: Assortment, item: Tree) -> tuple[str, int] | None:
    """Give an item and how many there are; None: it is no item of the tables, or its count is at fault."""
    name, amount = item_name(item), at(item, "availableQuantity.amount")
    known = goods.counted(name) is not None or name in goods.kits
    return (name, amount) if known and type(amount) is int and 0 <= amount < 10**DIGITS else None


def _counted(file: File, shelf: Shelf, counts: dict[str, int], one: tuple[str, int], place: Place) -> Iterable[Finding]:
    item, amount = one
    if item in assortment_of(file.reading).kits:
        text, hint = f"{shown(item)} is a kit: its level is made of its components", "take it out of the stock file"
        return [Finding("kit-counted", text, place, hint=hint, severity=Severity.WARNING)]
    before = counts.get(item, shelf.counted.get(item, amount))
    counts[item] = amount
    if before == amount and item not in shelf.doubted:
        return []
    shelf.doubted.add(item)
    return [
        Finding("sku-twice", f"{shown(item)} stands again in this file with another count: neither is taken", place)
    ]


def _place(document: Document, n: int, count: int) -> Place:
    return document.records[n] if len(document.records) == count else Place(path=f"/items/{n}")


def is_whole(faults: Iterable[Finding]) -> bool:
    """Tell whether a fault is that of all that a document says, not of one item."""
    return any(not (fault.data and fault.data.path.startswith("/items/")) for fault in faults)


def derive(file: File, book: Book, shelf: Shelf) -> None:
    """Want what comes of the items that a file counted; of a full update, what it left out is none."""
    goods, account, code = assortment_of(file.reading), file.account, shelf.code
    if not (shelf.counted or shelf.full) or goods.plain:
        return
    sure = {item: amount for item, amount in shelf.counted.items() if item not in shelf.doubted}
    book.counts.put(account, code, sure, file.number)
    book.counts.doubt(account, code, shelf.doubted, file.number)
    if shelf.full:
        book.counts.left_out(account, code, file.number)
    rules = file.reading.house.site.systems[file.reading.source.partner].rules
    if rules.unseen and shelf.unseen is None:
        shelf.unseen = unseen(book, account, code)
    skus = {*goods.items, *goods.users, *goods.kits}
    asins = known_asins(file.reading, book, skus)
    there = {sku for sku, level in book.stock.of(account, code, skus).items() if _may_be_offered(level)}
    counted = Counted(book.counts.of(account, code), asins.keys() | there, shelf.unseen or {}, there)
    steps = offered(goods, counted, rules, code)
    levels = {sku: (level := level_of(some), _item(sku, asins, level)) for sku, some in steps.items()}
    newest = max(
        file.number, book.counts.newest(account, code)
    )  # an older file, read late, changes what it is a part of
    book.stock.want(account, code, levels, shelf.documents[-1].id, newest, file.at, steps)
    book.stock.doubt(account, code, _of(goods, shelf.doubted | book.counts.doubted(account, code)))


def _may_be_offered(level: Level) -> bool:
    """Tell whether the other side may have a level: a component without an ASIN may have been sold before it was one."""
    return level.accepted is not None or level.part is not None or not level.refused


def _item(sku: str, asins: Mapping[str, str], level: int) -> Tree:
    named = {ASIN: asins[sku]} if sku in asins else {}
    return {**named, SKU: sku, "availableQuantity": each(level)}


def _of(goods: Assortment, items: Iterable[str]) -> set[str]:
    """Give the SKUs whose levels are made of these items."""
    skus = {found[0] for item in items if (found := goods.counted(item))}
    kits = {kit for sku in skus for kit in goods.users.get(sku, ())}
    return skus | kits | {sku for kit in kits for sku in goods.kits[kit]}
