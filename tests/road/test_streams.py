"""Where the order of a folder is kept, nobody passes a file that is held or tried again; elsewhere nobody waits for it."""

import pytest

from tests.road.conftest import LOCAL
from tests.road.test_partners import ill, refuse
from tests.road.test_turns import collected, lay_stock, stock
from tests.world import orders_of
from translator.core.finding import Unavailable
from translator.ledger.interchanges import Interchanges

STOCK = f"{LOCAL.called}/out/stock"
TO = ("in/orders: [orders.yaml, cancels.yaml]", "in/orders: {mappings: [orders.yaml, cancels.yaml], order: kept}")
FROM = ("out/stock: stock.yaml", "out/stock: {mappings: stock.yaml, order: kept}")


def keeping(*said):
    def change(world):
        for before, after in said:
            world.edit("translator.yaml", lambda text: text.replace(before, after))  # noqa: B023 (edited at once)

    return change


def first_of(road):
    """Give the name of the file that was written first."""
    query = "SELECT name FROM interchange WHERE endpoint = ? ORDER BY id LIMIT 1"
    with road.look() as book:
        return book._connection.exec_driver_sql(query, (f"{LOCAL.called}/in/orders",)).scalar()


def first_fails(road):
    """Have the file that is written first fail."""

    def act(outgoing, _):
        if outgoing.name == first_of(road):
            refuse(Unavailable("it chokes"))()

    return ill(road, LOCAL, ("put",), act)


def test_a_file_is_sent_when_the_one_before_it_was_and_one_that_waits_says_so(opened):
    world, road = opened(orders=5, change=keeping(TO))
    _, well = first_fails(road)
    first = None
    road.until(lambda: sum("before it is not sent yet" in row[-1] for row in road.rows()) == 4)
    first = first_of(road)
    road.go(20)
    assert world.visible(LOCAL) == []
    assert any(f"waiting because {first} before it" in row[-1] for row in road.rows())
    well()
    road.until(lambda: len(world.visible(LOCAL)) == 5, within=120)


def test_where_no_order_is_kept_the_others_pass(opened):
    world, road = opened(orders=5)
    first_fails(road)
    road.until(lambda: len(world.visible(LOCAL)) == 4)


def test_when_the_first_is_given_up_the_others_go_on(opened):
    world, road = opened(orders=3, change=keeping(TO))
    ill(road, LOCAL, ("put",), lambda outgoing, _: outgoing.name == first_of(road) and refuse(Unavailable("x"))())
    road.until(lambda: sum("before it is not sent yet" in row[-1] for row in road.rows()) == 2)
    road.until(lambda: any(work.reason == "x" for work in works(road, "send")))
    (row,) = [work.id for work in works(road, "send") if work.reason == "x"]
    with road.ledger.commit() as book:
        work = book.work.get(row)
        book.work.remove(work.station, work.route, work.subject)  # in whatever way it went, nobody told
    road.until(lambda: len(world.visible(LOCAL)) == 2, within=90)  # the sweep finds it


def works(road, station):
    with road.look() as book:
        return book.work.find(station=station)


def test_files_are_read_in_the_order_in_which_they_came(opened):
    world, road = opened(orders=[], change=keeping(FROM))
    world.place(LOCAL, "out/stock", "STOCK000.csv", b"this is no stock file")
    world.edit(f"mappings/{LOCAL.called}/stock.yaml", lambda text: text.replace('file: "', 'file: "X', 1))
    road.reload()
    road.until(lambda: len(collected(road)) == 1)
    lay_stock(world, 3, 1)
    road.until(lambda: len(collected(road)) == 3)
    road.until(lambda: sum("before it is not read yet" in row[-1] for row in road.rows()) == 2)
    assert road.held("STOCK000.csv before it")
    assert road.ask("reject", "STOCK000.csv")[0]
    world.edit(f"mappings/{LOCAL.called}/stock.yaml", lambda text: text.replace('file: "X', 'file: "', 1))
    road.reload()
    road.until(lambda: not works(road, "read"), within=90)


@pytest.mark.usefixtures("unported")
@pytest.mark.parametrize("kept", [True, False])
def test_a_file_that_cannot_be_fetched_is_passed_only_where_no_order_is_kept(opened, kept):
    world, road = opened(orders=[], change=keeping(*([FROM] if kept else [])))
    odd = "STOCK000.csv"
    _, well = ill(road, LOCAL, ("fetch",), lambda seen: seen.name == odd and refuse(Unavailable("changed"))())
    lay_stock(world, 3)
    if kept:
        road.go(10)
        assert collected(road) == []
        well()
        road.until(lambda: len(collected(road)) == 3)
        assert collected(road)[0] == odd
    else:
        road.until(lambda: len(collected(road)) == 2)


@pytest.mark.usefixtures("unported")
@pytest.mark.parametrize("fault", ["fetched", "stored"])
def test_no_file_passes_one_that_we_are_at_fault_over_where_order_is_kept(opened, fault, monkeypatch):
    world, road = opened(orders=[], change=keeping(FROM))
    odd = "STOCK001.csv"
    broken = lambda name, *_: name == odd and refuse(ZeroDivisionError())()  # noqa: E731
    if fault == "fetched":
        _, well = ill(road, LOCAL, ("fetch",), lambda seen: broken(seen.name))
    else:
        add = Interchanges.add_in_spooled
        monkeypatch.setattr(Interchanges, "add_in_spooled", lambda self, *a, **k: (broken(a[1]), add(self, *a, **k))[1])
        well = monkeypatch.undo
    lay_stock(world, 4)
    road.until(lambda: road.held("our fault"))
    road.go(10)
    assert collected(road) == ["STOCK000.csv"]
    well()
    (row,) = [work.id for work in works(road, "collect") if odd in work.subject]
    assert road.ask("release", str(row))[0]
    road.until(lambda: len(collected(road)) == 4)
    assert collected(road)[1] == odd


def test_orders_and_stock_of_one_world_do_not_wait_for_each_other(opened):
    world, road = opened(orders=orders_of((LOCAL,), 2), change=keeping(TO, FROM))
    first_fails(road)
    world.place(LOCAL, "out/stock", "STOCK1.csv", stock(4))
    road.until(lambda: not world.visible(LOCAL, "out/stock") and not works(road, "read"))
