"""Make bytes appear under a name, whole or not at all, never twice, never over a file of somebody else.

The order of steps: temporary name written and synced · *staged* committed · renamed. The rename uses the temporary name
up, so once an attempt is staged its temporary name is the ledger's proof on the far side: gone means published. Hence the
rule below that nothing else may ever remove a staged name before the file is known to be published.

What is found of earlier attempts decides (DESIGN, "Send"; reliability-security §2.3):

    staged, temporary name gone              published; in a folder that proves to be ours, else Unavailable
    final name there, our bytes              published: temporary names of ours removed
    final name there, other bytes            Rejected `name-occupied`: a person; nothing is touched
    staged, temporary name there, our bytes  renamed as it is (*staged* is not said again: its own record covers it),
                                             unless somebody may have taken the file already: see below
    staged, temporary name there, damaged    written again under a new name; the damaged one goes after the rename
    not staged, temporary name there         removed; written again

Where the folder wants a done-file, that has a temporary name of its own, written before *staged* is said and renamed once
the file is published. It is used up the same way: as long as one is left, the done-file is still to come; it never
precedes its file, and never appears twice. Before it is renamed all other temporary names of ours go, so that a file
without one left is told from a file whose done-file is published.

Some rename by link and unlink (OpenSSH's server; a file system that knows no better). If who does that dies between the
two, and the warehouse takes the file, the temporary name is left with the final one gone: as if nothing had been done. A
second name of the same file elsewhere tells; so does a server's process that ended in the rename. Both together are proof
that it was published; of either alone a person is asked (`maybe-taken`), who says that it arrived, or lets it go on.

Publishing goes in turns: it stops wherever what it asked for may be had once for several, so that one thread publishes many
files side by side (`turns.py`).

In trouble: Unavailable, and the same table decides at the next attempt. Unknown is never raised: everything is staged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Final, Protocol

from translator.core.finding import Finding, Place, Rejected, Unavailable
from translator.core.ports import Faults
from translator.endpoints.endpoint import Attempt, Looked, Outgoing, Put, Receipt, Torn, Verdict
from translator.endpoints.home import bore
from translator.endpoints.names import MARKER, announcing, marker, spelled, temporary, unsafe
from translator.endpoints.options import Options
from translator.endpoints.turns import Asked, Turns, alone
from translator.endpoints.whole import done_of


class Shelf(Protocol):
    """One folder of a file system or an SFTP server, as far as publishing needs it. Each verb tries once."""

    def exists(self, name: str) -> bool:
        """Tell whether anything stands under the name."""
        ...

    def twice(self, name: str) -> bool:
        """Tell whether a file has another name besides, wherever that is."""
        ...

    def holds(self, name: str, data: bytes) -> bool:
        """Tell whether a plain file of exactly these bytes stands under the name."""
        ...

    def writing(self, name: str, data: bytes) -> Turns[None]:
        """Create a file that must not exist, and end when its bytes are on the disk; its name is when it is settled."""
        ...

    def rename(self, name: str, final: str) -> None:
        """Rename without replacing: FileExistsError, FileNotFoundError, or Unavailable."""
        ...

    def settling(self) -> Asked:
        """Ask that the folder's names as they are now be on the disk; give what returns when they are."""
        ...

    def remove(self, name: str) -> None:
        """Remove a file; gone already is well."""
        ...

    def names(self) -> Iterable[str]:
        """List the folder."""
        ...


@dataclass(frozen=True, slots=True)
class step:  # noqa: N801 - used as a context, like contextlib's own
    """Mark a durable step: a test may stop the world before or after it."""

    faults: Faults
    point: str

    def __enter__(self) -> None:
        self.faults.reach(f"{self.point}.before")

    def __exit__(self, sort: object, error: object, trace: object) -> None:
        if sort is None:
            self.faults.reach(f"{self.point}.after")


