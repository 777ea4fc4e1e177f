"""What waits where and why, and the same bytes once more: read again, sent again, by number, by name, all that failed."""

import shutil

import pytest

from tests.cli.command import edit, run, run_json
from tests.road.conftest import LOCAL
from tests.road.road import ask_all, ship_csv, shipment
from tests.road.test_late_files import late, sent, told
from tests.road.test_partners import ill, refuse
from tests.road.test_routes_and_holds import BATCH
from tests.world import orders_of
from translator.core.finding import Unavailable

SHIP, STOCK, ORDERS = (f"{LOCAL.called}/{folder}" for folder in ("out/ship", "out/stock", "in/orders"))


def files(world, *options):
    return run_json("files", *options, "-C", world.site)


def states(world, *options):
    return {row["name"]: (row["folder"], row["state"]) for row in files(world, *options)}


def test_where_nothing_waits_it_says_so(opened):
    world, _ = opened(orders=[])
    assert "what came is read" in run("files", "-C", world.site).stdout
    assert files(world) == []


def test_each_file_that_waits_is_listed_with_its_state_and_why(opened):
    (order,) = orders = orders_of((LOCAL,), 1)
    world, road = opened(orders=orders)
    name = f"ORD-{order['purchaseOrderNumber']}.csv"
    road.until(lambda: world.visible(LOCAL))
    road.until(lambda: states(world).get(name) == (ORDERS, "sent, not taken"))
    world.write_site(quiet=3600)
    road.reload()
    world.place(LOCAL, "out/stock", "GROWS.csv", "WAREHOUSE,SKU,ASIN,QTY\n")
    (world.folder(LOCAL, "out/ship") / "LINK.csv").symlink_to("/etc/hostname")
    road.until(lambda: {"GROWS.csv", "LINK.csv"} <= states(world).keys())
    found = {row["name"]: row for row in files(world)}
    assert (found["GROWS.csv"]["state"], found["GROWS.csv"]["folder"]) == ("not complete", STOCK)
    assert found["GROWS.csv"]["why"].startswith("waiting because")
    assert (found["LINK.csv"]["state"], found["LINK.csv"]["row"] != "") == ("refused", True)
    assert "symbolic link" in found["LINK.csv"]["why"]
    assert set(states(world, STOCK)) == {"GROWS.csv"}
    assert set(states(world, "--name", "ORD-*")) == {name}
    assert set(states(world, "--failed")) == {"LINK.csv"}
    assert "GROWS.csv" in run("files", "-C", world.site).stdout


def test_a_file_that_is_not_taken_is_listed_since_it_was_sent(opened):
    world, road = opened()
    road.until(lambda: [row["state"] for row in files(world)] == ["sent, not taken"])
    (before,) = files(world)
    road.go(300)
    (after,) = files(world)
    assert (after["state"], after["since"]) == ("sent, not taken", before["since"])


def test_a_file_is_listed_though_its_warehouse_is_so_no_longer(opened):
    (order,) = orders = orders_of((LOCAL,), 1)
    world, road = opened(orders=orders)
    world.place(LOCAL, "out/ship", "ODD.txt", b"?")
    waits = {
        f"ORD-{order['purchaseOrderNumber']}.csv": (ORDERS, "sent, not taken"),
        "ODD.txt": (SHIP, "held: not read"),
    }
    road.until(lambda: states(world) == waits)
    shutil.move(world.site / "mappings" / LOCAL.called, world.site / "mappings/renamed")
    edit(world.site, f"  {LOCAL.called}:", "  renamed:")
    assert states(world) == waits


def test_a_file_is_listed_though_its_mapping_mapping_is_so_no_longer(opened):
    (order,) = orders = orders_of((LOCAL,), 1)
    world, road = opened(orders=orders)
    waits = {f"ORD-{order['purchaseOrderNumber']}.csv": (ORDERS, "sent, not taken")}
    road.until(lambda: states(world) == waits)
    edit(world.site, "in/orders: [orders.yaml, cancels.yaml]", "in/orders: cancels.yaml")
    assert states(world) == waits


