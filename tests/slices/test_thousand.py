"""A thousand orders (a bounded slice: 250) are fetched, acknowledged, labelled and confirmed as fast as Amazon's limits let them.

Counted in the seconds of a clock that only moves when nothing is under way, until every document has its end, beside the least it
can take: the calls of the busiest operation at its rate.
"""

from dataclasses import replace

import pytest

from tests import world as worlds
from tests.road.conftest import LOCAL
from tests.road.test_labels import furnish
from tests.road.thousand import Shipper, Still, StillRoad
from tests.world import orders_of, world_of

RATE = 10.0  # calls of one operation a second
MOST = 1.15
SYSTEM = replace(LOCAL, when="known")


@pytest.mark.parts(bounded=1, deep=1)
def test_the_limits_of_amazon_are_what_a_thousand_orders_wait_for(part, deep, tmp_path, figure, monkeypatch):
    count = 1_000 if deep else 250
    monkeypatch.setattr(worlds, "Shifted", Still)
    orders = orders_of((SYSTEM,), count)
    with world_of(tmp_path, (SYSTEM,), orders, seed=part, working=False, transaction_seconds=2.0, limits=True) as world:
        world.write_site(poll=2, sweep=3_600, settle=60, every=1, quiet=0.2, wait=0.2)
        furnish(world)
        world.warehouses["shipper"] = Shipper(world, SYSTEM, orders, "in/print")
        road = StillRoad(world)
        begun = world.clock.monotonic()
        numbers = [order["purchaseOrderNumber"] for order in orders]
        try:
            road.until(lambda: confirmed(world) == count, within=count)
            road.until(lambda: all_final(road), within=60)
            took = world.clock.monotonic() - begun
        finally:
            road.close()
        state = world.amazon.state()
        calls = calls_of(state)
        busiest = max(calls, key=calls.get)
        figure("orders", count)
        figure("virtual", f"{took:.1f} s")
        figure("busiest", f"{busiest} {calls[busiest]}")
        figure("ratio", f"{took / (calls[busiest] / RATE):.2f}")
        figure("throttled", sum(state["throttled"].values()))
        assert took <= MOST * calls[busiest] / RATE
        assert state["throttled"] == {}
        for operation in ("submitAcknowledgement", "createShippingLabels", "submitShipmentConfirmations"):
            assert state["effects"][operation] == dict.fromkeys(numbers, 1)
        assert {one["status"] for one in state["submissions"]} == {"Success"}


def calls_of(state):
    counts = {}
    for name, times in state["counts"].items():
        operation = name.partition(" ")[0]
        counts[operation] = counts.get(operation, 0) + times
    return {name: times for name, times in counts.items() if name not in ("token", "unknown")}


def confirmed(world):
    """Give how many confirmations took effect, by Amazon's own count."""
    return len(world.amazon.market.account.effects["submitShipmentConfirmations"])


def all_final(road):
    """Tell whether nothing of ours is under way any more: every document has its end."""
    with road.look() as book:
        return not book.documents.open()
