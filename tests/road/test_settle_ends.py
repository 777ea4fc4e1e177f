"""How things end at Amazon: the transaction is asked first, silence is nobody's end, and of a level each item stands alone."""

import threading
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from tests.road.conftest import LOCAL
from tests.road.road import ship_csv, shipment
from tests.road.test_partners import ill
from tests.world import FIXED, orders_of
from translator.cli.behind.alarms import _stock
from translator.config.read import read_site
from translator.core.finding import Unavailable
from translator.endpoints.endpoint import Looked, Verdict
from translator.simulator.dialects import Stock, write_csv_stock, write_fixed_ship
from translator.simulator.orders import ASIN_BY_SKU
from translator.stations import levels

HALF_AN_HOUR = 1900.0
SKUS = sorted(ASIN_BY_SKU)[:3]
ANSWERING = replace(FIXED, ways=None)  # its warehouse says itself what it accepts


class Shut:
    """One of Amazon's operations, as far as we reach it."""

    def __init__(self, road, kind):
        self.real = road.pump.house.endpoints[f"us/{kind}"]
        self.stages = self.real.stages
        self.shut = True
        self.posted = []
        road.pump.house.endpoints[f"us/{kind}"] = self

    def put(self, outgoing, staged):
        if self.shut:
            raise Unavailable("Amazon is down")
        self.posted.append(outgoing.data)
        return self.real.put(outgoing, staged)

    def look(self, puts):
        return self.real.look(puts)

    def close(self):
        self.real.close()


def opened_with_order(opened, **settings):
    (order,) = orders = orders_of((LOCAL,), 1)
    world, road = opened(orders=orders, **settings)
    return world, road, order, order["purchaseOrderNumber"]


def settling(road, kind):
    return lambda: any(row[0] == "settle" and row[1].startswith(f"us/{kind}") for row in road.rows())


# --- confirmations and acknowledgements: the transaction first, then the order, then a person -------------------------


def test_after_an_outage_the_transaction_is_asked_and_not_the_order(opened):
    world, road, _, number = opened_with_order(opened, transaction_seconds=60)
    amazon = Shut(road, "acknowledgement")
    road.until(lambda: road.attempts("acknowledgement") == ["unavailable"])
    road.clock.skip(HALF_AN_HOUR)
    amazon.shut = False
    road.until(lambda: road.ends("acknowledgement", number) == ["accepted"], within=900)
    assert not road.held("")
    assert world.amazon.state()["effects"]["submitAcknowledgement"] == {number: 1}


def test_a_transaction_that_processes_for_good_is_settled_by_the_order(opened):
    world, road, _, number = opened_with_order(opened)
    world.amazon.fail("stuck", "submitAcknowledgement")
    road.until(settling(road, "acknowledgement"))
    road.go(20)
    assert road.ends("acknowledgement", number) == ["None"]
    road.clock.skip(HALF_AN_HOUR)
    road.until(lambda: road.ends("acknowledgement", number) == ["accepted"], within=600)


def test_no_effect_beside_a_live_transaction_is_waited_for(opened):
    _, road, _, number = opened_with_order(opened, transaction_seconds=2500)
    road.until(settling(road, "acknowledgement"))
    road.clock.skip(HALF_AN_HOUR)
    road.go(10)
    assert not road.held("the order is NEW")
    road.clock.skip(HALF_AN_HOUR / 2)
    road.until(lambda: road.ends("acknowledgement", number) == ["accepted"], within=600)
    assert road.attempts("acknowledgement") == ["sent"]


def test_a_transaction_that_processes_for_an_hour_without_effect_is_for_a_person(opened):
    _, road, _, _ = opened_with_order(opened, transaction_seconds=10**6)
    road.until(settling(road, "acknowledgement"))
    road.clock.skip(2 * HALF_AN_HOUR)
    road.until(lambda: road.held("unsettled after an hour: the order is NEW"), within=600)


