"""What type stands where in a kind of document: asked by lint, by reading (what a mapping gave becomes what Amazon
wants, or a finding) and before sending (every payload obeys Amazon's model).

Promises: pure; every fault is told with its JSON pointer; values of personal fields never enter a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from translator.core.alike import odd_letter
from translator.core.document import Tree
from translator.core.finding import Finding, Place, Severity, suggestion
from translator.core.private import shown
from translator.core.tree import nothing
from translator.documents.kind import FieldOf, kinds
from translator.documents.model import Node, fits, shape, steps
from translator.documents.turned import turned
from translator.documents.values import CONVERTED

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
PRODUCT: Final = "ProductIdentifier"
_KINDS_OF_JSON: Final[Mapping[str, tuple[type, ...]]] = {
    "text": (str,),
    "integer": (int,),
    "decimal": (str,),
    "boolean": (bool,),
    "datetime": (str,),
    "object": (dict,),
    "list": (list,),
}


def known_path(kind: str, path: str) -> FieldOf | None:
    """Give the field at a path, with or without `[]`; None: Amazon has none there."""
    node = _node(kind, path)
    return node.known if node else None


def personal(kind: str, path: str) -> bool:
    """Tell class P1. What is not known is personal until someone has looked at it (reliability-security §5.2)."""
    known = known_path(kind, path)
    return known.personal if known else True


def coerce(kind: str, tree: Tree) -> tuple[Tree, list[Finding]]:
    """Turn what a mapping gave into Amazon's types (mapping-language §4, rule 7); what cannot be stays, with a finding.

    Nulls, empty texts, lists and objects vanish on the way: documents never hold them.
    """
    quick = turned(kind, tree)
    return (quick, []) if quick is not None else coerced_closely(kind, tree)


def coerced_closely(kind: str, tree: Tree) -> tuple[Tree, list[Finding]]:
    """Turn what a mapping gave into Amazon's types, and say what is odd about it."""
    found: list[Finding] = []
    given = _coerced(shape(kind), tree, "", found, open=kinds()[kind].open)
    return (given if isinstance(given, dict) else {}), found


def verify(kind: str, tree: Tree) -> list[Finding]:
    """Hold a completed tree against Amazon's model: required fields, types, enums, and no names it does not know."""
    return [] if fits(kind, tree) else looked_through(kind, tree)


def looked_through(kind: str, tree: Tree) -> list[Finding]:
    """Give every fault of a tree, slowly."""
    return list(_faults(shape(kind), tree, "", open=kinds()[kind].open))


def pointer(path: str, name: str | int) -> str:
    """Go one step deeper in a JSON pointer (RFC 6901)."""
    return f"{path}/{str(name).replace('~', '~0').replace('/', '~1')}"


def fault(code: str, text: str, path: str, hint: str = "", severity: Severity = Severity.ERROR) -> Finding:
    """Make a finding at a JSON pointer."""
    return Finding(code, text, Place(path=path), hint=hint, severity=severity)


def note(code: str, text: str, path: str) -> Finding:
    """Make a finding that stops nothing: a declared fall-back was used."""
    return fault(code, text, path, severity=Severity.INFO)


def _node(kind: str, path: str) -> Node | None:
    node: Node | None = shape(kind)
    for name in steps(path) if path else ():
        node = node.inside.get(name) if node else None
    return node


def _coerced(node: Node, value: Any, path: str, found: list[Finding], *, open: bool) -> Any:
    if node.known.type == "object" and isinstance(value, dict):
        return _object(node, value, path, found, open=open)
    if node.known.type == "list" and isinstance(value, list):
        entry = Node(FieldOf(node.known.path, "object"), node.inside)
        given = [_coerced(entry, one, pointer(path, n), found, open=open) for n, one in enumerate(value)]
        return [one for one in given if not nothing(one)]
    return _leaf(node.known, value, path, found)


