"""What two sides say of one order: each way of disagreeing, and what is no disagreement."""

from datetime import UTC, datetime, timedelta

import pytest

from translator.core.differences import Known, Told, with_amazon, with_warehouse
from translator.core.timeline import Timeline

NOW = datetime(2026, 12, 2, 2, 0, tzinfo=UTC)
LONG, JUST = NOW - timedelta(hours=10), NOW - timedelta(minutes=5)
SINCE = NOW - timedelta(days=7)


def known(placed=LONG, units=2, warehouse="EWR1", **marks):
    return Known(Timeline(**{"known": LONG} | marks), placed, units, warehouse)


def out(told, here):
    return [(one.what, one.clock) for one in with_amazon(told, here, SINCE, NOW)]


def told(status="NEW", placed=LONG, units=2):
    return Told(status, placed, units)


ACCEPTED = {"acknowledgement_accepted": LONG}
WAYS = {
    "unknown here": (told(), None, "acknowledge"),
    "acknowledged here, NEW at Amazon": (told(), known(**ACCEPTED), ""),
    "confirmed here, not at Amazon": (told("ACCEPTED"), known(confirmation_accepted=LONG, **ACCEPTED), ""),
    "shipped, not confirmed": (told("ACCEPTED"), known(shipped=LONG, left=LONG, **ACCEPTED), "confirm"),
    "SHIPPED at Amazon, not here": (told("SHIPPED"), known(**ACCEPTED), ""),
    "CANCELLED at Amazon, not here": (told("CANCELLED"), known(), "acknowledge"),
    "quantities differ": (told(units=3), known(), ""),
    "not at Amazon": (None, known(), "acknowledge"),
}


@pytest.mark.parametrize("what", WAYS)
def test_each_way_of_disagreeing_is_told_with_its_clock(what):
    there, here, clock = WAYS[what]
    assert out({"D1": there} if there else {}, {"D1": here} if here else {}) == [(what, clock)]


AGREE = [
    (told(), known()),
    (told("ACCEPTED"), known(**ACCEPTED)),
    (told("SHIPPED"), known(confirmation_accepted=LONG)),
    (told("CANCELLED"), known(refused=LONG)),
    (told("ACCEPTED"), known(closed=LONG)),  # never ours
    (told(), known(acknowledgement_accepted=JUST)),  # Amazon may not show it yet
    (told(placed=JUST), None),  # it may not be here yet
    (None, known(placed=NOW - timedelta(days=9))),  # older than what was asked for
]


@pytest.mark.parametrize("there, here", AGREE)
def test_what_agrees_or_is_too_young_or_too_old_is_not_told(there, here):
    assert out({"D1": there} if there else {}, {"D1": here} if here else {}) == []


def test_a_warehouses_open_orders_are_held_against_those_open_here():
    here = {
        "BOTH": known(taken=LONG),
        "LOST": known(taken=LONG, ship_by=NOW),
        "OVER": known(taken=LONG, confirmation_accepted=LONG),
        "GONE": known(taken=LONG, shipped=LONG),
        "WAITS": known(),
    }
    found = {one.order: one.what for one in with_warehouse({"BOTH", "OVER", "ELSE"}, here, NOW)}
    assert found == {
        "ELSE": "unknown here",
        "OVER": "over here, open at the warehouse",
        "LOST": "open here, not at the warehouse",
    }
