"""What lies in a folder and does not go on: it is seen, it stops nobody, and it is gone from sight when it is gone."""

import os
from dataclasses import replace

import pytest

from tests.road.conftest import LOCAL
from tests.road.test_turns import STOCK, collected, lay_stock, stock, turn_of
from translator.cli.behind.held import rows_held
from translator.core.finding import Unavailable
from translator.stations import stuck

LEAVING = replace(LOCAL, more="    dispose: leave\n")


def done(world):
    """Have the folder of stock want a done-file."""
    path = world.site / "translator.yaml"
    complete = '{mappings: stock.yaml, complete: {done: "{stem}.ok"}}'
    path.write_text(path.read_text().replace("out/stock: stock.yaml", f"out/stock: {complete}"))


def stuck_rows(road):
    with road.look() as book:
        return {row.reason for row in book.work.find(station="collect", state="held")}


def test_what_waits_says_so_in_the_row_of_its_folder_and_among_what_is_held(opened):
    world, road = opened(orders=[], change=done)
    world.place(LOCAL, "out/stock", "STOCK1.csv", stock(5))
    road.until(lambda: turn_of(road).reason)
    assert turn_of(road).reason == "STOCK1.csv: waiting because STOCK1.ok is not there"
    (row,) = rows_held(world.site)
    assert (row["about"], row["reason"], row["waits for"]) == (STOCK, turn_of(road).reason, "its next look")
    world.place(LOCAL, "out/stock", "STOCK1.ok", b"")
    road.until(lambda: collected(road) == ["STOCK1.csv"] and world.visible(LOCAL, "out/stock") == [])


def test_what_no_time_heals_is_held_once_and_let_go_when_it_is_gone(opened):
    world, road = opened(orders=[])
    link = world.folder(LOCAL, "out/stock") / "STOCK1.csv"
    link.symlink_to("/etc/shadow")
    reason = "STOCK1.csv: refused because it is a symbolic link"
    road.until(lambda: stuck_rows(road) == {reason})
    with road.look() as book:
        assert [event.name for event in book.events.of(f"{STOCK} STOCK1.csv")] == ["file stuck"]
    lay_stock(world, 2)
    road.until(lambda: len(collected(road)) == 2)
    row = road.row_of(reason)
    said = f"row {row} tells what lies in {STOCK}, and goes by itself: move the file away, or mend it"
    assert road.ask("reject", row) == (False, said)
    assert road.ask("release", row)[0]
    road.until(lambda: stuck_rows(road) == {reason})  # looked at again, and it is what it was
    link.unlink()
    road.until(lambda: stuck_rows(road) == set())


def test_what_waits_for_an_hour_is_held_and_goes_on_all_the_same_once_it_can(opened):
    world, road = opened(orders=[], change=done)
    world.place(LOCAL, "out/stock", "STOCK1.csv", stock(5))
    world.place(LOCAL, "out/stock", "STOCK2.ok", b"")
    road.until(lambda: turn_of(road).reason)
    road.clock.skip(3600)
    late = ", for more than an hour"
    alone = {f"STOCK2.ok: waiting because the file it speaks of is not there{late}"}
    road.until(lambda: stuck_rows(road) == alone | {f"STOCK1.csv: waiting because STOCK1.ok is not there{late}"})
    world.place(LOCAL, "out/stock", "STOCK1.ok", b"")
    road.until(lambda: collected(road) == ["STOCK1.csv"] and stuck_rows(road) == alone)


def test_of_very_many_the_first_have_rows(opened, monkeypatch):
    monkeypatch.setattr(stuck, "MOST", 3)
    world, road = opened(orders=[])
    for number in range(9):
        os.mkfifo(world.folder(LOCAL, "out/stock") / f"STOCK{number}.csv")
    road.until(lambda: len(stuck_rows(road)) == 3)
    road.go(5)
    assert len(stuck_rows(road)) == 3
    assert turn_of(road).reason.endswith("(and 8 more)")


@pytest.mark.usefixtures("unported")
@pytest.mark.parametrize("order", ["any", "kept"])
def test_a_file_that_cannot_be_fetched_says_so_is_held_after_an_hour_and_goes_on_once_it_can(opened, order):
    keeping = "{mappings: stock.yaml, order: kept}"
    world, road = opened(
        orders=[],
        change=lambda world: (
            order == "any"
            or world.edit(
                "translator.yaml", lambda text: text.replace("out/stock: stock.yaml", f"out/stock: {keeping}")
            )
        ),
    )
    endpoint = road.pump.house.endpoints[STOCK]
    fetch, closed = endpoint.fetch, ["STOCK000.csv"]

    def may_not(seen):
        if seen.name in closed:
            raise Unavailable(f"{seen.name}: permission denied")
        return fetch(seen)

    endpoint.fetch = may_not
    lay_stock(world, 1)
    reason = "STOCK000.csv: waiting because it could not be fetched: permission denied"
    road.until(lambda: turn_of(road).reason == reason)
    with road.look() as book:
        assert list(stuck.waiting(book, STOCK)) == ["STOCK000.csv"]
    assert stuck_rows(road) == set()
    road.clock.skip(3600)
    road.until(lambda: stuck_rows(road) == {f"{reason}, for more than an hour"})
    road.go(5)
    with road.look() as book:
        assert [event.name for event in book.events.of(f"{STOCK} STOCK000.csv")] == ["file stuck"]
    closed.clear()
    road.until(lambda: collected(road) == ["STOCK000.csv"] and stuck_rows(road) == set())


