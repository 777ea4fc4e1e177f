"""Tokens: fetched when needed, one exchange at a time, kept, renewed, forgotten; secrets told to nobody."""

import threading

import pytest

from tests.endpoints.spapi_clock import Clock
from tests.endpoints.spapi_scripted import (
    ECHO,
    ORDERS,
    PATH,
    REFRESH,
    SECRET,
    Scripted,
    account,
    errors,
    leaked,
    page,
    reply,
    told,
)
from translator.core.finding import Finding, Misconfigured, Unavailable
from translator.core.private import Private

LWA = "/auth/o2/token"
RDT = "/tokens/2021-03-01/restrictedDataToken"
ID = reply(202, {"transactionId": "1"})


@pytest.fixture
def server():
    scripted = Scripted()
    yield scripted
    scripted.close()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def amazon(server, clock, caplog):
    caplog.set_level("DEBUG")
    opened = account(server.url, clock)
    yield opened
    opened.close()
    shown = repr(opened) + repr(vars(opened)) + repr(vars(opened._access))
    assert leaked(caplog.text + shown) == []


def refused(amazon):
    with pytest.raises(Unavailable) as trouble:
        amazon.ask(ORDERS)
    assert leaked(told(trouble.value)) == []
    return trouble.value


def test_the_refresh_token_is_exchanged_as_a_form(server, amazon):
    server.steps = [ID]
    amazon.submit(PATH, b"{}")
    (asked,) = server.of(LWA)
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded;charset=UTF-8"
    form = asked.body.decode()
    assert "grant_type=refresh_token" in form
    assert "client_secret=CanarySecret%2Fd41d8cd98f" in form
    assert "refresh_token=Atzr%7CCanaryRefresh-2f9a" in form
    assert "scope" not in form


def test_orders_are_asked_with_a_restricted_token_for_list_and_order_and_no_data_elements(server, amazon):
    server.steps = [page(), reply(200, {"purchaseOrderNumber": "A1"})]
    amazon.ask(ORDERS)
    amazon.ask(f"{ORDERS}/A1")
    (asked,) = server.of(RDT)
    wanted = [
        b'{"method":"GET","path":"%s"}' % path
        for path in (ORDERS.encode(), ORDERS.encode() + b"/{purchaseOrderNumber}")
    ]
    assert asked.body == b'{"restrictedResources":[' + b",".join(wanted) + b"]}"
    assert asked.headers["x-amz-access-token"].startswith("Atza|")
    for path in (ORDERS, f"{ORDERS}/A1"):
        assert server.of(path)[0].headers["x-amz-access-token"].startswith("Atz.sprdt|")


def test_everything_else_is_asked_with_the_plain_token(server, amazon):
    server.steps = [ID, reply(200, {}), reply(200, {})]
    amazon.submit(PATH, b"{}")
    amazon.ask("/vendor/directFulfillment/transactions/2021-12-28/transactions/1")
    amazon.ask(f"{ORDERS}/A1/more")
    assert server.of(RDT) == []


def test_a_token_is_kept_until_a_few_minutes_before_its_end(server, amazon, clock):
    server.steps = [ID] * 3
    amazon.submit(PATH, b"{}")
    clock.step(3600 - 301)
    amazon.submit(PATH, b"{}")
    assert len(server.of(LWA)) == 1
    clock.step(2)
    amazon.submit(PATH, b"{}")
    assert len(server.of(LWA)) == 2


def test_a_short_lived_token_is_kept_for_half_its_life(server, amazon, clock):
    server.logins = [reply(200, {"access_token": "Atza|CanaryAccess", "expires_in": 10})]
    server.steps = [ID] * 2
    amazon.submit(PATH, b"{}")
    clock.step(4)
    amazon.submit(PATH, b"{}")
    assert len(server.of(LWA)) == 1


def test_both_tokens_are_renewed_once_when_the_restricted_one_is_denied(server, amazon):
    server.steps = [reply(403, errors("Unauthorized")), page("A1")]
    amazon.ask(ORDERS)
    assert (len(server.of(LWA)), len(server.of(RDT))) == (2, 2)


def test_the_plain_token_is_renewed_when_the_restricted_exchange_denies_it(server, amazon):
    server.restricts = [reply(403, errors("Unauthorized"))]
    server.steps = [page("A1")]
    amazon.ask(ORDERS)
    assert (len(server.of(LWA)), len(server.of(RDT))) == (2, 2)


