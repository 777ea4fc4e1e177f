"""What is personal is sealed until its time is over, and then gone; what is nobody's stays."""

import json
from contextlib import closing, contextmanager
from dataclasses import replace

import pytest

from tests import canaries
from tests.canaries import MARK, marked, seen_below, seen_in
from tests.road.conftest import LOCAL
from tests.road.road import ONCE_MORE, Dice, ship_csv, shipment
from tests.world import orders_of
from translator.cli.behind.order import life_in
from translator.core.finding import Unavailable
from translator.core.work import End
from translator.ledger import Ledger
from translator.ledger.keystore import keys_path
from translator.ledger.sqlite import driver
from translator.ledger.trouble import Forgotten, KeyGone
from translator.service import forgetting
from translator.stations.forgetting import SPRING

DAY = 24 * 3600
IN_WAL = pytest.mark.skipif(
    ONCE_MORE, reason="a rollback journal: who reads keeps out who destroys, and nothing is left lying"
)
BOTH = pytest.mark.parametrize("kept", ["file", "server"])


def forget(road, **how):
    return forgetting.forget(road.ledger, road.pump.house.site, **how)


def orders(count):
    return [marked(order) for order in orders_of((LOCAL,), count)]


def numbers(given):
    return [order["purchaseOrderNumber"] for order in given]


def shipped(opened, taking, count=1):
    given = orders(count)
    world, road = opened(orders=given)
    road.until(lambda: len(world.visible(LOCAL)) == count)
    taking(world)
    world.place(LOCAL, "out/ship", "SHIP.csv", ship_csv(road.clock, *[shipment(order) for order in given]))
    road.until(lambda: all(road.ends("shipment_confirmation", one) == ["accepted"] for one in numbers(given)))
    return world, road, given


def on_server(road):
    """Give all rows of a ledger on a server."""
    tables = (
        *("document", "chunk", "body", "kept", "event", "work", "interchange", "attempt", "wrapped", "bookmark"),
        *("move", "audit"),
    )
    with road.look() as book:
        return b"".join(str(book._connection.exec_driver_sql(f"SELECT * FROM {one}").all()).encode() for one in tables)


def seen(world, road):
    """Tell where a mark is seen, but for the warehouse's folders."""
    return [*seen_below(world.site), *(seen_in(on_server(road)) if world.server else [])]


def test_the_search_knows_a_mark_in_its_disguises():
    import base64
    import zlib

    word = f"x{MARK}y"
    for data in (
        word.encode(),
        word.encode("utf-16"),
        *[base64.b64encode(b"." * at + word.encode()) for at in range(4)],
        b"--" + zlib.compress(word.encode() * 9, 1) + b"--",
    ):
        assert seen_in(data)
    assert seen_in(b"nothing") == []


@pytest.mark.sweep
@BOTH
def test_a_mark_in_each_personal_field_is_seen_in_the_warehouses_folder_alone_and_then_nowhere(opened, taking):
    world, road, _ = shipped(opened, taking, 50)
    assert seen(world, road) == []
    assert any(MARK.encode() in data for data in taking(world).values())
    road.clock.skip(21 * DAY)
    told = forget(road, trusted=True)
    assert (told.orders, told.refused) == (50, "")
    assert told.keys > 50
    assert seen(world, road) == []
    with road.look() as book:
        assert book.personal.held(0, 10) == []
        assert book.personal.waiting(10) == []
    assert forget(road).orders == 0


@BOTH
def test_what_a_person_wrote_as_a_reason_goes_with_the_order_or_when_its_own_time_is_over(opened, taking):
    given = orders(3)
    given[2]["orderDetails"]["shipmentDetails"]["shipMethod"] = "MULE_TRAIN"
    world, road = opened((replace(LOCAL, when="taken"),), given)
    refused, other, _ = numbers(given)
    road.until(lambda: len(world.visible(LOCAL)) == 2 and road.held("cannot write it"))
    name = world.visible(LOCAL)[0]
    road.until(lambda: road.ask("hold", other, f"{MARK} called")[0])  # not while a row of it is worked on
    assert road.held(MARK)
    road.until(lambda: road.ask("release", other, f"{MARK} called again")[0])
    assert road.ask("reject", road.row_of("cannot write it"), f"{MARK} wrote")[0]
    assert road.ask_with("refuse", target=refused, code="03", reason=f"{MARK} is dead")[0]
    assert MARK not in str(road.rows())
    with road.look() as book:
        told = life_in(road.pump.house.site, book, "us", refused)["timeline"]
    assert f"reason: {MARK} is dead" in [one["detail"] for one in told]
    taking(world)
    road.until(lambda: road.stage(refused) == "refused" and road.ends("order", other) == ["accepted"])
    road.clock.skip(10 * DAY)
    with road.ledger.commit() as book:  # what was still waiting is given up
        book.events.note(f"us {refused}", "cancellation closed", {"move": 7})
        book.events.note("move 7", "given up", {"by": "tester", "reason": f"{MARK} moved away"})
    assert road.ask("resend", name, f"{MARK} lost it")[0]
    road.until(lambda: world.visible(LOCAL))
    road.clock.skip(12 * DAY)
    forget(road, trusted=True)
    assert [why(road, verb) for verb in ("hold", "reject", "refuse", "given up")] == ["(forgotten)"] * 4
    assert why(road, "resend") == f"{MARK} lost it"  # of a file: its own time counts
    road.clock.skip(30 * DAY)
    forget(road, trusted=True)
    assert seen(world, road) == []
    with road.look() as book:
        assert book.audit.verify().flaw == ""


