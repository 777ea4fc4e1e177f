"""What shares one limit: its rate, its calls at once (of all, and of each service), and the door it goes through (`core.door`).

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
    """A lane as it stands. `rate` per second, `calls` at once, `each` of them by one service: 0 is no limit."""

    name: str
    rate: float = 0.0
    burst: float = 1.0
    calls: int = 0
    each: int = 0
    tokens: float = 1.0
    counted: float = 0.0
    door: str = ""  # the lane whose door it goes through
    stands: Door = OPEN  # its own door

    def at(self, now: float) -> Lane:
        """Give the lane with its tokens refilled."""
        if not self.rate or self.tokens == self.burst:
            return self
        gained = max(0.0, now - self.counted) * self.rate
        return replace(self, tokens=min(self.burst, self.tokens + gained), counted=now)

    def opens(self, active: int, own: int, now: float) -> float | None:
        """Say when one more may go; None: when one of the active, or of our own among them, ends."""
        if 0 < self.calls <= active or 0 < self.each <= own:
            return None
        return now + (max(0.0, _ONE - self.tokens) / self.rate if self.rate else 0.0)


@dataclass(slots=True)
class Admission:
    """What each lane still admits in one claim."""

    now: float
    lanes: dict[str, Lane]
    active: dict[str, int]
    own: dict[str, int]  # of the active, those of this service
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
        self.own[name] = self.own.get(name, 0) + count
        self._enter(name, count)

    def opens(self, name: str) -> float | None:
        """Say when the lane lets one more in; None: when one of the active ends."""
        known = self.lanes.get(name)
        opens = self.now if known is None else known.opens(self.active.get(name, 0), self.own.get(name, 0), self.now)
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
    lane.c.each,
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
_ACTIVE: Final = (
    select(work.c.lane, work.c.worker, func.count()).where(waits(State.ACTIVE)).group_by(work.c.lane, work.c.worker)
)
_SPEND: Final = (
    update(lane).where(lane.c.name == bindparam("which")).values(tokens=bindparam("left"), counted=bindparam("now"))
)
_NEW: Final = insert(lane)
_PUT: Final = _NEW.on_conflict_do_update(
    index_elements=["name"],
    set_={name: _NEW.excluded[name] for name in ("rate", "burst", "calls", "each", "door")},
)
_STAND: Final = _NEW.on_conflict_do_update(
    index_elements=["name"], set_={name: _NEW.excluded[name] for name in Door.__slots__}
)


class Lanes:
    """The lanes of the book."""

    def __init__(self, connection: Spoken, now: float, worker: str = "") -> None:
        self._connection = connection
        self._now = now
        self._worker = worker
        # How often anything was taken back by the time they were read, and as they stood then.
        self._read: tuple[int, dict[str, Lane]] | None = None

    def put(
        self, name: str, rate: float = 0.0, burst: float = 1.0, calls: int = 0, door: str = "", each: int = 0
    ) -> None:
        """Set the limits and the door; what is closed stays closed, what is spent stays spent."""
        self._read = None
        limits = {"rate": rate, "burst": burst, "calls": calls, "each": each, "door": door}
        self._connection.execute(_PUT, {"name": name, "tokens": burst, "counted": self._now, **limits})

    def stand(self, name: str, door: Door) -> None:
        """Write down how the door of a lane stands from now on."""
        self._read = None
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
        return [known for known in self._known().values() if known.stands.failures]

    def get(self, name: str) -> Lane | None:
        """Give the lane as it stands now."""
        known = self._known().get(name)
        return known and known.at(self._now)

    def all(self) -> list[Lane]:
        """Give every lane that was put."""
        return [known.at(self._now) for known in self._known().values()]

    def admission(self) -> Admission:
        """Open the doors for one claim."""
        active: dict[str, int] = {}
        own: dict[str, int] = {}
        for name, worker, count in self._connection.execute(_ACTIVE):
            active[name] = active.get(name, 0) + count
            if worker == self._worker:
                own[name] = count
        stored = self._known()
        # Where the clock went back: count from now.
        ahead = {known.name for known in stored.values() if known.counted > self._now}
        return Admission(self._now, {name: known.at(self._now) for name, known in stored.items()}, active, own, ahead)

    def _known(self) -> dict[str, Lane]:
        """Read all of them, once a commit unless something changes: they are few, and each question keeps others waiting."""
        taken_back = self._connection.taken_back
        if self._read is None or self._read[0] != taken_back:
            found = (_lane(row) for row in self._connection.execute(_ALL))
            self._read = taken_back, {known.name: known for known in found}
        return self._read[1]

    def spend(self, admission: Admission) -> None:
        """Write down the tokens a claim took."""
        spent: list[Mapping[str, object]] = [
            {"which": name, "left": admission.lanes[name].tokens, "now": self._now} for name in sorted(admission.spent)
        ]
        if spent:
            self._read = None
            self._connection.execute(_SPEND, spent)


def _lane(row: Sequence[Any]) -> Lane:
    said: list[Any] = [*row[:_DOOR], Door(*row[_DOOR:])]
    return Lane(*said)
