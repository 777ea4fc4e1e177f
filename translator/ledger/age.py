"""Is this the newest state of the book that ever was, or an older copy that somebody put in its place?

A book that is older than what the world has seen would send everything once more that left since the copy was made. So
something outside of the book says how far it had come. Of a file: a marker beside it, with the number of the last turn in which
anything began; the commit comes first, then the marker, then the first byte. On a server: which cluster, which of its
timelines, and which table; a dump that was put back, a server that was promoted or went back in time has another.

In trouble: what cannot be read counts as another book, which costs a question to a person; a marker that cannot be
written is a disk that fails.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from translator.ledger.trouble import Broken

_SPELLED: Final = re.compile(r"([a-z0-9]{16}) ([0-9]{1,16})")


@dataclass(frozen=True, slots=True)
class Age:
    """How far a book has come. `line`: which book it is, from its first day on."""

    line: str
    turn: int = 0

    @classmethod
    def read(cls, text: str) -> Age | None:
        """Read it; None: there is none, or it is none."""
        found = _SPELLED.fullmatch(text.strip())
        return cls(found[1], int(found[2])) if found else None

    def __str__(self) -> str:
        return f"{self.line} {self.turn:016d}"

    def next(self) -> Age:
        """Give the age a turn later."""
        return replace(self, turn=self.turn + 1)


def why_older(book: str, outside: str) -> str:
    """Say why a book in a file is not the newest; empty: it is."""
    said, seen = Age.read(book), Age.read(outside)
    if said is None:
        return "a fresh ledger lies where another one was in use" if seen or outside else ""
    if seen is None:
        return "the ledger lies without its marker: it was copied here by hand"
    if said.line != seen.line:
        return "another ledger lies where this one was in use"
    return "the ledger is older than what it had come to: a copy was put in its place" if said.turn < seen.turn else ""


class Marker:
    """The marker beside a book in a file."""

    def __init__(self, ledger: Path) -> None:
        self._path = ledger.with_name(ledger.name + ".mark")
        self._file: int | None = None

    def read(self) -> str:
        """Give what it says; empty: there is none."""
        try:
            return self._path.read_text("ascii", errors="replace")
        except OSError:
            return ""

    def write(self, age: Age) -> None:
        """Say how far the book has come. The first one of a process is on the disk when it returns. Raises Broken."""
        try:
            first = self._file is None
            if self._file is None:
                self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
            os.pwrite(self._file, f"{age}\n".encode(), 0)
            if first:
                os.fsync(self._file)
        except OSError as error:
            raise Broken(f"ledger: its marker cannot be written: {error.strerror}") from None

    def close(self) -> None:
        """Let go of it."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
