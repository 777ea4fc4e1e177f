"""The operator's moves through the file of moves, by order and by row; and orders that are cancelled at any time."""

from dataclasses import replace

import pytest

from tests.road.conftest import LOCAL
from tests.road.road import BOTH, ship_csv, shipment
from tests.world import orders_of
from translator.cli.behind.order import life_of
from translator.core.work import Hold

pytestmark = BOTH

TAKEN = replace(LOCAL, when="taken")


def odd_order(system=LOCAL):
    (order,) = orders = orders_of((system,), 1)
    order["orderDetails"]["shipmentDetails"]["shipMethod"] = "MULE_TRAIN"
    return order["purchaseOrderNumber"], orders


def test_an_operator_holds_and_releases_an_order(opened, taking):
    (order,) = orders = orders_of((LOCAL,), 1)
    number = order["purchaseOrderNumber"]
    world, road = opened(orders=orders)
    world.place(LOCAL, "out/ship", "SHIP1.csv", b"")
    road.until(lambda: world.visible(LOCAL))
    road.until(lambda: road.ask("hold", number, "the customer called")[0])
    taking(world)
    road.go(30)
    assert road.stage(number) != "taken"
    assert road.held("the customer called")
    assert road.ask("release", number)[0]
    road.until(lambda: road.ends("order", number) == ["accepted"])


def test_an_acknowledgement_that_was_held_and_released_waits_for_its_sign_as_before(opened, taking):
    (order,) = orders = orders_of((TAKEN,), 1)
    number = order["purchaseOrderNumber"]
    world, road = opened((TAKEN,), orders)
    road.until(lambda: world.visible(TAKEN))
    row = road.row_of("waits until the order is taken")
    road.until(lambda: road.ask("hold", number, "the customer called")[0])
    assert road.ask("hold", number, "he called again")[0]
    ok, said = road.ask("release", number)
    assert (ok, f"row {row} waits until the order is taken, as before" in said) == (True, True)
    road.go(30)
    assert road.row_of("waits until the order is taken") == row
    assert world.amazon.state()["effects"] == {}
    assert road.ask("release", row) == (True, f"row {row} is released")
    road.until(lambda: road.ends("acknowledgement", number) == ["accepted"])


@pytest.mark.parametrize("verb", ["release", "retry"])
def test_what_an_order_is_held_for_goes_on_and_what_waits_for_a_sign_beside_it_does_not(opened, taking, verb):
    (order,) = orders = orders_of((TAKEN,), 1)
    number = order["purchaseOrderNumber"]
    world, road = opened((TAKEN,), orders)
    world.place(TAKEN, "in/orders", f"ORD-{number}.csv", b"another")
    road.until(lambda: road.held("another file with other bytes"))
    (world.folder(TAKEN, "in/orders") / f"ORD-{number}.csv").unlink()
    row = road.row_of("waits until the order is taken")
    ok, said = road.ask(verb, number)
    assert (ok, f"row {row} is left as it is: waits until the order is taken" in said) == (True, True)
    road.until(lambda: "order sent" in road.events(number))
    road.go(30)
    assert world.amazon.state()["effects"] == {}
    taking(world, TAKEN)
    road.until(lambda: road.ends("acknowledgement", number) == ["accepted"])


def test_what_is_being_worked_on_is_not_held_and_the_operator_is_told_so(opened):
    _, orders = odd_order()
    _, road = opened(orders=orders)
    road.until(lambda: road.held("cannot write it"))
    row = int(road.row_of("cannot write it"))
    with road.ledger.commit() as book:
        book.work.release_row(row)
        assert row in {work.id for work in book.work.claim(99, 3600)}
    assert road.ask("hold", row, "stocktaking") == (False, f"row {row} is being worked on, and is not held: try again")
    assert road.ask("release", row) == (False, f"row {row} is not held")
    with road.look() as book:
        assert book.work.get(row).reason != "stocktaking"


def test_what_was_held_for_a_mapping_is_tried_again_when_asked(opened):
    _, orders = odd_order()
    world, road = opened(orders=orders)
    road.until(lambda: road.held("cannot write it"))
    row = road.row_of("cannot write it")
    assert road.ask("retry", row) == (True, f"row {row} is tried again now")
    road.until(lambda: road.held("cannot write it"))
    assert world.visible(LOCAL) == []


