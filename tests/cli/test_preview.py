"""preview: what a mapping makes of a sample, so that every blank and column can be seen; again at each save."""

import json
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.command import orders, run, run_json, write_json
from tests.presets import MAPPINGS as PRESETS
from translator.cli.behind.drawing import drawn, summary
from translator.cli.behind.visible import difference
from translator.core.finding import Place
from translator.mapping.layout import Field, MappingFile, Record
from translator.mapping.row import Row

ROOT = Path(__file__).parents[2]
SYSTEMS = ["plain-csv", "plain-fixed", "plain-xml", "plain-json", "x12", "edifact"]
MAPPINGS = [f"{path.parent.name}/{path.stem}" for path in PRESETS]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "site"
    run("init", folder, *[word for name in SYSTEMS for word in ("--preset", name)])
    return folder


@pytest.fixture
def site(made, tmp_path):
    """Give a site of some presets, which may be changed."""
    return shutil.copytree(made, tmp_path / "site")


def edit(path, before, after):
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Give a site of all presets, which is looked at and not changed."""
    folder = tmp_path_factory.mktemp("preview") / "site"
    systems = sorted({name.partition("/")[0] for name in MAPPINGS})
    run("init", folder, *[word for name in systems for word in ("--preset", name)])
    return folder


@pytest.mark.sweep
@pytest.mark.parametrize("name", MAPPINGS)
def test_every_mapping_finds_a_sample_of_its_own_of_which_nothing_is_refused_and_shows_it(whole, name):
    all_told = all((path.parent / "findings.txt").exists() for path in whole.glob(f"samples/{name}/*/in*"))
    said = run("preview", name, "-C", whole)
    assert bool(said.stderr) == all_told
    assert said.stdout.startswith(f"{name}.yaml with samples/{name}/")


def test_fixed_width_stands_under_a_ruler_and_the_names_of_its_fields(site):
    lines = run("preview", "plain-fixed/orders", "-C", site).stdout.splitlines()
    assert lines[2].startswith("ORDD4kTz8Qw8.TXT: 3 lines, ")
    assert lines[2].endswith(", cp1252, line ends CR LF")
    ruler, names, first = lines[4], lines[5], lines[6]
    assert ruler.strip().startswith("----+----|")
    assert first.endswith("US·␍␊")
    for name, value in (("order_no", "D4kTz8Qw8"), ("customer_no", "112-0000001"), ("ordered", "2026120109")):
        assert first[names.index(f"|{name}") :].startswith(value)
    assert ruler[first.index("112-0000001") :].startswith("---+----|")  # position 22


def test_delimited_files_are_a_table_with_the_names_of_the_fields(site):
    lines = run("preview", "plain-csv/ship", "-C", site).stdout.splitlines()
    head, row = lines[3], lines[4]
    assert head.split() == ["row", "ORDER", "LINE", "QTY", "CARTON", "TRACKING", "METHOD", "LBS", "SHIPPED"]
    assert head.index("SHIPPED") == row.index("2026-12-01·12:30")
    assert row.split()[0] == "2"


def test_a_file_that_is_read_shows_its_records_and_what_amazon_is_sent(site):
    said = run("preview", "plain-xml/ship", "-C", site).stdout
    assert "     5     Carton  @id=C1  Tracking=1Z0001  Weight=4.5\n" in said
    assert "Amazon is sent: submitShipmentConfirmations\n" in said


def test_a_file_about_an_order_nobody_gave_shows_its_document_nevertheless(site, tmp_path):
    (tmp_path / "SHIP1.csv").write_text(
        "ORDER,LINE,QTY,CARTON,TRACKING,METHOD,LBS,SHIPPED\nA1,1,3,C1,1Z1,UPG,4.5,2026-12-01 12:30\n"
    )
    said = run("preview", "plain-csv/ship", tmp_path / "SHIP1.csv", "-C", site, code=1)
    assert '"trackingNumber": "1Z1"' in said.stdout
    assert '"amount": 3' in said.stdout
    assert "error unknown-order: order A1 is not known (hint: here --stored gives the orders it is about" in said.stderr


def test_stored_orders_time_and_zone_can_be_said(site, tmp_path):
    (order,) = orders(1)
    number, line = order["purchaseOrderNumber"], order["orderDetails"]["items"][0]["itemSequenceNumber"]
    (tmp_path / "SHIP1.csv").write_text(
        f"ORDER,LINE,QTY,CARTON,TRACKING,METHOD,LBS,SHIPPED\n{number},{line},1,C1,1Z1,UPG,4.5,2026-11-25 12:30\n"
    )
    stored = write_json(tmp_path / "order.json", order)
    words = ["--stored", stored, "--zone", "Asia/Tokyo", "--at", "2026-12-01T18:00:00Z"]
    said = run("preview", "plain-csv/ship", tmp_path / "SHIP1.csv", "-C", site, *words)
    assert '"shippedDate": "2026-11-25T03:30:00Z"' in said.stdout


def test_orders_and_ship_files_have_the_zone_of_the_warehouse_in_the_site_unless_another_is_said(site, tmp_path):
    edit(site / "translator.yaml", "EWR1: America/New_York", "LAX9: America/Los_Angeles")
    (order,) = orders(1)
    order["orderDetails"] |= {"orderDate": "2026-12-01T02:30:00Z", "shipFromParty": {"partyId": "LAX9"}}
    source = write_json(tmp_path / "order.json", order)
    assert "2026-11-30·18:30" in run("preview", "plain-csv/orders", source, "-C", site).stdout
    assert "2026-12-01·02:30" in run("preview", "plain-csv/orders", source, "-C", site, "--zone", "UTC").stdout
    cell, *_ = run_json("explain", "plain-csv/orders", source, "-C", site, "--field", "ORDERED")
    assert cell["text"] == "2026-11-30 18:30"
    ship = tmp_path / "SHIP1.csv"
    number = order["purchaseOrderNumber"]
    ship.write_text(
        f"ORDER,LINE,QTY,CARTON,TRACKING,METHOD,LBS,SHIPPED\n{number},1,1,C1,1Z1,UPG,4.5,2026-11-25 12:30\n"
    )
    for words in ([], ["--stored", source]):
        code = 0 if words else 1  # of an order that nobody gave, what it says is shown
        said = run("preview", "plain-csv/ship", ship, "-C", site, *words, code=code).stdout
        assert '"2026-11-25T20:30:00Z"' in said


def test_what_cannot_be_written_is_shown_as_far_as_it_goes_with_the_line_of_the_mapping(site):
    edit(
        site / "mappings/plain-fixed/orders.yaml",
        "{len: 24, from: d.customerOrderNumber}",
        "{len: 4, from: d.customerOrderNumber}",
    )
    said = run("preview", "plain-fixed/orders", "-C", site, code=1)
    assert "(cannot be written: see below)" in said.stdout
    assert "HD4kTz8Qw8···············2026" in said.stdout
    assert "value-too-long" in said.stderr
    shown, under = said.stderr.splitlines()[1:3]
    assert shown[under.index("^") :].startswith("customer_no")


def test_a_mapping_that_is_wrong_is_told_with_a_caret(site):
    edit(site / "mappings/plain-csv/orders.yaml", "lookup: ship_methods", "lookup: ship_method")
    said = run("preview", "plain-csv/orders", "-C", site, code=2)
    assert "^~~~" in said.stderr
    assert said.stdout == ""


def test_a_mapping_named_by_its_path_is_told_with_a_caret_from_anywhere(site, tmp_path, monkeypatch):
    path = site / "mappings/plain-csv/orders.yaml"
    path.write_text(path.read_text().replace("type: integer", "type: intger"))
    monkeypatch.chdir(tmp_path)
    assert "type: intger" in run("preview", path, code=2).stderr


def test_a_mapping_named_without_its_warehouse_system_is_told_with_the_whole_name(site):
    said = run("preview", "orders", "-C", site, code=2).stderr
    assert "did you mean edifact/orders.yaml or plain-csv/orders.yaml or plain-fixed/orders.yaml or" in said


def test_without_samples_of_its_own_an_order_of_the_site_is_taken_and_without_those_one_of_ours(site):
    shutil.copytree(site / "mappings/plain-csv", site / "mappings/mine")
    assert "with samples/" in run("preview", "mine/orders", "-C", site).stdout
    shutil.rmtree(site / "samples")
    said = run("preview", "mine/orders", "-C", site).stdout
    assert said.startswith("mine/orders.yaml with in.json\n")
    assert "ORDER" in said


def test_a_reading_mapping_without_a_sample_says_what_it_wants(site):
    shutil.rmtree(site / "samples")
    said = run("preview", "plain-csv/ship", "-C", site, code=2).stderr
    assert "sample-missing" in said
    assert "samples/plain-csv/ship/first/" in said


def test_a_mapping_alone_in_a_folder_is_shown_too(tmp_path):
    (tmp_path / "orders.yaml").write_text(
        "writes: order\nformat: csv\nfile: 'a.csv'\nfields: {PO: order.purchaseOrderNumber}\n"
    )
    assert "a.csv: 1 line, " in run("preview", tmp_path / "orders.yaml").stdout


def test_json_holds_files_records_and_findings(site):
    found = run_json("preview", "plain-fixed/orders", "-C", site)
    (file,) = found["files"]
    assert found["ok"]
    assert file["text"].startswith("HD4kTz8Qw8 ")
    assert [record["record"] for record in file["records"]] == ["H", "D", "T"]
    read = run_json("preview", "plain-csv/ship", "-C", site)
    assert read["records"][0]["fields"]["TRACKING"] == "1Z0001"
    assert read["documents"][0]["kind"] == "shipment_confirmation"
    assert read["sent"][0]["operation"] == "submitShipmentConfirmations"


# --- watching --------------------------------------------------------------------------------------------------------


class Watched:
    """A preview that watches, in a process of its own, and what it has said so far."""

    def __init__(self, site, name, log):
        self.log = log
        with log.open("wb") as out:
            words = [sys.executable, "-m", "translator", "preview", name, "-C", str(site), "--watch"]
            self.process = subprocess.Popen(words, stdout=out, stderr=subprocess.STDOUT)

    def says(self, text, after=0):
        """Wait for a text; give how much was said by then."""
        for _ in range(1200):
            said = self.log.read_text(encoding="utf-8")
            if text in said[after:]:
                return len(said)
            time.sleep(0.1)
        raise AssertionError(self.log.read_text(encoding="utf-8"))

    def end(self):
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)


@pytest.fixture
def watched(site, tmp_path):
    one = Watched(site, "plain-csv/orders", tmp_path / "log")
    yield one
    if one.process.poll() is None:
        one.process.kill()
        one.process.wait()


def test_it_draws_again_at_each_save_and_a_half_saved_mapping_leaves_the_last_picture(site, watched):
    path = site / "mappings/plain-csv/orders.yaml"
    whole = path.read_text()
    said = watched.says("D4kTz8Qw8")
    path.write_text(whole.replace("  ORDER: ", "  NUMBER:"))
    said = watched.says("NUMBER", said)
    path.write_text(whole[: whole.index("QTY:") + 9])
    said = watched.says("(as it was before)", said)
    assert "NUMBER" in watched.log.read_text()[-3000:]
    path.write_text(whole.replace("  ORDER: ", "  PO_NUMB:"))
    watched.says("PO_NUMB", said)
    assert watched.end() == 0


def test_a_table_and_a_sample_are_watched_as_well(site, watched):
    said = watched.says("D4kTz8Qw8")
    table = site / "mappings/plain-csv/tables/ship_methods.csv"
    table.write_text(table.read_text().replace(",UPG,", ",ZZZ,"))
    watched.says("ZZZ", said)
    assert watched.end() == 0


# --- how it is drawn -------------------------------------------------------------------------------------------------


def mapping(form, **options):
    return MappingFile("a/b.yaml", Place(), "reads", ("order",), form, options)


def test_control_characters_and_blanks_at_ends_are_seen_in_text():
    lines = drawn(mapping("xml"), b"<a> b\tc \x7f\r\n  </a>\r", ())
    assert lines == ["     1 <a> b␉c ␡␍␊", "     2   </a>␍"]


def test_what_stands_in_one_line_is_broken_over_several():
    assert drawn(mapping("json"), b'{"a":[1,2]}', ()) == [
        "     1 {", '     2   "a": [', "     3     1,", "     4     2", "     5   ]", "     6 }",
    ]  # fmt: skip
    assert drawn(mapping("xml"), b"<a><b>1</b></a>", ())[1] == "     2   <b>1</b>"
    assert drawn(mapping("json"), b'{"a":', ()) == ['     1 {"a":']
    assert drawn(mapping("xml"), b"<a><b>", ()) == ["     1 <a><b>"]


def test_a_long_cell_and_a_long_file_are_cut():
    record = Record("row", Place(), fields=(Field("A", Place()),))
    rows = [Row(record, ["x" * 100], Place("f", number)) for number in range(1, 301)]
    lines = drawn(mapping("csv"), b"x\n", rows)
    assert len(lines) == 202
    assert lines[1].endswith("xxx…")
    assert lines[-1].strip() == "and 100 lines more"


def test_a_group_that_repeats_in_a_row_gets_numbered_columns():
    inner = Field("item", Place(), fields=(Field("sku", Place()),))
    record = Record("row", Place(), fields=(Field("A", Place()), inner))
    row = Row(record, ["1", [Row(inner, ["x"], Place()), Row(inner, [None], Place())]], Place("f", 1))
    head, line = drawn(mapping("csv"), b"x\n", [row])
    assert head.split() == ["row", "A", "item.sku"]
    assert line.split() == ["1", "1"] or line.split() == ["1", "1", "x"]


def test_blocks_without_line_ends_are_drawn_one_below_the_other(tmp_path):
    (tmp_path / "m.yaml").write_text(
        "writes: order\nformat: fixed\nnewline: none\nfile: a.dat\nrecords:\n"
        "  H: {fields: {c: {len: 1, is: H}, po: {len: 12, from: order.purchaseOrderNumber}}}\n"
        "  D: {each: i in order.orderDetails.items, "
        "fields: {c: {len: 1, is: D}, sku: {len: 12, maybe: i.vendorProductIdentifier}}}\n"
    )
    lines = run("preview", tmp_path / "m.yaml").stdout.splitlines()
    assert [line.split()[1][:5] for line in lines if line.strip()[:2] in ("1 ", "2 ")] == ["HD4kT", "DKTL-"]


NEL = (
    "writes: order\nformat: fixed\ncharset: cp500\nnewline: nel\nfile: a.dat\nrecords:\n"
    "  H: {fields: {c: {len: 1, is: H}, po: {len: 12, from: order.purchaseOrderNumber}}}\n"
    "  D: {each: i in order.orderDetails.items, "
    "fields: {c: {len: 1, is: D}, sku: {len: 12, maybe: i.vendorProductIdentifier}}}\n"
)


def test_lines_that_end_as_those_of_mainframes_do_are_lines_in_every_picture(tmp_path):
    (tmp_path / "m.yaml").write_text(NEL)
    lines = run("preview", tmp_path / "m.yaml").stdout.splitlines()
    assert "line ends NEL" in lines[2]
    assert [line.split()[1][:5] for line in lines if line.strip()[:2] in ("1 ", "2 ")] == ["HD4kT", "DKTL-"]
    assert run("explain", tmp_path / "m.yaml", "--place", "2:3").stdout.startswith("a.dat:2:2–13  D.sku  KTL-17")
    one, other = ("HA\x85DB\x85DC\x85".replace("B", letter).encode("cp500") for letter in "BX")
    assert difference(one, other, "cp500", newline="nel")[:2] == ["     2 - DB␤", "       + DX␤"]


def test_blocks_are_lines_for_explain_as_they_are_for_preview(tmp_path):
    (tmp_path / "m.yaml").write_text(NEL.replace("nel", "none"))
    assert run("explain", tmp_path / "m.yaml", "--place", "2:3").stdout.startswith("a.dat:2:2–13  D.sku  KTL-17")


def test_a_block_with_repeats_side_by_side_is_one_line(tmp_path):
    (tmp_path / "m.yaml").write_text(
        "writes: order\nformat: fixed\nnewline: none\nfile: a.dat\nrecords:\n"
        "  H: {fields: {c: {len: 1, is: H}, i: {each: i in order.orderDetails.items, times: 0..2, "
        "fields: {sku: {len: 9, maybe: i.vendorProductIdentifier}}}, z: {len: 1, text: Z}}}\n"
    )
    lines = run("preview", tmp_path / "m.yaml").stdout.splitlines()
    assert [line[-1] for line in lines if re.match(" +[0-9] ", line)] == ["Z"]


def test_a_file_that_cannot_be_read_is_shown_as_it_is_with_what_is_wrong(site, tmp_path):
    (tmp_path / "ship1.xml").write_text("<Shipments><Ship")
    said = run("preview", "plain-xml/ship", tmp_path / "ship1.xml", "-C", site, code=1)
    assert "     1 <Shipments><Ship\n" in said.stdout
    assert "xml-syntax" in said.stderr


def test_of_many_documents_some_are_shown(site, tmp_path):
    rows = "".join(f"P{n},1,1,C,T,UPG,4.5,2026-12-01 12:30\n" for n in range(30))
    (tmp_path / "SHIP1.csv").write_text("ORDER,LINE,QTY,CARTON,TRACKING,METHOD,LBS,SHIPPED\n" + rows)
    said = run("preview", "plain-csv/ship", tmp_path / "SHIP1.csv", "-C", site, code=1).stdout
    assert said.endswith("and 10 documents more\n")


def test_an_empty_file_is_said_to_be_empty():
    assert drawn(mapping("csv"), b"", ()) == ["       (empty)"]
    assert summary(mapping("csv"), b"") == "0 lines, 0 bytes, utf-8, line ends none"


def test_an_xml_file_is_shown_in_the_encoding_that_it_declares():
    data = '<?xml version="1.0" encoding="ISO-8859-1"?><A>Müller</A>'.encode("latin-1")
    assert summary(mapping("xml"), data) == "1 line, 56 bytes, iso8859-1, line ends none"
    assert any("Müller" in line for line in drawn(mapping("xml"), data, []))
    assert "utf-8" in summary(mapping("xml"), b'<?xml version="1.0" encoding="nonsense"?><A/>')


def test_bytes_that_are_no_characters_are_shown_in_hex():
    assert drawn(mapping("xml"), b"<a>\xff</a>\n", ()) == ["     1 <a>‹FF›</a>"]


def test_findings_in_json_are_the_findings(site):
    edit(site / "mappings/plain-csv/orders.yaml", "max: 32}", "max: 3}")
    said = run("preview", "plain-csv/orders", "-C", site, "--json", code=1)
    assert json.loads(said.stdout)["findings"][0]["code"] == "value-too-long"


def test_a_sample_is_named_by_its_name_or_its_folder(site):
    for said in ("one-line", site / "samples/plain-csv/orders/one-line"):
        assert "samples/plain-csv/orders/one-line" in run("preview", "plain-csv/orders", said, "-C", site).stdout
    said = run("preview", "plain-csv/orders", "one-lime", "-C", site, code=2).stderr
    assert "sample-missing" in said
    assert "did you mean 'one-line'?" in said
    assert "ORDER" in run("explain", "plain-csv/orders", "one-line", "-C", site, "--field", "ORDER").stdout


def test_blanks_of_a_segment_are_as_wide_as_they_are(tmp_path):
    said = run("preview", ROOT / "mappings/x12/940.yaml").stdout
    assert "ISA*00*··········*00*··········*ZZ*" in said
    assert "*Sample Customer~" in said


def test_what_check_would_say_of_the_mapping_is_said_too(site):
    edit(site / "mappings/plain-fixed/ship.yaml", "qty:      {len: 7,", "qty:      {at: 5, len: 7,")
    said = run("preview", "plain-fixed/ship", "-C", site, code=1).stderr
    assert "warning fields-overlap: 'qty' (5 to 11) overlaps 'line' (2 to 7)" in said
