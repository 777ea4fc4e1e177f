"""Folders of the warehouse: names that are taken, folders that are swapped, and what `acknowledge` counts as a sign."""

from dataclasses import replace

import pytest

from tests.road.conftest import LOCAL
from tests.world import FIXED, orders_of

ACK = "submitAcknowledgement"


def acknowledged(world):
    return world.amazon.state()["effects"].get(ACK, {})


def test_a_foreign_file_of_the_same_name_is_never_overwritten_and_the_order_waits_for_a_person(opened):
    order, other = orders = orders_of((LOCAL,), 2)
    world, road = opened(orders=orders)
    name = f"ORD-{order['purchaseOrderNumber']}.csv"
    foreign = world.place(LOCAL, "in/orders", name, b"not ours")
    road.until(lambda: road.held("another file with other bytes"))
    road.until(lambda: len(world.visible(LOCAL)) == 2)
    road.go(10)
    assert foreign.read_bytes() == b"not ours"
    foreign.unlink()
    assert road.ask("release", order["purchaseOrderNumber"])[0]
    road.until(lambda: foreign.exists())
    assert order["purchaseOrderNumber"].encode() in foreign.read_bytes()


def test_the_very_same_bytes_under_the_name_are_ours(opened):
    (order,) = orders = orders_of((LOCAL,), 1)
    world, road = opened(orders=orders)
    road.points.at["folder.put.renamed.before"] = lambda: _publish(world)
    road.until(lambda: road.stage(order["purchaseOrderNumber"]) == "acknowledged")
    assert road.attempts("order") == ["sent"]
    assert [path.name for path in world.folder(LOCAL, "in/orders").glob(".ORD*")] == []


def _publish(world):
    """Somebody has renamed our temporary file already."""
    (path,) = world.folder(LOCAL, "in/orders").glob(".ORD*")
    path.rename(path.with_name(path.name[1:].partition(".csv.")[0] + ".csv"))


def test_acknowledge_when_known_needs_nothing_of_the_warehouse(opened):
    world, road = opened(change=lambda world: world.folder(LOCAL, "in/orders").rename(world.root / "gone"))
    road.until(lambda: acknowledged(world))
    assert road.attempts("order") == [] or "sent" not in road.attempts("order")


def test_acknowledge_when_delivered_waits_for_the_rename(opened):
    system = replace(LOCAL, when="delivered")
    world, road = opened((system,), change=lambda world: world.folder(system, "in/orders").rename(world.root / "gone"))
    road.go(20)
    assert acknowledged(world) == {}
    (world.root / "gone").rename(world.folder(system, "in/orders"))
    road.until(lambda: acknowledged(world), within=900)
    assert len(world.visible(system)) == 1


def test_acknowledge_when_taken_waits_until_the_file_is_gone(opened, taking):
    system = replace(LOCAL, when="taken")
    world, road = opened((system,))
    road.until(lambda: world.visible(system))
    road.go(60)
    assert acknowledged(world) == {}
    taking(world, system)
    road.until(lambda: acknowledged(world))


def test_a_file_that_is_absent_from_another_folder_is_not_taken(opened):
    system = replace(LOCAL, when="taken")
    world, road = opened((system,))
    folder = world.folder(system, "in/orders")
    road.until(lambda: world.visible(system))
    folder.rename(world.root / "unmounted")
    folder.mkdir()
    road.go(120)
    assert acknowledged(world) == {}
    assert any("is another folder" in reason for reason in road.reasons("settle"))
    folder.rmdir()
    (world.root / "unmounted").rename(folder)
    road.go(20)
    assert acknowledged(world) == {}  # it still lies there
    for name in world.visible(system):
        (folder / name).unlink()
    road.until(lambda: acknowledged(world))


def test_a_warehouse_silent_for_too_long_is_a_matter_for_a_person(opened):
    system = replace(LOCAL, when="taken")
    world, road = opened((system,))
    road.until(lambda: world.visible(system))
    road.clock.skip(20 * 3600 + 120)
    road.until(lambda: road.held("for too long"))
    assert acknowledged(world) == {}


@pytest.mark.parametrize(("code", "effect"), [("OK", "00"), ("OUT", "03")])
def test_acknowledge_by_file_says_what_the_warehouse_said(opened, code, effect):
    system = replace(FIXED, ways=None)
    (order,) = orders = orders_of((system,), 1)
    world, road = opened((system,), orders)
    road.until(lambda: world.visible(system))
    road.go(20)
    assert acknowledged(world) == {}
    number = order["purchaseOrderNumber"]
    world.place(system, "out/acks", "ACK1.TXT", f"A{number:20}{code:4}{'W1':12}\r\n")
    road.until(lambda: acknowledged(world) == {number: 1})
    assert world.amazon.state()["orders"][number]["code"] == effect


def test_a_hundred_orders_take_far_fewer_commits_than_rows(opened):
    world, road = opened(orders=100)
    road.until(lambda: len(world.visible(LOCAL)) == 100)
    road.until(lambda: len(acknowledged(world)) == 100)
    with road.look() as book:
        rows = book._connection.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = 'work'").scalar()
    commits = road.points.reached.count("commit.after")
    assert rows > 700  # write, send and settle of order and acknowledgement
    assert commits < rows / 2
