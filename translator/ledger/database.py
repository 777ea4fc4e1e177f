"""What the book needs of a database: commits one after the other, whole or not at all, and looks that change nothing.

Whoever writes has the write lock from the first statement on, so that nothing that was read in a commit can be out of
date when it ends: all that the acts promise rests on this.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import Connection

from translator.ledger.age import Age


class Database(Protocol):
    """Where the book lies. `place`: as a person is told. `alone`: one service has it, and nobody else.

    `fresh`: the commit is the first one over its connection, so it may be another server's.
    """

    place: str
    alone: bool
    fresh: bool

    def take(self) -> None:
        """Become one that writes. Raises Taken, Unavailable, Misconfigured."""
        ...

    def inspect(self, connection: Connection) -> None:
        """Refuse what is damaged, inside the first commit. Raises Broken."""
        ...

    def find(self) -> None:
        """Become one that only looks. Raises Misconfigured where there is no book."""
        ...

    def writing(self) -> AbstractContextManager[Connection]:
        """Begin a commit, with the write lock; it ends with the block."""
        ...

    def aside(self) -> AbstractContextManager[Connection]:
        """Begin a commit without the write lock, for what concerns nobody else. Only where several write."""
        ...

    def looking(self) -> AbstractContextManager[Connection]:
        """Begin a look."""
        ...

    def outside(self, connection: Connection) -> str:
        """Give what is known outside of the book about which book it is, and how far it has come."""
        ...

    def mark(self, age: Age) -> None:
        """Say outside of the book how far it has come. Only where one service writes."""
        ...

    def wipe(self, patience: float) -> bool:
        """Leave nothing of what was deleted in a journal; tell whether that is so, or somebody was in the way so long."""
        ...

    def told(self) -> float | None:
        """Say what time the database had when the commit began; None: this machine's clock is the one that counts."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...

    def abandon(self) -> None:
        """Let go without another word to a disk that failed: asked to sync again, it may say that all is well."""
        ...
