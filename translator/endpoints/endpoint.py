"""What an endpoint is, whatever its type. Each call is made by a worker thread, tries once, and raises only

Unavailable (the world is at fault, try later), Unknown (from `put`: it may have happened) and Rejected (from `put`:
the other side refused these bytes for good).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Protocol, TypeGuard, runtime_checkable

from translator.core.finding import Finding
from translator.endpoints.turns import Asked, Turns


@dataclass(frozen=True, slots=True)
class Seen:
    """One complete thing in a listing. `mark` is what was seen of it (size, mtime; page): with the name its identity.

    `data` holds the bytes where listing is fetching (an API page); else fetch gives them.
    """

    name: str
    mark: str
    size: int = 0
    data: bytes | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What is complete, what waits and why, the bookmark to commit with it, and whether there is a next page."""

    complete: tuple[Seen, ...] = ()
    waiting: Mapping[str, str] = field(default_factory=dict)  # name -> "waiting because…"
    stuck: Mapping[str, str] = field(default_factory=dict)  # of these, what does not go on by itself, or waits long
    bookmark: str = ""
    more: bool = False
    again: float | None = None  # seconds until a waiting one may be complete; None: at the next turn


@dataclass(frozen=True, slots=True)
class Attempt:
    """An earlier try of the same bytes: begun, and staged or not. `home`: what was known of the place when it was."""

    number: int
    token: str
    staged: bool
    home: str = ""


class Torn(StrEnum):
    """What is known, since the last rename, of one whose server died in it: stands as the end of an attempt."""

    NONE = ""
    DIED = "torn"  # it died, and nobody looked yet
    ASKED = "asked"  # a person; going on means that the file is not there
    ARRIVED = "arrived"  # a person saw it there


def may() -> None:
    """Let the first byte leave."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Bytes to be put: under this name (a file), or to this operation and path (an API).

    `first` raises Unavailable where they may not leave any more. An API's endpoint asks it as late as can be; a file
    appears by its rename, and `staged` is asked before that.
    """

    name: str
    data: bytes
    attempt: int
    token: str  # a fresh word for temporary names
    earlier: tuple[Attempt, ...] = ()
    kind: str = ""
    path: str = ""  # API path
    about: str = ""  # key of the one document inside: what an unknown outcome reads back
    first: Callable[[], None] = field(default=may, compare=False, repr=False)  # called directly before a first byte
    home: str = ""  # what was last known of the place
    torn: Torn = Torn.NONE  # only where it was staged before


@dataclass(frozen=True, slots=True)
class Receipt:
    """What `put` left in our hands: a transaction id, or the identity of the folder and file.

    `data`: what the answer brought besides (a label): it goes in as if it had been fetched. `home`: by what the place is
    known again after a restart.
    """

    text: str = ""
    data: bytes = field(default=b"", repr=False)
    home: str = ""


class Verdict(StrEnum):
    """What became of a thing that was put."""

    WAITING = "waiting"  # there, not yet taken; still processing
    ACCEPTED = "accepted"  # taken; Success
    REFUSED = "refused"  # Failure
    NOT_THERE = "not there"  # the other side shows no effect
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class Put:
    """A thing that was put, to be looked for: `receipt` None where the outcome of the put is unknown."""

    name: str
    receipt: Receipt | None
    kind: str = ""
    about: str = ""
    evidence: str = ""  # what reading back has to show: the order's status
    before: frozenset[str] = frozenset()  # what showed before it was put proves nothing: a label's tracking numbers


@dataclass(frozen=True, slots=True)
class Looked:
    """The answer for one thing that was put."""

    verdict: Verdict
    reason: str = ""
    findings: tuple[Finding, ...] = ()


@runtime_checkable
class Tidied(Protocol):
    """A place in which a put may leave temporary names behind."""

    def temporaries(self) -> Sequence[str]:
        """List the names that look like temporary ones of ours."""
        ...

    def drop(self, names: Sequence[str]) -> None:
        """Remove these names; gone already is well."""
        ...


@runtime_checkable
class Settled(Protocol):
    """A place of which a power cut may bring back what was disposed of, until it is settled."""

    def settled(self) -> None:
        """Return when all that was disposed of stays so: once for many. Raises Unavailable."""
        ...


@runtime_checkable
class Kept(Protocol):
    """A place that is entered anew for each file, unless it is kept open for several."""

    def kept(self) -> AbstractContextManager[None]:
        """Keep it open for what this thread fetches, disposes of or puts meanwhile."""
        ...


@runtime_checkable
class InTurns(Kept, Protocol):
    """A place into which one thread puts several things side by side, while it is kept open."""

    def putting(self, outgoing: Outgoing, staging: Callable[[str], Asked]) -> Turns[Receipt]:
        """Put as `put` does, in turns: `staging(home)` asks for *staged*, and gives what returns when it is committed."""
        ...


@runtime_checkable
class Together(Kept, Protocol):
    """A place that is asked once for several: one thread fetches and disposes of them side by side."""

    def fetching(self, seen: Seen) -> Turns[bytes]:
        """Give the bytes of a small file, as `fetch` does."""
        ...

    def disposing(self, seen: Seen) -> Turns[None]:
        """Dispose of a source, as `dispose` does."""
        ...


class Endpoint(Protocol):
    """A place. `stages`: a put is staged (temporary name) and so never unknown; an API's POST is not."""

    stages: bool

    def list(self, bookmark: str) -> Listing:
        """Give what is complete, or the next page."""
        ...

    def fetch(self, seen: Seen) -> Iterable[bytes]:
        """Give the bytes in pieces. Raises Unavailable where it changed meanwhile."""
        ...

    def dispose(self, seen: Seen) -> None:
        """Archive, delete or leave the source: called only after its bytes are committed; again after a crash."""
        ...

    def put(self, outgoing: Outgoing, staged: Callable[[str], None]) -> Receipt:
        """Appear whole or not at all, never twice.

        `staged(home)` returns when *staged* is committed, with what is known of the place; raises if lost.
        """
        ...

    def look(self, puts: Sequence[Put]) -> Sequence[Looked]:
        """Say what became of each, in the same order: one look for all."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


@cache
def _does(sort: type, what: type) -> bool:
    return issubclass(sort, what)


def in_turns(endpoint: Endpoint) -> TypeGuard[InTurns]:
    """Tell whether one thread puts several things there side by side; asked for each file, so it is remembered."""
    return _does(type(endpoint), InTurns)


def together(endpoint: Endpoint) -> TypeGuard[Together]:
    """Tell whether it is asked once for several; asked for each file, so it is remembered."""
    return _does(type(endpoint), Together)
