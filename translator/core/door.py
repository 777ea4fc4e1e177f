"""The door of a partner: open, in doubt, closed for a while, or stopped until a person has looked.

One failure proves nothing: the partner may be away, or one file be poison. So the door is in doubt, and one other row
is let in at once: if it is well, the door is open again and the file waits alone. Where nobody answers at all, the door
closes when that one fails, too; else it takes five, one after the other: then it is the place. Nothing is learned of who
was inside when the one before failed (one connection breaks for all that use it), nor of a row that failed again and
again while others went through. When its time is over one row tries it, then all go. A refused login counts by itself:
asked too often, the partner would lock the account. In trouble:
nothing here fails; a stopped door says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from translator.core.finding import Unavailable
from translator.core.work import back_off

LONGEST: Final = 60.0  # seconds a door stays closed before one row tries it again
FAILURES: Final = 2  # of different rows, one after the other, until the door closes
UNSORTED: Final = 5  # where each may have had a reason of its own
TRIES: Final = 2  # of one row, from which anything is learned while the door is open
LOGINS: Final = 3  # refused logins, one after the other, until nobody knocks any more
STOPPED: Final = float("inf")
_AT_ONCE: Final = 0.001  # seconds that are none


@dataclass(frozen=True, slots=True)
class Door:
    """How a partner's door stands. `failures`: one after the other, of different rows; `by`: the row that failed last."""

    failures: int = 0
    by: int = 0
    since: float = 0.0  # the first of the failures
    logins: int = 0  # refused, one after the other
    closed: float = 0.0  # until then nobody is let in
    reason: str = ""

    @property
    def is_open(self) -> bool:
        """Tell whether all may go; else one at a time, when the door is not closed."""
        return not self.failures

    @property
    def is_stopped(self) -> bool:
        """Tell whether only a person, or a new start, lets anybody in."""
        return self.closed == STOPPED

    @property
    def was_closed(self) -> bool:
        """Tell whether the partner was at fault, as far as anybody can tell: not one row alone."""
        return self.failures >= FAILURES or self.logins > 0

    def failed(
        self, row: int, error: Unavailable, now: float, chance: float, tries: int = 1, entered: float | None = None
    ) -> Door:
        """Give the door after one more failure of a row that was tried so often, and entered then: now, unless said.

        Who was inside when it closed, or came in doubt, proves nothing more.
        """
        if (now if entered is None else entered) < self.closed - _AT_ONCE and error.sort != "host-key":
            return self
        if tries > TRIES and not (self.was_closed or error.stops or 0 < error.wait <= LONGEST):
            return self
        alone = self.failures == 1 and self.by == row and not error.stops
        failures = 1 if alone else self.failures + 1
        logins = self.logins + (error.sort == "login")
        since = self.since if self.failures else now
        if error.sort == "host-key" or logins >= LOGINS:
            return Door(failures, row, since, logins, STOPPED, error.reason)
        return Door(failures, row, since, logins, now + _pause(failures, error, chance), error.reason)

    def once_more(self, now: float) -> Door:
        """Give a door that lets one row try now: a person asks for it, or what was refused may have been changed."""
        return Door(max(1, self.failures), 0, self.since, min(self.logins, LOGINS - 1), now, self.reason)


def _pause(failures: int, error: Unavailable, chance: float) -> float:
    """Say how long nobody is let in: after a first failure no longer than the other side asked for."""
    enough = FAILURES if error.sort == "away" else UNSORTED
    if failures < enough and not error.stops:
        return error.wait if error.wait <= LONGEST else 0.0
    return min(LONGEST, max(error.wait, back_off(max(0, failures - enough), chance)))
