"""Done-files on the road: whatever breaks at whichever step, each file has one, after it."""

import pytest

from tests.road.conftest import LOCAL
from tests.world import orders_of
from translator.core.finding import Unavailable

STEPS = ("marker", "temp", "written", "fsynced", "done.temp", "staged", "renamed", "synced", "done.renamed")
POINTS = [f"folder.put.{step}.{side}" for step in STEPS for side in ("before", "after")]


def wanting(world):
    old = "in/orders: [orders.yaml, cancels.yaml]"
    new = 'in/orders: {mappings: [orders.yaml, cancels.yaml], done: "{stem}.ok"}'
    world.edit("translator.yaml", lambda text: text.replace(old, new))


def one_order(opened):
    (order,) = orders = orders_of((LOCAL,), 1)
    number = order["purchaseOrderNumber"]
    world, road = opened(orders=orders, change=wanting)
    return world, road, number, {f"ORD-{number}.csv", f"ORD-{number}.ok"}


def once(points, point, error):
    def act():
        del points.at[point]
        raise error

    points.at[point] = act


@pytest.mark.sweep
@pytest.mark.parametrize("error", [Unavailable("the link broke"), ZeroDivisionError()], ids=["link", "fault"])
@pytest.mark.parametrize("point", POINTS)
def test_what_breaks_at_a_step_is_made_up_for(opened, point, error):
    world, road, number, both = one_order(opened)
    once(road.points, point, error)
    road.until(lambda: point in road.points.reached)
    if isinstance(error, ZeroDivisionError):
        road.until(lambda: road.held("our fault"))
        assert set(world.visible(LOCAL)) in (set(), {f"ORD-{number}.csv"}, both)
        assert road.ask("retry", number)[0]
    road.until(lambda: "order sent" in road.events(number), within=300)
    assert set(world.visible(LOCAL)) == both
    assert list(world.folder(LOCAL, "in/orders").glob("*.tmp")) == []


def test_a_file_is_taken_when_it_is_gone_whatever_becomes_of_its_done_file(opened):
    world, road, number, both = one_order(opened)
    road.until(lambda: set(world.visible(LOCAL)) == both)
    (world.folder(LOCAL, "in/orders") / f"ORD-{number}.ok").unlink()
    road.go(20)
    assert "order taken" not in road.events(number)
    (world.folder(LOCAL, "in/orders") / f"ORD-{number}.csv").unlink()
    road.until(lambda: "order taken" in road.events(number))


def test_a_done_file_that_lies_there_from_before_holds_the_file_until_it_is_gone(opened):
    (order,) = orders = orders_of((LOCAL,), 1)
    number = order["purchaseOrderNumber"]

    def lingering(world):
        wanting(world)
        (world.folder(LOCAL, "in/orders") / f"ORD-{number}.ok").touch()

    world, road = opened(orders=orders, change=lingering)
    road.until(lambda: road.held("the done-file of another file"))
    (world.folder(LOCAL, "in/orders") / f"ORD-{number}.ok").unlink()
    assert road.ask("release", number)[0]
    road.until(lambda: len(world.visible(LOCAL)) == 2)
