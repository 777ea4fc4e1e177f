"""Turns: of a source over a slow link or a file that is at fault, of a batch that fills, of a loop that has no room."""

import socket
import threading
import time
from contextlib import suppress

import pytest

from tests.road.conftest import LOCAL
from tests.world import orders_of
from translator.core.finding import Finding, Misconfigured, Unavailable
from translator.core.work import Hold
from translator.ledger import master
from translator.service import life
from translator.service.notify import Supervisor
from translator.service.reload import Edits
from translator.service.signals import Asked
from translator.stations import fetching, pump, send
from translator.stations.inbox import Inbox
from translator.stations.pump import LISTEN, Pump

STOCK = f"{LOCAL.called}/out/stock"
HOUR = 3600
BATCH = """\
writes: order
batch: {{most: {most}}}
format: csv
header: true
file: "ORD-{{{{ counter('ord') }}}}.csv"
each: [order in batch, item in order.orderDetails.items]
fields:
  ORDER: order.purchaseOrderNumber
  LINE: item.itemSequenceNumber
"""


def stock(amount, sku="SKU1"):
    return f"WAREHOUSE,SKU,ASIN,QTY\nEWR1,{sku},B000000001,{amount}\n"


def lay_stock(world, count, first=0):
    for number in range(first, count):
        world.place(LOCAL, "out/stock", f"STOCK{number:03d}.csv", stock(number))


def turn_of(road, endpoint=STOCK):
    with road.look() as book:
        (work,) = book.work.find(station="collect", route=endpoint, subject="turn")
    return work


def collected(road, endpoint=STOCK):
    query = "SELECT name FROM interchange WHERE endpoint = ? ORDER BY id"
    with road.look() as book:
        return list(book._connection.exec_driver_sql(query, (endpoint,)).scalars())


# --- a source's turn


def test_what_waits_for_a_mapping_is_tried_again_when_the_service_starts(opened):
    (order,) = orders = orders_of((LOCAL,), 1)
    order["orderDetails"]["shipmentDetails"]["shipMethod"] = "NOPE"
    world, road = opened(orders=orders)
    road.until(lambda: road.held("NOPE") or road.held("cannot write it"))
    world.edit(f"mappings/{LOCAL.called}/tables/ship_methods.csv", lambda text: text.rstrip("\n") + "\nNOPE,XX,n\n")
    road.restart()
    road.until(lambda: world.visible(LOCAL))


def test_a_folder_that_is_woken_after_its_turn_has_looked_has_another_turn_at_once(opened):
    world, road = opened(orders=[], change=lambda world: world.write_site(poll=HOUR, sweep=HOUR, every=HOUR, quiet=0))
    road.until(lambda: turn_of(road).state == "incoming" and turn_of(road).due > road.pump.house.now() + HOUR / 2)
    folder, looked, on = road.pump.house.endpoints[STOCK], threading.Event(), threading.Event()
    list_ = folder.list

    def slowly(bookmark):
        found = list_(bookmark)
        looked.set()
        on.wait(60)
        return found

    folder.list = slowly
    road.pump.wake(STOCK)
    while not looked.wait(0.01):
        road.pump.turn()
    lay_stock(world, 1)
    road.pump.wake(STOCK)
    road.pump.turn()
    on.set()
    road.until(lambda: collected(road), within=HOUR / 2)


def test_the_very_same_file_may_be_laid_there_any_number_of_times(opened):
    world, road = opened(orders=[])
    path = world.place(LOCAL, "out/stock", "STOCK1.csv", stock(5))
    archived = lambda: [*path.parent.glob(".archive/**/STOCK1.csv*")]  # noqa: E731
    for times in range(1, 5):
        road.until(lambda: len(collected(road)) == times and archived())  # noqa: B023 (asked at once)
        (laid,) = archived()
        laid.rename(path)
    world.place(LOCAL, "out/stock", "STOCK2.csv", stock(6))
    road.until(lambda: "STOCK2.csv" in collected(road))
    assert not road.held("our fault")