@dataclass(slots=True)
class Publication:
    """One put on one shelf. `marker` is the folder's marker file as last seen; afterwards the one that is there. `same`:

    the folder is known otherwise for the one that bore it, so that a marker that was cleaned away is left anew. `marking`:
    who is in it alone looks for a marker and leaves one, so that files that are put at once share it.
    """

    shelf: Shelf
    outgoing: Outgoing
    faults: Faults
    point: str  # `folder.put`, `sftp.put`
    options: Options = field(default_factory=Options)
    marker: str = ""
    same: bool = False
    marking: AbstractContextManager[object] = field(default_factory=nullcontext)
    done: str = field(init=False)  # the name of the done-file that follows it; empty: none does

    def __post_init__(self) -> None:
        """Look at the names before anything is opened. Raises Rejected."""
        self.done = announced(self.options, checked(self.outgoing.name))

    def publish(self, staging: Callable[[], Asked]) -> Turns[None]:
        """End when the file is published, and its done-file, by this attempt or an earlier one.

        `staging` asks for *staged*, and gives what returns when it is committed.
        """
        earlier = [attempt for attempt in self.outgoing.earlier if attempt.staged]
        gone = [attempt for attempt in earlier if not self.shelf.exists(self._temporary(attempt))]
        left = [self._announcing(one) for one in earlier if self.done and self.shelf.exists(self._announcing(one))]
        if gone:
            self._prove([self._temporary(attempt) for attempt in gone], {bore(attempt.home) for attempt in gone})
        if gone or self._found() or self._taken(earlier):
            yield from _until(self.shelf.settling())  # who renamed it may have been stopped before this
        else:
            left = yield from self._appear(earlier, left, staging)
        if self.done and (left or not gone):
            yield from self._announce(left or [(yield from self._recorded(staging))])
        self._drop(self.outgoing.earlier)
        if (
            not self.marker
        ):  # what an earlier holder staged was found or renamed: the receipt must name the folder's mark
            self._mark()
            yield from _until(self.shelf.settling())

    def _found(self) -> bool:
        """Tell whether the file stands there with our bytes: somebody published it."""
        self._single()
        if not self.shelf.exists(self.outgoing.name):
            return False
        if not self.shelf.holds(self.outgoing.name, self.outgoing.data):
            raise occupied(self.outgoing.name)
        self._mark()
        return True

    def _taken(self, earlier: Iterable[Attempt]) -> bool:
        """Tell whether the file was published and is gone, though its temporary name is left. Raises Rejected: ask a person."""
        torn = self.outgoing.torn
        if torn in (Torn.ASKED, Torn.ARRIVED):
            return torn is Torn.ARRIVED
        twice = any(self.shelf.twice(self._temporary(one)) for one in earlier)
        if twice is not (torn is Torn.DIED):
            raise Rejected([Finding(MAYBE_TAKEN, _TWICE if twice else _DIED, Place(spelled(self.outgoing.name)))])
        return twice

    def _single(self) -> None:
        """Raise where names differ in no more than case and a folder takes them for one, though its server may not."""
        name = self.outgoing.name
        if self.options.caseless and not self.shelf.exists(name) and self.options.told(name) in self._names():
            raise occupied(name, _ALIKE)

    def _appear(self, earlier: Sequence[Attempt], left: list[str], staging: Callable[[], Asked]) -> Turns[list[str]]:
        """Give the file its name; give the temporary names of its done-file, the one to use first."""
        if self.done and self.shelf.exists(self.done):
            raise occupied(self.done, "the done-file of another file still lies in the folder; nothing was touched")
        self._drop(attempt for attempt in self.outgoing.earlier if not attempt.staged)
        if whole := self._whole(earlier, left):
            yield from self._rename(whole, self.outgoing.name, self.outgoing.data, "renamed")
            return left
        name = self._temporary(self._own())
        announcing = yield from self._staged(name, staging)
        yield from self._rename(name, self.outgoing.name, self.outgoing.data, "renamed")
        return [announcing, *left]

    def _whole(self, earlier: Sequence[Attempt], left: Sequence[str]) -> str:
        """Find a staged temporary name that still holds all of the bytes, and whose done-file can follow."""
        usable = (one for one in earlier if not self.done or self._announcing(one) in left)
        names = (self._temporary(attempt) for attempt in usable)
        return next((name for name in names if self.shelf.holds(name, self.outgoing.data)), "")

    def _staged(self, name: str, staging: Callable[[], Asked]) -> Turns[str]:
        """Write under fresh temporary names and have them recorded; give the done-file's."""
        self._mark()
        with step(self.faults, f"{self.point}.temp"):
            yield from self.shelf.writing(name, self.outgoing.data)
        return (yield from self._recorded(staging))

    def _recorded(self, staging: Callable[[], Asked]) -> Turns[str]:
        """Write what the done-file is renamed from, and have the attempt recorded: alone where the file is there."""
        name = self._announcing(self._own())
        if self.done:
            with step(self.faults, f"{self.point}.done.temp"):
                yield from self.shelf.writing(name, b"")
        with step(self.faults, f"{self.point}.settled"):  # names, too, must outlive a power cut before *staged* is said
            yield from _until(self.shelf.settling())
        with step(self.faults, f"{self.point}.staged"):
            yield from _until(staging())
        return name

    def _announce(self, names: Sequence[str]) -> Turns[None]:
        """Publish the done-file from one temporary name, when no other is left."""
        self._drop(self.outgoing.earlier, keeping=names[0])
        yield from self._rename(names[0], self.done, b"", "done.renamed")

    def _rename(self, name: str, final: str, data: bytes, point: str) -> Turns[None]:
        try:
            with step(self.faults, f"{self.point}.{point}"):
                self.shelf.rename(name, final)
        except FileNotFoundError:
            self._prove([name])  # another holder renamed it
        except FileExistsError:
            if not self.shelf.holds(final, data):
                raise occupied(final) from None
            if final == self.done and not self.shelf.twice(name):  # all are empty: the bytes do not tell whose it is
                raise occupied(final, _SHARED) from None
            self.shelf.remove(name)
        with step(self.faults, f"{self.point}.synced"):
            yield from _until(self.shelf.settling())

    def _mark(self) -> None:
        """Leave a marker file, unless there is one. Where the known one is gone, a new one would prove a foreign folder."""
        if not self.options.marker or (self.marker and self.shelf.exists(self.marker)):
            return
        with self.marking:
            self._leave()

    def _leave(self) -> None:
        found = markers(self._names())
        if self.marker in found:
            return
        if self.marker and not self.same:
            raise Unavailable(f"this does not prove to be the folder it was: {_unmarked(self.marker)}")
        mark = found[0] if found else marker(self.outgoing.token)
        if not found:
            with step(self.faults, f"{self.point}.marker"):
                alone(self.shelf.writing(mark, b""))
        self.marker = mark

    def _prove(self, gone: Sequence[str], marks: Iterable[str] = ()) -> None:
        """Raise Unavailable unless these staged names are not listed either, in the folder that bears our marker file:

        the one it bore when they were written, where that is known, else the one it bore last.
        """
        names = self._names()
        if any(self.options.told(name) in names for name in gone):
            raise Unavailable("a staged file is told to be gone, but is listed (it is looked at again at the next try)")
        if not self.options.marker:
            return
        found = markers(names)
        wanted = sorted(filter(None, marks)) or [self.marker or (found[0] if found else MARKER + "…")]
        for mark in wanted:
            if mark not in found:
                raise Unavailable(
                    f"a staged file is gone, but this does not prove to be the folder it lay in: {_unmarked(mark)}"
                )
        self.marker = wanted[-1]

    def _names(self) -> frozenset[str]:
        return frozenset(map(self.options.told, self.shelf.names()))

    def _drop(self, attempts: Iterable[Attempt], keeping: str = "") -> None:
        for attempt in attempts:
            for name in (self._temporary(attempt), self._announcing(attempt) if self.done else ""):
                if name and name != keeping:
                    self.shelf.remove(name)

    def _own(self) -> Attempt:
        return Attempt(self.outgoing.attempt, self.outgoing.token, staged=True)

    def _temporary(self, attempt: Attempt) -> str:
        return temporary(self.outgoing.name, attempt.token, attempt.number)

    def _announcing(self, attempt: Attempt) -> str:
        return announcing(self.outgoing.name, attempt.token, attempt.number)


