"""Every operation in every version against Amazon's own models: what we send, and whether each answer is understood."""

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from tests.endpoints.spapi_bodies import ZPL, label
from tests.endpoints.spapi_clock import Clock
from tests.endpoints.spapi_models import examples, models, needs_models
from tests.endpoints.spapi_scripted import Scripted, account, reply
from translator.core.finding import Rejected, Unavailable, Unknown
from translator.documents.kind import Fetch, kinds
from translator.documents.label_request import asynchronous
from translator.endpoints.endpoint import Outgoing, Put, Receipt, Seen, Verdict
from translator.endpoints.spapi import Bringing, Fetched, Labels, Limits, Orders, Submission
from translator.endpoints.spapi.scenarios import generate_scenarios, scenarios

pytestmark = needs_models

PARTIES = {"sellingParty": {"partyId": "ACMEG"}, "shipFromParty": {"partyId": "EWR1"}}
HEADERS = {"host", "user-agent", "accept", "accept-encoding", "connection", "x-amz-access-token"}
SENT = HEADERS | {"content-type", "content-length"}
RESTRICTED = {
    f"get{name}{s}" for name in ("Order", "ShippingLabel", "PackingSlip", "CustomerInvoice") for s in ("", "s")
}
RESTRICTED |= {"createShippingLabels"}
SUBMITS = {
    "submitAcknowledgement": ("orders", "acknowledgements"),
    "submitShipmentConfirmations": ("shipping", "shipmentConfirmations"),
    "submitShipmentStatusUpdates": ("shipping", "shipmentStatusUpdates"),
    "submitInventoryUpdate": ("inventory", "warehouses", "EWR1", "items"),
    "submitInvoice": ("payments", "invoices"),
}
FETCHES = {
    "getOrder": Fetch("getOrder", "", "orders", "purchaseOrders", "orders"),
    "getShippingLabel": Fetch("getShippingLabel", "getShippingLabels", "shipping", "shippingLabels", "shippingLabels"),
    "getPackingSlip": Fetch("getPackingSlip", "getPackingSlips", "shipping", "packingSlips", "packingSlips"),
    "getCustomerInvoice": Fetch(
        "getCustomerInvoice", "getCustomerInvoices", "shipping", "customerInvoices", "customerInvoices"
    ),
}
ROOMY = Limits(connect=5, read=5, write=5, total=10)  # an example holds a picture
SEVERAL = {fetch.several: one for one, fetch in FETCHES.items() if fetch.several}
EMPTY = reply(200, {})


@dataclass
class Talk:
    """One account of one version and the server it talks to."""

    server: Scripted
    version: str

    def __post_init__(self):
        self.clock = Clock()
        self.account = account(self.server.url, self.clock, ROOMY, version=self.version)

    def fetched(self, one, number="A1"):
        return b"".join(Fetched(self.account, self.clock, FETCHES[one]).fetch(Seen(number, "")))

    def put(self, endpoint, path, data=b"{}", number="A1"):
        return endpoint.put(Outgoing("x", data, 1, "token", path=path, about=number), lambda _: None)

    def submit(self, name):
        return self.put(Submission(self.account, name), self.account.path(*SUBMITS[name]))

    def labels(self):
        path = f"/vendor/directFulfillment/shipping/{self.version}/shippingLabels"
        return Labels(self.account, self.clock, path, asynchronous)

    def create(self):
        path = "/vendor/directFulfillment/shipping/2021-12-28/shippingLabels/A1"
        return self.put(self.labels(), path, json.dumps(PARTIES).encode())


def listed(talk, one, answer):
    talk.server.steps = [EMPTY, answer]
    return talk.fetched(one)


