"""What shares one limit: its rate, its calls at once, and until when it is closed.

A lane nobody has put is without limit. A clock that goes back makes a lane wait, never hurry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from translator.core.work import State
from translator.ledger.schema import lane, waits, work
from translator.ledger.spoken import Spoken

_ONE: Final = 1 - 1e-9  # a token, in spite of rounding


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane as it stands. `rate` per second and `calls` at once: 0 is no limit."""

    name: str
    rate: float = 0.0
    burst: float = 1.0
    calls: int = 0
    tokens: float = 1.0
    counted: float = 0.0
    closed: float = 0.0
    reason: str = ""

    def at(self, now: float) -> Lane:
        """Give the lane with its tokens refilled."""
        gained = max(0.0, now - self.counted) * self.rate
        return replace(self, tokens=min(self.burst, self.tokens + gained), counted=now)

    def opens(self, active: int, now: float) -> float | None:
        """Say when one more may go; None: when one of the active ends."""
        if 0 < self.calls <= active:
            return None
        wait = max(0.0, _ONE - self.tokens) / self.rate if self.rate else 0.0
        return max(self.closed, now + wait)


@dataclass(slots=True)
class Admission:
    """What each lane still admits in one claim."""

    now: float
    lanes: dict[str, Lane]
    active: dict[str, int]
    spent: set[str] = field(default_factory=set)  # to be written down

    def open(self, name: str) -> bool:
        """Tell whether the lane lets one more in now."""
        opens = self.opens(name)
        return opens is not None and opens <= self.now

    def take(self, name: str) -> bool:
        """Let one in, if the lane admits it."""
        if not self.open(name):
            return False
        self.active[name] = self.active.get(name, 0) + 1
        known = self.lanes.get(name)
        if known and known.rate:
            self.lanes[name] = replace(known, tokens=known.tokens - 1)
            self.spent.add(name)
        return True

    def opens(self, name: str) -> float | None:
        """Say when the lane lets one more in; None: when one of the active ends."""
        known = self.lanes.get(name)
        return self.now if known is None else known.opens(self.active.get(name, 0), self.now)


_COLUMNS: Final = (
    lane.c.name,
    lane.c.rate,
    lane.c.burst,
    lane.c.calls,
    lane.c.tokens,
    lane.c.counted,
    lane.c.closed,
    lane.c.reason,
)
_ALL: Final = select(*_COLUMNS)
_ONE_LANE: Final = _ALL.where(lane.c.name == bindparam("which"))
_ACTIVE: Final = select(work.c.lane, func.count()).where(waits(State.ACTIVE)).group_by(work.c.lane)
_SPEND: Final = (
    update(lane).where(lane.c.name == bindparam("which")).values(tokens=bindparam("left"), counted=bindparam("now"))
)
_NEW: Final = insert(lane)
_PUT: Final = _NEW.on_conflict_do_update(
    index_elements=["name"],
    set_={"rate": _NEW.excluded.rate, "burst": _NEW.excluded.burst, "calls": _NEW.excluded.calls},
)
_CLOSE: Final = _NEW.on_conflict_do_update(
    index_elements=["name"],
    set_={"closed": _NEW.excluded.closed, "reason": _NEW.excluded.reason},
)


class Lanes:
    """The lanes of the book."""

    def __init__(self, connection: Spoken, now: float) -> None:
        self._connection = connection
        self._now = now

    def put(self, name: str, rate: float = 0.0, burst: float = 1.0, calls: int = 0) -> None:
        """Set the limits; what is closed stays closed, what is spent stays spent."""
        limits = {"rate": rate, "burst": burst, "calls": calls}
        self._connection.execute(_PUT, {"name": name, "tokens": burst, "counted": self._now, **limits})

    def close(self, name: str, until: float, reason: str) -> None:
        """Let nothing in until then."""
        self._connection.execute(_CLOSE, {"name": name, "counted": self._now, "closed": until, "reason": reason})

    def get(self, name: str) -> Lane | None:
        """Give the lane as it stands now."""
        row = self._connection.execute(_ONE_LANE, {"which": name}).one_or_none()
        return None if row is None else Lane(*row).at(self._now)

    def all(self) -> list[Lane]:
        """Give every lane that was put."""
        return [Lane(*row).at(self._now) for row in self._connection.execute(_ALL)]

    def admission(self) -> Admission:
        """Open the doors for one claim."""
        active: dict[str, int] = dict(self._connection.execute(_ACTIVE).all())
        stored = [Lane(*row) for row in self._connection.execute(_ALL)]
        ahead = {known.name for known in stored if known.counted > self._now}  # the clock went back: count from now
        return Admission(self._now, {known.name: known.at(self._now) for known in stored}, active, ahead)

    def spend(self, admission: Admission) -> None:
        """Write down the tokens a claim took."""
        spent: list[Mapping[str, object]] = [
            {"which": name, "left": admission.lanes[name].tokens, "now": self._now} for name in sorted(admission.spent)
        ]
        if spent:
            self._connection.execute(_SPEND, spent)
