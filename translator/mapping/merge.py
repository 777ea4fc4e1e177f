"""One piece of a mapping laid over another, key by key, by name: what `extends` and `use` do (reference, rule 10).

Scalars and lists are replaced, mappings are merged, new names are appended. What stands in the place of something
else takes it out: `text` a base's `from`, `max` a base's `len`. What is carried out: `drop: true` takes an inherited name
out, `after: name` and `before: name` say where a line goes. Every node keeps its place, so a finding names the file where
its line really stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Final, Literal, cast

from translator.core.finding import Finding, Findings, Place, suggestion
from translator.mapping import words
from translator.mapping.strict import Entries, Node, Scalar

What = Literal["layout", "names", "picture", "plain", "whole"]  # how what stands under a key is merged

PLACES: Final = ("after", "before")  # where a line goes
DROP: Final = "drop"
UNDER: Final[Mapping[str, What]] = {
    "records": "names",
    "fields": "names",
    "parts": "names",
    "files": "names",
    "documents": "picture",
}
_BESIDE: Final[tuple[tuple[str, ...], ...]] = (  # words that exclude each other: an own one takes the others out
    words.VALUES,
    ("len", "max"),
    ("truncate", "rest"),
    ("places", "implied"),
)
_FIELD: Final = frozenset({*words.names(words.FIELD), *PLACES})
_PICTURE: Final = frozenset(words.names(words.STRUCTURE))


def merged(base: Node, own: Node, what: What = "layout") -> Node:
    """Lay `own` over `base`."""
    if not isinstance(own, Entries) or what == "whole" or is_drop(own):
        return own
    if not isinstance(base, Entries):
        if what not in ("layout", "picture") or not _is_field(own):
            return own
        base = Entries(((Scalar("from", quoted=False, rule=base.rule), base),), base.rule)
        return _over(base, own, "layout")
    if what == "picture" and (is_leaf(base) or is_leaf(own)):
        return _over(base, own, "layout") if is_leaf(base) and (is_leaf(own) or _is_field(own)) else own
    return _over(base, own, what)


def is_drop(node: Node) -> bool:
    """Tell whether an entry says that an inherited one is taken out."""
    if not isinstance(node, Entries) or len(node.entries) != 1:
        return False
    (key, value), *_ = node.entries
    return key.text == DROP and isinstance(value, Scalar) and value.text == "true"


def is_leaf(node: Node) -> bool:
    """Tell whether a mapping in a picture is a value."""
    return isinstance(node, Entries) and any(node.get(word) is not None for word in words.LEAF)


def _is_field(own: Entries) -> bool:
    return all(key.text in _FIELD for key, _ in own)


def _over(base: Entries, own: Entries, what: What) -> Entries:
    there = {key.text for key, _ in base}
    gone = _replaced(base, own) if what == "layout" else frozenset()
    found = [_entry(key, value, own, what) for key, value in base if key.text not in gone]
    found += [(key, value) for key, value in own if key.text not in there]
    return Entries(tuple(entry for entry in found if entry), own.rule)


def _entry(key: Scalar, value: Node, own: Entries, what: What) -> tuple[Scalar, Node] | None:
    over = own.get(key.text)
    if over is None:
        return key, value
    if is_drop(over):
        return None
    return replace(key, rule=own.key(key.text)), merged(value, over, _inside(key.text, value, over, what))


def _inside(key: str, base: Node, own: Node, what: What) -> What:
    """Say how what stands under a key is merged, by what the key stands in."""
    if what == "names":
        return "layout"
    if what == "layout":
        return "whole" if key == "lookup" and not _both_inline(base, own) else UNDER.get(key, "plain")
    if what == "picture":
        return "whole" if key == "about" else "plain" if key in _PICTURE else "picture"
    return "plain"


def _both_inline(base: Node, own: Node) -> bool:
    return all(isinstance(one, Entries) and one.get("table") is None for one in (base, own))


def _replaced(base: Entries, own: Entries) -> frozenset[str]:
    """Name what an own word takes out: the other ways to say the same, and the way round of another table."""
    said = {key.text for key, value in own if not is_drop(value)}
    gone = {word for group in _BESIDE if said & {*group} for word in group if word not in said}
    lookup, over = base.get("lookup"), own.get("lookup")
    if over is not None and is_drop(over):
        gone |= {"reverse", "miss"} - said
    elif over is not None and not (lookup is not None and _both_inline(lookup, over)):
        gone |= {"reverse"} - said
    return frozenset(gone)


# --- when everything is merged ------------------------------------------------------------------------------------


def settled(node: Entries, findings: Findings, *, inherits: bool) -> Entries:
    """Put each line where its `after` or `before` says; say what names nothing. `inherits`: there was something to merge into."""
    return _Settling(findings, inherits=inherits).layout(node)


class _Settling:
    """Goes through a layout once, names and all."""

    __slots__ = ("_findings", "_inherits")

    def __init__(self, findings: Findings, *, inherits: bool) -> None:
        self._findings = findings
        self._inherits = inherits

    def layout(self, node: Entries) -> Entries:
        entries = ((key, value) for key, value in node if self._keep(key, value, node))
        return replace(node, entries=tuple((key, self._inside(key.text, value)) for key, value in entries))

    def _inside(self, key: str, value: Node) -> Node:
        if not isinstance(value, Entries):
            return value
        if UNDER.get(key) == "names":
            return self._names(value)
        return self.layout(value) if UNDER.get(key) == "picture" or UNDER.get(key) is None else value

    def _names(self, node: Entries) -> Entries:
        kept = {key.text: (key, value) for key, value in node if self._keep(key, value, node)}
        order = self._order(kept)
        return replace(node, entries=tuple((key, self._without(value)) for key, value in map(kept.__getitem__, order)))

    def _order(self, kept: Mapping[str, tuple[Scalar, Node]]) -> list[str]:
        """Put each name right beside the one it names, that one before it: else it would move away from there."""
        order = Chained(kept)
        beside = dict(self._moves(kept))
        turns, round_ = _targets_first(beside)
        for name in turns:
            word, target = beside[name]
            order.move(name, target.text, before=word == "before")
        for name in round_:
            word, target = beside[name]
            text = f"'{name}' would stand {word} itself, by way of '{target.text}'"
            self._fault("mapping-after", text, target.rule)
        return list(order)

    def _moves(self, kept: Mapping[str, tuple[Scalar, Node]]) -> Iterator[tuple[str, tuple[str, Scalar]]]:
        for name, (_, value) in kept.items():
            said = [(word, value.get(word)) for word in PLACES] if isinstance(value, Entries) else []
            for word, target in [one for one in said if one[1] is not None][:1]:
                if self._right(name, word, cast("Node", target), kept):
                    yield name, (word, cast("Scalar", target))

    def _right(self, name: str, word: str, target: Node, kept: Mapping[str, tuple[Scalar, Node]]) -> bool:
        beside = target.text if isinstance(target, Scalar) else ""
        value = kept[name][1]
        if not self._inherits:
            self._fault("mapping-after", f"'{word}' has a meaning only beside 'extends' or 'use'", target.rule)
        elif all(cast("Entries", value).get(one) is not None for one in PLACES):
            self._fault("mapping-after", f"'{name}' stands either after a line or before one", target.rule)
        elif beside not in kept or beside == name:
            others = [other for other in kept if other != name]
            hint = suggestion(beside, others) or (f"known here: {', '.join(others[:20])}" if others else "")
            self._fault("mapping-after", f"'{word}' of '{name}' names no line here: '{beside}'", target.rule, hint)
        else:
            return True
        return False

    def _without(self, value: Node) -> Node:
        if not isinstance(value, Entries):
            return value
        return self.layout(replace(value, entries=tuple(one for one in value if one[0].text not in PLACES)))

    def _keep(self, key: Scalar, value: Node, node: Entries) -> bool:
        if not is_drop(value):
            return True
        others = [one for one in node if one[0].text != key.text]
        text = f"nothing of the name '{key.text}' is inherited here, so it cannot be dropped"
        self._fault("mapping-drop", text, key.rule, suggestion(key.text, (one[0].text for one in others)))
        return False

    def _fault(self, code: str, text: str, rule: Place, hint: str = "") -> None:
        self._findings.add(Finding(code, text, rule=rule, hint=hint))


def _targets_first(beside: Mapping[str, tuple[str, Scalar]]) -> tuple[list[str], list[str]]:
    """Give each name behind the one that it names; and those that come round to themselves."""
    turns: list[str] = []
    round_: list[str] = []
    done: set[str] = set()
    for first in beside:
        waiting: dict[str, None] = {}
        name = first
        while name in beside and name not in done and name not in waiting:
            waiting[name] = None
            name = beside[name][1].text
        if name in waiting:
            round_ += [*waiting][[*waiting].index(name) :]
        turns += reversed(waiting)
        done |= waiting.keys()
    return turns, round_


class Chained:
    """Names in an order in which one is moved without looking at all of them."""

    __slots__ = ("_before", "_next")

    def __init__(self, names: Iterable[str]) -> None:
        chain = [None, *names, None]  # nothing stands at both ends
        self._next: dict[str | None, str | None] = dict(pairwise(chain))
        self._before: dict[str | None, str | None] = {after: before for before, after in pairwise(chain)}

    def __iter__(self) -> Iterator[str]:
        name = self._next.get(None)
        while name is not None:
            yield name
            name = self._next[name]

    def move(self, name: str, beside: str, *, before: bool = False) -> None:
        """Put a name right behind another, or before it."""
        self._tie(self._before[name], self._next[name])
        behind = self._before[beside] if before else beside
        self._tie(name, self._next[behind])
        self._tie(behind, name)

    def _tie(self, before: str | None, after: str | None) -> None:
        self._next[before] = after
        self._before[after] = before


def inner(node: Entries) -> Iterator[Entries]:
    """Give the layouts right inside a layout: its records and its groups."""
    for word, under in UNDER.items():
        names = node.get(word) if under == "names" else None
        if isinstance(names, Entries):
            yield from (value for _, value in names if isinstance(value, Entries))
