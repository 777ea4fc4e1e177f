"""scaffold: a page as vendors hand it out, a heading for each record and below it a line per place, and prose around them."""

import pytest

from tests.cli.command import orders, run, write_json
from tests.cli.test_scaffold import drafted, fields, loaded

PAGE = """\
HAULIER 7  -  host orders                                    page 3 of 9

File name      HO<order number>.TXT, one per order, in the folder of the day.
Code page      ISO 8859-1. Lines end CR LF. All records 80 characters.
Records        column 1-2, in this order: HH, GG (0-2), LL (1-n), ZZ

HH  header
 1-2    HH
 3-22   order number, left
 23-30  order date TTMMJJJJ (local time)
 31-36  order time HHMMSS
 37     priority  1 = yes 0 = no
 38     gift      J / N
 39-48  service: UPS ground = UPSG, anything else
        is MISC
 49-80  blank

GG  gift message, in pieces of 60, at most 2 records
 1-2    GG
 3-4    number of the text line 01, 02
 5-64   text
 65-80  blank

LL  one line of
    the order
 1-2    LL
 3-8    line number, zeros in front
 9-33   article (our SKU)
 34-42  quantity, 9 digits, zeros in front
 43-53  net price, 2 implied decimals, zeros in front
 54-80  blank
ZZ  end
 1-2    ZZ
 3-8    number of LL records
 9-15   number of all records of the file, this one included
 16-80  blank
"""


def test_a_page_is_taken_for_a_list_and_its_headings_for_records():
    text = drafted(PAGE, writes="order")
    file = loaded(text).file
    assert "from a list of fields" in text
    assert file.options["charset"] == "iso-8859-1"
    assert [(one.name, one.len, one.fields[0].is_) for one in file.records] == [
        (code, (80,), (code,)) for code in ("HH", "GG", "LL", "ZZ")
    ]
    assert [(one.name, one.len) for one in file.records[0].fields] == [
        ("code", 2), ("order_number", 20), ("order_date", 8), ("order_time", 6), ("priority", 1), ("gift", 1), ("service", 10),
        ("blank", 32),
    ]  # fmt: skip


def test_dates_times_and_answers_are_read_as_the_page_has_them():
    text = drafted(PAGE, writes="order")
    found = fields(text)
    assert (found["HH", "order_date"].date, found["HH", "order_time"].date) == (("%d%m%Y",), ("%H%M%S",))
    assert "lookup: {true: 1, false: 0}}" in text
    assert "lookup: {true: J, false: N}, default: N}" in text


def test_each_field_of_a_page_is_written_where_the_page_has_it(tmp_path):
    (tmp_path / "page.txt").write_text(PAGE)
    run("scaffold", tmp_path / "page.txt", "--writes", "order", "-o", tmp_path / "orders.yaml")
    (order,) = orders(1)
    details = order["orderDetails"]
    details["items"] = details["items"][:1]
    details["items"][0]["giftDetails"] = {"giftMessage": "word " * 20}
    details["shipmentDetails"] |= {"shipMethod": "UPSG", "isPriorityShipment": True, "isGift": True}
    details["orderDate"] = "2026-12-01T18:04:05Z"
    out = tmp_path / "out.txt"
    run("convert", "-m", tmp_path / "orders.yaml", write_json(tmp_path / "in.json", order), "-o", out, "--zone", "UTC")
    lines = out.read_bytes().decode("latin-1").split("\r\n")[:-1]
    assert {len(line) for line in lines} == {80}
    assert [line[:4] for line in lines[1:3]] == ["GG01", "GG02"]
    header, line, end = lines[0], lines[3], lines[4]
    assert (header[2:22].rstrip(), header[22:48].rstrip()) == (order["purchaseOrderNumber"], "011220261804051JUPSG")
    assert int(line[33:42]) == details["items"][0]["orderedQuantity"]["amount"]
    assert end.rstrip() == "ZZ0000010000005"