def why(road, name):
    """Give the reason in the event of this name."""
    with road.look() as book:
        return next(one.detail.get("reason", "") for one in book.events.since(0, 10_000) if one.name == name)


def test_what_a_warehouse_wrote_into_a_wrong_column_goes_from_what_was_said_of_it_too(opened, taking):
    """A name where an amount should stand is quoted to who has to mend it, for as long as the order is kept."""
    (order,) = given = orders(1)
    world, road = opened(orders=given)
    road.until(lambda: world.visible(LOCAL))
    taking(world)
    world.place(LOCAL, "out/ship", "SHIP.csv", ship_csv(road.clock, shipment(order, quantity=MARK)))
    road.until(lambda: world.visible(LOCAL, "in/answers"))
    taking(world)
    (number,) = numbers(given)
    assert MARK in str(life_of(road, number))
    road.clock.skip(45 * DAY)
    assert forget(road, trusted=True).orders
    assert seen(world, road) == []
    assert "number-syntax" in str(life_of(road, number))


def life_of(road, number):
    with road.look() as book:
        return life_in(road.pump.house.site, book, "us", number)


def test_what_is_left_of_an_order_tells_its_life_numbers_and_lines(opened, taking):
    _, road, (order,) = shipped(opened, taking)
    (number,) = numbers([order])
    before = road.events(number)
    road.clock.skip(21 * DAY)
    forget(road, trusted=True)
    with road.look() as book:
        stored = book.documents.newest("order", "us", number)
        file = book.interchanges.by_id(book.personal.files([stored])).popitem()[1]
        with pytest.raises(Forgotten):
            book.bodies.read(file.body)
        assert (
            book.documents.find_order("us", "customerOrderNumber", order["orderDetails"]["customerOrderNumber"]) is None
        )
    assert stored.forgotten
    details = stored.tree["orderDetails"]
    assert details["shipToParty"]["name"] == "forgotten"
    assert details["items"][0]["orderedQuantity"] == order["orderDetails"]["items"][0]["orderedQuantity"]
    assert road.events(number) == [*before, "order forgotten"]
    assert road.stage(number) == "confirmed"
    assert road.ask("resend", file.name) == (False, f"{file.name}: its bytes were forgotten, since their time was over")


def never_shipped(opened, taking):
    """Give an order that was taken and never shipped, and is forgotten; and as Amazon has it."""
    given = orders(1)
    world, road = opened(orders=given)
    road.until(lambda: world.visible(LOCAL))
    taking(world)
    (number,) = numbers(given)
    road.until(lambda: road.ends("order", number) == ["accepted"])
    road.clock.skip(60 * DAY)
    assert forget(road, trusted=True).orders == 1
    return world, road, number, given


def left_of(road, number):
    with road.look() as book:
        stored = book.documents.newest("order", "us", number)
        assert book.documents.find_order("us", "customerOrderNumber", "forgotten") is None
        return stored.seal, stored.tree["orderDetails"]


def test_an_order_that_was_forgotten_is_not_asked_for_again(opened, taking):
    world, road, number, _ = never_shipped(opened, taking)
    road.go(60)
    assert left_of(road, number)[1]["shipToParty"]["name"] == "forgotten"
    with road.look() as book:
        assert book.work.find(station="collect", subject=f"order:{number}") == []
    assert seen(world, road) == []


@pytest.mark.parametrize("status", ["NEW", "CANCELLED"])
def test_an_order_that_is_read_again_brings_the_person_not_back(opened, taking, status):
    _, road, number, (order,) = never_shipped(opened, taking)
    order["orderDetails"]["orderStatus"] = status
    told = json.dumps({"payload": {"orders": [order]}}).encode()
    assert MARK.encode() in told
    for mark in ("again", "and again"):
        with road.ledger.commit() as book:
            file = book.interchanges.add_in("us/order", "page.json", mark, told, brief=True)
            book.work.add("read", "us/order", str(file.id))
        road.go(10)
    seal, details = left_of(road, number)
    assert (seal, details["shipToParty"]["name"]) == (0, "forgotten")
    assert ("order cancelled" in road.events(number)) == (status == "CANCELLED")
    with road.look() as book:
        assert MARK not in str([one.tree for one in book.documents.about("us", number)])


