"""The usual inventory update, completed and checked in one pass: each item has a name of its own, a level and an ASIN.

Promise: what `plainly` gives is what `complete` gives, without a finding, and `check` finds nothing in it. Where it gives
None, they look closely, and know what to say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from operator import itemgetter
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
_QUANTITY: Final = "availableQuantity"
_OBSOLETE: Final = "isObsolete"
_NAMES: Final = {_ASIN, _SKU, _QUANTITY, _OBSOLETE}


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
    """Give the items as Amazon wants them, looked at name by name; None: something is to be said about one, or turned."""
    if type(said) is not list:
        return None
    try:
        names = set[str]().union(*said)
        skus, amounts = list(map(itemgetter(_SKU), said)), _amounts(list(map(itemgetter(_QUANTITY), said)))
        codes = _codes(said, skus, asins)
        usual = names <= _NAMES and _are_texts(skus) and _are_texts(codes) and len({*skus}) == len(skus)
    except (KeyError, TypeError):
        return None
    if not usual or amounts is None:
        return None
    made: list[Tree] = [
        {_ASIN: asin, _SKU: sku, _QUANTITY: {"amount": amount, "unitOfMeasure": EACH}}
        for asin, sku, amount in zip(codes, skus, amounts, strict=True)
    ]
    return made if _OBSOLETE not in names or _with_obsolete(made, said) else None


def _codes(said: Sequence[Tree], skus: Sequence[Any], asins: Mapping[str, str]) -> list[Any]:
    """Give the ASINs, as they were said or are known."""
    try:
        return list(map(itemgetter(_ASIN), said))
    except KeyError:
        return [item[_ASIN] if _ASIN in item else asins.get(sku) for item, sku in zip(said, skus, strict=True)]


def _are_texts(values: Sequence[Any]) -> bool:
    """Tell values that are texts in ASCII which hold something. Raises TypeError where one is none."""
    return all(map(str.strip, values)) and "".join(values).isascii()


def _amounts(quantities: Sequence[Any]) -> list[int] | None:
    """Give the levels; None: one is none. Raises KeyError or TypeError where one says something else."""
    amounts = list(map(itemgetter("amount"), quantities))
    usual = {*map(len, quantities)} == {1} and {*map(type, amounts)} == {int}
    return amounts if usual and min(amounts) >= 0 and max(amounts) < _BEYOND else None


def _with_obsolete(made: Sequence[Tree], said: Sequence[Tree]) -> bool:
    """Say of items whether they are gone for good; False: it cannot be told of one."""
    for one, item in zip(made, said, strict=True):
        if _OBSOLETE in item:
            word = item[_OBSOLETE]
            one[_OBSOLETE] = known = word if type(word) is bool else _SAID.get(word) if type(word) is str else None
            if known is None:
                return False
    return True
