"""What a mapping gave, turned into Amazon's types in one quick pass, where there is nothing to say about it.

Promise: what `turned` gives is what `types.coerce` would give, without a finding. Where it gives None, `coerce` looks
closely.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, Final

from translator.core.document import Tree
from translator.documents.kind import FieldOf, kinds
from translator.documents.model import Node, shape
from translator.documents.values import CONVERTED, DIGITS

Turn = Callable[[Any], Any]
_BEYOND: Final = 10**DIGITS


class _Odd(Exception):
    """There is something to say."""


def turned(kind: str, tree: Tree) -> Tree | None:
    """Turn a tree, or give None where it has to be looked at closely."""
    try:
        found: Tree = _turn(kind)(tree)
    except (_Odd, ValueError, OverflowError):
        return None
    return found


@cache
def _turn(kind: str) -> Turn:
    return _object({} if kinds()[kind].open else shape(kind).inside)


def _of(node: Node) -> Turn:
    if node.known.type == "object":
        return _object(node.inside)
    if node.known.type == "list":
        return _list(_object(node.inside))
    if node.known.one_of:
        return _word(node.known)
    return {"text": _text, "integer": _integer, "boolean": _boolean}.get(node.known.type) or _kept(node.known.type)


def _object(inside: Mapping[str, Node]) -> Turn:
    turns = {name: _of(node) for name, node in inside.items()}

    def turn(value: Any) -> Tree:
        if type(value) is not dict or not value:
            raise _Odd
        try:
            return {name: turns[name](inner) for name, inner in value.items()}
        except KeyError:
            raise _Odd from None

    return turn


def _list(entry: Turn) -> Turn:
    def turn(value: Any) -> list[Any]:
        if type(value) is not list or not value:
            raise _Odd
        return [entry(one) for one in value]

    return turn


def _text(value: Any) -> str:
    if type(value) is str and value.isascii() and not value.isspace() and value:
        return value
    raise _Odd


def _integer(value: Any) -> int:
    if type(value) is int and -_BEYOND < value < _BEYOND:
        return value
    if type(value) is str or type(value) is Decimal:
        found: int = CONVERTED["integer"](value)
        return found
    raise _Odd


def _boolean(value: Any) -> bool:
    if value is True or value is False:
        return value
    if type(value) is str:
        found: bool = CONVERTED["boolean"](value)
        return found
    raise _Odd


def _kept(name: str) -> Turn:
    """Give the conversion of a type whose values repeat in a file, and are slow to turn."""
    convert = lru_cache(maxsize=16_384)(CONVERTED[name])

    def turn(value: Any) -> Any:
        if type(value) is str:
            return convert(value)
        if type(value) is Decimal:
            return convert(str(value))  # 1.0 and 1.00 are equal, and not the same
        raise _Odd

    return turn


def _word(known: FieldOf) -> Turn:
    """Give the word of a list; whatever its case is left to a closer look."""
    words = frozenset(known.one_of)

    def turn(value: Any) -> str:
        if type(value) is str and value in words:
            return value
        raise _Odd

    return turn
