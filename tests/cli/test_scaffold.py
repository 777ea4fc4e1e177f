"""scaffold: from a sample or a list of fields to a mapping that loads, with guesses marked and no data of the sample."""

import json
import re
import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cli.command import orders, run, run_json, write_json
from tests.presets import ROOT
from translator.cli.behind.scaffold.concepts import MEANINGS, meaning, words_of
from translator.cli.behind.scaffold.draft import draft
from translator.cli.behind.scaffold.reads import KINDS
from translator.cli.behind.scaffold.yaml import scalar
from translator.core.finding import Misconfigured
from translator.mapping.strict import read_yaml
from translator.translation import load

LIST = """\
ACME WMS interface: ORDER IMPORT

Field            Pos       Type      Req  Description

Header record (H)
REC_TYPE         1-1       A1        Y    Always 'H'
ORDER_NUMBER     2-21      A20       Y    Host order number
ORD_DATE         22-29     YYYYMMDD  Y    Order date
SHNAME           30-59     A30       Y    Ship-to name
SHADR1           60-89     A30       Y
CITY             90-109    A20       Y
STATE            110-119   A10       Y
COUNTRY          120-122   A3        Y
CARRIER          123-142   A20       Y    Carrier code
FILLER           143-150   A8        N
Detail record (D), one per order line
REC_TYPE         1-1       A1        Y    Always 'D'
LINE_NO          2-5       N4        Y    Line number
SKU              6-25      A20       Y
QTY              26-30     N5        Y    Quantity
PRICE            31-39     9(7)V99   N    Unit price
COLOUR           40-44     A5        N    Colour of the box
Trailer record (T)
REC_TYPE         1-1       A1        Y    Always 'T'
REC_COUNT        2-7       N6        Y    Number of lines
"""
SHIP = """\
Order No,Line,SKU,Qty Shipped,Carton ID,Tracking #,Ship Via,Weight (lbs),Ship Date
D4kTz8Qw2,1,KTL-17,1,C1,1Z0001,UPG,4.5,11/25/2026 08:30
D4kTz8Qw2,2,00123-BLU,4,C1,1Z0001,UPG,4.5,11/25/2026 08:30
"""

PACK = """\
Order No,Carton ID,Line,SKU,Qty,Weight (lbs)
D4kTz8Qw2,C1,1,KTL-17,1,4.5
D4kTz8Qw2,C2,2,00123-BLU,4,2
"""
SCANS = """\
Order No,Tracking #,Event Code,Event Time,City,State,Zip,Country
D4kTz8Qw2,1Z0001,OUT,2026-11-25 08:30,Newark,NJ,07102,US
"""


def drafted(text, file="sample.txt", **options):
    return draft(text.encode() if isinstance(text, str) else text, file, **options).text


def loaded(text):
    return load("a/b.yaml", text.encode(), lambda name: None)


def fields(text):
    """The fields of a draft by record and name, as mappings of what was written."""
    found = {}
    for record in loaded(text).file.records:
        waiting = [record]
        while waiting:
            one = waiting.pop()
            waiting += one.records
            for field in one.fields:
                found[one.name, field.name] = field
    return found


# --- a list of fields ------------------------------------------------------------------------------------------------


def test_a_list_of_fields_becomes_a_mapping_that_writes_an_order_at_once(tmp_path):
    (tmp_path / "fields.txt").write_text(LIST)
    out = tmp_path / "orders.yaml"
    said = run("scaffold", tmp_path / "fields.txt", "--writes", "order", "-o", out)
    assert "guesses, " in said.stderr
    order = write_json(tmp_path / "order.json", orders(1)[0])
    lines = run("preview", out, order).stdout.splitlines()
    ruler = next(number for number, line in enumerate(lines) if "----+----|" in line)
    assert lines[ruler + 1].split("|")[:3] == ["     H ", "", "ORDER_NUMBER       "]
    assert lines[ruler + 2].split()[1].startswith(f"H{orders(1)[0]['purchaseOrderNumber']}")


def test_positions_kinds_and_constants_of_the_list_are_taken_over():
    found = fields(drafted(LIST, writes="order"))
    assert found["H", "ORDER_NUMBER"].len == 20
    assert found["H", "ORD_DATE"].date == ("%Y%m%d",)
    assert (found["H", "REC_TYPE"].is_, found["D", "REC_TYPE"].is_) == (("H",), ("D",))
    assert (found["D", "PRICE"].len, found["D", "PRICE"].implied, found["D", "PRICE"].type) == (9, 2, "decimal")
    assert found["T", "REC_COUNT"].equals.text == "count(D)"
    assert (found["D", "LINE_NO"].type, found["D", "LINE_NO"].pad) == ("integer", "0")


def test_what_a_field_is_filled_from_is_guessed_by_its_name_or_its_description():
    text = drafted(LIST, writes="order")
    found = fields(text)
    assert found["H", "SHNAME"].source[0].text == "to.name | one_line"
    assert found["D", "SKU"].source[0].text == "item.vendorProductIdentifier"
    assert "each: item in d.items" in text
    assert found["D", "COLOUR"].text == ""
    (line,) = [line for line in text.splitlines() if "COLOUR" in line]
    assert "TODO where does it come from?" in line
    assert "Colour of the box" in line
    assert "TODO" not in next(line for line in text.splitlines() if "FILLER" in line)


