"""convert: the pure core from the prompt. The good part is written, the findings say what is not, the exit code whose fault."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import changed, orders, run, run_apart, write_json

ROOT = Path(__file__).parents[2]
MODELS = ROOT.parent / "shared/spapi-models"
EXAMPLES = sorted((MODELS / "examples").glob("getOrder*-200-*.json"))
EXAMPLES = [path for path in EXAMPLES if "Scenario" not in path.name]
WMS = ("plain-csv", "plain-fixed", "plain-xml")
SHIP = "ORDER,LINE,QTY,CARTON,TRACKING,METHOD,LBS,SHIPPED\n"


def mapping(name):
    return ROOT / "mappings" / f"{name}.yaml"


@pytest.fixture
def stored(tmp_path):
    return write_json(tmp_path / "stored.json", {"orders": orders()})


@pytest.mark.parametrize("wms", WMS)
@pytest.mark.parametrize("shape", ["one order", "list", "getOrders 2021-12-28", "getOrders v1"])
def test_an_order_is_written_whatever_it_comes_wrapped_in(tmp_path, wms, shape):
    (order,) = orders(1)
    body = {
        "one order": order,
        "list": [order],
        "getOrders 2021-12-28": {"orders": [order]},
        "getOrders v1": {"payload": {"orders": [order]}},
    }[shape]
    said = run("convert", "-m", mapping(f"{wms}/orders"), write_json(tmp_path / "in.json", body))
    assert order["purchaseOrderNumber"] in said.stdout
    assert said.stderr == ""


@pytest.mark.parametrize("wms", WMS)
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_of_amazons_is_written_and_numbers_alone_are_a_warning(tmp_path, wms, path):
    body = json.loads(path.read_text())["response"]["body"]
    found = body.get("payload", body)
    found = found.get("orders", [found])
    out = tmp_path / "out"
    said = run("convert", "-m", mapping(f"{wms}/orders"), write_json(tmp_path / "in.json", body), "-o", f"{out}/")
    whole = [order for order in found if "orderDetails" in order]
    assert len(list(out.iterdir()) if out.exists() else []) == len(whole)
    assert said.stderr.count("warning field-missing") == len(found) - len(whole)


def test_each_file_has_its_own_name_in_a_folder_that_is_made(tmp_path, stored):
    run("convert", "-m", mapping("plain-csv/orders"), stored, "-o", f"{tmp_path}/new/out/")
    names = {path.name for path in (tmp_path / "new/out").iterdir()}
    assert names == {f"ORD-{order['purchaseOrderNumber']}.csv" for order in orders()}


def test_into_a_folder_that_exists_no_slash_is_needed(tmp_path):
    source = write_json(tmp_path / "in.json", orders(1))
    (tmp_path / "out").mkdir()
    run("convert", "-m", mapping("plain-xml/orders"), source, "-o", tmp_path / "out")
    assert [path.suffix for path in (tmp_path / "out").iterdir()] == [".xml"]


def test_to_stdout_come_the_exact_bytes_of_the_file(tmp_path):
    source = write_json(tmp_path / "in.json", orders(1))
    command = ("convert", "-m", mapping("plain-fixed/orders"), source)
    run(*command, "-o", tmp_path / "out.txt")
    assert run(*command).stdout_bytes == (tmp_path / "out.txt").read_bytes()
    assert (tmp_path / "out.txt").read_bytes().count(b"\r\n") == 3


def test_from_stdin(tmp_path):
    said = run("convert", "-m", mapping("plain-csv/orders"), "-", data=json.dumps(orders(1)))
    assert "KTL-17-RED" in said.stdout


def test_the_zone_of_the_warehouse_is_an_option(tmp_path):
    source = write_json(tmp_path / "in.json", changed(orders(1)[0], "orderDetails.orderDate", "2026-11-25T03:30:00Z"))
    command = ("convert", "-m", mapping("plain-csv/orders"), source)
    assert "2026-11-25 03:30" in run(*command).stdout
    assert "2026-11-24 22:30" in run(*command, "--zone", "America/New_York").stdout


def test_one_order_that_cannot_be_written_costs_itself_only(tmp_path):
    first, second = orders(2)
    body = [changed(first, "orderDetails.shipmentDetails.shipMethod", "ROCKET"), second]
    said = run(
        "convert",
        "-m",
        mapping("plain-csv/orders"),
        write_json(tmp_path / "in.json", body),
        "-o",
        f"{tmp_path}/out/",
        code=1,
    )
    assert [path.name for path in (tmp_path / "out").iterdir()] == [f"ORD-{second['purchaseOrderNumber']}.csv"]
    assert "lookup-miss" in said.stderr
    assert "plain-csv/orders.yaml:" in said.stderr


@pytest.mark.parametrize(
    "path, value, code",
    [
        ("purchaseOrderNumber", "../../x", "po-unsafe"),
        ("orderDetails.items.0.orderedQuantity.amount", -5, "quantity"),
        ("orderDetails.items", None, "field-missing"),
    ],
)
def test_an_order_at_fault_is_told_with_its_place_and_gives_no_file(tmp_path, path, value, code):
    source = write_json(tmp_path / "in.json", changed(orders(1)[0], path, value))
    said = run(
        "convert", "-m", mapping("plain-csv/orders"), source, "-o", f"{tmp_path}/out/", "--findings", "json", code=1
    )
    found = [finding for finding in json.loads(said.stderr) if finding["severity"] == "error"]
    assert code in {finding["code"] for finding in found}
    assert found[0]["data"]["file"] == "in.json"
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("text", ["", "{", '{"orders": [', '{"a": 1, "a": 2}', "[1e999]", "[" * 99 + "]" * 99])
def test_what_is_no_json_is_told_with_its_place(tmp_path, text):
    (tmp_path / "in.json").write_text(text)
    said = run("convert", "-m", mapping("plain-csv/orders"), tmp_path / "in.json", code=1)
    assert re.match(r"in\.json(:\d+:\d+)?: error json-", said.stderr)
    assert said.stdout == ""


def ship(order, **more):
    row = {"CARTON": "C1", "TRACKING": "1Z999", "METHOD": "UPG", "LBS": "2.5", "SHIPPED": "2026-11-25 10:00"} | more
    for item in order["orderDetails"]["items"]:
        line = {
            "ORDER": order["purchaseOrderNumber"],
            "LINE": item["itemSequenceNumber"],
            "QTY": item["orderedQuantity"]["amount"],
        }
        yield ",".join(str((line | row)[name]) for name in SHIP.strip().split(",")) + "\n"


def test_a_ship_file_becomes_what_amazon_is_sent_one_order_a_body(tmp_path, stored):
    first, second, *_ = orders()
    (tmp_path / "SHIP1.csv").write_text(SHIP + "".join([*ship(second), *ship(first)]))
    said = run(
        "convert",
        "-m",
        mapping("plain-csv/ship"),
        tmp_path / "SHIP1.csv",
        "--stored",
        stored,
        "--at",
        "2026-11-25T18:00:00Z",
    )
    sent = json.loads(said.stdout)
    assert [one["operation"] for one in sent] == ["submitShipmentConfirmations"] * 2
    bodies = [one["body"]["shipmentConfirmations"] for one in sent]
    assert [body[0]["purchaseOrderNumber"] for body in bodies] == [
        second["purchaseOrderNumber"],
        first["purchaseOrderNumber"],
    ]
    assert [item["shippedQuantity"]["amount"] for item in bodies[0][0]["items"]] == [4, 1, 2]
    assert bodies[0][0]["containers"][0]["shipMethod"] == "UPS_GR_RES"


def test_stored_orders_may_be_a_folder_of_files(tmp_path):
    folder = tmp_path / "stored"
    folder.mkdir()
    for number, order in enumerate(orders(3)):
        write_json(folder / f"{number}.json", order)
    (tmp_path / "SHIP1.csv").write_text(SHIP + "".join(ship(orders(3)[2])))
    command = ("convert", "-m", mapping("plain-csv/ship"), tmp_path / "SHIP1.csv", "--at", "2026-11-25T18:00:00Z")
    assert len(json.loads(run(*command, "--stored", folder).stdout)) == 1


def test_an_order_that_is_not_stored_is_a_finding_and_its_neighbour_goes_on(tmp_path):
    first, second = orders(2)
    (tmp_path / "SHIP1.csv").write_text(SHIP + "".join([*ship(first), *ship(second)]))
    stored = write_json(tmp_path / "stored.json", [second])
    command = ("convert", "-m", mapping("plain-csv/ship"), tmp_path / "SHIP1.csv", "--stored", stored)
    said = run(*command, "--at", "2026-11-25T18:00:00Z", code=1)
    assert len(json.loads(said.stdout)) == 1
    assert "SHIP1.csv:2" in said.stderr
    assert "unknown-order" in said.stderr


def test_a_bad_row_costs_its_order_only_and_is_told_with_line_and_mapping(tmp_path, stored):
    first, second, *_ = orders()
    (tmp_path / "SHIP1.csv").write_text(SHIP + "".join([*ship(first, METHOD="XXX"), *ship(second)]))
    command = ("convert", "-m", mapping("plain-csv/ship"), tmp_path / "SHIP1.csv", "--stored", stored)
    said = run(*command, "--at", "2026-11-25T18:00:00Z", code=1)
    assert len(json.loads(said.stdout)) == 1
    assert re.search(r"SHIP1\.csv:2 .*error lookup-miss: .*\[mapping plain-csv/ship\.yaml:\d+", said.stderr)


def test_what_stops_several_orders_is_told_once(tmp_path, stored):
    first, second, *_ = (one["purchaseOrderNumber"] for one in orders())
    (tmp_path / "ship.yaml").write_text(
        "reads: shipment_confirmation\nformat: csv\nrecords:\n"
        "  H: {times: 0.., fields: {code: {is: H}, ORDER: {}}}\n"
        "  T: {fields: {code: {is: T}, rows: {type: integer, equals: count(H)}}}\n"
        "documents: {each: H, about: {order: ORDER}, shipmentDetails: {shipmentStatus: {text: FLOOR_DENIAL}}}\n"
    )
    (tmp_path / "S1.csv").write_text(f"H,{first}\nH,{second}\nT,3\n")
    said = run("convert", "-m", tmp_path / "ship.yaml", tmp_path / "S1.csv", "--stored", stored, code=1)
    assert said.stderr.count("error equals: ") == 1


def test_an_order_that_is_not_whole_yet_is_shown_with_a_warning(tmp_path, stored):
    second = orders()[1]
    (tmp_path / "SHIP1.csv").write_text(SHIP + next(iter(ship(second))))
    command = ("convert", "-m", mapping("plain-csv/ship"), tmp_path / "SHIP1.csv", "--stored", stored)
    said = run(*command, "--at", "2026-11-25T18:00:00Z")
    assert "waits for lines 2, 3" in said.stderr


def test_a_long_inventory_file_is_one_update_for_each_warehouse(tmp_path, stored):
    rows = "".join(f"{'EWR1' if number % 3 else 'ORD2'},S{number:05},,{number}\n" for number in range(2_500))
    (tmp_path / "STOCK1.csv").write_text(f"WAREHOUSE,SKU,ASIN,QTY\n{rows}")
    said = run("convert", "-m", mapping("plain-csv/stock"), tmp_path / "STOCK1.csv", "--stored", stored)
    sent = {one["path"].split("/")[-2]: one["body"]["inventory"]["items"] for one in json.loads(said.stdout)}
    assert {name: len(items) for name, items in sent.items()} == {"ORD2": 834, "EWR1": 1_666}


def test_of_inventory_the_good_items_go_on(tmp_path, stored):
    (tmp_path / "STOCK1.csv").write_text("WAREHOUSE,SKU,ASIN,QTY\nEWR1,0007,,5\nEWR1,KTL-17-RED,,-5\n")
    command = ("convert", "-m", mapping("plain-csv/stock"), tmp_path / "STOCK1.csv", "--stored", stored)
    said = run(*command, code=1)
    (sent,) = json.loads(said.stdout)
    assert sent["path"].endswith("/warehouses/EWR1/items")
    assert [item["vendorProductIdentifier"] for item in sent["body"]["inventory"]["items"]] == ["0007"]
    assert "STOCK1.csv:3" in said.stderr


def test_a_number_of_a_sequence_is_given_and_is_else_one(tmp_path):
    answer = {
        "file": "SHIP1.csv",
        "at": "2026-11-25T12:00:00Z",
        "entries": [{"kind": "order", "code": "x", "text": "y"}],
    }
    source = write_json(tmp_path / "in.json", answer)
    command = ("convert", "-m", mapping("plain-csv/answers"), source, "-o", f"{tmp_path}/out/")
    run(*command)
    run(*command, "--sequence", "answer=42")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["ANSWER-1.csv", "ANSWER-42.csv"]


@pytest.mark.parametrize("wms", ["plain-csv", "plain-fixed"])
def test_records_of_a_file_and_back_are_the_same_bytes(tmp_path, wms):
    run(
        "convert",
        "-m",
        mapping(f"{wms}/orders"),
        write_json(tmp_path / "in.json", orders(2)[1:]),
        "-o",
        tmp_path / "out.txt",
    )
    records = run("convert", "-m", mapping(f"{wms}/orders"), tmp_path / "out.txt", "--records").stdout
    first = json.loads(records)[0]
    assert first["fields"]["ORDER" if wms == "plain-csv" else "order_no"].strip() == orders(2)[1]["purchaseOrderNumber"]
    (tmp_path / "records.json").write_text(records)
    run("convert", "-m", mapping(f"{wms}/orders"), tmp_path / "records.json", "--records", "-o", tmp_path / "again.txt")
    assert (tmp_path / "again.txt").read_bytes() == (tmp_path / "out.txt").read_bytes()


def test_records_fill_a_fixed_line_on_the_side_the_layout_says(tmp_path):
    layout = """
