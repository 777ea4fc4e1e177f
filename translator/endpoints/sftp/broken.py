"""What breaks a connection, told as Unavailable: the text of a library's exception never goes further."""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import paramiko
from paramiko import sftp as wire

from translator.core.finding import Unavailable
from translator.endpoints.sftp.settings import Settings

BROKEN: Final = (paramiko.SSHException, wire.SFTPError, EOFError, OSError, struct.error)


@contextmanager
def lost(server: Settings) -> Iterator[None]:
    """Translate what breaks a connection; the text of a library's exception never goes further."""
    try:
        yield
    except TimeoutError:
        raise Unavailable(f"{server}: no answer in time") from None
    except socket.gaierror:
        raise Unavailable(f"{server}: the name of the server is not known") from None
    except BROKEN as error:
        code = error.errno if isinstance(error, OSError) else None
        reason = os.strerror(code).lower() if code else type(error).__name__
        raise Unavailable(f"{server}: no connection ({reason})") from None