CALLS = {
    "getOrders": lambda talk, answer: Orders(talk.account).list(""),
    "submitShippingLabelRequest": lambda talk, answer: (
        talk.server.steps.insert(0, reply(404)),
        talk.create(),
    )[1],
    "createShippingLabels": lambda talk, answer: talk.create(),
    "createContainerLabel": lambda talk, answer: talk.put(
        Bringing(talk.account), "/vendor/directFulfillment/shipping/2021-12-28/containerLabel"
    ),
    "getTransactionStatus": lambda talk, answer: Submission(talk.account, "x").look([Put("x", Receipt("1-2"))]),
    "createRestrictedDataToken": lambda talk, answer: (
        talk.server.restricts.extend([answer] * 2),
        talk.server.steps.clear(),
        talk.account.open("GET", talk.account.path("orders", "purchaseOrders")),
    )[2],
    "generateOrderScenarios": lambda talk, answer: generate_scenarios(talk.account, [("ACMEG", "EWR1")]),
    "getOrderScenarios": lambda talk, answer: scenarios(talk.account, "1-2"),
    **{name: lambda talk, answer, name=name: talk.submit(name) for name in SUBMITS},
    **{name: lambda talk, answer, name=name: talk.fetched(name) for name in FETCHES},
    **{several: lambda talk, answer, one=one: listed(talk, one, answer) for several, one in SEVERAL.items()},
}


def good(model):
    """An answer by the model, where its examples lack one."""
    bodies = {
        "submit": {"transactionId": "1-2"},
        "generate": {"transactionId": "1-2"},
        "createShippingLabels": label(),
        "getOrder": {"purchaseOrderNumber": "A1", "orderDetails": {}},
        "getShippingLabel": label(),
    }
    return next((body for name, body in bodies.items() if model.name.startswith(name)), {})


@pytest.fixture
def asked(server):
    """What a model's operation is asked."""

    def go(model, answer=None):
        talk = Talk(server, model.version if re.match(r"v1|2021-12-28", model.version) else "2021-12-28")
        answer = answer or reply(200, good(model))
        server.steps = [answer]
        with suppress(Unavailable, Unknown, Rejected):
            CALLS[model.name](talk, answer)
        return next(one for one in reversed(server.asked) if one.method == model.method and fits(model, one))

    return go


def fits(model, one):
    return re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(model.path)), one.path)


ALL = models()
BY_KEY = {model.key: model for model in ALL}
EXAMPLES = list(examples()) if ALL else []
EACH = pytest.mark.parametrize("model", ALL, ids=lambda model: model.key)


def test_every_operation_of_amazons_is_called():
    assert {model.name for model in ALL} == set(CALLS)
    assert (len(CALLS), len(ALL)) == (20, 33)


@EACH
def test_what_is_sent_is_what_the_model_asks_for(asked, model):
    sent = asked(model)
    query = dict(parse_qsl(urlsplit(sent.target).query, strict_parsing=True)) if "?" in sent.target else {}
    allowed = model.parameters("query")
    assert set(query) <= set(allowed)
    assert {name for name, one in allowed.items() if one["required"]} <= set(query)
    for name, value in query.items():
        rule = {
            key: part for key, part in allowed[name].items() if key in ("type", "format", "enum", "minimum", "maximum")
        }
        assert model.faults(rule, int(value) if rule["type"] == "integer" else unquote(value)) == [], name
    assert "Language=Python" in sent.headers["user-agent"]
    assert len(sent.headers["user-agent"]) <= 500
    assert sent.headers["accept"] == "application/json"
    if model.method == "GET":
        assert (sent.body, set(sent.headers) - HEADERS) == (b"", set())
    else:
        assert sent.headers["content-type"] in model.said.get("consumes", ["application/json"])
        assert set(sent.headers) <= SENT
    prefix = "Atz.sprdt|" if model.name in RESTRICTED else "Atza|"
    assert sent.headers["x-amz-access-token"].startswith(prefix)


@pytest.mark.parametrize(
    "key",
    ["createRestrictedDataToken.2021-03-01", "generateOrderScenarios.2021-10-28", "createShippingLabels.2021-12-28"]
    + [f"submitShippingLabelRequest.{version}" for version in ("v1", "2021-12-28")],
)
def test_the_bodies_that_are_made_here_are_as_the_model_asks(asked, key):
    assert BY_KEY[key].body_faults(json.loads(asked(BY_KEY[key]).body)) == []


