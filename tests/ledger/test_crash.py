"""Killed at any point, the ledger opens again by itself, with whole commits only."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

STORY = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from tests.ledger.house import StandingClock, CountedChance
from translator.core.work import Hold
from translator.ledger import Ledger

class Killer:
    left = int(sys.argv[4])
    def reach(self, point):
        Killer.left -= 1
        if Killer.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

ledger = Ledger.open(Path(sys.argv[2]), StandingClock(), CountedChance(), Killer(), journal=sys.argv[3])
with ledger.commit() as book:
    book.work.reopen()
for number in range(4):
    with ledger.commit() as book:   # one arrives
        if book.interchanges.known("in", str(number), "m"):
            continue
        arrived = book.interchanges.add_in("in", str(number), "m", b"x" * 5000)
        book.work.add("read", "r", str(arrived.id))
        book.events.note("in", "collected")
    spooled = ledger.spool([b"y" * 700_000] * 4, 10_000_000)
    with ledger.commit() as book:   # one large one arrives
        large = book.interchanges.add_in_spooled("large", str(number), "m", spooled)
        book.work.add("read", "r", str(large.id))
        book.events.note("in", "collected")
while True:
    with ledger.commit() as book:
        rows = book.work.claim(3, 60)
    if not rows:
        break
    with ledger.commit() as book:   # each moves on: document, number, next row, event, sign, in one commit
        for row in rows:
            number = book.numbers.peek("n")
            book.numbers.take("n", number)
            stored = book.documents.add("order", "us", row.subject, {"n": number}, interchange=int(row.subject))
            book.contents.add(int(row.subject), stored.id, 0)
            book.work.add("write", "w", str(stored.id), hold=Hold("person", "why"))
            book.events.note(row.subject, "known", sign=f"order us {row.subject} known")
            book.work.end(row)
print("whole")
"""


def run(house, point, path):
    arguments = [str(ROOT), str(path), house.journal, str(point)]
    return subprocess.run([sys.executable, "-c", STORY, *arguments], capture_output=True, text=True, check=False)


def check(book):
    """Say what must be true after any whole commit."""
    query = book._connection.exec_driver_sql
    assert query("PRAGMA integrity_check").scalar() == "ok"
    assert query("PRAGMA foreign_key_check").all() == []
    documents = query("SELECT count(*) FROM document").scalar()
    arrived = query("SELECT count(*) FROM interchange").scalar()
    waiting = {station: len(book.work.find(station)) for station in ("read", "write")}
    assert waiting["read"] + documents == arrived
    assert waiting["write"] == documents
    assert query("SELECT count(*) FROM event WHERE sign != ''").scalar() == documents
    assert query("SELECT count(*) FROM event WHERE name = 'collected'").scalar() == arrived
    assert query("SELECT count(*) FROM content").scalar() == documents
    assert book.numbers.peek("n") == documents + 1
    assert query("SELECT count(*) FROM body WHERE sealed = 0").scalar() == 0
    assert query("SELECT count(*) FROM body").scalar() == arrived
    sizes = query("SELECT sum(length(data)) FROM chunk GROUP BY body").scalars().all()
    assert set(sizes) <= {5000, 2_800_000}
    return documents


@pytest.mark.parametrize("point", [1, 2, 3, 4, 5, 7, 8, 10, 12, 13, 17, 22, 30, 41, 55, 61, 64, 67, 70, 73, 999])
def test_a_kill_leaves_no_half_state_and_the_next_start_goes_on(house, point, tmp_path):
    path = tmp_path / "l" / "ledger.db"
    first = run(house, point, path)
    assert first.returncode in {0, -signal.SIGKILL}, first.stderr
    with house.open(path=path).look() as book:
        check(book)
    house.opened.pop().close()
    second = run(house, 9, path)  # killed again while it recovers
    assert second.returncode in {0, -signal.SIGKILL}, second.stderr
    third = run(house, 0, path)
    assert third.stdout == "whole\n", third.stderr
    with house.open(path=path).look() as book:
        assert check(book) >= 4


def test_a_kill_at_any_moment_leaves_no_half_state(house, tmp_path):
    path = tmp_path / "l" / "ledger.db"
    arguments = [str(ROOT), str(path), house.journal, "0"]
    for wait in (0.05, 0.35, 0.4, 0.45, 0.5, 0.6):
        child = subprocess.Popen([sys.executable, "-c", STORY, *arguments], stdout=subprocess.DEVNULL)
        time.sleep(wait)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        with house.open(path=path).look() as book:
            check(book)
        house.opened.pop().close()
