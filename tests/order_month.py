"""A month of orders with all that goes wrong on their way, over a clock that only moves when nothing is under way.

The story is drawn from a seed, each order's part of it by itself: calls that run beside each other end in any order, so the
moment at which an order comes to its warehouse, or the service dies, is not the same twice, and must not change the rest.
Amazon gives orders at any hour, cancels some at each stage, loses calls, answers late or out of order, and is away for hours.
Three warehouses work on weekdays: they take files, answer late, ship in parts, copy their files, write bad rows, and ship what
was cancelled; their folders are away for hours. The service dies at any step, stays away for hours, and its clock is wrong for a
while. What each side was told is noted (`Told`); `order_ends` judges by that alone.
"""

import random
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush

from tests.order_house import DAY, HOUR, SHOP, SYSTEMS, House, Told
from tests.road.test_label_deaths import Died, Fatal, die
from tests.road.thousand import Still, StillRoad
from tests.world import VENDOR, world_of
from translator.simulator.orders import sample_orders

MONDAY = datetime(2026, 3, 2, 5, tzinfo=UTC)  # the clocks of America go forward within the month
SETTLE = 1_200.0  # no effect takes longer
PATIENCE = 5.0  # seconds of this machine that a turn waits for what flies
SILENT = 14 * HOUR
GRAIN = 30.0  # seconds that pass at once at least: what is due within them has its turn together
HASTY = 0.1  # of the turns, those that are taken while something still flies
ITEMS = "ITEM,SKU,PACK\nTWIN,00123-BLU,2\n00123-BLU,00123-BLU,1\n"
KITS = "KIT,SKU,QUANTITY\n8806098286500,BODY,1\n8806098286500,LID,2\n"
POSTS = ("submitAcknowledgement", "submitShipmentConfirmations", "createShippingLabels", "submitInvoice")
LOST = ("closed", "applied_then_closed", "applied_then_500", "applied_then_503", "unavailable", "throttled", "broken")
AHEAD = 240.0  # seconds that a clock runs ahead at most: it takes so many off the time that an effect is waited for
LATE = (
    SETTLE - AHEAD - 60.0
)  # with the transaction's own 20 seconds, and a turn's, an effect is there in time all the same
SLOW = (("stuck", 0.0), ("delayed", LATE), ("delayed_then_closed", LATE))
GETS = ("getOrders", "getOrder", "getTransactionStatus", "token", "getShippingLabel")
UNREACHED = ("closed", "unavailable", "throttled", "broken", "truncated")
PLANS = (  # of an order at its warehouse, and how many of a thousand
    ("whole", 640),
    ("parts", 140),
    ("cancelled at once", 40),
    ("cancelled early", 50),
    ("cancelled late", 50),
    ("turned down", 40),
    ("never", 20),
    ("short", 20),
)


class Wrong(Still):
    """The clock of the service, which may be wrong; `true` is Amazon's."""

    def __init__(self):
        super().__init__()
        self._begun, self.off = MONDAY, 0.0

    def true(self):
        return super().now()

    def now(self):
        return self.true() + timedelta(seconds=self.off)


class MonthRoad(StillRoad):
    """A road that turns when something is due, or has landed: a month of turns for nothing would be hours."""

    _rests = 0.0  # until when nothing is due, by the machine's clock

    def __init__(self, world, dice):
        self._dice = dice
        super().__init__(world)

    def hurry(self):
        """Have the next turn at once: something was asked, or the clock of the service is another."""
        self._rests = 0.0

    def step(self):
        if (rest := self._rests - self.clock.monotonic()) > 0:
            self._pass(min(rest, self.longest))
            return
        busy = self.pump.turn()
        if self.pump._inbox.qsize():
            return
        if self.pump._flying:
            self._land()
        elif (due := self.pump._due()) > 0 or not busy:
            self._rests = self.clock.monotonic() + max(due, GRAIN)

    def _land(self):
        """Wait until all that flies has landed, or waits for a commit; now and then, only until the first has."""
        enough = 1 if self._dice.random() < HASTY else len(self.pump._flying)
        patience = time.monotonic() + PATIENCE
        while self.pump._inbox.qsize() < enough and time.monotonic() < patience:
            time.sleep(0.001)


