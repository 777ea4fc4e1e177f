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
HIDDEN = ("name", "addressLine1", "addressLine2", "city", "phone")


@dataclass(frozen=True, slots=True)
class Country:
    """What is another in another country."""

    bill_to: str
    currency: str
    tax: str
    """How Amazon names the tax."""
    methods: Sequence[str]
    buyer: Mapping[str, str]
    billed: bool = True
    """Whether the bill-to party has its address: not in North America."""


def _buyer_of(city: str, region: str, postal: str, country: str, phone: str) -> dict[str, str]:
    place = {"city": city, "stateOrRegion": region, "postalCode": postal, "countryCode": country, "phone": phone}
    return {"name": "Alex Example", "addressLine1": "100 Invented Street", "addressLine2": "Apt 5"} | place


COUNTRIES = {
    "US": Country(
        "AMAZON-US",
        "USD",
        "TOTAL",
        SHIP_METHODS,
        _buyer_of("Springfield", "NJ", "07101", "US", "555-0100"),
        billed=False,
    ),
    "DE": Country(
        "AMAZON-EU",
        "EUR",
        "MwSt.",
        ("DHL_PAKET", "DPD_CLASSIC"),
        _buyer_of("Musterstadt", "Hessen", "60000", "DE", "069 0000"),
    ),
    "FR": Country(
        "AMAZON-EU",
        "EUR",
        "TVA",
        ("COLISSIMO", "CHRONO_18"),
        _buyer_of("Villeneuve", "Île-de-France", "75000", "FR", "01 0000"),
    ),
    "IN": Country(
        "AMAZON-IN", "INR", "GST", ("ATS_IN_STD",), _buyer_of("Nayanagar", "Karnataka", "560000", "IN", "080 0000")
    ),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a set of sample orders is to be."""

    vendor: str
    warehouses: Sequence[str]
    countries: Sequence[str]
    redacted: bool
    first: int
    """Orders from another one on have other numbers."""


def sample_orders(
    vendor: str,
    warehouses: Sequence[str],
    count: int,
    now: datetime,
    *,
    countries: Sequence[str] = ("US",),
    redacted: bool = True,
    first: int = 0,
) -> list[dict[str, Any]]:
    """Orders of the last day, the oldest first, dealt to the warehouses in turn; 13 show everything there is.

    Of three, one ships today. `redacted`: whether those that are there to show it hide their customer.
    """
    asked = Asked(vendor, warehouses, countries, redacted, first)
    return [_order(asked, place, timedelta(hours=20) * (count - place) / count, now) for place in range(count)]


def shown_by(orders: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What each of some sample orders, in the order they were made, is there to show."""
    return {str(order["purchaseOrderNumber"]): _pattern(index).shows for index, order in enumerate(orders)}


def to_be_cancelled(orders: Iterable[Mapping[str, Any]]) -> list[str]:
    """The numbers of the sample orders that Amazon is meant to cancel."""
    return [number for number, shows in shown_by(orders).items() if shows == "to be cancelled"]


def _pattern(index: int) -> Pattern:
    return PATTERNS[index % len(PATTERNS)]


def _order(asked: Asked, place: int, age: timedelta, now: datetime) -> dict[str, Any]:
    index = asked.first + place
    pattern, country = _pattern(index), COUNTRIES[asked.countries[place % len(asked.countries)]]
    hidden = pattern.redacted and asked.redacted
    details = {
        "customerOrderNumber": f"111-{index:07d}-{_number(asked.vendor, index, 7, DIGITS[:10])}",
        "orderDate": _iso(now - age),
        "orderStatus": "NEW",
        "shipmentDetails": _shipment(pattern, country, index, now),
        "taxTotal": _taxes(_total(pattern), country),
        "sellingParty": {"partyId": asked.vendor},
        "shipFromParty": {"partyId": asked.warehouses[place % len(asked.warehouses)]},
        "shipToParty": _buyer(pattern, country, index) | (dict.fromkeys(HIDDEN, REDACTED) if hidden else {}),
        "billToParty": _bill_to(country),
        "items": list(_items(pattern, country)),
    }
    return {"purchaseOrderNumber": f"D{_number(asked.vendor, index, 8, DIGITS)}", "orderDetails": details}


def _shipment(pattern: Pattern, country: Country, index: int, now: datetime) -> dict[str, Any]:
    ship_by = _ship_by(index, now)
    methods = country.methods
    return {
        "isPriorityShipment": index % 4 == 1,
        "isScheduledDeliveryShipment": False,
        "isPslipRequired": bool(pattern.gift),
        "isGift": bool(pattern.gift),
        "shipMethod": methods[-1] if pattern.redacted else methods[index % (len(methods) - 1 or 1)],
        "shipmentDates": {"requiredShipDate": _iso(ship_by), "promisedDeliveryDate": _iso(ship_by + timedelta(days=3))},
        "messageToCustomer": "Thank you for your order.",
    }


def _ship_by(index: int, now: datetime) -> datetime:
    """One of three today, if late, the others tomorrow and the day after."""
    days = (index + 1) % 3
    evening = (now + timedelta(days=days)).replace(hour=21, minute=0, second=0, microsecond=0)
    return max(evening, now + timedelta(hours=2))


def _buyer(pattern: Pattern, country: Country, index: int) -> dict[str, str]:
    return {**country.buyer, "addressLine1": f"{100 + index} Invented Street", **pattern.buyer}


def _bill_to(country: Country) -> dict[str, Any]:
    if not country.billed:
        return {"partyId": country.bill_to}
    address = {name: country.buyer[name] for name in ("city", "stateOrRegion", "postalCode", "countryCode")}
    return {"partyId": country.bill_to, "address": {"name": "Amazon", "addressLine1": "1 Invented Square", **address}}


def _items(pattern: Pattern, country: Country) -> Iterator[dict[str, Any]]:
    for number, (place, quantity) in enumerate(pattern.lines, start=1):
        product = CATALOGUE[place]
        item = {
            "itemSequenceNumber": f"{number:05d}",
            "buyerProductIdentifier": product.asin,
            "vendorProductIdentifier": product.sku,
            "title": product.title,
            "orderedQuantity": {"amount": quantity, "unitOfMeasure": "Each"},
            "netPrice": _money(product.price, country),
            "taxDetails": _taxes(product.price * quantity, country),
            "totalPrice": _money(product.price * quantity, country),
        }
        yield item | _gift(pattern)


def _gift(pattern: Pattern) -> dict[str, Any]:
    return {"giftDetails": {"giftMessage": pattern.gift, "giftWrapId": "WRAP-RED"}} if pattern.gift else {}


def _total(pattern: Pattern) -> Decimal:
    return sum((CATALOGUE[place].price * quantity for place, quantity in pattern.lines), Decimal(0))


def _taxes(net: Decimal, country: Country) -> dict[str, Any]:
    line = {
        "taxRate": str(TAX_RATE),
        "taxAmount": _money(net * TAX_RATE, country),
        "taxableAmount": _money(net, country),
        "type": country.tax,
    }
    return {"taxLineItem": [line]}


def _money(amount: Decimal, country: Country) -> dict[str, str]:
    return {"currencyCode": country.currency, "amount": str(amount.quantize(CENT))}


def _number(vendor: str, index: int, length: int, digits: str) -> str:
    seed = int.from_bytes(hashlib.sha256(f"{vendor}/{index}".encode()).digest())
    return "".join(digits[seed // len(digits) ** place % len(digits)] for place in range(length))


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
