"""explain: from a place in a file to the rule and the source, and back, for what is written and what is read."""

import base64
import json
import re
from pathlib import Path

import pytest

from tests.cli.command import run, run_json
from tests.presets import MAPPINGS as PRESETS

ROOT = Path(__file__).parents[2]
MAPPINGS = [f"{path.parent.name}/{path.stem}" for path in PRESETS]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("explain") / "site"
    systems = sorted({name.partition("/")[0] for name in MAPPINGS})
    run("init", folder, *[word for name in systems for word in ("--preset", name)])
    return folder


def explained(site, name, *words, code=0):
    return run_json("explain", name, "-C", site, *words, code=code)


def test_a_place_in_a_written_file_leads_to_its_rule_and_its_source(site):
    (cell,) = explained(site, "plain-fixed/orders", "--place", "2:60")
    assert (cell["record"], cell["field"], cell["text"]) == ("D", "price", "00000002450")
    assert (cell["column"], cell["until"]) == (55, 65)
    assert cell["rule"]["line"] == 35
    (end,) = cell["ends"]
    assert (end["path"], end["value"]) == ("/orderDetails/items/0/netPrice/amount", "24.50")


def test_the_bytes_it_names_are_those_of_the_field(site):
    (file,) = run_json("preview", "plain-fixed/orders", "-C", site)["files"]
    data = file["text"].encode("cp1252")
    for cell in explained(site, "plain-fixed/orders"):
        assert data[cell["start"] : cell["end"]].decode("cp1252") == cell["text"]


def test_a_lookup_shows_the_row_of_its_table(site):
    said = run("explain", "plain-fixed/orders", "-C", site, "--field", "H.ship_method").stdout
    assert "  through  plain-fixed/tables/ship_methods.csv:3: UPS_GR_RES → UPG\n" in said
    assert "  rule     plain-fixed/orders.yaml:17: ship_method: {len: 4," in said


TITLE = (
    "order.orderDetails.items.title orderDetails.items[].title orderDetails.items[0].title /orderDetails/items/0/title"
)


@pytest.mark.parametrize("path", TITLE.split())
def test_a_path_is_understood_however_it_is_written(site, path):
    (cell,) = explained(site, "plain-fixed/orders", "--path", path)
    assert (cell["record"], cell["field"]) == ("D", "title")


def test_a_path_to_an_object_leads_to_all_that_comes_from_inside_it(site):
    fields = [cell["field"] for cell in explained(site, "plain-fixed/orders", "--path", "orderDetails.shipToParty")]
    assert fields == ["name", "address1", "address2", "city", "state", "postcode", "country"]


def test_a_number_says_which_entry_is_meant(site):
    sample = site / "samples/plain-csv/orders/two-lines/in.json"
    both = run_json("explain", "plain-csv/orders", sample, "-C", site, "--path", "orderDetails.items.title")
    (second,) = run_json("explain", "plain-csv/orders", sample, "-C", site, "--path", "orderDetails.items[1].title")
    assert len(both) == 2
    assert second["line"] == 3


def test_an_element_is_found_as_findings_name_it(site):
    (cell,) = explained(site, "x12/940", "--place", "4 W05-02")
    assert (cell["record"], cell["field"], cell["element"]) == ("W05", "order", "4 W05-02")
    (cell,) = explained(site, "x12/945", "two-cartons", "--place", "9:W12-03")
    assert (cell["record"], cell["field"]) == ("W12", "shipped")
    said = run("explain", "x12/940", "-C", site, "--place", "4 W05-09", code=2).stderr
    assert "segment 4 has: W05-01, W05-02, W05-03" in said


def test_what_is_counted_says_of_what(site):
    assert "  equals   count(D)\n" in run("explain", "plain-fixed/orders", "-C", site, "--field", "lines").stdout


def test_a_place_in_a_file_that_is_read_leads_to_amazons_field(site):
    said = run("explain", "plain-csv/ship", "-C", site, "--place", "2:20").stdout
    assert said.startswith("in.csv:2:18–23  row.TRACKING  1Z0001\n")
    assert (
        "  goes to  containers[].trackingNumber  (the carrier's number of it)  by plain-csv/ship.yaml:22: TRACKING\n"
        in said
    )


def test_amazons_field_leads_back_to_the_places_in_the_file(site):
    cells = explained(site, "plain-csv/ship", "--path", "containers.packedItems.packedQuantity.amount")
    assert [(cell["line"], cell["field"], cell["text"]) for cell in cells] == [(2, "QTY", "1"), (3, "QTY", "4")]


def test_what_a_value_decides_is_said_as_well(site):
    (cell, _) = explained(site, "plain-csv/ship", "--field", "ORDER")
    assert {end["what"] for end in cell["ends"]} == {"group", "order"}


