"""The same faults on the road: each document that is submitted comes to its true end, whatever became of the first attempt.

One world for each operation, one order for each fault: it strikes the first request that names the order, or the first two.
"""

import re
from collections import Counter

import pytest

from tests.matrix.between import Between
from tests.matrix.expected import Expected
from tests.matrix.faults import BODY, STATUS, TIMING, answering, timed
from tests.road import test_labels, test_parcels
from tests.road.conftest import LOCAL
from tests.road.road import Road, an_hour_ago, ship_csv, shipment
from tests.world import orders_of, world_of
from translator.endpoints.spapi import account
from translator.endpoints.spapi.wire import Limits

LIMITS = Limits(connect=2.5, read=2.0, write=2.0, total=2.5, body=100_000)  # a busy machine is not one of the faults
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
    "400": answering("bad request", 400, None, ""),
    "413": answering("not taken", 413, None, ""),
}
TWICE = ("closed, not applied", "503, not applied", "silence, not applied")
CERTAIN = {
    "429": "accepted",
    "403": "accepted",
    "400": "rejected",
    "413": "rejected",
}  # Amazon says that it did nothing
_NUMBER = re.compile(rb'"(?:purchaseOrderNumber|vendorContainerId)": ?"([A-Za-z0-9]+)"')


class Planned(Between):
    """Strikes the submissions of one operation by the order they name."""

    def __init__(self, port, servers):
        super().__init__(port, servers)
        self.plan = {}  # (part of the path, order) -> faults, one for each request
        self.posted = {}  # the same -> bodies

    def struck(self, asked):
        if asked.method != "POST" or not asked.body:
            return None, ""
        parts = asked.path.split("/")
        number = _NUMBER.search(asked.body)
        name = (parts[-1], number[1].decode()) if number else (parts[-2], parts[-1])
        self.posted.setdefault(name, []).append(asked.body)
        left = self.plan.get(name)
        return (left.pop(0), "submit") if left else (None, "")


class Story:
    """A world with an order for each fault, and the road through what stands between."""

    def __init__(self, root, authority, change=None, without=(), **settings):
        self.names = [(name, 1) for name in FAULTS if name not in without] + [(name, 2) for name in TWICE]
        self.orders = orders_of((LOCAL,), len(self.names))
        self.numbers = [order["purchaseOrderNumber"] for order in self.orders]
        self.struck = dict(zip(self.numbers, self.names, strict=True))
        self._opened = world_of(root, (LOCAL,), self.orders, working=False, **settings)
        self.world = self._opened.__enter__()
        self.between = Planned(int(self.world.amazon.url.rpartition(":")[2]), authority.servers)
        self.world.write_site(poll=20, sweep=60, settle=5, every=5, quiet=0.2, wait=1)
        if change:
            change(self.world)
        through = f"https://localhost:{self.between.port}"
        self.world.edit("translator.yaml", lambda text: text.replace(self.world.amazon.url, through))
        self.road = Road(self.world)

    def close(self):
        self.road.close()
        self.between.close()
        self._opened.__exit__(None, None, None)

    def strike(self, part):
        """Plan the faults for an operation, by its part of the path."""
        for number, (name, times) in self.struck.items():
            self.between.plan[part, number] = [FAULTS[name]] * times

    def accepted(self, kind):
        return all("accepted" in self.road.ends(kind, number) for number in self.numbers)

    def ship(self):
        data = ship_csv(self.world.clock, *map(shipment, self.orders))
        self.world.place(LOCAL, "out/ship", "SHIP1.csv", data)

    def is_over(self, kind, wanted):
        """Tell whether the document of each order ended as wanted; one look, to the first that did not."""
        with self.road.look() as book:
            held = {
                book.interchanges.get(int(work.subject)).about
                for work in book.work.find(state="held", station="settle")
            }
            return all(
                ("person" if number in held else end_of(book, kind, number)) == end for number, end in wanted.items()
            )


