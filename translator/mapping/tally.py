"""What a file counts and adds up of itself, gathered on the way: of each total which cells, and where it begins anew.

The same answer as `totals` gives where all that is asked stands before the total; for anything else there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from translator.mapping.convert import NUMERIC, Parse
from translator.mapping.expression import Path
from translator.mapping.plan import Block, Part, Plan
from translator.mapping.totals import reading


@dataclass(frozen=True, slots=True)
class Tally:
    """A total: a function of records, or of one of their fields, within one turn of the record around them (None: the file)."""

    name: str
    function: Callable[[Any], Any]
    record: Block
    number: int | None  # of the field
    home: Block | None
    read: Parse | None


@dataclass(frozen=True, slots=True)
class Tallies:
    """All totals of a plan. `of`: by the number of the block and of the field that holds it."""

    of: Mapping[tuple[int, int], Tally]

    def begun(self, home: Block | None) -> Iterator[Tally]:
        """Give those that begin anew with a turn of a record."""
        return (one for one in self.of.values() if one.home is home)

    def gathered(self, block: Block) -> Iterator[Tally]:
        """Give those for which a record is gathered."""
        return (one for one in self.of.values() if one.record is block)


def tallies(plan: Plan) -> Tallies | None:
    """Find how each total of a plan is gathered; None: one of them cannot be."""
    found: dict[tuple[int, int], Tally] = {}
    for chain in _chains(plan.blocks):
        block = chain[-1]
        for number, part in enumerate(block.parts):
            if part.equals is None:
                continue
            tally = _tally(part, chain, plan, f"gathered{len(found)}")
            if tally is None:
                return None
            found[block.number, number] = tally
    return Tallies(found)


def _chains(blocks: Sequence[Block], around: tuple[Block, ...] = ()) -> Iterator[tuple[Block, ...]]:
    for block in blocks:
        chain = (*around, block)
        yield chain
        yield from _chains(block.blocks, chain)


def _tally(part: Part, chain: tuple[Block, ...], plan: Plan, name: str) -> Tally | None:
    direct = part.equals.direct if part.equals else None
    if direct is None or part.field.type not in NUMERIC or part.cell.given or part.when:
        return None
    function, path = direct
    own = {one.field.name for one in chain[-1].parts}
    if path[0] in own or any(one.layout.name == path[0] for one in chain):
        return None
    home = next((one for one in reversed(chain) if _named(path[0], one.blocks)), None)
    found = _found(path, home.blocks if home else plan.blocks)
    if found is None or found[0].number >= chain[-1].number:
        return None
    record, number = found
    read = None if number is None else reading(record.parts[number].field)
    return Tally(name, function, record, number, home, read)


def _named(name: str, blocks: Sequence[Block]) -> list[Block]:
    return [one for one in blocks if one.layout.name == name]


def _found(path: Path, blocks: Sequence[Block]) -> tuple[Block, int | None] | None:
    """Follow a path through records to the last of them, or to a field of it."""
    record: Block | None = None
    for place, name in enumerate(path):
        fields = [number for number, one in enumerate(record.parts) if one.field.name == name] if record else []
        if fields and record:
            return _field(record, fields) if place == len(path) - 1 else None
        named = _named(name, record.blocks if record else blocks)
        if len(named) != 1:
            return None
        record = named[0]
    return None if record is None else (record, None)


def _field(record: Block, fields: list[int]) -> tuple[Block, int] | None:
    part = record.parts[fields[0]]
    signed = part.field.sign_of or any(one.field.sign_of == part.field.name for one in record.parts)
    plain = len(fields) == 1 and part.group is None and part.equals is None and not signed
    return (record, fields[0]) if plain else None
