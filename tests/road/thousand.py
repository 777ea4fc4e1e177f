"""Many orders over a clock that only moves when nothing is under way: how long Amazon's limits alone make it take.

The clock of such a world does not run by itself. Where nothing is due it is moved to what is due next, so what is measured is
waiting: for limits, for transactions, for the pauses between looks; never this machine.
"""

from datetime import UTC, datetime, timedelta

from tests.road.road import Road, ship_csv, shipment
from tests.world import Shifted

TICK = 0.001
ENOUGH = 200  # steps at one moment


class Still(Shifted):
    """A clock that moves when it is told to, and not otherwise."""

    def __init__(self):
        super().__init__()
        self._begun = datetime.now(UTC)

    def now(self):
        return self._begun + timedelta(seconds=self._ahead)

    def monotonic(self):
        return self._ahead


class Shipper:
    """A warehouse that takes each order at once, and ships what has its label at the next look."""

    def __init__(self, world, system, orders, printed):
        self._world, self._system = world, system
        self._orders = {order["purchaseOrderNumber"]: order for order in orders}
        self._printed = printed  # folder of the labels
        self._files = 0

    def step(self):
        for name in self._world.visible(self._system, "in/orders"):
            (self._world.folder(self._system, "in/orders") / name).unlink()
        labels = self._world.visible(self._system, self._printed)
        for name in labels:
            (self._world.folder(self._system, self._printed) / name).unlink()
        numbers = dict.fromkeys(name.partition("-")[0] for name in labels if "-" in name)  # the rest are slips
        if numbers:
            self._files += 1
            shipped = [shipment(self._orders[number]) for number in numbers]
            data = ship_csv(self._world.clock, *shipped)
            self._world.place(self._system, "out/ship", f"SHIP{self._files:04}.csv", data)
        return len(labels)


class StillRoad(Road):
    """The road over a clock that stands while anything is under way."""

    longest = 1.0  # seconds that pass at once
    _steps = 0  # since time passed

    def step(self):
        busy = self.pump.turn()
        for warehouse in self.world.warehouses.values():
            busy = bool(warehouse.step()) or busy
        self._steps += 1
        if self._steps > ENOUGH:  # what is due in less than a float of the day can tell is due again and again
            self._pass(TICK)
        elif busy or self.pump._inbox.qsize():
            return
        elif self.pump._flying:
            self.pump._wait(0.05)
        else:
            self._pass(min(max(self.pump._due(), TICK), self.longest))

    def _pass(self, seconds):
        self.clock.skip(seconds)
        self._steps = 0
