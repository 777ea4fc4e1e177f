"""An answer of Amazon that is lost: the effect is there once, whatever Amazon does with a repeat."""

import json

import pytest

from tests.road.conftest import LOCAL
from tests.road.road import BOTH, ship_csv, shipment
from tests.world import orders_of

pytestmark = BOTH

ACK, SHIP = "submitAcknowledgement", "submitShipmentConfirmations"
APPLIED = ("applied_then_closed", "applied_then_503")
NOT_APPLIED = ("broken", "closed")


@pytest.mark.parametrize("repeat", ["refuse", "ignore", "apply"])
def test_a_lost_reply_leaves_one_effect_and_the_order_ends_accepted(opened, taking, repeat):
    orders = orders_of((LOCAL,), 5)
    world, road = opened(orders=orders, repeat=repeat)
    numbers = [order["purchaseOrderNumber"] for order in orders]
    for operation in (ACK, SHIP):
        for fault in (*APPLIED, *NOT_APPLIED):
            world.amazon.fail(fault, operation)
    road.until(lambda: len(taking(world)) == len(orders))
    road.until(lambda: all(road.ends("acknowledgement", number) == ["accepted"] for number in numbers))
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, *map(shipment, orders)))
    road.until(lambda: all(road.ends("shipment_confirmation", number) == ["accepted"] for number in numbers))
    state = world.amazon.state()
    assert state["effects"][ACK] == state["effects"][SHIP] == dict.fromkeys(numbers, 1)
    assert state["repeats"] == {}
    assert all(road.ends("acknowledgement", number) == ["accepted"] for number in numbers)
    for operation in (ACK, SHIP):  # what had taken effect was not sent again, what had not was, once
        assert sum(call["operation"] == operation for call in state["requests"]) == len(orders) + len(NOT_APPLIED)


def test_what_was_not_applied_is_repeated_once_with_the_same_bytes_and_then_a_person_decides(opened):
    world, road = opened()
    bodies = []
    world.amazon.market.answer, answer = (
        lambda call: (bodies.append(call.body) if "acknowledgements" in call.path else None) or answer(call),
        world.amazon.market.answer,
    )
    world.amazon.fail("closed", ACK, times=5)
    road.until(lambda: any("the order is NEW" in reason for reason in road.reasons("settle")) and len(bodies) == 2)
    road.until(lambda: road.held("the order is NEW"))
    road.go(60)
    assert len(bodies) == 2
    assert bodies[0] == bodies[1]
    assert world.amazon.state()["effects"] == {}


def test_a_transaction_that_fails_rejects_the_document_and_is_not_sent_again(opened, taking):
    (order,) = orders = orders_of((LOCAL,), 1)
    world, road = opened(orders=orders)
    world.amazon.fail("internal_failure", ACK)
    road.until(lambda: road.ends("acknowledgement", order["purchaseOrderNumber"]) == ["rejected"])
    road.go(30)
    assert sum(call["operation"] == ACK for call in world.amazon.state()["requests"]) == 1


def test_what_failed_is_made_and_sent_once_more_when_a_person_says_so(opened):
    (order,) = orders = orders_of((LOCAL,), 1)
    world, road = opened(orders=orders)
    number = order["purchaseOrderNumber"]
    world.amazon.fail("internal_failure", ACK)
    road.until(lambda: road.held("Internal server error"))
    ok, said = road.ask("retry", road.row_of("Internal server error"))
    assert ok
    assert said.endswith("the acknowledgement is made and sent once more")
    road.until(lambda: road.ends("acknowledgement", number) == ["rejected", "accepted"])
    assert world.amazon.state()["effects"][ACK] == {number: 1}
    assert not road.held("")


@pytest.mark.parametrize("fault", ["throttled", "denied"])
def test_what_amazon_did_not_take_up_is_sent_again_when_the_lane_opens(opened, fault):
    (order,) = orders = orders_of((LOCAL,), 1)
    world, road = opened(orders=orders)
    world.amazon.fail(fault, ACK)
    road.until(lambda: road.ends("acknowledgement", order["purchaseOrderNumber"]) == ["accepted"], within=900)
    assert world.amazon.state()["effects"][ACK] == {order["purchaseOrderNumber"]: 1}


def test_an_order_that_stands_twice_in_a_page_is_one(opened):
    (order,) = orders = orders_of((LOCAL,), 1)
    number = order["purchaseOrderNumber"]
    world, road = opened(orders=orders, change=lambda world: world.amazon.spoilt.append(("/purchaseOrders", _twice)))
    road.until(lambda: road.ends("acknowledgement", number) == ["accepted"])
    road.go(20)
    assert len(road.ends("order", number)) == len(world.visible(LOCAL)) == 1
    assert world.amazon.state()["effects"][ACK] == {number: 1}


def _twice(content):
    tree = json.loads(content)
    page = tree.get("payload", tree)
    page["orders"] *= 2
    return json.dumps(tree).encode()
