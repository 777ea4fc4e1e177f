"""Every operation of the matrix, one line each: how it is called by the real endpoints, and what shows its effect.

To add one: a line in `OPERATIONS`, its line in `expected.yaml` where it differs from its kind, and its rule of an unknown
outcome there.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.simulator.vendor import ack_of, ship_of
from translator.endpoints.endpoint import Outgoing, Put, Receipt, Verdict
from translator.endpoints.spapi import Orders, Submission

DIRECT = "/vendor/directFulfillment"


@dataclass(frozen=True)
class Operation:
    """`kind`: read, submit, or the token it is for (login, restrict). `call(scene, account)`: once, by the endpoints."""

    name: str
    kind: str
    method: str
    path: str  # {V} is the version, any other part in braces one part
    call: Callable
    state: str = "NEW"  # in which the order has to be
    evidence: str = ""  # status of the order that shows the effect
    versions: tuple[str, ...] = ("2021-12-28", "v1")

    def strikes(self, version):
        wanted = self.path.replace("{V}", version).split("/")

        def holds(method, path):
            given = path.split("/")
            parts = zip(wanted, given, strict=False)
            return (
                method == self.method
                and len(given) == len(wanted)
                and all(part == other or part.startswith("{") for part, other in parts)
            )

        return holds


@dataclass
class Scene:
    """One attempt: an order of its own, the version, and what came of the call."""

    order: dict
    version: str
    clock: object
    operation: Operation
    transaction: str = ""
    kept: dict = field(default_factory=dict)

    @property
    def number(self):
        return self.order["purchaseOrderNumber"]

    def path(self):
        return self.operation.path.replace("{V}", self.version).replace("{PO}", self.number)


def _submitted(documents):
    """Give a call that puts such a body, the same bytes each time."""

    def call(scene, account):
        data = scene.kept.setdefault("data", json.dumps(documents(scene)).encode())
        endpoint = Submission(account, scene.operation.name)
        outgoing = Outgoing("put", data, 1, "token", path=scene.path(), about=scene.number)
        return endpoint.put(outgoing, _never_staged)

    return call


def _never_staged():
    raise AssertionError("a POST is not staged")


def _acknowledgement(scene):
    return {"orderAcknowledgements": [ack_of(scene.order)]}


def _confirmation(scene):
    confirmation = ship_of(scene.order)
    if scene.version == "v1":
        for container in confirmation["containers"]:
            container["containerType"] = "carton"
    return {"shipmentConfirmations": [confirmation]}


def _listed(scene, account):
    listing = Orders(account, scene.clock).list("")
    return "a page" if listing.complete else "nothing"


def _one_order(scene, account):
    return account.ask(scene.path()).tree.get("purchaseOrderNumber") == scene.number or None


def _transaction(scene, account):
    put = Put("put", Receipt(scene.transaction), about=scene.number)
    (looked,) = Submission(account, "submitAcknowledgement").look([put])
    return None if looked.verdict is Verdict.WAITING else looked.verdict


def _any_restricted(scene, account):
    return account.ask(f"{DIRECT}/orders/{scene.version}/purchaseOrders/{scene.number}")


ORDERS = f"{DIRECT}/orders/{{V}}"
SHIPPING = f"{DIRECT}/shipping/{{V}}"

OPERATIONS = (
    Operation("token", "login", "POST", "/auth/o2/token", _any_restricted),
    Operation("createRestrictedDataToken", "restrict", "POST", "/tokens/2021-03-01/restrictedDataToken", _any_restricted),
    Operation("getOrders", "read", "GET", f"{ORDERS}/purchaseOrders", _listed),
    Operation("getOrder", "read", "GET", f"{ORDERS}/purchaseOrders/{{PO}}", _one_order),
    Operation("getTransactionStatus", "read", "GET", f"{DIRECT}/transactions/{{V}}/transactions/{{id}}", _transaction),
    Operation(
        "submitAcknowledgement", "submit", "POST", f"{ORDERS}/acknowledgements", _submitted(_acknowledgement),
        evidence="ACCEPTED",
    ),
    Operation(
        "submitShipmentConfirmations", "submit", "POST", f"{SHIPPING}/shipmentConfirmations", _submitted(_confirmation),
        state="ACCEPTED", evidence="SHIPPED",
    ),
)  # fmt: skip