@contextmanager
def month_of(root, monkeypatch, seed, count, days):
    """Open a seed's story in a world of its own."""
    monkeypatch.setattr("tests.world.Shifted", Wrong)
    with world_of(root, SYSTEMS, [], working=False, transaction_seconds=20) as world:
        world.amazon.market.clock = world.clock.true
        world.write_site(poll=HOUR, sweep=8 * HOUR, settle=SETTLE, every=HOUR, quiet=1, wait=300)
        _furnish(world)
        month = Month(world, seed, count, days)
        try:
            yield month
        finally:
            month.close()


def _furnish(world):
    """Give the shop kits and packs, the printing house packing slips, and let all orders be invoiced."""
    for name, text in (("items", ITEMS), ("kits", KITS)):
        (world.site / f"mappings/{SHOP.called}/tables/{name}.csv").write_text(text)

    def change(text):
        head, shop, rest = text.partition(f"  {SHOP.called}:\n")
        rest = rest.replace("    place:", "    products: {items: items, kits: kits}\n    place:", 1)
        rest = rest.replace("{when: taken}", f"{{when: taken, silent: {SILENT:g}s, then: accept}}", 1)
        rest = rest.replace("in/labels: labels.yaml", "in/labels: [labels.yaml, slips.yaml]")
        bills = '    invoices: {from: confirmed, number: "INV-{sequence:06}"}\n    vendor:'
        return head.replace("    vendor:", bills, 1) + shop + rest

    world.edit("translator.yaml", change)


