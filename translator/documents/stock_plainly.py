"""The usual inventory update, completed and checked in one pass: each item has a name of its own, a level and an ASIN.

Promise: what `plainly` gives is what `complete` gives, without a finding, and `check` finds nothing in it. Where it gives
None, they look closely, and know what to say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from translator.core.document import Document, Tree
from translator.documents.kind import Asked
from translator.documents.lines import EACH, PRODUCT_NAMES
from translator.documents.turned import turned

WAREHOUSE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")  # it becomes part of a path
_ASIN, _SKU = PRODUCT_NAMES


def plainly(document: Document, asked: Asked) -> Document | None:
    """Complete a document, or give None where it has to be looked at closely."""
    said = None if document.findings or not asked.vendor.strip() else turned(document.kind, document.tree)
    if said is None or not WAREHOUSE.fullmatch(said.get("warehouseId", "")):
        return None
    items = _items(said.get("items", ()), asked.asins)
    if not items:
        return None
    head = {"sellingParty": {"partyId": asked.vendor}, "isFullUpdate": said.get("isFullUpdate", False)}
    return document.completed({"warehouseId": said["warehouseId"], **head, "items": items}, ())


def _items(said: Sequence[Tree], asins: Mapping[str, str]) -> list[Tree] | None:
    """Give the items as Amazon wants them; None: something is to be said about one."""
    made: list[Tree] = []
    for item in said:
        sku, quantity = item.get(_SKU), item.get("availableQuantity")
        asin = item.get(_ASIN) or asins.get(sku or "")
        amount = quantity.get("amount") if quantity else None
        if not (sku and asin) or amount is None or amount < 0:
            return None
        one = {_ASIN: asin, _SKU: sku, "availableQuantity": {"amount": amount, "unitOfMeasure": EACH}}
        if "isObsolete" in item:
            one["isObsolete"] = item["isObsolete"]
        made.append(one)
    return made if len({one[_SKU] for one in made}) == len(made) else None
