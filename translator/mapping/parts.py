"""`parts` and `use`: pieces of a layout that several records or groups take in. A part may use a part, never itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from translator.core.finding import Finding, Findings, Misconfigured, Place, Severity, suggestion
from translator.mapping.merge import UNDER, inner, merged
from translator.mapping.strict import DEPTH, Entries, Node, Scalar, describe

USE: Final = "use"
PARTS: Final = 500  # of one mapping
LINES: Final = 100_000  # of a mapping after its parts were taken in: a few small ones may multiply


def expanded(top: Entries, findings: Findings) -> Entries:
    """Take all parts in, and `parts` itself out."""
    node = top.get("parts")
    parts = _parts(node, findings)
    cyclic = _cyclic(parts)
    for name in cyclic:
        text = f"the part '{name}' takes itself in"
        findings.add(Finding("mapping-part-cycle", text, rule=_key(node, name), hint="write its levels out"))
    taking = _Taking({name: part for name, part in parts.items() if name not in cyclic}, findings, cyclic)
    found = taking.inside(replace(top, entries=tuple(entry for entry in top if entry[0].text != "parts")))
    used = {use.text for body in (found, *parts.values()) for use in _uses(body)} | taking.used
    for name in parts:
        rule = _key(node, name)
        if name not in used and rule and rule.file == top.rule.file:  # a base serves others, too
            hint = f"use: {name}, or take it out"
            findings.add(
                Finding("mapping-part-unused", f"nothing uses the part '{name}'", None, rule, hint, Severity.WARNING)
            )
    return found


def _parts(node: Node | None, findings: Findings) -> dict[str, Entries]:
    if node is None:
        return {}
    if not isinstance(node, Entries):
        findings.add(Finding("yaml-type", f"'parts' wants a mapping, not {describe(node)}", rule=node.rule))
        return {}
    if len(node.entries) > PARTS:
        raise Misconfigured([Finding("mapping-part-size", f"more than {PARTS} parts", rule=node.rule)])
    for key, value in node:
        if not isinstance(value, Entries):
            text = f"the part '{key.text}' wants a mapping, not {describe(value)}"
            findings.add(Finding("yaml-type", text, rule=value.rule))
    return {key.text: value for key, value in node if isinstance(value, Entries)}


def _key(node: Node | None, name: str) -> Place | None:
    return node.key(name) if isinstance(node, Entries) else None


def _uses(node: Entries) -> Iterator[Scalar]:
    """Give every `use` in a layout, its own included."""
    use = node.get(USE)
    if isinstance(use, Scalar):
        yield use
    for below in inner(node):
        yield from _uses(below)


def _cyclic(parts: Mapping[str, Entries]) -> set[str]:
    """Name the parts from which one comes back to them."""
    asks = {name: {use.text for use in _uses(part)} for name, part in parts.items()}

    def reached(name: str) -> set[str]:
        seen: set[str] = set()
        waiting = [*asks.get(name, ())]
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen.add(one)
                waiting += asks.get(one, ())
        return seen

    return {name for name in parts if name in reached(name)}


class _Taking:
    """Takes parts in, from the outside inwards."""

    __slots__ = ("_cyclic", "_findings", "_lines", "_parts", "used")

    def __init__(self, parts: Mapping[str, Entries], findings: Findings, cyclic: set[str]) -> None:
        self.used: set[str] = set()
        self._parts = parts
        self._findings = findings
        self._cyclic = cyclic
        self._lines = 0

    def inside(self, node: Entries, depth: int = 0) -> Entries:
        """Take in what the records and groups inside a layout use, and those inside them."""
        return replace(node, entries=tuple((key, self._under(key, value, depth)) for key, value in node))

    def _under(self, key: Scalar, value: Node, depth: int) -> Node:
        if UNDER.get(key.text) != "names" or not isinstance(value, Entries):
            return value
        return replace(value, entries=tuple((name, self._layout(one, depth)) for name, one in value))

    def _layout(self, node: Node, depth: int) -> Node:
        return self.inside(self._whole(node, depth), depth + 1) if isinstance(node, Entries) else node

    def _whole(self, node: Entries, depth: int) -> Entries:
        """Lay a layout over the part it uses, and that over the one it uses."""
        self._bound(node, depth)
        use = node.get(USE)
        if use is None:
            return node
        own = replace(node, entries=tuple(entry for entry in node if entry[0].text != USE))
        part = self._part(use)
        found = merged(self._whole(part, depth + 1), own) if part is not None else own
        return found if isinstance(found, Entries) else own

    def _part(self, use: Node) -> Entries | None:
        if not isinstance(use, Scalar):
            self._fault("yaml-type", f"'use' wants the name of a part, not {describe(use)}", use)
            return None
        self.used.add(use.text)
        part = self._parts.get(use.text)
        if part is None and use.text not in self._cyclic:
            hint = suggestion(use.text, self._parts) or f"known: {', '.join(self._parts) or 'none'}"
            self._fault("mapping-part-unknown", f"there is no part '{use.text}'", use, hint)
        return part

    def _bound(self, node: Entries, depth: int) -> None:
        self._lines += len(node.entries)
        if self._lines > LINES:
            text = f"the parts of this mapping make more than {LINES:,} lines of it"
            raise Misconfigured([Finding("mapping-part-size", text, rule=node.rule)])
        if depth > DEPTH:
            text = f"parts inside parts, deeper than {DEPTH}"
            raise Misconfigured([Finding("yaml-depth", text, rule=node.rule)])

    def _fault(self, code: str, text: str, node: Node, hint: str = "") -> None:
        self._findings.add(Finding(code, text, rule=node.rule, hint=hint))
