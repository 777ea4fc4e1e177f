"""A clock that only moves when told to."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

NOW = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


@dataclass
class Clock:
    wall: datetime = NOW
    ticks: float = 0.0

    def now(self):
        return self.wall

    def monotonic(self):
        return self.ticks

    def step(self, seconds):
        self.wall += timedelta(seconds=seconds)
        self.ticks += seconds

    def __call__(self):
        return self.wall
