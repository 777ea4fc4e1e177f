"""Ten ways through the house, each tried with deaths: the service dies at a fault point, and again in the recovery.

One world for each way, in memory where the machine has such a folder, and a new order (or file) for each try, so that
nothing is made anew between two of them. Amazon, the SFTP server and a warehouse that takes what it sees live on and count.
Each try begins with a death at another point of the way, goes on with deaths in the recovery, at every third point of it,
and ends with a recovery in peace, after which all is looked over. Run as `python -m tests.slices.deaths SECONDS SEED [WAY]`:
each way in a process of its own, forked while there is one thread; tells what was seen as lines of JSON.
"""

import gc
import json
import logging
import os
import random
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.road import test_labels
from tests.road.mortal import Ahead, Lives, warm
from tests.road.road import ship_csv, shipment
from tests.slices import keys_die
from tests.slices.holds import book_of
from tests.world import CSV, FIXED, hash_of, orders_of, world_of
from translator.ledger.sqlite import driver
from translator.simulator.dialects import Answer, write_fixed_acks

LOCAL = replace(CSV, sftp=False, when="known", ways=None)
FAR = replace(CSV, when="taken", ways=None, done="GO_{stem}.ok")
ASKED = replace(FIXED, ways=None)
THIRD, AGAIN = 3, (8, 10, 12)  # a life of the recovery ends at every third point; at most so often in one try
MEMORY = Path("/dev/shm")  # a death leaves the same there: what was written, not what was synced
WAITS = {"poll": 600, "sweep": 86400, "settle": 5, "every": 20, "quiet": 1, "wait": 1}  # few turns that find nothing
AHEAD = 20  # orders made ready at once
PUBLISHED = ("in/orders", "in/answers", "in/print")


def _nothing(*_):
    pass


def _orders(world, orders, *_):
    """Have Amazon give orders of this moment: older ones are found by the sweep alone."""
    for order in orders:
        order["orderDetails"]["orderDate"] = world.clock.now().isoformat()
    world.amazon.add_orders(orders)


def _ship(world, order, number):
    world.place(LOCAL, "out/ship", f"SHIP{number}.csv", ship_csv(world.clock, shipment(order, carton=f"C{number}")))


def _bad_ship(world, order, number):
    data = ship_csv(world.clock, shipment(order, quantity=-5))
    world.place(LOCAL, "out/ship", f"SHIP{number}.csv", data)


def _stock(world, _, number):
    rows = f"WAREHOUSE,SKU,ASIN,QTY\r\nEWR1,KTL-17-RED,B0SIMKTL17,{number}\r\nEWR1,TOW-6,B0SIMTOW06,{number + 7}\r\n"
    world.place(LOCAL, "out/stock", f"STOCK{number}.csv", rows)


def _ack(world, order, number):
    answer = Answer(_po(order), "OK", f"W{number:07}")
    world.place(ASKED, "out/acks", f"ACK{number:06}.TXT", write_fixed_acks([answer]))


def _po(order):
    return order["purchaseOrderNumber"]


@dataclass(frozen=True)
class Way:
    """What is made ready in peace, what begins it, where it is over, and what is counted."""

    system: object
    begin: object
    goal: object
    ready: str = ""  # the stage that its order is in before it begins; empty: Amazon gives it at the beginning
    effects: tuple = ()  # operations that take effect once for its order
    files: int = 0  # that the warehouse sees for it
    furnish: object = _nothing
    order: dict = field(default_factory=dict)
    waits: dict = field(default_factory=dict)
    keys: object = None  # gives the wrapped keys of which nothing may be left
    over: object = None  # looks whether that is so, and all else as it should be


def _staged(stage):
    return lambda order, *_: ["stage", _po(order), stage]


def _filed(name):
    return lambda _, number, *__: ["file", name.format(number)]


