"""The three file languages of the pretend warehouse system: CSV, fixed width, XML; each a few plain functions in one table.

Promises to share no code with the translator: csv, slices and ElementTree only, so that a mistake in a format module is seen.
The layouts are those of the presets `plain-csv`, `plain-fixed` and `plain-xml`. What cannot be read raises ValueError.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from itertools import groupby
from typing import Final
from xml.etree import ElementTree as ET


@dataclass(frozen=True, slots=True)
class Line:
    """What is ordered on one line."""

    number: str
    sku: str
    asin: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Order:
    """An order file, as far as a warehouse needs it."""

    number: str
    warehouse: str
    method: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Packed:
    """A line of an order in a carton. The quantity is text: a warehouse may write nonsense."""

    line: str
    quantity: str
    carton: str
    tracking: str
    pounds: Decimal


@dataclass(frozen=True, slots=True)
class Shipment:
    """What one ship file tells of one order."""

    order: str
    method: str
    shipped: datetime
    packed: tuple[Packed, ...]


@dataclass(frozen=True, slots=True)
class Stock:
    """The free quantity of each SKU (with its ASIN) in one warehouse."""

    warehouse: str
    levels: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether the warehouse takes an order: its own code, and its own number."""

    order: str
    code: str
    number: str


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one warehouse system reads and writes. `acks` None: it sends no acknowledgement files."""

    orders: str  # how the names of order files begin
    cancels: str
    ship: str  # a file name with a place for a number
    stock: str
    ack: str
    read_order: Callable[[bytes], Order]
    read_cancel: Callable[[bytes], str]
    write_ship: Callable[[Sequence[Shipment], tzinfo], bytes]
    write_stock: Callable[[Stock], bytes]
    write_acks: Callable[[Sequence[Answer]], bytes] | None = None


# --- CSV -----------------------------------------------------------------------------------------------------------


def read_csv_order(data: bytes) -> Order:
    rows = _rows(data)
    lines = tuple(Line(row["LINE"], row["SKU"], row["ASIN"], int(row["QTY"])) for row in rows)
    return Order(rows[0]["ORDER"], rows[0]["WAREHOUSE"], rows[0]["SHIP_METHOD"], lines)


def read_csv_cancel(data: bytes) -> str:
    return _rows(data)[0]["ORDER"]


def write_csv_ship(shipments: Sequence[Shipment], zone: tzinfo) -> bytes:
    rows = [
        [
            one.order,
            packed.line,
            packed.quantity,
            packed.carton,
            packed.tracking,
            one.method,
            str(packed.pounds),
            f"{one.shipped.astimezone(zone):%Y-%m-%d %H:%M}",
        ]
        for one in shipments
        for packed in one.packed
    ]
    return _table("ORDER LINE QTY CARTON TRACKING METHOD LBS SHIPPED", rows)


def write_csv_stock(stock: Stock) -> bytes:
    return _table("WAREHOUSE SKU ASIN QTY", [[stock.warehouse, *map(str, level)] for level in stock.levels])


def _rows(data: bytes) -> list[dict[str, str]]:
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline=""), strict=True))
    if not rows:
        raise ValueError("no rows")
    return rows


def _table(header: str, rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header.split(), *rows])
    return text.getvalue().encode("utf-8")


# --- fixed width -----------------------------------------------------------------------------------------------------

_HEAD: Final = (1, 20, 24, 12, 12, 8, 4, 1, 1, 40, 60, 60, 30, 20, 10, 3)
_DETAIL: Final = (1, 6, 30, 10, 7, 11, 50)


def read_fixed_order(data: bytes) -> Order:
    head, *details, trailer = data.decode("cp1252").splitlines()
    _, number, _, _, _, warehouse, method, *_ = _cut(head, _HEAD)
    lines = tuple(_fixed_line(_cut(detail, _DETAIL)) for detail in details)
    _, count, units = _cut(trailer, (1, 6, 9))
    if trailer[0] != "T" or int(count) != len(lines) or int(units) != sum(line.quantity for line in lines):
        raise ValueError("the trailer tells another story")
    return Order(number, warehouse, method, lines)


def read_fixed_cancel(data: bytes) -> str:
    return _cut(data.decode("cp1252").splitlines()[0], (1, 20, 8))[1]


def write_fixed_ship(shipments: Sequence[Shipment], zone: tzinfo) -> bytes:
    lines = []
    for one in shipments:
        lines.append(f"S{one.order:20}{one.shipped.astimezone(zone):%Y%m%d%H%M}{one.method:4}")
        lines += [
            f"D{packed.line:6}{packed.quantity:>07}{packed.carton:20}{packed.tracking:30}{int(packed.pounds * 100):07}"
            for packed in one.packed
        ]
    count = sum(len(one.packed) for one in shipments)
    return _lines([*lines, f"T{count:06}"])


def write_fixed_stock(stock: Stock) -> bytes:
    rows = [f"D{sku:30}{asin:10}{free:09}" for sku, asin, free in stock.levels]
    units = sum(free for _, _, free in stock.levels)
    return _lines([f"H{stock.warehouse:8}", *rows, f"T{len(rows):06}{units:012}"])


def write_fixed_acks(answers: Sequence[Answer]) -> bytes:
    return _lines(f"A{answer.order:20}{answer.code:4}{answer.number:12}" for answer in answers)


def _fixed_line(parts: list[str]) -> Line:
    code, number, sku, asin, quantity, *_ = parts
    if code != "D":
        raise ValueError("not an order line")
    return Line(number, sku, asin, int(quantity))


def _cut(line: str, widths: Sequence[int]) -> list[str]:
    if len(line) != sum(widths):
        raise ValueError("a line of another length")
    ends = [sum(widths[: number + 1]) for number in range(len(widths))]
    return [line[end - width : end].rstrip() for end, width in zip(ends, widths, strict=True)]


def _lines(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode("cp1252")


# --- XML ---------------------------------------------------------------------------------------------------------------


def read_xml_order(data: bytes) -> Order:
    root = _xml(data)
    lines = tuple(
        Line(one.attrib["number"], one.findtext("Sku", ""), "", int(one.findtext("Quantity", "")))
        for one in root.iterfind("Lines/Line")
    )
    return Order(root.attrib["number"], root.findtext("Warehouse", ""), root.findtext("ShipMethod", ""), lines)


def read_xml_cancel(data: bytes) -> str:
    return _xml(data).attrib["number"]


def write_xml_ship(shipments: Sequence[Shipment], zone: tzinfo) -> bytes:
    root = ET.Element("Shipments")
    for one in shipments:
        shipped = f"{one.shipped.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        shipment = ET.SubElement(root, "Shipment", order=one.order, shipped=shipped)
        ET.SubElement(shipment, "Method").text = one.method
        for carton, packed in groupby(one.packed, key=lambda row: row.carton):
            _carton(shipment, carton, list(packed))
    return _text(root)


def write_xml_stock(stock: Stock) -> bytes:
    root = ET.Element("Stock", warehouse=stock.warehouse)
    for sku, asin, free in stock.levels:
        ET.SubElement(root, "Item", {"sku": sku, "free": str(free)} | ({"asin": asin} if asin else {}))
    return _text(root)


def _carton(shipment: ET.Element, name: str, packed: Sequence[Packed]) -> None:
    carton = ET.SubElement(shipment, "Carton", id=name)
    ET.SubElement(carton, "Tracking").text = packed[0].tracking
    ET.SubElement(carton, "Weight").text = str(packed[0].pounds)
    for one in packed:
        ET.SubElement(carton, "Content", line=one.line, quantity=one.quantity)


def _text(root: ET.Element) -> bytes:
    text: bytes = ET.tostring(root, "utf-8", xml_declaration=True)
    return text


def _xml(data: bytes) -> ET.Element:
    try:
        return ET.fromstring(data)  # noqa: S314  # a file of the translator's own making
    except ET.ParseError:
        raise ValueError("not XML") from None


DIALECTS: Final = {
    "csv": Dialect(
        "ORD-",
        "CAN-",
        "SHIP{:06}.csv",
        "STOCK{:06}.csv",
        "",
        read_csv_order,
        read_csv_cancel,
        write_csv_ship,
        write_csv_stock,
    ),
    "fixed": Dialect(
        "ORD",
        "CAN",
        "SHP{:06}.TXT",
        "STK{:06}.TXT",
        "ACK{:06}.TXT",
        read_fixed_order,
        read_fixed_cancel,
        write_fixed_ship,
        write_fixed_stock,
        write_fixed_acks,
    ),
    "xml": Dialect(
        "order-",
        "cancel-",
        "ship{:06}.xml",
        "stock{:06}.xml",
        "",
        read_xml_order,
        read_xml_cancel,
        write_xml_ship,
        write_xml_stock,
    ),
}
