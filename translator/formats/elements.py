"""What an XML element holds becomes cells: attributes, own texts, children by path; groups become rows of their own.

What the layout does not name, and what stands twice, is a finding of the row. Blank texts become nothing; where the
field says `empty`, the cell tells an element without content, or a nil one, from one that is not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from translator.core.finding import Finding, Findings, Place, Severity
from translator.core.private import shown
from translator.formats.limits import raised
from translator.formats.paths import NIL_NAME, TECHNICAL, Inside, Node, Step
from translator.formats.recognise import OFTEN, REQUIRED, UNNAMED, fewer, near
from translator.formats.xml_shape import NIL
from translator.mapping.layout import Field, MappingFile, Record
from translator.mapping.row import Row

Element = Any  # lxml's own type has no public name
Taken = dict[str, Node]  # of each name that stands several times: what its next element is
Plan = tuple[Node | None, ...]
BLANK: Final = " \t\r\n"  # what XML calls white space
PLANS: Final = 1_024
NONE: Final[Plan] = (Node(),)  # no plan was made yet


class Filler:
    """Fills cells from an element; what the layout does not name is a finding of the row."""

    __slots__ = ("_file", "_limits", "_plans", "_severity", "_strict", "_told")

    def __init__(self, mapping: MappingFile, file: str) -> None:
        self._file = file
        self._limits = mapping.limits
        self._severity = {"error": Severity.ERROR, "warn": Severity.WARNING, "skip": None}[mapping.unknown]
        self._strict = mapping.options.get("order") == "strict"
        self._told: set[tuple[int, str]] = set()  # a warning is given once for a file
        self._plans: dict[tuple[int, tuple[str, ...]], Plan | None] = {}  # of records by the names of their children

    def row(self, element: Element, inside: Inside, parent: Row | None) -> Row:
        """Give the row of a record or a group, all cells filled."""
        return self.plain(element, inside, parent) or self.closely(element, inside, parent)

    def closely(self, element: Element, inside: Inside, parent: Row | None) -> Row:
        """Give the row of a record or a group, with what is odd about it."""
        row = self._empty(element, inside, parent)
        self._fill(element, inside.node, row)
        self.few(row)
        return row

    def plain(self, element: Element, inside: Inside, parent: Row | None, depth: int = 0) -> Row | None:
        """Give the row of a flat element with nothing odd about it, all in bounds; None: it is to be read closely."""
        row = self._empty(element, inside, parent)
        return row if depth < self._limits.depth and self._plainly(element, inside, row) else None

    def _empty(self, element: Element, inside: Inside, parent: Row | None) -> Row:
        place = Place(self._file, element.sourceline or 0, record=inside.layout.name)
        return Row(inside.layout, [None] * len(inside.layout.fields), place, parent)

    def _plainly(self, element: Element, inside: Inside, row: Row) -> bool:
        children = element[:]
        key = (id(inside), tuple([child.tag for child in children]))
        plan = self._plans.get(key, NONE)
        if plan is NONE:
            plan = self._remembered(key, inside)
        if plan is None or (self._severity and element.text and element.text.strip(BLANK)):
            return False
        return self._given(element, inside.node, row) and self._taken(zip(children, plan, strict=True), row)

    def _remembered(self, key: tuple[int, tuple[str, ...]], inside: Inside) -> Plan | None:
        closely = self._strict or inside.node.text >= 0 or any(map(_least, inside.layout.fields))
        if len(self._plans) >= PLANS:
            self._plans.clear()
        plan = self._plans[key] = None if closely else _plan(key[1], inside.node, skips=self._severity is None)
        return plan

    def _taken(self, children: Iterable[tuple[Element, Node | None]], row: Row) -> bool:
        """Take what children without children give; written out, since a file has millions of them."""
        cells, fields, most, told = row.cells, row.record.fields, self._limits.field, self._severity
        for child, node in children:
            if len(child) or (told and child.tail and child.tail.strip(BLANK)):
                return False
            if child.keys() and not self._given(child, node, row):
                return False
            if node is None or ((number := node.text) < 0 and not told):
                continue
            text = child.text
            text = text.strip(BLANK) if text else ""
            if text:
                if number < 0 or len(text) > most or (not text.isascii() and "\ufeff" in text):
                    return False
                cells[number] = text
            elif number >= 0 and fields[number].empty is not None:
                return False
        return True

    def _given(self, element: Element, node: Node | None, row: Row) -> bool:
        """Take what attributes give; without a node nothing is taken of them."""
        given = element.items()
        if node is None or len(given) > self._limits.attributes:
            return len(given) <= self._limits.attributes
        for name, value in given:
            number = node.attributes.get(name, -1)
            if number < 0:
                if self._severity or name.startswith(TECHNICAL):
                    return False
            elif not self._kept(value.strip(BLANK), number, row):
                return False
        return True

    def _kept(self, text: str, number: int, row: Row) -> bool:
        if not text:
            return row.record.fields[number].empty is None
        marked = not text.isascii() and "\ufeff" in text
        if marked or len(text) > self._limits.field or row.cells[number] is not None:
            return False
        row.cells[number] = text
        return True

    def _fill(self, element: Element, node: Node, row: Row) -> None:
        self.attributes(element, node, row)
        self.text(element, node, row)
        taken: Taken = {}
        last = 0
        for child in element:
            last = self.ordered(child, self.child(child, node, row, taken), last, row)
            self.tail(child, row)

    def attributes(self, element: Element, node: Node, row: Row) -> None:
        """Fill the cells that attributes give."""
        for name, value in element.items():
            number = node.attributes.get(name, -1)
            if number >= 0:
                self._put(number, value, element, row)
            elif not name.startswith(TECHNICAL):
                text, hint = f"the layout has no attribute {local(name)} here", _near(name, node.attributes)
                self._unknown("attribute-unknown", text, element, row, hint)

    def text(self, element: Element, node: Node, row: Row) -> None:
        """Fill the cell that the element's own text gives."""
        text = (element.text or "").strip(BLANK)
        number = node.text
        if number < 0:
            if text:
                self._unknown("text-unknown", "the layout has no text here", element, row)
        elif text or row.record.fields[number].empty != NIL:
            self._put(number, text, element, row)
        elif element.get(NIL_NAME) in {"true", "1"}:
            self._put(number, NIL, element, row)

    def child(self, child: Element, node: Node, row: Row, taken: Taken) -> int:
        """Fill what a child element gives; its rank among the children, -1: it has none."""
        below = node.children.get(child.tag)
        if below is None:
            text, hint = f"the layout has no element {local(child.tag)} here", _elsewhere(child.tag, node)
            self._unknown("element-unknown", text, child, row, hint or _near(child.tag, node.children))
            return -1
        if below.groups:
            return self._group(child, below, row)
        if below.then is not None:
            below = taken.get(child.tag, below)
            taken[child.tag] = below.then or below
        self._fill(child, below, row)
        return below.rank

    def tail(self, element: Element, row: Row) -> None:
        """Note a text that stands behind an element."""
        if element.tail and element.tail.strip(BLANK):
            self._unknown("text-unknown", "the layout has no text here", element, row)

    def ordered(self, element: Element, rank: int, last: int, row: Row) -> int:
        """Note an element that stands before one it should follow, where that is asked for; give the last rank."""
        if not self._strict:
            return last
        if 0 <= rank < last:
            text = f"{local(element.tag)} stands after what the layout has behind it"
            self._wrong(row, "element-order", text, element)
        return max(rank, last)

    def _group(self, element: Element, node: Node, row: Row) -> int:
        for number, inside in node.groups:
            rows = cell if isinstance(cell := row.cells[number], list) else []
            most = inside.layout.times.most
            if (most is None or len(rows) < most) and fits(element, inside):
                found = self.row(element, inside, row)
                rows.append(found)
                row.cells[number] = rows
                row.findings += found.findings
                return inside.rank
        text = f"the layout has no more {local(element.tag)} here"
        if any(fits(element, inside) for _, inside in node.groups):  # the layout names it: not to be passed over
            self._wrong(row, "record-too-many", text, element, OFTEN)
        else:
            self._unknown("element-unknown", text, element, row, f"{OFTEN}: {UNNAMED}")
        return -1

    def few(self, row: Row) -> None:
        """Note groups that stand less often than they must."""
        for one, cell in zip(row.record.fields, row.cells, strict=True):
            least = _least(one)
            if least and len(cell if isinstance(cell, list) else ()) < least:
                text = f"{one.name} stands here less than {least} times" if least > 1 else f"no {one.name} stands here"
                hint = f"`times: {fewer(one.times)}` allows that there are none" if one.times.many else REQUIRED
                row.findings += (Finding("group-missing", text, row.place, one.rule, hint),)

    def _put(self, number: int, value: str, element: Element, row: Row) -> None:
        text = value.strip(BLANK)
        one, cells = row.record.fields[number], row.cells
        if not text:
            if one.empty == "" and cells[number] is None:
                cells[number] = ""
        elif len(text) > self._limits.field:
            text = f"{one.name} has more than {self._limits.field:,} characters"
            self._wrong(row, "limit-field", text, element, raised("field"))
        elif cells[number]:
            hint = f"{one.name}: {{times: 0.., fields: {{value: {{at: .}}}}}} reads all of them"
            self._wrong(row, "element-twice", f"{one.name} stands twice", element, hint)
        else:
            cells[number] = text
            if not text.isascii() and "\ufeff" in text:
                self._wrong(row, "character", f"{one.name}: a byte order mark inside the file", element)

    def _unknown(self, code: str, text: str, element: Element, row: Row, hint: str = UNNAMED) -> None:
        if self._severity is Severity.WARNING:
            if (id(row.record), text) in self._told:
                return
            self._told.add((id(row.record), text))
        if self._severity:
            self._wrong(row, code, text, element, hint, self._severity)

    def _wrong(
        self, row: Row, code: str, text: str, element: Element, hint: str = "", severity: Severity = Severity.ERROR
    ) -> None:
        place = Place(self._file, element.sourceline or 0, record=row.record.name, path=path_of(element))
        row.findings += (Finding(code, text, place, row.record.rule, hint, severity),)

    def stranger(self, element: Element, findings: Findings) -> None:
        """Note an element that is none of the records that could stand there."""
        if self._severity:
            text = f"{local(element.tag)} is none of the records of the layout"
            place = place_of(element, self._file)
            findings.add(Finding("record-unknown", text, place, hint=UNNAMED, severity=self._severity))


