"""An order is forgotten out of a file that holds others: they go on without it, or a person is asked; none is lost."""

import shutil
from contextlib import contextmanager

import pytest

from tests.road.test_acks import EDI, answering, fa, say
from tests.road.test_forgetting import DAY, LOCAL, forget, numbers, orders
from tests.road.test_segments import made
from translator.stations import acks, forgetting


def forget_one(road, number):
    with road.ledger.commit() as book:
        forgetting.forget(book, ("us", number))


@pytest.fixture
def batch(opened):
    """Two orders in one file for a partner who acknowledges files."""
    given = made(2)
    world, road = opened(systems=(EDI,), orders=given, change=answering)
    return world, road, numbers(given)


def test_what_shares_a_file_that_has_not_left_goes_out_in_another_one(batch, taking):
    world, road, (one, other) = batch
    folder = world.folder(EDI, "in/orders")
    shutil.rmtree(folder)
    folder.touch()  # no folder: the file waits
    road.until(lambda: any((row[0], row[3]) == ("send", "deferred") for row in road.rows()))
    forget_one(road, one)
    folder.unlink()
    folder.mkdir()
    road.until(lambda: world.visible(EDI, "in/orders"))
    (data,) = taking(world, EDI).values()
    assert other.encode() in data
    assert one.encode() not in data
    assert road.ends("order", one) == ["closed"]


def test_what_shares_a_file_that_may_have_left_is_asked_about_and_a_late_verdict_is_told(batch, taking):
    world, road, (one, other) = batch
    road.until(lambda: any(acks.WAITS in reason for reason in road.reasons("settle")))
    ((name, data),) = taking(world, EDI).items()
    group = next(line.split("*")[6] for line in data.decode().split("~") if line.strip().startswith("GS*"))
    forget_one(road, one)
    road.go(30)
    assert world.visible(EDI, "in/orders") == []
    assert road.held(f"{name} was forgotten with another order in it")
    assert road.ends("order", other) == ["None"]
    say(world, "FA1.edi", fa(f"AK1*OW*{group}", "AK9*R*2*2*0*4"))
    road.until(lambda: road.held(f"judges {name} otherwise now"))
    road.ask("release", road.row_of("was forgotten with another order in it"))
    road.until(lambda: world.visible(EDI, "in/orders"))
    (anew,) = (data for file, data in taking(world, EDI).items() if file != name)
    assert other.encode() in anew
    assert one.encode() not in anew


def test_what_shares_a_file_that_went_twice_and_is_not_taken_yet_is_asked_about(batch, taking):
    world, road, (one, other) = batch
    road.until(lambda: any(acks.WAITS in reason for reason in road.reasons("settle")))
    ((name, _),) = taking(world, EDI).items()
    assert road.ask("resend", name)[0]
    road.until(lambda: "order sent again" in road.events(other))
    forget_one(road, one)
    assert road.ends("order", other) == ["None"]
    assert road.held(f"{name} was forgotten with another order in it")


class Dying:
    """A ledger whose machine dies before a commit."""

    def __init__(self, ledger, left):
        self._ledger = ledger
        self._left = left

    def __getattr__(self, name):
        return getattr(self._ledger, name)

    @contextmanager
    def commit(self):
        self._left -= 1
        if self._left < 0:
            raise ZeroDivisionError
        with self._ledger.commit() as book:
            yield book


def looked_for(road):
    """Tell whether the file of an order is looked for in its folder."""
    return any(row[0] == "settle" and "in/orders" in row[1] for row in road.rows())


def test_wherever_a_purge_dies_no_file_that_it_took_away_counts_as_taken(opened):
    given = orders(1)
    world, road = opened(orders=given)
    road.until(lambda: looked_for(road))
    road.clock.skip(45 * DAY)
    whole, deaths = road.ledger, 0
    while True:
        road.ledger = Dying(whole, deaths)
        try:
            told = forget(road, trusted=True)
        except ZeroDivisionError:
            deaths += 1
        else:
            break
        finally:
            road.ledger = whole
        assert world.visible(LOCAL) or not looked_for(road)
    assert deaths > 2
    road.go(10)
    assert "order taken" not in road.events(*numbers(given))
    assert world.visible(LOCAL) == []
    with road.look() as book:
        assert book.documents.newest("order", "us", *numbers(given)).forgotten
    assert told.refused == ""
