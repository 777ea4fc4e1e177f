"""Submits that overlap: two calls of one operation about the same thing, under way at Amazon at once.

Every operation that submits has its line in `SUBJECTS`; a submit that has none, or that is about nothing, is a fault of
the judge's, and is raised: an operation that comes to be is judged, or seen not to be.
"""

import json
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from threading import Lock

from translator.simulator.operations import ROUTES

OTHERS = {"token", "createRestrictedDataToken"}  # what is posted and submits nothing
LABEL = "label"  # asked for in two ways, and one label all the same


def _orders(parts, body):
    return {parts["purchaseOrderNumber"]} if parts else set(_named(body, "purchaseOrderNumber"))


def _levels(parts, body):
    names = ("vendorProductIdentifier", "buyerProductIdentifier")
    found = {(name, value) for name in names for value in _named(body, name)}
    return {(parts["warehouseId"], *one) for one in found}


def _bills(parts, body):
    return {*_named(body, "invoiceNumber"), *_named(body, "purchaseOrderNumber")}


SUBJECTS = {  # operation -> as what it counts, and what a call is about
    "submitAcknowledgement": ("acknowledgement", _orders),
    "submitShippingLabelRequest": (LABEL, _orders),
    "createShippingLabels": (LABEL, _orders),
    "createContainerLabel": ("container label", lambda parts, body: set(_named(body, "vendorContainerId"))),
    "submitShipmentConfirmations": ("confirmation", _orders),
    "submitShipmentStatusUpdates": ("status update", _orders),
    "submitInventoryUpdate": ("level", _levels),
    "submitInvoice": ("invoice", _bills),
    "generateOrderScenarios": ("scenario", lambda parts, body: set(_named(body, "partyId"))),
}


def _named(tree, name):
    """Give each value of that name, wherever it stands."""
    if isinstance(tree, list):
        return [value for part in tree for value in _named(part, name)]
    if not isinstance(tree, dict):
        return []
    here = [tree[name]] if isinstance(tree.get(name), str) else []
    return here + [value for part in tree.values() for value in _named(part, name)]


def about(call):
    """Give what a call submits, and about what; nothing where it submits nothing."""
    route, parts = ROUTES.find(call.method, call.path)
    if call.method != "POST" or route is None or route.operation in OTHERS:
        return set()
    sort, subjects = SUBJECTS[route.operation]
    found = {(sort, subject) for subject in subjects(parts, json.loads(call.body))}
    assert found, f"{route.operation} is about nothing"
    return found


@dataclass
class Overlaps:
    """Which submits are under way, how many of each sort there were, and which overlapped."""

    judged: dict = field(default_factory=dict)
    found: list = field(default_factory=list)
    _inside: set = field(default_factory=set)
    _one: object = field(default_factory=Lock)

    @contextmanager
    def under_way(self, call):
        mine = about(call)
        with self._one:
            self.found += sorted(mine & self._inside)
            new = mine - self._inside
            self._inside |= mine
            for sort in {sort for sort, _ in mine}:
                self.judged[sort] = self.judged.get(sort, 0) + 1
        try:
            yield
        finally:
            with self._one:
                self._inside -= new


def overlapping(monkeypatch, amazon):
    """Have the calls of a pretend Amazon's class judged; what the judge cannot tell counts as found, too."""
    overlaps, real = Overlaps(), amazon._answer

    def answer(self, call):
        with ExitStack() as judged:
            try:
                judged.enter_context(overlaps.under_way(call))
            except (AssertionError, LookupError, ValueError) as error:
                overlaps.found.append((call.path, repr(error)))
            return real(self, call)

    monkeypatch.setattr(amazon, "_answer", answer)
    return overlaps
