"""What was written before, remembered: a dictionary costs less than `lru_cache` where nearly every value is known.

A key is a text alone, since most values are; any other value stands beside its type: 1, true and 1.0 are different here.
A Decimal is not remembered: 1.0 and 1.00 are equal, and not the same.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any, Final

MOST: Final = 16_384  # entries; then it begins anew


class Known(dict[Any, Any]):
    """Ask it as `known[text]`, or `known[type(value), value]`: what is not known yet is worked out.

    Raises what `write` raises; that is not remembered.
    """

    __slots__ = ("_write",)

    def __init__(self, write: Callable[[Any], Any]) -> None:
        super().__init__()
        self._write = write

    def __missing__(self, key: Any) -> Any:
        kind, value = key if type(key) is tuple else (str, key)
        found = self._write(value)
        if kind is Decimal:
            return found
        if len(self) >= MOST:
            self.clear()
        self[key] = found
        return found


class Zoned(dict[str, Known]):
    """What depends on a time zone too: `known[zone][text]`."""

    __slots__ = ("_write",)

    def __init__(self, write: Callable[..., Any]) -> None:
        super().__init__()
        self._write = write

    def __missing__(self, zone: str) -> Known:
        found = self[zone] = Known(partial(self._write, zone=zone))
        return found
