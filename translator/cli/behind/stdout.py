"""stdout as it is watched: where it takes no more (its disk is full), that is told in a line, with an exit code of its own.

Promise: any other fault of the world stays what it is; a reader that went away (`| head`) is click's to end.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_NUMBER: Final = 1  # of stdout


class Mute(OSError):
    """What was said could not be written."""


class _Watched(io.FileIO):
    def write(self, data: ReadableBuffer, /) -> int:
        try:
            return super().write(data)
        except OSError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), _NUMBER)  # else Python tries to write what is left, as it ends
            raise Mute(error.errno, error.strerror) if error.errno != errno.EPIPE else error from None


@contextmanager
def watched() -> Iterator[None]:
    """Raise Mute, where stdout takes no more, for what is said inside."""
    before = sys.stdout
    if before is None:  # it was closed
        yield
        return
    raw = io.BufferedWriter(_Watched(_NUMBER, "w", closefd=False))
    sys.stdout = io.TextIOWrapper(raw, before.encoding, before.errors, line_buffering=before.isatty())
    try:
        yield
    finally:
        with suppress(BrokenPipeError):
            sys.stdout.flush()
