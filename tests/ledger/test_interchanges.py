"""Interchanges, what lies in them, and the tries to put them."""

from __future__ import annotations

import pytest

from translator.ledger import Conflict, NameTaken
from translator.ledger.attempts import AttemptRow


@pytest.mark.parametrize(
    "staged, outcome, may",
    [(None, "", True), (None, "unavailable", False), (None, "refused", False), (None, "unknown", True)]
    + [(2.0, outcome, True) for outcome in ("", "unavailable", "refused", "unknown")],
)
def test_what_was_staged_or_has_no_certain_end_may_have_left(staged, outcome, may):
    assert AttemptRow(1, "token", 1.0, staged, 3.0, outcome, "", "").may_have_left is may


def test_what_came_in_is_known_by_name_and_mark(ledger):
    with ledger.commit() as book:
        book.interchanges.add_in("out/ship", "s.csv", "3 bytes", b"abc")
        book.interchanges.add_in("out/ship", "s.csv", "4 bytes", b"abcd")
        again = book.interchanges.add_in("out/ship", "t.csv", "3 bytes", b"abc")
    with ledger.look() as book:
        assert book.interchanges.marks("out/ship", ["s.csv"]) == {("s.csv", "3 bytes"), ("s.csv", "4 bytes")}
        assert book.interchanges.marks("other", ["s.csv"]) == set()
        assert not book.interchanges.went_on(again)  # nothing came of the first


def test_bytes_that_came_before_went_on_if_a_part_waits_or_they_became_a_document_that_is_neither_rejected_nor_given_up(
    ledger,
):
    with ledger.commit() as book:
        files = [book.interchanges.add_in("out/ship", f"{number}.csv", "m", b"x") for number in range(13)]
        other = book.interchanges.add_in("out/other", "1.csv", "m", b"x")
        book.work.add("read", "out/other", str(other.id))
    first, last = files[0], files[-1]

    def went_on():
        with ledger.look() as book:
            return book.interchanges.went_on(last), book.interchanges.went_on(first)

    assert went_on() == (False, False)
    with ledger.commit() as book:
        book.work.add("read", "out/ship", f"{first.id}:D4kTz8Qw2")
        assert book.interchanges.before(files[2]) == [first.id, files[1].id]
    assert went_on() == (True, False)
    with ledger.commit() as book:
        book.work.remove("read", "out/ship", f"{first.id}:D4kTz8Qw2")
        book.work.add("read", "out/ship", f"{first.id}")  # of itself: who asks decides by its state
        book.work.add("read", "out/ship", f"{last.id}")  # itself, and one whose number begins alike
        book.work.add("read", "out/ship", f"{first.id}999")
    assert went_on() == (False, False)
    with ledger.commit() as book:
        stored = book.documents.add("unread", "us", "k", {}, interchange=first.id, end="rejected")
    assert went_on() == (False, False)
    with ledger.commit() as book:
        book.documents.add("unread", "us", "given up", {}, interchange=first.id, end="closed")
    assert went_on() == (False, False)
    with ledger.commit() as book:
        book.documents.add("shipment_confirmation", "us", "k2", {}, interchange=files[1].id, end="closed")
    assert went_on() == (True, False)
    assert stored.interchange == first.id


def test_exactly_the_same_is_not_stored_twice(ledger):
    with ledger.commit() as book:
        book.interchanges.add_in("e", "n", "m", b"x")
    with pytest.raises(Conflict), ledger.commit() as book:
        book.interchanges.add_in("e", "n", "m", b"x")


def test_sources_are_disposed_of_after_their_commit(ledger, clock):
    with ledger.commit() as book:
        one = book.interchanges.add_in("e", "1", "m", b"1")
        two = book.interchanges.add_in("e", "2", "m", b"2")
        book.interchanges.add_out("e", "3", b"3")
    with ledger.commit() as book:
        assert book.interchanges.undisposed("e") == [one, two]
        book.interchanges.disposed(one.id)
        assert book.interchanges.undisposed("e") == [two]
        assert book.interchanges.get(one.id).disposed == clock.at


def test_a_name_is_taken_until_it_is_settled(ledger):
    with ledger.commit() as book:
        first = book.interchanges.add_out("in/orders", "ORD1.TXT", b"x", mapping="orders.yaml", configuration="h")
        assert (first.mapping, first.configuration, first.direction) == ("orders.yaml", "h", "out")
        with pytest.raises(NameTaken):
            book.interchanges.add_out("in/orders", "ORD1.TXT", b"y")
        book.interchanges.add_out("in/labels", "ORD1.TXT", b"y")
        book.interchanges.settle(first.id)
        assert book.interchanges.add_out("in/orders", "ORD1.TXT", b"y").id > first.id


def test_a_page_is_forgotten_and_the_documents_read_from_it_stay(ledger):
    with ledger.commit() as book:
        page = book.interchanges.add_in("api", "page", "1", b"[...]")
        order = book.documents.add("order", "us", "A", {"a": 1}, interchange=page.id)
        book.contents.add(page.id, order.id, 0)
        assert [stored.id for stored in book.documents.of_interchange(page.id)] == [order.id]
        book.interchanges.forget(page)
        assert book.interchanges.get(page.id) is None
        assert book.documents.get(order.id).interchange is None
        assert book.contents.of(page.id) == []


