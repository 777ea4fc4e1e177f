"""What the outside asks of the running service: to stop, or to read the site again."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Final

_STOP: Final = (signal.SIGTERM, signal.SIGINT)


@dataclass(slots=True)
class Asked:
    """Two wishes, written by a signal (or a test) and read by the control loop once a turn."""

    stop: bool = False
    reload: bool = False

    def take_reload(self) -> bool:
        """Tell whether a reload was asked for, once."""
        asked, self.reload = self.reload, False
        return asked


@contextmanager
def listening(asked: Asked) -> Iterator[None]:
    """Write down signals while inside. A signal only sets a flag: the loop may be anywhere when it comes."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def heard(number: int, frame: FrameType | None) -> None:
        if number in _STOP:
            asked.stop = True
        else:
            asked.reload = True

    before = {number: signal.signal(number, heard) for number in (*_STOP, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, was in before.items():
            signal.signal(number, was)