@pytest.mark.parametrize("parted", [",", "\t", ";", "|", " | "])
def test_a_list_may_be_parted_in_several_ways(parted):
    rows = [
        ["Field Name", "Start", "Length", "Type", "Description"],
        ["ORDNO", "1", "20", "Char", "Order number"],
        ["QTY", "21", "7", "Numeric", "Quantity"],
    ]
    text = "\n".join(parted.join(row) for row in rows)
    if "|" in parted:
        text = text.replace("\n", "\n|---|---|---|---|---|\n", 1)
    found = fields(drafted(text, writes="order"))
    assert found["row", "ORDNO"].source[0].text == "order.purchaseOrderNumber"
    assert (found["row", "QTY"].len, found["row", "QTY"].type) == (7, "integer")


def test_records_may_stand_in_a_column_of_the_list():
    text = "Record,Field,Length,Type\nH,TYPE,1,A\nH,ORDER,10,A\nD,TYPE,1,A\nD,SKU,20,A\nD,QTY,5,N\n"
    found = fields(drafted(text, writes="order", form="fixed"))
    assert {record for record, _ in found} == {"H", "D"}
    assert found["D", "TYPE"].is_ == ("D",)


def test_a_gap_between_positions_is_kept():
    found = fields(drafted("Field,Start,Length\nORDER,1,10\nSKU,21,20\nQTY,41,5\n", writes="order"))
    assert (found["row", "SKU"].at, found["row", "QTY"].at) == ("21", "")


def test_lengths_without_positions_are_a_delimited_file_unless_it_is_said():
    text = "Field,Length\nORDER,10\nSKU,20\n"
    assert "format: csv" in drafted(text, writes="order")
    assert "--format says otherwise" in drafted(text, writes="order")
    assert "format: fixed" in drafted(text, writes="order", form="fixed")
    assert fields(drafted(text, writes="order"))["row", "ORDER"].max == 10


@pytest.mark.parametrize(
    "kind, facts",
    [
        ("A(20)", (20, "text", 0, None)),
        ("X(12)", (12, "text", 0, None)),
        ("9(5)", (5, "integer", 0, None)),
        ("S9(7)V99", (9, "decimal", 2, None)),
        ("9(5)V9(3)", (8, "decimal", 3, None)),
        ("NUMBER(9,2)", (9, "decimal", 0, 2)),
        ("N7.2", (7, "decimal", 0, 2)),
        ("VARCHAR2(30)", (30, "text", 0, None)),
        ("CHAR 10", (10, "text", 0, None)),
    ],
)
def test_kinds_are_read_as_papers_write_them(kind, facts):
    text = f"Field\tType\tDescription\nORDER\tA(10)\tOrder\nPRICE\t{kind}\tx\n"
    found = fields(drafted(text, writes="order", form="fixed"))["row", "PRICE"]
    kinds = (found.len, found.type, found.implied, found.places)
    assert kinds[0] == facts[0]
    if facts[1] == "decimal":
        assert kinds == facts


@pytest.mark.parametrize(
    "said, pattern",
    [
        ("Date, CCYYMMDD", "%Y%m%d"),
        ("MM/DD/YYYY", "%m/%d/%Y"),
        ("yyyy-mm-dd hh:mm", "%Y-%m-%d %H:%M"),
        ("YYYYMMDDHHMMSS", "%Y%m%d%H%M%S"),
        ("DD.MM.YY", "%d.%m.%y"),
    ],
)
def test_patterns_of_dates_are_read_as_papers_write_them(said, pattern):
    found = fields(drafted(f"Field\tLength\tDescription\nORDER DATE\t20\t{said}\nORDER\t10\tNumber\n", writes="order"))
    assert found["row", "ORDER_DATE"].date == (pattern,)


# --- a sample --------------------------------------------------------------------------------------------------------


def test_a_ship_file_with_a_header_is_read_and_confirmed_at_once(tmp_path):
    (order,) = orders(1)
    lines = order["orderDetails"]["items"]
    number, method = order["purchaseOrderNumber"], order["orderDetails"]["shipmentDetails"]["shipMethod"]
    rows = [
        f"{number},{n},X,{one['orderedQuantity']['amount']},C1,1Z1,{method},4.5,11/25/2026 08:30"
        for n, one in enumerate(lines, 1)
    ]
    (tmp_path / "SHIP1.csv").write_text(SHIP.splitlines()[0] + "\n" + "\n".join(rows) + "\n")
    out = tmp_path / "ship.yaml"
    run("scaffold", tmp_path / "SHIP1.csv", "--reads", "shipment_confirmation", "-o", out)
    stored = write_json(tmp_path / "order.json", order)
    found = run_json("preview", out, tmp_path / "SHIP1.csv", "--stored", stored)
    (container,) = found["sent"][0]["body"]["shipmentConfirmations"][0]["containers"]
    assert (container["containerIdentifier"], container["trackingNumber"]) == ("C1", "1Z1")
    assert container["weight"]["value"] == "4.5"
    assert len(container["packedItems"]) == len(lines)


def test_kinds_of_values_are_guessed_and_titles_that_are_no_names_are_kept():
    found = fields(drafted(SHIP, reads_="shipment_confirmation"))
    assert found["row", "Tracking"].at == "Tracking #"
    assert (found["row", "Qty_Shipped"].type, found["row", "Weight_lbs"].type) == ("integer", "decimal")
    assert found["row", "Ship_Date"].date == ("%m/%d/%Y %H:%M",)


