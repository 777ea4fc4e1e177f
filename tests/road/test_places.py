"""Folders of the warehouse: names that are taken, folders that are swapped, and what `acknowledge` counts as a sign."""

import re
from dataclasses import replace

import pytest

from tests.road.conftest import LOCAL
from tests.road.road import ask_all
from tests.world import CSV, FIXED, orders_of
from translator.core.finding import Unavailable

ACK = "submitAcknowledgement"


def acknowledged(world):
    return world.amazon.state()["effects"].get(ACK, {})


def test_a_foreign_file_of_the_same_name_is_never_overwritten_and_the_order_waits_for_a_person(opened):
    orders = orders_of((LOCAL,), 2)
    order = orders[0]
    world, road = opened(orders=orders)
    name = f"ORD-{order['purchaseOrderNumber']}.csv"
    foreign = world.place(LOCAL, "in/orders", name, b"not ours")
    road.until(lambda: road.held("another file with other bytes"))
    road.until(lambda: len(world.visible(LOCAL)) == 2)
    road.go(10)
    assert foreign.read_bytes() == b"not ours"
    foreign.unlink()
    assert road.ask("release", order["purchaseOrderNumber"])[0]
    road.until(foreign.exists)
    assert order["purchaseOrderNumber"].encode() in foreign.read_bytes()


def test_an_order_whose_name_is_taken_can_be_given_up_since_nothing_of_it_has_left(opened):
    (order,) = orders = orders_of((LOCAL,), 1)
    world, road = opened(orders=orders)
    number = order["purchaseOrderNumber"]
    foreign = world.place(LOCAL, "in/orders", f"ORD-{number}.csv", b"not ours")
    road.until(lambda: road.held("another file with other bytes"))
    assert road.ask("reject", road.row_of("another file with other bytes"), "the warehouse has it by phone")[0]
    road.go(20)
    assert foreign.read_bytes() == b"not ours"
    assert road.stage(number) == "closed"
    assert road.rows() == [row for row in road.rows() if row[0] != "send"]


def test_the_very_same_bytes_under_the_name_are_ours(opened):
    (order,) = orders = orders_of((LOCAL,), 1)
    world, road = opened(orders=orders)
    road.points.at["folder.put.renamed.before"] = lambda: _publish(world)
    road.until(lambda: road.stage(order["purchaseOrderNumber"]) == "acknowledged")
    assert road.attempts("order") == ["sent"]
    assert [path.name for path in world.folder(LOCAL, "in/orders").glob(".ORD*")] == []


def _publish(world):
    """Somebody has renamed our temporary file already."""
    (path,) = world.folder(LOCAL, "in/orders").glob(".ORD*")
    path.rename(path.with_name(path.name[1:].partition(".csv.")[0] + ".csv"))


def test_acknowledge_when_known_needs_nothing_of_the_warehouse(opened):
    world, road = opened(change=lambda world: world.folder(LOCAL, "in/orders").rename(world.root / "gone"))
    road.until(lambda: acknowledged(world))
    assert road.attempts("order") == [] or "sent" not in road.attempts("order")


def test_acknowledge_when_delivered_waits_for_the_rename(opened):
    system = replace(LOCAL, when="delivered")
    world, road = opened((system,), change=lambda world: world.folder(system, "in/orders").rename(world.root / "gone"))
    road.go(20)
    assert acknowledged(world) == {}
    (world.root / "gone").rename(world.folder(system, "in/orders"))
    road.until(lambda: acknowledged(world), within=900)
    assert len(world.visible(system)) == 1


def test_acknowledge_when_taken_waits_until_the_file_is_gone(opened, taking):
    system = replace(LOCAL, when="taken")
    world, road = opened((system,))
    road.until(lambda: world.visible(system))
    road.go(60)
    assert acknowledged(world) == {}
    taking(world, system)
    road.until(lambda: acknowledged(world))


def test_a_file_that_is_absent_from_another_folder_is_not_taken(opened):
    system = replace(LOCAL, when="taken")
    world, road = opened((system,))
    folder = world.folder(system, "in/orders")
    road.until(lambda: world.visible(system))
    folder.rename(world.root / "unmounted")
    folder.mkdir()
    road.go(120)
    assert acknowledged(world) == {}
    assert any("is another folder" in reason for reason in road.reasons("settle"))
    folder.rmdir()
    (world.root / "unmounted").rename(folder)
    road.go(20)
    assert acknowledged(world) == {}  # it still lies there
    for name in world.visible(system):
        (folder / name).unlink()
    road.until(lambda: acknowledged(world))


def test_what_one_holder_staged_and_the_next_one_renamed_is_seen_to_be_taken(opened, taking):
    system = replace(CSV, ways=None)  # SFTP: a folder there proves itself by our mark alone
    world, road = opened((system,))
    road.points.at["sftp.put.renamed.before"] = _once(Unavailable("the line went dead"))
    road.until(lambda: any("the line went dead" in reason for reason in road.reasons("send")))
    road.restart()
    road.until(lambda: world.visible(system), within=900)
    taking(world, system)
    road.until(lambda: acknowledged(world))
    assert [path.name for path in world.folder(system, "in/orders").glob(".ORD*")] == []


