"""Is enough of the ledger's disk left to take in more? What is there already must still be able to go out.

Promises: below the reserve nothing new is taken in, and what is under way goes on, since each of its steps is a commit
that needs some room; it begins again by itself, once a tenth more than the reserve is free. In trouble: a disk that
cannot be asked is taken to have room; what it cannot store fails where it is stored.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from translator.config.sizes import Reserve

FILES: Final = 1000  # names that must be left to make
MORE: Final = 1.1  # of the reserve, until more is taken in again


@dataclass(frozen=True, slots=True)
class Space:
    """What a disk has free, and what is to stay so. `files` None: it does not count them."""

    free: int
    least: int
    files: int | None

    def is_short(self, times: float = 1.0) -> bool:
        """Tell whether it has less than so many times the reserve."""
        return self.free < times * self.least or (self.files is not None and self.files < times * FILES)

    def __str__(self) -> str:
        names = "" if self.files is None or self.files >= 2 * FILES else f" and {self.files} names"
        return f"{self.free / 1e6:,.0f} MB{names} free, {self.least / 1e6:,.0f} MB are to stay"


def space(folder: Path, reserve: Reserve) -> Space | None:
    """Ask a disk; None: it does not say."""
    try:
        said = os.statvfs(folder)
    except OSError:
        return None
    size = said.f_frsize or said.f_bsize
    return Space(said.f_bavail * size, reserve.of(said.f_blocks * size), said.f_favail if said.f_files else None)


def may_take(folder: Path, reserve: Reserve, *, taking: bool) -> bool:
    """Tell whether more may be taken in, where it was so far or was not."""
    there = space(folder, reserve)
    return there is None or not there.is_short(1.0 if taking else MORE)
