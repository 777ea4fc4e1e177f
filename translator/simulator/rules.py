"""What Amazon lets into its door: the field rules of what can be submitted, as tables of our own.

Promises to name every objection to a body, each with its place as a JSON pointer, and never to quote a value (it may be
personal). A body that raises no objection has only known properties, all required ones, and the right JSON types, words,
dates and decimals; whether it makes sense is another question (`terms`).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
ORDER_NUMBER = re.compile(r"[a-zA-Z0-9]+")
HALF_PAIR = re.compile("[\ud800-\udfff]")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)


def moment(text: str) -> datetime | None:
    """The instant that a date-time names, or None when it is not one with seconds and a zone."""
    if not MOMENT.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


@dataclass(frozen=True, slots=True)
class Objection:
    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place or '/'}: {self.reason}"


class Rule(Protocol):
    def objections(self, value: Any, place: str) -> Iterator[Objection]: ...


@dataclass(frozen=True, slots=True)
class Text:
    """A JSON string that passes its test."""

    passes: Callable[[str], bool] = field(default=lambda text: True)
    expected: str = "a string"

    def objections(self, value: Any, place: str) -> Iterator[Objection]:
        if not isinstance(value, str) or not self.passes(value):
            yield Objection(place, f"{self.expected} is expected")
        elif HALF_PAIR.search(value):
            yield Objection(place, "a string of whole characters is expected")


@dataclass(frozen=True, slots=True)
class Whole:
    """A JSON integer; neither 1.0 nor true is one."""

    def objections(self, value: Any, place: str) -> Iterator[Objection]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield Objection(place, "an integer is expected")


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false, never a string that says so."""

    def objections(self, value: Any, place: str) -> Iterator[Objection]:
        if not isinstance(value, bool):
            yield Objection(place, "true or false is expected")


@dataclass(frozen=True, slots=True)
class Rows:
    """A JSON array of one kind of thing, of a number of them between `least` and `most`."""

    row: Rule
    least: int = 0
    most: int | None = None

    def objections(self, value: Any, place: str) -> Iterator[Objection]:
        if not isinstance(value, list):
            yield Objection(place, "an array is expected")
            return
        if len(value) < self.least or (self.most is not None and len(value) > self.most):
            yield Objection(place, f"{len(value)} entries, expected at least {self.least}, at most {self.most}")
        for index, row in enumerate(value):
            yield from self.row.objections(row, f"{place}/{index}")


@dataclass(frozen=True, slots=True)
class Record:
    """A JSON object: all of `must`, any of `may`, nothing else."""

    must: Mapping[str, Rule] = field(default_factory=dict)
    may: Mapping[str, Rule] = field(default_factory=dict)

    def objections(self, value: Any, place: str) -> Iterator[Objection]:
        if not isinstance(value, dict):
            yield Objection(place, "an object is expected")
            return
        missing = self.must.keys() - value.keys()
        if missing:
            yield Objection(place, f"One of '{{{', '.join(sorted(missing))}}}' is expected")
        for name, inner in value.items():
            yield from self._inner(name, inner, place)

    def _inner(self, name: str, value: Any, place: str) -> Iterator[Objection]:
        rule = self.must.get(name) or self.may.get(name)
        if rule is None:
            yield Objection(place, f"property '{name[:60]}' is not known here")
        else:
            yield from rule.objections(value, f"{place}/{name}")


def _one_of(*words: str) -> Text:
    return Text(frozenset(words).__contains__, f"one of {', '.join(words)}")


def _any(*names: str) -> dict[str, Rule]:
    return dict.fromkeys(names, TEXT)


TEXT = Text()
NAME = Text(lambda text: text.strip() != "", "a string that is not empty")
DATE = Text(lambda text: moment(text) is not None, "a date-time with a zone (RFC 3339)")
NUMBER = Text(lambda text: DECIMAL.fullmatch(text) is not None, "a decimal number as a string")
ORDER = Text(lambda text: ORDER_NUMBER.fullmatch(text) is not None, "a purchase order number of letters and digits")
EACH = _one_of("Each")
WHOLE, FLAG = Whole(), Flag()

PRODUCT = _any("buyerProductIdentifier", "vendorProductIdentifier")
STREETS = _any("addressLine2", "addressLine3", "city", "county", "district", "postalCode", "phone")
TAX_KIND = _one_of("VAT", "GST")


def _tax_number(address: Record) -> Record:
    return Record(
        must={"taxRegistrationNumber": TEXT},
        may={"taxRegistrationType": TAX_KIND, "taxRegistrationAddress": address, "taxRegistrationMessages": TEXT},
    )


