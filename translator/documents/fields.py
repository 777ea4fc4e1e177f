"""Pieces that field tables share: a party, an address, an amount of money, a quantity, a tax line.

An address is not one type at Amazon (reference §3): each API has its own, so each piece says whose it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from translator.documents.kind import FieldOf

Fields = tuple[FieldOf, ...]


def under(path: str, fields: Iterable[FieldOf]) -> Fields:
    """Give the fields as they stand inside another: `under("orderDetails.shipToParty", ADDRESS)`."""
    return tuple(replace(field, path=f"{path}.{field.path}") for field in fields)


def as_personal(fields: Iterable[FieldOf]) -> Fields:
    """Give the fields as belonging to a person, every leaf of them."""
    return tuple(replace(field, personal=field.type not in ("object", "list")) for field in fields)


def as_filled(fields: Iterable[FieldOf], *paths: str) -> Fields:
    """Give the fields, those of the paths as there although a sender leaves them out. Raises LookupError for a strange path."""
    found = tuple(replace(field, filled=field.filled or field.path in paths) for field in fields)
    if lost := set(paths) - {field.path for field in found}:
        raise LookupError(", ".join(sorted(lost)))
    return found


def party(path: str, inside: Fields, help: str) -> Fields:
    """Give a required party with its code and what its API lets stand beside it."""
    code = FieldOf(f"{path}.partyId", "text", "its code", required=True)
    return (FieldOf(path, "object", help, required=True), code, *under(path, inside))


ADDRESS: Final[Fields] = (  # Orders API
    FieldOf("name", "text", "who lives there", required=True, usual=50),
    FieldOf("attention", "text", "whom to ask for", usual=50),
    FieldOf("addressLine1", "text", "street and number", required=True, usual=60),
    FieldOf("addressLine2", "text", "more of the street", usual=60),
    FieldOf("addressLine3", "text", "still more of it", usual=60),
    FieldOf("city", "text", "town", usual=50),
    FieldOf("county", "text", "county, where used"),
    FieldOf("district", "text", "district, where used"),
    FieldOf("stateOrRegion", "text", "state, province or region", required=True, usual=20),
    FieldOf("postalCode", "text", "postal code", usual=10),
    FieldOf("countryCode", "text", "two letters by the text, three in examples", required=True, usual=3),
    FieldOf("phone", "text", "telephone number", usual=20),
)
SHIPPING_ADDRESS: Final[Fields] = tuple(  # Shipping API: no attention, and a state may be left out
    replace(field, required=field.required and field.path != "stateOrRegion")
    for field in ADDRESS
    if field.path != "attention"
)


def tax_registration(path: str, address: Fields, *, many: bool) -> Fields:
    """Give tax numbers of a party: one object in the Orders API, a list in the Shipping API."""
    entry = f"{path}[]" if many else path
    return (
        FieldOf(path, "list" if many else "object", "tax registration"),
        FieldOf(f"{entry}.taxRegistrationType", "text", "kind of number", one_of=("VAT", "GST")),
        FieldOf(f"{entry}.taxRegistrationNumber", "text", "the number", required=True),
        FieldOf(f"{entry}.taxRegistrationAddress", "object", "address it is registered at"),
        *under(f"{entry}.taxRegistrationAddress", address),
        FieldOf(f"{entry}.taxRegistrationMessages", "text", "words to print on an invoice"),
    )


ORDER_PARTY: Final[Fields] = (
    FieldOf("address", "object", "its address"),
    *under("address", ADDRESS),
    *tax_registration("taxInfo", ADDRESS, many=False),
)
SHIPPING_PARTY: Final[Fields] = (
    FieldOf("address", "object", "its address"),
    *under("address", SHIPPING_ADDRESS),
    *tax_registration("taxRegistrationDetails", SHIPPING_ADDRESS, many=True),
)


def money(path: str, help: str, *, required: bool = False, whole: bool = False) -> Fields:
    """Give an amount of money; `whole`: neither part of it may be left out (Payments API)."""
    return (
        FieldOf(path, "object", help, required=required),
        FieldOf(f"{path}.currencyCode", "text", "three letters", required=whole, usual=3),
        FieldOf(f"{path}.amount", "decimal", "how much", required=whole),
    )


def taxes(path: str, help: str) -> Fields:
    """Give a list of tax lines, computed on Amazon's retail price (reference §4.3)."""
    line = f"{path}.taxLineItem[]"
    kinds = ("CONSUMPTION", "GST", "MwSt.", "PST", "TOTAL", "TVA", "VAT")
    return (
        FieldOf(path, "object", help),
        FieldOf(f"{path}.taxLineItem", "list", "one entry per tax"),
        FieldOf(f"{line}.taxRate", "decimal", "0.1 is ten percent"),
        *money(f"{line}.taxAmount", "the tax", required=True),
        *money(f"{line}.taxableAmount", "what it is computed on"),
        FieldOf(f"{line}.type", "text", "kind of tax", one_of=kinds),
    )


