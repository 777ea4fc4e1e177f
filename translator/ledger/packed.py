"""Trees in a column: JSON written compactly and trusted when read, since what lies here passed the door before.

Decimals live; a value that may not be shown (`core.private`) cannot be written at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from threading import Lock
from typing import Any, Final

import msgspec
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

from translator.core import jsontext

FRESH: Final = 8_000_000  # bytes of trees, as they are packed, that are remembered: some thousand orders
_DECODER: Final = msgspec.json.Decoder(float_hook=Decimal)


packed: Final = jsontext.encode
unpacked: Final = _DECODER.decode


class Packed(TypeDecorator[Any]):
    """A column that holds a tree."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        """Write the tree as JSON."""
        return None if value is None else packed(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Read the tree back."""
        return None if value is None else unpacked(value)


class _Fresh:
    """Trees that were just packed, until they are unpacked again for the first time: mostly to be written at once."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._trees: dict[bytes, Any] = {}
        self._size = 0
        self._one = Lock()

    def put(self, packed: bytes, tree: Any) -> None:
        """Remember a tree; the oldest go where they become too many."""
        with self._one:
            self._size += len(packed) if packed not in self._trees else 0
            self._trees[packed] = tree
            while self._size > self._most:
                oldest = next(iter(self._trees))
                del self._trees[oldest]
                self._size -= len(oldest)

    def take(self, packed: bytes) -> Any:
        """Give a tree, and forget it; None: it is not here."""
        with self._one:
            tree = self._trees.pop(packed, None)
            self._size -= len(packed) if tree is not None else 0
            return tree


_FRESH: Final = _Fresh(FRESH)


class Leaves:
    """A tree as it lies in its column, opened and unpacked when it is first asked for: most who ask do not ask for it."""

    __slots__ = ("_open", "_tree", "packed")

    def __init__(self, packed: bytes, tree: Any = None, open: Callable[[bytes], bytes] | None = None) -> None:
        self.packed = packed
        self._tree = tree
        self._open = open

    @classmethod
    def of(cls, tree: Any, seal: Callable[[bytes], bytes] | None = None) -> Leaves:
        """Pack a tree, and seal it."""
        leaves = cls(seal(packed(tree)) if seal else packed(tree), tree)
        _FRESH.put(leaves.packed, tree)
        return leaves

    @property
    def tree(self) -> Any:
        """Give the tree. Raises KeyGone where it is sealed, and its key is missing."""
        if self._tree is None:
            fresh = _FRESH.take(self.packed)
            self._tree = unpacked(self._open(self.packed) if self._open else self.packed) if fresh is None else fresh
        return self._tree

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Leaves) and self.tree == other.tree

    def __hash__(self) -> int:
        return hash(self.packed)


class Named(Mapping[str, str]):
    """Values by their names, opened when they are first asked for: a lost key does not keep their document from being found."""

    __slots__ = ("_leaves",)

    def __init__(self, leaves: Leaves) -> None:
        self._leaves = leaves

    def __getitem__(self, name: str) -> str:
        return str(self._leaves.tree[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._leaves.tree)

    def __len__(self) -> int:
        return len(self._leaves.tree)
