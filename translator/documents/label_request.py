"""A request for Amazon's label of an order, on the day it ships (reference §6.1): one box, or the boxes that were packed.

Saying nothing is one box: then no containers go along. A pack file tells several, maybe in several files: they are
gathered as ship files are. createShippingLabels brings the label in its answer; where Amazon refuses that, the same
request goes by submitShippingLabelRequest (`asynchronous`), and the label is fetched. After the confirmation Amazon
refuses both, so that is told before anything is sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import quote

from translator.core import jsontext
from translator.core.document import Document, Tree
from translator.core.finding import Finding, errors
from translator.core.tree import at
from translator.documents.containers import container_name, containers_of, gathered
from translator.documents.fields import CONTAINER, CONTAINER_FILLED, SHIPPING_PARTY, Fields, as_filled, party, under
from translator.documents.gathering import revise
from translator.documents.kind import Asked, FieldOf, Follow, Kind, Need, Operation
from translator.documents.lines import number_of, parties_of
from translator.documents.numbers import cancelled, number_faults, order_faults
from translator.documents.packing import boxed
from translator.documents.portions import imploded, seen
from translator.documents.shipped_lines import lines_lacking, weight_faults
from translator.documents.types import coerce, fault, verify

ASYNCHRONOUS: Final = "/vendor/directFulfillment/shipping/2021-12-28/shippingLabels"
SETTLE: Final = 120.0  # createShippingLabels answers in seconds (reliability-security §2.2)
BELIEVED: Final = 1800.0  # the asynchronous way takes up to 15 minutes; after 30 Amazon wants a case (reference §6.1)

FIELDS: Final[Fields] = (
    FieldOf("purchaseOrderNumber", "text", "Amazon's number of the order", required=True),
    *party("sellingParty", SHIPPING_PARTY, "the vendor"),
    *party("shipFromParty", SHIPPING_PARTY, "the warehouse"),
    FieldOf("containers", "list", "the boxes; one box where left out"),
    *under("containers[]", CONTAINER),
)

# What `complete` gives from the order, or assumes and says so.
FILLED: Final = (
    *("purchaseOrderNumber", "sellingParty", "sellingParty.partyId", "shipFromParty", "shipFromParty.partyId"),
    *CONTAINER_FILLED,
)


def complete(document: Document, asked: Asked) -> Document:
    """Fill in the parties and, where boxes are told, what the warehouse does not say of them."""
    said, found = coerce("label_request", document.tree)
    found += order_faults(document, asked, said)
    if asked.order is None or errors(found):
        return document.completed(document.tree, found)
    found += [*cancelled(asked.order), *_late(asked)]
    tree: Tree = {"purchaseOrderNumber": number_of(asked.order), **parties_of(asked.order, asked.vendor)}
    if containers_of(said):
        tree["containers"] = boxed(said, asked, seen(asked.order, asked.portions), found)
    return document.completed(imploded(tree, asked.portions, asked.order), found)


def check(tree: Tree) -> list[Finding]:
    """Hold a completed request against Amazon's model."""
    return [*number_faults(tree), *weight_faults(tree), *verify("label_request", tree)]


def lacking(tree: Tree, order: Tree) -> list[str]:
    """Give the lines that are not packed yet, where boxes are told at all."""
    return lines_lacking("label_request", tree, order)


def body(trees: Sequence[Tree]) -> Tree:
    """Give what createShippingLabels wants: the number stands in the path."""
    (tree,) = trees
    return {name: part for name, part in tree.items() if name != "purchaseOrderNumber"}


def path_of(tree: Tree) -> str:
    """Give the path with the order's number in it."""
    return f"{ASYNCHRONOUS}/{quote(str(tree.get('purchaseOrderNumber', '')), safe='')}"


def boxes(tree: Tree) -> list[str]:
    """Give the names of the boxes that a request as it was read tells, in their order (`Asked.packed`)."""
    return [container_name(box) for box in gathered(containers_of(coerce("label_request", tree)[0]))[0]]


def asynchronous(body: bytes, number: str) -> bytes:
    """Give the same request as submitShippingLabelRequest wants it."""
    one = {"purchaseOrderNumber": number, **jsontext.decode(body)}
    return jsontext.encode({"shippingLabelRequests": [one]})


def _late(asked: Asked) -> Iterator[Finding]:
    if asked.confirmed is not None:
        hint = "give it up: translator reject"
        text = "the shipment is confirmed: Amazon makes no label any more"
        yield fault("already-confirmed", text, "/purchaseOrderNumber", hint)


KIND: Final = Kind(
    name="label_request",
    fields=as_filled(FIELDS, *FILLED),
    key=lambda tree: str(tree.get("purchaseOrderNumber", "")),
    help="a request for the label that Amazon makes, with the boxes where there are several",
    revise=revise,
    complete=complete,
    check=check,
    lacking=lacking,
    needs=(Need("acknowledgement", "accepted"),),
    follows=(Follow("accepted", "shipping_label", how="fetch"),),
    warehouse=lambda tree: str(at(tree, "shipFromParty.partyId", "")),
    operation=Operation(
        name="createShippingLabels",
        method="POST",
        path=ASYNCHRONOUS + "/{purchaseOrderNumber}",
        body=body,
        path_of=path_of,
        settle=SETTLE,
        believed=BELIEVED,
        brings="shipping_label",
        otherwise=ASYNCHRONOUS,
    ),
)
