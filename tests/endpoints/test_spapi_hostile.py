"""Hostile inputs 62, 64 and 65 (reliability-security §3.9) at the wire, and POSTs that no library repeats."""

import gzip
import json
import resource
import time

import pytest

from tests.endpoints.spapi_bodies import SHIPPING, label, slip
from tests.endpoints.spapi_clock import NOW
from tests.endpoints.spapi_scripted import (
    ECHO,
    ORDERS,
    PATH,
    PERSON,
    QUICK,
    REFRESH,
    SECRET,
    account,
    cut,
    errors,
    hang_up,
    leaked,
    page,
    reply,
    reset,
    silent,
    told,
)
from translator.core.finding import Rejected, Unavailable, Unknown
from translator.documents.kind import Fetch
from translator.documents.label_request import asynchronous
from translator.endpoints.endpoint import Outgoing, Put, Seen, Verdict
from translator.endpoints.spapi import Bringing, Fetched, Labels, Limits, Orders, Rules, Submission

LABEL = Fetch("getShippingLabel", "getShippingLabels", "shipping", "shippingLabels", "shippingLabels")
SLIP = Fetch("getPackingSlip", "getPackingSlips", "shipping", "packingSlips", "packingSlips")
USUAL = Limits()
LARGE = 60_000_000


@pytest.fixture
def fetching(server, clock):
    def go(fetch, limits=USUAL):
        endpoint = Fetched(account(server.url, clock, limits), clock, fetch)
        return lambda: b"".join(endpoint.fetch(Seen("A1", "")))

    return go