def test_a_token_renewed_by_another_thread_is_not_dropped(server, amazon):
    server.steps = [ID]
    amazon.submit(PATH, b"{}")
    old = amazon._access.token("POST", PATH)
    amazon._access.forget(old)
    new = amazon._access.token("POST", PATH)
    amazon._access.forget(old)
    assert amazon._access.token("POST", PATH) is new


def test_one_exchange_at_a_time(server, amazon):
    threads = [threading.Thread(target=amazon._access.token, args=("GET", ORDERS)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(server.of(LWA)), len(server.of(RDT))) == (1, 1)


@pytest.mark.parametrize(
    "status, error, credential",
    [
        (400, "invalid_grant", "refresh token"),
        (401, "invalid_client", "client secret"),
        (400, "unauthorized_client", "client id"),
        (400, "invalid_request", "malformed"),
    ],
)
def test_a_fault_of_configuration_names_the_credential_and_waits_for_a_person(
    server, amazon, status, error, credential
):
    server.logins = [reply(status, {"error": error, "error_description": ECHO, "request_id": "x"})]
    trouble = refused(amazon)
    assert error in trouble.reason
    assert credential in trouble.reason
    assert trouble.wait >= 600


@pytest.mark.parametrize(
    "answer",
    [
        reply(400, f"<html>{ECHO} {SECRET} {REFRESH}</html>".encode()),
        reply(401, {"error": SECRET}),
        reply(403, [SECRET]),
        reply(400),
        reply(404, errors(message=SECRET)),
        reply(500, SECRET.encode()),
        reply(503),
        reply(429, {"error": "slow"}, Retry_After="30"),
        reply(302, Location="http://127.0.0.1:9/"),
        reply(200, f"{ECHO}".encode()),
        reply(200, {"access_token": f"{SECRET}\r\nx: y", "expires_in": 3600}),
        reply(200, {"access_token": "Ü", "expires_in": 3600}),
        reply(200, {"access_token": ["x"], "expires_in": 3600}),
        reply(200, {"access_token": "x" * 5000, "expires_in": 3600}),
        reply(200, {"access_token": "x"}),
        reply(200, {"access_token": "x", "expires_in": "3600"}),
        reply(200, {"access_token": "x", "expires_in": -1}),
        reply(200, {"access_token": "x", "expires_in": True}),
        reply(200, [1]),
        reply(202),
    ],
)
def test_an_exchange_that_fails_is_unavailable_and_tells_nothing(server, amazon, answer):
    server.logins = [answer]
    refused(amazon)
    server.logins = [answer]
    with pytest.raises(Unavailable):
        amazon.submit(PATH, b"{}")
    assert server.posts() == []


@pytest.mark.parametrize("answer", [reply(429, Retry_After="30"), reply(503, Retry_After="30")])
def test_an_exchange_waits_as_it_was_told(server, amazon, answer):
    server.logins = [answer]
    assert refused(amazon).wait == 30


def test_a_missing_role_is_told_by_the_restricted_exchange(server, amazon):
    text = "Application do not have access to some or all requested resource"
    server.restricts = [reply(400, errors(message=text, details=""))]
    trouble = refused(amazon)
    assert text in trouble.reason
    assert "authorise again" in trouble.reason
    assert trouble.wait >= 600


def test_a_restricted_exchange_denied_twice_is_a_matter_of_rights(server, amazon):
    server.restricts = [reply(403, errors())] * 2
    assert "Direct-to-Consumer Shipping" in refused(amazon).reason


def test_a_restricted_token_inside_a_payload_is_taken(server, amazon):
    server.restricts = [
        reply(200, {"payload": {"restrictedDataToken": "Atz.sprdt|CanaryRestricted", "expiresIn": 3600}})
    ]
    server.steps = [page()]
    amazon.ask(ORDERS)


def test_a_rotated_secret_needs_no_restart(server, clock):
    secrets = ["old\n", "new\n"]
    server.logins = [reply(401, {"error": "invalid_client"})]
    server.steps = [ID]
    amazon = account(server.url, clock, client_secret=lambda: Private(secrets.pop(0)))
    with pytest.raises(Unavailable):
        amazon.submit(PATH, b"{}")
    assert amazon.submit(PATH, b"{}") == "1"
    assert [b"client_secret=new" in asked.body for asked in server.of(LWA)] == [False, True]


@pytest.mark.parametrize("trouble", [FileNotFoundError(2, SECRET), Misconfigured([Finding("secret-missing", SECRET)])])
def test_a_secret_that_cannot_be_read_is_named(server, clock, trouble):
    def missing():
        raise trouble

    with pytest.raises(Unavailable, match="the client secret cannot be read"):
        account(server.url, clock, client_secret=missing).submit(PATH, b"{}")
    assert server.asked == []
