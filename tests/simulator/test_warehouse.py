"""The pretend warehouse system takes what the presets write, and answers as they read it."""

import hashlib
import re
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from translator.simulator import warehouse as simulated
from translator.simulator.dialects import DIALECTS, Line, Order
from translator.simulator.warehouse import Warehouse, WarehouseSettings

NOW = datetime(2026, 12, 1, 17, 30, 45, tzinfo=UTC)

CSV = (
    b"ORDER,CUSTOMER_ORDER,WAREHOUSE,SHIP_METHOD,NAME,LINE,SKU,ASIN,QTY\r\n"
    b'D1,111,EWR1,UPG,"Smith, ""Jo""\nand son",1,SKU-1,B01,2\r\n'
    b"D1,111,EWR1,UPG,x,2,SKU-2,B02,1\r\n"
)
FIXED = (
    "H" + "D1".ljust(20) + "111".ljust(24) + "202612010900" + "202612021700" + "EWR1".ljust(8) + "UPG ".ljust(4) + "NY"
    + "Zoë".ljust(40) + " " * 120 + "Newark".ljust(30) + "NJ".ljust(20) + "07101".ljust(10) + "US " + "\r\n"
    + "D1     " + "SKU-1".ljust(30) + "B01".ljust(10) + "0000002" + "00000001999" + "Thing".ljust(50) + "\r\n"
    + "D2     " + "SKU-2".ljust(30) + "B02".ljust(10) + "0000001" + "00000000500" + "Other".ljust(50) + "\r\n"
    + "T000002000000003\r\n"
).encode("cp1252")  # fmt: skip
XML = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<Order number="D1" status="NEW"><Warehouse>EWR1</Warehouse>'
    b"<ShipMethod>UPG</ShipMethod><Lines>"
    b'<Line number="1"><Sku>SKU-1</Sku><Quantity>2</Quantity></Line>'
    b'<Line number="2"><Sku>SKU-2</Sku><Quantity>1</Quantity></Line></Lines></Order>'
)
FILES = {"csv": ("ORD-D1.csv", CSV), "fixed": ("ORDD1.TXT", FIXED), "xml": ("order-D1.xml", XML)}
CANCELS = {
    "csv": ("CAN-D1.csv", b"ORDER,WAREHOUSE,ACTION\r\nD1,EWR1,CANCEL\r\n"),
    "fixed": ("CAND1.TXT", b"C" + b"D1".ljust(20) + b"EWR1".ljust(8) + b"\r\n"),
    "xml": ("cancel-D1.xml", b'<Cancel number="D1" warehouse="EWR1"/>'),
}


@pytest.fixture(params=["csv", "fixed", "xml"])
def format(request):
    return request.param


@pytest.fixture
def floor(tmp_path, format):
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()

    def opened(**settings):
        settings = WarehouseSettings(**{"zone": "America/New_York", **settings})
        return Warehouse(tmp_path / "in", tmp_path / "out", format, settings, clock=lambda: NOW)

    return opened


def give(tmp_path, format, number="D1"):
    name, data = FILES[format]
    padded = (number.ljust(20), "D1".ljust(20)) if format == "fixed" else (number, "D1")
    (tmp_path / "in" / name.replace("D1", number)).write_bytes(data.replace(padded[1].encode(), padded[0].encode()))


def given(tmp_path, kind):
    names = {"ship": "sh", "stock": "st", "ack": "ack"}[kind]
    return [path.read_bytes() for path in sorted((tmp_path / "out").iterdir()) if path.name.lower().startswith(names)]


def test_an_order_is_read_as_the_preset_writes_it(format):
    asins = ("", "") if format == "xml" else ("B01", "B02")
    lines = (Line("1", "SKU-1", asins[0], 2), Line("2", "SKU-2", asins[1], 1))
    assert DIALECTS[format].read_order(FILES[format][1]) == Order("D1", "EWR1", "UPG", lines)