# Orders: an address needs its state and has an attention line; a party carries one tax number.
ORDERS_ADDRESS = Record(
    must=_any("name", "addressLine1", "stateOrRegion", "countryCode"),
    may={**STREETS, "attention": TEXT},
)
ORDERS_PARTY = Record(must={"partyId": NAME}, may={"address": ORDERS_ADDRESS, "taxInfo": _tax_number(ORDERS_ADDRESS)})

ACKNOWLEDGED_ITEM = Record(
    must={"itemSequenceNumber": NAME, "acknowledgedQuantity": Record(may={"amount": WHOLE, "unitOfMeasure": EACH})},
    may=PRODUCT,
)
ACKNOWLEDGEMENT = Record(
    must={
        "purchaseOrderNumber": ORDER,
        "vendorOrderNumber": NAME,
        "acknowledgementDate": DATE,
        "acknowledgementStatus": Record(may=_any("code", "description")),
        "sellingParty": ORDERS_PARTY,
        "shipFromParty": ORDERS_PARTY,
        "itemAcknowledgements": Rows(ACKNOWLEDGED_ITEM),
    },
)
ACKNOWLEDGEMENTS = Record(must={"orderAcknowledgements": Rows(ACKNOWLEDGEMENT, least=1)})

# Shipping: no attention, no need of a state, tax numbers in a list; sequence numbers are integers here.
SHIPPING_ADDRESS = Record(must=_any("name", "addressLine1", "countryCode"), may={**STREETS, "stateOrRegion": TEXT})
SHIPPING_PARTY = Record(
    must={"partyId": NAME},
    may={"address": SHIPPING_ADDRESS, "taxRegistrationDetails": Rows(_tax_number(SHIPPING_ADDRESS))},
)
COUNTED = Record(must={"amount": WHOLE, "unitOfMeasure": TEXT})
SHIPPED_ITEM = Record(must={"itemSequenceNumber": WHOLE, "shippedQuantity": COUNTED}, may=PRODUCT)
SHIPMENT = Record(
    must={"shippedDate": DATE, "shipmentStatus": _one_of("SHIPPED", "FLOOR_DENIAL")},
    may={"isPriorityShipment": FLAG, "vendorOrderNumber": TEXT, "estimatedDeliveryDate": DATE},
)
WEIGHT = Record(must={"value": NUMBER, "unitOfMeasure": _one_of("KG", "LB")})
DIMENSIONS = Record(
    must={"length": NUMBER, "width": NUMBER, "height": NUMBER, "unitOfMeasure": _one_of("IN", "CM")},
)


def _container(kinds: Text, piece: dict[str, Rule]) -> Record:
    packed = Record(must={"itemSequenceNumber": WHOLE, "packedQuantity": COUNTED}, may={**PRODUCT, **piece})
    optional = _any("trackingNumber", "manifestId", "manifestDate", "shipMethod", "scacCode", "carrier")
    return Record(
        must={"containerType": kinds, "containerIdentifier": NAME, "weight": WEIGHT, "packedItems": Rows(packed)},
        may={**optional, "containerSequenceNumber": WHOLE, "dimensions": DIMENSIONS},
    )


# Version 2021-12-28 writes its kinds of containers large, v1 small.
CONTAINER = {
    "2021-12-28": _container(_one_of("Carton", "Pallet"), {"pieceNumber": WHOLE}),
    "v1": _container(_one_of("carton", "pallet"), {}),
}
PARTIES: dict[str, Rule] = {"sellingParty": SHIPPING_PARTY, "shipFromParty": SHIPPING_PARTY}


def _confirmations(container: Record) -> Record:
    confirmation = Record(
        must={**PARTIES, "purchaseOrderNumber": ORDER, "shipmentDetails": SHIPMENT, "items": Rows(SHIPPED_ITEM)},
        may={"containers": Rows(container)},
    )
    return Record(must={"shipmentConfirmations": Rows(confirmation, least=1)})


def _label_requests(container: Record) -> Record:
    request = Record(must={**PARTIES, "purchaseOrderNumber": ORDER}, may={"containers": Rows(container)})
    return Record(must={"shippingLabelRequests": Rows(request, least=1, most=100)})


