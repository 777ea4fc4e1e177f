"""YAML read strictly: every scalar stays the text that was written, with line and column of keys and values.

Refused, all of them at once and each with its place: keys that stand twice, anchors, aliases, tags, merge keys,
several documents, tabs, nesting deeper than 32, more than 1 MB. `Keys` takes known keys out of a mapping; what is
left over at `done()` is unknown, and a near word is suggested.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import yaml

from translator.core.finding import Finding, Findings, Misconfigured, Place, suggestion

SIZE: Final = 1_000_000
DEPTH: Final = 32
_TAB: Final = re.compile(r"^ *\t", re.MULTILINE)
_UNPARTED: Final = re.compile(r"\s*[\w@./-]+:[^\s:]")  # `LINE:{len: 5}`
BRACES: Final = "a text that begins with {{ stands in quotes"
DROPPED: Final = "a line that another mapping has is taken out by {drop: true}, and nothing beside it"
ELSEWHERE: Final[Mapping[str, str]] = {}
PARTED: Final = "a blank stands behind the ':' of a key"
_UNPARTED_KEY: Final = re.compile(r"[\w@./-]+:[{\[]")  # of `LINE:{text: x}`
_NO_COMMA: Final = re.compile(r"[^\s,{]\s+\w+:\s")  # `{from: x max: 3}`
ALIGNED: Final = "the keys of one mapping begin in one column"
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text, as written. `quoted`: in quotes or a block, so it cannot be meant as anything else."""

    text: str
    quoted: bool
    rule: Place


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    nodes: tuple[Node, ...]
    rule: Place


@dataclass(frozen=True, slots=True)
class Entries:
    """A mapping, in the order written."""

    entries: tuple[tuple[Scalar, Node], ...]
    rule: Place

    def __iter__(self) -> Iterator[tuple[Scalar, Node]]:
        return iter(self.entries)

    def get(self, name: str) -> Node | None:
        """Give what stands under a key."""
        return next((value for key, value in self.entries if key.text == name), None)

    def key(self, name: str) -> Place:
        """Give the place of a key (of the mapping itself where it is not there)."""
        return next((key.rule for key, _ in self.entries if key.text == name), self.rule)


Node = Scalar | Items | Entries


def read_yaml(text: bytes | str, file: str) -> Node:
    """Read one YAML document. Raises Misconfigured with every fault found."""
    text = _decoded(text, file)
    findings = Findings()
    for tab in _TAB.finditer(text):
        place = Place(file, text.count("\n", 0, tab.end()) + 1, tab.end() - tab.start())
        findings.add(Finding("yaml-tab", "a tab where YAML wants blanks", rule=place, hint="indent with blanks"))
    if not findings.found:
        node = _Builder(file, findings).build(text)
        if not findings.failed:
            return node
    raise Misconfigured(findings.found)


def describe(node: Node) -> str:
    """Say what a node is, for a finding."""
    return {Scalar: "a text", Items: "a list", Entries: "a mapping"}[type(node)]


def _decoded(text: bytes | str, file: str) -> str:
    if len(text) > SIZE:
        raise Misconfigured([Finding("yaml-size", f"more than {SIZE:,} bytes", rule=Place(file))])
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = Place(file, text.count(b"\n", 0, error.start) + 1)
        raise Misconfigured([Finding("yaml-charset", f"not UTF-8 at byte {error.start}", rule=place)]) from None


