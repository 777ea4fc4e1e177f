"""Amazon's model of a kind, compiled: whether a tree is well is told in one pass of msgspec.

Promise: what `fits` takes has no fault by `types.verify`, and holds no null, empty text, list or object at a place the
model knows. What it does not take may be well all the same (a leap second, another zone than Z, an exponent, `eAcH`):
then `verify` looks closely, and says why if it is not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from translator.core.document import Tree
from translator.documents.kind import FieldOf, kinds

_INDEX: Final = re.compile(r"\[[0-9]*\]")
_NOT_BLANK: Final = Meta(pattern=r"\S")
_DECIMAL: Final = Meta(pattern=r"\A[+-]?[0-9]{1,12}(\.[0-9]{1,12})?\Z")
_DAY: Final = r"(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31"
_MOMENT: Final = Meta(
    pattern=rf"\A20(1[5-9]|[2-9][0-9])-({_DAY})T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{{1,9}})?Z\Z"
)
_TYPES: Final[Mapping[str, Any]] = {
    "text": Annotated[str, Meta(min_length=1)],
    "integer": int,
    "boolean": bool,
    "decimal": Annotated[str, _DECIMAL],
    "datetime": Annotated[str, _MOMENT],
}


@dataclass(frozen=True, slots=True)
class Node:
    """A field and what stands inside it, or inside each entry of it."""

    known: FieldOf
    inside: dict[str, Node] = field(default_factory=dict)


@cache
def shape(kind: str) -> Node:
    """Give the fields of a kind as a tree."""
    root = Node(FieldOf("", "object"))
    for entry in kinds()[kind].fields:
        node = root
        *above, name = steps(entry.path)
        for step in above:
            node = node.inside[step]
        node.inside[name] = Node(entry)
    return root


def steps(path: str) -> list[str]:
    """Give the names of a path, with or without `[]`."""
    return _INDEX.sub("", path).split(".")


def fits(kind: str, tree: Tree, *, known: bool = False) -> bool:
    """Tell, where it can be told quickly, that a tree obeys Amazon's model. `known`: it has no other names either."""
    try:
        msgspec.convert(tree, _compiled(kind, known or not kinds()[kind].open))
    except msgspec.ValidationError:
        return False
    return True


@cache
def _compiled(kind: str, closed: bool) -> type[Struct]:  # noqa: FBT001  (as the cache takes it)
    return _object(shape(kind), closed=closed)


def _object(node: Node, *, closed: bool) -> type[Struct]:
    """Make the type of an object. Its attributes are numbered, since Amazon's names need not be Python's.

    One in which nothing is required must have its first field, as it mostly has: so it is not empty.
    """
    needed = [name for name, inner in node.inside.items() if inner.known.required] or list(node.inside)[:1]
    names = {f"f{n}": name for n, name in enumerate(node.inside)}
    given = {own: _given(node.inside[name], closed=closed) for own, name in names.items()}
    fields: list[Any] = [
        (own, given[own]) if name in needed else (own, given[own] | UnsetType, UNSET) for own, name in names.items()
    ]
    return msgspec.defstruct("Object", fields, rename=names, forbid_unknown_fields=closed, kw_only=True, gc=False)


def _given(node: Node, *, closed: bool) -> Any:
    known = node.known
    if known.type == "object":
        return _object(node, closed=closed)
    if known.type == "list":
        entry = Node(FieldOf(known.path, "object"), node.inside)
        return Annotated[list[_object(entry, closed=closed)], Meta(min_length=1)]  # type: ignore[misc]
    if known.one_of:
        return Literal[tuple({form for word in known.one_of for form in (word, word.upper(), word.lower())})]
    return Annotated[str, _NOT_BLANK] if known.required and known.type == "text" else _TYPES[known.type]
