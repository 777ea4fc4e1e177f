"""What the expressions of a picture see: the entries at hand, what is around them, the stored order, the world.

Inside a group a plain name must have one value in all its entries, else a finding names the lines of two; what stands
in `max() sum() count() min() first() last() only() unique() join()` is the list of all values.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from translator.core.finding import Finding, Place
from translator.mapping.entry import Entry, Layout
from translator.mapping.expression import ABSENT, MISSING, Compiled, Environment, Failed, Missing, member
from translator.mapping.layout import Expression, Record, spoken

GATHERING: Final = frozenset({"count", "sum", "min", "max", "first", "last", "only", "unique", "join"})
_TOKEN: Final = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*)*|\d[\w.]*|\S""")
_WORDS: Final = frozenset(
    {"and", "or", "not", "in", "is", "if", "else", "true", "false", "none", "True", "False", "None"}
)
Path = tuple[str, ...]
Total = tuple[str, Path]  # a function and what it gathers: `sum(D.qty)`


@dataclass(frozen=True, slots=True)
class Scope:
    """The entries at hand (one, or those of a group), and the names given to what is not in the file."""

    entries: Sequence[Entry]
    names: Mapping[str, Any] = field(default_factory=dict)  # let, each: before what was read
    world: Mapping[str, Any] = field(default_factory=dict)  # order, item, partner, file, now: after it
    totals: Mapping[Total, Any] = field(default_factory=dict)  # of records that went by
    outside: Sequence[Entry] = ()  # current, and not around the entries at hand: the innermost first

    @property
    def place(self) -> Place:
        """Give where the first entry was read."""
        return self.entries[0].place if self.entries else Place()

    def over(self, entries: Sequence[Entry]) -> Scope:
        """Go on with other entries at hand."""
        return Scope(entries, self.names, self.world, self.totals, self.outside)

    def turn(self, entry: Entry) -> Scope:
        """Go on with the entry of one turn; what it does not stand in stays current behind it (mapping-language §3)."""
        inside = any(one.holds(entry) for one in self.entries)
        outside = self.outside if inside else (*self.entries, *self.outside)
        return Scope([entry], self.names, self.world, self.totals, outside)

    def named(self, name: str, value: Any) -> Scope:
        """Give a name to a value."""
        return Scope(self.entries, {**self.names, name: value}, self.world, self.totals, self.outside)

    def knowing(self, name: str, value: Any) -> Scope:
        """Let the world hold one thing more: the stored order, its line."""
        return Scope(self.entries, self.names, {**self.world, name: value}, self.totals, self.outside)

    def one(self, path: Path, rule: Place) -> Any:
        """Give the value of a path: the same in all entries; ABSENT where none has it."""
        if path[0] in self.names:
            return _walked(self.names[path[0]], path)
        found, whose = ABSENT, None
        for entry in self.entries:
            value = _walked(entry.look(path[0], self.outside), path)
            if value is ABSENT or value is found:
                continue
            if whose is None:
                found, whose = value, entry
            elif value != found:
                raise Failed(_conflict(path, whose, entry, rule))
        return found if whose is not None else _walked(self.world.get(path[0], ABSENT), path)

    def all(self, path: Path) -> list[Any]:
        """Give the values of a path in all entries."""
        if path[0] in self.names:
            return _listed(_walked(self.names[path[0]], path))
        bases = _each_once(entry.look(path[0], self.outside) for entry in self.entries)
        found = [value for base in bases for value in _listed(_walked(base, path))]
        return found or _listed(_walked(self.world.get(path[0], ABSENT), path))

    def begin(self, name: str) -> list[Any]:
        """Give what a name of an `each` stands for: entries, or any list."""
        return self.all((name,))


def _walked(value: Any, path: Path) -> Any:
    for name in path[1:]:
        if value is ABSENT:
            return ABSENT
        value = member(value, name)
    return value


def _each_once(values: Iterator[Any]) -> Iterator[Any]:
    """Give what is around several entries once, and their own values each."""
    seen: set[int] = set()
    for value in values:
        if isinstance(value, (Entry, list)):
            if id(value) in seen:
                continue
            seen.add(id(value))
        yield value


def _listed(value: Any) -> list[Any]:
    if value is ABSENT:
        return []
    return value if isinstance(value, list) else [value]


def _conflict(path: Path, first: Entry, other: Entry, rule: Place) -> Finding:
    name = ".".join(path)
    text = f"{name} is not the same in line {first.place.line} and line {other.place.line}"
    hint = f"to mean one of several say first({name}), max({name})…"
    return Finding("group-conflict", text, replace(other.place, field=path[-1]), rule, hint)