CONFIRMATIONS = {version: _confirmations(container) for version, container in CONTAINER.items()}
LABEL_REQUESTS = {version: _label_requests(container) for version, container in CONTAINER.items()}
LABELS_NOW = Record(must=PARTIES, may={"containers": Rows(CONTAINER["2021-12-28"])})
CONTAINER_LABEL = Record(
    must={
        **PARTIES,
        "carrierId": _one_of("SWA"),
        "vendorContainerId": NAME,
        "packages": Rows(Record(must={"packageTrackingNumber": NAME}), least=1),
    },
)
SCAN = Record(
    must={
        **_any("trackingNumber", "statusCode", "reasonCode"),
        "statusDateTime": DATE,
        "statusLocationAddress": SHIPPING_ADDRESS,
    },
    may={
        "shipmentSchedule": Record(
            may=dict.fromkeys(("estimatedDeliveryDateTime", "apptWindowStartDateTime", "apptWindowEndDateTime"), DATE),
        ),
    },
)
SCANS = Record(
    must={
        "shipmentStatusUpdates": Rows(
            Record(must={**PARTIES, "purchaseOrderNumber": ORDER, "statusUpdateDetails": SCAN}), least=1
        ),
    },
)

# Inventory: the third kind of party has a code and nothing else.
CODED_PARTY = Record(must={"partyId": NAME})
LEVEL = Record(
    must={"availableQuantity": Record(must={"unitOfMeasure": NAME}, may={"amount": WHOLE})},
    may={**PRODUCT, "isObsolete": FLAG},
)
INVENTORY = Record(
    must={
        "inventory": Record(
            must={"sellingParty": CODED_PARTY, "isFullUpdate": FLAG, "items": Rows(LEVEL)},
        ),
    },
)

# Payments: a fourth kind of address, which needs all of it, and a message of another name.
PAID_ADDRESS = Record(
    must=_any("name", "addressLine1", "city", "stateOrRegion", "postalCode", "countryCode"),
    may=_any("addressLine2", "addressLine3", "county", "district", "phone"),
)
REGISTRATION = Record(
    must={"taxRegistrationNumber": TEXT},
    may={"taxRegistrationType": TAX_KIND, "taxRegistrationAddress": PAID_ADDRESS, "taxRegistrationMessage": TEXT},
)
PAID_PARTY = Record(must={"partyId": NAME}, may={"address": PAID_ADDRESS, "taxRegistrationDetails": Rows(REGISTRATION)})
MONEY = Record(must={"amount": NUMBER, "currencyCode": NAME})
PAID_TAX = Record(
    must={
        "taxType": _one_of(
            *"CGST SGST CESS UTGST IGST MwSt. PST TVA VAT GST ST Consumption MutuallyDefined DomesticVAT".split()
        ),
        "taxAmount": MONEY,
    },
    may={"taxRate": NUMBER, "taxableAmount": MONEY},
)
CHARGE = Record(
    must={
        "type": _one_of(
            *"GIFTWRAP FULFILLMENT MARKETINGINSERT PACKAGING LOADING FREIGHTOUT TAX_COLLECTED_AT_SOURCE".split()
        ),
        "chargeAmount": MONEY,
    },
    may={"taxDetails": Rows(PAID_TAX)},
)
INVOICED_ITEM = Record(
    must={"itemSequenceNumber": NAME, "invoicedQuantity": COUNTED, "netCost": MONEY, "purchaseOrderNumber": ORDER},
    may={
        **PRODUCT,
        **_any("vendorOrderNumber", "hsnCode"),
        "taxDetails": Rows(PAID_TAX),
        "chargeDetails": Rows(CHARGE),
    },
)
INVOICE = Record(
    must={
        "invoiceNumber": NAME,
        "invoiceDate": DATE,
        "remitToParty": PAID_PARTY,
        "shipFromParty": PAID_PARTY,
        "invoiceTotal": MONEY,
        "items": Rows(INVOICED_ITEM),
    },
    may={
        **_any("referenceNumber", "shipToCountryCode", "paymentTermsCode"),
        "billToParty": PAID_PARTY,
        "taxTotals": Rows(PAID_TAX),
        "additionalDetails": Rows(
            Record(must={"type": _one_of("SUR", "OCR"), "detail": TEXT}, may={"languageCode": TEXT})
        ),
        "chargeDetails": Rows(CHARGE),
    },
)
INVOICES = Record(must={"invoices": Rows(INVOICE, least=1)})

SCENARIOS = Record(
    must={"orders": Rows(Record(must={"sellingParty": CODED_PARTY, "shipFromParty": CODED_PARTY}), least=1)},
)

RESOURCE = Record(
    must={"method": _one_of("GET", "PUT", "POST", "DELETE"), "path": NAME},
    may={"dataElements": Rows(TEXT)},
)
RESTRICTED = Record(must={"restrictedResources": Rows(RESOURCE, least=1, most=50)}, may={"targetApplication": TEXT})
