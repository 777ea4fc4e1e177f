"""A shipment confirmation: the whole order shipped, in containers, or denied as a whole (reference §6.4).

Ship files tell it piece by piece: what several of them say of one order is gathered (`revise`) until every line is
complete (`lacking`), since Amazon takes one confirmation and no partial shipment. Then the order fills in what the
warehouse does not know (`complete`). Amounts are never trimmed: too many, too few, or of an unknown line is an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from translator.core.document import Document, Tree
from translator.core.finding import Finding, Severity, errors
from translator.core.private import shown
from translator.core.tree import at
from translator.documents.containers import containers_of, content_of, gathered, packed
from translator.documents.fields import PRODUCT, SHIPPING_PARTY, Fields, as_filled, party, quantity, under
from translator.documents.gathering import revise
from translator.documents.kind import Asked, FieldOf, Kind, Need, Operation
from translator.documents.lines import (
    amounts_ordered,
    by_key,
    each,
    number_of,
    parties_of,
    product_of,
)
from translator.documents.numbers import number_faults, order_faults
from translator.documents.packing import Stored, filled
from translator.documents.shipped_lines import entry_faults, items_told, numbered, total_faults
from translator.documents.types import coerce, fault, note, verify
from translator.documents.values import iso, moment

SHIPPED: Final = "SHIPPED"
DENIED: Final = "FLOOR_DENIAL"
SKEW: Final = timedelta(minutes=5)  # a warehouse's clock may be so fast: reliability-security §3.9, input 54

_COUNTED: Final = ("amount", "unitOfMeasure")

_CONTAINER: Final[Fields] = (
    FieldOf("containerType", "text", "what it is; Carton where not said", required=True, one_of=("Carton", "Pallet")),
    FieldOf("containerIdentifier", "text", "the warehouse's number of it", required=True),
    FieldOf("trackingNumber", "text", "the carrier's number of it"),
    FieldOf("manifestId", "text", "number of the carrier's list"),
    FieldOf("manifestDate", "text", "day of the carrier's list"),
    FieldOf("shipMethod", "text", "Amazon's code; the order's where not said"),
    FieldOf("scacCode", "text", "carrier by its SCAC: own carrier, North America"),
    FieldOf("carrier", "text", "carrier: own carrier, Europe"),
    FieldOf("containerSequenceNumber", "integer", "which of several packages of one item"),
    FieldOf("dimensions", "object", "its size"),
    FieldOf("dimensions.length", "decimal", "longest side", required=True),
    FieldOf("dimensions.width", "decimal", "second side", required=True),
    FieldOf("dimensions.height", "decimal", "third side", required=True),
    FieldOf("dimensions.unitOfMeasure", "text", "inches or centimetres", required=True, one_of=("IN", "CM")),
    FieldOf("weight", "object", "its weight", required=True),
    FieldOf("weight.unitOfMeasure", "text", "kilograms or pounds", required=True, one_of=("KG", "LB")),
    FieldOf("weight.value", "decimal", "how much", required=True),
    FieldOf("packedItems", "list", "what is in it", required=True),
    FieldOf("packedItems[].itemSequenceNumber", "integer", "number of the line", required=True),
    *under("packedItems[]", PRODUCT),
    FieldOf("packedItems[].pieceNumber", "integer", "which piece of an item that fills several containers"),
    *quantity("packedItems[].packedQuantity", "how many are in it", _COUNTED),
)

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
    *quantity("items[].shippedQuantity", "how many shipped", _COUNTED),
    FieldOf("containers", "list", "what it was packed in"),
    *under("containers[]", _CONTAINER),
)

# What `complete` gives from the order, or assumes and says so.
FILLED: Final = (
    "shipmentDetails.shipmentStatus",
    *("sellingParty", "sellingParty.partyId", "shipFromParty", "shipFromParty.partyId"),
    *("items", "items[].shippedQuantity.unitOfMeasure"),
    *("containers[].containerType", "containers[].containerIdentifier", "containers[].packedItems"),
    *("containers[].weight", "containers[].weight.value", "containers[].weight.unitOfMeasure"),
    "containers[].packedItems[].packedQuantity.unitOfMeasure",
)


def complete(document: Document, asked: Asked) -> Document:
    """Fill in parties, identifiers, sums and, where the warehouse says nothing, the declared fall-backs."""
    said, found = coerce("shipment_confirmation", document.tree)
    found += order_faults(document, asked, said)
    if asked.order is None or errors(found):
        return replace(document, findings=(*document.findings, *found))
    found += _cancelled(asked.order)
    tree = (_denied if denied(said) else _shipped)(said, asked, asked.order, found)
    return replace(document, tree=tree, findings=(*document.findings, *found))


def check(tree: Tree) -> list[Finding]:
    """Hold a completed confirmation against Amazon's model."""
    return [*number_faults(tree), *_weights(tree), *verify("shipment_confirmation", tree)]


def denied(tree: Tree) -> bool:
    """Tell whether the warehouse could not ship: then the whole order goes back."""
    return bool(at(tree, "shipmentDetails.shipmentStatus", SHIPPED) == DENIED)


def evidence(tree: Tree) -> str:
    """Give the order's status that proves that this confirmation took effect (reliability-security §2.2)."""
    return "CANCELLED" if denied(tree) else SHIPPED


