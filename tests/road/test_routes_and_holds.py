"""Where a document goes and what it waits for: routes that come later, orders called by another value, orders that Amazon turns."""

import threading
from dataclasses import replace

import pytest

from tests.cli.command import run_json
from tests.road.conftest import LOCAL
from tests.road.road import ask_all, ship_csv, shipment
from tests.road.test_partners import ill, refuse
from tests.world import FIXED, orders_of
from translator.core.finding import Unavailable
from translator.core.work import End

TAKEN = replace(LOCAL, when="taken")
SAYING = replace(FIXED, ways=None)  # acknowledges by its own files
FAR = replace(LOCAL, code="LAX9")
HOUR = 3600.0
BATCH = """\
writes: order
batch: {most: 100}
format: csv
header: true
file: "ORD-{{ counter('ord') }}.csv"
each: [order in batch, item in order.orderDetails.items]
fields:
  ORDER: order.purchaseOrderNumber
  METHOD: {from: order.orderDetails.shipmentDetails.shipMethod, lookup: ship_methods}
  LINE: item.itemSequenceNumber
"""


def number_of(order):
    return order["purchaseOrderNumber"]


def odd(order, method="MULE_TRAIN"):
    order["orderDetails"]["shipmentDetails"]["shipMethod"] = method
    return order


def mend(world):
    world.edit("mappings/plain-csv/tables/ship_methods.csv", lambda text: text + "MULE_TRAIN,MUL,by mule\n")


def turn(world, number, status):
    """Let Amazon have it otherwise, by somebody else's doing."""
    account = world.amazon.market.account
    with world.amazon.market.lock:
        now = world.clock.now()
        order = replace(account.orders[number], acknowledged=now, code="00")
        account.orders[number] = order.turned(status, account._seen_from(now))


def effects(world, operation):
    return world.amazon.state()["effects"].get(operation, {})


def calls(world, operation):
    return sum(call["operation"] == operation for call in world.amazon.state()["requests"])


def answers(world):
    return "".join(
        (world.folder(LOCAL, "in/answers") / name).read_text() for name in world.visible(LOCAL, "in/answers")
    )


def list_far(world):
    world.edit("translator.yaml", lambda text: text.replace("{EWR1: ", "{LAX9: America/Los_Angeles, EWR1: "))


def move_orders(world, system=LOCAL):
    (world.folder(system) / "in/new").mkdir()
    world.edit("translator.yaml", lambda text: text.replace("in/orders: [", "in/new: ["))


# --- routes -----------------------------------------------------------------------------------------------------------


def test_an_order_for_a_warehouse_that_is_listed_later_is_written_and_acknowledged_then(opened):
    (order,) = orders = orders_of((FAR,), 1)
    world, road = opened(orders=orders)
    road.until(lambda: road.held("no mapping of any WMS writes orders for warehouse LAX9"))
    road.reload()
    road.go(5)
    assert road.held("no mapping of any WMS writes orders for warehouse LAX9")
    list_far(world)
    road.reload()
    road.until(lambda: world.visible(LOCAL) == [f"ORD-{number_of(order)}.csv"])
    road.until(lambda: road.ends("acknowledgement", number_of(order)) == ["accepted"])


def test_what_is_held_for_a_mapping_goes_where_the_mapping_has_moved(opened):
    (order,) = orders = orders_of((LOCAL,), 1)
    odd(order)
    world, road = opened(orders=orders)
    road.until(lambda: road.held("cannot write it"))
    mend(world)
    move_orders(world)
    road.reload()
    road.until(lambda: world.visible(LOCAL, "in/new") == [f"ORD-{number_of(order)}.csv"])
    road.until(lambda: road.ends("acknowledgement", number_of(order)) == ["accepted"])  # and no second one


def test_a_file_that_could_not_be_sent_is_written_anew_where_its_mapping_has_moved(opened):
    (order,) = orders = orders_of((LOCAL,), 1)
    world, road = opened(orders=orders)
    folder = world.folder(LOCAL, "in/orders")
    folder.rename(folder.with_name("gone"))
    road.until(lambda: road.attempts("order") == ["unavailable"])
    move_orders(world)
    road.reload()
    road.until(lambda: world.visible(LOCAL, "in/new") == [f"ORD-{number_of(order)}.csv"], within=600)
    road.until(lambda: not [row for row in road.rows() if row[0] == "send" and row[1].startswith(LOCAL.called)])