def late_label(road, number):
    """Have something about an order come, as a label does."""
    with road.ledger.commit() as book:
        tree = {"purchaseOrderNumber": number, "labelData": [{"trackingNumber": f"{MARK}-late", "content": MARK}]}
        return book.documents.add("shipping_label", "us", number, tree, about=number).id


def end_of(road, document):
    with road.look() as book:
        return book.documents.get(document).end


@pytest.mark.parametrize("waited", [0, 1])
def test_what_comes_later_about_a_forgotten_order_goes_once_it_ended_or_after_a_day(opened, taking, waited):
    world, road, number, _ = never_shipped(opened, taking)
    label = late_label(road, number)
    assert forget(road, trusted=True).orders == 0
    assert end_of(road, label) is None
    if waited:
        road.clock.skip(waited * DAY)
    else:
        with road.ledger.commit() as book:
            book.documents.end(label, End.ACCEPTED)
    told = forget(road, trusted=True)
    assert (told.orders, told.keys > 0) == (1, True)
    assert end_of(road, label) == (End.CLOSED if waited else End.ACCEPTED)
    with road.look() as book:
        stored = book.documents.get(label)
        assert (stored.seal, MARK in str(stored.tree)) == (0, False)
        assert book.personal.late() == []
    assert seen(world, road) == []


def test_what_comes_later_about_an_order_that_is_kept_stays_with_it(opened, taking):
    _, road, (order,) = shipped(opened, taking)
    (number,) = numbers([order])
    late_label(road, number)
    road.clock.skip(19 * DAY)
    assert forget(road, trusted=True).orders == 0


def test_what_shipped_lately_is_kept(opened, taking):
    _, road, (order,) = shipped(opened, taking)
    road.clock.skip(19 * DAY)
    assert forget(road, trusted=True).orders == 0
    with road.look() as book:
        tree = book.documents.newest("order", "us", numbers([order])[0]).tree
    assert tree["orderDetails"]["shipToParty"]["name"].startswith(canaries.MARK)


def test_an_order_that_never_moved_ends_two_weeks_and_its_time_after_it_had_to_leave(opened):
    given = orders(1)
    world, road = opened(orders=given)
    road.until(lambda: world.visible(LOCAL))
    road.clock.skip(25 * DAY)
    assert forget(road, trusted=True).orders == 0
    road.clock.skip(20 * DAY)
    assert forget(road, trusted=True).orders == 1
    assert world.visible(LOCAL) == []  # what nobody took is ours to take away
    road.go(60)
    assert [row for row in road.rows() if row[0] in ("send", "settle", "write")] == []


def test_a_done_file_that_nobody_took_goes_with_its_file(opened):
    world, road = opened((replace(LOCAL, done="{stem}.ok"),), orders(1))
    road.until(lambda: len(world.visible(LOCAL)) == 2)
    road.clock.skip(60 * DAY)
    assert forget(road, trusted=True).orders == 1
    assert world.visible(LOCAL) == []


def test_what_lies_under_our_name_and_is_not_ours_stays(opened):
    world, road = opened(orders=orders(1))
    road.until(lambda: world.visible(LOCAL))
    (name,) = world.visible(LOCAL)
    path = world.folder(LOCAL, "in/orders") / name
    path.write_bytes(bytes(path.stat().st_size))
    road.clock.skip(45 * DAY)
    assert forget(road, trusted=True).orders == 1
    assert world.visible(LOCAL) == [name]


@pytest.mark.parametrize("kept", ["server"])
def test_a_key_that_another_service_destroyed_is_let_go_of_with_the_next_look(opened, taking):
    world, road, (order,) = shipped(opened, taking)
    with road.look() as book:
        seal = book.documents.newest("order", "us", order["purchaseOrderNumber"]).seal
    laid = road.ledger.keys.seal(seal, b"Jane", "here")
    road.clock.skip(21 * DAY)
    with Ledger.open(world.where, road.clock, Dice(7), master=world.master) as other:
        assert forgetting.forget(other, road.pump.house.site, trusted=True).orders == 1
    forget(road)
    with pytest.raises(KeyGone):
        road.ledger.keys.open(seal, laid, "here")


