"""What breaks a connection, told as Unavailable: the text of a library's exception never goes further."""

from __future__ import annotations

import os
import socket
import struct
from types import TracebackType
from typing import Final

import paramiko
from paramiko import sftp as wire

from translator.core.finding import Unavailable
from translator.endpoints.sftp.settings import Settings

BROKEN: Final = (paramiko.SSHException, wire.SFTPError, EOFError, OSError, struct.error)


class lost:  # noqa: N801 - used as a context, like contextlib's own
    """Translate what breaks a connection; the text of a library's exception never goes further."""

    __slots__ = ("_server",)

    def __init__(self, server: Settings) -> None:
        self._server = server

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, sort: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, BROKEN):
            raise Unavailable(f"{self._server}: {_reason(error)}", sort="away") from None


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, socket.gaierror):
        return "the name of the server is not known"
    code = error.errno if isinstance(error, OSError) else None
    return f"no connection: {os.strerror(code).lower() if code else _odd(error)}"


def _odd(error: Exception) -> str:
    if isinstance(error, wire.SFTPError | struct.error):
        return "its answers make no sense"
    return "it hung up, or speaks no SSH" if isinstance(error, paramiko.SSHException) else "it hung up"