def _object(node: Node, value: Tree, path: str, found: list[Finding], *, open: bool) -> Tree:
    given: Tree = {}
    for name, inner in value.items():
        if nothing(inner):
            continue
        if name in node.inside:
            inner = _coerced(node.inside[name], inner, pointer(path, name), found, open=open)
        elif not open:
            found.append(_unknown(node, name, path))
        if not nothing(inner):
            given[name] = inner
    return given


def _leaf(field: FieldOf, value: Any, path: str, found: list[Finding]) -> Any:
    convert = CONVERTED.get(field.type)
    try:
        if convert is None:
            raise ValueError(f"{'an' if field.type == 'object' else 'a'} {field.type} is expected")
        given = convert(value)
    except (ValueError, OverflowError) as reason:
        found.append(_not_of_type(field, value, path, reason))
        return value
    if field.path.endswith(PRODUCT) and (odd := odd_letter(str(given))):
        hint = "it is another product than the one it looks like"
        found.append(fault("identifier-odd", f"{_called(field, path)} has {odd}", path, hint, Severity.WARNING))
    return _word(field, given, path, found) if field.one_of else given


def _word(field: FieldOf, given: Any, path: str, found: list[Finding]) -> Any:
    """Find the word of a list whatever its case: Amazon's own examples say EACH where the model says Each."""
    for word in field.one_of:
        if word.lower() == str(given).lower():
            return word
    found.append(_not_a_word(field, given, path))
    return given


def _faults(node: Node, value: Any, path: str, *, open: bool) -> Iterator[Finding]:
    expected = node.known.type
    if not isinstance(value, _KINDS_OF_JSON[expected]) or (expected == "integer" and isinstance(value, bool)):
        yield fault("field-type", f"{_called(node.known, path)}: {expected} is expected", path)
    elif isinstance(value, dict):
        yield from _faults_of_object(node, value, path, open=open)
    elif isinstance(value, list):
        entry = Node(FieldOf(node.known.path, "object"), node.inside)
        for n, one in enumerate(value):
            yield from _faults(entry, one, pointer(path, n), open=open)
    else:
        yield from _faults_of_leaf(node.known, value, path)


def _faults_of_object(node: Node, value: Tree, path: str, *, open: bool) -> Iterator[Finding]:
    for name, inner in node.inside.items():
        if inner.known.required and nothing(value.get(name)):
            yield fault("field-missing", f"'{name}' is missing", pointer(path, name), hint=inner.known.help)
    for name, inner_value in value.items():
        if name in node.inside:
            yield from _faults(node.inside[name], inner_value, pointer(path, name), open=open)
        elif not open:
            yield _unknown(node, name, path)


def _faults_of_leaf(field: FieldOf, value: Any, path: str) -> Iterator[Finding]:
    if field.one_of and str(value).lower() not in {word.lower() for word in field.one_of}:
        yield _not_a_word(field, value, path)
    if field.type not in ("decimal", "datetime"):
        return
    try:
        CONVERTED[field.type](value)
    except ValueError as reason:
        yield _not_of_type(field, value, path, reason)


def _not_of_type(field: FieldOf, value: Any, path: str, reason: Exception) -> Finding:
    day = field.type == "datetime" and isinstance(value, str) and _DAY.fullmatch(value)
    hint = 'a day needs its time beside its pattern: `time: "17:00"`' if day else ""
    hint = "say what is in it, each by its name" if field.type == "object" else hint
    return fault("field-type", f"{_called(field, path)}: {reason}{_picture(field, value)}", path, hint)


def _unknown(node: Node, name: str, path: str) -> Finding:
    return fault("field-unknown", f"Amazon knows no field {shown(name)} here", path, hint=suggestion(name, node.inside))


def _not_a_word(field: FieldOf, value: Any, path: str) -> Finding:
    words = ", ".join(field.one_of)
    text = f"{_called(field, path)}: not one of {words}{_picture(field, value)}"
    return fault("field-value", text, path, suggestion(str(value), field.one_of))


def _called(field: FieldOf, path: str) -> str:
    return path.rsplit("/", 1)[-1] if field.path else "the document"


def _picture(field: FieldOf, value: Any) -> str:
    if field.personal or isinstance(value, dict | list):
        return ""
    return f", not {shown(value)}"
