"""The table of Amazon's operations, and what those about access, orders, stock and transactions do with a call that was let in.

Promises: adding an operation is one function and one line of `ROUTES`. In trouble each raises `Refused`; what is refused here has
changed nothing.
"""

from datetime import timedelta
from typing import Any

from translator.simulator import rules
from translator.simulator.access import refused
from translator.simulator.account import CONTAINER_LABEL, INVOICE, SCENARIOS, STOCK, Submission
from translator.simulator.business import ACKNOWLEDGE, CONFIRM, CREATE_LABELS, REQUEST_LABELS, SCANS
from translator.simulator.desk import (
    Desk,
    Route,
    Routes,
    Visit,
    accepted,
    checked,
    direct,
    enveloped,
    refuse_content,
    taken_in,
)
from translator.simulator.known import KnownOrder
from translator.simulator.listing import ORDER_NAMES, Entry, page, question
from translator.simulator.orders import REDACTED
from translator.simulator.sandbox import generate_scenarios, get_scenarios
from translator.simulator.settings import AmazonSettings
from translator.simulator.shipping import (
    confirm,
    create_container_label,
    create_labels,
    get_invoice,
    get_invoices,
    get_label,
    get_labels,
    get_slip,
    get_slips,
    request_labels,
    scan,
)
from translator.simulator.wire import Reply

PERSONAL = frozenset("name attention addressLine1 addressLine2 addressLine3 city county district phone".split())
"""What of an address is not told where only Amazon's label names the customer."""
LATER_ONLY = ("hasCustomizableItems", "buyerCustomizedInfo")
"""Properties that an order of version v1 does not have."""


def log_in(desk: Desk, visit: Visit) -> Reply:
    return desk.access.log_in(visit.call, desk.now)


def restrict(desk: Desk, visit: Visit) -> Reply:
    body = checked(visit, rules.RESTRICTED)
    return desk.access.restrict(body["restrictedResources"], desk.now)


def get_orders(desk: Desk, visit: Visit) -> Reply:
    refuse_content(visit.call)
    asked = question(visit.call.query, desk.now, ORDER_NAMES)

    def keep(order: KnownOrder) -> bool:
        status = order.shown(desk.now)
        return status is not None and asked.status in (None, status)

    if visit.fault and visit.fate == "late":
        fresh = [number for number in desk.account.orders if not desk.journal.served[number]]
        desk.account.hide(fresh, desk.now + timedelta(seconds=visit.fault.seconds))
    entries = (Entry(order.created, order) for order in desk.account.orders.values())
    found = page(asked, entries, desk.settings.page_size, keep, visit.fate)
    body: dict[str, Any] = {"orders": [_listed(desk, visit, order, details=asked.details) for order in found.orders]}
    if found.token:
        body = {"pagination": {"nextToken": found.token}} | body
    return enveloped(visit, 200, body)


def get_order(desk: Desk, visit: Visit) -> Reply:
    refuse_content(visit.call)
    order = desk.account.orders.get(visit.parts["purchaseOrderNumber"])
    if order is None or order.shown(desk.now) is None:
        raise refused(404, "ResourceNotFound", "The purchase order was not found.")
    return enveloped(visit, 200, _listed(desk, visit, order, details=True))


def get_transaction(desk: Desk, visit: Visit) -> Reply:
    refuse_content(visit.call)
    submission = desk.account.submissions.get(visit.parts["transactionId"])
    if submission is None or submission.operation == SCENARIOS:
        raise refused(404, "ResourceNotFound", "The transaction was not found.")
    return enveloped(visit, 200, {"transactionStatus": _transaction(submission, visit, desk.settings)})


def acknowledge(desk: Desk, visit: Visit) -> Reply:
    body = checked(visit, rules.ACKNOWLEDGEMENTS)
    return accepted(desk, visit, body, body["orderAcknowledgements"])


def stock(desk: Desk, visit: Visit) -> Reply:
    body = checked(visit, rules.INVENTORY)
    return accepted(desk, visit, body, [body["inventory"]])


def invoice(desk: Desk, visit: Visit) -> Reply:
    return taken_in(desk, visit, checked(visit, rules.INVOICES))


