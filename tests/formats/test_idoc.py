"""IDocs of SAP by the presets, flat and as XML: what stands where in a line, several in a file, releases, empty segments."""

import pytest

from tests.formats.interchanges import context, order
from tests.loaded import ROOT, compiled
from tests.presets import settings_of
from translator.core.finding import errors
from translator.translation import read

FLAT, XML = "sap-idoc-flat", "sap-idoc-xml"


def mapping(system, name):
    return compiled(ROOT / "mappings" / system / name)


def shipped(system, text, *numbers):
    """Give what a file says of orders: each with its items, or what is wrong with it."""
    stored = context(*(order(number) for number in numbers or ("PO1", "PO2")), **settings_of(system))
    found = list(read(mapping(system, "ship.yaml"), [text.encode("iso-8859-1")], "in", stored))
    return [_told(one) for one in found]


def _told(document):
    if document.rejected:
        return [f"{one.code} {one.data.line}" if one.data else one.code for one in errors(document.findings)]
    details = document.tree["shipmentDetails"]
    items = {one["itemSequenceNumber"]: one["shippedQuantity"]["amount"] for one in document.tree["items"]}
    return document.asked, details["shippedDate"], details["shipmentStatus"], items


def control(docnum="42", message="SHPCON", idoc="DELVRY03"):
    return f"EDI_DC40  100{docnum.zfill(16)}{'':10}{idoc:30}{'':30}{message}"


def line(segment, data="", number=0, parent=0, level=3):
    """Give a line of data: 63 characters that say which, and what stands behind them at the places SAP gives."""
    text = f"{segment:30}1000000000000000042{number:06}{parent:06}{level:02}"
    for at, value in data.items() if data else ():
        text = text.ljust(at - 1) + value
    return text


def header(number, release="002"):
    return line(f"E2EDL20{release}", {64: number[:10], 282: number}, 1, 0, 2)


def issued(day="20261201", time="123000", release="001", kind="006"):
    return line(f"E2EDT13{release}", {64: kind, 125: day, 133: time}, 2, 1)


def item(position, sku, quantity, release="006", origin=""):
    return line(f"E2EDL24{release}", {64: position, 70: sku, 240: quantity.rjust(15), 255: "PCE", 337: origin}, 3, 1)


ONE = [control(), header("PO1"), issued(), item("000010", "S1", "2.000"), item("000020", "S2", "3.000")]
TOLD = ("PO1", "2026-12-01T20:30:00Z", "SHIPPED", {"1": 2, "2": 3})


def crowded(segment, data):
    """Give a line whose every place holds something, but for the blanks (`~`) of the fields that are asked."""
    text = line(segment, data, 1, 1).ljust(1063)
    return text[:63] + text[63:].replace(" ", "x").replace("~", " ")


CROWDED = [
    control(),
    crowded("E2EDL20002", {64: "8000000001", 282: "PO1".ljust(35, "~")}),
    crowded("E2EDT13001", {64: "006", 125: "20261201", 133: "123000"}),
    crowded(
        "E2EDL24006", {64: "000010", 70: "S1".ljust(18, "~"), 240: "2.000".rjust(15, "~"), 255: "PCE", 337: "000010"}
    ),
    crowded(
        "E2EDL24006", {64: "900001", 70: "S2".ljust(18, "~"), 240: "3.000".rjust(15, "~"), 255: "PCE", 337: "000020"}
    ),
]
TWO = [control("43"), header("PO2"), issued("20261202"), item("000010", "S1", "2.000")]
ALSO = ("PO2", "2026-12-02T20:30:00Z", "SHIPPED", {"1": 2})
FILES = {  # lines of a flat file -> what is told of each order
    "one": (ONE, [TOLD]),
    "two in a file": ([*ONE, *TWO], [TOLD, ALSO]),
    "the goods issue behind the items": ([*ONE[:2], *ONE[3:], ONE[2]], [TOLD]),
    "other releases of the segments": (
        [control(), header("PO1", "003"), issued(release="002"),
         item("000010", "S1", "2.000", "007"), item("000020", "S2", "3.000", "003")],
        [TOLD],
    ),
    "segments without a release": (
        [control(), header("PO1", ""), issued(release=""), item("000010", "S1", "2.000", ""), item("000020", "S2", "3.000", "")],
        [TOLD],
    ),
    "segments that nobody asks for": (
        [*ONE[:2], line("E2EDL18", {64: "PGI"}, 9, 1), line("Z2EXTRA", {64: "006"}, 9, 1),
         *ONE[2:], line("E2EDL19", {64: "DEL"}, 9, 3)],
        [TOLD],
    ),
    "another date before the goods issue": ([*ONE[:2], issued("20261130", kind="007"), *ONE[2:]], [TOLD]),
    "a line of two batches": (
        [*ONE[:4], item("900001", "S2", "1.000", origin="000020"), item("900002", "S2", "2.000", origin="000020")],
        [TOLD],
    ),
    "an order named by its delivery alone": (
        [control(), line("E2EDL20002", {64: "PO1"}, 1, 0, 2), *ONE[2:]],
        [TOLD],
    ),
    "lines as long as SAP has them": ([one.ljust(524 if one.startswith("EDI") else 1063) for one in ONE], [TOLD]),
    "something at every other place": (CROWDED, [TOLD]),
    "lines that were not parted": ([*ONE[:3], *(one.ljust(336) + "000000" for one in ONE[3:])], [TOLD]),
    "nothing shipped": (
        [*ONE[:3], item("000010", "S1", "0.000"), item("000020", "S2", "0.000")],
        [(*TOLD[:2], "FLOOR_DENIAL", {"1": 0, "2": 0})],
    ),
    "no goods issue": ([*ONE[:2], *ONE[3:]], [["record-missing 4"]]),
}  # fmt: skip


