"""The holder dies between any two commits on the way from the acknowledgement to the confirmation: nothing twice, nothing lost."""

import threading

import pytest

from tests.road.conftest import LOCAL
from tests.road.road import ship_csv, shipment
from tests.road.test_labels import labelled, labels_made, printed

assert labelled  # a fixture
POINTS = 400  # that the loop passes on this way, about
EVERY = 19


class Died(BaseException):
    pass


class Fatal:
    """Fault points of which one kills the loop that reaches it."""

    def __init__(self, left):
        self._left = left

    def reach(self, point):
        if threading.current_thread() is threading.main_thread():
            self._left -= 1
            if self._left == 0:
                raise Died(point)


def die(road):
    """Leave all as it lies: what flies may still take effect, and nobody hears of it."""
    road.pump._pause.set()
    for pool in road.pump._pools.values():
        pool.shutdown(wait=True)
    road.moves.close()
    road.ledger.close()


def live(road, done):
    """Go on until something is done, over deaths."""
    end = road.clock.monotonic() + 3000
    while not done():
        assert road.clock.monotonic() < end, road.rows()
        try:
            road.step()
        except Died:
            die(road)
            road._open()


def way(world, road, number):
    live(road, lambda: len(printed(world)) == 2)
    order = world.amazon.state()["orders"][number]["body"]
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(order)))
    live(road, lambda: road.stage(number) == "confirmed")


@pytest.mark.sweep
@pytest.mark.parametrize("death", range(1, POINTS, EVERY))
def test_a_death_on_the_way_of_a_label_leaves_one_label_one_slip_and_one_confirmation(labelled, death):
    world, road, number = labelled(order={"isPslipRequired": True})
    road.points.reach = Fatal(death).reach
    way(world, road, number)
    effects = world.amazon.state()["effects"]
    assert {name: made[number] for name, made in effects.items()} == dict.fromkeys(effects, 1)
    assert labels_made(world, number) == 1
    assert sorted(name.rpartition(".")[2] for name in printed(world)) == ["pdf", "png"]
    assert [row for row in road.rows() if row[3] == "held"] == []
