"""Parcels of an own carrier, and pallets: told once, late when nothing is told, and what a person decides."""

import pytest

from tests.road.conftest import LOCAL
from tests.road.road import an_hour_ago, ship_csv, shipment
from tests.world import orders_of
from translator.service.forgetting import forget

LISTED = """\
    {more}
    to:
      in/print: [labels.yaml, pallet-labels.yaml]
      in/orders: [orders.yaml, cancels.yaml]
      in/answers: answers.yaml
    from:
      out/pack: pallets.yaml
      {scans}
"""


def furnish(world, more, *, scans=False):
    for folder in ("in/print", "out/pack", "out/scan"):
        world.folder(LOCAL, folder).mkdir()
    listed = LISTED.format(more=more, scans="out/scan: status.yaml" if scans else "")

    def change(text):
        before, _, rest = text.partition("    to:\n")
        after = rest.partition("    from:\n")[2]
        return before + listed + after

    world.edit("translator.yaml", change)


@pytest.fixture
def parcels(opened):
    """Open a world with one order of two lines."""

    def open_(more, lines=2, *, scans=False, **how):
        orders = orders_of((LOCAL,), 2)
        (order,) = [one for one in orders if len(one["orderDetails"]["items"]) >= lines][:1]
        world, road = opened(orders=[order], change=lambda world: furnish(world, more, scans=scans), **how)
        number = order["purchaseOrderNumber"]
        road.until(lambda: "acknowledgement accepted" in road.events(number))
        return world, road, order

    return open_


def tracked(world, number):
    """Give the tracking numbers of the labels that Amazon made for an order."""
    labels = world.amazon.state()["orders"][number]["labels"]
    return labels[-1]["tracking"] if labels else []


def scan(number, tracking, event, at):
    """Write a file of the carrier with one scan."""
    header = "ORDER,TRACKING,EVENT,AT,PLACE,STREET,CITY,STATE,POSTCODE,COUNTRY,EXPECTED"
    return f"{header}\n{number},{tracking},{event},{at},Hub,1 Way,Newark,NJ,07101,US,\n"


def test_a_scan_of_an_own_carrier_goes_to_amazon_once_and_after_the_confirmation(parcels):
    world, road, order = parcels("carrier: own", 1, scans=True)
    number = order["purchaseOrderNumber"]
    with (world.site / "mappings/plain-csv/tables/scan_codes.csv").open() as table:
        event = table.read().splitlines()[1].split(",")[1]
    data = scan(number, "1ZC1", event, an_hour_ago(road))
    world.place(LOCAL, "out/scan", "SCAN1.csv", data)
    road.until(lambda: road.held("needs shipment_confirmation accepted"))
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(order)))
    road.until(lambda: "shipment_status accepted" in road.events(number), within=600)
    world.place(LOCAL, "out/scan", "SCAN2.csv", data + "\n")
    road.go(60)
    assert sum(world.amazon.state()["effects"]["submitShipmentStatusUpdates"].values()) == 1


def test_the_tracking_number_of_a_scan_lies_nowhere_in_the_clear(parcels):
    world, road, order = parcels("carrier: own", 1, scans=True)
    number = order["purchaseOrderNumber"]
    with (world.site / "mappings/plain-csv/tables/scan_codes.csv").open() as table:
        event = table.read().splitlines()[1].split(",")[1]
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(order, carton="CANARY")))
    world.place(LOCAL, "out/scan", "SCAN1.csv", scan(number, "1ZCANARY", event, an_hour_ago(road)))
    road.until(lambda: "shipment_status accepted" in road.events(number), within=600)
    road.close()
    kept = b"".join(path.read_bytes() for path in world.site.glob("ledger.db*"))
    assert number.encode() in kept
    assert b"1ZCANARY" not in kept
    road._open()


def forgotten(parcels):
    """Have an order confirmed, and then forgotten since its time is over."""
    world, road, order = parcels("carrier: own", 1, scans=True)
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(order)))
    road.until(lambda: road.stage(order["purchaseOrderNumber"]) == "confirmed", within=600)
    road.clock.skip(40 * 86400)
    assert forget(road.ledger, road.pump.house.site, trusted=True).orders == 1
    return world, road, order


def test_a_scan_of_an_order_that_was_forgotten_is_sent(parcels):
    world, road, order = forgotten(parcels)
    table = (world.site / "mappings/plain-csv/tables/scan_codes.csv").read_text("utf-8")
    event = table.splitlines()[1].split(",")[1]
    world.place(LOCAL, "out/scan", "SCAN1.csv", scan(order["purchaseOrderNumber"], "1ZC1", event, an_hour_ago(road)))
    road.until(lambda: "shipment_status accepted" in road.events(order["purchaseOrderNumber"]), within=600)


def test_a_second_confirmation_of_an_order_that_was_forgotten_is_not_sent(parcels):
    world, road, order = forgotten(parcels)
    world.place(LOCAL, "out/ship", "SHIP2.csv", ship_csv(road.clock, shipment(order, carton="C2")))
    road.until(lambda: road.held("it contradicts what is known"))
    assert road.ask("release", road.row_of("it contradicts"))[0]
    road.until(lambda: road.ends("shipment_confirmation", order["purchaseOrderNumber"]) == ["accepted", "rejected"])


def test_an_own_carrier_that_tells_nothing_for_a_day_is_late(parcels):
    from translator.core.timeline import fold, running

    world, road, order = parcels("carrier: own", 1, scans=True)
    number = order["purchaseOrderNumber"]
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(order)))
    road.until(lambda: road.stage(number) == "confirmed", within=600)
    with road.look() as book:
        (clock,) = running(fold(book.events.of(f"us {number}")))
    assert clock.name == "first scan"
    assert 86000 < clock.due.timestamp() - road.clock.now().timestamp() <= 86400


@pytest.fixture
def pallet(parcels):
    """Open a world with an order that is labelled, and the pallet file about its parcels."""

    def open_():
        world, road, order = parcels("label: {day: accepted}")
        number = order["purchaseOrderNumber"]
        road.until(lambda: tracked(world, number))
        rows = [f"P1,{LOCAL.code},{tracking}" for tracking in tracked(world, number)]
        return world, road, "\n".join(["PALLET,WAREHOUSE,TRACKING", *rows, ""])

    return open_


def on_pallets(world):
    return [name for name in world.visible(LOCAL, "in/print") if name.startswith("PALLET-P1")]


def test_a_pallet_whose_answer_was_lost_is_for_a_person_who_may_have_it_sent_once_more(pallet):
    world, road, rows = pallet()
    world.amazon.fail("closed", "createContainerLabel")
    world.place(LOCAL, "out/pack", "PALLET1.csv", rows)
    road.until(lambda: road.held("sends the same once more"), within=600)
    assert "createContainerLabel" not in world.amazon.state()["effects"]
    assert road.ask("retry", road.row_of("sends the same once more"))[0]
    road.until(lambda: on_pallets(world), within=600)
    assert world.amazon.state()["effects"]["createContainerLabel"] == {"P1": 1}
