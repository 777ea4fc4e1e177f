"""A group commit in trouble: what is one item's fault is taken back alone; what is the ledger's takes back all of it."""

from __future__ import annotations

from contextlib import suppress
from os import urandom

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.ledger.house import FILES
from translator.core.finding import Unavailable

LARGE = urandom(90_000)  # cannot be pressed


def pages(ledger, most):
    ledger.database.writer.exec_driver_sql(f"PRAGMA max_page_count = {most}")
    ledger.database.writer.rollback()


@pytest.fixture
def full(ledger):
    """Let the disk have room for little more than there is."""
    pages(ledger, ledger.database.writer.exec_driver_sql("PRAGMA page_count").scalar() + 2)
    yield ledger
    pages(ledger, 1_000_000)
    with ledger.commit() as book:
        assert [work.subject for work in book.work.find()] == []
        book.work.add("send", "r", "afterwards")


def written(book):
    def act(items):
        for item in items:
            if item == "large":
                book.bodies.add(LARGE)
            book.work.add("send", "r", item)
        return list(items)

    return act


def grouped(ledger, failed):
    with ledger.commit() as book:
        book.work.add("send", "r", "before")
        book.together(["one", "large", "two"], written(book), lambda item, _: failed.append(item))


def gone_on(ledger):
    """Go on in a commit as if nothing had been."""
    with ledger.commit() as book:
        book.work.add("send", "r", "before")
        with suppress(DBAPIError):
            written(book)(["large"])
            book.catch_up()
        with suppress(DBAPIError), book.apart():
            book.work.add("send", "r", "after")
        with suppress(DBAPIError):
            book.work.find()


def misdone(ledger, failed):
    with ledger.commit() as book:
        book.contents.add(999, 999, 1)  # by our own fault: there is no such file
        book.together(["one"], written(book), lambda item, _: failed.append(item))


@FILES
def test_a_full_disk_in_the_middle_of_a_group_leaves_nothing_of_the_commit(full):
    failed = []
    with pytest.raises(Unavailable):
        grouped(full, failed)
    assert failed == []


@FILES
def test_after_the_database_took_a_commit_back_nothing_more_of_it_is_written(full):
    with pytest.raises(Unavailable):
        gone_on(full)


def test_what_waits_to_be_written_is_not_blamed_on_who_comes_next(ledger):
    failed = []
    with pytest.raises(IntegrityError):
        misdone(ledger, failed)
    assert failed == []
    with ledger.commit() as book:
        assert book.work.find() == []
