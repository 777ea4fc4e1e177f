"""Which rows a claim takes: as many as their lane admits, every queue in its turn, fresh beside retried.

A queue is one station of one route in one lane. Where rows go together (a batch), a turn takes so many of them: it
comes when the first is due, and then takes those that would wait longer too, or when there are enough. Only the first
rows of queues are looked at: a claim costs what it claims, however much waits or has ended. Who was served last is
remembered by the process; a restart forgets it, which costs a queue one turn.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Select, bindparam, func, literal_column, select, union_all

from translator.core.work import State
from translator.ledger.lanes import Admission
from translator.ledger.schema import waits, work
from translator.ledger.spoken import Spoken

Together = Mapping[tuple[str, str], int]  # (station, route): how many rows one turn takes, where it is not one

_WAITING: Final = (State.INCOMING, State.DEFERRED)
_BETWEEN: Final = "\x1f"


def queue_name(lane: str, station: str, route: str) -> str:
    """Name the queue of a row."""
    return _BETWEEN.join((lane, station, route))


def lane_of(queue: str) -> str:
    """Give the lane of a queue."""
    return queue.partition(_BETWEEN)[0]


def _place(queue: str) -> tuple[str, str]:
    _, station, route = queue.split(_BETWEEN)
    return station, route


def _heads(state: State) -> Select[Any]:
    """Give each queue and when its first row is due, by leaps over the index."""
    first = select(func.min(work.c.queue).label("queue")).where(waits(state)).cte(f"leap_{state}", recursive=True)
    following = select(func.min(work.c.queue)).where(waits(state), work.c.queue > first.c.queue).scalar_subquery()
    leap = first.union_all(select(following).where(first.c.queue.is_not(None)))
    due = select(func.min(work.c.due)).where(waits(state), work.c.queue == leap.c.queue).scalar_subquery()
    return select(literal_column(f"'{state}'"), leap.c.queue, due).where(leap.c.queue.is_not(None))


def _due(state: State) -> Select[Any]:
    """Give the rows of one queue that are due by then, the longest due first."""
    here = (waits(state), work.c.queue == bindparam("which"), work.c.due <= bindparam("then"))
    first = select(work.c.id, work.c.due).where(*here).order_by(work.c.due, work.c.id).limit(bindparam("most"))
    return first.with_for_update(skip_locked=True)  # PostgreSQL: what somebody else has a lock on keeps nobody waiting


_FULL: Final = (
    select(work.c.id)
    .where(waits(State.INCOMING), work.c.queue == bindparam("which"))
    .order_by(work.c.due)
    .limit(1)
    .offset(bindparam("before"))
)
_HEADS: Final = union_all(*map(_heads, _WAITING))
_DUE: Final = {state: _due(state) for state in _WAITING}


@dataclass(slots=True)
class Turns:
    """Remembers who was served last, so that each is served in turn."""

    _served: dict[tuple[str, ...], int] = field(default_factory=dict)
    _count: int = 0

    def last(self, *who: str) -> int:
        """Say when it was served; the smaller, the longer ago."""
        return self._served.get(who, 0)

    def serve(self, *who: str) -> None:
        """Note that it was served now."""
        self._count += 1
        self._served[who] = self._count


@dataclass(slots=True)
class _Queue:
    """A queue in one claim: in which states rows wait, and those that were looked at, with when they are due."""

    name: str
    size: int  # rows of one turn
    states: list[State] = field(default_factory=list)
    rows: dict[State, deque[tuple[int, float]]] = field(default_factory=dict)

    def until(self, state: State, now: float) -> float:
        """Say which rows to look at, by when they are due: of a batch that fills, all."""
        return float("inf") if self.size > 1 and state is State.INCOMING else now

    def ready(self, state: State, now: float) -> bool:
        """Tell whether a turn may begin with the rows of this state."""
        rows = self.rows[state]
        return bool(rows) and (rows[0][1] <= now or len(rows) >= self.size)


@dataclass(slots=True)
class _Choice:
    """One claim in the making."""

    connection: Spoken
    turns: Turns
    admission: Admission
    limit: int
    chosen: list[int] = field(default_factory=list)

    def serve(self, queue: _Queue, *, alone: bool) -> bool:
        """Give a queue its turn, whole though it goes beyond the limit; tell whether it may come again.

        `alone`: no other comes between its turns, so that many short ones are one.
        """
        left = self.limit - len(self.chosen)
        if left <= 0:
            return False
        self._look(queue)
        states = [state for state in queue.states if queue.ready(state, self.admission.now)]
        if (queue.size > 1 or alone) and len(states) == 1:
            return self._several(queue, states[0], queue.size if queue.size > 1 else left)
        return all(self._one(queue, states) for _ in range(queue.size))

    def _look(self, queue: _Queue) -> None:
        for state in queue.states:
            if state not in queue.rows:
                most = self.limit - len(self.chosen) + queue.size - 1
                asked = {"which": queue.name, "then": queue.until(state, self.admission.now), "most": most}
                queue.rows[state] = deque(self.connection.execute(_DUE[state], asked).all())

    def _several(self, queue: _Queue, state: State, size: int) -> bool:
        """Take a whole turn at once: of one state none is to be served before another."""
        rows = queue.rows[state]
        most = self.admission.take(lane_of(queue.name), min(size, len(rows)))
        self.chosen += [rows.popleft()[0] for _ in range(most)]
        if most:
            self.turns.serve(queue.name)
            self.turns.serve(queue.name, state)
        return most == size

    def _one(self, queue: _Queue, states: list[State]) -> bool:
        left = [state for state in states if queue.rows[state]]
        if not left or not self.admission.take(lane_of(queue.name)):
            return False
        state = left[0]
        if len(left) > 1:  # the one served longer ago
            state = min(left, key=lambda state: self.turns.last(queue.name, state))
        self.chosen.append(queue.rows[state].popleft()[0])
        self.turns.serve(queue.name)
        self.turns.serve(queue.name, state)
        return True


def heads(connection: Spoken, without: Collection[str] = ()) -> list[tuple[State, str, float]]:
    """Give every queue in which something waits, and when its first row is due. `without`: stations that rest."""
    found = [(State(state), queue, due) for state, queue, due in connection.execute(_HEADS)]
    return [one for one in found if _place(one[1])[0] not in without] if without else found


def choose(
    connection: Spoken,
    turns: Turns,
    admission: Admission,
    limit: int,
    together: Together,
    without: Collection[str] = (),
) -> list[int]:
    """Choose the rows of one claim, in the order of their turns. `without`: stations that rest."""
    choice = _Choice(connection, turns, admission, limit)
    due = _due_queues(connection, admission, together, without)
    queues = sorted(due, key=lambda queue: turns.last(queue.name))
    while queues and len(choice.chosen) < limit:
        queues = [queue for queue in queues if choice.serve(queue, alone=len(queues) == 1)]
    return choice.chosen


def _due_queues(connection: Spoken, admission: Admission, together: Together, without: Collection[str]) -> list[_Queue]:
    queues: dict[str, _Queue] = {}
    for state, name, due in heads(connection, without):
        queue = queues.get(name) or _Queue(name, together.get(_place(name), 1))
        if (due <= admission.now or _is_full(connection, queue, state)) and admission.open(lane_of(name)):
            queue.states.append(state)
            queues[name] = queue
    return list(queues.values())


def _is_full(connection: Spoken, queue: _Queue, state: State) -> bool:
    """Tell whether there are enough for a batch of which none is due."""
    fills = queue.size > 1 and state is State.INCOMING
    return fills and connection.execute(_FULL, {"which": queue.name, "before": queue.size - 1}).first() is not None
