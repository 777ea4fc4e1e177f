"""The floor: what a good programmer would write by hand for exactly one WMS, with the same conversions and checks.

Each function takes the JSON bytes of one order and gives the file's name and bytes. No generality, no places in the
findings, all loops unrolled by hand; but what is wrong is noticed: a missing value, an unknown ship method or
warehouse, a text too long, digits that would be lost, a name that is no file name, a letter the charset lacks.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from benchmarks.orders import ZONES

Floor = Callable[[bytes], tuple[str, bytes]]
HERE: Final = Path(__file__).parent
COLUMNS: Final = (
    "ORDER CUSTOMER_ORDER ORDERED STATUS SHIP_BY PROMISED VENDOR WAREHOUSE SHIP_METHOD CARRIER PRIORITY SCHEDULED "
    "PACKING_SLIP GIFT CUSTOM NAME ATTENTION ADDRESS1 ADDRESS2 CITY STATE POSTCODE COUNTRY PHONE MESSAGE LINE SKU ASIN "
    "TITLE QTY UNIT PRICE CURRENCY TOTAL GIFT_MESSAGE GIFT_WRAP"
).split()
HIDDEN: Final = "AMAZON LABEL ONLY"
YES_NO: Final = {True: "Y", False: "N"}
_PLACES: Final = {code: ZoneInfo(name) for code, name in ZONES.items()}
_SAFE: Final = re.compile(r"[A-Za-z0-9]{1,32}")
_CENT: Final = Decimal("0.01")


def _table() -> tuple[dict[str, str], dict[str, str]]:
    with (HERE / "mappings/bench/tables/ship_methods.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {row["amazon"]: row["wms"] for row in rows}, {row["amazon"]: row["name"] for row in rows}


METHODS, CARRIERS = _table()


# --- conversions, remembered where values repeat ----------------------------------------------------------------


@lru_cache(maxsize=16384)
def local(text: str, warehouse: str, pattern: str) -> str:
    """Write a moment of Amazon's by a pattern, in the warehouse's zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text} has no zone")
    return moment.astimezone(_PLACES[warehouse]).strftime(pattern)


@lru_cache(maxsize=16384)
def cents(text: str) -> str:
    """Write an amount with two places, none lost."""
    amount = Decimal(text)
    placed = amount.quantize(_CENT)
    if placed != amount:
        raise ValueError(f"{text} has more than two places")
    return f"{placed:f}"


@lru_cache(maxsize=16384)
def implied(text: str) -> str:
    """Write an amount as cents, eleven digits."""
    return filled(cents(text).replace(".", ""), 11)


@lru_cache(maxsize=16384)
def whole(amount: int) -> str:
    """Write a whole number."""
    if type(amount) is not int:
        raise ValueError("no whole number")
    return str(amount)


def filled(text: str, width: int) -> str:
    """Fill a number with zeros."""
    if len(text) > width:
        raise ValueError(f"{text} is too long")
    return text.zfill(width)


def short(text: str | None, most: int) -> str:
    """Give a text that may be absent, and is not too long."""
    if text is None:
        return ""
    if type(text) is not str or len(text) > most:
        raise ValueError("no text, or too long")
    return text


def cut(text: str | None, most: int) -> str:
    """Give as much of a text as fits."""
    if text is None:
        return ""
    if type(text) is not str:
        raise ValueError("no text")
    return text[:most]


def person(text: str | None, most: int, hidden: str) -> str:
    """Give a text about a person, or what stands for it where Amazon hides it."""
    if text is None:
        return hidden
    if type(text) is not str or len(text) > most:
        raise ValueError("no text, or too long")
    return hidden if text[:1] in "xX" and not text.lower().strip("x") else text


def named(number: str) -> str:
    """Check what becomes part of a file's name."""
    if not _SAFE.fullmatch(number):
        raise ValueError("no file name")
    return number


# --- CSV ----------------------------------------------------------------------------------------------------------


class _Echo:
    def write(self, text: str) -> str:
        return text


_row: Final = csv.writer(_Echo(), lineterminator="\r\n").writerow
_HEADER: Final = _row(COLUMNS)
_NONE: Final[dict[str, str]] = {}


