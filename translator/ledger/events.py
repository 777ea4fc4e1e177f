"""What happened, in order, and the signs others wait for. Written once; details hold no personal value.

What a person wrote as the reason of a move may name somebody: it stands in the event of the move alone, is taken back
when its time is over (`unsay`), and is all that is ever changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, bindparam, func, insert, select, tuple_, update

from translator.ledger.schema import ONE, event, signed
from translator.ledger.spoken import Spoken
from translator.ledger.work import WorkRows

FORGOTTEN: Final = "(forgotten)"  # what stands where a person wrote why
MOVE: Final = "move "  # how the subject of a move's event begins


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened."""

    id: int
    at: float
    subject: str
    name: str
    detail: Mapping[str, Any]
    sign: str


_NOTE: Final = insert(event)
_ALL: Final[Select[Any]] = select(*(event.c[name] for name in Event.__slots__)).order_by(event.c.id)
_OF: Final = _ALL.where(event.c.subject == bindparam("whose"))
_SINCE: Final = _ALL.where(event.c.id > bindparam("after")).limit(bindparam("most"))
_NAMED: Final = select(event.c.subject).where(event.c.name == bindparam("called"), event.c.at >= bindparam("then"))
_LAST: Final = select(func.coalesce(func.max(event.c.id), 0))
_MOVES: Final[Select[Any]] = (
    select(*(event.c[name] for name in Event.__slots__))
    .where(event.c.subject > MOVE, event.c.subject < "move!", event.c.at < bindparam("before"))
    .where(tuple_(event.c.at, event.c.id) > tuple_(bindparam("at"), bindparam("id")))
    .order_by(event.c.at, event.c.id)
    .limit(bindparam("most"))
)
_UNSAY: Final = update(event).where(event.c.id == bindparam("which")).values(detail=bindparam("left"))
_HAS: Final = select(event.c.id).where(signed, event.c.sign == bindparam("which")).suffix_with(ONE)


class Events:
    """The events of the book."""

    def __init__(self, connection: Spoken, now: float, work: WorkRows) -> None:
        self._connection = connection
        self._now = now
        self._work = work

    def note(self, subject: str, name: str, detail: Mapping[str, Any] | None = None, sign: str = "") -> None:
        """Write down what happened; a sign releases its waiters in the same commit."""
        row = {"at": self._now, "subject": subject, "name": name, "detail": detail or {}, "sign": sign}
        self._connection.later(_NOTE, row)
        if sign:
            self._work.release(sign)

    def last(self) -> int:
        """Give the number of the newest event; 0: there is none."""
        return int(self._connection.execute(_LAST).scalar_one())

    def has(self, sign: str) -> bool:
        """Tell whether the sign stands."""
        return bool(sign) and self._connection.execute(_HAS, {"which": sign}).first() is not None

    def of(self, subject: str) -> list[Event]:
        """Give what happened to a subject."""
        return [Event(*row) for row in self._connection.execute(_OF, {"whose": subject})]

    def subjects(self, name: str, since: float) -> list[str]:
        """Give what an event of this name happened to since then: each once, looking through all of them."""
        return list(dict.fromkeys(self._connection.execute(_NAMED, {"called": name, "then": since}).scalars()))

    def since(self, id: int, most: int = 1000) -> list[Event]:
        """Give what happened after an event."""
        return [Event(*row) for row in self._connection.execute(_SINCE, {"after": id, "most": most})]

    def moves(self, after: tuple[float, int], before: float, most: int) -> list[Event]:
        """Give the next events of moves before then, oldest first. `after`: time and id of the last one, or (0.0, 0)."""
        asked = {"at": after[0], "id": after[1], "before": before, "most": most}
        return [Event(*row) for row in self._connection.execute(_MOVES, asked)]

    def why(self, move: int) -> str:
        """Say what a person wrote as the reason of a move; empty: nothing."""
        return next((str(one.detail["reason"]) for one in self.of(f"{MOVE}{move}") if one.detail.get("reason")), "")

    def unsay(self, told: Iterable[Event]) -> None:
        """Take back the reasons that persons wrote."""
        for one in told:
            if one.detail.get("by") and one.detail.get("reason", FORGOTTEN) not in ("", FORGOTTEN):
                left = {**one.detail, "reason": FORGOTTEN}
                self._connection.execute(_UNSAY, {"which": one.id, "left": left})
