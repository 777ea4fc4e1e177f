"""Where in an XML element the fields of a record stand, compiled: attributes, own text, children by name.

Raises Misconfigured for a prefix that no namespace is declared for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from translator.core.finding import Finding, Misconfigured, Place
from translator.mapping.layout import Field, Record

XML: Final = "http://www.w3.org/XML/1998/namespace"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"


@dataclass(slots=True)
class Node:
    """One element: which cell its text and its attributes fill, what its children are."""

    text: int = -1
    attributes: dict[str, int] = field(default_factory=dict)
    children: dict[str, Node] = field(default_factory=dict)
    groups: list[tuple[int, Inside]] = field(default_factory=list)  # it is one of these groups of the record around it
    records: list[Inside] = field(default_factory=list)  # it is one of these records


@dataclass(frozen=True, slots=True)
class Inside:
    """A record or a group: its layout and what its element holds."""

    layout: Record | Field
    node: Node
    codes: tuple[tuple[int, frozenset[str]], ...]  # cells that say what it is


Names = Mapping[str, str]  # prefix -> namespace


def namespaces(text: str) -> dict[str, str]:
    """Read the option: `prefix=uri`, several parted by blanks; no prefix: the default namespace."""
    pairs = (part.partition("=") for part in text.split())
    return {"xml": XML, "xsi": XSI} | {prefix: uri for prefix, _, uri in pairs}


def compiled(records: Sequence[Record], names: Names) -> Node:
    """Compile the layout of a file: a node above its root element."""
    top = Node()
    for record in records:
        _add(top, record, names).records.append(inside(record, names))
    return top


def inside(layout: Record | Field, names: Names) -> Inside:
    """Compile a record or a group."""
    node = Node()
    for number, one in enumerate(layout.fields):
        if one.fields:
            _add(node, one, names).groups.append((number, inside(one, names)))
        else:
            _leaf(node, one, number, names)
    for record in layout.records if isinstance(layout, Record) else ():
        _add(node, record, names).records.append(inside(record, names))
    codes = tuple((number, frozenset(one.is_)) for number, one in enumerate(layout.fields) if one.is_)
    return Inside(layout, node, codes)


def _add(node: Node, layout: Record | Field, names: Names) -> Node:
    for step in (layout.at or layout.name).strip("/").split("/"):
        node = node.children.setdefault(_qualified(step, names, layout.rule), Node())
    return node


def _leaf(node: Node, one: Field, number: int, names: Names) -> None:
    *steps, last = (one.at or one.name).split("/")
    if last.startswith("@"):
        attribute = last[1:] if ":" not in last else _qualified(last[1:], names, one.rule)
        _walk(node, steps, names, one.rule).attributes[attribute] = number
    else:
        _walk(node, [*steps, last], names, one.rule).text = number


def _walk(node: Node, steps: Sequence[str], names: Names, rule: Place) -> Node:
    for step in steps:
        if step not in {"", "."}:
            node = node.children.setdefault(_qualified(step, names, rule), Node())
    return node


def _qualified(step: str, names: Names, rule: Place) -> str:
    prefix, _, name = step.rpartition(":")
    uri = names.get(prefix, "")
    if prefix and not uri:
        raise Misconfigured([undeclared(prefix, rule)])
    return f"{{{uri}}}{name}" if uri else name


def undeclared(prefix: str, rule: Place) -> Finding:
    """Say that a prefix means nothing."""
    text = f"no namespace is declared for the prefix '{prefix}'"
    return Finding("xml-namespace", text, rule=rule, hint=f"namespaces: {{{prefix}: …}}")
