"""What goes wrong on purpose; and the control room."""

import json
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.simulator import models
from tests.simulator.vendor import ACKS, NOW, ORDERS, SHIPS, STOCK, TRANSACTIONS, ack_of, ship_of, stock_of
from translator.simulator.amazon import Amazon, AmazonSettings
from translator.simulator.faults import MENU, OPERATIONS, STRIKES
from translator.simulator.operations import ROUTES
from translator.simulator.orders import sample_orders

KETTLE = {"vendorProductIdentifier": "KTL-17-RED"}


@pytest.mark.parametrize(
    "kind, status, code",
    [
        ("throttled", 429, "QuotaExceeded"),
        ("broken", 500, "InternalFailure"),
        ("unavailable", 503, "ServiceUnavailable"),
        ("denied", 403, "Unauthorized"),
    ],
)
def test_a_fault_before_anything_was_done(vendor, orders, kind, status, code):
    vendor.amazon.fail(kind, "submitAcknowledgement", times=2)
    answers = [vendor.acknowledge(orders[0]) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [status, status, 202]
    assert answers[0].json()["errors"][0]["code"] == code
    assert "x-amzn-ratelimit-limit" not in answers[0].headers
    assert vendor.acknowledged() == {orders[0]["purchaseOrderNumber"]: 1}


@pytest.mark.parametrize("status", [500, 503])
def test_an_error_after_it_was_done(vendor, orders, status):
    vendor.amazon.fail(f"applied_then_{status}", "submitAcknowledgement")
    assert vendor.acknowledge(orders[0]).status_code == status
    assert vendor.acknowledged() == {orders[0]["purchaseOrderNumber"]: 1}
    assert vendor.status(orders[0]["purchaseOrderNumber"]) == "ACCEPTED"


@pytest.mark.parametrize("kind, done", [("applied_then_closed", True), ("closed", False)])
def test_a_lost_reply(vendor, orders, kind, done):
    vendor.amazon.fail(kind, "submitAcknowledgement")
    with pytest.raises(httpx.RemoteProtocolError):
        vendor.acknowledge(orders[0])
    assert vendor.acknowledged() == ({orders[0]["purchaseOrderNumber"]: 1} if done else {})
    assert vendor.status(orders[0]["purchaseOrderNumber"]) == ("ACCEPTED" if done else "NEW")
    assert vendor.amazon.state()["counts"]["submitAcknowledgement 0"] == 1


def test_a_slow_answer(vendor, orders):
    vendor.amazon.fail("slow", "submitAcknowledgement", seconds=7.5)
    assert vendor.acknowledge(orders[0]).status_code == 202
    assert vendor.waits == [7.5]


def test_a_slow_answer_keeps_nobody_else_waiting(orders):
    settings = AmazonSettings(vendor="ACMEG")
    gate = threading.Event()
    with Amazon(settings, orders, wait=lambda seconds: gate.wait(60) and None) as amazon, ThreadPoolExecutor() as pool:
        amazon.fail("slow", "token", seconds=5)
        first = pool.submit(httpx.post, amazon.url + "/auth/o2/token", trust_env=False)
        while amazon.state()["faults"]:
            time.sleep(0.001)
        assert httpx.post(amazon.url + "/auth/o2/token", trust_env=False).status_code == 400
        assert not first.done()
        gate.set()
        assert first.result().status_code == 400


def test_a_transaction_that_says_processing_for_good_has_taken_effect(vendor, orders):
    vendor.amazon.fail("stuck", "submitAcknowledgement")
    key = vendor.acknowledge(orders[0]).json()["transactionId"]
    vendor.clock.step(3000)
    assert vendor.look(key) == {"transactionId": key, "status": "Processing"}
    assert vendor.status(orders[0]["purchaseOrderNumber"]) == "ACCEPTED"


def test_an_internal_failure_of_the_transaction(vendor, orders):
    vendor.amazon.fail("internal_failure", "submitAcknowledgement")
    body = {"orderAcknowledgements": [ack_of(orders[0])]}
    assert vendor.end(ACKS, body) == ("Failure", ["INTERNAL_SERVER_ERROR"])
    assert vendor.end(ACKS, body) == ("Success", [])


def test_a_fault_strikes_its_own_operation_or_any(vendor, orders):
    vendor.amazon.fail("broken", "getOrders")
    assert vendor.acknowledge(orders[0]).status_code == 202
    assert [vendor.list().status_code for _ in range(2)] == [500, 200]
    vendor.amazon.fail("throttled")
    assert [vendor.list().status_code for _ in range(2)] == [429, 200]
    vendor.amazon.fail("throttled", "token")
    assert vendor.log_in().status_code == 429
    vendor.amazon.fail("throttled", "createRestrictedDataToken")
    assert vendor.restrict(ORDERS).status_code == 429


def test_a_call_that_is_not_let_in_uses_up_no_fault(vendor):
    vendor.amazon.fail("broken", "getOrders")
    assert vendor.http.get(ORDERS).status_code == 403
    assert vendor.list().status_code == 500


def test_a_fault_may_let_calls_pass_first(vendor):
    vendor.amazon.fail("broken", "getOrders", after=2)
    vendor.amazon.fail("throttled", "getOrders", after=2)
    assert [vendor.list().status_code for _ in range(5)] == [200, 200, 500, 429, 200]


def test_a_fault_for_any_operation_strikes_what_it_can(vendor, orders):
    vendor.amazon.fail("stuck")
    assert vendor.list().status_code == 200
    key = vendor.acknowledge(orders[0]).json()["transactionId"]
    vendor.clock.step(3)
    assert vendor.look(key)["status"] == "Processing"


def test_every_operation_of_the_menu_is_one_of_amazons():
    assert set(OPERATIONS) - {"*"} == {route.operation for route in ROUTES.routes}
    assert all(set(struck) <= set(OPERATIONS) for struck in STRIKES.values())
    assert set(STRIKES) <= set(MENU)


def test_every_kind_of_the_menu_strikes_something(open_amazon, orders):
    """No kind is a word alone: against the same call without it, each changes what comes back, or what comes of it."""
    well = outcome(open_amazon(), orders, "")
    assert outcome(open_amazon(), orders, "") == well
    for kind in [kind for kind in MENU if kind not in ("huge", "gzip_bomb", "large_paper")]:
        assert outcome(open_amazon(), orders, kind) != well, kind


def outcome(vendor, orders, kind):
    """All that can be told apart of an order's road to its label, and of a list by two pages."""
    seen = []
    vendor.restricted_token()
    if kind:
        vendor.amazon.fail(kind, seconds=0.0001 if kind == "drip" else 5)

    def ask(call, *args, **kwargs):
        start = time.monotonic()
        try:
            answer = call(*args, **kwargs)
        except httpx.HTTPError as error:
            return seen.append(type(error).__name__)
        content = re.sub(rb"[0-9]{14}-[-0-9a-f]{36}", b"id", answer.content)
        slow = kind == "drip" and time.monotonic() - start > len(answer.content) * 0.0001
        return seen.append((answer.status_code, content, slow))

    ask(vendor.list, limit=10)
    ask(vendor.acknowledge, orders[0])
    vendor.clock.step(2)
    ask(vendor.label, orders[0])
    vendor.clock.step(6)
    state = vendor.state_of(orders[0])
    stuck = [one.fate == "stuck" for one in vendor.amazon.market.account.submissions.values()]
    return seen, vendor.waits, state["status"], state["labelled"], stuck, state["code"]


def test_faults_over_http(vendor):
    plan = vendor.http.post("/_simulator/faults", json={"kind": "broken", "operation": "getOrders", "times": 3})
    assert plan.status_code == 201
    assert vendor.list().status_code == 500
    planned = vendor.http.get("/_simulator/state").json()["faults"]
    assert planned == [{"kind": "broken", "operation": "getOrders", "times": 2, "seconds": 0.0, "after": 0}]
    assert vendor.http.delete("/_simulator/faults").status_code == 200
    assert vendor.list().status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "odd"},
        {},
        {"kind": "slow", "when": 1},
        {"kind": "broken", "times": 0},
        {"kind": "broken", "times": True},
        {"kind": "broken", "after": -1},
        {"kind": "slow", "seconds": "1"},
        {"kind": "slow", "seconds": -1},
        {"kind": "slow", "seconds": 1e99},
        {"kind": "page_loop", "operation": "getOrder"},
        {"kind": "stuck", "operation": "createShippingLabels"},
        {"kind": ["x"]},
        3,
        "x",
    ],
)
def test_a_fault_that_is_not_on_the_menu_is_refused(vendor, body):
    assert vendor.http.post("/_simulator/faults", json=body).status_code == 400


