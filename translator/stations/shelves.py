"""shelves: what one document of a file of levels becomes: completed, without its bad items, offered by the site's rules.

Items stand alone: a bad one is left out, with its error, and the others go on. Which level is true, where a file says two of
one SKU, cannot be told: neither is wanted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from translator.core.alike import look, odd_letter
from translator.core.document import Document, Tree
from translator.core.finding import Finding, Place, Severity, errors
from translator.core.private import shown
from translator.core.tree import at
from translator.documents.assortment import Assortment
from translator.documents.kind import Asked, Kind
from translator.documents.lines import ASIN, SKU
from translator.documents.stock_gate import Change
from translator.documents.stock_rules import level_of, steps_of
from translator.ledger.book import Book
from translator.ledger.documents import Stored
from translator.stations.arrivals import Reading
from translator.translation import placed

FULL: Final = "isFullUpdate"
ALIKE: Final = "sku-alike"
_ITEM: Final = re.compile(r"/items/([0-9]+)(/|$)")


@dataclass(slots=True)
class Shelf:
    """What a file says of one warehouse."""

    code: str
    full: bool = False
    size: int = 0
    documents: list[Stored] = field(default_factory=list)
    zeroed: list[str] = field(default_factory=list)  # SKUs that older files set to zero, in vain
    change: Change | None = None
    worst: list[tuple[str, int, int]] = field(default_factory=list)
    why: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)  # where a person is asked: the SKUs it would set
    unseen: Counter[str] | None = None  # units of orders that the WMS has not taken, by SKU
    counted: dict[str, int] = field(default_factory=dict)  # items that levels are made of
    doubted: set[str] = field(default_factory=set)  # of these, what was said twice and otherwise
    twice: set[str] = field(default_factory=set)  # SKUs of which a part said two levels, and none is wanted


@dataclass(slots=True)
class File:
    """A file of levels on its way into the book. `stopped`: warehouses of which nothing of it goes on."""

    reading: Reading
    stopped: frozenset[str] = frozenset()
    shelves: dict[str, Shelf] = field(default_factory=dict)
    faults: dict[str, list[Document]] = field(default_factory=dict)  # of full updates, by warehouse
    lost: set[str] = field(default_factory=set)  # of which warehouses something is not taken; "": it may be of any
    clean: bool = True  # nothing is to be said about it that would be to say again of the same lines

    @property
    def account(self) -> str:
        """Whose levels they are."""
        return self.reading.source.account

    @property
    def number(self) -> int:
        """Which file it is: the later it came, the higher."""
        return self.reading.interchange.id

    @property
    def at(self) -> float:
        """When the file came."""
        return self.reading.interchange.at


def checked(reading: Reading, kind: Kind, made: Document, faults: Iterable[Finding]) -> Document:
    """Leave out the items that break Amazon's rules; all of them where a fault is not one item's, or the update is full.

    `faults`: what is found against these rules; that the warehouse is not its sender's is looked at here.
    """
    items = made.tree.get("items", [])
    if not items:
        return made
    found = [*faults, *_foreign(reading, kind, made.tree)]
    if not found:
        return made
    places = [_ITEM.match(fault.data.path) if fault.data else None for fault in errors(found)]
    bad = {int(place[1]) for place in places if place}
    whole = None in places or (bad and made.tree.get(FULL))
    good = [] if whole else [item for n, item in enumerate(items) if n not in bad]
    return made.completed({**made.tree, "items": good}, placed(found, made, by=reading.translation))


def once(file: File, book: Book, shelf: Shelf, made: Document, twice: Collection[str]) -> Document:
    """Leave out the items that an earlier part of the same file set otherwise: which level is true cannot be told.

    `twice`: SKUs that are left out of this part already, since it says two levels of them.
    """
    mine = {stored.id for stored in shelf.documents}
    known = book.stock.of(file.account, shelf.code, [*levels_in(made.tree), *twice]) if mine else {}
    before = {sku: level for sku, level in known.items() if level.document in mine}
    file.clean &= not before
    bad: dict[int, str] = {}
    for n, item in enumerate(made.tree.get("items", []) if before or shelf.twice else ()):
        sku, (level, _) = _level_of(item)
        was = before.get(sku)
        if sku in shelf.twice or (was and (was.said != level or was.refused)):  # refused: doubted already
            bad[n] = sku
    book.stock.doubt(file.account, shelf.code, before.keys() & {*bad.values(), *twice})
    shelf.twice.update(twice)
    if not bad:
        return made
    found = [_twice(n, sku) for n, sku in bad.items()]
    good = [item for n, item in enumerate(made.tree["items"]) if n not in bad]
    return made.completed({**made.tree, "items": good}, placed(found, made))


def _twice(n: int, sku: str) -> Finding:
    text = f"{shown(sku)} stands again in this file with another level: neither is sent"
    return Finding("sku-twice", text, Place(path=f"/items/{n}"))


def _foreign(reading: Reading, kind: Kind, tree: Tree) -> list[Finding]:
    """Tell a warehouse that is not its sender's: whose level it would set is somebody else's to say."""
    code = kind.warehouse(tree) if kind.warehouse else ""
    known = reading.house.site.systems[reading.source.partner].warehouses
    if not code or code in known:
        return []
    hint = f"it has: {', '.join(known)}"
    text = f"{shown(code)} is no warehouse of {reading.source.partner}"
    return [Finding("warehouse-foreign", text, Place(path="/warehouseId"), hint=hint)]


def asked(reading: Reading, book: Book, document: Document) -> Asked:
    """Give what completing may ask: the ASINs that are known."""
    account = reading.house.site.accounts[reading.source.account]
    items = document.tree.get("items", [])
    pairs = [(item.get(SKU), item.get(ASIN)) for item in items if isinstance(item, dict)]
    skus = {sku for sku, _ in pairs if sku and isinstance(sku, str)}
    lone = {asin for sku, asin in pairs if not sku and asin and isinstance(asin, str)}
    asins = known_asins(reading, book, skus | _skus(reading, book, lone))
    return Asked(now=reading.house.clock.now(), vendor=account.vendor, asins=asins)


def _skus(reading: Reading, book: Book, asins: Collection[str]) -> set[str]:
    """Give the SKUs that are known to have one of these ASINs."""
    if not asins:
        return set()
    listed = {sku for sku, asin in assortment_of(reading).asins.items() if asin in asins}
    return listed.union(book.products.skus(reading.source.account, asins))


def assortment_of(reading: Reading) -> Assortment:
    """Give what the tables say of the sender's products."""
    return reading.house.site.systems[reading.source.partner].assortment