@pytest.mark.parametrize("back", [False, True])
def test_a_file_in_a_folder_that_the_site_lists_no_more_is_taken_when_a_person_says_so_or_it_is_listed_again(
    opened, taking, back
):
    (order,) = orders = orders_of((TAKEN,), 1)
    number = number_of(order)
    world, road = opened((TAKEN,), orders)
    road.until(lambda: "order sent" in road.events(number))
    move_orders(world)
    road.reload()
    lists = "the site lists plain-csv/in/orders/orders no more"
    road.until(lambda: road.held(lists))
    (file,) = run_json("files", "--failed", "-C", world.site)
    assert (file["name"], file["state"]) == (f"ORD-{number}.csv", "held: sent, not taken")
    assert road.ask("arrived", road.row_of("waits until")) == (
        False,
        f"row {road.row_of('waits until')} is not in doubt",
    )
    taking(world)
    road.go(20)
    assert "order taken" not in road.events(number)
    if back:
        world.edit("translator.yaml", lambda text: text.replace("in/new: [", "in/orders: ["))
        road.reload()
    else:
        ok, said = road.ask("arrived", road.row_of(lists))
        assert (ok, f"ORD-{number}.csv has arrived" in said) == (True, True)
    road.until(lambda: road.ends("acknowledgement", number) == ["accepted"])
    assert road.ends("order", number) == ["accepted"]


def cut():
    raise Unavailable("cut off")


@pytest.mark.parametrize("said, where", [("arrived", ""), ("release", "in/new"), ("list it again", "in/orders")])
def test_a_file_that_may_lie_in_a_folder_that_the_site_lists_no_more_is_for_a_person_or_goes_on_when_it_is_listed_again(
    opened, said, where
):
    (order,) = orders = orders_of((LOCAL,), 1)
    number = number_of(order)
    world, road = opened(orders=orders)
    road.points.at["folder.put.renamed.before"] = cut
    road.until(lambda: any("cut off" in reason for reason in road.reasons("send")))
    del road.points.at["folder.put.renamed.before"]
    move_orders(world)
    road.reload()
    road.until(lambda: road.held("no more, and this may lie there"), within=600)
    row = road.row_of("no more, and this may lie there")
    assert not ask_all(road, "retry")[0]
    assert not road.ask("reject", row)[0]
    if said == "list it again":
        world.edit("translator.yaml", lambda text: text.replace("in/new: [", "in/orders: ["))
        road.reload()
    else:
        assert road.ask(said, row)[0]
    road.until(lambda: "order sent" in road.events(number))
    road.go(20)
    assert (road.ends("order", number) == ["accepted"]) == (said == "arrived")
    assert [one for one in ("in/orders", "in/new") for name in world.visible(LOCAL, one)] == [where] * bool(where)
    assert not road.held("the site lists")


def test_a_file_that_was_to_go_again_into_a_folder_that_the_site_lists_no_more_can_be_given_up(opened, taking):
    (order,) = orders = orders_of((LOCAL,), 1)
    number = number_of(order)
    world, road = opened(orders=orders)
    road.until(lambda: world.visible(LOCAL))
    taking(world)
    road.until(lambda: road.ends("order", number) == ["accepted"])
    road.points.at["folder.put.renamed.before"] = cut
    assert road.ask("resend", f"ORD-{number}.csv")[0]
    road.until(lambda: any("cut off" in reason for reason in road.reasons("send")))
    del road.points.at["folder.put.renamed.before"]
    move_orders(world)
    road.reload()
    road.until(lambda: road.held("no longer listed in the site"), within=600)
    row = road.row_of("no longer listed in the site")
    assert road.ask("reject", row) == (True, f"row {row} is given up: the file is not sent again")
    road.go(20)
    assert road.ends("order", number) == ["accepted"]
    assert not road.held("the site")


# --- ship files -------------------------------------------------------------------------------------------------------


def by_customer_number(world):
    called = "about: {order: {customerOrderNumber: ORDER}}"
    world.edit("mappings/plain-csv/ship.yaml", lambda text: text.replace("about: {order: ORDER}", called))


