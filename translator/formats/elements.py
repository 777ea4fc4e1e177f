"""What an XML element holds becomes cells: attributes, own texts, children by path; groups become rows of their own.

What the layout does not name, and what stands twice, is a finding of the row. Blank texts become nothing.
"""

from __future__ import annotations

from typing import Any, Final

from translator.core.finding import Finding, Findings, Place, Severity
from translator.formats.paths import Inside, Node
from translator.mapping.layout import MappingFile
from translator.mapping.row import Cell, Row

Element = Any  # lxml's own type has no public name
_TECHNICAL: Final = ("{http://www.w3.org/2001/XMLSchema-instance}", "{http://www.w3.org/XML/1998/namespace}")


class Filler:
    """Fills cells from an element; what the layout does not name is a finding of the row."""

    __slots__ = ("_field", "_file", "_severity", "_told")

    def __init__(self, mapping: MappingFile, file: str) -> None:
        self._field = mapping.limits.field
        self._file = file
        self._severity = {"error": Severity.ERROR, "warn": Severity.WARNING, "skip": None}[mapping.unknown]
        self._told: set[tuple[int, str]] = set()  # a warning is given once for a file

    def fill_row(self, element: Element, inside: Inside, row: Row) -> None:
        """Fill all cells of a record or a group."""
        row.cells = [None] * len(inside.layout.fields)
        self._fill(element, inside.node, row, row.cells)

    def _fill(self, element: Element, node: Node, row: Row, cells: list[Cell]) -> None:
        self.attributes(element, node, row, cells)
        self.text(element, node, row, cells)
        for child in element:
            self.child(child, node, row, cells)

    def attributes(self, element: Element, node: Node, row: Row, cells: list[Cell]) -> None:
        """Fill the cells that attributes give."""
        for name, value in element.items():
            number = node.attributes.get(name, -1)
            if number >= 0:
                self._put(number, value, element, row, cells)
            elif not name.startswith(_TECHNICAL):
                self._unknown("attribute-unknown", f"the layout has no attribute {_local(name)} here", element, row)

    def text(self, element: Element, node: Node, row: Row, cells: list[Cell]) -> None:
        """Fill the cell that the element's own text gives."""
        text = (element.text or "").strip()
        if node.text >= 0:
            self._put(node.text, text, element, row, cells)
        elif text:
            self._unknown("text-unknown", "the layout has no text here", element, row)

    def child(self, child: Element, node: Node, row: Row, cells: list[Cell]) -> None:
        """Fill what a child element gives."""
        below = node.children.get(child.tag)
        if child.tail and not child.tail.isspace():
            self._unknown("text-unknown", "the layout has no text here", child, row)
        if below is None:
            self._unknown("element-unknown", f"the layout has no element {_local(child.tag)} here", child, row)
        elif below.groups:
            self._group(child, below, row, cells)
        elif not below.records:
            self._fill(child, below, row, cells)

    def _group(self, element: Element, node: Node, row: Row, cells: list[Cell]) -> None:
        for number, inside in node.groups:
            rows = cell if isinstance(cell := cells[number], list) else []
            most = inside.layout.times.most
            if most is not None and len(rows) >= most:
                continue
            found = Row(inside.layout, [], place_of(element, self._file, inside.layout.name), row)
            self.fill_row(element, inside, found)
            if fits(found.cells, inside):
                rows.append(found)
                cells[number] = rows
                row.findings += found.findings
                return
        self._unknown("element-unknown", f"the layout has no more {_local(element.tag)} here", element, row)

    def _put(self, number: int, value: str, element: Element, row: Row, cells: list[Cell]) -> None:
        text = value.strip() or None
        name = row.record.fields[number].name
        if text and len(text) > self._field:
            self._wrong(row, "limit-field", f"{name} has more than {self._field:,} characters", element)
        elif text and cells[number] is not None:
            self._wrong(row, "element-twice", f"{name} stands twice", element)
        elif text:
            cells[number] = text

    def _unknown(self, code: str, text: str, element: Element, row: Row) -> None:
        if self._severity is Severity.WARNING:
            if (id(row.record), text) in self._told:
                return
            self._told.add((id(row.record), text))
        if self._severity:
            self._wrong(row, code, text, element, self._severity)

    def _wrong(self, row: Row, code: str, text: str, element: Element, severity: Severity = Severity.ERROR) -> None:
        place = Place(self._file, element.sourceline or 0, record=row.record.name, path=_local(element.tag))
        row.findings += (Finding(code, text, place, row.record.rule, severity=severity),)

    def stranger(self, element: Element, findings: Findings) -> None:
        """Note an element that is none of the records that could stand there."""
        if self._severity:
            text = f"{_local(element.tag)} is none of the records of the layout"
            findings.add(Finding("record-unknown", text, place_of(element, self._file), severity=self._severity))


def fits(cells: list[Cell], inside: Inside) -> bool:
    """Tell whether an element is the record or group its cells were read for."""
    return all(cells[number] in values for number, values in inside.codes)


def place_of(element: Element, file: str, record: str = "") -> Place:
    """Give the line an element begins in."""
    return Place(file, element.sourceline or 0, record=record, path="" if record else _local(element.tag))


def _local(name: object) -> str:
    return str(name).rpartition("}")[2][:60]
