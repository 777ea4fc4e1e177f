"""Rows of work: claimed, fenced, deferred, held, released."""

from __future__ import annotations

import pytest

from tests.ledger.house import FILES
from translator.core.work import HOLDERS, Hold, State
from translator.ledger import Lost


@pytest.fixture
def claimed(ledger):
    """Add one row and claim it."""
    with ledger.commit() as book:
        book.work.add("send", "orders", "interchange 1")
        return book.work.claim(1, 60)[0]


def added(book, *place, **more):
    """Add a row that is not there, and give its id."""
    book.work.add(*place, **more)
    return book.work.find(*place)[0].id


def row(ledger, id=1):
    with ledger.look() as book:
        return book.work.get(id)


def test_a_row_that_waits_already_stays_as_it_is(ledger, clock):
    with ledger.commit() as book:
        first = added(book, "send", "orders", "7", lane="sftp")
    clock.pass_(5)
    with ledger.commit() as book:
        book.work.add("send", "orders", "7", lane="other", due=clock.at + 99)
        assert [row.id for row in book.work.find("send")] == [first]
        assert added(book, "write", "orders", "7") != first
    assert (row(ledger, first).lane, row(ledger, first).due) == ("sftp", clock.at - 5)


def test_a_claim_carries_one_fresh_word_a_lease_and_the_count_of_attempts(ledger, clock):
    with ledger.commit() as book:
        for number in range(3):
            book.work.add("send", "orders", str(number))
        one, two = book.work.claim(2, 60), book.work.claim(2, 60)
    assert {row.claim for row in one} == {one[0].claim}
    assert {row.claim for row in two}.isdisjoint({one[0].claim})
    assert [(row.state, row.attempts, row.until) for row in one] == [(State.ACTIVE, 1, clock.at + 60)] * 2
    assert len(two) == 1


def test_what_is_not_due_is_not_claimed(ledger, clock):
    with ledger.commit() as book:
        book.work.add("send", "orders", "later", due=clock.at + 10)
        assert book.work.claim(5, 60) == []
        assert book.work.next_due() == clock.at + 10
    clock.pass_(10)
    with ledger.commit() as book:
        assert [row.subject for row in book.work.claim(5, 60)] == ["later"]


