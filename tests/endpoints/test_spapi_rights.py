"""What doctor asks: each right tried by a question that moves nothing, and what to do."""

import socket
import threading
from contextlib import suppress
from datetime import timedelta

import pytest

from tests.endpoints.spapi_clock import NOW
from tests.endpoints.spapi_scripted import ORDERS, SECRET, account, errors, leaked, page, reply, reset
from tests.matrix.authority import Authority
from translator.endpoints.spapi import rights as module
from translator.endpoints.spapi.rights import CERTIFICATE, GROUP, NETWORK, REGION, ROLE, rights

NAMES = [
    "login (LWA)",
    "restricted data token (RDT)",
    "getOrders",
    "getShippingLabels",
    "getPackingSlips",
    "getCustomerInvoices",
    "createShippingLabels",
    "getTransactionStatus",
    "clock",
]
GOOD = [page("A1"), *[reply(200, {})] * 3, reply(404, errors("NotFound"))]
DENIED = reply(403, errors("Unauthorized"))
MISSING = reply(400, errors(message="Application do not have access to some or all requested resource", details=""))


@pytest.fixture
def tried(server, clock):
    def go(*steps):
        server.steps = list(steps)
        found = {one.name: one for one in rights(account(server.url, clock))}
        assert leaked(repr(found)) == []
        assert server.posts() == []  # nothing is submitted
        return found

    return go


def wrong(found):
    return [name for name, one in found.items() if not one.well]


def test_all_that_is_well_is_said_so(tried, server):
    found = tried(*GOOD)
    assert list(found) == NAMES
    assert wrong(found) == []
    assert not any(one.do for one in found.values())
    assert server.steps == []


@pytest.mark.parametrize("answer", [reply(404), reply(404, errors("ResourceNotFound")), reply(400, errors())])
def test_a_transaction_that_is_none_tells_that_the_right_is_there(tried, answer):
    assert wrong(tried(*GOOD[:-1], answer)) == []


def test_without_login_nothing_more_is_tried(tried, server):
    server.logins = [reply(401, {"error": "invalid_client", "error_description": SECRET})]
    found = tried()
    assert (list(found), wrong(found)) == (NAMES[:1], NAMES[:1])
    assert "180 days" in found[NAMES[0]].do


@pytest.mark.parametrize(
    "status, error, do",
    [
        (400, "invalid_grant", "new refresh token"),
        (400, "unauthorized_client", "one and the same app"),
        (400, "invalid_request", "whole and without blanks"),
        (503, "x", "try again"),
    ],
)
def test_what_is_wrong_with_a_login_has_its_own_advice(tried, server, status, error, do):
    server.logins = [reply(status, {"error": error})]
    assert do in tried()[NAMES[0]].do


def test_a_secret_that_is_not_there_has_its_own_advice(server, clock):
    def missing():
        raise OSError

    (found,) = rights(account(server.url, clock, client_secret=missing))
    assert "where the site says" in found.do


def test_amazon_that_cannot_be_reached_is_a_matter_of_the_network(clock):
    (found,) = rights(account("http://127.0.0.1:1", clock))
    assert (found.well, found.do) == (False, NETWORK)


def test_a_certificate_that_is_not_accepted_is_a_matter_of_the_clock_first(tmp_path, clock):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        expired = Authority(tmp_path).servers["expired"]
        threading.Thread(target=shaken, args=(listening, expired), daemon=True).start()
        (found,) = rights(account(f"https://localhost:{listening.getsockname()[1]}", clock))
    assert "certificate" in found.said
    assert (found.well, found.do) == (False, CERTIFICATE)


def shaken(listening, context):
    """Take one connection, and offer a certificate."""
    connection, _ = listening.accept()
    with connection, suppress(OSError):
        context.wrap_socket(connection, server_side=True)


def test_a_role_that_is_missing_is_told_with_the_way_to_get_it(tried, server):
    server.restricts = [MISSING] * 9
    found = tried(GOOD[-1])
    assert wrong(found) == NAMES[1:6]
    assert all(found[name].do == ROLE for name in NAMES[1:6])
    assert "NEW refresh token" in ROLE
    assert "submitShippingLabelRequest instead" in found["createShippingLabels"].said


def test_one_family_that_is_missing_leaves_the_others_well(tried, server):
    good = reply(200, {"restrictedDataToken": "Atz.sprdt|CanaryRestricted", "expiresIn": 3600})
    server.restricts = [MISSING, good, good, MISSING, good, good]
    assert wrong(tried(GOOD[0], *GOOD[2:])) == ["getPackingSlips"]


def test_a_token_of_another_region_is_told(tried, server):
    server.restricts = [DENIED] * 99
    found = tried(DENIED, DENIED)
    assert (found[NAMES[1]].well, found[NAMES[1]].do) == (False, REGION)
    assert found["getTransactionStatus"].do.endswith(REGION)


def test_a_right_that_is_denied_is_told_with_both_reasons(tried):
    found = tried(page("A1"), DENIED, DENIED, *GOOD[2:])
    assert wrong(found) == ["getShippingLabels"]
    assert "fresh tokens" in found["getShippingLabels"].said
    assert found["getShippingLabels"].do.startswith(ROLE)


@pytest.mark.parametrize("body", [{}, {"orders": []}, {"payload": {"orders": []}}])
def test_no_orders_in_seven_days_is_well_and_yet_said(tried, server, body):
    found = tried(reply(200, body), *GOOD[1:])
    assert (found["getOrders"].well, found["getOrders"].do) == (True, GROUP)
    (asked,) = server.of(ORDERS)
    assert "createdAfter=2026-11-24T11%3A55%3A00Z&createdBefore=2026-12-01T11%3A55%3A00Z" in asked.target
    assert "includeDetails=false" in asked.target


@pytest.mark.parametrize("answer", [reply(429), reply(500), reply(200, b"<html>"), reset])
def test_trouble_of_one_leaves_the_others(tried, answer):
    assert wrong(tried(*GOOD[:2], answer, *GOOD[3:])) == ["getPackingSlips"]


@pytest.mark.parametrize("seconds, well", [(0, True), (-50, True), (95, False), (-95, False)])
def test_the_clock_is_told(tried, seconds, well):
    amazons = NOW - timedelta(seconds=seconds)
    found = tried(*GOOD[:-1], reply(404, errors(), Date=f"{amazons:%a, %d %b %Y %H:%M:%S} GMT"))
    assert found["clock"].well is well
    assert str(abs(seconds)) in found["clock"].said
    assert bool(found["clock"].do) is not well


def test_every_advice_of_a_login_meets_a_reason():
    assert all(module._credential(f"LWA refuses: {word}") == do for word, do in module.CREDENTIALS.items())
