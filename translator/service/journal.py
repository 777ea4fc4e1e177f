"""What happened, for the journal: the events of the ledger as log lines, by their names and numbers alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from translator.ledger.events import Event
from translator.ledger.lanes import Lane
from translator.observe import log

_NUMBERED: Final = frozenset({"interchange", "row", "move"})
_BAD: Final = (
    *("rejected", "fault", "refused", "not taken", "no file", "stuck", "in vain", "nearly full", "restored"),
    "comparison out",
)
MOST: Final = 500  # of one look


def tell(event: Event) -> None:
    """Write one event to the log."""
    facts = about(event.subject) | _facts(event)
    if any(word in event.name for word in _BAD):
        log().warning(event.name, **facts)
    else:
        log().info(event.name, **facts)


def tell_closed(lanes: Sequence[Lane], told: Mapping[str, float], now: float) -> dict[str, float]:
    """Say whose doors were closed since the last look, and for how long, or are in doubt; give those that are not open.

    One that is stopped is told by its event. Why is not said here (it may quote a name): `show alarms` says it.
    """
    shut = {lane.name: lane.stands for lane in lanes if not lane.stands.is_open and not lane.stands.is_stopped}
    for name, door in shut.items():
        if door.closed > now and told.get(name) != door.closed:
            log().warning("lane closed", lane=name, seconds=round(door.closed - now))
        elif name not in told:
            log().warning("lane in doubt", lane=name)
    return {name: door.closed for name, door in shut.items()}


def about(subject: str) -> dict[str, Any]:
    """Say what a subject is: `interchange 12`, `us D3rC8n1`."""
    word, _, rest = subject.partition(" ")
    if word == "lane":
        return {word: rest}
    if word in _NUMBERED and rest.isdigit():
        return {word: int(rest)}
    return {"account": word, "po": rest} if rest else {"kind": word}


def _facts(event: Event) -> dict[str, Any]:
    """Take from the detail what is a code, a number or a place; never what somebody wrote."""
    facts = {key: event.detail[key] for key in ("endpoint", "size", "error") if key in event.detail}
    findings = event.detail.get("findings")
    if isinstance(findings, list) and findings and isinstance(findings[0], dict):
        facts |= {"code": findings[0].get("code", ""), "count": len(findings)}
    return facts
