"""Several mappings for one folder or one kind, and several files for one document: each finds its own."""

import pytest

from tests.road.conftest import LOCAL
from tests.road.road import ship_csv, shipment
from tests.road.test_routes_and_holds import turn
from tests.world import orders_of
from translator.core.finding import Misconfigured

STOCK = "mappings/plain-csv/stock.yaml"
SHIP = "mappings/plain-csv/ship.yaml"


def number_of(order):
    return order["purchaseOrderNumber"]


def listed(before, after):
    return lambda world: world.edit("translator.yaml", lambda text: text.replace(before, after))


# --- what made it -------------------------------------------------------------------------------------------------


def test_each_document_says_by_which_mapping_and_tables_it_was_made(opened):
    one, two = orders_of((LOCAL,), 2)
    world, road = opened(orders=[one])
    road.until(lambda: world.visible(LOCAL))
    world.edit("mappings/plain-csv/tables/ship_methods.csv", lambda text: text + "MULE_TRAIN,MUL,by mule\n")
    road.reload()
    world.amazon.add_orders([two])
    road.until(lambda: len(world.visible(LOCAL)) == 2)
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(one)))
    road.until(lambda: "shipment_confirmation known" in road.events(number_of(one)))

    def stamp(order, name):
        with road.look() as book:
            (event,) = [one for one in book.events.of(f"us {number_of(order)}") if one.name == name]
        return event.detail["mapping"].split()

    (mapping, before), (same, after) = stamp(one, "order written"), stamp(two, "order written")
    assert mapping == same == "plain-csv/orders.yaml"
    assert before != after
    assert stamp(one, "shipment_confirmation known")[0] == "plain-csv/ship.yaml"


# --- one folder, several mappings ---------------------------------------------------------------------------------


def one_folder(world):
    """Let ship and stock files come out of one folder, with names that say nothing."""
    for path in (STOCK, SHIP):
        world.edit(path, lambda text: "\n".join(line for line in text.splitlines() if not line.startswith("file:")))
    world.edit("translator.yaml", lambda text: text.replace("out/ship: ship.yaml", "out/ship: [ship.yaml, stock.yaml]"))
    world.edit(
        "translator.yaml", lambda text: "\n".join(line for line in text.splitlines() if "out/stock:" not in line)
    )


def test_a_file_is_read_by_the_mapping_that_recognises_it(opened):
    (order,) = orders_of((LOCAL,), 1)
    world, road = opened(orders=[order], change=one_folder)
    road.until(lambda: world.visible(LOCAL))
    world.place(LOCAL, "out/ship", "A.csv", ship_csv(road.clock, shipment(order)))
    sku = order["orderDetails"]["items"][0]["vendorProductIdentifier"]
    world.place(LOCAL, "out/ship", "B.csv", f"WAREHOUSE,SKU,ASIN,QTY\n{LOCAL.code},{sku},,3\n")
    road.until(lambda: road.ends("shipment_confirmation", number_of(order)) == ["accepted"])
    road.until(lambda: world.amazon.state()["inventory"].get(LOCAL.code, {}).get(sku, {}).get("amount") == 3)


def test_a_file_that_none_of_the_mappings_recognises_is_held(opened):
    world, road = opened(orders=[], change=one_folder)
    world.place(LOCAL, "out/ship", "C.csv", "SOMETHING,ELSE\n1,2\n")
    road.until(lambda: road.held("2 mappings take a file of this name, and none recognises it: C.csv"))


# --- one kind, several mappings ---------------------------------------------------------------------------------------


def gifts_apart(world):
    """Let gifts go into a folder of their own, by a mapping of their own."""
    orders = world.site / "mappings/plain-csv/orders.yaml"
    said = "takes: order.orderDetails.shipmentDetails.isGift"
    gifts = orders.read_text().replace("ORD-{{", "GIFT-{{").replace("writes: order\n", f"writes: order\n{said}\n")
    (world.site / "mappings/plain-csv/gifts.yaml").write_text(gifts)
    (world.folder(LOCAL) / "in/gifts").mkdir()
    world.edit("translator.yaml", lambda text: text.replace("to:\n", "to:\n      in/gifts: gifts.yaml\n", 1))


