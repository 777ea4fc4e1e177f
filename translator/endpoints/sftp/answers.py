"""What a server answers, read with bounds: whatever number of things it claims, no more are read than there is room for."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final, NamedTuple

import paramiko
from paramiko import sftp as wire

from translator.endpoints.files import kind
from translator.endpoints.looks import Entry, Kind

EXTENSIONS: Final = 100  # that are looked at
_NUMBER: Final = struct.Struct(">I")
_LONG: Final = struct.Struct(">Q")
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


# What an answer must be that brings something; where the end is no answer, a status of OK or the end makes no sense.
_BRINGS: Final = {
    wire.CMD_OPEN: wire.CMD_HANDLE,
    wire.CMD_OPENDIR: wire.CMD_HANDLE,
    wire.CMD_LSTAT: wire.CMD_ATTRS,
    wire.CMD_FSTAT: wire.CMD_ATTRS,
    wire.CMD_READ: wire.CMD_DATA,
    wire.CMD_READDIR: wire.CMD_NAME,
}
_MAY_END: Final = frozenset({wire.CMD_READ, wire.CMD_READDIR})


class Refused(OSError):
    """The server answered, and the answer is no."""


def judged(request: tuple[Any, ...], answer: bytes) -> Any:
    """Give what an answer brings, None for OK and for the end, or what the refusal is.

    Raises SFTPError where it brings something else than was asked for, or nothing where something is due.
    """
    asked, code = request[0], answer[0]
    if code == wire.CMD_STATUS:
        return _status(asked, _NUMBER.unpack_from(answer, 5)[0])
    if code != _BRINGS.get(asked):
        raise wire.SFTPError("an answer to something else")
    if code in (wire.CMD_NAME, wire.CMD_ATTRS):
        return answer
    data = _counted(answer)
    if code == wire.CMD_DATA and len(data) > request[-1]:
        raise wire.SFTPError("more than was asked for")
    return data


def number_of(answer: bytes) -> int:
    """Tell which request it answers."""
    number: int = _NUMBER.unpack_from(answer, 1)[0]
    return number


def offered(answer: bytes) -> frozenset[str]:
    """Read what a server says first: the names of the extensions it offers."""
    if answer[0] != wire.CMD_VERSION:
        raise wire.SFTPError("no SFTP")
    said = paramiko.Message(answer[5:])
    offers: set[str] = set()
    while said.get_remainder() and len(offers) < EXTENSIONS:
        offers.add(said.get_binary().decode("ascii", "replace"))
        said.get_binary()
    return frozenset(offers)


def _status(asked: int, status: int) -> OSError | None:
    if status in (wire.SFTP_OK, wire.SFTP_EOF):
        if asked in _BRINGS and asked not in _MAY_END:
            raise wire.SFTPError("an answer without what was asked for")
        return None
    if status == wire.SFTP_NO_SUCH_FILE:
        return FileNotFoundError()
    if status == wire.SFTP_PERMISSION_DENIED:
        return PermissionError()
    if status == 11:
        return FileExistsError()
    return Refused(_CODES.get(status, f"status {status}"))


def _counted(answer: bytes) -> bytes:
    end = 9 + _NUMBER.unpack_from(answer, 5)[0]
    if end > len(answer):
        raise wire.SFTPError("an answer that is cut short")
    return answer[9:end]


class Found(NamedTuple):
    """What a server says of an entry: None where it says nothing."""

    st_size: int | None = None
    st_mode: int | None = None
    st_mtime: int | None = None


def attributes(answer: bytes) -> Found:
    """Read the attributes that an answer brings; of one that is cut short nothing is believed."""
    try:
        return _found(answer, 5)[0]
    except struct.error:
        return Found()


def named(data: bytes, *, counting: bool = False) -> Iterator[Entry]:
    """Read one piece of a listing: names as they are on the wire, undecodable bytes kept (as `os.listdir` does).

    `counting`: read from the line for people how many names a file has. Nothing else of version 3 tells it.
    Raises SFTPError where fewer names come than are claimed: those that are missing would be taken for gone.
    """
    at = 9
    try:
        for _ in range(*_NUMBER.unpack_from(data, 5)):
            start, at = at + 4, at + 4 + _NUMBER.unpack_from(data, at)[0]
            name = data[start:at].decode("utf-8", "surrogateescape")
            start, at = at + 4, at + 4 + _NUMBER.unpack_from(data, at)[0]  # the line for people
            links = _links(data[start:at]) if counting else 1
            found, at = _found(data, at)
            if at > len(data):
                break
            if name not in ("", ".", ".."):
                entry = entry_of(name, found)
                yield replace(entry, links=links) if links > 1 else entry
        else:
            return
    except struct.error:
        pass
    raise wire.SFTPError("a listing that is cut short")


def _links(line: bytes) -> int:
    """Read how many names a file has from a line as `ls -l` has it."""
    words = line.split(None, 2)
    return int(words[1]) if len(words) > 1 and words[1].isdigit() and len(words[1]) < 10 else 1


def _found(data: bytes, at: int) -> tuple[Found, int]:
    """Read attributes that begin there; tell where they end."""
    says = _NUMBER.unpack_from(data, at)[0]
    at += 4
    size = mode = changed = None
    if says & 1:
        size, at = _LONG.unpack_from(data, at)[0], at + 8
    if says & 2:  # owner and group
        at += 8
    if says & 4:
        mode, at = _NUMBER.unpack_from(data, at)[0], at + 4
    if says & 8:  # when it was read, and changed
        changed, at = _NUMBER.unpack_from(data, at + 4)[0], at + 8
    if says & 0x80000000:
        further, at = 2 * _NUMBER.unpack_from(data, at)[0], at + 4
        for _ in range(further):
            at += 4 + _NUMBER.unpack_from(data, at)[0]
    return Found(size, mode, changed), at


def entry_of(name: str, found: Found) -> Entry:
    """Put together what is known of an entry."""
    size, changed = found.st_size or 0, found.st_mtime or 0
    sort = kind(found.st_mode) if found.st_mode else Kind.FILE
    told = found.st_size is not None and changed > 0
    return Entry(name, sort, size, float(changed), f"{size} {changed}", told=told)
