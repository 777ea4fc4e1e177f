"""The lines of a stored order, as the documents about it see them.

A line's key is its sequence number, never its SKU: several lines may hold the same one (models#2087). Orders and
acknowledgements have it as text (`00001`), shipping as an integer (reference §3): both are kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from translator.core.document import Tree
from translator.core.tree import at
from translator.documents.values import DIGITS, integer

EACH: Final = "Each"  # read in any case, written so (reference §3, unit of measure)
SKU: Final = "vendorProductIdentifier"
ASIN: Final = "buyerProductIdentifier"
PRODUCT_NAMES: Final = (ASIN, SKU)

_DIGITS: Final = re.compile(r"[0-9]+")


def lines_of(order: Tree | None) -> list[Tree]:
    """Give the lines of an order; none where none are there."""
    found = at(order, "orderDetails.items", [])
    return [line for line in found if isinstance(line, dict)] if isinstance(found, list) else []


def line_key(number: Any) -> str:
    """Give what two numbers of one line have in common: `00001`, `1` and 1 are the same (mapping-language §4, rule 8)."""
    return _key(str(number))


@lru_cache(maxsize=4_096)
def _key(text: str) -> str:
    return text.lstrip("0") or "0" if _DIGITS.fullmatch(text) else text


def by_key(order: Tree | None) -> dict[str, Tree]:
    """Give the lines of an order by their key."""
    return {line_key(line.get("itemSequenceNumber", "")): line for line in lines_of(order)}


def amount_ordered(line: Tree) -> int | None:
    """Give how many were ordered; None where the order does not say."""
    quantity = line.get("orderedQuantity")
    amount = quantity.get("amount") if isinstance(quantity, dict) else None
    if type(amount) is int and abs(amount) < 10**DIGITS:
        return amount
    try:
        return integer(amount)
    except ValueError:
        return None


def amounts_ordered(lines: Mapping[str, Tree]) -> dict[str, int]:
    """Give how many were ordered, by line. `lines`: those of an order, by their key."""
    return {key: amount_ordered(line) or 0 for key, line in lines.items()}


def each(amount: int) -> Tree:
    """Give a quantity as Amazon writes it."""
    return {"amount": amount, "unitOfMeasure": EACH}


def product_of(line: Mapping[str, Any]) -> Tree:
    """Give the names of the line's product exactly as they were received."""
    asin, sku = PRODUCT_NAMES
    if asin in line and sku in line:
        return {asin: line[asin], sku: line[sku]}
    return {name: line[name] for name in PRODUCT_NAMES if name in line}


def parties_of(order: Tree, vendor: str = "") -> Tree:
    """Give vendor and warehouse by their codes alone: an address is not the same type in each API (reference §3)."""
    seller = at(order, "orderDetails.sellingParty.partyId", vendor)
    return {
        "sellingParty": {"partyId": seller},
        "shipFromParty": {"partyId": at(order, "orderDetails.shipFromParty.partyId", "")},
    }


def number_of(order: Tree) -> str:
    """Give the purchase order number of an order."""
    return str(order.get("purchaseOrderNumber", ""))
