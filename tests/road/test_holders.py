"""What was in the hands of a service that died: tried again, and not for ever in a row."""

from contextlib import suppress

import pytest

from tests.road.road import Dice, Road
from translator.core.finding import Unavailable
from translator.core.work import HOLDERS, REST
from translator.stations import outcomes, pump
from translator.stations.errand import LEASE


def died(road):
    """Claim all that is due, and die over it: a new service opens the same book."""
    with road.ledger.commit() as book:
        claimed = book.work.claim(100, 300.0)
    road.restart()
    return claimed


def test_what_outlives_three_holders_rests_and_then_goes_on_by_itself(opened):
    world, road = opened()
    for _ in range(HOLDERS):
        assert died(road)
    assert road.held("outlived three holders")  # nobody knows whether it was to blame
    road.clock.skip(REST - 1)
    assert died(road) == []
    road.clock.skip(2)
    road.until(lambda: world.amazon.state()["effects"])
    assert road.rows() == [row for row in road.rows() if "outlived" not in row[-1]]


def test_each_further_death_doubles_the_rest(opened):
    _, road = opened()
    for _ in range(HOLDERS):
        died(road)
    rests = []
    for _ in range(3):
        with road.look() as book:
            (work, *_) = book.work.find(state="held")
        rests.append(work.give_up - road.clock.now().timestamp())
        road.clock.skip(rests[-1] + 1)
        with road.ledger.commit() as book:
            for over in book.work.sweep():
                outcomes.over(road.pump.house, book, over)
        assert died(road)
    assert [round(rest / REST) for rest in rests] == [1, 2, 4]


@pytest.mark.parametrize("station", ["read", "write"])
def test_who_stops_in_good_order_writes_down_what_was_thought_over_and_is_no_holder_that_died(opened, station):
    _, road = opened()
    road.until(lambda: working(road, station))
    road.restart()
    assert working(road, station) == []
    with road.look() as book:
        assert {work.holders for work in book.work.find()} == {0}


def working(road, station):
    with road.look() as book:
        return book.work.find(station=station, state="active")


class Another(Road):
    """Another machine over the same ledger."""

    chance = staticmethod(lambda seed=0: Dice(seed + 50))


@pytest.mark.parametrize("kept", ["server"])
def test_what_a_service_that_lives_thinks_over_for_long_is_not_taken_over_by_another(opened, kept, monkeypatch):
    world, road = opened(orders=4)
    other, thought, taken = Another(world), pump._thought, []

    def slow(think, book):
        world.clock.skip(LEASE * 0.4)
        road.ledger.alive()
        with suppress(Unavailable), other.ledger.commit() as theirs:
            taken.extend(work for work in theirs.work.claim(100, LEASE) if work.holders)
            raise Unavailable("it only looks what it would take over")
        return thought(think, book)

    monkeypatch.setattr(pump, "_thought", slow)
    road.until(lambda: "send.begin.before" in road.points.reached, within=20 * LEASE)
    other.close()
    assert taken == []
