"""The conditions that a need or a follow may name, each a question about one order and the site it lies in.

A condition asks what is listed in the site, and what the order says; it asks nothing of the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from translator.config.site import Site
from translator.core.tree import at
from translator.documents.kind import Where
from translator.ledger.documents import Stored

_SHIPMENT: Final = "orderDetails.shipmentDetails"


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition in words, and how it is asked."""

    text: str
    holds: Callable[[Site, Stored], bool]


def holds(site: Site, where: Where, order: Stored) -> bool:
    """Tell whether a condition holds for an order."""
    return CONDITIONS[where].holds(site, order)


def labelled(site: Site, order: Stored) -> bool:
    """Tell whether Amazon makes the label: the WMS takes labels, its ship method is one that Amazon labels, no own carrier."""
    system = site.system_of(order.account, order.warehouse)
    if system is None or system.carrier == "own" or not _taken(site, order, "shipping_label"):
        return False
    method = str(at(order.tree, f"{_SHIPMENT}.shipMethod", ""))
    return any(fnmatchcase(method, pattern) for pattern in system.label.methods)


def _policy(site: Site, order: Stored) -> bool:
    system = site.system_of(order.account, order.warehouse)
    return system is not None and system.when != "file"


def _slip(site: Site, order: Stored) -> bool:
    required = at(order.tree, f"{_SHIPMENT}.isPslipRequired")
    return required is True and _taken(site, order, "packing_slip")


def _invoice(site: Site, order: Stored) -> bool:
    return _taken(site, order, "customer_invoice")


def _own_carrier(site: Site, order: Stored) -> bool:
    system = site.system_of(order.account, order.warehouse)
    return system is not None and system.carrier == "own"


def _billed(site: Site, order: Stored) -> bool:
    return site.accounts[order.account].invoices.made == "confirmed"


def _taken(site: Site, order: Stored, kind: str) -> bool:
    """Tell whether the order's warehouse system takes files of a kind."""
    return site.route(kind, order.account, order.warehouse) is not None


CONDITIONS: Final[Mapping[Where, Condition]] = {
    "": Condition("always", lambda site, order: True),
    "policy": Condition("the WMS sends no acknowledgement files", _policy),
    "label": Condition("Amazon makes the label", labelled),
    "slip": Condition("the order wants a packing slip, and the WMS takes them", _slip),
    "invoice": Condition("the WMS takes customer invoices (India)", _invoice),
    "billed": Condition("the account's invoices are made of confirmed orders", _billed),
    "own carrier": Condition("the vendor's own carrier brings it", _own_carrier),
}
