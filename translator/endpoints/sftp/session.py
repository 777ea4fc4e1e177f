"""What is done with a server's files, in as few round trips as it takes: requests that need no answer of each other fly together.

Promise: each request's status is checked (paramiko's own file object drops those of pipelined writes, and the errors of
close); names are bytes until they prove to be text. In trouble: what the server answered is FileNotFoundError,
FileExistsError, PermissionError or Refused, for the folder (sftp_folder.py) to judge; else as the channel says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from paramiko import sftp as wire

from translator.core.finding import Unavailable
from translator.endpoints.looks import Entry
from translator.endpoints.sftp.answers import UNSUPPORTED, Refused, attributes, entry_of, named
from translator.endpoints.sftp.channel import Channel, none_refused
from translator.endpoints.sftp.requests import NO_ATTRIBUTES
from translator.endpoints.sftp.settings import Settings
from translator.endpoints.sftp.transport import Transport

PIECE: Final = 32_768  # bytes of one request: what every server takes
AHEAD: Final = 16  # requests on their way at once
MOST: Final = 1_000_000  # entries of one folder
HERE: Final = "."  # where the login lands: OpenSSH lists nothing for an empty path
FSYNC: Final = "fsync@openssh.com"
OPENSSH: Final = "SSH-2.0-OpenSSH_"
POSIX_RENAME: Final = "posix-rename@openssh.com"
LSETSTAT: Final = "lsetstat@openssh.com"
_CREATE: Final = wire.SFTP_FLAG_WRITE | wire.SFTP_FLAG_CREATE | wire.SFTP_FLAG_EXCL
_BOTH: Final = _CREATE | wire.SFTP_FLAG_READ


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that was begun: its handle, and whether what is written may be read."""

    handle: bytes
    readable: bool = True


