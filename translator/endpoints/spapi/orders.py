"""Orders out of Amazon: an endpoint that gives one page of getOrders at a time, as Amazon sent it.

Promises: a page and the bookmark behind it are one Listing, so that they share a commit; an empty page is not kept, but
the bookmark moves. In trouble: Unavailable; a bookmark never passes what was not given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from translator.core.finding import Finding, Rejected, Unavailable
from translator.core.tree import at
from translator.endpoints.endpoint import Listing, Looked, Outgoing, Put, Receipt, Seen
from translator.endpoints.spapi import windows
from translator.endpoints.spapi.account import Account
from translator.endpoints.spapi.answers import LONG, findings_of
from translator.endpoints.spapi.windows import Cursor, Rules, Window

LIMIT: Final = "100"


class Orders:
    """The orders of one account, to be collected."""

    stages = False

    def __init__(self, account: Account, rules: Rules | None = None) -> None:
        self._account = account
        self._rules = rules or Rules()

    def list(self, bookmark: str) -> Listing:
        """Give the next page."""
        now = self._account.now()
        stored = windows.read(bookmark) if bookmark else windows.first(self._rules, now)
        cursor = windows.planned(stored, self._rules, now)
        if cursor.window is None:
            return Listing(bookmark=windows.written(cursor))
        try:
            body = self._account.ask(self._account.path("orders", "purchaseOrders"), _query(cursor.window))
        except Rejected as refused:
            return _begun_again(cursor, now, refused)
        numbers = [_number(order) for order in _orders(body.tree)]
        held = windows.digest("\n".join(numbers)) if numbers else ""
        turned = windows.turned(cursor, _token(body.tree), held, now)
        if turned is None:
            raise Unavailable("amazon-page-loop: the pages of getOrders go in a circle", LONG)
        complete = (_seen(cursor.window, body.data),) if numbers else ()
        return Listing(complete, bookmark=windows.written(turned), more=windows.more(turned, self._rules, now))

    def fetch(self, seen: Seen) -> Iterable[bytes]:
        """Give what the listing brought."""
        return () if seen.data is None else (seen.data,)

    def dispose(self, seen: Seen) -> None:
        """Leave everything as it is: Amazon keeps its orders."""

    def put(self, outgoing: Outgoing, staged: Callable[[str], None]) -> Receipt:
        """Refuse: orders come from Amazon only."""
        raise Rejected([Finding("orders-only-read", "orders come from Amazon and are not put there")])

    def look(self, puts: Sequence[Put]) -> Sequence[Looked]:
        """Answer for nothing, since nothing was put."""
        return ()

    def skew(self) -> float | None:
        """Say how many seconds our clock is ahead of Amazon's; None where no answer has told yet."""
        return self._account.skew()

    def close(self) -> None:
        """Let go of the account's connections: the endpoints of an account are closed together."""
        self._account.close()


def _query(window: Window) -> dict[str, str]:
    """Ask with the same parameters for each page: Amazon wants them again beside the token."""
    query = {"createdAfter": window.after, "createdBefore": window.before, "limit": LIMIT, "sortOrder": "ASC"}
    return query | ({"nextToken": window.token} if window.token else {})


def _begun_again(cursor: Cursor, now: datetime, refused: Rejected) -> Listing:
    """Begin the window again where its token may have grown too old; where that was just done, a person has to see to it."""
    again = windows.restarted(cursor, now)
    if again is None:
        raise Unavailable(f"Amazon refuses getOrders: {refused.findings[0]}", LONG) from None
    return Listing(bookmark=windows.written(again), more=True)


def _orders(page: Any) -> list[Any]:
    """Give the orders of a page; a page without the list is empty, one that holds something else is none."""
    orders = page.get("orders", [])
    unknown = {name for name, value in page.items() if value is not None} - {"pagination"}
    if findings_of(page.get("errors")) or not isinstance(orders, list) or ("orders" not in page and unknown):
        raise Unavailable("Amazon's answer to getOrders is no page of orders")
    return orders


def _token(page: Any) -> str:
    token = at(page, "pagination.nextToken")
    if token is not None and not isinstance(token, str):
        raise Unavailable("Amazon's answer to getOrders has a next token that is no text")
    return token or ""


def _number(order: Any) -> str:
    return str(at(order, "purchaseOrderNumber", ""))


def _seen(window: Window, data: bytes) -> Seen:
    between = f"{window.after}_{window.before}".replace(":", "").replace("-", "")
    return Seen(f"orders_{between}", f"page {window.pages + 1}", len(data), data)