def test_reject_gives_up_an_order_by_its_number_or_by_its_row(opened):
    number, orders = odd_order(TAKEN)
    world, road = opened((TAKEN,), orders)
    road.until(lambda: road.held("cannot write it"))
    assert road.ask("reject", road.row_of("cannot write it"), "not ours")[0]
    assert road.ends("order", number) == ["closed"]
    road.until(lambda: road.ask("reject", number)[0])
    road.go(20)
    assert road.rows() == []
    assert road.ends("acknowledgement", number) == ["closed"]
    assert world.amazon.state()["effects"] == {}


def test_the_turn_of_a_source_cannot_be_given_up(opened):
    world, road = opened(orders=[])
    with road.look() as book:
        (turn,) = book.work.find(station="collect", route="us/orders", subject="turn")
    road.until(lambda: road.ask("hold", turn.id, "a look at the log")[0])
    ok, said = road.ask("reject", turn.id)
    assert (ok, "release it" in said) == (False, True)
    assert road.ask("release", turn.id)[0]
    (order,) = orders_of((LOCAL,), 1)
    world.amazon.add_orders([order])
    road.until(lambda: world.visible(LOCAL))


def test_the_number_of_a_row_that_is_gone_names_no_rejected_document(opened):
    _, road = opened(orders=[])
    with road.ledger.commit() as book:
        book.work.add("read", LOCAL.called, "rejected:4711", hold=Hold("person", "a rejection that nobody can be told"))
    ok, said = road.ask("reject", 4711)
    assert (ok, "nothing waits under that number" in said) == (False, True)
    assert road.held("a rejection that nobody can be told")


def test_a_ship_file_of_an_unknown_order_can_be_given_up_and_is_answered(opened):
    (order,) = orders_of((LOCAL,), 1)
    number = order["purchaseOrderNumber"]
    world, road = opened(orders=[])
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(order)))
    road.until(lambda: road.held("is not known"))
    assert road.ask("retry", number)[0]
    road.go(10)
    assert road.held("is not known")  # asked again, it waits on
    assert road.ask("reject", number, "a test order of theirs")[0]
    road.until(lambda: world.visible(LOCAL, "in/answers"))
    (answer,) = world.folder(LOCAL, "in/answers").glob("[!.]*")
    assert "a test order of theirs" in answer.read_text()


def test_what_is_being_settled_is_not_given_up_with_its_documents_left_in_the_air(opened):
    (order,) = orders = orders_of((LOCAL,), 1)
    number = order["purchaseOrderNumber"]
    world, road = opened(orders=orders)
    road.until(lambda: world.visible(LOCAL))
    road.until(lambda: any(row[0] == "settle" and "in/orders" in row[1] for row in road.rows()))
    road.until(lambda: road.ends("acknowledgement", number) == ["accepted"])
    road.ask("reject", number, "enough")
    road.go(10)
    assert road.ends("order", number) != ["None"] or road.rows() != []


def test_what_has_left_is_not_given_up_since_somebody_held_it(opened, taking):
    (order,) = orders = orders_of((TAKEN,), 1)
    number = order["purchaseOrderNumber"]
    world, road = opened((TAKEN,), orders)
    road.until(lambda: any(row[:2] == ("settle", "plain-csv/in/orders/orders") for row in road.rows()))
    with road.look() as book:
        (row,) = book.work.find(station="settle")
    road.until(lambda: road.ask("hold", row.id, "the customer called")[0])
    assert road.ask("reject", row.id) == (False, f"row {row.id} is begun: it cannot be given up, only settled")
    assert road.ends("order", number) == ["None"]
    assert road.ask("release", row.id)[0]
    taking(world, TAKEN)
    road.until(lambda: road.ends("acknowledgement", number) == ["accepted"])


def test_what_was_rejected_of_an_order_is_reached_by_its_number(opened):
    (order,) = orders = orders_of((LOCAL,), 1)
    number = order["purchaseOrderNumber"]
    world, road = opened(orders=orders)
    world.amazon.fail("internal_failure", "submitAcknowledgement")
    road.until(lambda: road.held("Internal server error"))
    row = road.row_of("Internal server error")
    (life,) = life_of(world.site, number)
    assert row in [one["row"] for one in life["waiting"]]
    ok, said = road.ask("retry", number)
    assert (ok, f"row {row}: the acknowledgement is made and sent once more" in said) == (True, True)
    road.until(lambda: road.ends("acknowledgement", number) == ["rejected", "accepted"])


