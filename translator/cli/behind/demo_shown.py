"""How the demo shows what happened to each order: a table, the answers, and where to look."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from translator.cli.behind.demo import STEPS, as_planned


def show(report: dict[str, Any], root: Path) -> None:
    """Print what happened to each order, and where its files lie."""
    console = Console(width=None if sys.stdout.isatty() else 150)
    table = Table(title="what happened to each order", caption="times: seconds after the order was known")
    for heading in ("order", "WMS", "file", *(_heading(step) for step in STEPS), "end", "planned"):
        table.add_column(heading, no_wrap=heading in ("order", "end"))
    for order in report["orders"]:
        words = (order["purchaseOrderNumber"], order["wms"], order["file"], *_seconds(order["steps"]))
        table.add_row(*words, order["end"], order["planned"])
    console.print(table)
    for answer in report["answers"]:
        console.print(f"answer to {answer['wms']}: {answer['file']}", highlight=False)
        console.print(answer["text"].rstrip(), style="dim", highlight=False, markup=False)
    if report["labels"]:
        console.print(
            f"labels and packing slips: {len(report['labels'])}, such as {report['labels'][0]}", highlight=False
        )
    for code, level in report["inventory"].items():
        console.print(f"inventory of {code}: {level['skus']} SKUs at Amazon")
    console.print(
        f"what each warehouse got and gave: {root}/wms   what Amazon got: {root}/amazon.json", highlight=False
    )
    console.print(
        f"the site (translator.yaml, mappings, ledger.db): {root}/site   its log: {root}/service.log", highlight=False
    )
    console.print("every order ended as planned" if as_planned(report) else "[bold]NOT every order ended as planned")


def _heading(step: str) -> str:
    return {"acknowledgement_accepted": "acknowledged", "confirmation_accepted": "confirmed"}.get(step, step)


def _seconds(steps: dict[str, str]) -> list[str]:
    known = datetime.fromisoformat(steps["known"]) if "known" in steps else None
    return [
        f"{(datetime.fromisoformat(steps[step]) - known).total_seconds():.1f}" if known and step in steps else ""
        for step in STEPS
    ]
