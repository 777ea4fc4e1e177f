"""The same faults on the road: each document that is submitted comes to its true end, whatever became of the first attempt.

One world for each operation, one order for each fault: it strikes the first request that names the order, or the first two.
"""

import re

import pytest

from tests.matrix.between import Between
from tests.matrix.cell import QUICK
from tests.matrix.expected import Expected
from tests.matrix.faults import BODY, STATUS, TIMING, answering, timed
from tests.road.conftest import LOCAL
from tests.road.road import Road, ship_csv, shipment
from tests.world import orders_of, world_of
from translator.endpoints.spapi import account

TROUBLE = "server's trouble"
FAULTS = {
    **{
        f"{name}, {'' if applied else 'not '}applied": timed(name, applied)
        for name in TIMING
        for applied in (True, False)
    },
    **{
        f"{code}, {'' if applied else 'not '}applied": answering(TROUBLE, code, applied, "")
        for code in STATUS[TROUBLE]
        for applied in (True, False)
    },
    **{fault.name: fault for fault in BODY},
    "429": answering("slow down", 429, None, ""),
    "403": answering("denied", 403, None, ""),
}
TWICE = {
    name: fault
    for name, fault in FAULTS.items()
    if name in ("closed, not applied", "503, not applied", "silence, not applied")
}
_NUMBER = re.compile(rb'"purchaseOrderNumber": ?"([A-Za-z0-9]+)"')


class Planned(Between):
    """Strikes the requests of one operation by the order they name."""

    def __init__(self, port, servers):
        super().__init__(port, servers)
        self.plan = {}  # (last part of the path, order) -> faults, one for each request
        self.posted = {}  # the same -> bodies

    def struck(self, asked):
        number = _NUMBER.search(asked.body)
        if not number:
            return None, ""
        name = (asked.path.rpartition("/")[2], number[1].decode())
        self.posted.setdefault(name, []).append(asked.body)
        left = self.plan.get(name)
        return (left.pop(0), "submit") if left else (None, "")


class Story:
    """A world with an order for each fault, and the road through what stands between."""

    def __init__(self, root, authority):
        self.names = [(name, 1) for name in FAULTS] + [(name, 2) for name in TWICE]
        self.orders = _orders(len(self.names))
        self.numbers = [order["purchaseOrderNumber"] for order in self.orders]
        self._opened = world_of(root, (LOCAL,), self.orders, working=False)
        self.world = self._opened.__enter__()
        self.between = Planned(int(self.world.amazon.url.rpartition(":")[2]), authority.servers)
        self.world.write_site(poll=20, sweep=60, settle=5, every=5, quiet=0.2, wait=1)
        self.world.edit(
            "translator.yaml",
            lambda text: text.replace(self.world.amazon.url, f"https://localhost:{self.between.port}"),
        )
        self.road = Road(self.world)

    def close(self):
        self.road.close()
        self.between.close()
        self._opened.__exit__(None, None, None)

    def strike(self, part):
        """Plan the faults for an operation, by the last part of its path."""
        for number, (name, times) in zip(self.numbers, self.names, strict=True):
            self.between.plan[part, number] = [FAULTS[name]] * times

    def ended(self, kind):
        """Give how each document of a kind ended: accepted, or held for a person; None: it is under way."""
        with self.road.look() as book:
            held = {
                book.interchanges.get(int(work.subject)).about: work.reason
                for work in book.work.find(state="held", station="settle")
            }
        ends = {number: set(self.road.ends(kind, number)) for number in self.numbers}
        return {
            n: "accepted" if ends[n] == {"accepted"} else "person" if held.get(n) else str(ends[n])
            for n in self.numbers
        }


def _orders(count):
    """Give so many orders, all of which are to be shipped."""
    made = orders_of((LOCAL,), count * 2)
    plain = [one for one in made if one["orderDetails"]["orderStatus"] == "NEW"]
    return plain[:count]


@pytest.fixture
def story(tmp_path, authority, monkeypatch):
    monkeypatch.setattr(account, "Limits", lambda: QUICK)
    told = Story(tmp_path, authority)
    yield told
    told.close()


def check(story, part, operation, kind):
    wanted = {
        n: Expected().ends(operation)[times - 1] for n, (_, times) in zip(story.numbers, story.names, strict=True)
    }
    story.road.until(lambda: story.ended(kind) == wanted, within=600)
    state = story.world.amazon.state()
    effects = state["effects"].get(operation, {})
    assert {n: effects.get(n, 0) for n in story.numbers} == {n: int(wanted[n] == "accepted") for n in story.numbers}
    assert state["repeats"] == {}
    for number, (name, _) in zip(story.numbers, story.names, strict=True):
        bodies = story.between.posted[part, number]
        assert len(set(bodies)) == 1, name
        assert len(bodies) <= 2, name


def test_each_acknowledgement_comes_to_its_end(story):
    story.strike("acknowledgements")
    check(story, "acknowledgements", "submitAcknowledgement", "acknowledgement")


def test_each_confirmation_comes_to_its_end(story):
    story.strike("shipmentConfirmations")
    road, world = story.road, story.world
    road.until(lambda: all(road.ends("acknowledgement", n) == ["accepted"] for n in story.numbers), within=600)
    world.place(LOCAL, "out/ship", "SHIP-1.csv", ship_csv(world.clock, *map(shipment, story.orders)))
    check(story, "shipmentConfirmations", "submitShipmentConfirmations", "shipment_confirmation")
