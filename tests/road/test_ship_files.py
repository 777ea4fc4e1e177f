"""What the warehouse tells of an order: before it is known, in parts, again, otherwise, and wrongly."""

import re
from dataclasses import replace

import pytest

from tests.road.conftest import LOCAL
from tests.road.road import ship_csv, shipment
from tests.world import orders_of
from translator.core.timeline import fold, running

DAY = 24 * 3600
WAITS = replace(LOCAL, when="taken")


def number_of(order):
    return order["purchaseOrderNumber"]


def text_of(world, below="in/answers"):
    return "".join((world.folder(LOCAL, below) / name).read_text("utf-8") for name in world.visible(LOCAL, below))


def test_a_ship_file_that_comes_before_its_order_waits_for_it_and_ends_accepted(opened):
    (order,) = orders_of((LOCAL,), 1)
    world, road = opened(orders=[])
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(order)))
    road.until(lambda: road.held(f"order {number_of(order)} is not known"))
    world.amazon.add_orders([order])
    road.until(lambda: road.ends("shipment_confirmation", number_of(order)) == ["accepted"])
    assert world.amazon.state()["effects"]["submitShipmentConfirmations"] == {number_of(order): 1}


def test_an_order_that_does_not_come_within_a_day_rejects_its_ship_file_with_an_answer(opened):
    (order,) = orders_of((LOCAL,), 1)
    world, road = opened(orders=[])
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(order)))
    road.until(lambda: road.held("is not known"))
    road.clock.skip(DAY - 600)
    road.go(5)
    assert road.held("is not known")
    road.clock.skip(1200)
    road.until(lambda: "unknown-order" in text_of(world))
    assert road.ends("shipment_confirmation", number_of(order)) == ["rejected"]
    assert f"SHIP1.csv,2,{number_of(order)}" in text_of(world)


def test_lines_that_are_missing_are_named_and_the_next_file_completes_them(opened):
    order = orders_of((LOCAL,), 2)[1]  # three lines
    lines = [item["itemSequenceNumber"] for item in order["orderDetails"]["items"]]
    world, road = opened(orders=[order])
    part = ship_csv(road.clock, shipment(order, lines[:1]))
    world.place(LOCAL, "out/ship", "SHIP1.csv", part)
    road.until(lambda: road.held("waits for lines"))
    assert re.search(r"waits for lines 0*2, 0*3$", "".join(road.reasons("write")))
    road.go(20)
    assert "submitShipmentConfirmations" not in world.amazon.state()["effects"]
    world.place(LOCAL, "out/ship", "SHIP2.csv", ship_csv(road.clock, shipment(order, lines[1:], carton="C2")))
    road.until(lambda: road.ends("shipment_confirmation", number_of(order)) == ["accepted"])
    world.place(LOCAL, "out/ship", "SHIP3.csv", part)  # the same again: once as bytes, once as words
    world.place(LOCAL, "out/ship", "SHIP4.csv", part + b"\r\n")
    road.go(20)
    assert sorted(road.ends("shipment_confirmation", number_of(order))) == ["accepted", "duplicate"]
    assert world.amazon.state()["effects"]["submitShipmentConfirmations"] == {number_of(order): 1}
    assert road.rows() == [row for row in road.rows() if row[0] == "settle"]


def test_what_a_rejected_file_told_wrongly_completes_what_waits_when_it_is_mended(opened):
    order = orders_of((LOCAL,), 2)[1]
    world, road = opened(orders=[order])
    number = order["purchaseOrderNumber"]
    road.until(lambda: "accepted" in road.ends("acknowledgement", number))
    first, *rest = [item["itemSequenceNumber"] for item in order["orderDetails"]["items"]]
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(order, [first], carton="C1")))
    road.until(lambda: any("waits for line" in one for one in road.reasons()))
    world.place(LOCAL, "out/ship", "SHIP2.csv", ship_csv(road.clock, shipment(order, rest, quantity="x5", carton="C2")))
    road.until(lambda: "rejected" in road.ends("shipment_confirmation", number))
    world.place(LOCAL, "out/ship", "SHIP3.csv", ship_csv(road.clock, shipment(order, rest, carton="C2")))
    road.until(lambda: "accepted" in road.ends("shipment_confirmation", number), within=600)
    world.place(LOCAL, "out/ship", "SHIP4.csv", ship_csv(road.clock, shipment(order, rest, quantity="x6", carton="C2")))
    road.until(lambda: road.ends("shipment_confirmation", number).count("rejected") == 2)
    again = ship_csv(road.clock, shipment(order, [first], carton="C1"))
    world.place(LOCAL, "out/ship", "SHIP5.csv", again + b"\r\n")
    road.until(lambda: "duplicate" in road.ends("shipment_confirmation", number))