def gift(order, *, is_gift=True):
    order["orderDetails"]["shipmentDetails"]["isGift"] = is_gift
    return order


def test_each_order_goes_to_the_mapping_that_takes_it(opened):
    one, two = orders_of((LOCAL,), 2)
    world, road = opened(orders=[gift(one), gift(two, is_gift=False)], change=gifts_apart)
    road.until(lambda: world.visible(LOCAL, "in/gifts") == [f"GIFT-{number_of(one)}.csv"])
    road.until(lambda: world.visible(LOCAL) == [f"ORD-{number_of(two)}.csv"])


def test_what_no_mapping_takes_is_held(opened):
    (order,) = orders_of((LOCAL,), 1)

    def only_gifts(world):
        gifts_apart(world)
        world.edit("translator.yaml", lambda text: text.replace("[orders.yaml, cancels.yaml]", "cancels.yaml"))

    _, road = opened(orders=[gift(order, is_gift=False)], change=only_gifts)
    road.until(lambda: road.held("no mapping of any WMS writes orders"))


def test_a_mapping_behind_one_that_takes_all_is_refused(opened):
    def wrong_way_round(world):
        gifts_apart(world)
        world.edit("translator.yaml", lambda text: text.replace("      in/gifts: gifts.yaml\n", ""))
        world.edit("translator.yaml", lambda text: text.replace("[orders.yaml, ", "[orders.yaml, gifts.yaml, "))

    with pytest.raises(Misconfigured, match="takes: "):
        opened(change=wrong_way_round)


# --- one document, several files --------------------------------------------------------------------------------------

SET = """\
writes: order
let: {number: order.purchaseOrderNumber, turn: counter('files')}
format: csv
files:
  head:
    file: "H-{{ number }}-{{ turn }}.csv"
    fields: {ORDER: number, METHOD: {from: order.orderDetails.shipmentDetails.shipMethod, lookup: ship_methods}}
  lines:
    file: "L-{{ number }}-{{ turn }}.csv"
    each: item in order.orderDetails.items
    fields: {ORDER: number, LINE: item.itemSequenceNumber}
  done: {file: "H-{{ number }}-{{ turn }}.DONE"}
"""


def as_set(world):
    world.edit("mappings/plain-csv/orders.yaml", lambda _: SET)


def names_of(order, turn=1):
    number = number_of(order)
    return [f"H-{number}-{turn}.DONE", f"H-{number}-{turn}.csv", f"L-{number}-{turn}.csv"]


def test_files_of_one_order_come_in_order_and_it_is_sent_with_the_last(opened):
    (order,) = orders_of((LOCAL,), 1)
    world, road = opened(orders=[order], change=as_set)
    seen = []

    def looked():
        seen.append((world.visible(LOCAL), "order sent" in road.events(number_of(order))))
        return world.visible(LOCAL) == names_of(order)

    road.until(looked)
    road.until(lambda: "order sent" in road.events(number_of(order)))
    done, head, lines = names_of(order)
    states = [names for names, _ in seen]
    assert all(names in ([], [head], [head, lines], [done, head, lines]) for names in states)
    assert not any(told for names, told in seen if len(names) < 3)


def test_an_order_is_taken_when_all_its_files_are(opened):
    (order,) = orders_of((LOCAL,), 1)
    world, road = opened(orders=[order], change=as_set)
    road.until(lambda: "order sent" in road.events(number_of(order)))
    folder = world.folder(LOCAL, "in/orders")
    for name in names_of(order)[::2]:
        (folder / name).unlink()
    road.go(60)
    assert "order taken" not in road.events(number_of(order))
    (folder / names_of(order)[1]).unlink()
    road.until(lambda: "order taken" in road.events(number_of(order)))
    assert road.ends("order", number_of(order)) == ["accepted"]


