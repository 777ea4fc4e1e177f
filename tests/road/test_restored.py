"""A ledger that is put back to an older state sends nothing again by itself: it looks, and asks a person row by row."""

import json
import shutil

import pytest

from tests import postgres
from tests.cli.command import run
from tests.road.conftest import LOCAL
from tests.road.road import BOTH, ship_csv, shipment
from tests.road.test_passed import ASIN
from tests.road.test_routes_and_holds import batched, number_of
from tests.world import orders_of

pytestmark = BOTH


def saved(road):
    """Copy the ledger of a road that is closed: the file, or the server's database."""
    where = road.world.where
    if road.world.server is None:
        shutil.copy(where, where.with_name("copy"))
        return where.with_name("copy")
    name = where.url.partition("?")[0].rpartition("/")[2]
    postgres.shared().ask("postgres", f"CREATE DATABASE {name}_copy TEMPLATE {name}")
    return postgres.shared().address(f"{name}_copy")


def put_back(road, copy):
    """Lay the copy where the ledger was, by hand, and start again."""
    road.close()
    if road.world.server is None:
        shutil.copy(copy, road.world.where)
    else:
        road.world.server = copy
    road._open()


@pytest.fixture
def sent_since(opened, taking):
    """An order that is known when the copy is made, and sent, taken and acknowledged afterwards."""
    world, road = opened()
    (number,) = world.amazon.state()["orders"]
    folder = world.folder(LOCAL, "in/orders")
    shutil.rmtree(folder)
    folder.touch()  # no folder: the file waits
    road.until(lambda: any("in/orders" in str(row) and row[0] == "send" for row in road.rows()))
    road.close()
    copy = saved(road)
    folder.unlink()
    folder.mkdir()
    road._open()
    road.until(lambda: world.visible(LOCAL))
    name = next(iter(taking(world)))
    road.until(lambda: road.ends("acknowledgement", number) == ["accepted"])
    road.until(lambda: road.ends("order", number) == ["accepted"])
    put_back(road, copy)
    return world, road, number, name


def effects(world):
    return json.dumps(world.amazon.state()["effects"], sort_keys=True, default=str)


def in_doubt(road):
    """Give the row of the order's file once a person is asked about it, and nothing else of the order is under way."""
    with road.look() as book:
        rows = [row for row in book.work.find() if row.station != "collect"]
    mine = (row.id for row in rows if row.route.startswith(f"{LOCAL.called}/") and "may have left" in row.reason)
    return next(mine, 0) if all(row.state == "held" for row in rows) else 0


def test_nothing_is_sent_again_and_what_has_arrived_is_taken_as_arrived(sent_since):
    world, road, number, name = sent_since
    before = effects(world)
    road.go(15)
    assert world.visible(LOCAL) == []
    assert effects(world) == before
    assert road.ask("reconciled", "")[0]
    road.go(15)
    assert world.visible(LOCAL) == []
    assert effects(world) == before
    assert road.held("may have left")
    ok, outcome = road.ask("arrived", number)
    assert ok
    assert f"{name} has arrived" in outcome
    road.go(15)
    assert road.ends("order", number) == ["accepted"]
    assert road.ends("acknowledgement", number) == ["accepted"]
    assert world.visible(LOCAL) == []
    assert effects(world) == before


def test_what_a_person_releases_is_sent_once_more(sent_since):
    world, road, number, name = sent_since
    assert road.ask("reconciled", "")[0]
    road.until(lambda: in_doubt(road))
    assert road.ask("release", number)[0]
    road.until(lambda: world.visible(LOCAL) == [name])


def test_what_is_asked_is_not_sent_since_somebody_has_it_tried_again(sent_since):
    world, road, number, _ = sent_since
    assert road.ask("reconciled", "")[0]
    road.until(lambda: in_doubt(road))
    row = in_doubt(road)
    for target in (number, row):
        ok, said = road.ask("retry", target)
        assert (ok, f"row {row} is not tried before it is answered" in said) == (False, True)
    road.go(15)
    assert world.visible(LOCAL) == []
    assert road.held("may have left")


def test_what_is_asked_is_still_asked_after_somebody_held_it(sent_since):
    world, road, number, _ = sent_since
    assert road.ask("reconciled", "")[0]
    road.until(lambda: in_doubt(road))
    held, said = road.ask("hold", number, "the customer called")
    assert held
    assert "held for a person already" in said
    assert road.held("may have left")
    assert road.ask("arrived", number)[0]
    road.go(15)
    assert world.visible(LOCAL) == []
    assert road.ends("order", number) == ["accepted"]


