"""What can be submitted about orders: for each operation its list, its rules, what it changes, and when it is a repeat.

Promises: adding such an operation is one entry of `BUSINESS`. Pure: an order goes in, the order as it is after comes out.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from translator.simulator.account_types import Treatment
from translator.simulator.known import KnownOrder, Label, Package, Scan
from translator.simulator.settings import AmazonSettings
from translator.simulator.shipping_terms import label_troubles, scan_troubles
from translator.simulator.terms import Trouble, acknowledgement_troubles, confirmation_troubles

ACKNOWLEDGE = "submitAcknowledgement"
CONFIRM = "submitShipmentConfirmations"
REQUEST_LABELS = "submitShippingLabelRequest"
CREATE_LABELS = "createShippingLabels"
SCANS = "submitShipmentStatusUpdates"

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Moment:
    """When a document takes effect, from when on that is seen, and what Amazon is set to."""

    at: datetime
    seen: datetime
    settings: AmazonSettings


@dataclass(frozen=True, slots=True)
class Business:
    documents: str
    """The property of the body that holds the list of documents."""
    troubles: Callable[[Document, KnownOrder, datetime, Treatment], Iterator[Trouble]]
    after: Callable[[KnownOrder, Document, Moment], KnownOrder]
    repeats: Callable[[KnownOrder, Document], bool]
    name: Callable[[Document], str]
    """By what its effects are counted."""
    again: bool = False
    """Whether a repeat is a thing of its own, judged and applied like the first."""


def number_of(document: Document) -> str:
    return str(document["purchaseOrderNumber"])


def tracking_number(seed: str) -> str:
    """Another one for another seed."""
    return f"TBA{int.from_bytes(sha256(seed.encode()).digest()) % 10**12:012}"


def _acknowledged(order: KnownOrder, ack: Document, moment: Moment) -> KnownOrder:
    code = str(ack["acknowledgementStatus"].get("code", ""))
    known = replace(order, acknowledged=moment.at, code=code)
    if order.status != "NEW":
        return known
    return known.turned("ACCEPTED" if code == "00" else "CANCELLED", moment.seen)


def _confirmed(order: KnownOrder, confirmation: Document, moment: Moment) -> KnownOrder:
    shipped = confirmation["shipmentDetails"]["shipmentStatus"] == "SHIPPED"
    tracking = frozenset(box["trackingNumber"] for box in confirmation.get("containers", []) if "trackingNumber" in box)
    known = replace(order, confirmed=moment.at, tracking=tracking)
    return known.turned("SHIPPED" if shipped else "CANCELLED", moment.seen)


def _labelled(operation: str) -> Callable[[KnownOrder, Document, Moment], KnownOrder]:
    def after(order: KnownOrder, request: Document, moment: Moment) -> KnownOrder:
        count = len(request.get("containers", [])) or 1
        changed = moment.settings.changed_method if order.labels else ""
        packages = tuple(_package(order, place, changed or order.method) for place in range(1, count + 1))
        return replace(order, labels=(*order.labels, Label(moment.at, operation, packages)))

    return after


def _package(order: KnownOrder, place: int, method: str) -> Package:
    return Package(f"PKG{place:03}", tracking_number(f"{order.number}/{len(order.labels)}/{place}"), method)


def _scanned(order: KnownOrder, update: Document, moment: Moment) -> KnownOrder:
    return replace(order, scans=(*order.scans, _scan(update)))


def _scan(update: Document) -> Scan:
    details = update["statusUpdateDetails"]
    return Scan(details["trackingNumber"], details["statusCode"], details["reasonCode"], details["statusDateTime"])


def _scan_name(update: Document) -> str:
    scan = _scan(update)
    return f"{number_of(update)}/{scan.tracking}/{scan.status}/{scan.at}"


def _labels(operation: str) -> Business:
    return Business(
        "shippingLabelRequests",
        label_troubles,
        _labelled(operation),
        lambda order, request: bool(order.labels),
        number_of,
        again=True,
    )


BUSINESS = {
    ACKNOWLEDGE: Business(
        "orderAcknowledgements",
        acknowledgement_troubles,
        _acknowledged,
        lambda order, ack: order.acknowledged is not None,
        number_of,
    ),
    CONFIRM: Business(
        "shipmentConfirmations",
        confirmation_troubles,
        _confirmed,
        lambda order, confirmation: order.confirmed is not None,
        number_of,
    ),
    REQUEST_LABELS: _labels(REQUEST_LABELS),
    CREATE_LABELS: _labels(CREATE_LABELS),
    SCANS: Business(
        "shipmentStatusUpdates",
        scan_troubles,
        _scanned,
        lambda order, update: _scan(update) in order.scans,
        _scan_name,
    ),
}
