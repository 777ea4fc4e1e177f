"""The real clock and the real dice."""

from __future__ import annotations

import random
import secrets
import string
import time
from datetime import UTC, datetime
from typing import Final

_LETTERS: Final = string.ascii_lowercase + string.digits
_LENGTH: Final = 16


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


class SystemChance:
    """Dice nobody can foretell."""

    def __init__(self) -> None:
        self._dice = random.SystemRandom()

    def random(self) -> float:
        return self._dice.random()

    def token(self) -> str:
        return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
