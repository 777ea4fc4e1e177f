"""Days of stock files, with all that goes wrong on their way: what Amazon has is what the newest whole file says.

The story is drawn from a seed: full and partial updates of two warehouses, rows in another order, the same again, cut off,
nearly empty, several in flight, older ones read last; calls to Amazon that are lost, late or out of order; and the service
dies at any step. What must hold is kept beside it, as plainly as can be: a dictionary of levels.
"""

import os
import random
import threading
from contextlib import contextmanager

from tests.road.conftest import LOCAL
from tests.road.test_label_deaths import Died, die
from tests.road.test_snapshots import MAPPING, TAKEN, TRAILER
from tests.road.thousand import Still, StillRoad
from tests.world import world_of

DAY = 86_400.0
FILES = 3  # of a day
LEAST = 10  # SKUs that are set to zero at once hold a file, where they are more than a tenth
HOUSES = ("EWR1", "EWR2")
SKUS = tuple(f"SKU{number:03}" for number in range(60))
SETTLE = 1_200.0  # the longest that an effect may take, and be overtaken by nothing
WAYS = (
    ("closed", 0.0),
    ("applied_then_closed", 0.0),
    ("applied_then_500", 0.0),
    ("unavailable", 0.0),
    ("throttled", 0.0),
    ("internal_failure", 0.0),
    ("stuck", 0.0),
    ("delayed", SETTLE * 0.9),
    ("delayed_then_closed", SETTLE * 0.9),
    ("truncated", 0.0),
)


@contextmanager
def month_of(root, monkeypatch, seed):
    """Open a seed's story in a world of its own."""
    monkeypatch.setattr("tests.world.Shifted", Still)
    monkeypatch.setattr("translator.stations.levels.MOST", 7)  # an update is in several parts
    catalogue = dict.fromkeys(SKUS, "B000000001")
    with world_of(root, (LOCAL,), [], working=False, catalogue=catalogue, transaction_seconds=20) as world:
        world.write_site(poll=100_000, sweep=200_000, settle=SETTLE, every=600, quiet=1, wait=1)
        _furnish(world)
        month = Month(world, seed)
        try:
            yield month
        finally:
            month.close()


def _furnish(world):
    """Let the warehouse speak of two codes, in full updates and partial ones."""
    world.edit(f"mappings/{LOCAL.called}/stock.yaml", lambda _: MAPPING.format(kind="S", trailer=TRAILER))
    two = "{EWR1: America/New_York, EWR2: America/New_York}"
    world.edit("translator.yaml", lambda text: text.replace("{EWR1: America/New_York}", two))