def test_a_clock_behind_the_ledger_forgets_nothing(opened, taking):
    _, road, _ = shipped(opened, taking)
    road.clock.skip(21 * DAY)
    road.go(5)
    with road.ledger.commit() as book:
        book.events.note("service", "something", {})
    road.clock.skip(-3600)
    told = forget(road)
    assert told.orders == 0
    assert "behind" in told.refused
    road.clock.skip(3600)


def test_a_clock_that_sprang_forgets_nothing_until_it_ran_on_evenly_for_a_day(opened, taking):
    _, road, _ = shipped(opened, taking)
    assert forget(road).refused == ""
    road.clock.skip(30 * DAY)
    assert "sprang" in forget(road).refused
    for _ in range(3):
        road.clock.skip(SPRING / 4)
        told = forget(road)
    assert (told.orders, told.refused) == (1, "")


def test_what_a_crash_left_between_rows_and_keys_is_destroyed_the_next_time(opened, taking):
    _, road, _ = shipped(opened, taking)
    road.clock.skip(21 * DAY)
    destroy, road.ledger.keys.destroy = road.ledger.keys.destroy, lambda _: 1 / 0
    with pytest.raises(ZeroDivisionError):
        forget(road, trusted=True)
    road.ledger.keys.destroy = destroy
    with road.look() as book:
        waiting = book.personal.waiting(1000)
    assert waiting
    assert forget(road).keys == len(waiting)
    assert all(road.ledger.keys._store.get(one) is None for one in waiting)


@contextmanager
def reading_keys(world):
    """Read the store of keys as somebody else does, and go on reading."""
    with closing(driver().connect(keys_path(world.ledger), isolation_level=None)) as connection:
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM wrapped").fetchone()
        yield


def wrapped_keys(road):
    """Give the wrapped keys of what is sealed."""
    with road.look() as book:
        return [road.ledger.keys._store.get(seal)[8:] for seal in book.personal.seals()]


def lying(world, keys):
    """Count the wrapped keys that lie anywhere in the files of the store."""
    data = b"".join(path.read_bytes() for path in world.site.glob("ledger.db.keys*"))
    return sum(key in data for key in keys)


def purges(road):
    """Give what the record says of purges."""
    with road.look() as book:
        return [dict(one.detail) for one in book.audit.latest(10) if one.act == "purge"]


@IN_WAL
def test_keys_are_not_told_as_destroyed_while_a_reader_keeps_them_in_the_journal(opened, taking):
    world, road, _ = shipped(opened, taking)
    keys = wrapped_keys(road)
    road.clock.skip(21 * DAY)
    with reading_keys(world):
        told = forget(road, trusted=True, patience=0)
        assert (told.orders, told.keys) == (1, 0)
        assert told.left >= len(keys)
        assert lying(world, keys) > 0
        assert forget(road, patience=0) == forgetting.Told(left=told.left)
    assert forget(road).keys == told.left
    assert lying(world, keys) == 0
    first, last = purges(road)
    assert (first["orders"], first["keys"], first["left"]) == (1, 0, told.left)
    assert (last["orders"], last["keys"], "left" in last) == (0, told.left, False)


@pytest.mark.skipif(not ONCE_MORE, reason="beside a WAL who reads keeps nobody out")
def test_over_a_rollback_journal_a_reader_keeps_keys_from_being_destroyed_until_it_has_gone(opened, taking):
    world, road, _ = shipped(opened, taking)
    keys = wrapped_keys(road)
    road.clock.skip(21 * DAY)
    with reading_keys(world), pytest.raises(Unavailable):
        forget(road, trusted=True, patience=0)
    assert lying(world, keys) > 0
    assert forget(road).keys >= len(keys)
    assert lying(world, keys) == 0


@IN_WAL
def test_keys_that_a_crash_left_in_the_journal_are_wiped_the_next_time(opened, taking):
    world, road, _ = shipped(opened, taking)
    keys = wrapped_keys(road)
    road.clock.skip(21 * DAY)
    wipe, road.ledger.keys.wipe = road.ledger.keys.wipe, lambda _: 1 / 0
    with pytest.raises(ZeroDivisionError):
        forget(road, trusted=True)
    road.ledger.keys.wipe = wipe
    assert lying(world, keys) > 0
    assert forget(road).keys >= len(keys)
    assert lying(world, keys) == 0


def test_archives_of_ours_go_when_their_time_is_over(opened, taking):
    world, road, _ = shipped(opened, taking)
    archive = world.folder(LOCAL, "out/ship/.archive")
    assert list(archive.iterdir())
    road.clock.skip(19 * DAY)
    forget(road, trusted=True)
    assert list(archive.iterdir())
    road.clock.skip(3 * DAY)
    forget(road, trusted=True)
    assert list(archive.iterdir()) == []
