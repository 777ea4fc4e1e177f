"""An order whose history is over, and that is forgotten, goes from the ledger while the service is idle."""

from dataclasses import replace

from tests.road.conftest import LOCAL
from tests.road.road import BOTH, ship_csv, shipment
from tests.world import orders_of
from translator.service.forgetting import forget

pytestmark = BOTH
DAY = 86_400.0


def is_gone(road, stored):
    with road.look() as book:
        return book.documents.get(stored.id) is None


def test_an_order_goes_when_all_of_it_was_over_for_long_and_one_that_is_not_taken_stays(opened, taking):
    first, second = orders_of((LOCAL,), 2)
    world, road = opened(orders=[first])
    gone, stays = first["purchaseOrderNumber"], second["purchaseOrderNumber"]
    road.pump.house.site = replace(road.pump.house.site, history=30 * DAY)
    road.until(lambda: world.visible(LOCAL))
    taking(world)
    world.place(LOCAL, "out/ship", "SHIP.csv", ship_csv(road.clock, shipment(first)))
    road.until(lambda: road.ends("shipment_confirmation", gone) == ["accepted"])
    road.until(lambda: road.ends("acknowledgement", gone) == ["accepted"])
    with road.look() as book:
        (one,) = book.documents.about("us", gone, "order")
    world.amazon.add_orders([second])
    road.until(lambda: world.visible(LOCAL))
    world.amazon.fail("unavailable", times=10_000)  # it would tell of the order anew
    road.clock.skip(31 * DAY)
    assert forget(road.ledger, road.pump.house.site, trusted=True).orders == 1
    road.until(lambda: is_gone(road, one))
    assert road.events(stays)
    taking(world)
    road.until(lambda: road.ends("order", stays) == ["accepted"])
