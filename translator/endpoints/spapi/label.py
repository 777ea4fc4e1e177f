"""Operations whose answer is the document itself: the label of an order, the label of a container.

Promises: a POST is made once, and what it brought is in the receipt. Where Amazon refuses createShippingLabels itself
(not this order's data) the same request goes once to the asynchronous operation, and for a day at once to that. In
trouble: Unavailable, Rejected, and Unknown where no label came with the answer: it may have been made, so it is looked
for; after a conflict (409) a request is not repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from translator.core.finding import Unknown
from translator.core.ports import Clock
from translator.core.tree import at
from translator.endpoints.endpoint import Looked, Outgoing, Put, Receipt, Verdict
from translator.endpoints.spapi.access import Shut
from translator.endpoints.spapi.account import Account
from translator.endpoints.spapi.answers import DENIALS, brought, codes
from translator.endpoints.spapi.reading import each, judged, there, transaction
from translator.endpoints.spapi.way_in import WayIn
from translator.endpoints.spapi.wire import Answer, Lost

DAY: Final = 86_400.0  # seconds until a refused operation is tried again
MOST: Final = 1_000  # conflicts remembered
# What Amazon says of an operation, not of the order in it
NO_OPERATION: Final = frozenset(
    "InvalidOperation MissingAction MissingAuthenticationToken NotImplemented NotSupported OperationNotSupported "
    "UnknownOperation UnknownOperationException UnsupportedOperation UnsupportedOperationException".split()
)


class Bringing(WayIn):
    """An operation whose answer is a document that nothing shows afterwards: createContainerLabel."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def put(self, outgoing: Outgoing, staged: Callable[[str], None]) -> Receipt:
        """Post once, and keep what it brought."""
        return _receipt(self._account.post(outgoing.path, outgoing.data, outgoing.first))

    def look(self, puts: Sequence[Put]) -> Sequence[Looked]:
        """Say what became of each: what was answered was answered whole."""
        return [_came() if put.receipt else Looked(Verdict.CANNOT_TELL, "nothing shows it") for put in puts]


class Labels(WayIn):
    """createShippingLabels of one account; `asynchronous` makes the other request's body from the bytes and the order."""

    def __init__(
        self, account: Account, clock: Clock, otherwise: str, asynchronous: Callable[[bytes, str], bytes]
    ) -> None:
        self._account = account
        self._clock = clock
        self._otherwise = otherwise
        self._asynchronous = asynchronous
        self._refused = 0.0  # until then (monotonic) the operation is not tried
        self._conflicts: dict[str, None] = {}

    def put(self, outgoing: Outgoing, staged: Callable[[str], None]) -> Receipt:
        """Post once: the label in the answer, or a transaction. A POST cannot be staged: `staged` is never called."""
        if self._clock.monotonic() < self._refused:
            return self._submitted(outgoing)
        answer = self._created(outgoing)
        if answer is None:
            receipt = self._submitted(outgoing)
            self._refused = self._clock.monotonic() + DAY  # the other is taken: it was the operation that was refused
            return receipt
        if isinstance(answer, Answer) and answer.status == 409:
            self._remember(outgoing.about)
        return _receipt(answer, outgoing.about)

    def look(self, puts: Sequence[Put]) -> Sequence[Looked]:
        """Say what became of each: its transaction, and whether the label is there."""
        return each(puts, self._looked)

    def _created(self, outgoing: Outgoing) -> Answer | Lost | None:
        """Give the answer of createShippingLabels; None where Amazon refuses the operation, and so did nothing."""
        try:
            answer = self._account.post(outgoing.path, outgoing.data, outgoing.first)
        except Shut:
            return None
        return None if _no_operation(answer) else answer

    def _submitted(self, outgoing: Outgoing) -> Receipt:
        data = self._asynchronous(outgoing.data, outgoing.about)
        return Receipt(self._account.submit(self._otherwise, data, outgoing.first))

    def _remember(self, order: str) -> None:
        self._conflicts[order] = None
        if len(self._conflicts) > MOST:
            del self._conflicts[next(iter(self._conflicts))]

    def _looked(self, put: Put) -> Looked:
        if put.receipt is None:
            return self._label(put, self._absent(put.about))
        if not put.receipt.text:
            return _came()
        told = transaction(self._account, put.receipt.text)
        return self._label(put, Verdict.WAITING) if told.verdict is Verdict.ACCEPTED else told

    def _absent(self, order: str) -> Verdict:
        return Verdict.CANNOT_TELL if order in self._conflicts else Verdict.NOT_THERE

    def _label(self, put: Put, absent: Verdict) -> Looked:
        path = self._account.path("shipping", "shippingLabels", put.about)
        return judged(self._account, path, absent, _unsure(absent), partial(_compared, put, absent))


def _unsure(absent: Verdict) -> Verdict:
    return Verdict.WAITING if absent is Verdict.WAITING else Verdict.CANNOT_TELL


def _compared(put: Put, absent: Verdict, label: Any) -> Looked:
    if not there(label):
        return Looked(absent, "Amazon shows no label of the order")
    if at(label, "purchaseOrderNumber") != put.about:
        return Looked(Verdict.CANNOT_TELL, "Amazon answered with the label of another order")
    shown = {at(one, "trackingNumber") for one in at(label, "labelData", [])}
    if put.receipt is None and put.before and shown == put.before:
        return Looked(absent, "Amazon shows the label that was there before")
    return Looked(Verdict.ACCEPTED, "the label is there")


def _receipt(answer: Answer | Lost, order: str = "") -> Receipt:
    body = brought(answer)
    if not there(body.tree):
        raise Unknown("no label came with the answer")
    if order and at(body.tree, "purchaseOrderNumber") != order:
        raise Unknown("the label of another order came with the answer")
    return Receipt(data=body.data)


def _came() -> Looked:
    return Looked(Verdict.ACCEPTED, "it came with the answer")


def _no_operation(answer: Answer | Lost) -> bool:
    """Tell whether the operation is refused, and not this request: denied with fresh tokens too, or not known at all."""
    if isinstance(answer, Lost) or answer.status < 400:
        return False
    said = codes(answer)
    unknown = bool(said & NO_OPERATION)
    return (
        answer.status in DENIALS
        or answer.status in (405, 501)
        or (answer.status == 404 and (unknown or not said))
        or (answer.status == 400 and unknown)
    )
