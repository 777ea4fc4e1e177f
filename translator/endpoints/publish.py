"""Make bytes appear under a name, whole or not at all, never twice, never over a file of somebody else.

The order of steps: temporary name written and synced · *staged* committed · renamed. The rename uses the temporary name
up, so once an attempt is staged its temporary name is the ledger's proof on the far side: gone means published. Hence the
rule below that nothing else may ever remove a staged name before the file is known to be published.

What is found of earlier attempts decides (DESIGN, "Send"; reliability-security §2.3):

    staged, temporary name gone              published; in a folder that proves to be ours, else Unavailable
    final name there, our bytes              published: temporary names of ours removed
    final name there, other bytes            Rejected `name-occupied`: a person; nothing is touched
    staged, temporary name there, our bytes  renamed as it is (*staged* is not said again: its own record covers it)
    staged, temporary name there, damaged    written again under a new name; the damaged one goes after the rename
    not staged, temporary name there         removed; written again

In trouble: Unavailable, and the same table decides at the next attempt. Unknown is never raised: everything is staged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from translator.core.finding import Finding, Place, Rejected, Unavailable
from translator.core.ports import Faults
from translator.endpoints.endpoint import Attempt, Looked, Outgoing, Put, Receipt, Verdict
from translator.endpoints.names import MARKER, marker, spelled, temporary, unsafe


class Shelf(Protocol):
    """One folder of a file system or an SFTP server, as far as publishing needs it. Each verb tries once."""

    def exists(self, name: str) -> bool:
        """Tell whether anything stands under the name."""
        ...

    def holds(self, name: str, data: bytes) -> bool:
        """Tell whether a plain file of exactly these bytes stands under the name."""
        ...

    def write(self, name: str, data: bytes) -> None:
        """Create a file that must not exist, whole and on the disk."""
        ...

    def rename(self, name: str, final: str) -> None:
        """Rename without replacing: FileExistsError, FileNotFoundError, or Unavailable."""
        ...

    def settled(self) -> None:
        """Return when the folder's names are on the disk."""
        ...

    def remove(self, name: str) -> None:
        """Remove a file; gone already is well."""
        ...

    def names(self) -> Iterable[str]:
        """List the folder."""
        ...


@contextmanager
def step(faults: Faults, point: str) -> Iterator[None]:
    """Mark a durable step: a test may stop the world before or after it."""
    faults.reach(f"{point}.before")
    yield
    faults.reach(f"{point}.after")


