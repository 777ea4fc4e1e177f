"""Which rows a claim takes: as many as their lane admits, every queue in its turn, fresh beside retried.

A queue is one station of one route in one lane; where rows go together (a batch), a turn takes so many of them. Only
the first rows of queues are looked at: a claim costs what it claims, however much waits or has ended. Who was served
last is remembered by the process; a restart forgets it, which costs a queue one turn.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
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
    """Give the rows of one queue that are due, the longest due first."""
    here = (waits(state), work.c.queue == bindparam("which"), work.c.due <= bindparam("now"))
    return select(work.c.id).where(*here).order_by(work.c.due, work.c.id).limit(bindparam("most"))


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
    """A queue in one claim: in which states rows are due, and those that were looked at."""

    name: str
    size: int  # rows of one turn
    states: list[State] = field(default_factory=list)
    rows: dict[State, deque[int]] = field(default_factory=dict)


@dataclass(slots=True)
class _Choice:
    """One claim in the making."""

    connection: Spoken
    turns: Turns
    admission: Admission
    limit: int
    chosen: list[int] = field(default_factory=list)

    def serve(self, queue: _Queue) -> bool:
        """Give a queue its turn, whole though it goes beyond the limit; tell whether it may come again."""
        return len(self.chosen) < self.limit and all(self._one(queue) for _ in range(queue.size))

    def _one(self, queue: _Queue) -> bool:
        state = self._state(queue)
        if state is None or not self.admission.take(lane_of(queue.name)):
            return False
        self.chosen.append(queue.rows[state].popleft())
        self.turns.serve(queue.name)
        self.turns.serve(queue.name, state)
        return True

    def _state(self, queue: _Queue) -> State | None:
        """Give the state that was served longer ago, of those that have rows left."""
        for state in sorted(queue.states, key=lambda state: self.turns.last(queue.name, state)):
            if state not in queue.rows:
                most = max(1, self.limit - len(self.chosen)) + queue.size - 1
                asked = {"which": queue.name, "now": self.admission.now, "most": most}
                queue.rows[state] = deque(self.connection.execute(_DUE[state], asked).scalars())
            if queue.rows[state]:
                return state
        return None


def heads(connection: Spoken) -> list[tuple[State, str, float]]:
    """Give every queue in which something waits, and when its first row is due."""
    return [(State(state), queue, due) for state, queue, due in connection.execute(_HEADS)]


def choose(connection: Spoken, turns: Turns, admission: Admission, limit: int, together: Together) -> list[int]:
    """Choose the rows of one claim, in the order of their turns."""
    choice = _Choice(connection, turns, admission, limit)
    queues = sorted(_due_queues(connection, admission, together), key=lambda queue: turns.last(queue.name))
    while queues and len(choice.chosen) < limit:
        queues = [queue for queue in queues if choice.serve(queue)]
    return choice.chosen


def _due_queues(connection: Spoken, admission: Admission, together: Together) -> list[_Queue]:
    queues: dict[str, _Queue] = {}
    for state, name, due in heads(connection):
        if due <= admission.now and admission.open(lane_of(name)):
            queues.setdefault(name, _Queue(name, together.get(_place(name), 1))).states.append(state)
    return list(queues.values())
