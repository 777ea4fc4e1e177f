"""A partner's door: in doubt after one failure, closed after the second, stopped where asking again would do harm."""

import pytest

from translator.core.door import LOGINS, LONGEST, STOPPED, UNSORTED, Door
from translator.core.finding import Unavailable

AWAY = Unavailable("nobody is there", sort="away")
SILENT = Unavailable("no answer in time")
REFUSED = Unavailable("the login is refused", sort="login")
CHANCE = 0.5  # no jitter


def after(*errors, door=None, wait=0.0, rows=None):
    """Give the door after failures of so many rows, each when the door lets one in again."""
    door, now = door or Door(), 1000.0
    for number, error in enumerate(errors):
        now = max(now, door.closed) + wait
        door = door.failed(rows[number] if rows else number, error, now, CHANCE)
    return door, now


def test_after_one_failure_one_other_row_may_go_at_once():
    door, now = after(AWAY)
    assert (door.is_open, door.closed, door.was_closed) == (False, now, False)


def test_one_row_that_fails_again_and_again_closes_nothing():
    door, now = after(*[AWAY] * 9, rows=[7] * 9, wait=30)
    assert (door.failures, door.closed, door.was_closed) == (1, now, False)


def test_a_second_row_that_fails_closes_it_for_longer_and_longer():
    pauses = [door.closed - now for door, now in (after(*[AWAY] * count) for count in range(1, 7))]
    assert pauses == [0, 30, 60, 60, 60, 60]


def test_where_each_may_have_its_own_reason_five_close_it():
    doors = [after(*[SILENT] * count) for count in range(1, UNSORTED + 2)]
    assert [door.closed - now for door, now in doors] == [0, 0, 0, 0, 30, 60]


def test_a_row_that_failed_again_and_again_while_others_went_through_tells_nothing():
    assert Door().failed(7, AWAY, 1000.0, CHANCE, tries=3) == Door()
    door, now = after(AWAY)
    assert door.failed(7, AWAY, now, CHANCE, tries=3) == door
    door, now = after(AWAY, AWAY)
    assert door.failed(7, AWAY, door.closed, CHANCE, tries=3).failures == 3  # who knocks at a closed one does
    assert Door().failed(7, REFUSED, now, CHANCE, tries=3).logins == 1
    slow = Door().failed(7, Unavailable("slow down", 7.0), now, CHANCE, tries=3)
    assert slow.closed == now + 7.0  # that is said to all


@pytest.mark.parametrize("chance, pause", [(0.0, 22.5), (0.999, 37.5)])
def test_a_pause_has_jitter(chance, pause):
    assert Door(1, by=1).failed(2, AWAY, 0.0, chance).closed == pytest.approx(pause, abs=0.1)


def test_the_other_sides_own_word_counts_from_the_first_failure_on():
    door, now = after(Unavailable("slow down", 7.0))
    assert door.closed == now + 7.0
    door, now = after(*[Unavailable("slow down", 40.0)] * 2)
    assert door.closed == now + 40.0


def test_a_word_that_means_one_row_for_long_closes_nothing():
    door, now = after(Unavailable("only a person can mend it", 900.0))
    assert door.closed == now
    door, now = after(*[Unavailable("only a person can mend it", 900.0)] * UNSORTED)
    assert door.closed == now + LONGEST


def test_of_those_who_were_inside_when_one_failed_nothing_more_is_learned():
    door, now = after(AWAY)
    assert door.failed(2, AWAY, now + 1, CHANCE, entered=now - 1) == door  # one connection broke for all of them
    assert door.failed(2, AWAY, now + 1, CHANCE, entered=now).was_closed
    assert door.failed(2, REFUSED, now + 1, CHANCE, entered=now - 1) == door


def test_those_who_were_inside_when_it_closed_prove_nothing_more():
    door, now = after(AWAY, AWAY)
    assert door.failed(9, AWAY, now + 1, CHANCE) == door
    door, now = after(REFUSED)
    assert door.failed(9, REFUSED, now + 1, CHANCE) == door


def test_a_refused_login_closes_at_once_and_the_third_stops():
    pauses = [door.closed - now for door, now in (after(*[REFUSED] * count) for count in range(1, LOGINS + 1))]
    assert pauses == [30, 30, STOPPED]


def test_other_failures_between_do_not_make_refused_logins_forgotten():
    door, _ = after(REFUSED, AWAY, REFUSED, AWAY, REFUSED)
    assert door.is_stopped


def test_another_host_key_stops_at_once():
    door, now = after(AWAY, AWAY)
    assert door.failed(9, Unavailable("another key", sort="host-key"), now + 1, CHANCE).is_stopped


def test_once_more_means_one_row_and_one_login():
    door, _ = after(*[REFUSED] * LOGINS)
    again = door.once_more(5000.0)
    assert (again.is_open, again.is_stopped, again.closed) == (False, False, 5000.0)
    assert again.failed(1, REFUSED, 5001.0, CHANCE).is_stopped