class Month:
    """One seed's story."""

    def __init__(self, world, seed, count, days):
        self.world, self.dice = world, random.Random(f"orders {seed}")
        self.seed, self.days, self.silent = seed, days, timedelta(seconds=SILENT)
        self.deadly = random.Random(f"deaths {seed}")  # of its own: when a step comes is not to change the story
        self.told = Told()
        self.faults = self.deaths = self.moves = self.jumps = self.outages = 0
        self.road = MonthRoad(world, self.deadly)
        self._next, self._plan = 0, []
        self.houses = {system.called: House(self, system) for system in SYSTEMS}
        self._fuse()
        self._begin(count)

    @property
    def now(self):
        return self.world.clock.true()

    def live(self):
        """Let the month pass, and some days in which nothing goes wrong any more."""
        while self._plan:
            at, _, act = heappop(self._plan)
            self._until(at)
            act()
        self.mend()
        self._until(self.now + timedelta(days=1))

    def close(self):
        self.world.amazon.start()
        self.road.close()

    def ask(self, verb, target, reason):
        """Have a person ask for a move."""
        self.moves += 1
        self.road.moves.ask(verb, {"target": target, "reason": reason}, "tester")
        self.road.hurry()

    def at(self, when, act):
        """Plan something."""
        self._next += 1
        heappush(self._plan, (when, self._next, act))

    def mend(self):
        """Have nothing go wrong any more."""
        self.world.amazon.start()
        self.world.amazon.market.faults.planned.clear()
        self._right()

    # --- what is planned from the beginning

    def _begin(self, count):
        end = MONDAY + timedelta(days=self.days)
        for number in range(count):
            self.at(MONDAY + timedelta(days=self.days * self.dice.random()), lambda number=number: self._order(number))
        for house in self.houses.values():
            self._every(1.1 * HOUR, end + timedelta(days=6), house.look)
            self._every(5 * DAY, end, house.away)
        self._every(1.5 * HOUR, end, self._fault)
        self._every(4 * DAY, end, self._outage)
        self._every(2 * DAY, end, self._jump)
        self._every(3 * HOUR, end + timedelta(days=6), self._operator)
        self.at(end, self.mend)

    def _every(self, seconds, end, act):
        at = MONDAY
        while (at := at + timedelta(seconds=seconds * self.dice.uniform(0.6, 1.4))) < end:
            self.at(at, act)

    def _order(self, index):
        system = SYSTEMS[index % len(SYSTEMS)]
        (order,) = sample_orders(VENDOR, [system.code], 1, self.now, first=index)
        order["orderDetails"]["orderDate"] = f"{self.now:%Y-%m-%dT%H:%M:%SZ}"
        number = order["purchaseOrderNumber"]
        dice = random.Random(f"order {self.seed} {index}")
        late = dice.uniform(1, 10) * HOUR if dice.random() < 0.03 else 0.0
        self.world.amazon.add_orders([order], late)
        told = self.told
        told.orders[number], told.visible[number] = order, self.now + timedelta(seconds=late)
        plan = told.plans[number] = dice.choices([name for name, _ in PLANS], [share for _, share in PLANS])[0]
        longest = {"cancelled at once": HOUR, "cancelled early": 8 * HOUR, "cancelled late": 3 * DAY}.get(plan)
        if longest:
            self.at(self.now + timedelta(seconds=dice.uniform(0, longest)), lambda: self._cancel(number))

    def _cancel(self, number):
        account = self.world.amazon.market.account
        account.settle(self.now)
        if account.orders[number].status in ("NEW", "ACCEPTED"):
            self.world.amazon.cancel(number)
            self.told.cancelled[number] = self.now

    # --- what goes wrong

    def _fault(self):
        dice = self.dice
        if dice.random() < 0.2:
            operation, kind, seconds = dice.choice(GETS), dice.choice(UNREACHED), 0.0
        elif dice.random() < 0.3:
            operation, (kind, seconds) = dice.choice(POSTS[:2]), dice.choice(SLOW)
        else:
            operation, kind, seconds = dice.choice(POSTS), dice.choice(LOST), 0.0
        self.world.amazon.fail(kind, operation, times=dice.choice((1, 1, 1, 2, 3)), seconds=seconds)
        self.faults += 1

    def _outage(self):
        self.outages += 1
        self.world.amazon.stop()
        end = self.now + timedelta(hours=self.dice.uniform(0.5, 3))
        self.told.lost.append((self.now, end))
        self.at(end, self.world.amazon.start)

    def _jump(self):
        """Have the service's clock be wrong for a while, or the whole machine sleep."""
        self.jumps += 1
        if self.dice.random() < 0.5:
            self._sleep(self.dice.uniform(0.5, 4) * HOUR)
        else:
            self.world.clock.off = self.dice.choice((-200.0, -50.0, 40.0, AHEAD))
            self.road.hurry()
            self.at(self.now + timedelta(hours=self.dice.uniform(0.2, 5)), self._right)

    def _sleep(self, seconds):
        begun = self.now
        self.world.clock.skip(seconds)
        self.told.lost.append((begun, self.now))

    def _right(self):
        self.world.clock.off = 0.0
        self.road.hurry()

    def _operator(self):
        """Have what two lost answers left open tried again: nothing else is for a person to repeat."""
        with self.road.look() as book:
            rows = [work for work in book.work.find(state="held", station="settle") if work.awaits == "person"]
            for row in rows:
                waited = (datetime.fromtimestamp(row.since, UTC), self.now)
                for one in book.documents.lying_in(int(row.subject.partition(":")[0])):
                    self.told.looked.setdefault(one.about or one.key, []).append(waited)
        for row in rows:
            self.ask("retry", str(row.id), "looked at Amazon")

    def _fuse(self):
        """Have the loop die at one of its next steps."""
        self.road.points.reach = Fatal(self.deadly.randrange(200, 4_000)).reach

    def _until(self, at):
        while (left := (at - self.now).total_seconds()) > 0:
            self.road.longest = left
            try:
                self.road.step()
            except Died:
                self._die()

    def _die(self):
        """Die, and come back: mostly at once."""
        self.deaths += 1
        die(self.road)
        if self.deadly.random() < 0.05:
            self._sleep(self.deadly.uniform(0.5, 5) * HOUR)  # it stays away
        self.road.points.reach = lambda _: None
        self.road._open()
        self._fuse()
