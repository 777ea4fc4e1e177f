"""A file of ours that is more than a group, or an order that is more than a transaction, is settled by what is said of each."""

import pytest

from tests.formats.interchanges import x12
from tests.road.test_acks import EDI, answering, errors_of, fa, named_so, refused, say, taken
from tests.road.test_segments import made
from translator.stations import acks

GROUPED = {
    "  GS:  {code": "  GS:  {each: order in batch, code",
    "    set: {is: 940}": "    each: order in [order]\n    set: {is: 940}",
}


@pytest.fixture
def otherwise(opened, taking):
    """Send orders in one file, by a mapping with some lines changed; give world, road, the file's name and its segments."""

    def send(orders, changes):
        def change(world):
            answering(world)
            for old, new in changes.items():
                world.edit(f"mappings/{EDI.called}/940.yaml", lambda text, old=old, new=new: text.replace(old, new))

        world, road = opened(systems=(EDI,), orders=orders, change=change)
        road.until(lambda: len(world.visible(EDI, "in/orders")) == 1)
        ((name, data),) = taking(world, EDI).items()
        road.until(lambda: any(acks.WAITS in reason for reason in road.reasons("settle")))
        return world, road, name, [one.strip().split("*") for one in data.decode().split("~")]

    return send


@pytest.fixture
def apart(otherwise):
    """Send two orders in one file, each in a group of its own; give world, road, orders by the number of their group."""
    orders = made(2)
    world, road, name, segments = otherwise(orders, GROUPED)
    groups = [one[6] for one in segments if one[0] == "GS"]
    numbers = [one[2] for one in segments if one[0] == "W05"]
    assert [one[2] for one in segments if one[0] == "ST"] == ["0001", "0001"]
    by_number = {one["purchaseOrderNumber"]: one for one in orders}
    return world, road, name, [(group, by_number[number]) for group, number in zip(groups, numbers, strict=True)]


def test_a_file_of_two_groups_is_settled_group_by_group_and_one_that_is_silent_is_told(apart):
    world, road, name, ((first, one), (second, other)) = apart
    say(world, "FA1.edi", fa(f"AK1*OW*{second}", "AK2*940*0001", "AK5*R*5", "AK9*R*1*1*0"))
    road.until(lambda: refused(road, other))
    assert road.held(f"refused it in {name}")
    assert not taken(road, one)
    assert not refused(road, one)
    assert road.reasons("settle") == [f"{acks.WAITS} {EDI.called}: group OW {first}"]
    say(world, "FA2.edi", fa(f"AK1*OW*{second}", "AK2*940*0001", "AK5*R*5", "AK9*R*1*1*0", control="000000042"))
    road.go(20)  # the same once more is nothing new, and no word on the other group
    assert road.events(other["purchaseOrderNumber"]).count("order refused") == 1
    assert not road.held("otherwise now")
    road.clock.skip(3700)
    road.until(lambda: any("for too long" in reason for reason in road.reasons("settle")))
    say(world, "FA3.edi", fa(f"AK1*OW*{first}", "AK9*A*1*1*1", control="000000043"))
    road.until(lambda: taken(road, one))
    assert road.reasons("settle") == []
    assert not taken(road, other)
    say(world, "FA4.edi", fa(f"AK1*OW*{second}", "AK2*940*0001", "AK5*R*5", "AK9*R*1*1*0", control="000000044"))
    road.go(20)  # nor is it now that all is settled, though another group was judged later
    assert not road.held("otherwise now")


def test_a_group_that_was_taken_is_not_refused_by_what_is_said_later_of_it_or_of_the_whole(apart):
    world, road, name, ((first, one), (_, other)) = apart
    say(world, "FA1.edi", fa(f"AK1*OW*{first}", "AK9*A*1*1*1"))
    road.until(lambda: taken(road, one))
    say(world, "FA2.edi", fa(f"AK1*OW*{first}", "AK9*R*1*1*0", control="000000042"))
    road.until(lambda: road.held(f"judges {name} otherwise now: rejected"))
    assert not refused(road, one)
    number = name.removeprefix("OW").removesuffix(".edi").zfill(9)
    ta1 = named_so(x12(), "000000051", "FA").split("GS*")[0]
    say(world, "TA1.edi", f"{ta1}TA1*{number}*261201*1800*R*021~IEA*0*000000051~")
    road.until(lambda: refused(road, other))
    assert not refused(road, one)
    assert road.ends("order", one["purchaseOrderNumber"]) == ["accepted"]
    assert road.reasons("settle") == []


SPLIT = {
    "  GS:  {code": "  GS:  {each: order in batch, code",
    "    set: {is: 940}": "    each: turn in [1, 2]\n    set: {is: 940}\n    control: {from: turn, len: 4, pad: 0}",
}


@pytest.fixture
def split(otherwise):
    """Send an order in two transactions of one group; give world, road, order, and the number of the group."""
    (order,) = made(1)
    world, road, _, segments = otherwise([order], SPLIT)
    assert [one[2] for one in segments if one[0] == "ST"] == ["0001", "0002"]
    return world, road, order, next(one[6] for one in segments if one[0] == "GS")


def test_an_order_in_two_transactions_is_refused_when_the_second_is(split):
    world, road, order, group = split
    lines = ["AK2*940*0001", "AK5*A", "AK2*940*0002", "AK3*N4*6**8", "AK4*2*156*1", "AK5*R*5"]
    say(world, "FA1.edi", fa(f"AK1*OW*{group}", *lines, "AK9*P*2*2*1"))
    road.until(lambda: refused(road, order))
    assert road.held("N4-02 of segment 6 (1)")
    assert not taken(road, order)


def test_an_order_in_two_transactions_is_taken_with_the_errors_of_both(split):
    world, road, order, group = split
    lines = ["AK2*940*0001", "AK5*A", "AK2*940*0002", "AK3*N4*6**8", "AK4*2*156*5", "AK5*E*5"]
    say(world, "FA1.edi", fa(f"AK1*OW*{group}", *lines, "AK9*E*2*2*2"))
    road.until(lambda: taken(road, order))
    assert errors_of(road, order) == ["x12: N4-02 of segment 6 (5)"]


def test_what_is_told_of_an_order_in_two_transactions_is_what_is_wrong_in_either(split):
    world, road, order, group = split
    first, second = (["AK3*N4*6**8", f"AK4*{element}*156*1", "AK5*R*5"] for element in (1, 2))
    say(world, "FA1.edi", fa(f"AK1*OW*{group}", "AK2*940*0001", *first, "AK2*940*0002", *second, "AK9*R*2*2*0"))
    road.until(lambda: refused(road, order))
    assert road.held("N4-01 of segment 6 (1); N4-02 of segment 6 (1)")
