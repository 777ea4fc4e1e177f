"""A disk that is nearly full: what is there goes out, nothing comes in, and it goes on when there is room."""

from tests.road.conftest import LOCAL
from tests.road.road import BOTH
from tests.world import orders_of

pytestmark = BOTH


def test_without_room_nothing_comes_in_and_what_is_there_goes_out(opened, taking):
    first, second = (orders_of((LOCAL,), 2)[n] for n in range(2))
    world, road = opened(orders=[first])
    road.until(lambda: "order known" in road.events(first["purchaseOrderNumber"]))
    road.pump.intake = False
    world.amazon.add_orders([second])
    road.until(lambda: world.visible(LOCAL))
    road.go(30)
    assert road.events(second["purchaseOrderNumber"]) == []
    assert len(taking(world)) == 1
    road.until(lambda: road.ends("order", first["purchaseOrderNumber"]) == ["accepted"])
    road.pump.intake = True
    road.until(lambda: world.visible(LOCAL))
