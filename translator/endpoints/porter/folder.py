"""A folder of this machine for the stations, carried by the porter: what a question costs is paid once for several files.

Promises and trouble are the folder's own; that the porter ended is Unavailable, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from itertools import count
from typing import Any, Final

from translator.core.finding import Unavailable
from translator.endpoints.endpoint import Listing, Looked, Outgoing, Put, Receipt, Seen, may
from translator.endpoints.options import Options
from translator.endpoints.porter.lines import Porter, gone
from translator.endpoints.porter.words import Begin, Do, Fetch, Staged, Staging, Where
from translator.endpoints.turns import Asked, Turns, alone

_NUMBERS: Final = count(1)


class PortedFolder:
    """Reads out of and writes into one folder of this machine, through the porter."""

    stages: bool = True

    def __init__(self, porter: Porter, path: str, options: Options) -> None:
        self._porter = porter
        self._where = Where(next(_NUMBERS), path, options)
        self._disposed: set[int] = set()  # the processes over which something was disposed of since it was settled

    def list(self, bookmark: str) -> Listing:
        listing: Listing = self._done("list", bookmark)
        return listing

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep it open for several files. Where it cannot be opened, each of them tells so."""
        with suppress(Unavailable):
            self._done("keep")
        try:
            yield
        finally:
            with suppress(Unavailable):
                self._porter.line().clear()
                self._done("let_go")

    def fetch(self, seen: Seen) -> Iterator[bytes]:
        line = self._porter.line()
        line.fetch(Fetch(self._where, seen))
        while piece := line.piece():
            yield piece

    def fetching(self, seen: Seen) -> Turns[bytes]:
        data: bytes = yield from self._doing("whole", seen)
        return data

    def dispose(self, seen: Seen) -> None:
        alone(self.disposing(seen))

    def disposing(self, seen: Seen) -> Turns[None]:
        self._disposed.add(self._porter.line().process)
        yield from self._doing("dispose", seen)

    def settled(self) -> None:
        over, self._disposed = self._disposed, set()
        if over - {self._porter.line().process}:
            raise gone()  # and knew alone what was to be settled
        self._done("settled")

    def put(self, outgoing: Outgoing, staged: Callable[[str], None]) -> Receipt:
        return alone(self.putting(outgoing, lambda home: partial(staged, home)))

    def putting(self, outgoing: Outgoing, staging: Callable[[str], Asked]) -> Turns[Receipt]:
        line = self._porter.line()
        number = line.note(Begin(replace(outgoing, first=may)))  # asked by the station: it cannot go to another process
        yield
        answer = line.answer(number, self._where)
        while isinstance(answer, Staging):
            staged = staging(answer.home)
            yield
            refused = _refused(staged)
            line.note(Staged(refused is None), number)
            yield
            answer = line.answer(number, self._where)
            if refused is not None:
                raise refused
        receipt: Receipt = answer.had()
        return receipt

    def look(self, puts: Sequence[Put]) -> Sequence[Looked]:
        looked: Sequence[Looked] = self._done("look", puts)
        return looked

    def temporaries(self) -> Sequence[str]:
        names: Sequence[str] = self._done("temporaries")
        return names

    def drop(self, names: Sequence[str]) -> None:
        self._done("drop", names)

    def close(self) -> None:
        """Have it forgotten, if anybody knows of it."""
        if self._porter.runs:
            with suppress(Unavailable):
                self._done("close")

    def _done(self, what: str, *with_: Any) -> Any:
        return alone(self._doing(what, *with_))

    def _doing(self, what: str, *with_: Any) -> Turns[Any]:
        line = self._porter.line()
        number = line.note(Do(what, with_))
        yield
        return line.answer(number, self._where).had()


def _refused(staged: Asked) -> Exception | None:
    """Wait until *staged* is committed; give what was raised where it is not."""
    try:
        staged()
    except Exception as error:  # noqa: BLE001 (raised once the other side has cleaned up)
        return error
    return None
