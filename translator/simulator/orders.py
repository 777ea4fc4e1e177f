"""Invented orders in the shape of getOrders (2021-12-28), each made to show one thing that real orders do.

Promises: the same vendor, warehouses, count and moment give the same orders; every order is valid by Amazon's model; all people,
streets and products are invented. Pure.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

SHIP_METHODS = ("UPS_GR_RES", "UPS_2ND", "USPS_DS_EXT", "AMZL_US_PREMIUM")
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
TAX_RATE = Decimal("0.0625")
CENT = Decimal("0.01")
REDACTED = "xxxxx"


@dataclass(frozen=True, slots=True)
class Product:
    sku: str
    asin: str
    title: str
    price: Decimal


CATALOGUE = (
    Product("KTL-17-RED", "B0SIMKTL17", "Whistling kettle, 1.7 l, red enamel", Decimal("24.50")),
    Product("00123-BLU", "B0SIM00123", "Mug, blue", Decimal("5.05")),
    Product(
        "8806098286500",
        "B0SIM86500",
        'Frying pan 28 cm / 11", non-stick (induction, gas), "Heritage" line',
        Decimal("39.99"),
    ),
    Product("CHR-OAK-4", "B0SIMCHR04", "Oak chair, set of 4", Decimal("412.00")),
    Product("LMP-ÉTÉ", "B0SIMLMP01", "Lampe de table Été <petite> & abat-jour", Decimal("61.10")),
    Product("TOW-6", "B0SIMTOW06", "Bath towels; 6 pieces; 70 x 140 cm", Decimal("18.00")),
    Product(
        "BKS-1M80", "B0SIMBKS18", "Bookcase with five shelves, " + "adjustable, " * 18 + "white", Decimal("129.95")
    ),
    Product("0007", "B0SIM00007", "Spare screw", Decimal("0.07")),
)
ASIN_BY_SKU = {product.sku: product.asin for product in CATALOGUE}


@dataclass(frozen=True, slots=True)
class Pattern:
    """What an order is to look like: lines are (product, quantity) by place in the catalogue."""

    shows: str
    lines: tuple[tuple[int, int], ...]
    buyer: Mapping[str, str] = field(default_factory=dict)
    gift: str = ""
    redacted: bool = False


PATTERNS = (
    Pattern("one line", ((0, 1),)),
    Pattern("several lines", ((1, 4), (2, 1), (5, 2))),
    Pattern("two lines of one SKU", ((1, 2), (1, 3))),
    Pattern("gift with a message", ((4, 1),), gift='Alles Gute, Oma!\nDeine "Kinder" & Enkel <3'),
    Pattern("label only, redacted", ((3, 1),), redacted=True),
    Pattern("to be cancelled", ((6, 1),)),
    Pattern("ampersand and angle brackets", ((2, 1),), {"name": "Smith & Sons <Receiving>", "attention": "R&D > Lab"}),
    Pattern(
        "accents",
        ((4, 2), (0, 1)),
        {"name": "José Ångström-Müller", "city": "Cañon City", "addressLine1": "12 Rue Éloïse"},
    ),
    Pattern("commas and quotes", ((5, 1),), {"name": 'O\'Neil, Pat "Skip", Jr.', "addressLine1": '7 "The Mews", Rear'}),
    Pattern(
        "newlines", ((1, 1), (7, 10)), {"name": "Harbour Office\nSecond Floor", "addressLine2": "Dock 4\r\nGate B"}
    ),
    Pattern(
        "long title and a long name",
        ((6, 2),),
        {"name": "Wilhelmina Alexandra Montgomery-Featherstonehaugh of Lower Wick"},
    ),
    Pattern("large quantity, small price", ((7, 1200),)),
    Pattern("label only, several lines", ((0, 1), (2, 2), (7, 5)), redacted=True),
)
BUYER = {
    "name": "Alex Example",
    "addressLine1": "100 Invented Street",
    "addressLine2": "Apt 5",
    "city": "Springfield",
    "stateOrRegion": "NJ",
    "postalCode": "07101",
    "countryCode": "US",
    "phone": "555-0100",
}
HIDDEN = ("name", "addressLine1", "addressLine2", "city", "phone")


def sample_orders(
    vendor: str, warehouses: Sequence[str], count: int, now: datetime, *, first: int = 0
) -> list[dict[str, Any]]:
    """Orders of the last day, the oldest first, dealt to the warehouses in turn; 13 show everything there is.

    Those from another `first` on have other numbers.
    """
    return [
        _order(
            vendor,
            warehouses[place % len(warehouses)],
            first + place,
            timedelta(hours=20) * (count - place) / count,
            now,
        )
        for place in range(count)
    ]


def shown_by(orders: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What each of some sample orders, in the order they were made, is there to show."""
    return {str(order["purchaseOrderNumber"]): _pattern(index).shows for index, order in enumerate(orders)}


