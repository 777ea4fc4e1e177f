"""What a server answers, read with bounds: whatever number of things it claims, no more are read than there is room for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import paramiko
from paramiko import sftp as wire

from translator.endpoints.files import kind
from translator.endpoints.looks import Entry, Kind

EXTENSIONS: Final = 100  # that are looked at
UNSUPPORTED: Final = "not supported"

# Status codes beyond those of version 3 are sent by some servers all the same (draft-ietf-secsh-filexfer-13, 9.1).
_CODES: Final = {
    4: "failure",
    5: "bad message",
    8: UNSUPPORTED,
    11: "the file exists",
    12: "write-protected",
    14: "no space left",
    15: "quota exceeded",
}


class Refused(OSError):
    """The server answered, and the answer is no."""


def judged(code: int, answer: paramiko.Message) -> paramiko.Message | OSError | None:
    """Give an answer that brings something, None for OK and for the end, or what the refusal is."""
    if code != wire.CMD_STATUS:
        return answer
    status = answer.get_int()
    if status in (wire.SFTP_OK, wire.SFTP_EOF):
        return None
    if status == wire.SFTP_NO_SUCH_FILE:
        return FileNotFoundError()
    if status == wire.SFTP_PERMISSION_DENIED:
        return PermissionError()
    if status == 11:
        return FileExistsError()
    return Refused(_CODES.get(status, f"status {status}"))


class Found(NamedTuple):
    """What a server says of an entry: None where it says nothing."""

    st_size: int | None = None
    st_mode: int | None = None
    st_mtime: int | None = None


def attributes(answer: Any) -> Found:
    """Read attributes; whatever number of further ones is claimed, no more are read than there is room for."""
    says = answer.get_int()
    size = answer.get_int64() if says & 1 else None
    if says & 2:  # owner and group
        answer.get_int64()
    mode = answer.get_int() if says & 4 else None
    changed = answer.get_int64() & 0xFFFFFFFF if says & 8 else None
    if says & 0x80000000:
        for _ in range(min(answer.get_int(), EXTENSIONS)):
            answer.get_binary()
            answer.get_binary()
    return Found(size, mode, changed)


def named(answer: paramiko.Message, size: int) -> Iterator[Entry]:
    """Read one piece of a listing: names as they are on the wire, undecodable bytes kept (as `os.listdir` does)."""
    for _ in range(min(answer.get_int(), size // 12)):
        name = answer.get_binary().decode("utf-8", "surrogateescape")
        answer.get_binary()  # the line for people
        found = attributes(answer)
        if name not in ("", ".", ".."):
            yield entry_of(name, found)


def entry_of(name: str, found: Found) -> Entry:
    """Put together what is known of an entry."""
    size, changed = found.st_size or 0, found.st_mtime or 0
    sort = kind(found.st_mode) if found.st_mode else Kind.FILE
    return Entry(name, sort, size, float(changed), f"{size} {changed}")
