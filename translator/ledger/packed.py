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


class Packed(TypeDecorator[Any]):
    """A column that holds a tree."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        """Write the tree as JSON."""
        return None if value is None else jsontext.encode(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Read the tree back."""
        return None if value is None else _DECODER.decode(value)
