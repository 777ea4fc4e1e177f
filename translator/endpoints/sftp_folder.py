"""A folder on an SFTP server as a place: the same promises as a local folder (folder.py), over a wire that may break.

Promise: names are hidden until whole, synced where the server can, and renamed the plain way, after a look that nothing
stands there, and a second one where the server's rename might replace what came since. There is no inode: a marker file
proves the folder. In trouble: a connection lost in a put is Unavailable; *staged* and the table of publish.py decide at
the next attempt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from translator.core.finding import Unavailable
from translator.core.ports import Clock, Faults, NoFaults
from translator.endpoints.endpoint import Listing, Looked, Outgoing, Put, Receipt, Seen
from translator.endpoints.home import Home
from translator.endpoints.looks import Entry, Kind, Looks, changed, same
from translator.endpoints.names import given_up, ignored, parted, spelled, temporary, unsafe
from translator.endpoints.options import ARCHIVE, Options
from translator.endpoints.publish import Ours, Publication, looked, step
from translator.endpoints.sftp import AHEAD, Opened, Refused, Server, Session
from translator.endpoints.turns import Asked, Turns, alone

_HINTS: Final = {
    "failure": "it says no more: look for room, a quota, and rights there",
    "no space left": "make room there",
    "quota exceeded": "make room there, or have the quota raised",
    "write-protected": "the server's user needs to write",
}


class SftpFolder:
    """Reads out of and writes into one folder of a server."""

    stages: bool = True

    def __init__(
        self, server: Server, path: str, clock: Clock, options: Options | None = None, faults: Faults | None = None
    ) -> None:
        self.server = server
        self.path = path
        self._clock = clock
        self._options = options or Options(quiet=30.0)
        self._faults = faults or NoFaults()
        self._looks = Looks(self._options)
        self._home = Home(f"{server.settings}/{path}")
        self._made = not self._options.create

    def list(self, bookmark: str) -> Listing:
        self._home.recall(bookmark)
        with self._leased() as session:
            found = {entry.name: entry for entry in session.entries(self.path)}  # a name may be listed twice
            told = self._home.listed(found)
            self._ask(session, found)
        return self._looks.listing(found.values(), self._clock.monotonic(), told or bookmark)

    def fetch(self, seen: Seen) -> Iterator[bytes]:
        with self._looks.fetching(seen), self._leased(seen.name) as session:
            same(session.entry(self._at(seen.name)), seen, self._options)
            self._faults.reach("sftp.fetch.opened")
            yield from self._looks.whole(self._pieces(session, seen), seen)
            self._faults.reach("sftp.fetch.read")
            same(session.entry(self._at(seen.name)), seen, self._options)

    def dispose(self, seen: Seen) -> None:
        if self._options.archive == "leave":
            self._looks.took(seen)
            return
        with self._leased(seen.name) as session:
            for name, mark in self._looks.sources(seen):
                self._dispose(session, name, mark)
        self._looks.took(seen)

    def put(self, outgoing: Outgoing, staged: Callable[[str], None]) -> Receipt:
        self._home.before(outgoing)
        with self._leased() as session:
            shelf = _Shelf(session, self.path)
            home = self._home
            one = Publication(
                shelf, outgoing, self._faults, "sftp.put", self._options, home.marker, marking=home.marking
            )

            def staging() -> Asked:
                self._home.bears(one.marker)
                return partial(staged, self._home.known())

            try:
                with shelf.begun(outgoing, self._home.marker, one.done):
                    alone(one.publish(staging))
            finally:
                self._home.bears(one.marker)
            return replace(Ours(one.marker).receipt(), home=self._home.known())

    def look(self, puts: Sequence[Put]) -> Sequence[Looked]:
        with self._leased() as session:
            names = frozenset(self._options.told(entry.name) for entry in session.entries(self.path))
        return [looked(put, self._options.told(put.name), names) for put in puts]

    def temporaries(self) -> Sequence[str]:
        with self._leased() as session:
            return [entry.name for entry in session.entries(self.path) if parted(entry.name)]

    def drop(self, names: Sequence[str]) -> None:
        with self._leased() as session:
            for name in names:
                with suppress(FileNotFoundError):
                    session.remove(self._at(name))

    def close(self) -> None:
        self.server.close()

    def _at(self, name: str) -> str:
        return joined(self.path, name)

    @contextmanager
    def _leased(self, name: str = "") -> Iterator[Session]:
        with told(f"{self.server.settings}/{self._at(name).lstrip('/')}"), self.server.session() as session:
            self._make(session)
            yield session

    def _make(self, session: Session) -> None:
        if not self._made:
            parts = self.path.split("/")
            for depth in range(1, len(parts) + 1):
                session.make("/".join(parts[:depth]) or "/")
            self._made = True

    def _ask(self, session: Session, found: dict[str, Entry]) -> None:
        """Ask for what the listing does not say, many at once: some servers list names only, or no times.

        What is not told of one keeps none of the others.
        """
        untold = [one.name for one in found.values() if not (one.told or ignored(one.name) or unsafe(one.name))]
        for start in range(0, len(untold), AHEAD):
            names = untold[start : start + AHEAD]
            for name, entry in zip(names, session.looked(*map(self._at, names)), strict=True):
                if isinstance(entry, Entry):
                    found[name] = entry
                elif not isinstance(entry, FileNotFoundError):
                    found[name] = replace(found[name], kept=str(entry) or "permission denied")

    def _pieces(self, session: Session, seen: Seen) -> Iterator[bytes]:
        got = 0
        for piece in session.read(self._at(seen.name), seen.size):
            got += len(piece)
            yield piece
        if got != seen.size:
            raise changed(seen.name)

    def _dispose(self, session: Session, name: str, mark: str) -> None:
        """Take a file away that was read. If another one took its place in the last moment, give that one back."""
        if not self._still(session, name, mark):
            return
        gone, path = self._at(given_up(name)), self._at(name)
        with step(self._faults, "sftp.dispose"):
            try:
                session.rename(path, gone)
            except (PermissionError, Refused):
                if self._options.archive != "delete":
                    raise
                session.remove(path)  # some servers let us remove only
                return
            try:
                self._faults.reach("sftp.dispose.given-up")
                self._finish(session, name, mark)
            except OSError:
                with suppress(OSError):  # else the next time finds it where it is
                    session.rename(gone, path)
                raise

    def _still(self, session: Session, name: str, mark: str) -> bool:
        """Tell whether what was read still lies there, once it is finished what a crash left half done.

        Gone is well (after a crash), other bytes are the next work.
        """
        left, there = session.looked(self._at(given_up(name)), self._at(name))
        if not isinstance(left, FileNotFoundError):
            self._put_away(session, name, mark, left)
            [there] = session.looked(self._at(name))
        if isinstance(there, FileNotFoundError):
            self._vanished(session, name)
            return False
        return _known(there).mark == mark

    def _vanished(self, session: Session, name: str) -> None:
        names = {entry.name for entry in session.entries(self.path)}
        if name in names:
            raise Unavailable(f"{spelled(name)}: told to be gone, but it is listed")
        if not names and self._options.archive == "archive":
            raise Unavailable(f"{spelled(name)}: gone, and our archive with it (mount what belongs there)")

    def _finish(self, session: Session, name: str, mark: str) -> None:
        [left] = session.looked(self._at(given_up(name)))
        self._put_away(session, name, mark, left)

    def _put_away(self, session: Session, name: str, mark: str, left: Entry | OSError) -> None:
        """Remove or archive what was given up, if it is what was read; else give it its name back."""
        gone = self._at(given_up(name))
        if _known(left).mark != mark:
            self._moved(session, gone, self._at(name))
        elif self._options.archive == "delete":
            session.remove(gone)
        else:
            days, day = self._at(ARCHIVE), self._at(f"{ARCHIVE}/{self._clock.now():%Y-%m-%d}")
            self._moved(session, gone, joined(day, name), making=[days, day])

    def _moved(self, session: Session, path: str, final: str, making: Sequence[str] = ()) -> None:
        """Move a file; where its name is taken, under another one."""
        [found] = session.looked(final, making=making)
        if not isinstance(found, FileNotFoundError):
            _known(found)
            final += f".{self._clock.now():%H%M%S%f}"
        session.rename(path, final)


@dataclass(slots=True)
class _Shelf:
    """The remote folder, as publish.py sees it. What a first attempt is sure to ask is asked in one flight with its first

    step, and each of these answers serves once.
    """

    session: Session
    path: str
    _there: dict[str, bool] = field(default_factory=dict)
    _begun: dict[str, Opened | OSError] = field(default_factory=dict)

    @contextmanager
    def begun(self, outgoing: Outgoing, *others: str) -> Iterator[None]:
        """Create the temporary file of a first attempt, and look at these names; undo it where it is not needed."""
        if not outgoing.earlier:
            names = [name for name in (outgoing.name, *others) if name]
            name = temporary(outgoing.name, outgoing.token, outgoing.attempt)
            opened, there = self.session.begin(self._at(name), [self._at(one) for one in names])
            self._there = {one: known for one, known in zip(names, there, strict=True) if isinstance(known, bool)}
            self._begun[name] = opened
        try:
            yield
        finally:
            for name, opened in self._begun.items():
                if isinstance(opened, Opened):
                    self.session.give_up(opened, self._at(name))

    def exists(self, name: str) -> bool:
        known = self._there.pop(name, None)
        return _exists(self.session, self._at(name)) if known is None else known

    def twice(self, name: str) -> bool:
        """Ask OpenSSH alone: other servers rename in one step, and what they say of links may be made up."""
        if not self.session.refuses:
            return False
        return any(one.links > 1 for one in self.session.entries(self.path, counting=True) if one.name == name)

    def names(self) -> Sequence[str]:
        return [entry.name for entry in self.session.entries(self.path)]

    def holds(self, name: str, data: bytes) -> bool:
        try:
            entry = self.session.entry(self._at(name))
            if entry.kind is not Kind.FILE or (entry.size != len(data) and entry.told):
                return False
            return b"".join(self.session.read(self._at(name), len(data))) == data
        except FileNotFoundError:
            return False

    def writing(self, name: str, data: bytes) -> Turns[None]:
        """Write at once: each file of a server has a thread of its own."""
        yield from ()
        try:
            begun = self._begun.pop(name) if name in self._begun else self.session.begin(self._at(name))[0]
            self.session.fill(begun, data)
        except (Refused, PermissionError):
            self.remove(name)
            raise

    def rename(self, name: str, final: str) -> None:
        """Rename; where the server only says "failure", look which of the two names is the reason.

        A server whose rename may replace what is there is asked first whether anything is.
        """
        if not self.session.refuses and self.exists(final):
            raise FileExistsError
        try:
            self.session.rename(self._at(name), self._at(final))
        except Refused:
            if not self.exists(name):
                raise FileNotFoundError from None
            if self.exists(final):
                raise FileExistsError from None
            raise

    def settling(self) -> Asked:
        """Ask for nothing: a server's folder cannot be synced; a name lost with its power comes back as the temporary one."""
        return _at_once

    def remove(self, name: str) -> None:
        with suppress(FileNotFoundError):
            self.session.remove(self._at(name))

    def _at(self, name: str) -> str:
        return joined(self.path, name)


def _at_once() -> None:
    """Nothing is waited for."""


def joined(path: str, name: str) -> str:
    """Put a name, or several, below a path: an empty path is where the login lands."""
    if not path or not name:
        return path or name
    return f"{path.rstrip('/')}/{name}"


def _known(found: Entry | OSError) -> Entry:
    if isinstance(found, OSError):
        raise found
    return found


def _exists(session: Session, path: str) -> bool:
    try:
        session.entry(path)
    except FileNotFoundError:
        return False
    return True


@contextmanager
def told(place: str) -> Iterator[None]:
    """Translate what the server answered: the place, the reason, and what to do."""
    try:
        yield
    except FileNotFoundError:
        raise Unavailable(f"{spelled(place)}: no such file or folder (create it there, or mend the path)") from None
    except FileExistsError:
        raise Unavailable(f"{spelled(place)}: a name is taken that should be free") from None
    except PermissionError:
        why = "permission denied (the server's user needs to read and write)"
        raise Unavailable(f"{spelled(place)}: {why}") from None
    except Refused as error:
        hint = _HINTS.get(str(error), "")
        raise Unavailable(f"{spelled(place)}: the server refused: {error}" + (f" ({hint})" if hint else "")) from None
