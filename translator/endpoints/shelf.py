"""A folder of this machine, as publish.py sees it.

Promise: what was written is on the disk, and its name as soon as `settling` says so. In trouble: OSError, as the system
gave it.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final

from translator.core.ports import Faults
from translator.endpoints.files import Files, Identity
from translator.endpoints.looks import Kind
from translator.endpoints.publish import step
from translator.endpoints.turns import Asked, Turns

CHUNK: Final = 262_144


@dataclass(slots=True)
class Open:
    """An open folder: which one it is, and its names, that go to the disk once for all who asked before."""

    files: Files
    folder: int
    identity: Identity
    _asked: int = 0  # so often
    _there: int = 0  # of these, on the disk
    _failed: tuple[int, OSError | None] = (0, None)  # of these, not, and why: the system tells it once

    def settling(self) -> Asked:
        """Ask that the names as they are now be on the disk; give what returns when they are."""
        self._asked += 1
        return partial(self._settled, self._asked)

    def _settled(self, number: int) -> None:
        if number <= self._there:
            return
        upto, error = self._failed
        if number <= upto and error:
            raise error
        upto = self._asked
        try:
            self.files.sync(self.folder)
        except OSError as error:
            self._failed = upto, error
            raise
        self._there = upto


@dataclass(slots=True)
class LocalShelf:
    """The open folder, as publish.py sees it."""

    open: Open
    mode: int
    faults: Faults

    def exists(self, name: str) -> bool:
        try:
            self.open.files.entry(self.open.folder, name)
        except FileNotFoundError:
            return False
        return True

    def holds(self, name: str, data: bytes) -> bool:
        try:
            entry = self.open.files.entry(self.open.folder, name)
            return entry.kind is Kind.FILE and entry.size == len(data) and self._read(name) == data
        except FileNotFoundError:
            return False

    def twice(self, name: str) -> bool:
        return self.open.files.entry(self.open.folder, name).links > 1

    def writing(self, name: str, data: bytes) -> Turns[None]:
        """Let the disk begin to write before it is waited for: what several have begun, it writes in one go."""
        try:
            yield from self._writing(name, data)
        except OSError:
            self.remove(name)
            raise

    def rename(self, name: str, final: str) -> None:
        self.open.files.rename(self.open.folder, name, self.open.folder, final)

    def settling(self) -> Asked:
        return self.open.settling()

    def remove(self, name: str) -> None:
        with suppress(FileNotFoundError):
            self.open.files.remove(self.open.folder, name)

    def names(self) -> Sequence[str]:
        return self.open.files.names(self.open.folder)

    def inode(self, name: str) -> str:
        """Give the identity of what was put; empty when it is already taken."""
        with suppress(OSError):
            return self.open.files.entry(self.open.folder, name).mark.rsplit(" ", 1)[-1]
        return ""

    def _writing(self, name: str, data: bytes) -> Turns[None]:
        file = self.open.files.create(self.open.folder, name, self.mode)
        try:
            with step(self.faults, "folder.put.written"):
                self.open.files.write(file, data)
            self.open.files.begin(file)
            yield
            with step(self.faults, "folder.put.fsynced"):
                self.open.files.sync(file)
        finally:
            self.open.files.close(file)

    def _read(self, name: str) -> bytes:
        file = self.open.files.open(self.open.folder, name)
        try:
            return b"".join(iter(lambda: self.open.files.read(file, CHUNK), b""))
        finally:
            self.open.files.close(file)
