"""Hostile inputs 1 to 6, 16, 17, 58 and 59 (reliability-security §3.9) along the whole road, by number.

How the places themselves meet 7 to 15 is in tests/endpoints/test_hostile_files.py; 9 is in tests/service/test_shadow.py, too.
"""

import gzip
import io
import json
import os
import zipfile
from dataclasses import replace

import pytest

from tests.road.conftest import LOCAL
from tests.road.road import ship_xml, shipment
from tests.road.test_turns import collected, stock, turn_of
from tests.world import XML, orders_of

NUMBERS = {
    "input 1: a path": "../../etc/cron.d/x",
    "input 2: a line end": "ABC\n",
    "input 4: an ending of Windows' empty device": "NUL.xml",
    "input 4: a dot at the end": "ABC.",
    "input 4: a blank at the end": "ABC ",
    "input 5: a path from the root": "/etc/x",
    "input 6: five thousand letters": "A" * 5000,
}


@pytest.mark.parametrize("number", NUMBERS.values(), ids=NUMBERS)
def test_an_orders_number_makes_no_path(opened, number):
    (order,) = orders = orders_of((LOCAL,), 1)
    good = order["purchaseOrderNumber"]
    world, road = opened(
        orders=orders, change=lambda world: world.amazon.spoilt.append(("/purchaseOrders", _also(number)))
    )
    road.until(lambda: road.ends("acknowledgement", good) == ["accepted"])
    road.until(lambda: road.held("is no purchase order number"))
    road.go(5)
    assert world.visible(LOCAL) == [f"ORD-{good}.csv"]
    assert max(len(reason) for reason in road.reasons()) < 200
    assert {path.name for path in world.folder(LOCAL).iterdir()} <= {"in", "out", "taken"}


def _also(number):
    """Have a page hold its first order once more, under another number."""

    def change(content):
        tree = json.loads(content)
        page = tree.get("payload", tree)
        page["orders"].append({**page["orders"][0], "purchaseOrderNumber": number})
        return json.dumps(tree).encode()

    return change


@pytest.mark.parametrize("names", ["any", "caseless"])
def test_input_3_orders_whose_numbers_differ_in_capitals_are_both_written(opened, taking, names):
    orders = orders_of((LOCAL,), 2)
    for order, number in zip(orders, ("abc", "ABC"), strict=True):
        order["purchaseOrderNumber"] = number

    def change(world):
        path = world.site / "translator.yaml"
        said = f"in/orders: {{mappings: [orders.yaml, cancels.yaml], names: {names}}}"
        path.write_text(path.read_text().replace("in/orders: [orders.yaml, cancels.yaml]", said))

    world, road = opened(orders=orders, change=change)
    most = 2 if names == "any" else 1  # at once: the second waits until the first is taken
    road.until(lambda: len(world.visible(LOCAL)) == most)
    road.go(5)
    assert len(world.visible(LOCAL)) == most
    road.until(lambda: sorted(taking(world)) == ["ORD-ABC.csv", "ORD-abc.csv"], within=3600)


def test_input_4_an_order_of_the_name_of_a_device_is_held(opened):
    orders = orders_of((LOCAL,), 1)
    orders[0]["purchaseOrderNumber"] = "CON"

    def change(world):
        world.edit(f"mappings/{LOCAL.called}/orders.yaml", lambda text: text.replace('"ORD-{{', '"{{'))

    world, road = opened(orders=orders, change=change)
    road.until(lambda: road.held("the file's name is not safe: Windows keeps it for a device"))
    assert world.visible(LOCAL) == []


# --- 16, 17, 58: what is no file of the WMS at all


def zipped(names=("../../x",), data=b"x"):
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, data)
    return whole.getvalue()


FOREIGN = {
    "input 16: a zip with a path in it": (zipped(), "a zip archive"),
    "input 16: a zip with two members of one name": (zipped(("a.csv", "./a.csv")), "a zip archive"),
    "input 16: a zip that bursts": (zipped(("42",), b"\0" * 20_000_000), "a zip archive"),
    "input 17: a gzip that bursts": (gzip.compress(b"\0" * 20_000_000), "a gzip file"),
    "input 58: a page of an error": (b"\r\n<!DOCTYPE html><html><body>502 Bad Gateway</body></html>", "a web page"),
    "input 58: a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "a PDF"),
    "input 58: a sheet of Excel": (zipped(("[Content_Types].xml", "xl/workbook.xml")), "an Excel or Word file"),
}