def test_what_amazon_took_in_and_forgot_is_sent_once_more_when_a_person_says_so(opened):
    world, road, _, number = opened_with_order(opened)
    world.amazon.fail("delayed", "submitAcknowledgement", seconds=10**6)
    road.until(settling(road, "acknowledgement"))
    road.clock.skip(2 * HALF_AN_HOUR)
    road.until(lambda: road.held("unsettled after an hour: the order is NEW"), within=600)
    assert road.ask("retry", road.row_of("unsettled after an hour"))[0]
    road.go(20)
    assert road.attempts("acknowledgement") == ["sent, retried"]  # it is looked for first
    road.clock.skip(HALF_AN_HOUR)
    road.until(lambda: road.ends("acknowledgement", number) == ["accepted"], within=600)
    assert road.attempts("acknowledgement") == ["sent, retried", "sent"]
    assert world.amazon.state()["effects"]["submitAcknowledgement"] == {number: 1}


def test_what_a_person_had_looked_for_once_more_and_is_there_by_now_is_not_sent_again(opened):
    _, road, _, number = opened_with_order(opened, transaction_seconds=4 * HALF_AN_HOUR)
    road.until(settling(road, "acknowledgement"))
    road.clock.skip(2 * HALF_AN_HOUR)
    road.until(lambda: road.held("unsettled after an hour: the order is NEW"), within=600)
    road.clock.skip(2 * HALF_AN_HOUR)
    assert road.ask("retry", road.row_of("unsettled after an hour"))[0]
    road.until(lambda: road.ends("acknowledgement", number) == ["accepted"], within=600)
    assert road.attempts("acknowledgement") == ["sent, retried"]


def test_what_was_not_asked_is_no_silence_of_amazon(opened):
    _, road, _, number = opened_with_order(opened)
    amazon = Shut(road, "acknowledgement")
    amazon.shut = False
    answers = [[Looked(Verdict.WAITING, "not asked: Amazon asks to slow down")]]

    def look(puts):
        if not answers:
            raise Unavailable("Amazon asks to slow down")
        return answers.pop()

    amazon.look = look
    road.until(settling(road, "acknowledgement"))
    road.clock.skip(3 * HALF_AN_HOUR)
    road.until(lambda: "not asked: Amazon asks to slow down" in road.reasons("settle"))
    assert not road.held("")
    del amazon.look
    road.until(lambda: road.ends("acknowledgement", number) == ["accepted"], within=900)


# --- cancelled and refused orders -----------------------------------------------------------------------------------


def test_a_confirmation_that_waits_to_be_sent_when_its_order_is_cancelled_is_not_posted(opened):
    world, road, order, number = opened_with_order(opened)
    road.until(lambda: road.ends("acknowledgement", number) == ["accepted"])
    amazon = Shut(road, "shipment_confirmation")
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(order)))
    road.until(lambda: road.attempts("shipment_confirmation") == ["unavailable"])
    world.amazon.cancel(number)
    road.until(lambda: "order cancelled" in road.events(number))
    amazon.shut = False
    road.until(lambda: road.held("the order was cancelled at Amazon"), within=900)
    assert amazon.posted == []


@pytest.mark.parametrize("shipped", ["before", "after"])
def test_a_shipment_of_an_order_that_its_warehouse_refused_is_for_a_person(opened, shipped):
    (order,) = orders = orders_of((ANSWERING,), 1)
    number = order["purchaseOrderNumber"]
    world, road = opened((ANSWERING,), orders)
    road.until(lambda: "order known" in road.events(number))
    world.write_site(poll=3600, sweep=7200)  # nobody tells us that Amazon cancels it
    road.reload()
    left = replace(shipment(order), shipped=road.clock.now())
    file = write_fixed_ship([left], ZoneInfo(ANSWERING.zone))
    if shipped == "before":
        world.place(ANSWERING, "out/ship", "SHP1.TXT", file)
        road.until(lambda: road.held("needs acknowledgement accepted"))
    world.place(ANSWERING, "out/acks", "ACK1.TXT", f"A{number:<20}{'OUT':<4}{'W1':<12}\n")
    road.until(lambda: road.stage(number) == "refused")
    if shipped == "after":
        world.place(ANSWERING, "out/ship", "SHP1.TXT", file)
    road.until(lambda: road.held("the order was refused: its acknowledgement says so"))
    with road.look() as book:
        assert not book.events.has(f"acknowledgement us {number} accepted")
        assert book.events.has(f"acknowledgement us {number} refused")


# --- levels ---------------------------------------------------------------------------------------------------------


