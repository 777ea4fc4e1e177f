"""A line to the porter for each thread that carries: a question goes out, an answer comes back.

Promise: the process is started when it is first needed, and again when it ended; it ends with the service, by whatever
way that ends. In trouble: Unavailable, and whoever asks next has a new line, to a new process if need be.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from subprocess import TimeoutExpired
from threading import Lock, local
from typing import Any, Final, Protocol

from translator.core.finding import Unavailable
from translator.endpoints.porter.words import Act, Answer, Fetch, Question, Where

CALL: Final = b"+"  # beside it goes the other end of a line
REPLACED: Final = 3  # the code of a process that says other things than the one that started it
PATIENCE: Final = 5.0  # seconds for a process that is killed
GONE: Final = "the process that carries files ended (it is started again)"


@dataclass(slots=True)
class Line:
    """What one thread speaks over. Once it is broken, nothing more is heard over it.

    `busy`: pieces of a file are still to be heard. What is noted goes out with the first question that needs an answer.
    """

    connection: Connection
    process: int  # the number of the process at the other end: each that is started has the next one
    broken: bool = False
    busy: bool = False
    _number: int = 0
    _noted: dict[int, Act] = field(default_factory=dict)
    _answers: dict[int, Answer] = field(default_factory=dict)

    def note(self, act: Act, number: int = 0) -> int:
        """Note what is to be done with the next question; give the number it goes by.

        `number`: of the put that goes on with it; 0: it is something new.
        """
        self._number += 1
        self._noted[number or self._number] = act
        return number or self._number

    def answer(self, number: int, where: Where) -> Answer:
        """Give the answer to what was noted; the first who wants his asks for all. Raises Unavailable."""
        if number not in self._answers:
            noted, self._noted = self._noted, {}
            self._say(Question(where, noted))
            answers: Mapping[int, Answer] = self._through(self.connection.recv)
            self._answers.update(answers)
        return self._answers.pop(number)

    def clear(self) -> None:
        """Drop what was noted, and the answers nobody asked for."""
        self._noted, self._answers = {}, {}

    def fetch(self, fetch: Fetch) -> None:
        """Ask for the bytes of a file: they are heard piece by piece. Raises Unavailable."""
        self._say(fetch)
        self.busy = True

    def piece(self) -> bytes:
        """Wait for the next piece; none at the end. Raises what the answer raises, which is its end, or Unavailable."""
        self.busy = False
        answer: Answer = self._through(self.connection.recv)
        piece: bytes = answer.had()
        self.busy = bool(piece)
        return piece

    def close(self) -> None:
        """Let go: what was begun and not ended is given up at the other end."""
        self.broken = True
        with suppress(OSError):
            self.connection.close()

    def _say(self, what: Question | Fetch) -> None:
        self._through(lambda: self.connection.send(what))

    def _through(self, act: Callable[[], Any]) -> Any:
        if self.broken:
            raise gone()
        try:
            return act()
        except (EOFError, OSError):
            self.close()
            raise gone() from None
        except Exception:  # what was heard cannot be understood: nor what comes after it
            self.close()
            raise


def gone() -> Unavailable:
    """Say that the process ended."""
    return Unavailable(GONE, sort="away")


class Process(Protocol):
    """A process that was started, as `subprocess.Popen` is one."""

    def poll(self) -> int | None:
        """Tell whether it ended: None, as long as it did not."""
        ...

    def kill(self) -> None:
        """End it."""
        ...

    def wait(self, timeout: float) -> int:
        """Wait so many seconds until it has ended. Raises TimeoutExpired."""
        ...


class _Mine(local):
    """The line of one thread."""

    line: Line | None = None


class Porter:
    """The process, and how it is reached. `start`: starts it, with its end of the control; raises OSError."""

    def __init__(self, start: Callable[[int], Process]) -> None:
        self._start = start
        self._lock = Lock()
        self._mine = _Mine()
        self._process: Process | None = None
        self._control: socket.socket | None = None
        self._number = 0  # of the process

    @property
    def runs(self) -> bool:
        """Tell whether the process was started, and lives."""
        process = self._process
        return process is not None and process.poll() is None

    def line(self) -> Line:
        """Give this thread's line, a new one where it broke or was not heard to its end. Raises Unavailable."""
        mine = self._mine.line
        if mine is not None and mine.busy:
            mine.close()
        if mine is None or mine.broken:
            mine = self._mine.line = self._called()
        return mine

    def close(self) -> None:
        """Have the process end, with all that is under way there; who asks later has it started again."""
        with self._lock:
            self._end()

    def _called(self) -> Line:
        with self._lock:
            control = self._running()
            ours, theirs = _pair()
            with theirs:
                try:
                    socket.send_fds(control, [CALL], [theirs.fileno()])
                except OSError:
                    ours.close()
                    self._end()
                    raise gone() from None
            return Line(Connection(ours.detach()), self._number)

    def _running(self) -> socket.socket:
        if self._control is not None and self.runs:
            return self._control
        if self._process is not None and self._process.poll() == REPLACED:
            raise Unavailable(
                "another translator is installed than the one that runs (restart the service)", sort="away"
            )
        self._end()
        self._number += 1
        self._control, theirs = _pair()
        with theirs:
            try:
                self._process = self._start(theirs.fileno())
            except OSError as error:
                self._end()
                raise _unable(error) from None
        return self._control

    def _end(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.kill()
            with suppress(TimeoutExpired):  # a share that hangs keeps it: then it goes with its last call
                self._process.wait(PATIENCE)
        self._control = self._process = None
        self._mine = _Mine()  # with the process ends each thread's line


def _pair() -> tuple[socket.socket, socket.socket]:
    try:
        return socket.socketpair()
    except OSError as error:
        raise _unable(error) from None


def _unable(error: OSError) -> Unavailable:
    return Unavailable(f"the process that carries files could not be started: {error.strerror}", sort="away")
