"""Nodes as YAML again, each line with the place it comes from. What is written is read back as the same nodes.

What stands in one line of a file stands in one line here; what was put together of several lines is spread out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from translator.core.finding import Place
from translator.mapping.strict import Entries, Items, Node, Scalar

WIDE: Final = 100  # characters of a line that holds a whole mapping
_KEY: Final = 128  # characters; YAML wants a longer key to be announced
_PLAIN: Final = re.compile(
    r"(?!<<$|\.\.\.)[^\s\-?:,\[\]{}#&*!|>'\"%@`](?:[^\s:#,\[\]{}]|:(?=[^\s,\[\]{}])|(?<=\S)#| (?=[^\s:#]))*"
)
_SIMPLE: Final = re.compile(r"[ -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]*")
_ESCAPED: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line, and where it comes from."""

    text: str
    rule: Place


def spelled(node: Node) -> list[Line]:
    """Write a node as lines of YAML."""
    if isinstance(node, Entries) and node.entries:
        return list(_entries(node, ""))
    if isinstance(node, Items) and node.nodes:
        return list(_items(node, ""))
    return [Line(_flow(node), node.rule)]


def _entries(node: Entries, indent: str) -> Iterator[Line]:
    for key, value in node:
        yield from _entry(key, value, indent)


def _entry(key: Scalar, value: Node, indent: str) -> Iterator[Line]:
    name = _scalar(key)
    if len(name) > _KEY:
        yield Line(f"{indent}? {name}", key.rule)
        name = indent + ": "
    else:
        name = f"{indent}{name}: "
    flow = _flow(value)
    if isinstance(value, Scalar) or not _inner(value) or (_together(key, value) and len(name) + len(flow) <= WIDE):
        yield Line(name + flow, key.rule)
        return
    yield Line(name.rstrip(), key.rule)
    inside = indent + "  "
    yield from _entries(value, inside) if isinstance(value, Entries) else _items(value, inside)


def _items(node: Items, indent: str) -> Iterator[Line]:
    for one in node.nodes:
        flow = _flow(one)
        if isinstance(one, Scalar) or not _inner(one) or (_together(one, one) and len(indent) + len(flow) < WIDE):
            yield Line(f"{indent}- {flow}", one.rule)
            continue
        first, *others = _entries(one, indent + "  ") if isinstance(one, Entries) else _items(one, indent + "  ")
        yield Line(f"{indent}- {first.text.lstrip(' ')}", first.rule)
        yield from others


def _inner(node: Node) -> bool:
    return bool(node.entries if isinstance(node, Entries) else node.nodes if isinstance(node, Items) else ())


def _together(key: Scalar | Node, value: Node) -> bool:
    """Tell whether everything comes from one line of one file."""
    return len({(one.rule.file, one.rule.line) for one in (key, *_all(value))}) == 1


def _all(node: Node) -> Iterator[Node]:
    yield node
    for key, value in node if isinstance(node, Entries) else ():
        yield key
        yield from _all(value)
    for one in node.nodes if isinstance(node, Items) else ():
        yield from _all(one)


def _flow(node: Node) -> str:
    if isinstance(node, Scalar):
        return _scalar(node)
    if isinstance(node, Items):
        return f"[{', '.join(map(_flow, node.nodes))}]"
    return f"{{{', '.join(f'{_key(key)}: {_flow(value)}' for key, value in node)}}}"


def _key(key: Scalar) -> str:
    name = _scalar(key)
    return f"? {name} " if len(name) > _KEY else name


def _scalar(node: Scalar) -> str:
    text = node.text
    if not node.quoted and _PLAIN.fullmatch(text) and _SIMPLE.fullmatch(text):
        return text
    if _SIMPLE.fullmatch(text) and '"' in text and "'" not in text:
        return f"'{text}'"
    return '"' + "".join(_letter(letter) for letter in text) + '"'


def _letter(letter: str) -> str:
    if letter in _ESCAPED:
        return _ESCAPED[letter]
    if _SIMPLE.fullmatch(letter) or "\U00010000" <= letter <= "\U0010ffff":
        return letter
    return f"\\u{ord(letter):04x}"
