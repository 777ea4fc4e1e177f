"""What a field equals, worked out where it stands: `count(D)`, `sum(D.qty)` of records that all stand before it.

A short cut for the usual trailer. Whatever else a field equals is worked out when all rows stand (`totals`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from translator.mapping.convert import NUMERIC
from translator.mapping.known import Known
from translator.mapping.plan import Block, Part, Plan
from translator.mapping.totals import reading


@dataclass(frozen=True, slots=True)
class Gathered:
    """A field that equals a function of records before it, or of one of their fields."""

    part: Part
    name: str  # of the field's writer in the code, and the end of the others
    function: Callable[[Any], Any]
    of: Block
    number: int | None  # of the field in those records

    @property
    def names(self) -> dict[str, Any]:
        """Say what the names in the code stand for."""
        found = {self.name: Known(partial(self.part.total, zone="")), f"of_{self.name}": self.function}
        return found if self.number is None else {**found, self.read: reading(self.of.parts[self.number].field)}

    @property
    def read(self) -> str:
        """Name what reads the cells that are gathered."""
        return f"read_{self.of.number}_{self.number}"

    @property
    def rows(self) -> str:
        """Name the cells of the records that are gathered."""
        return f"cells{self.of.number}"

    def code(self) -> str:
        """Write the field's cell."""
        values = self.rows if self.number is None else f"[{self.read}(row[{self.number}]) for row in {self.rows}]"
        return f"{self.name}[type(v := of_{self.name}({values})), v]"


def gathered(block: Block, number: int, name: str, plan: Plan) -> Gathered | None:
    """Tell whether a field of a record at the top can be worked out where it stands."""
    part = block.parts[number]
    plain = part.field.type in NUMERIC and part.group is None and not plan.style.typed and plan.style.blank == ""
    if not plain or part.equals is None or part.equals.direct is None or part.when or block.must:
        return None
    function, path = part.equals.direct
    of = _before(path[0], block, plan.blocks)
    if of is None or len(path) > 2:
        return None
    if len(path) == 1:
        return Gathered(part, name, function, of, None)
    places = [place for place, one in enumerate(of.parts) if one.field.name == path[1] and _stands(one)]
    return Gathered(part, name, function, of, places[0]) if len(places) == 1 else None


def _before(name: str, block: Block, blocks: Sequence[Block]) -> Block | None:
    """Give the record at the top of a name, where nothing nearer has it and it stands before."""
    numbers = [one.number for one in blocks]
    found = [one for one in blocks if one.layout.name == name]
    nearer = [block.layout.name, *(one.layout.name for one in block.blocks), *(one.name for one in block.layout.fields)]
    if block.number not in numbers or len(found) != 1 or name in nearer:
        return None
    return found[0] if found[0].number < block.number else None


def _stands(part: Part) -> bool:
    return part.group is None and part.equals is None and not part.field.sign_of
