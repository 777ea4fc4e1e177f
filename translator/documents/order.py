"""An order: split out of a page of Amazon's or read from another system's file, checked, compared when it comes again.

Orders cannot be changed once placed (guide, Orders): only their status moves, and customer data may come later as x's.
Trees stay as they came, less nulls and empties; fields we do not know survive. An order whose number could climb out of
a folder, or that lacks what everything else stands on, has an error in `check`; its neighbours come all the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from translator.core.document import Document, Tree
from translator.core.finding import Finding
from translator.core.private import shown
from translator.core.tree import at, pruned
from translator.documents.bodies import Taken, held, weighed
from translator.documents.fields import (
    ADDRESS,
    ORDER_PARTY,
    PRODUCT,
    Fields,
    as_filled,
    as_personal,
    money,
    party,
    quantity,
    receiver,
    taxes,
    under,
)
from translator.documents.kind import Asked, Fetch, FieldOf, Follow, Kind
from translator.documents.lines import amount_ordered, lines_of
from translator.documents.model import fits
from translator.documents.revision import revise
from translator.documents.types import coerce, fault, verify

NUMBER: Final = re.compile(r"[A-Za-z0-9]{1,32}")  # reliability-security §3.9, input 1: it becomes part of a file name

_STATUSES: Final = ("NEW", "SHIPPED", "ACCEPTED", "CANCELLED")

_SHIPMENT: Final[Fields] = (
    FieldOf("isPriorityShipment", "boolean", "to be shipped first", required=True),
    FieldOf("isScheduledDeliveryShipment", "boolean", "delivered by appointment"),
    FieldOf("isPslipRequired", "boolean", "enclose Amazon's packing slip", required=True),
    FieldOf("isGift", "boolean", "a gift: its words and wrapping stand with the items"),
    FieldOf("shipMethod", "text", "Amazon's code of carrier and service", required=True, usual=30),
    FieldOf("shipmentDates", "object", "when", required=True),
    FieldOf("shipmentDates.requiredShipDate", "datetime", "must leave the warehouse by then", required=True),
    FieldOf("shipmentDates.promisedDeliveryDate", "datetime", "promised to the customer"),
    FieldOf("messageToCustomer", "text", "words to print for the customer", required=True, personal=True, usual=250),
)

_ITEM: Final[Fields] = (
    FieldOf("itemSequenceNumber", "text", "number of the line, as text: 00001", required=True, usual=5),
    *PRODUCT,
    FieldOf("title", "text", "name of the product", usual=200),
    *quantity("orderedQuantity", "how many are ordered", units=("Each",)),
    FieldOf("scheduledDeliveryShipment", "object", "delivery by appointment"),
    FieldOf("scheduledDeliveryShipment.scheduledDeliveryServiceType", "text", "kind of service"),
    FieldOf("scheduledDeliveryShipment.earliestNominatedDeliveryDate", "datetime", "not before"),
    FieldOf("scheduledDeliveryShipment.latestNominatedDeliveryDate", "datetime", "not after"),
    FieldOf("giftDetails", "object", "for a gift"),
    FieldOf("giftDetails.giftMessage", "text", "words of the giver", personal=True, usual=250),
    FieldOf("giftDetails.giftWrapId", "text", "which wrapping"),
    *money("netPrice", "what Amazon pays for one, before tax", required=True),
    *taxes("taxDetails", "taxes of the line"),
    *money("totalPrice", "what the customer pays"),
    FieldOf("buyerCustomizedInfo", "object", "made to the customer's wishes"),
    FieldOf("buyerCustomizedInfo.customizedUrl", "text", "Base64 of the address of a ZIP file", personal=True),
)

FIELDS: Final[Fields] = as_filled(
    (
        FieldOf("purchaseOrderNumber", "text", "Amazon's number of the order; case matters", required=True, usual=9),
        FieldOf("orderDetails", "object", "everything else"),
        *under(
            "orderDetails",
            (
                FieldOf("customerOrderNumber", "text", "number the customer knows", required=True),
                FieldOf("orderDate", "datetime", "when the order was placed", required=True),
                FieldOf("orderStatus", "text", "where it stands at Amazon", one_of=_STATUSES),
                FieldOf("shipmentDetails", "object", "how and when it ships", required=True),
                *under("shipmentDetails", _SHIPMENT),
                *taxes("taxTotal", "taxes of the whole order"),
                *party("sellingParty", ORDER_PARTY, "the vendor"),
                *party("shipFromParty", ORDER_PARTY, "the warehouse"),
                FieldOf(
                    "shipToParty", "object", "the receiver; may be x's where Amazon prints the label", required=True
                ),
                *under("shipToParty", receiver(ADDRESS)),
                *party("billToParty", as_personal(ORDER_PARTY), "who is billed"),
                FieldOf("hasCustomizableItems", "boolean", "some item is made to order"),
                FieldOf("items", "list", "the lines", required=True),
                *under("items[]", _ITEM),
            ),
        ),
    ),
    *("orderDetails", "orderDetails.items[].orderedQuantity.amount"),  # intake wants them
    "orderDetails.items[].vendorProductIdentifier",  # a line without it is for a person in any case
)

# Nothing can go on without these; what else is missing is told and survived (mappings say what they need).
_VITAL: Final = re.compile(
    r"/purchaseOrderNumber|/orderDetails(/(items(/\d+(/(itemSequenceNumber|orderedQuantity))?)?|(selling|shipFrom)Party(/partyId)?))?"
)


_MOMENTS: Final = frozenset(field.path.rpartition(".")[2] for field in FIELDS if field.type == "datetime")
_NO_ZONE: Final = re.compile(r"[0-9-]{10}T[0-9:]{8}(\.[0-9]+)?")
_PERSONAL: Final = frozenset("/" + field.path.replace(".", "/") for field in FIELDS if field.personal)


def split(body: Any) -> Taken:
    """Give the orders of a getOrders or getOrder body, of an order, or of a list of them, each with what is wrong."""
    return [_taken(order) for order in held(body, "order", "orders", ("purchaseOrderNumber", "orderDetails"))]


def _taken(order: Tree) -> tuple[Tree, list[Finding]]:
    """Leave out what is empty, and check the rest; an order as it should be has to be looked through once only."""
    if fits("order", order, known=True):
        return order, _beyond_the_model(order)
    tree = _in_utc(pruned(order))
    return tree, check(tree)


def _in_utc(tree: Any, name: str = "") -> Any:
    """Give moments that Amazon writes without a zone their UTC: so it is meant (reference §3)."""
    if isinstance(tree, dict):
        return {inner: _in_utc(value, inner) for inner, value in tree.items()}
    if isinstance(tree, list):
        return [_in_utc(value) for value in tree]
    return f"{tree}Z" if name in _MOMENTS and isinstance(tree, str) and _NO_ZONE.fullmatch(tree) else tree


def complete(document: Document, asked: Asked) -> Document:
    """Turn what a mapping read into Amazon's types; nothing is filled in, since nobody knows more of an order."""
    tree, found = coerce("order", document.tree)
    return document.completed(tree, weighed(found, _VITAL))


