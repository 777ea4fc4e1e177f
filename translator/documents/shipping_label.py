"""A label that Amazon made for an order: one picture per package, PNG or ZPL, checked before it comes near a printer.

The newest label counts: Amazon may change tracking number and ship method each time one is asked for (reference §6.1),
and the confirmation must carry those of the newest. `moved` says what a new one changes, so that a station can alarm
where the old one may be on a carton already.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from translator.core.document import Tree
from translator.core.finding import Finding
from translator.core.private import shown
from translator.core.tree import at
from translator.documents.bodies import Taken, held, taken, weighed
from translator.documents.containers import entries
from translator.documents.content import content_faults
from translator.documents.fields import SHIPPING_PARTY, Fields, party
from translator.documents.kind import Fetch, FieldOf, Kind, Need, Revised, Revision
from translator.documents.numbers import number_faults
from translator.documents.types import fault, verify

FORMATS: Final = ("PNG", "ZPL")  # chosen when the vendor was set up, never per call (reference §6.1)

FIELDS: Final[Fields] = (
    FieldOf("purchaseOrderNumber", "text", "Amazon's number of the order", required=True),
    *party("sellingParty", SHIPPING_PARTY, "the vendor"),
    *party("shipFromParty", SHIPPING_PARTY, "the warehouse"),
    FieldOf("labelFormat", "text", "picture, or a printer's commands", required=True, one_of=FORMATS),
    FieldOf("labelData", "list", "one entry per package", required=True),
    FieldOf("labelData[].packageIdentifier", "text", "which package"),
    FieldOf("labelData[].trackingNumber", "text", "the carrier's number of it"),
    FieldOf("labelData[].shipMethod", "text", "Amazon's code, to be confirmed as it is"),
    FieldOf("labelData[].shipMethodName", "text", "the same in words"),
    FieldOf("labelData[].content", "text", "the label itself, in Base64", required=True, personal=True),
)

_VITAL: Final = re.compile(r"/purchaseOrderNumber|/labelData(/[0-9]+)?")
_TOLD: Final = re.compile(r"/labelData|/labelData/[0-9]+/content")  # with a code of their own
_WATCHED: Final = (("trackingNumber", "tracking number"), ("shipMethod", "ship method"), ("content", "picture"))


def split(body: Any) -> Taken:
    """Give the labels of a getShippingLabel(s) or createShippingLabels body, each with what is wrong."""
    return taken(held(body, "shipping_label", "shippingLabels", ("purchaseOrderNumber", "labelData")), check)


def check(tree: Tree) -> list[Finding]:
    """Find what is wrong with a label: errors where it must not be printed."""
    of_model = (one for one in verify("shipping_label", tree) if not (one.data and _TOLD.fullmatch(one.data.path)))
    return [*number_faults(tree), *weighed(of_model, _VITAL), *_label_faults(tree)]


def packages(tree: Tree) -> list[Tree]:
    """Give the packages of a label without their pictures: what a confirmation asks of it (`Asked.labels`)."""
    return [{name: one[name] for name in one if name != "content"} for one in entries(tree, "labelData")]


def moved(stored: Tree, arrived: Tree) -> dict[str, tuple[str, ...]]:
    """Say what a new label changes, by package; "" is all of them: their number."""
    was, now = entries(stored, "labelData"), entries(arrived, "labelData")
    if len(was) != len(now):
        return {"": ("packages",)}
    pairs = enumerate(zip(was, now, strict=True), start=1)
    found = {_name(n, after): tuple(_differ(before, after)) for n, (before, after) in pairs}
    return {name: words for name, words in found.items() if words}


def revise(stored: Tree, arrived: Tree) -> Revised:
    """Take the same packages, numbers, methods and pictures for the same label; else the newer counts."""
    changed = moved(stored, arrived)
    if not changed:
        return Revised(Revision.SAME, stored)
    reason = "; ".join(f"{', '.join(words)}{f' of package {name}' if name else ''}" for name, words in changed.items())
    return Revised(Revision.NEWER, arrived, f"{reason} changed")


def _differ(before: Tree, after: Tree) -> Iterator[str]:
    for name, word in _WATCHED:
        if before.get(name) != after.get(name):
            yield word


def _name(n: int, package: Tree) -> str:
    return shown(package.get("packageIdentifier", n), 20)


def _label_faults(tree: Tree) -> Iterator[Finding]:
    found = entries(tree, "labelData")
    if not found:
        yield fault("label-none", "no label is in it", "/labelData", "it may come later: it is asked for again")
    for n, package in enumerate(found):
        yield from content_faults("label", package.get("content"), f"/labelData/{n}/content", _forms(tree))


def _forms(tree: Tree) -> Sequence[str]:
    """Give the form that was said, where it is one that Amazon has."""
    said = str(tree.get("labelFormat", "")).upper()
    return (said,) if said in FORMATS else FORMATS


KIND: Final = Kind(
    name="shipping_label",
    fields=FIELDS,
    key=lambda tree: str(tree.get("purchaseOrderNumber", "")),
    help="the label of each package of an order, made by Amazon",
    split=split,
    revise=revise,
    check=check,
    needs=(Need("order", "sent"),),
    warehouse=lambda tree: str(at(tree, "shipFromParty.partyId", "")),
    fetch=Fetch("getShippingLabel", "getShippingLabels", "shipping", "shippingLabels", "shippingLabels"),
    open=True,
)
