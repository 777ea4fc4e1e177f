"""An order that is cancelled while its papers are on their way: they reach nobody, and the warehouse hears of it once."""

import pytest

from tests.road.conftest import LOCAL
from tests.road.road import ship_csv, shipment
from tests.road.test_decisions import ask
from tests.road.test_labels import labelled, labels_made, printed

assert labelled  # a fixture


def away(world):
    """Take the folder for print files away, as a share that is not mounted."""
    there = world.folder(LOCAL, "in/print")
    aside = there.with_name("aside")
    there.rename(aside)
    return lambda: aside.rename(there)


def test_a_label_that_has_not_left_is_not_printed(labelled):
    world, road, number = labelled()
    back = away(world)
    road.until(lambda: "shipping_label written" in road.events(number))
    road.go(5)
    world.amazon.cancel(number)
    road.until(lambda: "cancellation sent" in road.events(number))
    back()
    road.go(120)
    assert printed(world) == {}
    assert road.ends("shipping_label", number) == ["superseded"]


def test_a_label_that_is_fetched_after_the_cancellation_is_not_printed(labelled):
    world, road, number = labelled()
    world.amazon.fail("denied", "createShippingLabels", times=2)
    world.amazon.fail("throttled", "getShippingLabel", times=2)
    road.until(lambda: "label_request accepted" in road.events(number) or "label_request sent" in road.events(number))
    world.amazon.cancel(number)
    road.until(lambda: "cancellation sent" in road.events(number))
    road.go(120)
    assert printed(world) == {}


@pytest.mark.parametrize("first", ["label", "confirmation"])
def test_a_ship_file_of_a_cancelled_order_is_held_and_flagged(labelled, first):
    world, road, number = labelled()
    road.until(lambda: printed(world))
    order = world.amazon.state()["orders"][number]["body"]
    if first == "confirmation":
        world.amazon.fail("throttled", "submitShipmentConfirmations", times=1)
        world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(order)))
        road.until(lambda: "unavailable" in road.attempts("shipment_confirmation"))
    world.amazon.cancel(number)
    road.until(lambda: "cancellation sent" in road.events(number))
    if first == "label":
        world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(order)))
    road.until(lambda: road.held("the order was cancelled at Amazon"), within=300)
    assert "shipment_confirmation held" in road.events(number)
    assert "submitShipmentConfirmations" not in world.amazon.state()["effects"]


def test_a_label_asked_for_again_for_an_order_that_is_cancelled_meanwhile_reaches_nobody(labelled):
    world, road, number = labelled()
    road.until(lambda: printed(world))
    world.amazon.fail("throttled", "createShippingLabels", times=1)
    assert ask(road, "relabel", number)[0]
    road.until(lambda: "unavailable" in road.attempts("label_request"))
    world.amazon.cancel(number)
    road.until(lambda: "cancellation sent" in road.events(number))
    road.go(120)
    assert labels_made(world, number) == 1
    assert len(printed(world)) == 1
    assert [row for row in road.rows() if row[3] == "held"] == []


def test_a_label_that_is_replaced_before_it_has_left_is_not_printed_beside_the_new_one(labelled):
    world, road, number = labelled()
    back = away(world)
    road.until(lambda: "shipping_label written" in road.events(number))
    road.go(5)
    assert ask(road, "relabel", number)[0]
    road.until(lambda: len(road.ends("shipping_label", number)) == 2)
    back()
    road.until(lambda: printed(world), within=300)
    road.go(120)
    (name,) = printed(world)
    assert world.amazon.state()["orders"][number]["labels"][-1]["tracking"][0] in name


def test_a_label_that_no_mapping_writes_any_more_waits_for_one_until_its_order_is_cancelled(labelled):
    world, road, number = labelled()
    world.amazon.fail("applied_then_closed", "createShippingLabels")
    road.until(lambda: "label_request unknown" in road.events(number))
    for was, now in (("[labels.yaml, slips.yaml]", "slips.yaml"), ("    label: {day: accepted}\n", "")):
        world.edit("translator.yaml", lambda text, was=was, now=now: text.replace(was, now))
    road.reload()
    road.until(lambda: road.held("no mapping of any WMS writes shipping_labels"), within=900)
    world.amazon.cancel(number)
    road.until(lambda: road.ends("shipping_label", number) == ["superseded"])
    assert not road.held("no mapping of any WMS")