def test_an_order_cancelled_between_its_files_gets_them_all_and_then_the_cancellation(opened):
    """What has begun to leave leaves whole: half an order is worse than one that is cancelled at once."""
    (order,) = orders_of((LOCAL,), 1)
    world, road = opened(orders=[order], change=as_set)
    *_, head, _ = sorted(names_of(order))
    road.until(lambda: world.visible(LOCAL) == [head])
    turn(world, number_of(order), "CANCELLED")
    road.until(lambda: len(world.visible(LOCAL)) == 4)
    assert set(names_of(order)) < set(world.visible(LOCAL))


def test_a_file_of_a_set_that_cannot_be_written_holds_all_of_them(opened):
    (order,) = orders_of((LOCAL,), 1)
    order["orderDetails"]["shipmentDetails"]["shipMethod"] = "MULE_TRAIN"
    world, road = opened(orders=[order], change=as_set)
    road.until(lambda: road.held("cannot write it"))
    assert world.visible(LOCAL) == []


# --- one set of files, one reading ------------------------------------------------------------------------------------

SHIP_SET = """\
reads: shipment_confirmation
format: csv
header: true
files:
  head:
    file: "SH{turn}.csv"
    records: {H: {times: 0.., fields: {ORDER: {}, SHIPPED: {date: "%Y-%m-%d %H:%M", zone: UTC}}}}
  lines:
    file: "SL{turn}.csv"
    records: {L: {times: 0.., fields: {OF: {}, LINE: {}, QTY: {type: integer}, CARTON: {}, TRACKING: {}}}}
  done: {file: "S{turn}.DONE"}
documents:
  each: H
  about: {order: ORDER}
  shipmentDetails: {shippedDate: SHIPPED}
  containers:
    each: L if OF == ORDER
    group: CARTON
    containerIdentifier: CARTON
    trackingNumber: TRACKING
    packedItems: {each: L, about: {item: LINE}, packedQuantity: {amount: QTY}}
"""


def read_as_set(world):
    world.edit("mappings/plain-csv/ship.yaml", lambda _: SHIP_SET)


def place_set(world, road, order, turn, *names):
    """Lay some files of a set: S for the heads, L for the lines, D for the marker."""
    number = number_of(order)
    lines = [
        f"{number},{item['itemSequenceNumber']},{item['orderedQuantity']['amount']},C1,1ZC1"
        for item in order["orderDetails"]["items"]
    ]
    shipped = f"{road.clock.now():%Y-%m-%d %H:%M}"
    texts = {
        f"SH{turn}.csv": f"ORDER,SHIPPED\n{number},{shipped}\n",
        f"SL{turn}.csv": "OF,LINE,QTY,CARTON,TRACKING\n" + "\n".join(lines) + "\n",
        f"S{turn}.DONE": "",
    }
    for name in names or texts:
        world.place(LOCAL, "out/ship", name, texts[name])


def test_a_set_of_files_is_read_when_all_of_it_is_there(opened):
    (order,) = orders_of((LOCAL,), 1)
    world, road = opened(orders=[order], change=read_as_set)
    road.until(lambda: world.visible(LOCAL))
    place_set(world, road, order, 1, "SL1.csv", "SH1.csv")
    road.until(lambda: road.held("waits for S1.DONE"))
    road.go(30)
    assert road.ends("shipment_confirmation", number_of(order)) == []
    place_set(world, road, order, 1, "S1.DONE")
    road.until(lambda: road.ends("shipment_confirmation", number_of(order)) == ["accepted"])
    assert not [row for row in road.rows() if row[0] == "read"]


def in_order(world):
    read_as_set(world)
    kept = "out/ship: {mappings: ship.yaml, order: kept}"
    world.edit("translator.yaml", lambda text: text.replace("out/ship: ship.yaml", kept))


