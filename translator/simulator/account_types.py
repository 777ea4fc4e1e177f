"""The kinds of vendor accounts, and how Amazon treats each: who makes the label, who sees the customer, who tells of scans.

Promises values only. `mixed` is every kind at once, for trying things out: labels and scans are taken but never demanded, and
orders show what they hold.
"""

from dataclasses import dataclass
from typing import Literal

AccountType = Literal["mixed", "label-only", "own-label", "own-carrier", "amxl"]


@dataclass(frozen=True, slots=True)
class Treatment:
    labels: bool
    """Whether Amazon makes labels for this account."""
    demanded: bool
    """Whether an order has to be labelled by Amazon before it can be confirmed."""
    scans: bool
    """Whether shipment status updates are taken."""
    redacted: bool | None
    """Whether orders hide the customer; None: as each order is."""
    carrier: bool = False
    """Whether a confirmation has to name the carrier of each container."""


TREATMENTS: dict[AccountType, Treatment] = {
    "mixed": Treatment(labels=True, demanded=False, scans=True, redacted=None),
    "label-only": Treatment(labels=True, demanded=True, scans=False, redacted=True),
    "own-label": Treatment(labels=False, demanded=False, scans=False, redacted=False),
    "own-carrier": Treatment(labels=False, demanded=False, scans=True, redacted=False, carrier=True),
    "amxl": Treatment(labels=True, demanded=True, scans=False, redacted=False),
}
