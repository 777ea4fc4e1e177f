"""Trees in a column: JSON written compactly and trusted when read, since what lies here passed the door before.

Decimals live; a value that may not be shown (`core.private`) cannot be written at all.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

import msgspec
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

from translator.core import jsontext

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


class Leaves:
    """A tree as it lies in its column, unpacked when it is first asked for: most who ask for a document do not."""

    __slots__ = ("_tree", "packed")

    def __init__(self, packed: bytes, tree: Any = None) -> None:
        self.packed = packed
        self._tree = tree

    @classmethod
    def of(cls, tree: Any) -> Leaves:
        """Pack a tree."""
        return cls(packed(tree), tree)

    @property
    def tree(self) -> Any:
        """Give the tree."""
        if self._tree is None:
            self._tree = unpacked(self.packed)
        return self._tree

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Leaves) and self.packed == other.packed

    def __hash__(self) -> int:
        return hash(self.packed)
