"""A disk with less than its reserve: nothing new is taken in, what is there goes out, and it begins again by itself.

How full it is, the disk says; what is to stay free is said by the site, more than there is.
"""

from dataclasses import replace

import pytest

from tests.road.conftest import LOCAL
from tests.world import orders_of
from translator.service.life import Life
from translator.service.notify import Supervisor
from translator.service.reload import Edits
from translator.service.signals import Asked

TAKEN = replace(LOCAL, when="taken")
ALL = "reserve: 999999GB\n"


@pytest.fixture
def living(opened):
    """Open a world whose service looks around between its turns, as it does when it runs."""
    first, second = orders_of((TAKEN,), 2)
    world, road = opened((TAKEN,), [first])
    life = Life(world.site, road.ledger, road.pump, Asked(), Supervisor(), Edits(world.site))

    def go(true):
        end = road.clock.monotonic() + 600
        while not true():
            assert road.clock.monotonic() < end, road.rows()
            road.step()
            life._beat()

    return world, road, go, first["purchaseOrderNumber"], second


def told(road):
    with road.ledger.look() as book:
        return [event.name for event in book.events.of("service") if event.name.startswith("disk")]


def test_intake_stops_below_the_reserve_deliveries_go_on_and_intake_begins_again_by_itself(living, taking):
    world, road, go, first, second = living
    go(lambda: len(world.visible(TAKEN)) == 1)
    world.edit("translator.yaml", lambda text: ALL + text)
    go(lambda: told(road) == ["disk nearly full"])
    go(lambda: not road.pump._flying)  # what was asked before is still taken in
    world.amazon.add_orders([second])
    taking(world, TAKEN)
    go(lambda: "acknowledgement accepted" in road.events(first))
    road.go(120)
    assert road.events(second["purchaseOrderNumber"]) == []
    world.edit("translator.yaml", lambda text: text.removeprefix(ALL))
    go(lambda: len(world.visible(TAKEN)) == 1)
    assert told(road) == ["disk nearly full", "disk has room again"]