def test_a_ship_file_that_contradicts_what_was_told_is_held_for_a_person(opened):
    (order,) = orders_of((LOCAL,), 1)
    world, road = opened(orders=[order])
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(order)))
    road.until(lambda: road.ends("shipment_confirmation", number_of(order)) == ["accepted"])
    world.place(LOCAL, "out/ship", "SHIP2.csv", ship_csv(road.clock, shipment(order, quantity=7)))
    road.until(lambda: road.held("it contradicts what is known"))
    road.go(20)
    assert world.amazon.state()["effects"]["submitShipmentConfirmations"] == {number_of(order): 1}


def undated(world):
    """Let a ship file say no date: another one may."""

    def change(text):
        return text.replace("max(SHIPPED)", "{maybe: max(SHIPPED)}").replace("warehouse, required: true", "warehouse")

    world.edit(f"mappings/{WAITS.called}/ship.yaml", change)


def told_wrongly_and_mended(opened, *amounts):
    """Have an order told without a date, and then otherwise, while its confirmation waits for the acknowledgement."""
    (order,) = orders_of((WAITS,), 1)
    world, road = opened((WAITS,), [order], change=undated)
    road.until(lambda: "order sent" in road.events(number_of(order)))
    for place, amount in enumerate((None, *amounts)):
        told = ship_csv(road.clock, shipment(order, quantity=amount))
        told = told if place else re.sub(rb",1\.25,[0-9: -]+", b",2.50,", told)
        world.place(WAITS, "out/ship", f"SHIP{place}.csv", told)
        road.until(lambda place=place: len(road.ends("shipment_confirmation", number_of(order))) == place + 1)
    return world, road, number_of(order)


def test_what_contradicted_a_file_goes_on_when_that_is_rejected(opened, taking):
    world, road, number = told_wrongly_and_mended(opened, None)
    assert road.held("it contradicts what is known")
    taking(world)
    road.until(lambda: road.ends("shipment_confirmation", number) == ["rejected", "accepted"], within=900)
    assert f"SHIP0.csv,2,{number}" in text_of(world)
    assert world.amazon.state()["effects"]["submitShipmentConfirmations"] == {number: 1}
    assert not road.held("")


def test_what_contradicted_a_file_goes_on_when_an_operator_gives_that_up(opened, taking):
    world, road, number = told_wrongly_and_mended(opened, None)
    taking(world)
    with road.look() as book:
        wrong, _ = book.documents.about("us", number, "shipment_confirmation")
        (row,) = book.work.find(subject=f"document:{wrong.id}")
    assert road.ask("reject", row.id)[0]
    road.until(lambda: road.ends("shipment_confirmation", number) == ["closed", "accepted"], within=900)
    assert world.amazon.state()["effects"]["submitShipmentConfirmations"] == {number: 1}


def of_other_number(order, lines, carton):
    """Tell lines of an order in a carton, with another tracking number on it than `shipment` says."""
    told = shipment(order, lines, carton=carton)
    return replace(told, packed=tuple(replace(one, tracking="1ZANOTHER") for one in told.packed))


def contested(opened):
    """Have a file tell a line, the next one another number on its carton, and a third one all other lines."""
    order = orders_of((LOCAL,), 2)[1]  # three lines
    world, road = opened(orders=[order])
    first, *rest = (item["itemSequenceNumber"] for item in order["orderDetails"]["items"])
    told = {
        "known": shipment(order, [first]),
        "contradicted": of_other_number(order, [first], "C1"),
        "more": shipment(order, rest, carton="C2"),
    }
    for fact, one in told.items():
        world.place(LOCAL, "out/ship", f"SHIP{fact}.csv", ship_csv(road.clock, one))
        road.until(lambda fact=fact: f"shipment_confirmation {fact}" in road.events(number_of(order)))
    road.until(lambda: road.held("another file says otherwise"))
    road.go(20)
    assert "submitShipmentConfirmations" not in world.amazon.state()["effects"]
    return world, road, number_of(order)