def test_a_fault_for_an_unknown_operation_is_refused(vendor):
    body = {"kind": "broken", "operation": "submitAcknowledgment"}
    assert vendor.http.post("/_simulator/faults", json=body).status_code == 400
    with pytest.raises(ValueError, match="operation"):
        vendor.amazon.fail("broken", "submitAcknowledgment")


def test_orders_over_http(vendor):
    fresh = sample_orders("OTHER", ["EWR1"], 3, NOW)
    assert vendor.http.post("/_simulator/orders", json=fresh[:1]).json() == {"added": 1}
    assert vendor.http.post("/_simulator/orders", json={"orders": fresh[1:]}).json() == {"added": 2}
    assert vendor.get(f"{ORDERS}/{fresh[2]['purchaseOrderNumber']}").json() == fresh[2]
    again = vendor.http.post("/_simulator/orders", json=fresh[:1])
    assert (again.status_code, "known already" in again.text) == (400, True)


@pytest.mark.parametrize(
    "body", [3, ["x"], [{}], [{"purchaseOrderNumber": "A"}], {"orders": 1}, {"x": 1}, {"payload": 1}]
)
def test_what_is_no_order_is_refused(vendor, body):
    assert vendor.http.post("/_simulator/orders", json=body).status_code == 400
    assert len(vendor.amazon.state()["orders"]) == 13


