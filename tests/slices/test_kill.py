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
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tests.road.warm import Warm
from tests.world import CSV, FIXED, XML, hash_of, orders_of, world_of
from translator.cli.demo import _end
from translator.core.timeline import fold
from translator.ledger import Ledger
from translator.ledger.sqlite import driver
from translator.service import SystemChance, SystemClock
from translator.simulator.orders import to_be_cancelled
from translator.simulator.warehouse import Warehouse, WarehouseSettings

ROOT = Path(__file__).parents[2]
KILLS = 56  # of one part
EXECUTED = (2, 9, 16)  # these are processes of their own, not forks
ORDERS = 56
WAVES = 14
LIFE = (0.0, 0.45)  # seconds from the first word of a service to its kill
YOUNG = 0.15  # the part of the services that are killed before they say a word
GO = "GO_"  # what done-files begin with: these warehouses leave them
REPEATS = ("apply", "refuse", "ignore", "apply")  # what Amazon does with a second acknowledgement or confirmation

SYSTEMS = (
    replace(CSV, done="GO_{stem}.ok", ways=WarehouseSettings(delay=0.3, bad_row=2, mends=True, partial=3)),
    replace(FIXED, done="GO_{stem}.ok", ways=WarehouseSettings(delay=0.3, partial=2)),
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
        _check(world, orders, cancelled, settings)


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
        command = [sys.executable, "-m", "translator", "run", "--site", str(self.world.site)]
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

    def to_the_end(self, seconds=120.0):
        """Live in peace until all that waits are the turns of the sources."""
        for wave in self.waves:
            self.world.amazon.add_orders(wave)
        pid = self.warm.run(self.log)
        end = time.monotonic() + seconds
        while not self._over():
            self._cancel()
            assert time.monotonic() < end, f"not at the end: {_waiting(self.world)}\n{self._said()}"
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
        return not self.to_cancel and shipped + told == ORDERS and not _waiting(self.world) and not _lying(self.world)

    def _said(self):
        return self.log.read_text("utf-8", "replace")[-3000:]


def _book(world):
    return Ledger.open(world.ledger, SystemClock(), SystemChance(), alone=False, read_only=True)


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


def _waiting(world):
    with _book(world) as ledger, ledger.look() as book:
        turns = [work for work in book.work.find() if work.station == "collect" and work.state != "held"]
        others = [work for work in book.work.find() if work not in turns]
    nobodys = ("/answers", "/labels")  # nobody takes them
    asked = [work for work in others if not (work.station == "settle" and work.route.endswith(nobodys))]
    return [(work.station, work.route, work.subject, str(work.state), work.reason) for work in asked]


def _lying(world):
    """Give the files of the warehouses that are not yet collected, and ours that are not yet taken."""
    given = [
        name
        for system in SYSTEMS
        for below in ("ship", "stock", "acks")
        for name in world.visible(system, f"out/{below}")
    ]
    return given + [name for system in SYSTEMS for name in world.visible(system) if not name.startswith(GO)]


# --- what must hold ---------------------------------------------------------------------------------------------------


def _check(world, orders, cancelled, settings):
    _sound(world)
    _tidy(world)
    with _book(world) as ledger, ledger.look() as book:
        _ended_as_planned(book, orders, cancelled)
        _seen_once(world, book, orders, cancelled)
        _announced_once(world)
        _labelled_once(world, book, orders, cancelled)
        _accounted_for(world, book)
        _all_ended(book)
    _effects_once(world, orders, cancelled)
    _levels(world)


def _sound(world):
    assert _asked(world, "PRAGMA integrity_check") == [("ok",)]
    assert _asked(world, "PRAGMA foreign_key_check") == []


def _tidy(world):
    for system in SYSTEMS:
        for below in ("in/orders", "in/answers"):
            left = [path.name for path in world.folder(system, below).glob(".*")]
            assert [name for name in left if not name.startswith(".translator-")] == []


def _ended_as_planned(book, orders, cancelled):
    numbers = [order["purchaseOrderNumber"] for order in orders]
    ends = {number: _end(fold(book.events.of(f"us {number}"))) for number in numbers}
    assert ends == {number: "cancelled" if number in cancelled else "confirmed" for number in numbers}


def _seen_once(world, book, orders, cancelled):
    """Each order's file, and each cancel file, was seen once, under the name and with the bytes of the ledger."""
    expected = {}
    for order in orders:
        for kind in ("order", "cancellation"):
            stored = book.documents.newest(kind, "us", order["purchaseOrderNumber"])
            if stored is None:
                assert kind == "cancellation"
                assert order["purchaseOrderNumber"] not in cancelled
                continue
            places = book.contents.where(stored.id)
            assert len(places) == 1
            interchange = book.interchanges.get(places[0][0])
            expected[interchange.name] = interchange.hash
    sightings = [line for system in SYSTEMS for line in world.taken(system)]
    assert Counter(name for name, _ in sightings) == Counter(expected.keys())
    assert dict(sightings) == expected
    assert [warehouse.unreadable for warehouse in world.warehouses.values()] == [[], [], []]


def _announced_once(world):
    """Each file that was seen has its done-file, where the folder wants them."""
    for system in SYSTEMS:
        names = [name for name, _ in world.taken(system)] if system.done else []
        lying = [name for name in world.visible(system) if name.startswith(GO)]
        assert lying == sorted(f"{GO}{Path(name).stem}.ok" for name in names)


def _labelled_once(world, book, orders, cancelled):
    """Each order that ships by a label of Amazon has one label file, with the bytes of the ledger."""
    for system in (system for system in SYSTEMS if system.labels):
        mine = [one for one in orders if one["orderDetails"]["shipFromParty"]["partyId"] == system.code]
        labels = {number: book.documents.newest("shipping_label", "us", number) for number in map(_number, mine)}
        files = {
            found.name: found.hash
            for stored in labels.values()
            if stored is not None
            for place, _ in book.contents.where(stored.id)
            if (found := book.interchanges.get(place))
        }
        lying = {
            name: hash_of((world.folder(system, "in/labels") / name).read_bytes()) for name in _labels(world, system)
        }
        assert lying == files
        assert {number for number, stored in labels.items() if stored is None} <= cancelled


def _labels(world, system):
    return world.visible(system, "in/labels")


def _number(order):
    return order["purchaseOrderNumber"]


def _accounted_for(world, book):
    """Every file that a warehouse gave was collected once, as it was given, and read."""
    for system in SYSTEMS:
        for name, hashed in world.given(system):
            found = [one for one in _arrived(book, system) if one.name == name]
            assert [one.hash for one in found] == [hashed], name
            told = Counter(event.name for event in book.events.of(f"interchange {found[0].id}"))
            assert told == {"collected": 1, "read": 1} or told == {"collected": 1, "duplicate": 1}, (name, told)


def _arrived(book, system):
    query = "SELECT id FROM interchange WHERE direction = 'in' AND endpoint LIKE ?"
    rows = book._connection.exec_driver_sql(query, (f"{system.called}/%",)).scalars().all()
    return [book.interchanges.get(number) for number in rows]


def _all_ended(book):
    nobodys = ("answer", "shipping_label")
    left = [(stored.kind, stored.key) for stored in book.documents.open() if stored.kind not in nobodys]
    assert left == []


def _effects_once(world, orders, cancelled):
    state = world.amazon.state()
    assert state["crashes"] == []
    assert state["repeats"] == {}  # nothing was ever sent a second time after it had taken effect
    shipped = {order["purchaseOrderNumber"] for order in orders} - cancelled
    acknowledged = state["effects"]["submitAcknowledgement"]
    assert set(acknowledged) >= shipped
    assert set(acknowledged.values()) == {1}
    assert set(state["effects"]["createShippingLabels"].values()) == {1}
    assert state["effects"]["submitShipmentConfirmations"] == dict.fromkeys(shipped, 1)


def _levels(world):
    """Amazon has what each warehouse counted last."""
    there = world.amazon.state()["inventory"]
    for system in SYSTEMS:
        warehouse = world.warehouses[system.called]
        counted = {sku: max(0, warehouse.settings.stock - n) for (_, sku, _), n in warehouse._shipped.items()}
        assert {sku: level["amount"] for sku, level in there[system.code].items()} == counted
