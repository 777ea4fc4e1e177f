"""What the shell may ask of the world, as narrow interfaces: handed in, so that a seed replays."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tell the time."""

    def now(self) -> datetime:
        """Give the wall clock, always aware and in UTC: for records."""
        ...

    def monotonic(self) -> float:
        """Give seconds that only grow, also while the machine is suspended: for waits."""
        ...


class Chance(Protocol):
    """Throw the dice."""

    def random(self) -> float:
        """Give a number in [0, 1): for jitter."""
        ...

    def token(self) -> str:
        """Give a fresh word of 16 letters and digits: for claims and temporary names."""
        ...


class Faults(Protocol):
    """Named points before and after each durable step, where a test may stop the world."""

    def reach(self, point: str) -> None:
        """Pass a point such as `send.staged.before`; a test may not come back from here."""
        ...


class NoFaults:
    """The fault points of every day: nothing happens."""

    def reach(self, point: str) -> None:
        """Go on."""
