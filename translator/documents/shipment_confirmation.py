"""A shipment confirmation: the whole order shipped, in containers, or denied as a whole (reference §6.4).

Ship files tell it piece by piece: what several of them say of one order is gathered (`revise`) until every line is
complete (`lacking`), since Amazon takes one confirmation and no partial shipment. Then the order fills in what the
warehouse does not know (`complete`). Amounts are never trimmed: too many, too few, or of an unknown line is an error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from translator.core.document import Document, Tree
from translator.core.finding import Finding, errors
from translator.core.tree import at
from translator.documents.carriers import carried
from translator.documents.clock import not_ahead
from translator.documents.containers import containers_of, packed
from translator.documents.corrected import corrections
from translator.documents.fields import (
    CONTAINER,
    CONTAINER_FILLED,
    COUNTED,
    PRODUCT,
    SHIPPING_PARTY,
    Fields,
    as_filled,
    party,
    quantity,
    under,
)
from translator.documents.gathering import revise
from translator.documents.kind import Asked, FieldOf, Follow, Kind, Need, Operation
from translator.documents.labelled import labelled
from translator.documents.lines import (
    amounts_ordered,
    by_key,
    each,
    number_of,
    parties_of,
    product_of,
)
from translator.documents.numbers import cancelled, number_faults, order_faults
from translator.documents.packing import boxed
from translator.documents.portions import imploded, seen
from translator.documents.shipped_lines import lines_lacking, weight_faults
from translator.documents.shipped_plainly import plainly
from translator.documents.types import coerce, fault, verify

SHIPPED: Final = "SHIPPED"
DENIED: Final = "FLOOR_DENIAL"

FIELDS: Final[Fields] = (
    FieldOf("purchaseOrderNumber", "text", "Amazon's number of the order", required=True),
    FieldOf("shipmentDetails", "object", "what happened, and when", required=True),
    FieldOf("shipmentDetails.shippedDate", "datetime", "when it left, never in the future", required=True),
    FieldOf("shipmentDetails.shipmentStatus", "text", "shipped or denied", required=True, one_of=(SHIPPED, DENIED)),
    FieldOf("shipmentDetails.isPriorityShipment", "boolean", "was shipped first"),
    FieldOf("shipmentDetails.vendorOrderNumber", "text", "the vendor's own number of the order"),
    FieldOf("shipmentDetails.estimatedDeliveryDate", "datetime", "when it should arrive"),
    *party("sellingParty", SHIPPING_PARTY, "the vendor"),
    *party("shipFromParty", SHIPPING_PARTY, "the warehouse"),
    FieldOf("items", "list", "every line of the order; counted from the containers where left out", required=True),
    FieldOf("items[].itemSequenceNumber", "integer", "number of the line", required=True),
    *under("items[]", PRODUCT),
    *quantity("items[].shippedQuantity", "how many shipped", COUNTED),
    FieldOf("containers", "list", "what it was packed in"),
    *under("containers[]", CONTAINER),
)

# What `complete` gives from the order, or assumes and says so.
FILLED: Final = (
    "shipmentDetails.shipmentStatus",
    *("sellingParty", "sellingParty.partyId", "shipFromParty", "shipFromParty.partyId"),
    *("items", "items[].shippedQuantity.unitOfMeasure"),
    *CONTAINER_FILLED,
)


def complete(document: Document, asked: Asked) -> Document:
    """Fill in parties, identifiers, sums and, where the warehouse says nothing, the declared fall-backs."""
    said, found = coerce("shipment_confirmation", document.tree)
    found += order_faults(document, asked, said)
    if asked.order is None or errors(found):
        return document.completed(document.tree, found)
    found += cancelled(asked.order)
    tree = _denied(said, asked, asked.order, found) if denied(said) else _told(said, asked, asked.order, found)
    found += corrections(asked.confirmed, tree)
    return document.completed(tree, found)


def check(tree: Tree) -> list[Finding]:
    """Hold a completed confirmation against Amazon's model."""
    return [*number_faults(tree), *weight_faults(tree), *verify("shipment_confirmation", tree)]


def denied(tree: Tree) -> bool:
    """Tell whether the warehouse could not ship: then the whole order goes back. As it was read, in any case of letters."""
    return str(at(tree, "shipmentDetails.shipmentStatus", SHIPPED)).upper() == DENIED


