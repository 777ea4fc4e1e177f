"""A warehouse's stock file beside the levels in the ledger: read by the site's own mapping, and stored nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from translator.config.site import Site, System
from translator.core.finding import Finding, Misconfigured, Rejected, errors
from translator.core.ports import Clock
from translator.core.tree import at
from translator.documents.assortment import PLAIN
from translator.documents.inventory_update import by_asin, item_name
from translator.documents.types import coerce
from translator.ledger.book import Book
from translator.ledger.stock import Level
from translator.mapping.context import Frozen
from translator.translation import Translation, read

KIND: Final = "inventory_update"
MOST: Final = 64_000_000  # bytes of a stock file
AT_ONCE: Final = 1_000  # SKUs


def stock_compared(site: Site, book: Book, clock: Clock, files: Mapping[str, Path]) -> Iterator[dict[str, str]]:
    """Give each SKU on which a file and the ledger, or the ledger and Amazon, do not agree. Raises Rejected."""
    for name, path in files.items():
        system = site.systems[name]
        for warehouse, amounts in _levels(_mapping(site, system), system, path, clock).items():
            yield from _shelf(book, system, warehouse, amounts)


def _shelf(book: Book, system: System, warehouse: str, amounts: Mapping[str, int]) -> Iterator[dict[str, str]]:
    skus = sorted(amounts)
    for first in range(0, len(skus), AT_ONCE):
        some = skus[first : first + AT_ONCE]
        known = book.stock.of(system.account, warehouse, some)
        by_name = by_asin(book.products.skus(system.account, set(some) - known.keys()))
        named = book.stock.of(system.account, warehouse, by_name.values())  # the file says the ASIN alone
        for sku in some:
            if told := _told(amounts[sku], known.get(sku) or named.get(by_name.get(sku, ""))):
                yield _row(system, warehouse, sku, told)


def _mapping(site: Site, system: System) -> Translation:
    names = (f"{system.name}/{mapping}" for out_of in system.from_.values() for mapping in out_of.mappings)
    found = next((site.translations[name] for name in names if KIND in site.translations[name].file.kinds), None)
    if found is None or system.assortment is not PLAIN:
        text = f"{system.name} has no mapping that reads {KIND} by Amazon's own SKUs"
        raise Misconfigured(
            [Finding("compare-stock", text, hint="list one under 'from'; with `products` none can be used")]
        )
    return found


def _levels(made: Translation, system: System, path: Path, clock: Clock) -> dict[str, dict[str, int]]:
    with path.open("rb") as file:
        data = file.read(MOST + 1)
    if len(data) > MOST:
        raise Rejected([Finding("list-large", f"more than {MOST:,} bytes")])
    found: dict[str, dict[str, int]] = {}
    context = Frozen(clock.now(), settings=system.settings, zones=system.warehouses)
    for document in read(made, [data], path.name, context):
        said, odd = coerce(KIND, document.tree)
        if faults := errors([*document.findings, *odd]):
            raise Rejected(faults)
        shelf = found.setdefault(said.get("warehouseId", ""), {})
        for item in said.get("items", []):
            shelf[item_name(item)] = at(item, "availableQuantity.amount", 0)
    return found


def _told(amount: int, level: Level | None) -> tuple[str, str, str] | None:
    if level is None:
        return "stock unknown here", str(amount), ""
    if level.said != amount:
        return "stock differs", str(amount), str(level.said)
    if level.accepted != level.wanted and level.part is None:
        has = "nothing" if level.accepted is None else str(level.accepted)
        return "stock not at Amazon", f"{has} at Amazon", f"{level.wanted} to be offered"
    return None


def _row(system: System, warehouse: str, sku: str, told: tuple[str, str, str]) -> dict[str, str]:
    what, there, here = told
    about = {"side": system.name, "account": system.account, "warehouse": warehouse, "about": sku}
    return {**about, "what": what, "there": there, "here": here, "clock": "", "due": ""}