def lacking(tree: Tree, order: Tree) -> list[str]:
    """Give the lines that are not complete yet. A container of unsaid content holds whatever is left."""
    said, _ = coerce("shipment_confirmation", tree)
    if denied(said):
        return []
    said, _ = numbered(said, order)
    there = _told(said)
    if not there or ("items" not in said and any(not content_of(one) for one in containers_of(said))):
        return []
    return [line for line, amount in amounts_ordered(by_key(order)).items() if there.get(line, 0) < amount]


def body(trees: Sequence[Tree]) -> Tree:
    """Wrap confirmations as submitShipmentConfirmations wants them."""
    return {"shipmentConfirmations": list(trees)}


def _shipped(said: Tree, asked: Asked, order: Tree, found: list[Finding]) -> Tree:
    lines = by_key(order)
    ordered = amounts_ordered(lines)
    said, faults = numbered(said, order)
    found += [*faults, *entry_faults(said, lines)]
    boxes, broken = gathered(containers_of(said))
    found += [fault("container-differs", why, "/containers") for why in broken]
    told = items_told(said)
    wanted = {line: amount for line, amount in told.items() if line in lines}
    containers, assumed = filled(boxes, wanted or ordered, Stored(order, lines), asked)
    there = packed(containers)
    found += [*assumed, *total_faults(there, told, ordered)]
    return {**_head(said, asked, order, found), "items": _items(there, lines), "containers": containers}


def _denied(said: Tree, asked: Asked, order: Tree, found: list[Finding]) -> Tree:
    """Deny all lines in their ordered quantity, as a reject does; what is packed contradicts that."""
    if any(amount > 0 for amount in packed(containers_of(said)).values()):
        hint = "if a line cannot be filled the whole order is denied: there are no partial shipments"
        found.append(fault("denied-but-packed", "a denied order has packed lines", "/containers", hint))
    lines = by_key(order)
    return {**_head(said, asked, order, found), "items": _items(amounts_ordered(lines), lines)}


def _head(said: Tree, asked: Asked, order: Tree, found: list[Finding]) -> Tree:
    details = {"shipmentStatus": SHIPPED, **said.get("shipmentDetails", {})}
    if "shippedDate" in details:
        details["shippedDate"] = _not_ahead(details["shippedDate"], asked, found)
    if "wms_order" in asked.kept:
        details.setdefault("vendorOrderNumber", asked.kept["wms_order"])
    return {"purchaseOrderNumber": number_of(order), "shipmentDetails": details, **parties_of(order, asked.vendor)}


def _not_ahead(shipped: str, asked: Asked, found: list[Finding]) -> str:
    """Amazon refuses a date in the future; clocks of two machines differ by a little (reference §6.4)."""
    ahead = moment(shipped) - asked.now
    path = "/shipmentDetails/shippedDate"
    if ahead <= timedelta(0):
        return shipped
    if ahead <= SKEW:
        found.append(note("shipped-date-clamped", f"{shown(shipped)} is a little ahead of our clock: now taken", path))
        return iso(asked.now)
    hint = "check the clock and the time zone of the warehouse"
    found.append(fault("shipped-date-future", f"{shown(shipped)} lies in the future", path, hint))
    return shipped


def _items(amounts: Mapping[str, int], lines: Mapping[str, Tree]) -> list[Tree]:
    return [_item(key, line, amounts[key]) for key, line in lines.items() if amounts.get(key)]


def _item(key: str, line: Tree, amount: int) -> Tree:
    number = int(key) if key.isdecimal() else key
    return {"itemSequenceNumber": number, **product_of(line), "shippedQuantity": each(amount)}


def _told(tree: Tree) -> dict[str, int]:
    """Count what is said to have shipped of each line: by the content of containers, by the items where some is unsaid."""
    containers = containers_of(tree)
    whole = containers and all(content_of(one) for one in containers)
    return packed(containers) if whole else {**items_told(tree), **packed(containers)}


def _cancelled(order: Tree) -> Iterator[Finding]:
    if at(order, "orderDetails.orderStatus") == "CANCELLED":
        text = "the order is cancelled at Amazon: a person decides"
        yield fault("order-cancelled", text, "/purchaseOrderNumber", severity=Severity.WARNING)


def _weights(tree: Tree) -> Iterator[Finding]:
    for n, container in enumerate(containers_of(tree)):
        if str(at(container, "weight.value", "")).startswith("-"):
            yield fault("weight-negative", "the weight is below nought", f"/containers/{n}/weight/value")


KIND: Final = Kind(
    name="shipment_confirmation",
    fields=as_filled(FIELDS, *FILLED),
    key=lambda tree: str(tree.get("purchaseOrderNumber", "")),
    help="what the warehouse shipped of an order, and in which containers",
    revise=revise,
    complete=complete,
    check=check,
    lacking=lacking,
    needs=(
        Need("order", "known", then="reject", seconds=24 * 3600),
        Need("acknowledgement", "accepted"),
    ),
    warehouse=lambda tree: str(at(tree, "shipFromParty.partyId", "")),
    operation=Operation(
        name="submitShipmentConfirmations",
        method="POST",
        path="/vendor/directFulfillment/shipping/2021-12-28/shipmentConfirmations",
        read_back=SHIPPED,
        body=body,
        evidence=evidence,
    ),
)
