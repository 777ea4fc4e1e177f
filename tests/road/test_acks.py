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
    with road.look() as book:
        (file,) = (
            number
            for number, _ in book.contents.where(book.documents.newest("order", "us", good["purchaseOrderNumber"]).id)
        )
        assert [one.verdict for one in book.contents.of(file)] == ["rejected", "accepted"]


UNCLEAR = (  # what is said of single orders, by their place, and of the group
    ({}, "AK9*P*2*2*1"),  # none is named
    ({0: "A"}, "AK9*P*2*1*1"),  # the one that is named is taken, and one did not come
    ({0: "E"}, "AK9*P*2*2*1"),  # likewise, though with errors
    ({}, "AK9*A*1*1*1"),  # all are taken, and fewer came than were sent
    ({}, "AK9*A*3*2*2"),  # all that came are taken, and one more is counted
    ({}, "AK9*A*2*3*2"),  # one more came than is taken
    ({}, "AK9*P*2*2*2"),  # all are taken, and not all are
    ({0: "A"}, "AK9*E*2*2*1"),  # two came, one is taken, and none is refused by name
    ({2: "R"}, "AK9*P*2*2*1"),  # one is refused whose number is none of ours
    ({0: "A", 2: "R"}, "AK9*A*2*2*2"),  # likewise, and all are taken
)


def test_orders_that_are_not_all_taken_wait_for_a_997_that_says_which(sent):
    world, road, orders, (name, group, controls) = sent(2)
    numbers = [*(controls[one["purchaseOrderNumber"]] for one in orders), "4711"]
    for round, (words, end) in enumerate(UNCLEAR):
        lines = [line for one, word in words.items() for line in (f"AK2*940*{numbers[one]}", f"AK5*{word}")]
        say(world, f"FA{round}.edi", fa(f"AK1*OW*{group}", *lines, end, control=f"{50 + round:09}"))
        road.until(lambda: road.held(f"did not take all of {name}, and does not say which"))
        assert not any(taken(road, one) or refused(road, one) for one in orders)
        road.ask("release", road.row_of("does not say which"))
        road.until(lambda: any(acks.WAITS in reason for reason in road.reasons("settle")))
    lines = [f"AK2*940*{numbers[0]}", "AK5*R*5"]  # the other is taken: so it counts
    say(world, "FA9.edi", fa(f"AK1*OW*{group}", *lines, "AK9*P*2*2*1"))
    road.until(lambda: refused(road, orders[0]) and taken(road, orders[1]))
    say(world, "FA10.edi", fa(f"AK1*OW*{group}", *lines, "AK9*P*2*2*1", control="000000070"))
    road.go(20)  # the same as what decided, whatever was said before that
    assert not road.held("otherwise now")


@pytest.mark.parametrize("words", ["RA", "AR"])
def test_an_order_of_which_both_is_said_is_refused(sent, words):
    world, road, (order,), (_, group, controls) = sent()
    (control,) = controls.values()
    lines = [line for word in words for line in (f"AK2*940*{control}", f"AK5*{word}")]
    say(world, "FA1.edi", fa(f"AK1*OW*{group}", *lines, "AK9*P*1*1*0"))
    road.until(lambda: refused(road, order) or taken(road, order))
    assert not taken(road, order)


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


def test_a_refused_order_that_no_mapping_writes_any_more_waits_for_one(sent):
    world, road, (order,), (_, group, _) = sent()
    here = "{EWR1: America/New_York}"
    world.edit("translator.yaml", lambda text: text.replace(here, "{LAX9: America/Los_Angeles}"))
    road.reload()
    say(world, "FA1.edi", fa(f"AK1*OW*{group}", "AK9*R*1*1*0*4"))
    road.until(lambda: refused(road, order))
    assert road.held("no mapping of any WMS writes orders for warehouse EWR1")