def test_what_only_tells_something_is_not_forgotten_as_tried_again(opened):
    world, road = opened(orders=[])
    world.edit("translator.yaml", lambda text: text.replace("      in/answers: answers.yaml\n", ""))
    road.reload()
    world.place(LOCAL, "out/stock", "STOCK1.csv", b"SKU,QTY\nA,5\n")
    road.until(lambda: road.held("no column"))
    row = road.row_of("no column")
    ok, said = road.ask("retry", row)
    assert (ok, f"`translator release {row}` says that you have seen it" in said) == (False, True)
    road.go(10)
    assert road.held("no column")
    assert road.ask("release", row)[0]
    road.until(lambda: not road.held("no column"))


def test_a_person_may_have_sent_again_what_shows_no_effect_after_the_one_repeat(opened):
    (order,) = orders = orders_of((LOCAL,), 1)
    number = order["purchaseOrderNumber"]
    world, road = opened(orders=orders)
    world.amazon.fail("closed", "submitAcknowledgement", times=2)
    road.until(lambda: road.held("the order is NEW"))
    assert road.ask("retry", number)[0]
    road.until(lambda: road.ends("acknowledgement", number) == ["accepted"])
    assert world.amazon.state()["effects"]["submitAcknowledgement"] == {number: 1}


def test_a_move_that_fits_nothing_is_answered_in_words(opened):
    _, road = opened(orders=[])
    for target in ("²", "9" * 30):
        assert "nothing waits under" in road.ask("release", target)[1]
        assert road.ask("reoffer", target) == (False, "no file of this number or name went in here")
    assert road.ask("release", "D000") == (
        False,
        "nothing waits under that number or name (translator files lists what does)",
    )
    assert not road.ask("explode", "D000")[0]


# --- cancelled at Amazon --------------------------------------------------------------------------------------------


def test_cancelled_before_its_file_was_begun_there_is_no_file(opened):
    number, orders = odd_order(TAKEN)
    world, road = opened((TAKEN,), orders)
    road.until(lambda: road.held("cannot write it"))
    world.amazon.cancel(number)
    road.until(lambda: road.ends("order", number) == ["superseded"])
    road.until(lambda: road.ends("acknowledgement", number) == ["superseded"])
    road.go(20)
    assert world.visible(TAKEN) == []
    assert road.rows() == []


def test_cancelled_after_its_file_was_sent_a_cancel_file_follows(opened, taking):
    (order,) = orders = orders_of((TAKEN,), 1)
    number = order["purchaseOrderNumber"]
    world, road = opened((TAKEN,), orders)
    road.until(lambda: taking(world, TAKEN))
    world.amazon.cancel(number)
    road.until(lambda: f"CAN-{number}.csv" in taking(world, TAKEN))
    road.until(lambda: road.ends("cancellation", number) == ["accepted"])
    road.until(lambda: road.rows() == [])
    assert road.stage(number) == "cancelled"


def test_a_shipment_of_a_cancelled_order_waits_for_a_person(opened, taking):
    (order,) = orders = orders_of((LOCAL,), 1)
    number = order["purchaseOrderNumber"]
    world, road = opened(orders=orders)
    road.until(lambda: road.ends("acknowledgement", number) == ["accepted"])
    world.amazon.cancel(number)
    road.until(lambda: "order cancelled" in road.events(number))
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(order)))
    road.until(lambda: road.held("the order was cancelled at Amazon"))
    road.go(20)
    assert "submitShipmentConfirmations" not in world.amazon.state()["effects"]


def test_cancelled_while_its_shipment_waits_for_more_lines_waits_for_a_person(opened):
    order = orders_of((LOCAL,), 2)[1]
    number = order["purchaseOrderNumber"]
    lines = [item["itemSequenceNumber"] for item in order["orderDetails"]["items"]]
    world, road = opened(orders=[order])
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(order, lines[:1])))
    road.until(lambda: road.held("waits for lines"))
    world.amazon.cancel(number)
    road.until(lambda: road.held("the order was cancelled at Amazon"))