def test_taken_files_lie_aside_with_their_hash_in_the_log(floor, tmp_path, format):
    give(tmp_path, format)
    floor().step()
    name, data = FILES[format]
    assert list((tmp_path / "in").iterdir()) == []
    assert (tmp_path / "taken" / name).read_bytes() == data
    assert (tmp_path / "taken" / "taken.log").read_text() == f"{name} {hashlib.sha256(data).hexdigest()}\n"


def test_a_second_sighting_is_counted(floor, tmp_path, format):
    warehouse = floor()
    for _ in range(2):
        give(tmp_path, format)
        warehouse.step()
    assert len((tmp_path / "taken" / "taken.log").read_text().splitlines()) == 2
    assert len(list((tmp_path / "taken").glob("*.again"))) == 1


SHIPS = {
    "csv": b"ORDER,LINE,QTY,CARTON,TRACKING,METHOD,LBS,SHIPPED\r\n"
    b"D1,1,2,C000000011,1Z0000000000000011,UPG,1.25,2026-12-01 12:30\r\n"
    b"D1,2,1,C000000011,1Z0000000000000011,UPG,1.25,2026-12-01 12:30\r\n",
    "fixed": (
        "S" + "D1".ljust(20) + "202612011230" + "UPG \r\n"
        "D1     0000002" + "C000000011".ljust(20) + "1Z0000000000000011".ljust(30) + "0000125\r\n"
        "D2     0000001" + "C000000011".ljust(20) + "1Z0000000000000011".ljust(30) + "0000125\r\n"
        "T000002\r\n"
    ).encode(),
    "xml": b"<?xml version='1.0' encoding='utf-8'?>\n"
    b'<Shipments><Shipment order="D1" shipped="2026-12-01T17:30:45Z"><Method>UPG</Method><Carton id="C000000011">'
    b"<Tracking>1Z0000000000000011</Tracking><Weight>1.25</Weight>"
    b'<Content line="1" quantity="2" /><Content line="2" quantity="1" /></Carton></Shipment></Shipments>',
}
STOCKS = {
    "csv": b"WAREHOUSE,SKU,ASIN,QTY\r\nEWR1,SKU-1,B01,998\r\nEWR1,SKU-2,B02,999\r\n",
    "fixed": b"HEWR1    \r\nD" + b"SKU-1".ljust(30) + b"B01       000000998\r\nD" + b"SKU-2".ljust(30)
    + b"B02       000000999\r\nT000002000000001997\r\n",
    "xml": b"<?xml version='1.0' encoding='utf-8'?>\n"
    b'<Stock warehouse="EWR1"><Item sku="SKU-1" free="998" /><Item sku="SKU-2" free="999" /></Stock>',
}  # fmt: skip


def test_a_ship_and_a_stock_file_answer(floor, tmp_path, format):
    give(tmp_path, format)
    floor().step()
    assert given(tmp_path, "ship") == [SHIPS[format]]
    assert given(tmp_path, "stock") == [STOCKS[format]]


def test_names_are_those_the_presets_read(floor, tmp_path, format):
    give(tmp_path, format)
    floor().step()
    patterns = {"csv": r"SHIP\d+\.csv|STOCK\d+\.csv", "xml": r"ship\d+\.xml|stock\d+\.xml"}
    pattern = patterns.get(format, r"SHP\d+\.TXT|STK\d+\.TXT|ACK\d+\.TXT")
    assert all(re.fullmatch(pattern, path.name) for path in (tmp_path / "out").iterdir())


def test_only_the_one_with_ack_files_acknowledges_and_may_refuse(floor, tmp_path, format):
    warehouse = floor(reject=2)
    give(tmp_path, format)
    give(tmp_path, format, "D2")
    warehouse.step()
    if format == "fixed":
        expected = "A" + "D1".ljust(20) + "OK  W0000001    \r\nA" + "D2".ljust(20) + "OUT W0000002    \r\n"
        assert given(tmp_path, "ack") == [expected.encode()]
        assert len(given(tmp_path, "ship")) == 1
    else:
        assert given(tmp_path, "ack") == []


