"""Where the cells of a JSON file stand: by the pointers of its values, found in one walk over the text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Final

from translator.formats.json_shape import steps
from translator.formats.stands import Stand, Stands, standing
from translator.mapping.layout import MappingFile
from translator.mapping.row import Row

_TOKEN: Final = re.compile(r"""\s*([\[\]{},:]|"(?:[^"\\]|\\.)*"|[^\s\[\]{},:"]+)""")

Extents = dict[tuple[str, ...], tuple[int, int]]


def where(data: bytes, rows: Sequence[Row], mapping: MappingFile) -> Stands:
    """Find the cells."""
    text = data.decode("utf-8-sig", "replace")
    if mapping.options.get("lines") == "true":
        return standing(text, _by_lines(text, rows))
    return standing(text, _cells(rows, dict(_extents(text))))


def _by_lines(text: str, rows: Sequence[Row]) -> Iterator[Stand]:
    """Find the cells of a file whose lines are objects: of rows that were read by their line, else one by one."""
    read = {row.place.line: row for row in rows if row.place.line}
    written = iter(rows if not read else ())
    at = 0
    for number, line in enumerate(text.split("\n"), 1):
        row = read.get(number) or (next(written, None) if line.strip() else None)
        for one in _inside(row, (), dict(_extents(line))) if row else ():
            yield Stand(one.row, one.number, at + one.start, at + one.end)
        at += len(line) + 1


def _cells(rows: Sequence[Row], extents: Extents) -> Iterator[Stand]:
    ways: dict[int, tuple[str, ...]] = {}
    turns: dict[tuple[str, ...], int] = {}
    for row in rows:
        way = (*(ways[id(row.parent)] if row.parent else ()), *steps(row.record))
        ways[id(row)] = _turn(way, turns, extents)
        yield from _inside(row, ways[id(row)], extents)


def _turn(way: tuple[str, ...], turns: dict[tuple[str, ...], int], extents: Extents) -> tuple[str, ...]:
    """Go into a list where there is one: each row is its next entry."""
    if (*way, "0") not in extents:
        return way
    number = turns.get(way, 0)
    turns[way] = number + 1
    return (*way, str(number))


def _inside(row: Row, way: tuple[str, ...], extents: Extents) -> Iterator[Stand]:
    for number, (one, cell) in enumerate(zip(row.record.fields, row.cells, strict=False)):
        below = (*way, *steps(one))
        if isinstance(cell, list):
            turns: dict[tuple[str, ...], int] = {}
            for inner in cell:
                yield from _inside(inner, _turn(below, turns, extents), extents)
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