def test_what_is_not_read_and_what_is_not_sent_is_listed_and_tried_again_by_name_or_all_at_once(opened):
    (order,) = orders = orders_of((LOCAL,), 1)
    world, road = opened(orders=orders)
    name = f"ORD-{order['purchaseOrderNumber']}.csv"
    _, well = ill(road, LOCAL, ("put",), refuse(Unavailable("the disk is full")))
    world.place(LOCAL, "out/ship", "ODD.txt", b"?")
    road.until(lambda: states(world).get("ODD.txt") == (SHIP, "held: not read"))
    road.until(lambda: states(world).get(name) == (ORDERS, "tried again"))
    (row,) = files(world, "--name", name)
    assert (row["why"], bool(row["next"])) == ("the disk is full", True)
    well()
    assert road.ask("retry", "ORD-*") == (True, f"row {row['row']} is tried again now")
    road.until(lambda: world.visible(LOCAL))
    assert ask_all(road, "retry")[0]
    road.until(lambda: road.held("no mapping takes a file of this name"))  # tried, and no better


# --- read again -----------------------------------------------------------------------------------------------------


def test_a_file_that_was_rejected_is_read_again_when_its_mapping_is_mended_and_none_goes_on_twice(opened):
    orders = orders_of((LOCAL,), 2)
    number, other = (order["purchaseOrderNumber"] for order in orders)
    world, road = opened(orders=orders)
    road.until(lambda: all(road.ends("acknowledgement", one) == ["accepted"] for one in (number, other)))
    good, odd = shipment(orders[0]), shipment(orders[1], method="NOPE", carton="C2")
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, good, odd))
    road.until(lambda: road.ends("shipment_confirmation", number) == ["accepted"])
    road.until(lambda: "shipment_confirmation rejected" in road.events(other))
    world.edit(f"mappings/{LOCAL.called}/tables/ship_methods.csv", lambda text: text.rstrip("\n") + "\nUPS_GR,NOPE,n\n")
    road.reload()
    assert road.ask("reoffer", "SHIP1.csv") == (True, "SHIP1.csv is read again")
    road.until(lambda: "accepted" in road.ends("shipment_confirmation", other), within=600)
    road.go(10)
    assert world.amazon.state()["effects"]["submitShipmentConfirmations"] == {number: 1, other: 1}


def unanswered(world):
    world.edit("translator.yaml", lambda text: text.replace("      in/answers: answers.yaml\n", ""))


def test_all_files_out_of_which_something_was_rejected_that_waits_for_a_person_are_read_again(opened):
    orders = orders_of((LOCAL,), 2)
    world, road = opened(orders=orders, change=unanswered)
    numbers = [order["purchaseOrderNumber"] for order in orders]
    road.until(lambda: all(road.ends("acknowledgement", one) == ["accepted"] for one in numbers))
    assert ask_all(road, "reoffer") == (False, "nothing failed")
    for order, carton, method in zip(orders, ("C1", "C2"), ("UPG", "NOPE"), strict=True):
        sent = ship_csv(road.clock, shipment(order, carton=carton, method=method))
        world.place(LOCAL, "out/ship", f"SHIP{carton}.csv", sent)
    road.until(lambda: road.ends("shipment_confirmation", numbers[0]) == ["accepted"])
    road.until(lambda: "shipment_confirmation rejected" in road.events(numbers[1]))
    world.edit(f"mappings/{LOCAL.called}/tables/ship_methods.csv", lambda text: text.rstrip("\n") + "\nUPS_GR,NOPE,n\n")
    road.reload()
    assert ask_all(road, "reoffer") == (True, "SHIPC2.csv is read again")
    road.until(lambda: "accepted" in road.ends("shipment_confirmation", numbers[1]), within=600)
    road.until(lambda: ask_all(road, "reoffer") == (False, "nothing failed"))


def test_a_file_that_is_not_read_to_its_end_is_not_read_beside_itself(opened):
    world, road = opened(orders=[])
    world.place(LOCAL, "out/ship", "ODD.txt", b"?")
    road.until(lambda: road.held(f"a file of this name: ODD.txt ({LOCAL.called}/ship.yaml takes SHIP{{word}}.csv)"))
    ok, said = road.ask("reoffer", "ODD.txt")
    assert (ok, "is not read to its end yet" in said) == (False, True)
    assert road.ask("reoffer", "NONE.csv")[0] is False


@pytest.mark.parametrize("given_up", [False, True], ids=["still held", "given up"])
def test_a_file_of_a_wrong_name_that_is_renamed_and_sent_again_is_read(opened, given_up):
    (order,) = orders = orders_of((LOCAL,), 1)
    number = order["purchaseOrderNumber"]
    world, road = opened(orders=orders)
    road.until(lambda: road.ends("acknowledgement", number) == ["accepted"])
    sent = ship_csv(road.clock, shipment(order))
    world.place(LOCAL, "out/ship", "ODD.txt", sent)
    road.until(lambda: states(world).get("ODD.txt") == (SHIP, "held: not read"))
    if given_up:
        assert road.ask("reject", "ODD.txt")[0]
    world.place(LOCAL, "out/ship", "SHIP1.csv", sent)
    road.until(lambda: road.ends("shipment_confirmation", number) == ["accepted"])
    assert "ODD.txt" not in states(world)
    world.place(LOCAL, "out/ship", "SHIP2.csv", sent)
    world.place(LOCAL, "out/ship", "SHIP3.csv", sent)
    road.until(lambda: [names.count("duplicate") for names in file_events(road)][-2:] == [1, 1])
    assert world.amazon.state()["effects"]["submitShipmentConfirmations"] == {number: 1}


