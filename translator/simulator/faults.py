"""The menu of things that go wrong between here and Amazon, planned ahead per operation and used up one by one.

Promises: a fault lets the next `after` calls of its operation (`*`: of any it can strike) pass, then strikes so-many of them; the
oldest plan comes first, and one call meets one fault. In trouble (a kind or an operation that is not on the menu, a kind that
cannot strike the operation) planning says so with ValueError: a fault that never struck would prove nothing.
"""

from dataclasses import dataclass, replace
from typing import Any

from translator.simulator.spoiled import LABELS, SPOILED

DIRECT_POSTS = (
    "submitAcknowledgement",
    "submitShippingLabelRequest",
    "submitShipmentConfirmations",
    "submitShipmentStatusUpdates",
    "submitInventoryUpdate",
    "submitInvoice",
    "generateOrderScenarios",
)
LISTS = ("getOrders", "getShippingLabels", "getPackingSlips", "getCustomerInvoices")
PAPERS = (
    "getShippingLabel",
    "getShippingLabels",
    "createShippingLabels",
    "createContainerLabel",
    "getPackingSlip",
    "getPackingSlips",
    "getCustomerInvoice",
    "getCustomerInvoices",
)
OPERATIONS = (
    "*",
    "token",
    "createRestrictedDataToken",
    "getOrder",
    "getTransactionStatus",
    "getOrderScenarios",
    *dict.fromkeys((*LISTS, *PAPERS, *DIRECT_POSTS)),
)
MENU = {
    "throttled": "429 before anything was done",
    "broken": "500 before anything was done",
    "unavailable": "503 before anything was done",
    "denied": "403 before anything was done, as after a revoked token",
    "echo": "400 whose message repeats the token and the body that were sent",
    "redirect": "307 to another path of this Amazon, before anything was done",
    "closed": "not done, and the connection closed without an answer",
    "slow": "answered properly, but only after `seconds`, and not done before",
    "applied_then_500": "done, and answered with 500",
    "applied_then_503": "done, and answered with 503",
    "applied_then_closed": "done, and the connection closed without an answer: the lost reply",
    "applied_then_slow": "done, and answered only after `seconds`",
    "stuck": "accepted, done in time, but the transaction says Processing for good",
    "delayed": "accepted, and done only `seconds` later: what came after it may be done before",
    "delayed_then_closed": "the same, and the connection closed without an answer",
    "internal_failure": "accepted, then the transaction ends as Failure with INTERNAL_SERVER_ERROR",
    "cancelled": "done, and `seconds` later Amazon cancels the order",
    "late": "orders that were never told of stay unseen for `seconds`, and come with their old date",
    "page_loop": "the page's nextToken leads to the same page, and is the one that was asked with",
    "page_again": "the page's nextToken, another one, leads to the same page",
    "drip": "answered byte by byte, with `seconds` between two",
    **{kind: spoiling.says for kind, spoiling in SPOILED.items()},
}
STRIKES = {
    **dict.fromkeys(("stuck", "delayed", "delayed_then_closed", "internal_failure"), DIRECT_POSTS),
    "cancelled": (*DIRECT_POSTS[:4], "createShippingLabels"),
    "late": ("getOrders",),
    **dict.fromkeys(("page_loop", "page_again"), LISTS),
    **dict.fromkeys(LABELS, PAPERS),
}
"""The operations that a kind can strike; a kind that is not in here: all."""

LONGEST = 10**9


@dataclass(frozen=True, slots=True)
class Fault:
    kind: str
    operation: str = "*"
    times: int = 1
    seconds: float = 0.0
    after: int = 0
    """How many calls pass before it strikes."""

    @classmethod
    def from_body(cls, body: Any) -> "Fault":
        """ValueError when this is not on the menu."""
        try:
            fault = cls(**body)
        except TypeError as unknown:
            raise ValueError(str(unknown)) from None
        if fault.kind not in list(MENU) or not (_whole(fault.times, 1) and _whole(fault.after, 0)):
            raise ValueError(f"kind must be one of {', '.join(MENU)}; times 1 or more; after 0 or more")
        if (
            isinstance(fault.seconds, bool)
            or not isinstance(fault.seconds, (int, float))
            or not 0 <= fault.seconds <= LONGEST
        ):
            raise ValueError(f"seconds must be a number from 0 to {LONGEST}")
        if fault.operation not in OPERATIONS:
            raise ValueError(f"operation must be one of {', '.join(OPERATIONS)}")
        if fault.operation != "*" and not fault.can_strike(fault.operation):
            raise ValueError(f"{fault.kind} can strike {', '.join(STRIKES[fault.kind])} only")
        return fault

    def can_strike(self, operation: str) -> bool:
        return operation in STRIKES.get(self.kind, OPERATIONS)

    def meets(self, operation: str) -> bool:
        return self.operation in ("*", operation) and self.can_strike(operation)


class Faults:
    def __init__(self) -> None:
        self.planned: list[Fault] = []

    def plan(self, fault: Fault) -> None:
        self.planned.append(fault)

    def take(self, operation: str) -> Fault | None:
        """The fault that this call meets; those that still let calls pass have one fewer to let pass."""
        struck = next((fault for fault in self.planned if fault.meets(operation) and not fault.after), None)
        self.planned = [left for fault in self.planned if (left := _left(fault, operation, struck))]
        return struck


def _left(fault: Fault, operation: str, struck: Fault | None) -> Fault | None:
    """What is left of a plan after a call."""
    if fault is struck:
        return replace(fault, times=fault.times - 1) if fault.times > 1 else None
    if fault.after and fault.meets(operation):
        return replace(fault, after=fault.after - 1)
    return fault


def _whole(number: object, least: int) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and number >= least
