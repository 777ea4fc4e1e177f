"""Values that must never be shown: secrets, and what belongs to a person.

A `Private` value cannot be formatted, printed, logged, pickled or compared into text: each way of
showing it gives the same mark. Only `reveal()` gives the value, and a reader of the code sees it.
"""

from __future__ import annotations

from typing import Any, Final, Generic, NoReturn, TypeVar

MARK: Final = "‹private›"

T = TypeVar("T")


class Private(Generic[T]):
    """Hold a value that may be used but not shown."""

    __slots__ = ("__value",)

    def __init__(self, value: T) -> None:
        self.__value = value

    def reveal(self) -> T:
        """Give the value itself: only to the wire it is meant for."""
        return self.__value

    def __repr__(self) -> str:
        return MARK

    def __str__(self) -> str:
        return MARK

    def __format__(self, spec: str) -> str:
        return MARK

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Private) and bool(self.__value == other.reveal())

    def __hash__(self) -> int:
        return hash(self.__value)

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError("a private value is not pickled")


def shown(value: object, most: int = 40) -> str:
    """Give a short, one-line picture of a value for a finding: private ones stay a mark."""
    if isinstance(value, Private):
        return MARK
    text = str(value)
    text = text if len(text) <= most else text[: most - 1] + "…"
    return (
        "'" + text.encode("unicode_escape").decode("ascii").replace("'", "\\'") + "'"
        if not text.isprintable()
        else f"'{text}'"
    )
