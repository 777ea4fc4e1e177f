"""What a person should hear of before it stops the service: a client secret that ends soon, a clock that is wrong,
and what should have been forgotten.

Promises: each is told once a day while it lasts, by account; Amazon is asked nothing for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from translator.config.site import Account, Site
from translator.endpoints.endpoint import Endpoint
from translator.endpoints.spapi import Orders
from translator.endpoints.spapi.login import WARNED, expiry
from translator.endpoints.spapi.skew import BELIEVED
from translator.ledger.book import Book
from translator.service.overdue import overdue

SECRET: Final = "client secret ends"
CLOCK: Final = "clock is wrong"


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to hear of. `number`: the days that are left, the seconds that our clock is ahead, or how many."""

    name: str
    account: str
    number: int

    def facts(self) -> dict[str, object]:
        """Give what the log says of it."""
        whose = {"account": self.account} if self.account else {}
        return whose | {"seconds" if self.name == CLOCK else "count": self.number}


def notices(site: Site, endpoints: Mapping[str, Endpoint], now: datetime) -> Iterator[Notice]:
    """Give what is to be heard of now."""
    for account in site.accounts.values():
        left = _left(account, now)
        if left is not None and left <= WARNED:
            yield Notice(SECRET, account.name, left)
        orders = endpoints.get(f"{account.name}/orders")
        ahead = orders.skew() if isinstance(orders, Orders) else None
        if ahead is not None and abs(ahead) > BELIEVED:
            yield Notice(CLOCK, account.name, round(ahead))


def unforgotten(book: Book, site: Site) -> Iterator[Notice]:
    """Give what should have been forgotten by now."""
    counts: dict[str, int] = {}
    for late in overdue(book, site):
        counts[late.what] = counts.get(late.what, 0) + late.count
    yield from (Notice(what, "", count) for what, count in counts.items())


def _left(account: Account, now: datetime) -> int | None:
    since = account.rotated or account.client_secret.since()
    return None if since is None else expiry(since, now)


class Daily:
    """Which notices were told on which day."""

    def __init__(self) -> None:
        self._told: dict[tuple[str, str], date] = {}

    def fresh(self, notice: Notice, today: date) -> bool:
        """Tell whether a notice was not told today yet; it is from now on."""
        about = (notice.name, notice.account)
        fresh = self._told.get(about) != today
        self._told[about] = today
        return fresh
