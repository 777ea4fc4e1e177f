"""What a station asks of the pump for the rows it got: to think, or to carry bytes.

A station's `begin` runs inside the commit that claimed the rows. What it answers runs after that commit: `Think` on
the control thread with a view of the ledger, `Carry` on a worker thread without one. `record` then runs inside the
next commit, and may ask for one more errand under the same claim.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from translator.config.site import Comparing, Route, Site
from translator.core.finding import fault_of
from translator.core.ports import Chance, Clock, Faults
from translator.core.work import Hold
from translator.endpoints.endpoint import Endpoint, Kept
from translator.endpoints.turns import Asked
from translator.ledger.bodies import Spooled, spooled
from translator.ledger.book import Book
from translator.ledger.interchanges import Interchange
from translator.ledger.work import Work

# Past half of it, since its claim, a holder lets no first byte leave, and since it asked for *staged* it renames nothing.
# Writing a file may take longer: meanwhile the pump lengthens the lease.
LEASE: Final = 300.0  # seconds


def _nobody() -> None:
    """Tell nobody."""


def _unable(*_: object) -> Mapping[str, Any]:
    """Refuse to compare, where there is no service."""
    return {"out": 0, "rows": [], "failed": "nobody compares here"}


def _at_once(chunks: Iterable[bytes], most: int, seal: int) -> Spooled:
    """Hold all of it in memory, where there is no ledger."""
    return spooled(b"".join(chunks))


@dataclass(slots=True)
class House:
    """What is handed to the stations: the site in force, its endpoints, and the ports.

    `alive`: what takes long on the control loop calls it as it goes on, so that nobody takes it for stuck. `spool`: takes
    the bytes of a file on their way into the ledger, a piece in memory at a time, as `Ledger.spool` does. `compare`: lays
    Amazon, the ledger and the warehouses side by side, in a worker, and gives what `nightly` writes down.
    """

    site: Site
    endpoints: Mapping[str, Endpoint]
    clock: Clock
    chance: Chance
    faults: Faults
    alive: Callable[[], None] = _nobody
    spool: Callable[[Iterable[bytes], int, int], Spooled] = _at_once
    compare: Callable[[House, Comparing], Mapping[str, Any]] = _unable

    def now(self) -> float:
        """Give the time as the ledger writes it: seconds since 1970, UTC."""
        return self.clock.now().timestamp()


class Staging(Protocol):
    """How a worker asks that *staged* be committed for an attempt; gives what returns when it is, or raises if its claim is lost.

    `home`: news of the place, if there are any.
    """

    def __call__(self, work: Work, interchange: Interchange, number: int, home: str) -> Asked: ...


def _of_nothing(_: object) -> Iterable[tuple[str, str]]:
    return ()


@dataclass(frozen=True, slots=True)
class Think:
    """Pure work for the control thread.

    `bodies`: what it reads. `about`: the accounts and keys of what its answer is about. Both are looked up at once with
    those of others.
    """

    works: tuple[Work, ...]
    go: Callable[[Book], Any]
    record: Callable[[Book, Any], Errand | None]
    about: Callable[[Any], Iterable[tuple[str, str]]] = _of_nothing
    bodies: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Carry:
    """Bytes to be carried by a worker thread.

    `along`: the place to which one thread carries several; then `go` goes in turns (`Turns`).
    """

    works: tuple[Work, ...]
    go: Callable[[Staging], Any]
    record: Callable[[Book, Any], Errand | None]
    along: Kept | None = None


Errand = Think | Carry


def fault(book: Book, subject: str, error: Exception) -> Hold:
    """Note a fault of our own with its places, never its text (it may quote a person); give the hold that names it."""
    name, trace = fault_of(error)
    book.events.note(subject, "fault", {"error": name, "trace": trace})
    return Hold("person", f"our fault: {name} at {trace[-1] if trace else '?'}")


def batch_of(site: Site, route: Route) -> int:
    """Say how many documents share a file of a route; 0: each has its own, and none waits for others."""
    batch = site.translations[route.mapping].file.batch if route.mapping else None
    return batch.most if batch else 0
