"""Who works on a shared book, and was seen when: what a worker that is seen no more had in its hands is taken over.

A worker says that it lives with each of its commits, and while it thinks for long. What it had begun to send is not
taken over by that: another's first byte may only leave when the dead one's cannot any more, so there the lease counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from translator.ledger.schema import worker
from translator.ledger.spoken import Spoken

BEAT: Final = 2.0  # seconds between two words of a worker
SILENT: Final = 8.0  # seconds until one that was not seen is taken for dead
FORGOTTEN: Final = 86_400.0  # seconds until it is not remembered either


@dataclass(frozen=True, slots=True)
class Worker:
    """One service. `place`: its machine and process."""

    name: str
    place: str
    since: float
    seen: float


_NEW: Final = insert(worker)
_SEEN: Final = _NEW.on_conflict_do_update(index_elements=["name"], set_={"seen": _NEW.excluded.seen})
_GONE: Final = delete(worker).where(worker.c.name == bindparam("which"))
_FORGET: Final = delete(worker).where(worker.c.seen < bindparam("before"))
_ALIVE: Final = (
    select(*(worker.c[name] for name in Worker.__slots__))
    .where(worker.c.seen > bindparam("after"))
    .order_by(worker.c.since, worker.c.name)
)


class Workers:
    """The workers of the book."""

    def __init__(self, connection: Spoken, now: float) -> None:
        self._connection = connection
        self._now = now

    def seen(self, name: str, place: str, at: float) -> None:
        """Note that a worker lives, and when that was."""
        self._connection.execute(_SEEN, {"name": name, "place": place, "since": at, "seen": at})

    def gone(self, name: str) -> None:
        """Forget a worker that ends in good order, and those that were not seen for long."""
        self._connection.execute(_GONE, {"which": name})
        self._connection.execute(_FORGET, {"before": self._now - FORGOTTEN})

    def alive(self) -> list[Worker]:
        """Give those that live, the one that came first first."""
        return [Worker(*row) for row in self._connection.execute(_ALIVE, {"after": self._now - SILENT})]
