"""What expressions work on: members by name, what is not there, the turn of a loop; and marks on functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar

F = TypeVar("F", bound=Callable[..., Any])
TURN: Final = ("index", "index0", "first", "last", "length")  # what `loop` has
_PARTS: Final = ("year", "month", "day", "hour", "minute", "second")


class Absent(dict[str, Any]):
    """What a path leads to when nothing is there: empty, false, and every member of it is absent too."""

    __slots__ = ()


ABSENT: Final = Absent()


def asking(*names: str) -> Callable[[F], F]:
    """Mark a function that asks its translation: `ask_tables`, `take_number`, `warehouse_zone` come as keyword arguments."""

    def mark(function: F) -> F:
        function.asks = names  # type: ignore[attr-defined]
        return function

    return mark


def forgiving(function: F) -> F:
    """Mark a function that takes what is not there (as None)."""
    function.forgiving = True  # type: ignore[attr-defined]
    return function


def member(value: Any, name: str) -> Any:
    """Give a member by name: of a mapping, or of every entry of a list, flattened. ABSENT: there is none."""
    if type(value) is dict:  # nearly always
        return value.get(name, ABSENT)
    if isinstance(value, (list, tuple)):
        return _members(value, name)
    if isinstance(value, Mapping):
        return value.get(name, ABSENT)
    if isinstance(value, date) and name in _PARTS:
        return getattr(value, name, ABSENT)
    return ABSENT


def _members(values: list[Any] | tuple[Any, ...], name: str) -> list[Any]:
    found: list[Any] = []
    for value in values:
        inner = member(value, name)
        if isinstance(inner, list):
            found.extend(inner)
        elif inner is not ABSENT:
            found.append(inner)
    return found


@dataclass(frozen=True, slots=True)
class Loop:
    """What `loop` is in a layout's `each`."""

    index: int
    length: int
    at: int = 0  # in the list, before `if` left entries out: from 0

    @property
    def index0(self) -> int:
        """Count from 0."""
        return self.index - 1

    @property
    def first(self) -> bool:
        """Tell the first turn."""
        return self.index == 1

    @property
    def last(self) -> bool:
        """Tell the last turn."""
        return self.index == self.length
