"""XML files: records are elements, fields are attributes, texts and elements by path; groups are elements with fields.

Nothing outside the file is ever fetched: a DOCTYPE is Rejected, as is what is not well-formed, nested too deeply or in
an encoding that is not allowed. Comments and processing instructions vanish, the text around them is joined. Elements
and attributes the layout does not name are findings of their record, as `unknown` says. What was read is released.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from translator.core.finding import Finding, Findings, Place, Rejected
from translator.formats.elements import Element, Filler, fits, place_of
from translator.formats.encodings import utf8
from translator.formats.format import Format, Option
from translator.formats.limits import bounded, counted, long_record
from translator.formats.paths import Inside, Node, compiled, namespaces
from translator.formats.recognise import missing
from translator.formats.xml_shape import drawn
from translator.formats.xml_write import write
from translator.mapping.layout import MappingFile, Record
from translator.mapping.row import Cell, Row

NEWLINES: Final = ("lf", "crlf", "cr")
OPTIONS: Final = (
    Option("charset", "the encoding; empty: what the file declares, written as UTF-8", ""),
    Option("namespaces", "the namespaces of the paths: prefix and address, the default one without prefix", ""),
    Option("declaration", "whether a written file begins with `<?xml …?>`", "true", ("true", "false")),
    Option("indent", "blanks for each level of a written file; 0: all in one line", "2", (*"012348", "tab")),
    Option("newline", "what ends a line of a written file", "lf", NEWLINES),
)
_PROLOG: Final = re.compile(rb"(?s)(?:\xef\xbb\xbf)?(?:\s|<\?.*?\?>|<!--.*?-->)*+<(?P<what>!D|[^!?\s])")
_PROLOG_MOST: Final = 65_536


@dataclass(slots=True)
class _Open:
    """A record whose element is not ended, and that has records inside: given before them."""

    inside: Inside
    row: Row
    depth: int
    given: bool = False
    seen: dict[str, int] = field(default_factory=dict)


def _read(chunks: Iterable[bytes], mapping: MappingFile, findings: Findings, file: str) -> Iterator[Row]:
    names = namespaces(mapping.options.get("namespaces", ""))
    reading = _Reading(mapping, findings, file, compiled(mapping.records, names))
    pieces = utf8(bounded(chunks, file, mapping.limits.file), mapping.options.get("charset", ""), file)
    yield from counted(reading.rows(pieces), file, mapping.limits.records)


class _Reading:
    """Turns the parser's events into rows."""

    __slots__ = ("_file", "_filler", "_findings", "_leaf", "_limits", "_nodes", "_open", "_top", "_within")

    def __init__(self, mapping: MappingFile, findings: Findings, file: str, top: Node) -> None:
        self._file = file
        self._findings = findings
        self._filler = Filler(mapping, file)
        self._limits = mapping.limits
        self._top = _Open(Inside(mapping.records[0], top, ()), Row(mapping.records[0], [], Place(file)), 0, given=True)
        self._open: list[_Open] = []
        self._nodes: list[Node | None] = [top]
        self._leaf = 0  # the depth of the record that is being read whole; 0: none
        self._within = 0  # bytes of it

    def rows(self, pieces: Iterable[bytes]) -> Iterator[Row]:
        """Feed the parser and give the rows that are complete."""
        for event, element in _events(pieces, self._file, self._grown):
            if event == "start":
                self._start(element)
            else:
                yield from self._end(element)
        self._missing(self._top)

    def _grown(self, size: int) -> None:
        self._within = self._within + size if self._leaf else 0
        if self._within > self._limits.record:
            raise long_record(self._file, 0, self._limits.record, "bytes")

    def _start(self, element: Element) -> None:
        above = self._nodes[-1]
        node = above.children.get(element.tag) if above and not self._leaf else None
        self._nodes.append(node)
        depth, attributes = self._limits.depth, self._limits.attributes
        if len(self._nodes) - 1 > depth:
            raise Rejected([Finding("xml-depth", f"nested deeper than {depth}", place_of(element, self._file))])
        if len(element.attrib) > attributes:
            text = f"an element with more than {attributes} attributes"
            raise Rejected([Finding("xml-attributes", text, place_of(element, self._file))])
        if node and node.records:
            self._begin(element, node)

    def _begin(self, element: Element, node: Node) -> None:
        depth = len(self._nodes) - 1
        if not any(getattr(one.layout, "records", ()) for one in node.records):
            self._leaf = depth
            return
        chosen = next((one for one in node.records if _attributes_fit(element, one)), node.records[0])
        place = place_of(element, self._file, chosen.layout.name)
        row = Row(chosen.layout, [None] * len(chosen.layout.fields), place, self._parent)
        self._filler.attributes(element, chosen.node, row, row.cells)
        self._count(chosen, place)
        self._open.append(_Open(chosen, row, depth))
        self._nodes[-1] = chosen.node

    @property
    def _parent(self) -> Row | None:
        return self._open[-1].row if self._open else None

    def _end(self, element: Element) -> Iterator[Row]:
        depth = len(self._nodes) - 1
        node = self._nodes.pop()
        around = self._open[-1] if self._open else self._top
        if self._leaf:
            if depth == self._leaf and node:
                self._leaf = self._within = 0
                yield from self._whole(element, node)
                _release(element)
        elif around.depth == depth:
            yield from self._close(around, element)
            _release(element)
        elif depth == around.depth + 1:
            self._within_open(element, around)

    def _whole(self, element: Element, node: Node) -> Iterator[Row]:
        for one in self._open:
            if not one.given:
                one.given = True
                yield one.row
        for inside in node.records:
            row = Row(inside.layout, [], place_of(element, self._file, inside.layout.name), self._parent)
            self._filler.fill_row(element, inside, row)
            if fits(row.cells, inside):
                self._count(inside, row.place)
                yield row
                return
        self._filler.stranger(element, self._findings)

    def _close(self, one: _Open, element: Element) -> Iterator[Row]:
        self._filler.text(element, one.inside.node, one.row, one.row.cells)
        self._missing(one)
        self._open.pop()
        if not one.given:
            yield one.row

    def _within_open(self, element: Element, around: _Open) -> None:
        before = _filled(around.row.cells)
        self._filler.child(element, around.inside.node, around.row, around.row.cells)
        if around.given and _filled(around.row.cells) != before:
            text = f"stands after the records that belong to {around.row.record.name}, which was read by then"
            place = place_of(element, self._file, around.row.record.name)
            hint = "make it a record of its own"
            self._findings.add(Finding("element-late", text, place, around.row.record.rule, hint))
        if around is self._top:
            self._findings.found.extend(around.row.findings)
            around.row.findings = ()
        element.clear(keep_tail=True)

    def _count(self, inside: Inside, place: Place) -> None:
        around = self._open[-1] if self._open else self._top
        name, most = inside.layout.name, inside.layout.times.most
        around.seen[name] = around.seen.get(name, 0) + 1
        if most is not None and around.seen[name] > most:
            text = f"{name} stands here more than {most} times"
            self._findings.add(Finding("record-too-many", text, place, inside.layout.rule))

    def _missing(self, one: _Open) -> None:
        parent = None if one is self._top else one.row
        for record in _below(one.inside.node):
            layout = record.layout
            if isinstance(layout, Record) and one.seen.get(layout.name, 0) < layout.times.least:
                missing(layout, parent, Place(self._file, one.row.place.line, record=layout.name), self._findings)


