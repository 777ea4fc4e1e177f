"""The porter's side: a thread for each line, which does there what the thread at the other end asks for.

Promise: a put stops where *staged* has to be committed, and goes on only when it is told that it is; what a line that
breaks had under way is given up, as in a crash. What one question asks for is begun within a minute of it, or not at all:
the leases of who asks for it run. When the control ends, all ends at once: the service is gone.
"""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from threading import Lock, Thread
from typing import Any, Final

from translator.core.finding import Unavailable
from translator.core.ports import Clock
from translator.endpoints.endpoint import Outgoing, Receipt
from translator.endpoints.files import LocalFiles
from translator.endpoints.folder import Folder
from translator.endpoints.porter.words import (
    Answer,
    Begin,
    Do,
    Fetch,
    Given,
    Prevented,
    Question,
    Staged,
    Staging,
    Where,
    answer_of,
)
from translator.endpoints.shelf import CHUNK
from translator.endpoints.turns import Asked, Turns

LATE: Final = 60.0  # seconds after a question: half of a lease may be over when it is asked, and all of it must not be
TOO_LATE: Final = f"not begun within {LATE:g} s: what was asked for with it took too long"
TIMED_OUT: Final = Prevented(TOO_LATE, 0.0, "")
_PLAIN: Final = ("list", "dispose", "settled", "look", "temporaries", "drop")


def serve(control: int, clock: Clock) -> None:
    """Serve each line that comes over a socket, until that ends; then end at once."""
    for one in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(one, signal.SIG_IGN)  # it is the service that is told to stop, and ends us
    answer(socket.socket(fileno=control), clock, lambda where: Folder(where.path, LocalFiles(), clock, where.options))
    os._exit(0)  # whatever is under way: nobody is there who could commit what comes of it


def answer(control: socket.socket, clock: Clock, make: Callable[[Where], Folder]) -> None:
    """Answer each line that comes over a socket, in a thread of its own, until that ends."""
    folders = _Folders(make)
    with control:
        while True:
            call, descriptors, _, _ = socket.recv_fds(control, 1, 1)
            if not call:
                return
            for descriptor in descriptors:
                clerk = _Clerk(Connection(descriptor), clock, folders)
                try:
                    Thread(target=clerk.serve, daemon=True).start()
                except RuntimeError:  # too many threads: this one line ends
                    clerk.line.close()


@dataclass(slots=True)
class _Folders:
    """The folders that were asked for, by their number: each is one object for all threads."""

    make: Callable[[Where], Folder]
    made: dict[int, Folder] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def of(self, where: Where) -> Folder:
        with self.lock:
            if where.number not in self.made:
                self.made[where.number] = self.make(where)
            return self.made[where.number]

    def forget(self, where: Where) -> None:
        with self.lock:
            self.made.pop(where.number, None)


class _Putting:
    """One put under way. `late`: tells whether too much time has passed for a rename."""

    def __init__(self, folder: Folder, outgoing: Outgoing, late: Callable[[], bool]) -> None:
        self._late = late
        self._home: str | None = None  # *staged* is asked for, with this
        self._staged = False
        self._turns: Turns[Receipt] = folder.putting(outgoing, self._staging)

    def told(self, staged: Staged) -> None:
        """Hear whether *staged* is committed."""
        self._home, self._staged = None, staged.yes

    def step(self) -> Answer | None:
        """Go one turn on; give what is to be said, if anything is."""
        end: list[Receipt] = []

        def go() -> None:
            try:
                next(self._turns)
            except StopIteration as stop:
                end.append(stop.value)

        answer = answer_of(go)
        if not isinstance(answer, Given):
            return answer
        if end:
            return Given(end[0])
        return None if self._home is None else Staging(self._home)

    def _staging(self, home: str) -> Asked:
        self._home = home
        return self._asked

    def _asked(self) -> None:
        if not self._staged:
            raise Unavailable("not staged")
        if self._late():
            raise Unavailable(TOO_LATE)


@dataclass(slots=True)
class _Clerk:
    """Who serves one line."""

    line: Connection
    clock: Clock
    folders: _Folders
    asked: float = 0.0  # when it was asked last
    kept: ExitStack = field(default_factory=ExitStack)
    puts: dict[int, _Putting] = field(default_factory=dict)

    def serve(self) -> None:
        """Answer until the line ends."""
        with self.kept, suppress(EOFError, OSError):  # of the line: what a folder raises is an answer
            while True:
                question: Question | Fetch = self.line.recv()
                self.asked = self.clock.monotonic()
                if isinstance(question, Question):
                    self.line.send(self._answers(question))
                else:
                    for answer in self._fetched(question):
                        self.line.send(answer)

    def _answers(self, question: Question) -> Mapping[int, Answer]:
        """Do at once what can be; go on with the puts, in turns, until each asks for *staged* or has ended."""
        folder = self.folders.of(question.where)
        does = self._does(question.where, folder)
        answers: dict[int, Answer] = {}
        left = []
        for number, act in question.acts.items():
            if isinstance(act, Do):
                answers[number] = TIMED_OUT if self._late() else answer_of(partial(does[act.what], *act.with_))
                continue
            if isinstance(act, Begin):
                self.puts[number] = _Putting(folder, act.outgoing, self._late)
            else:
                self.puts[number].told(act)
            left.append(number)
        while left:
            for number in left:
                if answer := self.puts[number].step():
                    answers[number] = answer
                    if not isinstance(answer, Staging):
                        del self.puts[number]
            left = [number for number in left if number not in answers]
        return answers

    def _late(self) -> bool:
        return self.clock.monotonic() - self.asked > LATE

    def _does(self, where: Where, folder: Folder) -> Mapping[str, Callable[..., Any]]:
        """Give what a folder does, by the names that it is asked by."""
        return {
            "keep": lambda: self.kept.enter_context(folder.kept()),
            "let_go": self.kept.close,
            "whole": lambda seen: b"".join(folder.fetch(seen)),
            "close": lambda: self.folders.forget(where),
            **{name: getattr(folder, name) for name in _PLAIN},
        }

    def _fetched(self, question: Fetch) -> Iterator[Answer]:
        pieces = _gathered(self.folders.of(question.where).fetch(question.seen))
        while isinstance(answer := answer_of(lambda: next(pieces, b"")), Given) and answer.value:
            yield answer
        yield answer


def _gathered(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Put small pieces together, up to the size of one message."""
    held = bytearray()
    for piece in pieces:
        held += piece
        if len(held) >= CHUNK:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)
