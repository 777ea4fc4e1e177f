"""The usual inventory update, completed and checked in one pass: each item has a name of its own, a level and an ASIN.

Promise: what `plainly` gives is what `complete` gives, without a finding, and `check` finds nothing in it. Where it gives
None, they look closely, and know what to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Annotated, Any, Final, Literal, cast

from msgspec import UNSET, Meta, Struct, UnsetType, ValidationError, convert, to_builtins

from translator.core.alike import hold
from translator.core.document import Document, Tree
from translator.documents.kind import Asked
from translator.documents.lines import EACH
from translator.documents.turned import turned
from translator.documents.values import DIGITS

WAREHOUSE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")  # it becomes part of a path
_OBSOLETE: Final = attrgetter("is_obsolete")
_ORDER: Final = ["buyerProductIdentifier", "vendorProductIdentifier", "availableQuantity"]


class _Level(Struct, forbid_unknown_fields=True, rename="camel", gc=False):
    """A level as a sender says it, and as Amazon wants it."""

    amount: Annotated[int, Meta(ge=0, lt=10**DIGITS)]
    unit_of_measure: Literal["Each"] = EACH


class _Item(Struct, forbid_unknown_fields=True, rename="camel", kw_only=True, gc=False):
    """An item as a sender says it, when ASIN and words are turned as Amazon wants it."""

    buyer_product_identifier: str | UnsetType = UNSET
    vendor_product_identifier: str
    available_quantity: _Level
    is_obsolete: bool | Literal["true", "false"] | UnsetType = UNSET


def plainly(document: Document, asked: Asked) -> Document | None:
    """Complete a document, or give None where it has to be looked at closely.

    Takes its items over, which have their names in one order, as one picture draws them: where that is Amazon's, and
    nothing but the unit is lacking, they are completed where they are. To make each again takes longer than to look at it.
    """
    if document.findings or not asked.vendor.strip():
        return None
    said = turned(document.kind, {name: value for name, value in document.tree.items() if name != "items"})
    if said is None or not WAREHOUSE.fullmatch(said.get("warehouseId", "")):
        return None
    items = _items(document.tree.get("items"), asked.asins)
    if not items:
        return None
    head = {"sellingParty": {"partyId": asked.vendor}, "isFullUpdate": said.get("isFullUpdate", False)}
    return document.completed({"warehouseId": said["warehouseId"], **head, "items": items}, ())


def _items(said: Any, asins: Mapping[str, str]) -> list[Tree] | None:
    """Give the items as Amazon wants them; None: something is to be said about one."""
    if type(said) is not list or not said:
        return None
    try:
        items = convert(said, list[_Item])
    except ValidationError:
        return None
    skus, codes = [one.vendor_product_identifier for one in items], [one.buyer_product_identifier for one in items]
    if lacking := UNSET in codes:
        codes = _known(items, asins)
    if not (hold(skus) and hold(cast("list[str]", codes)) and len({*skus}) == len(skus)):
        return None
    words = {*map(_OBSOLETE, items)}
    if words == {UNSET} and not lacking and _in_order(said[0]):
        return _with_units(said)
    if any(isinstance(word, str) for word in words):
        _turn(items)
    return cast("list[Tree]", to_builtins(items))


def _known(items: Sequence[_Item], asins: Mapping[str, str]) -> list[str | UnsetType]:
    """Put in the ASINs that are known where none is said, and give all; empty: it is not known."""
    for one in items:
        if one.buyer_product_identifier is UNSET:
            one.buyer_product_identifier = asins.get(one.vendor_product_identifier, "")
    return [one.buyer_product_identifier for one in items]


def _in_order(item: Tree) -> bool:
    """Tell whether an item has its names in the order in which `complete` gives them."""
    return [*item] == _ORDER and next(iter(item["availableQuantity"])) == "amount"


def _with_units(items: list[Tree]) -> list[Tree]:
    for item in items:
        item["availableQuantity"]["unitOfMeasure"] = EACH
    return items


def _turn(items: Iterable[_Item]) -> None:
    """Turn the words for what is gone for good into what they mean."""
    for one in items:
        if isinstance(one.is_obsolete, str):
            one.is_obsolete = one.is_obsolete == "true"
