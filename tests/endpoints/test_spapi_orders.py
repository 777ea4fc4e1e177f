"""Collecting orders: pages, windows, bookmarks; against the pretend Amazon, and against scripted faults."""

import json
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.endpoints.spapi_clock import NOW
from tests.endpoints.spapi_scripted import ORDERS, account, errors, leaked, page, reply, told
from translator.core.finding import Rejected, Unavailable
from translator.core.private import Private
from translator.endpoints.endpoint import Outgoing
from translator.endpoints.spapi import Orders, Rules
from translator.simulator.amazon import Amazon, AmazonSettings
from translator.simulator.orders import sample_orders

RULES = Rules(start=NOW - timedelta(days=30), lag=timedelta(0))


@pytest.fixture
def orders(server, clock):
    return Orders(account(server.url, clock), Rules(start=NOW + timedelta(days=7, hours=-1), lag=timedelta(0)))


def queries(server):
    return [dict(parse_qsl(urlsplit(asked.target).query)) for asked in server.of(ORDERS)]


def collected(endpoint, bookmark=""):
    """Collect until there is nothing more; gives the bookmark and the numbers of each page kept."""
    pages = []
    for _ in range(100):
        listing = endpoint.list(bookmark)
        bookmark = listing.bookmark
        pages += [[order["purchaseOrderNumber"] for order in _orders(seen.data)] for seen in listing.complete]
        if not listing.more:
            return bookmark, pages
    raise AssertionError("it does not come to an end")


def _orders(data):
    body = json.loads(data)
    return body.get("payload", body)["orders"]


@pytest.fixture
def open_amazon(clock):
    opened = []

    def opening(count=13, version="2021-12-28", **settings):
        amazon = Amazon(AmazonSettings(vendor="ACMEG", **settings), sample_orders("ACMEG", ["EWR1"], count, NOW), clock)
        amazon.start()
        given = amazon.settings
        ours = account(
            amazon.url,
            clock,
            version=version,
            client_id=given.client_id,
            client_secret=lambda: Private(given.client_secret),
            refresh_token=lambda: Private(given.refresh_token),
        )
        opened.append((amazon, ours))
        return amazon, Orders(ours, RULES)

    yield opening
    for amazon, ours in opened:
        ours.close()
        amazon.stop()
        assert amazon.state()["crashes"] == []


@pytest.mark.parametrize("version", ["2021-12-28", "v1"])
@pytest.mark.parametrize("size", [1, 5, 100])
def test_every_order_of_amazon_is_collected_page_by_page(open_amazon, clock, version, size):
    _, endpoint = open_amazon(page_size=size, version=version)
    _, pages = collected(endpoint)
    wanted = {order["purchaseOrderNumber"] for order in sample_orders("ACMEG", ["EWR1"], 13, NOW)}
    assert {number for numbers in pages for number in numbers} == wanted
    assert max(map(len, pages)) <= size


def newcomer(amazon, created):
    known = amazon.market.account.orders
    order = next(o for o in sample_orders("ACMEG", ["EWR1"], 20, created) if o["purchaseOrderNumber"] not in known)
    order["orderDetails"]["orderDate"] = created.strftime("%Y-%m-%dT%H:%M:%SZ")
    amazon.add_orders([order])
    return order["purchaseOrderNumber"]


def test_a_new_order_is_collected_at_the_next_turn(open_amazon, clock):
    amazon, endpoint = open_amazon(count=3)
    bookmark, _ = collected(endpoint)
    clock.step(600)
    number = newcomer(amazon, clock.now() - timedelta(minutes=5))
    _, pages = collected(endpoint, bookmark)
    assert number in pages[-1]


def test_an_order_that_appears_under_an_old_date_is_collected_by_the_next_sweep(open_amazon, clock):
    amazon, endpoint = open_amazon(count=3)
    bookmark, _ = collected(endpoint)
    number = newcomer(amazon, clock.now() - timedelta(days=6))
    clock.step(3600)
    bookmark, pages = collected(endpoint, bookmark)
    assert number not in [number for numbers in pages for number in numbers]
    clock.step(6 * 3600)
    _, pages = collected(endpoint, bookmark)
    assert number in [number for numbers in pages for number in numbers]


