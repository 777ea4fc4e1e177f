"""Amazon's model of a kind, compiled: whether a tree is well is told in one pass of msgspec.

Promise: what `fits` takes has no fault by `types.verify`. What it does not take may be well all the same (a leap second,
another zone than Z, an exponent, `eAcH`): then `verify` looks closely, and says why if it is not.
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
    "text": str,
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


def fits(kind: str, tree: Tree) -> bool:
    """Tell, where it can be told quickly, that a tree obeys Amazon's model."""
    try:
        msgspec.convert(tree, _compiled(kind))
    except msgspec.ValidationError:
        return False
    return True


@cache
def _compiled(kind: str) -> type[Struct]:
    return _object(shape(kind), open=kinds()[kind].open)


def _object(node: Node, *, open: bool) -> type[Struct]:
    """Make the type of an object. Its attributes are numbered, since Amazon's names need not be Python's."""
    names = {f"f{n}": name for n, name in enumerate(node.inside)}
    fields: list[Any] = []
    for own, name in names.items():
        given = _given(node.inside[name], open=open)
        fields.append((own, given) if node.inside[name].known.required else (own, given | UnsetType, UNSET))
    bare = node.known.required and all(len(one) > 2 for one in fields)
    return msgspec.defstruct(
        "Object",
        fields,
        rename=names,
        forbid_unknown_fields=not open,
        kw_only=True,
        gc=False,
        namespace={"__post_init__": _not_empty} if bare else None,
    )


def _not_empty(self: Struct) -> None:
    """Refuse an object that has to be there, and holds nothing."""
    if all(value is UNSET for value in msgspec.structs.astuple(self)):
        raise ValueError("empty")


def _given(node: Node, *, open: bool) -> Any:
    known = node.known
    if known.type == "object":
        return _object(node, open=open)
    if known.type == "list":
        entry = Node(FieldOf(known.path, "object"), node.inside)
        return Annotated[list[_object(entry, open=open)], Meta(min_length=1 if known.required else 0)]  # type: ignore[misc]
    if known.one_of:
        return Literal[tuple({form for word in known.one_of for form in (word, word.upper(), word.lower())})]
    return Annotated[str, _NOT_BLANK] if known.required and known.type == "text" else _TYPES[known.type]
