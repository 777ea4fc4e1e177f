"""A law: whatever is done, a row moves only as the table of states says, and is never in two places or nowhere."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests import postgres
from tests.ledger.house import CountedChance, StandingClock
from translator.core.work import MOVES, Hold, State
from translator.ledger import Ledger, Lost
from translator.ledger.steps import step

SIGNS = st.sampled_from(["order us A known", "order us B known", "person", "mapping"])


class Rows(RuleBasedStateMachine):
    """Claims, outcomes with fresh and old claims, deaths, signs, sweeps, in any order."""

    journal = "wal"
    watch = (
        "CREATE TRIGGER watch AFTER UPDATE OF state ON work BEGIN INSERT INTO seen VALUES (old.state, new.state); END",
    )

    @initialize()
    def open(self):
        self.folder = Path(tempfile.mkdtemp())
        self.clock = StandingClock()
        self.ledger = self.opened()
        self.subjects = set()
        self.claims = []
        with self.ledger.commit() as book:
            for query in ("CREATE TABLE seen (before TEXT, after TEXT)", *self.watch):
                book._connection.exec_driver_sql(query)

    def opened(self):
        return Ledger.open(self.folder / "l.db", self.clock, CountedChance(), journal=self.journal)

    @rule(subject=st.integers(0, 5), lane=st.sampled_from(["", "l"]), hold=st.none() | SIGNS, wait=st.integers(0, 90))
    def add(self, subject, lane, hold, wait):
        with self.ledger.commit() as book:
            held = Hold(hold, "why", wait) if hold else None
            book.work.add("send", "r", str(subject), lane, self.clock.at + wait, held)
        self.subjects.add(str(subject))

    @rule(limit=st.integers(1, 4), calls=st.integers(0, 2))
    def claim(self, limit, calls):
        with self.ledger.commit() as book:
            book.lanes.put("l", calls=calls)
            self.claims += book.work.claim(limit, 60)

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), act=st.sampled_from(["end", "again", "defer", "hold", "renew", "check"]), sign=SIGNS)
    def outcome(self, data, act, sign):
        row = data.draw(st.sampled_from(self.claims))
        more = {"again": (self.clock.at,), "defer": (30, "busy"), "hold": (Hold(sign, "why", 30),), "renew": (60,)}
        try:
            with self.ledger.commit() as book:
                getattr(book.work, act)(row, *more.get(act, ()))
        except Lost:
            return
        if act == "end":
            self.subjects.discard(row.subject)

    @rule(seconds=st.sampled_from([1, 31, 61]))
    def wait(self, seconds):
        self.clock.pass_(seconds)

    @rule()
    def die(self):
        with self.ledger.commit() as book:
            book.work.reopen()

    @rule(sign=SIGNS)
    def sign(self, sign):
        with self.ledger.commit() as book:
            book.events.note("x", "known", sign=sign)

    @rule(data=st.data(), sign=SIGNS)
    def operator(self, data, sign):
        with self.ledger.commit() as book:
            book.work.hasten("send", "r")
            for row in book.work.find(subject=data.draw(st.sampled_from("012345"))):
                book.work.rehold(row.id, Hold(sign, "held by an operator"))

    @rule(sign=SIGNS)
    def release(self, sign):
        with self.ledger.commit() as book:
            book.work.release(sign)
            book.work.sweep()

    @invariant()
    def only_moves_of_the_table(self):
        if not hasattr(self, "ledger"):
            return
        with self.ledger.look() as book:
            seen = book._connection.exec_driver_sql("SELECT DISTINCT before, after FROM seen").all()
        assert all(State(after) in MOVES[State(before)] for before, after in seen if before != after), seen

    @invariant()
    def each_is_in_one_place_and_says_why_it_waits(self):
        if not hasattr(self, "ledger"):
            return
        with self.ledger.look() as book:
            rows = book.work.find()
        assert sorted(row.subject for row in rows) == sorted(self.subjects)
        for row in rows:
            assert (row.state is State.ACTIVE) == bool(row.claim) == (row.until is not None)
            assert (row.state is State.HELD) == bool(row.awaits)

    def teardown(self):
        if hasattr(self, "ledger"):
            self.ledger.close()
            shutil.rmtree(self.folder)


class RowsWithRollbackJournal(Rows):
    journal = "rollback"


class RowsOnAServer(Rows):
    watch = (
        """CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN INSERT INTO seen VALUES (old.state, new.state); RETURN new; END'""",
        "CREATE TRIGGER watch AFTER UPDATE OF state ON work FOR EACH ROW EXECUTE FUNCTION note()",
    )

    def opened(self):
        return Ledger.open(postgres.shared().fresh(), self.clock, CountedChance())


for _machine in (Rows, RowsWithRollbackJournal, RowsOnAServer):
    _machine.TestCase.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)

TestWal = Rows.TestCase
TestRollback = RowsWithRollbackJournal.TestCase
TestServer = RowsOnAServer.TestCase


@pytest.mark.parametrize("before", list(State))
@pytest.mark.parametrize("after", list(State))
def test_a_move_that_is_not_in_the_table_cannot_be_built(before, after):
    if after in MOVES[before]:
        step((before,), after)
    else:
        with pytest.raises(AssertionError):
            step((before,), after)