def test_an_outage_of_amazon_is_unavailable_and_the_same_bookmark_goes_on(open_amazon, clock):
    amazon, endpoint = open_amazon(page_size=2)
    listing = endpoint.list("")
    amazon.stop()
    with pytest.raises(Unavailable, match="cannot connect"):
        endpoint.list(listing.bookmark)
    amazon.start()
    assert endpoint.list(listing.bookmark).bookmark != listing.bookmark


@pytest.mark.parametrize("kind", ["throttled", "broken", "denied", "closed"])
def test_a_fault_of_amazon_loses_no_order(open_amazon, clock, kind):
    amazon, endpoint = open_amazon(page_size=2)
    bookmark, pages, faults = "", [], 0
    for turn in range(100):
        if turn % 2:
            amazon.fail(kind, "getOrders")
        try:
            listing = endpoint.list(bookmark)
        except Unavailable:
            faults += 1
            continue
        bookmark = listing.bookmark
        pages += [order["purchaseOrderNumber"] for seen in listing.complete for order in _orders(seen.data)]
        if not listing.more:
            break
    assert set(pages) == {order["purchaseOrderNumber"] for order in sample_orders("ACMEG", ["EWR1"], 13, NOW)}
    assert faults > 0 or kind == "denied"  # a denial is mended within the call


def test_a_page_is_kept_as_it_came(server, orders):
    data = b'{ "orders" : [{"purchaseOrderNumber":"A1","x":1.10}],\n "unknown": "\xc3\xbc" }'
    server.steps = [reply(200, data)]
    (seen,) = orders.list("").complete
    assert (seen.data, seen.size) == (data, len(data))
    assert list(orders.fetch(seen)) == [data]
    assert seen.name == "orders_20261201T110000Z_20261201T120000Z"


def test_pages_are_asked_with_the_same_parameters_and_a_coded_token(server, orders):
    token = "++/=&?# %2B ü=="
    server.steps = [page("A1", token=token), page("A2", token="t2"), page("A3")]
    first = orders.list("")
    second = orders.list(first.bookmark)
    third = orders.list(second.bookmark)
    assert [listing.more for listing in (first, second, third)] == [True, True, False]
    asked = queries(server)
    assert [query.pop("nextToken", None) for query in asked] == [None, token, "t2"]
    assert asked[0] == asked[1] == asked[2]
    assert (asked[0]["createdAfter"], asked[0]["createdBefore"]) == ("2026-12-01T11:00:00Z", "2026-12-01T12:00:00Z")
    assert "+" not in urlsplit(server.of(ORDERS)[1].target).query.replace("%2B", "")


def test_each_page_has_a_mark_of_its_own(server, orders):
    server.steps = [page("A1", token="t1"), page("A2")]
    first = orders.list("")
    second = orders.list(first.bookmark)
    assert [listing.complete[0].mark for listing in (first, second)] == ["page 1", "page 2"]


@pytest.mark.parametrize("body", [{"orders": []}, {}, {"payload": {}}, {"payload": {"orders": []}}, {"pagination": {}}])
def test_an_empty_page_is_not_kept_but_the_bookmark_moves(server, orders, body):
    server.steps = [reply(200, body)]
    listing = orders.list("")
    assert listing.complete == ()
    assert json.loads(listing.bookmark)["through"] == "2026-12-01T12:00:00Z"


def test_an_empty_page_may_have_a_next(server, orders):
    server.steps = [reply(200, {"orders": [], "pagination": {"nextToken": "t"}}), page("A1")]
    first = orders.list("")
    assert (first.complete, first.more) == ((), True)
    assert len(orders.list(first.bookmark).complete) == 1


@pytest.mark.parametrize("token", ["", None])
def test_an_empty_token_is_the_last_page(server, orders, token):
    server.steps = [reply(200, {"orders": [], "pagination": {"nextToken": token}})]
    assert not orders.list("").more