def end_of(book, kind, number):
    """Give how the document about an order ended: accepted, unverified, rejected; nothing: not yet."""
    found = [*book.documents.about("us", number, kind), book.documents.newest(kind, "us", number)]
    ends = [str(one.end) for one in found if one]
    if ends[-1:] != ["accepted"]:
        return ends[-1] if ends else ""
    told = [event.detail for event in book.events.of(f"us {number}") if event.name == f"{kind} accepted"]
    return "unverified" if any(detail.get("unverified") for detail in told) else "accepted"


@pytest.fixture
def told(tmp_path, authority, monkeypatch):
    """Open a story."""
    monkeypatch.setattr(account, "Limits", lambda: LIMITS)
    opened = []

    def tell(change=None, **more):
        opened.append(Story(tmp_path / str(len(opened)), authority, change, **more))
        return opened[-1]

    yield tell
    for story in opened:
        story.close()


def check(story, part, operation, kind, *, blind=False):
    first, second = Expected().ends(operation)
    wanted = {
        number: CERTAIN.get(name) or (second if times > 1 else first) for number, (name, times) in story.struck.items()
    }
    story.road.until(lambda: story.is_over(kind, wanted), within=3000)
    state = story.world.amazon.state()
    effects = Counter(key.partition("/")[0] for key, n in state["effects"].get(operation, {}).items() for _ in range(n))
    for number, (name, times) in story.struck.items():
        lost = times > 1 or name.endswith("not applied") or name in CERTAIN
        happened = wanted[number] == "accepted" or not lost
        bodies = story.between.posted[part, number]
        assert effects[number] == int(happened), name
        assert len(set(bodies)) == 1, name
        assert len(bodies) <= 2, name
    assert blind or state["repeats"] == {}


@pytest.mark.sweep
def test_each_acknowledgement_comes_to_its_end(told):
    story = told()
    story.strike("acknowledgements")
    check(story, "acknowledgements", "submitAcknowledgement", "acknowledgement")


@pytest.mark.sweep
def test_each_confirmation_comes_to_its_end(told):
    story = told()
    story.strike("shipmentConfirmations")
    story.road.until(lambda: story.accepted("acknowledgement"), within=600)
    story.ship()
    check(story, "shipmentConfirmations", "submitShipmentConfirmations", "shipment_confirmation")


@pytest.mark.sweep
def test_each_request_for_a_label_comes_to_its_end(told):
    story = told(test_labels.furnish, without=("403",))  # a denial has the request go the other way, for a day
    story.strike("shippingLabels")
    check(story, "shippingLabels", "createShippingLabels", "label_request")


@pytest.mark.sweep
def test_each_status_update_comes_to_its_end_and_what_nobody_can_see_is_told_as_unverified(told):
    story = told(lambda world: test_parcels.furnish(world, "carrier: own", scans=True), repeat="ignore")
    story.strike("shipmentStatusUpdates")
    story.road.until(lambda: story.accepted("acknowledgement"), within=600)
    story.ship()
    story.road.until(lambda: story.accepted("shipment_confirmation"), within=600)
    at = an_hour_ago(story.road)
    rows = [test_parcels.scan(number, "1ZC1", "OUT", at).splitlines() for number in story.numbers]
    story.world.place(LOCAL, "out/scan", "SCAN1.csv", "\n".join([rows[0][0], *(row[1] for row in rows), ""]))
    check(story, "shipmentStatusUpdates", "submitShipmentStatusUpdates", "shipment_status", blind=True)


@pytest.mark.sweep
def test_each_request_for_a_pallets_label_is_for_a_person_where_it_may_have_been_made(told):
    story = told(lambda world: test_parcels.furnish(world, "label: {day: accepted}"))
    story.strike("containerLabel")
    story.road.until(lambda: all(test_parcels.tracked(story.world, number) for number in story.numbers), within=600)
    rows = [f"{number},{LOCAL.code},{test_parcels.tracked(story.world, number)[0]}" for number in story.numbers]
    story.world.place(LOCAL, "out/pack", "PALLET1.csv", "\n".join(["PALLET,WAREHOUSE,TRACKING", *rows, ""]))
    check(story, "containerLabel", "createContainerLabel", "container_label_request")
