"""The products that Amazon is not told, or not under an ASIN: which, in which warehouse, and why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from translator.cli.behind.book import looking, site_at
from translator.config.site import Site, System
from translator.core.alike import look
from translator.ledger.book import Book

MOST = 10_000


def products_of(root: Path, shadow: Path | None = None) -> list[dict[str, Any]]:
    """Give a row for each product that something lacks for."""
    site = site_at(root, shadow)
    with looking(site) as book:
        site = site_at(root, shadow, book.lookups.laid())
        rows = [*_without_asin(site, book)]
        for system in site.systems.values():
            rows += _in_tables(system, book)
    return rows


def _without_asin(site: Site, book: Book) -> Iterator[dict[str, Any]]:
    """Give the SKUs of stock files that have no ASIN: Amazon may not know them."""
    for level in book.stock.without_asin(MOST):
        system = site.system_of(level.account, level.warehouse)
        table = system.assortment.asins if system else {}
        if "buyerProductIdentifier" in level.item or level.sku in table:
            continue
        known = book.products.alike(level.account, [look(level.sku)]).get(look(level.sku), "")
        other = (system.assortment.alike(level.sku) if system else "") or known
        why = "no ASIN is known: no order named it, no table does"
        why += f"; it looks like {other}, and is another" if other not in ("", level.sku) else ""
        yield _row(level.account, level.warehouse, level.sku, str(level.wanted), why)


def _in_tables(system: System, book: Book) -> Iterator[dict[str, Any]]:
    """Give the kits and components of which nothing can be offered, or not by themselves."""
    goods = system.assortment
    skus = {*goods.kits, *goods.users, *goods.items}
    asins = book.products.asins(system.account, skus).keys() | goods.asins.keys()
    for warehouse in system.warehouses if not goods.plain else ():
        counted = {found[0] for item in book.counts.of(system.account, warehouse) if (found := goods.counted(item))}
        for kit, parts in goods.kits.items():
            if lacking := sorted(parts.keys() - counted):
                why = f"a kit that is not offered: {', '.join(lacking)} was never counted"
                yield _row(system.account, warehouse, kit, "", why)
        for sku in sorted(goods.users.keys() - asins):
            yield _row(system.account, warehouse, sku, "", "offered in kits alone: no ASIN is known")


def _row(account: str, warehouse: str, sku: str, level: str, why: str) -> dict[str, Any]:
    return {"account": account, "warehouse": warehouse, "SKU": sku, "level": level, "why": why}
