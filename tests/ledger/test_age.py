"""A book that is older than what it had come to knows it, however the copy got there; one that was only closed does not."""

import shutil
from contextlib import suppress
from functools import partial

import pytest

from tests import postgres
from tests.ledger.house import FILES
from translator.core.finding import Unavailable
from translator.ledger.age import Age, why_older

BESIDE = ("", "-wal", "-shm", "-journal", ".keys")


def turns(ledger, count=1):
    for _ in range(count):
        with ledger.commit() as book:
            book.began = True


def copied(path, target):
    """Copy by hand, with all that belongs to it but the marker."""
    for ending in BESIDE:
        target.with_name(target.name + ending).unlink(missing_ok=True)
        if path.with_name(path.name + ending).exists():
            shutil.copy(f"{path}{ending}", f"{target}{ending}")


def lasts(ledger):
    with ledger.look() as book:
        return book.reconciling.lasts()


def test_a_ledger_that_was_closed_or_whose_service_died_is_as_it_was_left(house, ledger):
    turns(ledger, 3)
    ledger.close()
    again = house.open()
    assert not lasts(again)
    turns(again)
    again.database.close()  # without a word
    assert not lasts(house.open())


@FILES
def test_a_death_between_the_commit_and_the_marker_is_no_older_copy(house, ledger):
    turns(ledger)
    ledger.database.mark = lambda age: None
    turns(ledger)
    ledger.close()
    assert not lasts(house.open())


@FILES
def test_a_copy_that_was_laid_there_by_hand_is_known(house, ledger, tmp_path):
    turns(ledger)
    ledger.close()
    copied(house.path, tmp_path / "copy.db")
    again = house.open()
    turns(again)
    again.close()
    copied(tmp_path / "copy.db", house.path)
    older = house.open()
    assert lasts(older)
    with older.look() as book:
        assert book.audit.verify().flaw == ""
        assert [entry.act for entry in book.audit.latest(9)] == ["ledger older than the world"]
    older.close()
    assert lasts(house.open())  # until a person ends it
    with house.opened[-1].commit() as book:
        book.reconciling.end()
        assert book.reconciling.doubt().until == book.now
    house.opened[-1].close()
    assert not lasts(house.open())


@FILES
def test_a_second_copy_is_older_than_what_was_come_to_before_the_first_was_put_back(house, ledger, tmp_path):
    for name in ("first.db", "second.db"):
        turns(house.opened[-1], 3)
        house.opened[-1].close()
        copied(house.path, tmp_path / name)
        house.open()
    turns(house.opened[-1], 3)
    house.opened[-1].close()
    for name in ("first.db", "second.db"):
        copied(tmp_path / name, house.path)
        again = house.open()
        assert lasts(again)
        again.close()


@FILES
@pytest.mark.parametrize("gone", ["", ".mark"])
def test_a_ledger_without_its_marker_and_a_marker_without_its_ledger_are_told(house, ledger, gone):
    turns(ledger)
    ledger.close()
    for ending in ("", "-wal", "-shm") if not gone else (gone,):
        house.path.with_name(house.path.name + ending).unlink(missing_ok=True)
    assert lasts(house.open())


@FILES
def test_another_ledger_in_this_one_s_place_is_told(house, ledger, tmp_path):
    turns(ledger)
    other = tmp_path / "other/ledger.db"
    another = house.open(path=other)
    turns(another, 9)
    another.close()
    ledger.close()
    copied(other, house.path)
    assert lasts(house.open())


def test_a_marker_that_is_none_counts_as_another_ledger_s():
    age = str(Age("a" * 16, 3))
    assert why_older(age, age) == ""
    assert why_older(str(Age("a" * 16, 4)), age) == ""
    assert why_older("", "") == ""
    for outside in (str(Age("a" * 16, 4)), str(Age("b" * 16, 3)), "", "\0" * 34, "garbage"):
        assert why_older(age, outside), outside
    assert why_older("", "garbage")


@pytest.mark.parametrize("journal", ["postgres"], indirect=True)
def test_a_database_that_was_put_back_is_known_by_its_server(house, ledger):
    turns(ledger)
    ledger.close()
    name = house.where.url.partition("?")[0].rpartition("/")[2]
    postgres.shared().ask("postgres", f"CREATE DATABASE {name}_back TEMPLATE {name}")
    assert lasts(house.open(path=postgres.shared().address(f"{name}_back")))
    assert not lasts(house.open())


@pytest.mark.parametrize("journal", ["postgres"], indirect=True)
def test_a_database_that_is_put_back_under_a_running_service_is_known_with_its_first_commit(house, ledger):
    name = house.where.url.partition("?")[0].rpartition("/")[2]
    ask = partial(postgres.shared().ask, "postgres")
    ledger.close()
    ask(f"CREATE DATABASE {name}_copy TEMPLATE {name}")
    running = house.open()
    turns(running)
    assert not lasts(running)
    ask(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    ask(f"ALTER DATABASE {name} RENAME TO {name}_gone")
    ask(f"ALTER DATABASE {name}_copy RENAME TO {name}")
    with suppress(Unavailable):
        turns(running)
    with running.commit() as book:
        assert book.reconciling.lasts()


def test_numbers_that_may_have_been_taken_since_are_passed_over(ledger):
    with ledger.commit() as book:
        book.numbers.take("acme isa", 1, 41)
        book.reconciling.begin("a person said so")
        assert book.numbers.peek("acme isa") == 1042
        assert book.numbers.peek("another") == 1
