"""What a mapping file is read with: its companion files, its direction, the findings so far; and its small words."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from translator.core.finding import Finding, Findings, Place
from translator.mapping.layout import Each, Expression, Table, Times
from translator.mapping.strict import Items, Keys, Node, Scalar, cut, moved

Fetch = Callable[[str], bytes | None]
_COMPANION: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*")
TAKEN: Final = ("ask_tables", "take_number", "warehouse_zone")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_HEAD: Final = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*)\s+in\s+")
_TIMES: Final = re.compile(r"([0-9]{1,6})(?:(\.\.)([0-9]{1,6})?)?")
_QUOTED: Final = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|[\[({]|[\])}]|\bif\b|\belse\b", re.DOTALL)


@dataclass(slots=True)
class Source:
    """One mapping file while it is read. `fetch` gives a file of a site: `mappings/newark/tables/x.csv`, `templates/…`."""

    name: str  # under `mappings/`
    fetch: Fetch
    findings: Findings
    writes: bool = False
    kinds: tuple[str, ...] = ()
    format: str = ""
    inside: bool = False  # one of the `files`
    bases: list[str] = field(default_factory=list)  # the mappings it extends, the nearest first
    used: dict[str, bytes] = field(default_factory=dict)  # by name under `mappings/`, templates by their own
    tables: dict[str, Table] = field(default_factory=dict)

    def fault(self, code: str, text: str, rule: Place, hint: str = "") -> None:
        """Note an error."""
        self.findings.add(Finding(code, text, rule=rule, hint=hint))

    def companion(self, name: str, rule: Place) -> tuple[str, bytes] | None:
        """Fetch a file that lies beside the mapping, or beside one it extends: `tables/ship_methods.csv`; or a template.

        Give it with its name under `mappings/`.
        """
        beside = (_beside(mapping, name) for mapping in (self.name, *self.bases))
        return self._first(name, [*((own, f"mappings/{own}") for own in beside), (name, f"templates/{name}")], rule)

    def base(self, name: str, rule: Place) -> tuple[str, bytes] | None:
        """Fetch a mapping to start from: beside the one that names it, else by its name under `mappings/`."""
        near = _beside(self.bases[-1] if self.bases else self.name, name)
        found = self._first(name, [(one, f"mappings/{one}") for one in dict.fromkeys((near, name))], rule)
        if found is not None:
            self.bases.append(found[0])
        return found

    def _first(self, name: str, places: Sequence[tuple[str, str]], rule: Place) -> tuple[str, bytes] | None:
        if not _COMPANION.fullmatch(name):
            self.fault("mapping-file-name", f"'{name}' is no name of a file beside the mapping", rule)
            return None
        for own, path in places:
            data = self.used.get(own) if own in self.used else self.fetch(path)
            if data is not None:
                self.used[own] = data
                return own, data
        where = places[-1 if name.endswith(".j2") else 0][1]
        self.fault("mapping-file-missing", f"there is no file '{name}'", rule, f"it is looked for as {where}")
        return None

    @property
    def holds(self) -> bool:
        """Tell whether what cannot be written comes from Amazon, and waits for a person instead of being rejected."""
        return self.writes and any(kind in ("order", "cancellation") for kind in self.kinds)


def _beside(mapping: str, name: str) -> str:
    folder = mapping.rpartition("/")[0]
    return f"{folder}/{name}" if folder else name


def charset(name: str, keys: Keys) -> None:
    """Check that Python knows a charset."""
    try:
        text = codecs.lookup(name)
    except (LookupError, ValueError):  # a null inside
        text = None
    if text is None or not getattr(text, "_is_text_encoding", True):
        hint = "utf-8, cp1252, iso-8859-1…"
        keys.fault("mapping-charset", f"there is no charset '{name}'", keys.place("charset"), hint)


def expression(node: Node | None, keys: Keys, name: str) -> Expression | None:
    """Take one expression."""
    if node is None:
        return None
    text = keys.scalar(node, name)
    if isinstance(node, Scalar) and not text.strip():
        keys.fault("yaml-value", f"'{name}' is empty", node.rule, "fixed text is {text: …}")
        text = "''"  # said once is enough
    return Expression(text, node.rule)


def expressions(keys: Keys, name: str) -> tuple[Expression, ...]:
    """Take one expression, or a list of them."""
    node = keys.node(name)
    nodes = () if node is None else node.nodes if isinstance(node, Items) else (node,)
    found = [expression(other, keys, name) for other in nodes]
    return tuple(one for one in found if one is not None)


def named(keys: Keys, name: str) -> tuple[tuple[str, Expression], ...]:
    """Take a mapping of names to expressions, in order: `let`."""
    found: list[tuple[str, Expression]] = []
    for key, node in keys.mapping(name) or ():
        if not _NAME.fullmatch(key.text):
            hint = cut(key) or "letters, digits and _, not a digit first"
            keys.fault("mapping-name", f"'{key.text}' is no name", key.rule, hint)
        _free(key.text, keys, key.rule)
        one = expression(node, keys, key.text)
        if one is not None:
            found.append((key.text, one))
    return tuple(found)


def _free(name: str, keys: Keys, rule: Place) -> None:
    """Refuse a name by which functions are handed what they ask for."""
    if name in TAKEN:
        keys.fault("mapping-name", f"the name '{name}' is taken", rule, "choose another one")


def sentences(keys: Keys, name: str) -> tuple[tuple[str, Expression], ...]:
    """Take a mapping of sentences to expressions: `must`."""
    found = [(key.text, expression(node, keys, key.text)) for key, node in keys.mapping(name) or ()]
    return tuple((sentence, one) for sentence, one in found if one is not None)


def heads(keys: Keys, *, bare: bool = False) -> tuple[Each, ...]:
    """Take `each`: heads of a Jinja `for`; with `bare` a path without a name is allowed: `LX.W12 if shipped`."""
    return tuple(_head(scalar, keys, bare=bare) for scalar in keys.scalars("each"))


def _head(scalar: Scalar, keys: Keys, *, bare: bool) -> Each:
    named_ = _HEAD.match(scalar.text)
    if not named_ and not bare:
        keys.fault("mapping-each", "'each' wants: name in list", scalar.rule, "each: item in order.orderDetails.items")
    _free(named_[1] if named_ else "", keys, scalar.rule)
    start = named_.end() if named_ else 0
    cut = _if(scalar.text, start)
    source = Expression(scalar.text[start : cut or None].strip(), moved(scalar.rule, scalar.text, start))
    only = Expression(scalar.text[cut + 2 :].strip(), moved(scalar.rule, scalar.text, cut + 2)) if cut else None
    return Each(named_[1] if named_ else "", source, only)


def _if(text: str, start: int) -> int:
    """Find the `if` of the head itself: outside quotes and brackets, without an `else` after it."""
    depth = cut = 0
    for token in _QUOTED.finditer(text, start):
        word = token[0]
        depth += (word in ("[", "(", "{")) - (word in ("]", ")", "}"))
        if word == "if" and not depth:
            cut = cut or token.start()
        elif word == "else" and not depth:
            cut = 0
    return cut


def times(keys: Keys, default: Times) -> Times:
    """Take `times`: 1 · 0..1 · 0.. · 1..8."""
    if not keys.has("times"):
        keys.node("times")
        return default
    text = keys.text("times")
    found = _TIMES.fullmatch(text)
    if found:
        least = int(found[1])
        most = least if not found[2] else int(found[3]) if found[3] else None
        if most is None or most >= max(least, 1):
            return Times(least, most)
    keys.fault("yaml-value", f"'times' cannot be '{text}'", keys.place("times"), "1, 0..1, 0.. or 1..8")
    return default
