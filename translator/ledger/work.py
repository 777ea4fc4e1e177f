"""What waits: one row per station, route and subject; claimed, fenced, held, released.

An outcome carries its claim; when the claim is not the current one, `Lost` is raised and nothing is changed.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Select, Update, bindparam, select

from translator.core.ports import Chance
from translator.core.work import Hold, State
from translator.ledger import steps
from translator.ledger.claims import Together, Turns, choose, heads, lane_of, queue_name
from translator.ledger.lanes import Lanes
from translator.ledger.schema import work
from translator.ledger.spoken import Spoken
from translator.ledger.trouble import Lost
from translator.ledger.workers import SILENT


class Work(Struct, frozen=True):  # very many are made: a dataclass takes four times as long
    """A thing that waits. `holders`: how many died over it, one after the other, without an outcome. `give_up`: when a

    hold is over; of what is postponed, the end of its life.
    """

    id: int
    station: str
    route: str
    subject: str
    lane: str
    state: State
    due: float
    attempts: int
    holders: int
    claim: str
    until: float | None
    awaits: str
    give_up: float | None
    then: str
    reason: str
    since: float


_OLD: Final = "the claim is not the current one"
_STATE: Final = Work.__struct_fields__.index("state")
_ALONE: Final[Together] = MappingProxyType({})


class WorkRows:
    """The rows of work."""

    def __init__(
        self, connection: Spoken, now: float, lanes: Lanes, turns: Turns, chance: Chance, worker: str = ""
    ) -> None:
        self._connection = connection
        self._now = now
        self._lanes = lanes
        self._turns = turns
        self._chance = chance
        self._worker = worker  # whose claims these are, where several work on the book

    def add(
        self,
        station: str,
        route: str,
        subject: str,
        lane: str = "",
        due: float | None = None,
        hold: Hold | None = None,
    ) -> None:
        """Let a thing wait at a station, due now unless said. One that waits there already stays as it is."""
        held = _held(hold, self._now) if hold else {}
        row = {
            "station": str(station),
            "route": route,
            "subject": subject,
            "lane": lane,
            "state": str(State.HELD if hold else State.INCOMING),
            "due": self._now if due is None else due,
            "since": self._now,
            "queue": queue_name(lane, station, route),
            "awaits": held.get("sign", ""),
            "give_up": held.get("ends"),
            "then": held.get("after", ""),
            "reason": held.get("why", ""),
        }
        self._connection.later(steps.ADD, row)

    def claim(
        self, limit: int, lease_seconds: float, together: Together = _ALONE, without: Collection[str] = ()
    ) -> list[Work]:
        """Take what is due and admitted, at most `limit`, under one fresh claim; what goes `together` is not torn.

        `without`: stations that rest; what waits there goes on waiting.
        """
        self._take_over()
        admission = self._lanes.admission()
        chosen = choose(self._connection, self._turns, admission, limit, together, without)
        self._lanes.spend(admission)
        if not chosen:
            return []
        asked = {
            "rows": json.dumps(chosen),
            "token": self._chance.token(),
            "who": self._worker,
            "ends": self._now + lease_seconds,
            "now": self._now,
        }
        claimed = {row.id: _work(row) for row in self._connection.execute(steps.CLAIM, asked)}
        return [claimed[row] for row in chosen]

    def reopen(self) -> int:
        """Make all that a dead service held claimable again; what outlived three holders rests first.

        Where several work on the book, others' claims are theirs as long as they live.
        """
        return self._take_over() if self._worker else self._lapse(steps.OUTLIVE, steps.LAPSE, before=steps.ALL_TIME)

    def _take_over(self) -> int:
        """Take what others' claims have lapsed of."""
        if self._worker:
            asked = {"before": self._now, "alive": self._now - SILENT}
            if self._connection.execute(steps.FORSAKEN, asked).first() is None:
                return 0
            return self._lapse(steps.OUTLIVE_FORSAKEN, steps.LAPSE_FORSAKEN, **asked)
        first = self._connection.execute(steps.FIRST_LEASE).scalar()
        if first is None or first > self._now:
            return 0
        return self._lapse(steps.OUTLIVE, steps.LAPSE, before=self._now)

    def _lapse(self, outlive: Update, lapse: Update, **asked: float) -> int:
        asked["now"] = self._now
        outlived = self._connection.execute(outlive, asked).rowcount
        return outlived + self._connection.execute(lapse, asked).rowcount

    def end(self, row: Work) -> None:
        """Let the row go: it moved on, in this commit. That its claim is an old one may show with others, later."""
        self._connection.later_to(steps.END, row.id, {"token": row.claim}, whole=Lost)

    def again(self, row: Work, due: float, reason: str = "") -> None:
        """Let a recurring turn come again."""
        self._fenced(steps.AGAIN, row, when=due, why=reason, now=self._now)

    def defer(self, row: Work, seconds: float, reason: str) -> None:
        """Let it be tried again after so many seconds."""
        asked = {"when": self._now + seconds, "why": reason, "ends": row.give_up, "after": ""}
        self._fenced(steps.DEFER, row, now=self._now, **asked)

    def postpone(self, row: Work, seconds: float, reason: str, life: float) -> None:
        """Let it be tried again after so many seconds, or when its door opens. From the first time on it has a life."""
        ends = self._now + life if row.give_up is None else row.give_up
        asked = {"when": self._now + seconds, "why": reason, "ends": ends, "after": steps.SOONER}
        self._fenced(steps.DEFER, row, now=self._now, **asked)

    def wake(self, door: str) -> int:
        """Let what was postponed at a door be due now; give how many."""
        return self._connection.execute(steps.WAKE, {"behind": door, "now": self._now}).rowcount

    def outlived(self, door: str, life: float, most: int) -> list[Work]:
        """Give what waits at a door and has no life left: never tried for so long, or postponed until the end of it."""
        asked = {"behind": door, "before": self._now - life, "now": self._now, "most": most}
        return [_work(row) for row in self._connection.execute(steps.OUTLIVED, asked)]

    def hold(self, row: Work, hold: Hold) -> None:
        """Let it wait for what the hold names."""
        self._fenced(steps.HOLD, row, now=self._now, **_held(hold, self._now))

    def renew(self, row: Work, lease_seconds: float) -> Work:
        """Lengthen the lease, from now; give the row with its new end."""
        ends = self._now + lease_seconds
        self._fenced(steps.RENEW, row, ends=ends)
        return replace(row, until=ends)

    def check(self, row: Work) -> None:
        """Raise Lost when the claim is not the current one."""
        if not self.mine([row]):
            raise Lost(_OLD)

    def mine(self, rows: Sequence[Work]) -> list[Work]:
        """Give those of the rows whose claims are the current ones."""
        asked = {"rows": json.dumps([row.id for row in rows])}
        claims = dict(self._connection.execute(steps.CLAIMS, asked, beside=True).all())
        return [row for row in rows if claims.get(row.id) == row.claim]

    def _fenced(self, statement: Any, row: Work, **values: Any) -> None:
        """Change a claimed row. Such a row stands: what waits to be added is not claimed."""
        done = self._connection.execute(statement, {"row": row.id, "token": row.claim, **values}, beside=True)
        if done.rowcount != 1:
            raise Lost(_OLD)

    def release(self, awaits: str) -> None:
        """Release what is held for exactly this, and what comes to be in this commit."""
        self._connection.later_for(steps.RELEASE, awaits, {"now": self._now})

    def release_row(self, id: int) -> bool:
        """Release one row; tell whether it was held."""
        return self._connection.execute(steps.RELEASE_ROW, {"row": id, "now": self._now}).rowcount == 1

    def rested(self, id: int) -> bool:
        """Let a row that rested be tried again, with its count of holders; tell whether it was held."""
        return self._connection.execute(steps.RESTED, {"row": id, "now": self._now}).rowcount == 1

    def rehold(self, id: int, hold: Hold) -> bool:
        """Hold one row that nobody works on, whatever it waited for; tell whether it is held now."""
        values = {"row": id, "now": self._now, **_held(hold, self._now)}
        return self._connection.execute(steps.REHOLD, values).rowcount == 1

    def hasten(self, station: str, route: str) -> int:
        """Let what waits for its time at a station and route be due now; give how many."""
        asked = {"at_station": str(station), "on_route": route, "now": self._now}
        return self._connection.execute(steps.HASTEN, asked).rowcount

    def right(self, slack: float) -> int:
        """Let what a clock that was ahead by more than the slack had wait, or held, wait from now on; give how many."""
        return self._connection.execute(steps.RIGHT, {"ahead": self._now + slack, "now": self._now}).rowcount

    def hasten_row(self, id: int) -> bool:
        """Let one row be due now."""
        return self._connection.execute(steps.HASTEN_ROW, {"row": id, "now": self._now}).rowcount == 1

    def sweep(self) -> list[Work]:
        """Release what awaits a sign that stands; give what has waited as long as it may."""
        self._connection.execute(steps.SWEEP, {"now": self._now})
        return [_work(row) for row in self._connection.execute(steps.OVER, {"now": self._now})]

    def next_due(self, without: Collection[str] = ()) -> float | None:
        """Say when there is something to claim; None: nothing waits but for what others do. `without`: that rest."""
        admission = self._lanes.admission()
        times = [self._connection.execute(steps.FIRST_LEASE).scalar()]
        for _, queue, due in heads(self._connection, without):
            opens = admission.opens(lane_of(queue))
            times.append(None if opens is None else max(due, opens))
        return min((time for time in times if time is not None), default=None)

    def find(
        self, station: str | None = None, route: str | None = None, subject: str | None = None, state: str | None = None
    ) -> list[Work]:
        """Give the rows that fit, in the order they came."""
        said = {"station": station, "route": route, "subject": subject, "state": state}
        asked = {f"the_{name}": str(value) for name, value in said.items() if value is not None}
        return [_work(row) for row in self._connection.execute(_found(tuple(asked)), asked)]

    def get(self, id: int) -> Work | None:
        """Give one row."""
        row = self._connection.execute(steps.GET, {"row": id}).one_or_none()
        return None if row is None else _work(row)

    def remove(self, station: str, route: str, subject: str) -> bool:
        """Take a row away whatever its state, for what is superseded; its holder will find it lost."""
        return self._connection.execute(steps.REMOVE, _at(station, route, subject)).rowcount == 1

    def counts(self) -> dict[tuple[str, State], int]:
        """Count the rows by station and state."""
        return {(station, State(state)): number for station, state, number in self._connection.execute(steps.COUNTS)}


@cache
def _found(names: tuple[str, ...]) -> Select[Any]:
    """Build the question for rows of which these things are known."""
    query: Select[Any] = select(*steps.COLUMNS).order_by(work.c.id)
    return query.where(*(work.c[name.removeprefix("the_")] == bindparam(name) for name in names))


def _work(row: Any) -> Work:
    values: list[Any] = [*row[:_STATE], State(row[_STATE]), *row[_STATE + 1 :]]
    return Work(*values)


def _at(station: str, route: str, subject: str) -> dict[str, str]:
    return {"at_station": str(station), "on_route": route, "of_subject": subject}


def _held(hold: Hold, now: float) -> dict[str, Any]:
    ends = None if hold.seconds is None else now + hold.seconds
    return {"why": hold.reason, "sign": hold.awaits, "ends": ends, "after": hold.then}
