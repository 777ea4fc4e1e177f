"""The fields of an invoice, by the Payments API: another address, another party and another list of taxes than elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from translator.documents.billing import TAXES
from translator.documents.fields import COUNTED, PRODUCT, SHIPPING_ADDRESS, Fields, as_filled, money, quantity, under
from translator.documents.kind import FieldOf

CHARGES: Final = (
    *("GIFTWRAP", "FULFILLMENT", "MARKETINGINSERT", "PACKAGING", "LOADING", "FREIGHTOUT"),
    "TAX_COLLECTED_AT_SOURCE",
)
_NEEDED: Final = ("name", "addressLine1", "city", "stateOrRegion", "postalCode", "countryCode")
_ADDRESS: Final[Fields] = tuple(replace(field, required=field.path in _NEEDED) for field in SHIPPING_ADDRESS)


def _party(path: str, help: str, *, required: bool = False) -> Fields:
    entry = f"{path}.taxRegistrationDetails[]"
    return (
        FieldOf(path, "object", help, required=required),
        FieldOf(f"{path}.partyId", "text", "its code", required=True),
        FieldOf(f"{path}.address", "object", "its address"),
        *under(f"{path}.address", _ADDRESS),
        FieldOf(f"{path}.taxRegistrationDetails", "list", "tax registration"),
        FieldOf(f"{entry}.taxRegistrationType", "text", "kind of number", one_of=("VAT", "GST")),
        FieldOf(f"{entry}.taxRegistrationNumber", "text", "the number", required=True),
        FieldOf(f"{entry}.taxRegistrationAddress", "object", "address it is registered at"),
        *under(f"{entry}.taxRegistrationAddress", _ADDRESS),
        FieldOf(f"{entry}.taxRegistrationMessage", "text", "words to print on an invoice"),
    )


def _taxes(path: str, help: str) -> Fields:
    return (
        FieldOf(path, "list", help),
        FieldOf(f"{path}[].taxType", "text", "kind of tax", required=True, one_of=TAXES),
        FieldOf(f"{path}[].taxRate", "decimal", "0.19 is nineteen percent"),
        *money(f"{path}[].taxAmount", "the tax; by the rate where left out", required=True, whole=True),
        *money(f"{path}[].taxableAmount", "what it is computed on", whole=True),
    )


def _charges(path: str, help: str) -> Fields:
    return (
        FieldOf(path, "list", help),
        FieldOf(f"{path}[].type", "text", "kind of charge", required=True, one_of=CHARGES),
        *money(f"{path}[].chargeAmount", "how much; below zero it is an allowance", required=True, whole=True),
        *_taxes(f"{path}[].taxDetails", "taxes on it"),
    )


_ALL: Final[Fields] = (
    FieldOf("invoiceNumber", "text", "the vendor's number of it, never used again", required=True, usual=20),
    FieldOf("invoiceDate", "datetime", "its day, never in the future; five minutes ago where left out", required=True),
    FieldOf("referenceNumber", "text", "another number that the law wants"),
    *_party("remitToParty", "who is paid; the site's where left out", required=True),
    *_party("shipFromParty", "the warehouse", required=True),
    *_party("billToParty", "who pays; the site's or the order's where left out"),
    FieldOf("shipToCountryCode", "text", "country the parcel went to, two letters", usual=2),
    FieldOf("paymentTermsCode", "text", "terms of payment"),
    *money("invoiceTotal", "lines, charges and taxes; summed where left out", required=True, whole=True),
    *_taxes("taxTotals", "taxes of all lines; summed where left out"),
    FieldOf("additionalDetails", "list", "words beside it"),
    FieldOf("additionalDetails[].type", "text", "what they are about", required=True, one_of=("SUR", "OCR")),
    FieldOf("additionalDetails[].detail", "text", "the words", required=True),
    FieldOf("additionalDetails[].languageCode", "text", "their language"),
    *_charges("chargeDetails", "charges, by kind; those of the lines summed where left out"),
    FieldOf("items", "list", "every line of the order; as ordered where left out", required=True),
    FieldOf("items[].itemSequenceNumber", "text", "number of the line, as received", required=True),
    *under("items[]", PRODUCT),
    *quantity("items[].invoicedQuantity", "how many are invoiced", COUNTED),
    *money("items[].netCost", "price of one before tax; the order's where left out", required=True, whole=True),
    FieldOf("items[].purchaseOrderNumber", "text", "Amazon's number of the order", required=True),
    FieldOf("items[].vendorOrderNumber", "text", "the vendor's own number of the order"),
    FieldOf("items[].hsnCode", "text", "number of the goods in the harmonized system"),
    *_taxes("items[].taxDetails", "taxes of the line"),
    *_charges("items[].chargeDetails", "charges of the line"),
)

FIELDS: Final[Fields] = as_filled(
    _ALL,
    *("invoiceDate", "remitToParty", "remitToParty.partyId", "shipFromParty", "shipFromParty.partyId"),
    *("invoiceTotal", "invoiceTotal.currencyCode", "invoiceTotal.amount"),
    *("items", "items[].invoicedQuantity", "items[].invoicedQuantity.amount", "items[].purchaseOrderNumber"),
    *("items[].invoicedQuantity.unitOfMeasure", "items[].itemSequenceNumber"),
    *("items[].netCost", "items[].netCost.currencyCode", "items[].netCost.amount"),
    *("items[].taxDetails[].taxAmount", "items[].taxDetails[].taxAmount.amount"),
    *("items[].taxDetails[].taxAmount.currencyCode", "chargeDetails[].chargeAmount.currencyCode"),
)
