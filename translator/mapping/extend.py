"""`extends`: a mapping laid over another (reference, rule 10), and a layout that serves the other direction, too.

A base is looked for beside the mapping that names it, then under `mappings/`. What a base says for its own direction
only is left out where a mapping of the other direction starts from it: kinds, names of files, expressions, loops,
`documents`. What a loop wrote many times is then read many times, and tables are asked the other way round.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from translator.core.finding import Misconfigured
from translator.mapping.envelope import Envelopes, brought, completed, envelope_of, wrapped
from translator.mapping.merge import UNDER, merged, settled
from translator.mapping.parts import expanded
from translator.mapping.source import Source
from translator.mapping.strict import Entries, Items, Node, Scalar, describe, keys, read_yaml
from translator.mapping.words import DIRECTIONS, TOP

EXTENDS: Final = "extends"
NONE: Final[Envelopes] = {}
MOST: Final = 8  # mappings over each other
SUFFIX: Final = ".yaml"
WHAT: Final = "at the top of a mapping file"
_TOP: Final = frozenset({*DIRECTIONS, "file", "unknown", *(word.name for word in TOP if word.only)})
_ONE_WAY: Final = frozenset(
    {"from", "maybe", "default", "redacted", "truncate", "keep", "miss", "let", "must", "when", "each"}
)
_TIMES: Final = {"each": "0..", "when": "0..1"}  # what is left of a loop, of a condition


def resolved(data: bytes, source: Source, envelopes: Envelopes = NONE) -> Entries:
    """Give a mapping as if everything in it were written out: no `extends`, `parts`, `use`, `after`, `drop`, `envelope`."""
    whole = _enclosed(_over_its_base(data, source.name, source, envelopes, ()), envelopes)
    inherits = bool(source.bases) or whole.get("parts") is not None
    return settled(expanded(whole, source.findings), source.findings, inherits=inherits)


def is_layout(data: bytes, name: str) -> bool:
    """Tell a layout that is there for others to extend: it says no direction, and extends nothing."""
    try:
        node = read_yaml(data, name)
    except Misconfigured:
        return False
    return isinstance(node, Entries) and all(node.get(word) is None for word in (*DIRECTIONS, EXTENDS))


def base_of(data: bytes, name: str) -> str:
    """Give the name of the mapping that one starts from, with its ending; "" where it starts from none."""
    try:
        node = read_yaml(data, name)
    except Misconfigured:
        return ""
    asked = node.get(EXTENDS) if isinstance(node, Entries) else None
    return _named(asked) if isinstance(asked, Scalar) else ""


def _named(asked: Scalar) -> str:
    return asked.text if asked.text.endswith(SUFFIX) else asked.text + SUFFIX


def _over_its_base(data: bytes, name: str, source: Source, envelopes: Envelopes, above: tuple[str, ...]) -> Entries:
    own = keys(read_yaml(data, name), source.findings, WHAT).entries
    asked = own.get(EXTENDS)
    if asked is None:
        return _wrapped(own, None, envelopes)
    own = replace(own, entries=tuple(entry for entry in own if entry[0].text != EXTENDS))
    base = _base(asked, source, envelopes, (*above, name))
    own = _wrapped(own, base, envelopes)
    whole = merged(_turned(base, own), own)
    return whole if isinstance(whole, Entries) else own


def _wrapped(own: Entries, base: Entries | None, envelopes: Envelopes) -> Entries:
    found = envelope_of(own, base, envelopes)
    return wrapped(own, found[0]) if found else own


def _enclosed(whole: Entries, envelopes: Envelopes) -> Entries:
    """Lay a mapping over the headers and trailers that its format brings."""
    found = envelope_of(whole, None, envelopes)
    if found is None or not isinstance(whole.get("records"), Entries):
        return whole
    envelope, bare = found
    kinds = whole.get("writes")
    kind = kinds.nodes[0] if isinstance(kinds, Items) and kinds.nodes else kinds
    name = kind.text if isinstance(kind, Scalar) else ""
    base = brought(envelope, name, bare=bare, batch=whole.get("batch") is not None)
    if whole.get("reads") is not None:
        base = replace(base, entries=tuple((key, _layout(one)) for key, one in base))
    return completed(whole, base, envelope, bare=bare)


def _base(asked: Node, source: Source, envelopes: Envelopes, above: tuple[str, ...]) -> Entries:
    """Read what a mapping starts from, itself over its own base. Raises Misconfigured: without it nothing can be said."""
    if not isinstance(asked, Scalar):
        raise _refused("yaml-type", f"'{EXTENDS}' wants the name of one mapping, not {describe(asked)}", asked, source)
    found = source.base(_named(asked), asked.rule)
    if found is None:
        raise Misconfigured(source.findings.found)
    name, data = found
    if name in above:
        text = f"this mapping starts from itself: {' → '.join((*above, name))}"
        raise _refused("mapping-extends-cycle", text, asked, source)
    if len(above) >= MOST:
        raise _refused("mapping-extends-depth", f"more than {MOST} mappings over each other", asked, source)
    return _over_its_base(data, name, source, envelopes, above)


def _refused(code: str, text: str, asked: Node, source: Source) -> Misconfigured:
    source.fault(code, text, asked.rule)
    return Misconfigured(source.findings.found)


# --- the other direction ------------------------------------------------------------------------------------------


def _turned(base: Entries, own: Entries) -> Entries:
    """Leave out of a base what is for its own direction, where the mapping over it goes the other way.

    A base that says no direction is a layout as a writing mapping has it.
    """
    said = next((word for word in DIRECTIONS if own.get(word) is not None), "")
    if not said or said == _direction(base):
        return base
    kept = ((key, value) for key, value in base if key.text not in _TOP | _ONE_WAY)
    return replace(base, entries=tuple((key, _inside(key, value)) for key, value in kept))


def _direction(base: Entries) -> str:
    return "reads" if base.get("reads") is not None else "writes"


def _inside(key: Scalar, value: Node) -> Node:
    if UNDER.get(key.text) != "names" or not isinstance(value, Entries):
        return value
    if key.text == "files":
        return replace(value, entries=tuple((name, _file(one)) for name, one in value))
    return replace(value, entries=tuple((name, _layout(one)) for name, one in value))


def _file(node: Node) -> Node:
    if not isinstance(node, Entries):
        return node
    kept = ((key, value) for key, value in node if key.text not in _TOP | _ONE_WAY)
    return replace(node, entries=tuple((key, _inside(key, value)) for key, value in kept))


def _layout(node: Node) -> Node:
    """Turn a record, a group, a field, a part. A bare value is an expression: nothing is left of it."""
    if not isinstance(node, Entries):
        return Entries((), node.rule)
    return replace(node, entries=tuple(_lines(node)))


def _lines(node: Entries) -> Iterator[tuple[Scalar, Node]]:
    for key, value in node:
        if key.text in _TIMES and node.get("times") is None:
            yield replace(key, text="times"), Scalar(_TIMES[key.text], quoted=False, rule=key.rule)
        elif key.text == "lookup":
            yield from _table(key, value, node)
        elif key.text not in _ONE_WAY | {"reverse"} and not (key.text == "zone" and isinstance(value, Entries)):
            yield key, _inside(key, value)


def _table(key: Scalar, lookup: Node, node: Entries) -> Iterator[tuple[Scalar, Node]]:
    """Ask a table the other way round; one that is asked by several columns cannot be."""
    if isinstance(lookup, Entries) and lookup.get("by") is not None:
        return
    yield key, lookup
    reverse = node.get("reverse")
    if not (isinstance(reverse, Scalar) and reverse.text == "true"):
        yield replace(key, text="reverse"), Scalar("true", quoted=False, rule=key.rule)
