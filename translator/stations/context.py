"""What a mapping may ask of the world, over the ledger: a view that stays the same while one file is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from translator.core.document import Tree
from translator.ledger.book import Book
from translator.ledger.documents import Stored


@dataclass(slots=True)
class LedgerContext:
    """Answer from the ledger; remember which numbers were given, so that the commit can take them."""

    book: Book
    at: datetime
    account: str
    owner: str  # whose sequences: the partner's
    settings: Mapping[str, str]
    zones: Mapping[str, str]
    seen: Callable[[Stored], Tree]  # an order as this partner has it
    first: dict[str, int] = field(default_factory=dict)
    given: dict[str, int] = field(default_factory=dict)

    def now(self) -> datetime:
        """Give the time this translation began."""
        return self.at

    def number(self, name: str) -> int:
        """Give the next number of a sequence of this partner; it is taken in the commit of what it was given for."""
        full = f"{self.owner}/{name}"
        if full not in self.first:
            self.first[full] = self.book.numbers.peek(full)
        count = self.given.get(full, 0)
        self.given[full] = count + 1
        return self.first[full] + count

    def order(self, by: str, value: str) -> Tree | None:
        """Give the newest tree of a stored order. Raises LookupError if several fit."""
        stored = self.book.documents.find_order(self.account, by, value)
        return self.seen(stored) if stored else None

    def partner(self) -> Mapping[str, str]:
        """Give the partner's settings."""
        return self.settings

    def zone(self, warehouse: str) -> str:
        """Give the zone of a warehouse; without a code, the partner's only one."""
        if not warehouse and len(set(self.zones.values())) == 1:
            return next(iter(self.zones.values()))
        return self.zones.get(warehouse, "")

    def taken(self) -> list[tuple[str, int, int]]:
        """Give name, first and count of each sequence that numbers were given from."""
        return [(name, self.first[name], count) for name, count in self.given.items()]
