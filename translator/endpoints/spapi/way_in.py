"""A way in to Amazon: what is submitted there gives nothing to collect, and leaves everything as it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from translator.endpoints.endpoint import Listing, Seen
from translator.endpoints.spapi.account import Account


class WayIn(Protocol):
    """The acts of an endpoint that are the same wherever something is only put."""

    stages: bool = False
    _account: Account

    def list(self, bookmark: str) -> Listing:
        """Give nothing: this is a way in."""
        return Listing(bookmark=bookmark)

    def fetch(self, seen: Seen) -> Iterable[bytes]:
        """Give nothing."""
        return ()

    def dispose(self, seen: Seen) -> None:
        """Leave everything as it is."""
        return

    def close(self) -> None:
        """Let go of the account's connections: the endpoints of an account are closed together."""
        self._account.close()