ASKS = {"poll": 10}
ACK, SHIPPED, LABEL = "submitAcknowledgement", "submitShipmentConfirmations", "createShippingLabels"
WAYS = {
    "an order into a folder": Way(
        LOCAL, lambda world, order, _: _orders(world, [order]), _staged("acknowledged"), "", (ACK,), 1, waits=ASKS
    ),
    "an order over SFTP, with its done-file": Way(
        FAR, lambda world, order, _: _orders(world, [order]), _staged("acknowledged"), "", (ACK,), 1, waits=ASKS
    ),
    "an acknowledgement from a file": Way(ASKED, _ack, _staged("acknowledged"), "taken", (ACK,)),
    "a cancellation": Way(
        LOCAL,
        lambda world, order, _: world.amazon.cancel(_po(order)),
        _staged("cancelled"),
        "acknowledged",
        (ACK,),
        1,
        waits={"poll": 20, "sweep": 20},
    ),
    "a label and a packing slip": Way(
        LOCAL,
        lambda world, order, _: _orders(world, [order]),
        _staged("labelled"),
        "",
        (ACK, LABEL),
        3,
        test_labels.furnish,
        {"isPslipRequired": True},
        ASKS,
    ),
    "a ship file": Way(LOCAL, _ship, _staged("confirmed"), "acknowledged", (ACK, SHIPPED)),
    "a stock file": Way(LOCAL, _stock, _filed("STOCK{}.csv"), "acknowledged", (ACK,)),
    "an order is forgotten": Way(
        LOCAL,
        _nothing,
        lambda order, *_: ["forgotten", _po(order)],
        "acknowledged",
        (ACK,),
        keys=keys_die.of_order,
        over=lambda world, order, keys, _: keys_die.forgotten(world, order, keys),
    ),
    "the master key is replaced": Way(
        LOCAL,
        _nothing,
        lambda *about: ["rotated", about[-1]],
        "acknowledged",
        (ACK,),
        keys=lambda world, _: keys_die.unused_gone(world),
        over=lambda world, _, keys, digest: keys_die.rotated(world, keys, digest),
    ),
    "a ship file with a mistake in it": Way(LOCAL, _bad_ship, _filed("SHIP{}.csv"), "acknowledged", (ACK,), 1),
}


class Warehouse:
    """Takes each file the moment it shows, and notes its name and its bytes."""

    def __init__(self, world, system):
        self.seen, self._done, self._end = [], system.done, threading.Event()
        self._folders = [str(world.folder(system, below)) for below in PUBLISHED]
        self._one = threading.Lock()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self):
        while not self._end.wait(0.004):
            self.look()

    def look(self):
        """Take what lies there now."""
        with self._one:
            for folder in self._folders:
                with suppress(FileNotFoundError):  # not made yet
                    self._take(folder, os.listdir(folder))

    def _take(self, folder, names):
        for name in sorted(name for name in names if not name.startswith(".")):
            if self._done and (name.startswith("GO_") or f"GO_{Path(name).stem}.ok" not in names):
                continue
            path = Path(folder, name)
            self.seen.append((name, hash_of(path.read_bytes())))
            path.unlink()

    def stop(self):
        self._end.set()
        self._thread.join()


