"""Temporary names of ours that nobody needs any more go; those that still count stay, and nobody else's is touched."""

from tests.road.conftest import LOCAL
from tests.world import orders_of
from translator.core.finding import Unavailable

HOUR = 3700.0
FOREIGN = (".ORD-9.csv.abcdefghijklmnop.1.tmp", ".ORD-9.csv.writing", "half.tmp", ".ORD-9.csv.tmp")


def folder(world):
    return world.folder(LOCAL, "in/orders")


def temporary(world):
    return sorted(path.name for path in folder(world).glob(".ORD*.tmp") if path.name not in FOREIGN)


def lost(reason="the link broke"):
    raise Unavailable(reason)


def tries(road):
    query = "SELECT i.name, a.token, a.number FROM attempt a JOIN interchange i ON i.id = a.interchange WHERE i.kind = 'order'"
    with road.look() as book:
        return [tuple(row) for row in book._connection.exec_driver_sql(query, ())]


def told(road):
    with road.look() as book:
        return [event.name for event in book.events.since(0)]


def settled(road):
    return any(row[0] == "settle" and row[1].startswith(LOCAL.called) for row in road.rows())


def test_names_of_others_are_left_alone(opened):
    world, road = opened()
    for name in FOREIGN:
        (folder(world) / name).write_bytes(b"somebody else's")
    road.until(lambda: settled(road))
    road.clock.skip(HOUR)
    road.go(10)
    assert {name for name in FOREIGN if (folder(world) / name).exists()} == set(FOREIGN)


def test_what_a_holder_that_came_too_late_left_of_a_sent_file_goes(opened):
    world, road = opened()
    road.until(lambda: settled(road))
    ((name, token, number),) = tries(road)
    ours = [f".{name}.{token}.{number}.tmp", f".{name}.{token}.{number}.done.tmp"]
    others = [f".{name}.{token}.{number + 1}.tmp", f".OTHER.csv.{token}.{number}.tmp"]  # nobody tried so
    for one in (*ours, *others):
        (folder(world) / one).write_bytes(b"x")
    road.restart()
    road.until(lambda: not any((folder(world) / one).exists() for one in ours))
    road.clock.skip(HOUR)
    road.go(10)
    assert all((folder(world) / one).exists() for one in others)


def test_it_is_looked_for_every_hour(opened):
    world, road = opened()
    road.until(lambda: settled(road))
    road.go(10)
    ((name, token, number),) = tries(road)
    left = folder(world) / f".{name}.{token}.{number}.tmp"
    left.write_bytes(b"x")
    road.go(60)
    assert left.exists()
    road.clock.skip(HOUR)
    road.until(lambda: not left.exists())
    road.until(lambda: "temporary files removed" in told(road))


def test_a_staged_name_stays_as_long_as_its_file_waits_to_be_sent(opened):
    (order,) = orders = orders_of((LOCAL,), 1)
    world, road = opened(orders=orders)
    road.points.at["folder.put.renamed.before"] = lambda: 1 / 0  # our own fault: the row is held, the lane stays open
    road.until(lambda: road.held("our fault"))
    (staged,) = temporary(world)
    del road.points.at["folder.put.renamed.before"]
    road.restart()
    road.clock.skip(HOUR)
    road.go(30)
    assert temporary(world) == [staged]
    assert road.ask("retry", order["purchaseOrderNumber"])[0]
    road.until(lambda: world.visible(LOCAL))
    road.until(lambda: temporary(world) == [])


def test_what_was_begun_of_an_order_that_was_cancelled_meanwhile_goes(opened):
    (order,) = orders = orders_of((LOCAL,), 1)
    world, road = opened(orders=orders)
    road.points.at["folder.put.staged.before"] = lost
    road.until(lambda: temporary(world))
    world.amazon.cancel(order["purchaseOrderNumber"])
    road.until(lambda: road.stage(order["purchaseOrderNumber"]) in ("cancelled", "superseded"), within=300)
    road.until(lambda: temporary(world) == [], within=60)
    assert not world.visible(LOCAL)
