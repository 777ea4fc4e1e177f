"""A YAML text as an editor sees it: by the core schema of YAML 1.2, where `007` is a number and `true` is no text."""

from __future__ import annotations

import re
from typing import Any

from translator.mapping.strict import Entries, Items, Node, Scalar, read_yaml

INTEGER = re.compile(r"[-+]?[0-9]+")
NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


def seen(node: Node) -> Any:
    """Give plain values."""
    if isinstance(node, Entries):
        return {key.text: seen(value) for key, value in node}
    if isinstance(node, Items):
        return [seen(one) for one in node.nodes]
    return node.text if node.quoted else resolved(node)


def resolved(node: Scalar) -> Any:
    if node.text in ("", "~", "null"):
        return None
    if node.text in ("true", "false"):
        return node.text == "true"
    if INTEGER.fullmatch(node.text):
        return int(node.text)
    return float(node.text) if NUMBER.fullmatch(node.text) else node.text


def text_seen(text: str) -> Any:
    return seen(read_yaml(text, "m.yaml"))
