"""show layout: a page for the people of the WMS, in their words, from any mapping: text, Markdown, HTML, JSON."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from lxml import etree

from tests.cli.command import run, run_json
from tests.presets import MAPPINGS
from translator.cli.behind.layout import pattern

ROOT = Path(__file__).parents[2]


def layout(name):
    return run_json("show", "layout", ROOT / "mappings" / f"{name}.yaml")


def fields(name):
    found = layout(name)
    return {(one["record"], line["field"]): line for one in found["records"] for line in one["fields"]}


def written(tmp_path, text, *words):
    path = tmp_path / "orders.yaml"
    path.write_text(text)
    return run_json("show", "layout", path, *words)


def test_a_field_of_a_segment_stands_where_people_say():
    found = fields("x12/945")
    assert [found["W12", name]["place"] for name in ("status", "shipped", "sku")] == ["W12-01", "W12-03", "W12-08"]


def test_a_fixed_layout_shows_from_where_to_where():
    found = fields("plain-fixed/orders")
    assert [found["H", name]["place"] for name in ("code", "order_no", "customer_no")] == ["1", "2–21", "22–45"]
    assert {one["record"]: one["length"] for one in layout("plain-fixed/orders")["records"]} == {
        "H": "306",
        "D": "115",
        "T": "16",
    }


def test_a_position_that_is_given_counts_and_the_next_field_follows_it(tmp_path):
    text = (
        "writes: order\nformat: fixed\nfile: a.txt\nfields:\n  a: {len: 2, text: AA}\n  b: {at: 10, len: 3, text: BBB}\n"
        "  c: {len: 1, text: C}\n"
    )
    (row,) = written(tmp_path, text)["records"]
    assert [line["place"] for line in row["fields"]] == ["1–2", "10–12", "13"]
    assert row["length"] == "13"


def test_a_column_is_counted_however_long_what_stands_in_it_is(tmp_path):
    text = (
        "writes: order\nformat: csv\nfile: a.txt\nfields:\n  a: {len: 6, text: AAAAAA}\n  b: {text: B}\n"
        "  c: {at: 5, text: C}\n"
    )
    (row,) = written(tmp_path, text)["records"]
    assert [line["place"] for line in row["fields"]] == ["1", "2", "5"]


def test_what_a_field_is_comes_from_and_means_is_said_in_words():
    found = fields("plain-fixed/orders")
    assert found["H", "ship_by"]["type"] == "date YYYYMMDDHHMI"
    assert found["H", "ship_by"]["notes"] == "time of the warehouse"
    assert found["H", "ship_by"]["value"] == "orderDetails.shipmentDetails.shipmentDates.requiredShipDate"
    assert found["H", "ship_by"]["description"] == "must leave the warehouse by then"
    assert found["H", "gift"]["codes"] == "true → Y, false → N"
    assert found["D", "price"]["type"] == "decimal, 2 places implied"
    assert found["D", "price"]["notes"] == "filled with zeros on the left"
    assert found["T", "lines"]["value"] == "= count(D)"
    assert (found["H", "code"]["constant"], found["H", "code"]["required"]) == ("H", "yes")
    assert found["H", "state"]["required"] == "may be blank"


def test_how_often_a_record_stands_is_said():
    often = {one["record"]: one["times"] for one in layout("plain-fixed/orders")["records"]}
    assert often == {"H": "once", "D": "once per item", "T": "once"}
    assert [(one["record"], one["depth"], one["times"]) for one in layout("plain-xml/ship")["records"]] == [
        ("Shipments", 0, "once"),
        ("Shipment", 1, "any number"),
        ("Shipment/Carton", 2, "any number"),
        ("Shipment/Carton/Content", 3, "any number"),
    ]


def test_a_field_that_is_read_says_where_it_goes():
    found = fields("plain-csv/ship")
    assert found["row", "TRACKING"]["value"] == "containers[].trackingNumber"
    assert "says which order is meant" in found["row", "ORDER"]["description"]
    assert "says which line of the order is meant" in found["row", "LINE"]["description"]


def test_tables_are_listed_with_their_codes():
    tables = layout("plain-csv/ship")["tables"]
    assert {"amazon": "UPS_2ND", "wms": "UP2", "name": "UPS second day"} in tables["ship_methods"]
    text = run("show", "layout", ROOT / "mappings/plain-csv/ship.yaml").stdout
    assert re.search(r"Codes: ship_methods\s.*UPS_2ND +UP2 +UPS second day", text, re.DOTALL)


def test_a_segment_is_headed_by_its_tag_and_its_qualifier():
    text = run("show", "layout", ROOT / "mappings/x12/940.yaml").stdout
    assert "ship_to N1*ST (once)" in text
    assert "gift N9*ZZ (at most once)" in text
    found = layout("x12/940")["records"]
    assert {one["record"]: one["place"] for one in found}["line"] == "N9*LI"
    assert "line N9\\*LI (once)" in run("show", "layout", ROOT / "mappings/x12/940.yaml", "--format", "markdown").stdout


def test_what_a_format_brings_to_read_alone_is_no_part_of_what_is_written():
    often = {one["record"]: one["times"] for one in layout("x12/940")["records"]}
    assert "TA1" not in often
    assert [often[name] for name in ("ISA", "GS", "ST", "IEA")] == ["once", "once", "once per order", "once"]
    assert "TA1" in {one["record"] for one in layout("x12/ta1")["records"]}


def test_a_field_does_not_come_from_what_decides_whether_its_record_stands():
    found = fields("x12/940")
    assert "value" not in found["phone", "kind"]
    assert found["phone", "number"]["value"] == "orderDetails.shipToParty.phone"
    assert "value" not in found["gift", "value"]


@pytest.mark.parametrize(
    "written, read",
    [
        ("%Y%m%d", "YYYYMMDD"),
        ("%m/%d/%y %H:%M", "MM/DD/YY HH:MI"),
        ("%j%%", "DDD%"),
        ("cyymmdd", "CYYMMDD"),
        ("%q", "%q"),
    ],
)
def test_a_pattern_is_written_as_people_write_it(written, read):
    assert pattern(written) == read


@pytest.mark.parametrize("path", MAPPINGS, ids=lambda path: f"{path.parent.name}/{path.stem}")
@pytest.mark.parametrize("form", ["text", "markdown", "html", "json"])
def test_every_mapping_has_a_page_in_every_form(path, form):
    said = run("show", "layout", path, "--format", form)
    assert said.stderr == ""
    assert f"{path.parent.name}/{path.name}" in said.stdout


def test_markdown_tables_have_as_many_cells_in_every_row(tmp_path):
    (tmp_path / "orders.yaml").write_text(
        "writes: order\nformat: csv\nfile: a.csv\ndelimiter: '|'\n"
        "fields:\n  A: {text: 'x|y\\z <b>'}\n  B: order.purchaseOrderNumber\n"
    )
    text = run("show", "layout", tmp_path / "orders.yaml", "--format", "markdown").stdout
    tables = [line for line in text.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in tables} == {len(re.findall(r"(?<!\\)\|", tables[0]))}
    assert "x\\|y\\\\z &lt;b>" in text
    assert len({len(line) for line in tables}) == 1


class Nesting(HTMLParser):
    """Notes what a page asks for, and the text it shows."""

    def __init__(self):
        super().__init__()
        self.links, self.ids, self.texts, self.tags = [], set(), [], []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.append(tag)
        self.links += [value for name, value in given.items() if name in ("href", "src")]
        self.ids |= {given["id"]} if "id" in given else set()

    def handle_data(self, data):
        self.texts.append(data)


def page(*words):
    read = Nesting()
    read.feed(run("show", "layout", *words, "--format", "html").stdout)
    return read


def test_html_asks_for_nothing_else_and_its_links_lead_to_its_tables():
    read = page(ROOT / "mappings/plain-fixed/orders.yaml")
    assert read.links == ["#codes-ship_methods"]
    assert read.ids == {"codes-ship_methods"}
    assert not {"script", "link", "img", "iframe"} & set(read.tags)
    assert read.tags.count("tbody") == 4


def test_what_a_mapping_says_is_text_in_html_never_markup(tmp_path):
    (tmp_path / "orders.yaml").write_text(
        "writes: order\nformat: csv\nfile: a.csv\nfields: {A: {text: '<script>alert(1)</script>'}, B: order.purchaseOrderNumber}\n"
    )
    read = page(tmp_path / "orders.yaml")
    assert "script" not in read.tags
    assert "<script>alert(1)</script>" in read.texts


def test_every_row_of_a_page_has_a_cell_for_every_title():
    text = run("show", "layout", ROOT / "mappings/plain-xml/ship.yaml", "--format", "html").stdout
    tables = etree.fromstring(text, etree.HTMLParser()).findall(".//table")
    assert len(tables) == 4
    for table in tables:
        assert {len(row) for row in table.findall("tbody/tr")} == {len(table.findall("thead/tr/th"))}


def test_a_template_has_no_layout_and_says_so():
    said = run("show", "layout", ROOT / "mappings/plain-xml/orders.yaml").stdout
    assert "the template plain-xml/order.xml.j2 writes the file" in said


def test_several_files_of_one_mapping_have_a_page_each(tmp_path):
    (tmp_path / "orders.yaml").write_text(
        "writes: order\nformat: csv\nfiles:\n"
        "  heads: {file: h.csv, fields: {PO: order.purchaseOrderNumber}}\n"
        "  ready: {file: h.ok}\n"
    )
    heads, ready = run_json("show", "layout", tmp_path / "orders.yaml")
    assert [line["field"] for line in heads["records"][0]["fields"]] == ["PO"]
    assert ready["records"] == []
    text = run("show", "layout", tmp_path / "orders.yaml").stdout
    assert "an empty file" in text
    assert page(tmp_path / "orders.yaml").tags.count("h1") == 2
