"""One SFTP channel: requests sent in one flight, their answers awaited together.

Promise: each request's status is looked at, and an answer is that of its request or none. In trouble: a channel whose
answers are late or make no sense is out of step, and Unavailable; what the server refused is the exception it would be.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import paramiko
from paramiko import sftp as wire
from paramiko.common import MSG_CHANNEL_DATA

from translator.endpoints.sftp.answers import judged, number_of, offered
from translator.endpoints.sftp.broken import lost
from translator.endpoints.sftp.inbox import AHEAD, Dropped, Inbox, answers_in
from translator.endpoints.sftp.packets import DATA
from translator.endpoints.sftp.requests import hello, request_of
from translator.endpoints.sftp.settings import Settings
from translator.endpoints.sftp.transport import Transport

SLOWEST: Final = 4_096  # bytes a second of a wire that is worth using
VERSION: Final = 3
NUMBERS: Final = 2**32  # that tell requests apart
_AWAITED: Final = object()

Request = tuple[Any, ...]  # its code, and its parts
Flight = tuple[int, tuple[Request, ...]]  # the number of the first, and those that follow it


class Channel:
    """Requests and their answers. Used by one thread at a time."""

    def __init__(self, transport: Transport, settings: Settings) -> None:
        self.transport = transport
        self.in_step = True  # False: an answer may still be on its way
        self._settings = settings
        self._lost = lost(settings)
        self._number = 0
        self._inbox = Inbox()
        self._channel = channel = transport.open_session(timeout=settings.reply)
        channel.in_buffer, channel.in_stderr_buffer = self._inbox, Dropped()
        transport.inboxes[channel.chanid] = self._inbox
        with _ending(transport, settings.reply):
            channel.invoke_subsystem("sftp")
        self.offers = self._greet()

    @property
    def ended(self) -> bool:
        """Tell whether the far side closed it: what served it there has ended, though the connection may stand."""
        return bool(self._channel.eof_received)

    @property
    def stands(self) -> bool:
        """Tell whether it may be used: some servers close a channel over which nothing was said for a while."""
        return not (self.ended or self._channel.closed)

    def ask(self, *requests: Request) -> list[Any]:
        """Send the requests at once; give the answers in their order: what they bring, or None for OK and for the end.

        All answers are awaited before the first refusal is raised, so the channel stays in step.
        """
        return none_refused(self.heard(self.sent(*requests)))

    def tell(self, *requests: Request) -> list[Any]:
        """Do the same; what is refused is given as well, as the exception it would be."""
        return self.heard(self.sent(*requests))

    def sent(self, *requests: Request) -> Flight:
        """Send the requests; until their answers are heard the channel serves nothing else."""
        with self._lost:
            if not self.in_step:
                raise EOFError
            self.in_step = False
            first, self._number = self._number, self._number + len(requests)
            numbered = enumerate(requests, first)
            self._write_all(b"".join([request_of(number % NUMBERS, *request) for number, request in numbered]))
        return first, requests

    def heard(self, flight: Flight) -> list[Any]:
        """Await the answers to what was sent."""
        with self._lost:
            outcomes = self._outcomes(*flight)
            self.in_step = True
        return outcomes

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """Read what a server said while more of it is on its way."""
        with self._lost:
            yield

    def _outcomes(self, first: int, requests: Sequence[Request]) -> list[Any]:
        outcomes: list[Any] = [_AWAITED] * len(requests)
        left = len(requests)
        while left:
            for answer in self._read(left):
                at = (number_of(answer) - first) % NUMBERS
                if at >= len(outcomes) or outcomes[at] is not _AWAITED:
                    raise wire.SFTPError("an answer to nothing")
                outcomes[at] = judged(requests[at], answer)
                left -= 1
        return outcomes

    def _greet(self) -> frozenset[str]:
        """Exchange versions; give the names of the extensions the server offers."""
        self._write_all(hello(VERSION))
        answer, *more = self._read(1)
        if more:
            raise wire.SFTPError("an answer to nothing")
        return offered(answer)

    def _write_all(self, out: bytes) -> None:
        """Send all of it, within the time of one answer and what the slowest wire needs."""
        until = time.monotonic() + self._settings.reply + len(out) / SLOWEST
        channel, rest = self._channel, out
        while rest:
            channel.settimeout(max(0.001, until - time.monotonic()))
            with channel.lock:
                size = channel._wait_for_send_window(len(rest))  # type: ignore[attr-defined]  # noqa: SLF001
            if size <= 0:
                raise EOFError
            self.transport.say(DATA.pack(MSG_CHANNEL_DATA, channel.remote_chanid, size) + rest[:size])
            rest = rest[size:]

    def _read(self, wanted: int) -> list[bytes]:
        """Read answers, so many where there is room for them, each whole within its time."""
        self._inbox.wanted = wanted
        self._channel.settimeout(self._settings.reply)
        data = self._channel.recv(AHEAD)
        if not data:
            raise EOFError
        return answers_in(data)


def none_refused(answers: list[Any]) -> list[Any]:
    """Give the answers, or raise the first that is a refusal."""
    for one in answers:
        if isinstance(one, OSError):
            raise one
    return answers


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
