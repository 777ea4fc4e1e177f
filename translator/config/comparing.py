"""When a site has Amazon, the ledger and its warehouses compared, with which lists, and where the result is laid."""

from __future__ import annotations

from collections.abc import Collection
from datetime import time
from pathlib import Path

from translator.config import words
from translator.config.site import Comparing
from translator.config.times import hour
from translator.config.warehouses import zone_of
from translator.mapping.strict import Keys
from translator.mapping.words import names


def comparing(root: Path, top: Keys, systems: Collection[str]) -> Comparing | None:
    """Take `compare`; None: the site gives no hour for it."""
    inner = top.keys("compare", "in 'compare'", names(words.COMPARE))
    if inner is None:
        return None
    inner.required("at")
    zone, table = inner.node("zone"), inner.text("csv")
    made = Comparing(
        at=hour(inner, "at", time(0)),
        zone=zone_of(inner, zone) if zone else "UTC",
        table=root / table if table else None,
        open=_lists(root, inner, "open", systems),
        stock=_lists(root, inner, "stock", systems),
    )
    inner.done()
    return made


def _lists(root: Path, k: Keys, name: str, systems: Collection[str]) -> dict[str, Path]:
    entries = k.mapping(name)
    found: dict[str, Path] = {}
    for key, node in entries or ():
        if key.text not in systems:
            k.fault("site-name", f"no warehouse system '{key.text}'", key.rule, f"known: {', '.join(systems)}")
        found[key.text] = root / k.scalar(node, key.text)
    return found