def test_a_ship_file_that_calls_its_order_by_another_value_waits_for_it(opened):
    (order,) = orders_of((LOCAL,), 1)
    world, road = opened(orders=[], change=by_customer_number)
    called = order["orderDetails"]["customerOrderNumber"]
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(order, number=called)))
    road.until(lambda: road.held(f"order {called} is not known"))
    world.amazon.add_orders([order])
    road.until(lambda: road.ends("shipment_confirmation", number_of(order)) == ["accepted"])
    assert not [row for row in road.rows() if row[0] == "read"]


def test_a_ship_file_that_calls_an_unknown_order_by_another_value_is_answered_after_a_day(opened):
    (order,) = orders_of((LOCAL,), 1)
    world, road = opened(orders=[], change=by_customer_number)
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(order, number="C-NEVER")))
    road.until(lambda: road.held("is not known"))
    for _ in range(23):
        road.clock.skip(HOUR)
        road.go(2)
    assert road.held("order C-NEVER is not known")
    for _ in range(2):
        road.clock.skip(HOUR)
        road.go(2)
    road.until(lambda: "unknown-order" in answers(world))


def test_what_waits_and_is_not_in_its_file_any_more_by_a_changed_mapping_is_for_a_person(opened):
    (order,) = orders_of((LOCAL,), 1)
    world, road = opened(orders=[])
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(order)))
    road.until(lambda: road.held("is not known"))
    by_customer_number(world)
    world.edit("mappings/plain-csv/ship.yaml", lambda text: text.replace("customerOrderNumber: ORDER", "x: CARTON"))
    road.reload()
    world.amazon.add_orders([order])
    road.until(lambda: road.held(f"SHIP1.csv told of order {number_of(order)}"))


def test_a_part_that_came_twice_does_not_keep_the_rest_from_being_gathered(opened):
    order = orders_of((LOCAL,), 2)[1]  # three lines
    lines = [item["itemSequenceNumber"] for item in order["orderDetails"]["items"]]
    world, road = opened(orders=[order])
    part = ship_csv(road.clock, shipment(order, lines[:1]))
    world.place(LOCAL, "out/ship", "SHIP1.csv", part)
    road.until(lambda: road.held("waits for lines"))
    world.place(LOCAL, "out/ship", "SHIP2.csv", part + b"\r\n")
    road.until(lambda: "duplicate" in road.ends("shipment_confirmation", number_of(order)))
    world.place(LOCAL, "out/ship", "SHIP3.csv", ship_csv(road.clock, shipment(order, lines[1:], carton="C2")))
    road.until(lambda: "accepted" in road.ends("shipment_confirmation", number_of(order)))
    assert effects(world, "submitShipmentConfirmations") == {number_of(order): 1}


# --- what Amazon turns ------------------------------------------------------------------------------------------------


def test_an_order_that_somebody_else_acknowledged_ends_ours_and_lets_its_shipment_go(opened):
    (order,) = orders = orders_of((TAKEN,), 1)
    number = number_of(order)
    world, road = opened((TAKEN,), orders)
    road.until(lambda: road.held("waits until the order is taken"))
    world.place(TAKEN, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(order)))
    road.until(lambda: road.held("needs acknowledgement accepted"))
    turn(world, number, "ACCEPTED")
    road.until(lambda: road.ends("shipment_confirmation", number) == ["accepted"])
    assert road.ends("acknowledgement", number) == ["accepted"]
    assert calls(world, "submitAcknowledgement") == 0
    with road.look() as book:
        (said,) = [event for event in book.events.of(f"us {number}") if event.name == "order accepted"]
    assert said.detail["orderStatus"] == "ACCEPTED"


def test_an_acknowledgement_file_behind_somebody_elses_word_is_not_sent(opened):
    (order,) = orders = orders_of((SAYING,), 1)
    number = number_of(order)
    world, road = opened((SAYING,), orders)
    road.until(lambda: world.visible(SAYING))
    turn(world, number, "ACCEPTED")
    road.until(lambda: "acknowledgement accepted" in road.events(number))
    world.place(SAYING, "out/acks", "ACK1.TXT", f"A{number:<20}{'OK':<4}{'W1':<12}\n")
    road.until(lambda: road.ends("acknowledgement", number) == ["accepted"])
    world.place(SAYING, "out/acks", "ACK2.TXT", f"A{number:<20}{'OUT':<4}{'W1':<12}\n")
    road.until(lambda: road.held("it contradicts what is known"))
    assert calls(world, "submitAcknowledgement") == 0


