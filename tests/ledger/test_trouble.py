"""Trouble of the database: said in the house's words, without a value, and the book as it was."""

from __future__ import annotations

import traceback
from random import Random

import pytest
from sqlalchemy.exc import OperationalError

from tests.ledger.house import FILES
from translator.core.finding import Unavailable
from translator.ledger import Broken, NameTaken, sqlite
from translator.ledger.trouble import told

CANARY = "Jane-Roe-7f3a"


def whole_text(error: BaseException) -> str:
    return "".join(traceback.format_exception(error)) + repr(error)


@FILES
def test_a_full_disk_may_pass_and_the_commit_leaves_nothing(ledger):
    writer = ledger.database.writer
    pages = writer.exec_driver_sql("PRAGMA page_count").scalar()
    writer.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
    writer.rollback()
    with pytest.raises(Unavailable) as caught, ledger.commit() as book:
        book.bodies.add(CANARY.encode() + Random(1).randbytes(100_000))  # it cannot be pressed
    assert CANARY not in whole_text(caught.value)
    writer.exec_driver_sql("PRAGMA max_page_count = 1000000")
    writer.rollback()
    with ledger.commit() as book:
        assert list(book.bodies.chunks(1)) == []
        book.work.add("send", "r", "1")


@FILES
def test_a_stubborn_reader_delays_a_commit_and_the_ledger_goes_on(house, monkeypatch):
    monkeypatch.setattr(sqlite, "BUSY", 0.2)
    ledger = house.open()
    with ledger.commit() as book:
        book.work.add("send", "r", "1")
    other = sqlite.driver().connect(house.path, isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT * FROM work").fetchone()
    if house.journal == "rollback":
        with pytest.raises(Unavailable), ledger.commit() as book:
            book.work.add("send", "r", "2")
    other.close()
    with ledger.commit() as book:
        assert len(book.work.find()) == 1
        book.work.add("send", "r", "2")


@FILES
def test_a_second_writer_by_force_makes_the_ledger_unavailable(house, monkeypatch):
    monkeypatch.setattr(sqlite, "BUSY", 0.2)
    ledger = house.open()
    other = sqlite.driver().connect(house.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable), ledger.commit():
        pass
    other.close()
    with ledger.commit() as book:
        book.work.add("send", "r", "2")


def test_a_disk_that_fails_stops_the_ledger_for_good(ledger):
    failing = sqlite.driver().OperationalError("disk I/O error")
    failing.sqlite_errorcode = 10 | 4 << 8  # SQLITE_IOERR_FSYNC
    with pytest.raises(Broken), ledger.commit():
        raise OperationalError("COMMIT", None, failing)
    for act in (ledger.commit, ledger.look):
        with pytest.raises(Broken), act():
            pass


def test_our_own_mistakes_stay_as_they_are():
    mistaken = sqlite.driver().OperationalError("no such table")
    mistaken.sqlite_errorcode = 1
    with pytest.raises(OperationalError), told():
        raise OperationalError("SELECT", None, mistaken)


def plain(book, query):
    """Say something in plain SQL, with the canary in it."""
    mark = "?" if book._connection._named == "sqlite" else "%s"
    book._connection.exec_driver_sql(query.replace("?", mark), (CANARY,))


MISTAKES = {
    "unique": lambda book: [
        plain(book, "INSERT INTO kept (account, key, name, value) VALUES ('us', 'k', 'n', ?)") for _ in range(2)
    ],
    "state": lambda book: plain(
        book, "INSERT INTO work (station, subject, state, due, since) VALUES ('s', ?, 'lost', 0, 0)"
    ),
    "foreign key": lambda book: book.contents.add(999, 999, 0, route=CANARY),
    "type": lambda book: book.documents.add("order", "us", CANARY, {"x": CANARY, "y": object()}),
    "bind": lambda book: book.work.add("send", CANARY, [CANARY]),
    "null": lambda book: book.interchanges.add_in("e", None, CANARY, CANARY.encode()),
    "name": lambda book: [book.interchanges.add_out("e", CANARY, b"x") for _ in range(2)],
}


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES.keys())
def test_no_value_enters_the_text_of_an_exception(ledger, mistake, journal):
    if mistake is MISTAKES["bind"] and journal == "postgres":
        pytest.skip("a list is a text to it")

    def sequence(book):
        book.work.add("send", "r", "1")
        mistake(book)

    with pytest.raises(Exception) as caught, ledger.commit() as book:
        sequence(book)
    assert CANARY not in whole_text(caught.value)
    with ledger.look() as book:
        assert book.work.find() == []


def test_a_taken_name_can_be_handled_within_the_commit(ledger):
    with ledger.commit() as book:
        book.interchanges.add_out("e", "n", b"x")
        with pytest.raises(NameTaken):
            book.interchanges.add_out("e", "n", b"y")
        book.work.add("send", "r", "1")
    with ledger.look() as book:
        assert len(book.work.find()) == 1


def test_a_fault_before_the_commit_keeps_nothing_and_one_after_it_keeps_all(house):
    class Fault:
        point = ""

        def reach(self, point):
            if point == self.point:
                raise KeyboardInterrupt

    fault = Fault()
    ledger = house.open(faults=fault)
    for fault.point, kept in (("commit.before", 0), ("commit.after", 1)):
        with pytest.raises(KeyboardInterrupt), ledger.commit() as book:
            book.work.add("send", "r", "1")
        fault.point = ""
        with ledger.look() as book:
            assert len(book.work.find()) == kept
