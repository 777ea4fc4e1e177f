"""The usual inventory update, completed and checked in one pass: each item has a name of its own, a level and an ASIN.

Promise: what `plainly` gives is what `complete` gives, without a finding, and `check` finds nothing in it. Where it gives
None, they look closely, and know what to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final

from translator.core.alike import hold
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
_TAKEN: Final = {_ASIN, _SKU, _QUANTITY}
_NAMES: Final = {*_TAKEN, _OBSOLETE}


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
        skus, levels = list(map(itemgetter(_SKU), said)), _levels(list(map(itemgetter(_QUANTITY), said)))
        codes, all_said = _codes(said, skus, asins)
        # three names stand in each: those that were just taken out of it
        names = _TAKEN if all_said and {*map(len, said)} == {len(_TAKEN)} else set[str]().union(*said)
        usual = names <= _NAMES and hold(skus) and hold(codes) and len({*skus}) == len(skus)
    except (KeyError, TypeError):
        return None
    if not usual or levels is None:
        return None
    made: list[Tree] = [
        {_ASIN: asin, _SKU: sku, _QUANTITY: level} for asin, sku, level in zip(codes, skus, levels, strict=True)
    ]
    return made if _OBSOLETE not in names or _with_obsolete(made, said) else None


def _codes(said: Sequence[Tree], skus: Sequence[Any], asins: Mapping[str, str]) -> tuple[list[Any], bool]:
    """Give the ASINs, as they were said or are known, and whether each was said."""
    try:
        return list(map(itemgetter(_ASIN), said)), True
    except KeyError:
        known = (item[_ASIN] if _ASIN in item else asins.get(sku) for item, sku in zip(said, skus, strict=True))
        return list(known), False


def _levels(quantities: Sequence[Any]) -> Iterable[Tree] | None:
    """Give the levels as Amazon wants them, one object for all that are equal; None: one is none.

    Raises KeyError or TypeError where one says something else.
    """
    amounts = list(map(itemgetter("amount"), quantities))
    if {*map(len, quantities)} != {1} or {*map(type, amounts)} != {int}:
        return None
    said = {amount: {"amount": amount, "unitOfMeasure": EACH} for amount in {*amounts}}
    return map(said.__getitem__, amounts) if min(said) >= 0 and max(said) < _BEYOND else None


def _with_obsolete(made: Sequence[Tree], said: Sequence[Tree]) -> bool:
    """Say of items whether they are gone for good; False: it cannot be told of one."""
    for one, item in zip(made, said, strict=True):
        if _OBSOLETE in item:
            word = item[_OBSOLETE]
            one[_OBSOLETE] = known = word if type(word) is bool else _SAID.get(word) if type(word) is str else None
            if known is None:
                return False
    return True
