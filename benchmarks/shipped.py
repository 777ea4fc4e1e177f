"""Row 5: a fixed-width ship file becomes confirmations: the file, the stored orders, and the same by hand.

By hand is what a good programmer would write for exactly this file: sliced, converted, grouped, completed from the order
and written as Amazon wants it, each value looked at once. What is wrong is noticed, without saying all of it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from benchmarks.floors import METHODS
from benchmarks.orders import SEED

Orders = Mapping[str, dict[str, Any]]
NOW: Final = datetime(2026, 12, 1, 12, tzinfo=UTC)
LENGTH: Final = 131
_LINES: Final = (1, 2, 2, 3, 3, 4, 5, 6)
_BACK: Final = {short: amazon for amazon, short in METHODS.items()}
_HERE: Final = ZoneInfo("America/New_York")
_encode: Final = msgspec.json.Encoder().encode


def made(orders: int, seed: int = SEED) -> tuple[bytes, Orders]:
    """Give a ship file of so many orders, and the orders as they are stored. One order in fifty stands in two places."""
    dice = random.Random(seed)
    stored: dict[str, dict[str, Any]] = {}
    groups: list[list[str]] = []
    for number in range(orders):
        name = f"D{number:06d}{dice.choice('abcXYZ')}"
        stored[name] = _order(dice, name)
        groups.append(_rows(dice, stored[name]))
    late = [group for group in groups if len(group) > 1 and dice.random() < 0.02]
    rows = [row for group in groups for row in (group[:1] if group in late else group)]
    rows += [row for group in late for row in group[1:]]
    return "".join(rows).encode(), stored


_SELLER: Final = {"partyId": "ACMEG"}
_SHIPPER: Final = {"partyId": "EWR1"}


def _order(dice: random.Random, name: str) -> dict[str, Any]:
    lines = [
        {
            "itemSequenceNumber": f"{place:05d}",
            "buyerProductIdentifier": f"B0{dice.randrange(10**8):08d}",
            "vendorProductIdentifier": f"ACME-{dice.randrange(10**4):04d}-{dice.randrange(10**5):05d}",
            "orderedQuantity": {"amount": dice.choice((1, 1, 1, 2, 3, 12)), "unitOfMeasure": "Each"},
        }
        for place in range(1, dice.choice(_LINES) + 1)
    ]
    details = {
        "orderStatus": "ACKNOWLEDGED",
        "shipmentDetails": {"shipMethod": dice.choice(list(METHODS))},
        "sellingParty": _SELLER,
        "shipFromParty": _SHIPPER,
        "items": lines,
    }
    return {"purchaseOrderNumber": name, "orderDetails": details}


def _rows(dice: random.Random, order: dict[str, Any]) -> list[str]:
    """Give the lines of an order: up to three cartons, each with its weight and size on each of its lines."""
    details = order["orderDetails"]
    carrier = METHODS[details["shipmentDetails"]["shipMethod"]]
    left = datetime(2026, 11, 30, 6) + timedelta(seconds=dice.randrange(43_200))
    cartons = [
        (
            f"{dice.randrange(10**17):017d}".rjust(18, "0"),
            f"1Z{dice.randrange(10**16):016d}",
            f"{dice.randint(20, 4000):09d}",
            "".join(f"{dice.randint(30, 400):05d}" for _ in range(3)),
        )
        for _ in range(dice.randint(1, min(3, len(details["items"]))))
    ]
    rows = []
    for line in details["items"]:
        carton, tracking, pounds, size = dice.choice(cartons)
        rows.append(
            f"{order['purchaseOrderNumber']:12}{int(line['itemSequenceNumber']):04d}{line['vendorProductIdentifier']:20}"
            f"{line['orderedQuantity']['amount']:07d}{carton:20}{tracking:22}{carrier:8}{pounds}"
            f"{left:%Y%m%d%H%M%S}{size}\r\n"
        )
    return rows


# --- by hand -------------------------------------------------------------------------------------------------------


def by_hand(data: bytes, orders: Orders) -> Iterator[bytes]:
    """Give the body of each confirmation."""
    for number, rows in _grouped(data.decode()).items():
        yield _encode({"shipmentConfirmations": [_confirmation(orders[number], rows)]})


def _grouped(text: str) -> dict[str, list[tuple[Any, ...]]]:
    """Cut and convert each line, and put the lines of an order together."""
    grouped: dict[str, list[tuple[Any, ...]]] = {}
    for line in text.split("\r\n"):
        if not line:
            continue
        if len(line) != LENGTH:
            raise ValueError("a line of the wrong length")
        order = line[:12].rstrip()
        row = (
            whole(line[12:16]),
            line[16:36].rstrip(),
            whole(line[36:43]),
            line[43:63].rstrip(),
            line[63:85].rstrip(),
            _BACK[line[85:93].rstrip()],
            hundredths(line[93:102]),
            moment(line[102:116]),
            tenths(line[116:121]),
            tenths(line[121:126]),
            tenths(line[126:131]),
        )
        if not (order and row[1] and row[3] and row[4]):
            raise ValueError("nothing stands where something must")
        found = grouped.get(order)
        if found is None:
            grouped[order] = [row]
        else:
            found.append(row)
    return grouped


def _confirmation(order: dict[str, Any], rows: list[tuple[Any, ...]]) -> dict[str, Any]:
    details = order["orderDetails"]
    lines = {int(line["itemSequenceNumber"]): line for line in details["items"]}
    shipped: dict[int, int] = {}
    cartons: dict[str, dict[str, Any]] = {}
    same: dict[str, tuple[Any, ...]] = {}
    for row in rows:
        number, sku, quantity, name, tracking, method, pounds, _, length, width, height = row
        line = lines[number]
        if line["vendorProductIdentifier"] != sku or quantity < 1:
            raise ValueError("another product, or none of it")
        shipped[number] = shipped.get(number, 0) + quantity
        if shipped[number] > line["orderedQuantity"]["amount"]:
            raise ValueError("more than ordered")
        box = (tracking, method, pounds, length, width, height)
        if same.setdefault(name, box) != box:
            raise ValueError("a carton contradicts itself")
        carton = cartons.get(name)
        if carton is None:
            carton = cartons[name] = {
                "containerType": "Carton",
                "containerIdentifier": name,
                "trackingNumber": tracking,
                "shipMethod": method,
                "dimensions": {"length": length, "width": width, "height": height, "unitOfMeasure": "IN"},
                "weight": {"unitOfMeasure": "LB", "value": pounds},
                "packedItems": [],
            }
        carton["packedItems"].append(
            {
                "itemSequenceNumber": number,
                "buyerProductIdentifier": line["buyerProductIdentifier"],
                "vendorProductIdentifier": sku,
                "packedQuantity": {"amount": quantity, "unitOfMeasure": "Each"},
            }
        )
    date = max(row[7] for row in rows)
    if date > NOW:
        raise ValueError("shipped in the future")
    return {
        "purchaseOrderNumber": order["purchaseOrderNumber"],
        "shipmentDetails": {"shipmentStatus": "SHIPPED", "shippedDate": f"{date:%Y-%m-%dT%H:%M:%SZ}"},
        "sellingParty": {"partyId": details["sellingParty"]["partyId"]},
        "shipFromParty": {"partyId": details["shipFromParty"]["partyId"]},
        "items": [
            {
                "itemSequenceNumber": number,
                "buyerProductIdentifier": line["buyerProductIdentifier"],
                "vendorProductIdentifier": line["vendorProductIdentifier"],
                "shippedQuantity": {"amount": shipped[number], "unitOfMeasure": "Each"},
            }
            for number, line in lines.items()
            if number in shipped
        ],
        "containers": list(cartons.values()),
    }


def whole(text: str) -> int:
    """Read a whole number, digits only."""
    if not (text.isascii() and text.isdigit()):
        raise ValueError("no number")
    return int(text)


@lru_cache(maxsize=16384)
def hundredths(text: str) -> str:
    """Read a number with two implied places, as Amazon wants decimals."""
    return f"{Decimal(whole(text)).scaleb(-2):f}"


@lru_cache(maxsize=16384)
def tenths(text: str) -> str:
    """Read a number with one implied place."""
    return f"{Decimal(whole(text)).scaleb(-1):f}"


@lru_cache(maxsize=16384)
def moment(text: str) -> datetime:
    """Read a moment in the warehouse's zone, into UTC."""
    return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=_HERE).astimezone(UTC)