class Shelf:
    """The levels of a warehouse as its files say them, and what became of them."""

    def __init__(self, world, road):
        self.world, self.road, self.files = world, road, 0

    def say(self, **levels):
        rows = tuple((sku, ASIN_BY_SKU.get(sku, "B000000AAA"), level) for sku, level in levels.items())
        self.files += 1
        self.world.place(LOCAL, "out/stock", f"STOCK{self.files}.csv", write_csv_stock(Stock(LOCAL.code, rows)))
        self.road.until(lambda: len(self.ends()) == self.files)

    def ends(self):
        with self.road.look() as book:
            query = "SELECT end FROM document WHERE kind = 'inventory_update' ORDER BY id"
            return [str(end) for end in book._connection.exec_driver_sql(query, ()).scalars()]

    def of(self, sku):
        with self.road.look() as book:
            return book.stock.get("us", LOCAL.code, sku)

    def alarms(self):
        with self.road.look() as book:
            return [row["what"] for row in _stock(book, read_site(self.world.site), self.road.clock.now())]

    def accepted(self, **levels):
        return lambda: {sku: (row := self.of(sku)) and row.accepted for sku in levels} == levels


@pytest.fixture
def shelf(opened):
    return Shelf(*opened(orders=[]))


def test_a_level_whose_transaction_processes_for_good_is_built_afresh(shelf):
    shelf.world.amazon.fail("stuck", "submitInventoryUpdate")
    shelf.say(**{SKUS[0]: 5})
    shelf.road.until(settling(shelf.road, "inventory_update"))
    shelf.road.clock.skip(HALF_AN_HOUR)
    shelf.road.until(shelf.accepted(**{SKUS[0]: 5}), within=600)
    assert shelf.road.attempts("inventory_update") == ["sent", "sent"]
    shelf.say(**{SKUS[0]: 0})
    shelf.road.until(shelf.accepted(**{SKUS[0]: 0}))


def test_a_level_that_failed_by_amazon_s_own_fault_is_built_afresh(shelf):
    shelf.world.amazon.fail("internal_failure", "submitInventoryUpdate")
    shelf.say(**{SKUS[0]: 5})
    shelf.road.until(shelf.accepted(**{SKUS[0]: 5}), within=600)
    assert shelf.ends() == ["accepted"]
    assert shelf.road.attempts("inventory_update") == ["sent", "sent"]


@pytest.mark.parametrize("how", ["broken", "internal_failure"])
def test_that_amazon_says_of_no_level_what_became_of_it_is_told_after_an_hour_until_it_does(shelf, how):
    shelf.world.amazon.fail(how, "submitInventoryUpdate", times=10_000)
    shelf.say(**{SKUS[0]: 5})
    shelf.road.go(600)
    assert shelf.alarms() == []
    for _ in range(12):
        shelf.road.clock.skip(600)
        shelf.road.go(20)
    assert shelf.alarms() == [levels.IN_VAIN]
    with shelf.road.look() as book:
        assert [event.name for event in book.events.of(f"us {LOCAL.code}")].count(levels.IN_VAIN) == 1
    shelf.world.amazon.market.faults.planned.clear()
    shelf.road.until(shelf.accepted(**{SKUS[0]: 5}), within=900)
    assert shelf.alarms() == []


def test_a_level_that_was_accepted_while_nobody_looked_is_accepted(shelf):
    shelf.say(**{SKUS[0]: 5})
    shelf.road.until(settling(shelf.road, "inventory_update"))
    shelf.road.clock.skip(HALF_AN_HOUR)
    shelf.road.until(shelf.accepted(**{SKUS[0]: 5}), within=600)
    assert shelf.road.attempts("inventory_update") == ["sent"]


def test_an_unchanged_stock_file_ends_by_itself(shelf):
    shelf.say(**{SKUS[0]: 5})
    shelf.road.until(lambda: shelf.ends() == ["accepted"])
    shelf.say(**{SKUS[0]: 5})
    shelf.road.until(lambda: shelf.ends() == ["accepted", "duplicate"])
    assert shelf.road.attempts("inventory_update") == ["sent"]


