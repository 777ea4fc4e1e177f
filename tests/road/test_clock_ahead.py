"""A clock that was ahead for a while, and was set right, stops nothing for as long as it was ahead."""

from datetime import timedelta

import pytest

from tests.ledger.house import House, StandingClock
from tests.road.conftest import LOCAL
from tests.world import orders_of
from translator.core.door import Door
from translator.core.work import Hold
from translator.stations import forgetting, stuck

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


def test_what_a_clock_that_was_ahead_put_off_waits_as_long_as_it_was_to(ledger, clock):
    clock.pass_(YEAR)
    with ledger.commit() as book:
        book.work.add("collect", "us/order", "")
        book.work.add("write", "orders", "level", due=clock.at + 300)
        book.work.add("settle", "orders", "7", due=clock.at + 300)
        poll, *_ = book.work.claim(1, 300)
        book.work.again(poll, clock.at + 120)
    clock.pass_(-YEAR)
    with ledger.commit() as book:
        book.work.add("read", "us/order", "later", due=clock.at + 900)
        assert [book.work.right(60.0), book.work.right(60.0)] == [3, 0]
        waits = {work.station: work.due - clock.at for work in book.work.find()}
    assert waits == {
        "collect": 120,
        "write": 300,
        "read": 900,
        "settle": 300,
    }  # the last never too early: as if put now


def test_what_a_clock_that_was_ahead_had_due_at_once_or_held_for_a_while_waits_no_longer_either(ledger, clock):
    with ledger.commit() as book:
        book.work.add("read", "newark/out/ship", "1")
        book.work.add("read", "newark/out/ship", "2", hold=Hold("person", "since before", 7200.0))
    clock.pass_(YEAR)
    with ledger.commit() as book:
        book.work.add("send", "newark/in/orders", "3")  # its door was closed
        book.work.add(
            "write", "us/acknowledgement", "document:4", hold=Hold("a sign", "a silent WMS", 72_000.0, "refuse")
        )
    clock.pass_(-YEAR)
    with ledger.commit() as book:
        book.work.right(60.0)
        waits = {
            work.subject: (work.due - clock.at, work.give_up and work.give_up - clock.at) for work in book.work.find()
        }
    assert waits == {"1": (0, None), "2": (0, 7200), "3": (0, None), "document:4": (0, 72_000)}


def test_a_file_that_could_not_be_fetched_while_a_clock_was_ahead_is_told_an_hour_after_it_was_set_right(ledger, clock):
    def look():
        with ledger.commit() as book:
            stuck.unfetched(book, "newark/out/ship", {"S1.csv": "permission denied"})
            return stuck.late(book, "newark/out/ship", {"S1.csv"})

    clock.pass_(YEAR)
    look()
    clock.pass_(-YEAR)
    assert look() == {}
    clock.pass_(3600)
    assert look() == {"S1.csv": "permission denied, for more than an hour"}


@pytest.mark.parametrize("kept_up", [True, False])
def test_orders_come_on_when_a_clock_that_was_a_year_ahead_is_set_right(opened, monkeypatch, kept_up):
    world, road = opened(orders=1)
    road.until(lambda: len(world.visible(LOCAL)) == 1)
    right = road.clock.now
    with monkeypatch.context() as wrong:
        wrong.setattr(road.clock, "now", lambda: right() + timedelta(seconds=YEAR))
        road.go(10)
        away = Door(2, since=road.clock.now().timestamp(), closed=road.clock.now().timestamp() + 30, reason="away")
        with road.ledger.commit() as book:
            put = book.interchanges.add_out("nowhere", "put.csv", b"x").id
            book.attempts.begin(put, "token", [])
            book.work.add("settle", "nowhere", str(put))
            lane = book.work.find(station="collect", route="us/orders")[0].lane
            book.lanes.stand(book.lanes.door(lane)[0], away)
    world.amazon.add_orders(orders_of((LOCAL,), 2)[1:])
    if not kept_up:
        road.restart()
    road.go(5)  # asked first by how far Amazon's last answer said the clock is off: refused, and asked again later
    road.clock.skip(900)
    road.until(lambda: len(world.visible(LOCAL)) == 2)
    with road.ledger.look() as book:
        assert book.attempts.of(put)[0].begun < book.now
