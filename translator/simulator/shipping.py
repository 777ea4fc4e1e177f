"""Operations about parcels: labels, container labels, packing slips, customer invoices, confirmations, status updates.

Promises: a paper is there or the answer is empty, as at Amazon: 200 with nothing in it. In trouble each raises `Refused`; what is
refused here has changed nothing.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from translator.simulator import rules
from translator.simulator.access import Refused, refused
from translator.simulator.business import CREATE_LABELS
from translator.simulator.desk import Desk, Visit, accepted, checked, enveloped, refuse_content, refuse_stranger
from translator.simulator.known import KnownOrder, Package
from translator.simulator.listing import Entry, page, question
from translator.simulator.papers import base64_of, label, pdf
from translator.simulator.shipping_terms import CONFLICTS, NOT_OFFERED
from translator.simulator.terms import Trouble
from translator.simulator.wire import Reply

Paper = Callable[[Desk, KnownOrder], dict[str, Any]]
Made = Callable[[KnownOrder], datetime | None]
"""When the paper of an order was made; None: there is none."""


def request_labels(desk: Desk, visit: Visit) -> Reply:
    body = checked(visit, rules.LABEL_REQUESTS[visit.route.version])
    return accepted(desk, visit, body, body["shippingLabelRequests"])


def create_labels(desk: Desk, visit: Visit) -> Reply:
    """Judged and made while the caller waits."""
    body = checked(visit, rules.LABELS_NOW)
    refuse_stranger(desk, [body])
    number = visit.parts["purchaseOrderNumber"]
    _known(desk, number)
    troubles = desk.account.perform(CREATE_LABELS, {**body, "purchaseOrderNumber": number}, desk.now)
    if troubles:
        raise _not_labelled(troubles)
    if visit.fault and visit.fate == "cancelled":
        desk.account.cancel_later(number, desk.now + timedelta(seconds=visit.fault.seconds))
    return enveloped(visit, 200, _label(desk, desk.account.orders[number]))


def create_container_label(desk: Desk, visit: Visit) -> Reply:
    body = checked(visit, rules.CONTAINER_LABEL)
    refuse_stranger(desk, [body])
    if not desk.settings.treatment.labels:
        raise refused(403, "Unauthorized", "Access to requested resource is denied: this vendor makes its own labels.")
    labels = (label for order in desk.account.orders.values() for label in order.labels)
    known = {package.tracking for label in labels for package in label.packages}
    if not all(package["packageTrackingNumber"] in known for package in body["packages"]):
        raise refused(404, "ResourceNotFound", "A package with such a tracking number was not found.")
    tracking = desk.account.label_container(body["vendorContainerId"])
    form = desk.settings.label_format
    told = {"containerTrackingNumber": tracking, "content": base64_of(label(tracking, form)), "format": form}
    return enveloped(visit, 200, {"containerLabel": told})


def confirm(desk: Desk, visit: Visit) -> Reply:
    body = checked(visit, rules.CONFIRMATIONS[visit.route.version])
    return accepted(desk, visit, body, body["shipmentConfirmations"])


def scan(desk: Desk, visit: Visit) -> Reply:
    body = checked(visit, rules.SCANS)
    return accepted(desk, visit, body, body["shipmentStatusUpdates"])


def get_label(desk: Desk, visit: Visit) -> Reply:
    return _one(desk, visit, _labelled, _label)


def get_labels(desk: Desk, visit: Visit) -> Reply:
    return _list(desk, visit, "shippingLabels", _labelled, _label)


def get_slip(desk: Desk, visit: Visit) -> Reply:
    return _one(desk, visit, _slipped, _slip)


def get_slips(desk: Desk, visit: Visit) -> Reply:
    return _list(desk, visit, "packingSlips", _slipped, _slip)


def get_invoice(desk: Desk, visit: Visit) -> Reply:
    return _one(desk, visit, _invoiced, _invoice)


def get_invoices(desk: Desk, visit: Visit) -> Reply:
    return _list(desk, visit, "customerInvoices", _invoiced, _invoice)


def _one(desk: Desk, visit: Visit, made: Made, paper: Paper) -> Reply:
    refuse_content(visit.call)
    order = _known(desk, visit.parts["purchaseOrderNumber"])
    return enveloped(visit, 200, _told(desk, visit, order, paper) if made(order) else {})


def _list(desk: Desk, visit: Visit, name: str, made: Made, paper: Paper) -> Reply:
    refuse_content(visit.call)
    asked = question(visit.call.query, desk.now)
    dated = ((made(order), order) for order in desk.account.orders.values())
    entries = (Entry(date, order) for date, order in dated if date)
    found = page(asked, entries, desk.settings.page_size, lambda order: order.shown(desk.now) is not None, visit.fate)
    body: dict[str, Any] = {name: [_told(desk, visit, order, paper) for order in found.orders]}
    if found.token:
        body = {"pagination": {"nextToken": found.token}} | body
    return enveloped(visit, 200, body)


def _told(desk: Desk, visit: Visit, order: KnownOrder, paper: Paper) -> dict[str, Any]:
    desk.journal.papers[visit.route.operation][order.number] += 1
    return paper(desk, order)


def _known(desk: Desk, number: str) -> KnownOrder:
    order = desk.account.orders.get(number)
    if order is None or order.shown(desk.now) is None:
        raise refused(404, "ResourceNotFound", "The purchase order was not found.")
    return order


def _not_labelled(troubles: list[Trouble]) -> Refused:
    """409 where the state of the order stands against it, 400 where the request does."""
    codes = {trouble.code for trouble in troubles}
    if NOT_OFFERED in codes:
        return refused(403, "Unauthorized", "Access to requested resource is denied: this vendor makes its own labels.")
    conflict = next((trouble for trouble in troubles if trouble.code in CONFLICTS), None)
    if conflict is not None:
        return refused(409, "Conflict", conflict.message)
    return refused(400, "InvalidInput", "; ".join(f"{trouble.code}: {trouble.message}" for trouble in troubles[:20]))


def _labelled(order: KnownOrder) -> datetime | None:
    return order.labels[-1].created if order.labels else None


def _slipped(order: KnownOrder) -> datetime | None:
    return order.acknowledged if order.slip and order.code in ("", "00") else None


def _invoiced(order: KnownOrder) -> datetime | None:
    return order.acknowledged if order.invoice and order.code in ("", "00") else None


def _label(desk: Desk, order: KnownOrder) -> dict[str, Any]:
    form, details = desk.settings.label_format, order.body["orderDetails"]
    return {
        "purchaseOrderNumber": order.number,
        "sellingParty": _party(details["sellingParty"]),
        "shipFromParty": _party(details["shipFromParty"]),
        "labelFormat": form,
        "labelData": [_package(desk, package) for package in order.labels[-1].packages],
    }


def _party(party: Mapping[str, Any]) -> dict[str, Any]:
    return {"partyId": party["partyId"]}


def _package(desk: Desk, package: Package) -> dict[str, Any]:
    return {
        "packageIdentifier": package.identifier,
        "trackingNumber": package.tracking,
        "shipMethod": package.method,
        "shipMethodName": package.method.replace("_", " ").title(),
        "content": base64_of(label(package.tracking, desk.settings.label_format)),
    }


def _slip(desk: Desk, order: KnownOrder) -> dict[str, Any]:
    content = base64_of(pdf(f"Packing slip of {order.number}"))
    return {"purchaseOrderNumber": order.number, "content": content, "contentType": "application/pdf"}


def _invoice(desk: Desk, order: KnownOrder) -> dict[str, Any]:
    return {"purchaseOrderNumber": order.number, "content": base64_of(pdf(f"Invoice of {order.number}"))}
