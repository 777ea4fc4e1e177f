"""The service is killed again and again, at any moment; Amazon, the SFTP server and the warehouses go on and count.

Services are forked from a warm interpreter (`tests.road.warm`), some are really executed. What is counted as *claimed* is
read from the ledger right after the kill: a row in the hands of the dead one, or an attempt begun without an end.
"""

import logging
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.road.warm import Warm
from tests.slices.holds import GO, check, lying, waiting
from tests.world import CSV, FIXED, XML, orders_of, world_of
from translator.ledger.sqlite import driver
from translator.simulator.orders import to_be_cancelled
from translator.simulator.warehouse import Warehouse, WarehouseSettings

ROOT = Path(__file__).parents[2]
KILLS = 56  # of one part
EXECUTED = (2, 9, 16)  # these are processes of their own, not forks
ORDERS = 56
WAVES = 14
LIFE = (0.0, 0.45)  # seconds from the first word of a service to its kill
YOUNG = 0.15  # the part of the services that are killed before they say a word
# A process of its own, from nothing; what outlived three holders rests for a moment only, as in the forks: no row is to blame.
HURRIED = "from translator.core import work; work.REST = 0.1; from translator.cli import main; main()"
REPEATS = ("apply", "refuse", "ignore", "apply")  # what Amazon does with a second acknowledgement or confirmation

SYSTEMS = (
    replace(CSV, done=f"{GO}{{stem}}.ok", ways=WarehouseSettings(delay=0.3, bad_row=2, mends=True, partial=3)),
    replace(FIXED, done=f"{GO}{{stem}}.ok", ways=WarehouseSettings(delay=0.3, partial=2)),
    replace(XML, ways=WarehouseSettings(delay=0.3), labels=True),
)


@pytest.mark.parts(bounded=4, deep=40)
def test_killed_at_any_moment_every_order_ends_as_planned_and_every_effect_is_there_once(
    part, tmp_path, figure, monkeypatch
):
    logging.getLogger("paramiko").setLevel(logging.CRITICAL)  # the server sees many connections die
    dice = random.Random(f"kill {part}")
    settings = {"repeat": REPEATS[part % len(REPEATS)], "transaction_seconds": 0.3}
    orders = orders_of(SYSTEMS, ORDERS)
    cancelled = set(to_be_cancelled(orders))
    _ship_none_of(cancelled, monkeypatch)
    with world_of(tmp_path, SYSTEMS, latency=(0.008, 0.04), seed=part, **settings) as world, Warm(world.site) as warm:
        story = Story(world, warm, dice, orders, cancelled)
        while story.kills < KILLS:
            story.live_and_die()
        story.to_the_end()
        figure("kills", story.kills)
        figure("claimed", story.claimed)
        figure("executed", story.executed)
        figure("unknown", _unknowns(world))
        assert story.claimed >= KILLS * 3 // 4
        _sound(world)
        check(world, orders, cancelled)


def _ship_none_of(cancelled, monkeypatch):
    """A customer's change of mind is not to race with the parcel: these orders wait in the warehouse for their cancel file."""
    ships = Warehouse._shipments
    monkeypatch.setattr(
        Warehouse, "_shipments", lambda self, order: [] if order.number in cancelled else ships(self, order)
    )


class Story:
    """One world, many lives."""

    def __init__(self, world, warm, dice, orders, cancelled):
        self.world, self.warm, self.dice = world, warm, dice
        self.kills = self.claimed = self.executed = 0
        self.stretch = 1.0  # lives grow where a busy machine kills services before they have begun anything
        self.waves = [orders[start::WAVES] for start in range(WAVES)]
        self.to_cancel = set(cancelled)
        self.log = world.root / "service.log"

    def live_and_die(self):
        if self.waves and self.kills % (KILLS // WAVES) == 0:
            self.world.amazon.add_orders(self.waves.pop(0))
        self._cancel()
        if self.kills in EXECUTED:
            self._executed()
        else:
            self._forked()
        self.kills += 1
        hit = bool(_claimed(self.world))
        self.claimed += hit
        self.stretch = max(1.0, self.stretch * 0.8) if hit else min(8.0, self.stretch * 1.5)

    def _forked(self):
        size = self._size()
        pid = self.warm.run(self.log)
        self._live(size)
        os.kill(pid, signal.SIGKILL)
        status = self.warm.bury(pid)
        assert status == -signal.SIGKILL, f"it ended by itself: {status}\n{self._said()}"

    def _executed(self):
        size = self._size()
        command = [sys.executable, "-c", HURRIED, "run", "--site", str(self.world.site)]
        with self.log.open("ab") as log:
            process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        self._live(size)
        process.kill()
        assert process.wait() == -signal.SIGKILL, self._said()
        self.executed += 1

    def _live(self, size):
        """Wait until the service has said something, and its lifetime after; some die before."""
        life = self.dice.uniform(*LIFE) * self.stretch
        if self.dice.random() < YOUNG:
            time.sleep(life)
            return
        end = time.monotonic() + 20
        while self._size() == size and time.monotonic() < end:
            time.sleep(0.005)
        time.sleep(life)

    def _size(self):
        return self.log.stat().st_size if self.log.exists() else 0

    def to_the_end(self, seconds=900.0):
        """Live in peace until all that waits are the turns of the sources."""
        for wave in self.waves:
            self.world.amazon.add_orders(wave)
        pid = self.warm.run(self.log)
        end = time.monotonic() + seconds
        while not self._over():
            self._cancel()
            assert time.monotonic() < end, f"not at the end: {waiting(self.world)}\n{self._said()}"
            time.sleep(0.1)
        os.kill(pid, signal.SIGTERM)
        assert self.warm.bury(pid) == 0, self._said()

    def _cancel(self):
        seen = {name for system in SYSTEMS for name, _ in self.world.taken(system)}
        for number in [number for number in self.to_cancel if any(number in name for name in seen)]:
            self.world.amazon.cancel(number)
            self.to_cancel.discard(number)

    def _over(self):
        state = self.world.amazon.state()["orders"]
        shipped = sum(order["status"] == "SHIPPED" for order in state.values())
        told = sum(order["status"] == "CANCELLED" for order in state.values())
        return not self.to_cancel and shipped + told == ORDERS and not waiting(self.world) and not lying(self.world)

    def _said(self):
        return self.log.read_text("utf-8", "replace")[-3000:]


def _claimed(world):
    if not world.ledger.exists():
        return 0
    ask = (
        "SELECT (SELECT count(*) FROM work WHERE state = 'active') + (SELECT count(*) FROM attempt WHERE ended IS NULL)"
    )
    try:
        return _asked(world, ask)[0][0]
    except driver().OperationalError:
        return 0  # killed before it had made its tables


def _unknowns(world):
    return _asked(world, "SELECT count(*) FROM attempt WHERE outcome IN ('unknown', 'died')")[0][0]


def _asked(world, query):
    connection = driver().connect(f"file:{world.ledger}?mode=ro", uri=True)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def _sound(world):
    assert _asked(world, "PRAGMA integrity_check") == [("ok",)]
    assert _asked(world, "PRAGMA foreign_key_check") == []
