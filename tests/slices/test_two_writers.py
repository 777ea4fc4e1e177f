"""Services of one ledger, or one and people around it, stopped, woken, killed at any moment: nothing is done twice.

Services are forked from a warm interpreter; what they wait for each other's death is scaled down, in proportion (a lease
outlasts what a call may take). Amazon counts effects, and submits about one thing that overlap, of all that is submitted.
"""

import logging
import os
import random
import signal
import time
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests import postgres
from tests.overlaps import overlapping
from tests.road.warm import Warm
from tests.slices.holds import GO, check, lying, waiting
from tests.world import CSV, FIXED, XML, Slow, orders_of, world_of
from translator.cli import program
from translator.cli.say import TAKEN, UNAVAILABLE
from translator.simulator.warehouse import WarehouseSettings

SYSTEMS = (
    replace(CSV, done=f"{GO}{{stem}}.ok", ways=WarehouseSettings(delay=0.3, partial=3)),
    replace(FIXED, ways=WarehouseSettings(delay=0.3)),
    replace(XML, ways=WarehouseSettings(delay=0.3), labels=True),
)
SORTS = {"acknowledgement", "label", "confirmation", "level", "invoice"}  # what is submitted
ORDERS, STRIKES = 500, 110  # a round lasts so many strikes, however busy the machine is
FEW, BRIEF = 200, 56  # the same around one service, in a bounded round
SWEEP = 3.0  # all orders are read again once to fifteen turns, as by default
SHORT, LONG = (0.05, 1.0), (5.0, 15.0)  # a pause; the long ones outlast a lease


@pytest.mark.parts(bounded=3, deep=50)
def test_whoever_stands_still_or_dies_each_order_ends_as_planned_and_nothing_is_done_twice(
    part, tmp_path, figure, monkeypatch
):
    logging.getLogger("paramiko").setLevel(logging.CRITICAL)  # the server sees many connections die
    overlaps = overlapping(monkeypatch, Slow)
    orders = orders_of(SYSTEMS, ORDERS)
    with (
        postgres.server() as server,
        world_of(
            tmp_path,
            SYSTEMS,
            latency=(0.008, 0.04),
            seed=part,
            transaction_seconds=0.3,
            server=server.fresh(),
        ) as world,
        billed(world),
        Warm(world.site, "shared") as warm,
    ):
        story = Story(world, warm, random.Random(f"writers {part}"), 2 + part % 3, orders)
        story.server = server
        try:
            story.chaos(STRIKES)
            story.to_the_end()
        finally:
            story.clear()
            tell(story, overlaps, figure)
        judge(world, orders, overlaps)


@pytest.mark.parts(bounded=3, deep=50)
def test_beside_a_service_people_look_and_ask_and_a_second_one_is_refused(part, deep, tmp_path, figure, monkeypatch):
    logging.getLogger("paramiko").setLevel(logging.CRITICAL)
    overlaps = overlapping(monkeypatch, Slow)
    orders = orders_of(SYSTEMS, ORDERS if deep else FEW)
    settings = {"transaction_seconds": 0.3}
    with (
        world_of(tmp_path, SYSTEMS, latency=(0.008, 0.04), seed=part, **settings) as world,
        billed(world),
        Warm(world.site) as warm,
    ):
        story = Crowded(world, warm, random.Random(f"crowd {part}"), 1, orders)
        try:
            story.chaos(STRIKES if deep else BRIEF)
            story.let_go()
            story.to_the_end()
        finally:
            story.clear()
            tell(story, overlaps, figure)
        assert min(story.told()[name] for name in ("kills", "pauses", "moves", "looks", "refused")) > 0
        judge(world, orders, overlaps)


@contextmanager
def billed(world):
    """Have an invoice made of each order that is confirmed, and all orders read again no more often than need be."""
    world.write_site(sweep=SWEEP)
    invoices = '    invoices: {from: confirmed, number: "INV-{sequence:06}"}\n    vendor:'
    world.edit("translator.yaml", lambda text: text.replace("    vendor:", invoices, 1))
    yield


def tell(story, overlaps, figure):
    """Say what came to pass, also where it did not come to its end."""
    for name, value in story.told().items():
        figure(name, value)
    figure("submits", sum(overlaps.judged.values()))
    figure("overlaps", len(overlaps.found))


def judge(world, orders, overlaps):
    """Nothing overlapped, all was submitted, each order ended as planned and was billed once."""
    assert overlaps.found == []
    assert set(overlaps.judged) == SORTS
    check(world, orders, set())
    state = world.amazon.state()
    assert sorted(state["invoices"].values()) == sorted([order["purchaseOrderNumber"]] for order in orders)
    assert set(state["effects"]["submitInvoice"].values()) == {1}