def large(body):
    """An answer of sixty million bytes and more."""

    def step(connection):
        head = json.dumps(body).encode()[:-2]
        connection.sendall(b"HTTP/1.1 200 Said\r\nContent-Type: application/json\r\n\r\n" + head)
        try:
            for _ in range(LARGE // 1_000_000):
                connection.sendall(b"A" * 1_000_000)
            connection.sendall(b'"}')
        except OSError:
            pass
        return False

    return step


def grown(before):
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024


# --- 62: labels that are none -----------------------------------------------------------------------------------------


def test_a_label_of_sixty_megabytes_is_read_to_the_limit_and_no_further(server, fetching):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    server.steps = [large({"purchaseOrderNumber": "A1", "content": ""})]
    with pytest.raises(Unavailable, match="larger than"):
        fetching(LABEL)()
    assert grown(before) < 3 * USUAL.body


def test_a_label_of_sixty_megabytes_in_the_answer_leaves_the_outcome_unknown(server, clock):
    labels = Labels(account(server.url, clock, USUAL), clock, f"{SHIPPING}/shippingLabels", asynchronous)
    server.steps = [large({"purchaseOrderNumber": "A1", "content": ""})]
    with pytest.raises(Unknown, match="larger than"):
        labels.put(Outgoing("x", b"{}", 1, "t", path=f"{SHIPPING}/shippingLabels/A1", about="A1"), lambda _: None)
    assert len(server.posts()) == 1


def test_a_label_that_unpacks_to_sixty_megabytes_is_no_label(server, fetching):
    bomb = gzip.compress(json.dumps(label("A1", "A" * LARGE)).encode(), 9)
    server.steps = [reply(200, bomb, Content_Encoding="gzip")]
    with pytest.raises(Unavailable, match="larger than"):
        fetching(LABEL)()


@pytest.mark.parametrize("contents", [[""], [" \n"], [None], [17], [["x"]], [{}], ["XlhB", None]])
def test_a_label_of_no_bytes_is_no_label(server, fetching, contents):
    server.steps = [reply(200, label("A1", *contents)), reply(200, {})]
    assert fetching(LABEL)() == b""


@pytest.mark.parametrize("data", [[], {}, None, "x", 17, [None], [[]], [{}]])
def test_a_label_of_no_packages_is_no_label(server, fetching, data):
    server.steps = [reply(200, {**label(), "labelData": data}), reply(200, {})]
    assert fetching(LABEL)() == b""


# --- 64: pages without end --------------------------------------------------------------------------------------------


def numbers(first, count):
    return [f"N{number}" for number in range(first, first + count)]


@pytest.fixture
def orders(server, clock):
    return Orders(account(server.url, clock, USUAL), Rules(start=NOW))


def collected(orders, turns):
    bookmark, found = "", []
    for _ in range(turns):
        listing = orders.list(bookmark)
        bookmark = listing.bookmark
        found += [len(json.loads(seen.data)["orders"]) for seen in listing.complete]
        if not listing.more:
            break
    return found


@pytest.mark.parametrize(
    "pages",
    [
        [page("A1", token="t"), page("A2", token="t")],
        [page("A1", token="t1"), page("A2", token="t2"), page("A3", token="t1"), page("A4", token="t2")] * 3,
        [page("A1", "A2", token="t1"), page("A1", "A2", token="t2")],
    ],
    ids=["one token", "tokens in a circle", "one page"],
)
def test_pages_of_orders_that_go_in_a_circle_are_told(server, orders, pages):
    server.steps = list(pages)
    with pytest.raises(Unavailable, match="amazon-page-loop"):
        collected(orders, 99)


def test_a_page_that_ignores_its_limit_is_taken_whole(server, orders):
    server.steps = [page(*numbers(0, 5_000), token="t1"), page("A1"), page("A1"), page("A1")]
    assert collected(orders, 2) == [5_000, 1]


@pytest.mark.sweep
def test_a_million_orders_in_one_answer_are_read_to_the_limit(server, orders):
    server.steps = [page(*numbers(0, 1_000_000))]
    with pytest.raises(Unavailable, match="larger than"):
        orders.list("")


def test_a_million_orders_in_pages_are_taken_one_page_at_a_time(server, orders):
    """Each page is a listing of its own, to be committed: what is in memory is one page."""
    server.steps = [page(*numbers(100 * n, 100), token=f"t{n}") for n in range(50)]
    assert collected(orders, 50) == [100] * 50


@pytest.mark.parametrize("token", ["t" * 100_000, "\x00", "☃", "a b&c=d#e", "%2B"])
def test_a_token_is_sent_back_as_it_came_whatever_it_is(server, orders, token):
    server.steps = [page("A1", token=token), page("A2")]
    first = orders.list("")
    assert json.loads(first.bookmark)["window"]["token"] == token
    if len(token) < 1_000:
        orders.list(first.bookmark)
        assert len(server.of(ORDERS)) == 2


def test_a_list_of_slips_without_end_is_left_in_the_end(server, fetching, monkeypatch):
    monkeypatch.setattr("translator.endpoints.spapi.listed.PAGES", 20)
    found = [reply(200, {"packingSlips": [slip(f"X{n}")], "pagination": {"nextToken": f"t{n}"}}) for n in range(40)]
    server.steps = [reply(200, {}), *found]
    assert fetching(SLIP)() == b""
    assert len(server.of(f"{SHIPPING}/packingSlips")) == 20


# --- 65: answers that echo ---------------------------------------------------------------------------------------------

PAGES = [
    f"<html>{SECRET} {REFRESH} {PERSON}</html>".encode(),
    json.dumps({"error": SECRET, "error_description": f"{REFRESH} {SECRET}"}).encode(),
    json.dumps(errors(code=SECRET, message=f"{SECRET} {REFRESH}", details=ECHO)).encode(),
    json.dumps({"error": "invalid_client", "error_description": f"client_secret={SECRET}"}).encode(),
]


@pytest.mark.parametrize("body", PAGES)
@pytest.mark.parametrize("status", [200, 302, 400, 401, 403, 404, 429, 500, 503])
def test_a_page_of_the_login_that_echoes_the_secret_is_shown_nowhere(server, clock, caplog, status, body):
    caplog.set_level("DEBUG")
    server.logins = [reply(status, body, Location=f"http://127.0.0.1:1/{SECRET.replace('/', '')}")]
    with pytest.raises(Unavailable) as trouble:
        account(server.url, clock).ask(ORDERS)
    assert leaked(told(trouble.value) + caplog.text) == []


@pytest.mark.parametrize("body", PAGES)
@pytest.mark.parametrize("status", [200, 400, 403, 500])
def test_a_restricted_exchange_that_echoes_is_shown_nowhere(server, clock, caplog, status, body):
    caplog.set_level("DEBUG")
    server.restricts = [reply(status, body)] * 4
    with pytest.raises(Unavailable) as trouble:
        account(server.url, clock).ask(ORDERS)
    assert leaked(told(trouble.value) + caplog.text) == []


def puts(server, clock, limits=USUAL):
    made = account(server.url, clock, limits)
    return [
        (Submission(made, "submitAcknowledgement"), PATH),
        (Labels(made, clock, f"{SHIPPING}/shippingLabels", asynchronous), f"{SHIPPING}/shippingLabels/A1"),
        (Bringing(made), f"{SHIPPING}/containerLabel"),
    ]


@pytest.mark.parametrize("which", [0, 1, 2])
@pytest.mark.parametrize("status", [200, 400, 404, 409, 413, 429, 500, 503])
def test_an_answer_that_echoes_the_address_is_masked(server, clock, caplog, which, status):
    caplog.set_level("DEBUG")
    endpoint, path = puts(server, clock)[which]
    server.steps = [reply(status, errors(message=ECHO, details=ECHO))] * 2
    with pytest.raises((Unavailable, Rejected, Unknown)) as trouble:
        endpoint.put(Outgoing("x", b"{}", 1, "t", path=path, about="A1"), lambda _: None)
    assert leaked(told(trouble.value) + caplog.text) == []


def test_a_fetch_and_a_look_that_echo_are_masked(server, clock, fetching):
    server.steps = [reply(400, errors(message=ECHO))]
    with pytest.raises(Unavailable) as trouble:
        fetching(SLIP)()
    assert leaked(told(trouble.value)) == []
    labels, _ = puts(server, clock)[1]
    server.steps = [reply(400, errors(message=ECHO))]
    (looked,) = labels.look([Put("x", None, about="A1")])
    assert (looked.verdict, leaked(repr(looked))) == (Verdict.CANNOT_TELL, [])


# --- one POST is one POST ----------------------------------------------------------------------------------------------

LOST = {
    "reset": reset,
    "hang up": hang_up,
    "silence": silent,
    "cut": cut(202, {"transactionId": "1-2"}),
    "500": reply(500),
    "502": reply(502),
    "503": reply(503, Retry_After="0"),
    "504": reply(504),
    "429": reply(429, Retry_After="0"),
    "307": reply(307, Location=PATH),
    "308": reply(308, Location=PATH),
    "408": reply(408),
    "425": reply(425),
}


@pytest.mark.parametrize("which", [0, 1, 2])
@pytest.mark.parametrize("name", LOST)
def test_a_post_is_made_once_whatever_comes_back(server, clock, which, name):
    endpoint, path = puts(server, clock, QUICK if name == "silence" else USUAL)[which]
    server.steps = [LOST[name], reply(202, {"transactionId": "second"}), reply(202, {"transactionId": "third"})]
    with pytest.raises((Unknown, Unavailable)):
        endpoint.put(Outgoing("x", b"{}", 1, "t", path=path, about="A1"), lambda _: None)
    time.sleep(0.05)
    assert [asked.path for asked in server.posts()] == [path]


def test_a_post_on_a_connection_that_the_other_side_has_closed_is_made_once(server, clock):
    endpoint, path = puts(server, clock)[0]
    good = reply(202, {"transactionId": "1-2"})

    def closing(connection):
        connection.sendall(good)
        return False

    server.steps = [closing, good, good]
    endpoint.put(Outgoing("x", b"{}", 1, "t", path=path), lambda _: None)
    assert server.closed.acquire(timeout=60)
    endpoint.put(Outgoing("x", b"{}", 2, "t", path=path), lambda _: None)
    assert len(server.posts()) == 2