@pytest.mark.usefixtures("unported")
def test_what_cannot_be_put_away_is_told_in_the_row_of_its_folder(opened):
    world, road = opened(orders=[])

    def never(_):
        raise Unavailable("permission denied")

    road.pump.house.endpoints[STOCK].dispose = never
    lay_stock(world, 3)
    road.until(lambda: len(collected(road)) == 3)
    road.until(lambda: "read, and still there: permission denied" in turn_of(road).reason)


def test_a_done_file_that_could_not_be_taken_away_does_not_tell_of_the_next_file(opened):
    world, road = opened(orders=[], change=done)
    endpoint = road.pump.house.endpoints[STOCK]

    def never(_):
        raise Unavailable("permission denied")

    endpoint.dispose, dispose = never, endpoint.dispose
    path = world.place(LOCAL, "out/stock", "STOCK1.csv", stock(5))
    world.place(LOCAL, "out/stock", "STOCK1.ok", b"")
    road.until(lambda: len(collected(road)) == 1)
    path.write_text("WAREHOUSE,SKU,ASIN,QTY\nEWR1,")  # the next one is being written over it
    road.go(10)
    assert len(collected(road)) == 1
    endpoint.dispose = dispose
    road.until(lambda: world.visible(LOCAL, "out/stock") == ["STOCK1.csv"])
    path.write_text(stock(6))
    road.go(10)
    assert len(collected(road)) == 1
    world.place(LOCAL, "out/stock", "STOCK1.ok", b"")
    road.until(lambda: len(collected(road)) == 2 and world.visible(LOCAL, "out/stock") == [])


@pytest.mark.usefixtures("unported")
def test_a_file_that_could_not_be_taken_away_is_read_once_whoever_comes_to_share_its_done_file(opened):
    world, road = opened(orders=[], change=done)
    endpoint = road.pump.house.endpoints[STOCK]

    def never(_):
        raise Unavailable("permission denied")

    endpoint.dispose, dispose = never, endpoint.dispose
    world.place(LOCAL, "out/stock", "STOCK1.csv", stock(5))
    world.place(LOCAL, "out/stock", "STOCK1.ok", b"")
    road.until(lambda: collected(road) == ["STOCK1.csv"])
    later = world.place(LOCAL, "out/stock", "STOCK1.txt", stock(6))
    os.utime(later, (2e9, 2e9))
    road.until(lambda: "STOCK1.txt" in collected(road))
    road.go(10)
    assert collected(road) == ["STOCK1.csv", "STOCK1.txt"]
    endpoint.dispose = dispose
    road.until(lambda: world.visible(LOCAL, "out/stock") == [])
    assert collected(road) == ["STOCK1.csv", "STOCK1.txt"]


def test_what_is_left_is_read_once_also_after_a_restart_and_other_bytes_under_its_name_are_new(opened):
    world, road = opened((LEAVING,), orders=[])
    lay_stock(world, 3)
    road.until(lambda: len(collected(road)) == 3)
    road.go(10)
    road.restart()
    road.go(10)
    assert len(collected(road)) == 3
    world.place(LOCAL, "out/stock", "STOCK001.csv", stock(77))
    road.until(lambda: sorted(collected(road)) == ["STOCK000.csv", "STOCK001.csv", "STOCK001.csv", "STOCK002.csv"])
    assert len(world.visible(LOCAL, "out/stock")) == 3


@pytest.mark.parametrize("system", [LOCAL, LEAVING], ids=["archive", "leave"])
def test_a_backlog_is_gone_through_by_few_listings(opened, system):
    world, road = opened((system,), orders=[])
    endpoint = road.pump.house.endpoints[STOCK]
    real, listings = endpoint.list, []
    endpoint.list = lambda bookmark: listings.append(1) or real(bookmark)
    lay_stock(world, 900)
    road.until(lambda: len(collected(road)) == 900)
    assert len(listings) <= 4
    road.go(5)
    assert len(collected(road)) == len(set(collected(road))) == 900


def test_once_ends_though_the_next_look_at_a_file_that_nobody_takes_comes_soon(opened):
    world, road = opened(change=lambda world: world.write_site(poll=3600, sweep=7200, every=1))
    turns, wait = [], road.pump._wait
    road.pump._wait = lambda most: wait(0.01) or road.clock.skip(1)
    road.pump.once(lambda: turns.append(1) or len(turns) > 200)
    assert len(world.visible(LOCAL, "in/orders")) == 1
    assert len(turns) < 200


def test_once_ends_however_long_something_waits(opened):
    world, road = opened(orders=[], change=lambda world: world.write_site(poll=3600, sweep=7200, every=30))
    world.place(LOCAL, "out/stock", "STOCK1.csv", b"")
    lay_stock(world, 2)
    wait = road.pump._wait
    road.pump._wait = lambda most: wait(0.01) or road.clock.skip(1)
    road.pump.once()
    assert sorted(collected(road)) == ["STOCK000.csv", "STOCK001.csv"]