def test_what_was_ordered_afterwards_is_sent_as_ever(sent_since):
    world, road, _, _ = sent_since
    road.go(5)
    assert road.ask("reconciled", "")[0]
    new = orders_of((LOCAL,), 2)[1]
    new["orderDetails"]["orderDate"] = f"{road.clock.now():%Y-%m-%dT%H:%M:%SZ}"
    world.amazon.add_orders([new])
    road.until(lambda: any(new["purchaseOrderNumber"] in name for name in world.visible(LOCAL)))


def test_a_person_may_say_that_an_older_state_was_put_back(opened):
    world, road = opened()
    assert road.ask("reconcile", "")[0]
    road.go(10)
    assert world.visible(LOCAL) == []
    assert not road.ask("reconcile", "")[0]
    assert road.ask("reconciled", "")[0]
    assert not road.ask("reconciled", "")[0]
    road.until(lambda: road.held("may have left"))


def test_nothing_is_sent_before_it_is_ended_not_even_what_is_never_in_doubt(opened):
    world, road = opened(orders=[], catalogue={"SKU1": ASIN})
    assert road.ask("reconcile", "")[0]
    world.place(LOCAL, "out/stock", "STOCK1.csv", f"WAREHOUSE,SKU,ASIN,QTY\nEWR1,SKU1,{ASIN},7\n")
    road.until(lambda: any(row[0] == "send" for row in road.rows()))
    road.go(60)
    assert world.amazon.state()["submissions"] == []
    assert {row[3] for row in road.rows() if row[0] == "send"} == {"incoming"}
    assert road.ask("reconciled", "")[0]
    road.until(lambda: world.amazon.state()["submissions"])
    assert not road.held("may have left")


def gone_back(road):
    """Have it said that an older state was put back, and that all was looked at."""
    assert road.ask("reconcile", "")[0]
    assert road.ask("reconciled", "")[0]


def test_what_was_asked_about_in_one_file_is_asked_about_in_the_next(opened):
    first, second = orders = orders_of((LOCAL,), 2)
    world, road = opened(orders=orders, change=batched)
    assert road.ask("reconcile", "")[0]
    road.until(lambda: any(row[0] == "send" and "in/orders" in row[1] for row in road.rows()))
    assert road.ask("reconciled", "")[0]
    road.until(lambda: road.held("may have left"))
    world.amazon.cancel(number_of(second))
    road.until(lambda: road.ends("order", number_of(second)) == ["superseded"])
    road.go(30)
    assert world.visible(LOCAL) == []
    assert road.ask("release", number_of(first))[0]
    road.until(lambda: world.visible(LOCAL))
    (name,) = world.visible(LOCAL)
    assert number_of(first) in (world.folder(LOCAL, "in/orders") / name).read_text()


def test_what_comes_later_about_an_order_of_before_is_asked_about(opened):
    (order,) = orders = orders_of((LOCAL,), 1)
    world, road = opened(orders=orders)
    road.until(lambda: road.ends("acknowledgement", number_of(order)) == ["accepted"])
    gone_back(road)
    road.go(5)
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(order)))
    road.until(lambda: road.held("may have left"))
    assert "submitShipmentConfirmations" not in world.amazon.state()["effects"]
    assert road.ask("release", number_of(order))[0]
    road.until(lambda: "submitShipmentConfirmations" in world.amazon.state()["effects"])


def test_a_file_that_a_person_sends_again_afterwards_is_not_asked_about(opened):
    (order,) = orders = orders_of((LOCAL,), 1)
    world, road = opened(orders=orders)
    road.until(lambda: world.visible(LOCAL))
    road.until(lambda: road.ends("acknowledgement", number_of(order)) == ["accepted"])
    gone_back(road)
    (name,) = world.visible(LOCAL)
    (world.folder(LOCAL, "in/orders") / name).unlink()
    road.until(lambda: road.ends("order", number_of(order)) == ["accepted"])
    assert road.ask("resend", name)[0]
    road.until(lambda: world.visible(LOCAL) == [name])
    assert not road.held("may have left")


def test_what_may_have_left_is_listed_beside_what_the_world_says(sent_since):
    world, road, number, name = sent_since
    if world.server is not None:
        return
    road.go(10)
    told = json.loads(run("reconcile", "--json", "--site", world.site).stdout)
    assert "older" in told["state"]["ledger"]
    (row,) = [row for row in told["rows"] if row["file"] == name]
    assert row["about"] == number
    assert row["Amazon says of the order"] == "ACCEPTED"
    assert row["the folder says"].startswith("does not lie there")
    (world.folder(LOCAL, "in/orders") / name).write_bytes(b"")
    (row,) = [
        row
        for row in json.loads(run("reconcile", "--json", "--site", world.site).stdout)["rows"]
        if row["file"] == name
    ]
    assert row["the folder says"] == "lies there"