class Session:
    """What is asked of a server's files over one channel. Used by one thread at a time."""

    def __init__(self, transport: Transport, settings: Settings) -> None:
        self._channel = Channel(transport, settings)
        self._posix = settings.posix

    @property
    def transport(self) -> Transport:
        """Give the connection it belongs to."""
        return self._channel.transport

    @property
    def in_step(self) -> bool:
        """Tell whether all that was asked is answered."""
        return self._channel.in_step

    @property
    def stands(self) -> bool:
        """Tell whether the far side still serves it."""
        return self._channel.stands

    @property
    def offers(self) -> frozenset[str]:
        """Give the names of the extensions the server offers."""
        return self._channel.offers

    @property
    def refuses(self) -> bool:
        """Tell whether a plain rename is known to replace nothing: OpenSSH's own server makes a link of it, which cannot.

        Other programs, which a server may have in its place, do not offer all that this one does.
        """
        return not self._posix and self.transport.remote_version.startswith(OPENSSH) and LSETSTAT in self.offers

    def entries(self, path: str, *, counting: bool = False) -> list[Entry]:
        """List a folder with what each entry is; `counting`: and how many names it has, as OpenSSH tells it."""
        handle = self._channel.ask((wire.CMD_OPENDIR, path or HERE))[0]
        found: list[Entry] = []
        turns, asked = 0, [(wire.CMD_READDIR, handle)] * AHEAD
        ahead = self._channel.sent(*asked)
        try:
            while answers := [one for one in none_refused(self._channel.heard(ahead)) if one]:
                ahead = self._channel.sent(*asked)  # the server goes on while we read what it said
                with self._channel.under_way():  # some answers are still on their way: out of step
                    found.extend(entry for answer in answers for entry in named(answer, counting=counting))
                turns += 1
                if len(found) + turns > MOST:
                    self._channel.heard(ahead)
                    raise Refused(f"the folder has more than {MOST} entries, or its listing has no end")
        finally:
            if self.in_step:
                self._channel.ask((wire.CMD_CLOSE, handle))
        return found

    def entry(self, path: str) -> Entry:
        """Say what a name is, a symbolic link being one."""
        return _entry(path, self._channel.ask((wire.CMD_LSTAT, path))[0])

    def read(self, path: str, size: int) -> Iterator[bytes]:
        """Read a file piece by piece: `size` bytes, less where it ends earlier, one more where it does not end there."""
        handle = self._channel.ask((wire.CMD_OPEN, path, wire.SFTP_FLAG_READ, NO_ATTRIBUTES))[0]
        try:
            at, ended = 0, False
            while at <= size and not ended:
                pieces, ended = self._pieces(handle, at, size)
                at += sum(map(len, pieces))
                yield from pieces
        finally:
            self._channel.ask((wire.CMD_CLOSE, handle))

    def write(self, path: str, data: bytes) -> None:
        """Create a file that must not exist, whole and, where the server can, on its disk."""
        self.fill(self.begin(path)[0], data)

    def begin(self, path: str, beside: Sequence[str] = ()) -> tuple[Opened | OSError, list[bool | OSError]]:
        """Create a file that must not exist, and say in the same breath which of some other names are there."""
        looks = [(wire.CMD_LSTAT, other) for other in beside]
        *found, made = self._channel.tell(*looks, (wire.CMD_OPEN, path, _BOTH, NO_ATTRIBUTES))
        there = [not isinstance(one, FileNotFoundError) if _known(one) else one for one in found]
        if isinstance(made, PermissionError):  # some servers let us write only
            [made] = self._channel.tell((wire.CMD_OPEN, path, _CREATE, NO_ATTRIBUTES))
            return made if isinstance(made, OSError) else Opened(made, readable=False), there
        return made if isinstance(made, OSError) else Opened(made), there

    def fill(self, opened: Opened | OSError, data: bytes) -> None:
        """Write a file that was begun, all of it, and close it; what kept it from being begun is raised.

        It is read back in the same breath, where that is allowed: a write that was told to be well may have been half done.
        """
        if isinstance(opened, OSError):
            raise opened
        handle = opened.handle
        starts, whole, last = range(0, len(data) or 1, PIECE * AHEAD), True, False
        try:
            for start in starts:
                last = start == starts[-1]
                part = [(at, data[at : at + PIECE]) for at in range(start, len(data), PIECE)[:AHEAD]]
                writes = [(wire.CMD_WRITE, handle, wire.int64(at), piece) for at, piece in part]
                reads = [(wire.CMD_READ, handle, wire.int64(at), len(piece)) for at, piece in part if opened.readable]
                answers = self._channel.tell(*writes, *reads, *(self._ends(handle) if last else ()))
                if last and FSYNC in self.offers and str(answers[-3]) == UNSUPPORTED:
                    answers[-3] = None  # it said that it can, and cannot
                none_refused(answers)
                whole &= _compared(answers[len(writes) : len(writes) + len(reads)], [piece for _, piece in part])
        finally:
            if self.in_step and not last:
                self._channel.ask((wire.CMD_CLOSE, handle))
        size = attributes(answers[-2]).st_size
        if size != len(data) and not (size is None and whole):
            raise Refused("the server keeps another number of bytes than we sent")

    def give_up(self, opened: Opened, path: str) -> None:
        """Close a file that was begun for nothing, and remove it."""
        if self.in_step:
            self._channel.tell((wire.CMD_CLOSE, opened.handle), (wire.CMD_REMOVE, path))

    def _ends(self, handle: bytes) -> list[tuple[Any, ...]]:
        syncs: list[tuple[Any, ...]] = [(wire.CMD_EXTENDED, FSYNC, handle)] if FSYNC in self.offers else []
        return [*syncs, (wire.CMD_FSTAT, handle), (wire.CMD_CLOSE, handle)]

    def rename(self, path: str, final: str) -> None:
        """Rename the plain way, by which OpenSSH refuses to replace; where the site wants it, the way that replaces."""
        if self._posix:
            self._rename_as_posix(path, final)
            return
        try:
            self.rename_plainly(path, final)
        except (PermissionError, Refused) as error:
            if POSIX_RENAME not in self.offers or str(error) not in ("", UNSUPPORTED):
                raise
            hint = f"a plain rename; if it has none: it offers {POSIX_RENAME}, which replaces what is there (`rename: posix`)"
            raise Refused(hint) from None

    def rename_plainly(self, path: str, final: str) -> None:
        """Rename the plain way. Raises Unavailable, of the sort "torn", where what served us ended instead of answering."""
        flight = self._channel.sent((wire.CMD_RENAME, path, final))
        try:
            none_refused(self._channel.heard(flight))
        except Unavailable as error:
            if not self._channel.ended:
                raise
            raise Unavailable(f"{error.reason}: the server's own process ended in a rename", sort="torn") from None

    def _rename_as_posix(self, path: str, final: str) -> None:
        if POSIX_RENAME not in self.offers:
            raise Refused(f"it offers no {POSIX_RENAME}: take `rename: posix` out of the place")
        self._channel.ask((wire.CMD_EXTENDED, POSIX_RENAME, path, final))

    def remove(self, path: str) -> None:
        """Remove a file."""
        self._channel.ask((wire.CMD_REMOVE, path))

    def drop(self, *paths: str) -> None:
        """Remove what is left of these; gone already is well, and so is what cannot be removed."""
        self._channel.tell(*((wire.CMD_REMOVE, path) for path in paths))

    def make(self, path: str) -> None:
        """Make a folder; one that is there is well."""
        self.looked(making=[path])

    def looked(self, *paths: str, making: Sequence[str] = ()) -> list[Entry | OSError]:
        """Say what each name is, or why that is not told; in the same breath, before it, folders are made."""
        makes = [(wire.CMD_MKDIR, path, NO_ATTRIBUTES) for path in making]
        answers = self._channel.tell(*makes, *((wire.CMD_LSTAT, path) for path in paths))
        none_refused([one for one in answers[: len(makes)] if not isinstance(one, Refused | FileExistsError)])
        found = zip(paths, answers[len(makes) :], strict=True)
        return [one if isinstance(one, OSError) else _entry(path, one) for path, one in found]

    def _pieces(self, handle: bytes, at: int, size: int) -> tuple[list[bytes], bool]:
        """Read ahead, up to the first answer that is shorter than asked; tell whether the file ended there.

        One byte beyond `size` is asked for in the same breath: some servers tell the size that a file had a while ago.
        """
        places = [*range(at, size, PIECE), size][:AHEAD]
        asked = [min(PIECE, size - place) or 1 for place in places]
        answers = self._channel.ask(
            *((wire.CMD_READ, handle, wire.int64(place), length) for place, length in zip(places, asked, strict=True))
        )
        pieces: list[bytes] = []
        for answer, length in zip(answers, asked, strict=True):
            if not answer:
                return pieces, True
            pieces.append(answer)
            if len(pieces[-1]) < length:
                break
        return pieces, not pieces[-1]


def _compared(answers: list[Any], pieces: list[bytes]) -> bool:
    """Tell whether all was given back; less than was asked for is no harm by itself. Raises Refused at other bytes."""
    kept = [answer or b"" for answer in answers]
    if any(not piece.startswith(one) for one, piece in zip(kept, pieces, strict=False)):
        raise Refused("the server keeps other bytes than we sent")
    return not kept or kept == pieces


def _known(outcome: Any) -> bool:
    """Tell whether an answer says if a name is there."""
    return not isinstance(outcome, OSError) or isinstance(outcome, FileNotFoundError)


def _entry(path: str, answer: bytes) -> Entry:
    return entry_of(path.rsplit("/", 1)[-1], attributes(answer))