def to_csv(data: bytes) -> tuple[str, bytes]:
    """Write orders-csv.yaml's file."""
    order = json.loads(data)
    details = order["orderDetails"]
    shipment, to, items = details["shipmentDetails"], details["shipToParty"], details["items"]
    dates, method, warehouse = shipment["shipmentDates"], shipment["shipMethod"], details["shipFromParty"]["partyId"]
    number = order["purchaseOrderNumber"]
    promised = dates.get("promisedDeliveryDate")
    head = [
        short(number, 32),
        short(details["customerOrderNumber"], 40),
        local(details["orderDate"], warehouse, "%Y-%m-%d %H:%M"),
        short(details.get("orderStatus"), 100),
        local(dates["requiredShipDate"], warehouse, "%Y-%m-%d %H:%M"),
        local(promised, warehouse, "%m/%d/%Y") if promised else "",
        short(details["sellingParty"]["partyId"], 100),
        warehouse,
        METHODS[method],
        CARRIERS[method],
        YES_NO[shipment["isPriorityShipment"]],
        YES_NO[shipment.get("isScheduledDeliveryShipment", False)],
        YES_NO[shipment["isPslipRequired"]],
        YES_NO[shipment.get("isGift", False)],
        YES_NO[details.get("hasCustomizableItems", False)],
        person(to["name"], 100, HIDDEN),
        person(to.get("attention"), 100, ""),
        person(to["addressLine1"], 100, HIDDEN),
        person(to.get("addressLine2"), 100, ""),
        person(to.get("city"), 60, HIDDEN),
        short(to.get("stateOrRegion"), 40),
        short(to.get("postalCode"), 20),
        short(to["countryCode"], 3),
        person(to.get("phone"), 40, ""),
        cut(shipment.get("messageToCustomer"), 80),
    ]
    lines = [_HEADER]
    for item in items:
        quantity, price = item["orderedQuantity"], item["netPrice"]
        asin = item.get("buyerProductIdentifier", "")
        total, gift = item.get("totalPrice"), item.get("giftDetails", _NONE)
        sku = item.get("vendorProductIdentifier") or asin
        if not sku:
            raise ValueError("no SKU")
        row = [
            *head,
            short(item["itemSequenceNumber"], 100),
            short(sku, 100),
            short(asin, 10),
            cut(item.get("title"), 80),
            whole(quantity["amount"]),
            short(quantity.get("unitOfMeasure"), 100),
            cents(price["amount"]),
            short(price.get("currencyCode"), 3),
            cents(total["amount"]) if total else "",
            cut(gift.get("giftMessage"), 100),
            short(gift.get("giftWrapId"), 10),
        ]
        lines.append(_row(row))
    return f"ORD-{named(number)}.csv", "".join(lines).encode()


# --- fixed width --------------------------------------------------------------------------------------------------


def to_fixed(data: bytes) -> tuple[str, bytes]:
    """Write orders-fixed.yaml's file."""
    order = json.loads(data)
    details = order["orderDetails"]
    shipment, to, items = details["shipmentDetails"], details["shipToParty"], details["items"]
    dates, warehouse = shipment["shipmentDates"], details["shipFromParty"]["partyId"]
    number = order["purchaseOrderNumber"]
    promised = dates.get("promisedDeliveryDate")
    head = (
        f"H{short(number, 20):20}{short(details['customerOrderNumber'], 24):24}"
        f"{local(details['orderDate'], warehouse, '%Y%m%d%H%M')}"
        f"{local(dates['requiredShipDate'], warehouse, '%Y%m%d%H%M')}"
        f"{local(promised, warehouse, '%Y%m%d') if promised else '':8}"
        f"{short(details['sellingParty']['partyId'], 8):8}{short(warehouse, 8):8}"
        f"{short(METHODS[shipment['shipMethod']], 4):4}{YES_NO[shipment['isPriorityShipment']]}"
        f"{YES_NO[shipment.get('isGift', False)]}{YES_NO[shipment['isPslipRequired']]}"
        f"{person(to['name'], 500, HIDDEN)[:40]:40}{person(to.get('attention'), 500, '')[:40]:40}"
        f"{person(to['addressLine1'], 500, HIDDEN)[:60]:60}{person(to.get('addressLine2'), 500, '')[:60]:60}"
        f"{person(to.get('city'), 500, HIDDEN)[:30]:30}{short(to.get('stateOrRegion'), 20):20}"
        f"{short(to.get('postalCode'), 10):10}{short(to['countryCode'], 3):3}"
        f"{person(to.get('phone'), 20, ''):20}{cut(shipment.get('messageToCustomer'), 60):60}\r\n"
    )
    lines = [head]
    units = 0
    for item in items:
        quantity, price = item["orderedQuantity"], item["netPrice"]
        asin = item.get("buyerProductIdentifier", "")
        total, gift = item.get("totalPrice"), item.get("giftDetails", _NONE)
        sku = item.get("vendorProductIdentifier") or asin
        if not sku:
            raise ValueError("no SKU")
        units += quantity["amount"]
        lines.append(
            f"D{short(item['itemSequenceNumber'], 6):6}{short(sku, 30):30}{short(asin, 10):10}"
            f"{filled(whole(quantity['amount']), 7)}{short(quantity.get('unitOfMeasure'), 4):4}"
            f"{implied(price['amount'])}{short(price.get('currencyCode'), 3):3}"
            f"{implied(total['amount']) if total else '':11}{short(gift.get('giftWrapId'), 4):4}"
            f"{cut(item.get('title'), 50):50}\r\n"
        )
    text = "".join(lines)
    if text.count("\n") != len(items) + 1 or text.count("\r") != len(items) + 1:
        raise ValueError("a field holds a line end")
    text = f"{text}T{filled(str(len(items)), 6)}{filled(str(units), 9)}\r\n"
    return f"ORD{named(number)}.TXT", text.encode("cp1252")
