"""The real clock and the real dice."""

from __future__ import annotations

import base64
import random
import secrets
from datetime import UTC, datetime

from translator import awake


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return awake.seconds()


class SystemChance:
    """Dice nobody can foretell."""

    def __init__(self) -> None:
        self._dice = random.SystemRandom()

    def random(self) -> float:
        return self._dice.random()

    def token(self) -> str:
        return base64.b32encode(secrets.token_bytes(10)).decode().lower()
