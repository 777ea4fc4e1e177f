"""Tries to put an interchange: begun, staged, ended. Each is written before the step it allows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Float, Text, and_, bindparam, case, cast, exists, insert, or_, select, update

from translator.core.work import Station
from translator.ledger.schema import attempt, listed, work
from translator.ledger.spoken import Spoken

NOTHING_LEFT: Final = ("unavailable", "refused")  # ends of a try that was not staged: nobody saw anything of it


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One try. Begun without an end is unknown; staged says that the temporary name was whole.

    `home`: what was known of the place when it was.
    """

    number: int
    token: str
    begun: float
    staged: float | None
    ended: float | None
    outcome: str
    receipt: str
    home: str

    @property
    def may_have_left(self) -> bool:
        """Tell whether the other side may have seen anything of it."""
        return self.staged is not None or self.outcome not in NOTHING_LEFT


_WHOSE: Final = attempt.c.interchange == bindparam("whose")
_THIS: Final = and_(_WHOSE, attempt.c.number == bindparam("n"))
_BEGIN: Final = insert(attempt)
_STAGE: Final = (
    update(attempt)
    .where(attempt.c.interchange.in_(listed("values")), attempt.c.number == bindparam("n"))
    .values(staged=bindparam("now"))
)
_LIES: Final = update(attempt).where(_THIS).values(home=bindparam("told"))
_END: Final = (
    update(attempt).where(_THIS).values(ended=bindparam("now"), outcome=bindparam("how"), receipt=bindparam("given"))
)
_UNSETTLED: Final = exists().where(
    or_(work.c.station == str(Station.SEND), work.c.station == str(Station.SETTLE)),
    work.c.subject == cast(attempt.c.interchange, Text),
)
_AHEAD: Final = or_(attempt.c.begun > bindparam("ahead"), attempt.c.ended > bindparam("ahead"))
_TO_NOW: Final = {
    name: case((attempt.c[name] > bindparam("ahead"), bindparam("now", type_=Float)), else_=attempt.c[name])
    for name in ("begun", "staged", "ended")
}
_RIGHT: Final = update(attempt).where(_AHEAD, _UNSETTLED).values(_TO_NOW)
_ALL: Final = select(attempt.c.interchange, *(attempt.c[name] for name in AttemptRow.__slots__)).order_by(
    attempt.c.number
)
_OF: Final = _ALL.where(_WHOSE)
_OF_SEVERAL: Final = _ALL.where(attempt.c.interchange.in_(listed("ids")))


_OWNERS: Final = select(attempt.c.token, attempt.c.interchange, attempt.c.number).where(
    attempt.c.token.in_(listed("tokens", Text))
)


class Attempts:
    """The attempts of the book."""

    def __init__(self, connection: Spoken, now: float) -> None:
        self._connection = connection
        self._now = now

    def begin(self, interchange: int, token: str, earlier: Sequence[AttemptRow], home: str = "") -> int:
        """Begin a try after the earlier ones; give its number, from 1. The first byte may leave when this is committed."""
        number = len(earlier) + 1
        row = {"interchange": interchange, "number": number, "token": token, "begun": self._now, "home": home}
        self._connection.later(_BEGIN, row)
        return number

    def stage(self, interchange: int, number: int) -> None:
        """Note that the temporary name is whole: it may be renamed when this is committed."""
        self._connection.later_to(_STAGE, interchange, {"n": number, "now": self._now})

    def lies(self, interchange: int, number: int, home: str) -> None:
        """Note what is known of the place in which it is whole, where that is not what was known when it began."""
        self._connection.later(_LIES, {"whose": interchange, "n": number, "told": home})

    def end(self, interchange: int, number: int, outcome: str, receipt: str = "") -> None:
        """Note how the try ended, and what it left in our hands."""
        asked = {"whose": interchange, "n": number, "now": self._now, "how": outcome, "given": receipt}
        self._connection.later(_END, asked)

    def right(self, slack: float) -> int:
        """Take what is not settled, and was put by a clock that was ahead by more than the slack, as put now; give how many."""
        return self._connection.execute(_RIGHT, {"ahead": self._now + slack, "now": self._now}).rowcount

    def of(self, interchange: int) -> list[AttemptRow]:
        """Give the tries, the first first."""
        return [AttemptRow(*row[1:]) for row in self._connection.execute(_OF, {"whose": interchange})]

    def owners(self, tokens: Iterable[str]) -> dict[str, tuple[int, int]]:
        """Give interchange and number of the tries that these tokens were given to, looking through all of them."""
        rows = self._connection.execute(_OWNERS, {"tokens": json.dumps(list(tokens))})
        return {token: (interchange, number) for token, interchange, number in rows}

    def by_interchange(self, ids: Iterable[int]) -> dict[int, list[AttemptRow]]:
        """Give the tries of several interchanges, the first first."""
        found: dict[int, list[AttemptRow]] = {id: [] for id in ids}
        for whose, *row in self._connection.execute(_OF_SEVERAL, {"ids": json.dumps(list(found))}):
            found[whose].append(AttemptRow(*row))
        return found
