"""What the service says to the journal: one line per fact, on stderr; JSON when nobody watches.

Promises: only the keys of KEYS leave, each as a short plain value; what an exception says, bodies and personal values
never do: of an exception its class and the place in our code. What libraries log is cut down to who said something, and how bad it
is. In trouble: a key that is not on the list is dropped and counted, never an error.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import traceback
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Final, TextIO, cast

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor

KEYS: Final = frozenset(
    "event level timestamp po row interchange move lane station route endpoint kind code state count size hash seconds request "
    "error where why file line signal logger dropped version account".split()
)
LONGEST: Final = 200
_PRIORITY: Final = {"critical": 2, "error": 3, "warning": 4, "info": 6, "debug": 7}  # sd-daemon(3)


def configure(stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Set up the log of this process: once, before anything is said. What nobody catches goes there as well."""
    out = stream or sys.stderr
    structlog.configure(
        processors=[structlog.processors.add_log_level, _failed, allowed, *_shape(out)],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(handlers=[_Foreign()], level=logging.WARNING, force=True)
    sys.excepthook = lambda _, error, __: _uncaught(error)
    threading.excepthook = lambda thrown: _uncaught(thrown.exc_value)


def log() -> FilteringBoundLogger:
    """Give the log."""
    return cast("FilteringBoundLogger", structlog.get_logger())


def allowed(logger: Any, method: str, event: EventDict) -> EventDict:
    """Let through what is on the list, in short plain values; say how many keys were dropped."""
    kept: EventDict = {key: _plain(value) for key, value in event.items() if key in KEYS}
    dropped = len(event) - len(kept)
    return {**kept, "dropped": dropped} if dropped else kept


def where(trace: TracebackType | None) -> str:
    """Name the place in our code that an exception came from: file, line and function, never its text."""
    frames = traceback.extract_tb(trace)
    ours = [frame for frame in frames if "translator/" in frame.filename] or list(frames)
    if not ours:
        return "?"
    last = ours[-1]
    return f"{last.filename.rsplit('translator/', 1)[-1]}:{last.lineno} {last.name}"


def _failed(logger: Any, method: str, event: EventDict) -> EventDict:
    info = event.pop("exc_info", None)
    error = sys.exc_info()[1] if info is True else info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["where"] = where(error.__traceback__)
    return event


def _uncaught(error: BaseException | None) -> None:
    """Say what nobody caught as everything else is said: Python's own traceback would quote it."""
    log().critical("fault", exc_info=error)


def _plain(value: object) -> str | int | float | bool | None:
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value) if isinstance(value, str | os.PathLike) else type(value).__name__
    return text.encode("unicode_escape").decode("ascii")[:LONGEST]


def _shape(out: TextIO) -> list[Processor]:
    if out.isatty():
        return [structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False), structlog.dev.ConsoleRenderer()]
    lines: list[Processor] = [
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.JSONRenderer(),
    ]
    if "JOURNAL_STREAM" in os.environ:  # journald takes the priority from the beginning of the line
        return [*lines[:1], _remembered, lines[1], _prefixed]
    return lines


def _remembered(logger: Any, method: str, event: EventDict) -> EventDict:
    return {"level": event.pop("level", method), **event}


def _prefixed(logger: Any, method: str, line: Mapping[str, Any] | str | bytes | bytearray | tuple[Any, ...]) -> str:
    return f"<{_PRIORITY.get(method, 6)}>{line!s}"


class _Foreign(logging.Handler):
    """What a library logs may hold anything: only its name and the severity pass."""

    def emit(self, record: logging.LogRecord) -> None:
        log().log(record.levelno, "library", logger=record.name, where=f"{record.filename}:{record.lineno}")
