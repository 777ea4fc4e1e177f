"""How often each operation may be called: one bucket of calls per operation, in a sandbox one for all of them.

Promises: a bucket fills by the clock that is handed in and never holds more than its burst; a call that finds it empty is counted
and takes nothing out. The token endpoint is not Amazon's API and has no limit here.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

SLIP = 1e-6
"""What adding up parts of seconds may lose of a whole call."""


@dataclass(frozen=True, slots=True)
class Rate:
    per_second: float
    burst: int


@dataclass(slots=True)
class Bucket:
    rate: Rate
    calls: float
    since: datetime

    def take(self, now: datetime) -> bool:
        gained = max(0.0, (now - self.since).total_seconds()) * self.rate.per_second
        self.calls, self.since = min(float(self.rate.burst), self.calls + gained), max(now, self.since)
        if self.calls + SLIP < 1:
            return False
        self.calls -= 1
        return True


DIRECT = Rate(10, 10)
RATES = {"createRestrictedDataToken": Rate(1, 10)}
SANDBOX = Rate(5, 15)
FREE = ("token",)


class Limits:
    def __init__(self, *, enforced: bool, sandbox: bool) -> None:
        self.throttled: Counter[str] = Counter()
        self._enforced = enforced
        self._sandbox = sandbox
        self._buckets: dict[str, Bucket] = {}

    def admit(self, operation: str, now: datetime) -> bool:
        if not self._enforced or operation in FREE or self._bucket(operation, now).take(now):
            return True
        self.throttled[operation] += 1
        return False

    def _bucket(self, operation: str, now: datetime) -> Bucket:
        name, rate = ("", SANDBOX) if self._sandbox else (operation, RATES.get(operation, DIRECT))
        return self._buckets.setdefault(name, Bucket(rate, rate.burst, now))
