"""What is asked of a server, as bytes on the wire."""

from __future__ import annotations

import struct
from typing import Any

import paramiko
from paramiko import sftp as wire


def request_of(number: int, code: int, *parts: Any) -> bytes:
    """Write one request: each part by what it is."""
    request = paramiko.Message()
    request.add_int(number)
    for part in parts:
        if isinstance(part, wire.int64):
            request.add_int64(part)
        elif isinstance(part, int):
            request.add_int(part)
        elif isinstance(part, paramiko.SFTPAttributes):
            part._pack(request)  # type: ignore[attr-defined]  # noqa: SLF001
        else:
            request.add_string(part)
    return framed(code, request)


def framed(code: int, request: paramiko.Message) -> bytes:
    """Put a packet of SFTP together: its length, its code, and the rest."""
    data = request.asbytes()
    return struct.pack(">IB", len(data) + 1, code) + data