def test_a_997_that_does_not_come_is_told_after_a_while_and_counts_however_late(sent):
    world, road, (order,), (_, group, _) = sent()
    road.clock.skip(3700)
    road.until(lambda: any("for too long" in one for one in road.reasons("settle")))
    say(world, "FA1.edi", fa(f"AK1*OW*{group}", "AK9*A*1*1*1"))
    road.until(lambda: taken(road, order))
    assert not road.held("for too long")


def test_a_997_that_comes_twice_says_nothing_new_and_another_verdict_is_for_a_person(sent):
    world, road, (order,), (_, group, _) = sent()
    (file,) = (f"interchange {subject}" for _, _, subject, _, reason in road.rows() if acks.WAITS in reason)
    say(world, "FA1.edi", fa(f"AK1*OW*{group}", "AK9*A*1*1*1"))
    road.until(lambda: taken(road, order))
    say(world, "FA2.edi", fa(f"AK1*OW*{group}", "AK9*A*1*1*1", control="000000042"))
    road.go(20)
    assert road.rows() == []
    assert road.events(order["purchaseOrderNumber"]).count("order taken") == 1
    say(world, "FA3.edi", fa(f"AK1*OW*{group}", "AK9*R*1*1*0", control="000000043"))
    road.until(lambda: road.held("otherwise now: rejected"))
    assert road.ends("order", order["purchaseOrderNumber"]) == ["accepted"]
    assert road.ends(acks.KIND, file) == ["accepted", "duplicate", "closed"]


@pytest.fixture
def doubted(opened):
    """Open the road where a ledger that was put back asks whether the file of an order has left."""
    (order,) = made(1)
    world, road = opened(systems=(EDI,), orders=[order], change=answering)
    assert road.ask("reconcile", "")[0]
    road.until(lambda: any(row[:2] == ("send", "x12/in/orders/940") for row in road.rows()))
    assert road.ask("reconciled", "")[0]
    road.until(lambda: any("may have left" in reason for reason in road.reasons("send")))
    return world, road, order


@pytest.mark.parametrize("word, told", [("A*1*1*1", False), ("R*1*1*0", True)])
def test_a_997_for_a_file_that_a_person_saw_arrived_is_told_only_if_it_refuses(doubted, word, told):
    world, road, order = doubted
    assert road.ask("arrived", "OW1.edi")[0]
    assert taken(road, order)
    say(world, "FA1.edi", fa("AK1*OW*1", f"AK9*{word}"))
    road.go(10)
    assert road.held("otherwise now") == told


def test_a_997_that_came_before_a_person_saw_the_file_arrived_decides(doubted):
    world, road, order = doubted
    say(world, "FA1.edi", fa("AK1*OW*1", "AK9*R*1*1*0*1"))
    road.go(10)
    assert road.ask("arrived", "OW1.edi")[0]
    assert refused(road, order)
    assert not taken(road, order)
    assert road.held("code 1")


def test_a_997_about_nothing_of_ours_is_for_a_person(sent):
    world, road, _, _ = sent()
    say(world, "FA1.edi", fa("AK1*OW*4711", "AK9*A*1*1*1"))
    road.until(lambda: road.held("no file of ours is x12 OW 4711"))


def test_another_partner_who_names_our_numbers_settles_nothing(opened):
    west = replace(EDI, name="west", code="RNO4")
    (order,) = made(1)
    world, road = opened(systems=(EDI, west), orders=[order], change=answering)
    road.until(lambda: world.visible(EDI, "in/orders"))
    (name,) = world.visible(EDI, "in/orders")
    path = world.folder(EDI, "in/orders") / name
    group = next(one.split("*")[6] for one in path.read_text().split("~") if one.strip().startswith("GS*"))
    path.unlink()
    road.until(lambda: any(acks.WAITS in reason for reason in road.reasons("settle")))
    world.place(west, "out/acks", "FA1.edi", fa(f"AK1*OW*{group}", "AK9*R*1*1*0"))
    road.until(lambda: road.held(f"no file of ours is x12 OW {group}"))
    assert not refused(road, order)


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