def _listed(desk: Desk, visit: Visit, order: KnownOrder, *, details: bool) -> dict[str, Any]:
    if not details:
        return {"purchaseOrderNumber": order.number}
    desk.journal.served[order.number] += 1
    told = {**order.body["orderDetails"], "orderStatus": order.shown(desk.now)}
    if desk.settings.treatment.redacted:
        told["shipToParty"] = _redacted(told["shipToParty"])
    if visit.route.version == "v1":
        told = _without(told) | {"items": [_without(line) for line in order.lines]}
    return {"purchaseOrderNumber": order.number, "orderDetails": told}


def _redacted(address: Any) -> dict[str, Any]:
    return {name: REDACTED if name in PERSONAL else value for name, value in address.items()}


def _without(record: Any) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in LATER_ONLY}


def _transaction(submission: Submission, visit: Visit, settings: AmazonSettings) -> dict[str, Any]:
    status = "Processing" if submission.fate == "stuck" else submission.status
    told: dict[str, Any] = {"transactionId": submission.transaction, "status": status}
    if status != "Failure":
        return told
    errors = [{"code": trouble.code, "message": trouble.message} for trouble in submission.errors]
    flat = visit.route.version == "v1" or settings.failure_as_list
    return told | {"errors": errors if flat else {"errors": errors}}


_ORDERS = "orders/{V}/purchaseOrders"
_SHIPPING = "shipping/{V}/"
_LATER = "/vendor/directFulfillment/shipping/2021-12-28/"
_SANDBOX = "/vendor/directFulfillment/sandbox/2021-10-28/"
_PO = "/{purchaseOrderNumber}"
ROUTES = Routes(
    (
        *direct("getOrders", "GET", _ORDERS, get_orders, restricted=True),
        *direct("getOrder", "GET", _ORDERS + _PO, get_order, restricted=True),
        *direct(ACKNOWLEDGE, "POST", "orders/{V}/acknowledgements", acknowledge),
        *direct(REQUEST_LABELS, "POST", f"{_SHIPPING}shippingLabels", request_labels),
        *direct("getShippingLabels", "GET", f"{_SHIPPING}shippingLabels", get_labels, restricted=True),
        *direct("getShippingLabel", "GET", f"{_SHIPPING}shippingLabels{_PO}", get_label, restricted=True),
        Route(CREATE_LABELS, "POST", f"{_LATER}shippingLabels{_PO}", create_labels, "2021-12-28", restricted=True),
        Route(CONTAINER_LABEL, "POST", f"{_LATER}containerLabel", create_container_label, "2021-12-28"),
        *direct("getPackingSlips", "GET", f"{_SHIPPING}packingSlips", get_slips, restricted=True),
        *direct("getPackingSlip", "GET", f"{_SHIPPING}packingSlips{_PO}", get_slip, restricted=True),
        *direct("getCustomerInvoices", "GET", f"{_SHIPPING}customerInvoices", get_invoices, restricted=True),
        *direct("getCustomerInvoice", "GET", f"{_SHIPPING}customerInvoices{_PO}", get_invoice, restricted=True),
        *direct(CONFIRM, "POST", f"{_SHIPPING}shipmentConfirmations", confirm),
        *direct(SCANS, "POST", f"{_SHIPPING}shipmentStatusUpdates", scan),
        *direct("getTransactionStatus", "GET", "transactions/{V}/transactions/{transactionId}", get_transaction),
        Route(STOCK, "POST", "/vendor/directFulfillment/inventory/v1/warehouses/{warehouseId}/items", stock),
        Route(INVOICE, "POST", "/vendor/directFulfillment/payments/v1/invoices", invoice),
        Route(SCENARIOS, "POST", f"{_SANDBOX}orders", generate_scenarios, "2021-10-28"),
        Route("getOrderScenarios", "GET", f"{_SANDBOX}transactions/{{transactionId}}", get_scenarios, "2021-10-28"),
        Route("createRestrictedDataToken", "POST", "/tokens/2021-03-01/restrictedDataToken", restrict, "2021-03-01"),
        Route("token", "POST", "/auth/o2/token", log_in, guarded=False),
    ),
)
