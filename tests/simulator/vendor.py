"""A vendor's software in a few words, and a clock that only moves when told to."""

import copy
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import httpx

from translator.simulator.amazon import Amazon

NOW = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
ORDERS = "/vendor/directFulfillment/orders/2021-12-28/purchaseOrders"
ACKS = "/vendor/directFulfillment/orders/2021-12-28/acknowledgements"
SHIPS = "/vendor/directFulfillment/shipping/2021-12-28/shipmentConfirmations"
STOCK = "/vendor/directFulfillment/inventory/v1/warehouses/EWR1/items"
SHIPPING = "/vendor/directFulfillment/shipping/2021-12-28/"
LABELS = SHIPPING + "shippingLabels"
CONTAINER_LABEL = SHIPPING + "containerLabel"
SLIPS = SHIPPING + "packingSlips"
INVOICES = SHIPPING + "customerInvoices"
SCANS = SHIPPING + "shipmentStatusUpdates"
PAYMENTS = "/vendor/directFulfillment/payments/v1/invoices"
SCENARIOS = "/vendor/directFulfillment/sandbox/2021-10-28/orders"
PO = "/{purchaseOrderNumber}"
WINDOW = {"createdAfter": "2026-11-25T12:00:00Z", "createdBefore": "2026-12-02T00:00:00Z"}
TOKENS = "/tokens/2021-03-01/restrictedDataToken"
TRANSACTIONS = "/vendor/directFulfillment/transactions/2021-12-28/transactions"
AGENT = "Tests/1 (Language=Python/3.11)"


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self):
        return self.now

    def step(self, seconds):
        self.now += timedelta(seconds=seconds)


@dataclass
class Vendor:
    """What a vendor's software does, in a few words."""

    amazon: Amazon
    clock: Clock
    http: httpx.Client
    waits: list = field(default_factory=list)

    def log_in(self, **changes):
        settings = self.amazon.settings
        form = {
            "grant_type": "refresh_token",
            "client_id": settings.client_id,
            "client_secret": settings.client_secret,
            "refresh_token": settings.refresh_token,
        }
        form = {name: value for name, value in (form | changes).items() if value is not None}
        return self.http.post("/auth/o2/token", data=form)

    def token(self):
        return self.log_in().json()["access_token"]

    def restrict(self, *paths, token=None, **extra):
        resources = [{"method": "GET", "path": path} | extra for path in paths]
        headers = {"x-amz-access-token": token or self.token()}
        body = {"restrictedResources": resources}
        return self.http.post(TOKENS, json=body, headers=headers)

    def post(self, path, body):
        headers = {"x-amz-access-token": self._plain(), "content-type": "application/json"}
        return self.http.post(path, content=json.dumps(body).encode(), headers=headers)

    def get(self, path, **params):
        return self.http.get(path, params=params, headers={"x-amz-access-token": self.restricted_token()})

    def label(self, order, **more):
        """Ask for labels and wait for them: the answer of createShippingLabels."""
        path = f"{LABELS}/{order['purchaseOrderNumber']}"
        headers = {"x-amz-access-token": self.restricted_token(), "content-type": "application/json"}
        return self.http.post(path, content=json.dumps(parties_of(order) | more).encode(), headers=headers)

    def state_of(self, order):
        return self.amazon.state()["orders"][order["purchaseOrderNumber"]]

    def acknowledge(self, order):
        return self.post(ACKS, {"orderAcknowledgements": [ack_of(order)]})

    def acknowledged(self):
        """How often each order was acknowledged, when all is done."""
        self.clock.step(self.amazon.settings.transaction_seconds)
        return self.amazon.state()["effects"].get("submitAcknowledgement", {})

    def list(self, **params):
        return self.get(ORDERS, **(WINDOW | params))

    def look(self, transaction, path=TRANSACTIONS):
        answer = self.http.get(f"{path}/{transaction}", headers={"x-amz-access-token": self._plain()}).json()
        return answer.get("payload", answer)["transactionStatus"]

    def end(self, path, body):
        """Posts, waits, and gives how the transaction ended: its status and its error codes."""
        answer = self.post(path, body)
        assert answer.status_code == 202, answer.text
        self.clock.step(self.amazon.settings.transaction_seconds)
        inner = answer.json().get("payload", answer.json())
        told = self.look(inner["transactionId"])
        return told["status"], [error["code"] for error in told.get("errors", {}).get("errors", [])]

    def status(self, number):
        return self.get(f"{ORDERS}/{number}").json()["orderDetails"]["orderStatus"]

    def _plain(self):
        self._plain_token = getattr(self, "_plain_token", None) or self.token()
        return self._plain_token

    def restricted_token(self):
        if not hasattr(self, "_restricted_token"):
            paths = [path + tail for path in (ORDERS, LABELS, SLIPS, INVOICES) for tail in ("", PO)]
            paths += [path.replace("2021-12-28", "v1") for path in paths]
            wanted = [*(("GET", path) for path in paths), ("POST", LABELS + PO)]
            body = {"restrictedResources": [{"method": method, "path": path} for method, path in wanted]}
            self._restricted_token = self.post(TOKENS, body).json()["restrictedDataToken"]
        return self._restricted_token


