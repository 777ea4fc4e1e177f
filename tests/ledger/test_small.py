"""Bookmarks, numbers, configurations, events, moves."""

from __future__ import annotations

import threading

import pytest

from tests.ledger.house import FILES
from translator.core.finding import Misconfigured
from translator.ledger import Conflict
from translator.ledger.bookmarks import Carried
from translator.stations.forgetting import forget_reasons


def test_bookmarks_are_read_as_they_were_put(ledger):
    with ledger.commit() as book:
        assert book.bookmarks.get("us getOrders") == ""
        book.bookmarks.put("us getOrders", "2026-01-01")
        book.bookmarks.put("us getOrders", "2026-01-02")
    with ledger.look() as book:
        assert book.bookmarks.get("us getOrders") == "2026-01-02"


def test_numbers_are_taken_by_who_looked_last(ledger):
    with ledger.commit() as book:
        assert book.numbers.peek("isa") == 1
        book.numbers.take("isa", 1, 3)
        assert book.numbers.peek("isa") == 4
        assert book.numbers.peek("gs") == 1
        with pytest.raises(Conflict):
            book.numbers.take("isa", 1, 1)
        book.numbers.take("isa", 4)
        assert book.numbers.peek("isa") == 5


def test_numbers_that_are_spoken_for_are_not_given_to_the_next_and_are_taken_in_their_turn(ledger):
    with ledger.look() as book:
        book.numbers.speak_for("isa", book.numbers.peek("isa"), 2)
        assert book.numbers.peek("isa") == 3
        assert book.numbers.peek("gs") == 1
    with ledger.commit() as book:
        assert book.numbers.peek("isa") == 1  # whoever looks elsewhere knows of nothing
        with pytest.raises(Conflict):  # else there would be a gap, were the first never taken
            book.numbers.take("isa", 3)
        book.numbers.take("isa", 1, 2)
        book.numbers.take("isa", 3)


def test_a_control_number_that_is_used_again_names_the_last_that_was_sent(ledger):
    with ledger.commit() as book:
        first, second, other = (book.interchanges.add_out("in/orders", name, b"x") for name in ("1", "2", "3"))
        book.controls.add(first.id, ["reno x12 group OW 7", "reno x12 interchange 7"])
        book.controls.add(second.id, ["reno x12 group OW 7"])
        book.controls.add(other.id, ["reno x12 group OW 8"])
    with ledger.look() as book:
        assert book.controls.newest("reno x12 group OW 7") == second.id
        assert book.controls.newest("reno x12 interchange 7") == first.id
        assert book.controls.newest("reno x12 group OW 9") is None


def test_a_configuration_is_stored_once_by_its_hash(ledger):
    files = {"orders.yaml": "writes: order\n", "tables/a.csv": "x,y\n"}
    with ledger.commit() as book:
        book.configurations.put("h1", files)
        book.configurations.put("h1", {})
        assert book.configurations.get("h1") == files
        assert book.configurations.get("h2") is None


def test_events_stand_in_order_with_their_details(ledger, clock):
    with ledger.commit() as book:
        assert book.events.last() == 0
        book.events.note("order A", "known", {"wms": "newark"}, "order us A known")
        first = book.events.last()
        book.events.note("order B", "known")
        clock.pass_(5)
    with ledger.commit() as book:
        book.events.note("order A", "sent")
        assert [event.name for event in book.events.of("order A")] == ["known", "sent"]
        assert book.events.of("order A")[0].detail == {"wms": "newark"}
        assert [event.at for event in book.events.since(first)] == [clock.at - 5, clock.at]
        assert book.events.has("order us A known")
        assert not book.events.has("order us B known")
        assert not book.events.has("")


def test_a_commit_within_a_commit_is_our_fault(ledger):
    with pytest.raises(RuntimeError), ledger.commit(), ledger.commit():
        pass
    with ledger.commit() as book:
        book.bookmarks.put("still", "works")