def test_nothing_needs_to_be_stored_for_it(site, tmp_path):
    (tmp_path / "SHIP9.csv").write_text(
        "ORDER,LINE,QTY,CARTON,TRACKING,METHOD,LBS,SHIPPED\nNONE,1,1,C1,1Z0001,UPG,4.5,2026-12-01 12:30\n"
    )
    (cell,) = run_json("explain", "plain-csv/ship", tmp_path / "SHIP9.csv", "-C", site, "--place", "2:10")
    assert [end["path"] for end in cell["ends"]] == ["containers[]", "containers[].containerIdentifier"] or cell[
        "field"
    ]


def test_a_byte_that_is_no_letter_is_told_in_json_too(site, tmp_path):
    slip = json.loads((ROOT / "samples/plain-csv/slips/one-page/in.json").read_bytes())
    slip["content"] = base64.b64encode(b"%PDF-1.4 \xe2\xe3").decode()
    (tmp_path / "in.json").write_text(json.dumps(slip))
    (cell,) = run_json("explain", "plain-csv/slips", tmp_path / "in.json", "-C", site)
    assert cell["text"] == "%PDF-1.4 \\xe2\\xe3"


@pytest.mark.parametrize("name", MAPPINGS)
def test_every_mapping_can_be_explained(site, name):
    template = name in {"plain-xml/orders", "plain-xml/cancels", "plain-xml/answers"}
    said = run("explain", name, "-C", site, code=1 if template else 0).stdout
    assert re.search(r"([\w-]+/[\w-]+\.yaml|format \w+):\d", said) or (template and "it asks" in said)


def test_of_a_template_it_is_said_where_it_asks_for_what(site):
    said = run("explain", "plain-xml/orders", "-C", site, code=1).stdout
    assert "the template plain-xml/order.xml.j2 writes the file; it asks" in said
    assert "  line 3: order.purchaseOrderNumber\n" in said


@pytest.mark.parametrize(
    "words, said",
    [
        (["--place", "2:999"], "line 2 has: code 1–1, line 2–7"),
        (["--place", "99:1"], "fields stand in the lines 1 to 3"),
        (["--place", "x"], "is no LINE:COLUMN"),
        (["--field", "D.qtty"], "did you mean 'D.qty'?"),
        (["--path", "orderDetails.shipToParty.nam"], "did you mean"),
        (["--path", "a", "--field", "b"], "one of --place"),
    ],
)
def test_what_is_not_there_is_said_with_what_is(site, words, said):
    assert said in run("explain", "plain-fixed/orders", "-C", site, *words, code=2).stderr


def test_a_field_of_amazons_that_nothing_asks_for_leads_nowhere(site):
    said = run("explain", "plain-fixed/orders", "-C", site, "--path", "orderDetails.shipToParty.phone", code=1)
    assert "nothing in the file comes from orderDetails.shipToParty.phone" in said.stdout


def test_a_cell_over_several_lines_is_found_from_each_of_them(tmp_path):
    (tmp_path / "m.yaml").write_text(
        'writes: order\nformat: csv\nfile: a.csv\nfields: {A: {text: "x\\ny"}, B: order.purchaseOrderNumber}\n'
    )
    for place, field in (("1:1", "A"), ("2:1", "A"), ("2:2", "A"), ("2:5", "B")):
        (cell,) = run_json("explain", tmp_path / "m.yaml", "--place", place)
        assert cell["field"] == field


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "cp037"])
def test_bytes_are_counted_in_the_charset_of_the_file(tmp_path, charset):
    (tmp_path / "m.yaml").write_text(
        f"writes: order\nformat: csv\ncharset: {charset}\nfile: a.csv\n"
        "fields: {A: {text: 'é1'}, B: order.purchaseOrderNumber}\n"
    )
    (tmp_path / "order.json").write_bytes((ROOT / "samples/plain-csv/orders/one-line/in.json").read_bytes())
    run("convert", "-m", tmp_path / "m.yaml", tmp_path / "order.json", "-o", tmp_path / "out")
    data = (tmp_path / "out").read_bytes()
    for cell in run_json("explain", tmp_path / "m.yaml", tmp_path / "order.json"):
        piece = data[cell["start"] : cell["end"]]
        assert piece.decode("utf-16-le" if charset == "utf-16" else charset) == cell["text"]


def test_a_field_of_the_mapping_that_this_file_leaves_out_is_told_from_one_that_there_is_not(site):
    refused = run("explain", "x12/940", "one-line", "-C", site, "--field", "message.words", code=2).stderr
    assert "'message.words' stands nowhere in this file" in refused
    assert "it is a field of the mapping" in refused


def test_where_several_files_are_written_each_place_says_in_which(tmp_path):
    (tmp_path / "m.yaml").write_text(
        "writes: order\nformat: csv\nfiles:\n"
        "  head: {file: a.hdr, fields: {PO: order.purchaseOrderNumber}}\n"
        "  lines: {file: a.lin, each: i in order.orderDetails.items, fields: {PO: order.purchaseOrderNumber}}\n"
    )
    said = run("explain", tmp_path / "m.yaml").stdout.splitlines()[1:]
    assert {line.partition(":")[0] for line in said if line} == {"a.hdr", "a.lin"}
