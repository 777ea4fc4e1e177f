"""One SFTP channel: requests sent in one flight, their answers awaited together.

Promise: each request's status is looked at, and an answer is that of its request or none. In trouble: a channel whose
answers are late or make no sense is out of step, and Unavailable; what the server refused is the exception it would be.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import paramiko
from paramiko import sftp as wire

from translator.endpoints.sftp.answers import judged, number_of, offered
from translator.endpoints.sftp.broken import lost
from translator.endpoints.sftp.inbox import AHEAD, Dropped, Inbox, answers_in
from translator.endpoints.sftp.requests import hello, request_of
from translator.endpoints.sftp.settings import Settings
from translator.endpoints.sftp.transport import Transport

SLOWEST: Final = 4_096  # bytes a second of a wire that is worth using
VERSION: Final = 3

Request = tuple[Any, ...]  # its code, and its parts


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
        with _ending(transport, settings.reply):
            channel.invoke_subsystem("sftp")
        self.offers = self._greet()

    def ask(self, *requests: Request) -> list[Any]:
        """Send the requests at once; give the answers in their order: what they bring, or None for OK and for the end.

        All answers are awaited before the first refusal is raised, so the channel stays in step.
        """
        return none_refused(self.heard(self.sent(*requests)))

    def tell(self, *requests: Request) -> list[Any]:
        """Do the same; what is refused is given as well, as the exception it would be."""
        return self.heard(self.sent(*requests))

    def sent(self, *requests: Request) -> dict[int, Request]:
        """Send the requests; until their answers are heard the channel serves nothing else."""
        with self._lost:
            if not self.in_step:
                raise EOFError
            self.in_step = False
            numbered = {self._next(): request for request in requests}
            self._write_all(b"".join([request_of(number, *request) for number, request in numbered.items()]))
        return numbered

    def heard(self, numbered: dict[int, Request]) -> list[Any]:
        """Await the answers to what was sent."""
        with self._lost:
            answers = self._answers(numbered)
            outcomes = [judged(request, answers[number]) for number, request in numbered.items()]
            self.in_step = True
        return outcomes

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """Read what a server said while more of it is on its way."""
        with self._lost:
            yield

    def _answers(self, asked: dict[int, Request]) -> dict[int, bytes]:
        answers: dict[int, bytes] = {}
        while len(answers) < len(asked):
            for answer in self._read(len(asked) - len(answers)):
                number = number_of(answer)
                if number not in asked or number in answers:
                    raise wire.SFTPError("an answer to nothing")
                answers[number] = answer
        return answers

    def _greet(self) -> frozenset[str]:
        """Exchange versions; give the names of the extensions the server offers."""
        self._write_all(hello(VERSION))
        answer, *more = self._read(1)
        if more:
            raise wire.SFTPError("an answer to nothing")
        return offered(answer)

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