def test_a_set_of_files_is_read_also_where_the_order_of_its_folder_is_kept_and_the_next_set_after_it(opened):
    one, two = orders_of((LOCAL,), 2)
    world, road = opened(orders=[one, two], change=in_order)
    road.until(lambda: len(world.visible(LOCAL)) == 2)
    place_set(world, road, one, 1, "SH1.csv", "SL1.csv")
    road.until(lambda: road.held("waits for S1.DONE"))
    place_set(world, road, two, 2)
    road.until(lambda: world.visible(LOCAL, "out/ship") == [])
    road.go(90)
    assert road.ends("shipment_confirmation", number_of(two)) == []
    place_set(world, road, one, 1, "S1.DONE")
    road.until(lambda: road.ends("shipment_confirmation", number_of(one)) == ["accepted"])
    road.until(lambda: road.ends("shipment_confirmation", number_of(two)) == ["accepted"])
    assert not [row for row in road.rows() if row[0] == "read"]


def test_lines_of_a_set_go_to_the_head_they_name(opened):
    one, two = orders_of((LOCAL,), 2)
    world, road = opened(orders=[one, two], change=read_as_set)
    road.until(lambda: len(world.visible(LOCAL)) == 2)
    shipped = f"{road.clock.now():%Y-%m-%d %H:%M}"
    heads = "".join(f"{number_of(order)},{shipped}\n" for order in (one, two))
    lines = "".join(
        f"{number_of(order)},{item['itemSequenceNumber']},{item['orderedQuantity']['amount']},{carton},1Z{carton}\n"
        for order, carton in ((one, "C1"), (two, "C2"))
        for item in order["orderDetails"]["items"]
    )
    world.place(LOCAL, "out/ship", "SH1.csv", "ORDER,SHIPPED\n" + heads)
    world.place(LOCAL, "out/ship", "SL1.csv", "OF,LINE,QTY,CARTON,TRACKING\n" + lines)
    world.place(LOCAL, "out/ship", "S1.DONE", "")
    for order, carton in ((one, "C1"), (two, "C2")):
        road.until(lambda order=order: road.ends("shipment_confirmation", number_of(order)) == ["accepted"])
        with road.look() as book:
            (stored,) = book.documents.about("us", number_of(order), "shipment_confirmation")
        assert [box["containerIdentifier"] for box in stored.tree["containers"]] == [carton]


def test_files_of_two_sets_are_not_mixed(opened):
    one, two = orders_of((LOCAL,), 2)
    world, road = opened(orders=[one, two], change=read_as_set)
    road.until(lambda: len(world.visible(LOCAL)) == 2)
    place_set(world, road, one, 1, "SH1.csv", "S1.DONE")
    place_set(world, road, two, 2)
    road.until(lambda: road.ends("shipment_confirmation", number_of(two)) == ["accepted"])
    assert road.ends("shipment_confirmation", number_of(one)) == []
    place_set(world, road, one, 1, "SL1.csv")
    road.until(lambda: road.ends("shipment_confirmation", number_of(one)) == ["accepted"])


def test_a_set_about_an_order_that_is_not_known_yet_is_read_again_from_the_same_files(opened):
    one, two = orders_of((LOCAL,), 2)
    world, road = opened(orders=[two], change=read_as_set)
    place_set(world, road, one, 7)
    road.until(lambda: road.held(f"order {number_of(one)} is not known"))
    place_set(world, road, two, 7)  # the same names, another day
    road.until(lambda: road.ends("shipment_confirmation", number_of(two)) == ["accepted"])
    world.amazon.add_orders([one])
    road.until(lambda: road.ends("shipment_confirmation", number_of(one)) == ["accepted"])


def test_a_set_that_never_becomes_whole_is_for_a_person(opened):
    (order,) = orders_of((LOCAL,), 1)
    world, road = opened(orders=[order], change=read_as_set)
    place_set(world, road, order, 1, "SL1.csv")
    road.until(lambda: road.held("waits for SH1.csv, S1.DONE"))
    for _ in range(25):
        road.clock.skip(3600.0)
        road.go(2)
    with road.look() as book:
        assert [work.awaits for work in book.work.find(station="read", state="held")] == ["person"]


