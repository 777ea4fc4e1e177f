"""Several mappings for one folder or one kind, and several files for one document: each finds its own."""

from tests.road.conftest import LOCAL
from tests.road.road import ship_csv, shipment
from tests.world import orders_of

STOCK = "mappings/plain-csv/stock.yaml"
SHIP = "mappings/plain-csv/ship.yaml"


def number_of(order):
    return order["purchaseOrderNumber"]


def listed(before, after):
    return lambda world: world.edit("translator.yaml", lambda text: text.replace(before, after))


# --- one folder, several mappings ---------------------------------------------------------------------------------


def one_folder(world):
    """Let ship and stock files come out of one folder, with names that say nothing."""
    for path in (STOCK, SHIP):
        world.edit(path, lambda text: "\n".join(line for line in text.splitlines() if not line.startswith("file:")))
    world.edit("translator.yaml", lambda text: text.replace("out/ship: ship.yaml", "out/ship: [ship.yaml, stock.yaml]"))
    world.edit(
        "translator.yaml", lambda text: "\n".join(line for line in text.splitlines() if "out/stock:" not in line)
    )


def test_a_file_is_read_by_the_mapping_that_recognises_it(opened):
    (order,) = orders_of((LOCAL,), 1)
    world, road = opened(orders=[order], change=one_folder)
    road.until(lambda: world.visible(LOCAL))
    world.place(LOCAL, "out/ship", "A.csv", ship_csv(road.clock, shipment(order)))
    sku = order["orderDetails"]["items"][0]["vendorProductIdentifier"]
    world.place(LOCAL, "out/ship", "B.csv", f"WAREHOUSE,SKU,ASIN,QTY\n{LOCAL.code},{sku},,3\n")
    road.until(lambda: road.ends("shipment_confirmation", number_of(order)) == ["accepted"])
    road.until(lambda: world.amazon.state()["inventory"].get(LOCAL.code, {}).get(sku, {}).get("amount") == 3)


def test_a_file_that_none_of_the_mappings_recognises_is_held(opened):
    world, road = opened(orders=[], change=one_folder)
    world.place(LOCAL, "out/ship", "C.csv", "SOMETHING,ELSE\n1,2\n")
    road.until(lambda: road.held("2 mappings take a file of this name, and none recognises it: C.csv"))
