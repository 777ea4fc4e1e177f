"""What was looked up at once, for many keys, and is told from memory in the rest of the commit.

Promise: the same answer as the book's. What changes a row that is remembered forgets everything; what was remembered in
a part of the commit that is taken back is forgotten with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, Protocol, TypeVar

from translator.ledger.spoken import Spoken


class Kept(Protocol):
    """A document: its key, and that of the order it is about."""

    @property
    def account(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def about(self) -> str: ...


K = TypeVar("K", bound=Kept)


class Remembered(Generic[K]):
    """What stands under keys, in the order it came."""

    def __init__(self, connection: Spoken) -> None:
        self._connection = connection
        self._seen: dict[tuple[str, str], list[K]] = {}
        self._taken_back = 0

    def take(self, account: str, found: Mapping[str, list[K]]) -> None:
        """Remember all that stands under these keys, also where that is nothing."""
        self._true().update({(account, key): stand for key, stand in found.items()})

    def under(self, account: str, key: str) -> list[K] | None:
        """Give what stands under a key; None: it was not looked up."""
        return self._true().get((account, key))

    def add(self, one: K) -> None:
        """Remember what comes to stand under its keys."""
        for key in {one.key, one.about}:
            if (stand := self._true().get((one.account, key))) is not None:
                stand.append(one)

    def forget(self) -> None:
        """Forget everything: something changed."""
        self._seen.clear()

    def _true(self) -> dict[tuple[str, str], list[K]]:
        if self._taken_back != self._connection.taken_back:
            self._taken_back = self._connection.taken_back
            self._seen.clear()
        return self._seen
