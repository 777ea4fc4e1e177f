"""Orders to measure with: the same ones each time, shaped as Amazon sends them, about 3 KB, one to four lines."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any, Final

SEED: Final = 20261201
ZONES: Final = {"EWR1": "America/New_York", "ORD2": "America/Chicago", "RNO4": "America/Los_Angeles"}
METHODS: Final = ("UPS_2ND", "UPS_GR_RES", "USPS_DS_EXT", "USPS_ATS_PARCEL")
_LINES: Final = (1, 1, 1, 2, 2, 2, 3, 3, 4, 4)
_FIRST: Final = "Anna José Zoë Björn Marie-Claire Luis Mary Siobhán François Nuño Renée Ian Chloë Hans Ada".split()
_LAST: Final = "Smith Müller O'Neill García Peña Lefèvre Øster Brown Jones Åkesson Castañeda Rossi Taylor Núñez".split()
_STREETS: Final = ("Main Street", "Oak Avenue", "Elm Street, Rear", "5th Avenue", "Saint Denis Road", "Market Square")
_CITIES: Final = (
    ("San José", "CA", "95110"), ("Newark", "NJ", "07102"), ("Chicago", "IL", "60601"), ("Reno", "NV", "89501"),
    ("Boston", "MA", "02108"), ("Española", "NM", "87532"), ("Cañon City", "CO", "81212"),
)  # fmt: skip
_WORDS: Final = (
    "Stainless Steel Cordless Compact Outdoor Kitchen Storage Wireless Adjustable Folding Heavy-Duty LED Garden Travel "
    "Premium Waterproof Rechargeable Portable Vacuum Organizer Rack Lamp Blender Kettle Bottle Cushion Shelf Mat "
    '12" 3.5" (Pack of 2), with Lid, & Brush for Home and Office'
).split()
_MESSAGE: Final = (
    'This shipment completes your order. You can always check the status of your orders from the "Your Account" link at '
    "the top of each page of our site. Thank you for shopping with us!"
)
_GIFTS: Final = (
    "Happy birthday, & many more!",
    "With love from all of us",
    "Get well soon,\nyours Ann",
    "Merry Christmas",
)


def bodies(count: int, seed: int = SEED) -> list[bytes]:
    """Give orders, each as the JSON text of one order."""
    return [encoded(tree) for tree in trees(count, seed)]


def pages(count: int, each: int, seed: int = SEED) -> list[bytes]:
    """Give orders as bodies of getOrders, so many in each."""
    made = trees(count, seed)
    return [encoded({"orders": made[start : start + each]}) for start in range(0, count, each)]


def encoded(tree: Any) -> bytes:
    """Write JSON as Amazon does: compact, UTF-8."""
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode()


def trees(count: int, seed: int = SEED) -> list[dict[str, Any]]:
    """Give orders as trees."""
    dice = random.Random(seed)
    shelf = [_product(dice, number) for number in range(1500)]
    return [_order(dice, number, shelf) for number in range(count)]


def _product(dice: random.Random, number: int) -> dict[str, Any]:
    title = " ".join(dice.choices(_WORDS, k=dice.randint(9, 15)))
    return {
        "asin": f"B0{number:08d}",
        "sku": f"ACME-{dice.randint(1000, 9999)}-{number:05d}",
        "title": title,
        "cents": dice.randint(399, 89999),
    }


def _order(dice: random.Random, number: int, shelf: list[dict[str, Any]]) -> dict[str, Any]:
    placed = datetime(2026, 11, 24, tzinfo=UTC) + timedelta(seconds=dice.randrange(7 * 86400))
    due = (placed + timedelta(days=dice.randint(1, 3))).replace(hour=23, minute=59, second=59)
    lines = dice.choice(_LINES)
    gift = dice.random() < 0.15
    return {
        "purchaseOrderNumber": f"D{number:05d}{dice.choice('abcXYZ')}",
        "orderDetails": {
            "customerOrderNumber": f"{dice.randint(100, 999)}-{dice.randint(0, 9999999):07d}-{dice.randint(0, 9999999):07d}",
            "orderDate": _stamp(placed),
            "orderStatus": "NEW",
            "shipmentDetails": {
                "isPriorityShipment": dice.random() < 0.2,
                "isScheduledDeliveryShipment": False,
                "isPslipRequired": dice.random() < 0.6,
                "isGift": gift,
                "shipMethod": dice.choice(METHODS),
                "shipmentDates": {
                    "requiredShipDate": _stamp(due),
                    "promisedDeliveryDate": _stamp(due + timedelta(days=dice.randint(2, 6))),
                },
                "messageToCustomer": _MESSAGE,
            },
            "taxTotal": {"taxLineItem": [_tax(dice)]},
            "sellingParty": {
                "partyId": "ACMEG",
                "address": {
                    "name": "Acme Goods, Inc.", "addressLine1": "100 Industrial Way", "addressLine2": "Building 7, Dock 12",
                    "city": "Newark", "stateOrRegion": "NJ", "postalCode": "07102", "countryCode": "US",
                },
                "taxInfo": {"taxRegistrationType": "VAT", "taxRegistrationNumber": "US001234567"},
            },
            "shipFromParty": {"partyId": dice.choice(tuple(ZONES))},
            "shipToParty": _receiver(dice),
            "billToParty": {
                "partyId": "AMAZ1",
                "address": {
                    "name": "Amazon Fulfillment Services, Inc.", "addressLine1": "410 Terry Avenue North",
                    "city": "Seattle", "stateOrRegion": "WA", "postalCode": "98109-5210", "countryCode": "US",
                },
            },
            "hasCustomizableItems": False,
            "items": [_line(dice, place, dice.choice(shelf), gift=gift) for place in range(1, lines + 1)],
        },
    }  # fmt: skip


def _receiver(dice: random.Random) -> dict[str, Any]:
    """Give a receiver; one in ten is hidden, as where Amazon prints the label."""
    city, state, code = dice.choice(_CITIES)
    shown = {"city": city, "stateOrRegion": state, "postalCode": code, "countryCode": "US"}
    if dice.random() < 0.1:
        return {"name": "xxxxx", "addressLine1": "xxxxxxxxxx", **shown, "city": "XXXXX"}
    found = {
        "name": f"{dice.choice(_FIRST)} {dice.choice(_LAST)}",
        "addressLine1": f"{dice.randint(1, 9999)} {dice.choice(_STREETS)}",
    }
    if dice.random() < 0.35:
        found["addressLine2"] = f"Apt {dice.randint(1, 99)}"
    if dice.random() < 0.1:
        found["attention"] = 'Receiving, "Dock 4"'
    if dice.random() < 0.8:
        found["phone"] = f"+1 {dice.randint(201, 989)}-555-{dice.randint(0, 9999):04d}"
    return {**found, **shown}


def _line(dice: random.Random, place: int, product: dict[str, Any], *, gift: bool) -> dict[str, Any]:
    amount = dice.choice((1, 1, 1, 2, 3, 12))
    found: dict[str, Any] = {
        "itemSequenceNumber": f"{place:05d}",
        "buyerProductIdentifier": product["asin"],
        "vendorProductIdentifier": product["sku"],
        "title": product["title"],
        "orderedQuantity": {"amount": amount, "unitOfMeasure": "Each"},
        "netPrice": _money(product["cents"]),
        "taxDetails": {"taxLineItem": [_tax(dice), _tax(dice)]},
        "totalPrice": _money(product["cents"] * 6 // 5),
    }
    if dice.random() < 0.1:
        del found["vendorProductIdentifier"]
    if gift:
        found["giftDetails"] = {"giftMessage": dice.choice(_GIFTS), "giftWrapId": f"W{dice.randint(1, 9)}"}
    return found


def _money(cents: int) -> dict[str, str]:
    whole, rest = divmod(cents, 100)
    text = str(whole) if not rest else f"{whole}.{rest:02d}".rstrip("0")
    return {"currencyCode": "USD", "amount": text}


def _tax(dice: random.Random) -> dict[str, Any]:
    rate = dice.choice(("0.06625", "0.0875", "0.1025"))
    amount = _money(dice.randint(10, 2000))
    return {"taxRate": rate, "taxAmount": amount, "taxableAmount": _money(dice.randint(1000, 20000)), "type": "TOTAL"}


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
