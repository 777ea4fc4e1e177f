"""An order whose history is over goes from the ledger while the service is idle; the road goes on as ever."""

from dataclasses import replace

from tests.road.conftest import LOCAL
from tests.road.road import BOTH
from tests.world import orders_of

pytestmark = BOTH
DAY = 86_400.0


def test_an_order_goes_when_all_of_it_was_over_for_long_and_one_that_is_not_taken_stays(opened, taking):
    first, second = orders_of((LOCAL,), 2)
    world, road = opened(orders=[first])
    gone, stays = first["purchaseOrderNumber"], second["purchaseOrderNumber"]
    road.pump.house.site = replace(road.pump.house.site, history=30 * DAY)
    road.until(lambda: world.visible(LOCAL))
    taking(world)
    road.until(lambda: road.ends("order", gone) == ["accepted"])
    road.until(lambda: road.ends("acknowledgement", gone) == ["accepted"])
    world.amazon.add_orders([second])
    road.until(lambda: world.visible(LOCAL))
    road.clock.skip(31 * DAY)
    road.until(lambda: road.events(gone) == [])
    assert road.ends("order", gone) == []
    assert road.events(stays)
    taking(world)
    road.until(lambda: road.ends("order", stays) == ["accepted"])
