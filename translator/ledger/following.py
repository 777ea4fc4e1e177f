"""A clock set by the database: several machines write times into one book, and only one clock may count.

Promises: the wall clock is as far ahead of this machine's own as the database said at the last commit; what waits by
`monotonic` does not notice.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from translator.core.ports import Clock


class Following:
    """The clock of this machine, put right."""

    def __init__(self, own: Clock) -> None:
        self._own = own
        self._ahead = timedelta(0)

    def hear(self, at: float) -> None:
        """Hear what time it is: seconds since 1970, UTC."""
        self._ahead = timedelta(seconds=at - self._own.now().timestamp())

    def now(self) -> datetime:
        """Give the database's time, as far as it is known."""
        return self._own.now() + self._ahead

    def monotonic(self) -> float:
        """Give this machine's own seconds."""
        return self._own.monotonic()