def test_a_file_of_a_set_that_a_person_holds_is_not_taken_in(opened):
    (order,) = orders_of((LOCAL,), 1)
    world, road = opened(orders=[order], change=read_as_set)
    road.until(lambda: world.visible(LOCAL))
    place_set(world, road, order, 1, "SH1.csv")
    road.until(lambda: road.held("waits for SL1.csv"))
    number = road.row_of("waits for SL1.csv")
    road.ask("hold", number, "a wrong day")
    place_set(world, road, order, 1, "SL1.csv", "S1.DONE")
    road.until(lambda: road.held(f"held for a person: SH1.csv in row {number}"))
    assert road.ends("shipment_confirmation", number_of(order)) == []
    road.ask("release", number)
    road.until(lambda: road.ends("shipment_confirmation", number_of(order)) == ["accepted"])
    assert not [row for row in road.rows() if row[0] == "read"]


def test_two_files_that_could_make_one_set_are_for_a_person(opened):
    """The same names on another day: the head of the one with the lines of the other would be a wrong shipment."""
    one, two = orders_of((LOCAL,), 2)
    world, road = opened(orders=[one, two], change=read_as_set)
    road.until(lambda: len(world.visible(LOCAL)) == 2)
    place_set(world, road, two, 1, "SH1.csv")
    road.until(lambda: road.held("waits for SL1.csv"))
    first = road.row_of("waits for SL1.csv")
    place_set(world, road, one, 1, "SH1.csv")
    road.until(lambda: len([row for row in road.rows() if row[0] == "read"]) == 2)
    place_set(world, road, one, 1, "SL1.csv", "S1.DONE")
    road.until(lambda: road.held("several files would make the set: SH1.csv"))
    assert [road.ends("shipment_confirmation", number_of(order)) for order in (one, two)] == [[], []]
    road.ask("reject", first)
    road.ask("retry", road.row_of("several files would make the set"))
    road.until(lambda: road.ends("shipment_confirmation", number_of(one)) == ["accepted"])
    assert road.ends("shipment_confirmation", number_of(two)) == []


def test_a_file_of_a_set_that_came_twice_with_the_same_bytes_is_taken_once_and_leaves_nothing(opened):
    (order,) = orders_of((LOCAL,), 1)
    world, road = opened(orders=[order], change=read_as_set)
    road.until(lambda: world.visible(LOCAL))
    for rows in (1, 2):
        place_set(world, road, order, 1, "S1.DONE")
        road.until(lambda rows=rows: len([row for row in road.rows() if row[0] == "read"]) == rows)
    place_set(world, road, order, 1, "SH1.csv", "SL1.csv")
    road.until(lambda: road.ends("shipment_confirmation", number_of(order)) == ["accepted"])
    assert not [row for row in road.rows() if row[0] == "read"]


def test_a_file_is_in_one_set_although_two_that_want_it_are_read_at_once(opened):
    """Both runs agree with the one head; the first takes it in, the other waits for a head of its own."""
    one, two = orders_of((LOCAL,), 2)
    world, road = opened(orders=[one, two], change=read_as_set)
    path = "mappings/plain-csv/ship.yaml"
    world.edit(path, lambda text: text.replace("SL{turn}.csv", "SL{turn}-{run}.csv"))
    road.reload()
    road.until(lambda: len(world.visible(LOCAL)) == 2)
    place_set(world, road, one, 1, "SH1.csv", "S1.DONE")
    road.until(lambda: road.held("waits for SL1-{run}.csv"))
    lines = f"{number_of(one)},1,1,C1,1ZC1\n"
    for run in "AB":
        world.place(LOCAL, "out/ship", f"SL1-{run}.csv", "OF,LINE,QTY,CARTON,TRACKING\n" + lines)
    road.until(lambda: road.held("waits for SH1.csv"))
    road.go(30)
    with road.look() as book:
        whole = list(book._connection.exec_driver_sql("SELECT name FROM event").scalars())
    assert whole.count("set is whole") == 1
