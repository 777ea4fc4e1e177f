"""What of a document belongs to a person, by the field tables of the kinds; and what is left when that is forgotten.

What no table knows is taken for a person's: fields of a kind that is not known, fields that Amazon added. Numbers that
lead to a person by way of another book (the parcel's, the customer's) belong to him too.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from translator.core.document import Tree
from translator.documents.kind import FieldOf, kinds

FORGOTTEN: Final = "forgotten"  # stands where something personal stood
LINKING: Final = ("customerOrderNumber", "postalCode", "stateOrRegion")
TRACKING: Final = "trackingnumber"  # how names of a parcel's number end
OURS: Final = ("sellingParty", "shipFromParty")  # the vendor, and the warehouse


@cache
def is_private(kind: str) -> bool:
    """Tell whether documents of a kind may tell of a person."""
    known = kinds().get(kind)
    return known is None or known.open or any(_is_personal(field) for field in known.fields)


def forgotten(kind: str, tree: Tree) -> Tree:
    """Give what is left of a document: numbers, lines, codes, days; the names of what was there, but not its values."""
    left: Tree = {name: _left(kind, name, value) for name, value in tree.items()}
    return left


@cache
def _fields(kind: str) -> dict[str, FieldOf]:
    known = kinds().get(kind)
    return {field.path: field for field in known.fields} if known else {}


def _left(kind: str, path: str, value: Any) -> Any:
    field = _fields(kind).get(path)
    if field is None or _is_personal(field):
        return FORGOTTEN
    if isinstance(value, dict):
        return {name: _left(kind, f"{path}.{name}", one) for name, one in value.items()}
    if isinstance(value, list):
        return [_entry(kind, path, one) for one in value]
    return value


def _entry(kind: str, path: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _left(kind, f"{path}[].{name}", one) for name, one in value.items()}
    return value if _fields(kind)[path].one_of else FORGOTTEN


def _is_personal(field: FieldOf) -> bool:
    *inside, name = field.path.split(".")
    leads_to = name in LINKING or name.lower().endswith(TRACKING)
    return field.personal or (leads_to and not any(party in OURS for party in inside))
