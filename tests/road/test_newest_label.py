"""A confirmation carries the newest label's tracking number, however the two cross; a label that is no use asks for another."""

import base64
import json

import pytest

from tests.road import elsewhere
from tests.road.conftest import LOCAL
from tests.road.road import ship_csv, shipment
from tests.road.test_decisions import ask
from tests.road.test_labels import labelled, labels_made, printed
from translator.cli.behind.order import life_of

assert labelled  # a fixture


def confirmed(world):
    """Give the tracking numbers of each confirmation that Amazon got."""
    bodies = [
        one["body"] for one in world.amazon.state()["submissions"] if one["operation"] == "submitShipmentConfirmations"
    ]
    return [[box["trackingNumber"] for box in body["shipmentConfirmations"][0]["containers"]] for body in bodies]


def newest(world, number):
    return [world.amazon.state()["orders"][number]["labels"][-1]["tracking"]][0]


def ship(world, road, number):
    order = world.amazon.state()["orders"][number]["body"]
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(order)))


def test_a_confirmation_that_has_not_left_is_written_anew_with_the_label_that_came_meanwhile(labelled):
    world, road, number = labelled()
    road.until(lambda: printed(world))
    world.amazon.fail("throttled", "submitShipmentConfirmations", times=1)
    ship(world, road, number)
    road.until(lambda: "unavailable" in road.attempts("shipment_confirmation"))
    ok, said = ask(road, "relabel", number)
    assert ok, said
    road.until(lambda: road.stage(number) == "confirmed", within=900)
    assert labels_made(world, number) == 2
    assert confirmed(world) == [newest(world, number)]


def test_a_ship_file_waits_for_the_label_that_is_asked_for_again(labelled):
    world, road, number = labelled()
    road.until(lambda: printed(world))
    world.amazon.fail("throttled", "createShippingLabels", times=2)
    assert ask(road, "relabel", number)[0]
    road.until(lambda: "unavailable" in road.attempts("label_request"))
    ship(world, road, number)
    road.until(lambda: road.held("label is asked for again"))
    road.until(lambda: road.stage(number) == "confirmed", within=900)
    assert confirmed(world) == [newest(world, number)]


def test_a_label_that_is_the_same_again_holds_nothing_up(labelled):
    world, road, number = labelled()
    first = []
    world.amazon.spoilt.append(("shippingLabels/", lambda content: first.append(content) or content))
    road.until(lambda: printed(world))
    world.amazon.spoilt.append(("shippingLabels/", lambda content: first[0]))
    assert ask(road, "relabel", number)[0]
    road.until(lambda: "shipping_label duplicate" in road.events(number))
    ship(world, road, number)
    road.until(lambda: "shipment_confirmation sent" in road.events(number), within=300)
    assert len(printed(world)) == 1


def test_no_label_is_asked_for_while_a_confirmation_is_on_its_way(labelled):
    world, road, number = labelled(transaction_seconds=60)
    road.until(lambda: printed(world), within=300)
    ship(world, road, number)
    road.until(lambda: "shipment_confirmation sent" in road.events(number), within=300)
    ok, said = ask(road, "relabel", number)
    assert not ok
    assert "confirmation is on its way" in said


def spoil(content):
    """Make the picture of a label something that no printer knows."""
    tree = json.loads(content)
    for package in tree["labelData"]:
        package["content"] = base64.b64encode(b"no label at all").decode()
    return json.dumps(tree).encode()


def test_a_label_that_is_of_no_use_is_forgotten_when_a_good_one_comes(labelled):
    world, road, number = labelled()
    world.amazon.spoilt.append(("shippingLabels/", spoil))
    road.until(lambda: "shipping_label rejected" in road.events(number))
    assert road.stage(number) == "rejected"
    assert ask(road, "relabel", number)[0]
    road.until(lambda: printed(world))
    assert road.stage(number) == "labelled"
    road.go(5)
    assert [row for row in road.rows() if row[3] == "held"] == []


def test_a_new_label_that_is_of_no_use_holds_the_confirmation(labelled):
    world, road, number = labelled()
    road.until(lambda: printed(world))
    world.amazon.spoilt.append(("shippingLabels/", spoil))
    assert ask(road, "relabel", number)[0]
    road.until(lambda: "shipping_label rejected" in road.events(number))
    ship(world, road, number)
    road.until(lambda: "shipment_confirmation known" in road.events(number))
    road.go(90)
    assert confirmed(world) == []
    assert ask(road, "relabel", number)[0]
    road.until(lambda: road.stage(number) == "confirmed", within=900)
    assert confirmed(world) == [newest(world, number)]


