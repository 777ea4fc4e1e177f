"""The usual shipment confirmation, completed and checked in one pass: its file said all that is wanted, and the order agrees.

Promise: what `plainly` gives is what `complete` gives, without a finding, and `check` finds nothing in it. Where it gives
None, they look closely, and know what to say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from translator.core.document import Document, Tree
from translator.core.tree import at
from translator.documents.containers import CONTENT
from translator.documents.kind import Asked
from translator.documents.lines import EACH, PRODUCT_NAMES, number_of
from translator.documents.order import NUMBER
from translator.documents.turned import Kept, turned
from translator.documents.values import DIGITS, integer, iso, moment

_NAME: Final = "containerIdentifier"
_LEFT: Final = f"containers[].{CONTENT}"  # it is turned here: nearly all of a confirmation are packed lines
_ASIN, _SKU = PRODUCT_NAMES
_SECONDS: Final = len("2026-12-01T14:30:00Z")
_SIZE: Final = frozenset({"length", "width", "height", "unitOfMeasure"})
_NAMES: Final = 4  # of a packed line
_BEYOND: Final = 10**DIGITS
_WHOLE: Final = Kept(integer)  # numbers that were said as texts


class _Odd(Exception):
    """Not for this way."""


def plainly(document: Document, asked: Asked) -> Document | None:
    """Complete a document, or give None where it has to be looked at closely."""
    if asked.order is None or document.findings or asked.labels or asked.portions or asked.confirmed is not None:
        return None
    said = turned(document.kind, document.tree, left=_LEFT)
    if said is None:
        return None
    try:
        return document.completed(_whole(said, asked, asked.order), ())
    except (_Odd, LookupError, TypeError, ValueError, AttributeError):
        return None


def _whole(said: Tree, asked: Asked, order: Tree) -> Tree:
    """Give the whole tree. `said` is changed: it was made by turning what a file said."""
    number, details = number_of(order), order["orderDetails"]
    if said.get("purchaseOrderNumber", number) != number or not NUMBER.fullmatch(number):
        raise _Odd
    if type(details) is not dict or details.get("orderStatus") == "CANCELLED" or "items" in said:
        raise _Odd
    containers, lines = said["containers"], _numbered(details["items"])
    shipped = dict.fromkeys(lines, 0)
    for one in containers:
        _fill(one, details)
        one[CONTENT] = _packed(one[CONTENT], lines, shipped)
    names = [one[_NAME] for one in containers]
    if len(names) > 1 and len(set(names)) != len(names):
        raise _Odd
    return {
        "purchaseOrderNumber": number,
        "shipmentDetails": _details(said["shipmentDetails"], asked),
        "sellingParty": {"partyId": _text(details["sellingParty"]["partyId"])},
        "shipFromParty": {"partyId": _text(details["shipFromParty"]["partyId"])},
        "items": _items(lines, shipped),
        "containers": containers,
    }


def _details(said: Tree, asked: Asked) -> Tree:
    details = {"shipmentStatus": "SHIPPED", **said}
    if details["shipmentStatus"] != "SHIPPED" or _ahead(said["shippedDate"], asked.now):
        raise _Odd
    if "wms_order" in asked.kept:
        details.setdefault("vendorOrderNumber", _text(asked.kept["wms_order"]))
    return details


def _ahead(shipped: str, now: datetime) -> bool:
    """Tell a moment that lies ahead; of whole seconds, as nearly all are, their texts are in the same order."""
    return shipped > _second(now) if len(shipped) == _SECONDS else moment(shipped) > now


@lru_cache(maxsize=16)
def _second(now: datetime) -> str:
    return iso(now.replace(microsecond=0))


def _numbered(lines: Sequence[Tree]) -> dict[int, Tree]:
    """Give the lines of an order by their number, which each has for itself."""
    found = {_WHOLE[str(line["itemSequenceNumber"])]: line for line in lines}
    if len(found) != len(lines) or min(found) < 0:
        raise _Odd
    return found


def _fill(container: Tree, details: Tree) -> None:
    """Fill a container that says its name and its weight, and its size as a whole or not at all."""
    weight, size = container["weight"], container.get("dimensions")
    value = weight["value"]
    if not value.strip("0.") or value[0] == "-" or (size is not None and size.keys() != _SIZE):
        raise _Odd
    container.setdefault("containerType", "Carton")
    if "shipMethod" not in container and (method := at(details, "shipmentDetails.shipMethod", "")) != "":
        container["shipMethod"] = _text(method)
    container["weight"] = {"unitOfMeasure": weight["unitOfMeasure"], "value": value}


def _packed(content: Any, lines: Mapping[int, Tree], shipped: dict[int, int]) -> list[Tree]:
    """Give what is in a container, each line once: its number, its product as in the order, how much of it."""
    if type(content) is not list or not content:
        raise _Odd
    made = []
    for said in content:
        number, quantity = said["itemSequenceNumber"], said["packedQuantity"]
        number, amount = number if type(number) is int else _WHOLE[str(number)], quantity["amount"]
        amount = amount if type(amount) is int else _WHOLE[str(amount)]
        asin, sku = lines[number][_ASIN], lines[number][_SKU]
        packed = {"amount": amount, "unitOfMeasure": EACH}
        line = {**said, "itemSequenceNumber": number, _ASIN: asin, _SKU: sku, "packedQuantity": packed}
        if not 0 < amount < _BEYOND or len(line) != _NAMES or (len(quantity) > 1 and quantity.keys() != packed.keys()):
            raise _Odd
        if said.get(_ASIN, asin) != asin or said.get(_SKU, sku) != sku or quantity.get("unitOfMeasure", EACH) != EACH:
            raise _Odd
        shipped[number] += amount
        made.append(line)
    if len(made) > 1 and len({line["itemSequenceNumber"] for line in made}) != len(made):
        raise _Odd
    return made


def _items(lines: Mapping[int, Tree], shipped: Mapping[int, int]) -> list[Tree]:
    """Give what was shipped of each line, no more than was ordered."""
    made = []
    for number, amount in shipped.items():
        line = lines[number]
        asin, sku, ordered = line[_ASIN], line[_SKU], line["orderedQuantity"]["amount"]
        if type(ordered) is not int or not amount <= ordered < _BEYOND:
            raise _Odd
        if not (asin.isascii() and sku.isascii() and asin.strip() and sku.strip()):  # it may look like another product
            raise _Odd
        if amount:
            quantity = {"amount": amount, "unitOfMeasure": EACH}
            made.append({"itemSequenceNumber": number, _ASIN: asin, _SKU: sku, "shippedQuantity": quantity})
    return made


def _text(value: Any) -> str:
    if type(value) is str and value and not value.isspace():
        return value
    raise _Odd
