"""The road in this process, over a clock that hurries: where nothing is under way, time passes until something is due."""

import os
import random
import time
from dataclasses import replace
from datetime import UTC, timedelta
from decimal import Decimal
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from tests.clerks import porter
from translator.config.read import read_site
from translator.core.timeline import fold, stage
from translator.ledger import Ledger
from translator.ledger.moves import Moves
from translator.service import agreed, compared
from translator.service.places import close, endpoints_of, lanes_of
from translator.simulator.dialects import Packed, Shipment, write_csv_ship, write_xml_ship
from translator.stations.errand import House
from translator.stations.pump import Pump

ONCE_MORE = os.environ.get("TRANSLATOR_TEST_JOURNAL") == "rollback"  # over another sort of file only
BOTH = pytest.mark.parametrize(
    "kept", ["file"] if ONCE_MORE else ["file", "server"]
)  # a road over either sort of ledger
POUNDS = Decimal("1.25")
PATIENCE = 600.0  # seconds of this machine, where nothing is skipped since something is under way for good
GRAIN = 0.1  # seconds that pass at once at least


class Dice:
    def __init__(self, seed=0):
        self._dice = random.Random(seed)

    def random(self):
        return self._dice.random()

    def token(self):
        return "".join(self._dice.choices("abcdefghijklmnopqrstuvwxyz", k=16))


class Points:
    """Fault points: counts what is reached, and may have something happen there."""

    def __init__(self):
        self.reached = []
        self.at = {}

    def reach(self, point):
        self.reached.append(point)
        if point in self.at:
            self.at[point]()