@pytest.mark.parametrize(
    "wrong, ends, tracking",
    [("another file says", ["closed", "accepted"], "1ZANOTHER"), ("it contradicts", ["accepted", "closed"], "1ZC1")],
)
def test_of_two_that_contradict_each_other_a_third_file_completes_the_one_that_is_not_given_up(
    opened, wrong, ends, tracking
):
    world, road, number = contested(opened)
    assert road.ask("reject", road.row_of(wrong))[0]
    road.until(lambda: road.ends("shipment_confirmation", number) == ends)
    assert world.amazon.state()["effects"]["submitShipmentConfirmations"] == {number: 1}
    assert tracking in str(confirmed(road))


def confirmed(road):
    """Give what went to Amazon."""
    with road.look() as book:
        query = "SELECT body FROM interchange WHERE kind = 'shipment_confirmation' AND direction = 'out'"
        return [book.bodies.read(body) for body in book._connection.exec_driver_sql(query).scalars()]


def test_of_two_that_contradict_each_other_the_one_that_a_person_lets_go_on_goes_alone(opened, taking):
    (order,) = orders_of((WAITS,), 1)
    world, road = opened((WAITS,), [order])
    road.until(lambda: "order sent" in road.events(number_of(order)))
    for place, one in enumerate((shipment(order), of_other_number(order, None, "C1"))):
        world.place(WAITS, "out/ship", f"SHIP{place}.csv", ship_csv(road.clock, one))
        road.until(lambda place=place: len(road.ends("shipment_confirmation", number_of(order))) == place + 1)
    assert road.ask("release", road.row_of("it contradicts"))[0]
    taking(world)
    road.until(lambda: "accepted" in road.ends("shipment_confirmation", number_of(order)), within=900)
    road.go(20)
    assert road.ends("shipment_confirmation", number_of(order)) == ["None", "accepted"]
    assert world.amazon.state()["effects"]["submitShipmentConfirmations"] == {number_of(order): 1}


def test_of_several_that_contradict_a_rejected_file_a_person_says_which_goes_on(opened, taking):
    world, road, number = told_wrongly_and_mended(opened, None, 9_998)
    taking(world)
    road.until(lambda: "rejected" in road.ends("shipment_confirmation", number), within=900)
    road.go(30)
    assert road.ends("shipment_confirmation", number) == ["rejected", "None", "None"]
    assert "submitShipmentConfirmations" not in world.amazon.state()["effects"]


def test_a_later_file_that_cannot_be_read_lets_nothing_go_on(opened):
    _, road, number = told_wrongly_and_mended(opened, None, "x5")
    road.go(30)
    assert road.ends("shipment_confirmation", number) == ["None", "None", "rejected"]
    assert road.held("it contradicts what is known")


def test_bad_rows_are_answered_with_their_line_and_their_neighbours_go_on(opened):
    minus, sku, good = orders = orders_of((LOCAL,), 3)
    world, road = opened(orders=orders)
    data = ship_csv(
        road.clock, shipment(minus, quantity=-5), shipment(sku, carton="C2"), shipment(good, carton="C3")
    ).replace(f"{number_of(sku)},00001".encode(), f"{number_of(sku)},00099".encode())
    world.place(LOCAL, "out/ship", "SHIP1.csv", data)
    road.until(lambda: road.ends("shipment_confirmation", number_of(good)) == ["accepted"])
    road.until(lambda: number_of(minus) in text_of(world) and number_of(sku) in text_of(world))
    assert road.ends("shipment_confirmation", number_of(minus)) == ["rejected"]
    assert road.ends("shipment_confirmation", number_of(sku)) == ["rejected"]
    assert world.amazon.state()["effects"]["submitShipmentConfirmations"] == {number_of(good): 1}
    world.place(LOCAL, "out/ship", "SHIP2.csv", ship_csv(road.clock, shipment(minus), shipment(sku)))  # mended
    road.until(lambda: len(world.amazon.state()["effects"]["submitShipmentConfirmations"]) == 3)


