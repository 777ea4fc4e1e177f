"""An acknowledgement: the whole order accepted, or the whole order rejected with one code (reference §5).

A warehouse may say as little as a code, or nothing at all (then it is accepted): the rest is the order's. The date is
frozen with the rest of the body, since a resend must be the same bytes (reliability-security §2.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from translator.core.document import Document, Tree
from translator.core.finding import Finding, Severity, errors
from translator.core.private import shown
from translator.core.tree import at, nothing, redacted
from translator.documents.fields import ORDER_PARTY, PRODUCT, Fields, as_filled, party, quantity, under
from translator.documents.kind import Asked, FieldOf, Follow, Kind, Need, Operation, Revised, Revision
from translator.documents.lines import (
    amount_ordered,
    by_key,
    each,
    line_key,
    lines_of,
    number_of,
    parties_of,
    product_of,
)
from translator.documents.numbers import number_faults, order_faults
from translator.documents.portions import seen
from translator.documents.types import coerce, fault, verify
from translator.documents.values import iso

ACCEPTED: Final = "00"

FIELDS: Final[Fields] = (
    FieldOf("purchaseOrderNumber", "text", "Amazon's number of the order", required=True),
    FieldOf("vendorOrderNumber", "text", "the vendor's own number; the order's where there is none", required=True),
    FieldOf("acknowledgementDate", "datetime", "when it was decided", required=True),
    FieldOf("acknowledgementStatus", "object", "the decision", required=True),
    FieldOf("acknowledgementStatus.code", "text", "00 accepts the whole order, every other code rejects it"),
    FieldOf("acknowledgementStatus.description", "text", "the code in words"),
    *party("sellingParty", ORDER_PARTY, "the vendor"),
    *party("shipFromParty", ORDER_PARTY, "the warehouse"),
    FieldOf("itemAcknowledgements", "list", "every line of the order", required=True),
    FieldOf("itemAcknowledgements[].itemSequenceNumber", "text", "number of the line, as received", required=True),
    *under("itemAcknowledgements[]", PRODUCT),
    *quantity("itemAcknowledgements[].acknowledgedQuantity", "the ordered quantity", units=("Each",)),
)


# What `complete` gives from the order.
FILLED: Final = (
    *("vendorOrderNumber", "acknowledgementDate", "acknowledgementStatus"),
    *("sellingParty", "sellingParty.partyId", "shipFromParty", "shipFromParty.partyId"),
    *("itemAcknowledgements", "itemAcknowledgements[].acknowledgedQuantity"),
)


@dataclass(frozen=True, slots=True)
class Code:
    """What a code says, and the field of the order that it finds fault with."""

    text: str
    about: str = ""


# Reference §5: the list is Amazon's example, to be agreed with the vendor; EDI 855 has the same.
CODES: Final[Mapping[str, Code]] = MappingProxyType(
    {
        "00": Code("Shipping 100 percent of ordered product"),
        "02": Code("Rejected: SKU missing or invalid"),
        "03": Code("Rejected: out of stock"),
        "04": Code("Rejected: Amazon ship id is a duplicate"),
        "05": Code("Rejected: bill-to location code missing or invalid"),
        "06": Code("Rejected: ship-from location code missing or invalid"),
        "07": Code("Rejected: ship-to name missing or invalid", "name"),
        "08": Code("Rejected: ship-to address line 1 missing or invalid", "addressLine1"),
        "09": Code("Rejected: ship-to city missing or invalid", "city"),
        "10": Code("Rejected: ship-to state missing or invalid", "stateOrRegion"),
        "11": Code("Rejected: ship-to postal code missing or invalid", "postalCode"),
        "12": Code("Rejected: ship-to country missing or invalid"),
        "13": Code("Rejected: carrier or ship method missing or invalid"),
        "20": Code("Rejected: unit price missing or invalid"),
        "21": Code("Rejected: ship-to address line 2 invalid", "addressLine2"),
        "22": Code("Rejected: ship-to address line 3 invalid", "addressLine3"),
        "50": Code("Rejected: tax nexus"),
        "51": Code("Rejected: SKU or quantity is restricted"),
        "53": Code("Rejected: above 400 dollars by USPS"),
        "54": Code("Rejected: Amazon ship id missing"),
        "55": Code("Rejected: Amazon order id missing"),
        "56": Code("Rejected: line item id missing"),
        "71": Code("Rejected: item discontinued"),
    }
)


_AGAIN: Final = "an item that is refused again and again is set out of stock by Amazon"
_COSTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "03": f"{_AGAIN}: send a stock file that says 0, so that no more orders come",
        "51": f"{_AGAIN}: send a stock file that says 0, so that no more orders come",
        "71": f"{_AGAIN}: say in a stock file that it is obsolete, so that no more orders come",
    }
)


def complete(document: Document, asked: Asked) -> Document:
    """Fill in all that the order says: every line as received, in the ordered quantity, with one code for all."""
    said, found = coerce("acknowledgement", document.tree)
    found += order_faults(document, asked, said)
    if asked.order is None or errors(found):
        return document.completed(document.tree, found)
    found += [*_code_faults(code_of(said), asked.order), *_item_faults(said, seen(asked.order, asked.portions))]
    return document.completed(_whole(said, asked, asked.order), found)


def check(tree: Tree) -> list[Finding]:
    """Hold a completed acknowledgement against Amazon's model."""
    return [*number_faults(tree), *verify("acknowledgement", tree)]


