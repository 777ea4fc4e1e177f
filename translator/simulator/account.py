"""The vendor's account as Amazon keeps it: orders, transactions, stock levels, and a count of everything that took effect.

Promises: a submission is judged once, when its time is over, as a whole: all of it takes effect or none. That is the order of
arrival, unless one is delayed.
An effect is counted when it is applied, so a test can ask how often. In trouble (a rule broken) the transaction ends as Failure
with Amazon's codes and nothing changed. Not safe for several threads; `marketplace` holds one lock around it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import Any
from uuid import uuid4

from translator.simulator.business import BUSINESS, Business, Document, Moment, number_of, tracking_number
from translator.simulator.faults import Fault
from translator.simulator.known import KnownOrder
from translator.simulator.orders import sample_orders
from translator.simulator.payments import invoice_troubles, orders_of
from translator.simulator.settings import AmazonSettings
from translator.simulator.terms import Trouble, stock_troubles

STOCK = "submitInventoryUpdate"
SCENARIOS = "generateOrderScenarios"
CONTAINER_LABEL = "createContainerLabel"
INVOICE = "submitInvoice"

Tally = dict[str, Counter[str]]


@dataclass(slots=True)
class Submission:
    """One accepted POST and what became of it; `fault` was planned for it."""

    transaction: str
    operation: str
    version: str
    path: str
    warehouse: str
    body: Mapping[str, Any]
    accepted: datetime
    due: datetime
    fault: Fault | None = None
    status: str = "Processing"
    errors: list[Trouble] = field(default_factory=list)

    @property
    def fate(self) -> str:
        return self.fault.kind if self.fault else ""


class Account:
    def __init__(self, settings: AmazonSettings) -> None:
        self.orders: dict[str, KnownOrder] = {}
        self.levels: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
        self.submissions: dict[str, Submission] = {}
        self.effects: Tally = defaultdict(Counter)
        self.repeats: Tally = defaultdict(Counter)
        self.containers: dict[str, str] = {}
        self.invoices: dict[str, tuple[str, ...]] = {}
        """The orders of each invoice, by its number."""
        self.scenarios: dict[str, dict[str, list[str]]] = defaultdict(dict)
        self.catalogue = dict(settings.catalogue)
        self._settings = settings
        self._pending: list[tuple[datetime, int, Submission]] = []
        """A heap: what is judged when, of one moment in the order of arrival."""
        self._cancellations: list[tuple[datetime, str]] = []
        """A heap: when Amazon cancels which order."""

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
        if self.orders[number].status == "SHIPPED":
            raise ValueError(f"order {number} has been shipped")
        self._cancel(number, now)

    def cancel_later(self, number: str, when: datetime) -> None:
        """Has Amazon cancel an order of its own accord, unless the parcel has left by then."""
        heappush(self._cancellations, (when, number))

    def hide(self, numbers: Iterable[str], until: datetime) -> None:
        """Keeps orders unseen, whatever their date."""
        for number in numbers:
            self.orders[number] = self.orders[number].hidden(until)

    def submit(self, submission: Submission) -> None:
        self.submissions[submission.transaction] = submission
        if submission.fault and submission.fate.startswith("delayed"):
            submission.due += timedelta(seconds=submission.fault.seconds)
        heappush(self._pending, (submission.due, len(self.submissions), submission))
        self.settle(submission.accepted)

    def settle(self, now: datetime) -> None:
        """Does all that is due, in the order of time."""
        while self._pending and self._pending[0][0] <= now:
            _, _, submission = heappop(self._pending)
            self._cancel_due(submission.due)
            self._decide(submission)
        self._cancel_due(now)

    def _cancel_due(self, now: datetime) -> None:
        while self._cancellations and self._cancellations[0][0] <= now:
            when, number = heappop(self._cancellations)
            if self.orders[number].status != "SHIPPED":
                self._cancel(number, when)

    def _cancel(self, number: str, when: datetime) -> None:
        self.orders[number] = self.orders[number].turned("CANCELLED", self._seen_from(when))

    def perform(self, operation: str, document: Document, now: datetime) -> list[Trouble]:
        """Judges and applies one document at once, where Amazon keeps nobody waiting; gives what is wrong with it."""
        troubles = self._document_troubles(operation, document, now)
        if not troubles:
            self._apply_document(operation, document, now)
        return troubles

    def label_container(self, identifier: str) -> str:
        """The tracking number of a container; asked for again it is another one."""
        times = self.effects[CONTAINER_LABEL][identifier]
        if times:
            self.repeats[CONTAINER_LABEL][identifier] += 1
        self.effects[CONTAINER_LABEL][identifier] += 1
        self.containers[identifier] = tracking_number(f"{identifier}/{times}")
        return self.containers[identifier]

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
        if submission.operation == SCENARIOS:
            return []
        if submission.operation == STOCK:
            return list(
                stock_troubles(submission.body["inventory"], submission.warehouse, self._settings, self.catalogue)
            )
        if submission.operation == INVOICE:
            return self._invoice_troubles(submission)
        business = BUSINESS[submission.operation]
        documents = submission.body[business.documents]
        twice = [name for name, n in Counter(business.name(document) for document in documents).items() if n > 1]
        troubles = [Trouble("INVALID_ORDER_ID", f"Order {name} appears more than once.") for name in twice]
        for document in documents:
            troubles += self._document_troubles(submission.operation, document, submission.accepted)
        return troubles

    def _invoice_troubles(self, submission: Submission) -> list[Trouble]:
        troubles: list[Trouble] = []
        for invoice in submission.body["invoices"]:
            number = invoice["invoiceNumber"]
            self.repeats[INVOICE][number] += int(number in self.invoices)
            if number not in self.invoices or self._settings.repeat == "refuse":
                troubles += invoice_troubles(invoice, self.orders, self.invoices, submission.accepted)
        self.repeats[INVOICE] += Counter()  # without what was not repeated
        return troubles

    def _document_troubles(self, operation: str, document: Document, accepted: datetime) -> list[Trouble]:
        order, business = self.orders.get(number_of(document)), BUSINESS[operation]
        if order is None:
            return [Trouble("INVALID_ORDER_ID", "Invalid order ID.")]
        if business.repeats(order, document):
            self.repeats[operation][business.name(document)] += 1
            if not business.again:
                return self._repeat_troubles(operation, order)
        return list(business.troubles(document, order, accepted, self._settings.treatment))

    def _repeat_troubles(self, operation: str, order: KnownOrder) -> list[Trouble]:
        if self._settings.repeat != "refuse":
            return []
        return [Trouble("DUPLICATE_SUBMISSION", f"{operation} was already received for {order.number}.")]

    def _apply(self, submission: Submission) -> None:
        if submission.operation == STOCK:
            self._apply_stock(submission)
        elif submission.operation == SCENARIOS:
            self._apply_scenarios(submission)
        elif submission.operation == INVOICE:
            self._apply_invoices(submission)
        else:
            for document in submission.body[BUSINESS[submission.operation].documents]:
                self._apply_document(submission.operation, document, submission.due)
                if submission.fault and submission.fate == "cancelled":
                    self.cancel_later(number_of(document), submission.due + timedelta(seconds=submission.fault.seconds))

    def _apply_document(self, operation: str, document: Document, at: datetime) -> None:
        order, business = self.orders[number_of(document)], BUSINESS[operation]
        if self._ignores(business, order, document):
            return
        self.effects[operation][business.name(document)] += 1
        self.orders[order.number] = business.after(order, document, Moment(at, self._seen_from(at), self._settings))

    def _ignores(self, business: Business, order: KnownOrder, document: Document) -> bool:
        return not business.again and business.repeats(order, document) and self._settings.repeat == "ignore"

    def _apply_scenarios(self, submission: Submission) -> None:
        """Two orders for each warehouse that was named, made for this asking alone."""
        for index, asked in enumerate(submission.body["orders"], start=1):
            warehouse = asked["shipFromParty"]["partyId"]
            first = 1_000_000 + 2 * sum(map(len, self.scenarios.values()))
            bodies = sample_orders(self._settings.vendor, [warehouse], 2, submission.due, first=first)
            self.add(bodies, submission.due)
            numbers = [body["purchaseOrderNumber"] for body in bodies]
            self.scenarios[submission.transaction][f"SCENARIO_{index}"] = numbers
            self.effects[SCENARIOS][warehouse] += 1

    def _apply_invoices(self, submission: Submission) -> None:
        for invoice in submission.body["invoices"]:
            number = invoice["invoiceNumber"]
            if number not in self.invoices or self._settings.repeat == "apply":
                self.effects[INVOICE][number] += 1
                self.invoices[number] = orders_of(invoice)

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
