"""One SFTP channel: requests sent together, their answers awaited together.

Promise: each request's status is checked (paramiko's own file object drops those of pipelined writes, and the errors of
close); names are bytes until they prove to be text. In trouble: what the server answered is FileNotFoundError,
FileExistsError, PermissionError or Refused, for the folder (sftp_folder.py) to judge; a channel whose answers are late or
make no sense is out of step, and Unavailable.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import paramiko
from paramiko import sftp as wire

from translator.endpoints.looks import Entry
from translator.endpoints.sftp.answers import EXTENSIONS, UNSUPPORTED, Refused, attributes, entry_of, judged, named
from translator.endpoints.sftp.broken import lost
from translator.endpoints.sftp.link import Dropped, Unread
from translator.endpoints.sftp.requests import framed, request_of
from translator.endpoints.sftp.settings import Settings
from translator.endpoints.sftp.transport import Transport

PIECE: Final = 32_768  # bytes of one request: what every server takes
AHEAD: Final = 16  # requests on their way at once
PACKET: Final = 262_144  # bytes handed on, or taken in, at once
SLOWEST: Final = 4_096  # bytes a second of a wire that is worth using
LONGEST: Final = 1_048_576  # bytes of one answer
MOST: Final = 1_000_000  # entries of one folder
FSYNC: Final = "fsync@openssh.com"
POSIX_RENAME: Final = "posix-rename@openssh.com"
_CREATE: Final = wire.SFTP_FLAG_WRITE | wire.SFTP_FLAG_CREATE | wire.SFTP_FLAG_EXCL
_BOTH: Final = _CREATE | wire.SFTP_FLAG_READ


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that was begun: its handle, and whether what is written may be read."""

    handle: bytes
    readable: bool = True


