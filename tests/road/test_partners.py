"""A partner that hangs, refuses or is away, and a file that is poison, cost the others nothing.

No seconds are measured: a row of the well partner that is due is taken by the next claim, whoever else is ill.
"""

from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from threading import Barrier, Event

import pytest

from tests.road.conftest import LOCAL
from tests.road.road import Road, ask_all
from tests.world import orders_of
from translator.core.door import LOGINS, LONGEST
from translator.core.finding import Unavailable
from translator.stations.patience import LIFE
from translator.stations.pump import WORKERS

WELL, HANGS, REFUSES = (
    replace(LOCAL, name=name, code=code) for name, code in (("well", "EWR1"), ("hangs", "RNO4"), ("refuses", "DFW6"))
)
ORDERS = WORKERS + 8  # of each: more than the workers of one partner
DAY = 86_400.0
ALL = ("put", "list", "look", "temporaries")


def folders(road, system):
    return [one for name, one in road.pump.house.endpoints.items() if name.startswith(f"{system.called}/")]


def ill(road, system, verbs, act):
    """Have the verbs of all folders of a partner do this first; give what makes them well again."""
    asked, real = [], []
    for endpoint in folders(road, system):
        for verb in verbs:
            name, like = ("putting", acting_in_turns) if verb == "put" else (verb, acting)
            real.append((endpoint, name, getattr(endpoint, name)))
            setattr(endpoint, name, like(real[-1][2], act, asked))

    def well():
        for endpoint, verb, method in real:
            setattr(endpoint, verb, method)

    return asked, well


def acting(method, act, asked):
    def first(*given):
        asked.append(given)
        act(*given)
        return method(*given)

    return first


def acting_in_turns(method, act, asked):
    def first(*given):
        asked.append(given)
        act(*given)
        return (yield from method(*given))

    return first


def refuse(error):
    def act(*_):
        raise error

    return act


@contextmanager
def passes(road, system):
    """Count, for each row of a partner, how many claims passed it over though it was due."""
    over, real = Counter(), road.pump._claimed

    def claimed(book):
        now = book.now
        due = {work.id for work in rows(book) if work.due <= now}
        errands = real(book)
        left = {work.id for work in rows(book) if work.due <= now}
        over.update(due & left)
        return errands

    def rows(book):
        found = [*book.work.find(state="incoming"), *book.work.find(state="deferred")]
        return [work for work in found if work.route.startswith(f"{system.called}/") and work.station != "collect"]

    road.pump._claimed = claimed
    yield over
    road.pump._claimed = real


def calm(world):
    """Ask Amazon and the folders rarely: hours pass here."""
    world.write_site(poll=7200, sweep=7200, every=60)


def pass_(road, seconds, step=20.0):
    """Let time pass in steps, with all that is due after each."""
    for _ in range(int(seconds / step)):
        road.clock.skip(step)
        while road.pump.turn() or road.pump._flying:
            road.pump._wait(0.01)


def three(opened):
    systems = (WELL, HANGS, REFUSES)
    return opened(systems, orders_of(systems, 3 * ORDERS))


def run_until_well(world, road):
    with passes(road, WELL) as over:
        for _ in range(100_000):
            if len(world.visible(WELL)) == ORDERS:
                return max(over.values(), default=0)
            if not road.pump.turn():
                road.pump._wait(0.01)
                road.clock.skip(0.1)
    raise AssertionError(f"{len(world.visible(WELL))} of {ORDERS}")


def test_beside_one_that_hangs_and_one_that_refuses_a_due_row_of_the_well_one_waits_for_no_more_claims(opened, alone):
    world, road = three(opened)
    usual = run_until_well(world, road)
    world, road = three(opened)
    go = Event()
    hanging, _ = ill(road, HANGS, ALL, lambda *_: go.wait(300))
    refusing, _ = ill(road, REFUSES, ALL, refuse(Unavailable("refused")))
    try:
        waited = run_until_well(world, road)
        assert len(hanging) >= WORKERS  # all that it may have hang
        assert len(refusing) < 10
        assert waited <= usual + 1
    finally:
        go.set()


def test_a_poison_file_waits_alone_and_closes_nothing(opened):
    orders = orders_of((LOCAL,), 12)
    poison = f"ORD-{orders[0]['purchaseOrderNumber']}.csv"
    world, road = opened(orders=orders, change=calm)
    ill(road, LOCAL, ("put",), lambda outgoing, _: outgoing.name == poison and refuse(Unavailable("it chokes"))())
    with passes(road, LOCAL) as over:
        road.until(lambda: len(world.visible(LOCAL)) == 11)
        pass_(road, 3600, 90)
    assert max(over.values(), default=0) <= 12  # one at a time, while nobody knows whose fault it was
    with road.look() as book:
        assert book.lanes.door(f"{LOCAL.called}/place")[1].is_open
    (row,) = [row for row in road.rows() if row[0] == "send"]
    assert row[3:] == ("deferred", "it chokes")