def test_the_paths_of_our_operations_are_amazons():
    named = {kind.operation.name: kind.operation for kind in kinds().values() if kind.operation}
    for name, operation in named.items():
        path = re.sub(r"\{\w+\}", "{}", operation.path)
        known = {re.sub(r"\{\w+\}", "{}", model.path): model for model in ALL if model.name == name}
        assert path in known, name
        assert operation.method == known[path].method
        assert not operation.otherwise or operation.otherwise in {model.path for model in ALL}
    for kind in kinds().values():
        if kind.fetch:
            paths = {model.name: model.path for model in ALL if model.version == "2021-12-28"}
            whole = f"/vendor/directFulfillment/{kind.fetch.api}/2021-12-28/{kind.fetch.part}"
            assert paths[kind.fetch.one] == f"{whole}/{{purchaseOrderNumber}}"
            assert not kind.fetch.several or paths[kind.fetch.several] == whole


# --- answers --------------------------------------------------------------------------------------------------------


def wrappings(body):
    inner = body.get("payload", body)
    return [inner, {"payload": inner}]


def extended(tree):
    """The same with fields that nobody knows yet, at every level."""
    if isinstance(tree, list):
        return [extended(one) for one in tree]
    if isinstance(tree, dict):
        return {name: extended(one) for name, one in tree.items()} | {"novelty": {"deep": [1, "ü"]}}
    return tree


def elements(one, body):
    return body.get("payload", body)[FETCHES[one].listed]


def understood(talk, name, body):
    """Feed one good answer to whoever asks for it, and see that it is taken for what it is."""
    data = json.dumps(body, indent=1).encode()
    inner = body.get("payload", body)
    talk.server.steps = [reply(200, data)]
    if name in FETCHES:
        assert talk.fetched(name, inner["purchaseOrderNumber"]) == data
    elif name == "getOrders":
        assert [seen.data for seen in Orders(talk.account).list("").complete] == ([data] if inner["orders"] else [])
    elif name in SEVERAL:
        one = SEVERAL[name]
        for element in elements(one, body):
            talk.server.steps = [EMPTY, reply(200, data)]
            assert json.loads(talk.fetched(one, element["purchaseOrderNumber"])) == element
    elif name == "createShippingLabels":
        assert talk.put(talk.labels(), "/x", number=inner["purchaseOrderNumber"]) == Receipt(data=data)
    elif name == "createContainerLabel":
        assert talk.put(Bringing(talk.account), "/x") == Receipt(data=data)
    elif name == "getTransactionStatus":
        status = inner["transactionStatus"]["status"]
        wanted = {"Processing": Verdict.WAITING, "Success": Verdict.ACCEPTED, "Failure": Verdict.REFUSED}[status]
        (looked,) = Submission(talk.account, "x").look([Put("x", Receipt("1-2"))])
        assert looked.verdict is wanted
        assert all(finding.code != "amazon-failure" for finding in looked.findings)
    elif name == "getOrderScenarios":
        made = inner["transactionStatus"]["testCaseData"]["scenarios"]
        assert scenarios(talk.account, "1-2") == tuple(order["orderId"] for one in made for order in one["orders"])
    elif name == "createRestrictedDataToken":
        talk.server.restricts = [reply(200, data)]
        talk.account.open("GET", talk.account.path("orders", "purchaseOrders"))
        (held, *_) = talk.account._access._restricted.values()
        assert held.token.reveal() == inner["restrictedDataToken"]
    else:
        assert talk.put(Submission(talk.account, name), "/x") == Receipt(inner["transactionId"])


GOOD = [(stem, key, body) for stem, key, status, body in EXAMPLES if status < 300]
BAD = [(stem, key, status, body) for stem, key, status, body in EXAMPLES if status >= 300]


def talking(server, key):
    return Talk(server, "v1" if key.endswith(".v1") else "2021-12-28")


def test_every_example_is_here():
    assert len(GOOD) + len(BAD) == 80


@pytest.mark.parametrize("stem, key, body", GOOD, ids=[one[0] for one in GOOD])
@pytest.mark.parametrize("wrapped", [0, 1])
def test_every_good_example_is_understood_in_either_envelope(server, stem, key, body, wrapped):
    understood(talking(server, key), key.split(".")[0], wrappings(body)[wrapped])


@pytest.mark.parametrize("stem, key, body", GOOD, ids=[one[0] for one in GOOD])
def test_fields_that_nobody_knows_yet_survive(server, stem, key, body):
    understood(talking(server, key), key.split(".")[0], extended(body))


