"""The vendor's invoices on the road: after the shipment, once, whatever becomes of the answer, and no number twice."""

from datetime import timedelta

import pytest

from tests.road.conftest import LOCAL
from tests.road.road import ship_csv, shipment
from tests.road.test_label_deaths import Fatal, live
from tests.world import orders_of

KIND, OPERATION = "invoice", "submitInvoice"
POLICY = 'from: confirmed, number: "INV-{sequence:04}", first: 7'
HEAD = "INVOICE,DATE,ORDER,LINE,QTY,PRICE,CURRENCY,TAX_TYPE,TAX_RATE,TAX,FREIGHT,TOTAL"
POINTS, EVERY = 60, 13  # that the loop passes between confirmation and the end of the invoice, about


@pytest.fixture
def billed(opened):
    """Open a world whose invoices are made by policy or come in files, and its orders."""

    def open_(policy="", orders=1, **how):
        made = orders_of((LOCAL,), orders)

        def change(world):
            world.folder(LOCAL, "out/bills").mkdir()
            world.edit("translator.yaml", lambda text: _edited(text, policy))

        world, road = opened(orders=made, change=change, **how)
        return world, road, made

    return open_


def _edited(text, policy):
    if policy:
        text = text.replace("    vendor:", f"    invoices: {{{policy}}}\n    vendor:", 1)
    return text.replace("    from:\n", "    from:\n      out/bills: vendor-invoices.yaml\n", 1)


def number_of(order):
    return order["purchaseOrderNumber"]


def bill(order, invoice, price=None):
    rows = [
        f"{invoice},,{number_of(order)},{item['itemSequenceNumber']},,{price or ''},,,,,,"
        for item in order["orderDetails"]["items"]
    ]
    return "\n".join([HEAD, *rows, ""])


def ship(world, road, *orders):
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, *map(shipment, orders)))
    road.until(lambda: all(road.stage(number_of(order)) == "confirmed" for order in orders), within=600)


def effects(world):
    return world.amazon.state()["effects"].get(OPERATION, {})


def test_each_confirmed_order_has_one_invoice_with_the_next_number(billed):
    world, road, orders = billed(POLICY, orders=3)
    ship(world, road, *orders)
    road.until(lambda: all(road.ends(KIND, number_of(order)) == ["accepted"] for order in orders), within=600)
    assert effects(world) == {"INV-0007": 1, "INV-0008": 1, "INV-0009": 1}
    assert sorted(world.amazon.state()["invoices"].values()) == sorted([number_of(order)] for order in orders)
    assert "invoice accepted" in road.events(number_of(orders[0]))


def test_an_order_that_is_denied_has_no_invoice(billed):
    _, road, (order,) = billed(POLICY)
    number = number_of(order)
    road.until(lambda: "acknowledgement accepted" in road.events(number))
    asked = road.moves.ask("deny", {"target": number, "reason": "broken"}, "tester")
    road.until(lambda: road.moves.get(asked).answered is not None)
    road.until(lambda: road.stage(number) == "denied", within=600)
    road.go(8)
    assert road.ends(KIND, number) == []


@pytest.mark.parametrize("word, quantity, stage", [("Floor_Denial", 0, "denied"), ("Shipped", None, "confirmed")])
def test_a_ship_file_says_in_any_letters_whether_an_order_shipped(billed, word, quantity, stage):
    world, road, (order,) = billed(POLICY)
    number = number_of(order)
    world.edit("mappings/plain-csv/ship.yaml", lambda text: text.replace("{text: SHIPPED}", f"{{text: {word}}}"))
    road.reload()
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(order, quantity=quantity)))
    road.until(lambda: road.ends("shipment_confirmation", number) == ["accepted"], within=600)
    road.go(8)
    assert road.stage(number) == stage
    assert road.ends(KIND, number) == ["accepted"] * (stage == "confirmed")


def test_an_invoice_that_comes_before_the_shipment_waits_for_it(billed):
    world, road, (order,) = billed()
    world.place(LOCAL, "out/bills", "INV1.csv", bill(order, "2026/0815"))
    road.until(lambda: road.held("needs shipment_confirmation accepted"))
    road.go(8)
    assert effects(world) == {}
    ship(world, road, order)
    road.until(lambda: road.ends(KIND, number_of(order)) == ["accepted"], within=600)
    assert effects(world) == {"2026/0815": 1}


def test_an_invoice_whose_order_does_not_ship_in_three_days_is_for_a_person(billed):
    world, road, (order,) = billed()
    world.place(LOCAL, "out/bills", "INV1.csv", bill(order, "815"))
    road.until(lambda: road.held("needs shipment_confirmation accepted"))
    road.clock.skip(3 * 86_400)
    road.until(lambda: road.held("needs shipment_confirmation accepted: for too long"), within=600)
    assert effects(world) == {}