# --- expressions ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Formula:
    """An expression of a picture, compiled: what it gathers is worked out before Jinja sees it."""

    text: str
    rule: Place
    compiled: Compiled
    gathered: Mapping[str, Path]
    direct: tuple[str, str] | None  # a function and the name of what it gathers, where that is all
    environment: Environment

    def __call__(self, scope: Scope) -> Any:
        """Work it out. Raises Missing or Failed."""
        if self.compiled.path is not None:
            return self._path(self.compiled.path, scope)
        if self.compiled.constant:
            return self.compiled.constant[0]
        if self.direct:
            return self._direct(*self.direct, scope)
        return self.compiled(self._names(scope))

    def _path(self, path: Path, scope: Scope) -> Any:
        value = scope.one(path, self.rule)
        if value is ABSENT:
            hint = _deeper(path, scope) or f"where it may be absent say maybe: {self.text}"
            raise Missing(Finding(MISSING, f"there is no {'.'.join(path)} here", rule=self.rule, hint=hint))
        return value

    def _direct(self, function: str, name: str, scope: Scope) -> Any:
        total = (function, self.gathered[name])
        if total in scope.totals:
            return scope.totals[total]
        try:
            return self.environment.functions[function](scope.all(self.gathered[name]))
        except ValueError as error:  # Wrong, as functions raise it
            code = getattr(error, "code", "expression-failed")
            finding = Finding(code, getattr(error, "text", str(error)), rule=self.rule)
            raise (Missing if code == MISSING else Failed)(finding) from None
        except (TypeError, ArithmeticError) as error:
            raise Failed(Finding("expression-failed", f"cannot be worked out: {error}", rule=self.rule)) from None

    def _names(self, scope: Scope) -> dict[str, Any]:
        names = {asked: scope.world.get(asked) for asked in self.compiled.asks}
        for path in _shortest(use.path for use in self.compiled.uses.paths if use.path[0] not in self.gathered):
            value = scope.one(path, self.rule)
            if value is not ABSENT:
                _bind(names, path, value)
        return {**names, **{name: scope.all(path) for name, path in self.gathered.items()}}


def _deeper(path: Path, scope: Scope) -> str:
    """Say in which group or record of the entries at hand a name stands."""
    for entry in scope.entries[:1]:
        records: tuple[Layout, ...] = entry.layout.records if isinstance(entry.layout, Record) else ()
        for inside in (*entry.layout.fields, *records):
            if any(spoken(one) == path[0] for one in inside.fields):
                each = f", or each: {inside.name}" if inside.times.many else ""
                return f"it stands in {inside.name}: {inside.name}.{'.'.join(path)}{each}"
    return ""


def _shortest(paths: Iterator[Path]) -> list[Path]:
    """Leave out paths that go on where a shorter one ends: the shorter one brings them along."""
    kept: list[Path] = []
    for path in sorted(set(paths), key=len):
        if not any(path[: len(short)] == short for short in kept):
            kept.append(path)
    return kept


def _bind(names: dict[str, Any], path: Path, value: Any) -> None:
    """Let Jinja find a value at its path: a plain mapping for each dot."""
    for name in path[:-1]:
        names = names.setdefault(name, {})
    names[path[-1]] = value


def formula(expression: Expression, environment: Environment) -> Formula:
    """Compile an expression of a picture. Raises Misconfigured."""
    text, gathered = taken_out(expression.text)
    compiled = environment.expression(text, expression.rule)
    return Formula(expression.text, expression.rule, compiled, gathered, _direct(text, gathered), environment)


def _direct(text: str, gathered: Mapping[str, Path]) -> tuple[str, str] | None:
    found = re.fullmatch(r"\s*(\w+)\(\s*(\w+)\s*\)\s*", text)
    return (found[1], found[2]) if found and found[1] in GATHERING and found[2] in gathered else None


def taken_out(text: str, roots: Collection[str] | None = None) -> tuple[str, dict[str, Path]]:
    """Put a name of its own for each path that is gathered: `max(SHIPPED)` becomes `max(all_SHIPPED)`.

    `roots`: only paths that begin with one of these.
    """
    tokens = list(_TOKEN.finditer(text))
    gathered: dict[str, Path] = {}
    parts: list[str] = []
    end = 0
    for number in _gathered(tokens):
        token = tokens[number]
        path = tuple(re.split(r"\s*\.\s*", token[0]))
        if roots is not None and path[0] not in roots:
            continue
        name = "all_" + "_".join(path)
        gathered[name] = path
        parts += [text[end : token.start()], name]
        end = token.end()
    return "".join([*parts, text[end:]]), gathered


def _gathered(tokens: Sequence[re.Match[str]]) -> Iterator[int]:
    """Find the paths inside a gathering function, or before `|` and one."""
    inside: list[bool] = []
    for number, token in enumerate(tokens):
        after = tokens[number + 1][0] if number + 1 < len(tokens) else ""
        if token[0] == "(":
            inside.append(_calls(tokens, number) or (bool(inside) and inside[-1]))
        elif token[0] == ")":
            inside = inside[:-1]
        elif _is_path(token[0]) and after not in {"(", "="}:
            filtered = after == "|" and number + 2 < len(tokens) and tokens[number + 2][0] in GATHERING
            named = number > 0 and tokens[number - 1][0] == "|"
            if not named and (filtered or (inside and inside[-1])):
                yield number


def _calls(tokens: Sequence[re.Match[str]], number: int) -> bool:
    return number > 0 and tokens[number - 1][0] in GATHERING


def _is_path(token: str) -> bool:
    return (token[0].isalpha() or token[0] == "_") and token not in _WORDS