@pytest.mark.usefixtures("unported")
def test_a_fault_of_ours_over_one_file_holds_this_file_alone_until_a_person_releases_it(opened):
    world, road = opened(orders=[])
    endpoint = road.pump.house.endpoints[STOCK]
    fetch, spoilt = endpoint.fetch, ["STOCK001.csv"]

    def faulty(seen):
        if seen.name in spoilt:
            raise ZeroDivisionError
        return fetch(seen)

    endpoint.fetch = faulty
    lay_stock(world, 3)
    road.until(lambda: len(collected(road)) == 2)
    road.until(lambda: road.held("our fault: ZeroDivisionError"))
    road.go(5)
    assert turn_of(road).state != "held"
    with road.look() as book:
        assert [event.name for event in book.events.of(f"{STOCK} STOCK001.csv")] == ["fault"]
    spoilt.clear()
    road.go(5)
    assert len(collected(road)) == 2
    assert road.ask("release", road.row_of("ZeroDivisionError"))[0]
    road.until(lambda: "STOCK001.csv" in collected(road))


@pytest.mark.usefixtures("unported")
def test_a_fault_of_ours_in_disposing_of_one_file_leaves_the_others_alone(opened):
    world, road = opened(orders=[])
    endpoint = road.pump.house.endpoints[STOCK]
    dispose = endpoint.dispose

    def faulty(seen):
        if seen.name == "STOCK001.csv":
            raise ZeroDivisionError
        dispose(seen)

    endpoint.dispose = faulty
    lay_stock(world, 3)
    road.until(lambda: world.visible(LOCAL, "out/stock") == ["STOCK001.csv"])
    road.until(lambda: road.held("our fault: ZeroDivisionError"))
    endpoint.dispose = dispose
    road.until(lambda: not world.visible(LOCAL, "out/stock"))
    assert len(collected(road)) == 3


def test_what_a_disk_could_not_keep_disposed_of_is_disposed_of_again_and_read_once(opened):
    world, road = opened(orders=[])

    def strike():
        raise Unavailable("the disk keeps nothing")

    road.points.at["folder.settled.before"] = strike
    lay_stock(world, 2)
    road.until(lambda: len(collected(road)) == 2 and not world.visible(LOCAL, "out/stock"))
    road.until(lambda: any("the disk keeps nothing" in reason for reason in road.reasons("collect")))
    assert undisposed(road) == ["STOCK000.csv", "STOCK001.csv"]
    del road.points.at["folder.settled.before"]
    road.until(lambda: undisposed(road) == [])
    assert len(collected(road)) == 2


def undisposed(road):
    with road.ledger.look() as book:
        return sorted(one.name for one in book.interchanges.undisposed(STOCK))


@pytest.mark.usefixtures("unported")
def test_a_slow_link_gets_through_its_turns(opened):
    world, road = opened(orders=[])
    endpoint = road.pump.house.endpoints[STOCK]
    fetch, fetched = endpoint.fetch, []

    def slow(seen):
        fetched.append(seen.name)
        road.clock.skip(send.LEASE / 6)
        return fetch(seen)

    endpoint.fetch = slow
    lay_stock(world, 12)
    road.until(lambda: len(collected(road)) == 12, within=3600)
    assert sorted(fetched) == sorted(collected(road))  # each once
    assert turn_of(road).holders == 0


def breaking(verb, over):
    """A link that breaks over some files; give what was asked as well."""
    asked = []

    def broken(seen):
        asked.append(seen.name)
        if over(asked):
            raise Unavailable("no answer in time", sort="away")
        return verb(seen)

    return broken, asked


@pytest.mark.usefixtures("unported")
def test_a_file_over_which_the_link_breaks_keeps_none_of_the_others(opened):
    world, road = opened(orders=[])
    endpoint = road.pump.house.endpoints[STOCK]
    endpoint.fetch, _ = breaking(endpoint.fetch, lambda asked: asked[-1] == "STOCK000.csv")
    lay_stock(world, 6)
    road.until(lambda: len(collected(road)) == 5)
    assert "STOCK000.csv" not in collected(road)


@pytest.mark.usefixtures("unported")
def test_a_link_that_is_broken_is_not_tried_for_each_file_and_what_came_before_is_kept(opened):
    world, road = opened(orders=[])
    endpoint = road.pump.house.endpoints[STOCK]
    endpoint.fetch, asked = breaking(endpoint.fetch, lambda asked: len(asked) > 3)
    lay_stock(world, 30)
    road.until(lambda: turn_of(road).state == "deferred")
    assert len(collected(road)) == 3
    assert len(asked) == 3 + 2 * fetching.BREAKS  # the rest of the turn, and the next one


