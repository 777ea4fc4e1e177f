"""Orders made to measure in the sandbox."""

import json

import pytest

from tests.endpoints.spapi_scripted import account, errors, leaked, reply, reset, told
from translator.core.finding import Rejected, Unavailable, Unknown
from translator.endpoints.spapi.scenarios import generate_scenarios, scenarios

BASE = "/vendor/directFulfillment/sandbox/2021-10-28"


@pytest.fixture
def sandbox(server, clock):
    return account(server.url, clock)


def status(word, **more):
    return reply(200, {"transactionStatus": {"transactionId": "t/1", "status": word} | more})


def made(*orders):
    return {"testCaseData": {"scenarios": [{"scenarioId": "S1", "orders": list(orders)}]}}


def test_orders_are_asked_for_by_vendor_and_warehouse(server, sandbox):
    server.steps = [reply(202, {"transactionId": "t/1"})]
    assert generate_scenarios(sandbox, [("ACMEG", "EWR1"), ("ACMEG", "RNO4")]) == "t/1"
    (asked,) = server.posts()
    assert asked.path == f"{BASE}/orders"
    assert json.loads(asked.body) == {
        "orders": [
            {"sellingParty": {"partyId": "ACMEG"}, "shipFromParty": {"partyId": code}} for code in ("EWR1", "RNO4")
        ]
    }


@pytest.mark.parametrize("word", ["SUCCESS", "Success"])
def test_the_numbers_of_those_that_were_made_are_given(server, sandbox, word):
    server.steps = [status(word, **made({"orderId": "T1"}, {"orderId": "T2"}, {"orderId": 3}, "x"))]
    assert scenarios(sandbox, "t/1") == ("T1", "T2")
    assert server.asked[-1].target == f"{BASE}/transactions/t%2F1"


@pytest.mark.parametrize("word", ["PROCESSING", "Processing", "", None])
def test_while_amazon_is_at_it_there_are_none(server, sandbox, word):
    server.steps = [status(word)]
    assert scenarios(sandbox, "t/1") is None


@pytest.mark.parametrize("more", [{}, errors(), {"testCaseData": [1]}])
def test_a_failure_is_told(server, sandbox, more):
    server.steps = [status("FAILURE", **more)]
    with pytest.raises(Rejected) as trouble:
        scenarios(sandbox, "t/1")
    assert leaked(told(trouble.value)) == []


@pytest.mark.parametrize("shape", [{}, {"testCaseData": 1}, {"testCaseData": {"scenarios": [1, {"orders": "x"}]}}])
def test_a_success_without_orders_has_none(server, sandbox, shape):
    server.steps = [status("SUCCESS", **shape)]
    assert scenarios(sandbox, "t/1") == ()


def test_trouble_is_told_as_everywhere(server, sandbox):
    server.steps = [reset, reply(503), reply(404, errors("ResourceNotFound"))]
    with pytest.raises(Unknown):
        generate_scenarios(sandbox, [("ACMEG", "EWR1")])
    with pytest.raises(Unavailable):
        scenarios(sandbox, "t/1")
    with pytest.raises(Rejected):
        scenarios(sandbox, "t/1")
