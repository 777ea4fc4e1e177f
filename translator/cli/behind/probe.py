"""One thing that `doctor` tried: what it saw, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from translator.core.finding import Misconfigured, Rejected, Unavailable


@dataclass(frozen=True, slots=True)
class Probe:
    """What was tried, whether it is well, what was seen, and what to do: well and with something to do is a note."""

    what: str
    well: bool
    said: str
    do: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def tried(what: str, go: Callable[[], str]) -> Probe:
    """Try one thing; the reasons of these exceptions are made to be shown."""
    try:
        return Probe(what, True, go())
    except Unavailable as error:
        reason, _, hint = error.reason.partition(" (")
        return Probe(what, False, reason, hint.rstrip(")"))
    except (Misconfigured, Rejected) as error:
        first = error.findings[0]
        return Probe(what, False, f"{first.code}: {first.text}", first.hint)