def _least(one: Field) -> int:
    """Say how often a group must stand."""
    return (one.times.least if one.times.many else int(one.required)) if one.fields else 0


def _near(name: str, known: Iterable[str]) -> str:
    return near(local(name), tuple(map(local, known)))


def _plan(names: tuple[str, ...], node: Node, *, skips: bool) -> Plan | None:
    """Say what each child of a flat element is, None for one that is skipped; no plan where it must be read closely."""
    found: list[Node | None] = []
    for name in names:
        below = node.children.get(name)
        if below is None and not skips:
            return None
        if below and (below.groups or below.then or below.children or below.records or below in found):
            return None
        found.append(below)
    return tuple(found)


def fits(element: Element, inside: Inside) -> bool:
    """Tell whether an element is a record or group by what its codes say."""
    return all(said(element, code.steps, code.attribute) in code.values for code in inside.codes)


@dataclass(slots=True)
class Candidate:
    """An element that may be a record; one that has only begun (`whole` is not so) tells no more than its attributes."""

    element: Element
    inside: Inside
    whole: bool
    number: int  # its line
    last: bool = False
    length: int = 0

    def fits(self, record: Record) -> bool:
        """Tell whether its codes are those of the record."""
        known = (code for code in self.inside.codes if self.whole or (code.attribute and not code.steps))
        return all(said(self.element, code.steps, code.attribute) in code.values for code in known)

    def measures(self, record: Record) -> bool:
        """Lengths mean nothing here."""
        return True

    def text(self, record: Record, number: int) -> str:
        """Give the text of one of its fields."""
        steps, attribute = self.inside.ways[number]
        return said(self.element, steps, attribute) if self.whole or (attribute and not steps) else ""


