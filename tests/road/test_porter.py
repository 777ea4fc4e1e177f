"""A service whose porter is killed again and again: each order's file is there once, and nobody is at fault."""

import random
import threading

from tests.road import road as roads
from tests.road.conftest import LOCAL
from translator.endpoints.porter.lines import Porter
from translator.service import porter as service

ORDERS = 60
KILLS = 25


def test_a_porter_that_is_killed_again_and_again_loses_no_file_and_doubles_none(opened, monkeypatch, taking):
    started, killed, over = [], [], threading.Event()

    def start(control):
        started.append(service._started(control))
        return started[-1]

    def kill():
        dice = random.Random(7)
        while not over.wait(dice.uniform(0.01, 0.12)) and len(killed) < KILLS:
            if started and started[-1].poll() is None:
                started[-1].kill()
                killed.append(len(started))

    monkeypatch.setattr(roads, "porter", lambda *_: Porter(start))
    world, road = opened(orders=ORDERS)
    killing = threading.Thread(target=kill)
    killing.start()
    try:
        road.until(lambda: len(killed) == KILLS, within=1e6)
    finally:
        over.set()
        killing.join()

    def told(name):
        with road.look() as book:
            return sum(event.name == name for event in book.events.since(0, 100_000))

    road.until(lambda: told("order sent") == ORDERS, within=1e6)
    assert len(taking(world)) == ORDERS
    road.go(60)
    assert not world.visible(LOCAL)
    assert (told("order sent"), told("fault")) == (ORDERS, 0)
    with road.look() as book:
        tries = book._connection.exec_driver_sql("SELECT count(*) FROM attempt").scalar()
    assert tries > ORDERS  # it died over some