@pytest.mark.parametrize("what", FILES)
def test_a_flat_shipping_confirmation_tells_orders_by_what_stands_where_in_its_lines(what):
    lines, told = FILES[what]
    assert shipped(FLAT, "\r\n".join([*lines, ""])) == told


OTHER = [control("44", message="WHSORD"), header("PO2"), issued("20261203"), item("000010", "S1", "7.000")]


@pytest.mark.parametrize("first", [True, False], ids=["before", "behind"])
def test_an_idoc_of_another_message_in_the_file_adds_nothing_to_an_order(first):
    assert shipped(FLAT, "\r\n".join([*OTHER, *ONE, ""] if first else [*ONE, *OTHER, ""])) == [TOLD]


def test_a_second_delivery_of_an_idoc_is_an_order_of_its_own():
    assert shipped(FLAT, "\r\n".join([*ONE, *TWO[1:], ""])) == [TOLD, ALSO]


def xml(*idocs):
    return f"<?xml version='1.0' encoding='ISO-8859-1'?><DELVRY07>{''.join(idocs)}</DELVRY07>"


def idoc(*deliveries, message="SHPCON", begin=' BEGIN="1"'):
    head = f'<EDI_DC40 SEGMENT="1"><TABNAM>EDI_DC40</TABNAM><DOCNUM>42</DOCNUM><MESTYP>{message}</MESTYP></EDI_DC40>'
    return f"<IDOC{begin}>{head}{''.join(deliveries)}</IDOC>"


def delivery(number, *inside):
    return f'<E1EDL20 SEGMENT="1"><VBELN>80</VBELN><LIFEX>{number}</LIFEX>{"".join(inside)}</E1EDL20>'


def gone(day="20261201", time="123000", kind="006"):
    return f'<E1EDT13 SEGMENT="1"><QUALF>{kind}</QUALF><ISDD>{day}</ISDD><ISDZ>{time}</ISDZ></E1EDT13>'


def goods(position, quantity, more=""):
    return f'<E1EDL24 SEGMENT="1"><POSNR>{position}</POSNR><LFIMG>{quantity}</LFIMG>{more}</E1EDL24>'


HIPOS = "<HIPOS>000020</HIPOS>"  # the line that was parted
LINES = goods("000010", "2.000"), goods("000020", "3.000")
FIRST, SECOND = delivery("PO1", gone(), *LINES), delivery("PO2", gone("20261202"), goods("000010", "2.000"))
XMLS = {  # an IDoc as XML -> what is told of each order
    "one": (xml(idoc(FIRST)), [TOLD]),
    "two in a file": (xml(idoc(FIRST), idoc(SECOND)), [TOLD, ALSO]),
    "two deliveries in one": (xml(idoc(FIRST, SECOND)), [TOLD, ALSO]),
    "no attributes": (xml(idoc(FIRST, begin="")).replace(' SEGMENT="1"', ""), [TOLD]),
    "empty segments": (
        xml(idoc(delivery("PO1", '<E1EDL18 SEGMENT="1"/>', '<E1EDT13 SEGMENT="1"/>', gone(), *LINES, '<E1EDL37X SEGMENT="1"/>'))),
        [TOLD],
    ),
    "the goods issue last, behind another date": (
        xml(idoc(delivery("PO1", gone("20261130", kind="010"), *LINES, gone()))),
        [TOLD],
    ),
    "no time of it": (
        xml(idoc(delivery("PO1", gone(time="000000"), *LINES))),
        [("PO1", "2026-12-02T01:00:00Z", *TOLD[2:])],
    ),
    "batches of one line": (
        xml(idoc(delivery("PO1", gone(), LINES[0], goods("900001", "1", HIPOS), goods("900002", "2", HIPOS)))),
        [TOLD],
    ),
    "marks of XML in the number": (xml(idoc(delivery("PO&amp;1&lt;&#50;", gone(), *LINES))), [("PO&1<2", *TOLD[1:])]),
    "the goods issue on no day": (xml(idoc(delivery("PO1", gone("00000000"), *LINES))), [["value-required 1"]]),
}  # fmt: skip


@pytest.mark.parametrize("what", XMLS)
def test_a_shipping_confirmation_as_xml_tells_orders(what):
    text, told = XMLS[what]
    assert shipped(XML, text, "PO1", "PO2", "PO&1<2") == told


def test_an_idoc_of_another_message_as_xml_refuses_its_file():
    assert shipped(XML, xml(idoc(SECOND, message="WHSORD"), idoc(FIRST))) == [["group-missing 1"]] * 2