class Month:
    """One seed's story. `road`: over a clock that stands while anything is under way."""

    def __init__(self, world, seed):
        self.world, self.dice = world, random.Random(f"stock {seed}")
        self.truth = {house: {} for house in HOUSES}  # what the newest whole files say
        self.files = self.deaths = self.held = self.faults = self.quiet_moments = 0
        self.road = StillRoad(world)
        self.road.longest = 60.0
        self._fuse()

    def live(self, days):
        """Let so many days pass; what Amazon has is compared at each quiet moment."""
        end = self.road.clock.now().timestamp() + days * DAY
        while self.road.clock.now().timestamp() < end:
            self._fault()
            for _ in range(self.dice.choice((1, 1, 1, 2, 3))):
                self._file()
            if self.dice.random() < 0.25:
                self._go(self.dice.uniform(1, 60))  # the next one comes in the middle
            else:
                self.rest()
                self.road.clock.skip(self.dice.uniform(0.5, 1.5) * DAY / FILES)
        self.world.amazon.market.faults.planned.clear()
        self.rest()
        self.parts = len(self.world.amazon.state()["submissions"])

    def close(self):
        self.road.close()

    def rest(self):
        """Wait until nothing is under way, and compare."""
        self._until(self._is_quiet)
        self.quiet_moments += 1
        found = self.world.amazon.state()["inventory"]
        there = {house: {sku: one["amount"] for sku, one in found.get(house, {}).items()} for house in HOUSES}
        assert there == self.truth, self._differing(there)

    def _differing(self, there):
        return {
            (house, sku): (there[house].get(sku), self.truth[house].get(sku))
            for house in HOUSES
            for sku in SKUS
            if there[house].get(sku) != self.truth[house].get(sku)
        }

    # --- the warehouse

    def _file(self):
        house, dice = self.dice.choice(HOUSES), self.dice
        way = dice.choice(("full", "full", "shuffled", "again", "partial", "truncated", "emptied"))
        now = dict(self.truth[house])
        if way in ("full", "shuffled", "partial", "truncated") or not now:
            self._trade(now)
        if way == "partial":
            now = {sku: now[sku] for sku in dice.sample(sorted(now), min(len(now), 8))}
        sold = sorted(sku for sku, level in now.items() if level)
        if way == "emptied" and len(sold) < 2 * LEAST:
            way = "full"
        if way == "emptied":  # whole by its trailer, and yet broken
            for sku in dice.sample(sold, dice.randint(LEAST, len(sold))):
                now.pop(sku)
        rows = list(now.items())
        if way == "shuffled":
            dice.shuffle(rows)
        cut = dice.randrange(1, len(rows)) if way == "truncated" and len(rows) > 1 else 0
        self._lay(house, rows, full=way != "partial", cut=cut)
        if way == "partial":
            self.truth[house] |= now
        elif way == "emptied":
            self.held += 1
        elif not cut:
            self.truth[house] = dict.fromkeys(self.truth[house], 0) | now
        self._collected()

    def _trade(self, now):
        """Sell and receive; now and then a SKU comes or goes."""
        for sku in now or SKUS[:50]:
            now[sku] = max(0, now.get(sku, 40) + self.dice.randint(-3, 4))
        if self.dice.random() < 0.3:
            now[self.dice.choice(SKUS)] = self.dice.randint(1, 90)
        if self.dice.random() < 0.3:
            now.pop(self.dice.choice(sorted(now)))

    def _lay(self, house, rows, *, full, cut):
        self.files += 1
        lines = [f"D{house}{sku:8}{level:6}" for sku, level in rows]
        kept = lines[: len(lines) - cut]
        text = "\n".join([f"H{'true' if full else 'false':5}", *kept, f"T{len(lines):6}", ""])
        path = self.world.place(LOCAL, "out/stock", f"S{self.dice.randrange(10**6):06}-{self.files}.TXT", text)
        os.utime(path, (self.files, self.files))  # the names say nothing of their order

    def _collected(self):
        """Each file is there before the next one is laid: which one is the newest is never open."""
        self._until(lambda: not self.world.visible(LOCAL, "out/stock"))

    # --- what goes wrong

    def _fault(self):
        if self.dice.random() < 0.6:
            kind, seconds = self.dice.choice(WAYS)
            times = self.dice.randint(1, 3)
            self.world.amazon.fail(kind, "submitInventoryUpdate", times=times, seconds=seconds)
            self.faults += 1

    def _fuse(self):
        """Have the loop die at one of its next steps."""
        self._left = self.dice.randrange(40, 900)
        points = self.road.points

        def burn(point):
            if threading.current_thread() is threading.main_thread():
                self._left -= 1
                if self._left == 0:
                    raise Died(point)

        points.reach = burn

    def _step(self):
        try:
            self.road.step()
        except Died:
            self.deaths += 1
            die(self.road)
            self.road.points.reach = lambda _: None
            self.road._open()
            self._fuse()

    def _until(self, true, within=20_000.0):
        end = self.road.clock.monotonic() + within
        while not true():
            assert self.road.clock.monotonic() < end, self.road.rows()
            self._step()

    def _go(self, seconds):
        end = self.road.clock.monotonic() + seconds
        while self.road.clock.monotonic() < end:
            self._step()

    def _is_quiet(self):
        if self.world.visible(LOCAL, "out/stock") or self.road.pump._flying:
            return False
        waiting = [row for row in self.road.rows() if row[:2] != TAKEN]
        return all(row[0] == "read" and row[3] == "held" for row in waiting)