ACTS = {
    "end": lambda work, row: work.end(row),
    "again": lambda work, row: work.again(row, 0),
    "defer": lambda work, row: work.defer(row, 5, "busy"),
    "hold": lambda work, row: work.hold(row, Hold("person", "odd")),
    "renew": lambda work, row: work.renew(row, 60),
    "check": lambda work, row: work.check(row),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
def test_an_old_claim_is_dropped_and_changes_nothing(ledger, clock, claimed, act):
    clock.pass_(61)
    with ledger.commit() as book:
        newer = book.work.claim(1, 60)[0]
    assert (newer.id, newer.holders, newer.attempts) == (claimed.id, 1, 2)
    with pytest.raises(Lost), ledger.commit() as book:
        act(book.work, claimed)
    assert row(ledger) == newer
    with ledger.commit() as book:
        act(book.work, newer)


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
def test_a_claim_is_used_up_by_its_outcome(ledger, claimed, act):
    with ledger.commit() as book:
        book.work.end(claimed)
    with pytest.raises(Lost), ledger.commit() as book:
        act(book.work, claimed)


def test_one_lost_row_takes_back_its_own_part_of_a_group_commit_alone(ledger, clock, claimed):
    with ledger.commit() as book:
        book.work.add("send", "orders", "good")
        good = book.work.claim(1, 600)[0]
    clock.pass_(61)
    with ledger.commit() as book:
        book.work.claim(1, 60)
    with ledger.commit() as book:
        for old in (good, claimed):
            try:
                with book.apart():
                    book.events.note(old.subject, "sent")
                    book.work.end(old)
            except Lost:
                pass
    with ledger.look() as book:
        assert [event.subject for event in book.events.since(0)] == ["good"]
        assert [row.id for row in book.work.find()] == [claimed.id]


def test_a_lapsed_lease_that_nobody_reclaimed_still_counts(ledger, clock, claimed):
    clock.pass_(61)
    with ledger.commit() as book:
        book.work.end(claimed)
    assert row(ledger) is None


def test_a_renewed_lease_is_not_reclaimed(ledger, clock, claimed):
    clock.pass_(50)
    with ledger.commit() as book:
        assert book.work.renew(claimed, 60).until == clock.at + 60
    clock.pass_(50)
    with ledger.commit() as book:
        assert book.work.claim(1, 60) == []


def test_deferred_work_comes_again_when_due(ledger, clock, claimed):
    with ledger.commit() as book:
        book.work.defer(claimed, 30, "busy")
        assert book.work.next_due() == clock.at + 30
    assert (row(ledger).state, row(ledger).reason, row(ledger).claim) == (State.DEFERRED, "busy", "")
    clock.pass_(30)
    with ledger.commit() as book:
        assert book.work.claim(1, 60)[0].attempts == 2


def test_a_turn_comes_again_as_if_new(ledger, clock, claimed):
    with ledger.commit() as book:
        book.work.again(claimed, clock.at + 15, "next turn")
    after = row(ledger)
    assert (after.state, after.attempts, after.holders, after.due) == (State.INCOMING, 0, 0, clock.at + 15)


def test_what_outlived_three_holders_is_held_for_a_person(ledger, clock):
    with ledger.commit() as book:
        book.work.add("write", "orders", "poison")
    for died in range(HOLDERS):
        with ledger.commit() as book:
            assert book.work.claim(1, 60)[0].holders == died
        clock.pass_(61)
    with ledger.commit() as book:
        assert book.work.claim(1, 60) == []
    held = row(ledger)
    assert (held.state, held.awaits, held.reason) == (State.HELD, "person", "outlived three holders")
    with ledger.commit() as book:
        assert book.work.release_row(held.id)
        assert book.work.claim(1, 60)[0].holders == 0


def test_an_outcome_clears_the_count_of_the_dead(ledger, clock, claimed):
    clock.pass_(61)
    with ledger.commit() as book:
        book.work.defer(book.work.claim(1, 60)[0], 0, "busy")
    assert row(ledger).holders == 0


@FILES
def test_at_start_all_that_was_active_is_claimable(house, ledger, claimed):
    ledger.close()
    with house.open().commit() as book:
        assert book.work.claim(1, 60) == []
        assert book.work.reopen() == 1
        again = book.work.claim(1, 60)
        assert [(row.id, row.holders) for row in again] == [(claimed.id, 1)]
        with pytest.raises(Lost):
            book.work.check(claimed)


def test_a_sign_releases_its_waiters_in_the_same_commit(ledger, claimed):
    with ledger.commit() as book:
        book.work.hold(claimed, Hold("order us D3rC known", "the order is not known", 3600, "reject"))
        book.work.add("write", "x", "2", hold=Hold("order us D3rC known", "too early"))
        book.work.add("write", "x", "3", hold=Hold("order us D3rC taken", "other sign"))
    with ledger.commit() as book:
        assert book.work.claim(9, 60) == []
        book.events.note("order D3rC", "known", sign="order us D3rC known")
        released = book.work.claim(9, 60)
    assert {row.subject for row in released} == {"interchange 1", "2"}
    assert {row.give_up for row in released} == {None}
    assert row(ledger).reason == "the order is not known"


def test_a_commit_that_fails_releases_nobody(ledger, claimed):
    with ledger.commit() as book:
        book.work.hold(claimed, Hold("a b c", "waits"))
    with pytest.raises(TypeError), ledger.commit() as book:
        book.events.note("x", "known", sign="a b c")()
    assert row(ledger).state is State.HELD
    with ledger.look() as book:
        assert not book.events.has("a b c")


def test_the_sweep_releases_who_came_after_the_sign_and_names_who_waited_long_enough(ledger, clock):
    with ledger.commit() as book:
        book.events.note("x", "known", sign="order us A known")
        book.work.add("write", "r", "late", hold=Hold("order us A known", "came after the sign", 10))
        book.work.add("write", "r", "patient", hold=Hold("person", "no limit"))
        book.work.add("write", "r", "over", hold=Hold("order us B known", "unknown", 60, "reject"))
        assert book.work.sweep() == []
        assert [row.subject for row in book.work.claim(9, 600)] == ["late"]
    clock.pass_(60)
    with ledger.commit() as book:
        over = book.work.sweep()
    assert [(row.subject, row.then, row.reason) for row in over] == [("over", "reject", "unknown")]


def test_release_takes_exactly_what_is_named(ledger):
    with ledger.commit() as book:
        for subject, awaits in (("1", "mapping"), ("2", "mapping"), ("3", "person"), ("4", "mapping x")):
            book.work.add("write", "r", subject, hold=Hold(awaits, "why"))
        book.work.release("mapping")
        assert not book.work.release_row(1)
        assert {row.subject for row in book.work.claim(9, 60)} == {"1", "2"}


def test_work_is_found_counted_and_removed(ledger):
    with ledger.commit() as book:
        book.work.add("send", "r", "1")
        book.work.add("send", "r", "2")
        book.work.add("write", "s", "1", hold=Hold("person", "why"))
        assert [row.id for row in book.work.find(subject="1")] == [1, 3]
        assert [row.id for row in book.work.find("send", "r")] == [1, 2]
        assert [row.id for row in book.work.find(state=State.HELD)] == [3]
        assert book.work.counts() == {("send", State.INCOMING): 2, ("write", State.HELD): 1}
        assert book.work.remove("send", "r", "2")
        assert not book.work.remove("send", "r", "2")
        assert book.work.get(2) is None


def test_who_holds_a_removed_row_finds_it_lost(ledger, claimed):
    with ledger.commit() as book:
        book.work.remove("send", "orders", "interchange 1")
    with pytest.raises(Lost), ledger.commit() as book:
        book.work.end(claimed)


def test_an_operator_holds_what_nobody_works_on(ledger, clock, claimed):
    with ledger.commit() as book:
        waiting = added(book, "write", "r", "1")
        assert book.work.rehold(waiting, Hold("person", "held by an operator", 60, "reject"))
        assert book.work.rehold(waiting, Hold("mapping", "held again"))
        assert not book.work.rehold(claimed.id, Hold("person", "too late"))
        book.work.check(claimed)
    held = row(ledger, waiting)
    assert (held.state, held.awaits, held.give_up, held.reason) == (State.HELD, "mapping", None, "held again")


def test_what_waits_for_its_time_can_be_hastened(ledger, clock, claimed):
    with ledger.commit() as book:
        for subject in "ab":
            book.work.add("settle", "r", subject, due=clock.at + 60)
        other = added(book, "settle", "s", "a", due=clock.at + 60)
        book.work.add("settle", "r", "held", hold=Hold("person", "why"))
        assert book.work.hasten("settle", "r") == 2
        assert book.work.hasten("settle", "r") == 0
        assert sorted(row.subject for row in book.work.claim(9, 60)) == ["a", "b"]
        assert book.work.hasten_row(other)
        assert not book.work.hasten_row(claimed.id)


def test_ids_are_never_used_twice(ledger, claimed):
    with ledger.commit() as book:
        book.work.end(claimed)
        assert added(book, "send", "orders", "interchange 1") > claimed.id
