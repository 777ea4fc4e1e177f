"""Submitting to Amazon: an endpoint for the POST of one operation, and what became of it.

Promises: `put` posts the bytes once and gives the transaction id. `look` follows transactions to Success or Failure;
where there is no receipt (the outcome of the put is unknown, or its transaction says Processing for good) it reads the
order back and compares its status with the evidence asked for. In trouble: `put` raises Unavailable, Unknown or
Rejected; `look` answers for as many as it could, and raises Unavailable where that is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from translator.core.tree import at
from translator.endpoints.endpoint import Looked, Outgoing, Put, Receipt, Verdict
from translator.endpoints.spapi.account import Account
from translator.endpoints.spapi.reading import each, judged, transaction
from translator.endpoints.spapi.scrub import word
from translator.endpoints.spapi.way_in import WayIn

LIFE: Final = ("NEW", "ACCEPTED", "SHIPPED")
# The status in which an operation finds its order
FOUND: Final = {"submitAcknowledgement": "NEW", "submitShipmentConfirmations": "ACCEPTED"}
_NUMBER: Final = re.compile(r"[A-Za-z0-9]{1,32}")


class Submission(WayIn):
    """One submit operation of one account: `submitAcknowledgement`."""

    def __init__(self, account: Account, operation: str) -> None:
        self._account = account
        self._operation = operation

    def put(self, outgoing: Outgoing, staged: Callable[[str], None]) -> Receipt:
        """Post once. A POST cannot be staged: `staged` is never called."""
        return Receipt(self._account.submit(outgoing.path, outgoing.data, outgoing.first))

    def look(self, puts: Sequence[Put]) -> Sequence[Looked]:
        """Say what became of each."""
        return each(puts, self._looked)

    def _looked(self, put: Put) -> Looked:
        if put.receipt is not None:
            return transaction(self._account, put.receipt.text)
        if not (put.evidence and _NUMBER.fullmatch(put.about)):
            return Looked(Verdict.CANNOT_TELL, "nothing can be read back")
        path = self._account.path("orders", "purchaseOrders", put.about)
        return judged(self._account, path, Verdict.CANNOT_TELL, Verdict.CANNOT_TELL, partial(self._compared, put))

    def _compared(self, put: Put, order: Any) -> Looked:
        if at(order, "purchaseOrderNumber") != put.about:
            return Looked(Verdict.CANNOT_TELL, "Amazon answered with another order")
        status = word(at(order, "orderDetails.orderStatus"), "unknown")
        return Looked(shown(status, put.evidence, FOUND.get(self._operation, "")), f"the order is {status}")


def shown(status: str, evidence: str, found: str) -> Verdict:
    """Compare an order's status with the one asked for, and the one the operation found it in."""
    if status == evidence or evidence in LIFE[: max(0, _step(status))]:
        return Verdict.ACCEPTED  # moved as asked; what is shipped was accepted
    return Verdict.NOT_THERE if 0 <= _step(status) <= _step(found) else Verdict.CANNOT_TELL


def _step(status: str) -> int:
    return LIFE.index(status) if status in LIFE else -1