def test_where_day_and_month_may_be_exchanged_it_says_so():
    text = "ORDER,SHIP_DATE\nA,01/02/2026\nB,03/04/2026\n"
    assert "may be the other way round" in drafted(text, reads_="shipment_confirmation")
    assert "may be the other way round" not in drafted(text.replace("01/02", "01/22"), reads_="shipment_confirmation")


def test_codes_of_records_are_found_and_what_comes_back_is_inside():
    text = "H|PO1|20261201\nD|1|KTL|2\nD|2|MUG|1\nH|PO2|20261201\nD|1|KTL|2\nT|5\n"
    (header, trailer) = loaded(drafted(text, reads_="shipment_confirmation")).file.records
    assert (header.name, header.fields[0].is_, [one.name for one in header.records]) == ("H", ("H",), ["D"])
    assert trailer.name == "T"


def test_fixed_width_is_cut_by_blanks_and_by_codes():
    text = "HPO1       20261201\r\nDKTL-17    00002\r\nDMUG       00001\r\nT000002\r\n"
    made = drafted(text, reads_="shipment_confirmation")
    records = {one.name: one for one in loaded(made).file.records}
    assert list(records) == ["H", "D", "T"]
    assert [field.len for field in records["D"].fields] == [1, 10, 5]
    assert "check every position" in made


def test_an_xml_file_is_read_with_its_namespaces_attributes_and_lists(tmp_path):
    text = (
        '<s:Ships xmlns:s="urn:x"><s:Ship order="PO1"><s:Carton id="C1"><s:Tracking>1Z</s:Tracking><s:Item line="1" qty="2"/>'
        '<s:Item line="2" qty="1"/></s:Carton></s:Ship><s:Ship order="PO2"><s:Carton id="C2"><s:Tracking>2Z</s:Tracking>'
        '<s:Item line="1" qty="2"/></s:Carton></s:Ship></s:Ships>'
    )
    made = drafted(text, reads_="shipment_confirmation")
    assert 'namespaces: {"s": "urn:x"}' in made
    (tmp_path / "ship.yaml").write_text(made)
    (tmp_path / "ship.xml").write_text(text)
    found = run_json("preview", tmp_path / "ship.yaml", tmp_path / "ship.xml", code=1)
    trees = [one["tree"] for one in found["documents"]]
    assert [carton["trackingNumber"] for tree in trees for carton in tree["containers"]] == ["1Z", "2Z"]
    assert [len(carton["packedItems"]) for tree in trees for carton in tree["containers"]] == [2, 1]


def test_one_position_among_ranges_is_one_long_and_a_heading_says_how_long_the_lines_are():
    made = drafted(
        "Field             Pos      Type  Description\n\nHeader record (613 bytes)\nRecord type       1-2      AN    Always 10\n"
        "Account           3-14     AN    Constant ACME\nAction code       15       AN    Always A\n\n"
        "Detail record (425 bytes)\nRecord type       1-2      AN    Always 20\nQuantity          3-9      N7    Quantity\n",
        writes="order",
    )
    assert "format: fixed\n" in made
    assert "  Header:  # Header record (613 bytes)\n    len: 613\n" in made
    assert "Action_code: {len: 1, text: A}" in made
    assert "    len:  425\n    fields:\n      Record_type: {len: 2, is: 20}" in made


def test_what_is_in_a_carton_is_what_stands_inside_it_not_the_lines_of_the_whole_order(tmp_path):
    text = (
        '<Result Order="PO1"><Line Line="1" Qty="2"/><Carton CartonId="C1"><Content Line="1" Quantity="1"/></Carton>'
        '<Carton CartonId="C2"><Content Line="1" Quantity="1"/></Carton></Result>'
    )
    (tmp_path / "ship.yaml").write_text(drafted(text, reads_="shipment_confirmation"))
    (tmp_path / "ship.xml").write_text(text)
    (one,) = run_json("preview", tmp_path / "ship.yaml", tmp_path / "ship.xml", code=1)["documents"]
    packed = [[part["packedQuantity"]["amount"] for part in box["packedItems"]] for box in one["tree"]["containers"]]
    assert packed == [[1], [1]]


def test_the_text_of_an_element_with_attributes_is_what_the_element_is_called():
    lines = "".join(
        f'<Line><Sku>S{n}</Sku><OnHand uom="EA">{n}</OnHand><Gross unit="LB">1.5</Gross></Line>' for n in (1, 2)
    )
    made = drafted(f'<Stock><Site code="EWR1"/><Lines>{lines}</Lines></Stock>', reads_="inventory_update")
    assert "availableQuantity:       {amount: OnHand.text}" in made


def test_a_json_file_is_read_by_the_path_to_its_list(tmp_path):
    tree = {"data": {"stock": [{"sku": "A", "onHand": 1}, {"sku": "B", "onHand": 2}]}}
    made = drafted(json.dumps(tree), reads_="inventory_update")
    (tmp_path / "stock.yaml").write_text(made.replace('{text: "TODO"}', "{text: EWR1}"))
    found = run_json("preview", tmp_path / "stock.yaml", write_json(tmp_path / "stock.json", tree), code=1)
    amounts = [item["availableQuantity"]["amount"] for item in found["documents"][0]["tree"]["items"]]
    assert amounts == [1, 2]


def test_a_sample_of_an_order_file_gives_a_mapping_that_writes_the_like():
    sample = "ORDER_NO;SKU;QTY;SHIPTO_NAME;CITY;GIFT\r\nP1;A;1;Jo;X;N\r\n"
    made = drafted(sample, "ORDERS.csv", writes="order")
    assert 'delimiter: ";"' in made
    assert "newline: crlf" in made
    assert fields(made)["row", "GIFT"].lookup


