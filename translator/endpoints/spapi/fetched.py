"""What Amazon has about one order: its label, its packing slip, its invoice, or the order itself, asked for by number.

Promises: a body is given as it came, where it holds what was asked for. Where it comes empty the list of the last seven
days is looked through as well (Amazon has been seen to list what it does not give alone), every few minutes for all
that came empty meanwhile. Where Amazon has nothing to give yet, nothing is given. In trouble: Unavailable; trouble of
the list alone is none, since the order will be asked for again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from translator.core.finding import Finding, Rejected, Unavailable
from translator.core.ports import Clock
from translator.core.tree import at
from translator.endpoints.endpoint import Listing, Looked, Outgoing, Put, Receipt, Seen
from translator.endpoints.spapi.account import Account
from translator.endpoints.spapi.answers import LONG, Body, asked
from translator.endpoints.spapi.listed import Listed
from translator.endpoints.spapi.reading import there
from translator.endpoints.spapi.wire import Answer, Lost


class Fetch(Protocol):
    """How Amazon gives what it has about one order: by its number, or in the list of a time (none: several is empty)."""

    @property
    def one(self) -> str:
        """Name the operation: getPackingSlip."""
        ...

    @property
    def several(self) -> str:
        """Name the operation that lists: getPackingSlips."""
        ...

    @property
    def api(self) -> str:
        """Give the section of the API: shipping."""
        ...

    @property
    def part(self) -> str:
        """Give what stands in the path behind the version: packingSlips."""
        ...

    @property
    def listed(self) -> str:
        """Say where the list stands in a body: packingSlips."""
        ...


class Fetched:
    """What one account has of one kind, order by order."""

    stages = False

    def __init__(self, account: Account, clock: Clock, fetch: Fetch) -> None:
        self._account = account
        self._fetch = fetch
        path = account.path(fetch.api, fetch.part)
        self._listed = Listed(account, clock, path, fetch.listed) if fetch.several else None

    def list(self, bookmark: str) -> Listing:
        """Give nothing: what is here is asked for order by order."""
        return Listing(bookmark=bookmark)

    def fetch(self, seen: Seen) -> Iterable[bytes]:
        """Give the body for the order of this name; nothing where Amazon has none yet. Raises Unavailable."""
        body = self._body(self._account.get(self._account.path(self._fetch.api, self._fetch.part, seen.name)))
        if body is not None and self._account.sandbox and _number(body) != seen.name:
            body = None  # it has one slip and one invoice for all orders
        found = self._in_the_list(seen.name) if body is None or not there(body.tree) else self._of(seen.name, body)
        return () if found is None else (found,)

    def dispose(self, seen: Seen) -> None:
        """Leave everything as it is: Amazon keeps what it has."""

    def put(self, outgoing: Outgoing, staged: Callable[[str], None]) -> Receipt:
        """Refuse: this comes from Amazon only."""
        raise Rejected([Finding("only-fetched", f"what {self._fetch.one} gives is not put there")])

    def look(self, puts: Sequence[Put]) -> Sequence[Looked]:
        """Answer for nothing, since nothing was put."""
        return ()

    def close(self) -> None:
        """Let go of the account's connections: the endpoints of an account are closed together."""
        self._account.close()

    def _body(self, answer: Answer | Lost) -> Body | None:
        """Give what came; None where Amazon knows of none."""
        if isinstance(answer, Answer) and answer.status == 404:
            return None
        try:
            return asked(answer)
        except Rejected as refused:
            raise Unavailable(f"Amazon refuses {self._fetch.one}: {refused.findings[0]}", LONG) from None

    def _of(self, number: str, body: Body) -> bytes:
        if _number(body) != number:
            raise Unavailable(f"amazon-other-order: {self._fetch.one} answered with another order", LONG)
        if self._listed:
            self._listed.forget(number)
        return body.data

    def _in_the_list(self, number: str) -> bytes | None:
        try:
            return self._listed.take(number) if self._listed else None
        except Unavailable:
            return None


def _number(body: Body) -> object:
    return at(body.tree, "purchaseOrderNumber")
