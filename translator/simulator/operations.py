"""The table of Amazon's operations, and what each does with a call that was let in.

Promises: adding an operation is one function and one line of `ROUTES`. In trouble each raises `Refused`; what is refused here has
changed nothing.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from translator.simulator import rules
from translator.simulator.access import Access, refused, same_place
from translator.simulator.account import ACKNOWLEDGE, CONFIRM, STOCK, Account, Submission, transaction_number
from translator.simulator.journal import Journal
from translator.simulator.known import KnownOrder
from translator.simulator.listing import page, question
from translator.simulator.settings import AmazonSettings
from translator.simulator.wire import Call, Reply

LATER_ONLY = ("hasCustomizableItems", "buyerCustomizedInfo")
"""Properties that an order of version v1 does not have."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What an operation may use, for the time of one call."""

    settings: AmazonSettings
    access: Access
    account: Account
    journal: Journal
    now: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    call: Call
    route: "Route"
    parts: dict[str, str]
    fate: str


@dataclass(frozen=True, slots=True)
class Route:
    operation: str
    method: str
    path: str
    perform: Callable[[Desk, Visit], Reply]
    version: str = "v1"
    guarded: bool = True
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class Routes:
    routes: tuple[Route, ...]

    def find(self, method: str, path: str) -> tuple[Route | None, dict[str, str]]:
        for route in self.routes:
            if route.method == method and same_place(route.path, path):
                return route, _parts(route.path, path)
        return None, {}


def _parts(template: str, path: str) -> dict[str, str]:
    pairs = zip(template.split("/"), path.split("/"), strict=True)
    return {name[1:-1]: unquote(value) for name, value in pairs if name.startswith("{")}


def log_in(desk: Desk, visit: Visit) -> Reply:
    return desk.access.log_in(visit.call, desk.now)


def restrict(desk: Desk, visit: Visit) -> Reply:
    body = _checked(visit, rules.RESTRICTED)
    return desk.access.restrict(body["restrictedResources"], desk.now)


def get_orders(desk: Desk, visit: Visit) -> Reply:
    _refuse_content(visit.call)
    asked = question(visit.call.query, desk.now)
    found = page(asked, desk.account.orders.values(), desk.now, desk.settings.page_size)
    body: dict[str, Any] = {"orders": [_listed(desk, visit, order, details=asked.details) for order in found.orders]}
    if found.token:
        body = {"pagination": {"nextToken": found.token}} | body
    return _enveloped(visit, 200, body)


def get_order(desk: Desk, visit: Visit) -> Reply:
    _refuse_content(visit.call)
    order = desk.account.orders.get(visit.parts["purchaseOrderNumber"])
    if order is None or order.shown(desk.now) is None:
        raise refused(404, "ResourceNotFound", "The purchase order was not found.")
    return _enveloped(visit, 200, _listed(desk, visit, order, details=True))


def get_transaction(desk: Desk, visit: Visit) -> Reply:
    _refuse_content(visit.call)
    submission = desk.account.submissions.get(visit.parts["transactionId"])
    if submission is None:
        raise refused(404, "ResourceNotFound", "The transaction was not found.")
    return _enveloped(visit, 200, {"transactionStatus": _transaction(submission, visit, desk.settings)})


def acknowledge(desk: Desk, visit: Visit) -> Reply:
    body = _checked(visit, rules.ACKNOWLEDGEMENTS)
    return _accepted(desk, visit, body, body["orderAcknowledgements"])


def confirm(desk: Desk, visit: Visit) -> Reply:
    body = _checked(visit, rules.CONFIRMATIONS[visit.route.version])
    return _accepted(desk, visit, body, body["shipmentConfirmations"])


def stock(desk: Desk, visit: Visit) -> Reply:
    body = _checked(visit, rules.INVENTORY)
    return _accepted(desk, visit, body, [body["inventory"]])


def _accepted(desk: Desk, visit: Visit, body: dict[str, Any], documents: list[dict[str, Any]]) -> Reply:
    if any(document["sellingParty"]["partyId"] != desk.settings.vendor for document in documents):
        raise refused(
            403, "Unauthorized", "Access to requested resource is denied: not a vendor code of this authorization."
        )
    number = transaction_number(desk.now)
    submission = Submission(
        transaction=number,
        operation=visit.route.operation,
        version=visit.route.version,
        path=visit.call.path,
        warehouse=visit.parts.get("warehouseId", ""),
        body=body,
        accepted=desk.now,
        due=desk.account.due(desk.now),
        fate=visit.fate,
    )
    desk.account.submit(submission)
    return _enveloped(visit, 202, {"transactionId": number})


def _checked(visit: Visit, rule: rules.Record) -> dict[str, Any]:
    call = visit.call
    if call.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise refused(415, "UnsupportedMediaType", "The content type must be application/json.")
    if call.query:
        raise refused(400, "InvalidInput", "This operation has no query parameters.")
    body = _parsed(call.body)
    objections = [str(objection) for objection in rule.objections(body, "")]
    if objections:
        raise refused(400, "InvalidInput", "; ".join(objections[:20]))
    return dict(body)


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content.decode("utf-8"), object_pairs_hook=_once_each, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise refused(400, "InvalidInput", "The request body is not valid JSON.") from None


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _refuse_content(call: Call) -> None:
    if call.body or "content-length" in call.headers:
        raise refused(400, "InvalidInput", "A GET has no content and no Content-Length.")


def _enveloped(visit: Visit, status: int, body: dict[str, Any]) -> Reply:
    return Reply(status, {"payload": body} if visit.route.version == "v1" else body)


def _listed(desk: Desk, visit: Visit, order: KnownOrder, *, details: bool) -> dict[str, Any]:
    if not details:
        return {"purchaseOrderNumber": order.number}
    desk.journal.served[order.number] += 1
    told = {**order.body["orderDetails"], "orderStatus": order.shown(desk.now)}
    if visit.route.version == "v1":
        told = _without(told) | {"items": [_without(line) for line in order.lines]}
    return {"purchaseOrderNumber": order.number, "orderDetails": told}


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


def _direct(
    operation: str, method: str, path: str, perform: Callable[[Desk, Visit], Reply], *, restricted: bool = False
) -> list[Route]:
    """One operation of Direct Fulfillment in both of its versions."""
    root = "/vendor/directFulfillment/"
    versions = ("2021-12-28", "v1")
    return [
        Route(operation, method, root + path.replace("{V}", v), perform, v, restricted=restricted) for v in versions
    ]


_ORDERS = "orders/{V}/purchaseOrders"
ROUTES = Routes(
    (
        *_direct("getOrders", "GET", _ORDERS, get_orders, restricted=True),
        *_direct("getOrder", "GET", f"{_ORDERS}/{{purchaseOrderNumber}}", get_order, restricted=True),
        *_direct(ACKNOWLEDGE, "POST", "orders/{V}/acknowledgements", acknowledge),
        *_direct(CONFIRM, "POST", "shipping/{V}/shipmentConfirmations", confirm),
        *_direct("getTransactionStatus", "GET", "transactions/{V}/transactions/{transactionId}", get_transaction),
        Route(STOCK, "POST", "/vendor/directFulfillment/inventory/v1/warehouses/{warehouseId}/items", stock),
        Route("createRestrictedDataToken", "POST", "/tokens/2021-03-01/restrictedDataToken", restrict, "2021-03-01"),
        Route("token", "POST", "/auth/o2/token", log_in, guarded=False),
    ),
)
