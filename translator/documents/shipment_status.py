"""What became of a package on its way, told by a vendor who ships with a carrier of his own (reference §6.5).

One document is one event of one package. Amazon knows pairs of status and reason, in EDIFACT's codes or in X12's: the
reason follows from the status. Nothing at Amazon shows an event, so that after an unknown outcome the same bytes go
once more and stay unverified (reliability-security §2.2). Whether the vendor ships so is the account's to say, not a
document's: elsewhere nobody should send these.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from translator.core.document import Document, Tree
from translator.core.finding import Finding, Severity, errors
from translator.core.private import shown
from translator.core.tree import at
from translator.documents.clock import not_ahead
from translator.documents.containers import containers_of
from translator.documents.fields import SHIPPING_ADDRESS, SHIPPING_PARTY, Fields, as_filled, party, receiver, under
from translator.documents.kind import Asked, FieldOf, Kind, Need, Operation, Revised, Revision
from translator.documents.lines import number_of, parties_of
from translator.documents.numbers import number_faults, order_faults
from translator.documents.types import coerce, fault, note, verify
from translator.documents.values import moment_text

_DETAILS: Final[Fields] = (
    FieldOf("trackingNumber", "text", "of which package: the confirmed one", required=True),
    FieldOf("statusCode", "text", "what happened, by EDIFACT's code or X12's", required=True),
    FieldOf("reasonCode", "text", "why; it follows from the status", required=True),
    FieldOf("statusDateTime", "datetime", "when it happened", required=True),
    FieldOf("statusLocationAddress", "object", "where it happened", required=True),
    *under("statusLocationAddress", receiver(SHIPPING_ADDRESS)),  # at the end it is the customer's
    FieldOf("shipmentSchedule", "object", "when it will arrive; wanted for deliveries by appointment"),
    FieldOf("shipmentSchedule.estimatedDeliveryDateTime", "datetime", "expected then"),
    FieldOf("shipmentSchedule.apptWindowStartDateTime", "datetime", "not before"),
    FieldOf("shipmentSchedule.apptWindowEndDateTime", "datetime", "not after"),
)

FIELDS: Final[Fields] = (
    FieldOf("purchaseOrderNumber", "text", "Amazon's number of the order", required=True),
    *party("sellingParty", SHIPPING_PARTY, "the vendor"),
    *party("shipFromParty", SHIPPING_PARTY, "the warehouse"),
    FieldOf("statusUpdateDetails", "object", "the event", required=True),
    *under("statusUpdateDetails", _DETAILS),
)

# What `complete` gives from the order, from its confirmation, or assumes and says so.
FILLED: Final = (
    *("purchaseOrderNumber", "sellingParty", "sellingParty.partyId", "shipFromParty", "shipFromParty.partyId"),
    *("statusUpdateDetails.trackingNumber", "statusUpdateDetails.reasonCode"),
    "statusUpdateDetails.statusLocationAddress",
    *(f"statusUpdateDetails.statusLocationAddress.{name}" for name in ("name", "addressLine1", "countryCode")),
)


@dataclass(frozen=True, slots=True)
class Event:
    """An event by its reason's code, and in words."""

    reason: str
    text: str


# Only these pairs are said to be taken (reference §6.5).
EVENTS: Final[Mapping[str, Event]] = MappingProxyType(
    {
        "101": Event("000", "left the warehouse"),
        "201": Event("000", "at a carrier's place"),
        "302": Event("000", "out for delivery"),
        "301": Event("000", "delivered"),
        "404": Event("117", "delayed"),
        "407": Event("000", "refused by the receiver"),
        "409": Event("000", "lost by the carrier"),
        "416": Event("000", "undeliverable, destroyed"),
        "XB": Event("NS", "left the warehouse"),
        "O1": Event("NS", "at a carrier's place"),
        "OD": Event("NS", "out for delivery"),
        "D1": Event("NS", "delivered"),
        "DE": Event("AF", "delayed"),
        "A7": Event("AM", "refused by the receiver"),
        "CA": Event("PL", "lost by the carrier"),
        "AP": Event("BG", "undeliverable, destroyed"),
    }
)
_AT: Final = "/statusUpdateDetails"
_PLACE: Final = f"{_AT}/statusLocationAddress"
_ANYWHERE: Final = "CARRIER"  # a place needs a name: Amazon's own sample leaves it out, its model does not


def complete(document: Document, asked: Asked) -> Document:
    """Fill in the parties, the reason of the status, the confirmed tracking number, and what the place lacks."""
    said, found = coerce("shipment_status", document.tree)
    found += order_faults(document, asked, said)
    if asked.order is None or errors(found):
        return document.completed(document.tree, found)
    tree = {
        "purchaseOrderNumber": number_of(asked.order),
        **parties_of(asked.order, asked.vendor),
        "statusUpdateDetails": _details(said.get("statusUpdateDetails", {}), asked, asked.order, found),
    }
    return document.completed(tree, found)


def check(tree: Tree) -> list[Finding]:
    """Hold a completed event against Amazon's model."""
    return [*number_faults(tree), *verify("shipment_status", tree)]


