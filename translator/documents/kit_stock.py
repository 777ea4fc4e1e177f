"""How many of each SKU a warehouse can sell, by what it counted of its own items: packs summed, kits by their components.

Rule: a component is divided evenly among the kits it is in, and its own listing where it is sold singly; a kit is offered as
often as its scarcest part allows; singly is sold what the kits leave. So whatever is ordered, no unit is promised twice.
A kit one of whose components was never counted is not offered at all, and taken back where it was; of a kit none of whose
components were, nothing is known.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from translator.documents.assortment import Assortment
from translator.documents.stock_rules import Rules, Step, level_of, steps_of
from translator.documents.values import DIGITS

_TOLD: Final = 5  # parts that are written down in a sum
_LONG: Final = 200
_MOST: Final = 10**DIGITS - 1  # of what is not made of items no more is taken either


@dataclass(frozen=True, slots=True)
class Counted:
    """What is known of a warehouse: units by its own item; SKUs that are sold singly; units ordered that it has not seen.

    `offered`: SKUs of which the other side may have a level.
    """

    items: Mapping[str, int]
    sold: Collection[str] = ()
    open: Mapping[str, int] = field(default_factory=dict)
    offered: Collection[str] = ()


def offered(assortment: Assortment, counted: Counted, rules: Rules, warehouse: str) -> dict[str, list[Step]]:
    """Give for each SKU that is made of items the sum by which its level came about."""
    first = _units(assortment, counted)
    left = {sku: max(level_of(steps), 0) for sku, steps in first.items()}
    kits = {
        kit: parts
        for kit, parts in assortment.kits.items()
        if parts and parts.keys() <= left.keys() and kit not in rules.zero
    }
    parts = _parts(assortment, kits, left, counted, rules)
    made = {kit: _ruled(_kit(kits[kit], parts), rules, warehouse, kit) for kit in kits}
    for kit in assortment.kits.keys() & rules.zero:
        made[kit] = [("kit", 0)]
    for kit in (assortment.kits.keys() & counted.offered) - made.keys():
        if not left.keys().isdisjoint(assortment.kits[kit]):
            made[kit] = [(f"kit ({_listed(sorted(assortment.kits[kit].keys() - left))} not counted)", 0)]
    used: dict[str, int] = {}
    for kit, needs in kits.items():
        for sku, need in needs.items():
            used[sku] = used.get(sku, 0) + level_of(made[kit]) * need
    for sku, steps in first.items():
        if _is_sold(sku, assortment, counted):
            taken = [("kits", -used[sku])] if used.get(sku) else []
            made[sku] = _ruled([*steps, *taken], rules, warehouse, sku)
    return made


def _is_sold(sku: str, assortment: Assortment, counted: Counted) -> bool:
    """Tell whether a SKU has a listing of its own."""
    return sku not in assortment.users or sku in counted.sold


def _units(assortment: Assortment, counted: Counted) -> dict[str, list[Step]]:
    """Give the units of each SKU, and what orders take that the warehouse has not seen."""
    told: dict[str, list[tuple[str, int, int]]] = {}
    for item, amount in counted.items.items():
        if (found := assortment.counted(item)) and found[0] not in assortment.kits:
            told.setdefault(found[0], []).append((item, amount, found[1]))
    open_ = dict(counted.open)
    for kit, parts in assortment.kits.items():
        for sku, need in parts.items():
            open_[sku] = open_.get(sku, 0) + counted.open.get(kit, 0) * need
    return {sku: _sum(sku, sorted(some), open_.get(sku, 0)) for sku, some in told.items()}


def _sum(sku: str, some: list[tuple[str, int, int]], open_: int) -> list[Step]:
    units = sum(amount * pack for _, amount, pack in some)
    plain = all(item == sku and pack == 1 for item, _, pack in some)
    word = "WMS" if plain else f"WMS ({_listed(f'{item} {amount} × {pack}' for item, amount, pack in some)})"
    taken = min(open_, units)
    return [(word, units), ("open", -taken)] if taken else [(word, units)]


def _parts(
    assortment: Assortment,
    kits: Mapping[str, Mapping[str, int]],
    left: Mapping[str, int],
    counted: Counted,
    rules: Rules,
) -> dict[str, int]:
    """Give what each kit may use of a component."""
    found = {}
    for sku in {sku for parts in kits.values() for sku in parts}:
        singly = sku in counted.sold and sku not in rules.zero
        sellers = sum(kit in kits for kit in assortment.users[sku]) + singly
        found[sku] = left[sku] // sellers
    return found


def _kit(needs: Mapping[str, int], parts: Mapping[str, int]) -> list[Step]:
    word = _listed(f"{sku} {parts[sku]} ÷ {need}" for sku, need in needs.items())
    return [(f"kit ({word})", min(parts[sku] // need for sku, need in needs.items()))]


def _ruled(steps: list[Step], rules: Rules, warehouse: str, sku: str) -> list[Step]:
    made = [*steps, *steps_of(rules, warehouse, sku, level_of(steps))[1:]]
    over = level_of(made) - _MOST
    return [*made, (f"beyond {DIGITS} digits", -over)] if over > 0 else made


def _listed(words: Iterable[str]) -> str:
    some = list(words)
    more = f", and {len(some) - _TOLD} more" if len(some) > _TOLD else ""
    text = ", ".join(some[:_TOLD]) + more
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"
