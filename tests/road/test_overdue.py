"""What should have been forgotten by now, and is not, is told: in `show alarms`, by the doctor, once a day in the log."""

import json
import os
from socket import gethostname

from tests.road.test_forgetting import DAY, IN_WAL, forget, reading_keys, shipped
from translator.service.notices import unforgotten
from translator.service.overdue import overdue


def told(road):
    """Tell what is overdue, and how much of it."""
    with road.look() as book:
        return {late.what: late.count for late in overdue(book, road.pump.house.site)}


def test_an_order_whose_time_is_over_for_a_day_is_told_until_it_is_forgotten(opened, taking):
    _, road, _ = shipped(opened, taking)
    road.clock.skip(19.5 * DAY)
    forget(road, trusted=True)
    road.clock.skip(DAY)
    assert told(road) == {}
    road.clock.skip(DAY)
    assert told(road) == {"not forgotten": 1}
    with road.look() as book:
        (notice,) = unforgotten(book, road.pump.house.site)
    assert (notice.name, notice.facts()) == ("not forgotten", {"count": 1})
    forget(road, trusted=True)
    assert told(road) == {}


def test_a_file_of_nobody_that_is_not_forgotten_is_told(opened, taking):
    _, road = opened(orders=0)
    with road.ledger.commit() as book:
        book.interchanges.add_in("in", "LATE.csv", "1", b"Jane")
    road.clock.skip(22 * DAY)
    assert told(road) == {"not forgotten": 1}


@IN_WAL
def test_keys_that_a_reader_keeps_in_a_journal_for_an_hour_are_told(opened, taking):
    world, road, _ = shipped(opened, taking)
    road.clock.skip(19.5 * DAY)
    forget(road, trusted=True)
    road.clock.skip(DAY)
    with reading_keys(world):
        left = forget(road, trusted=True, patience=0).left
        assert told(road) == {}
        road.clock.skip(2.1 * 3600)
        assert told(road) == {"keys not destroyed": left}
    forget(road)
    assert told(road) == {}


def copied(road, folder, name):
    """Lay a copy of keys into a folder, as `translator keys backup` does, and say so."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("")
    said = {"target": "0 keys", "host": gethostname(), "folder": str(folder)}
    assert road.ask_with("keys copied", **said) == (True, "noted")


def test_copies_of_keys_that_are_older_than_they_may_be_are_told_where_they_lie(opened, tmp_path):
    _, road = opened(orders=0)
    now = road.clock.now()
    copied(road, tmp_path / "copies", f"keys-{now:%Y%m%dT%H%M%S}.jsonl")
    copied(road, tmp_path / "others", "keys-laid-aside.jsonl")
    os.utime(tmp_path / "others/keys-laid-aside.jsonl", (now.timestamp(),) * 2)
    copied(road, tmp_path / "gone", "keys-x.jsonl")
    (tmp_path / "gone/keys-x.jsonl").unlink()
    (tmp_path / "gone").rmdir()
    assert told(road) == {}
    road.clock.skip(7.1 * DAY)
    for path in tmp_path.glob("*/keys-*"):
        os.utime(path, (road.clock.now().timestamp(),) * 2)  # as a copy of the copy is
    with road.look() as book:
        found = [(late.what, late.about) for late in overdue(book, road.pump.house.site)]
    assert found == [("copies of keys too old", str(tmp_path / "copies"))]
    (tmp_path / "copies" / f"keys-{now:%Y%m%dT%H%M%S}.jsonl").unlink()
    assert told(road) == {}


def test_each_folder_of_copies_is_remembered_once_and_not_more_than_some(opened, tmp_path):
    _, road = opened(orders=0)
    for number in (*range(25), 7):
        copied(road, tmp_path / f"f{number}", "keys-x.jsonl")
    with road.look() as book:
        known = [folder for _, folder in json.loads(book.bookmarks.get("copies of keys"))]
    assert len(known) == len(set(known)) == 20
    assert known[:2] == [str(tmp_path / "f7"), str(tmp_path / "f24")]