@pytest.mark.usefixtures("unported")
def test_a_link_that_breaks_in_disposing_is_not_tried_for_each_file(opened):
    world, road = opened(orders=[])
    endpoint = road.pump.house.endpoints[STOCK]
    dispose = endpoint.dispose
    endpoint.dispose, asked = breaking(dispose, lambda asked: True)
    lay_stock(world, 30)
    road.until(lambda: len(collected(road)) == 30)
    road.until(lambda: any("still there: no answer in time" in reason for reason in road.reasons("collect")))
    assert len(asked) <= 4 * fetching.BREAKS
    endpoint.dispose = dispose
    road.until(lambda: not world.visible(LOCAL, "out/stock"))
    assert len(collected(road)) == 30


@pytest.mark.usefixtures("unported")
def test_a_turn_that_lasts_longer_than_a_lease_keeps_its_row(opened):
    world, road = opened(orders=[])
    endpoint = road.pump.house.endpoints[STOCK]
    fetch, going, go = endpoint.fetch, threading.Event(), threading.Event()
    times = []

    def slow(seen):
        times.append(seen.name)
        going.set()
        go.wait(300)
        return fetch(seen)

    endpoint.fetch = slow
    lay_stock(world, 1)
    road.until(going.is_set)
    for _ in range(8):
        road.clock.skip(send.LEASE / 4)
        road.pump.turn()
    assert (turn_of(road).state, turn_of(road).holders) == ("active", 0)
    go.set()
    road.until(lambda: collected(road))
    assert len(times) == 1


@pytest.mark.usefixtures("unported")
def test_a_turn_that_the_ledger_could_not_keep_lengthens_leases_and_sweeps_again_at_once(opened):
    world, road = opened(orders=[])
    endpoint = road.pump.house.endpoints[STOCK]
    fetch, going, go = endpoint.fetch, threading.Event(), threading.Event()

    def slow(seen):
        going.set()
        go.wait(300)
        return fetch(seen)

    def away():
        del road.points.at["commit.before"]
        raise Unavailable("the ledger is away")

    endpoint.fetch = slow
    lay_stock(world, 1)
    road.until(going.is_set)
    with road.ledger.commit() as book:
        book.work.add("write", "us/nowhere", "document:0", hold=Hold("person", "for a while", 60.0))
    until = turn_of(road).until
    road.clock.skip(send.LEASE / 2)
    road.points.at["commit.before"] = away
    assert not road.pump.turn()
    road.pump.turn()
    go.set()
    assert turn_of(road).until > until
    assert road.held("for a while: for too long")


def test_a_site_that_the_ledger_could_not_take_in_is_not_worked_by(opened):
    world, road = opened()
    before, commits = road.pump.house.site.hash, []

    def away():
        commits.append(0)
        if len(commits) == 2:  # the first one sets the limits
            raise Unavailable("the ledger is away")

    world.write_site(poll=5)
    road.points.at["commit.before"] = away
    with pytest.raises(Unavailable):
        road.reload()
    assert road.pump.house.site.hash == before
    road.reload()
    assert road.pump.house.site.hash != before


@pytest.mark.usefixtures("unported")
def test_who_stops_does_not_turn_round_and_round_for_what_is_due_meanwhile(opened):
    world, road = opened(orders=[])
    endpoint = road.pump.house.endpoints[STOCK]
    fetch, going, go, turn, turns = endpoint.fetch, threading.Event(), threading.Event(), road.pump.turn, []

    def slow(seen):
        going.set()
        go.wait(300)
        return fetch(seen)

    def counted():
        turns.append(0)
        return turn()

    endpoint.fetch, road.pump.turn = slow, counted
    lay_stock(world, 1)
    road.until(going.is_set)
    road.clock.skip(86_400)  # the other sources are due, and whoever stops claims nothing
    turns.clear()
    threading.Timer(0.5, go.set).start()
    road.pump.close()
    assert collected(road) == ["STOCK000.csv"]
    assert len(turns) <= 5


def test_who_stops_while_the_ledger_stays_away_lets_go_and_the_next_service_finds_what_flew(opened, monkeypatch):
    monkeypatch.setattr(pump, "LISTEN", 0.05)
    world, road = opened(orders=orders_of((LOCAL,), 3))

    def away():
        raise Unavailable("the ledger is away")

    def from_here():
        road.points.at["commit.before"] = away

    road.points.at["folder.put.settled.before"] = from_here
    road.until(lambda: "commit.before" in road.points.at)
    road.pump.close()
    assert world.visible(LOCAL) == []
    road.points.at.clear()
    road.moves.close()
    road.ledger.close()
    road._open()
    road.until(lambda: len(world.visible(LOCAL)) == 3)