def test_a_refusal_behind_somebody_elses_acceptance_is_for_a_person_each_time_the_order_moves(opened):
    (order,) = orders = orders_of((SAYING,), 1)
    number = number_of(order)
    world, road = opened((SAYING,), orders)
    road.until(lambda: world.visible(SAYING))
    turn(world, number, "ACCEPTED")
    road.until(lambda: "acknowledgement accepted" in road.events(number))
    world.place(SAYING, "out/acks", "ACK1.TXT", f"A{number:<20}{'OUT':<4}{'W1':<12}\n")
    road.until(lambda: road.held("the order was accepted at Amazon"))
    turn(world, number, "SHIPPED")
    road.until(lambda: road.held("the order was shipped at Amazon"))
    assert calls(world, "submitAcknowledgement") == 0


def test_an_order_that_the_warehouse_refused_itself_gets_no_cancel_file(opened):
    (order,) = orders = orders_of((SAYING,), 1)
    number = number_of(order)
    world, road = opened((SAYING,), orders)
    road.until(lambda: len(world.visible(SAYING)) == 1)
    world.place(SAYING, "out/acks", "ACK1.TXT", f"A{number:<20}{'OUT':<4}{'W1':<12}\n")
    road.until(lambda: "order cancelled" in road.events(number))
    road.go(30)
    assert road.ends("cancellation", number) == []
    assert len(world.visible(SAYING)) == 1
    assert road.stage(number) == "refused"


def test_a_shipment_of_a_cancelled_order_that_a_person_releases_goes_on(opened, taking):
    (order,) = orders = orders_of((LOCAL,), 1)
    number = number_of(order)
    world, road = opened(orders=orders)
    road.until(lambda: taking(world) and road.ends("acknowledgement", number) == ["accepted"])
    world.amazon.cancel(number)
    road.until(lambda: "order cancelled" in road.events(number))
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(order)))
    road.until(lambda: road.held("the order was cancelled at Amazon"))
    road.go(90)
    assert calls(world, "submitShipmentConfirmations") == 0
    assert road.ask("release", road.row_of("the order was cancelled at Amazon"))[0]
    road.until(lambda: calls(world, "submitShipmentConfirmations") == 1)


def test_an_order_that_is_cancelled_while_its_file_waits_to_be_sent_leaves_no_file(opened):
    first, second = orders = orders_of((LOCAL,), 2)

    def together(world):
        world.edit("mappings/plain-csv/orders.yaml", lambda _: BATCH)

    world, road = opened(orders=orders, change=together)
    folder = world.folder(LOCAL, "in/orders")
    folder.rename(folder.with_name("gone"))
    road.until(lambda: road.attempts("order") == ["unavailable"])
    world.amazon.cancel(number_of(first))
    road.until(lambda: road.ends("order", number_of(first)) == ["superseded"])
    folder.with_name("gone").rename(folder)
    road.until(lambda: world.visible(LOCAL), within=600)
    road.go(120)
    (name,) = world.visible(LOCAL)  # the other one of the batch, alone; no cancel file
    text = (folder / name).read_text()
    assert number_of(second) in text
    assert number_of(first) not in text


def test_an_order_that_is_given_up_by_its_number_while_its_file_waits_leaves_the_others_in_it(opened):
    first, second = orders = orders_of((LOCAL,), 2)
    world, road = opened(orders=orders, change=batched)
    folder = world.folder(LOCAL, "in/orders")
    folder.rename(folder.with_name("gone"))
    road.until(lambda: road.attempts("order") == ["unavailable"])
    ok, said = road.ask("reject", number_of(first))
    assert ok, said
    assert road.ends("order", number_of(first)) == ["closed"]
    assert road.ends("order", number_of(second)) == ["None"]
    folder.with_name("gone").rename(folder)
    road.until(lambda: world.visible(LOCAL), within=600)
    (name,) = world.visible(LOCAL)
    text = (folder / name).read_text()
    assert number_of(second) in text
    assert number_of(first) not in text


