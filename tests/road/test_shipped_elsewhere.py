"""An order whose shipment somebody else confirmed at Amazon: what its warehouse told is done by that, or for a person."""

from tests.road import elsewhere
from tests.road.conftest import LOCAL
from tests.road.road import an_hour_ago, ship_csv, shipment
from tests.road.test_decisions import ask
from tests.road.test_invoices import POLICY, bill, billed
from tests.road.test_parcels import parcels, scan
from tests.world import orders_of

assert billed, parcels  # fixtures


def confirmed(world):
    return world.amazon.state()["effects"].get("submitShipmentConfirmations", {})


def part_told(opened):
    """Have one of the three lines of an order told as shipped."""
    order = orders_of((LOCAL,), 2)[1]
    number, lines = (
        order["purchaseOrderNumber"],
        [item["itemSequenceNumber"] for item in order["orderDetails"]["items"]],
    )
    world, road = opened(orders=[order])
    road.until(lambda: "accepted" in road.ends("acknowledgement", number))
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(order, lines[:1])))
    road.until(lambda: road.held("waits for lines"))
    return world, road, number, order, lines


def test_what_waits_for_more_waits_no_longer(opened):
    world, road, number, *_ = part_told(opened)
    elsewhere.turn(world, number, "SHIPPED")
    road.until(lambda: road.ends("shipment_confirmation", number) == ["accepted"])
    road.go(20)
    assert confirmed(world) == {}
    assert road.stage(number) == "confirmed"


def test_a_ship_file_that_comes_afterwards_is_not_sent(opened):
    (order,) = orders_of((LOCAL,), 1)
    number = order["purchaseOrderNumber"]
    world, road = opened(orders=[order])
    road.until(lambda: "accepted" in road.ends("acknowledgement", number))
    elsewhere.turn(world, number, "SHIPPED")
    road.until(lambda: road.stage(number) == "confirmed")
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(order)))
    road.until(lambda: road.ends("shipment_confirmation", number) == ["accepted"])
    assert confirmed(world) == {}


def test_what_contradicts_waits_for_its_person_all_the_same(opened):
    world, road, number, order, lines = part_told(opened)
    told = ship_csv(road.clock, shipment(order, lines[:1]))
    world.place(LOCAL, "out/ship", "SHIP2.csv", told.replace(b",1.25,", b",2.5,"))
    road.until(lambda: road.held("it contradicts what is known"))
    elsewhere.turn(world, number, "SHIPPED")
    road.until(lambda: "accepted" in road.ends("shipment_confirmation", number))
    road.go(20)
    assert road.held("it contradicts what is known")
    assert confirmed(world) == {}


def test_that_it_was_denied_is_for_a_person(opened):
    (order,) = orders_of((LOCAL,), 1)
    number = order["purchaseOrderNumber"]
    world, road = opened(orders=[order])
    road.until(lambda: "accepted" in road.ends("acknowledgement", number))
    world.amazon.fail("throttled", "submitShipmentConfirmations", times=3)
    assert ask(road, "deny", number, reason="broken")[0]
    elsewhere.turn(world, number, "SHIPPED")
    road.until(lambda: road.held("the order was shipped at Amazon"), within=600)
    assert confirmed(world) == {}


def test_a_scan_that_waits_for_the_confirmation_is_sent(parcels):
    world, road, order = parcels("carrier: own", 1, scans=True)
    number = order["purchaseOrderNumber"]
    table = (world.site / "mappings/plain-csv/tables/scan_codes.csv").read_text()
    event = table.splitlines()[1].split(",")[1]
    world.place(LOCAL, "out/scan", "SCAN1.csv", scan(number, "1ZC1", event, an_hour_ago(road)))
    road.until(lambda: road.held("needs shipment_confirmation accepted"))
    elsewhere.turn(world, number, "SHIPPED")
    road.until(lambda: "shipment_status sent" in road.events(number))


def test_an_invoice_that_waits_for_the_confirmation_is_sent(billed):
    world, road, (order,) = billed()
    number = order["purchaseOrderNumber"]
    road.until(lambda: "accepted" in road.ends("acknowledgement", number))
    world.place(LOCAL, "out/bills", "INV1.csv", bill(order, "A-1"))
    road.until(lambda: road.held("needs shipment_confirmation accepted"))
    elsewhere.turn(world, number, "SHIPPED")
    road.until(lambda: "invoice sent" in road.events(number))


def test_an_invoice_is_made_of_what_was_told_of_the_shipment(billed):
    world, road, (order,) = billed(POLICY)
    number = order["purchaseOrderNumber"]
    road.until(lambda: "accepted" in road.ends("acknowledgement", number))
    elsewhere.turn(world, number, "SHIPPED")
    road.until(lambda: road.stage(number) == "confirmed")
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(order)))
    road.until(lambda: "invoice sent" in road.events(number))
    assert confirmed(world) == {}
