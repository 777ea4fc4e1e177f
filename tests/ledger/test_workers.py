"""Several services over one book: what a dead one had is taken over, what a living one has is not; an old claim is nothing."""

from __future__ import annotations

import pytest

from translator.core.work import State
from translator.ledger import Lost
from translator.ledger.workers import SILENT

LEASE = 300.0


@pytest.fixture
def journal():
    return "postgres"


@pytest.fixture
def other(house):
    return house.open()


def claimed(ledger, limit=9):
    with ledger.commit() as book:
        return book.work.claim(limit, LEASE)


@pytest.fixture
def rows(ledger):
    with ledger.commit() as book:
        for station in ("collect", "read", "write", "send", "settle"):
            book.work.add(station, "r", "1")
    return {row.station: row for row in claimed(ledger)}


def test_what_a_living_service_has_is_nobody_elses(ledger, other, rows, clock):
    clock.pass_(SILENT - 1)
    assert claimed(other) == []
    with ledger.commit():
        pass
    clock.pass_(SILENT - 1)
    assert claimed(other) == []


def test_what_a_dead_service_had_is_taken_over_soon_but_what_it_sent_waits_for_the_lease(other, rows, clock):
    clock.pass_(SILENT + 0.5)
    assert sorted(row.station for row in claimed(other)) == ["collect", "read", "settle", "write"]
    clock.pass_(LEASE - SILENT)
    with other.commit() as book:
        assert [row.station for row in book.work.claim(9, LEASE)] == ["send"]


def test_a_paused_service_that_wakes_finds_its_claims_lost(ledger, other, rows, clock):
    clock.pass_(SILENT + 0.5)
    taken = {row.station: row for row in claimed(other)}
    for station, row in taken.items():
        with pytest.raises(Lost), ledger.commit() as book:
            book.work.end(rows[station])
        with other.commit() as book:
            assert book.work.mine([row]) == [row]
            assert row.holders == 1


def test_a_service_that_thinks_for_long_says_that_it_lives(ledger, other, rows, clock):
    for _ in range(5):
        clock.pass_(SILENT / 2)
        ledger.alive()
        assert claimed(other) == []


def test_a_service_says_that_it_lives_in_the_middle_of_a_commit(ledger, other, clock):
    clock.pass_(SILENT)
    with ledger.commit():
        clock.pass_(SILENT)
        ledger.alive()
        with other.look() as book:
            assert ledger.worker in [worker.name for worker in book.workers.alive()]


def test_a_service_whose_commit_takes_long_is_not_taken_for_dead_when_it_ends(ledger, other, rows, clock):
    with ledger.commit():
        clock.pass_(3 * SILENT)
    assert claimed(other) == []


def test_a_service_that_ends_in_order_leaves_its_rows_at_once(ledger, other, rows):
    ledger.close()
    assert sorted(row.station for row in claimed(other)) == ["collect", "read", "settle", "write"]


def test_who_starts_takes_nothing_of_those_that_live(ledger, other, rows):
    with other.commit() as book:
        assert book.work.reopen() == 0
        assert {row.state for row in book.work.find()} == {State.ACTIVE}


def test_what_outlived_three_services_rests(ledger, house, clock):
    with ledger.commit() as book:
        book.work.add("read", "r", "1")
    for _ in range(3):
        assert len(claimed(house.open())) == 1
        clock.pass_(SILENT + 1)
    assert claimed(house.open()) == []
    with ledger.look() as book:
        assert [row.reason for row in book.work.find()] == ["outlived three holders"]


def test_those_that_live_are_told(ledger, other, clock):
    with other.commit() as book:
        assert [worker.name for worker in book.workers.alive()] == [ledger.worker, other.worker]
    clock.pass_(SILENT + 1)
    with other.commit() as book:
        assert [worker.name for worker in book.workers.alive()] == [other.worker]


def test_calls_at_once_are_counted_over_all_services(ledger, other):
    with ledger.commit() as book:
        book.lanes.put("l", calls=3)
        for number in range(9):
            book.work.add("send", "r", str(number), "l")
    assert (len(claimed(ledger, 2)), len(claimed(other, 9)), len(claimed(ledger, 9))) == (2, 1, 0)


def test_one_service_takes_no_more_than_it_can_carry_and_the_others_the_rest(ledger, other, clock):
    with ledger.commit() as book:
        book.lanes.put("l", calls=5, each=3)
        for number in range(9):
            book.work.add("send", "r", str(number), "l")
    mine = claimed(ledger, 9)
    assert (len(mine), len(claimed(ledger, 9)), len(claimed(other, 9))) == (3, 0, 2)
    with ledger.commit() as book:
        assert book.work.next_due() > clock.at  # nothing is due for who has no hands free
        for row in mine[:2]:
            book.work.end(row)
        assert book.work.next_due() == clock.at
    assert (len(claimed(ledger, 9)), len(claimed(other, 9))) == (2, 0)


def test_the_rate_of_a_lane_is_one_for_all_services(ledger, other, clock):
    with ledger.commit() as book:
        book.lanes.put("l", rate=1.0, burst=2.0)
        for number in range(9):
            book.work.add("send", "r", str(number), "l")
    assert (len(claimed(ledger)), len(claimed(other))) == (2, 0)
    clock.pass_(1)
    assert (len(claimed(other)), len(claimed(ledger))) == (1, 0)
