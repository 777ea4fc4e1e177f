"""What a site says of its products: the tables of ASINs, of a warehouse's own items and their packs, and of kits.

Each table is a CSV file beside the mappings of its system: `tables/NAME.csv`. What contradicts itself is told with its line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from translator.config import words
from translator.config.site import System
from translator.core.alike import odd_letter
from translator.core.finding import Finding, Findings, Place, Severity
from translator.core.private import shown
from translator.documents.assortment import Assortment
from translator.mapping.layout import Table
from translator.mapping.overlay import Alone
from translator.mapping.strict import Entries, Keys, Node, Scalar
from translator.mapping.tables import read_table
from translator.mapping.words import names

MOST: Final = 1_000_000  # of a SKU in a pack, or in a kit
COLUMNS: Final = {"asins": ("SKU", "ASIN"), "items": ("ITEM", "SKU", "PACK"), "kits": ("KIT", "SKU", "QUANTITY")}
ALONE: Final = {"asins": ((0,),), "items": ((0,), (1, 2)), "kits": ((0, 1),)}  # what `products-twice` is about
Fetch = Callable[[str], bytes | None]
Row = tuple[Place, tuple[str, ...]]


def products(system: str, k: Keys) -> dict[str, str]:
    """Take `products`: the file of each table, under `mappings/`."""
    inner = k.keys("products", "in 'products'", names(words.PRODUCTS))
    if inner is None:
        return {}
    files = {kind: _file(system, name) for kind in COLUMNS if (name := inner.text(kind))}
    inner.done()
    return files


def assorted(systems: Mapping[str, System], site: Node, fetch: Fetch, findings: Findings) -> dict[str, System]:
    """Give the systems with what their tables of products say; what is wrong there is told."""
    listed = {system.text: said for system, said in _entries(site, "wms")}
    return {
        name: replace(system, assortment=_assortment(system.tables, listed[name], fetch, findings))
        if system.tables
        else system
        for name, system in systems.items()
    }


def _assortment(files: Mapping[str, str], system: Node, fetch: Fetch, findings: Findings) -> Assortment:
    places = {kind.text: kind.rule for kind, _ in _entries(system, "products")}
    rows = {kind: list(_rows(kind, file, places[kind], fetch, findings)) for kind, file in files.items()}
    asins, packs, kits = (rows.get(kind, []) for kind in COLUMNS)
    made = Assortment(_asins(asins, findings), _packs(packs, findings), _kits(kits, findings))
    _kits_in(made, kits, packs, findings)
    return made


def alone_in(site: Node) -> dict[str, Alone]:
    """Give the columns that only one row may have alike, of each table of products that a site names, by its file."""
    return {
        _file(system.text, name.text): ALONE[kind.text]
        for system, said in _entries(site, "wms")
        for kind, name in _entries(said, "products")
        if kind.text in ALONE and isinstance(name, Scalar)
    }


def _entries(node: Node, name: str) -> Iterable[tuple[Scalar, Node]]:
    inner = node.get(name) if isinstance(node, Entries) else None
    return inner if isinstance(inner, Entries) else ()


def _file(system: str, name: str) -> str:
    return f"{system}/tables/{name}.csv"


def _rows(kind: str, file: str, said: Place, fetch: Fetch, findings: Findings) -> Iterator[Row]:
    data = fetch(f"mappings/{file}")
    if data is None:
        _fault(findings, "products-missing", f"there is no file mappings/{file}", said)
        return
    read = Findings()
    table = read_table(file, file, data, read)
    findings.found.extend(read.found)
    if read.failed:
        return
    if len(table.columns) != len(COLUMNS[kind]):
        hint = f"its columns are {', '.join(COLUMNS[kind])}"
        _fault(findings, "products-columns", f"'{kind}' wants {len(COLUMNS[kind])} columns", Place(file, 1), hint)
        return
    yield from _checked(table, findings)


def _checked(table: Table, findings: Findings) -> Iterator[Row]:
    """Give the rows whose cells all hold something; warn of letters that can hardly be meant."""
    for line, row in zip(table.lines, table.rows, strict=True):
        rule = Place(table.rule.file, line)
        if not all(row):
            _fault(findings, "products-empty", "a cell is empty", rule)
            continue
        for cell in row:
            if odd := odd_letter(cell):
                text, hint = f"{shown(cell)} has {odd}", "type it anew: it fits only what is written so"
                findings.add(Finding("products-alike", text, rule=rule, hint=hint, severity=Severity.WARNING))
        yield rule, row


def _asins(rows: list[Row], findings: Findings) -> dict[str, str]:
    found: dict[str, str] = {}
    for rule, (sku, asin) in rows:
        if found.setdefault(sku, asin) != asin:
            _fault(findings, "products-twice", f"{shown(sku)} has two ASINs", rule, "keep one of the rows")
    return found


def _packs(rows: list[Row], findings: Findings) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    sizes: dict[tuple[str, int], str] = {}
    for rule, (item, sku, pack) in rows:
        made = sku, _whole(pack, rule, findings)
        if found.setdefault(item, made) != made:
            _fault(
                findings, "products-twice", f"item {shown(item)} stands twice", rule, "an item is one SKU, in one pack"
            )
        if sizes.setdefault(made, item) != item:
            hint = "nobody could tell by which of them the SKU is ordered"
            _fault(findings, "products-twice", f"{shown(sku)} has two items of {made[1]}", rule, hint)
    return found


def _kits(rows: list[Row], findings: Findings) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for rule, (kit, sku, quantity) in rows:
        parts = found.setdefault(kit, {})
        if sku in parts:
            _fault(
                findings,
                "products-twice",
                f"{shown(sku)} stands twice in kit {shown(kit)}",
                rule,
                "add its quantities up",
            )
        parts[sku] = _whole(quantity, rule, findings)
    return found


def _kits_in(made: Assortment, kits: list[Row], packs: list[Row], findings: Findings) -> None:
    for rule, (kit, sku, _) in kits:
        if sku in made.kits:
            hint = "list the components of the inner kit"
            _fault(findings, "products-kit", f"kit {shown(kit)} holds the kit {shown(sku)}", rule, hint)
    for rule, (item, sku, _) in packs:
        for name in {item, sku} & made.kits.keys():
            text = f"the kit {shown(name)} stands among the items"
            _fault(findings, "products-kit", text, rule, "a kit is made of its components: take one of the two away")


def _whole(text: str, rule: Place, findings: Findings) -> int:
    if text.isascii() and text.isdigit() and len(text) <= len(str(MOST)) and 0 < int(text) <= MOST:
        return int(text)
    _fault(findings, "products-number", f"{shown(text)} is no whole number from 1 to {MOST:,}", rule)
    return 1


def _fault(findings: Findings, code: str, text: str, rule: Place, hint: str = "") -> None:
    findings.add(Finding(code, text, rule=rule, hint=hint))
