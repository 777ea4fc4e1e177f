"""The menu of things that go wrong between here and Amazon, planned ahead per operation and used up one by one.

Promises: a fault strikes exactly the next so-many calls of its operation (`*`: of any), oldest plan first.
"""

from dataclasses import dataclass, replace
from typing import Any

MENU = {
    "throttled": "429 before anything was done",
    "broken": "500 before anything was done",
    "denied": "403 before anything was done, as after a revoked token",
    "applied_then_503": "done, and answered with 503",
    "applied_then_closed": "done, and the connection closed without an answer: the lost reply",
    "closed": "not done, and the connection closed without an answer",
    "slow": "answered properly, but only after `seconds`",
    "stuck": "accepted, done in time, but the transaction says Processing for good",
    "internal_failure": "accepted, then the transaction ends as Failure with INTERNAL_SERVER_ERROR",
}
OPERATIONS = (
    "*",
    "token",
    "createRestrictedDataToken",
    "getOrders",
    "getOrder",
    "submitAcknowledgement",
    "submitShippingLabelRequest",
    "getShippingLabels",
    "getShippingLabel",
    "createShippingLabels",
    "createContainerLabel",
    "submitShipmentConfirmations",
    "submitShipmentStatusUpdates",
    "getPackingSlips",
    "getPackingSlip",
    "getCustomerInvoices",
    "getCustomerInvoice",
    "submitInventoryUpdate",
    "getTransactionStatus",
    "generateOrderScenarios",
    "getOrderScenarios",
)


@dataclass(frozen=True, slots=True)
class Fault:
    kind: str
    operation: str = "*"
    times: int = 1
    seconds: float = 0.0

    @classmethod
    def from_body(cls, body: Any) -> "Fault":
        """ValueError when this is not on the menu."""
        try:
            fault = cls(**body)
        except TypeError as unknown:
            raise ValueError(str(unknown)) from None
        if fault.kind not in list(MENU) or not isinstance(fault.times, int) or fault.times < 1:
            raise ValueError(f"kind must be one of {', '.join(MENU)}, and times 1 or more")
        if fault.operation not in OPERATIONS:
            raise ValueError(f"operation must be one of {', '.join(OPERATIONS)}")
        return fault


class Faults:
    def __init__(self) -> None:
        self.planned: list[Fault] = []

    def plan(self, fault: Fault) -> None:
        self.planned.append(fault)

    def take(self, operation: str) -> Fault | None:
        for index, fault in enumerate(self.planned):
            if fault.operation in ("*", operation):
                self._use_up(index, fault)
                return fault
        return None

    def _use_up(self, index: int, fault: Fault) -> None:
        if fault.times > 1:
            self.planned[index] = replace(fault, times=fault.times - 1)
        else:
            del self.planned[index]
