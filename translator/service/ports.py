"""The real clock and the real dice."""

from __future__ import annotations

import base64
import random
import secrets
import time
from datetime import UTC, datetime
from typing import Final

# Goes on while the machine is suspended, as the leases of others do, where the system has such a clock (Linux).
AWAKE_OR_NOT: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.clock_gettime(AWAKE_OR_NOT)


class SystemChance:
    """Dice nobody can foretell."""

    def __init__(self) -> None:
        self._dice = random.SystemRandom()

    def random(self) -> float:
        return self._dice.random()

    def token(self) -> str:
        return base64.b32encode(secrets.token_bytes(10)).decode().lower()
