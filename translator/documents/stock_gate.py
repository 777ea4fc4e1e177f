"""Whether the levels of a file may go on as they are: a broken file must never empty a warehouse at Amazon.

Promise: what would set many SKUs to zero, take away many units, or leave out what a full update has to name, is told in
words for a person, who approves it or gives it up. Small changes pass, whatever their share: `least` says what is small.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from translator.core.finding import are, counted

HISTORY: Final = 10  # full updates whose sizes are remembered


@dataclass(frozen=True, slots=True)
class Gate:
    """What is let through unasked, in percent; `least`: changes of fewer SKUs than this are small."""

    zeroed: int = 10
    units: int = 50
    shrunk: int = 20
    least: int = 10


@dataclass(frozen=True, slots=True)
class Change:
    """What a file does to the levels of a warehouse.

    `skus`, `units`: what Amazon sells, as it was last told. `zeroed`: SKUs of these that would be zero. `left`: the units
    that they would have. `missing`: SKUs with stock that a full update leaves out. `size`: SKUs it names; 0: it is partial.
    """

    skus: int
    zeroed: int
    units: int
    left: int
    missing: int = 0
    size: int = 0

    def as_json(self) -> dict[str, int]:
        """Give it by name."""
        return {name: getattr(self, name) for name in self.__slots__}


def objections(gate: Gate, change: Change, sizes: Sequence[int] = (), *, proven: bool = True) -> Iterator[str]:
    """Say why a person has to approve a file; `sizes`: of the full updates before; `proven`: it says that it is whole."""
    if change.missing and not proven:
        yield f"{counted(change.missing, 'SKU')} with stock {are(change.missing)} missing, and nothing in it says that it is whole"
    if change.zeroed >= gate.least and _beyond(change.zeroed, change.skus, gate.zeroed):
        yield (
            f"{change.zeroed:,} of {counted(change.skus, 'SKU')} that Amazon sells would be set to zero "
            f"({gate.zeroed} % are let through)"
        )
    lost = change.units - change.left
    if change.skus >= gate.least and lost > 0 and _beyond(lost, change.units, gate.units):
        yield f"{change.units:,} units would become {change.left:,} ({gate.units} % less are let through)"
    usual = int(median(sizes)) if sizes else 0
    if change.size and usual - change.size >= gate.least and _beyond(usual - change.size, usual, gate.shrunk):
        yield f"it names {counted(change.size, 'SKU')}, usually there are {usual:,} ({gate.shrunk} % fewer are let through)"


def _beyond(part: int, whole: int, percent: int) -> bool:
    return part * 100 > whole * percent