def key(tree: Tree) -> str:
    """Give what tells an event from others: order, package, status and time, so that a scan told twice is one."""
    details = (
        at(tree, f"statusUpdateDetails.{name}", "") for name in ("trackingNumber", "statusCode", "statusDateTime")
    )
    number, status, when = details
    words = (tree.get("purchaseOrderNumber", ""), number, str(status).upper(), _plain(when))
    return " ".join(str(word) for word in words if word)


def revise(stored: Tree, arrived: Tree) -> Revised:
    """Take an event of the same key for the same event, wherever it is said to have been."""
    return Revised(Revision.SAME, stored)


def body(trees: Sequence[Tree]) -> Tree:
    """Wrap events as submitShipmentStatusUpdates wants them."""
    return {"shipmentStatusUpdates": list(trees)}


def _details(said: Tree, asked: Asked, order: Tree, found: list[Finding]) -> Tree:
    details = {**said, **_codes(said, found), **_tracking(said, asked, found)}
    if "statusDateTime" in said:
        when = not_ahead(said["statusDateTime"], asked.now, f"{_AT}/statusDateTime", "status-date", found)
        details["statusDateTime"] = when
    if "shipmentSchedule" not in said and at(order, "orderDetails.shipmentDetails.isScheduledDeliveryShipment") is True:
        text = "the order is delivered by appointment, and the event does not say when it will arrive"
        found.append(fault("schedule-missing", text, f"{_AT}/shipmentSchedule", severity=Severity.WARNING))
    details["statusLocationAddress"] = _place(said.get("statusLocationAddress", {}), asked, order, found)
    return details


def _codes(said: Tree, found: list[Finding]) -> Tree:
    if "statusCode" not in said:
        return {}
    status = str(said["statusCode"]).upper()
    event = EVENTS.get(status)
    reason = str(said["reasonCode"]).upper() if "reasonCode" in said else event.reason if event else ""
    if event is None or reason != event.reason:
        found.append(_odd_pair(status, reason))
    return {"statusCode": status, **({"reasonCode": reason} if reason else {})}


def _odd_pair(status: str, reason: str) -> Finding:
    severity = Severity.WARNING if reason else Severity.ERROR  # Amazon's list may be longer than what is known of it
    pairs = ", ".join(f"{code}/{event.reason}" for code, event in EVENTS.items())
    text = f"status {shown(status)} with reason {shown(reason)} is no pair that Amazon is known to take"
    return fault("status-code", text, f"{_AT}/statusCode", f"it takes {pairs}", severity)


def _tracking(said: Tree, asked: Asked, found: list[Finding]) -> Tree:
    """Give the tracking number: the only confirmed one where none is said. Another than the confirmed is refused."""
    confirmed = list(dict.fromkeys(_numbers(asked.confirmed)))
    number = said.get("trackingNumber")
    if number is None and len(confirmed) == 1:
        return {"trackingNumber": confirmed[0]}
    path, hint = f"{_AT}/trackingNumber", "give the tracking number of the package, as it was confirmed"
    if number is None and confirmed:
        found.append(fault("tracking-ambiguous", f"{len(confirmed)} packages were confirmed", path, hint))
    elif number is not None and confirmed and number not in confirmed:
        found.append(fault("tracking-unknown", f"{shown(number)} was not confirmed for this order", path, hint))
    return {}


def _numbers(confirmed: Tree | None) -> Iterator[str]:
    for container in containers_of(confirmed or {}):
        if "trackingNumber" in container:
            yield str(container["trackingNumber"])


def _place(said: Tree, asked: Asked, order: Tree, found: list[Finding]) -> Tree:
    """Give the place with what Amazon requires of it: the carrier's name, its town for a street, the order's country."""
    carrier = _carrier(asked.confirmed)
    name = said.get("name", carrier)
    street = said.get("addressLine1") or said.get("city") or name
    country = said.get("countryCode") or at(order, "orderDetails.shipToParty.countryCode", "")
    whole = {**said, "name": name, "addressLine1": street, **({"countryCode": country} if country else {})}
    lacking = [field for field in ("name", "addressLine1", "countryCode") if field in whole and field not in said]
    if lacking:
        text = f"the place lacks {', '.join(lacking)}: carrier, town or country of the order are taken"
        found.append(note("location-assumed", text, _PLACE))
    return whole


def _carrier(confirmed: Tree | None) -> str:
    names = (box.get(name) for box in containers_of(confirmed or {}) for name in ("carrier", "scacCode"))
    return next((str(name) for name in names if name), _ANYWHERE)


def _plain(when: Any) -> str:
    try:
        return moment_text(when)
    except (ValueError, OverflowError):
        return str(when)


KIND: Final = Kind(
    name="shipment_status",
    fields=as_filled(FIELDS, *FILLED),
    key=key,
    hides=True,
    help="what became of a package on its way, where the vendor ships with a carrier of his own",
    revise=revise,
    complete=complete,
    check=check,
    needs=(Need("shipment_confirmation", "accepted", shown="SHIPPED"),),
    warehouse=lambda tree: str(at(tree, "shipFromParty.partyId", "")),
    operation=Operation(
        name="submitShipmentStatusUpdates",
        method="POST",
        path="/vendor/directFulfillment/shipping/2021-12-28/shipmentStatusUpdates",
        body=body,
        blind=True,
    ),
)
