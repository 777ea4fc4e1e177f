"""Orders that a person has not decided upon: nothing is done about them, whatever happens meanwhile; then it is, once."""

import pytest

from tests.road import elsewhere
from tests.road.conftest import LOCAL
from tests.road.road import ship_csv, shipment
from tests.road.test_decisions import ask
from tests.road.test_going_live import begins, order
from tests.road.test_labels import furnish, labels_made, printed

OLD = ("NEW", 4)
THERE = ("ACCEPTED", 0)


@pytest.fixture
def undecided(opened):
    """Open a world whose one order waits for a person; its warehouse takes labels."""

    def open_(status, age, change=lambda world: None):
        number, orders = order(status, age)

        def furnished(world):
            begins(world, 2)
            furnish(world)
            change(world)

        world, road = opened(orders=orders, change=furnished)
        road.until(lambda: road.events(number))
        road.go(5)
        return world, road, number

    return open_


def body(world, number):
    return world.amazon.state()["orders"][number]["body"]


@pytest.mark.parametrize("how", [OLD, THERE])
def test_a_mapping_that_comes_later_does_not_decide_for_the_person(undecided, how):
    def unlisted(world):
        world.edit("translator.yaml", lambda text: text.replace("[orders.yaml, cancels.yaml]", "cancels.yaml"))

    world, road, number = undecided(*how, unlisted)
    assert road.held("no mapping of any WMS writes orders")
    world.edit("translator.yaml", lambda text: text.replace("cancels.yaml", "[orders.yaml, cancels.yaml]"))
    road.reload()
    road.go(30)
    assert "order written" not in road.events(number)
    assert road.held("release it to the WMS, or reject it here")
    assert ask(road, "release", number)[0]
    road.until(lambda: printed(world), within=600)
    assert "order sent" in road.events(number)


@pytest.mark.parametrize("how", [OLD, THERE])
def test_a_restart_does_not_decide_for_the_person(undecided, how):
    world, road, _number = undecided(*how)
    road.restart()
    road.go(90)
    assert world.visible(LOCAL) == []
    assert world.amazon.state()["effects"] == {}


@pytest.mark.parametrize("verb", ["release", "retry"])
def test_each_way_to_let_it_go_on_brings_all_that_follows_once(undecided, verb):
    world, road, number = undecided(*OLD)
    assert ask(road, verb, number)[0]
    ask(road, verb, number)
    road.until(lambda: printed(world), within=600)
    road.go(30)
    effects = world.amazon.state()["effects"]
    assert effects["submitAcknowledgement"] == {number: 1}
    assert labels_made(world, number) == 1


def test_an_order_accepted_elsewhere_while_it_waits_is_labelled_once_it_is_let_go_on(undecided):
    world, road, number = undecided(*OLD)
    elsewhere.turn(world, number, "ACCEPTED")
    road.until(lambda: "order accepted" in road.events(number))
    road.go(10)
    assert world.amazon.state()["effects"] == {}
    assert ask(road, "release", number)[0]
    road.until(lambda: printed(world), within=600)
    assert list(world.amazon.state()["effects"]) == ["createShippingLabels"]


@pytest.mark.parametrize("status, end", [("SHIPPED", "closed"), ("CANCELLED", "superseded")])
def test_an_order_that_ends_elsewhere_while_it_waits_needs_no_decision_any_more(undecided, status, end):
    world, road, number = undecided(*OLD)
    elsewhere.turn(world, number, status)
    road.until(lambda: road.ends("order", number) == [end])
    road.go(10)
    assert road.rows() == []
    assert world.visible(LOCAL) == []
    assert world.amazon.state()["effects"] == {}


def test_a_label_that_was_made_elsewhere_is_taken_and_none_is_asked_for(undecided):
    world, road, number = undecided(*THERE)
    elsewhere.label(world, number)
    assert ask(road, "release", number)[0]
    road.until(lambda: printed(world), within=600)
    road.go(60)
    (name,) = printed(world)
    assert elsewhere.TRACKING in name
    assert world.amazon.state()["effects"] == {}
    assert road.ends("label_request", number) == []


def test_a_ship_file_decides_nothing(undecided):
    world, road, number = undecided(*THERE)
    elsewhere.label(world, number)
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(body(world, number))))
    road.until(lambda: "shipment_confirmation known" in road.events(number))
    road.go(120)
    assert world.amazon.state()["effects"] == {}
    assert ask(road, "release", number)[0]
    road.until(lambda: road.stage(number) == "confirmed", within=900)


def test_a_person_may_refuse_an_order_as_well(undecided):
    world, road, number = undecided(*OLD)
    assert ask(road, "refuse", number, code="03")[0]
    road.until(lambda: road.ends("acknowledgement", number) == ["accepted"])
    assert world.amazon.state()["orders"][number]["code"] == "03"
    assert world.visible(LOCAL) == []