def test_an_unknown_sku_in_a_stock_file_is_answered_and_the_other_levels_go_on(opened):
    (order,) = orders_of((LOCAL,), 1)
    world, road = opened(orders=[order])
    road.until(lambda: road.ends("acknowledgement", number_of(order)) == ["accepted"])
    rows = "WAREHOUSE,SKU,ASIN,QTY\r\nEWR1,KTL-17-RED,B0SIMKTL17,12\r\nEWR1,TOW-6,B0SIMTOW06,-5\r\n"
    world.place(LOCAL, "out/stock", "STOCK1.csv", rows)
    road.until(lambda: world.amazon.state()["inventory"].get("EWR1", {}).get("KTL-17-RED", {}).get("amount") == 12)
    road.until(lambda: "STOCK1.csv,3" in text_of(world))
    assert "TOW-6" not in world.amazon.state()["inventory"]["EWR1"]


def test_a_file_that_grows_is_not_read_before_it_stands_still(opened):
    (order,) = orders_of((LOCAL,), 1)
    world, road = opened(orders=[order])
    data = ship_csv(road.clock, shipment(order))
    path = world.folder(LOCAL, "out/ship") / "SHIP1.csv"
    for end in range(20, len(data), 20):
        path.write_bytes(data[:end])
        road.go(0.9)  # less than it has to stand still
        assert path.exists()
    path.write_bytes(data)
    road.until(lambda: road.ends("shipment_confirmation", number_of(order)) == ["accepted"])
    assert text_of(world) == ""


def test_a_file_of_nonsense_is_answered_and_its_bytes_stay(opened):
    world, road = opened()
    world.place(LOCAL, "out/ship", "SHIP1.csv", b"\x00\x01\x02 this is no CSV")
    road.until(lambda: "SHIP1.csv" in text_of(world))
    with road.look() as book:
        (found,) = book._connection.exec_driver_sql("SELECT body FROM interchange WHERE name = 'SHIP1.csv'").scalars()
        assert book.bodies.read(found).startswith(b"\0\1\2")


def stock_csv(*rows):
    return "WAREHOUSE,SKU,ASIN,QTY\r\n" + "".join(f"EWR1,{sku},{asin},{level}\r\n" for sku, asin, level in rows)


FILLERS = [(f"S{number:04}", "", number) for number in range(1_100)]
KETTLE, TOWEL = "KTL-17-RED,B0SIMKTL17".split(","), "TOW-6,B0SIMTOW06".split(",")


def test_a_level_that_a_long_file_tells_twice_and_otherwise_is_not_sent_and_is_answered(opened):
    (order,) = orders_of((LOCAL,), 1)
    world, road = opened(orders=[order])
    road.until(lambda: road.ends("acknowledgement", number_of(order)) == ["accepted"])
    rows = [(*KETTLE, 12), (*TOWEL, 3), *FILLERS, (*KETTLE, 13), (*TOWEL, 3)]
    world.place(LOCAL, "out/stock", "STOCK1.csv", stock_csv(*rows))
    road.until(lambda: world.amazon.state()["inventory"].get("EWR1", {}).get("TOW-6", {}).get("amount") == 3)
    road.until(lambda: "STOCK1.csv,1104" in text_of(world))
    assert "KTL-17-RED" not in world.amazon.state()["inventory"]["EWR1"]


def test_a_level_that_a_long_file_contradicts_is_not_sent_even_if_its_end_tells_the_first_one_again(opened):
    (order,) = orders_of((LOCAL,), 1)
    world, road = opened(orders=[order])
    road.until(lambda: road.ends("acknowledgement", number_of(order)) == ["accepted"])
    more = [(f"T{number:04}", "", number) for number in range(1_100)]
    rows = [(*KETTLE, 12), (*TOWEL, 3), *FILLERS, (*KETTLE, 13), *more, (*KETTLE, 12)]
    world.place(LOCAL, "out/stock", "STOCK1.csv", stock_csv(*rows))
    road.until(lambda: world.amazon.state()["inventory"].get("EWR1", {}).get("TOW-6", {}).get("amount") == 3)
    road.go(60)
    assert "KTL-17-RED" not in world.amazon.state()["inventory"]["EWR1"]


