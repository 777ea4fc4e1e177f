"""File events as a hint: whatever happens in a watched folder wakes the service earlier than its next scan.

Promise: `wake` is called soon after a file is written, moved or taken, and when the system says it lost events. Events
are never the truth: the periodic scan is. In trouble: a folder that cannot be watched is named in `blind` and left to
the scan; nothing is raised.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable
from typing import Final

from watchdog.events import (
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer

_TELLING: Final = [
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileMovedEvent,
]  # not: opened, read, closed unwritten; our own scans make those
_LOST: Final = logging.getLogger("watchdog.observers.inotify_c")  # an overflow is only logged; no event tells it


class Watch:
    """Wakes the service when something happens in one of the folders."""

    def __init__(self, paths: Iterable[str], wake: Callable[[], None]) -> None:
        self.blind: tuple[str, ...] = ()  # folders that could not be watched
        self._paths = tuple(dict.fromkeys(paths))
        self._waker = _Waker(wake)
        self._observer = Observer()

    def start(self) -> None:
        """Watch from now on, and wake once: something may have come before."""
        _LOST.addFilter(self._waker.overflowed)
        self._observer.start()
        self.blind = tuple(path for path in self._paths if not self._watched(path))
        self._waker.wake()

    def stop(self) -> None:
        """Watch no longer."""
        _LOST.removeFilter(self._waker.overflowed)
        if self._observer.is_alive():
            self._observer.stop()
            self._observer.join()

    def _watched(self, path: str) -> bool:
        try:
            self._observer.schedule(self._waker, path, event_filter=_TELLING)
        except OSError:  # missing; or the system's limit of watches is reached
            return False
        return True


class _Waker(FileSystemEventHandler):
    def __init__(self, wake: Callable[[], None]) -> None:
        self.wake = wake

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.is_directory or not _hidden(event.dest_path or event.src_path):
            self.wake()

    def overflowed(self, record: logging.LogRecord) -> bool:
        if "overflow" in record.msg:
            self.wake()
        return True


def _hidden(path: bytes | str) -> bool:
    return os.path.basename(os.fsdecode(path)).startswith(".")
