"""A file that takes long to write: its holder's lease goes on with it, and it is written once."""

import threading

import pytest

from tests.road.conftest import LOCAL
from translator.stations import pump, send

WRITTEN = "folder.put.fsynced.before"
MINUTE = 60.0
ONCE = 2  # the marker file of the folder, then the file itself


def slow(road, seconds):
    """Have the writing of the file take so long."""
    road.points.at[WRITTEN] = lambda: road.points.reached.count(WRITTEN) < ONCE or road.clock.skip(seconds)


def test_a_file_whose_writing_takes_longer_than_half_a_lease_is_published_and_written_once(opened):
    world, road = opened()
    slow(road, send.LEASE * 2 / 3)
    road.until(lambda: world.visible(LOCAL), within=2 * send.LEASE)
    assert road.points.reached.count(WRITTEN) == ONCE


def test_what_is_staged_late_has_a_whole_lease_for_its_rename(opened, monkeypatch):
    monkeypatch.setattr(pump, "LONGEST", 60.0)  # what flies for so long is not lengthened any more
    world, road = opened()
    left = []

    def staged():
        with road.look() as book:
            waiting = book.work.find(station="send")
            left.extend(work.until - book.now for work in waiting if work.route.startswith(LOCAL.called))

    slow(road, send.LEASE * 0.9)
    road.points.at["send.staged.after"] = staged
    road.until(lambda: world.visible(LOCAL), within=2 * send.LEASE)
    assert len(left) == 1
    assert left[0] > send.LEASE * 0.9


def test_who_stood_still_for_half_a_lease_after_it_was_staged_renames_nothing_and_the_next_holder_does(opened):
    world, road = opened()
    stood = []

    def stand():
        if not stood:
            stood.append(road.clock.skip(send.LEASE * 0.6))

    road.points.at["send.staged.after"] = stand
    road.until(lambda: any("half of the lease" in reason for reason in road.reasons("send")), within=2 * send.LEASE)
    assert world.visible(LOCAL) == []
    road.until(lambda: world.visible(LOCAL), within=2 * send.LEASE)
    assert road.points.reached.count(WRITTEN) == ONCE


def test_who_stood_still_for_half_a_lease_since_his_claim_writes_nothing_and_the_next_holder_does(opened):
    world, road = opened()
    stood = []

    def stand():
        if not stood and "send.begin.before" in road.points.reached:
            stood.append(road.clock.skip(send.LEASE * 0.6))

    road.points.at["commit.after"] = stand
    road.until(lambda: any("half of the lease" in reason for reason in road.reasons("send")), within=2 * send.LEASE)
    assert WRITTEN not in road.points.reached
    road.until(lambda: world.visible(LOCAL), within=2 * send.LEASE)


def test_what_never_comes_back_keeps_its_lease_for_an_hour_and_then_loses_it(opened):
    world, road = opened()
    back = threading.Event()
    road.points.at[WRITTEN] = lambda: road.points.reached.count(WRITTEN) == ONCE and back.wait(300)
    road.until(lambda: road.points.reached.count(WRITTEN) == ONCE)
    died = lambda: max(_died(road) for _ in range(int(pump.LONGEST / 2 / MINUTE)))  # noqa: E731
    assert died() == 0
    assert max(died(), died()) == 1
    back.set()
    road.until(lambda: world.visible(LOCAL), within=2 * send.LEASE)


@pytest.mark.parametrize("late", [0, send.LEASE * 0.6])
def test_of_two_holders_of_a_row_who_are_staged_in_one_turn_only_the_second_renames(opened, late):
    world, road = opened()
    back = threading.Event()
    road.points.at[WRITTEN] = lambda: road.points.reached.count(WRITTEN) >= ONCE and back.wait(300)
    road.until(lambda: road.points.reached.count(WRITTEN) == ONCE)
    road.clock.skip(2 * pump.LONGEST)
    road.until(lambda: road.points.reached.count(WRITTEN) == ONCE + 1)
    road.clock.skip(late)
    back.set()
    while road.pump._inbox.qsize() < 2:
        road.pump._wait(0.01)
    road.until(lambda: world.visible(LOCAL), within=2 * send.LEASE)
    road.until(lambda: not road.pump._flying)
    assert road.points.reached.count("send.staged.after") == 1


def goes_on_though_one_is_lost(world, road, point, count):
    """Have two files stand at a point, take one's row away, and let them go on: the other one is published."""
    back = threading.Event()
    road.points.at[point] = lambda: back.wait(300)
    road.until(lambda: road.points.reached.count(point) == count)
    assert road.points.reached.count("folder.put.fsynced.after") >= 3  # a marker file and both
    with road.ledger.commit() as book:
        waiting = book.work.find(station="send", state="active")
        lost, kept = (work for work in waiting if work.route.startswith(LOCAL.called))
        assert lost.claim == kept.claim
        book.work.remove(lost.station, lost.route, lost.subject)
    back.set()
    while road.pump._inbox.qsize() < 2:
        road.pump._wait(0.01)
    road.until(lambda: world.visible(LOCAL))
    road.until(lambda: not road.pump._flying)
    assert road.points.reached.count("send.staged.after") == 1
    assert len(world.visible(LOCAL)) == 1


def test_who_lost_his_row_publishes_nothing_though_a_file_that_was_claimed_with_it_goes_on(opened, alone):
    goes_on_though_one_is_lost(*opened(orders=2), "folder.put.staged.before", 2)


def test_who_lost_his_row_publishes_nothing_though_a_file_goes_on_that_one_thread_carries_beside_it(opened):
    goes_on_though_one_is_lost(*opened(orders=2), "folder.put.settled.after", 1)  # neither has asked for *staged*


def _died(road):
    """Let a minute pass; say how many holders of the file are taken for dead."""
    road.clock.skip(MINUTE)
    road.pump.turn()
    with road.look() as book:
        return max(
            (work.holders for work in book.work.find(station="send") if work.route.startswith(LOCAL.called)), default=0
        )