def parties_of(order):
    return {name: copy.deepcopy(order["orderDetails"][name]) for name in ("sellingParty", "shipFromParty")}


def asking_of(order, **more):
    return {"purchaseOrderNumber": order["purchaseOrderNumber"]} | parties_of(order) | more


def scan_of(order, tracking="1Z0001", code="201", reason="000"):
    hub = {"name": "Hub 7", "addressLine1": "7 Invented Road", "countryCode": "US"}
    details = {
        "trackingNumber": tracking,
        "statusCode": code,
        "reasonCode": reason,
        "statusDateTime": "2026-12-01T15:00:00Z",
        "statusLocationAddress": hub,
    }
    return asking_of(order, statusUpdateDetails=details)


def ack_of(order, code="00"):
    details = order["orderDetails"]
    return {
        "purchaseOrderNumber": order["purchaseOrderNumber"],
        "vendorOrderNumber": order["purchaseOrderNumber"],
        "acknowledgementDate": "2026-12-01T11:00:00Z",
        "acknowledgementStatus": {"code": code, "description": "Shipping all of it"},
        **parties_of(order),
        "itemAcknowledgements": [
            {name: line[name] for name in ("itemSequenceNumber", "buyerProductIdentifier", "vendorProductIdentifier")}
            | {"acknowledgedQuantity": dict(line["orderedQuantity"])}
            for line in details["items"]
        ],
    }


def ship_of(order, status="SHIPPED"):
    details = order["orderDetails"]
    lines = [
        {"itemSequenceNumber": int(line["itemSequenceNumber"])}
        | {name: line[name] for name in ("buyerProductIdentifier", "vendorProductIdentifier")}
        for line in details["items"]
    ]
    quantities = [dict(line["orderedQuantity"]) for line in details["items"]]
    container = {
        "containerType": "Carton",
        "containerIdentifier": "BOX1",
        "trackingNumber": "1Z0001",
        "shipMethod": details["shipmentDetails"]["shipMethod"],
        "weight": {"value": "1.5", "unitOfMeasure": "LB"},
        "packedItems": [line | {"packedQuantity": dict(q)} for line, q in zip(lines, quantities, strict=True)],
    }
    return {
        "purchaseOrderNumber": order["purchaseOrderNumber"],
        "shipmentDetails": {"shippedDate": "2026-12-01T11:30:00Z", "shipmentStatus": status},
        **parties_of(order),
        "items": [line | {"shippedQuantity": dict(q)} for line, q in zip(lines, quantities, strict=True)],
        "containers": [container],
    }


def invoice_of(order, number="INV-1", **more):
    details = order["orderDetails"]
    lines = [
        {name: line[name] for name in ("itemSequenceNumber", "buyerProductIdentifier", "vendorProductIdentifier")}
        | {"invoicedQuantity": dict(line["orderedQuantity"]), "netCost": dict(line["netPrice"])}
        | {"purchaseOrderNumber": order["purchaseOrderNumber"]}
        for line in details["items"]
    ]
    total = sum(Decimal(line["netCost"]["amount"]) * line["invoicedQuantity"]["amount"] for line in lines)
    return {
        "invoiceNumber": number,
        "invoiceDate": "2026-12-01T11:45:00Z",
        "remitToParty": {"partyId": "ACMEG"},
        "shipFromParty": {"partyId": details["shipFromParty"]["partyId"]},
        "billToParty": {"partyId": details["billToParty"]["partyId"]},
        "invoiceTotal": {"currencyCode": lines[0]["netCost"]["currencyCode"], "amount": str(total)},
        "items": lines,
    } | more


def stock_of(*items, full=False, vendor="ACMEG"):
    rows = [
        names | {"availableQuantity": {"amount": amount, "unitOfMeasure": "Each"}, "isObsolete": False}
        for names, amount in items
    ]
    return {"inventory": {"sellingParty": {"partyId": vendor}, "isFullUpdate": full, "items": rows}}
