"""What shares one limit: its rate, its calls at once, and the door it goes through (`core.door`).

Several lanes of one partner go through one door: when that is not open, one row of them all is let in at a time. A lane
nobody has put is without limit. A clock that goes back makes a lane wait, never hurry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from translator.core.door import Door
from translator.core.work import State
from translator.ledger.schema import lane, waits, work
from translator.ledger.spoken import Spoken

OPEN: Final = Door()
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
    door: str = ""  # the lane whose door it goes through
    stands: Door = OPEN  # its own door

    def at(self, now: float) -> Lane:
        """Give the lane with its tokens refilled."""
        gained = max(0.0, now - self.counted) * self.rate
        return replace(self, tokens=min(self.burst, self.tokens + gained), counted=now)

    def opens(self, active: int, now: float) -> float | None:
        """Say when one more may go; None: when one of the active ends."""
        if 0 < self.calls <= active:
            return None
        return now + (max(0.0, _ONE - self.tokens) / self.rate if self.rate else 0.0)


@dataclass(slots=True)
class Admission:
    """What each lane still admits in one claim."""

    now: float
    lanes: dict[str, Lane]
    active: dict[str, int]
    spent: set[str] = field(default_factory=set)  # to be written down
    inside: dict[str, int] = field(init=False)  # by door: how many are active behind it

    def __post_init__(self) -> None:
        self.inside = {}
        for name, count in self.active.items():
            self._enter(name, count)

    def open(self, name: str) -> bool:
        """Tell whether the lane lets one more in now."""
        opens = self.opens(name)
        return opens is not None and opens <= self.now

    def take(self, name: str, most: int = 1) -> int:
        """Let in as many as the lane admits, at most so many; give how many."""
        if name not in self.lanes:  # without limit, and nobody's door
            self._let_in(name, most)
            return most
        taken = 0
        while taken < most and self.open(name):
            self._let_in(name, 1)
            known = self.lanes[name]
            if known.rate:
                self.lanes[name] = replace(known, tokens=known.tokens - 1)
                self.spent.add(name)
            taken += 1
        return taken

    def _let_in(self, name: str, count: int) -> None:
        self.active[name] = self.active.get(name, 0) + count
        self._enter(name, count)

    def opens(self, name: str) -> float | None:
        """Say when the lane lets one more in; None: when one of the active ends."""
        known = self.lanes.get(name)
        opens = self.now if known is None else known.opens(self.active.get(name, 0), self.now)
        door = self._door(name)
        stands = self.lanes[door].stands if door in self.lanes else OPEN
        if opens is None or stands.is_open:
            return opens
        return None if self.inside.get(door, 0) else max(opens, stands.closed)

    def _enter(self, name: str, count: int) -> None:
        door = self._door(name)
        self.inside[door] = self.inside.get(door, 0) + count

    def _door(self, name: str) -> str:
        known = self.lanes.get(name)
        return known.door or name if known else name


_COLUMNS: Final = (
    lane.c.name,
    lane.c.rate,
    lane.c.burst,
    lane.c.calls,
    lane.c.tokens,
    lane.c.counted,
    lane.c.door,
    lane.c.failures,
    lane.c.by,
    lane.c.since,
    lane.c.logins,
    lane.c.closed,
    lane.c.reason,
)
_DOOR: Final = len(_COLUMNS) - 6  # from here on the columns are a door's
_ALL: Final = select(*_COLUMNS)
_ONE_LANE: Final = _ALL.where(lane.c.name == bindparam("which"))
_ACTIVE: Final = select(work.c.lane, func.count()).where(waits(State.ACTIVE)).group_by(work.c.lane)
_SPEND: Final = (
    update(lane).where(lane.c.name == bindparam("which")).values(tokens=bindparam("left"), counted=bindparam("now"))
)
_NEW: Final = insert(lane)
_PUT: Final = _NEW.on_conflict_do_update(
    index_elements=["name"],
    set_={name: _NEW.excluded[name] for name in ("rate", "burst", "calls", "door")},
)
_STAND: Final = _NEW.on_conflict_do_update(
    index_elements=["name"], set_={name: _NEW.excluded[name] for name in Door.__slots__}
)
_TROUBLED: Final = _ALL.where(lane.c.failures > 0)


class Lanes:
    """The lanes of the book."""

    def __init__(self, connection: Spoken, now: float) -> None:
        self._connection = connection
        self._now = now

    def put(self, name: str, rate: float = 0.0, burst: float = 1.0, calls: int = 0, door: str = "") -> None:
        """Set the limits and the door; what is closed stays closed, what is spent stays spent."""
        limits = {"rate": rate, "burst": burst, "calls": calls, "door": door}
        self._connection.execute(_PUT, {"name": name, "tokens": burst, "counted": self._now, **limits})

    def stand(self, name: str, door: Door) -> None:
        """Write down how the door of a lane stands from now on."""
        stands = {slot: getattr(door, slot) for slot in Door.__slots__}
        self._connection.execute(_STAND, {"name": name, "counted": self._now, **stands})

    def door(self, name: str) -> tuple[str, Door]:
        """Give the door that a lane goes through: whose it is, and how it stands."""
        known = self.get(name)
        if known is None or not known.door:
            return name, known.stands if known else OPEN
        whose = self.get(known.door)
        return known.door, whose.stands if whose else OPEN

    def troubled(self) -> list[Lane]:
        """Give the lanes whose own door is not open."""
        return [_lane(row) for row in self._connection.execute(_TROUBLED)]

    def get(self, name: str) -> Lane | None:
        """Give the lane as it stands now."""
        row = self._connection.execute(_ONE_LANE, {"which": name}).one_or_none()
        return None if row is None else _lane(row).at(self._now)

    def all(self) -> list[Lane]:
        """Give every lane that was put."""
        return [_lane(row).at(self._now) for row in self._connection.execute(_ALL)]

    def admission(self) -> Admission:
        """Open the doors for one claim."""
        active: dict[str, int] = dict(self._connection.execute(_ACTIVE).all())
        stored = [_lane(row) for row in self._connection.execute(_ALL)]
        ahead = {known.name for known in stored if known.counted > self._now}  # the clock went back: count from now
        return Admission(self._now, {known.name: known.at(self._now) for known in stored}, active, ahead)

    def spend(self, admission: Admission) -> None:
        """Write down the tokens a claim took."""
        spent: list[Mapping[str, object]] = [
            {"which": name, "left": admission.lanes[name].tokens, "now": self._now} for name in sorted(admission.spent)
        ]
        if spent:
            self._connection.execute(_SPEND, spent)


def _lane(row: Sequence[Any]) -> Lane:
    said: list[Any] = [*row[:_DOOR], Door(*row[_DOOR:])]
    return Lane(*said)
