"""What waits: one row per station, route and subject; claimed, fenced, held, released.

Each statement that moves a row is built from the table of states (`core.work.MOVES`): a move that is not there cannot
be built. An outcome carries its claim; when the claim is not the current one, `Lost` is raised and nothing is changed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    not_,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.sql.dml import Update

from translator.core.ports import Chance
from translator.core.work import HOLDERS, MOVES, REST, RESTS, Hold, State
from translator.ledger.claims import Turns, choose, heads, lane_of, queue_name
from translator.ledger.lanes import Lanes
from translator.ledger.schema import event, signed, waits, work
from translator.ledger.spoken import Spoken
from translator.ledger.trouble import Lost


@dataclass(frozen=True, slots=True)
class Work:
    """A thing that waits. `holders`: how many died over it, one after the other, without an outcome."""

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


_COLUMNS: Final = tuple(work.c[name] for name in Work.__slots__)
_FREE: Final[dict[str, Any]] = {"claim": "", "until": None}
_QUIET: Final[dict[str, Any]] = {"awaits": "", "give_up": None, "then": ""}


def _in(states: tuple[State, ...]) -> ColumnElement[bool]:
    """Give the condition that a row is in one of the states.

    Several are said by those it is not in: SQLite would walk the index of states, and pass over the few ids it is given.
    """
    if len(states) == 1:
        return waits(states[0])
    return and_(*(not_(waits(state)) for state in State if state not in states))


def _step(before: tuple[State, ...], after: State, *where: ColumnElement[bool], **values: Any) -> Update:
    """Build the statement of one move; a move that is not in the table of states cannot be built."""
    if any(after not in MOVES[state] for state in before):
        raise AssertionError(f"{before} -> {after} is no move")
    return update(work).where(_in(before), *where).values(state=str(after), since=bindparam("now"), **values)


_MINE: Final = and_(work.c.id == bindparam("row"), work.c.claim == bindparam("token"))
_LAPSED: Final = work.c.until <= bindparam("before")
_OUTLIVED: Final = work.c.holders >= HOLDERS - 1
_REST: Final = case(
    *((work.c.holders >= n, REST * 2.0 ** (n - HOLDERS + 1)) for n in range(HOLDERS + RESTS - 1, HOLDERS - 1, -1)),
    else_=REST,
)
_SIGNED: Final = exists(select(event.c.id).where(signed, event.c.sign == work.c.awaits))
_RELEASED: Final[dict[str, Any]] = {"due": bindparam("now"), "attempts": 0, "holders": 0, **_QUIET}

_CLAIM: Final = _step(
    (State.INCOMING, State.DEFERRED),
    State.ACTIVE,
    work.c.id.in_(bindparam("rows", expanding=True)),
    claim=bindparam("token"),
    until=bindparam("ends"),
    attempts=work.c.attempts + 1,
).returning(*_COLUMNS)
_AGAIN: Final = _step(
    (State.ACTIVE,),
    State.INCOMING,
    _MINE,
    due=bindparam("when"),
    reason=bindparam("why"),
    attempts=0,
    holders=0,
    **_FREE,
)
_DEFER: Final = _step(
    (State.ACTIVE,), State.DEFERRED, _MINE, due=bindparam("when"), reason=bindparam("why"), holders=0, **_FREE
)
_HOLD: Final = _step(
    (State.ACTIVE,),
    State.HELD,
    _MINE,
    reason=bindparam("why"),
    awaits=bindparam("sign"),
    give_up=bindparam("ends"),
    then=bindparam("after"),
    holders=0,
    **_FREE,
)
_LAPSE: Final = _step((State.ACTIVE,), State.INCOMING, _LAPSED, holders=work.c.holders + 1, **_FREE)
_OUTLIVE: Final = _step(
    (State.ACTIVE,),
    State.HELD,
    _LAPSED,
    _OUTLIVED,
    holders=work.c.holders + 1,
    awaits="person",
    give_up=bindparam("now") + _REST,
    then="again",  # it may have been there by chance: it is tried again by itself, with its count
    reason="outlived three holders",
    **_FREE,
)
_RESTED: Final = _step(
    (State.HELD,), State.INCOMING, work.c.id == bindparam("row"), due=bindparam("now"), awaits="", give_up=None, then=""
)
_RELEASE: Final = _step((State.HELD,), State.INCOMING, work.c.awaits == bindparam("sign"), **_RELEASED)
_RELEASE_ROW: Final = _step((State.HELD,), State.INCOMING, work.c.id == bindparam("row"), **_RELEASED)
_REHOLD: Final = (
    update(work)
    .where(_in((State.INCOMING, State.DEFERRED, State.HELD)), work.c.id == bindparam("row"))
    .values(
        state=str(State.HELD),
        since=bindparam("now"),
        reason=bindparam("why"),
        awaits=bindparam("sign"),
        give_up=bindparam("ends"),
        then=bindparam("after"),
    )
)
_SOONER: Final = (
    update(work)
    .where(_in((State.INCOMING, State.DEFERRED)), work.c.due > bindparam("now"))
    .values(due=bindparam("now"))
)
_HASTEN: Final = _SOONER.where(work.c.station == bindparam("at_station"), work.c.route == bindparam("on_route"))
_HASTEN_ROW: Final = _SOONER.where(work.c.id == bindparam("row"))
_SWEEP: Final = _step((State.HELD,), State.INCOMING, _SIGNED, **_RELEASED)

_END: Final = delete(work).where(waits(State.ACTIVE), _MINE)
_RENEW: Final = update(work).where(waits(State.ACTIVE), _MINE).values(until=bindparam("ends"))
_CHECK: Final = select(work.c.id).where(waits(State.ACTIVE), _MINE)
_FIRST_LEASE: Final = select(func.min(work.c.until)).where(waits(State.ACTIVE))
_OVER: Final = (
    select(*_COLUMNS).where(waits(State.HELD), work.c.give_up <= bindparam("now")).order_by(work.c.give_up, work.c.id)
)
_ADD: Final = insert(work).on_conflict_do_nothing().returning(work.c.id)
_PLACE: Final = and_(
    work.c.station == bindparam("at_station"),
    work.c.route == bindparam("on_route"),
    work.c.subject == bindparam("of_subject"),
)
_PRESENT: Final = select(work.c.id).where(_PLACE)
_REMOVE: Final = delete(work).where(_PLACE)
_GET: Final = select(*_COLUMNS).where(work.c.id == bindparam("row"))
_COUNTS: Final = select(work.c.station, work.c.state, func.count()).group_by(work.c.station, work.c.state)
_ALL_TIME: Final = float("inf")


class WorkRows:
    """The rows of work."""

    def __init__(self, connection: Spoken, now: float, lanes: Lanes, turns: Turns, chance: Chance) -> None:
        self._connection = connection
        self._now = now
        self._lanes = lanes
        self._turns = turns
        self._chance = chance

    def add(
        self,
        station: str,
        route: str,
        subject: str,
        lane: str = "",
        due: float | None = None,
        hold: Hold | None = None,
    ) -> int:
        """Let a thing wait at a station, due now unless said; give its id. One that waits there already stays as it is."""
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
        added = self._connection.execute(_ADD, row).scalar()
        return int(added or self._connection.execute(_PRESENT, _at(station, route, subject)).scalar_one())

    def claim(self, limit: int, lease_seconds: float) -> list[Work]:
        """Take what is due and admitted, at most `limit`, under one fresh claim."""
        first = self._connection.execute(_FIRST_LEASE).scalar()
        if first is not None and first <= self._now:
            self._lapse(self._now)
        admission = self._lanes.admission()
        chosen = choose(self._connection, self._turns, admission, limit)
        self._lanes.spend(admission)
        if not chosen:
            return []
        asked = {"rows": chosen, "token": self._chance.token(), "ends": self._now + lease_seconds, "now": self._now}
        claimed = {row.id: _work(row) for row in self._connection.execute(_CLAIM, asked)}
        return [claimed[row] for row in chosen]

    def reopen(self) -> int:
        """Make all that a dead service held claimable again; what outlived three holders rests first."""
        return self._lapse(_ALL_TIME)

    def _lapse(self, before: float) -> int:
        asked = {"before": before, "now": self._now}
        outlived = self._connection.execute(_OUTLIVE, asked).rowcount
        return outlived + self._connection.execute(_LAPSE, asked).rowcount

    def end(self, row: Work) -> None:
        """Let the row go: it moved on, in this commit."""
        self._fenced(_END, row)

    def again(self, row: Work, due: float, reason: str = "") -> None:
        """Let a recurring turn come again."""
        self._fenced(_AGAIN, row, when=due, why=reason, now=self._now)

    def defer(self, row: Work, seconds: float, reason: str) -> None:
        """Let it be tried again after so many seconds."""
        self._fenced(_DEFER, row, when=self._now + seconds, why=reason, now=self._now)

    def hold(self, row: Work, hold: Hold) -> None:
        """Let it wait for what the hold names."""
        self._fenced(_HOLD, row, now=self._now, **_held(hold, self._now))

    def renew(self, row: Work, lease_seconds: float) -> Work:
        """Lengthen the lease, from now; give the row with its new end."""
        ends = self._now + lease_seconds
        self._fenced(_RENEW, row, ends=ends)
        return replace(row, until=ends)

    def check(self, row: Work) -> None:
        """Raise Lost when the claim is not the current one."""
        if self._connection.execute(_CHECK, {"row": row.id, "token": row.claim}).first() is None:
            raise Lost(f"the claim on row {row.id} is not the current one")

    def _fenced(self, statement: Any, row: Work, **values: Any) -> None:
        done = self._connection.execute(statement, {"row": row.id, "token": row.claim, **values})
        if done.rowcount != 1:
            raise Lost(f"the claim on row {row.id} is not the current one")

    def release(self, awaits: str) -> int:
        """Release what is held for exactly this; give how many."""
        return self._connection.execute(_RELEASE, {"sign": awaits, "now": self._now}).rowcount

    def release_row(self, id: int) -> bool:
        """Release one row; tell whether it was held."""
        return self._connection.execute(_RELEASE_ROW, {"row": id, "now": self._now}).rowcount == 1

    def rested(self, id: int) -> bool:
        """Let a row that rested be tried again, with its count of holders; tell whether it was held."""
        return self._connection.execute(_RESTED, {"row": id, "now": self._now}).rowcount == 1

    def rehold(self, id: int, hold: Hold) -> bool:
        """Hold one row that nobody works on, whatever it waited for; tell whether it is held now."""
        values = {"row": id, "now": self._now, **_held(hold, self._now)}
        return self._connection.execute(_REHOLD, values).rowcount == 1

    def hasten(self, station: str, route: str) -> int:
        """Let what waits for its time at a station and route be due now; give how many."""
        asked = {"at_station": str(station), "on_route": route, "now": self._now}
        return self._connection.execute(_HASTEN, asked).rowcount

    def hasten_row(self, id: int) -> bool:
        """Let one row be due now."""
        return self._connection.execute(_HASTEN_ROW, {"row": id, "now": self._now}).rowcount == 1

    def sweep(self) -> list[Work]:
        """Release what awaits a sign that stands; give what has waited as long as it may."""
        self._connection.execute(_SWEEP, {"now": self._now})
        return [_work(row) for row in self._connection.execute(_OVER, {"now": self._now})]

    def next_due(self) -> float | None:
        """Say when there is something to claim; None: nothing waits but for what others do."""
        admission = self._lanes.admission()
        times = [self._connection.execute(_FIRST_LEASE).scalar()]
        for _, queue, due in heads(self._connection):
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
        row = self._connection.execute(_GET, {"row": id}).one_or_none()
        return None if row is None else _work(row)

    def remove(self, station: str, route: str, subject: str) -> bool:
        """Take a row away whatever its state, for what is superseded; its holder will find it lost."""
        return self._connection.execute(_REMOVE, _at(station, route, subject)).rowcount == 1

    def counts(self) -> dict[tuple[str, State], int]:
        """Count the rows by station and state."""
        return {(station, State(state)): number for station, state, number in self._connection.execute(_COUNTS)}


@cache
def _found(names: tuple[str, ...]) -> Select[Any]:
    """Build the question for rows of which these things are known."""
    query: Select[Any] = select(*_COLUMNS).order_by(work.c.id)
    return query.where(*(work.c[name.removeprefix("the_")] == bindparam(name) for name in names))


def _work(row: Any) -> Work:
    return replace(Work(*row), state=State(row.state))


def _at(station: str, route: str, subject: str) -> dict[str, str]:
    return {"at_station": str(station), "on_route": route, "of_subject": subject}


def _held(hold: Hold, now: float) -> dict[str, Any]:
    ends = None if hold.seconds is None else now + hold.seconds
    return {"why": hold.reason, "sign": hold.awaits, "ends": ends, "after": hold.then}
