"""The seconds that waits are counted in: they go on while the machine is suspended, as the leases of others do."""

from __future__ import annotations

import time
from typing import Final

_CLOCK: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # Linux has such a clock


def seconds() -> float:
    """Give the seconds since some time of this machine's past."""
    return time.clock_gettime(_CLOCK)
