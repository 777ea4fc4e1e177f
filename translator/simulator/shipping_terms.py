"""What Amazon makes of requests for labels and of status updates: the business rules beside those of `terms`.

Promises: pure; the document is known to have passed `rules`; every broken rule is told. A message never names a person.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from translator.simulator.account_types import Treatment
from translator.simulator.known import KnownOrder
from translator.simulator.terms import Trouble, packed_troubles, state_troubles, warehouse_troubles

NOT_OFFERED = "LABELS_NOT_OFFERED"
CONFLICTS = frozenset(("ORDER_CANCELLED", "ORDER_NOT_ACKNOWLEDGED", "ORDER_ALREADY_CONFIRMED"))
"""What is no fault of a label request itself, but of the state in which its order is."""
PAIRS = frozenset(
    "101/000 201/000 302/000 301/000 404/117 407/000 409/000 416/000 XB/NS O1/NS OD/NS D1/NS DE/AF A7/AM CA/PL AP/BG".split()
)
"""Status and reason: those of EDIFACT, then those of X12."""


def label_troubles(
    request: Mapping[str, Any], order: KnownOrder, accepted: datetime, treatment: Treatment
) -> Iterator[Trouble]:
    if not treatment.labels:
        yield Trouble(NOT_OFFERED, "This vendor makes its own labels.")
    yield from state_troubles(order, accepted)
    if order.confirmed is not None:
        yield Trouble("ORDER_ALREADY_CONFIRMED", f"Order {order.number} has been confirmed already.")
    yield from warehouse_troubles(request, order)
    if "containers" in request:
        yield from packed_troubles(request["containers"], order)


def scan_troubles(
    update: Mapping[str, Any], order: KnownOrder, accepted: datetime, treatment: Treatment
) -> Iterator[Trouble]:
    details = update["statusUpdateDetails"]
    if not treatment.scans:
        yield Trouble("STATUS_UPDATES_NOT_OFFERED", "This vendor has no carrier of its own.")
    if order.confirmed is None or order.confirmed > accepted:
        yield Trouble("ORDER_NOT_CONFIRMED", f"Order {order.number} was not confirmed when its parcel was seen.")
    elif details["trackingNumber"] not in order.tracking:
        yield Trouble("INVALID_TRACKING_NUMBER", f"That is no confirmed tracking number of order {order.number}.")
    if f"{details['statusCode']}/{details['reasonCode']}" not in PAIRS:
        yield Trouble("INVALID_STATUS_CODE", "The status and reason codes are no pair that is known.")
    yield from warehouse_troubles(update, order)
