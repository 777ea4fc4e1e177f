"""All that a mapping may ask of the world, in one list: over the ledger, or frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from translator.core.document import Tree


class Context(Protocol):
    """Now, a number, a stored order, the partner's settings."""

    def now(self) -> datetime:
        """Give the time of this translation, aware, in UTC."""
        ...

    def number(self, name: str) -> int:
        """Take the next number of a named sequence (counted only if what it was taken for is committed)."""
        ...

    def order(self, by: str, value: str) -> Tree | None:
        """Give the stored order by a field of it or a kept name ("" = purchase order number); None: not known.

        Raises LookupError if more than one fits.
        """
        ...

    def partner(self) -> Mapping[str, str]:
        """Give the partner's settings."""
        ...

    def zone(self, warehouse: str) -> str:
        """Give the IANA zone of a warehouse code ("" = the partner's only one); empty when not known."""
        ...


@dataclass(slots=True)
class Frozen:
    """A context that always says the same: for convert, preview and tests."""

    at: datetime
    numbers: dict[str, int] = field(default_factory=dict)  # the next number to give
    orders: Mapping[str, Tree] = field(default_factory=dict)  # by purchase order number
    settings: Mapping[str, str] = field(default_factory=dict)
    zones: Mapping[str, str] = field(default_factory=dict)

    def now(self) -> datetime:
        """Give the frozen time."""
        return self.at

    def number(self, name: str) -> int:
        """Give the next number, starting from 1."""
        given = self.numbers.get(name, 1)
        self.numbers[name] = given + 1
        return given

    def order(self, by: str, value: str) -> Tree | None:
        """Give one of the orders handed in."""
        if not by:
            return self.orders.get(value)
        found = [order for order in self.orders.values() if _field(order, by) == value]
        if len(found) > 1:
            raise LookupError(by)
        return found[0] if found else None

    def partner(self) -> Mapping[str, str]:
        """Give the settings handed in."""
        return self.settings

    def zone(self, warehouse: str) -> str:
        """Give the zone handed in; the only one where none is named."""
        if not warehouse and len(set(self.zones.values())) == 1:
            return next(iter(self.zones.values()))
        return self.zones.get(warehouse, "")


def _field(order: Tree, name: str) -> object:
    return order.get(name) or order.get("orderDetails", {}).get(name)
