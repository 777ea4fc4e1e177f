"""sd_notify(3) in a few lines: readiness, reloads, the end, and the watchdog's pings.

Without NOTIFY_SOCKET everything is silent. In trouble (nobody reads, the queue is full) a word is lost, never an error:
a lost ping is made good by the next, and two of them fit into the watchdog's time.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

_MICRO: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Supervisor:
    """Who started us, and how often he wants to hear from us (seconds; 0: never)."""

    address: str = ""
    every: float = 0.0

    def tell(self, *words: str) -> None:
        """Say something: `READY=1`, `STATUS=…`."""
        if not self.address:
            return
        name = "\0" + self.address[1:] if self.address.startswith("@") else self.address
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as link:
            link.setblocking(False)
            link.sendto("\n".join(words).encode(), name)


def supervisor(environment: Mapping[str, str]) -> Supervisor:
    """Read from the environment who started us; half of the watchdog's time is between two pings."""
    address = environment.get("NOTIFY_SOCKET", "")
    usec = environment.get("WATCHDOG_USEC", "")
    ours = environment.get("WATCHDOG_PID", "") in ("", str(os.getpid()))
    every = int(usec) / _MICRO / 2 if usec.isdigit() and ours else 0.0
    return Supervisor(address if address[:1] in ("/", "@") else "", every)


def reloading() -> tuple[str, str]:
    """Give the words for a reload that begins now, by the clock that systemd asks for."""
    return "RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}"