def no_key():
    raise Misconfigured([Finding("master-key-open", "the master key can be read by others than its owner")])


@pytest.mark.parametrize(
    "broken, said", [(no_key, "read by others"), (master.new, "another one")], ids=["none", "other"]
)
def test_while_the_master_key_cannot_be_used_nothing_is_held_and_all_goes_on_with_the_right_one(
    opened, monkeypatch, broken, said
):
    monkeypatch.setattr(pump, "LISTEN", 0.01)
    world, road = opened(orders=orders_of((LOCAL,), 3))
    right, road.ledger.keys._master = road.ledger.keys._master, broken
    road.until(lambda: said in road.pump.away)
    for _ in range(5):
        road.step()
    assert [row for row in road.rows() if row[0] != "settle"] == []
    road.ledger.keys._master = right
    road.until(lambda: len(world.visible(LOCAL)) == 3)
    assert road.pump.away == ""


def test_what_never_comes_back_is_given_up(opened):
    world, road = opened(orders=[])
    endpoint = road.pump.house.endpoints[STOCK]
    real, going, go = endpoint.list, threading.Event(), threading.Event()

    def stuck(bookmark):
        if not going.is_set():
            going.set()
            go.wait(300)
        return real(bookmark)

    endpoint.list = stuck
    lay_stock(world, 1)
    road.until(going.is_set)
    for _ in range(20):
        road.clock.skip(send.LEASE)
        road.pump.turn()
    road.until(lambda: collected(road))
    go.set()


def steps_of(road, act):
    """Count what SQLite does for the writer."""
    raw = road.ledger.database.writer.connection.dbapi_connection
    count = [0]

    def one():
        count[0] += 1
        return 0

    raw.set_progress_handler(one, 100)
    act()
    raw.set_progress_handler(None, 0)
    return count[0]


@pytest.mark.usefixtures("unported")
def test_files_that_cannot_be_disposed_of_cost_each_turn_no_more_than_their_number(opened):
    world, road = opened(orders=[])
    endpoint = road.pump.house.endpoints[STOCK]
    tried = []

    def never(seen):
        tried.append(seen.name)
        raise Unavailable("no right to rename")

    endpoint.dispose = never
    prices = []
    for first, count in ((0, 40), (40, 400)):
        lay_stock(world, count, first)
        road.until(lambda: len(collected(road)) == count)  # noqa: B023 (asked at once)
        road.go(10)
        prices.append(steps_of(road, lambda: road.go(3)))
    assert prices[1] < 40 * prices[0], prices
    road.until(lambda: turn_of(road).state != "active")  # one under way may have tried already
    tried.clear()
    before = turn_of(road).since
    road.until(lambda: turn_of(road).since > before and turn_of(road).state != "active")
    assert 0 < len(tried) <= 2 * fetching.TURN


# --- a batch


def batching(most, wait):
    def change(world):
        world.write_site(wait=wait)
        world.edit(f"mappings/{LOCAL.called}/orders.yaml", lambda _: BATCH.format(most=most))

    return change


def orders_in(world):
    """Give how many orders each file has."""
    folder = world.folder(LOCAL, "in/orders")
    lines = [(folder / name).read_text().splitlines()[1:] for name in world.visible(LOCAL)]
    return sorted(len({line.split(",")[0] for line in rows}) for rows in lines)


def test_a_batch_is_not_torn_however_much_else_waits(opened):
    world, road = opened(orders=100, change=batching(150, 900))
    road.until(lambda: sum(row[0] == "write" and row[3] == "incoming" for row in road.rows()) == 100)
    road.until(lambda: len(road.rows()) == 100)  # all is acknowledged
    road.clock.skip(900)
    with road.ledger.commit() as book:
        for number in range(300):
            book.work.add("read", f"gone{number % 3}", str(number))
    road.until(lambda: orders_in(world) == [100])


