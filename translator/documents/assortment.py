"""What a vendor sells and by which names: ASINs, a warehouse's own items with the packs they hold, kits and their components.

Promise: an item of the warehouse is one SKU, so many times; a kit consists of SKUs that are no kits. Names are compared
letter by letter: what only looks like another is another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from translator.core.alike import look


@dataclass(frozen=True, slots=True)
class Assortment:
    """`asins`: by SKU. `packs`: of an item of the warehouse its SKU, and how many it holds. `kits`: components, how many."""

    asins: Mapping[str, str] = field(default_factory=dict)
    packs: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    kits: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    items: Mapping[str, tuple[tuple[str, int], ...]] = field(init=False, compare=False)  # of a SKU, largest pack first
    users: Mapping[str, tuple[str, ...]] = field(init=False, compare=False)  # the kits that a component is in
    looks: Mapping[str, str] = field(init=False, compare=False)  # what a name of the tables looks like -> the name

    def __post_init__(self) -> None:
        items: dict[str, list[tuple[str, int]]] = {}
        for item, (sku, pack) in self.packs.items():
            items.setdefault(sku, []).append((item, pack))
        users: dict[str, list[str]] = {}
        for kit, parts in self.kits.items():
            for sku in parts:
                users.setdefault(sku, []).append(kit)
        ordered = {sku: tuple(sorted(some, key=lambda one: (-one[1], one[0]))) for sku, some in items.items()}
        object.__setattr__(self, "items", ordered)
        object.__setattr__(self, "users", {sku: tuple(some) for sku, some in users.items()})
        object.__setattr__(self, "looks", {look(name): name for name in self._names()})

    def _names(self) -> Iterator[str]:
        yield from self.asins
        yield from self.packs
        yield from self.kits
        yield from self.users

    @property
    def plain(self) -> bool:
        """Tell whether every item is the SKU of its own name, and none a part of another."""
        return not self.packs and not self.kits

    def counted(self, item: str) -> tuple[str, int] | None:
        """Give the SKU that an item is counted for, and how many of it one item is; None: it is a level of its own."""
        if item in self.packs:
            return self.packs[item]
        return (item, 1) if item in self.items or item in self.users else None

    def item_for(self, sku: str, amount: int) -> tuple[str, int] | None:
        """Give the item by which so many of a SKU are ordered, and its pack: the largest that fits wholly; None: none does.

        A SKU without items is ordered by its own name, unless the warehouse knows another by it.
        """
        known = self.items.get(sku)
        if known is None:
            return None if sku in self.packs else (sku, 1)
        return next(((item, pack) for item, pack in known if amount % pack == 0), None)

    def alike(self, name: str) -> str:
        """Give the name of the tables that this one only looks like; empty: none."""
        known = self.looks.get(look(name), "")
        return known if known != name else ""


PLAIN: Final = Assortment()


@dataclass(frozen=True, slots=True)
class Portion:
    """What the warehouse has as a line of an order: so many units (`need`) of each one ordered, in items of `pack`."""

    number: str
    item: str
    sku: str
    need: int
    pack: int


Portions = Mapping[str, Sequence[Portion]]  # by Amazon's line; a line that is not there is as it was ordered