def said(element: Element, steps: tuple[Step, ...], attribute: str) -> str:
    """Give the text of a field: the first that is not blank on its way."""
    texts = (_said(one, attribute) for one in _reached(element, steps))
    return next((text for text in texts if text), "")


def _said(element: Element, attribute: str) -> str:
    text: str | None = element.get(attribute) if attribute else element.text
    return (text or "").strip(BLANK)


def _reached(element: Element, steps: tuple[Step, ...]) -> Iterator[Element]:
    if not steps:
        yield element
        return
    (name, nth), *more = steps
    for child in islice(element.iterchildren(name), nth, nth + 1) if nth >= 0 else element.iterchildren(name):
        yield from _reached(child, tuple(more))


def forget(element: Element) -> None:
    """Free an element and what stands before it."""
    element.clear(keep_tail=True)
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def place_of(element: Element, file: str, record: str = "") -> Place:
    """Give the line an element begins in, and the way to it."""
    return Place(file, element.sourceline or 0, record=record, path=path_of(element))


def path_of(element: Element) -> str:
    """Give the names from the root to an element."""
    names = [local(element.tag), *(local(above.tag) for above in element.iterancestors())]
    return "".join(f"/{name}" for name in reversed(names))


def local(name: object) -> str:
    """Give a name without its namespace, no longer than a finding bears."""
    return str(name).rpartition("}")[2][:60]


def _elsewhere(tag: str, node: Node) -> str:
    """Say that an element of this name is meant to stand here, only of another namespace."""
    meant = [name for name in node.children if name != tag and local(name) == local(tag)]
    if not meant:
        return ""
    found, wanted = (shown(name[1:].partition("}")[0], 80) if name[0] == "{" else "none" for name in (tag, meant[0]))
    return f"its namespace is {found}, the layout says {wanted}"
