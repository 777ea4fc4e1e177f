"""The TCP link to a server, with bounds on what a peer can make it do.

Promise: the name is looked up anew for each connection; a peer that is gone is noticed by the kernel, one that takes
nothing is let go; no length that a peer claims is believed. In trouble: OSError, or what breaks a paramiko transport.
"""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

AT_ONCE: Final = 65_536  # bytes of one read: recv makes room for as many as it is asked for
_PROMPT: Final = getattr(socket, "TCP_QUICKACK", None)  # Linux


class Link:
    """What carries the connection, a TCP socket or a jump host's channel: read in pieces of one size, and given up when the

    peer takes nothing for `stall` seconds. `beneath`: hangs up on all of it, where it is more than the carrier.
    """

    def __init__(self, carrier: Any, stall: float, beneath: Callable[[], None] | None = None) -> None:
        self._carrier = carrier
        self._stall = stall
        self._stuck = 0.0
        self._beneath = beneath
        self._prompt = _PROMPT is not None and getattr(carrier, "family", None) in (socket.AF_INET, socket.AF_INET6)
        self._closed = False
        self._read = b""

    def settimeout(self, seconds: float) -> None:
        """Bound each wait: a socket's by the kernel, so that what need not wait takes one system call instead of two."""
        if not isinstance(self._carrier, socket.socket):
            self._carrier.settimeout(seconds)
            return
        self._carrier.settimeout(None)
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            self._carrier.setsockopt(socket.SOL_SOCKET, option, _as_kernel_time(seconds))

    def recv(self, length: int) -> bytes:
        """Read what is there: a piece at a time, of which paramiko takes head, body and checksum one by one."""
        try:
            data = self._read or self._come()
        except BlockingIOError:
            raise TimeoutError from None
        self._read = data[length:]
        return data[:length]

    def _come(self) -> bytes:
        """Read what came, and say so at once: a server that sends one small piece at a time waits for it (Nagle), and the

        kernel would take 40 ms. It forgets that it was told.
        """
        data: bytes = self._carrier.recv(AT_ONCE)
        if self._prompt:
            self._carrier.setsockopt(socket.IPPROTO_TCP, _PROMPT, 1)
        return data

    def held(self, length: int) -> bytes:
        """Give so many bytes of what was read already, or none."""
        data = self._read
        if len(data) < length:
            return b""
        self._read = data[length:]
        return data[:length]

    def send(self, data: bytes) -> int:
        """Send a part. Paramiko tries again after each time-out, for ever: here that has an end."""
        try:
            sent: int = self._carrier.send(data)
        except (TimeoutError, BlockingIOError):
            now = time.monotonic()
            self._stuck = self._stuck or now
            if now - self._stuck > self._stall:
                self.close()
                raise ConnectionAbortedError from None
            raise TimeoutError from None
        self._stuck = 0.0
        return sent

    def close(self) -> None:
        """Hang up."""
        if not self._closed:
            self._closed = True
            (self._beneath or self._carrier.close)()


def dial(host: str, port: int, seconds: float, stall: float) -> Link:
    """Connect to the first address of the name that answers; all of them together have `seconds`."""
    until = time.monotonic() + seconds
    failed: OSError = TimeoutError()
    for family, sort, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        left = until - time.monotonic()
        if left <= 0:
            break
        plain = socket.socket(family, sort, protocol)
        try:
            plain.settimeout(left)
            plain.connect(address)
            watched(plain, stall)
            return Link(plain, stall)
        except OSError as error:
            plain.close()
            failed = error
    raise failed


def _as_kernel_time(seconds: float) -> bytes:
    """Write down a time as the kernel takes it: at least a moment, for nothing means for ever."""
    microseconds = max(1, int(seconds * 1_000_000))
    return struct.pack("ll", *divmod(microseconds, 1_000_000))


def watched(link: socket.socket, stall: float) -> None:
    """Have the kernel notice that the peer is gone: while we wait for it, and while nothing is said."""
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    link.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    options = {"TCP_KEEPIDLE": stall, "TCP_KEEPINTVL": stall / 3, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": stall * 1000}
    for name, value in options.items():
        if (number := getattr(socket, name, None)) is not None:  # not every system has each
            with suppress(OSError):
                link.setsockopt(socket.IPPROTO_TCP, number, max(1, int(value)))
