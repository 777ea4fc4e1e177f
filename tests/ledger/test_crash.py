"""Killed at any point, and again while it recovers, the ledger opens by itself, with whole commits only."""

from __future__ import annotations

import os
import signal
import time
import traceback

import pytest

from tests.ledger.house import FILES, MASTER, CountedChance, StandingClock
from translator.core.work import Hold
from translator.ledger import Ledger

LARGE = 2 * (1 << 20) + 77


class Killer:
    """Kills this process at the n-th fault point it reaches."""

    def __init__(self, left: int) -> None:
        self.left = left

    def reach(self, point):
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def story(path, journal, killer):
    """Let things arrive and move on."""
    with Ledger.open(path, StandingClock(), CountedChance(), killer, master=MASTER, journal=journal) as ledger:
        with ledger.commit() as book:
            book.work.reopen()
        for number in range(3):
            arrive(ledger, str(number), b"x" * 5000)
        arrive(ledger, "large", b"y" * LARGE)
        while move_on(ledger):
            pass


def arrive(ledger, name, data):
    with ledger.look() as book:
        if book.interchanges.marks("in", [name]):
            return
    spooled = ledger.spool([data[start : start + 65536] for start in range(0, len(data), 65536)], 10_000_000)
    with ledger.commit() as book:
        arrived = book.interchanges.add_in_spooled("in", name, "m", spooled)
        book.work.add("read", "r", str(arrived.id))
        book.events.note("in", "collected")


def move_on(ledger):
    """Claim, then in one commit: document, number, next row, event with sign, end."""
    with ledger.commit() as book:
        rows = book.work.claim(3, 60)
    with ledger.commit() as book:
        for row in rows:
            number = book.numbers.peek("n")
            book.numbers.take("n", number)
            stored = book.documents.add("order", "us", row.subject, {"n": number}, interchange=int(row.subject))
            book.contents.add(int(row.subject), stored.id, 0)
            book.work.add("write", "w", str(stored.id), hold=Hold("person", "why"))
            book.events.note(row.subject, "known", sign=f"order us {row.subject} known")
            book.work.end(row)
    return bool(rows)


def start(path, journal, point=0):
    """Run the story in a process of its own, forked from this warm one; give its id."""
    child = os.fork()
    if child:
        return child
    try:
        story(path, journal, Killer(point))
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def ended(child):
    """Tell whether it came to its end; it must not have ended otherwise than by that or by the kill."""
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in {0, -signal.SIGKILL}
    return status == 0


def check(path, journal):
    """Say what must be true after any whole commit; give how many documents there are."""
    with (
        Ledger.open(path, StandingClock(), CountedChance(), master=MASTER, journal=journal) as ledger,
        ledger.look() as book,
    ):

        def count(query):
            return book._connection.exec_driver_sql(f"SELECT count(*) FROM {query}").scalar()

        assert book._connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        assert book._connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        documents, arrived = count("document"), count("interchange")
        assert len(book.work.find("read")) + documents == arrived
        assert len(book.work.find("write")) == documents == book.numbers.peek("n") - 1
        assert count("event WHERE sign != ''") == count("content") == documents
        assert count("event WHERE name = 'collected'") == count("body") == arrived
        for row in book.work.find("read"):
            assert len(book.bodies.read(book.interchanges.get(int(row.subject)).body)) in {5000, LARGE}
        return documents


@pytest.mark.sweep
@FILES
def test_a_kill_at_each_fault_point_leaves_no_half_state(tmp_path, journal):
    point, whole = 0, False
    while not whole:
        point += 1
        path = tmp_path / str(point) / "ledger.db"
        whole = ended(start(path, journal, point))
        check(path, journal)
        ended(start(path, journal, 1 + point % 7))  # killed again while it goes on
        check(path, journal)
        assert ended(start(path, journal))
        assert check(path, journal) == 4
    assert point > 30


@pytest.mark.sweep
@FILES
@pytest.mark.parametrize("seed", range(5))
def test_a_kill_at_any_moment_leaves_no_half_state(tmp_path, journal, seed):
    path = tmp_path / "state" / "ledger.db"
    for wait in (0.02, 0.05, 0.08, 0.13):
        child = start(path, journal)
        time.sleep(wait + seed / 150)
        os.kill(child, signal.SIGKILL)
        ended(child)
        check(path, journal)