def test_a_file_that_says_what_amazon_has_by_older_files_ends_by_itself(shelf):
    shelf.say(**{SKUS[0]: 5, SKUS[1]: 7})
    shelf.say(**{SKUS[0]: 6})
    shelf.road.until(lambda: shelf.ends() == ["accepted", "accepted"])
    shelf.say(**{SKUS[0]: 6, SKUS[1]: 7})
    shelf.road.until(lambda: shelf.ends() == ["accepted"] * 3)
    assert shelf.road.attempts("inventory_update") == ["sent", "sent"]


def test_a_level_as_accepted_has_not_ended_while_another_is_in_flight(shelf):
    shelf.say(**{SKUS[0]: 5})
    shelf.road.until(lambda: shelf.ends() == ["accepted"])
    shelf.world.amazon.fail("stuck", "submitInventoryUpdate")
    shelf.say(**{SKUS[0]: 9})
    shelf.road.until(settling(shelf.road, "inventory_update"))
    shelf.say(**{SKUS[0]: 5})
    shelf.road.go(20)
    assert shelf.ends()[2] == "None"
    shelf.road.clock.skip(HALF_AN_HOUR)
    shelf.road.until(lambda: shelf.ends()[2] == "accepted", within=600)
    assert shelf.of(SKUS[0]).accepted == 5


def test_a_level_superseded_before_it_was_sent_ends_as_superseded(shelf):
    shelf.say(**{SKUS[0]: 1})
    shelf.road.until(lambda: shelf.ends() == ["accepted"])
    amazon = Shut(shelf.road, "inventory_update")
    shelf.say(**{SKUS[0]: 5})
    shelf.road.until(lambda: "unavailable" in shelf.road.attempts("inventory_update"))
    shelf.say(**{SKUS[0]: 9})
    shelf.say(**{SKUS[0]: 11})
    amazon.shut = False
    shelf.road.until(shelf.accepted(**{SKUS[0]: 11}), within=900)
    shelf.road.until(lambda: shelf.ends()[1:] == ["superseded", "superseded", "accepted"])
    assert len(amazon.posted) == 1  # nothing of the others had left


def test_of_a_part_that_is_refused_each_file_hears_of_its_own_items(shelf):
    skus = [f"AAA-{number}" for number in range(4)]
    for number, sku in enumerate(skus):
        rows = f"WAREHOUSE,SKU,ASIN,QTY\nEWR1,{sku},,{number}\n"
        shelf.world.place(LOCAL, "out/stock", f"STOCK9{number}.csv", rows.encode())
    shelf.road.until(lambda: all((row := shelf.of(sku)) and row.refused for sku in skus))
    assert shelf.road.attempts("inventory_update") == ["sent"]
    with shelf.road.look() as book:
        query = "SELECT id FROM document WHERE kind = 'answer' ORDER BY id"
        answers = [book.documents.get(id).tree for id in book._connection.exec_driver_sql(query).scalars()]
    said = {tree["file"]: [entry["text"] for entry in tree["entries"]] for tree in answers}
    assert said == {f"STOCK9{n}.csv": [f"{sku} is not a valid product ID"] for n, sku in enumerate(skus)}


def test_one_sku_that_amazon_refuses_costs_itself_only(shelf):
    shelf.say(**{SKUS[0]: 5, "AAA-1": 6, SKUS[1]: 7})
    shelf.road.until(shelf.accepted(**{SKUS[0]: 5, SKUS[1]: 7}))
    assert shelf.of("AAA-1").refused
    assert not shelf.of(SKUS[0]).refused
    assert shelf.road.attempts("inventory_update") == ["sent", "sent"]
    shelf.road.until(lambda: shelf.world.visible(LOCAL, "in/answers"))
    (answer,) = shelf.world.folder(LOCAL, "in/answers").glob("[!.]*")
    assert "AAA" in answer.read_text()


@pytest.mark.parametrize("sku", ["AAA-1", "AAA.1", "AAA/1", "M8x1.25", "AAA 100"])
def test_a_sku_without_asin_that_amazon_refuses_costs_itself_only(shelf, sku):
    rows = "".join(f"EWR1,{one},,5\n" for one in (SKUS[0], sku, SKUS[1]))
    shelf.world.place(LOCAL, "out/stock", "STOCK1.csv", f"WAREHOUSE,SKU,ASIN,QTY\n{rows}".encode())
    shelf.road.until(shelf.accepted(**{SKUS[0]: 5, SKUS[1]: 5}))
    assert shelf.of(sku).refused


