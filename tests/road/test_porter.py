"""The road with a porter: killed again and again, not to be had at all, asked for several files at once."""

import random
import threading
from contextlib import contextmanager

from tests.road import road as roads
from tests.road.conftest import LOCAL
from translator.endpoints.endpoint import Seen
from translator.endpoints.porter.folder import PortedFolder
from translator.endpoints.porter.lines import Porter
from translator.service import porter as service
from translator.stations import fetching

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


def test_a_place_that_cannot_be_entered_at_all_leaves_nothing_on_its_way(opened, monkeypatch):
    @contextmanager
    def fails(_):
        raise MemoryError
        yield

    world, road = opened()
    monkeypatch.setattr(PortedFolder, "kept", fails)
    road.until(lambda: road.rows() and any("MemoryError" in why for why in road.reasons()))
    monkeypatch.undo()
    assert not [work for one, _ in road.pump._flying.values() for work in one.works if work.station == "send"]
    with road.ledger.commit() as book:
        for work in book.work.find(state="held"):
            book.work.release_row(work.id)
    road.until(lambda: world.visible(LOCAL))


def test_files_go_together_what_is_large_goes_alone_and_so_does_each_where_nothing_is_asked_at_once():
    folder = PortedFolder(None, "", None)
    files = [Seen(str(n), "", size) for n, size in enumerate([*[1] * 120, 9, 1, 9, 9, 1, 1])]
    assert [len(group) for group in fetching._groups(folder, files)] == [50, 50, 26]
    assert [len(group) for group in fetching._groups(folder, files, most=5)] == [50, 50, 20, 1, 1, 1, 1, 2]
    assert [len(group) for group in fetching._groups(object(), files)] == [1] * len(files)