def to_be_cancelled(orders: Iterable[Mapping[str, Any]]) -> list[str]:
    """The numbers of the sample orders that Amazon is meant to cancel."""
    return [number for number, shows in shown_by(orders).items() if shows == "to be cancelled"]


def _pattern(index: int) -> Pattern:
    return PATTERNS[index % len(PATTERNS)]


def _order(vendor: str, warehouse: str, index: int, age: timedelta, now: datetime) -> dict[str, Any]:
    pattern = _pattern(index)
    details = {
        "customerOrderNumber": f"111-{index:07d}-{_number(vendor, index, 7, DIGITS[:10])}",
        "orderDate": _iso(now - age),
        "orderStatus": "NEW",
        "shipmentDetails": _shipment(pattern, index, now),
        "taxTotal": _taxes(_total(pattern)),
        "sellingParty": {"partyId": vendor},
        "shipFromParty": {"partyId": warehouse},
        "shipToParty": _buyer(pattern, index),
        "billToParty": {"partyId": "AMAZON-US"},
        "items": list(_items(pattern)),
    }
    return {"purchaseOrderNumber": f"D{_number(vendor, index, 8, DIGITS)}", "orderDetails": details}


def _shipment(pattern: Pattern, index: int, now: datetime) -> dict[str, Any]:
    ship_by = (now + timedelta(days=1 + index % 3)).replace(hour=21, minute=0, second=0, microsecond=0)
    return {
        "isPriorityShipment": index % 4 == 1,
        "isScheduledDeliveryShipment": False,
        "isPslipRequired": bool(pattern.gift),
        "isGift": bool(pattern.gift),
        "shipMethod": "AMZL_US_PREMIUM" if pattern.redacted else SHIP_METHODS[index % 3],
        "shipmentDates": {"requiredShipDate": _iso(ship_by), "promisedDeliveryDate": _iso(ship_by + timedelta(days=3))},
        "messageToCustomer": "Thank you for your order.",
    }


def _buyer(pattern: Pattern, index: int) -> dict[str, str]:
    buyer = {**BUYER, "addressLine1": f"{100 + index} Invented Street", **pattern.buyer}
    return buyer | dict.fromkeys(HIDDEN, REDACTED) if pattern.redacted else buyer


def _items(pattern: Pattern) -> Iterator[dict[str, Any]]:
    for number, (place, quantity) in enumerate(pattern.lines, start=1):
        product = CATALOGUE[place]
        item = {
            "itemSequenceNumber": f"{number:05d}",
            "buyerProductIdentifier": product.asin,
            "vendorProductIdentifier": product.sku,
            "title": product.title,
            "orderedQuantity": {"amount": quantity, "unitOfMeasure": "Each"},
            "netPrice": _money(product.price),
            "taxDetails": _taxes(product.price * quantity),
            "totalPrice": _money(product.price * quantity),
        }
        yield item | _gift(pattern)


def _gift(pattern: Pattern) -> dict[str, Any]:
    return {"giftDetails": {"giftMessage": pattern.gift, "giftWrapId": "WRAP-RED"}} if pattern.gift else {}


def _total(pattern: Pattern) -> Decimal:
    return sum((CATALOGUE[place].price * quantity for place, quantity in pattern.lines), Decimal(0))


def _taxes(net: Decimal) -> dict[str, Any]:
    line = {
        "taxRate": str(TAX_RATE),
        "taxAmount": _money(net * TAX_RATE),
        "taxableAmount": _money(net),
        "type": "TOTAL",
    }
    return {"taxLineItem": [line]}


def _money(amount: Decimal) -> dict[str, str]:
    return {"currencyCode": "USD", "amount": str(amount.quantize(CENT))}


def _number(vendor: str, index: int, length: int, digits: str) -> str:
    seed = int.from_bytes(hashlib.sha256(f"{vendor}/{index}".encode()).digest())
    return "".join(digits[seed // len(digits) ** place % len(digits)] for place in range(length))


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
