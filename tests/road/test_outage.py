"""An outage leaves no hole, however long: Amazon's, our own, or both. What Amazon shows late, under an old date, is found."""

import random
from datetime import timedelta

import pytest

from tests.road.conftest import LOCAL
from tests.world import orders_of

DAY = 86_400.0
DICE = random.Random("outage")
LENGTHS = (
    0.0,
    1.0,
    3_600.0,
    7 * DAY - 1,
    7 * DAY + 1,
    179 * DAY,
    *(round(DICE.uniform(0, 179 * DAY)) for _ in range(4)),
)
OUTAGES = [*(("ours", length) for length in LENGTHS), *(("Amazon's", length) for length in LENGTHS[2::3])]
ORDERS = 8  # placed while nobody could ask


def placed(numbers, begun, length):
    """Give orders placed at moments drawn from an outage, its first and last moment among them."""
    dice = random.Random(length)  # its own, so that no test depends on those that ran before
    moments = [0.0, length, *(dice.uniform(0, length) for _ in range(len(numbers) - 2))]
    return [_at(begun + timedelta(seconds=moment), number) for moment, number in zip(moments, numbers, strict=True)]


def _at(moment, number):
    (order,) = orders_of((LOCAL,), 1, moment)
    order["orderDetails"]["orderDate"] = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    return order | {"purchaseOrderNumber": number}


def known(road, numbers):
    with road.look() as book:
        return {number for number in numbers if book.documents.newest("order", "us", number)}


@pytest.mark.parametrize(
    "whose, length", OUTAGES, ids=lambda one: one if isinstance(one, str) else f"{one / DAY:.5g} days"
)
def test_every_order_of_an_outage_is_known_after_it(opened, whose, length):
    world, road = opened(orders=1)
    road.go(3)
    begun = world.clock.now()
    if whose == "ours":
        road.close()
    world.amazon.stop()
    world.clock.skip(length)
    numbers = [f"OUT{n:03}" for n in range(ORDERS)]
    world.amazon.add_orders(placed(numbers, begun, length))
    if whose == "ours":
        road._open()
    else:
        road.go(5)  # it asks in vain
    world.amazon.start()
    road.until(lambda: known(road, numbers) == set(numbers), within=2_000)
    assert _served(world) >= set(numbers)


@pytest.mark.parametrize("days", [0.01, 1, 6.9])
def test_an_order_that_amazon_shows_late_is_found_under_its_old_date(opened, days):
    world, road = opened(orders=1)
    road.go(10)
    late = [_at(world.clock.now() - timedelta(days=days), "LATE1")]
    world.amazon.add_orders(late)
    road.until(lambda: known(road, ["LATE1"]), within=30)  # at the next sweep


def test_what_was_served_is_kept_though_the_outage_comes_in_the_middle_of_its_pages(opened):
    """The bookmark passes a window only when its last page has come."""
    world, road = opened(orders=0, page_size=3)
    road.go(3)
    begun = world.clock.now()
    world.clock.skip(20 * DAY)
    numbers = [f"OUT{n:03}" for n in range(ORDERS)]
    moments = [begun + timedelta(days=20 * n / ORDERS) for n in range(ORDERS)]
    world.amazon.add_orders([_at(*one) for one in zip(moments, numbers, strict=True)])
    world.amazon.fail("closed", "getOrders", times=4, after=2)
    road.until(lambda: len(known(road, numbers)) >= 3)
    road.go(5)
    assert set(numbers) > known(road, numbers) >= _served(world)
    road.restart()
    road.until(lambda: known(road, numbers) == set(numbers), within=2_000)


def _served(world):
    return set(world.amazon.state()["served"])