@pytest.mark.parametrize(
    "text, said",
    [
        ('H|PO1|5" pipe\nD|1|KTL\nD|2|MUG\n', "quote: none"),
        ('"ORDER","SKU"\n"P1","A"\n', "quoting: all"),
        ('ORDER,SKU\nP1,"A, blue"\n', ""),
        ("ORDER,SKU\nP1,A\n", ""),
    ],
)
def test_what_quotes_are_in_the_sample_is_taken_over(text, said):
    (found,) = [line for line in drafted(text, writes="order").splitlines() if line.startswith("quot")] or [""]
    assert found == said


def test_files_are_named_as_the_sample_is():
    assert 'file: "ORD_{{ order.purchaseOrderNumber }}.DAT"' in drafted(
        "ORDER,SKU\nP1,A\n", "ORD_0017.DAT", writes="order"
    )
    assert 'file: "ORD-{{ order.purchaseOrderNumber }}.txt"' in drafted(
        "ORDER,SKU\nP1,A\n", "sample.txt", writes="order"
    )


def test_what_a_trailer_counts_and_adds_up_is_found_in_the_sample():
    text = "H|PO1|20261201\nD|1|KTL|2\nD|2|MUG|1\nH|PO2|20261201\nD|1|KTL|10\nT|3|13|6|5|1|99\n"
    for way in ({"writes": "order"}, {"reads_": "shipment_confirmation"}):
        trailer = loaded(drafted(text, **way)).file.records[-1].fields
        assert [one.equals and one.equals.text for one in trailer] == [
            None, "count(D)", "sum(D.field_4)", "count(H) + count(D) + count(T)", "count(H) + count(D)", None, None,
        ]  # fmt: skip
    fixed = "HPO1       20261201\nDKTL-17    00002\nDMUG       00001\nT000002\n"
    assert "equals: count(D)" in drafted(fixed, reads_="shipment_confirmation")


def test_lines_of_a_stock_sample_are_its_items_whatever_their_columns_are_called():
    assert "each:                    D\n" in drafted(
        "HEWR1\nDKTL-17 00012\nDMUG    00003\nT002\n", reads_="inventory_update"
    )


def test_a_code_page_is_guessed_and_said_to_be():
    assert "charset: cp1252  # guess" in drafted("ORDER,CITY\nA,Köln\n".encode("cp1252"), reads_="acknowledgement")
    assert "charset: utf-16" in drafted("ORDER,CITY\nA,Köln\n".encode("utf-16"), reads_="acknowledgement")


# --- at the prompt ---------------------------------------------------------------------------------------------------


def test_a_draft_in_a_site_passes_its_check(tmp_path):
    run("init", tmp_path / "site")
    (tmp_path / "fields.txt").write_text(LIST)
    target = tmp_path / "site/mappings/plain-csv/orders.yaml"
    target.unlink()
    run("scaffold", tmp_path / "fields.txt", "--writes", "order", "-o", target)
    found = run_json("check", "-C", tmp_path / "site")
    assert found["ok"]
    assert "error" not in {one["severity"] for one in found["findings"]}


def test_in_a_site_a_draft_gets_a_first_sample_and_it_is_said_how_to_go_on(tmp_path):
    run("init", tmp_path / "site")
    (tmp_path / "fields.txt").write_text(LIST)
    target = tmp_path / "site/mappings/mine/orders.yaml"
    said = run("scaffold", tmp_path / "fields.txt", "--writes", "order", "-o", target).stderr
    sample = tmp_path / "site/samples/mine/orders/first"
    assert f"translator test {sample} --accept" in said
    run("test", sample, "--accept")
    assert (sample / "out.txt").read_bytes().startswith(b"HD4kTz8Qw2 ")
    assert (sample / "out.txt").read_bytes().count(b"\r\n") == 4
    warned = run("check", "-C", tmp_path / "site").stderr
    assert "nobody uses mine/orders.yaml (hint: translator.yaml has no warehouse system 'mine')" in warned


def test_a_file_that_is_read_is_not_copied_as_a_sample(tmp_path):
    run("init", tmp_path / "site")
    (tmp_path / "SHIP1.csv").write_text(SHIP)
    run(
        "scaffold",
        tmp_path / "SHIP1.csv",
        "--reads",
        "shipment_confirmation",
        "-o",
        tmp_path / "site/mappings/mine/ship.yaml",
    )
    assert not (tmp_path / "site/samples/mine").exists()


def test_a_list_with_numbers_for_records_and_a_heading_for_each(tmp_path):
    text = """RECORD 10 - Order header
Position  Len  Fmt  Field            Remarks
1-2       2    N    Record id        always "10"
3-12      10   A    Host order no.
13-20     8    D    Despatch date    YYYYMMDD, latest
21-24     4    A    Depot            our depot code (NWK = your EWR1)
25-25     1    A    Gift indicator   Y or blank
RECORD 20 - Order line (repeats)
1-2       2    N    Record id        always "20"
3-6       4    N    Line             zero filled
7-26      20   A    Product code
27-33     7    N    Quantity
34-42     9    N    Unit price       9(7)V99
RECORD 99 - Trailer
1-2       2    N    Record id        always "99"
3-8       6    N    No. of lines
9-17      9    N    Total quantity
"""
    found = fields(drafted(text, writes="order"))
    assert {record for record, _ in found} == {"R10", "R20", "R99"}
    assert found["R10", "Despatch_date"].date == ("%Y%m%d",)
    assert found["R10", "Depot"].text is None
    assert found["R10", "Gift_indicator"].default == ""
    assert (found["R20", "Unit_price"].len, found["R20", "Unit_price"].implied) == (9, 2)
    assert found["R99", "No_of_lines"].equals.text == "count(R20)"
    assert found["R99", "Total_quantity"].equals.text == "sum(R20.Quantity)"


