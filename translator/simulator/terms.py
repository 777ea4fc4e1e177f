"""What Amazon makes of a well-formed submission: the business rules, each as a question to one document and one order.

Promises: pure; the document is known to have passed `rules`; every broken rule is told, in Amazon's codes where one was seen in
the wild and in words of our own elsewhere. A message names lines and products, never a person.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from translator.simulator.account_types import Treatment
from translator.simulator.known import KnownOrder
from translator.simulator.rules import moment
from translator.simulator.settings import AmazonSettings

CODES = frozenset(
    "00 02 03 04 05 06 07 08 09 10 11 12 13 20 21 22 50 51 53 54 55 56 71".split(),
)


@dataclass(frozen=True, slots=True)
class Trouble:
    code: str
    message: str


def acknowledgement_troubles(
    ack: Mapping[str, Any], order: KnownOrder, accepted: datetime, treatment: Treatment
) -> Iterator[Trouble]:
    code = ack["acknowledgementStatus"].get("code")
    if order.status == "CANCELLED":
        yield Trouble("ORDER_CANCELLED", f"Order {order.number} is cancelled.")
    if code is None:
        yield Trouble("MISSING_ACKNOWLEDGEMENT_CODE", "An acknowledgement code is required.")
    elif code not in CODES:
        yield Trouble("INVALID_ACKNOWLEDGEMENT_CODE", "The acknowledgement code is not known.")
    yield from warehouse_troubles(ack, order)
    yield from _line_troubles(ack["itemAcknowledgements"], order)
    for line, item in _pairs(ack["itemAcknowledgements"], order):
        amount = item["acknowledgedQuantity"].get("amount", 0)
        if not 0 < amount <= _ordered(line):
            yield _wrong_quantity(line, f"must lie between 1 and {_ordered(line)}")


def confirmation_troubles(
    confirmation: Mapping[str, Any], order: KnownOrder, accepted: datetime, treatment: Treatment
) -> Iterator[Trouble]:
    details = confirmation["shipmentDetails"]
    yield from state_troubles(order, accepted)
    shipped = moment(details["shippedDate"])
    if shipped is None or shipped > accepted:
        yield Trouble("INVALID_SHIPPED_DATE", "The shipped date cannot be in the future.")
    yield from warehouse_troubles(confirmation, order)
    yield from _line_troubles(confirmation["items"], order)
    if details["shipmentStatus"] == "SHIPPED":
        yield from _shipped_troubles(confirmation, order)
        yield from _labelled_troubles(confirmation.get("containers", []), order, treatment)


def stock_troubles(
    inventory: Mapping[str, Any], warehouse: str, settings: AmazonSettings, catalogue: Mapping[str, str]
) -> Iterator[Trouble]:
    if settings.warehouses and warehouse not in settings.warehouses:
        yield Trouble("INVALID_WAREHOUSE_ID", f"{warehouse} is not a warehouse of this vendor.")
    asins = frozenset(catalogue.values())
    for item in inventory["items"]:
        yield from _level_troubles(item, catalogue, asins)
    names = Counter(
        item.get("vendorProductIdentifier", item.get("buyerProductIdentifier")) for item in inventory["items"]
    )
    for name in (name for name, n in names.items() if n > 1):
        yield Trouble("DUPLICATE_ITEM", f"{name} appears more than once")


def _level_troubles(item: Mapping[str, Any], catalogue: Mapping[str, str], asins: frozenset[str]) -> Iterator[Trouble]:
    sku, asin = item.get("vendorProductIdentifier"), item.get("buyerProductIdentifier")
    named, known = (asin, asin in asins) if asin is not None else (sku, sku in catalogue)
    if not known or (asin is not None and catalogue.get(str(sku), asin) != asin):
        yield Trouble("INVALID_ITEM_ID", f"{named or ''} is not a valid product ID")
    if item["availableQuantity"].get("amount", -1) < 0:
        yield Trouble("INVALID_QUANTITY", f"{named or ''} needs a quantity of 0 or more")


def state_troubles(order: KnownOrder, accepted: datetime) -> Iterator[Trouble]:
    if order.status == "CANCELLED":
        yield Trouble("ORDER_CANCELLED", f"Order {order.number} is cancelled.")
    elif order.acknowledged is None or order.acknowledged > accepted:
        yield Trouble("ORDER_NOT_ACKNOWLEDGED", f"Order {order.number} was not acknowledged when it was confirmed.")


def warehouse_troubles(document: Mapping[str, Any], order: KnownOrder) -> Iterator[Trouble]:
    if document["shipFromParty"]["partyId"] != order.warehouse:
        yield Trouble("INVALID_PARTY_ID", f"Order {order.number} does not ship from there.")


def _line_troubles(items: list[Mapping[str, Any]], order: KnownOrder) -> Iterator[Trouble]:
    wanted = Counter(_key(line, items) for line in order.lines)
    given = Counter(item["itemSequenceNumber"] for item in items)
    for number in wanted - given:
        yield Trouble("MISSING_ITEM", f"Line {number} of order {order.number} is missing.")
    for number in given - wanted:
        yield Trouble("INVALID_ITEM_SEQUENCE_NUMBER", f"Line {number} is not in order {order.number}, or is in twice.")
    for line, item in _pairs(items, order):
        yield from _product_troubles(line, item)


def _product_troubles(line: Mapping[str, Any], item: Mapping[str, Any]) -> Iterator[Trouble]:
    names = [name for name in ("buyerProductIdentifier", "vendorProductIdentifier") if name in item]
    if not names and isinstance(item["itemSequenceNumber"], int):
        yield Trouble("INVALID_ITEM_ID", f"Line {item['itemSequenceNumber']} names no product.")
    for name in names:
        if item[name] != line.get(name):
            yield Trouble("INVALID_ITEM_ID", f"{item[name]} is not a valid product ID")


def _shipped_troubles(confirmation: Mapping[str, Any], order: KnownOrder) -> Iterator[Trouble]:
    for line, item in _pairs(confirmation["items"], order):
        if item["shippedQuantity"]["amount"] != _ordered(line):
            yield _wrong_quantity(line, f"must be {_ordered(line)}: there are no partial shipments")
    containers = confirmation.get("containers", [])
    if containers and not all(container.get("shipMethod") for container in containers):
        yield Trouble("INVALID_SHIP_METHOD", "Every container needs its ship method.")
    yield from packed_troubles(containers, order)


def packed_troubles(containers: list[Mapping[str, Any]], order: KnownOrder) -> Iterator[Trouble]:
    """What is wrong with what lies in the boxes: it has to be the whole order, and nothing else."""
    if not containers or not all(container["packedItems"] for container in containers):
        yield Trouble("EMPTY_PACKAGES", "The shipment has no packages, or one with nothing in it.")
        return
    packed = [item for container in containers for item in container["packedItems"]]
    lines = {int(line["itemSequenceNumber"]): line for line in order.lines}
    sums: Counter[int] = Counter()
    for item in packed:
        number = item["itemSequenceNumber"]
        sums[number] += item["packedQuantity"]["amount"]
        if number in lines:
            yield from _product_troubles(lines[number], item)
        else:
            yield Trouble("INVALID_ITEM_SEQUENCE_NUMBER", f"Line {number} is not in order {order.number}.")
    pieces = {item["itemSequenceNumber"] for item in packed if "pieceNumber" in item}
    for number, line in lines.items():
        if number not in pieces and sums[number] != _ordered(line):
            yield _wrong_quantity(line, f"is packed {sums[number]} times, not {_ordered(line)}")


def _labelled_troubles(
    containers: list[Mapping[str, Any]], order: KnownOrder, treatment: Treatment
) -> Iterator[Trouble]:
    """Amazon's label is the one that travels: its tracking numbers and its ship method, of the newest, are confirmed."""
    if treatment.carrier and not all(box.get("scacCode") or box.get("carrier") for box in containers):
        yield Trouble("MISSING_CARRIER", "Every container needs its scacCode or its carrier.")
    if order.labels:
        yield from _newest_troubles(containers, order)
    elif treatment.demanded:
        yield Trouble("ORDER_NOT_LABELLED", f"No label was made for order {order.number}.")