def test_threads_commit_one_after_the_other(ledger):
    def add(name):
        for number in range(20):
            with ledger.commit() as book:
                book.work.add("send", name, str(number))

    threads = [threading.Thread(target=add, args=(f"r{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with ledger.look() as book:
        assert len(book.work.find()) == 80


@pytest.fixture
def moves(house, ledger):
    moves = house.moves()
    yield moves
    moves.close()


def test_a_move_is_asked_without_the_lock_of_the_service_and_answered_once(house, moves, clock):
    asking = house.moves()
    first = asking.ask("release", {"order": "A"}, "ann")
    second = asking.ask("retry", {"row": 7}, "ann")
    assert first < second
    assert [(move.id, move.verb, move.arguments, move.by) for move in moves.waiting()] == [
        (first, "release", {"order": "A"}, "ann"),
        (second, "retry", {"row": 7}, "ann"),
    ]
    moves.answer(first, "released 2 rows", True)
    moves.answer(first, "no", False)
    done = asking.get(first)
    assert (done.outcome, done.ok, done.answered) == ("released 2 rows", True, clock.at)
    assert [move.id for move in asking.waiting()] == [second]
    assert asking.get(99) is None
    asking.close()


def test_a_move_that_was_applied_is_answered_and_not_applied_again(ledger, moves):
    first, second = moves.ask("release", {}, "ann"), moves.ask("hold", {}, "ann")
    with ledger.commit() as book:
        assert book.applied.outcome(first) is None
        book.applied.note(Carried(first, "released 2 rows", True), first)
    with ledger.look() as book:  # after a crash between this commit and the answer
        assert (book.applied.outcome(first).outcome, book.applied.outcome(first).ok) == ("released 2 rows", True)
        assert book.applied.outcome(second) is None


def test_why_a_move_was_asked_for_goes_with_its_answer(house, moves):
    first = moves.ask("hold", {"target": "A", "reason": "Ann Mustermann called"}, "ann")
    assert moves.get(first).arguments["reason"] == "Ann Mustermann called"
    moves.answer(first, "held", True)
    assert moves.get(first).arguments == {"target": "A"}
    assert [path.name for path in house.folder.glob("*.moves*") if b"Mustermann" in path.read_bytes()] == []


def test_what_a_person_wrote_is_taken_back_and_what_we_wrote_stands(ledger, clock):
    with ledger.commit() as book:
        for move in (8, 9, 10, 11):
            book.events.note(f"move {move}", "hold", {"by": "ann", "reason": f"why {move}"})
            book.events.note(f"move {move}", "changed", {"by": "ann"})
        book.events.note("us A", "order held", {"reason": "ours"})
        clock.pass_(10)
    with ledger.commit() as book:
        book.events.note("move 12", "hold", {"by": "ann", "reason": "why 12"})
        assert book.events.why(9) == "why 9"
        found = book.events.moves((0.0, 0), clock.at, 3)
        found += book.events.moves((found[-1].at, found[-1].id), clock.at, 9)
        assert [one.subject for one in found] == [f"move {move}" for move in (8, 8, 9, 9, 10, 10, 11, 11)]
        book.events.unsay([*book.events.of("move 9"), *book.events.of("us A")])
        assert [one.detail for one in book.events.of("move 9")] == [
            {"by": "ann", "reason": "(forgotten)"},
            {"by": "ann"},
        ]
        assert (book.events.why(8), book.events.of("us A")[0].detail) == ("why 8", {"reason": "ours"})


def test_the_reason_of_each_move_is_forgotten_in_its_turn_whatever_its_number(ledger, clock):
    for move in (9, 99, 100, 1000):
        with ledger.commit() as book:
            book.events.note(f"move {move}", "hold", {"by": "ann", "reason": f"why {move}"})
        clock.pass_(10)
        with ledger.commit() as book:
            forget_reasons(book, clock.at, 1)
            assert book.events.why(move) == "(forgotten)"


@FILES
def test_a_file_of_moves_made_anew_gives_no_id_twice(house, moves, clock):
    first = moves.ask("release", {}, "ann")
    moves.close()
    for file in house.folder.glob("*.moves*"):
        file.unlink()
    clock.pass_(1)
    fresh = house.moves()
    assert fresh.ask("release", {}, "ann") > first
    fresh.close()


@FILES
def test_moves_of_a_newer_version_are_refused(house, moves):
    with moves._turn() as connection:
        connection.exec_driver_sql("PRAGMA user_version = 99")
    with pytest.raises(Misconfigured):
        house.moves()
