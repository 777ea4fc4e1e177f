"""File events as a hint: whatever happens in a watched folder wakes its endpoint earlier than the next scan.

Promise: a folder's `wake` is called soon after a file is written, moved in or removed there, when the system says it lost
events, and when a folder that was away is there again. Events are never the truth: the periodic scan is. In trouble: a
folder that cannot be watched is named in `blind`, with the reason, left to the scan, and tried again; nothing is raised.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
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
from watchdog.observers.api import ObservedWatch
from watchdog.observers.inotify import InotifyEmitter
from watchdog.observers.inotify_c import InotifyConstants, Mask

from translator.endpoints.mounts import far

LOOK: Final = 5.0  # seconds between looks whether the folders are the ones that are watched

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
    """Wakes endpoints when something happens in their folders."""

    def __init__(self, folders: Mapping[str, Callable[[], None]], look: float = LOOK) -> None:
        self.blind: Mapping[str, str] = {}  # folders that are not watched, and why
        self._wakes = dict(folders)
        self._pause = look
        self._observer = Observer()
        self._observer._emitter_class = _Arrivals  # noqa: SLF001 (there is no other way to it)
        self._watched: dict[str, tuple[tuple[int, int], ObservedWatch]] = {}  # by path: which folder it was
        self._stopped = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="watch", daemon=True)

    def start(self) -> None:
        """Watch from now on, and wake once: something may have come before."""
        _LOST.addFilter(self._overflowed)
        self._observer.start()
        self._look()
        self._wake_all()
        self._keeper.start()

    def stop(self) -> None:
        """Watch no longer."""
        _LOST.removeFilter(self._overflowed)
        self._stopped.set()
        if self._observer.is_alive():
            self._observer.stop()
            self._observer.join()

    def _keep(self) -> None:
        """Look again and again, apart: a disk that does not answer must hold nobody else."""
        while not self._stopped.wait(self._pause):
            self._look()

    def _look(self) -> None:
        """Watch what is there by now; a folder that went and came is another one."""
        self.blind = {path: why for path in self._wakes if (why := self._kept(path))}

    def _kept(self, path: str) -> str:
        """Say why a folder is not watched; empty when it is."""
        if sort := far(path):
            return f"it is on {sort}, where events tell of our own changes only"
        try:
            found = os.stat(path)
        except OSError:
            self._let_go(path)
            return "it is not there"
        which = (found.st_dev, found.st_ino)
        if path in self._watched and self._watched[path][0] == which:
            return ""
        self._let_go(path)
        return self._taken(path, which)

    def _taken(self, path: str, which: tuple[int, int]) -> str:
        wake = self._wakes[path]
        try:
            watch = self._observer.schedule(_Waker(wake), path, event_filter=_TELLING)
        except OSError as error:
            return f"the system refuses it ({os.strerror(error.errno or 0).lower()})"  # its limit of watches is reached
        self._watched[path] = (which, watch)
        wake()
        return ""

    def _let_go(self, path: str) -> None:
        if path in self._watched:
            _, watch = self._watched.pop(path)
            with suppress(KeyError):  # it went by itself, with its folder
                self._observer.unschedule(watch)

    def _wake_all(self) -> None:
        for wake in self._wakes.values():
            wake()

    def _overflowed(self, record: logging.LogRecord) -> bool:
        if "overflow" in record.msg:
            self._wake_all()
        return True


class _Arrivals(InotifyEmitter):
    """Tells of what comes, and not of what is moved away.

    watchdog holds a move back for half a second, to find its other half, and with it all events behind it. Each file that
    we put into the archive would delay the news of the next one so long.
    """

    def get_event_mask_from_filter(self) -> Mask:
        """Ask the system for all but that."""
        return Mask(super().get_event_mask_from_filter() & ~InotifyConstants.IN_MOVED_FROM)


class _Waker(FileSystemEventHandler):
    def __init__(self, wake: Callable[[], None]) -> None:
        self.wake = wake

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.is_directory or not _hidden(event.dest_path or event.src_path):
            self.wake()


def _hidden(path: bytes | str) -> bool:
    return os.path.basename(os.fsdecode(path)).startswith(".")
