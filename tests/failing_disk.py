"""A disk that fails under open files: the kernel itself answers EIO to what is written, or refuses to sync.

The descriptors of a ledger are put over by one of this process's own memory, where nothing lies at the beginning
(writing there is EIO), or by one that takes every byte and cannot sync.
"""

import os
from pathlib import Path

DEVICES = {"write": "/proc/self/mem", "sync": "/dev/null"}


def fail(ledger: Path, how: str) -> int:
    """Have the disk fail under the open journals of a ledger in this process; give how many descriptors it is."""
    failing = os.open(DEVICES[how], os.O_RDWR | os.O_CLOEXEC)
    names = {f"{ledger}-wal", f"{ledger}-journal"}
    mine = [int(name) for name in os.listdir("/proc/self/fd")]
    found = [number for number in mine if _target(number) in names]
    for number in found:
        os.dup2(failing, number, inheritable=False)
    return len(found)


def _target(number: int) -> str:
    try:
        return os.readlink(f"/proc/self/fd/{number}")
    except OSError:
        return ""
