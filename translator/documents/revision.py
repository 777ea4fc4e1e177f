"""An order that comes again: what moved, what must not have, and which of two values is the real one.

Orders are read again until they are closed, so most come back the same. Real values are never overwritten by Amazon's
x's (reference §12, reliability-security A9), a status never goes back, and what cannot change is held for a person.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from translator.core.document import Tree
from translator.core.tree import at, leaves, redacted
from translator.documents.kind import Revised, Revision
from translator.documents.lines import PRODUCT_NAMES, amount_ordered, line_key, lines_of
from translator.documents.types import personal

# How far each status is: a page read before a change may arrive after one read behind it. §4.4: CANCELLED comes only
# before shipping, so the two ends exclude each other.
_RANK: Final = {"NEW": 0, "ACCEPTED": 1, "SHIPPED": 2, "CANCELLED": 2}
_STATUS: Final = "orderDetails.orderStatus"
_FIXED: Final = ("orderDetails.shipFromParty.partyId", "orderDetails.sellingParty.partyId")


def revise(stored: Tree, arrived: Tree) -> Revised:
    """Say what it means that this order came again, and give the tree to keep."""
    if stored == arrived:  # as nearly always
        return Revised(Revision.SAME, stored)
    broken = _contradiction(stored, arrived)
    if broken:
        return Revised(Revision.CONTRADICTION, stored, broken)
    kept = _merged(stored, arrived, "")
    if _behind(stored, arrived):
        kept = {**kept, "orderDetails": {**kept["orderDetails"], "orderStatus": at(stored, _STATUS)}}
    if kept == stored:
        return Revised(Revision.SAME, stored)
    return Revised(Revision.NEWER, kept, _what_moved(stored, kept))


def _contradiction(stored: Tree, arrived: Tree) -> str:
    for path in _FIXED:
        if at(stored, path) and at(arrived, path) and at(stored, path) != at(arrived, path):
            return f"{path} differs: an order cannot be changed"
    if lines_of(arrived) and lines_of(stored) and _core(arrived) != _core(stored):
        return "the items differ: an order cannot be changed"
    was, now = _status(stored), _status(arrived)
    if {was, now} == {"SHIPPED", "CANCELLED"}:
        return f"was {was}, is {now}"
    return ""


def _core(order: Tree) -> dict[str, tuple[Any, ...]]:
    """Give of each line what was ordered: names and texts beside it may be withheld or worded anew."""
    return {
        line_key(line.get("itemSequenceNumber")): (*map(line.get, PRODUCT_NAMES), amount_ordered(line))
        for line in lines_of(order)
    }


def _behind(stored: Tree, arrived: Tree) -> bool:
    return _RANK.get(_status(arrived), 0) < _RANK.get(_status(stored), 0)


def _status(order: Tree) -> str:
    return str(at(order, _STATUS, ""))


def _merged(stored: Any, arrived: Any, path: str) -> Any:
    if isinstance(stored, dict) and isinstance(arrived, dict):
        return {name: _member(stored, arrived, name, f"{path}.{name}" if path else name) for name in stored | arrived}
    if path == "orderDetails.items" and isinstance(stored, list) and isinstance(arrived, list):
        return list(_merged_lines(stored, arrived, path))
    kept = redacted(arrived) and not redacted(stored) and personal("order", path)
    return stored if kept else arrived


def _member(stored: Tree, arrived: Tree, name: str, path: str) -> Any:
    if name not in arrived:
        return stored[name]
    return _merged(stored[name], arrived[name], path) if name in stored else arrived[name]


def _merged_lines(stored: list[Any], arrived: list[Any], path: str) -> Iterator[Any]:
    """Keep the order of lines; both sides have the same lines by now."""
    anew = {line_key(line.get("itemSequenceNumber")): line for line in arrived if isinstance(line, dict)}
    for line in stored:
        yield _merged(line, anew.get(line_key(line.get("itemSequenceNumber")), line), f"{path}[]")


def _what_moved(stored: Tree, kept: Tree) -> str:
    """Name the places, and the values of the status alone: others may be a person's."""
    was, now = at(stored, _STATUS, "?"), at(kept, _STATUS, "?")
    before = dict(leaves(stored))
    moved = [path for path, value in leaves(kept) if before.get(path) != value and not path.endswith("/orderStatus")]
    parts = ([f"orderStatus {was} → {now}"] if was != now else []) + moved[:5]
    return ", ".join(parts + (["…"] if len(moved) > 5 else []))
