"""How far our clock is from Amazon's, by the `Date` of its answers.

Promises: the last answer that came quickly counts; a date that is none, or that no clock can show in our time, is not
believed. Below a minute nothing is put right: an answer has whole seconds, and takes some to come.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from translator.core.ports import Clock

QUICK: Final = 5.0  # seconds: a slower answer tells too little
BELIEVED: Final = 60.0  # seconds from which our clock is put right
YEARS: Final = range(2015, 2101)


class Skew:
    """The difference, as far as it is known: positive where our clock is ahead."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.seconds: float | None = None

    def hear(self, headers: Mapping[str, str], took: float) -> None:
        """Learn from the headers of an answer that took so many seconds."""
        try:
            date = moment(headers.get("date", ""))
        except (ValueError, OverflowError):
            return
        if date.year in YEARS and took <= QUICK:
            self.seconds = (self._clock.now() - date).total_seconds()

    def now(self) -> datetime:
        """Give the time as Amazon has it."""
        ahead = self.seconds or 0.0
        return self._clock.now() - timedelta(seconds=ahead if abs(ahead) > BELIEVED else 0)


def moment(text: str) -> datetime:
    """Read a date of HTTP. Raises ValueError or OverflowError."""
    read = parsedate_to_datetime(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)