def _below(node: Node) -> Iterator[Inside]:
    for child in node.children.values():
        yield from child.records
        if not child.records and not child.groups:
            yield from _below(child)


def _filled(cells: list[Cell]) -> int:
    return sum(len(cell) if isinstance(cell, list) else cell is not None for cell in cells)


def _attributes_fit(element: Element, inside: Inside) -> bool:
    given = {number: element.get(name) for name, number in inside.node.attributes.items()}
    return all(given[number] in values for number, values in inside.codes if number in given)


def _release(element: Element) -> None:
    """Forget what was read, and what stands before it."""
    element.clear(keep_tail=True)
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _events(pieces: Iterable[bytes], file: str, grown: Callable[[int], None]) -> Iterator[tuple[str, Element]]:
    """Parse, refusing a DOCTYPE before the parser sees it."""
    parser = etree.XMLPullParser(
        events=("start", "end"),
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for piece in _after_prolog(pieces, file):
            grown(len(piece))
            parser.feed(piece)
            yield from parser.read_events()
        parser.close()
        yield from parser.read_events()
    except etree.XMLSyntaxError as error:
        place = Place(file, error.lineno or 0, error.offset or 0)
        text = f"not well-formed: {(error.msg or 'the file ends too early')[:200]}"
        raise Rejected([Finding("xml-syntax", text, place, hint="was the file cut off?")]) from None


def _after_prolog(pieces: Iterable[bytes], file: str) -> Iterator[bytes]:
    prolog, begun = b"", False
    for piece in pieces:
        if begun:
            yield piece
            continue
        prolog += piece
        found = _PROLOG.match(prolog)
        if found and found["what"] == b"!D":
            place = Place(file, prolog[: found.end()].count(b"\n") + 1)
            raise Rejected([Finding("xml-doctype", "a DOCTYPE is not allowed", place)])
        if found:
            begun = True
            yield prolog
        elif len(prolog) > _PROLOG_MOST:
            raise Rejected([Finding("xml-syntax", f"no element within {_PROLOG_MOST:,} bytes", Place(file, 1))])
    if not begun:
        yield prolog


FORMAT: Final = Format("xml", OPTIONS, _read, write, check=lambda mapping: drawn(mapping).faults)