def code_of(tree: Tree) -> str:
    """Give the code; saying nothing accepts."""
    return str(at(tree, "acknowledgementStatus.code", ACCEPTED))


def cost(code: str) -> str:
    """Say in words what a refusal with this code costs; empty for the acceptance (reference §5)."""
    if code == ACCEPTED:
        return ""
    lost = "Amazon cancels the whole order, and counts it against the vendor"
    return f"{lost}; {_COSTS.get(code, _AGAIN)}"


def rejects(tree: Tree) -> bool:
    """Tell whether the vendor refuses the order."""
    return code_of(tree) != ACCEPTED


def evidence(tree: Tree) -> str:
    """Give the order's status that proves that this acknowledgement took effect (reliability-security §2.2)."""
    return "CANCELLED" if rejects(tree) else "ACCEPTED"


def revise(stored: Tree, arrived: Tree) -> Revised:
    """Take the same code for a duplicate; after an accept no reject may follow by itself, and the reverse (B8)."""
    was, now = code_of(stored), code_of(arrived)
    if was == now:
        return Revised(Revision.SAME, stored)
    return Revised(Revision.CONTRADICTION, stored, f"was acknowledged with {shown(was)}, now {shown(now)}")


def body(trees: Sequence[Tree]) -> Tree:
    """Wrap acknowledgements as submitAcknowledgement wants them."""
    return {"orderAcknowledgements": list(trees)}


def _whole(said: Tree, asked: Asked, order: Tree) -> Tree:
    code = code_of(said)
    text = at(said, "acknowledgementStatus.description", CODES[code].text if code in CODES else "Rejected")
    return {
        "purchaseOrderNumber": number_of(order),
        "vendorOrderNumber": said.get("vendorOrderNumber") or asked.kept.get("wms_order") or number_of(order),
        "acknowledgementDate": iso(asked.now),
        "acknowledgementStatus": {"code": code, "description": text},
        **parties_of(order, asked.vendor),
        "itemAcknowledgements": [_line(line) for line in lines_of(order)],
    }


def _line(line: Tree) -> Tree:
    """Echo a line. On a reject, too, the ordered quantity is sent (reference §5)."""
    number = {"itemSequenceNumber": str(line.get("itemSequenceNumber", ""))}
    return {**number, **product_of(line), "acknowledgedQuantity": each(amount_ordered(line) or 0)}


def _code_faults(code: str, order: Tree) -> Iterator[Finding]:
    path = "/acknowledgementStatus/code"
    known = CODES.get(code)
    if known is None:
        severity = Severity.WARNING if re.fullmatch("[0-9]{2}", code) else Severity.ERROR
        hint = f"Amazon's list has {', '.join(CODES)}"
        yield fault("ack-code", f"code {shown(code)} is not in Amazon's list", path, hint, severity)
    elif known.about and _withheld(order, known.about):
        hint = "Amazon prints it on the label itself: accept the order, or reject it for another reason"
        yield fault("ack-redacted", f"code {code} finds fault with a field that Amazon withholds", path, hint)


def _withheld(order: Tree, name: str) -> bool:
    """Tell whether Amazon withholds a field of the address. Most have no second line: then the name tells."""
    receiver = at(order, "orderDetails.shipToParty", {})
    seldom = name in ("addressLine2", "addressLine3") and nothing(receiver.get(name))
    return redacted(receiver.get("name" if seldom else name))


def _item_faults(said: Tree, order: Tree) -> Iterator[Finding]:
    """Find lines that disagree with the order: whole order only, fill or kill, not even by line (reference §5)."""
    lines = by_key(order)
    for n, item in enumerate(said.get("itemAcknowledgements", [])):
        line = lines.get(line_key(item.get("itemSequenceNumber", "")))
        if line is None:
            yield fault("line-unknown", "the order has no such line", f"/itemAcknowledgements/{n}/itemSequenceNumber")
        else:
            path = f"/itemAcknowledgements/{n}/acknowledgedQuantity/amount"
            yield from _amount_faults(item, line, path, none=rejects(said))


def _amount_faults(item: Tree, line: Tree, path: str, *, none: bool) -> Iterator[Finding]:
    """Find an amount that is not the ordered one. `none`: nothing of it may be said as well, as who refuses says it."""
    said: Any = at(item, "acknowledgedQuantity.amount")
    ordered = amount_ordered(line)
    if said not in (None, ordered) and not (none and said == 0):
        hint = "Amazon takes or loses whole orders: accept all of it, or refuse it (translator refuse)"
        yield fault("ack-partial", f"{shown(said)} acknowledged of {shown(ordered)} ordered", path, hint)


KIND: Final = Kind(
    name="acknowledgement",
    fields=as_filled(FIELDS, *FILLED),
    key=lambda tree: str(tree.get("purchaseOrderNumber", "")),
    help="the vendor's word that an order will ship, or will not",
    revise=revise,
    complete=complete,
    check=check,
    needs=(Need("order", "known", then="reject", seconds=24 * 3600),),
    warehouse=lambda tree: str(at(tree, "shipFromParty.partyId", "")),
    follows=(
        Follow("accepted", "label_request", where="label", due="ship day"),
        Follow("accepted", "packing_slip", how="fetch", where="slip"),
        Follow("accepted", "customer_invoice", how="fetch", where="invoice"),
    ),
    operation=Operation(
        name="submitAcknowledgement",
        method="POST",
        path="/vendor/directFulfillment/orders/2021-12-28/acknowledgements",
        read_back="ACCEPTED",
        body=body,
        evidence=evidence,
    ),
)
