"""Tokens: fetched when needed, one exchange at a time, kept, renewed, forgotten; secrets told to nobody."""

import json
import threading
from datetime import timedelta

import pytest

from tests.endpoints.spapi_clock import NOW
from tests.endpoints.spapi_scripted import (
    ECHO,
    ORDERS,
    PATH,
    REFRESH,
    SECRET,
    account,
    errors,
    leaked,
    page,
    reply,
    told,
)
from translator.core.finding import Finding, Misconfigured, Unavailable
from translator.core.private import Private
from translator.endpoints.spapi import Logins
from translator.endpoints.spapi.access import Shut
from translator.endpoints.spapi.login import expiry

LWA = "/auth/o2/token"
RDT = "/tokens/2021-03-01/restrictedDataToken"
ID = reply(202, {"transactionId": "1"})


@pytest.fixture
def amazon(server, clock, caplog):
    caplog.set_level("DEBUG")
    opened = account(server.url, clock)
    yield opened
    opened.close()
    shown = "".join(repr(vars(one)) for one in (opened, opened._access, opened._access._login))
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


SHIPPING = "/vendor/directFulfillment/shipping/2021-12-28"
PO = "{purchaseOrderNumber}"
FAMILIES = [
    ("GET", ORDERS),
    ("GET", f"{ORDERS}/{PO}"),
    *(
        ("GET", f"{SHIPPING}/{name}{tail}")
        for name in ("shippingLabels", "packingSlips", "customerInvoices")
        for tail in ("", f"/{PO}")
    ),
    ("POST", f"{SHIPPING}/shippingLabels/{PO}"),
]


def resources(asked):
    body = json.loads(asked.body)
    assert list(body) == ["restrictedResources"]  # no dataElements
    assert all(list(one) == ["method", "path"] for one in body["restrictedResources"])
    return [(one["method"], one["path"]) for one in body["restrictedResources"]]


def test_one_restricted_token_opens_everything_that_holds_customers_data(server, amazon):
    server.steps = [page()] + [reply(200, {})] * 8
    amazon.ask(ORDERS)
    for method, path in FAMILIES[1:]:
        path = path.replace(PO, "A1")
        amazon.ask(path) if method == "GET" else amazon.post(path, b"{}")
        assert server.asked[-1].path == path
        assert server.asked[-1].headers["x-amz-access-token"].startswith("Atz.sprdt|")
    (asked,) = server.of(RDT)
    assert resources(asked) == FAMILIES
    assert asked.headers["x-amz-access-token"].startswith("Atza|")


def test_version_1_has_paths_of_its_own_but_creates_labels_by_the_later_one(server, clock):
    server.steps = [page()]
    v1 = account(server.url, clock, version="v1")
    v1.ask(v1.path("orders", "purchaseOrders"))
    given = resources(server.of(RDT)[0])
    assert all("/v1/" in path for _, path in given[:-1])
    assert given[-1] == FAMILIES[-1]


REFUSED = reply(400, errors(message="Application do not have access to some or all requested resource", details=""))


def test_a_family_that_is_missing_does_not_close_the_others(server, amazon, clock):
    server.restricts = [REFUSED, reply(200, {"restrictedDataToken": "Atz.sprdt|CanaryRestricted", "expiresIn": 3600})]
    server.steps = [page(), page()]
    amazon.ask(ORDERS)
    assert resources(server.of(RDT)[1]) == FAMILIES[:2]
    server.restricts = [REFUSED]
    with pytest.raises(Shut, match="authorise again"):
        amazon.get(f"{SHIPPING}/packingSlips/A1")
    amazon.ask(ORDERS)
    assert len(server.of(RDT)) == 3


def test_families_refused_together_are_asked_for_one_by_one_for_a_day(server, amazon, clock):
    server.restricts = [REFUSED]
    server.steps = [page()] * 3
    amazon.ask(ORDERS)
    clock.step(3600)
    amazon.ask(ORDERS)
    assert [len(resources(asked)) for asked in server.of(RDT)] == [9, 2, 2]
    clock.step(86_400)
    amazon.ask(ORDERS)
    assert len(resources(server.of(RDT)[-1])) == 9


def test_accounts_with_one_refresh_token_share_one_login(server, clock):
    server.steps = [ID] * 3 + [reply(403, errors()), ID, ID]
    logins = Logins()
    one, two = (account(server.url, clock, logins=logins) for _ in range(2))
    other = account(server.url, clock, logins=logins, client_id="amzn1.other")
    for amazon in (one, two):
        amazon.submit(PATH, b"{}")
    assert len(server.of(LWA)) == 1
    other.submit(PATH, b"{}")
    assert len(server.of(LWA)) == 2
    one.submit(PATH, b"{}")  # denied, renewed
    assert len(server.of(LWA)) == 3
    two.submit(PATH, b"{}")  # until Amazon denies the old token it is as good
    assert len(server.of(LWA)) == 3


def test_a_token_that_another_account_renewed_is_taken_over(server, clock):
    server.steps = [ID] * 2 + [reply(401, errors()), ID] * 2
    logins = Logins()
    one, two = (account(server.url, clock, logins=logins) for _ in range(2))
    for amazon in (one, two, one, two):
        amazon.submit(PATH, b"{}")
    assert len(server.of(LWA)) == 2


@pytest.mark.parametrize("days, left", [(0, 180), (150, 30), (180, 0), (200, -20)])
def test_the_days_of_a_client_secret_are_counted(days, left):
    assert expiry((NOW - timedelta(days=days)).date(), NOW) == left


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
    assert trouble.sort == ("" if error == "invalid_request" else "login")


def test_one_refusal_of_a_login_is_one_try_for_all_who_ask(server, amazon, clock):
    server.logins = [reply(401, {"error": "invalid_client"})] * 2
    for tries in (1, 2):
        assert [refused(amazon).sort for _ in range(5)] == ["login"] * 5
        assert len(server.of(LWA)) == tries
        clock.step(20)


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
    server.restricts = [reply(400, errors(message=text, details=""))] * 2
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
