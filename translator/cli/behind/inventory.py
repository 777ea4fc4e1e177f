"""The stock of each warehouse as Amazon was told it, and the stock files that wait to be approved, with what they would do."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from translator.cli import say
from translator.cli.behind.book import ground_at, looking
from translator.documents.stock_rules import written
from translator.ledger.stock import Level, Shelf
from translator.stations.snapshots import held


def inventory_of(root: Path, shadow: Path | None = None) -> dict[str, Any]:
    """Give the warehouses, and the held files with what each would do to its warehouses."""
    with looking(ground_at(root, shadow)) as book:
        held_ = [_file(int(work.subject), work.id, detail) for work, detail in held(book)]
        return {"warehouses": [_shelf(one) for one in book.stock.shelves()], "held": held_}


def levels_of(root: Path, sku: str) -> list[dict[str, Any]]:
    """Give how the level of a SKU was made in each warehouse, and how it stands at Amazon."""
    with looking(ground_at(root, None)) as book:
        return [
            {
                "account": level.account,
                "warehouse": level.warehouse,
                "sku": level.sku,
                "sum": written(level.steps or [("WMS", level.wanted)]),
                "steps": level.steps or [("WMS", level.wanted)],
                "wanted": level.wanted,
                "accepted": level.accepted,
                "stands": _stands(level),
                "said": say.moment(level.at),
            }
            for level in book.stock.everywhere(sku)
        ]


def _stands(level: Level) -> str:
    if level.part is not None:
        return f"{level.sent} is on its way to Amazon"
    if level.accepted == level.wanted:
        return "Amazon accepted it"
    if level.refused and level.sent == level.wanted:
        return f"Amazon refused {level.sent}"
    if level.refused:  # and never sent so
        has = "nothing" if level.accepted is None else level.accepted
        return f"Amazon has {has}: it waits until a file says one level, not two"
    return "it waits to be sent" if level.accepted is None else f"Amazon has {level.accepted}: it waits to be sent"


def print_inventory(found: Mapping[str, Any]) -> None:
    """Print it for a person."""
    shelves = found["warehouses"]
    if not shelves:
        say.line("no stock file was read")
    else:
        say.table("stock", list(shelves[0]), ([str(value) for value in row.values()] for row in shelves))
    for file in found["held"]:
        say.line(f"\n{file['file']} (file {file['number']}) is held:")
        for code, told in file["warehouses"].items():
            _print_change(code, told)
        say.line(f"translator approve {file['number']} lets it go on, translator reject {file['row']} gives it up")


def _print_change(code: str, told: Mapping[str, Any]) -> None:
    for why in told["why"]:
        say.line(f"  {code}: {why}")
    rows = ([sku, str(before), str(after)] for sku, before, after in told["most"])
    say.table(f"  {code}: what changes most", ["SKU", "at Amazon", "would be"], rows)


def _file(number: int, row: int, detail: Mapping[str, Any]) -> dict[str, Any]:
    return {"number": number, "row": row, "file": detail["file"], "warehouses": detail["warehouses"]}


def _shelf(one: Shelf) -> dict[str, Any]:
    return {
        "account": one.account,
        "warehouse": one.warehouse,
        "SKUs": one.skus,
        "units": one.units,
        "to send": one.differing,
        "in flight": one.in_flight,
        "refused": one.refused,
        "newest level": say.moment(one.at),
    }