def test_an_order_in_parts_comes_in_two_files_in_two_steps(floor, tmp_path, format):
    warehouse = floor(partial=1)
    give(tmp_path, format)
    warehouse.step()
    assert len(given(tmp_path, "ship")) == 1
    warehouse.step()
    first, second = given(tmp_path, "ship")
    assert b"C000000011" in first
    assert b"C000000012" in second
    warehouse.step()
    assert len(given(tmp_path, "ship")) == 2


def test_a_bad_row_is_sent_and_mended_if_so_told(floor, tmp_path, format):
    warehouse = floor(bad_row=1, mends=True)
    give(tmp_path, format)
    warehouse.step()
    assert b"x2" in given(tmp_path, "ship")[0]
    warehouse.step()
    assert given(tmp_path, "ship")[1] == SHIPS[format]


def test_a_cancelled_order_is_not_shipped(floor, tmp_path, format, monkeypatch):
    warehouse = floor(delay=3600)
    give(tmp_path, format)
    warehouse.step()
    name, data = CANCELS[format]
    (tmp_path / "in" / name).write_bytes(data)
    warehouse.step()
    later = time.monotonic() + 3601
    monkeypatch.setattr(simulated, "time", SimpleNamespace(monotonic=lambda: later))
    warehouse.step()
    assert warehouse.cancelled == ["D1"]
    assert given(tmp_path, "ship") == []


def test_a_slow_ship_file_is_seen_half_written(floor, tmp_path, format, monkeypatch):
    warehouse = floor(slow=0.5)
    give(tmp_path, format)
    pausing, go = threading.Event(), threading.Event()
    monkeypatch.setattr(
        simulated, "time", SimpleNamespace(monotonic=time.monotonic, sleep=lambda _: (pausing.set(), go.wait(60)))
    )
    writing = threading.Thread(target=warehouse.step)
    writing.start()
    assert pausing.wait(60)
    [half] = given(tmp_path, "ship")
    go.set()
    writing.join()
    assert 0 < len(half) < len(given(tmp_path, "ship")[0])


@pytest.mark.parametrize("data", [b"", b"rubbish", b"\xff\xfe", b"ORDER\r\nD1\r\n", b"<Order/>", b"<a", b"H\r\nT\r\n"])
def test_what_it_cannot_read_is_taken_and_told(floor, tmp_path, format, data):
    warehouse = floor()
    name, _ = FILES[format]
    (tmp_path / "in" / name).write_bytes(data)
    warehouse.step()
    assert warehouse.unreadable == [name]


def test_other_files_are_left_alone(floor, tmp_path, format):
    for name in ("ANSWER-1.csv", ".ORD-D1.csv.token.1.tmp", "readme.txt"):
        (tmp_path / "in" / name).write_bytes(b"x")
    floor().step()
    assert len(list((tmp_path / "in").iterdir())) == 3


def test_numbers_go_on_after_a_restart(floor, tmp_path, format):
    for number in ("D1", "D2"):
        give(tmp_path, format, number)
        floor().step()
    assert len(given(tmp_path, "ship")) == 2


def test_it_runs_as_a_thread(floor, tmp_path, format):
    warehouse = floor().start(every=0.01)
    give(tmp_path, format)
    until(lambda: given(tmp_path, "stock"))
    warehouse.stop()


def test_it_runs_as_a_process(tmp_path, floor, format):
    command = [
        sys.executable,
        "-m",
        "translator.simulator.warehouse",
        str(tmp_path / "in"),
        str(tmp_path / "out"),
        format,
    ]
    process = subprocess.Popen([*command, "--every", "0.05", "--zone", "America/Chicago", "--partial", "1"])
    try:
        give(tmp_path, format)
        until(lambda: len(given(tmp_path, "ship")) == 2)
    finally:
        process.kill()
        process.wait()


def until(true):
    for _ in range(2400):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen")