def test_a_file_that_goes_again_with_several_orders_in_it_is_given_up_as_a_row_alone(opened, taking):
    first, second = orders = orders_of((LOCAL,), 2)
    world, road = opened(orders=orders, change=batched)
    road.until(lambda: taking(world))
    road.until(lambda: road.ends("order", number_of(second)) == ["accepted"])
    ill(road, LOCAL, ("put",), refuse(Unavailable("the disk is full")))
    assert road.ask("resend", "ORD-1.csv")[0]
    road.until(lambda: "the disk is full" in road.reasons("send"))
    row = road.row_of("the disk is full")
    ok, said = road.ask("reject", number_of(first))
    assert not ok
    assert f"row {row} is a file with other orders: `translator reject {row}` gives up all of it" in said
    assert road.ask("reject", row)[0]
    assert [one for one in road.rows() if one[0] == "send"] == []


def test_an_order_that_was_given_up_and_is_then_cancelled_leaves_nothing_waiting(opened):
    (order,) = orders = orders_of((LOCAL,), 1)
    number = number_of(odd(order))
    world, road = opened(orders=orders)
    road.until(lambda: road.held("cannot write it"))
    assert road.ask("reject", road.row_of("cannot write it"))[0]
    world.amazon.cancel(number)
    road.until(lambda: "order cancelled" in road.events(number))
    road.go(10)
    assert road.ends("cancellation", number) == []
    assert [row for row in road.rows() if row[0] == "write"] == []


def test_an_order_that_is_cancelled_while_its_file_is_put_and_is_then_given_up_leaves_nothing_waiting(opened):
    (order,) = orders = orders_of((LOCAL,), 1)
    number = number_of(order)
    world, road = opened(orders=orders)
    back = threading.Event()
    put, _ = ill(road, LOCAL, ("put",), lambda *_: back.wait(300))
    road.until(lambda: put)
    world.amazon.cancel(number)
    road.clock.skip(10)
    road.until(lambda: "cancellation known" in road.events(number))
    world.place(LOCAL, "in/orders", f"ORD-{number}.csv", b"of somebody else")
    back.set()
    road.until(lambda: road.held("another file with other bytes"))
    assert road.ask("reject", road.row_of("another file with other bytes"))[0]
    road.go(90)
    assert road.ends("cancellation", number) == ["superseded"]
    assert road.rows() == []


def test_a_file_that_lost_an_order_loses_no_other_though_nothing_writes_that_one_any_more(opened):
    first, second = orders = orders_of((LOCAL,), 2)
    world, road = opened(orders=orders, change=batched)
    folder = world.folder(LOCAL, "in/orders")
    folder.rename(folder.with_name("gone"))
    road.until(lambda: road.attempts("order") == ["unavailable"])
    with road.ledger.commit() as book:
        book.documents.end(book.documents.newest("order", "us", number_of(first)).id, End.SUPERSEDED)
    here, elsewhere = "{EWR1: America/New_York}", "{LAX9: America/Los_Angeles}"
    world.edit("translator.yaml", lambda text: text.replace(here, elsewhere))
    road.reload()
    road.until(lambda: road.held("no mapping of any WMS writes orders for warehouse EWR1"), within=600)
    world.edit("translator.yaml", lambda text: text.replace(elsewhere, here))
    folder.with_name("gone").rename(folder)
    road.reload()
    road.until(lambda: world.visible(LOCAL), within=600)
    (name,) = world.visible(LOCAL)
    text = (folder / name).read_text()
    assert number_of(second) in text
    assert number_of(first) not in text


# --- orders that come again at every poll -----------------------------------------------------------------------------


def count(road, query):
    with road.look() as book:
        return book._connection.exec_driver_sql(query).scalar()


