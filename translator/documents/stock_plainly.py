"""The usual inventory update, completed and checked in one pass: each item has a name of its own, a level and an ASIN.

Promise: what `plainly` gives is what `complete` gives, without a finding, and `check` finds nothing in it. Where it gives
None, they look closely, and know what to say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from translator.core.document import Document, Tree
from translator.documents.kind import Asked
from translator.documents.lines import EACH, PRODUCT_NAMES
from translator.documents.turned import turned
from translator.documents.values import DIGITS

WAREHOUSE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")  # it becomes part of a path
_SAID: Final = {"true": True, "false": False}
_BEYOND: Final = 10**DIGITS
_ASIN, _SKU = PRODUCT_NAMES


def plainly(document: Document, asked: Asked) -> Document | None:
    """Complete a document, or give None where it has to be looked at closely."""
    if document.findings or not asked.vendor.strip():
        return None
    items = _items(document.tree.get("items"), asked.asins)
    said = turned(document.kind, {name: value for name, value in document.tree.items() if name != "items"})
    if not items or said is None or not WAREHOUSE.fullmatch(said.get("warehouseId", "")):
        return None
    head = {"sellingParty": {"partyId": asked.vendor}, "isFullUpdate": said.get("isFullUpdate", False)}
    return document.completed({"warehouseId": said["warehouseId"], **head, "items": items}, ())


def _items(said: Any, asins: Mapping[str, str]) -> list[Tree] | None:
    """Give the items as Amazon wants them; None: something is to be said about one, or turned."""
    made: list[Tree] = []
    for item in said if type(said) is list else ():
        one = _item(item, asins) if type(item) is dict else None
        if one is None:
            return None
        made.append(one)
    return made if len({one[_SKU] for one in made}) == len(made) else None


def _item(item: Tree, asins: Mapping[str, str]) -> Tree | None:
    sku, quantity = item.get(_SKU), item.get("availableQuantity")
    if type(sku) is not str or not sku.isascii() or not sku or sku.isspace():
        return None
    asin = item[_ASIN] if _ASIN in item else asins.get(sku)
    if type(asin) is not str or not asin.isascii() or not asin or asin.isspace():
        return None
    amount = quantity.get("amount") if type(quantity) is dict and len(quantity) == 1 else None
    if type(amount) is not int or not 0 <= amount < _BEYOND:
        return None
    one: Tree = {_ASIN: asin, _SKU: sku, "availableQuantity": {"amount": amount, "unitOfMeasure": EACH}}
    if "isObsolete" in item:
        said = item["isObsolete"]
        one["isObsolete"] = obsolete = said if type(said) is bool else _SAID.get(said) if type(said) is str else None
        if obsolete is None:
            return None
    return one if item.keys() <= one.keys() else None
