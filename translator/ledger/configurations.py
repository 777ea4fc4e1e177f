"""The files of the site that were in force, by the hash that is stamped on what they wrote; and which are now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from translator.ledger.bookmarks import Bookmarks
from translator.ledger.schema import configuration
from translator.ledger.spoken import Spoken

_PUT: Final = insert(configuration).on_conflict_do_nothing()
_IN_FORCE: Final = "configuration"  # the bookmark
_GET: Final = select(configuration.c.files).where(configuration.c.hash == bindparam("which"))


class Configurations:
    """The configurations of the book."""

    def __init__(self, connection: Spoken, now: float, bookmarks: Bookmarks) -> None:
        self._connection = connection
        self._now = now
        self._bookmarks = bookmarks

    def enforce(self, hash: str, files: Mapping[str, str]) -> None:
        """Put a set of files in force, for every service of this book."""
        self.put(hash, files)
        self._bookmarks.put(_IN_FORCE, hash)

    def in_force(self) -> str:
        """Give the hash of what is in force; empty: nothing was yet."""
        return self._bookmarks.get(_IN_FORCE)

    def put(self, hash: str, files: Mapping[str, str]) -> None:
        """Store a set of files, once."""
        self._connection.execute(_PUT, {"hash": hash, "files": dict(files), "at": self._now})

    def get(self, hash: str) -> dict[str, str] | None:
        """Give a set of files."""
        found: dict[str, str] | None = self._connection.execute(_GET, {"which": hash}).scalar()
        return found