class Story:
    """One world, several services, many lives."""

    def __init__(self, world, warm, dice, count, orders):
        self.world, self.warm, self.dice = world, warm, dice
        self.waves = [orders[start::8] for start in range(8)]
        self.logs = [world.root / f"service{number}.log" for number in range(count)]
        self.alive, self.begun = {}, {}  # number of a service -> its process, and how long its log was
        for number in range(count):
            self._start(number)
        self.server = None  # a server of PostgreSQL, which dies once, too
        self.stopped = {}  # number of a service -> when it is woken
        self.counts = {"services": count, "kills": 0, "pauses": 0, "long pauses": 0, "never begun": 0}

    def told(self):
        return self.counts

    def chaos(self, strikes):
        each = strikes // len(self.waves)
        for number in range(strikes):
            if self.waves and number % each == 0:
                self.world.amazon.add_orders(self.waves.pop(0))
            self._wake()
            self._supervise()
            if self.server and len(self.waves) <= 4:
                self._lose_the_server()
            self._strike(self.dice.choice(list(self.alive)))
            time.sleep(self.dice.uniform(0.05, 0.6))

    def _lose_the_server(self):
        self.server.stop("immediate")
        time.sleep(self.dice.uniform(0.2, 3.0))
        self.server.start()
        self.server = None
        self.counts["server restarts"] = 1

    def _start(self, number):
        log = self.logs[number]
        self.begun[number] = log.stat().st_size if log.exists() else 0
        self.alive[number] = self.warm.run(log)

    def _supervise(self):
        """Start again what ended by itself, as systemd does."""
        for number, pid in list(self.alive.items()):
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                self._bury(number)
                self._start(number)

    def _bury(self, number):
        """Take note of an end: killed by us, or by itself where it had stood still before it began."""
        status = self.warm.bury(self.alive[number])
        self.stopped.pop(number, None)
        if status != -signal.SIGKILL:
            said = self.logs[number].read_bytes()[self.begun[number] :]
            assert (status, b"service started" in said) == (UNAVAILABLE, False), self._said(number)
            self.counts["never begun"] += 1

    def _strike(self, number):
        if self.dice.random() < 0.3:
            self._kill(number)
        elif number not in self.stopped:
            self._pause(number, long=self.dice.random() < 0.2)

    def _pause(self, number, *, long):
        self.counts["long pauses" if long else "pauses"] += 1
        os.kill(self.alive[number], signal.SIGSTOP)
        self.stopped[number] = time.monotonic() + self.dice.uniform(*(LONG if long else SHORT))

    def _kill(self, number):
        os.kill(self.alive[number], signal.SIGKILL)
        self._bury(number)
        self.counts["kills"] += 1
        self._start(number)

    def _wake(self, *, all_=False):
        for number, due in list(self.stopped.items()):
            if all_ or time.monotonic() >= due:
                os.kill(self.alive[number], signal.SIGCONT)
                del self.stopped[number]

    def to_the_end(self, seconds=900.0):
        """Live in peace until all that waits are the turns of the sources."""
        for wave in self.waves:
            self.world.amazon.add_orders(wave)
        self._wake(all_=True)
        end = time.monotonic() + seconds
        while not self._over():
            assert time.monotonic() < end, f"not at the end: {waiting(self.world)} {lying(self.world)}\n{self._said(0)}"
            self._supervise()
            time.sleep(1.0)
        for number, pid in self.alive.items():
            os.kill(pid, signal.SIGTERM)
            assert self.warm.bury(pid) == 0, self._said(number)
        self.alive.clear()

    def clear(self):
        for pid in self.alive.values():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                self.warm.bury(pid)

    def _over(self):
        """Look at what is cheap to look at first."""
        if lying(self.world):
            return False
        orders = self.world.amazon.state()["orders"].values()
        return all(order["status"] == "SHIPPED" for order in orders) and not waiting(self.world)

    def _said(self, number):
        return self.logs[number].read_text("utf-8", "replace")[-3000:]


class Crowded(Story):
    """One service over a file, and people around it: moves, looks, and attempts to start another."""

    LOOKS = (["show", "orders"], ["show", "held"], ["show", "alarms"], ["show", "files"], ["audit", "verify"])

    def __init__(self, world, warm, dice, count, orders):
        super().__init__(world, warm, dice, count, orders)
        self.numbers = [order["purchaseOrderNumber"] for order in orders]
        self.held, self.ever, self.turns = set(), set(), 0
        self.counts |= {"moves": 0, "looks": 0, "refused": 0}

    def _strike(self, number):
        turn = self.turns = self.turns + 1
        if turn % 7 == 3:
            self._kill(number)
        elif turn % 7 == 6 and number not in self.stopped:
            self._pause(number, long=False)
        elif turn % 7 == 5:
            self._another(number)
        elif turn % 2:
            self._move()
        elif self.world.ledger.exists():
            self.counts["looks"] += self._asked(*self.dice.choice(self.LOOKS)) == 0

    def _move(self):
        """Hold an order, or let one go on; nobody waits for the answer."""
        order = self.dice.choice(self.numbers)
        verb = "release" if order in self.held else "hold"
        self.held ^= {order}
        self.ever.add(order)
        self._asked(verb, order, "--reason", "on a whim", "--wait", "0")
        self.counts["moves"] += 1

    def _asked(self, *words):
        result = CliRunner().invoke(program(), [*words, "-C", str(self.world.site)])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code

    def _has_begun(self, number):
        return b"service started" in self.logs[number].read_bytes()[self.begun[number] :]

    def _another(self, number):
        """Try to start a second one, when the first has begun."""
        self._wake(all_=True)
        while not self._has_begun(number):
            self._supervise()
            time.sleep(0.05)
        log = self.world.root / "another.log"
        assert self.warm.bury(self.warm.run(log)) == TAKEN, log.read_text()[-2000:]
        self.counts["refused"] += 1

    def let_go(self):
        """Release whatever was held."""
        self._wake(all_=True)
        for order in sorted(self.ever):
            self._asked("release", order, "--wait", "30" if order in self.held else "0")
