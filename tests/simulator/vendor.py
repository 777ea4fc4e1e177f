"""A vendor's software in a few words, and a clock that only moves when told to."""

import copy
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx

from translator.simulator.amazon import Amazon

NOW = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
ORDERS = "/vendor/directFulfillment/orders/2021-12-28/purchaseOrders"
ACKS = "/vendor/directFulfillment/orders/2021-12-28/acknowledgements"
SHIPS = "/vendor/directFulfillment/shipping/2021-12-28/shipmentConfirmations"
STOCK = "/vendor/directFulfillment/inventory/v1/warehouses/EWR1/items"
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
        return self.http.post("/tokens/2021-03-01/restrictedDataToken", json=body, headers=headers)

    def post(self, path, body):
        headers = {"x-amz-access-token": self._plain(), "content-type": "application/json"}
        return self.http.post(path, content=json.dumps(body).encode(), headers=headers)

    def get(self, path, **params):
        return self.http.get(path, params=params, headers={"x-amz-access-token": self._restricted()})

    def acknowledge(self, order):
        return self.post(ACKS, {"orderAcknowledgements": [ack_of(order)]})

    def acknowledged(self):
        """How often each order was acknowledged, when all is done."""
        self.clock.step(self.amazon.settings.transaction_seconds)
        return self.amazon.state()["effects"].get("submitAcknowledgement", {})

    def list(self, **params):
        window = {"createdAfter": "2026-11-25T12:00:00Z", "createdBefore": "2026-12-02T00:00:00Z"}
        return self.get(ORDERS, **(window | params))

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

    def _restricted(self):
        if not hasattr(self, "_restricted_token"):
            answer = self.restrict(ORDERS, ORDERS + "/{purchaseOrderNumber}")
            self._restricted_token = answer.json()["restrictedDataToken"]
        return self._restricted_token


def ack_of(order, code="00"):
    details = order["orderDetails"]
    return {
        "purchaseOrderNumber": order["purchaseOrderNumber"],
        "vendorOrderNumber": order["purchaseOrderNumber"],
        "acknowledgementDate": "2026-12-01T11:00:00Z",
        "acknowledgementStatus": {"code": code, "description": "Shipping all of it"},
        "sellingParty": copy.deepcopy(details["sellingParty"]),
        "shipFromParty": copy.deepcopy(details["shipFromParty"]),
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
        "sellingParty": copy.deepcopy(details["sellingParty"]),
        "shipFromParty": copy.deepcopy(details["shipFromParty"]),
        "items": [line | {"shippedQuantity": dict(q)} for line, q in zip(lines, quantities, strict=True)],
        "containers": [container],
    }


def stock_of(*items, full=False, vendor="ACMEG"):
    rows = [
        names | {"availableQuantity": {"amount": amount, "unitOfMeasure": "Each"}, "isObsolete": False}
        for names, amount in items
    ]
    return {"inventory": {"sellingParty": {"partyId": vendor}, "isFullUpdate": full, "items": rows}}
