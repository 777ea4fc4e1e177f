"""Our clock and Amazon's, by the Date of its answers."""

import json
from datetime import timedelta

import pytest

from tests.endpoints.spapi_clock import NOW, Clock
from tests.endpoints.spapi_scripted import ORDERS, account, reply
from translator.endpoints.spapi import Orders, Rules

DAY = timedelta(days=1)


def dated(moment, body):
    return reply(200, body, Date=f"{moment:%a, %d %b %Y %H:%M:%S} GMT")


@pytest.mark.parametrize("ahead", [-86_400, -61, 0, 30, 61, 86_400, 5 * 365 * 86_400])
def test_the_date_of_an_answer_tells_how_wrong_our_clock_is(server, ahead):
    clock = Clock()
    amazon = account(server.url, clock)
    assert (amazon.skew(), amazon.now()) == (None, NOW)
    server.steps = [dated(NOW - timedelta(seconds=ahead), {})]
    amazon.ask(ORDERS)
    assert amazon.skew() == ahead
    assert amazon.now() == (NOW if abs(ahead) <= 60 else NOW - timedelta(seconds=ahead))


@pytest.mark.parametrize(
    "date",
    ["", "soon", "Tue, 32 Dec 2026 12:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"],
)
def test_a_date_that_no_clock_of_our_time_shows_is_not_believed(server, date):
    amazon = account(server.url, Clock())
    server.steps = [reply(200, {}, Date=date)]
    amazon.ask(ORDERS)
    assert amazon.skew() is None


@pytest.mark.parametrize("date", ["12:00:00 -0000", "12:00:00 GMT", "13:00:00 +0100"])
def test_a_date_is_taken_with_its_zone(server, date):
    amazon = account(server.url, Clock())
    server.steps = [reply(200, {}, Date=f"Tue, 01 Dec 2026 {date}")]
    amazon.ask(ORDERS)
    assert amazon.skew() == 0


def test_a_slow_answer_tells_nothing(server):
    clock = Clock()
    amazon = account(server.url, clock)

    def slow(connection):
        clock.step(40)
        connection.sendall(dated(NOW, {}))
        return True

    server.steps = [slow]
    amazon.ask(ORDERS)
    assert amazon.skew() is None


@pytest.mark.parametrize("ahead", [-3650, -1, 1, 3650])
def test_windows_go_by_amazons_date_where_our_clock_is_wrong(server, ahead):
    """The first answer tells; a window that ended in the future is followed by seven days again."""
    clock = Clock(NOW + ahead * DAY)
    orders = Orders(account(server.url, clock), Rules(lag=timedelta(0)))
    bookmark = ""
    for _ in range(3 if ahead > 0 else 600):
        server.steps = [dated(clock.now() - ahead * DAY, {"orders": []})]
        listing = orders.list(bookmark)
        bookmark = listing.bookmark
        if not listing.more:
            break
        clock.step(1)
    clock.step(600)
    server.steps = [dated(clock.now() - ahead * DAY, {"orders": []})] * 9
    assert orders.skew() == ahead * 86_400
    through = json.loads(orders.list(bookmark).bookmark)["through"]
    assert through[:10] == "2026-12-01"
