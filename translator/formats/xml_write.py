"""XML written from rows, one at a time: what is open is kept, what is closed is gone.

An element stands where one of its cells, or something inside it, does; one of path steps alone vanishes with what it
would hold. Nothing is no element, unless its field says `empty`: "" is an element without content, `xsi:nil` one that
says so. A character that no XML may hold is a finding.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from translator.core.finding import Finding, Findings
from translator.formats import xml_text, xsd
from translator.formats.lines import NEWLINES
from translator.formats.xml_shape import NIL, Element, Shape, Slot, drawing, rule_of
from translator.mapping.layout import Field, MappingFile
from translator.mapping.row import Row

_MOST: Final = 4_096  # pieces of text that are kept before they become bytes
_NOWHERE: Final = 1_000_000  # a depth


def write(rows: Iterable[Row], mapping: MappingFile, findings: Findings) -> bytes:
    """Write a file, and hold it against its schema. Raises Misconfigured where the layout cannot be XML."""
    writing = _Writing(mapping, findings)
    for row in rows:
        writing.row(row)
    data = writing.end()
    if mapping.schema and not findings.failed:
        findings.found += xsd.invalid(data, mapping, partial(rule_of, mapping))
    return data


@dataclass(slots=True)
class _Open:
    """A row whose element is open (None: the file itself): how far it is written, and the path that is open in it."""

    shape: Shape
    row: Row | None = None
    at: int = 0
    path: list[Element] = field(default_factory=list)


class _Writing:
    """Which element comes next: the rows that are open, outermost first."""

    __slots__ = ("_open", "_pen")

    def __init__(self, mapping: MappingFile, findings: Findings) -> None:
        found = drawing(mapping)
        self._pen = _Pen(mapping, found.declared, findings)
        self._open = [_Open(found.top)]

    def row(self, row: Row) -> None:
        """Write what stands before a row, and begin it."""
        while self._open[-1].row is not row.parent:
            self._close(self._open.pop())
        around = self._open[-1]
        at = around.shape.slots[id(row.record)]
        if at > around.at:
            self._until(at, around)
        path, slot = around.shape.steps[at]
        self._path(path, around)
        if isinstance(slot, Slot):
            self._pen.start(slot.shape.element, row)
            self._open.append(_Open(slot.shape, row))

    def end(self) -> bytes:
        """Close what is open; give the file."""
        while len(self._open) > 1:
            self._close(self._open.pop())
        self._path((), self._open[0])
        return self._pen.end()

    def _close(self, one: _Open) -> None:
        self._until(len(one.shape.steps), one)
        self._path((), one)
        self._pen.finish(one.shape.element)

    def _until(self, end: int, one: _Open) -> None:
        """Write the fields and groups of a row up to a step."""
        row, begin, one.at = one.row, one.at, end
        for path, step in one.shape.steps[begin:end]:
            if isinstance(step, Slot):
                self._group(step, path, one)
            elif row and self._pen.stands(step, row):
                self._path(path, one)
                if step.inner:
                    self._path((*path, step), one)
                else:
                    self._pen.leaf(step, row)

    def _group(self, slot: Slot, path: tuple[Element, ...], one: _Open) -> None:
        cell = one.row.cells[slot.number] if one.row and slot.number >= 0 else None
        for inner in cell if isinstance(cell, list) else ():
            self._path(path, one)
            self._pen.start(slot.shape.element, inner)
            self._close(_Open(slot.shape, inner))

    def _path(self, path: tuple[Element, ...], one: _Open) -> None:
        """Close and open elements until exactly these are open in a row."""
        opened = one.path
        while opened and (len(opened) > len(path) or opened[-1] is not path[len(opened) - 1]):
            self._pen.finish(opened.pop())
        for element in path[len(opened) :]:
            self._pen.start(element, one.row)
            opened.append(element)


class _Pen:
    """Text that grows: start tags, attributes, texts, end tags, each on its line where nothing speaks against it."""

    __slots__ = (
        "_data",
        "_declared",
        "_encoder",
        "_findings",
        "_fresh",
        "_ink",
        "_inline",
        "_mapping",
        "_pads",
        "_pieces",
        "_roots",
    )

    def __init__(self, mapping: MappingFile, declared: str, findings: Findings) -> None:
        options = mapping.options
        self._mapping = mapping
        self._declared = declared
        self._findings = findings
        self._ink = xml_text.ink(options.get("charset") or "utf-8")
        self._encoder = self._ink.encoder()
        self._pads = _pads(options.get("indent", "2"), mapping.limits.depth)
        self._pieces = [self._ink.declaration] if options.get("declaration", "true") == "true" else []
        self._data = bytearray(self._ink.mark)
        self._fresh = False  # the start tag written last is not closed yet
        self._inline = _NOWHERE  # the depth of the element with a text of its own: inside it no line is broken
        self._roots = 0

    def stands(self, element: Element, row: Row) -> bool:
        """Tell whether one of an element's own cells holds something."""
        cells = row.cells
        if element.text >= 0 and (cells[element.text] is not None or _blank(element.text, row)):
            return True
        return any(cells[number] is not None or _blank(number, row) for _, number in element.attributes)

    def start(self, element: Element, row: Row | None) -> None:
        """Open an element: its attributes and its own text stand."""
        self._begin(element)
        if row is not None and (element.attributes or element.text >= 0):
            self._own(element, row)
        if len(self._pieces) > _MOST:
            self._flush()

    def leaf(self, element: Element, row: Row) -> None:
        """Write an element that holds no other."""
        self.start(element, row)
        self.finish(element)

    def finish(self, element: Element) -> None:
        """Close an element."""
        if self._fresh:
            self._pieces.append("/>")
            self._fresh = False
        elif element.depth >= self._inline:
            self._pieces.append(f"</{element.name}>")
        else:
            self._pieces.append(f"{self._pads[element.depth]}</{element.name}>")
        if element.depth == self._inline:
            self._inline = _NOWHERE

    def end(self) -> bytes:
        """Give the file."""
        if not self._roots:
            text = "nothing is written: a file holds one element at least"
            self._findings.add(Finding("xml-root", text, rule=self._mapping.rule))
        self._pieces.append("\n")
        self._flush()
        return bytes(self._data)

    def _begin(self, element: Element) -> None:
        if self._fresh:
            self._pieces.append(">")
        pad = self._pads[element.depth] if 0 < element.depth <= self._inline else ""
        self._pieces.append(f"{pad}<{element.name}")
        self._fresh = True
        if element.depth == 0:
            self._pieces.append(self._declared)
            self._roots += 1
            if self._roots == 2:
                text = f"a file has one root element, {element.name} would be a second one"
                hint = "give both a parent: at: Orders/Order"
                self._findings.add(Finding("xml-root", text, rule=element.rule, hint=hint))

    def _own(self, element: Element, row: Row) -> None:
        for name, number in element.attributes:
            cell = _cell(number, row)
            if cell is not None:
                self._pieces.append(f' {name}="{xml_text.quoted(self._allowed(cell, number, row))}"')
        cell = _cell(element.text, row) if element.text >= 0 else None
        one = row.record.fields[element.text]
        if cell == NIL and one.empty == NIL:
            self._pieces.append(' xsi:nil="true"')
        elif cell:
            self._pieces.append(f">{self._text(cell, one, element.text, row)}")
            self._fresh = False
            self._inline = min(self._inline, element.depth)

    def _text(self, cell: str, one: Field, number: int, row: Row) -> str:
        text = self._allowed(cell, number, row)
        return self._ink.cdata(text) if one.cdata else xml_text.escaped(text)

    def _allowed(self, text: str, number: int, row: Row) -> str:
        letter = xml_text.bad(text)
        if letter:
            one = row.record.fields[number]
            said = f"{one.name}: no XML can hold the character U+{ord(letter):04X}"
            hint = "substitute: says what stands instead"
            self._findings.add(Finding("xml-character", said, row.place, one.rule, hint))
        return text if not letter else ""

    def _flush(self) -> None:
        end = NEWLINES[self._mapping.options.get("newline", "lf")]
        text = "".join(self._pieces)
        self._data += self._encoder.encode(text if end == "\n" else text.replace("\n", end))
        self._pieces.clear()


def _cell(number: int, row: Row) -> str | None:
    """Give the text of a cell; None: nothing stands there, not even an element without content."""
    cell = row.cells[number]
    if cell is None:
        return "" if _blank(number, row) else None
    return cell if isinstance(cell, str) else str(cell)


def _blank(number: int, row: Row) -> bool:
    """Tell a field whose fixed text is no characters: it stands."""
    return row.record.fields[number].text == ""


def _pads(indent: str, most: int) -> dict[int, str]:
    one = "\t" if indent == "tab" else " " * int(indent)
    return {depth: f"\n{one * depth}" if one else "" for depth in range(most + 2)}
