"""What came on a channel and was not read yet, in whole answers: who waits for several of them is woken once.

Promise: no length that a peer claims is believed, and what nobody reads is bounded. In trouble: what breaks the connection.
"""

from __future__ import annotations

import struct
import threading
import time
from typing import Any, Final

import paramiko
from paramiko.buffered_pipe import BufferedPipe, PipeTimeout

AHEAD: Final = 4_194_304  # bytes that wait unread on one channel: twice the window we grant
ENOUGH: Final = 262_144  # bytes that are handed on though more is awaited, so that the peer's window opens again
LONGEST: Final = 1_048_576  # bytes of one answer
_LENGTH: Final = struct.Struct(">I")


class Inbox(BufferedPipe):  # type: ignore[type-arg]  # generic in its stubs only
    """Fed by the connection's thread, read by one other. `wanted`: the number of answers for which that one is woken."""

    def __init__(self) -> None:
        super().__init__()
        self.wanted = 1
        self._guard = threading.Lock()
        self._asleep = threading.Lock()  # let go to wake who waits; once too often does no harm
        self._asleep.acquire()
        self._waits = False
        self._came = bytearray()
        self._whole = 0  # bytes of the answers that are whole
        self._count = 0  # of them
        self._latest = 0.0  # when the last of them was

    def feed(self, data: Any) -> None:
        """Take what came: more than the window breaks the connection, and so does a length that nobody needs."""
        with self._guard:
            if len(self._came) + len(data) > AHEAD:
                raise paramiko.SSHException("more than the window")
            self._came += data
            self._walk()
            self._wake()

    def read(self, nbytes: int, timeout: float | None = None) -> bytes:
        """Give whole answers: those that are wanted, or enough of them, or what there is when nothing more comes.

        `timeout`: how long each may take, from the one before it.
        """
        since = time.monotonic()
        while True:
            with self._guard:
                self._waits = not self._ready()
                if not self._waits:
                    return self._taken()
                left = None if timeout is None else max(since, self._latest) + timeout - time.monotonic()
                if left is not None and left <= 0:
                    raise PipeTimeout
            self._asleep.acquire(timeout=-1 if left is None else left)

    def close(self) -> None:
        """Have nothing more come."""
        with self._guard:
            self._closed = True
            self._wake()

    def __len__(self) -> int:
        """Count the bytes that wait."""
        return len(self._came)

    def _walk(self) -> None:
        came, at = self._came, self._whole
        while len(came) - at >= 4:
            size = _LENGTH.unpack_from(came, at)[0]
            if not 0 < size <= LONGEST:
                raise paramiko.SSHException("an answer of this length is none")
            if len(came) - at - 4 < size:
                break
            at += 4 + size
            self._count += 1
        if at > self._whole:
            self._whole, self._latest = at, time.monotonic()

    def _ready(self) -> bool:
        return self._count >= self.wanted or self._whole >= ENOUGH or self._closed

    def _wake(self) -> None:
        if self._waits and self._ready():
            self._waits = False
            if self._asleep.locked():
                self._asleep.release()

    def _taken(self) -> bytes:
        data = bytes(self._came[: self._whole])
        del self._came[: self._whole]
        self._whole = self._count = 0
        return data


class Dropped(BufferedPipe):  # type: ignore[type-arg]  # generic in its stubs only
    """What the far side says beside the answers (its standard error): nobody reads it, so nothing is kept."""

    def feed(self, data: bytes | str) -> None:
        """Take nothing."""


def answers_in(data: bytes) -> list[bytes]:
    """Cut whole answers apart."""
    answers, at = [], 0
    while at < len(data):
        end = at + 4 + _LENGTH.unpack_from(data, at)[0]
        answers.append(data[at + 4 : end])
        at = end
    return answers
