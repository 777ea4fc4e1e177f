"""Going live beside orders that are not ours: older than the start, accepted elsewhere; and orders that stay open long."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.road.conftest import LOCAL
from tests.road.test_decisions import ask
from tests.world import orders_of


def order(status="NEW", days=0.0):
    (one,) = made = orders_of((LOCAL,), 1)
    placed = datetime.now(UTC) - timedelta(days=days)
    one["orderDetails"]["orderDate"] = placed.strftime("%Y-%m-%dT%H:%M:%SZ")
    one["orderDetails"]["orderStatus"] = status
    return one["purchaseOrderNumber"], made


def begins(world, days):
    """Say in the site that older orders are not ours."""
    start = datetime.now(UTC) - timedelta(days=days)
    world.edit(
        "translator.yaml", lambda text: text.replace("    every: ", f"    start: {start:%Y-%m-%d}\n    every: ", 1)
    )


@pytest.fixture
def live(opened):
    def open_(status, age, start):
        number, orders = order(status, age)
        world, road = opened(orders=orders, change=lambda world: begins(world, start))
        road.until(lambda: road.events(number))
        road.go(5)
        return world, road, number

    return open_


@pytest.mark.parametrize("status, age, words", [("NEW", 4, "before the start"), ("ACCEPTED", 0, "ACCEPTED at Amazon")])
def test_an_order_that_may_not_be_ours_is_stored_and_waits_for_a_person(live, status, age, words):
    world, road, number = live(status, age, 2)
    assert road.held(words)
    assert world.visible(LOCAL) == []
    assert world.amazon.state()["effects"] == {}
    assert "order known" in road.events(number)


def test_an_order_placed_after_the_start_goes_on_by_itself(live):
    _, road, number = live("NEW", 0, 2)
    road.until(lambda: "order sent" in road.events(number))


def test_a_person_lets_an_older_order_go_on_and_it_is_acknowledged_once(live):
    world, road, number = live("NEW", 4, 2)
    assert road.ask("release", number)[0]
    road.until(lambda: road.ends("acknowledgement", number) == ["accepted"])
    road.until(lambda: world.visible(LOCAL) or world.taken(LOCAL))
    assert world.amazon.state()["effects"]["submitAcknowledgement"] == {number: 1}


def test_an_order_accepted_elsewhere_is_written_when_a_person_says_so_and_never_acknowledged_again(live):
    world, road, number = live("ACCEPTED", 0, 2)
    assert road.ask("release", number)[0]
    road.until(lambda: "order sent" in road.events(number))
    road.go(30)
    assert "acknowledgement accepted" in road.events(number)
    assert world.amazon.state()["effects"] == {}


def test_a_person_gives_up_an_order_that_is_not_ours(live):
    world, road, number = live("NEW", 4, 2)
    assert road.ask("reject", number)[0]
    assert road.ends("order", number) == ["closed"]
    road.go(30)
    assert world.visible(LOCAL) == []
    assert world.amazon.state()["effects"] == {}


def test_an_order_that_is_shipped_when_it_is_first_seen_is_stored_and_closed(live):
    _, road, number = live("SHIPPED", 0, 2)
    assert road.ends("order", number) == ["closed"]


def test_an_open_order_too_old_for_the_sweep_is_read_again_until_it_is_over(opened):
    quiet = replace(LOCAL, ways=None)
    number, orders = order()
    world, road = opened((quiet,), orders=orders)
    road.until(lambda: "order sent" in road.events(number))
    road.clock.skip(8 * 86400)
    world.amazon.cancel(number)
    road.until(lambda: "order cancelled" in road.events(number), within=7200)


def test_an_old_order_that_was_refused_is_read_again_until_amazon_says_that_it_is_cancelled(opened):
    quiet = replace(LOCAL, when="taken", ways=None)
    number, orders = order(days=6.9)
    _world, road = opened((quiet,), orders=orders, visibility_seconds=60)
    road.clock.skip(60)
    road.until(lambda: "order sent" in road.events(number))
    road.clock.skip(2 * 86400)
    assert ask(road, "refuse", number, code="03")[0]
    road.until(lambda: road.ends("acknowledgement", number)[-1] == "accepted")
    road.until(lambda: "cancellation known" in road.events(number), within=300)


def test_a_wms_that_is_silent_too_long_refuses_by_policy(opened):
    silent = replace(LOCAL, when="taken", ways=None)
    number, orders = order()
    world, road = opened((silent,), orders=orders)
    policy = "acknowledge: {when: taken, silent: 1h, then: refuse, code: '03'}"
    world.edit("translator.yaml", lambda text: text.replace("acknowledge: {when: taken}", policy))
    road.reload()
    road.until(lambda: "order sent" in road.events(number))
    road.clock.skip(3700)
    road.until(lambda: road.ends("acknowledgement", number) == ["accepted"], within=600)
    assert world.amazon.state()["orders"][number]["code"] == "03"
    road.until(lambda: "cancellation known" in road.events(number), within=7200)


def test_the_clock_of_an_order_runs_to_the_last_parcel_of_the_last_working_day(opened):
    from translator.core.timeline import fold

    number, orders = order()
    orders[0]["orderDetails"]["shipmentDetails"]["shipmentDates"]["requiredShipDate"] = (
        "2026-12-06T20:00:00Z"  # a Sunday
    )
    calendar = "{EWR1: {zone: America/New_York, days: mon-fri, cut_off: '16:00'}}"

    def change(world):
        world.edit("translator.yaml", lambda text: text.replace("{EWR1: America/New_York}", calendar))

    _, road = opened(orders=orders, change=change)
    road.until(lambda: road.events(number))
    with road.look() as book:
        line = fold(book.events.of(f"us {number}"))
    assert line.ship_by.isoformat() == "2026-12-04T21:00:00+00:00"
