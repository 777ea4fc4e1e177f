"""Where in an XML element the fields of a record stand, compiled for reading from the same drawing that is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from translator.formats.once import once
from translator.formats.xml_shape import XML, XSI, Element, Shape, Slot, drawing, namespaces
from translator.mapping.layout import Field, MappingFile, Record

NIL_NAME: Final = f"{{{XSI}}}nil"
TECHNICAL: Final = (f"{{{XSI}}}", f"{{{XML}}}")


@dataclass(slots=True, eq=False)
class Node:
    """One element: which cells its text and its attributes fill, what its children are.

    `rank`: its place among the children of its parent. `then`: what the next element of the same name is.
    """

    rank: int = 0
    text: int = -1
    attributes: dict[str, int] = field(default_factory=dict)
    children: dict[str, Node] = field(default_factory=dict)
    then: Node | None = None
    groups: list[tuple[int, Inside]] = field(default_factory=list)  # it is one of these groups of the record around it
    records: list[Inside] = field(default_factory=list)  # it is one of these records
    through: bool = False  # records lie below, but it is none


Step = tuple[str, int]  # the name of an element, and the how many-th of that name it is; -1: any


@dataclass(frozen=True, slots=True)
class Code:
    """A field that says what a record or group is: the way to it, its attribute ("": its text), what it may be."""

    number: int
    steps: tuple[Step, ...]
    attribute: str
    values: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Inside:
    """A record or a group: its layout, what its element holds, what it is recognised by."""

    layout: Record | Field
    node: Node
    codes: tuple[Code, ...]
    rank: int
    ways: Mapping[int, tuple[tuple[Step, ...], str]] = field(default_factory=dict)  # to each field: steps, attribute


@once
def compiled(mapping: MappingFile) -> Node:
    """Compile a layout for reading: a node above its root element. Raises Misconfigured."""
    return _Compiling(namespaces(mapping)).node(drawing(mapping).top.element)


@dataclass(frozen=True, slots=True)
class _Compiling:
    names: Mapping[str, str]

    def node(self, element: Element, rank: int = 0) -> Node:
        attributes = {self.attribute(name): number for name, number in element.attributes}
        node = Node(rank, element.text, attributes)
        for number, one in enumerate(element.inner):
            if isinstance(one, Slot):
                self.slot(one, node, number)
            else:
                self.child(one, node, number)
        node.through = any(one.records or one.through for one in node.children.values())
        return node

    def child(self, element: Element, node: Node, rank: int) -> None:
        name, below = self.name(element.name), self.node(element, rank)
        before = node.children.setdefault(name, below)
        while before.then is not None:
            before = before.then
        if before is not below:
            before.then = below

    def slot(self, slot: Slot, node: Node, rank: int) -> None:
        name = self.name(slot.shape.element.name)
        below = node.children.setdefault(name, Node(rank))
        inside = self.inside(slot.shape, rank)
        if slot.number < 0:
            below.records.append(inside)
        else:
            below.groups.append((slot.number, inside))

    def inside(self, shape: Shape, rank: int) -> Inside:
        layout, element = shape.layout, shape.element
        if layout is None:
            raise ValueError(element.name)
        ways = dict(self.ways(element))
        codes = ((number, one) for number, one in enumerate(layout.fields) if one.is_)
        said = tuple(Code(number, *ways[number], frozenset(one.is_)) for number, one in codes)
        return Inside(layout, self.node(element), said, rank, ways)

    def ways(
        self, element: Element, above: tuple[Step, ...] = ()
    ) -> Iterator[tuple[int, tuple[tuple[Step, ...], str]]]:
        """Give the way to each field inside an element."""
        if element.text >= 0:
            yield element.text, (above, "")
        for name, number in element.attributes:
            yield number, (above, self.attribute(name))
        names = [one.name for one in element.inner if isinstance(one, Element)]
        for number, one in enumerate(one for one in element.inner if isinstance(one, Element)):
            nth = names[:number].count(one.name) if names.count(one.name) > 1 else -1
            yield from self.ways(one, (*above, (self.name(one.name), nth)))

    def attribute(self, name: str) -> str:
        return self.name(name) if ":" in name else name

    def name(self, name: str) -> str:
        prefix, _, local = name.rpartition(":")
        uri = self.names.get(prefix, "")
        return f"{{{uri}}}{local}" if uri else local