def evidence(tree: Tree) -> str:
    """Give the order's status that proves that this confirmation took effect (reliability-security §2.2)."""
    return "CANCELLED" if denied(tree) else SHIPPED


def lacking(tree: Tree, order: Tree) -> list[str]:
    """Give the lines that are not complete yet. A container of unsaid content holds whatever is left."""
    return [] if denied(tree) else lines_lacking("shipment_confirmation", tree, order)


def body(trees: Sequence[Tree]) -> Tree:
    """Wrap confirmations as submitShipmentConfirmations wants them."""
    return {"shipmentConfirmations": list(trees)}


def _told(said: Tree, asked: Asked, order: Tree, found: list[Finding]) -> Tree:
    """Complete what the warehouse says of its own lines, and give it as Amazon's."""
    return imploded(_shipped(said, asked, seen(order, asked.portions), found), asked.portions, order)


def _shipped(said: Tree, asked: Asked, order: Tree, found: list[Finding]) -> Tree:
    method = str(at(order, "orderDetails.shipmentDetails.shipMethod", ""))
    containers = boxed(_labelled(said, asked, order, found), asked, order, found, method)
    items = _items(packed(containers), by_key(order))
    containers = carried(containers, asked, found) if asked.own_carrier else containers
    return {**_head(said, asked, order, found), "items": items, "containers": containers}


def _labelled(said: Tree, asked: Asked, order: Tree, found: list[Finding]) -> Tree:
    if not asked.labels:
        return said
    whole = not lines_lacking("shipment_confirmation", said, order)
    return labelled(said, asked, whole=whole, found=found)


def _denied(said: Tree, asked: Asked, order: Tree, found: list[Finding]) -> Tree:
    """Deny all lines in their ordered quantity, as a reject does; what is packed contradicts that."""
    if any(amount > 0 for amount in packed(containers_of(said)).values()):
        hint = "if a line cannot be filled the whole order is denied: mend the file, or translator deny"
        found.append(fault("denied-but-packed", "a denied order has packed lines", "/containers", hint))
    lines = by_key(order)
    return {**_head(said, asked, order, found), "items": _items(amounts_ordered(lines), lines)}


def _head(said: Tree, asked: Asked, order: Tree, found: list[Finding]) -> Tree:
    details = {"shipmentStatus": SHIPPED, **said.get("shipmentDetails", {})}
    if "shippedDate" in details:
        path = "/shipmentDetails/shippedDate"
        details["shippedDate"] = not_ahead(details["shippedDate"], asked.now, path, "shipped-date", found)
    if "wms_order" in asked.kept:
        details.setdefault("vendorOrderNumber", asked.kept["wms_order"])
    return {"purchaseOrderNumber": number_of(order), "shipmentDetails": details, **parties_of(order, asked.vendor)}


def _items(amounts: Mapping[str, int], lines: Mapping[str, Tree]) -> list[Tree]:
    return [_item(key, line, amounts[key]) for key, line in lines.items() if amounts.get(key)]


def _item(key: str, line: Tree, amount: int) -> Tree:
    number = int(key) if key.isdecimal() else key
    return {"itemSequenceNumber": number, **product_of(line), "shippedQuantity": each(amount)}


KIND: Final = Kind(
    name="shipment_confirmation",
    fields=as_filled(FIELDS, *FILLED),
    key=lambda tree: str(tree.get("purchaseOrderNumber", "")),
    help="what the warehouse shipped of an order, and in which containers",
    revise=revise,
    complete=complete,
    plainly=plainly,
    check=check,
    lacking=lacking,
    needs=(
        Need("order", "known", then="reject", seconds=24 * 3600),
        Need("acknowledgement", "accepted"),
        Need("shipping_label", "known", where="label", unless=denied),
    ),
    warehouse=lambda tree: str(at(tree, "shipFromParty.partyId", "")),
    follows=(Follow("accepted", "invoice", where="billed"),),
    operation=Operation(
        name="submitShipmentConfirmations",
        method="POST",
        path="/vendor/directFulfillment/shipping/2021-12-28/shipmentConfirmations",
        read_back=SHIPPED,
        body=body,
        evidence=evidence,
    ),
)
