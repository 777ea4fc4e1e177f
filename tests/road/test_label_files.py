"""The presets' files beside the orders, on the road: labels with their index, slips, pack files, scans, pallets."""

from dataclasses import replace

import pytest

from tests.road.conftest import LOCAL
from tests.road.road import an_hour_ago, ship_csv, shipment
from tests.road.test_decisions import ask
from tests.world import orders_of

TO, FROM = "      in/orders: [orders.yaml, cancels.yaml]\n", "    from:\n"
PRINTED = "      in/labels: [labels.yaml, slips.yaml]\n"
NOW = replace(LOCAL, more="    label: {day: accepted}\n")  # not on the ship day, which may be tomorrow
PACK = "ORDER,CARTON,LINE,QTY,LBS,LENGTH,WIDTH,HEIGHT\r\n"
SCAN = "ORDER,TRACKING,EVENT,AT,PLACE,STREET,CITY,STATE,POSTCODE,COUNTRY,EXPECTED\r\n"


def listing(to="", from_=""):
    """Have a site list more folders, and make them."""

    def change(world):
        for line in (to + from_).splitlines():
            world.folder(LOCAL, line.strip().partition(":")[0]).mkdir(parents=True, exist_ok=True)
        world.edit("translator.yaml", lambda text: text.replace(TO, TO + to).replace(FROM, FROM + from_))

    return change


@pytest.mark.parametrize("form", ["PNG", "ZPL"])
def test_a_label_and_a_slip_come_as_files_and_the_index_names_the_label(opened, form):
    (order,) = orders_of((LOCAL,), 1)
    order["orderDetails"]["shipmentDetails"]["isPslipRequired"] = True
    number = order["purchaseOrderNumber"]
    world, road = opened((NOW,), [order], change=listing(PRINTED), label_format=form, type="label-only")
    names = [f"LABEL-{number}-1.{form.lower()}", f"LABEL-{number}.csv", f"SLIP-{number}.pdf"]
    road.until(lambda: world.visible(LOCAL, "in/labels") == names, within=900)
    label, index, slip = ((world.folder(LOCAL, "in/labels") / name).read_bytes() for name in names)
    assert label.startswith({"PNG": b"\x89PNG\r\n\x1a\n", "ZPL": b"^XA"}[form])
    assert slip.startswith(b"%PDF-")
    header, row = index.decode().splitlines()
    assert header == "ORDER,PACKAGE,TRACKING,METHOD,FILE"
    assert row.startswith(f"{number},")
    assert row.endswith(names[0])


def test_a_label_that_is_made_again_waits_until_the_warehouse_took_the_one_of_its_name(opened, taking):
    (order,) = orders_of((LOCAL,), 1)
    number = order["purchaseOrderNumber"]
    world, road = opened((NOW,), [order], change=listing(PRINTED))
    names = [f"LABEL-{number}-1.png", f"LABEL-{number}.csv"]
    road.until(lambda: world.visible(LOCAL, "in/labels") == names, within=900)
    first = {name: (world.folder(LOCAL, "in/labels") / name).read_bytes() for name in names}
    ok, said = ask(road, "relabel", number)
    assert ok, said
    road.until(lambda: "shipping_label changed" in road.events(number), within=900)
    road.go(30)
    assert {name: (world.folder(LOCAL, "in/labels") / name).read_bytes() for name in names} == first
    taking(world, below="in/labels")
    road.until(lambda: world.visible(LOCAL, "in/labels") == names, within=900)
    again = {name: (world.folder(LOCAL, "in/labels") / name).read_bytes() for name in names}
    assert again[names[1]] != first[names[1]]


def test_the_confirmation_gives_each_carton_the_number_of_its_own_label_in_whatever_order_it_was_scanned(opened):
    order = next(one for one in orders_of((LOCAL,), 20) if len(one["orderDetails"]["items"]) > 1)
    number, lines = order["purchaseOrderNumber"], order["orderDetails"]["items"]
    world, road = opened((NOW,), [order], change=listing(PRINTED, "      out/pack: pack.yaml\n"))
    road.until(lambda: "acknowledgement accepted" in road.events(number))
    cartons = {line["itemSequenceNumber"]: f"C{n}" for n, line in enumerate(lines, start=1)}
    rows = [
        f"{number},{cartons[one['itemSequenceNumber']]},{one['itemSequenceNumber']},{one['orderedQuantity']['amount']},1,,,"
        for one in lines
    ]
    world.place(LOCAL, "out/pack", "PACK1.csv", PACK + "\r\n".join([*rows, ""]))
    road.until(lambda: f"LABEL-{number}.csv" in world.visible(LOCAL, "in/labels"), within=900)
    told = shipment(order)
    packed = [replace(one, carton=cartons[one.line], tracking="") for one in reversed(told.packed)]
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, replace(told, packed=tuple(packed))))
    road.until(lambda: road.stage(number) == "confirmed", within=900)
    (sent,) = [one for one in world.amazon.state()["submissions"] if one["operation"] == "submitShipmentConfirmations"]
    (confirmed,) = sent["body"]["shipmentConfirmations"]
    by_carton = {one["containerIdentifier"]: one["trackingNumber"] for one in confirmed["containers"]}
    tracked = world.amazon.state()["orders"][number]["labels"][-1]["tracking"]
    assert by_carton == {f"C{n}": tracking for n, tracking in enumerate(tracked, start=1)}


