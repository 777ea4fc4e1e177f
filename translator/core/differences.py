"""What one side says of an order and the other does not: Amazon, the ledger, the warehouse. Told, never repaired.

Each difference has the clock that runs over it, where one does. What is younger than `SETTLED` is left out: the other side
may not show it yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from translator.core.timeline import Timeline, over, running

SETTLED: Final = timedelta(minutes=30)  # what Amazon needs to show an effect, with a margin
ACKNOWLEDGE: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Told:
    """An order as Amazon tells it."""

    status: str
    placed: datetime | None
    units: int


@dataclass(frozen=True, slots=True)
class Known:
    """An order as the ledger has it."""

    line: Timeline
    placed: datetime | None
    units: int
    warehouse: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One order on which two disagree: what the one says, what the other, and what is due when."""

    order: str
    what: str
    one: str
    other: str
    clock: str = ""
    due: datetime | None = None


def with_amazon(
    told: Mapping[str, Told], known: Mapping[str, Known], since: datetime, now: datetime
) -> Iterator[Difference]:
    """Compare what Amazon tells of the orders placed since then with what is known of them."""
    for number, there in told.items():
        here = known.get(number)
        if here is not None:
            yield from _disagree(number, there, here, now)
        elif there.placed is None or there.placed <= now - SETTLED:
            due = there.placed + ACKNOWLEDGE if there.placed and there.status == "NEW" else None
            yield Difference(number, "unknown here", there.status, "", "acknowledge" if due else "", due)
    for number, here in known.items():
        if number not in told and here.placed and since < here.placed <= now - SETTLED:
            yield _with_clock(number, "not at Amazon", "", "known", here.line)


def with_warehouse(open_: AbstractSet[str], known: Mapping[str, Known], now: datetime) -> Iterator[Difference]:
    """Compare the orders that a warehouse has open with those that are open here and were taken by it."""
    for number in sorted(open_):
        here = known.get(number)
        if here is None:
            yield Difference(number, "unknown here", "open at the warehouse", "")
        elif over(here.line):
            yield Difference(number, "over here, open at the warehouse", "open at the warehouse", _ended(here.line))
    for number, here in known.items():
        line = here.line
        taken = line.taken or line.sent
        if number not in open_ and taken and taken <= now - SETTLED and not (over(line) or line.shipped):
            yield _with_clock(number, "open here, not at the warehouse", "", "taken", line)


def _disagree(number: str, there: Told, here: Known, now: datetime) -> Iterator[Difference]:
    line, status = here.line, there.status
    if line.closed and not line.acknowledged:
        return  # it was never ours to handle
    if status == "NEW" and _since(line.acknowledgement_accepted, now):
        yield _with_clock(number, "acknowledged here, NEW at Amazon", status, "acknowledged", line)
    elif status in ("NEW", "ACCEPTED") and _since(line.confirmation_accepted, now) and not line.denied:
        yield _with_clock(number, "confirmed here, not at Amazon", status, "confirmed", line)
    elif status == "ACCEPTED" and _since(line.shipped, now) and not line.confirmation_accepted and not line.denied:
        yield _with_clock(number, "shipped, not confirmed", status, "shipped", line)
    elif status == "SHIPPED" and not line.confirmation_accepted:
        yield _with_clock(number, "SHIPPED at Amazon, not here", status, "not confirmed", line)
    elif status == "CANCELLED" and not (line.cancelled or line.refused or line.denied):
        yield _with_clock(number, "CANCELLED at Amazon, not here", status, "open", line)
    if there.units != here.units:
        yield Difference(number, "quantities differ", f"{there.units} units", f"{here.units} units")


def _since(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now - SETTLED


def _with_clock(number: str, what: str, one: str, other: str, line: Timeline) -> Difference:
    clock = next(iter(running(line)), None)
    return Difference(number, what, one, other, clock.name if clock else "", clock.due if clock else None)


def _ended(line: Timeline) -> str:
    names = ("denied", "confirmation_accepted", "refused", "cancelled", "superseded", "closed")
    return next((name.replace("_", " ") for name in names if getattr(line, name)), "over")