def _newest_troubles(containers: list[Mapping[str, Any]], order: KnownOrder) -> Iterator[Trouble]:
    packages = {package.tracking: package.method for package in order.labels[-1].packages}
    given = {box.get("trackingNumber", ""): box.get("shipMethod") for box in containers}
    if given.keys() != packages.keys():
        yield Trouble(
            "INVALID_TRACKING_NUMBER", f"The newest label of order {order.number} has other tracking numbers."
        )
    elif given != packages:
        yield Trouble("INVALID_SHIP_METHOD", f"The newest label of order {order.number} has another ship method.")


def _pairs(items: list[Mapping[str, Any]], order: KnownOrder) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    lines = {_key(line, items): line for line in order.lines}
    for item in items:
        if item["itemSequenceNumber"] in lines:
            yield lines[item["itemSequenceNumber"]], item


def _key(line: Mapping[str, Any], items: list[Mapping[str, Any]]) -> Any:
    """A line's number in the type these items use: as received in acknowledgements, an integer in shipping."""
    integers = any(isinstance(item["itemSequenceNumber"], int) for item in items)
    return int(line["itemSequenceNumber"]) if integers else line["itemSequenceNumber"]


def _ordered(line: Mapping[str, Any]) -> int:
    return int(line["orderedQuantity"]["amount"])


def _wrong_quantity(line: Mapping[str, Any], reason: str) -> Trouble:
    return Trouble("INVALID_QUANTITY", f"The quantity of line {line['itemSequenceNumber']} {reason}.")
