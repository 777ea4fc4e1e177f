"""One order as Amazon keeps it: from when on each of its statuses can be read, its labels, and where its parcels were seen.

Promises a value: a change makes a new one. In trouble (a body that is no order) construction says so with ValueError.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from translator.simulator.rules import ORDER_NUMBER, moment

STATUSES = ("NEW", "ACCEPTED", "SHIPPED", "CANCELLED")


@dataclass(frozen=True, slots=True)
class Package:
    """One package of a label."""

    identifier: str
    tracking: str
    method: str


@dataclass(frozen=True, slots=True)
class Label:
    """What one request for labels gave: a package for each container."""

    created: datetime
    operation: str
    packages: tuple[Package, ...]


@dataclass(frozen=True, slots=True)
class Scan:
    """One status update of a package."""

    tracking: str
    status: str
    reason: str
    at: str


@dataclass(frozen=True, slots=True)
class KnownOrder:
    """An order as Amazon keeps it; `history` says from when on each status can be read."""

    body: Mapping[str, Any]
    created: datetime
    history: tuple[tuple[datetime, str], ...]
    acknowledged: datetime | None = None
    confirmed: datetime | None = None
    code: str = ""
    labels: tuple[Label, ...] = ()
    """All there were; the last one is good."""
    tracking: frozenset[str] = frozenset()
    """The tracking numbers that were confirmed."""
    scans: tuple[Scan, ...] = ()

    @classmethod
    def from_body(cls, body: Mapping[str, Any], seen: datetime) -> "KnownOrder":
        """ValueError when this is no order in the shape of getOrder."""
        try:
            return _known(body, seen)
        except (KeyError, TypeError, AttributeError) as gap:
            raise ValueError(f"not an order with its details: {type(gap).__name__} {gap}") from None

    @property
    def number(self) -> str:
        return str(self.body["purchaseOrderNumber"])

    @property
    def warehouse(self) -> str:
        return str(self.body["orderDetails"]["shipFromParty"]["partyId"])

    @property
    def lines(self) -> list[Mapping[str, Any]]:
        return list(self.body["orderDetails"]["items"])

    @property
    def products(self) -> dict[str, str]:
        both = ("vendorProductIdentifier", "buyerProductIdentifier")
        return {line[both[0]]: line[both[1]] for line in self.lines if all(name in line for name in both)}

    @property
    def method(self) -> str:
        return str(self.body["orderDetails"]["shipmentDetails"]["shipMethod"])

    @property
    def slip(self) -> bool:
        """Whether a packing slip has to lie in the parcel."""
        return self.body["orderDetails"]["shipmentDetails"].get("isPslipRequired") is True

    @property
    def invoice(self) -> bool:
        """Whether an invoice for the customer has to travel along: in India."""
        return self.body["orderDetails"]["shipToParty"].get("countryCode") in ("IN", "IND")

    @property
    def status(self) -> str:
        return self.history[-1][1]

    def shown(self, now: datetime) -> str | None:
        """The status that can be read now; None: the order cannot be seen yet."""
        visible = [status for since, status in self.history if since <= now]
        return visible[-1] if visible else None

    def hidden(self, until: datetime) -> "KnownOrder":
        return replace(self, history=tuple((max(since, until), status) for since, status in self.history))

    def turned(self, status: str, seen: datetime) -> "KnownOrder":
        return replace(self, history=(*self.history, (seen, status)))


def _known(body: Mapping[str, Any], seen: datetime) -> KnownOrder:
    details = body["orderDetails"]
    created, status = moment(details["orderDate"]), details.get("orderStatus", "NEW")
    numbers = [line["itemSequenceNumber"] for line in details["items"]]
    if created is None or status not in STATUSES or not ORDER_NUMBER.fullmatch(body["purchaseOrderNumber"]):
        raise ValueError("an order needs a number of letters and digits, an orderDate with a zone, and a known status")
    if not numbers or len(set(map(int, numbers))) < len(numbers):
        raise ValueError("an order needs lines, each with its own sequence number")
    order = KnownOrder(body, created, ((seen, status),), *_already(status, seen))
    if not all(line["orderedQuantity"]["amount"] > 0 for line in order.lines) or not order.warehouse:
        raise ValueError("an order needs quantities and a warehouse")
    return order


def _already(status: str, seen: datetime) -> tuple[datetime | None, datetime | None]:
    acknowledged = seen if status in ("ACCEPTED", "SHIPPED") else None
    return acknowledged, seen if status == "SHIPPED" else None
