"""Has somebody edited the site? A look at names, sizes and times; nothing is read.

Promises: an edit counts once the files stand unchanged in two looks and while they are read, so that a half-saved file is
not put in force; and each edit counts once, whether it can be put in force or not.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from translator.instance import SITE

LOOK: Final = 5.0  # seconds between looks
AGAIN: Final = 1.0  # after a change was seen
_WATCHED: Final = ("mappings", "templates")

Stamp = frozenset[tuple[str, int, int, int]]


def stamp(root: Path) -> Stamp:
    """Take down what a site is made of: path, size, time, inode."""
    return frozenset(_marks(root))


def _marks(root: Path) -> Iterator[tuple[str, int, int, int]]:
    for path in (str(root / SITE), *(path for name in _WATCHED for path in _files(str(root / name)))):
        try:
            found = os.stat(path)  # noqa: PTH116
        except OSError:
            continue
        yield path, found.st_size, found.st_mtime_ns, found.st_ino


def _files(folder: str) -> Iterator[str]:
    for where, _, names in os.walk(folder):
        yield from (f"{where}/{name}" for name in names)


@dataclass(slots=True)
class Edits:
    """Tells when there is something new to put in force."""

    root: Path
    tried: Stamp = field(default_factory=frozenset)
    seen: Stamp = field(default_factory=frozenset)
    due: float = 0.0

    def settled(self, now: float) -> bool:
        """Look, where it is time; tell whether an edit stands that was not tried yet."""
        if now < self.due:
            return False
        before, self.seen = self.seen, stamp(self.root)
        changed = self.seen != self.tried
        self.due = now + (AGAIN if changed else LOOK)
        return changed and self.seen == before

    def trying(self) -> None:
        """Take down what is about to be read."""
        self.tried = self.seen = stamp(self.root)

    def standing(self) -> bool:
        """Tell whether what was read still stands as it did: if not, half of it may be of a later edit."""
        return stamp(self.root) == self.tried