@pytest.mark.parametrize(
    "folder, name", [("out/ship", "SHIP1.csv"), ("out/stock", "STOCK1.csv")], ids=["ship", "stock"]
)
@pytest.mark.parametrize("data, what", FOREIGN.values(), ids=FOREIGN)
def test_what_is_no_data_is_recognised_and_held(opened, folder, name, data, what):
    world, road = opened(orders=[])
    world.place(LOCAL, folder, name, data)
    road.until(lambda: road.held(f"{name} is ") and road.held(what))
    road.go(5)
    (row,) = road.rows()
    assert (row[0], row[3]) == ("read", "held")
    assert world.visible(LOCAL, "in/answers") == []
    assert road.ask("reject", road.row_of(what), "a mistake")[0]
    road.until(lambda: world.visible(LOCAL, "in/answers") and not road.held(what))


TWO = (LOCAL, replace(XML, sftp=False, when="known", ways=None))


def test_input_58_a_file_of_another_partner_is_recognised_and_held(opened):
    (order,) = orders_of(TWO[1:], 1)
    world, road = opened(TWO, orders=[])
    world.place(TWO[0], "out/ship", "SHIP1.csv", ship_xml(road.clock, shipment(order)))
    reason = "SHIP1.csv is not what plain-csv/ship.yaml reads; it begins like a file for plain-xml/ship.yaml"
    road.until(lambda: road.held(reason))
    assert world.visible(TWO[0], "in/answers") == []


def test_input_58_what_nobody_would_read_is_rejected_as_before(opened):
    world, road = opened(TWO, orders=[])
    world.place(TWO[0], "out/ship", "SHIP1.csv", b"who,knows\r\n1,2\r\n")
    road.until(lambda: world.visible(TWO[0], "in/answers"))


# --- 59: empty, very many, names that differ by a time


def test_input_59_a_file_of_no_bytes_is_not_skipped_in_silence(opened):
    world, road = opened(orders=[])
    world.place(LOCAL, "out/stock", "STOCK1.csv", b"")
    road.until(lambda: turn_of(road).reason == "STOCK1.csv: waiting because it is empty")
    road.clock.skip(3600)
    road.until(lambda: road.held("waiting because it is empty, for more than an hour"))
    world.place(LOCAL, "out/stock", "STOCK1.csv", stock(1))
    road.until(lambda: collected(road) == ["STOCK1.csv"] and not road.held("empty"))


def test_input_59_names_that_differ_by_a_time_only_are_files_of_their_own(opened):
    world, road = opened(orders=[])
    names = [f"STOCK20261126T1200{second:02}.{part}.csv" for second in range(3) for part in (0, 1)]
    for amount, name in enumerate(names):
        os.utime(world.place(LOCAL, "out/stock", name, stock(amount)), (1000 + amount, 1000 + amount))
    road.until(lambda: collected(road) == names)
    road.until(lambda: road.events("EWR1").count("inventory_update known") == len(names))
    with road.look() as book:
        asked = "SELECT wanted FROM stock"
        assert list(book._connection.exec_driver_sql(asked).scalars()) == [len(names) - 1]


# --- the same name, the same bytes


def test_the_same_name_with_other_bytes_is_new_work_and_equal_bytes_are_what_their_kind_says(opened):
    world, road = opened(orders=[])
    for amount in (5, 6, 6):
        world.place(LOCAL, "out/stock", "STOCK1.csv", stock(amount))
        road.until(lambda: not world.visible(LOCAL, "out/stock"))
        road.go(3)
    assert road.events("EWR1").count("inventory_update known") == 2  # the third tells nothing that the second did not
    with road.look() as book:
        query = "SELECT count(*) FROM event WHERE name = 'read' AND subject LIKE 'interchange %'"
        assert book._connection.exec_driver_sql(query).scalar() == 3
        assert book.work.find(state="held") == []
