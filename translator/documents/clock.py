"""A moment that must not lie ahead: Amazon refuses it, and clocks of two machines differ by a little (reference §6.4)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from translator.core.finding import Finding
from translator.core.private import shown
from translator.documents.types import fault, note
from translator.documents.values import iso, moment

SKEW: Final = timedelta(minutes=5)  # a warehouse's clock may be so fast: reliability-security §3.9, input 54


def not_ahead(said: str, now: datetime, path: str, word: str, found: list[Finding]) -> str:
    """Give the moment, or now where it is a little ahead; further ahead is an error. `word`: how the codes begin."""
    ahead = moment(said) - now
    if ahead <= timedelta(0):
        return said
    if ahead <= SKEW:
        found.append(note(f"{word}-clamped", f"{shown(said)} is a little ahead of our clock: now taken", path))
        return iso(now)
    hint = "check the clock and the time zone of the warehouse; in a sample it is the time that given.yaml says"
    found.append(fault(f"{word}-future", f"{shown(said)} lies ahead: it is {iso(now)}", path, hint))
    return said
