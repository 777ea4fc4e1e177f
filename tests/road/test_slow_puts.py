"""A file that takes long to write: its holder's lease goes on with it, and it is written once."""

from tests.road.conftest import LOCAL
from translator.stations import pump, send

WRITTEN = "folder.put.fsynced.before"
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