@pytest.mark.skipif(not models.FOLDER.is_dir(), reason=models.MISSING)
def test_amazons_own_examples_can_be_served(vendor):
    added = 0
    for file in sorted((models.FOLDER / "examples").glob("getOrders.*-200-*.json")):
        body = json.loads(file.read_text("utf-8"))["response"]["body"]
        known = vendor.amazon.state()["orders"]
        listed = body.get("payload", body).get("orders", [])
        fresh = [one for one in listed if "orderDetails" in one and one["purchaseOrderNumber"] not in known]
        assert vendor.http.post("/_simulator/orders", json=fresh).status_code == 201, file.name
        added += len(fresh)
    assert added > 0


def test_a_cancellation_over_http(vendor, orders):
    number = orders[5]["purchaseOrderNumber"]
    assert vendor.http.post(f"/_simulator/orders/{number}/cancel").status_code == 200
    assert vendor.status(number) == "CANCELLED"
    assert vendor.http.post("/_simulator/orders/none/cancel").status_code == 404


def test_a_parcel_that_has_left_cannot_be_cancelled(vendor, orders):
    vendor.acknowledge(orders[0])
    vendor.clock.step(2)
    vendor.post(SHIPS, {"shipmentConfirmations": [ship_of(orders[0])]})
    vendor.clock.step(2)
    assert vendor.http.post(f"/_simulator/orders/{orders[0]['purchaseOrderNumber']}/cancel").status_code == 409


def test_the_state_over_http_is_the_state(vendor, orders):
    vendor.acknowledge(orders[0])
    vendor.post(STOCK, stock_of((KETTLE, 4)))
    vendor.clock.step(2)
    vendor.list()
    state = vendor.http.get("/_simulator/state").json()
    assert state == json.loads(json.dumps(vendor.amazon.state()))
    number = orders[0]["purchaseOrderNumber"]
    assert state["orders"][number]["status"] == "ACCEPTED"
    assert state["orders"][number]["code"] == "00"
    assert state["effects"]["submitInventoryUpdate"] == {"EWR1/KTL-17-RED": 1}
    assert state["inventory"] == {"EWR1": {"KTL-17-RED": {"amount": 4, "isObsolete": False}}}
    assert [one["operation"] for one in state["submissions"]] == ["submitAcknowledgement", "submitInventoryUpdate"]
    assert state["submissions"][0]["body"] == {"orderAcknowledgements": [ack_of(orders[0])]}
    assert state["submissions"][0]["status"] == "Success"
    assert state["served"][number] == 1
    assert state["counts"]["getOrders 200"] == 1
    last = state["requests"][-1]
    assert (last["method"], last["path"], last["status"]) == ("GET", ORDERS, 200)
    assert "createdAfter" in last["query"]


def test_an_unknown_control_route_is_not_found(vendor):
    assert vendor.http.get("/_simulator/nothing").status_code == 404


def test_a_mistake_of_our_own_is_a_500_that_a_test_can_find(clock):
    with Amazon(AmazonSettings(vendor="ACMEG"), (), clock) as amazon:
        amazon.market.access = None
        answer = httpx.get(amazon.url + ORDERS, trust_env=False)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (500, "InternalFailure")
        assert "AttributeError" in amazon.state()["crashes"][0]


@pytest.mark.skipif(not models.FOLDER.is_dir(), reason=models.MISSING)
def test_what_amazon_answers_is_valid_by_its_models(vendor, orders):
    model = "vendorDirectFulfillmentOrders_2021-12-28.json"
    headers = {"x-amz-access-token": vendor.token()}
    models.validator(model, "OrderList").validate(vendor.list(limit=5).json())
    models.validator(model, "Order").validate(vendor.get(f"{ORDERS}/{orders[0]['purchaseOrderNumber']}").json())
    models.validator(model, "ErrorList").validate(vendor.get(f"{ORDERS}/none").json())
    token = models.validator("tokens_2021-03-01.json", "CreateRestrictedDataTokenResponse")
    token.validate(vendor.restrict(ORDERS).json())
    stock = models.validator("vendorDirectFulfillmentInventoryV1.json", "SubmitInventoryUpdateResponse")
    stock.validate(vendor.post(STOCK, stock_of((KETTLE, 4))).json())
    answer = vendor.acknowledge(orders[0] | {"purchaseOrderNumber": "Unknown1"}).json()
    models.validator(model, "TransactionId").validate(answer)
    status = models.validator("vendorDirectFulfillmentTransactions_2021-12-28.json", "TransactionStatus")
    old = models.validator("vendorDirectFulfillmentTransactionsV1.json", "GetTransactionResponse")
    for wait in (0, 2):
        vendor.clock.step(wait)
        for path, check in ((TRANSACTIONS, status), (TRANSACTIONS.replace("2021-12-28", "v1"), old)):
            check.validate(vendor.http.get(f"{path}/{answer['transactionId']}", headers=headers).json())
