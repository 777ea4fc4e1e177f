"""Every operation of the matrix, one line each: how it is called by the real endpoints, and what the order has to be before.

To add one: a line in `OPERATIONS`; in `expected.yaml` where it differs from its kind, and its rule for an unknown outcome.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.simulator.vendor import ack_of, asking_of, invoice_of, parties_of, scan_of, ship_of
from translator.documents import label_request
from translator.documents.kind import kinds
from translator.endpoints.endpoint import Looked, Outgoing, Put, Receipt, Seen, Verdict
from translator.endpoints.spapi import Orders, Submission
from translator.endpoints.spapi.fetched import Fetched
from translator.endpoints.spapi.label import DAY, Bringing, Labels
from translator.endpoints.spapi.scenarios import generate_scenarios, scenarios

DIRECT = "/vendor/directFulfillment"


@dataclass(frozen=True)
class Operation:
    """`kind`: read, submit, or the token it is for (login, restrict). `path`: {V} is the version, other braces one part.

    `call(scene, account)`: once, by the endpoints; None: nothing is known yet, "nothing": Amazon has nothing.
    `endpoint`: by what it is submitted and looked for. `body`: what is submitted. `state`: what was done with the order
    before. `evidence`: its status that shows the effect. `blank`: a path that is answered with nothing, so that the list
    is asked. `versions` of the account.
    """

    name: str
    kind: str
    method: str
    path: str
    call: Callable
    endpoint: Callable | None = None
    body: Callable | None = None
    state: str = "NEW"
    evidence: str = ""
    blank: str = ""
    versions: tuple[str, ...] = ("2021-12-28", "v1")

    def strikes(self, version):
        return lambda method, path: method == self.method and _is_at(self.path, version, path)

    def blanks(self, version):
        return lambda method, path: bool(self.blank) and method == "GET" and _is_at(self.blank, version, path)


@dataclass
class Scene:
    """One attempt: an order of its own, the version, and what came of the call."""

    order: dict
    version: str
    clock: object
    operation: Operation
    transaction: str = ""
    tracking: str = ""
    kept: dict = field(default_factory=dict)

    @property
    def number(self):
        return self.order["purchaseOrderNumber"]

    def endpoint(self, account):
        """Give the endpoint by which the operation is called: the same one for this scene."""
        if "endpoint" not in self.kept:
            self.kept["endpoint"] = self.operation.endpoint(account, self)
        endpoint = self.kept["endpoint"]
        endpoint._account = account
        return endpoint

    def path(self):
        return self.operation.path.replace("{V}", self.version).replace("{PO}", self.number)


def _is_at(template, version, path):
    wanted, given = template.replace("{V}", version).split("/"), path.split("/")
    parts = zip(wanted, given, strict=False)
    return len(given) == len(wanted) and all(part == other or part.startswith("{") for part, other in parts)


# --- what is submitted


def _put(scene, account):
    """Put a body, the same bytes each time."""
    data = scene.kept.setdefault("data", json.dumps(scene.operation.body(scene)).encode())
    outgoing = Outgoing("put", data, 1, "token", path=scene.path(), about=scene.number)
    return scene.endpoint(account).put(outgoing, _never_staged)


def _never_staged(_):
    raise AssertionError("a POST is not staged")


def _submission(account, scene):
    return Submission(account, scene.operation.name)


def _labels(account, scene):
    otherwise = f"{DIRECT}/shipping/{scene.version}/shippingLabels"
    return Labels(account, scene.clock, otherwise, label_request.asynchronous)


def _labels_otherwise(account, scene):
    """Give the endpoint as it is for a day after Amazon refused createShippingLabels."""
    labels = _labels(account, scene)
    labels._refused = scene.clock.monotonic() + DAY
    return labels


def _container(account, _):
    return Bringing(account)


@dataclass
class _Sandbox:
    """The orders that a sandbox makes, as the command asks for them: nothing shows what became of an asking."""

    _account: object
    warehouse: str

    def put(self, outgoing, staged):
        return Receipt(generate_scenarios(self._account, [("ACMEG", self.warehouse)]))

    def look(self, puts):
        made = [put.receipt and scenarios(self._account, put.receipt.text) for put in puts]
        return [Looked(Verdict.ACCEPTED if numbers else Verdict.CANNOT_TELL) for numbers in made]


def _sandbox(account, scene):
    return _Sandbox(account, scene.number)


def _nothing(_):
    return {}


def _acknowledgement(scene):
    return {"orderAcknowledgements": [ack_of(scene.order)]}


def _confirmation(scene):
    confirmation = ship_of(scene.order)
    if scene.version == "v1":
        for container in confirmation["containers"]:
            container["containerType"] = "carton"
    return {"shipmentConfirmations": [confirmation]}


def _scan(scene):
    return {"shipmentStatusUpdates": [scan_of(scene.order)]}


def _bill(scene):
    return {"invoices": [invoice_of(scene.order, scene.number)]}


def _label_request(scene):
    return {name: part for name, part in asking_of(scene.order).items() if name != "purchaseOrderNumber"}


def _container_request(scene):
    packages = [{"packageTrackingNumber": scene.tracking}]
    return parties_of(scene.order) | {"carrierId": "SWA", "vendorContainerId": scene.number, "packages": packages}


# --- what is read


def _listed(scene, account):
    return "a page" if Orders(account).list("").complete else "nothing"


def _fetched(kind):
    """Give a call that fetches what Amazon has of a kind about the order."""

    def call(scene, account):
        found = list(Fetched(account, scene.clock, kinds()[kind].fetch).fetch(Seen(scene.number, "")))
        return len(found) or "nothing"

    return call


def _made(scene, account):
    numbers = scenarios(account, scene.transaction)
    return numbers and len(numbers)


def _transaction(scene, account):
    put = Put("put", Receipt(scene.transaction), about=scene.number)
    (looked,) = Submission(account, "submitAcknowledgement").look([put])
    return None if looked.verdict is Verdict.WAITING else looked.verdict


ORDERS = f"{DIRECT}/orders/{{V}}"
SHIPPING = f"{DIRECT}/shipping/{{V}}"
LATER = f"{DIRECT}/shipping/2021-12-28"
LOGIN = "/auth/o2/token"
RESTRICT = "/tokens/2021-03-01/restrictedDataToken"
TRANSACTIONS = f"{DIRECT}/transactions/{{V}}/transactions/{{id}}"
LATEST = ("2021-12-28",)
ACKS, SHIPS, SCANS = (
    f"{ORDERS}/acknowledgements",
    f"{SHIPPING}/shipmentConfirmations",
    f"{SHIPPING}/shipmentStatusUpdates",
)
LABELS, LABEL_OF, PALLET = f"{SHIPPING}/shippingLabels", f"{LATER}/shippingLabels/{{PO}}", f"{LATER}/containerLabel"
SANDBOX = f"{DIRECT}/sandbox/2021-10-28"
ONE = "/{PO}"
ORDER, LABEL, SLIP, INVOICE = map(_fetched, ("order", "shipping_label", "packing_slip", "customer_invoice"))


def _read(name, path, call, state="NEW"):
    return Operation(name, "read", "GET", path, call, state=state)


def _list(name, path, call, state):
    """Give an operation that is asked where what is asked for alone comes empty."""
    return Operation(name, "read", "GET", path, call, state=state, blank=path + ONE)


def _submit(name, path, endpoint, body, state="NEW", **more):
    return Operation(name, "submit", "POST", path, _put, endpoint, body, state, **more)


OPERATIONS = (
    Operation("token", "login", "POST", LOGIN, ORDER),
    Operation("createRestrictedDataToken", "restrict", "POST", RESTRICT, ORDER),
    _read("getOrders", f"{ORDERS}/purchaseOrders", _listed),
    _read("getOrder", f"{ORDERS}/purchaseOrders{ONE}", ORDER),
    _read("getShippingLabel", LABELS + ONE, LABEL, "labelled"),
    _list("getShippingLabels", LABELS, LABEL, "labelled"),
    _read("getPackingSlip", f"{SHIPPING}/packingSlips{ONE}", SLIP, "accepted"),
    _list("getPackingSlips", f"{SHIPPING}/packingSlips", SLIP, "accepted"),
    _read("getCustomerInvoice", f"{SHIPPING}/customerInvoices{ONE}", INVOICE, "accepted"),
    _list("getCustomerInvoices", f"{SHIPPING}/customerInvoices", INVOICE, "accepted"),
    _read("getTransactionStatus", TRANSACTIONS, _transaction, "accepted"),
    _submit("submitAcknowledgement", ACKS, _submission, _acknowledgement, evidence="ACCEPTED"),
    _submit("createShippingLabels", LABEL_OF, _labels, _label_request, "accepted", versions=LATEST),
    _submit("submitShippingLabelRequest", LABELS, _labels_otherwise, _label_request, "accepted"),
    _submit("createContainerLabel", PALLET, _container, _container_request, "labelled", versions=LATEST),
    _submit("submitShipmentConfirmations", SHIPS, _submission, _confirmation, "accepted", evidence="SHIPPED"),
    _submit("submitShipmentStatusUpdates", SCANS, _submission, _scan, "shipped"),
    _submit("submitInvoice", f"{DIRECT}/payments/v1/invoices", _submission, _bill, "shipped", versions=LATEST),
    _submit("generateOrderScenarios", f"{SANDBOX}/orders", _sandbox, _nothing, versions=LATEST),
    _read("getOrderScenarios", f"{SANDBOX}/transactions/{{id}}", _made, "made"),
)