def test_what_is_left_out_of_a_later_part_is_the_very_item_that_contradicts(opened):
    (order,) = orders_of((LOCAL,), 1)
    world, road = opened(orders=[order])
    road.until(lambda: road.ends("acknowledgement", number_of(order)) == ["accepted"])
    same = [("", KETTLE[1], 5), (KETTLE[0], "", 5)]  # one product, called by either of its names
    world.place(LOCAL, "out/stock", "STOCK1.csv", stock_csv((*TOWEL, 3), *FILLERS, *same, (*TOWEL, 4), ("Z1", "", 9)))
    road.until(lambda: world.amazon.state()["inventory"].get("EWR1", {}).get(KETTLE[0], {}).get("amount") == 5)
    road.go(60)
    assert "TOW-6" not in world.amazon.state()["inventory"]["EWR1"]


def say_full(world):
    (path,) = world.site.rglob("mappings/**/stock.yaml")
    text = path.read_text("utf-8")
    path.write_text(text.replace("  items:", "  isFullUpdate: {text: true}\n  items:"), "utf-8")


def test_nothing_of_a_long_full_stock_file_goes_on_when_one_of_its_last_rows_is_bad(opened):
    (order,) = orders_of((LOCAL,), 1)
    world, road = opened(orders=[order], change=say_full)
    road.until(lambda: road.ends("acknowledgement", number_of(order)) == ["accepted"])
    world.place(LOCAL, "out/stock", "STOCK1.csv", stock_csv((*TOWEL, 3), *FILLERS, (*KETTLE, "x")))
    road.until(lambda: "STOCK1.csv,1103" in text_of(world))
    assert "submitInventoryUpdate" not in world.amazon.state()["effects"]
    world.place(LOCAL, "out/stock", "STOCK2.csv", stock_csv((*TOWEL, 3), *FILLERS, (*KETTLE, 4)))
    road.until(lambda: world.amazon.state()["inventory"].get("EWR1", {}).get("KTL-17-RED", {}).get("amount") == 4)


def test_what_breaks_a_rule_of_amazon_s_is_answered_by_row_and_column(opened):
    order = orders_of((LOCAL,), 2)[1]  # three lines
    world, road = opened(orders=[order])
    road.until(lambda: "accepted" in road.ends("acknowledgement", number_of(order)))
    rows = ship_csv(road.clock, shipment(order)).splitlines(keepends=True)
    rows[2] = re.sub(rb"^([^,]*,[^,]*),\d+,", rb"\1,-5,", rows[2])
    world.place(LOCAL, "out/ship", "SHIP1.csv", b"".join(rows))
    road.until(lambda: "rejected" in road.ends("shipment_confirmation", number_of(order)))
    road.until(lambda: text_of(world))
    assert f"SHIP1.csv,3,{number_of(order)},QTY,quantity" in text_of(world)


def test_the_clock_of_goods_that_have_left_runs_on_when_another_file_is_rejected(opened):
    order = orders_of((LOCAL,), 2)[1]  # three lines
    first, *rest = (item["itemSequenceNumber"] for item in order["orderDetails"]["items"])
    world, road = opened(orders=[order])
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(order, [first])))
    road.until(lambda: road.held("waits for lines"))
    due = clocks(road, number_of(order))["confirm"]
    road.clock.skip(600)
    world.place(LOCAL, "out/ship", "SHIP2.csv", ship_csv(road.clock, shipment(order, rest, quantity=99, carton="C2")))
    road.until(lambda: text_of(world))
    assert clocks(road, number_of(order))["confirm"] == due
    world.place(LOCAL, "out/ship", "SHIP3.csv", ship_csv(road.clock, shipment(order, rest[:1], carton="C2")))
    road.until(lambda: road.held("waits for line 3"))
    assert clocks(road, number_of(order)) == {"confirm": due}


def clocks(road, number):
    """Give when each clock of an order is due."""
    with road.look() as book:
        return {clock.name: clock.due for clock in running(fold(book.events.of(f"us {number}")))}