def test_a_part_that_fails_without_a_name_waits_as_a_whole_until_wanted_anew(opened):
    shelf = Shelf(*opened(orders=[], warehouses=("RNO4",)))  # Amazon knows no EWR1
    shelf.say(**{SKUS[0]: 5, SKUS[1]: 7})
    shelf.road.until(lambda: shelf.ends() == ["rejected"])
    shelf.road.go(20)
    assert shelf.road.attempts("inventory_update") == ["sent"]
    shelf.say(**{SKUS[0]: 5, SKUS[1]: 7})
    shelf.road.until(lambda: shelf.road.attempts("inventory_update") == ["sent", "sent"])
    assert shelf.ends() == ["rejected", "duplicate"]  # it was answered


def halved(shelf, count, bad):
    """Lay a file in which Amazon takes none of the bad items, and does not say which they are."""
    names = {f"AAA-{n}": f"B0000{n:05}" for n in range(count)} | dict.fromkeys(
        bad, "B0&1"
    )  # no identifier comes through so
    shelf.world.amazon.market.account.catalogue |= {sku: asin for sku, asin in names.items() if sku not in bad}
    rows = "".join(f"EWR1,{sku},{asin},5\n" for sku, asin in names.items())
    shelf.world.place(LOCAL, "out/stock", "STOCK1.csv", f"WAREHOUSE,SKU,ASIN,QTY\n{rows}".encode())
    shelf.road.until(lambda: shelf.ends() == ["rejected"], within=1800)
    shelf.road.until(lambda: all("in/answers" in row[1] for row in shelf.road.rows()), within=1800)
    return [sku for sku in names if shelf.of(sku).refused], [sku for sku in names if shelf.of(sku).accepted == 5]


@pytest.mark.parametrize("bad", [("AAA-0",), ("AAA-3", "AAA-4"), ("AAA-39",)])
def test_the_item_for_which_a_part_is_refused_is_found_by_halves(shelf, bad):
    refused, accepted = halved(shelf, 40, bad)
    assert refused == list(bad)
    assert len(accepted) == 40 - len(bad)
    shelf.road.until(lambda: shelf.world.visible(LOCAL, "in/answers"))
    answers = [path.read_text() for path in shelf.world.folder(LOCAL, "in/answers").glob("[!.]*")]
    assert f"'{bad[0]}': … is not a valid product ID" in answers[0]


def test_where_nothing_is_taken_the_items_are_refused_together_after_some_parts(shelf):
    refused, accepted = halved(shelf, 40, [f"AAA-{n}" for n in range(40)])
    assert (len(refused), accepted) == (40, [])
    assert len(shelf.road.attempts("inventory_update")) == levels.TRIES + 1


def test_a_look_at_several_files_of_which_one_was_let_go_meanwhile_tells_of_the_others(opened, taking):
    orders = orders_of((LOCAL,), 2)
    world, road = opened(orders=orders)
    back = threading.Event()
    looked, _ = ill(road, LOCAL, ("look",), lambda puts: len(puts) == 2 and back.wait(300))
    road.until(lambda: any(len(puts) == 2 for (puts,) in looked))
    with road.ledger.commit() as book:
        active = book.work.find(station="settle", state="active")
        lost, _ = (row for row in active if row.route.startswith(LOCAL.called))
        book.work.remove(lost.station, lost.route, lost.subject)
    taking(world)
    back.set()
    ends = lambda: {end for order in orders for end in road.ends("order", order["purchaseOrderNumber"])}  # noqa: E731
    road.until(lambda: ends() == {"accepted", "None"}, within=60)


def test_after_a_part_that_was_given_up_the_next_file_goes_on(shelf):
    amazon = Shut(shelf.road, "inventory_update")
    shelf.say(**{SKUS[0]: 5})
    shelf.road.until(lambda: "unavailable" in shelf.road.attempts("inventory_update"))
    assert shelf.road.ask("reject", shelf.road.row_of("Amazon is down"))[0]
    amazon.shut = False
    shelf.road.go(60)
    assert amazon.posted == []
    shelf.say(**{SKUS[0]: 6})
    shelf.road.until(shelf.accepted(**{SKUS[0]: 6}), within=600)
    assert len(amazon.posted) == 1
