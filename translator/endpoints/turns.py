"""Several that go in turns in one thread: each stops where it asked for something that may be had once for all of them.

What waits for a disk or for a commit waits once for many; a thread for each costs more than the waiting.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any, Final, TypeVar

ALONG: Final = 50  # files that one thread carries side by side
SMALL: Final = 65_536  # bytes of a file that goes along with others: a larger one would keep them waiting
T = TypeVar("T")
Turns = Generator[None, None, T]  # ends with what it gives
Asked = Callable[[], None]  # returns when what was asked for is so; raises if it can't be


def alone(turns: Turns[T]) -> T:
    """Go one to its end."""
    while True:
        try:
            next(turns)
        except StopIteration as end:
            found: T = end.value
            return found


def at_once(act: Callable[[], T]) -> Turns[T]:
    """Do something that stops nowhere."""
    yield from ()
    return act()


def side_by_side(several: Sequence[Turns[Any]]) -> Iterator[tuple[int, Any, Exception | None]]:
    """Go several in turns, and tell of each as it ends: its place, what it gives, or what it raised."""
    left = list(enumerate(several))
    while left:
        going = []
        for place, turns in left:
            try:
                next(turns)
            except StopIteration as end:
                yield place, end.value, None
            except Exception as error:  # noqa: BLE001 (judged by whoever is told)
                yield place, None, error
            else:
                going.append((place, turns))
        left = going