def test_each_file_of_a_confirmation_that_is_given_up_is_answered(opened):
    order = orders_of((LOCAL,), 2)[1]  # three lines
    first, second, _ = (item["itemSequenceNumber"] for item in order["orderDetails"]["items"])
    world, road = opened(orders=[order])
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(order, [first])))
    road.until(lambda: road.held("waits for lines"))
    world.place(LOCAL, "out/ship", "SHIP2.csv", ship_csv(road.clock, shipment(order, [second], carton="C2")))
    road.until(lambda: road.held("waits for line 3"))
    assert road.ask("reject", number_of(order), reason="sent to the wrong house")[0]
    road.until(lambda: text_of(world).count("sent to the wrong house") == 2)
    assert [name for name in ("SHIP1.csv", "SHIP2.csv") if f"{name},,{number_of(order)}" in text_of(world)] == [
        "SHIP1.csv",
        "SHIP2.csv",
    ]


def test_the_row_of_a_second_file_that_is_at_fault_is_answered_and_no_neighbour_of_it(opened):
    order = orders_of((LOCAL,), 2)[1]  # three lines
    first, second, third = (item["itemSequenceNumber"] for item in order["orderDetails"]["items"])
    world, road = opened(orders=[order])
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(order, [first])))
    road.until(lambda: road.held("waits for lines"))
    bad, good = shipment(order, [second], quantity=-5, carton="C2"), shipment(order, [third], carton="C3")
    world.place(LOCAL, "out/ship", "SHIP2.csv", ship_csv(road.clock, bad, good))
    road.until(lambda: text_of(world))
    assert f"SHIP2.csv,2,{number_of(order)},QTY,quantity" in text_of(world)


def test_a_weight_below_nought_is_answered_alone_and_the_mended_file_completes_the_order(opened):
    order = orders_of((LOCAL,), 2)[1]  # three lines
    first, *rest = (item["itemSequenceNumber"] for item in order["orderDetails"]["items"])
    world, road = opened(orders=[order])
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(order, [first])))
    road.until(lambda: road.held("waits for lines"))
    told = ship_csv(road.clock, shipment(order, rest, carton="C2"))
    world.place(LOCAL, "out/ship", "SHIP2.csv", told.replace(b",1.25,", b",-1.25,"))
    road.until(lambda: text_of(world))
    assert f"SHIP2.csv,2,{number_of(order)},LBS,weight-negative" in text_of(world)
    world.place(LOCAL, "out/ship", "SHIP3.csv", told)
    road.until(lambda: road.ends("shipment_confirmation", number_of(order)) == ["accepted", "rejected"])


def test_what_no_other_file_can_mend_is_answered_at_once_and_not_with_the_acknowledgement(opened):
    (order,) = orders_of((WAITS,), 1)
    world, road = opened((WAITS,), [order])
    road.until(lambda: "order sent" in road.events(number_of(order)))
    world.place(WAITS, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(order, quantity=-5)))
    road.until(lambda: text_of(world))
    assert f"SHIP1.csv,2,{number_of(order)},QTY,quantity" in text_of(world)
    assert "acknowledgement accepted" not in road.events(number_of(order))


def test_a_file_that_tells_too_much_is_answered_alone_and_what_was_told_before_it_stands(opened):
    order = orders_of((LOCAL,), 2)[1]  # three lines
    first, *rest = [item["itemSequenceNumber"] for item in order["orderDetails"]["items"]]
    world, road = opened(orders=[order])
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(order, [first])))
    road.until(lambda: road.held("waits for lines"))
    world.place(LOCAL, "out/ship", "SHIP2.csv", ship_csv(road.clock, shipment(order, rest, quantity=99, carton="C2")))
    road.until(lambda: text_of(world))
    assert f"SHIP2.csv,2,{number_of(order)},/containers,over-shipped" in text_of(world)
    assert "SHIP1.csv" not in text_of(world)
    world.place(LOCAL, "out/ship", "SHIP3.csv", ship_csv(road.clock, shipment(order, rest, carton="C2")))
    road.until(lambda: road.ends("shipment_confirmation", number_of(order)) == ["accepted", "rejected"])