reads: inventory_update
format: fixed
newline: lf
fields: {sku: {len: 6, justify: right}, state: {len: 3}, qty: {len: 5, type: integer, pad: 0}}
documents: {warehouseId: {text: EWR1}}
"""
    (tmp_path / "stock.yaml").write_text(layout)
    (tmp_path / "in.txt").write_text("    A1OK 00007\n   B22   00012\n")
    records = run("convert", "-m", tmp_path / "stock.yaml", tmp_path / "in.txt", "--records").stdout
    (tmp_path / "records.json").write_text(records.replace('"00012"', "12").replace('"    A1"', '"A1"'))
    run("convert", "-m", tmp_path / "stock.yaml", tmp_path / "records.json", "--records", "-o", tmp_path / "again.txt")
    assert (tmp_path / "again.txt").read_bytes() == (tmp_path / "in.txt").read_bytes()


def test_records_that_fit_no_layout_are_refused(tmp_path):
    (tmp_path / "records.json").write_text('[{"record": "rwo", "fields": {}}]')
    said = run("convert", "-m", mapping("plain-csv/orders"), tmp_path / "records.json", "--records", code=1)
    assert "did you mean 'row'?" in said.stderr


def test_a_mapping_that_is_wrong_ends_with_2_and_writes_nothing(tmp_path):
    text = mapping("plain-csv/orders").read_text().replace("order.purchaseOrderNumber", "order.purchaseOrderNumer")
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables/ship_methods.csv").write_bytes(
        (ROOT / "mappings/plain-csv/tables/ship_methods.csv").read_bytes()
    )
    (tmp_path / "orders.yaml").write_text(text)
    source = write_json(tmp_path / "in.json", orders(1))
    said = run("convert", "-m", tmp_path / "orders.yaml", source, "-o", f"{tmp_path}/out/", code=2)
    assert re.search(r"orders\.yaml:\d+:\d+", said.stderr)
    assert not (tmp_path / "out").exists()


def test_a_mapping_may_lie_anywhere_with_its_tables_beside_it(tmp_path):
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables/ship_methods.csv").write_bytes(
        (ROOT / "mappings/plain-csv/tables/ship_methods.csv").read_bytes()
    )
    (tmp_path / "mine.yaml").write_bytes(mapping("plain-csv/orders").read_bytes())
    said = run("convert", "-m", tmp_path / "mine.yaml", write_json(tmp_path / "in.json", orders(1)))
    assert said.stdout.startswith("ORDER,")


@pytest.mark.parametrize(
    "words, code",
    [
        (("--at", "yesterday"), "option-at"),
        (("--zone", "Mars/Olympus"), "option-zone"),
        (("--sequence", "answer=x"), "option-sequence"),
    ],
)
def test_a_word_of_the_command_line_that_means_nothing_ends_with_2(tmp_path, words, code):
    source = write_json(tmp_path / "in.json", orders(1))
    assert code in run("convert", "-m", mapping("plain-csv/orders"), source, *words, code=2).stderr


def test_files_that_are_not_there_end_with_2(tmp_path):
    source = write_json(tmp_path / "in.json", orders(1))
    assert "file-unreadable" in run("convert", "-m", tmp_path / "no.yaml", source, code=2).stderr
    assert "file-unreadable" in run("convert", "-m", mapping("plain-csv/orders"), tmp_path / "no.json", code=2).stderr


def test_no_personal_value_is_in_a_finding(tmp_path):
    order = changed(orders(1)[0], "orderDetails.shipToParty.name", "Wilhelmina " * 20)
    said = run("convert", "-m", mapping("plain-csv/orders"), write_json(tmp_path / "in.json", order), code=1)
    assert "Wilhelmina" not in said.stderr


def test_the_command_is_there_as_a_module_and_needs_no_site(tmp_path):
    source = write_json(tmp_path / "in.json", orders(1))
    done = run_apart("convert", "-m", mapping("plain-csv/orders"), source, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("ORDER,")


def test_an_order_that_is_read_from_a_file_is_given_as_amazon_gives_it(tmp_path):
    fields = "ORDER: {}, VENDOR: {}, WH: {}, LINE: {}, QTY: {type: integer}, PRICE: {type: decimal}"
    item = "{each: row, itemSequenceNumber: LINE, orderedQuantity: {amount: QTY}, netPrice: {amount: PRICE}}"
    (tmp_path / "in.yaml").write_text(
        f"reads: order\nformat: csv\nheader: true\nfields: {{{fields}}}\n"
        "documents:\n  group: ORDER\n  purchaseOrderNumber: ORDER\n  orderDetails:\n"
        "    sellingParty: {partyId: VENDOR}\n    shipFromParty: {partyId: WH}\n"
        f"    items: {item}\n"
    )
    (tmp_path / "in.csv").write_text("ORDER,VENDOR,WH,LINE,QTY,PRICE\nD1,ACMEG,EWR1,1,2,24.50\n")
    said = run("convert", "-m", tmp_path / "in.yaml", tmp_path / "in.csv")
    (order,) = json.loads(said.stdout)
    assert order["purchaseOrderNumber"] == "D1"
    assert order["orderDetails"]["items"][0]["netPrice"] == {"amount": "24.50"}
    assert said.stderr.count("warning field-missing") == said.stderr.count("warning") > 0  # much is left to be desired


def test_a_file_of_which_nothing_becomes_a_document_says_so(tmp_path):
    (tmp_path / "in.yaml").write_text(
        "reads: acknowledgement\nformat: csv\nheader: true\nfields: {ORDER: {}, STATUS: {}}\n"
        "documents:\n  each: row if STATUS == 'OK'\n  about: {order: ORDER}\n"
    )
    (tmp_path / "in.csv").write_text("ORDER,STATUS\nD1,LATER\n")
    said = run("convert", "-m", tmp_path / "in.yaml", tmp_path / "in.csv")
    assert said.stdout == "[]\n"
    assert "in.csv: info no-document: the file was read" in said.stderr


TOGETHER = """\
writes: order
format: csv
batch: {most: 9}
let: {run: counter('run')}
file: "OUT{{ run }}.csv"
each: o in batch
fields: {run: run, order: o.purchaseOrderNumber, method: {from: o.orderDetails.shipmentDetails.shipMethod, lookup: {UPS: U}}}
"""


def test_an_order_at_fault_stays_out_of_its_file_and_the_others_are_written(tmp_path):
    (tmp_path / "m.yaml").write_text(TOGETHER)
    method = "orderDetails.shipmentDetails.shipMethod"
    some = [changed(one, method, word) for one, word in zip(orders(3), ("UPS", "DHL", "UPS"), strict=True)]
    said = run("convert", "-m", tmp_path / "m.yaml", write_json(tmp_path / "in.json", some), code=1)
    assert said.stdout.splitlines() == [f"1,{one['purchaseOrderNumber']},U" for one in (some[0], some[2])]
    assert said.stderr.count("lookup-miss-hold") == 1
    assert f"/1/{method.replace('.', '/')}" in said.stderr


def test_a_letter_that_the_charset_lacks_is_told_with_what_writes_it_otherwise(tmp_path):
    text = "writes: order\nformat: csv\ncharset: cp850\nfile: a.csv\nfields: {A: {text: Łódź}}\n"
    (tmp_path / "m.yaml").write_text(text)
    said = run("convert", "-m", tmp_path / "m.yaml", write_json(tmp_path / "in.json", orders(1)), code=1)
    assert "`substitute: plain_letters` writes Ł as L" in said.stderr
    (tmp_path / "m.yaml").write_text(text.replace("file:", "substitute: plain_letters\nfile:"))
    run("convert", "-m", tmp_path / "m.yaml", tmp_path / "in.json", "-o", tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes().decode("cp850").strip() == "Lódz"


def test_a_letter_without_a_plain_one_is_told_so_whatever_is_substituted(tmp_path):
    for more in ("", "substitute: plain_letters\n"):
        text = f"writes: order\nformat: csv\ncharset: cp850\n{more}file: a.csv\nfields: {{A: {{text: 北}}}}\n"
        (tmp_path / "m.yaml").write_text(text)
        said = run("convert", "-m", tmp_path / "m.yaml", write_json(tmp_path / "in.json", orders(1)), code=1)
        assert "it has no plain letter: `substitute: {…: …}` says what stands for this one" in said.stderr
        assert "plain_letters" not in said.stderr


def test_a_reader_who_has_seen_enough_is_no_fault_of_the_command_line(tmp_path):
    path = write_json(tmp_path / "in.json", orders(1))
    words = [sys.executable, "-m", "translator", "convert", "-m", str(mapping("plain-csv/orders")), str(path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as converting:
        converting.stdout.close()
        assert converting.stderr.read() == ""


def test_without_a_site_it_says_how_the_vendor_is_said(tmp_path):
    mapping = tmp_path / "stock.yaml"
    mapping.write_text(
        "reads: inventory_update\nformat: csv\nheader: true\nfields: {SKU: {}, QTY: {type: integer}}\n"
        "documents:\n  warehouseId: {text: EWR1}\n"
        "  items: {each: row, vendorProductIdentifier: SKU, availableQuantity: {amount: QTY}}\n"
    )
    (tmp_path / "stock.csv").write_text("SKU,QTY\nA,1\n")
    assert "--vendor says it" in run("convert", "-m", mapping, tmp_path / "stock.csv", code=1).stderr
    run("convert", "-m", mapping, tmp_path / "stock.csv", "--vendor", "ACMEG")
    mapping.write_text(mapping.read_text().replace("availableQuantity: {amount: QTY}", "availableQuantity: QTY"))
    said = run("convert", "-m", mapping, tmp_path / "stock.csv", "--vendor", "ACMEG", code=1).stderr
    assert "an object is expected, not '1' (hint: say what is in it, each by its name)" in said.replace(" [mapping", "")