@pytest.mark.parametrize("stem, key, body", GOOD, ids=[one[0] for one in GOOD])
def test_optional_fields_that_are_missing_do_not_hurt(server, stem, key, body):
    name = key.split(".")[0]
    model = BY_KEY[key]
    schema = next(said["schema"] for code, said in model.said["responses"].items() if code.startswith("2"))
    least = model.needed(body, schema)
    for kept in ("transactionId", "restrictedDataToken", "expiresIn", "transactionStatus"):  # optional by schema alone
        inner, whole = least.get("payload", least), body.get("payload", body)
        if kept in whole and not inner.get(kept):
            inner[kept] = whole[kept]
    if name == "getOrder":
        least.get("payload", least).setdefault("orderDetails", {})  # without details there is nothing to see
    understood(talking(server, key), name, least)


def test_the_label_that_comes_with_the_answer_is_amazons_shipping_label(server):
    model = BY_KEY["createShippingLabels.2021-12-28"]
    for stem, key, body in GOOD:
        if key == "getShippingLabel.2021-12-28":
            assert model.answer_faults(200, body) == [], stem
            understood(Talk(server, "2021-12-28"), "createShippingLabels", body)
    assert model.answer_faults(200, label("A1", ZPL)) == []


# --- errors ---------------------------------------------------------------------------------------------------------

ERRORS = [
    {"errors": [{"code": "InvalidInput", "message": "x", "details": ""}]},
    {"code": "InvalidInput", "message": "x"},
]


@pytest.mark.parametrize("stem, key, status, body", BAD, ids=[one[0] for one in BAD])
def test_every_bad_example_is_told_by_its_code(server, stem, key, status, body):
    talk, name = talking(server, key), key.split(".")[0]
    code = body["errors"][0]["code"]
    answer = reply(status, body)
    server.steps = [answer] * (2 if status == 403 else 1)
    if name.startswith("submit") and name != "submitShippingLabelRequest":
        with pytest.raises(Rejected) as refused:
            talk.submit(name)
        assert refused.value.findings[0].code == f"amazon-{code}"
    elif name == "getTransactionStatus":
        (looked,) = Submission(talk.account, "x").look([Put("x", Receipt("1-2"))])
        assert (looked.verdict, f"amazon-{code}" in looked.reason) == (Verdict.WAITING, True)
    elif name in SEVERAL:
        assert listed(talk, SEVERAL[name], answer) == b""
    else:
        with pytest.raises((Unavailable, Rejected), match=f"amazon-{code}|{code}"):
            CALLS[name](talk, answer)


@EACH
def test_every_status_the_model_names_has_one_meaning(server, model):
    """A read is unavailable or has nothing; a submission is refused, unavailable or unknown; nothing is taken for good."""
    talk = talking(server, model.key)
    for status in (int(code) for code in model.said["responses"] if int(code) >= 400):
        for body in ERRORS:
            answer = reply(status, body)
            server.steps = [answer] * 4
            told = outcome(model, talk, answer)
            assert told in expected(model, status), (status, body, told)
            server.steps, server.restricts = [], []


def outcome(model, talk, answer):
    try:
        found = CALLS[model.name](talk, answer)
    except (Unavailable, Rejected, Unknown) as told:
        return next(one.__name__ for one in (Unavailable, Rejected, Unknown) if isinstance(told, one))
    if isinstance(found, list):
        return found[0].verdict.value
    return "nothing" if found in (b"", None) else "something"


def expected(model, status):
    if model.name in SEVERAL:
        return {"nothing"}
    if model.name == "getTransactionStatus":
        return {"waiting"} if status in (400, 404, 413, 415, 500) else {"Unavailable"}
    if model.name in FETCHES:
        return {"nothing"} if status == 404 else {"Unavailable"}
    if model.name == "getOrderScenarios" and status in (400, 404, 413, 415):
        return {"Rejected"}
    if model.method == "GET" or model.name == "createRestrictedDataToken":
        return {"Unavailable"}
    return (
        {"Rejected"}
        if status in (400, 404, 413, 415)
        else {"Unavailable"}
        if status in (401, 403, 429)
        else {"Unknown"}
    )
