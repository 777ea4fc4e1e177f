"""What other threads tell the loop: what was finished, what is to be staged, that something may have come.

It is heard all at once, so that a commit carries as much as there is. Many file events are one wake.
"""

from __future__ import annotations

import queue
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event
from typing import Any

from translator.ledger.interchanges import Interchange
from translator.ledger.work import Work
from translator.stations.errand import Errand


@dataclass(slots=True)
class Finished:
    """An errand that was gone, with its answer or its error."""

    errand: Errand
    answer: Any = None
    error: Exception | None = None


@dataclass(slots=True)
class Staged:
    """A worker waits until *staged* is committed for its attempt."""

    work: Work
    interchange: Interchange
    number: int
    home: str = ""  # news of the place it lies in
    done: Event = field(default_factory=Event)
    lost: bool = False  # its claim is not the current one


@dataclass(slots=True)
class Wake:
    """Something may have come: look again."""

    endpoint: str


Item = Finished | Staged | Wake


class Inbox:
    """Put into by any thread, heard by the loop alone."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[Item] = queue.SimpleQueue()
        self._woken: set[str] = set()  # endpoints whose wake was not heard yet

    def put(self, item: Item) -> None:
        """Tell the loop."""
        self._queue.put(item)

    def wake(self, endpoint: str) -> None:
        """Wake the loop for an endpoint, unless that lies here already."""
        if endpoint not in self._woken:
            self._woken.add(endpoint)
            self._queue.put(Wake(endpoint))

    def hear(self) -> list[Item]:
        """Take all that is here."""
        items: list[Item] = []
        with suppress(queue.Empty):
            while True:
                items.append(self._queue.get_nowait())
        self._woken.difference_update(item.endpoint for item in items if isinstance(item, Wake))
        return items

    def wait(self, seconds: float) -> None:
        """Return when something is here, at the latest after so many seconds."""
        with suppress(queue.Empty):
            self._queue.put(self._queue.get(timeout=seconds) if seconds > 0 else self._queue.get_nowait())

    def qsize(self) -> int:
        """Say how much is here, about."""
        return self._queue.qsize()


def finished(errand: Errand, go: Callable[[], Any]) -> Finished:
    """Go an errand; an error is told in the next commit, where it is judged."""
    try:
        return Finished(errand, go())
    except Exception as error:  # noqa: BLE001 (as above)
        return Finished(errand, error=error)