def check(tree: Tree) -> list[Finding]:
    """Find what is wrong with one order: errors where nothing can go on, warnings for the rest.

    What is personal may be withheld by Amazon (reference §12), so its absence is not even worth a warning.
    """
    found = (finding for finding in verify("order", tree) if not _withheld(finding))
    return _beyond_the_model(tree) + weighed(found, _VITAL)


def _beyond_the_model(tree: Tree) -> list[Finding]:
    return [*_number(tree), *_details(tree), *_amounts(tree), *_twice(tree)]


def key(tree: Tree) -> str:
    """Give the purchase order number, its case kept."""
    return str(tree.get("purchaseOrderNumber", ""))


def warehouse(tree: Tree) -> str:
    """Give the code of the warehouse that ships it: the order's own `shipFromParty` (docs#597)."""
    return str(at(tree, "orderDetails.shipFromParty.partyId", ""))


def _number(tree: Tree) -> Iterator[Finding]:
    number = tree.get("purchaseOrderNumber", "")
    if number == "":
        return  # told as missing
    if not isinstance(number, str) or not NUMBER.fullmatch(number):
        hint = "1 to 32 letters and digits are expected"
        yield fault("po-unsafe", f"{shown(number)} is no purchase order number", "/purchaseOrderNumber", hint)


def _details(tree: Tree) -> Iterator[Finding]:
    """Tell an order that came as a number only (`includeDetails=false`): optional at Amazon, useless to a warehouse."""
    if "orderDetails" not in tree:
        yield fault("field-missing", "'orderDetails' is missing: only the number of the order came", "/orderDetails")


def _amounts(tree: Tree) -> Iterator[Finding]:
    for n, line in enumerate(lines_of(tree)):
        amount = amount_ordered(line)
        if "orderedQuantity" in line and (amount is None or amount < 1):
            path = f"/orderDetails/items/{n}/orderedQuantity/amount"
            yield fault("quantity", "the ordered quantity is not a whole number above 0", path)


def _twice(tree: Tree) -> Iterator[Finding]:
    """Tell two lines of one number: the number is the line's key, since the SKU may repeat (models#2087)."""
    numbers = [str(line.get("itemSequenceNumber")) for line in lines_of(tree)]
    counted = Counter(numbers) if len(set(numbers)) < len(numbers) else {}
    for number in (number for number, times in counted.items() if times > 1 and number != "None"):
        yield fault("line-twice", f"line {shown(number)} stands twice in the order", "/orderDetails/items")


def _withheld(finding: Finding) -> bool:
    path = finding.data.path if finding.data else ""
    return finding.code == "field-missing" and path in _PERSONAL


KIND: Final = Kind(
    name="order",
    fields=FIELDS,
    key=key,
    help="an order of Amazon's, on its way to the warehouse",
    split=split,
    revise=revise,
    complete=complete,
    check=check,
    warehouse=warehouse,
    follows=(Follow("known", "acknowledgement", where="policy"), Follow("cancelled", "cancellation")),
    fetch=Fetch("getOrder", "getOrders", "orders", "purchaseOrders", "orders"),
    open=True,
)
