"""Where the cells of a JSON file stand: by the pointers of its values, found in one walk over the text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from translator.formats.stands import Stand, Stands, standing
from translator.mapping.layout import Field, MappingFile, Record
from translator.mapping.row import Row

_TOKEN: Final = re.compile(r"""\s*([\[\]{},:]|"(?:[^"\\]|\\.)*"|[^\s\[\]{},:"]+)""")

Extents = dict[tuple[str, ...], tuple[int, int]]
Steps = Callable[[Record | Field], tuple[str, ...]]


def where(data: bytes, rows: Sequence[Row], mapping: MappingFile, steps: Steps) -> Stands:
    """Find the cells. `steps`: the keys that lead to a record or field."""
    text = data.decode("utf-8-sig", "replace")
    extents = dict(_extents(text))
    return standing(text, _cells(rows, extents, steps))


def _cells(rows: Sequence[Row], extents: Extents, steps: Steps) -> Iterator[Stand]:
    ways: dict[int, tuple[str, ...]] = {}
    turns: dict[tuple[str, ...], int] = {}
    for row in rows:
        way = (*(ways[id(row.parent)] if row.parent else ()), *steps(row.record))
        ways[id(row)] = _turn(way, turns, extents)
        yield from _inside(row, ways[id(row)], extents, steps)


def _turn(way: tuple[str, ...], turns: dict[tuple[str, ...], int], extents: Extents) -> tuple[str, ...]:
    """Go into a list where there is one: each row is its next entry."""
    if (*way, "0") not in extents:
        return way
    number = turns.get(way, 0)
    turns[way] = number + 1
    return (*way, str(number))


def _inside(row: Row, way: tuple[str, ...], extents: Extents, steps: Steps) -> Iterator[Stand]:
    for number, (one, cell) in enumerate(zip(row.record.fields, row.cells, strict=False)):
        below = (*way, *steps(one))
        if isinstance(cell, list):
            turns: dict[tuple[str, ...], int] = {}
            for inner in cell:
                yield from _inside(inner, _turn(below, turns, extents), extents, steps)
        elif below in extents and not one.fields:
            yield Stand(row, number, *extents[below])


def _extents(text: str) -> Iterator[tuple[tuple[str, ...], tuple[int, int]]]:
    """Give every value with the keys and numbers that lead to it, and its place."""
    opened: list[tuple[str, str | None]] = []  # what is open, and the key (None: it comes next) or number at hand
    for found in _TOKEN.finditer(text):
        token, place = found[1], (found.start(1), found.end(1))
        if token in "}]":
            opened.pop()
        elif token == ",":
            kind, step = opened.pop()
            opened.append((kind, str(int(step or 0) + 1) if kind == "[" else None))
        elif opened and opened[-1][1] is None:
            opened[-1] = ("{", json.loads(token))
        elif token != ":":
            yield tuple(step or "" for _, step in opened), place
            opened += [(token, "0" if token == "[" else None)] if token in "{[" else []
