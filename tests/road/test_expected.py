"""A folder in which a file comes every so often, and none came: told once, until one comes."""

from datetime import timedelta

from tests.road.test_turns import STOCK, collected, lay_stock
from translator.config.read import read_site
from translator.stations import expected


def expecting(world):
    said = "{mappings: stock.yaml, expect: 26h}"
    world.edit("translator.yaml", lambda text: text.replace("out/stock: stock.yaml", f"out/stock: {said}"))


def told(road):
    with road.look() as book:
        return [event.detail["endpoint"] for event in book.events.since(0) if event.name == "no file came"]


def last(road):
    source = read_site(road.world.site).source(STOCK)
    with road.look() as book:
        return expected.last(book, source)


def test_a_file_that_does_not_come_is_told_once_and_anew_when_the_next_one_does_not(opened):
    world, road = opened(orders=[], change=expecting)
    road.until(lambda: last(road))
    began = last(road)
    road.clock.skip(26 * 3600 - 300)
    road.go(5)
    assert (told(road), last(road)) == ([], began)
    road.clock.skip(400)
    road.until(lambda: told(road))
    road.clock.skip(26 * 3600)
    road.go(5)
    assert told(road) == [STOCK]
    lay_stock(world, 1)
    road.until(lambda: collected(road))
    assert last(road) > began + 52 * 3600
    road.clock.skip(27 * 3600)
    road.until(lambda: told(road) == [STOCK, STOCK])


def test_a_file_that_a_clock_took_in_that_was_ahead_hides_no_other_that_does_not_come(opened, monkeypatch):
    world, road = opened(orders=[], change=expecting)
    road.until(lambda: last(road))
    right = road.clock.now
    with monkeypatch.context() as wrong:
        wrong.setattr(road.clock, "now", lambda: right() + timedelta(days=365))
        lay_stock(world, 1)
        road.until(lambda: collected(road))
    road.until(lambda: last(road) <= right().timestamp())
    road.clock.skip(26 * 3600)
    road.until(lambda: told(road) == [STOCK])


def test_where_nobody_says_so_no_file_is_expected(opened):
    _, road = opened(orders=[])
    road.go(2)
    road.clock.skip(30 * 86_400)
    road.go(2)
    assert (told(road), last(road)) == ([], None)