@dataclass(slots=True)
class Publication:
    """One put on one shelf. `marker` is the folder's marker file as last seen; afterwards the one that is there."""

    shelf: Shelf
    outgoing: Outgoing
    faults: Faults
    point: str  # `folder.put`, `sftp.put`
    marker: str = ""
    marked: bool = True  # whether the site lets us leave a marker file

    def publish(self, staged: Callable[[], None]) -> None:
        """Return when the file is published, by this attempt or an earlier one."""
        if not self._published():
            self._drop(attempt for attempt in self.outgoing.earlier if not attempt.staged)
            self._rename(self._whole() or self._staged(staged))
            self._drop(self.outgoing.earlier)
        if (
            not self.marker
        ):  # what an earlier holder staged was found or renamed: the receipt must name the folder's mark
            self._mark()

    def _published(self) -> bool:
        """Tell whether earlier attempts, or somebody with the same bytes, already published it."""
        staged = [self._temporary(attempt) for attempt in self.outgoing.earlier if attempt.staged]
        if gone := [name for name in staged if not self.shelf.exists(name)]:
            self._prove(gone)
        elif not self.shelf.exists(self.outgoing.name):
            return False
        elif not self.shelf.holds(self.outgoing.name, self.outgoing.data):
            raise occupied(self.outgoing.name)
        self._drop(self.outgoing.earlier)
        return True

    def _whole(self) -> str:
        """Find a staged temporary name that still holds all of the bytes."""
        names = [self._temporary(attempt) for attempt in self.outgoing.earlier if attempt.staged]
        return next((name for name in names if self.shelf.holds(name, self.outgoing.data)), "")

    def _staged(self, staged: Callable[[], None]) -> str:
        """Write under a fresh temporary name and have it recorded."""
        self._mark()
        name = temporary(self.outgoing.name, self.outgoing.token, self.outgoing.attempt)
        with step(self.faults, f"{self.point}.temp"):
            self.shelf.write(name, self.outgoing.data)
        with step(self.faults, f"{self.point}.staged"):
            staged()
        return name

    def _rename(self, name: str) -> None:
        try:
            with step(self.faults, f"{self.point}.renamed"):
                self.shelf.rename(name, self.outgoing.name)
        except FileNotFoundError:
            self._prove([name])  # another holder renamed it
        except FileExistsError:
            if not self.shelf.holds(self.outgoing.name, self.outgoing.data):
                raise occupied(self.outgoing.name) from None
            self.shelf.remove(name)
        with step(self.faults, f"{self.point}.synced"):
            self.shelf.settled()

    def _mark(self) -> None:
        """Leave a marker file, unless there is one."""
        if not self.marked or (self.marker and self.shelf.exists(self.marker)):
            return
        found = markers(self.shelf.names())
        self.marker = found[0] if found else marker(self.outgoing.token)
        if not found:
            with step(self.faults, f"{self.point}.marker"):
                self.shelf.write(self.marker, b"")

    def _prove(self, gone: Sequence[str]) -> None:
        """Raise Unavailable unless these staged names are not listed either, in the folder that bears our marker file."""
        names = frozenset(self.shelf.names())
        if any(name in names for name in gone):
            raise Unavailable("a staged file is told to be gone, but is listed (it is looked at again at the next try)")
        if not self.marked:
            return
        found = markers(names)
        if not found or (self.marker and self.marker not in found):
            raise Unavailable(
                f"a staged file is gone, but this does not prove to be the folder it lay in: {self.marker or MARKER + '…'} "
                "is not there (mount the right folder; or, if it is the right one, make an empty file of that name)"
            )
        self.marker = self.marker or found[0]

    def _drop(self, attempts: Iterable[Attempt]) -> None:
        for attempt in attempts:
            self.shelf.remove(self._temporary(attempt))

    def _temporary(self, attempt: Attempt) -> str:
        return temporary(self.outgoing.name, attempt.token, attempt.number)


def checked(name: str) -> str:
    """Give the name back if it is one safe segment. Raises Rejected."""
    if why := unsafe(name):
        raise Rejected([Finding("name-unsafe", f"this cannot be a file name: {why}", Place(spelled(name)))])
    if name.startswith("."):
        raise Rejected([Finding("name-unsafe", "this cannot be a file name: it would be hidden", Place(spelled(name)))])
    return name


def occupied(name: str) -> Rejected:
    """Say that a foreign file stands where ours should."""
    return Rejected(
        [
            Finding(
                "name-occupied",
                "another file with other bytes already has this name in the folder; nothing was touched",
                Place(spelled(name)),
                hint="have the warehouse take it, or move it away; then release",
            )
        ]
    )


@dataclass(frozen=True, slots=True)
class Ours:
    """What a receipt remembers of the folder a file was put in: its marker file, and its device and inode."""

    marker: str = ""
    folder: str = ""
    file: str = ""

    def receipt(self) -> Receipt:
        """Write it down."""
        parts = {"marker": self.marker, "folder": self.folder, "file": self.file}
        return Receipt(" ".join(f"{name}={value}" for name, value in parts.items() if value))


def remembered(receipt: Receipt) -> Ours:
    """Read back what `Ours.receipt` wrote."""
    parts = dict(part.split("=", 1) for part in receipt.text.split() if "=" in part)
    return Ours(parts.get("marker", ""), parts.get("folder", ""), parts.get("file", ""))


def looked(put: Put, names: frozenset[str], folder: str = "") -> Looked:
    """Read from one look at the folder what became of a file: absence counts only in a folder that proves itself."""
    if put.name in names:
        return Looked(Verdict.WAITING, "the file still lies in the folder")
    if put.receipt is None:
        return Looked(Verdict.CANNOT_TELL, "the file is not there, and no receipt says which folder it was put in")
    ours = remembered(put.receipt)
    if (ours.marker and ours.marker in names) or (folder and ours.folder == folder):
        return Looked(Verdict.ACCEPTED, "the file was taken")
    return Looked(
        Verdict.CANNOT_TELL, "the file is gone, but so is our mark: is another folder, or none, mounted here?"
    )


def markers(names: Iterable[str]) -> list[str]:
    """Give the marker files among the names, always in the same order."""
    return sorted(name for name in names if name.startswith(MARKER))