@pytest.mark.parametrize(
    "body",
    [
        {"orders": None},
        {"orders": {"purchaseOrderNumber": "A1"}},
        {"purchaseOrders": []},
        {"payload": [1]},
        {"orders": [], "errors": [{"code": "InternalFailure", "message": "x"}]},
        {"payload": None, "errors": [{"code": "InternalFailure", "message": "x"}]},
        {"orders": [], "pagination": {"nextToken": 17}},
        b"<html>",
        b'{"orders": [], "orders": []}',
        b'{"orders": [{"x": NaN}]}',
    ],
)
def test_what_is_no_page_moves_no_bookmark(server, orders, body):
    server.steps = [reply(200, body)]
    with pytest.raises(Unavailable):
        orders.list("")


def test_a_page_that_repeats_its_token_is_no_progress(server, orders):
    server.steps = [page("A1", token="t"), page("A2", token="t")]
    first = orders.list("")
    with pytest.raises(Unavailable, match="amazon-page-loop"):
        orders.list(first.bookmark)


def test_a_page_that_comes_again_is_no_progress(server, orders):
    server.steps = [page("A1", "A2", token="t1"), page("A1", "A2", token="t2")]
    first = orders.list("")
    with pytest.raises(Unavailable, match="amazon-page-loop"):
        orders.list(first.bookmark)


def test_a_loop_of_three_pages_is_found(server, orders):
    server.steps = [page(f"A{n}", token=f"t{n % 3}") for n in range(30)]
    with pytest.raises(Unavailable, match="amazon-page-loop"):
        collected(orders)


def test_a_token_grown_old_begins_its_window_again_once(server, orders):
    server.steps = [page("A1", token="old"), reply(400, errors("InvalidInput")), page("A1", token="new"), page("A2")]
    _, pages = collected(orders)
    assert pages == [["A1"], ["A1"], ["A2"]]
    assert [query.get("nextToken") for query in queries(server)] == [None, "old", None, "new"]


def test_a_window_refused_again_and_again_is_for_a_person(server, orders):
    refused = reply(400, errors("InvalidInput"))
    server.steps = [page("A1", token="old"), refused, page("A1", token="new"), refused]
    with pytest.raises(Unavailable, match="amazon-InvalidInput") as trouble:
        collected(orders)
    assert trouble.value.wait >= 600
    assert leaked(told(trouble.value)) == []


def test_a_window_whose_token_grew_old_twice_is_read_to_its_end_all_the_same(server, orders, clock):
    refused = reply(400, errors("InvalidInput"))
    server.steps = [page("A1", token="old"), refused, page("A1", token="old too")]
    bookmark = orders.list("").bookmark
    bookmark = orders.list(bookmark).bookmark
    bookmark = orders.list(bookmark).bookmark
    clock.step(1800)  # Amazon was away, longer than this token lives
    server.steps = [refused, page("A1", token="new"), page("A2"), page()]
    _, pages = collected(orders, bookmark)
    assert pages == [["A1"], ["A2"]]


def test_a_token_grown_old_that_amazon_answers_with_a_fault_of_its_own_keeps_no_orders_away(server, orders, clock):
    server.steps = [page("A1", token="old"), reply(500, errors("InternalFailure"))]
    bookmark = orders.list("").bookmark
    with pytest.raises(Unavailable):
        orders.list(bookmark)
    clock.step(3600)
    server.steps = [page("A1", token="new"), page("A2"), page()]
    _, pages = collected(orders, bookmark)
    assert pages == [["A1"], ["A2"]]
    assert [query.get("nextToken") for query in queries(server)][:4] == [None, "old", None, "new"]


def test_a_cursor_never_passes_a_page_that_was_not_committed(server, orders):
    server.steps = [page("A1", token="t1"), page("A2"), page("A2"), page("A2")]
    first = orders.list("")
    assert orders.list(first.bookmark) == orders.list(first.bookmark)  # a crash between: the same page again
    assert queries(server)[1] == queries(server)[2]


def test_nothing_is_asked_more_than_a_week_before_the_start(server, clock):
    endpoint = Orders(account(server.url, clock), Rules(start=NOW + timedelta(days=8)))
    listing = endpoint.list("")
    assert (listing.complete, listing.more, server.asked) == ((), False, [])


def test_orders_are_not_put(orders):
    with pytest.raises(Rejected):
        orders.put(Outgoing("x", b"", 1, "token"), lambda _: None)
    assert list(orders.look([])) == []
    orders.close()