def test_a_copy_laid_beside_its_twin_waits_until_that_is_read(opened):
    (order,) = orders = orders_of((LOCAL,), 1)
    number = order["purchaseOrderNumber"]
    world, road = opened(orders=orders)
    road.until(lambda: road.ends("acknowledgement", number) == ["accepted"])
    for name in ("SHIP1.csv", "SHIP2.csv"):
        world.place(LOCAL, "out/ship", name, ship_csv(road.clock, shipment(order)))
    road.until(lambda: road.ends("shipment_confirmation", number) == ["accepted"])
    assert sorted(file_events(road)[-2:]) == [["collected", "duplicate"], ["collected", "read"]]


def file_events(road):
    """Give the names of the events of each file that came in, by its number."""
    with road.look() as book:
        numbers = sorted(number for number, _ in book.interchanges.names("in", 1000))
        return [[event.name for event in book.events.of(f"interchange {number}")] for number in numbers]


# --- sent again -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("when", ["taken", "lying"])
def test_a_file_that_the_warehouse_lost_is_sent_again_the_same_and_nothing_follows_twice(opened, taking, when):
    (order,) = orders = orders_of((LOCAL,), 1)
    number = order["purchaseOrderNumber"]
    name = f"ORD-{number}.csv"
    world, road = opened(orders=orders)
    road.until(lambda: road.ends("acknowledgement", number) == ["accepted"])
    road.until(lambda: states(world).get(name) == (ORDERS, "sent, not taken"))
    (first,) = (dict(taking(world)),) if when == "taken" else ({},)
    if when == "taken":
        road.until(lambda: road.ends("order", number) == ["accepted"])
    before = road.events(number)
    ok, said = road.ask("resend", name, "their disk broke")
    assert ok, said
    road.until(lambda: "order sent again" in road.events(number))
    again = dict(taking(world))
    assert set(again) == {name}
    assert not first or again[name] == first[name]
    road.until(lambda: road.ends("order", number) == ["accepted"])
    road.go(20)
    assert road.rows() == []
    assert [event for event in road.events(number) if event.startswith("acknowledgement")] == [
        event for event in before if event.startswith("acknowledgement")
    ]
    assert road.events(number).count("order sent") == 1
    with road.look() as book:
        (twins,) = [book.contents.where(book.documents.newest("order", "us", number).id)]
    assert sorted(round_ for _, round_ in twins) == [1, 2]


def test_all_files_that_are_told_as_not_taken_are_sent_again_and_what_still_lies_there_is_not_written(opened):
    (order,) = orders = orders_of((LOCAL,), 1)
    world, road = opened(orders=orders, change=late("1h"))
    road.until(lambda: sent(road))
    assert ask_all(road, "resend") == (False, "nothing failed")
    (path,) = world.folder(LOCAL, "in/orders").glob("ORD*")
    before = path.stat().st_ino
    road.clock.skip(3700)
    road.until(lambda: told(road))
    ok, said = ask_all(road, "resend")
    assert (ok, f"{path.name} is sent again" in said) == (True, True)
    road.until(lambda: "order sent again" in road.events(order["purchaseOrderNumber"]))
    assert path.stat().st_ino == before


def test_asking_twice_sends_once_more_only(opened, taking):
    (order,) = orders = orders_of((LOCAL,), 1)
    name = f"ORD-{order['purchaseOrderNumber']}.csv"
    world, road = opened(orders=orders)
    road.until(lambda: states(world).get(name) == (ORDERS, "sent, not taken"))
    taking(world)
    road.until(lambda: files(world) == [])
    _, well = ill(road, LOCAL, ("put",), refuse(Unavailable("the disk is full")))
    assert road.ask("resend", name)[0]
    assert road.ask("resend", name)[0] is False
    well()
    road.until(lambda: world.visible(LOCAL) == [name], within=120)