def known_asins(reading: Reading, book: Book, skus: Iterable[str]) -> dict[str, str]:
    """Give the ASINs that orders told; what a table says goes before."""
    table, wanted = assortment_of(reading).asins, set(skus)
    learned = book.products.asins(reading.source.account, wanted)
    return learned | ({sku: table[sku] for sku in wanted & table.keys()} if table else {})


def alike(reading: Reading, book: Book, made: Document) -> Iterator[Finding]:
    """Warn of a SKU that nobody knows and that looks like one that is known: it is never taken for it."""
    items = made.tree.get("items", [])
    names = {item[SKU]: n for n, item in enumerate(items) if SKU in item and ASIN not in item}
    if not names:
        return
    known = book.products.alike(reading.source.account, map(look, names))
    for name, n in names.items():
        other = assortment_of(reading).alike(name) or known.get(look(name), name)
        if other != name:
            letter = odd_letter(name) or odd_letter(other) or "another letter"
            text = f"{shown(name)} looks like {shown(other)}, and is another: one has {letter}"
            hint = "mend the SKU where it is typed; nothing is sent for the other one"
            yield Finding(ALIKE, text, Place(path=f"/items/{n}"), hint=hint, severity=Severity.WARNING)


def levels_in(tree: Tree) -> dict[str, tuple[int, Tree]]:
    """Give the levels of a document by what their items are known by."""
    return dict(map(_level_of, tree.get("items", ())))


def _level_of(item: Tree) -> tuple[str, tuple[int, Tree]]:
    name = item.get("vendorProductIdentifier") or item["buyerProductIdentifier"]
    return name, (item["availableQuantity"]["amount"], item)


def offer(file: File, book: Book, shelf: Shelf, stored: Stored, tree: Tree) -> None:
    """Want what is offered of what the warehouse says: by the site's rules."""
    reading, levels = file.reading, levels_in(tree)
    rules = reading.house.site.systems[reading.source.partner].rules
    if rules.idle:
        book.stock.want(file.account, shelf.code, levels, stored.id, file.number, file.at)
        return
    if rules.unseen and shelf.unseen is None:
        shelf.unseen = unseen(book, file.account, shelf.code)
    open_: Mapping[str, int] = shelf.unseen or {}
    steps = {sku: steps_of(rules, shelf.code, sku, said, open_.get(sku, 0)) for sku, (said, _) in levels.items()}
    offered = {sku: (level_of(steps[sku]), with_level(item, level_of(steps[sku]))) for sku, (_, item) in levels.items()}
    changed = {sku: some for sku, some in steps.items() if len(some) > 1}
    book.stock.want(file.account, shelf.code, offered, stored.id, file.number, file.at, changed)


def unseen(book: Book, account: str, warehouse: str) -> Counter[str]:
    """Count the units of each SKU in orders of a warehouse that its WMS has not taken yet."""
    found: Counter[str] = Counter()
    for stored in book.documents.open("order"):
        if (stored.account, stored.warehouse) == (account, warehouse):
            for item in at(stored.tree, "orderDetails.items", []):
                amount = at(item, "orderedQuantity.amount", 0)
                names = {item.get("vendorProductIdentifier"), item.get("buyerProductIdentifier")} - {None}
                for name in names:  # a level is known by one of them
                    found[name] += int(amount)
    return found


def with_level(item: Tree, amount: int) -> Tree:
    """Give an item with another level."""
    return {**item, "availableQuantity": {**item["availableQuantity"], "amount": amount}}
