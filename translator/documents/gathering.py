"""Ship files of one order, joined: the same again, more of it, or a contradiction."""

from __future__ import annotations

from typing import Final

from translator.core.document import Tree
from translator.core.finding import errors
from translator.core.tree import at
from translator.documents.containers import add, agree, amount_of, containers_of, gathered, joined, lines_joined, packed
from translator.documents.kind import Revised, Revision
from translator.documents.lines import line_key
from translator.documents.types import coerce
from translator.documents.values import moment

_STATUS: Final = "shipmentDetails.shipmentStatus"
_WIDEST: Final = "shipment_confirmation"  # it knows all the fields of a label request, too


def revise(stored: Tree, arrived: Tree) -> Revised:
    """Join what arrived to what is stored, so that nothing counts twice. What cannot be read is joined to nothing."""
    if stored == arrived:
        return Revised(Revision.SAME, stored)
    (said, faults), (now, more) = coerce(_WIDEST, stored), coerce(_WIDEST, arrived)
    if odd := errors([*more, *faults]):
        return Revised(Revision.CONTRADICTION, stored, odd[0].text)
    one, other = _gathered(said), _gathered(now)
    if at(one, _STATUS, "SHIPPED") != at(other, _STATUS, "SHIPPED"):
        return Revised(Revision.CONTRADICTION, stored, "one file says shipped, the other denied")
    containers, broken = joined(containers_of(one), containers_of(other))
    items, differ = lines_joined([*one.get("items", []), *other.get("items", [])], "shippedQuantity", agree)
    if broken or differ:
        return Revised(Revision.CONTRADICTION, stored, "; ".join([*broken, *differ]))
    kept = _with({**one, **other}, shipmentDetails=_details(one, other), items=items, containers=containers)
    if _undated(kept) == _undated(one):
        return Revised(Revision.SAME, stored)
    return Revised(Revision.MORE, kept)


def _gathered(said: Tree) -> Tree:
    """Give what one sender said with each container and line once, and without items that containers tell anyway."""
    containers, _ = gathered(containers_of(said))
    items, _ = lines_joined(said.get("items", []), "shippedQuantity", add)
    there = packed(containers)
    own = [item for item in items if there.get(_key(item)) != amount_of(item, "shippedQuantity")]
    return _with(said, items=own, containers=containers)


def _with(tree: Tree, **parts: Tree | list[Tree]) -> Tree:
    """Give the tree with these parts, and without those that hold nothing."""
    kept = {name: part for name, part in tree.items() if name not in parts}
    return kept | {name: part for name, part in parts.items() if part}


def _key(item: Tree) -> str:
    return line_key(item.get("itemSequenceNumber", ""))


def _details(one: Tree, other: Tree) -> Tree:
    """Take the newest word on each detail, and the latest date: the order has left when its last container has."""
    was, now = one.get("shipmentDetails", {}), other.get("shipmentDetails", {})
    dates = [details["shippedDate"] for details in (was, now) if "shippedDate" in details]
    return {**was, **now, **({"shippedDate": max(dates, key=moment)} if dates else {})}


def _undated(tree: Tree) -> Tree:
    """Leave the date away: a file that only comes again later says nothing new."""
    details = {name: part for name, part in tree.get("shipmentDetails", {}).items() if name != "shippedDate"}
    return {**tree, "shipmentDetails": {**details, "dated": "shippedDate" in tree.get("shipmentDetails", {})}}
