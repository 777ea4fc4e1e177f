"""Writes that wait for others of their kind: nobody sees that they waited, and none is lost or left over."""

from __future__ import annotations

from collections import deque
from contextlib import suppress

import pytest

from translator.core.work import Hold, State
from translator.ledger import Lost, spoken

SIGN = "order us A known"


def said(monkeypatch):
    """Give the list that will hold each statement that goes to the driver, with how many rows it had."""
    found = []
    real = spoken.Spoken._said

    def counted(self, kept, first, several):
        found.append((kept.text.split("(")[0].strip(), 1 if several is None else len(several)))
        return real(self, kept, first, several)

    monkeypatch.setattr(spoken.Spoken, "_said", counted)
    return found


def test_what_nobody_asks_for_is_said_at_the_end_all_at_once(ledger, monkeypatch):
    found = said(monkeypatch)
    with ledger.commit() as book:
        for number in range(50):
            book.events.note(f"order {number}", "known")
            book.work.add("write", "r", str(number))
    assert found == [("INSERT INTO event", 50), ("INSERT INTO work", 50)]
    with ledger.look() as book:
        assert (book.events.last(), len(book.work.find())) == (50, 50)


ASKED = {
    "find": lambda book: [row.subject for row in book.work.find()],
    "get": lambda book: [book.work.get(1).subject],
    "counts": lambda book: list("a" * book.work.counts()["write", State.INCOMING]),
    "claim": lambda book: [row.subject for row in book.work.claim(1, 60)],
    "next_due": lambda book: ["a"] if book.work.next_due() == book.now else [],
    "remove": lambda book: ["a"] if book.work.remove("write", "r", "a") else [],
    "rehold": lambda book: ["a"] if book.work.rehold(1, Hold("person", "why")) else [],
}


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED.keys())
def test_who_asks_sees_what_waited(ledger, ask):
    with ledger.commit() as book:
        book.work.add("write", "r", "a")
        assert ask(book) == ["a"]


def test_events_and_contents_are_seen_at_once(ledger, order):
    stored = order("A")
    with ledger.commit() as book:
        file = book.interchanges.add_out("in", "f", b"x" * 5)
        book.contents.add(file.id, stored.id, 0, "r")
        book.events.note("order A", "sent", sign="order us A sent")
        assert book.bodies.read(file.body) == b"x" * 5
        assert book.events.has("order us A sent")
        assert [one.id for one in book.documents.lying_in(file.id)] == [stored.id]


@pytest.mark.parametrize("first", ["the sign", "the wait"])
def test_a_sign_releases_who_came_to_wait_for_it_in_the_same_commit_before_it_or_after(ledger, first):
    with ledger.commit() as book:
        acts = [
            lambda: book.events.note("order A", "known", sign=SIGN),
            lambda: book.work.add("read", "r", "1:A", hold=Hold(SIGN, "not known")),
        ]
        for act in acts if first == "the sign" else reversed(acts):
            act()
    with ledger.look() as book:
        assert [row.state for row in book.work.find()] == [State.INCOMING]


def test_a_row_that_ends_makes_room_for_one_of_the_same_place_whichever_was_said_first(ledger):
    with ledger.commit() as book:
        book.work.add("write", "r", "level")
        (old,) = book.work.claim(1, 60)
    with ledger.commit() as book:
        book.work.add("write", "r", "level")
        book.work.end(old)
    with ledger.look() as book:
        assert [row.state for row in book.work.find()] == [State.INCOMING]


def test_a_part_that_is_taken_back_takes_along_what_waited_in_it_and_nothing_else(ledger):
    with ledger.commit() as book:
        book.events.note("before", "known")
        with suppress(ValueError), book.apart():
            book.events.note("inside", "known")
            book.work.release("mapping")
            raise ValueError
        book.events.note("after", "known")
    with ledger.look() as book:
        assert [event.subject for event in book.events.since(0)] == ["before", "after"]


def test_a_commit_that_fails_leaves_nothing_of_what_waited(ledger):
    with suppress(ValueError), ledger.commit() as book:
        book.events.note("inside", "known")
        raise ValueError
    with ledger.commit() as book:
        book.events.note("later", "known")
    with ledger.look() as book:
        assert [event.subject for event in book.events.since(0)] == ["later"]


def test_what_fails_when_it_is_said_fails_its_own_part(ledger, order):
    stored = order("A")
    with ledger.commit() as book:
        with pytest.raises(Exception, match=r"(?i)foreign ?key"), book.apart():
            book.contents.add(999, stored.id, 0)
        book.events.note("after", "known")
    with ledger.look() as book:
        assert book.events.last() == 1


def test_several_rows_end_together_or_not_at_all(ledger, clock):
    with ledger.commit() as book:
        for subject in "abc":
            book.work.add("write", "r", subject)
        rows = book.work.claim(3, 60)
        book.work.remove("write", "r", "b")
        assert [row.subject for row in book.work.mine(rows)] == ["a", "c"]
    with pytest.raises(Lost), ledger.commit() as book:
        deque(map(book.work.end, rows))
    with ledger.commit() as book:
        assert [row.subject for row in book.work.find()] == ["a", "c"]
        book.work.end(rows[0])
        book.work.end(rows[2])
        assert book.work.find() == []


# --- together


def noted(book, items):
    for item in items:
        book.events.note(item, "known")
        if item == "bad":
            raise ValueError(item)
    return [item.upper() for item in items]


def test_one_that_fails_is_told_and_the_others_are_done_once(ledger):
    failed = []
    with ledger.commit() as book:
        made = book.together(["a", "bad", "c"], lambda items: noted(book, items), lambda *told: failed.append(told))
    assert made == ["A", "C"]
    assert [(item, str(error)) for item, error in failed] == [("bad", "bad")]
    with ledger.look() as book:
        assert [event.subject for event in book.events.since(0)] == ["a", "c"]


def test_nothing_is_nothing_together(ledger):
    with ledger.commit() as book:
        assert book.together([], lambda items: noted(book, items), lambda item, error: None) == []


@pytest.mark.parametrize("count", [1, 3, 4, 63, 64, 65, 84, 85, 200])
def test_many_rows_are_added_in_the_order_in_which_they_were_said(ledger, count):
    with ledger.commit() as book:
        for number in range(count):
            book.events.note(f"order {number}", "known", {"n": number})
    with ledger.look() as book:
        found = [(event.subject, event.detail["n"]) for event in book.events.since(0, count + 1)]
    assert found == [(f"order {number}", number) for number in range(count)]


def test_one_old_claim_among_many_rows_that_end_takes_all_of_them_back(ledger):
    with ledger.commit() as book:
        for number in range(100):
            book.work.add("write", "r", str(number))
    with ledger.commit() as book:
        claimed = book.work.claim(100, 60)
    with ledger.commit() as book:
        book.work.end(claimed[40])
    with pytest.raises(Lost), ledger.commit() as book:
        _end(book, claimed)
    with ledger.commit() as book:
        assert len(book.work.find()) == 99
        _end(book, claimed[:40] + claimed[41:])
    with ledger.look() as book:
        assert book.work.find() == []


def test_a_row_that_ends_twice_in_one_commit_is_lost(ledger):
    with ledger.commit() as book:
        book.work.add("write", "r", "a")
    with ledger.commit() as book:
        (work,) = book.work.claim(1, 60)
    with pytest.raises(Lost), ledger.commit() as book:
        _end(book, [work, work])


def _end(book, works):
    for work in works:
        book.work.end(work)
