"""What an operator decides about an order: refused, denied, its label made again; what Amazon would not take is said in words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.road.conftest import LOCAL
from tests.road.road import ship_csv, shipment
from tests.world import FIXED, orders_of

WAITS = replace(LOCAL, when="taken")
SAYING = replace(FIXED, ways=None)  # acknowledges by its own files


def one(opened, system=LOCAL):
    (order,) = orders = orders_of((system,), 1)
    world, road = opened((system,), orders)
    number = order["purchaseOrderNumber"]
    road.until(lambda: "order sent" in road.events(number))
    return world, road, number


def ask(road, verb, number, **more):
    """Ask for a decision as `translator refuse PO --code 03` does."""
    asked = road.moves.ask(verb, {"target": number, **more}, "tester")
    road.until(lambda: road.moves.get(asked).answered is not None)
    move = road.moves.get(asked)
    return move.ok, move.outcome


def test_a_refused_order_is_refused_at_amazon_and_cancelled_at_the_warehouse_that_has_it(opened, taking):
    world, road, number = one(opened, WAITS)
    ok, said = ask(road, "refuse", number, code="03", reason="sold out")
    assert ok, said
    road.until(lambda: road.ends("acknowledgement", number) == ["superseded", "accepted"])
    assert world.amazon.state()["orders"][number]["code"] == "03"
    assert world.amazon.state()["effects"]["submitAcknowledgement"] == {number: 1}
    taking(world)
    road.until(lambda: "cancellation sent" in road.events(number))
    assert road.stage(number) == "refused"


def test_an_order_that_has_not_left_is_kept_from_the_warehouse_when_it_is_refused(opened):
    (order,) = orders = orders_of((WAITS,), 1)
    number = order["purchaseOrderNumber"]
    order["orderDetails"]["shipmentDetails"]["shipMethod"] = "MULE_TRAIN"
    world, road = opened((WAITS,), orders)
    road.until(lambda: road.held("cannot write it"))
    assert ask(road, "refuse", number, code="13")[0]
    road.until(lambda: road.ends("acknowledgement", number)[-1] == "accepted")
    road.go(30)
    assert road.ends("order", number) == ["superseded"]
    assert road.rows() == []
    assert world.visible(WAITS) == []


def test_what_is_no_code_of_refusal_is_said(opened):
    _, road, number = one(opened, WAITS)
    for code in ("00", "01", "99", ""):
        ok, said = ask(road, "refuse", number, code=code)
        assert not ok
        assert "no code of refusal" in said


def test_an_accepted_order_is_denied_and_not_refused(opened):
    world, road, number = one(opened)
    road.until(lambda: road.ends("acknowledgement", number) == ["accepted"])
    ok, said = ask(road, "refuse", number, code="03")
    assert not ok
    assert "translator deny" in said
    assert ask(road, "deny", number, reason="broken")[0]
    road.until(lambda: road.stage(number) == "denied")
    assert world.amazon.state()["effects"]["submitShipmentConfirmations"] == {number: 1}
    ok, said = ask(road, "deny", number)
    assert not ok


def test_a_clock_of_ours_that_is_ahead_denies_nothing_in_the_future(opened):
    world, road, number = one(opened)
    road.until(lambda: road.ends("acknowledgement", number) == ["accepted"])
    road.clock.skip(900)
    right = world.amazon.market.clock
    world.amazon.market.clock = lambda: right() - timedelta(minutes=4)
    assert ask(road, "deny", number, reason="broken")[0]
    road.until(lambda: road.stage(number) == "denied", within=600)


def test_an_order_that_is_not_accepted_yet_is_refused_and_not_denied(opened):
    _, road, number = one(opened, WAITS)
    ok, said = ask(road, "deny", number)
    assert not ok
    assert "translator refuse" in said


def test_no_label_is_asked_for_where_the_warehouse_takes_none(opened):
    _, road, number = one(opened)
    ok, said = ask(road, "relabel", number)
    assert not ok
    assert "no WMS of its warehouse takes labels" in said


def test_no_label_is_asked_for_of_an_order_that_is_being_refused(opened):
    labelled = replace(WAITS, labels=True)
    _, road, number = one(opened, labelled)
    assert ask(road, "refuse", number, code="03")[0]
    assert ask(road, "relabel", number) == (False, "it is being refused: Amazon makes no label for it")
    road.until(lambda: road.ends("acknowledgement", number)[-1] == "accepted")
    assert road.ends("label_request", number) == []


def test_a_decision_about_an_unknown_order_changes_nothing(opened):
    _, road, _ = one(opened)
    assert ask(road, "deny", "NOSUCH") == (False, "no order of this number is known")


def test_what_amazon_took_as_refused_is_not_refused_again(opened):
    (order,) = orders = orders_of((WAITS,), 1)
    world, road = opened((WAITS,), orders, visibility_seconds=60)
    number = order["purchaseOrderNumber"]
    road.until(lambda: "order sent" in road.events(number))
    assert ask(road, "refuse", number, code="03")[0]
    road.until(lambda: road.stage(number) == "refused")
    for verb in ("refuse", "deny"):
        ok, said = ask(road, verb, number, code="13")
        assert not ok
        assert "refused already" in said
    road.go(30)
    assert world.amazon.state()["effects"]["submitAcknowledgement"] == {number: 1}


def test_what_amazon_took_as_shipped_is_not_denied(opened):
    (order,) = orders = orders_of((LOCAL,), 1)
    world, road = opened((LOCAL,), orders, visibility_seconds=60)
    number = order["purchaseOrderNumber"]
    road.until(lambda: road.ends("acknowledgement", number) == ["accepted"], within=300)
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(order)))
    road.until(lambda: road.stage(number) == "confirmed", within=300)
    ok, said = ask(road, "deny", number)
    assert not ok
    assert "has its shipment confirmation" in said


def test_an_order_that_waits_for_its_label_is_denied_at_once_and_no_label_is_made(opened):
    from tests.road.test_labels import furnish  # which takes `ask` from here

    (order,) = orders = orders_of((LOCAL,), 1)
    number = order["purchaseOrderNumber"]
    world, road = opened((LOCAL,), orders, change=lambda world: furnish(world, "{day: ship}"))
    road.until(lambda: road.ends("acknowledgement", number) == ["accepted"])
    assert ask(road, "deny", number)[0]
    road.until(lambda: road.stage(number) == "denied")
    assert road.ends("label_request", number) == ["superseded"]
    assert "createShippingLabels" not in world.amazon.state()["effects"]


def test_a_silent_wms_is_not_given_what_it_never_got_once_it_is_refused(opened):
    (order,) = orders = orders_of((WAITS,), 1)
    order["orderDetails"]["shipmentDetails"]["shipMethod"] = "MULE_TRAIN"
    number = order["purchaseOrderNumber"]
    policy = "acknowledge: {when: taken, silent: 1h, then: refuse, code: '03'}"
    changed = lambda world: world.edit(  # noqa: E731
        "translator.yaml", lambda text: text.replace("acknowledge: {when: taken}", policy)
    )
    _, road = opened((WAITS,), orders, change=changed)
    road.until(lambda: road.held("cannot write it"))
    road.clock.skip(3700)
    road.until(lambda: road.ends("order", number) == ["superseded"])


@pytest.mark.parametrize("hours, left", [(0, 10), (2, 8), (8, 5)])
def test_the_silence_of_a_wms_counts_from_when_amazon_says_the_order_was_placed_and_half_is_left(opened, hours, left):
    (order,) = orders = orders_of((WAITS,), 1)
    policy = "acknowledge: {when: taken, silent: 10h, then: accept}"
    changed = lambda world: world.edit(  # noqa: E731
        "translator.yaml", lambda text: text.replace("acknowledge: {when: taken}", policy)
    )
    placed = datetime.now(UTC) - timedelta(hours=hours)
    order["orderDetails"]["orderDate"] = f"{placed:%Y-%m-%dT%H:%M:%SZ}"
    number = order["purchaseOrderNumber"]
    _, road = opened((WAITS,), orders, change=changed)
    road.until(lambda: "order sent" in road.events(number))
    road.clock.skip((left - 0.5) * 3600)
    road.go(60)
    assert road.ends("acknowledgement", number) == ["None"]
    road.clock.skip(3600)
    road.until(lambda: road.ends("acknowledgement", number) == ["accepted"])


def test_a_warehouse_that_accepts_what_an_operator_refused_is_held(opened):
    (order,) = orders = orders_of((SAYING,), 1)
    world, road = opened((SAYING,), orders)
    number = order["purchaseOrderNumber"]
    road.until(lambda: "order sent" in road.events(number))
    assert ask(road, "refuse", number, code="03")[0]
    road.until(lambda: road.ends("acknowledgement", number) == ["accepted"])
    world.place(SAYING, "out/acks", "ACK1.TXT", f"A{number:<20}{'OK':<4}{'W1':<12}\n")
    road.until(lambda: road.held("it contradicts what is known"))
    assert world.amazon.state()["effects"]["submitAcknowledgement"] == {number: 1}