def test_a_list_of_a_ship_file_says_its_delimiter_its_unit_and_when_it_left():
    text = """Semicolon separated, first line holds names.

Name      Type   Remarks
ORDNO     A10    Host order no.
LINENO    N4     Host line
QTYDESP   N7     Quantity despatched
PARCEL    A20    Parcel id
TRACKNO   A30
KILOS     N7.3   Weight in kg
DESPDATE  D      DD.MM.YYYY
"""
    made = drafted(text, "DESP0001.csv", reads_="shipment_confirmation")
    assert 'delimiter: ";"' in made
    assert 'file: "DESP{word}.csv"' in made
    assert "{value: {maybe: max(KILOS)}, unitOfMeasure: {text: KG}}" in made
    assert "shippedDate: max(DESPDATE)" in made
    assert "about: {item: LINENO}, packedQuantity: {amount: QTYDESP}" in made


def test_what_a_list_remarks_of_zones_zeros_and_letters_is_taken_over():
    text = """Pipe delimited, Latin-1, CR LF

Field     Col  Type              Description
ORDNO     1    A20               Order number
SHIPBY    2    MM/DD/YYYY HHMM   Ship by, America/Chicago
SKU       3    A30               Item
QTY       4    N6                Quantity, zero padded
"""
    made = drafted(text, writes="order")
    assert "charset: iso-8859-1\n" in made
    assert 'date: "%m/%d/%Y %H%M", zone: America/Chicago}' in made
    assert "QTY:    {len: 6, from: item.orderedQuantity.amount, type: integer, pad: 0}" in made


def test_cartons_stand_in_their_order_and_lines_in_their_carton():
    text = """Fixed width

Field     Pos     Type      Description
Header (S), once per order
REC       1       A1        Always 'S'
ORDNO     2-21    A20       Order number
SHIPVIA   22-27   A6        Ship method code
Carton (C), one per carton
REC       1       A1        Always 'C'
CARTON    2-21    A20       Carton id
OUNCES    22-28   N7        Weight in ounces, 1 decimal implied
Item (I), one per carton and line
REC       1       A1        Always 'I'
LINE      2-6     N5        Order line number
QTY       7-12    N6        Quantity packed
Trailer (Z)
REC       1       A1        Always 'Z'
"""
    made = drafted(text, reads_="shipment_confirmation")
    order, trailer = loaded(made).file.records
    (carton,) = order.records
    assert [order.name, carton.name, [one.name for one in carton.records], trailer.name] == ["S", "C", ["I"], "Z"]
    assert "each:                S.C\n" in made
    assert "packedItems:         {each: C.I, about: {item: LINE}, packedQuantity: {amount: QTY}}" in made
    assert "convert('OZ', 'LB')\"}, unitOfMeasure: {text: LB}}  # guess\n" in made
    assert "TODO a table of your codes: lookup: ship_methods, reverse: true" in made


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "a.csv").write_text(SHIP)
    (tmp_path / "ship.yaml").write_text("mine")
    said = run("scaffold", tmp_path / "a.csv", "--reads", "shipment_confirmation", "-o", tmp_path / "ship.yaml", code=2)
    assert "file-exists" in said.stderr
    assert (tmp_path / "ship.yaml").read_text() == "mine"


def test_json_holds_the_mapping_and_the_lines_to_look_at(tmp_path):
    (tmp_path / "fields.txt").write_text(LIST)
    found = run_json("scaffold", tmp_path / "fields.txt", "--writes", "order")
    lines = found["mapping"].splitlines()
    assert all("TODO" in lines[number - 1] for number in found["todo"])
    assert all("guess" in lines[number - 1] for number in found["guesses"])
    assert found["todo"]


@pytest.mark.parametrize(
    "words, said",
    [
        (["--reads", "shipment_confirmatoin"], "did you mean 'shipment_confirmation'?"),
        (["--writes", "answer"], "known: order, cancellation"),
        ([], "say which way it goes"),
        (["--writes", "order", "--reads", "acknowledgement"], "say which way it goes"),
    ],
)
def test_what_it_cannot_draft_it_says(tmp_path, words, said):
    (tmp_path / "a.csv").write_text(SHIP)
    assert said in run("scaffold", tmp_path / "a.csv", *words, code=2).stderr


@pytest.mark.parametrize(
    "text, hint",
    [
        ("ISA*00*          *00*", "--wms x12"),
        ("\r\nST|940|0001^\r\n", "--wms x12"),
        ("UNA:+.? 'UNB+UNOC:3+A+B'", "--wms edifact"),
        ("STX=ANA:1+1'", "docs/edi.md"),
        ("EDI GUIDE, ANSI X12 004010\nSeg  Elem  Req  Value\nW05  01    M    N\n", "--wms x12"),
        ("Nachrichtentyp: EANCOM D.96A\nSegment  Element  Inhalt\nBGM  1004  Nummer\n", "--wms edifact"),
    ],
)
def test_files_of_segments_and_papers_about_them_are_sent_to_a_preset(text, hint):
    with pytest.raises(Misconfigured) as caught:
        drafted(text, writes="order")
    (found,) = caught.value.findings
    assert found.code == "scaffold-segments"
    assert hint in found.hint
    assert drafted(text, writes="order", form="csv").count("format: csv") == 1


