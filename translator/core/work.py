"""The states of waiting work and the ends of documents, as tables: all of them are here, and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Station(StrEnum):
    """The five stations of the road."""

    COLLECT = "collect"
    READ = "read"
    WRITE = "write"
    SEND = "send"
    SETTLE = "settle"


class State(StrEnum):
    """How a row of work waits."""

    INCOMING = "incoming"  # never tried
    ACTIVE = "active"  # claimed, with a lease
    DEFERRED = "deferred"  # to be tried again when due
    HELD = "held"  # waits for a sign, a person, a changed mapping


class End(StrEnum):
    """How a document ended."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    SUPERSEDED = "superseded"
    CLOSED = "closed"  # by an operator


MOVES: Final[dict[State, frozenset[State]]] = {
    State.INCOMING: frozenset({State.ACTIVE, State.HELD}),
    State.ACTIVE: frozenset({State.INCOMING, State.DEFERRED, State.HELD}),  # or the row ends: it moved on
    State.DEFERRED: frozenset({State.ACTIVE, State.HELD}),
    State.HELD: frozenset({State.INCOMING}),
}

HOLDERS: Final = 3  # what outlived so many holders (crashed each time) is held: it rests, longer each time
REST: Final = 10.0  # seconds of its first rest; each further holder it outlives doubles it
RESTS: Final = 8  # so often


@dataclass(frozen=True, slots=True)
class Hold:
    """The row waits. `awaits` is a sign (`order us D3rC known`), or `person`, or `mapping`."""

    awaits: str
    reason: str
    seconds: float | None = None  # how long; None: no limit
    then: str = "person"  # when it is over: go on · reject · person


def back_off(attempts: int, chance: float, first: float = 30.0, most: float = 1800.0) -> float:
    """Give the seconds until the next try: doubled each time, with jitter of a quarter either way."""
    return min(most, first * 2.0 ** min(attempts, 12)) * (0.75 + chance / 2)