def quantity(path: str, help: str, required: Iterable[str] = (), units: tuple[str, ...] = ()) -> Fields:
    """Give a required quantity. Which parts of it are required, and whether the unit is a closed list, differs by API."""
    return (
        FieldOf(path, "object", help, required=True),
        FieldOf(f"{path}.amount", "integer", "how many", required="amount" in required),
        FieldOf(f"{path}.unitOfMeasure", "text", "Each", required="unitOfMeasure" in required, one_of=units),
    )


COUNTED: Final = ("amount", "unitOfMeasure")  # both required: the Shipping API
PRODUCT: Final[Fields] = (
    FieldOf("buyerProductIdentifier", "text", "Amazon's number (ASIN), as in the order", usual=10),
    FieldOf("vendorProductIdentifier", "text", "the vendor's number (SKU, UPC, EAN), as in the order"),
)

CONTAINER: Final[Fields] = (  # of a label request and of a confirmation (reference §6.2)
    FieldOf("containerType", "text", "what it is; Carton where not said", required=True, one_of=("Carton", "Pallet")),
    FieldOf("containerIdentifier", "text", "the warehouse's number of it", required=True),
    FieldOf("trackingNumber", "text", "the carrier's number of it"),
    FieldOf("manifestId", "text", "number of the carrier's list"),
    FieldOf("manifestDate", "text", "day of the carrier's list"),
    FieldOf("shipMethod", "text", "Amazon's code; the order's where not said"),
    FieldOf("scacCode", "text", "carrier by its SCAC: own carrier, North America"),
    FieldOf("carrier", "text", "carrier: own carrier, Europe"),
    FieldOf("containerSequenceNumber", "integer", "which of several packages of one item"),
    FieldOf("dimensions", "object", "its size"),
    FieldOf("dimensions.length", "decimal", "longest side", required=True),
    FieldOf("dimensions.width", "decimal", "second side", required=True),
    FieldOf("dimensions.height", "decimal", "third side", required=True),
    FieldOf("dimensions.unitOfMeasure", "text", "inches or centimetres", required=True, one_of=("IN", "CM")),
    FieldOf("weight", "object", "its weight", required=True),
    FieldOf("weight.unitOfMeasure", "text", "kilograms or pounds", required=True, one_of=("KG", "LB")),
    FieldOf("weight.value", "decimal", "how much", required=True),
    FieldOf("packedItems", "list", "what is in it", required=True),
    FieldOf("packedItems[].itemSequenceNumber", "integer", "number of the line", required=True),
    *under("packedItems[]", PRODUCT),
    FieldOf("packedItems[].pieceNumber", "integer", "which piece of an item that fills several containers"),
    *quantity("packedItems[].packedQuantity", "how many are in it", COUNTED),
)

# What `packing` gives of a container where the warehouse does not say it.
CONTAINER_FILLED: Final = (
    *("containers[].containerType", "containers[].containerIdentifier", "containers[].packedItems"),
    *("containers[].weight", "containers[].weight.value", "containers[].weight.unitOfMeasure"),
    "containers[].packedItems[].packedQuantity.unitOfMeasure",
)

# Class P1 of reliability-security §5.2; state, postal code and country are P2 and stay readable.
_SHOWN: Final = ("stateOrRegion", "postalCode", "countryCode")


def receiver(address: Fields) -> Fields:
    """Give the fields of an address as those of a customer."""
    return tuple(field if field.path in _SHOWN else replace(field, personal=True) for field in address)
