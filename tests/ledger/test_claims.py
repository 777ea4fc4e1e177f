"""Claims: lanes, turns, and a price that does not grow."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.ledger.house import FILES
from translator.core.door import STOPPED, Door
from translator.core.work import Hold, State
from translator.ledger.spoken import Spoken


def subjects(rows):
    return [row.subject for row in rows]


def test_a_lane_admits_so_many_calls_at_once(ledger):
    with ledger.commit() as book:
        book.lanes.put("sftp", calls=2)
        for number in range(4):
            book.work.add("send", "r", str(number), lane="sftp")
        book.work.add("send", "r", "free")
        first = book.work.claim(10, 60)
        assert Counter(row.lane for row in first) == {"sftp": 2, "": 1}
        assert book.work.claim(10, 60) == []
        book.work.end(next(row for row in first if row.lane))
        assert len(book.work.claim(10, 60)) == 1


def test_a_lane_that_nobody_put_has_no_limit(ledger):
    with ledger.commit() as book:
        for number in range(50):
            book.work.add("send", "r", str(number), lane="unheard of")
        assert len(book.work.claim(100, 60)) == 50


def test_a_rate_is_a_bucket_that_time_refills(ledger, clock):
    with ledger.commit() as book:
        book.lanes.put("api", rate=0.5, burst=3)
        for number in range(10):
            book.work.add("send", "r", str(number), lane="api")
    for wait, expected in ((0, 3), (0, 0), (1, 0), (1, 1), (4, 2), (100, 3)):
        clock.pass_(wait)
        with ledger.commit() as book:
            assert len(book.work.claim(10, 600)) == expected
    with ledger.commit() as book:
        assert book.work.next_due() == pytest.approx(clock.at + 2)


def test_a_claim_that_is_taken_back_gives_its_tokens_back(ledger):
    with ledger.commit() as book:
        book.lanes.put("api", rate=1, burst=1)
        book.work.add("send", "r", "1", lane="api")
    with pytest.raises(IndexError), ledger.commit() as book:
        book.work.claim(1, 60)[1]
    with ledger.commit() as book:
        assert subjects(book.work.claim(1, 60)) == ["1"]


def test_a_closed_lane_gives_nothing_and_says_when(ledger, clock):
    with ledger.commit() as book:
        away = Door(2, since=clock.at, closed=clock.at + 30, reason="the server is away")
        book.lanes.stand("sftp", away)
        book.work.add("send", "r", "1", lane="sftp")
        assert book.work.claim(10, 60) == []
        assert book.work.next_due() == clock.at + 30
        book.lanes.put("sftp", calls=4)
        assert book.lanes.get("sftp").stands == away
    clock.pass_(30)
    with ledger.commit() as book:
        assert len(book.work.claim(10, 60)) == 1


def test_through_a_door_that_is_not_open_one_row_goes_at_a_time_whatever_its_lane(ledger, clock):
    with ledger.commit() as book:
        book.lanes.put("acme/place", calls=4)
        book.lanes.put("acme/look", door="acme/place")
        for number in range(3):
            book.work.add("send", "r", str(number), lane="acme/place")
            book.work.add("settle", "r", str(number), lane="acme/look")
        book.work.add("send", "r", "other", lane="other/place")
        book.lanes.stand("acme/place", Door(1, closed=clock.at))
        first = book.work.claim(10, 60)
        assert sorted(row.lane.partition("/")[0] for row in first) == ["acme", "other"]
        assert book.work.claim(10, 60) == []
        for row in first:
            book.work.end(row)
        assert len(book.work.claim(10, 60)) == 1
        book.lanes.stand("acme/place", Door())
        assert len(book.work.claim(10, 60)) == 4


def test_a_stopped_door_lets_nobody_in_and_nothing_is_due(ledger, clock):
    with ledger.commit() as book:
        book.lanes.stand("sftp", Door(3, logins=3, closed=STOPPED, reason="the login is refused"))
        book.work.add("send", "r", "1", lane="sftp")
    clock.pass_(1e9)
    with ledger.commit() as book:
        assert book.work.claim(10, 60) == []
        assert book.work.next_due() == STOPPED
        assert book.lanes.door("sftp")[1].is_stopped


def test_what_was_postponed_at_a_door_is_due_when_that_opens_and_nothing_else_is(ledger, clock):
    with ledger.commit() as book:
        book.lanes.put("acme/look", door="acme/place")
        for lane in ("acme/place", "acme/look", "other/place"):
            book.work.add("send", lane, "postponed", lane=lane)
            book.work.add("send", lane, "deferred", lane=lane)
        for row in book.work.claim(10, 60):
            if row.subject == "postponed":
                book.work.postpone(row, 999, "away", 5000)
            else:
                book.work.defer(row, 999, "its own reason")
        assert book.work.wake("acme/place") == 2
        assert sorted(row.lane for row in book.work.claim(10, 60)) == ["acme/look", "acme/place"]


def test_a_life_begins_with_the_first_failure_and_anew_when_a_person_releases(ledger, clock):
    with ledger.commit() as book:
        book.work.add("send", "r", "1")
    for _ in range(3):
        with ledger.commit() as book:
            (row,) = book.work.claim(1, 60)
            book.work.postpone(row, 30, "away", 100)
        clock.pass_(30)
    with ledger.commit() as book:
        (row,) = book.work.claim(1, 60)
        assert row.give_up == clock.at - 90 + 100
        book.work.hold(row, Hold("person", "in vain"))
        book.work.release_row(row.id)
        assert book.work.claim(1, 60)[0].give_up is None


def test_what_was_never_tried_behind_a_door_and_what_was_postponed_there_has_a_life(ledger, clock):
    with ledger.commit() as book:
        book.lanes.put("acme/place")
        book.lanes.put("acme/look", door="acme/place")
        book.work.add("send", "r", "postponed", lane="acme/place")
        (row,) = book.work.claim(10, 60)
        book.work.postpone(row, 30, "away", 100)
        for subject, lane in (("never tried", "acme/look"), ("elsewhere", "zeta/place")):
            book.work.add("send", "r", subject, lane=lane)
    for seconds, outlived in ((90, []), (20, ["postponed"]), (100, ["postponed", "never tried"])):
        clock.pass_(seconds)
        with ledger.commit() as book:
            assert [row.subject for row in book.work.outlived("acme/place", 200, 10)] == outlived


def test_a_clock_that_goes_back_makes_a_lane_wait_and_never_hurry(ledger, clock):
    with ledger.commit() as book:
        book.lanes.put("api", rate=1, burst=2)
        for number in range(9):
            book.work.add("send", "r", str(number), lane="api", due=0)
        assert len(book.work.claim(9, 60)) == 2
    clock.pass_(-100)
    with ledger.commit() as book:
        assert book.work.claim(9, 60) == []
    clock.pass_(1)
    with ledger.commit() as book:
        assert len(book.work.claim(9, 60)) == 1


def test_next_due_knows_leases_and_full_lanes(ledger, clock):
    with ledger.commit() as book:
        assert book.work.next_due() is None
        book.lanes.put("sftp", calls=1)
        book.work.add("send", "r", "1", lane="sftp")
        book.work.add("send", "r", "2", lane="sftp")
        assert book.work.next_due() == clock.at
        book.work.claim(9, 60)
        assert book.work.next_due() == clock.at + 60


def test_one_route_with_thousands_does_not_starve_another(ledger):
    with ledger.commit() as book:
        for number in range(3000):
            book.work.add("write", "busy", f"b{number}")
        for number in range(3):
            book.work.add("write", "quiet", f"q{number}")
        assert Counter(row.route for row in book.work.claim(6, 60)) == {"busy": 3, "quiet": 3}


def test_routes_take_turns_over_claims_of_one_row(ledger):
    with ledger.commit() as book:
        book.lanes.put("narrow", calls=1)
        for route in "abc":
            for number in range(20):
                book.work.add("send", route, str(number), lane="narrow" if route in "ab" else "")
    served = Counter()
    for _ in range(30):
        with ledger.commit() as book:
            for row in book.work.claim(10, 60):
                served[row.route] += 1
                book.work.end(row)
    assert abs(served["a"] - served["b"]) <= 1
    assert served["c"] == 20


def test_fresh_work_goes_beside_retried_work(ledger, clock):
    with ledger.commit() as book:
        for number in range(20):
            book.work.add("send", "r", f"old{number}")
        for row in book.work.claim(20, 60):
            book.work.defer(row, 0, "busy")
        for number in range(20):
            book.work.add("send", "r", f"new{number}")
        both = book.work.claim(10, 60)
        singles = [book.work.claim(1, 60)[0] for _ in range(10)]
    for rows in (both, singles):
        assert Counter(row.attempts for row in rows) == {1: 5, 2: 5}


def test_within_a_route_the_longest_due_goes_first(ledger, clock):
    with ledger.commit() as book:
        for subject, due in (("c", clock.at - 1), ("a", clock.at - 9), ("b", clock.at - 5)):
            book.work.add("send", "r", subject, due=due)
        assert subjects(book.work.claim(9, 60)) == ["a", "b", "c"]


def test_what_goes_together_is_taken_together_beside_the_others_in_their_turn(ledger):
    with ledger.commit() as book:
        for number in range(70):
            book.work.add("write", "batch", f"b{number}")
            book.work.add("write", "alone", f"a{number}")
            book.work.add("send", "batch", f"s{number}")
        together = {("write", "batch"): 60}
        first = book.work.claim(10, 60, together)
        second = book.work.claim(10, 60, together)
    counts = [Counter((row.station, row.route) for row in rows) for rows in (first, second)]
    assert counts[0]["write", "batch"] == 60
    assert len(first) <= 10 + 60 - 1
    assert counts[1]["write", "batch"] == 10
    assert counts[1]["write", "alone"] >= 1
    assert counts[1]["send", "batch"] >= 1


def test_fresh_and_retried_rows_go_together(ledger):
    with ledger.commit() as book:
        for number in range(5):
            book.work.add("write", "batch", f"old{number}")
        for row in book.work.claim(5, 60):
            book.work.defer(row, 0, "busy")
        for number in range(5):
            book.work.add("write", "batch", f"new{number}")
        assert len(book.work.claim(1, 60, {("write", "batch"): 10})) == 10


def test_what_goes_together_goes_no_further_than_its_lane_admits(ledger):
    with ledger.commit() as book:
        book.lanes.put("narrow", calls=2)
        for number in range(5):
            book.work.add("send", "batch", str(number), lane="narrow")
        assert len(book.work.claim(1, 60, {("send", "batch"): 5})) == 2


BATCH = {("write", "batch"): 3}


def fill(book, *dues):
    for due in dues:
        book.work.add("write", "batch", f"{due:+}", due=book.now + due)


def test_a_batch_that_fills_goes_when_its_first_is_due_with_those_that_came_later(ledger, clock):
    with ledger.commit() as book:
        fill(book, 30, 20)
        assert book.work.claim(9, 60, BATCH) == []
        assert book.work.next_due() == clock.at + 20
    clock.pass_(20)
    with ledger.commit() as book:
        assert subjects(book.work.claim(9, 60, BATCH)) == ["+20", "+30"]


def test_a_full_batch_goes_at_once_and_the_rest_goes_on_filling(ledger, clock):
    with ledger.commit() as book:
        fill(book, 60, 50, 40, 30, 20)
        assert subjects(book.work.claim(9, 60, BATCH)) == ["+20", "+30", "+40"]
        assert book.work.claim(9, 60, BATCH) == []
    clock.pass_(50)
    with ledger.commit() as book:
        assert subjects(book.work.claim(9, 60, BATCH)) == ["+50", "+60"]


def test_two_full_batches_go_in_one_claim(ledger):
    with ledger.commit() as book:
        fill(book, *range(10, 17))
        assert len(book.work.claim(9, 60, BATCH)) == 6


def test_what_is_tried_again_does_not_take_along_what_fills(ledger, clock):
    with ledger.commit() as book:
        book.work.add("write", "batch", "tried")
        (tried,) = book.work.claim(1, 60, BATCH)
        book.work.defer(tried, 0, "busy")
        fill(book, 60, 50)
        assert subjects(book.work.claim(9, 60, BATCH)) == ["tried"]


def test_a_look_at_a_batch_that_fills_costs_little_however_much_is_in_it(ledger, monkeypatch):
    """Counted in statements and in rows that leave the database, not in seconds."""
    said = []
    say = Spoken._said

    def counted(*given):
        answer = say(*given)
        said.append(len(answer.all()))
        return answer

    def price(size):
        with ledger.commit() as book:
            fill(book, *range(10, 10 + size))
        with ledger.commit() as book:
            said.clear()
            assert book.work.claim(9, 60, {("write", "batch"): 100_000}) == []
            return said.copy()

    monkeypatch.setattr(Spoken, "_said", counted)
    few = price(100)
    assert price(4000) == few
    assert sum(few) < 5


def test_what_cannot_be_claimed_does_not_hide_what_can(ledger, clock):
    with ledger.commit() as book:
        book.lanes.stand("away", Door(2, closed=clock.at + 999, reason="away"))
        for number in range(300):
            book.work.add("send", "r", f"closed{number}", lane="away", due=0)
            book.work.add("send", "r", f"later{number}", due=clock.at + 999)
        book.work.add("send", "r", "now")
        assert subjects(book.work.claim(5, 60)) == ["now"]


@FILES
def test_a_claim_looks_at_few_rows_however_many_wait(ledger):
    """Counted in steps of SQLite's machine, not in seconds."""
    raw = ledger.database.writer.connection.dbapi_connection

    def steps() -> int:
        count = [0]

        def one() -> int:
            count[0] += 1
            return 0

        raw.set_progress_handler(one, 10)
        with ledger.commit() as book:
            for row in book.work.claim(5, 60):
                book.work.end(row)
        raw.set_progress_handler(None, 0)
        return count[0]

    prices = []
    for size in (100, 4000):
        with ledger.commit() as book:
            for number in range(size):
                book.work.add("write", f"r{number % 4}", f"{size} {number}")
        steps()
        prices.append(steps())
    assert prices[1] < prices[0] * 1.5, prices
    with ledger.look() as book:
        assert {state for _, state in book.work.counts()} == {State.INCOMING}