def test_contents_carry_place_round_and_verdict(ledger, order):
    one, two = order("A"), order("B")
    with ledger.commit() as book:
        file = book.interchanges.add_out("in", "f", b"x")
        repeat = book.interchanges.add_out("in", "g", b"x")
        book.contents.add(file.id, two.id, 1, route="us orders newark")
        book.contents.add(file.id, one.id, 0, route="us orders newark")
        book.contents.add(repeat.id, one.id, 0, route="us orders newark")
        book.contents.verdict(file.id, two.id, "accepted")
        assert book.contents.of(file.id) == [(0, one.id, ""), (1, two.id, "accepted")]
        assert book.contents.where(one.id) == [(file.id, 1), (repeat.id, 2)]
        assert book.contents.where(two.id) == [(file.id, 1)]


def test_a_document_goes_once_per_round_of_a_route_and_each_time_it_is_written_is_a_round(ledger, order):
    one = order("A")
    with ledger.commit() as book:
        for number, route in enumerate(("r", "r", "other", "r")):
            file = book.interchanges.add_out("in", f"f{number}", b"x")
            book.contents.add(file.id, one.id, 0, route)
        assert [round for _, round in book.contents.where(one.id)] == [1, 2, 1, 3]


def test_attempts_are_begun_staged_and_ended(ledger, clock):
    with ledger.commit() as book:
        file = book.interchanges.add_out("in", "f", b"x")
        other = book.interchanges.add_out("in", "g", b"x")
        for number, token in ((1, "aa"), (2, "bb")):
            assert book.attempts.begin(file.id, token, book.attempts.of(file.id), f"in {token}") == number
        assert book.attempts.begin(other.id, "cc", []) == 1
    clock.pass_(1)
    with ledger.commit() as book:
        book.attempts.stage(file.id, 2)
        book.attempts.lies(file.id, 2, "in cc")
    clock.pass_(1)
    with ledger.commit() as book:
        book.attempts.end(file.id, 2, "done", "dev 1 inode 2")
        one, two = book.attempts.of(file.id)
    assert (one.token, one.staged, one.ended, one.outcome, one.home) == ("aa", None, None, "", "in aa")
    assert (two.begun, two.staged, two.ended, two.receipt) == (clock.at - 2, clock.at - 1, clock.at, "dev 1 inode 2")
    assert two.home == "in cc"


def test_several_are_asked_for_at_once(ledger, order):
    one, two = order("A"), order("B")
    with ledger.commit() as book:
        file = book.interchanges.add_out("in", "f", b"x" * 2_500_000)
        other = book.interchanges.add_out("in", "g", b"")
        for place, stored in ((1, one), (0, two)):
            book.contents.add(file.id, stored.id, place, "r")
        book.attempts.begin(file.id, "aa", [])
        numbers = [file.id, other.id, 999]
        assert book.interchanges.by_id(numbers) == {file.id: file, other.id: other}
        assert book.bodies.by_id([file.body, other.body]) == {file.body: b"x" * 2_500_000, other.body: b""}
        assert book.documents.by_id([one.id, two.id, 999]) == {one.id: one, two.id: two}
        assert book.documents.by_interchange(numbers) == {file.id: [two, one], other.id: [], 999: []}
        tried = book.attempts.by_interchange(numbers)
        assert [[one.token for one in tried[number]] for number in numbers] == [["aa"], [], []]


def test_what_a_clock_that_was_ahead_put_and_is_not_settled_counts_from_when_it_was_set_right(ledger, clock):
    before, ahead = clock.at, 365 * 86_400
    with ledger.commit() as book:
        files = [book.interchanges.add_out("to", name, name.encode()) for name in ("early", "both", "gone")]
        for file in files:
            book.attempts.begin(file.id, "t", [])
        book.work.add("settle", "r", str(files[0].id))
        book.work.add("settle", "r", str(files[1].id))
    clock.pass_(ahead)
    with ledger.commit() as book:
        for file in files[1:]:
            book.attempts.end(file.id, 1, "died")
        for file in files:
            book.attempts.begin(file.id, "u", book.attempts.of(file.id))
            book.attempts.stage(file.id, 2)
        book.attempts.end(files[0].id, 2, "sent", "receipt")
        book.work.add("send", "r", str(files[2].id))
        book.work.remove("send", "r", str(files[2].id))
    clock.pass_(60 - ahead)
    with ledger.commit() as book:
        assert [book.attempts.right(60.0), book.attempts.right(60.0)] == [3, 0]
        times = [[(one.begun, one.staged, one.ended) for one in book.attempts.of(file.id)] for file in files]
    now, wrong = before + 60, before + ahead
    assert times == [
        [(before, None, None), (now, now, now)],
        [(before, None, now), (now, now, None)],
        [(before, None, wrong), (wrong, wrong, None)],
    ]
