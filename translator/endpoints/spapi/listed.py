"""The list of the last seven days, looked through for what does not come alone.

Promises: it is read at most once in five minutes, by one thread, newest first, over a bounded number of pages, and no
longer than until everything that is missing was found; what it holds for others that are missing is kept for them,
within bounds, until the next reading. In trouble: Unavailable, also where its pages go in a circle.
"""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any, Final

from translator.core.finding import Rejected, Unavailable
from translator.core.jsontext import encode
from translator.core.ports import Clock
from translator.core.private import Private
from translator.core.tree import at
from translator.endpoints.spapi.account import Account
from translator.endpoints.spapi.answers import LONG
from translator.endpoints.spapi.reading import there
from translator.endpoints.spapi.windows import LONGEST, digest, text

EVERY: Final = 300.0  # seconds between readings
LIMIT: Final = 25  # of one page: documents are large, and a page has to stay below the limit of a body
PAGES: Final = 200
TIME: Final = 60.0  # seconds of one reading
LAG: Final = timedelta(minutes=2)  # behind now: Amazon's clock may be behind ours
MISSING: Final = 10_000  # numbers remembered
STALE: Final = 3_600.0  # seconds after which a number that nobody asked for again is not missed any more
BYTES: Final = 32_000_000  # kept for others


class Listed:
    """One list of one account: `path` of the operation, and where the list stands in a body."""

    def __init__(self, account: Account, clock: Clock, path: str, listed: str) -> None:
        self._account = account
        self._clock = clock
        self._path = path
        self._name = listed
        self._lock = threading.Lock()
        self._due = 0.0
        self._missing: dict[str, float] = {}  # number -> when it was last asked for (monotonic)
        self._kept: dict[str, Private[bytes]] = {}
        self._size = 0

    def take(self, number: str) -> bytes | None:
        """Give what the list holds for an order; None where it holds nothing, or is being read. Raises Unavailable."""
        self._miss(number)
        if self._lock.acquire(blocking=False):
            try:
                return self._taken(number)
            finally:
                self._lock.release()
        return None

    def forget(self, number: str) -> None:
        """Look for an order no more: it came alone."""
        self._missing.pop(number, None)

    def _miss(self, number: str) -> None:
        self._missing[number] = self._clock.monotonic()
        if len(self._missing) > MISSING:
            del self._missing[next(iter(self._missing))]

    def _taken(self, number: str) -> bytes | None:
        if number not in self._kept and self._clock.monotonic() >= self._due:
            self._due = self._clock.monotonic() + EVERY
            self._read(number)
        found = self._kept.pop(number, None)
        if found is None:
            return None
        self.forget(number)
        return found.reveal()

    def _read(self, first: str) -> None:
        self._kept, self._size = {}, 0
        for number in [one for one, asked in list(self._missing.items()) if asked < self._clock.monotonic() - STALE]:
            self.forget(number)
        end, token, last, tokens = self._clock.monotonic() + TIME, "", "", set[str]()
        now = self._account.now() - LAG
        query = {"createdAfter": text(now - LONGEST), "createdBefore": text(now)}
        query |= {"limit": str(LIMIT), "sortOrder": "DESC"}
        for _ in range(PAGES):
            page = self._page(query | ({"nextToken": token} if token else {}))
            elements = at(page, self._name, [])
            token = _token(page)
            numbers = self._keep(elements if isinstance(elements, list) else [], first)
            if not token or len(self._kept) >= len(self._missing) or self._clock.monotonic() > end:
                return
            if token in tokens or (numbers and numbers == last):
                raise Unavailable(f"amazon-page-loop: the pages of {self._name} go in a circle", LONG)
            tokens.add(token)
            last = numbers or last

    def _page(self, query: dict[str, str]) -> Any:
        try:
            return self._account.ask(self._path, query).tree
        except Rejected as refused:
            raise Unavailable(f"Amazon refuses it: {refused.findings[0]}", LONG) from None

    def _keep(self, elements: list[Any], first: str) -> str:
        """Keep what is missed; give a digest of the page."""
        numbers = [str(at(element, "purchaseOrderNumber", "")) for element in elements]
        for number, element in zip(numbers, elements, strict=True):
            if number in self._missing and number not in self._kept and there(element):
                data = encode(element)
                if number == first or self._size + len(data) <= BYTES:
                    self._kept[number] = Private(data)
                    self._size += len(data)
        return digest("\n".join(numbers)) if numbers else ""


def _token(page: Any) -> str:
    token = at(page, "pagination.nextToken")
    return token if isinstance(token, str) else ""