def test_a_move_whose_answer_was_lost_is_answered_and_not_carried_out_again(opened, taking):
    (order,) = orders = orders_of((LOCAL,), 1)
    name = f"ORD-{order['purchaseOrderNumber']}.csv"
    world, road = opened(orders=orders)
    road.until(lambda: world.visible(LOCAL))
    taking(world)
    road.until(lambda: road.ends("order", order["purchaseOrderNumber"]) == ["accepted"])
    answer, lost = road.moves.answer, []

    def lose(*said):
        if len(lost) < 3:
            lost.append(said)
            raise Unavailable("the ledger is away")
        answer(*said)

    road.moves.answer = lose
    assert road.ask("resend", name, "their disk broke")[0]
    assert len(lost) == 3
    assert len(set(lost)) == 1
    with road.look() as book:
        assert [entry.act for entry in book.audit.latest(9)].count("move resend") == 1


def test_a_move_that_could_not_be_carried_out_is_told_so_though_its_answer_was_lost_and_a_later_one_was(opened):
    world, road = opened()
    road.until(lambda: world.visible(LOCAL))
    answer, lost = road.moves.answer, []

    def lose(*said):
        if not lost:
            lost.append(said)
            raise Unavailable("the ledger is away")
        answer(*said)

    road.moves.answer = lose
    first, second = (
        road.moves.ask(verb, {"target": target, "reason": ""}, "tester")
        for verb, target in (("resend", "NONE.csv"), ("resend", "ORD-*"))
    )
    road.until(lambda: road.moves.get(first).answered is not None)
    assert (road.moves.get(first).ok, road.moves.get(second).ok) == (False, True)
    assert [(*lost[0],)] == [(first, road.moves.get(first).outcome, False)]


def test_a_file_that_is_sent_again_and_given_up_leaves_its_order_as_it_was(opened, taking):
    (order,) = orders = orders_of((LOCAL,), 1)
    number = order["purchaseOrderNumber"]
    world, road = opened(orders=orders)
    road.until(lambda: world.visible(LOCAL))
    taking(world)
    road.until(lambda: road.ends("order", number) == ["accepted"])
    world.place(LOCAL, "in/orders", f"ORD-{number}.csv", b"of somebody else")
    assert road.ask("resend", f"ORD-{number}.csv")[0]
    road.until(lambda: road.held("another file with other bytes"))
    assert road.ask("reject", road.row_of("another file with other bytes"))[0]
    assert road.ends("order", number) == ["accepted"]
    assert [row for row in road.rows() if row[0] == "send"] == []


def test_what_was_never_sent_is_not_sent_again(opened):
    _, road = opened()
    assert road.ask("resend", "NONE.csv") == (False, "no file of this number or name went out here")


def test_an_order_that_is_cancelled_while_its_file_waits_to_be_sent_again_gets_a_cancel_file(opened):
    (order,) = orders = orders_of((LOCAL,), 1)
    number = order["purchaseOrderNumber"]
    world, road = opened(orders=orders)
    well = waits_again(world, road, f"ORD-{number}.csv")
    world.amazon.cancel(number)
    road.until(lambda: "order cancelled" in road.events(number))
    well()
    road.until(lambda: f"CAN-{number}.csv" in world.visible(LOCAL))
    road.go(60)
    assert "superseded" not in road.ends("order", number)
    assert "order sent again" not in road.events(number)


def test_a_file_that_waits_to_be_sent_again_with_an_order_that_is_cancelled_is_for_a_person(opened):
    orders = orders_of((LOCAL,), 2)
    first, second = (order["purchaseOrderNumber"] for order in orders)
    world, road = opened(
        orders=orders, change=lambda world: world.edit("mappings/plain-csv/orders.yaml", lambda _: BATCH)
    )
    well = waits_again(world, road, "ORD-1.csv")
    world.amazon.cancel(first)
    road.until(lambda: road.held(f"order {first} in it is off"))
    well()
    road.until(lambda: f"CAN-{first}.csv" in world.visible(LOCAL))
    assert world.visible(LOCAL) == [f"CAN-{first}.csv", "ORD-1.csv"]
    assert road.ask("release", road.row_of("in it is off"))[0]
    road.until(lambda: "order sent again" in road.events(second))


def waits_again(world, road, name):
    """Have a file wait to be sent again, since its folder takes nothing; give what makes it well."""
    road.until(lambda: states(world).get(name) == (ORDERS, "sent, not taken"))
    _, well = ill(road, LOCAL, ("put",), refuse(Unavailable("the disk is full")))
    assert road.ask("resend", name)[0]
    road.until(lambda: road.attempts("order") == ["sent", "unavailable"])
    return well