def test_files_that_a_counter_names_are_written_in_one_turn_and_each_once(opened):
    world, road = opened(orders=12, change=batching(1, 0))
    reasons = set()

    def are_there():
        reasons.update(row[4] for row in road.rows())
        return len(world.visible(LOCAL)) == 12

    road.until(are_there)
    assert sorted(world.visible(LOCAL)) == sorted(f"ORD-{number}.csv" for number in range(1, 13))
    assert not any("took its numbers first" in reason for reason in reasons), reasons


def test_a_full_batch_goes_at_once_and_what_is_left_waits_for_the_next(opened):
    world, road = opened(orders=50, change=batching(20, 900))
    road.until(lambda: len(orders_in(world)) >= 2, within=60)
    road.go(20)
    assert orders_in(world) == [20, 20]
    road.clock.skip(900)
    road.until(lambda: orders_in(world) == [10, 20, 20])


# --- the loop


def test_a_loop_without_room_waits_for_what_is_carried(opened):
    _, road = opened()
    road.close()
    _narrow(road)
    go = threading.Event()
    for endpoint in road.pump.house.endpoints.values():
        endpoint.list = _gated(endpoint.list, go)
    turns, real = [], road.pump.turn
    road.pump.turn = lambda: turns.append(1) or real()
    with road.ledger.commit() as book:  # due, and no room for it
        for number in range(20):
            book.work.add("collect", STOCK, f"file {number}", lane="")
    end = time.monotonic() + 1.5
    threading.Timer(1.6, go.set).start()
    road.pump.run(lambda: time.monotonic() > end, lambda: None)
    assert len(turns) < 100


class Hurried(Inbox):
    """Notes how long the loop would wait, and waits little."""

    def __init__(self):
        super().__init__()
        self.asked = []

    def wait(self, seconds):
        self.asked.append(seconds)
        super().wait(min(seconds, 0.01))


def test_a_loop_that_has_nothing_to_do_for_long_looks_again_soon_all_the_same(opened):
    """Of what another service dies over nothing tells it."""
    rare = {"poll": 900, "sweep": 900, "settle": 900, "every": 900, "quiet": 1, "wait": 900}
    _, road = opened(orders=[], change=lambda world: world.write_site(**rare))
    inbox = road.pump._inbox = Hurried()
    road.pump.run(lambda: not road.pump._flying and len(inbox.asked) > 20, lambda: None)
    assert road.pump._due() > LISTEN
    assert max(inbox.asked) == LISTEN


def _narrow(road):
    """Open the road again with one worker."""
    narrow, made = Pump.__init__, []

    def init(self, house, ledger, asked):
        narrow(self, house, ledger, asked, workers=1)
        made.append(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Pump, "__init__", init)
        road._open()


def _gated(real, go):
    def gated(bookmark):
        go.wait(300)
        return real(bookmark)

    return gated


def test_many_file_events_are_one_wake():
    inbox = Inbox()
    for _ in range(1000):
        inbox.wake("acme/out/ship")
        inbox.wake("acme/out/stock")
    assert sorted(item.endpoint for item in inbox.hear()) == ["acme/out/ship", "acme/out/stock"]
    inbox.wake("acme/out/ship")
    assert [item.endpoint for item in inbox.hear()] == ["acme/out/ship"]


def test_a_long_file_is_read_and_recorded_without_being_taken_for_stuck(opened, tmp_path):
    """systemd ends a service that says nothing for two minutes; a file of millions of records takes longer."""
    (order,) = orders_of((LOCAL,), 1)
    world, road = opened(orders=[order])
    road.until(lambda: road.ends("acknowledgement", order["purchaseOrderNumber"]) == ["accepted"])
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as link:
        link.bind(str(tmp_path / "notify"))
        link.setblocking(False)
        supervisor = Supervisor(str(tmp_path / "notify"), 1e-9)
        alive = life.Life(world.site, road.ledger, road.pump, Asked(), supervisor, Edits(world.site))
        alive._begin()
        heard = [link.recv(999)]
        rows = "".join(f"EWR1,S{number:04},,{number}\r\n" for number in range(3_100))
        world.place(LOCAL, "out/stock", "STOCK1.csv", "WAREHOUSE,SKU,ASIN,QTY\r\n" + rows)
        road.until(lambda: "inventory_update known" in road.events("EWR1"))
        with suppress(BlockingIOError):
            while True:
                heard.append(link.recv(999))
    assert heard.count(b"WATCHDOG=1") >= 5  # a piece of the file, four parts of the inventory
    assert heard[0].startswith(b"READY=1")
