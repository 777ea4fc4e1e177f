"""Functions of a path, one behind the other: `to.name | one_line | cut(30)`, called as they stand, without Jinja.

A short cut for what is usual: it raises at anything else, and Jinja works the expression out, or says what is wrong.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from jinja2 import nodes

from translator.mapping import bounds
from translator.mapping.expression import grammar
from translator.mapping.expression.grammar import Called, Path
from translator.mapping.expression.values import ABSENT, member

REPEATED: Final = frozenset({"warehouse_zone"})  # what may be asked twice: a number would be another one then


class Lacking(LookupError):
    """Nothing stands at the path, and the function does not take that."""


@dataclass(frozen=True, slots=True)
class Link:
    """A function that is called with a value, and with what is written out."""

    function: Callable[..., Any]
    turn: Callable[[Any], Any] | None  # of the value, to what the function declares
    given: tuple[Any, ...]
    words: Mapping[str, Any]
    asks: tuple[str, ...]
    forgiving: bool

    def __call__(self, value: Any, names: Mapping[str, Any]) -> Any:
        if value is ABSENT:
            if not self.forgiving:
                raise LookupError
            value = None
        turned = self.turn(value) if self.turn else value
        if not self.asks:
            return self.function(turned, *self.given, **self.words)
        return self.function(turned, *self.given, **self.words, **{name: names.get(name) for name in self.asks})


@dataclass(frozen=True, slots=True)
class Links:
    """A path, and the functions that what stands there goes through. Raises anything where Jinja is to be asked.

    Without a path: the first function is called with what is written out.
    """

    path: Path
    links: tuple[Link, ...]
    said: Any = None

    def __call__(self, names: Mapping[str, Any]) -> Any:
        value = standing(self.path, names) if self.path else self.said
        if value is ABSENT and len(self.path) > 1 and not self.links[0].forgiving:
            raise Lacking
        for link in self.links:
            value = link(_fitting(value), names)
        return _fitting(value)


def linked(tree: nodes.Expr, functions: Mapping[str, Callable[..., Any]]) -> Links | None:
    """Take an expression apart, if it is nothing but such functions."""
    found = grammar.chained(tree)
    if found is None or found[0][:1] == ("loop",) or tree.lineno > 1:
        return None
    path, calls = found
    links = tuple(link for call in calls if call.name in functions and (link := _link(call, functions[call.name])))
    once = not path and len(links) == 1  # asked for a number, it cannot fail behind that
    if len(links) < len(calls) or (any({*link.asks} - REPEATED for link in links) and not once):
        return None
    return Links(path, links, calls[0].fixed[0] if not path else None)


def standing(path: Path, names: Mapping[str, Any]) -> Any:
    """Give what stands at a path; ABSENT where nothing does."""
    value = names.get(path[0], ABSENT)
    for name in path[1:]:
        value = value.get(name, ABSENT) if type(value) is dict else member(value, name)
    return value


def _link(call: Called, function: Callable[..., Any]) -> Link | None:
    """Turn what is written out into what the function declares: once."""
    turns: Mapping[str, Callable[[Any], Any]] = getattr(function, "turns", {})
    own = inspect.unwrap(function)
    declared = inspect.signature(own).parameters.values()
    named = [one.name for one in declared if one.kind is one.POSITIONAL_OR_KEYWORD]
    if len(named) < len(call.fixed):
        return None
    first, *others = named
    given = tuple(_turned(turns, name, value) for name, value in zip(others, call.fixed[1:], strict=False))
    words = {name: _turned(turns, name, value) for name, value in call.words}
    asks: tuple[str, ...] = getattr(function, "asks", ())
    return Link(own, turns.get(first), given, words, asks, getattr(function, "forgiving", False))


def _turned(turns: Mapping[str, Callable[[Any], Any]], name: str, value: Any) -> Any:
    return turns[name](value) if name in turns else value


def _fitting(value: Any) -> Any:
    """Give a value that no bound is near to. Raises ValueError."""
    if isinstance(value, int):
        if value.bit_length() > bounds.BITS:
            raise ValueError
    elif hasattr(value, "__len__") and len(value) > bounds.LIST:
        raise ValueError
    return value
