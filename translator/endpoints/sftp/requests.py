"""What is asked of a server, as bytes on the wire."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any, Final

from paramiko import sftp as wire

NO_ATTRIBUTES: Final = 0  # a file is made as the server makes it
_HEAD: Final = struct.Struct(">IBI")
_NUMBER: Final = struct.Struct(">I")
_LONG: Final = struct.Struct(">Q")


def request_of(number: int, code: int, *parts: Any) -> bytes:
    """Write one request: each part by what it is (`wire.int64`: a place in a file)."""
    body = b"".join([_WRITTEN[type(part)](part) for part in parts])
    return _HEAD.pack(len(body) + 5, code, number) + body


def hello(version: int) -> bytes:
    """Write what a client says first."""
    return struct.pack(">IBI", 5, wire.CMD_INIT, version)


def _counted(data: bytes) -> bytes:
    return _NUMBER.pack(len(data)) + data


def _text(text: str) -> bytes:
    data = text.encode()
    return _NUMBER.pack(len(data)) + data


_WRITTEN: Final[dict[type, Callable[[Any], bytes]]] = {
    int: _NUMBER.pack,
    wire.int64: _LONG.pack,
    bytes: _counted,
    str: _text,
}
