"""What operators ask of the service: in a file of its own beside the ledger, so that asking needs no lock of the service.

On a server the moves stand in the ledger's own database, with a write lock of their own.

Asking writes a row; the service carries it out and answers. The ledger notes the last applied move in the same commit
as what it did (`book.applied`), so after a crash the move is answered, not applied again. Ids grow with the time: a
file that was lost and made anew does not give an id a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import RLock
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, func, insert, select, update

from translator.core.address import Address
from translator.core.finding import Finding, Misconfigured, Place
from translator.core.ports import Clock
from translator.ledger import postgres, sqlite
from translator.ledger.making import make
from translator.ledger.schema import MOVES_METADATA, move
from translator.ledger.trouble import told

VERSION: Final = 1  # of the file's one table


@dataclass(frozen=True, slots=True)
class Move:
    """What an operator asks. `answered` None: it waits for the service."""

    id: int
    verb: str
    arguments: Mapping[str, Any]
    by: str
    at: float
    answered: float | None
    ok: bool | None
    outcome: str


_ALL: Final[Select[Any]] = select(*(move.c[name] for name in Move.__slots__)).order_by(move.c.id)
_WAITING: Final = _ALL.where(move.c.answered.is_(None))
_GET: Final = _ALL.where(move.c.id == bindparam("which"))
_LAST: Final = select(func.max(move.c.id))
_ASK: Final = insert(move)
_ANSWER: Final = (
    update(move)
    .where(move.c.id == bindparam("which"), move.c.answered.is_(None))
    .values(answered=bindparam("now"), outcome=bindparam("said"), ok=bindparam("well"), arguments=bindparam("left"))
)

Turn = Callable[[], AbstractContextManager[Connection]]


class Moves:
    """The moves: opened by the service and by every command that asks."""

    def __init__(
        self, turn: Turn, close: Callable[[], None], clock: Clock, wipe: Callable[[], object] = lambda: None
    ) -> None:
        self._in_turn = turn
        self._wipe = wipe
        self._close = close
        self._clock = clock
        self._one = RLock()

    @classmethod
    def open(cls, ledger: Path | Address, clock: Clock, journal: sqlite.Journal = "auto") -> Moves:
        """Open the moves of a ledger; a file is made where absent. Raises Misconfigured for a newer one, Unavailable."""
        with told():
            if isinstance(ledger, Path):
                return cls._beside(moves_path(ledger), clock, journal)
            server = postgres.Server(ledger, postgres.MOVES)
            server.take()
            return cls(server.writing, server.close, clock)

    @classmethod
    def _beside(cls, path: Path, clock: Clock, journal: sqlite.Journal) -> Moves:
        engine = sqlite.writer(path, sqlite.chosen(journal))

        @contextmanager
        def turn() -> Iterator[Connection]:
            with engine.connect() as connection, sqlite.writing(connection):
                yield connection

        with turn() as connection:
            _make(connection, path)
        return cls(turn, engine.dispose, clock, partial(sqlite.empty, engine, 0))  # nobody is waited for

    def ask(self, verb: str, arguments: Mapping[str, Any], by: str) -> int:
        """Ask for a move; give its id."""
        now = self._clock.now().timestamp()
        with self._turn() as connection:
            last = connection.execute(_LAST).scalar() or 0
            id = max(int(last) + 1, int(now * 1000))
            row = {"id": id, "verb": verb, "arguments": dict(arguments), "by": by, "at": now}
            connection.execute(_ASK, row)
        return id

    def waiting(self) -> list[Move]:
        """Give the moves that are not answered, the first asked first."""
        with self._turn() as connection:
            return [Move(*row) for row in connection.execute(_WAITING)]

    def get(self, id: int) -> Move | None:
        """Give one move."""
        with self._turn() as connection:
            row = connection.execute(_GET, {"which": id}).one_or_none()
        return None if row is None else Move(*row)

    def answer(self, id: int, outcome: str, ok: bool) -> None:  # noqa: FBT001  it is what is written down
        """Answer a move; the first answer stands. The reason it was asked for is the ledger's from then on, and goes here."""
        asked = {"which": id, "now": self._clock.now().timestamp(), "said": outcome, "well": ok}
        with self._turn() as connection:
            row = connection.execute(_GET, {"which": id}).one_or_none()
            if row is not None:
                left = {name: value for name, value in row.arguments.items() if name != "reason"}
                connection.execute(_ANSWER, {**asked, "left": left})
        with told(), self._one:
            self._wipe()  # of the journal as well

    def close(self) -> None:
        """Let go of the file, or of the server."""
        self._close()

    @contextmanager
    def _turn(self) -> Iterator[Connection]:
        with told(), self._one, self._in_turn() as connection:
            yield connection


def moves_path(ledger: Path) -> Path:
    """Give the file of moves that belongs to a ledger."""
    return ledger.with_name(ledger.name + ".moves")


def _make(connection: Connection, path: Path) -> None:
    version = int(connection.exec_driver_sql("PRAGMA user_version").scalar() or 0)
    if version > VERSION:
        text = "the moves were written by a newer version of the translator"
        raise Misconfigured([Finding("ledger-newer", text, Place(str(path)))])
    if version < VERSION:
        make(connection, MOVES_METADATA)
        connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")
