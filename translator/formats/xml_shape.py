"""How records stand as elements, compiled for writing: which elements, in which order, what each of them holds.

Children stand in the order of lines: leaf, group, leaf. Lines whose paths begin alike share their parent elements,
which stand where the first of them does. An element that is a field of its own, or a group, or a record, is a new one
each time, so that the same tag may stand several times.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from translator.core.finding import Finding, Misconfigured, Place
from translator.formats import xml_text
from translator.formats.once import once
from translator.mapping.layout import Field, MappingFile, Record

XML: Final = "http://www.w3.org/XML/1998/namespace"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
NIL: Final = "xsi:nil"  # as `empty`: an element that is there and says that it holds nothing
_START: Final = "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd"  # noqa: E501
_PART: Final = rf"[{_START}][{_START}0-9.·\u0300-\u036f\u203f\u2040-]*"
_NAME: Final = re.compile(rf"(?:{_PART}:)?{_PART}")


@dataclass(slots=True, eq=False)
class Element:
    """One element of a record: its attributes, its own text (the numbers of their cells), what it holds in order."""

    name: str
    depth: int
    rule: Place
    attributes: list[tuple[str, int]] = field(default_factory=list)
    text: int = -1
    inner: list[Element | Slot] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class Slot:
    """Where a group (`number`: of its cell) or the records of a kind (-1) stand."""

    shape: Shape
    number: int = -1


Step = tuple[tuple[Element, ...], Element | Slot]  # the elements around it, outermost first; what stands there


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """A record or a group: its own element, and what stands in it, step by step in document order."""

    layout: Record | Field | None  # None: the file itself
    element: Element
    steps: tuple[Step, ...] = ()
    slots: Mapping[int, int] = field(
        default_factory=dict
    )  # id of a record that belongs to it -> the number of its step


@dataclass(frozen=True, slots=True)
class Drawing:
    """A whole layout. `declared`: the namespaces as the root element declares them; `faults`: what cannot be meant."""

    top: Shape
    declared: str
    faults: tuple[Finding, ...]


@once
def drawing(mapping: MappingFile) -> Drawing:
    """Compile a layout for writing, once for a mapping. Raises Misconfigured where it cannot be XML."""
    found = drawn(mapping)
    if found.faults:
        raise Misconfigured(found.faults)
    return found


def drawn(mapping: MappingFile) -> Drawing:
    """Compile a layout, and note what is wrong with it."""
    names = namespaces(mapping)
    artist = _Artist(names, xml_text.ink(mapping.options.get("charset") or "utf-8"), mapping.limits.depth)
    root = Element("", -1, mapping.rule)
    for record in mapping.records:
        artist.slot(root, record, -1)
    shape = Shape(None, root, *_steps(root))
    artist.in_order(shape, mapping.records)
    return Drawing(shape, _declared(names, xsi=artist.uses_xsi), tuple(artist.faults))


def namespaces(mapping: MappingFile) -> dict[str, str]:
    """Read the option: `prefix=uri`, several parted by blanks; no prefix: the default namespace."""
    pairs = (part.partition("=") for part in mapping.options.get("namespaces", "").split())
    return {"xml": XML, "xsi": XSI} | {prefix: uri for prefix, _, uri in pairs}


def rule_of(mapping: MappingFile, path: str) -> Place:
    """Give the line of the mapping that writes a path (`/Order/Item/Sku`), as far as it tells."""
    element = drawing(mapping).top.element
    for step in path.split("/")[1:]:
        for one in element.inner:
            inner = one.shape.element if isinstance(one, Slot) else one
            if inner.name.rpartition(":")[2] == step:
                element = inner
                break
    return element.rule


def _declared(names: Mapping[str, str], *, xsi: bool) -> str:
    own = {prefix: uri for prefix, uri in names.items() if prefix not in {"xml", "xsi"}} | ({"xsi": XSI} if xsi else {})
    pairs = ((f"xmlns:{prefix}" if prefix else "xmlns", uri) for prefix, uri in own.items())
    return "".join(f' {name}="{xml_text.quoted(uri)}"' for name, uri in pairs)


@dataclass(slots=True)
class _Artist:
    """Draws records and groups."""

    names: Mapping[str, str]
    ink: xml_text.Ink
    most: int  # levels
    faults: list[Finding] = field(default_factory=list)
    uses_xsi: bool = False

    def shape(self, layout: Record | Field, element: Element) -> Shape:
        for number, one in enumerate(layout.fields):
            if one.fields:
                self.slot(element, one, number)
            else:
                self.leaf(element, one, number)
        for record in layout.records if isinstance(layout, Record) else ():
            self.slot(element, record, -1)
        shape = Shape(layout, element, *_steps(element))
        self.late(shape.steps, element, layout.name)
        if isinstance(layout, Record):
            self.in_order(shape, layout.records)
            self.matched(layout)
        return shape

    def matched(self, record: Record) -> None:
        """Refuse a record that holds records and is recognised by what comes after its start tag."""
        asked = set(re.findall(r"\w+", record.match.text)) if record.match and record.records else set()
        for one in record.fields:
            if one.name in asked and not (one.at or one.name).startswith("@"):
                text = f"{record.name} holds records: its 'match' can ask for attributes only, not for {one.name}"
                self.fault("xml-match", text, record.match.rule if record.match else record.rule)

    def in_order(self, shape: Shape, records: Sequence[Record]) -> None:
        """Refuse records whose parent element stands before records that are listed before them."""
        last: Record | None = None
        for record in records:
            if last and shape.slots.get(id(record), 0) < shape.slots.get(id(last), 0):
                hint = f"list {record.name} before {last.name}"
                text = f"the element around {record.name} stands before {last.name}, for lines above begin alike"
                self.fault("xml-order", text, record.rule, hint)
            last = record

    def late(self, steps: Sequence[Step], element: Element, name: str) -> None:
        """Refuse what is read after the records that belong to a record: by then the record has been given."""
        first = next((at for at, (_, one) in enumerate(steps) if _belongs(one)), None)
        if first is None:
            return
        texts = [one for one in (element, *steps[first][0]) if one.text >= 0]
        for one in [*texts, *(one for _, one in steps[first:] if _bears(one))]:
            found = one.shape.element if isinstance(one, Slot) else one
            hint = "put it before them, or make it a record of its own behind them"
            self.fault("xml-late", f"{found.name} ends behind the records that belong to {name}", found.rule, hint)

    def slot(self, around: Element, layout: Record | Field, number: int) -> None:
        *above, last = (layout.at or layout.name).strip("/").split("/")
        parent = self.walked(around, above, layout.rule)
        self.apart(parent, last, number, layout.rule)
        own = Element(self.named(last, layout.rule), parent.depth + 1, layout.rule)
        parent.inner.append(Slot(self.shape(layout, own), number))

    def apart(self, parent: Element, name: str, number: int, rule: Place) -> None:
        """Refuse a group or record whose element is something else, too: read, it could not be told what it is."""
        for one in parent.inner:
            if isinstance(one, Element) and one.name == name:
                self.shared(name, rule)
            elif isinstance(one, Slot) and one.shape.element.name == name and (one.number < 0) != (number < 0):
                self.fault("xml-path", f"the element {name} is a group and a record", rule, "make both records")

    def shared(self, name: str, rule: Place) -> None:
        hint = "put the fields into the group"
        self.fault("xml-path", f"the element {name} is a group and on the path of a field", rule, hint)

    def leaf(self, element: Element, one: Field, number: int) -> None:
        *above, last = (one.at or one.name).split("/")
        attribute = last.startswith("@")
        if one.empty == NIL:
            self.nil(one, attribute=attribute)
        parent = self.walked(element, above, one.rule)
        if attribute:
            self.attribute(parent, last[1:], one, number)
        elif last in {"", "."}:
            self.text(parent, one, number)
        else:
            self.text(self.latest(parent, self.named(last, one.rule), one.rule, fresh=True), one, number)

    def text(self, element: Element, one: Field, number: int) -> None:
        if element.text >= 0:
            self.fault("xml-path", f"the text of {element.name} is a field already", one.rule)
        element.text = number

    def attribute(self, element: Element, name: str, one: Field, number: int) -> None:
        if name in dict(element.attributes):
            self.fault("xml-path", f"the attribute {name} of {element.name} is a field already", one.rule)
        element.attributes.append((self.named(name, one.rule), number))

    def walked(self, element: Element, steps: Sequence[str], rule: Place) -> Element:
        for step in steps:
            if step not in {"", "."}:
                element = self.latest(element, self.named(step, rule), rule)
        if element.depth >= self.most:
            self.fault("xml-depth", f"nested deeper than {self.most}", rule)
        return element

    def latest(self, around: Element, name: str, rule: Place, *, fresh: bool = False) -> Element:
        """Give the element of this name that was drawn last; a new one where there is none, or its text is taken."""
        for one in reversed(around.inner):
            if isinstance(one, Slot) and one.shape.element.name == name:
                self.shared(name, rule)
            elif isinstance(one, Element) and one.name == name and not (fresh and one.text >= 0):
                return one
        found = Element(name, around.depth + 1, rule)
        around.inner.append(found)
        return found

    def named(self, name: str, rule: Place) -> str:
        prefix = name.rpartition(":")[0]
        self.uses_xsi = self.uses_xsi or prefix == "xsi"
        if not _NAME.fullmatch(name):
            hint = "a path of names, `@` before an attribute, `.` for the element's own text"
            self.fault("xml-name", f"'{name}' is no name of an element or attribute", rule, hint)
        elif self.ink.lacks(name):
            self.fault("xml-name", f"the charset {self.ink.charset} cannot write the name '{name}'", rule)
        elif prefix and not self.names.get(prefix):
            text = f"no namespace is declared for the prefix '{prefix}'"
            self.fault("xml-namespace", text, rule, f"namespaces: {{{prefix}: …}}")
        return name

    def nil(self, one: Field, *, attribute: bool) -> None:
        self.uses_xsi = True
        if attribute:
            hint = 'empty: "" writes it with no characters'
            self.fault("xml-nil", "only an element can be nil", one.rule, hint)

    def fault(self, code: str, text: str, rule: Place, hint: str = "") -> None:
        self.faults.append(Finding(code, text, rule=rule, hint=hint))


def _steps(element: Element) -> tuple[tuple[Step, ...], dict[int, int]]:
    steps = tuple(_walk(element, ()))
    slots = {id(one.shape.layout): at for at, (_, one) in enumerate(steps) if isinstance(one, Slot) and one.number < 0}
    return steps, slots


def _belongs(one: Element | Slot) -> bool:
    return isinstance(one, Slot) and one.number < 0


def _bears(one: Element | Slot) -> bool:
    """Tell what fills cells of the record around."""
    return one.number >= 0 if isinstance(one, Slot) else one.text >= 0 or bool(one.attributes)


def _walk(element: Element, around: tuple[Element, ...]) -> Iterator[Step]:
    for one in element.inner:
        yield around, one
        if isinstance(one, Element):
            yield from _walk(one, (*around, one))
