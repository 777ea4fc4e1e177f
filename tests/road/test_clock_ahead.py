"""A clock that was ahead for a while, and was set right, stops nothing for as long as it was ahead."""

import pytest

from tests.ledger.house import House, StandingClock
from translator.stations import forgetting

DAY = 86_400
YEAR = 365 * DAY
KEEP = 20 * DAY


@pytest.fixture
def clock():
    return StandingClock()


@pytest.fixture
def ledger(tmp_path, clock):
    house = House(tmp_path / "state", "wal", clock, [])
    yield house.open()
    for ledger in house.opened:
        ledger.close()


def order(ledger, number):
    with ledger.commit() as book:
        book.documents.add("order", "us", number, {"purchaseOrderNumber": number})


def due(ledger):
    with ledger.look() as book:
        return [number for _, number in forgetting.page(book, 0, book.now - KEEP).orders]


@pytest.mark.parametrize("ahead", [YEAR, 30 * DAY])
def test_an_order_stored_by_a_clock_that_was_ahead_hides_no_other_from_being_forgotten(ledger, clock, ahead):
    order(ledger, "BEFORE")
    clock.pass_(ahead)
    order(ledger, "AHEAD")
    clock.pass_(-ahead)
    order(ledger, "AFTER")
    clock.pass_(KEEP)
    assert due(ledger) == ["BEFORE", "AFTER"]
    clock.pass_(ahead - DAY)
    order(ledger, "LATER")
    assert due(ledger) == ["BEFORE", "AFTER"]
    clock.pass_(DAY)
    assert due(ledger) == ["BEFORE", "AHEAD", "AFTER"]


def test_a_page_of_what_is_too_young_is_the_last_one(ledger, clock, monkeypatch):
    monkeypatch.setattr(forgetting, "PAGE", 1)
    order(ledger, "OLD")
    clock.pass_(KEEP)
    order(ledger, "YOUNG")
    order(ledger, "YOUNGER")
    with ledger.look() as book:
        first = forgetting.page(book, 0, book.now - KEEP)
        second = forgetting.page(book, first.after, book.now - KEEP)
    assert (list(first.orders), list(second.orders), second.after) == ([("us", "OLD")], [], None)


def look(ledger, *, trusted=False):
    with ledger.commit() as book:
        return forgetting.suspect(book, trusted=trusted)


def test_after_a_look_by_a_clock_that_was_ahead_a_person_can_say_that_it_is_right_now(ledger, clock):
    look(ledger)
    clock.pass_(YEAR)
    look(ledger)
    clock.pass_(-YEAR)
    assert "behind" in look(ledger)
    assert look(ledger, trusted=True) == ""
    clock.pass_(3600)
    assert look(ledger) == ""