@pytest.mark.parametrize("text", ["", "\n\n", "<a", "<!DOCTYPE a><a/>", "{", "[1]"])
def test_what_is_no_sample_is_refused(text):
    with pytest.raises(Misconfigured):
        drafted(text, reads_="acknowledgement")


# --- laws ------------------------------------------------------------------------------------------------------------

TITLES = st.lists(
    st.one_of(
        st.sampled_from(
            ["ORDER", "Qty", "SHIPTO_NAME", "in", "count", "order", "#", "a b", "1st", "é", "x'y", 'q"', "a: b", "[x]"]
        ),
        st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=12),
    ),
    min_size=2,
    max_size=8,
    unique_by=str.strip,
)
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@FEW
@given(titles=TITLES, kind=st.sampled_from(KINDS))
def test_whatever_columns_are_called_the_draft_loads(titles, kind):
    text = (
        ",".join('"' + title.replace('"', '""') + '"' for title in titles) + "\n" + ",".join("1" for _ in titles) + "\n"
    )
    loaded(drafted(text, reads_=kind))
    loaded(drafted(text, writes="order"))


@FEW
@given(data=st.binary(max_size=300), kind=st.sampled_from(KINDS))
def test_any_bytes_give_a_draft_that_loads_or_are_refused(data, kind):
    try:
        text = drafted(data, reads_=kind)
    except Misconfigured:
        return
    loaded(text)


@FEW
@given(
    lines=st.lists(
        st.text(st.sampled_from(string.ascii_uppercase[:6] + "0123 -|,;"), max_size=40), min_size=1, max_size=8
    )
)
def test_any_lines_give_a_draft_that_loads_or_are_refused(lines):
    try:
        text = drafted("\n".join(lines), writes="order")
    except Misconfigured:
        return
    loaded(text)


@pytest.mark.parametrize("form", ["csv", "fixed", "xml", "json"])
def test_nothing_of_the_sample_is_in_the_draft(form):
    secrets = ["ZQXJANE", "ZQXDOE99", "ZQX5550100"]
    text = {
        "csv": "ORDER,NAME,PHONE,TRACKING\n" + ",".join([secrets[0], *secrets]) + "\n",
        "fixed": f"{secrets[0]:<20}{secrets[1]:<20}{secrets[2]}\n" * 3,
        "xml": f'<a><b order="{secrets[0]}"><name>{secrets[1]}</name><t>{secrets[2]}</t></b></a>',
        "json": json.dumps([{"order": secrets[0], "name": secrets[1], "phone": secrets[2]}]),
    }[form]
    for options in ({"reads_": "shipment_confirmation"}, {"writes": "order"}):
        assert "ZQX" not in drafted(text, **options)


@given(st.text(max_size=30))
def test_a_text_in_a_draft_is_read_as_it_was(text):
    clean = "".join(letter for letter in text if letter.isprintable() or letter in "\n\t")
    tree = read_yaml(f"a: {{b: {scalar(clean)}}}", "x")
    assert tree.get("a").get("b").text == clean


# --- what columns mean -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title, meant",
    [line.split() for line in """
PO_NUM order|ORDERNO order|order_id order|CustomerPO order|SHIPTO_NAME name|ShipToAddr1 address1|SHADR2 address2|STREET1 address1
ZIPCODE zip|POSTAL_CODE zip|ST state|CTRY country|QTY_ORD quantity|OrderedQty quantity|ITEMNO sku|ITEM_DESC title|LINE_NBR line
SHIP_VIA ship_method|SCAC ship_method|REQ_SHIP_DATE ship_by|ORDDT order_date|WHSE warehouse|GIFT_FLAG gift|GIFTMSG gift_message
UNIT_PRICE price|TOT_LINES lines|TOTQTY units|LPN carton|SSCC carton|TRACKINGNO tracking|GROSS_WT weight|RECTYPE record
""".replace("\n", "|").split("|") if line],
)  # fmt: skip
def test_usual_names_are_understood(title, meant):
    assert meaning(title, MEANINGS) == meant


@pytest.mark.parametrize("title", ["BILLTO_NAME", "SOLD_TO_ADDR1", "VENDOR_NAME", "XYZZY", "", "COLOUR"])
def test_what_is_anothers_or_unknown_is_not_guessed(title):
    assert meaning(title, MEANINGS) == ""


def test_words_written_as_one_are_parted_where_all_of_them_are_known():
    assert words_of("SHIPTONAME") == ("ship", "to", "name")
    assert words_of("SHIPTOXQ") == ("shiptoxq",)


@pytest.mark.parametrize(
    "values, pattern",
    [
        (["12/8/2011", "11/25/2011"], "%-m/%-d/%Y"),
        (["12/08/2011", "11/25/2011"], "%m/%d/%Y"),
        (["8.12.2026 7:05"], "%-d.%-m.%Y %-H:%M"),
        (["20261201", "20261130"], "%Y%m%d"),
        (["2024110280", "2024110281"], ""),
        (["2001416"], ""),
    ],
)
def test_a_date_is_one_only_to_the_letter(values, pattern):
    text = "ORDER,SHIP_DATE\n" + "".join(f"A,{value}\n" for value in values)
    made = loaded(drafted(text, reads_="shipment_confirmation")).file.records[0].fields[1]
    assert made.date == ((pattern,) if pattern else ())