def take_no_labels(world):
    """Take labels, and when they are asked for, out of the site."""
    world.edit(
        "translator.yaml", lambda text: text.replace("    label: {day: ship}\n", "").replace("[labels.yaml, ", "[")
    )


def test_a_confirmation_waits_for_no_label_once_its_warehouse_takes_none(labelled):
    world, road, number = labelled("{day: ship}")
    road.until(lambda: "acknowledgement accepted" in road.events(number))
    world.amazon.fail("throttled", "createShippingLabels", times=99)
    ship(world, road, number)
    road.until(lambda: road.held("needs shipping_label known"))
    road.restart()
    road.reload()
    road.go(90)
    assert road.held("needs shipping_label known")
    assert confirmed(world) == []
    take_no_labels(world)
    road.reload()
    road.until(lambda: confirmed(world), within=300)
    assert not road.held("needs shipping_label known")
    assert labels_made(world, number) == 0


@pytest.mark.parametrize("gone", ["mapping", "method"])
def test_a_request_that_waits_for_its_day_goes_no_more_once_its_warehouse_takes_no_label(labelled, gone):
    world, road, number = labelled("{day: ship}")
    road.until(lambda: "acknowledgement accepted" in road.events(number))
    if gone == "mapping":
        take_no_labels(world)
    else:  # the warehouse takes labels still, but not of such orders
        world.edit("translator.yaml", lambda text: text.replace("{day: ship}", "{day: ship, methods: [NONE]}"))
    with road.look() as book:
        (row,) = [work for work in book.work.find(station="write") if work.route.endswith("label_request")]
    road.reload()
    road.clock.skip(row.due - road.clock.now().timestamp())
    road.until(lambda: road.ends("label_request", number) != ["None"])
    road.go(60)
    assert road.ends("label_request", number) == ["superseded"]
    assert labels_made(world, number) == 0


def test_a_label_that_is_looked_for_on_its_day_is_shown_with_its_order(labelled):
    world, road, number = labelled("{day: ship}")
    world.amazon.fail("throttled", "submitAcknowledgement", times=99)
    road.until(lambda: "order sent" in road.events(number))
    elsewhere.turn(world, number, "ACCEPTED")
    road.until(lambda: road.ends("acknowledgement", number) == ["accepted"])
    (life,) = life_of(world.site, number)
    waits = {row["route"]: row["reason"] for row in life["waiting"]}
    assert waits["us/shipping_label"] == "asked for on the day it ships (`label` in translator.yaml)"
    assert "us/order" not in waits


@pytest.mark.parametrize("status", ["SHIPPED", "CANCELLED"])
def test_a_request_that_waits_for_its_day_is_of_no_use_when_the_order_ends(labelled, status):
    world, road, number = labelled("{day: ship}")
    road.until(lambda: "acknowledgement accepted" in road.events(number))
    elsewhere.turn(world, number, status)
    road.until(lambda: road.ends("label_request", number) == ["superseded"])
    assert labels_made(world, number) == 0


def test_a_request_of_unknown_end_is_not_repeated_for_a_cancelled_order(labelled):
    world, road, number = labelled()
    world.amazon.fail("closed", "createShippingLabels")
    road.until(lambda: "unknown" in road.attempts("label_request"))
    world.amazon.cancel(number)
    road.until(lambda: road.ends("label_request", number) == ["superseded"], within=300)
    road.go(60)
    assert road.attempts("label_request") == ["unknown"]


def test_a_label_that_amazon_makes_in_its_own_time_is_waited_for_though_the_old_one_still_shows(labelled):
    world, road, number = labelled()
    seen = []
    world.amazon.fail("denied", "createShippingLabels", times=2)
    world.amazon.spoilt += [("shippingLabels/", lambda content: seen.append(content) or content)] * 8
    road.until(lambda: printed(world), within=600)
    world.amazon.spoilt.clear()
    old = next(content for content in seen if b"labelData" in content)
    world.amazon.spoilt += [("shippingLabels/", lambda content: old)] * 3
    assert ask(road, "relabel", number)[0]
    ship(world, road, number)
    road.until(lambda: len(printed(world)) == 2, within=900)
    road.until(lambda: road.stage(number) == "confirmed", within=900)
    assert confirmed(world) == [newest(world, number)]
