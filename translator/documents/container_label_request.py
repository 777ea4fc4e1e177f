"""A request for the label of a pallet of packages (reference §6.3): about no order, and never repeated by itself.

Nothing at Amazon shows whether one was made, so that after an unknown outcome a person decides (reliability-security
§2.2): two requests may be two labels on one pallet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from translator.core.document import Document, Tree
from translator.core.finding import Finding
from translator.core.private import shown
from translator.core.tree import at
from translator.documents.container_label import named
from translator.documents.containers import entries
from translator.documents.fields import SHIPPING_PARTY, Fields, as_filled, party
from translator.documents.kind import Asked, FieldOf, Kind, Operation, Revised, Revision
from translator.documents.types import coerce, note, verify

CARRIER: Final = "SWA"  # the only one that Amazon has

FIELDS: Final[Fields] = (
    *party("sellingParty", SHIPPING_PARTY, "the vendor"),
    *party("shipFromParty", SHIPPING_PARTY, "the warehouse"),
    FieldOf("carrierId", "text", "the carrier; there is one", required=True, one_of=(CARRIER,)),
    FieldOf("vendorContainerId", "text", "the warehouse's number of the pallet", required=True),
    FieldOf("packages", "list", "what is on it", required=True),
    FieldOf("packages[].packageTrackingNumber", "text", "the carrier's number of a package", required=True),
)


def complete(document: Document, asked: Asked) -> Document:
    """Fill in the vendor and the carrier; a package that stands twice is on it once."""
    said, found = coerce("container_label_request", document.tree)
    seller = {"partyId": asked.vendor} if asked.vendor else said.get("sellingParty", {})
    tree = {"carrierId": CARRIER, **said, "sellingParty": seller}
    if isinstance(said.get("packages"), list):
        tree["packages"] = list(_once(said, found))
    return document.completed(tree, found)


def check(tree: Tree) -> list[Finding]:
    """Hold a completed request against Amazon's model."""
    return verify("container_label_request", tree)


def revise(stored: Tree, arrived: Tree) -> Revised:
    """Take the same packages for the same pallet; another load under its number is for a person."""
    if _load(stored) == _load(arrived):
        return Revised(Revision.SAME, stored)
    return Revised(Revision.CONTRADICTION, stored, "the pallet has other packages now")


def body(trees: Sequence[Tree]) -> Tree:
    """Give what createContainerLabel wants: one pallet a call."""
    (tree,) = trees
    return tree


def _once(said: Tree, found: list[Finding]) -> Iterator[Tree]:
    seen: set[str] = set()
    for n, package in enumerate(entries(said, "packages")):
        number = str(package.get("packageTrackingNumber", ""))
        if number in seen:
            found.append(note("package-twice", f"{shown(number)} stands again on this pallet", f"/packages/{n}"))
            continue
        seen.add(number)
        yield package


def _load(tree: Tree) -> set[str]:
    return {str(one.get("packageTrackingNumber", "")) for one in entries(tree, "packages")}


KIND: Final = Kind(
    name="container_label_request",
    fields=as_filled(FIELDS, "sellingParty", "sellingParty.partyId", "carrierId"),
    key=lambda tree: str(tree.get("vendorContainerId", "")),
    help="a request for the label of a pallet",
    revise=revise,
    complete=complete,
    check=check,
    warehouse=lambda tree: str(at(tree, "shipFromParty.partyId", "")),
    operation=Operation(
        name="createContainerLabel",
        method="POST",
        path="/vendor/directFulfillment/shipping/2021-12-28/containerLabel",
        repeat=False,
        body=body,
        brings="container_label",
        named=named,
    ),
)