def test_with_a_pack_file_each_carton_has_a_label_and_before_it_none_is_asked_for(opened):
    (order,) = orders_of((LOCAL,), 1)
    number, lines = order["purchaseOrderNumber"], order["orderDetails"]["items"]
    world, road = opened((NOW,), [order], change=listing(PRINTED, "      out/pack: pack.yaml\n"))
    road.until(lambda: "acknowledgement accepted" in road.events(number))
    road.go(600)
    assert "label_request written" not in road.events(number)
    rows = [
        f"{number},C{carton},{line['itemSequenceNumber']},{amount},1.5,,,"
        for line in lines
        for carton, amount in ((1, 1), (2, line["orderedQuantity"]["amount"] - 1))
        if amount
    ]
    world.place(LOCAL, "out/pack", "PACK1.csv", PACK + "\r\n".join([*rows, ""]))
    cartons = {row.split(",")[1] for row in rows}
    road.until(lambda: f"LABEL-{number}.csv" in world.visible(LOCAL, "in/labels"), within=900)
    files = [name for name in world.visible(LOCAL, "in/labels") if name.endswith(".png")]
    index = (world.folder(LOCAL, "in/labels") / f"LABEL-{number}.csv").read_text().splitlines()
    assert len(files) == len(index) - 1 == len(cartons)


def test_a_scan_of_the_carrier_becomes_a_status_at_amazon_after_the_confirmation(opened):
    (order,) = orders_of((LOCAL,), 1)
    number = order["purchaseOrderNumber"]
    world, road = opened(orders=[order], change=listing(from_="      out/scans: status.yaml\n"))
    road.until(lambda: "acknowledgement accepted" in road.events(number))
    at = an_hour_ago(road)
    row = f"{number},1ZC1,HUB,{at},Own Wheels,4 Hub Street,Edison,NJ,08817,US,\r\n"
    world.place(LOCAL, "out/scans", "SCAN1.csv", SCAN + row)
    road.go(30)
    assert "shipment_status sent" not in road.events(number)
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(order)))
    road.until(lambda: "shipment_status accepted" in road.events(number), within=900)


def test_a_pallet_file_is_answered_with_the_label_of_the_pallet(opened):
    (order,) = orders_of((LOCAL,), 1)
    to = PRINTED + "      in/pallets: pallet-labels.yaml\n"
    world, road = opened((NOW,), [order], change=listing(to, "      out/pallets: pallets.yaml\n"))
    index = f"LABEL-{order['purchaseOrderNumber']}.csv"
    road.until(lambda: index in world.visible(LOCAL, "in/labels"), within=900)
    tracking = (world.folder(LOCAL, "in/labels") / index).read_text().splitlines()[1].split(",")[2]
    world.place(LOCAL, "out/pallets", "PALLET1.csv", f"PALLET,WAREHOUSE,TRACKING\r\nPAL0001,EWR1,{tracking}\r\n")
    road.until(lambda: world.visible(LOCAL, "in/pallets"), within=300)
    assert world.visible(LOCAL, "in/pallets") == ["PALLET-PAL0001.png"]
    assert (world.folder(LOCAL, "in/pallets") / "PALLET-PAL0001.png").read_bytes().startswith(b"\x89PNG")


def test_the_label_of_a_pallet_that_no_mapping_writes_yet_waits_for_one(opened):
    (order,) = orders_of((LOCAL,), 1)
    pallets = "      in/pallets: pallet-labels.yaml\n"
    world, road = opened((NOW,), [order], change=listing(PRINTED, "      out/pallets: pallets.yaml\n"))
    index = f"LABEL-{order['purchaseOrderNumber']}.csv"
    road.until(lambda: index in world.visible(LOCAL, "in/labels"), within=900)
    tracking = (world.folder(LOCAL, "in/labels") / index).read_text().splitlines()[1].split(",")[2]
    world.place(LOCAL, "out/pallets", "PALLET1.csv", f"PALLET,WAREHOUSE,TRACKING\r\nPAL0001,EWR1,{tracking}\r\n")
    road.until(lambda: road.held("no mapping of any WMS writes container_labels for warehouse EWR1"), within=300)
    world.folder(LOCAL, "in/pallets").mkdir()
    world.edit("translator.yaml", lambda text: text.replace(PRINTED, PRINTED + pallets))
    road.reload()
    road.until(lambda: world.visible(LOCAL, "in/pallets") == ["PALLET-PAL0001.png"])


def test_a_pack_file_that_is_wrong_is_answered_like_any_other_file(opened):
    (order,) = orders_of((LOCAL,), 1)
    number = order["purchaseOrderNumber"]
    world, road = opened((NOW,), [order], change=listing(PRINTED, "      out/pack: pack.yaml\n"))
    road.until(lambda: "acknowledgement accepted" in road.events(number))
    world.place(LOCAL, "out/pack", "PACK1.csv", PACK + f"{number},C1,1,one,,,,\r\n")
    road.until(lambda: world.visible(LOCAL, "in/answers"), within=120)
    (name,) = world.visible(LOCAL, "in/answers")
    said = (world.folder(LOCAL, "in/answers") / name).read_text()
    assert f"PACK1.csv,2,{number},QTY,number-syntax" in said