def test_digits_of_a_column_that_is_no_day_by_its_name_are_none():
    made = fields(drafted("ORDER,SKU,QTY\n20261201,20261130,5\n", reads_="shipment_confirmation"))
    assert made["row", "SKU"].date == ()


def test_numbers_that_name_something_stay_text_and_those_that_count_are_numbers():
    made = fields(
        drafted("ORDER,CustomerNo,QTY,WeightUnits,Weight\n1001,2002,5,Ounces,7\n", reads_="shipment_confirmation")
    )
    kinds = {name: one.type for (_, name), one in made.items()}
    assert kinds == {
        "ORDER": "text",
        "CustomerNo": "text",
        "QTY": "integer",
        "WeightUnits": "text",
        "Weight": "decimal",
    }


def test_where_no_column_says_which_order_is_meant_it_is_to_do():
    made = drafted("OrderTotal,Kind\n0.00,Test\n", reads_="shipment_confirmation")
    assert """about:           {order: "'TODO'"}  # TODO which field is the number of the order?""" in made


# --- a list that is a text -------------------------------------------------------------------------------------------

PAGE = """\
LOGIX interface: orders. File OUTB<7-digit running number>.DAT, code page 850, CR LF, every line exactly 100 bytes.
Line 'A0' once per file: 1-2 record A0; 3-9 running number (zero filled); 10-17 date YYYYMMDD; 18-23 time HHMMSS.
Line 'B1' once per order: 1-2 B1; 3-22 customer PO; 23-30 ship not later than (YYYYMMDD); 31-31 gift Y/N; 32-36 ZIP;
37-39 number of B2 lines (zero filled).
Line 'B2' per order line: 1-2 B2; 3-7 line number zero filled; 8-32 article; 33-39 quantity zero filled;
40-49 unit price, 2 decimals implied, zero filled.
Line 'B3' only for lines with a gift message, after their B2, 60 characters each: 1-2 B3; 3-5 sequence; 6-65 text.
Line 'Z9' once: 1-2 Z9; 3-8 number of all lines incl. A0 and Z9; 9-19 sum of all quantities.
"""
SHIPPED = """\
SHPC<7 digits>.DAT. Line 'S1' per parcel: 1-2 S1; 3-22 customer PO; 23-42 parcel id; 43-72 tracking number;
73-80 weight in grams; 81-94 shipped at YYYYMMDDHHMMSS. Line 'S2' per article in the parcel: 1-2 S2; 3-7 line number;
8-14 quantity. Line 'S9' once: 1-2 S9; 3-8 number of lines.
"""


def test_sentences_become_records_with_names_kinds_and_lengths():
    text = drafted(PAGE, writes="order")
    found = fields(text)
    mapping = loaded(text).file
    assert (mapping.options["charset"], mapping.options["newline"]) == ("cp850", "crlf")
    assert [(one.name, one.len) for one in mapping.records] == [("A0", (100,)), ("B1", (100,)), ("Z9", (100,))]
    assert found["B1", "ship_not_later_than"].date == ("%Y%m%d",)
    assert (found["B1", "ZIP"].len, found["B1", "code"].is_) == (5, ("B1",))
    assert (found["B2", "unit_price"].len, found["B2", "unit_price"].implied) == (10, 2)
    assert (found["A0", "date"].source[0].text, found["A0", "time"].date) == ("now", ("%H%M%S",))
    assert "TODO where" not in text


def test_a_file_of_several_orders_is_drafted_as_one(tmp_path):
    (tmp_path / "page.txt").write_text(PAGE)
    out = tmp_path / "orders.yaml"
    run("scaffold", tmp_path / "page.txt", "--writes", "order", "-o", out)
    some = orders(2)
    some[1]["orderDetails"]["items"][0]["giftDetails"] = {"giftMessage": "word " * 20}
    sent = write_json(tmp_path / "in.json", some)
    run("convert", "-m", out, sent, "-o", tmp_path / "out.dat")
    lines = (tmp_path / "out.dat").read_bytes().decode("cp850").split("\r\n")[:-1]
    assert {len(line) for line in lines} == {100}
    assert lines[0].startswith("A00000001")
    assert [line[:5] for line in lines if line[:2] == "B3"] == ["B3001", "B3002"]
    wanted = sum(item["orderedQuantity"]["amount"] for one in some for item in one["orderDetails"]["items"])
    assert lines[-1].rstrip() == f"Z9{len(lines):06}{wanted:011}"


def test_lines_of_a_parcel_are_read_below_their_parcel():
    text = drafted(SHIPPED, reads_="shipment_confirmation")
    mapping = loaded(text).file
    assert [(one.name, one.times.many) for one in mapping.records] == [("S1", True), ("S9", False)]
    assert [one.name for one in mapping.records[0].records] == ["S2"]
    assert "convert('G', 'KG')" in text
    assert "unitOfMeasure: {text: KG}" in text


def test_a_list_without_names_is_named_by_its_descriptions():
    found = fields(
        drafted("Pos    Description\n\n1-20   Order number\n21-27  Quantity (zero filled)\n", writes="order")
    )
    assert {(name, one.len) for (_, name), one in found.items()} == {("Order_number", 20), ("Quantity", 7)}