class Sweep:
    """One way, its world, and what was seen."""

    def __init__(self, way, world, lives, warehouse, orders):
        self.way, self.world, self.lives, self.warehouse, self.orders = way, world, lives, warehouse, orders
        self.tried, self.ready, self.kills, self.again = 0, [], 0, 0
        self.points, self.first = (), set()

    def run(self, seconds, seed):
        """Die at each point in turn, in the order of the dice, and go on dying in the recovery; until the time is over."""
        names, dice = self.world.root / "names.json", random.Random(f"deaths {seed}")
        self._prepare()
        length = self._try([0], names)
        self.points = json.loads(names.read_text())
        end, firsts = time.monotonic() + seconds, []
        while time.monotonic() < end and self.tried < len(self.orders):
            firsts = firsts or self._drawn(dice, length)
            first = firsts.pop()
            self.first.add(first)
            again = dice.choice(AGAIN)
            self._try([first, *(self._third(dice, length) for _ in range(again)), 0])

    def _drawn(self, dice, length):
        """Draw all points; the last ones are one of each name, so that these are taken first."""
        drawn = dice.sample(range(1, length + 1), length)
        each = {self.points[point - 1]: point for point in drawn}.values()
        return [*(point for point in drawn if point not in each), *each]

    @staticmethod
    def _third(dice, length):
        """Draw one of every third point; early ones more often, as what is left of the way grows shorter."""
        return THIRD * (1 + int(dice.random() ** 3 * (length // THIRD)))

    def _prepare(self):
        """Bring some orders in peace to where the way begins."""
        if self.ready or not self.way.ready:
            return
        self.ready = self.orders[self.tried : self.tried + AHEAD]
        _orders(self.world, self.ready)
        self._live([["stage", _po(order), self.way.ready] for order in self.ready])

    def _live(self, goals, death=0, names=""):
        """Live once; until the way was gone once, in the parent, so that all is warm that a process does once."""
        return self.lives.live(goals, death, str(names), here=not self.points)

    def _try(self, deaths, names=""):
        """Go the way with an order of its own, dying as planned (0: in peace); give how many points the last life passed."""
        self._prepare()
        order, number = self.orders[self.tried], self.tried
        self.tried += 1
        self.ready = self.ready[1:]
        before = len(self.warehouse.seen)
        self.way.begin(self.world, order, number)
        keys, digest = self.way.keys(self.world, order) if self.way.keys else [], keys_die.digest_of(self.world)
        goal = self.way.goal(order, number, digest)
        for count, death in enumerate(deaths):
            died, passed = self._live([goal], death, names)
            if not died:
                break
            self.kills += 1
            self.again += count > 0
        self.warehouse.look()
        if self.way.over:
            self.way.over(self.world, order, keys, digest)
        self._check(order, number, self.warehouse.seen[before:], deaths)
        return passed

    def _check(self, order, number, seen, deaths):
        state = self.world.amazon.state()
        effects = {name: made.get(_po(order), 0) for name, made in state["effects"].items() if _po(order) in made}
        assert effects == dict.fromkeys(self.way.effects, 1), (deaths, effects)
        assert len(seen) == len({name for name, _ in seen}) == self.way.files, (deaths, seen)
        assert state["crashes"] == []
        if self.way.begin is _stock:
            levels = {sku: level["amount"] for sku, level in state["inventory"]["EWR1"].items()}
            assert levels == {"KTL-17-RED": number, "TOW-6": number + 7}, deaths

    def end(self):
        """Check what has to hold once all is over."""
        connection = driver().connect(f"file:{self.world.ledger}?mode=ro", uri=True)
        try:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        finally:
            connection.close()
        assert self.world.amazon.state()["repeats"] == {}
        twice = [name for name, count in Counter(name for name, _ in self.warehouse.seen).items() if count > 1]
        assert twice == []
        with book_of(self.world) as whole, whole.look() as book:
            query = "SELECT name, hash FROM interchange WHERE direction = 'out'"
            known = dict(book._connection.exec_driver_sql(query).all())
            held = [work.reason for work in book.work.find(state="held")]
        assert {name: known.get(name) for name, _ in self.warehouse.seen} == dict(self.warehouse.seen)
        assert held == [], held
        for below in PUBLISHED:
            left = [path.name for path in self.world.folder(self.way.system, below).glob(".*")]
            assert [name for name in left if not name.startswith(".translator-")] == []


def sweep(name, seconds, seed=0, most=6000):
    """Try one way for so long; give what was seen."""
    logging.getLogger("paramiko").setLevel(logging.CRITICAL)  # the server sees many connections die
    way = WAYS[name]
    with (
        tempfile.TemporaryDirectory(prefix="deaths-", dir=MEMORY if MEMORY.is_dir() else None) as made,
        ExitStack() as stack,
    ):
        root = Path(made)
        clock = Ahead(root / "clock")
        lives = Lives(root / "site", clock, root / "lives.log")  # before there is a thread
        stack.callback(lives.close)
        settings = {"working": False, "transaction_seconds": 0.1, "clock": clock}
        world = stack.enter_context(world_of(root, (way.system,), **settings))
        world.write_site(**(WAITS | way.waits))
        way.furnish(world)
        warehouse = Warehouse(world, way.system)
        stack.callback(warehouse.stop)
        began = time.monotonic()
        swept = Sweep(way, world, lives, warehouse, _made_for(way, most))
        swept.run(seconds, seed)
        swept.end()
        return {
            "way": name,
            "points": len(swept.points),
            "names": len(set(swept.points)),
            "died at first": len(swept.first),
            "names of these": len({swept.points[point - 1] for point in swept.first}),
            "tries": swept.tried,
            "kills": swept.kills,
            "in the recovery": swept.again,
            "seconds": round(time.monotonic() - began, 1),
        }


def _made_for(way, most):
    orders = orders_of((way.system,), most)
    for order in orders:
        order["orderDetails"]["shipmentDetails"] |= way.order
    return orders


def _begun(name, seconds, seed):
    """Fork a process for a way."""
    child = os.fork()
    if child:
        return child
    try:
        print(json.dumps(sweep(name, seconds, seed)) + "\n", end="", flush=True)  # at once: others tell, too
        os._exit(0)
    except BaseException:
        print(f"{name}: {traceback.format_exc()}", file=sys.stderr, flush=True)
    finally:
        os._exit(1)


def main(seconds, seed, *names):
    warm()
    gc.collect()
    gc.freeze()
    begun = [_begun(name, float(seconds), int(seed)) for name in names or WAYS]
    sys.exit(any({child: os.waitpid(child, 0)[1] for child in begun}.values()))


if __name__ == "__main__":
    main(*sys.argv[1:])