def test_an_order_that_cannot_go_on_is_told_once_however_often_it_comes(opened):
    bad, _ = orders = orders_of((LOCAL,), 2)

    def spoil(world):
        known = world.amazon.market.account.orders[number_of(bad)]
        known.body["orderDetails"]["items"][0]["orderedQuantity"]["amount"] = 0

    world, road = opened(orders=orders, change=spoil)
    road.until(lambda: road.reasons("read"))
    road.go(60)
    assert calls(world, "getOrders") > 5
    assert count(road, "SELECT count(*) FROM document WHERE kind = 'unread'") == 1
    assert count(road, "SELECT count(*) FROM document WHERE kind = 'answer'") == 1
    assert len(road.reasons("read")) == 1
    with road.look() as book:
        assert book.documents.newest("unread", "us", number_of(bad)).tree["purchaseOrderNumber"] == number_of(bad)


def test_an_order_that_amazon_tells_otherwise_is_for_a_person_once(opened):
    (order,) = orders = orders_of((LOCAL,), 1)
    number = number_of(order)
    world, road = opened(orders=orders)
    road.until(lambda: road.ends("acknowledgement", number) == ["accepted"])
    known = world.amazon.market.account.orders[number]
    known.body["orderDetails"]["items"][0]["orderedQuantity"]["amount"] = 77
    road.until(lambda: road.held("the items differ"))
    assert road.ask("release", road.row_of("the items differ"))[0]
    road.go(60)
    assert not road.held("the items differ")  # seen
    assert road.events(number).count("order contradicted") == 1


# --- batches and names ------------------------------------------------------------------------------------------------


def batched(world):
    world.edit("mappings/plain-csv/orders.yaml", lambda _: BATCH)


def test_one_bad_order_does_not_stop_its_batch(opened):
    orders = orders_of((LOCAL,), 5)
    bad = number_of(odd(orders[2]))
    world, road = opened(orders=orders, change=batched)
    road.until(lambda: world.visible(LOCAL))
    (name,) = world.visible(LOCAL)
    text = (world.folder(LOCAL, "in/orders") / name).read_text()
    assert {number_of(order) for order in orders if number_of(order) in text} == {*map(number_of, orders)} - {bad}
    assert [row[3] for row in road.rows() if "cannot write it" in row[4]] == ["held"]
    mend(world)
    road.reload()
    road.until(lambda: len(world.visible(LOCAL)) == 2)


def test_a_batch_that_loses_one_while_it_is_made_is_written_without_it_at_once(opened):
    orders = orders_of((LOCAL,), 3)
    world, road = opened(orders=orders, change=batched)

    def under_way():
        with road.look() as book:
            return [row for row in book.work.find(station="write", state="active") if "orders" in row.route]

    road.until(lambda: len(under_way()) == 3)
    lost = under_way()[0]
    with road.ledger.commit() as book:
        book.work.remove(lost.station, lost.route, lost.subject)
    road.until(lambda: world.visible(LOCAL), within=20)
    (name,) = world.visible(LOCAL)
    text = (world.folder(LOCAL, "in/orders") / name).read_text()
    assert sum(number_of(order) in text for order in orders) == 2


def test_orders_with_one_fixed_file_name_go_one_after_the_other(opened, taking):
    def fixed(world):
        name = '"ORD-{{ order.purchaseOrderNumber }}.csv"'
        world.edit("mappings/plain-csv/orders.yaml", lambda text: text.replace(name, '"ORDERS.csv"'))

    orders = orders_of((LOCAL,), 3)
    world, road = opened(orders=orders, change=fixed)
    seen = set()

    def gone():
        for data in taking(world).values():
            seen.update(number_of(order) for order in orders if number_of(order).encode() in data)
        return len(seen) == 3

    road.until(gone, within=300)
    assert not road.held("another file of this name")


# --- stock ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["RNO4", "..", "EWR 1"])
def test_a_level_of_a_warehouse_that_is_not_the_senders_is_answered(opened, code):
    world, road = opened()
    rows = f"WAREHOUSE,SKU,ASIN,QTY\n{code},KTL-17-RED,B0SIMKTL17,12\nEWR1,TOW-6,B0SIMTOW06,5\n"
    world.place(LOCAL, "out/stock", "STOCK1.csv", rows)
    road.until(lambda: "STOCK1.csv,2" in answers(world))
    road.until(lambda: world.amazon.state()["inventory"].get("EWR1", {}).get("TOW-6", {}).get("amount") == 5)
    assert set(world.amazon.state()["inventory"]) == {"EWR1"}
    assert "warehouse-foreign" in answers(world)
