"""Mappings made from text, as tests want them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from translator.documents.kind import kinds
from translator.formats.format import Option, formats
from translator.functions.function import functions
from translator.mapping.context import Frozen
from translator.mapping.expression import Environment
from translator.mapping.layout import MappingFile
from translator.mapping.load import load

ENVIRONMENT = Environment(functions())
OPTIONS: Mapping[str, tuple[Option, ...]] = {name: one.options for name, one in formats().items()}
TABLES = {"tables/ship_methods.csv": b"amazon,wms\nUPS_2ND,U2\nUPS_GR,UG\nFEDEX_GR,FG\n"}
PATHS = {name: {field.path: field for field in kind.fields} for name, kind in kinds().items()}
LIMITS = {name: kind.limits for name, kind in kinds().items()}

ORDERS = """\
writes: order
format: fixed
charset: cp1252
newline: crlf
file: "ORD{{ order.purchaseOrderNumber }}.TXT"
let: {d: order.orderDetails, s: d.shipmentDetails}
records:
  H:
    fields:
      code:        {len: 1,  is: H}                     # is: constant when written, identity when read
      order_no:    {len: 12, from: order.purchaseOrderNumber}
      ship_by:     {len: 8,  from: s.shipmentDates.requiredShipDate, date: "%Y%m%d", zone: warehouse}
      ship_method: {len: 10, from: s.shipMethod, lookup: ship_methods}
      name:        {len: 35, from: d.shipToParty.name, redacted: AMAZON LABEL ONLY}
  D:
    each: item in d.items
    fields:
      code:   {len: 1, is: D}
      line:   {len: 4, from: item.itemSequenceNumber, type: integer, pad: 0}
      sku:    {len: 20, from: item.vendorProductIdentifier}
      qty:    {len: 7, from: item.orderedQuantity.amount, type: integer, pad: 0}
      price:  {len: 9, from: item.netPrice.amount, type: decimal, implied: 2, pad: 0}
  T:
    fields:
      code:  {len: 1, is: T}
      lines: {len: 6, type: integer, pad: 0, equals: count(D)}      # computed when written, checked when read
"""

SHIP = """\
reads: shipment_confirmation
format: csv
header: true
fields:
  ORDER:    {}
  LINE:     {type: integer}
  QTY:      {type: integer}
  CARTON:   {}
  TRACKING: {}
  CARRIER:  {lookup: ship_methods, reverse: true}
  LBS:      {type: decimal}
  SHIPPED:  {date: "%m/%d/%Y %H:%M", zone: America/Chicago}
documents:
  group: ORDER
  about: {order: ORDER}
  shipmentDetails: {shippedDate: max(SHIPPED), shipmentStatus: {text: SHIPPED}}
  containers:
    group: CARTON
    containerIdentifier: CARTON
    trackingNumber: TRACKING
    shipMethod: CARRIER
    weight: {value: LBS, unitOfMeasure: {text: LB}}
    packedItems: {each: row, about: {item: LINE}, packedQuantity: {amount: QTY}}
"""


def site(files: Mapping[str, bytes]) -> Callable[[str], bytes | None]:
    """Give the files of a site: each lies under `mappings/` and, for those that are templates, under `templates/`."""
    return {f"{top}/{name}": data for top in ("mappings", "templates") for name, data in files.items()}.get


def made(text: str, **files: bytes) -> MappingFile:
    """Load a mapping from its text, with the tables of these tests and what is given."""
    fetch = site({**TABLES, **files})
    known = {"options": OPTIONS, "environment": ENVIRONMENT, "paths": PATHS, "limits": LIMITS}
    return load(text.encode(), "m.yaml", fetch=fetch, **known)


def frozen(**words: Any) -> Frozen:
    """Give a context that always says the same."""
    return Frozen(datetime(2026, 12, 1, 12, tzinfo=UTC), **{"zones": {"EWR1": "America/New_York"}, **words})


def order(*items: dict[str, Any], **details: Any) -> dict[str, Any]:
    """Give an order with lines."""
    lines = items or (item(1), item(2))
    return {
        "purchaseOrderNumber": "D3rC",
        "orderDetails": {
            "orderStatus": "NEW",
            "orderDate": "2026-11-30T02:30:00Z",
            "shipmentDetails": {
                "shipMethod": "UPS_2ND",
                "isGift": False,
                "shipmentDates": {"requiredShipDate": "2026-12-02T03:00:00Z"},
            },
            "shipFromParty": {"partyId": "EWR1"},
            "shipToParty": {"name": "Jo Müller", "addressLine1": "1 Main Street"},
            "items": list(lines),
            **details,
        },
    }


def item(number: int, **words: Any) -> dict[str, Any]:
    """Give a line of an order."""
    return {
        "itemSequenceNumber": f"{number:05d}",
        "vendorProductIdentifier": f"SKU-{number}",
        "title": "A thing",
        "orderedQuantity": {"amount": number, "unitOfMeasure": "Each"},
        "netPrice": {"currencyCode": "USD", "amount": "12.50"},
        **words,
    }
