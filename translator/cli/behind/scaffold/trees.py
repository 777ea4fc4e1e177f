"""The shape of an XML or JSON sample: its records, what repeats, attributes and elements, kinds of values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from lxml import etree

from translator.cli.behind.scaffold.shape import Column, Section, Shape, identifier
from translator.cli.behind.scaffold.values import kind
from translator.core import jsontext
from translator.core.finding import Finding, Misconfigured, Place, Rejected

_PARSER: Final = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
_DEPTH: Final = 32
_SCHEMA: Final = "{http://www.w3.org/2001/XMLSchema-instance}"


@dataclass(slots=True)
class _Node:
    """All elements (or objects) at one path, together."""

    name: str
    values: list[str] = field(default_factory=list)
    inside: dict[str, _Node] = field(default_factory=dict)
    most: int = 0  # how often it stands in one that is around it

    @property
    def leaf(self) -> bool:
        return not self.inside


def xml_shape(data: bytes) -> Shape:
    """Guess the shape of an XML file. Raises Misconfigured where it is none."""
    if b"<!DOCTYPE" in data[:10_000]:
        raise Misconfigured([Finding("xml-doctype", "a DOCTYPE is not allowed")])
    try:
        root = etree.fromstring(data, _PARSER)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Misconfigured([Finding("xml-syntax", f"not well-formed: {str(error)[:200]}")]) from None
    prefixes = _prefixes(root)
    top = _Node("")
    _grow(top, root, prefixes, 0)
    shape = Shape("xml")
    if prefixes:
        shape.options["namespaces"] = "{" + ", ".join(f'"{prefix}": "{uri}"' for uri, prefix in prefixes.items()) + "}"
    shape.sections = [_section(next(iter(top.inside.values())))]
    return shape


def _prefixes(root: Any) -> dict[str, str]:
    """Give each namespace a prefix: its own, the first default one none."""
    found: dict[str, str] = {}
    for element in root.iter():
        for prefix, uri in element.nsmap.items():
            if uri not in found and f"{{{uri}}}" != _SCHEMA:
                found[uri] = (prefix or "") if (prefix or "") not in found.values() else f"n{len(found)}"
    return found


def _grow(around: _Node, element: Any, prefixes: Mapping[str, str], depth: int) -> None:
    if depth > _DEPTH:
        return
    node = around.inside.setdefault(name := _name(element.tag, prefixes), _Node(name))
    for attribute, value in element.attrib.items():
        if not attribute.startswith(_SCHEMA):
            inner = node.inside.setdefault(f"@{_name(attribute, prefixes)}", _Node(f"@{_name(attribute, prefixes)}"))
            inner.values.append(value)
    text = (element.text or "").strip()
    node.values.append(text)
    for child in element:
        _grow(node, child, prefixes, depth + 1)
    for name, count in _counted(_name(child.tag, prefixes) for child in element):
        node.inside[name].most = max(node.inside[name].most, count)


def _name(tag: Any, prefixes: Mapping[str, str]) -> str:
    qualified = etree.QName(tag)
    prefix = prefixes.get(qualified.namespace or "", "")
    return f"{prefix}:{qualified.localname}" if prefix else str(qualified.localname)


def _counted(names: Iterable[str]) -> Iterator[tuple[str, int]]:
    given = list(names)
    yield from ((name, given.count(name)) for name in dict.fromkeys(given))


def _section(node: _Node) -> Section:
    """Make records down to the first element that has values of its own, or repeats; what is in it are fields."""
    groups = [one for one in node.inside.values() if not one.leaf]
    own = [one for one in node.inside.values() if one.leaf]
    if len(groups) == 1 and all(one.name.startswith("@") for one in own) and not any(node.values):
        inner = _section(groups[0])
        return Section(*_called(node), list(_columns(own)), [inner], many=node.most > 1)
    many = node.most > 1
    return Section(*_called(node), list(_columns(node.inside.values(), node)), many=many)


def _called(node: _Node) -> tuple[str, str]:
    """Give a name that expressions can say, and the element's own where that is another one."""
    name = identifier(node.name) or "element"
    return name, "" if name == node.name else node.name


def _columns(some: Iterable[_Node], around: _Node | None = None) -> Iterator[Column]:
    if around is not None and any(around.values):
        yield _leaf(Column(around.name, name="text", at="."), around.values)
    for node in some:
        if node.leaf and node.most < 2:
            yield _leaf(Column(node.name), node.values)
        elif node.leaf:
            yield Column(node.name, columns=[_leaf(Column("", name="text", at="."), node.values)], many=True)
        else:
            yield Column(node.name, columns=list(_columns(node.inside.values(), node)), many=node.most > 1)


def _leaf(column: Column, values: list[str]) -> Column:
    kind(column, values)
    return column


# --- JSON ------------------------------------------------------------------------------------------------------------


def json_shape(data: bytes) -> Shape:
    """Guess the shape of a JSON file. Raises Misconfigured where it is none."""
    try:
        tree = jsontext.decode(data, "")
    except Rejected as error:
        raise Misconfigured(error.findings) from None
    shape = Shape("json")
    steps: list[str] = []
    while isinstance(tree, dict) and len(tree) == 1 and isinstance(next(iter(tree.values())), (dict, list)):
        steps.append(next(iter(tree)))
        tree = tree[steps[-1]]
    entries = tree if isinstance(tree, list) else [tree]
    objects = [one for one in entries if isinstance(one, dict)]
    if not objects:
        raise Misconfigured([Finding("scaffold-json", "no object is in it", Place(""))])
    name = (identifier(steps[-1]) if steps else "") or "row"
    columns = list(_members(objects, 0))
    shape.sections = [Section(name, "/".join(steps), columns, many=isinstance(tree, list))]
    return shape


def _members(objects: list[dict[str, Any]], depth: int) -> Iterator[Column]:
    for name in dict.fromkeys(name for one in objects for name in one):
        values = [one[name] for one in objects if one.get(name) is not None]
        inner = [
            one for value in values for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)
        ]
        if inner and depth < _DEPTH:
            yield Column(
                name, columns=list(_members(inner, depth + 1)), many=any(isinstance(one, list) for one in values)
            )
        elif not any(isinstance(value, (list, dict)) for value in values):
            column = Column(name)
            kind(column, [_text(value) for value in values])
            yield column


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