class Session:
    """One SFTP channel: requests and their answers, each status looked at. Used by one thread at a time."""

    def __init__(self, transport: Transport, settings: Settings) -> None:
        self.transport = transport
        self.in_step = True  # False: an answer may still be on its way
        self._settings = settings
        self._number = 0
        self._inbox = bytearray()
        self._channel = channel = transport.open_session(timeout=settings.reply)
        channel.in_buffer, channel.in_stderr_buffer = Unread(), Dropped()
        with _ending(transport, settings.reply):
            channel.invoke_subsystem("sftp")
        self.offers = self._greet()

    def entries(self, path: str) -> list[Entry]:
        """List a folder with what each entry is."""
        handle = self._ask((wire.CMD_OPENDIR, path))[0].get_binary()
        found: list[Entry] = []
        turns, asked = 0, [(wire.CMD_READDIR, handle)] * AHEAD
        ahead = self._sent(*asked)
        try:
            while answers := [one for one in _none_refused(self._heard(ahead)) if one]:
                ahead = self._sent(*asked)  # the server goes on while we read what it said
                with lost(self._settings):  # some answers are still on their way: out of step
                    found.extend(entry for answer in answers for entry in named(answer))
                turns += 1
                if len(found) + turns > MOST:
                    self._heard(ahead)
                    raise Refused(f"the folder has more than {MOST} entries, or its listing has no end")
        finally:
            if self.in_step:
                self._ask((wire.CMD_CLOSE, handle))
        return found

    def entry(self, path: str) -> Entry:
        """Say what a name is, a symbolic link being one."""
        return _entry(path, self._ask((wire.CMD_LSTAT, path))[0])

    def read(self, path: str, size: int) -> Iterator[bytes]:
        """Read a file piece by piece: `size` bytes, less where it ends earlier, one more where it does not end there."""
        handle = self._ask((wire.CMD_OPEN, path, wire.SFTP_FLAG_READ, paramiko.SFTPAttributes()))[0].get_binary()
        try:
            at, ended = 0, False
            while at <= size and not ended:
                pieces, ended = self._pieces(handle, at, size)
                at += sum(map(len, pieces))
                yield from pieces
        finally:
            self._ask((wire.CMD_CLOSE, handle))

    def write(self, path: str, data: bytes) -> None:
        """Create a file that must not exist, whole and, where the server can, on its disk."""
        self.fill(self.begin(path)[0], data)

    def begin(self, path: str, beside: Sequence[str] = ()) -> tuple[Opened | OSError, list[bool | OSError]]:
        """Create a file that must not exist, and say in the same breath which of some other names are there."""
        looks = [(wire.CMD_LSTAT, other) for other in beside]
        *found, made = self._tell(*looks, (wire.CMD_OPEN, path, _BOTH, paramiko.SFTPAttributes()))
        there = [not isinstance(one, FileNotFoundError) if _known(one) else one for one in found]
        if isinstance(made, PermissionError):  # some servers let us write only
            [made] = self._tell((wire.CMD_OPEN, path, _CREATE, paramiko.SFTPAttributes()))
            return made if isinstance(made, OSError) else Opened(made.get_binary(), readable=False), there
        return made if isinstance(made, OSError) else Opened(made.get_binary()), there

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
                answers = self._ask(*writes, *reads, *(self._ends(handle) if last else ()))
                whole &= _compared(answers[len(writes) : len(writes) + len(reads)], [piece for _, piece in part])
        finally:
            if self.in_step and not last:
                self._ask((wire.CMD_CLOSE, handle))
        size = attributes(answers[-2]).st_size
        if size != len(data) and not (size is None and whole):
            raise Refused("the server keeps another number of bytes than we sent")

    def give_up(self, opened: Opened, path: str) -> None:
        """Close a file that was begun for nothing, and remove it."""
        if self.in_step:
            self._tell((wire.CMD_CLOSE, opened.handle), (wire.CMD_REMOVE, path))

    def _ends(self, handle: bytes) -> list[tuple[Any, ...]]:
        syncs: list[tuple[Any, ...]] = [(wire.CMD_EXTENDED, FSYNC, handle)] if FSYNC in self.offers else []
        return [*syncs, (wire.CMD_FSTAT, handle), (wire.CMD_CLOSE, handle)]

    def rename(self, path: str, final: str) -> None:
        """Rename the plain way, by which OpenSSH refuses to replace; where the site wants it, the way that replaces."""
        if self._settings.posix:
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
        """Rename the plain way."""
        self._ask((wire.CMD_RENAME, path, final))

    def _rename_as_posix(self, path: str, final: str) -> None:
        if POSIX_RENAME not in self.offers:
            raise Refused(f"it offers no {POSIX_RENAME}: take `rename: posix` out of the place")
        self._ask((wire.CMD_EXTENDED, POSIX_RENAME, path, final))

    def remove(self, path: str) -> None:
        """Remove a file."""
        self._ask((wire.CMD_REMOVE, path))

    def drop(self, *paths: str) -> None:
        """Remove what is left of these; gone already is well, and so is what cannot be removed."""
        self._tell(*((wire.CMD_REMOVE, path) for path in paths))

    def make(self, path: str) -> None:
        """Make a folder; one that is there is well."""
        self.looked(making=[path])

    def looked(self, *paths: str, making: Sequence[str] = ()) -> list[Entry | OSError]:
        """Say what each name is, or why that is not told; in the same breath, before it, folders are made."""
        makes = [(wire.CMD_MKDIR, path, paramiko.SFTPAttributes()) for path in making]
        answers = self._tell(*makes, *((wire.CMD_LSTAT, path) for path in paths))
        _none_refused([one for one in answers[: len(makes)] if not isinstance(one, Refused | FileExistsError)])
        found = zip(paths, answers[len(makes) :], strict=True)
        return [one if isinstance(one, OSError) else _entry(path, one) for path, one in found]

    def _pieces(self, handle: bytes, at: int, size: int) -> tuple[list[bytes], bool]:
        """Read ahead, up to the first answer that is shorter than asked; tell whether the file ended there.

        One byte beyond `size` is asked for in the same breath: some servers tell the size that a file had a while ago.
        """
        places = [*range(at, size, PIECE), size][:AHEAD]
        asked = [min(PIECE, size - place) or 1 for place in places]
        answers = self._ask(
            *((wire.CMD_READ, handle, wire.int64(place), length) for place, length in zip(places, asked, strict=True))
        )
        pieces: list[bytes] = []
        for answer, length in zip(answers, asked, strict=True):
            if not answer:
                return pieces, True
            pieces.append(answer.get_binary())
            if len(pieces[-1]) < length:
                break
        return pieces, not pieces[-1]

    def _greet(self) -> frozenset[str]:
        """Exchange versions; give the names of the extensions the server offers."""
        hello = paramiko.Message()
        hello.add_int(3)
        self._write_all(framed(wire.CMD_INIT, hello))
        code, data = self._read_packet()
        if code != wire.CMD_VERSION:
            raise wire.SFTPError("no SFTP")
        answer = paramiko.Message(data)
        answer.get_int()
        offers: set[str] = set()
        while answer.get_remainder() and len(offers) < EXTENSIONS:
            offers.add(answer.get_binary().decode("ascii", "replace"))
            answer.get_binary()
        return frozenset(offers)

    def _ask(self, *requests: tuple[Any, ...]) -> list[Any]:
        """Send the requests at once; give the answers in their order: a reply, or None for OK and for the end.

        All answers are awaited before the first refusal is raised, so the channel stays in step.
        """
        return _none_refused(self._tell(*requests))

    def _tell(self, *requests: tuple[Any, ...]) -> list[Any]:
        """Do the same; what is refused is given as well, as the exception it would be."""
        return self._heard(self._sent(*requests))

    def _sent(self, *requests: tuple[Any, ...]) -> dict[int, tuple[Any, ...]]:
        """Send the requests; until their answers are heard the channel serves nothing else."""
        with lost(self._settings):
            if not self.in_step:
                raise EOFError
            self.in_step = False
            numbered = {self._next(): request for request in requests}
            self._write_all(b"".join(request_of(number, *request) for number, request in numbered.items()))
        return numbered

    def _heard(self, numbered: dict[int, tuple[Any, ...]]) -> list[Any]:
        with lost(self._settings):
            answers = self._answers(numbered)
            outcomes = [judged(request[0], *answers[number]) for number, request in numbered.items()]
            self.in_step = True
        return outcomes

    def _answers(self, asked: dict[int, tuple[Any, ...]]) -> dict[int, tuple[int, paramiko.Message]]:
        answers: dict[int, tuple[int, paramiko.Message]] = {}
        while len(answers) < len(asked):
            code, data = self._read_packet()
            answer = paramiko.Message(data)
            number = answer.get_int()
            if number not in asked or number in answers:
                raise wire.SFTPError("an answer to nothing")
            if code == wire.CMD_DATA and len(data) - 8 > asked[number][-1]:
                raise wire.SFTPError("more than was asked for")
            answers[number] = (code, answer)
        return answers

    def _next(self) -> int:
        self._number = (self._number + 1) % 2**32
        return self._number

    def _write_all(self, out: bytes) -> None:
        """Send all of it, within the time of one answer and what the slowest wire needs."""
        until = time.monotonic() + self._settings.reply + len(out) / SLOWEST
        channel, rest = self._channel, out
        while rest:
            channel.settimeout(max(0.001, until - time.monotonic()))
            sent = channel.send(rest)
            if sent <= 0:
                raise EOFError
            rest = rest[sent:]

    def _read_packet(self) -> tuple[int, bytes]:
        """Read one answer, whole within its time; a length that nobody needs is not believed."""
        until = time.monotonic() + self._settings.reply
        self._fill(4, until)
        size = int.from_bytes(self._inbox[:4], "big")
        if not 0 < size <= LONGEST:
            raise wire.SFTPError("an answer of this length is none")
        self._fill(4 + size, until)
        packet = bytes(self._inbox[4 : 4 + size])
        del self._inbox[: 4 + size]
        return packet[0], packet[1:]

    def _fill(self, size: int, until: float) -> None:
        while len(self._inbox) < size:
            self._channel.settimeout(max(0.001, until - time.monotonic()))
            data = self._channel.recv(max(PACKET, size - len(self._inbox)))
            if not data:
                raise EOFError
            self._inbox += data


def _entry(path: str, answer: Any) -> Entry:
    return entry_of(path.rsplit("/", 1)[-1], attributes(answer))


def _compared(answers: list[Any], pieces: list[bytes]) -> bool:
    """Tell whether all was given back; less than was asked for is no harm by itself. Raises Refused at other bytes."""
    kept = [answer.get_binary() if answer else b"" for answer in answers]
    if any(not piece.startswith(one) for one, piece in zip(kept, pieces, strict=False)):
        raise Refused("the server keeps other bytes than we sent")
    return not kept or kept == pieces


def _none_refused(answers: list[Any]) -> list[Any]:
    if refused := next((one for one in answers if isinstance(one, OSError)), None):
        raise refused
    return answers


def _known(outcome: Any) -> bool:
    """Tell whether an answer says if a name is there."""
    return not isinstance(outcome, OSError) or isinstance(outcome, FileNotFoundError)


@contextmanager
def _ending(transport: paramiko.Transport, seconds: float) -> Iterator[None]:
    """Hang up after this time: paramiko itself waits for the answer to a channel's request for ever."""
    timer = threading.Timer(seconds, transport.close)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