def test_poison_files_that_a_server_refuses_while_it_speaks_to_us_close_nothing(opened):
    orders = orders_of((LOCAL,), 8)
    world, road = opened(orders=orders, change=calm)
    poison = [f"ORD-{order['purchaseOrderNumber']}.csv" for order in orders[:3]]

    def choke(outgoing, _):
        if outgoing.name in poison:
            raise Unavailable("no such name here")

    asked, _ = ill(road, LOCAL, ("put",), choke)
    closed = set()
    for _ in range(120):
        pass_(road, 20, 20)
        with road.look() as book:
            closed |= {lane.name for lane in book.lanes.troubled() if lane.stands.closed > book.now}
    assert len(world.visible(LOCAL)) == 5
    assert len(asked) >= 5 + 3 * 4
    assert closed == set()


def test_a_connection_that_breaks_for_all_that_use_it_closes_nothing(opened, alone):
    orders = orders_of((LOCAL,), 4)
    world, road = opened(orders=orders[:3], change=lambda world: world.write_site(poll=5))
    flying = Barrier(3)

    def break_(*_):
        if not flying.broken:
            flying.wait(300)
            raise Unavailable("the connection broke", sort="away")

    asked, _ = ill(road, LOCAL, ("put",), break_)
    road.until(lambda: road.reasons("send").count("the connection broke") == 3)
    flying.abort()
    world.amazon.add_orders(orders[3:])
    road.until(lambda: world.visible(LOCAL), within=15)
    assert len(asked) == 4


def test_its_back_off_grows_to_half_an_hour(opened):
    _, road = opened(change=calm)
    asked, _ = ill(road, LOCAL, ("put",), refuse(Unavailable("it chokes")))
    times = []
    while len(times) < 7:
        pass_(road, 5, 5)
        times += [road.clock.monotonic()] * (len(asked) - len(times))
    pauses = [after - before for before, after in pairwise(times)]
    for number, pause in enumerate(pauses):
        usual = min(1800.0, 30.0 * 2**number)
        assert usual * 0.75 - 5 <= pause <= usual * 1.25 + 5


def test_when_a_partner_is_back_all_goes_on_within_a_minute_however_long_he_was_away(opened):
    world, road = opened(orders=20, change=calm)
    _, well = ill(road, LOCAL, ALL, refuse(Unavailable("away")))
    pass_(road, 2 * 3600, 60)
    assert world.visible(LOCAL) == []
    with road.ledger.commit() as book:  # as after many tries
        later = "UPDATE work SET due = due + 1800 WHERE station = 'send' AND state = 'deferred'"
        assert book._connection.exec_driver_sql(later).rowcount
    well()
    road.until(lambda: len(world.visible(LOCAL)) == 20, within=LONGEST + 10)
    with road.look() as book:
        assert book.lanes.troubled() == []


def test_while_he_is_away_one_row_a_minute_knocks(opened):
    _, road = opened(orders=20, change=calm)
    asked, _ = ill(road, LOCAL, ALL, refuse(Unavailable("away")))
    road.until(lambda: asked)
    pass_(road, 300)
    before = len(asked)
    pass_(road, 1800, 10)
    assert 20 <= len(asked) - before <= 40


# --- logins ---------------------------------------------------------------------------------------------------------


def refused_login(opened):
    world, road = opened(orders=20, change=calm)
    login = refuse(Unavailable("the login is refused", sort="login"))
    asked, well = ill(road, LOCAL, ALL, login)
    pass_(road, 1800)
    return world, road, asked, well


def test_a_refused_login_is_tried_three_times_and_then_a_person_is_asked(opened):
    _, road, asked, _ = refused_login(opened)
    assert LOGINS <= len(asked) <= LOGINS + 3  # the folders knock together at first: that is one login
    with road.look() as book:
        assert book.lanes.door(f"{LOCAL.called}/place")[1].logins == LOGINS
        assert [event.name for event in book.events.of(f"lane {LOCAL.called}/place")] == ["login refused"]


def test_a_login_that_amazon_refuses_is_tried_three_times_and_told_once_though_each_operation_has_a_door(opened):
    world, road = opened(road=False)
    refresh = world.site / "credentials" / "lwa-refresh"
    right = refresh.read_text()
    refresh.write_text("Atzr|revoked")
    road = Road(world)
    try:
        pass_(road, 2 * 3600, 60)
        with road.look() as book:
            assert [lane.name for lane in book.lanes.troubled() if lane.stands.is_stopped]
            assert [event.name for event in book.events.since(0)].count("login refused") == 1
        asked = logins(world)
        assert LOGINS <= asked <= LOGINS + 1
        pass_(road, 3 * 3600, 600)
        assert logins(world) == asked
        refresh.write_text(right)
        assert road.ask("retry", "us")[0]
        road.until(lambda: world.visible(LOCAL))
    finally:
        road.close()


