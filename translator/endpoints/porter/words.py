"""What is said over a line to the porter: questions one way, answers the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from zlib import crc32

from translator.core.finding import Elsewhere, Finding, Place, Rejected, Trouble, Unavailable, fault_of
from translator.endpoints.endpoint import Attempt, Listing, Looked, Outgoing, Put, Receipt, Seen
from translator.endpoints.options import Options


@dataclass(frozen=True, slots=True)
class Where:
    """A folder, as the porter knows it. `number`: of this folder object, so that one made anew remembers nothing."""

    number: int
    path: str
    options: Options


@dataclass(frozen=True, slots=True)
class Do:
    """Do something at once: the name of what a folder does, and what with."""

    what: str
    with_: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class Begin:
    """Begin to put something."""

    outgoing: Outgoing


@dataclass(frozen=True, slots=True)
class Staged:
    """Go on with a put that asked for *staged*: `yes`, it is committed; else it is given up."""

    yes: bool


Act = Do | Begin | Staged


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be done at one folder, by the numbers of the puts and of all else: each has an answer."""

    where: Where
    acts: Mapping[int, Act]


@dataclass(frozen=True, slots=True)
class Fetch:
    """Have a file's bytes: a piece after the other, each an answer; one of no bytes is the end."""

    where: Where
    seen: Seen


@dataclass(frozen=True, slots=True)
class Given:
    """What was asked for."""

    value: Any = None

    def had(self) -> Any:
        """Give it."""
        return self.value


@dataclass(frozen=True, slots=True)
class Staging:
    """A put asks for *staged*, and goes on when it is told. `home`: what is known of the place."""

    home: str

    def had(self) -> Any:
        """Refuse: it is no end."""
        raise AssertionError(self)


@dataclass(frozen=True, slots=True)
class Prevented:
    """The world is at fault."""

    reason: str
    wait: float
    sort: Trouble

    def had(self) -> Any:
        """Raise Unavailable."""
        raise Unavailable(self.reason, self.wait, sort=self.sort)


@dataclass(frozen=True, slots=True)
class Refused:
    """What was to be put is not wanted there."""

    findings: tuple[Finding, ...]

    def had(self) -> Any:
        """Raise Rejected."""
        raise Rejected(self.findings)


@dataclass(frozen=True, slots=True)
class Failed:
    """A fault of ours, and where."""

    name: str
    trace: Sequence[str]

    def had(self) -> Any:
        """Raise Elsewhere."""
        raise Elsewhere(self.name, self.trace)


Answer = Given | Staging | Prevented | Refused | Failed


def answer_of(act: Callable[[], Any]) -> Answer:
    """Do something, and say what came of it."""
    try:
        return Given(act())
    except Unavailable as error:
        return Prevented(error.reason, error.wait, error.sort)
    except Rejected as error:
        return Refused(error.findings)
    except Exception as error:  # noqa: BLE001 (a fault of ours: told by its places, never by its text)
        return Failed(*fault_of(error))


_SAID: Final = (
    *(Where, Do, Begin, Staged, Question, Fetch, Given, Staging, Prevented, Refused, Failed),
    *(Attempt, Finding, Listing, Looked, Options, Outgoing, Place, Put, Receipt, Seen),
)


def form() -> str:
    """Give a word for the form of all that is said: that of another translator differs where a field does."""
    return f"{crc32(repr([(one.__name__, one.__slots__) for one in _SAID]).encode()):08x}"