@dataclass(slots=True)
class _Builder:
    """Make nodes of PyYAML's events: nothing is resolved, so nothing is guessed."""

    file: str
    findings: Findings
    open: list[tuple[type, Place, list[Node]]] = field(default_factory=list)
    documents: int = 0

    def build(self, text: str) -> Node:
        root: list[Node] = []
        self.open.append((type(None), Place(self.file, 1, 1), root))
        try:
            for event in yaml.parse(text, Loader=_LOADER):
                self._take(event)
        except yaml.MarkedYAMLError as error:
            mark = _unended(error) or error.problem_mark or error.context_mark
            self._add("yaml-syntax", _sentence(error), mark, _cause(error, text))
        except yaml.YAMLError as error:
            self._add(
                "yaml-syntax", f"not YAML: {getattr(error, 'reason', None) or 'a character it does not allow'}", None
            )
        if not root and not self.findings.failed:
            return Entries((), Place(self.file, 1, 1))
        return root[0] if root else Items((), Place(self.file, 1, 1))

    def _take(self, event: yaml.Event) -> None:
        self._refuse(event)
        if isinstance(event, yaml.ScalarEvent):
            self.open[-1][2].append(Scalar(event.value, bool(event.style), self._place(event.start_mark)))
        elif isinstance(event, yaml.AliasEvent):
            self.open[-1][2].append(Scalar("", quoted=True, rule=self._place(event.start_mark)))
        elif isinstance(event, yaml.CollectionStartEvent):
            self._begin(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._end()

    def _begin(self, event: yaml.CollectionStartEvent) -> None:
        if len(self.open) > DEPTH:
            place = self._place(event.start_mark)
            self.findings.add(Finding("yaml-depth", f"nested deeper than {DEPTH}", rule=place))
            raise Misconfigured(self.findings.found)
        kind = Entries if isinstance(event, yaml.MappingStartEvent) else Items
        self.open.append((kind, self._place(event.start_mark), []))

    def _end(self) -> None:
        kind, place, nodes = self.open.pop()
        node = self._entries(nodes, place) if kind is Entries else Items(tuple(nodes), place)
        self.open[-1][2].append(node)

    def _entries(self, nodes: list[Node], place: Place) -> Entries:
        seen: dict[str, Place] = {}
        entries: list[tuple[Scalar, Node]] = []
        for key, value in zip(nodes[::2], nodes[1::2], strict=True):
            if not isinstance(key, Scalar):
                hint = f"a key is a text; {BRACES if isinstance(key, Entries) else 'quote it if needed'}"
                self._fault("yaml-key", f"{describe(key)} cannot be a key", key.rule, hint)
                continue
            if not key.quoted and _UNPARTED_KEY.match(key.text):
                self._fault("yaml-key", f"'{key.text}' cannot be a key", key.rule, PARTED)
                continue
            if key.text == "<<" and not key.quoted:
                self._fault("yaml-merge", "merge keys are not read", key.rule, "write the lines out")
            elif key.text in seen:
                first = seen[key.text].line
                self._fault(
                    "yaml-duplicate-key", f"'{key.text}' stands twice, first in line {first}", key.rule, "keep one"
                )
            seen.setdefault(key.text, key.rule)
            entries.append((key, value))
        return Entries(tuple(entries), place)

    def _refuse(self, event: yaml.Event) -> None:
        mark = event.start_mark
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if isinstance(event, yaml.AliasEvent):
            self._add("yaml-alias", f"the alias *{anchor} is not read", mark, "quote a text that begins with *")
        elif anchor:
            self._add("yaml-anchor", f"the anchor &{anchor} is not read", mark, "quote a text that begins with &")
        if tag:
            self._add("yaml-tag", f"the tag {tag} is not read", mark, "quote a text that begins with !")
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents == 2:
                self._add(
                    "yaml-documents", "a second document begins here", mark, "one file, one document: take --- out"
                )

    def _add(self, code: str, text: str, mark: Any, hint: str = "") -> None:
        self._fault(code, text, self._place(mark) if mark else Place(self.file), hint)

    def _fault(self, code: str, text: str, rule: Place, hint: str = "") -> None:
        self.findings.add(Finding(code, text, rule=rule, hint=hint))

    def _place(self, mark: Any) -> Place:
        return Place(self.file, mark.line + 1, mark.column + 1)


def _sentence(error: yaml.MarkedYAMLError) -> str:
    parts = [part for part in (error.context, error.problem) if part]
    return f"not YAML: {', '.join(parts)}"


def _unended(error: yaml.MarkedYAMLError) -> Any:
    """Give the place of the `{`, the `[` or the quote that is not ended."""
    begun = (error.context or "").endswith(("flow mapping", "flow sequence", "quoted scalar"))
    return error.context_mark if begun else None


def _cause(error: yaml.MarkedYAMLError, text: str) -> str:
    """Say what mostly is the cause: inside { } and [ ] some characters of expressions are YAML's own."""
    mark, found = _unended(error), error.problem_mark
    lines = [*text.splitlines(), ""]
    if "quoted scalar" in (error.context or ""):
        return "what this quote begins is not ended" if "end of stream" in (error.problem or "") else ""
    if mark is None and found is not None:
        return _out_of_place(lines[found.line], found.column, error.problem or "")
    if mark is None:
        return ""
    _, comment, behind = lines[mark.line].partition(" #")
    if comment and not {"}", "]"} & {*behind}:
        return "what { or [ begins is not ended"
    if comment:
        return "' #' begins a comment here: put quotes around what holds it"
    behind = lines[mark.line][mark.column :]
    if not {"}", "]"} & {*behind} and not behind.rstrip().endswith(","):
        return "what { or [ begins is not ended"
    if _NO_COMMA.search(behind):
        return "a comma stands between the keys inside { }, and a text with ': ' in it wants quotes"
    return "inside { } an expression that holds , [ ] { } or ? stands in quotes"


def _out_of_place(line: str, column: int, problem: str) -> str:
    """Say what is wrong with a line in which something stands that cannot stand there."""
    if "cannot start any token" in problem:
        return f"a text that begins with {line[column : column + 1]} stands in quotes"
    if "mapping values" in problem:
        if _UNPARTED.match(line):
            return PARTED
        key = line.find(":") == column
        return ALIGNED if key else "an expression with ': ' or ' #' stands in quotes"
    if "expected key" in problem and not line[:column].strip():
        return ALIGNED
    if "expected key" in problem and line[column : column + 1] in ("}", "]"):
        return f"one {line[column]} too many"
    return BRACES if re.search(r":\s*\{\{", line[:column]) else ""


@dataclass(slots=True)
class Keys:
    """Take the keys of a mapping one by one; faults are collected, and each question has an answer to go on with."""

    entries: Entries
    findings: Findings
    what: str = "here"  # for the sentence: "unknown key 'fild' in a record"
    known: Sequence[str] = ()  # the keys that may stand here; empty: those that are taken
    taken: list[str] = field(default_factory=list)
    there: dict[str, tuple[Scalar, Node]] = field(init=False)

    def __post_init__(self) -> None:
        self.there = {key.text: (key, value) for key, value in self.entries}

    def fault(self, code: str, text: str, rule: Place, hint: str = "") -> None:
        """Note an error."""
        self.findings.add(Finding(code, text, rule=rule, hint=hint))

    def has(self, *names: str) -> bool:
        """Tell whether one of the keys is there (it is not taken by asking)."""
        return any(name in self.there for name in names)

    def place(self, name: str = "") -> Place:
        """Give the place of a key; of the mapping itself without one."""
        return self.there[name][0].rule if name in self.there else self.entries.rule

    def node(self, name: str) -> Node | None:
        """Take whatever stands there."""
        self.taken.append(name)
        return self.there[name][1] if name in self.there else None

    def text(self, name: str, default: str = "") -> str:
        """Take a text."""
        node = self.node(name)
        return default if node is None else self.scalar(node, name, default)

    def maybe_text(self, name: str) -> str | None:
        """Take a text that may be absent, which is not the same as empty."""
        node = self.node(name)
        return None if node is None else self.scalar(node, name)

    def required(self, name: str) -> str:
        """Take a text that must be there and not be empty."""
        node = self.node(name)
        if node is None:
            self.fault("yaml-missing", f"'{name}' is missing {self._where()}", self.entries.rule)
            return ""
        text = self.scalar(node, name)
        if isinstance(node, Scalar) and not text:
            self.fault("yaml-value", f"'{name}' is empty", node.rule)
        return text

    def texts(self, name: str) -> tuple[str, ...]:
        """Take a text or a list of texts."""
        return tuple(node.text for node in self.scalars(name))

    def scalars(self, name: str) -> tuple[Scalar, ...]:
        """Take a text or a list of texts, with their places."""
        node = self.node(name)
        nodes: Sequence[Node] = () if node is None else node.nodes if isinstance(node, Items) else (node,)
        for other in nodes:
            self.scalar(other, name)
        return tuple(other for other in nodes if isinstance(other, Scalar))

    def whole(self, name: str, default: int | None = None, least: int = 0, most: int = 1_000_000) -> int | None:
        """Take a whole number."""
        node = self.node(name)
        if node is None:
            return default
        text = self.scalar(node, name)
        if re.fullmatch(r"[0-9]{1,9}", text) and least <= int(text) <= most:
            return int(text)
        if isinstance(node, Scalar):
            self.fault("yaml-value", f"'{name}' wants a whole number from {least} to {most}", node.rule)
        return default

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Take `true` or `false`."""
        return self.word(name, ("true", "false"), str(default).lower()) == "true"

    def word(self, name: str, one_of: Sequence[str], default: str) -> str:
        """Take one of a few words."""
        node = self.node(name)
        if node is None:
            return default
        text = self.scalar(node, name, default)
        if isinstance(node, Scalar) and text not in one_of:
            hint = suggestion(text, one_of) or f"one of: {', '.join(map(_quoted, one_of))}"
            self.fault("yaml-value", f"'{name}' cannot be '{text}'", node.rule, hint)
            return default
        return text

    def mapping(self, name: str) -> Entries | None:
        """Take a mapping."""
        node = self.node(name)
        if node is None or isinstance(node, Entries):
            return node
        self.fault("yaml-type", f"'{name}' wants a mapping, not {describe(node)}", node.rule)
        return None

    def keys(self, name: str, what: str = "", known: Sequence[str] = ()) -> Keys | None:
        """Take a mapping whose keys are to be taken in turn."""
        entries = self.mapping(name)
        return None if entries is None else Keys(entries, self.findings, what or f"in '{name}'", known)

    def scalar(self, node: Node, name: str, default: str = "") -> str:
        """Give the text of a node, or note that it is none."""
        if isinstance(node, Scalar):
            return node.text
        self.fault("yaml-type", f"'{name}' wants a text, not {describe(node)}", node.rule)
        return default

    def done(self, also: Mapping[str, str] = ELSEWHERE) -> None:
        """Refuse every key that may not stand here. `also`: words that may stand elsewhere, and where."""
        right = self.known or self.taken
        known = [*dict.fromkeys([*right, *also])]
        for key, _ in self.entries:
            if key.text not in right:
                listed = f"known {self._where()}: {', '.join(known)}"
                elsewhere = f"it is for {also[key.text]}" if key.text in also else DROPPED if key.text == "drop" else ""
                hint = elsewhere or cut(key) or _unparted(key, known) or suggestion(key.text, known) or listed
                self.fault("yaml-unknown-key", f"unknown key '{key.text}' {self._where()}", key.rule, hint)

    def _where(self) -> str:
        return self.what


def cut(key: Scalar) -> str:
    """Recognise the rest of an expression that a comma inside { } cut in two: `{from: wrap(x, 35)}` has the key `35)`."""
    if key.quoted or not any(mark in key.text for mark in ")]'\""):
        return ""
    return "a comma inside { } ends a value: put quotes around the expression, or write it as a filter: x | wrap(35)"


def _unparted(key: Scalar, known: Sequence[str]) -> str:
    """Recognise a key and a value that no blank parts: `{len:5}`."""
    return PARTED if not key.quoted and key.text.partition(":")[0] in known and ":" in key.text else ""


def keys(node: Node, findings: Findings, what: str = "here", known: Sequence[str] = ()) -> Keys:
    """Begin taking keys; a node that is no mapping is a fault, and counts as an empty one."""
    if isinstance(node, Entries):
        return Keys(node, findings, what, known)
    findings.add(Finding("yaml-type", f"a mapping is wanted {what}, not {describe(node)}", rule=node.rule))
    return Keys(Entries((), node.rule), findings, what, known)


def moved(place: Place, text: str, offset: int) -> Place:
    """Give the place `offset` characters into a text that begins at a place."""
    line = text.count("\n", 0, offset)
    column = offset - text.rfind("\n", 0, offset) if line else place.column + offset
    return replace(place, line=place.line + line, column=column)


def _quoted(word: str) -> str:
    """Write a word as it stands in a mapping: a lone sign such as `,` wants quotes."""
    return word if word.isalnum() or len(word) > 1 else f'"{word}"'
