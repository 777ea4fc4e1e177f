"""A local folder as a place: the warehouse system never sees a partial file, and we never read one.

Promise: a full scan each time; a file is complete when it stood unchanged in two looks (looks.py); fetching compares
what was seen with what is open, before and after; files are put by the table of publish.py. Symbolic links below the
folder are never followed (the folder itself is the site's own word, and may be one). In trouble: Unavailable, with the
path and what to do about it.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from threading import local
from typing import Final

from translator.core.finding import Unavailable
from translator.core.ports import Clock, Faults, NoFaults
from translator.endpoints.endpoint import Listing, Looked, Outgoing, Put, Receipt, Seen
from translator.endpoints.files import Files, Identity
from translator.endpoints.home import Home
from translator.endpoints.looks import Looks, changed, same
from translator.endpoints.names import given_up, parted, spelled
from translator.endpoints.options import ARCHIVE, Options
from translator.endpoints.publish import Ours, Publication, looked, step
from translator.endpoints.shelf import CHUNK, LocalShelf, Open
from translator.endpoints.turns import Asked, Turns, alone

_HINTS: Final = {
    errno.ENOENT: "create it, or mount what belongs there",
    errno.ENOTDIR: "a file stands where a folder is expected",
    errno.EACCES: "give the service's user the right to read and write there",
    errno.EPERM: "give the service's user the right to read and write there",
    errno.EROFS: "it is mounted read-only",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the quota is used up",
    errno.ESTALE: "mount it again",
    errno.EXDEV: f"{ARCHIVE} in it has to be on the same file system",
    errno.ELOOP: "a symbolic link stands there, and is not followed",
}


class Folder:
    """Reads out of and writes into one folder of this machine."""

    stages: bool = True

    def __init__(
        self, path: str, files: Files, clock: Clock, options: Options | None = None, faults: Faults | None = None
    ) -> None:
        self.path = path
        self._files = files
        self._clock = clock
        self._options = options or Options()
        self._faults = faults or NoFaults()
        self._looks = Looks(self._options)
        self._home = Home(path)
        self._listed = False
        self._mine = _Mine()
        # Days of the archive, "" for the folder itself, whose names may not be on the disk.
        self._unsettled: set[str] = set()

    def list(self, bookmark: str) -> Listing:
        self._home.recall(bookmark)
        with self._opened() as folder:
            entries = self._files.scan(folder)
        self._listed = True
        told = self._home.told(one.name for one in entries)
        return self._looks.listing(entries, self._clock.monotonic(), told or bookmark)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep it open for several files. Where it cannot be opened, each of them tells so."""
        with ExitStack() as stack:
            with suppress(Unavailable):
                self._mine.kept = _Kept(self._open(stack.enter_context(self._opened())), stack)
            try:
                yield
            finally:
                self._mine.kept = None

    def fetch(self, seen: Seen) -> Iterator[bytes]:
        with self._looks.fetching(seen), self._opened(seen.name) as folder, self._reading(folder, seen.name) as file:
            before = self._files.opened(file, seen.name)
            same(before, seen, self._options)
            self._faults.reach("folder.fetch.opened")
            yield from self._looks.whole(self._pieces(file, seen), seen)
            self._faults.reach("folder.fetch.read")
            for after in (self._files.opened(file, seen.name), self._files.entry(folder, seen.name)):
                same(after, seen, self._options)
                if after.touched != before.touched:
                    raise changed(seen.name)

    def dispose(self, seen: Seen) -> None:
        if self._options.archive == "leave":
            self._looks.took(seen)
            return
        if not self._listed:  # what is gone cannot yet be told from what is not mounted
            raise Unavailable(f"{spelled(seen.name)}: put away once the folder was looked at")
        with self._opened(seen.name) as folder:
            self._unsettled.add("")  # though it should be gone: who took it away may have died before it was settled
            for name, mark in self._looks.sources(seen):
                self._dispose(folder, name, mark)
        self._looks.took(seen)

    def settled(self) -> None:
        """Have the names of what was disposed of on the disk: where it lies now, then where it lay."""
        if not self._unsettled:
            return
        with self._opened() as folder, step(self._faults, "folder.settled"):
            if days := self._unsettled - {""}:
                with self._below(folder, ARCHIVE) as archive:
                    for name in days:
                        with self._below(archive, name) as day:
                            self._files.sync(day)
                    self._files.sync(archive)
            self._files.sync(folder)
        self._unsettled.clear()

    def put(self, outgoing: Outgoing, staged: Callable[[str], None]) -> Receipt:
        return alone(self.putting(outgoing, lambda home: partial(staged, home)))

    def putting(self, outgoing: Outgoing, staging: Callable[[str], Asked]) -> Turns[Receipt]:
        self._home.before(outgoing)
        with self._opened() as folder:
            shelf = LocalShelf(self._open(folder), self._options.mode, self._faults)
            identity = str(shelf.open.identity)
            same = identity == self._home.bearer
            home = self._home
            one = Publication(
                shelf, outgoing, self._faults, "folder.put", self._options, home.marker, same, home.marking
            )

            def whole() -> Asked:
                self._home.bears(one.marker, identity)
                return staging(self._home.known())

            try:
                yield from one.publish(whole)
            finally:
                self._home.bears(one.marker)
            self._home.bearer = identity
            ours = Ours(one.marker, identity, shelf.inode(outgoing.name))
            return replace(ours.receipt(), home=self._home.known())

    def _open(self, folder: int) -> Open:
        return self._mine.kept.open if self._mine.kept else Open(self._files, folder, self._files.identity(folder))

    def look(self, puts: Sequence[Put]) -> Sequence[Looked]:
        with self._opened() as folder:
            names = frozenset(map(self._options.told, self._files.names(folder)))
            identity = str(self._files.identity(folder))
        return [looked(put, self._options.told(put.name), names, identity) for put in puts]

    def temporaries(self) -> Sequence[str]:
        with self._opened() as folder:
            return [name for name in self._files.names(folder) if parted(name)]

    def drop(self, names: Sequence[str]) -> None:
        with self._opened() as folder:
            for name in names:
                with suppress(FileNotFoundError):
                    self._files.remove(folder, name)

    def close(self) -> None:
        """Nothing is kept open."""

    @contextmanager
    def _opened(self, name: str = "") -> Iterator[int]:
        with told(os.path.join(self.path, name) if name else self.path):
            if kept := self._mine.kept:
                self._enter(kept.open.folder, kept.open.identity)  # more may be known of it by now
                yield kept.open.folder
                return
            folder = self._folder()
            try:
                self._enter(folder, self._files.identity(folder))
                yield folder
            finally:
                self._files.close(folder)

    def _enter(self, folder: int, identity: Identity) -> None:
        self._home.enter(identity.device, lambda: self._files.names(folder))

    def _folder(self) -> int:
        try:
            return self._files.folder(self.path)
        except FileNotFoundError:
            if not self._options.create:
                raise Unavailable(f"{spelled(self.path)}: no such folder ({_HINTS[errno.ENOENT]})") from None
        self._files.make(self.path)
        return self._files.folder(self.path)

    @contextmanager
    def _reading(self, folder: int, name: str) -> Iterator[int]:
        file = self._files.open(folder, name)
        try:
            yield file
        finally:
            self._files.close(file)

    def _pieces(self, file: int, seen: Seen) -> Iterator[bytes]:
        left = seen.size
        while left:
            piece = self._files.read(file, min(CHUNK, left))
            if not piece:
                raise changed(seen.name)
            left -= len(piece)
            yield piece

    def _dispose(self, folder: int, name: str, mark: str) -> None:
        """Take a file away that was read. If another one took its place in the last moment, give that one back."""
        self._finish(folder, name, mark)  # what a crash left half done
        if not self._still(folder, name, mark):
            return
        with step(self._faults, "folder.dispose"):
            self._files.rename(folder, name, folder, given_up(name))
            try:
                self._faults.reach("folder.dispose.given-up")
                self._finish(folder, name, mark)
            except OSError:
                with suppress(OSError):  # else the next time finds it where it is
                    self._files.rename(folder, given_up(name), folder, name)
                raise

    def _still(self, folder: int, name: str, mark: str) -> bool:
        """Tell whether what was read still lies there; gone is well (after a crash), other bytes are the next work."""
        try:
            return self._files.entry(folder, name).mark == mark
        except FileNotFoundError:
            return False

    def _finish(self, folder: int, name: str, mark: str) -> None:
        try:
            given = self._files.entry(folder, given_up(name))
        except FileNotFoundError:
            return
        if given.mark != mark:
            with suppress(FileNotFoundError):
                self._moved(folder, given_up(name), folder, name)
        elif self._options.archive == "delete":
            self._files.remove(folder, given_up(name))
        else:
            self._archive(folder, name)

    def _archive(self, folder: int, name: str) -> None:
        today = f"{self._clock.now():%Y-%m-%d}"
        with self._below(folder, ARCHIVE) as archive, self._below(archive, today) as day:
            self._moved(folder, given_up(name), day, name)
        self._unsettled.add(today)

    def _moved(self, folder: int, name: str, target: int, final: str) -> str:
        """Move a file; where its name is taken, under another one. Give its name."""
        try:
            self._files.rename(folder, name, target, final)
            return final
        except FileExistsError:
            if self._files.entry(target, final).mark == self._files.entry(folder, name).mark:
                self._files.remove(folder, name)  # one file: moved before, stopped between link and unlink
                return final
        other = f"{final}.{self._clock.now():%H%M%S%f}"
        self._files.rename(folder, name, target, other)
        return other

    @contextmanager
    def _below(self, folder: int, name: str) -> Iterator[int]:
        if kept := self._mine.kept:
            yield kept.folder_in(folder, name, self._files)
            return
        below = self._files.below(folder, name)
        try:
            yield below
        finally:
            self._files.close(below)


@dataclass(slots=True)
class _Kept:
    """The folder while it is kept open, with what was opened in it: closed together."""

    open: Open
    stack: ExitStack
    below: dict[tuple[int, str], int] = field(default_factory=dict)

    def folder_in(self, folder: int, name: str, files: Files) -> int:
        """Give a folder in a folder."""
        if (folder, name) not in self.below:
            self.below[folder, name] = opened = files.below(folder, name)
            self.stack.callback(files.close, opened)
        return self.below[folder, name]


class _Mine(local):
    """What one thread keeps open."""

    kept: _Kept | None = None


@contextmanager
def told(path: str) -> Iterator[None]:
    """Translate what the system says: the path, the reason, and what to do."""
    try:
        yield
    except OSError as error:
        raise Unavailable(f"{spelled(path)}: {kept_by(error)}") from None


def kept_by(error: OSError) -> str:
    """Say what the system says, and what to do."""
    hint = _HINTS.get(error.errno or 0, "")
    reason = os.strerror(error.errno).lower() if error.errno else type(error).__name__
    return reason + (f" ({hint})" if hint else "")
