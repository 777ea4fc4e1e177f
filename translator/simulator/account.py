"""The vendor's account as Amazon keeps it: orders, transactions, stock levels, and a count of everything that took effect.

Promises: a submission is judged once, when its time is over, in the order of arrival, as a whole: all of it takes effect or none.
An effect is counted when it is applied, so a test can ask how often. In trouble (a rule broken) the transaction ends as Failure
with Amazon's codes and nothing changed. Not safe for several threads; `marketplace` holds one lock around it.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from translator.simulator.known import KnownOrder
from translator.simulator.settings import AmazonSettings
from translator.simulator.terms import Trouble, acknowledgement_troubles, confirmation_troubles, stock_troubles

ACKNOWLEDGE = "submitAcknowledgement"
CONFIRM = "submitShipmentConfirmations"
STOCK = "submitInventoryUpdate"

Tally = dict[str, Counter[str]]


@dataclass(slots=True)
class Submission:
    """One accepted POST and what became of it; `fate` is a fault that was planned for it."""

    transaction: str
    operation: str
    version: str
    path: str
    warehouse: str
    body: Mapping[str, Any]
    accepted: datetime
    due: datetime
    fate: str = ""
    status: str = "Processing"
    errors: list[Trouble] = field(default_factory=list)


class Account:
    def __init__(self, settings: AmazonSettings) -> None:
        self.orders: dict[str, KnownOrder] = {}
        self.levels: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
        self.submissions: dict[str, Submission] = {}
        self.effects: Tally = defaultdict(Counter)
        self.repeats: Tally = defaultdict(Counter)
        self.catalogue = dict(settings.catalogue)
        self._settings = settings
        self._pending: deque[Submission] = deque()

    def add(self, bodies: Iterable[Mapping[str, Any]], now: datetime) -> None:
        """Takes new orders in; ValueError when one is no order, or is known already, and then none is taken."""
        fresh = [KnownOrder.from_body(body, self._seen_from(now)) for body in bodies]
        for number, times in Counter([*self.orders, *(order.number for order in fresh)]).items():
            if times > 1:
                raise ValueError(f"order {number} is known already")
        self.orders |= {order.number: order for order in fresh}
        for order in fresh:
            self.catalogue |= order.products

    def cancel(self, number: str, now: datetime) -> None:
        """As a customer or Amazon would; KeyError when unknown, ValueError when the parcel has left."""
        self.settle(now)
        order = self.orders[number]
        if order.status == "SHIPPED":
            raise ValueError(f"order {number} has been shipped")
        self.orders[number] = order.turned("CANCELLED", self._seen_from(now))

    def submit(self, submission: Submission) -> None:
        self.submissions[submission.transaction] = submission
        self._pending.append(submission)
        self.settle(submission.accepted)

    def settle(self, now: datetime) -> None:
        while self._pending and self._pending[0].due <= now:
            self._decide(self._pending.popleft())

    def due(self, now: datetime) -> datetime:
        return now + timedelta(seconds=self._settings.transaction_seconds)

    def _decide(self, submission: Submission) -> None:
        submission.errors = self._troubles(submission)
        submission.status = "Failure" if submission.errors else "Success"
        if not submission.errors:
            self._apply(submission)

    def _troubles(self, submission: Submission) -> list[Trouble]:
        if submission.fate == "internal_failure":
            return [Trouble("INTERNAL_SERVER_ERROR", "Internal server error.")]
        if submission.operation == STOCK:
            return list(
                stock_troubles(submission.body["inventory"], submission.warehouse, self._settings, self.catalogue)
            )
        documents = _documents(submission)
        twice = [number for number, n in Counter(_number(d) for d in documents).items() if n > 1]
        troubles = [Trouble("INVALID_ORDER_ID", f"Order {number} appears more than once.") for number in twice]
        for document in documents:
            troubles += self._document_troubles(submission, document)
        return troubles

    def _document_troubles(self, submission: Submission, document: Mapping[str, Any]) -> list[Trouble]:
        order = self.orders.get(_number(document))
        if order is None:
            return [Trouble("INVALID_ORDER_ID", "Invalid order ID.")]
        if _is_repeat(submission, order):
            return self._repeat_troubles(submission, order)
        judge = acknowledgement_troubles if submission.operation == ACKNOWLEDGE else confirmation_troubles
        return list(judge(document, order, submission.accepted))

    def _repeat_troubles(self, submission: Submission, order: KnownOrder) -> list[Trouble]:
        self.repeats[submission.operation][order.number] += 1
        if self._settings.repeat != "refuse":
            return []
        return [Trouble("DUPLICATE_SUBMISSION", f"{submission.operation} was already received for {order.number}.")]

    def _apply(self, submission: Submission) -> None:
        if submission.operation == STOCK:
            self._apply_stock(submission)
            return
        for document in _documents(submission):
            self._apply_document(submission, document)

    def _apply_document(self, submission: Submission, document: Mapping[str, Any]) -> None:
        order = self.orders[_number(document)]
        if _is_repeat(submission, order) and self._settings.repeat == "ignore":
            return
        self.effects[submission.operation][order.number] += 1
        after = _acknowledged if submission.operation == ACKNOWLEDGE else _confirmed
        self.orders[order.number] = after(order, document, submission.due, self._seen_from(submission.due))

    def _apply_stock(self, submission: Submission) -> None:
        inventory, shelf = submission.body["inventory"], self.levels[submission.warehouse]
        if inventory["isFullUpdate"]:
            for level in shelf.values():
                level["amount"] = 0
        for item in inventory["items"]:
            sku = self._sku(item)
            obsolete = item.get("isObsolete", False)
            shelf[sku] = {"amount": item["availableQuantity"]["amount"], "isObsolete": obsolete}
            self.effects[STOCK][f"{submission.warehouse}/{sku}"] += 1

    def _sku(self, item: Mapping[str, Any]) -> str:
        if "vendorProductIdentifier" in item:
            return str(item["vendorProductIdentifier"])
        asin = str(item["buyerProductIdentifier"])
        return next((sku for sku, known in self.catalogue.items() if known == asin), asin)

    def _seen_from(self, now: datetime) -> datetime:
        return now + timedelta(seconds=self._settings.visibility_seconds)


def transaction_number(now: datetime) -> str:
    return f"{now:%Y%m%d%H%M%S}-{uuid4()}"


def _documents(submission: Submission) -> list[Mapping[str, Any]]:
    name = "orderAcknowledgements" if submission.operation == ACKNOWLEDGE else "shipmentConfirmations"
    return list(submission.body[name])


def _number(document: Mapping[str, Any]) -> str:
    return str(document["purchaseOrderNumber"])


def _is_repeat(submission: Submission, order: KnownOrder) -> bool:
    done = order.acknowledged if submission.operation == ACKNOWLEDGE else order.confirmed
    return done is not None


def _acknowledged(order: KnownOrder, ack: Mapping[str, Any], at: datetime, seen: datetime) -> KnownOrder:
    code = str(ack["acknowledgementStatus"].get("code", ""))
    known = replace(order, acknowledged=at, code=code)
    if order.status != "NEW":
        return known
    return known.turned("ACCEPTED" if code == "00" else "CANCELLED", seen)


def _confirmed(order: KnownOrder, confirmation: Mapping[str, Any], at: datetime, seen: datetime) -> KnownOrder:
    shipped = confirmation["shipmentDetails"]["shipmentStatus"] == "SHIPPED"
    return replace(order, confirmed=at).turned("SHIPPED" if shipped else "CANCELLED", seen)
