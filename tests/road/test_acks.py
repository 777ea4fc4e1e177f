"""A warehouse that speaks X12 says what became of our files by 997s, and has ours for its own."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from tests.formats.interchanges import st, x12
from tests.road.conftest import LOCAL
from tests.road.test_segments import made, named, shipped
from translator.stations import acks

EDI = replace(LOCAL, preset="x12", more="    partner: {edi_id: ACMEGOODS, wms_id: RENOWMS, usage: P}\n    late: 1h\n")


def answering(world):
    """List the acknowledgements, both ways."""
    named(world)
    world.folder(EDI, "in/acks").mkdir(parents=True, exist_ok=True)

    def change(text):
        return text.replace("    from:", "      in/acks: 997-out.yaml\n    from:").replace(
            "      out/ship: 945.yaml", "      out/acks: [997.yaml, ta1.yaml]\n      out/ship: 945.yaml"
        )

    world.edit("translator.yaml", change)


@pytest.fixture
def sent(opened, taking):
    """Open the road, and send orders in one file; give world, road, orders, and what the file is named by."""

    def send(count=1):
        orders = made(count)
        world, road = opened(systems=(EDI,), orders=orders, change=answering)
        road.until(lambda: len(world.visible(EDI, "in/orders")) == 1)
        ((name, data),) = taking(world, EDI).items()
        segments = [one.strip().split("*") for one in data.decode().split("~")]
        group = next(one[6] for one in segments if one[0] == "GS")
        controls = {order[2]: one[2] for one, order in pairwise(segments) if one[0] == "ST"}
        road.until(lambda: any(acks.WAITS in reason for reason in road.reasons("settle")))
        return world, road, orders, (name, group, controls)

    return send


def named_so(text, control, code):
    """Give a file another control number, and its group another code."""
    return text.replace("000000007", control).replace("GS*SW*", f"GS*{code}*")


def fa(*segments, control="000000041"):
    return named_so(x12(st(*segments, set="997")), control, "FA")


def say(world, name, text):
    world.place(EDI, "out/acks", name, text)


def taken(road, order):
    return "order taken" in road.events(order["purchaseOrderNumber"])


def refused(road, order):
    return "order refused" in road.events(order["purchaseOrderNumber"])


def errors_of(road, order):
    """Give the errors with which an order was taken."""
    with road.look() as book:
        events = book.events.of(f"us {order['purchaseOrderNumber']}")
    return [one.detail["reason"] for one in events if one.name == "order taken with errors"]


def test_a_940_is_taken_when_its_997_says_so_and_not_before(sent):
    world, road, (order,), (_, group, controls) = sent()
    road.go(30)  # its folder is empty all the while
    assert not taken(road, order)
    say(
        world,
        "FA1.edi",
        fa(f"AK1*OW*{group.zfill(6)}", f"AK2*940*{next(iter(controls.values()))}", "AK5*A", "AK9*A*1*1*1"),
    )
    road.until(lambda: taken(road, order))
    assert road.ends("order", order["purchaseOrderNumber"]) == ["accepted"]
    assert road.rows() == []


def test_what_is_accepted_with_errors_is_taken_and_the_errors_are_told(sent):
    world, road, (order,), (_, group, controls) = sent()
    (control,) = controls.values()
    say(
        world,
        "FA1.edi",
        fa(f"AK1*OW*{group}", f"AK2*940*{control}", "AK3*N3*5**8", "AK4*1*166*5*9 Elm", "AK5*E*5", "AK9*E*1*1*1"),
    )
    road.until(lambda: taken(road, order))
    assert errors_of(road, order) == ["x12: N3-01 of segment 5 (5)"]  # and not what stood there


def test_one_order_that_is_refused_is_held_with_the_reason_and_its_neighbour_is_taken(sent):
    world, road, orders, (name, group, controls) = sent(2)
    bad, good = orders
    numbers = [controls[one["purchaseOrderNumber"]] for one in orders]
    lines = [
        f"AK2*940*{numbers[0].lstrip('0')}",
        "AK3*N4*6**8",
        "AK4*2*156*1",
        "AK5*R*5",
        f"AK2*940*{numbers[1]}",
        "AK5*A",
    ]
    say(world, "FA1.edi", fa(f"AK1*OW*{group}", *lines, "AK9*P*2*2*1"))
    road.until(lambda: taken(road, good) and refused(road, bad))
    assert not taken(road, bad)
    assert road.held(f"refused it in {name}: N4-02 of segment 6 (1)")


UNCLEAR = (
    ([], "AK9*P*2*2*1"),  # none is named
    ([0], "AK9*P*2*1*1"),  # the one that is named is taken, and one did not come
    ([], "AK9*A*1*1*1"),  # all are taken, and fewer came than were sent
    ([0], "AK9*E*2*2*1"),  # two came, one is taken, and none is refused by name
)


def test_orders_that_are_not_all_taken_wait_for_a_997_that_says_which(sent):
    world, road, orders, (name, group, controls) = sent(2)
    numbers = [controls[one["purchaseOrderNumber"]] for one in orders]
    for round, (which, end) in enumerate(UNCLEAR):
        lines = [line for one in which for line in (f"AK2*940*{numbers[one]}", "AK5*A")]
        say(world, f"FA{round}.edi", fa(f"AK1*OW*{group}", *lines, end, control=f"00000005{round}"))
        road.until(lambda: road.held(f"did not take all of {name}, and does not say which"))
        assert not any(taken(road, one) or refused(road, one) for one in orders)
        road.ask("release", road.row_of("does not say which"))
        road.until(lambda: any(acks.WAITS in reason for reason in road.reasons("settle")))
    lines = [f"AK2*940*{numbers[0]}", "AK5*R*5"]  # the other is taken: so it counts
    say(world, "FA9.edi", fa(f"AK1*OW*{group}", *lines, "AK9*P*2*2*1"))
    road.until(lambda: refused(road, orders[0]) and taken(road, orders[1]))


def test_a_group_that_is_refused_takes_none_of_its_orders_whatever_is_said_of_one(sent):
    world, road, orders, (name, group, controls) = sent(2)
    good = f"AK2*940*{controls[orders[0]['purchaseOrderNumber']]}"
    say(world, "FA1.edi", fa(f"AK1*OW*{group}", good, "AK5*A", "AK9*R*2*2*0*4"))
    road.until(lambda: all(refused(road, one) for one in orders))
    assert road.held(f"refused it in {name}: code 4")
    assert not any(taken(road, one) for one in orders)


def test_a_refused_order_that_is_tried_again_goes_out_under_another_number_and_is_taken(sent, taking):
    world, road, (order,), (name, group, _) = sent()
    say(world, "FA1.edi", fa(f"AK1*OW*{group}", "AK9*R*1*1*0*4"))
    road.until(lambda: refused(road, order))
    road.ask("retry", road.row_of("refused it"))
    road.until(lambda: len(world.visible(EDI, "in/orders")) == 1)
    files = taking(world, EDI)
    assert len(files) == 2
    assert name in files
    say(world, "FA2.edi", fa(f"AK1*OW*{int(group) + 1}", "AK9*A*1*1*1", control="000000042"))
    road.until(lambda: taken(road, order))


def test_a_997_that_does_not_come_is_told_after_a_while_and_counts_however_late(sent):
    world, road, (order,), (_, group, _) = sent()
    road.clock.skip(3700)
    road.until(lambda: any("for too long" in one for one in road.reasons("settle")))
    say(world, "FA1.edi", fa(f"AK1*OW*{group}", "AK9*A*1*1*1"))
    road.until(lambda: taken(road, order))
    assert not road.held("for too long")


def test_a_997_that_comes_twice_says_nothing_new_and_another_verdict_is_for_a_person(sent):
    world, road, (order,), (_, group, _) = sent()
    say(world, "FA1.edi", fa(f"AK1*OW*{group}", "AK9*A*1*1*1"))
    road.until(lambda: taken(road, order))
    say(world, "FA2.edi", fa(f"AK1*OW*{group}", "AK9*A*1*1*1", control="000000042"))
    road.go(20)
    assert road.rows() == []
    assert road.events(order["purchaseOrderNumber"]).count("order taken") == 1
    say(world, "FA3.edi", fa(f"AK1*OW*{group}", "AK9*R*1*1*0", control="000000043"))
    road.until(lambda: road.held("otherwise now: rejected"))
    assert road.ends("order", order["purchaseOrderNumber"]) == ["accepted"]


def test_a_997_about_nothing_of_ours_is_for_a_person(sent):
    world, road, _, _ = sent()
    say(world, "FA1.edi", fa("AK1*OW*4711", "AK9*A*1*1*1"))
    road.until(lambda: road.held("no file of ours is x12 OW 4711"))


def test_a_ta1_that_takes_an_interchange_takes_no_order_and_one_that_refuses_it_does(sent):
    world, road, (order,), (name, _, _) = sent()
    number = name.removeprefix("OW").removesuffix(".edi").zfill(9)
    ta1 = named_so(x12(), "000000051", "FA").split("GS*")[0]
    say(world, "TA1.edi", f"{ta1}TA1*{number}*261201*1800*A*000~IEA*0*000000051~")
    road.go(20)
    assert not taken(road, order)
    assert any(acks.WAITS in reason for reason in road.reasons("settle"))
    say(world, "TA2.edi", f"{ta1.replace('051', '052')}TA1*{number}*261201*1800*R*021~IEA*0*000000052~")
    road.until(lambda: refused(road, order))
    assert road.held("code 021")


def test_what_the_warehouse_sends_is_answered_by_a_997_of_ours_and_an_answer_by_none(sent):
    world, road, (order,), (_, group, _) = sent()
    say(world, "FA1.edi", fa(f"AK1*OW*{group}", "AK9*A*1*1*1"))
    road.until(lambda: taken(road, order))
    day = road.clock.now() - timedelta(days=1)
    bad = st("W06*F*X1*2026", "W27*M*UPSN", "LX*1", "W12*CC*1*1*****SKU", control="0002")
    world.place(EDI, "out/ship", "SW1.edi", x12(shipped(order, "0001", day), bad))
    road.until(lambda: world.visible(EDI, "in/acks"))
    (name,) = world.visible(EDI, "in/acks")
    text = (world.folder(EDI, "in/acks") / name).read_text().replace("\n", "").replace("\r", "")
    assert "AK1*SW*3~AK2*945*0001~AK5*A~AK2*945*0002~AK3*W06*2**8~AK4*3**8~AK5*R*5~AK9*P*2*2*1~" in text
    (world.folder(EDI, "in/acks") / name).unlink()
    road.until(lambda: road.ends("shipment_confirmation", order["purchaseOrderNumber"]) == ["accepted"])
    road.go(10)
    assert world.visible(EDI, "in/acks") == []


def test_a_file_that_is_read_again_is_not_answered_again(sent):
    world, road, _, _ = sent()
    body = st("BIA*25*SI", "N1*WH**92*EWR1", "LIN*1*VN*S7", "QTY*33*5", set="846")
    world.place(EDI, "out/stock", "IB7.edi", x12(body).replace("GS*SW*", "GS*IB*"))
    road.until(lambda: world.visible(EDI, "in/acks"))
    before = world.visible(EDI, "in/acks")
    assert road.ask("reoffer", "IB7.edi")[0]
    road.go(20)
    assert world.visible(EDI, "in/acks") == before
    assert not road.held("came again")


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
