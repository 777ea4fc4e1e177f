"""Where what was written came from: of each cell its field, and the places in the document that its value was asked of.

Built on what the careful path notes of each row; nothing is written a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from translator.mapping.careful import Noted
from translator.mapping.expression import Compiled, Path
from translator.mapping.expression import Loop as Turn
from translator.mapping.layout import Field
from translator.mapping.plan import Block, Origin, Part, Plan, Scope, origin_of
from translator.mapping.row import Row

Worked = Mapping[str, "Let"]  # names that stand for more than a place in the document


@dataclass(frozen=True, slots=True)
class Came:
    """One cell that was written. `paths`: JSON pointers, those of its value first, then those of its condition."""

    row: Row
    number: int
    field: Field
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Let:
    """A name that was worked out: by what, and what was known there."""

    compiled: Compiled
    scope: Scope
    worked: Worked


def traced(planned: Plan, rows: Sequence[Row], notes: Sequence[Noted]) -> Iterator[Came]:
    """Say where each cell came from, in the order of the file; groups are given by the cells inside them."""
    known = {id(note.cells): note for note in notes}
    root = _root(planned)
    named = dict(_named(planned))
    for row in _all(rows):
        note = known.get(id(row.cells))
        for number, part in enumerate(note.block.parts if note else ()):
            if note and not part.group:
                origins = _origins(part, note.block, named[note.block.number], (part.when, note.block.when))
                paths = dict.fromkeys(
                    path for origin in origins for path in _pointers(origin, note.turns, root(note.names))
                )
                yield Came(row, number, part.field, tuple(paths))


def _root(planned: Plan) -> Callable[[Mapping[str, Any]], Any]:
    """Give what finds the document, or the list of them, among the names of a row."""
    mapping = planned.mapping
    return lambda names: (
        names.get("batch") if mapping.batch else next((names[k] for k in mapping.kinds if k in names), None)
    )


def _pointers(origin: Origin, turns: Mapping[int, Turn], tree: Any) -> list[str]:
    """Give the places a path leads to: through a list to each entry, unless a loop says which."""
    found: list[tuple[str, Any]] = [("", tree)]
    for step in origin:
        if isinstance(step, str) and step.isdigit():
            found = _picked(found, step)
            continue
        found = [entry for one in found for entry in _entries(*one)] if _listed(found) else found
        if isinstance(step, int):
            at = turns[step].at
            found = found[at : at + 1] or [(f"{found[0][0]}/{at}" if found else f"/{at}", None)]
        else:
            found = [(f"{path}/{step}", value.get(step) if isinstance(value, dict) else None) for path, value in found]
    return [path for path, _ in found]


def _picked(found: list[tuple[str, Any]], number: str) -> list[tuple[str, Any]]:
    """Give the entry of a list (`items[0]`); where several places make the list (`items.title[0]`), all of them."""
    if len(found) != 1:
        return [entry for one in found for entry in _entries(*one)]
    path, value = found[0]
    if isinstance(value, list):
        return [(f"{path}/{number}", value[int(number)] if int(number) < len(value) else None)]
    return found if value is not None else [(f"{path}/{number}", None)]


def _listed(found: list[tuple[str, Any]]) -> bool:
    return any(isinstance(value, list) for _, value in found)


def _entries(path: str, value: Any) -> list[tuple[str, Any]]:
    if not isinstance(value, list):
        return [(path, value)]
    return [(f"{path}/{number}", entry) for number, entry in enumerate(value)]


def sources(planned: Plan, *, around: bool = True) -> Mapping[int, tuple[str, ...]]:
    """Give, by the id of each field, the paths its value is asked of, lists marked: `orderDetails.items[].title`.

    `around`: with those that decide whether the whole record stands.
    """
    named = dict(_named(planned))
    found: dict[int, dict[str, None]] = {}
    for block in _blocks(planned.blocks):
        for part in block.parts:
            conditions = (part.when, block.when) if around else (part.when,)
            paths = map(_dotted, _origins(part, block, named[block.number], conditions))
            found.setdefault(id(part.field), {}).update(dict.fromkeys(paths))
    return {key: tuple(paths) for key, paths in found.items()}


def _blocks(some: Iterable[Block]) -> Iterator[Block]:
    for block in some:
        yield block
        yield from _blocks(part.group for part in block.parts if part.group)
        yield from _blocks(block.blocks)


def _dotted(origin: Origin) -> str:
    return "".join("[]" if isinstance(step, int) or step.isdigit() else f".{step}" for step in origin).lstrip(".")


def _all(rows: Iterable[Row]) -> Iterator[Row]:
    for row in rows:
        yield row
        for cell in row.cells:
            if isinstance(cell, list):
                yield from _all(cell)


def _origins(part: Part, block: Block, worked: Worked, conditions: Sequence[Compiled | None]) -> Iterator[Origin]:
    own = [part, *_before(part, block)]
    values = [one for some in own for one in (*some.sources, *some.by)]
    for compiled in (*values, *filter(None, conditions)):
        for use in compiled.uses.paths:
            yield from _places(use.way, block.scope, worked)


def _before(part: Part, block: Block) -> Iterator[Part]:
    """Give the fields that go on in this one."""
    for one in block.parts:
        if one.field.rest and one.field.rest == part.field.name:
            yield one
            yield from _before(one, block)


def _places(path: Path, scope: Scope, worked: Worked) -> Iterator[Origin]:
    origin = origin_of(path, scope)
    if origin is not None:
        yield origin
    elif path[0] in worked:
        let = worked[path[0]]
        for use in let.compiled.uses.paths:
            yield from _places(use.way, let.scope, let.worked)


# --- what names stand for ----------------------------------------------------------------------------------------------


def _named(planned: Plan) -> Iterator[tuple[int, Worked]]:
    """Give for each block what its names were worked out from."""
    scope, worked = planned.outer, dict[str, Let]()
    for variable, compiled in planned.lets:
        worked = {**worked, variable.name: Let(compiled, scope, worked)}
        scope = {**scope, variable.name: variable}
    for block in planned.blocks:
        yield from _within(block, worked)


def _within(block: Block, worked: Worked) -> Iterator[tuple[int, Worked]]:
    scope = block.outer
    pairs = [(loop.variable, loop.source) for loop in block.loops] + list(block.lets)
    for variable, compiled in pairs:
        worked = {**worked, variable.name: Let(compiled, scope, worked)}
        scope = {**scope, variable.name: variable}
    yield block.number, worked
    for inner in (*(part.group for part in block.parts if part.group), *block.blocks):
        yield from _within(inner, worked)