def logins(world):
    return sum(asked["path"] == "/auth/o2/token" for asked in world.amazon.state()["requests"])


@pytest.mark.usefixtures("unported")
@pytest.mark.parametrize("first", ["fetch", "dispose"])
def test_a_login_refused_in_the_midst_of_a_turn_is_not_tried_for_each_of_its_files(opened, first):
    world, road = opened(orders=[], change=calm)
    refused, since = [], []

    def changed(verb, method):
        def call(*given):
            since.extend([verb] * (verb == first and not since))
            if since:
                refused.append(verb)
                raise Unavailable("the login is refused", sort="login")
            return method(*given)

        return call

    for endpoint in folders(road, LOCAL):
        for verb in (*ALL, "fetch", "dispose"):
            setattr(endpoint, verb, changed(verb, getattr(endpoint, verb)))
    for number in range(20):
        world.place(LOCAL, "out/stock", f"STOCK{number:02}.csv", b"WAREHOUSE,SKU,ASIN,QTY\n")
    pass_(road, 1800)
    assert refused[0] == first
    assert len(refused) <= LOGINS + 3
    with road.look() as book:
        assert book.lanes.door(f"{LOCAL.called}/place")[1].is_stopped


def test_who_stopped_is_tried_once_more_when_a_person_says_so_and_goes_on_if_that_is_well(opened):
    world, road, asked, well = refused_login(opened)
    before = len(asked)
    assert road.ask("retry", LOCAL.called) == (True, f"{LOCAL.called} is tried again now")
    pass_(road, 1800)
    assert len(asked) == before + 1
    well()
    assert road.ask("retry", LOCAL.called)[0]
    road.until(lambda: len(world.visible(LOCAL)) == 20, within=30)
    assert road.ask("retry", LOCAL.called) == (False, f"{LOCAL.called} is not kept waiting: nothing is closed there")


@pytest.mark.parametrize("how", ["reload", "restart"])
def test_who_stopped_is_tried_once_more_after_an_edit_or_a_new_start(opened, how):
    world, road, _, _ = refused_login(opened)
    getattr(road, how)()
    again, _ = ill(road, LOCAL, ALL, refuse(Unavailable("the login is refused", sort="login")))
    pass_(road, 1800)
    assert len(again) == 1
    getattr(road, how)()  # the secret is mended
    road.until(lambda: len(world.visible(LOCAL)) == 20, within=30)


# --- a life ---------------------------------------------------------------------------------------------------------


def test_after_five_days_a_person_is_asked_and_the_clocks_of_the_order_run_on(opened):
    (order,) = orders = orders_of((LOCAL,), 1)
    number = order["purchaseOrderNumber"]
    world, road = opened(orders=orders, change=calm)
    _, well = ill(road, LOCAL, ("put",), refuse(Unavailable("the disk is full")))
    road.until(lambda: any("full" in reason for reason in road.reasons("send")))
    pass_(road, LIFE - 7200, DAY / 4)
    assert not road.held("tried for")
    pass_(road, 3 * 7200, 3600)
    assert road.held("tried for 5 days: the disk is full")
    assert "order held" in road.events(number)
    assert road.ends("order", number) == ["None"]
    well()
    pass_(road, 3600, 600)
    assert world.visible(LOCAL) == []  # a person decides
    assert road.ask("retry", number)[0]
    road.until(lambda: world.visible(LOCAL))


def test_what_never_got_through_a_closed_door_is_held_after_five_days_as_well(opened):
    orders = orders_of((LOCAL,), 3)
    world, road = opened(orders=orders, change=calm)
    _, well = ill(road, LOCAL, ALL, refuse(Unavailable("the login is refused", sort="login")))
    pass_(road, 3600, 600)
    waiting = [row for row in road.rows() if row[0] == "send"]
    assert len(waiting) == 3
    pass_(road, LIFE - 7200, DAY / 4)
    assert not road.held("tried for")
    pass_(road, 3 * 7200, 3600)
    assert [row[3] for row in road.rows() if row[0] == "send"] == ["held"] * 3
    assert all("order held" in road.events(order["purchaseOrderNumber"]) for order in orders)
    well()
    assert road.ask("retry", LOCAL.called)[0]
    assert ask_all(road, "release")[0]
    road.until(lambda: len(world.visible(LOCAL)) == 3)


def test_a_life_begins_anew_when_a_person_has_it_tried_again(opened):
    _, road = opened(change=calm)
    ill(road, LOCAL, ("put",), refuse(Unavailable("the disk is full")))
    road.until(lambda: any("full" in reason for reason in road.reasons("send")))
    pass_(road, LIFE + 7200, 7200)
    row = road.row_of("tried for 5 days")
    assert road.ask("retry", row)[0]
    pass_(road, 7200, 3600)
    assert not road.held("tried for 5 days")