@pytest.mark.parametrize("before", [0, 1], ids=["the very first", "after one"])
@pytest.mark.parametrize("system", [LOCAL, CSV], ids=["local", "sftp"])
def test_what_was_staged_in_a_share_that_is_away_after_a_restart_is_not_told_as_sent(opened, system, before):
    world, road = opened((replace(system, ways=None, when="known"),), before)
    folder, away = world.folder(system, "in/orders"), world.root / "unmounted"
    road.until(lambda: len(world.visible(system)) == before)
    road.points.at[f"{'sftp' if system.sftp else 'folder'}.put.renamed.before"] = _once(Unavailable("gone dark"))
    world.amazon.add_orders([order | {"purchaseOrderNumber": "NEXT1"} for order in orders_of((system,), 1)])
    road.until(lambda: any("gone dark" in reason for reason in road.reasons("send")))
    folder.rename(away)
    folder.mkdir()
    (folder / ".translator-before").touch()  # as of a time when nothing was mounted there
    road.restart()
    road.until(lambda: any("mount the right folder" in reason for reason in road.reasons("send")), within=900)
    assert [path.name for path in folder.iterdir()] == [".translator-before"]
    (folder / ".translator-before").unlink()
    folder.rmdir()
    away.rename(folder)
    road.until(lambda: "ORD-NEXT1.csv" in world.visible(system), within=1800)


def _once(error):
    errors = [error]

    def strike():
        if errors:
            raise errors.pop()

    return strike


def test_a_warehouse_silent_for_too_long_is_a_matter_for_a_person(opened):
    system = replace(LOCAL, when="taken")
    world, road = opened((system,))
    road.until(lambda: world.visible(system))
    road.clock.skip(20 * 3600 + 120)
    road.until(lambda: road.held("for too long"))
    assert acknowledged(world) == {}


@pytest.mark.parametrize("code, effect", [("OK", "00"), ("OUT", "03")])
def test_acknowledge_by_file_says_what_the_warehouse_said(opened, code, effect):
    system = replace(FIXED, ways=None)
    (order,) = orders = orders_of((system,), 1)
    world, road = opened((system,), orders)
    road.until(lambda: world.visible(system))
    road.go(20)
    assert acknowledged(world) == {}
    number = order["purchaseOrderNumber"]
    world.place(system, "out/acks", "ACK1.TXT", f"A{number:20}{code:4}{'W1':12}\r\n")
    road.until(lambda: acknowledged(world) == {number: 1})
    assert world.amazon.state()["orders"][number]["code"] == effect


def test_a_hundred_orders_take_far_fewer_commits_than_rows(opened):
    world, road = opened(orders=100)
    road.until(lambda: len(world.visible(LOCAL)) == 100)
    road.until(lambda: len(acknowledged(world)) == 100)
    query = "SELECT name, count(*), count(DISTINCT at) FROM event WHERE name LIKE 'order %' OR name LIKE 'ack%' GROUP BY name"
    with road.look() as book:  # all of one commit bears one time
        rows = {name: (events, commits) for name, events, commits in book._connection.exec_driver_sql(query)}
    assert [rows[name][0] for name in ("order known", "order written", "order sent")] == [100, 100, 100]
    assert rows["order known"][1] <= 3
    assert rows["order written"][1] <= 33
    assert rows["order sent"][1] < 100  # whatever was carried meanwhile is recorded together


def test_after_a_restart_an_empty_folder_on_another_file_system_is_not_written_into(opened, taking):
    world, road = opened()
    road.until(lambda: world.visible(LOCAL))
    road.until(lambda: road.attempts("order") == ["sent"])
    with road.ledger.commit() as book:
        known = book.bookmarks.get(f"{LOCAL.called}/in/orders")
        elsewhere = re.sub(r" on \d+", " on 1", known)
        assert elsewhere != known
        book.bookmarks.put(f"{LOCAL.called}/in/orders", elsewhere)  # as if the share had been on another device
    for path in world.folder(LOCAL, "in/orders").iterdir():
        path.unlink()
    road.restart()
    world.amazon.add_orders([order | {"purchaseOrderNumber": "NEXT1"} for order in orders_of((LOCAL,), 1)])
    road.until(lambda: any("another file system" in reason for reason in road.reasons("send")))
    assert list(world.folder(LOCAL, "in/orders").iterdir()) == []
    (world.folder(LOCAL, "in/orders") / "here").touch()
    road.until(lambda: "ORD-NEXT1.csv" in world.visible(LOCAL), within=300)


@pytest.mark.parametrize("answer", ["arrived", "release"])
def test_whether_a_file_was_taken_in_the_middle_of_its_rename_is_asked_of_a_person_once(opened, answer):
    system = replace(CSV, ways=None, when="taken")
    world, road = opened((system,))
    folder = world.folder(system, "in/orders")
    road.points.at["sftp.put.renamed.before"] = _once(Unavailable("its process died", sort="torn"))
    road.until(lambda: road.held("was it taken?"), within=900)
    road.restart()
    road.go(20)
    assert world.visible(system) == []
    row = road.row_of("was it taken?")
    assert road.held(f"`translator {answer} {row}`")
    assert not ask_all(road, "retry")[0]  # it is no answer
    assert road.ask(answer, row)[0]
    if answer == "release":
        road.until(lambda: world.visible(system))
        road.go(20)
        assert acknowledged(world) == {}
        (folder / world.visible(system)[0]).unlink()
    road.until(lambda: acknowledged(world))
    assert road.attempts("order") == ["torn", answer.replace("release", "asked"), "sent"]
    assert [path.name for path in folder.glob(".ORD*")] == []