def _until(asked: Asked) -> Turns[None]:
    """Let others ask as well before it is waited for."""
    yield
    asked()


def checked(name: str) -> str:
    """Give the name back if it is one safe segment. Raises Rejected."""
    if why := unsafe(name):
        raise Rejected([Finding("name-unsafe", f"this cannot be a file name: {why}", Place(spelled(name)))])
    if name.startswith("."):
        raise Rejected([Finding("name-unsafe", "this cannot be a file name: it would be hidden", Place(spelled(name)))])
    return name


def announced(options: Options, name: str) -> str:
    """Give the name of a file's done-file, if the folder wants one. Raises Rejected."""
    if not options.done:
        return ""
    done = checked(done_of(options.done, name))
    if options.told(done) == options.told(name):
        raise Rejected([Finding("name-unsafe", "its done-file would have the same name", Place(spelled(name)))])
    return done


def _unmarked(mark: str) -> str:
    return f"{mark} is not there (mount the right folder; if it is the right one: `translator mark`, or an empty file so named)"


MAYBE_TAKEN: Final = "maybe-taken"
_DIED: Final = "the server's process ended while it gave the file its name, and the name is not there: was it taken?"
_TWICE: Final = "the file has not its name, but a second one outside of the folder: was it taken?"
_ALIKE: Final = "a file whose name differs from this one in capital and small letters only lies in the folder"
_SHARED: Final = "the file lies in the folder, and the done-file of another file came first; its own is still to come"
_OTHER: Final = "another file with other bytes already has this name in the folder; nothing was touched"


def occupied(name: str, text: str = _OTHER) -> Rejected:
    """Say that a foreign file stands where ours should."""
    hint = "have the warehouse take it, or move it away; then release"
    return Rejected([Finding("name-occupied", text, Place(spelled(name)), hint=hint)])


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


def looked(put: Put, name: str, names: frozenset[str], folder: str = "") -> Looked:
    """Read from one look at the folder what became of a file: absence counts only in a folder that proves itself."""
    if name in names:
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