@pytest.mark.parametrize("text", ["1-2 a; 9-12 b; 40-41 c\n", "A;B\n1-2 x;3-4 y\n", "id,range\n1,2-3\n4,5-6\n"])
def test_places_that_do_not_follow_each_other_are_a_sample(text):
    assert "from a sample" in drafted(text, writes="order")


def test_a_length_of_lines_that_fields_go_beyond_is_not_theirs():
    assert "len: 10\n" not in drafted(PAGE.replace("every line exactly 100", "each line 10"), writes="order")


def test_a_pack_file_becomes_a_request_for_the_labels_of_its_cartons(tmp_path):
    made = sent(tmp_path, PACK, "label_request")
    assert [box["containerIdentifier"] for box in made["containers"]] == ["C1", "C2"]
    assert [box["weight"]["value"] for box in made["containers"]] == ["4.5", "2"]
    assert made["containers"][1]["packedItems"][0]["packedQuantity"]["amount"] == 4


def test_a_carriers_file_becomes_what_happened_to_each_parcel(tmp_path):
    (made,) = sent(tmp_path, SCANS.replace(",OUT,", ",101,"), "shipment_status")["shipmentStatusUpdates"]
    event = made["statusUpdateDetails"]
    assert (event["trackingNumber"], event["statusCode"], event["reasonCode"]) == ("1Z0001", "101", "000")
    assert event["statusDateTime"] == "2026-11-25T13:30:00Z"
    assert event["statusLocationAddress"]["city"] == "Newark"
    assert "TODO a table of your codes" in drafted(SCANS, reads_="shipment_status")


def sent(folder, text, kind):
    """Give what Amazon would be sent of a sample, by the draft that was made of it."""
    (folder / "draft.yaml").write_text(drafted(text, "in.csv", reads_=kind))
    (folder / "in.csv").write_text(text)
    stored = ROOT / "samples/plain-csv/ship/bad-quantity/stored"
    words = ["--stored", stored, "--at", "2026-12-01T18:00:00Z", "--zone", "America/New_York"]
    return json.loads(run("convert", "-m", folder / "draft.yaml", folder / "in.csv", *words).stdout)[0]["body"]


HOST = """\
LAGERPRO 3.1   Host interface   Orders, code page 850, CR LF

Record AK (order header), one per order
Field      Pos      Len  Format      Remark
SATZART    1        2    A           'AK'
AUFNR      3        15   A           order number
BESTDAT    18       5    YYDDD       order date
LIEFDAT    23       7    N           ship latest, julian
VERSART    30       3    A           carrier code (table VERSART)

Record AP (order line), one per line
SATZART    1        2    A           'AP'
POSNR      3        4    N           line number, right-justified, zero-filled
ARTIKEL    7        18   A           item
MENGE      25       9    N3          quantity, 3 decimals implied, zero-filled
PREIS      34       9    N2          price, 2 decimals implied

Record AE (end), one per file
SATZART    1        2    A           'AE'
ANZAHL     3        6    N           number of AP records
"""


def test_names_in_another_language_are_read_by_what_is_remarked_of_them():
    text = draft(HOST.encode(), "host.txt", writes="order").text
    assert "LAGERPRO" not in text
    assert "format: fixed" in text
    assert "AUFNR:   {len: 15, from: order.purchaseOrderNumber}" in text
    assert "BESTDAT: {len: 5, from: d.orderDate, date: yyddd, zone: warehouse}" in text
    assert 'LIEFDAT: {len: 7, from: s.shipmentDates.requiredShipDate, date: "%Y%j", zone: warehouse}' in text
    assert "VERSART: {len: 3, from: s.shipMethod}" in text
    assert "MENGE:   {len: 9, from: item.orderedQuantity.amount, type: decimal, implied: 3, pad: 0}" in text
    assert "PREIS:   {len: 9, maybe: item.netPrice.amount, type: decimal, implied: 2, pad: 0}" in text
    assert "ANZAHL:  {len: 6, type: integer, pad: 0, equals: count(AP)}" in text


def test_a_sample_with_columns_that_a_list_has_too_is_no_list():
    text = drafted(
        "ORDER_NO,NAME,CITY,REMARKS,SKU,QTY\n4711,Eva Muster,Ulm,ring twice,KTL,2\n", "o.csv", writes="order"
    )
    assert "from a sample" in text
    assert "Muster" not in text
    assert "twice" not in text


def test_the_prefix_of_a_namespace_is_no_part_of_a_name():
    data = (
        '<Ship xmlns:b="urn:b"><b:Order>1</b:Order><b:Carrier>UPG</b:Carrier><b:Weight unit="KG">2.5</b:Weight></Ship>'
    )
    text = drafted(data, "S1.xml", reads_="shipment_confirmation")
    assert "{order: Order}" in text
    assert re.search(r"shipMethod: +\{maybe: Carrier\}", text)
    assert "Weight.text" in text.partition("documents:")[2]


def test_where_no_column_is_the_order_the_record_that_left_is_taken_for_it():
    lines = "<L><Line>1</Line><Qty>1</Qty></L><L><Line>2</Line><Qty>4</Qty></L>"
    one = f'<S no="4711"><ShipDate>2026-11-28</ShipDate><P>{lines}</P></S>'
    text = drafted(f'<All made="2026-11-28">{one}{one}</All>', "S1.xml", reads_="shipment_confirmation")
    assert "each:            All.S" in text
    assert not [one for one in loaded(text).file.notes if one.code == "name-elsewhere"]
