"""How much of what a warehouse has is offered to Amazon: the site's rules, as a sum that a person can check.

Promise: the steps add up to the level, which is 0 or more. What is not to be sold is held at zero whatever the warehouse says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

Step = tuple[str, int]  # what is taken off or put on, and how much


@dataclass(frozen=True, slots=True)
class Rules:
    """What a site says: `share` by warehouse and `percent` in percent; `zero`: SKUs that are not offered.

    `unseen`: orders that the warehouse has not taken yet are taken off.
    """

    reserve: int = 0
    percent: int = 100
    cap: int | None = None
    share: Mapping[str, int] = field(default_factory=dict)
    unseen: bool = False
    zero: frozenset[str] = frozenset()

    @property
    def idle(self) -> bool:
        """Tell whether every level stays as it was said."""
        return self == Rules()


def steps_of(rules: Rules, warehouse: str, sku: str, said: int, open_: int = 0) -> list[Step]:
    """Give the sum: what the warehouse said, and what each rule does to it. `open_`: units ordered that it has not seen."""
    left, steps = said, [("WMS", said)]
    for name, change in _changes(rules, warehouse, sku, open_):
        step = change(left)
        if step:
            steps.append((name, step))
            left += step
    return steps


def level_of(steps: Iterable[Step]) -> int:
    """Add a sum up."""
    return sum(amount for _, amount in steps)


def written(steps: Iterable[Step]) -> str:
    """Write a sum out: `WMS 12 − open 3 − reserve 2 = 7`."""
    (name, said), *others = steps
    told = [f"{name} {said}", *(f"{'−' if amount < 0 else '+'} {what} {abs(amount)}" for what, amount in others)]
    return f"{' '.join(told)} = {said + level_of(others)}"


def _changes(rules: Rules, warehouse: str, sku: str, open_: int) -> Iterator[tuple[str, _Change]]:
    share = rules.share.get(warehouse, 100)
    yield "open", _Less(open_)
    yield f"share {share} %", _Part(share)
    yield f"offered {rules.percent} %", _Part(rules.percent)
    yield "reserve", _Less(rules.reserve)
    if rules.cap is not None:
        yield f"cap {rules.cap}", _Most(rules.cap)
    if sku in rules.zero:
        yield "held at zero", _Most(0)


@dataclass(frozen=True, slots=True)
class _Less:
    amount: int

    def __call__(self, left: int) -> int:
        return -min(self.amount, left)


@dataclass(frozen=True, slots=True)
class _Part:
    percent: int

    def __call__(self, left: int) -> int:
        return left * self.percent // 100 - left


@dataclass(frozen=True, slots=True)
class _Most:
    most: int

    def __call__(self, left: int) -> int:
        return min(self.most - left, 0)


_Change = _Less | _Part | _Most