class Road:
    """A service without its process: site, ledger, pump."""

    chance = Dice

    def __init__(self, world):
        self.world = world
        self.clock = world.clock
        self.points = Points()
        self._open()

    def _open(self):
        site = read_site(self.world.site)
        self.ledger = Ledger.open(self.world.where, self.clock, self.chance(), self.points, master=self.world.master)
        self.moves = Moves.open(self.world.where, self.clock)
        self._limit(site)
        self.porter = porter(self.clock, self.points)
        self.pump = Pump(self._house(site), self.ledger, self.moves)
        self.pump.open()

    def _house(self, site):
        endpoints = endpoints_of(site, self.clock, self.points, self.porter)
        house = House(site, endpoints, self.clock, self.chance(1), self.points)
        house.compare = partial(compared.nightly, self.ledger)
        return house

    def _limit(self, site):
        with self.ledger.commit() as book:
            for limits in lanes_of(site):
                book.lanes.put(limits.name, limits.rate, limits.burst, limits.calls, limits.door, limits.each)

    def close(self):
        self.pump.close()
        close(self.pump.house.endpoints.values())
        if self.porter:
            self.porter.close()
        self.moves.close()
        self.ledger.close()

    def restart(self):
        self.close()
        self._open()

    def reload(self):
        """Put an edited site in force, as the service does."""
        site = read_site(self.world.site, agreed.laid(self.ledger))
        self._limit(site)
        self.pump.furnish(self._house(site))

    def until(self, true, within=120.0):
        """Go on until something holds; `within`: seconds that are skipped, since those of a busy machine do not count."""
        end, patience = self.clock.skipped + within, time.monotonic() + PATIENCE
        while not true():
            late = self.clock.skipped > end or time.monotonic() > patience
            assert not late, f"not within {within} s; waiting: {self.rows()}"
            self.step()

    def go(self, seconds):
        """Let so much time pass, with all that falls due in it."""
        end = self.clock.monotonic() + seconds
        while self.clock.monotonic() < end:
            self.step(max(GRAIN, seconds / 40))

    def step(self, grain=GRAIN):
        """Have a turn; where nothing is to do, pass on to what is due next. `grain`: what is due within it is due together."""
        try:
            busy = self.pump.turn()
        except Exception:
            self.pump._pause.set()  # as `run` does: else who was heard in that turn waits for ever, and `close` for him
            raise
        for warehouse in self.world.warehouses.values():
            busy = bool(warehouse.step()) or busy
        if busy or self.pump._inbox.qsize():
            return
        if self.pump._flying:
            self.pump._wait(0.05)
        else:
            self.clock.skip(min(max(self.pump._due(), grain), 5.0))

    # --- questions

    def look(self):
        return self.ledger.look()

    def rows(self):
        """Give what waits, but for the turns of the sources."""
        with self.look() as book:
            found = [work for work in book.work.find() if work.station != "collect" or work.state == "held"]
        return [(work.station, work.route, work.subject, str(work.state), work.reason) for work in found]

    def reasons(self, station=None):
        """Give why rows are held or wait."""
        with self.look() as book:
            return [work.reason for work in book.work.find(station=station) if work.reason]

    def held(self, part):
        """Tell whether a row is held for a reason with these words."""
        with self.look() as book:
            return any(part in work.reason for work in book.work.find(state="held"))

    def stage(self, number):
        with self.look() as book:
            return stage(fold(book.events.of(f"us {number}")))

    def events(self, number):
        with self.look() as book:
            return [event.name for event in book.events.of(f"us {number}")]

    def ends(self, kind, number):
        """Give how the documents of a kind about an order ended."""
        with self.look() as book:
            found = [*book.documents.about("us", number, kind), book.documents.newest(kind, "us", number)]
        return [str(one.end) for one in {one.id: one for one in found if one}.values()]

    def attempts(self, kind):
        """Give the outcomes of the attempts of what was written of a kind."""
        query = "SELECT a.outcome FROM attempt a JOIN interchange i ON i.id = a.interchange WHERE i.kind = ? ORDER BY a.begun"
        with self.look() as book:
            return list(book._connection.exec_driver_sql(query, (kind,)).scalars())

    def ask(self, verb, target, reason=""):
        """Ask for a move and have it carried out."""
        number = self.moves.ask(verb, {"target": str(target), "reason": reason}, "tester")
        self.until(lambda: self.moves.get(number).answered is not None)
        move = self.moves.get(number)
        return move.ok, move.outcome

    def ask_with(self, verb, **said):
        """Ask for a move that says more, and have it carried out."""
        number = self.moves.ask(verb, said, "tester")
        self.until(lambda: self.moves.get(number).answered is not None)
        move = self.moves.get(number)
        return move.ok, move.outcome

    def row_of(self, part):
        """Give the number of the row that is held for a reason with these words."""
        with self.look() as book:
            (work,) = [work for work in book.work.find() if part in work.reason]
        return work.id


def ask_all(road, verb):
    """Ask it of all that failed."""
    number = road.moves.ask(verb, {"target": "", "failed": "yes", "reason": ""}, "tester")
    road.until(lambda: road.moves.get(number).answered is not None)
    return road.moves.get(number).ok, road.moves.get(number).outcome


def shipment(order, lines=None, quantity=None, method="UPG", carton="C1", at=None, number=None):
    """Give a shipment of an order, or of some of its lines."""
    items = [item for item in order["orderDetails"]["items"] if lines is None or item["itemSequenceNumber"] in lines]
    packed = tuple(
        Packed(
            item["itemSequenceNumber"],
            str(item["orderedQuantity"]["amount"] if quantity is None else quantity),
            carton,
            f"1Z{carton}",
            POUNDS,
        )
        for item in items
    )
    return Shipment(number or order["purchaseOrderNumber"], method, at, packed)


def an_hour_ago(road, zone="America/New_York"):
    """Give the time of an hour ago as a clock of the warehouse's shows it."""
    return f"{(road.clock.now() - timedelta(hours=1)).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def ship_csv(clock, *shipments, zone="America/New_York"):
    """Write a CSV ship file."""
    return write_csv_ship([replace(one, shipped=one.shipped or clock.now()) for one in shipments], ZoneInfo(zone))


def ship_xml(clock, *shipments):
    return write_xml_ship([replace(one, shipped=one.shipped or clock.now()) for one in shipments], UTC)
