"""Where the cells of an XML file stand: texts and attributes, found by walking the file along its layout.

The parser of the standard library is asked only for places; what the cells are was read, or written, by others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from translator.core.finding import Findings
from translator.formats.encodings import utf8
from translator.formats.paths import Inside, Node, compiled
from translator.formats.stands import Stand, Stands, standing
from translator.mapping.layout import MappingFile
from translator.mapping.row import Row

_ATTRIBUTE: Final = re.compile(rb"""([^\s=<>"']+)\s*=\s*("[^"]*"|'[^']*')""")


@dataclass(slots=True)
class _Element:
    """One element: its names as `{address}name`, places in bytes."""

    name: str
    line: int  # where its start tag ends: that is what a reader calls its line
    attributes: dict[str, tuple[int, int]]
    inside: int = 0  # where its start tag ends
    end: int = 0  # where its end tag begins
    after: int = 0  # the line where the next one of its name begins, beside it; 0: it is the last
    children: list[_Element] = field(default_factory=list)
    last: dict[str, _Element] = field(default_factory=dict)  # of its children, by name


def where(data: bytes, rows: Sequence[Row], mapping: MappingFile) -> Stands:
    """Find the cells of a file that is well-formed; what is not is left alone."""
    body = b"".join(utf8([data], mapping, Findings(), "")).removeprefix(b"\xef\xbb\xbf")
    walk = _Walk(list(rows))
    stands = list(walk.children(_parsed(body), compiled(mapping), None))
    return _in_characters(body, stands)


def _in_characters(body: bytes, stands: list[Stand]) -> Stands:
    """Turn places in bytes into places in the text."""
    known: dict[int, int] = {}
    at = characters = 0
    for place in sorted({place for one in stands for place in (one.start, one.end)}):
        characters += len(body[at:place].decode("utf-8", "replace"))
        known[place], at = characters, place
    found = (Stand(one.row, one.number, known[one.start], known[one.end]) for one in stands)
    return standing(body.decode("utf-8", "replace"), found)


def _parsed(body: bytes) -> _Element:
    """Build the tree of elements with their places, below an element above the root."""
    top = _Element("", 0, {})
    opened = [top]
    parser = expat.ParserCreate("utf-8", namespace_separator="}")
    parser.ordered_attributes = True

    def start(name: str, attributes: list[str]) -> None:
        at = parser.CurrentByteIndex
        close = _closing(body, at)
        raw = [one for one in _ATTRIBUTE.finditer(body, at, close) if not one[1].startswith(b"xmlns")]
        places = {
            _clark(one): (raw_.start(2) + 1, raw_.end(2) - 1) for one, raw_ in zip(attributes[::2], raw, strict=False)
        }
        line = parser.CurrentLineNumber + body.count(b"\n", at, close)
        element = _Element(_clark(name), line, places, close + 1, close + 1)
        if before := opened[-1].last.get(element.name):
            before.after = element.line
        opened[-1].last[element.name] = element
        opened[-1].children.append(element)
        opened.append(element)

    def end(_: str) -> None:
        element = opened.pop()
        element.end = max(element.inside, parser.CurrentByteIndex)

    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(body, True)
    except expat.ExpatError:
        return top
    return top


def _closing(body: bytes, at: int) -> int:
    """Find the `>` that ends a start tag: none inside quotes."""
    quote = b""
    for place in range(at, len(body)):
        letter = body[place : place + 1]
        if quote:
            quote = b"" if letter == quote else quote
        elif letter in (b'"', b"'"):
            quote = letter
        elif letter == b">":
            return place
    return len(body)


def _clark(name: str) -> str:
    return f"{{{name}" if "}" in name else name


@dataclass(slots=True)
class _Walk:
    """Goes through elements along the layout, and hands each record the next row that is left."""

    rows: list[Row]

    def children(self, element: _Element, node: Node, row: Row | None) -> Iterator[Stand]:
        turns: dict[str, int] = {}
        groups: dict[int, int] = {}  # how many rows of a group were given an element
        for child in element.children:
            below = _nth(node.children.get(child.name), turns, child.name)
            if below is None:
                continue
            if below.groups and row:
                yield from self.group(child, below, row, groups)
            elif below.records and (found := self._next(below, child, row)):
                inside, own = found
                yield from self.own(child, inside.node, own)
            else:
                yield from self.own(child, below, row)

    def own(self, element: _Element, node: Node, row: Row | None) -> Iterator[Stand]:
        """Find the cells of one element, and of those inside it."""
        if row is not None:
            for name, number in node.attributes.items():
                if name in element.attributes:
                    yield Stand(row, number, *element.attributes[name])
            if node.text >= 0 and row.cells[node.text] is not None:
                yield Stand(row, node.text, element.inside, element.end)
        yield from self.children(element, node, row)

    def group(self, element: _Element, node: Node, row: Row, given: dict[int, int]) -> Iterator[Stand]:
        for number, inside in node.groups:
            rows, taken = row.cells[number], given.get(number, 0)
            if isinstance(rows, list) and taken < len(rows) and _may_be(rows[taken], element):
                given[number] = taken + 1
                yield from self.own(element, inside.node, rows[taken])
                return

    def _next(self, node: Node, element: _Element, around: Row | None) -> tuple[Inside, Row] | None:
        for row in self.rows[:1]:
            for inside in node.records:
                if inside.layout is row.record and row.parent is around and _may_be(row, element):
                    self.rows.pop(0)
                    return inside, row
        return None


def _nth(node: Node | None, turns: dict[str, int], name: str) -> Node | None:
    """Give what the next element of a name is: the second may be another field than the first."""
    count = turns.get(name, 0)
    turns[name] = count + 1
    while node is not None and count and node.then is not None:
        node, count = node.then, count - 1
    return node


def _may_be(row: Row, element: _Element) -> bool:
    """Tell whether an element is that of a row: where a row was read, its line says so, unless all stand in one line."""
    line = row.place.line
    return not line or (line >= element.line and not element.line < element.after <= line)