def test_the_same_invoice_again_is_a_duplicate_and_another_one_of_its_number_is_for_a_person_after_a_restart(billed):
    world, road, (one, two) = billed(orders=2)
    ship(world, road, one, two)
    world.place(LOCAL, "out/bills", "INV1.csv", bill(one, "815"))
    road.until(lambda: road.ends(KIND, number_of(one)) == ["accepted"], within=600)
    road.restart()
    world.place(LOCAL, "out/bills", "INV2.csv", bill(one, "815") + "\n")
    road.until(lambda: road.ends(KIND, number_of(one)) == ["accepted", "duplicate"])
    world.place(LOCAL, "out/bills", "INV3.csv", bill(two, "815"))
    road.until(lambda: road.held("invoice number 815 is used already"))
    assert road.ask("reject", road.row_of("is used already"))[0]
    world.place(LOCAL, "out/bills", "INV4.csv", bill(two, "815") + "\n")  # given up is not free
    road.until(lambda: road.held("invoice number 815 is used already"))
    road.go(8)
    assert effects(world) == {"815": 1}


def test_a_number_is_not_free_when_its_invoice_was_forgotten_with_the_history(billed):
    world, road, (one, two) = billed(orders=2)
    with road.ledger.commit() as book:
        book.bookmarks.put("invoice us 815", "4711")  # of a document that is gone
    ship(world, road, one, two)
    world.place(LOCAL, "out/bills", "INV1.csv", bill(one, "815"))
    road.until(lambda: road.held("invoice number 815 is used already"))


def test_a_number_that_a_file_used_is_passed_over_by_the_sequence(billed):
    world, road, (one, two) = billed(POLICY, orders=2)
    world.place(LOCAL, "out/bills", "INV1.csv", bill(one, "INV-0007"))
    road.until(lambda: road.held("needs shipment_confirmation accepted"))
    ship(world, road, one, two)
    road.until(lambda: len(effects(world)) == 2, within=600)
    assert effects(world) == {"INV-0007": 1, "INV-0008": 1}


def test_a_second_invoice_of_an_order_is_for_a_person_who_may_send_it_all_the_same(billed):
    world, road, (order,) = billed()
    ship(world, road, order)
    world.place(LOCAL, "out/bills", "INV1.csv", bill(order, "815"))
    road.until(lambda: road.ends(KIND, number_of(order)) == ["accepted"], within=600)
    world.place(LOCAL, "out/bills", "INV2.csv", bill(order, "816"))
    road.until(lambda: road.held("is invoiced already, as 815"))
    assert road.ask("release", road.row_of("is invoiced already"))[0]
    road.until(lambda: road.ends(KIND, number_of(order)) == ["accepted", "rejected"], within=600)  # Amazon says no
    assert effects(world) == {"815": 1}


def test_what_amazon_rejected_may_be_mended_under_its_number(billed):
    world, road, (order,) = billed()
    ship(world, road, order)
    world.amazon.fail("internal_failure", OPERATION)
    world.place(LOCAL, "out/bills", "INV1.csv", bill(order, "815"))
    road.until(lambda: road.ends(KIND, number_of(order)) == ["rejected"], within=600)
    world.place(LOCAL, "out/bills", "INV2.csv", bill(order, "815") + "\n")
    road.until(lambda: road.ends(KIND, number_of(order)) == ["rejected", "accepted"], within=600)
    assert effects(world) == {"815": 1}


@pytest.mark.parametrize("fault", ["applied_then_closed", "truncated", "closed"])
def test_an_answer_that_was_lost_leaves_one_invoice(billed, fault):
    world, road, (order,) = billed(POLICY)
    world.amazon.fail(fault, OPERATION)
    ship(world, road, order)
    road.until(lambda: road.ends(KIND, number_of(order)) == ["accepted"], within=3000)
    assert effects(world) == {"INV-0007": 1}
    applied = fault != "closed"
    assert world.amazon.state()["repeats"].get(OPERATION, {}) == ({"INV-0007": 1} if applied else {})
    with road.look() as book:
        (told,) = [event for event in book.events.of(f"us {number_of(order)}") if event.name == "invoice accepted"]
    assert ("evidence" in told.detail) is applied


def test_an_answer_that_is_lost_twice_is_for_a_person(billed):
    world, road, (order,) = billed(POLICY)
    world.amazon.fail("closed", OPERATION, times=2)
    ship(world, road, order)
    road.until(lambda: road.held("sends the same once more"), within=3000)
    assert effects(world) == {}
    assert road.ask("retry", road.row_of("sends the same once more"))[0]
    road.until(lambda: road.ends(KIND, number_of(order)) == ["accepted"], within=600)
    assert effects(world) == {"INV-0007": 1}


@pytest.mark.sweep
@pytest.mark.parametrize("death", range(1, POINTS, EVERY))
def test_a_death_on_the_way_of_an_invoice_leaves_one_invoice_and_one_number(billed, death):
    world, road, (order,) = billed(POLICY)
    road.until(lambda: "acknowledgement accepted" in road.events(number_of(order)))
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(order)))
    road.until(lambda: "shipment_confirmation sent" in road.events(number_of(order)), within=600)
    road.points.reach = Fatal(death).reach
    live(road, lambda: road.ends(KIND, number_of(order)) == ["accepted"])
    assert effects(world) == {"INV-0007": 1}
    assert [row for row in road.rows() if row[3] == "held"] == []


def test_a_clock_of_ours_that_is_ahead_makes_no_invoice_of_the_future(billed):
    world, road, (order,) = billed(POLICY)
    right = world.amazon.market.clock
    world.amazon.market.clock = lambda: right() - timedelta(minutes=4)
    ship(world, road, order)
    road.until(lambda: road.ends(KIND, number_of(order)) == ["accepted"], within=600)
    assert effects(world) == {"INV-0007": 1}