@pytest.mark.parametrize(
    "heading", ["The header:", "HH: header", "Record HH", "Orders in. Line 'HH' once:", "HH - header"]
)
def test_a_record_is_named_by_its_heading(heading):
    text = f"Orders, and the rest.\n{heading}\n 1-2 HH\n 3-22 order number\n\nZZ end\n 1-2 ZZ\n 3-8 number of records\n"
    (record, _) = loaded(drafted(text, writes="order")).file.records
    assert (record.name, record.fields[0].is_) == ("header" if "The" in heading else "HH", ("HH",))


def test_a_date_that_its_length_has_no_room_for_keeps_its_place():
    text = drafted("Orders\n\nHH  header\n 1-2 HH\n 3-7 order date\n 8-27 order number\n 28-29 x\n", writes="order")
    assert [one.len for one in loaded(text).file.records[0].fields] == [2, 5, 20, 2]
    assert 'order_date:   {len: 5, text: ""}  # TODO a date of' in text


@pytest.mark.parametrize("text", ["1  KTL\n2  MUG\n3  BOX\n", "1-2 a\n2-3 b\n1-4 c\n9-9 d\n"])
def test_lines_that_begin_with_numbers_are_not_yet_a_page(text):
    assert "from a sample" in drafted(text, writes="order")


def test_a_page_may_have_titles_above_its_places():
    text = drafted(f"Pos      Description\n{PAGE[PAGE.index('HH  header') :]}", writes="order")
    assert [one.name for one in loaded(text).file.records] == ["HH", "GG", "LL", "ZZ"]


SENTENCES = """\
Orders in, all lines 80 characters.
Line 'H' header: 1 H; 2-21 order number, left; 22 priority 1 = yes 0 = no; 23 gift J / N; 24-80 blank.
Line 'G' text, only for a gift; the message in pieces of 60, at most 2 records: 1 G; 2-3 number of the text line; 4-63 text.
Line 'L' line: 1 L; 2-7 line number; 8-32 article; 33-41 quantity, zeros in front.
"""


def test_one_position_in_a_sentence_is_a_field_and_a_heading_may_have_two_halves():
    text = drafted(SENTENCES, writes="order")
    header, gift, line = loaded(text).file.records
    assert [(one.name, one.at, one.len) for one in header.fields] == [
        ("code", "", 1), ("order_number", "", 20), ("priority", "", 1), ("gift", "", 1), ("blank", "", 57),
    ]  # fmt: skip
    assert (gift.name, line.name) == ("G", "L")
    assert "text:               {len: 60, from: words}" in text


SHIPPED = """\
Files that the host takes: VK, then VP (1-n); VX (0-1) may follow.

VK  parcel
 1-2   Satzart VK
 3-22  order number
 23-42 parcel id
 43-50 ship date TTMMJJJJ
VP  what is in it
 1-2   Satzart VP
 3-8   line number
 9-17  quantity
VX  end
 1-2   Satzart VX
 3-8   number of records
"""


def test_a_record_that_may_stand_several_times_does_so_in_the_draft():
    parcel, end = loaded(drafted(SHIPPED, reads_="shipment_confirmation")).file.records
    (inside,) = parcel.records
    assert [(one.name, one.times.many, one.fields[0].is_) for one in (parcel, inside, end)] == [
        ("VK", True, ("VK",)), ("VP", True, ("VP",)), ("VX", False, ("VX",)),
    ]  # fmt: skip


def test_a_german_page_is_read_as_well():
    text = "Alle Sätze 40 Zeichen, CRLF\n\nK   Kopfsatz\n 1     Satzart K\n 2-21  Auftragsnummer\n 22-27 Auftragszeit HHMMSS\n"
    text += "P   Positionssatz\n 1     Satzart P\n 2-26  Artikelnummer\n 27-35 Menge, mit führenden Nullen\n"
    records = loaded(drafted(text, writes="order")).file.records
    assert [(one.name, one.len, one.fields[0].is_) for one in records] == [("K", (40,), ("K",)), ("P", (40,), ("P",))]
