"""What expressions may call: found by module, each with examples that are tests and stand in the manual.

A function declares its types, and gets them: a text that is a number where a number is wanted, a date out of Amazon's
text. What is no such value is a finding, at load where it is written out in the expression.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache, wraps
from typing import Any, Final

import translator.functions
from translator.core.finding import Misconfigured
from translator.mapping import dates, numbers
from translator.mapping.convert import plain
from translator.mapping.pattern import Pattern, pattern
from translator.mapping.wrong import Wrong

Turn = Callable[[Any], Any]
Examples = tuple[tuple[str, object], ...]  # an expression, and its value


def whole(value: object) -> int:
    """Give a whole number. Raises Wrong."""
    return value if type(value) is int else numbers.whole(numbers.number(value))


def whole_if_said(value: object) -> int | None:
    """Give a whole number, or nothing where nothing is said. Raises Wrong."""
    return None if value is None else whole(value)


def listed(value: object) -> list[Any]:
    """Give a list; one value is a list of one."""
    return list(value) if isinstance(value, (list, tuple)) else [value]


def patterned(value: object) -> Pattern:
    """Give a regular expression that cannot run for long. Raises Wrong."""
    try:
        return pattern(plain(value))
    except Misconfigured as error:
        raise Wrong("pattern", error.findings[0].text, error.findings[0].hint) from None


TURNS: Final[Mapping[Any, Turn]] = {
    str: plain, int: whole, int | None: whole_if_said, Decimal: numbers.number, dates.Moment: dates.aware, list[Any]: listed,
    Pattern: patterned,
}  # fmt: skip
WORDS: Final[Mapping[Any, str]] = {
    str: "text", int: "whole", int | None: "whole", Decimal: "number", int | Decimal: "number", dates.Moment: "date",
    list[Any]: "list", list[str]: "list", Pattern: "pattern", bool: "yes or no",
}  # fmt: skip


def typed(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a function that takes what expressions have, and hands over what it declares."""
    given = inspect.signature(function, eval_str=True).parameters.values()
    turns = tuple((one.name, TURNS.get(one.annotation)) for one in given if one.kind is not one.KEYWORD_ONLY)
    if not any(turn for _, turn in turns):
        return function
    named = {name: turn for name, turn in turns if turn}
    placed = tuple(turn for _, turn in turns)

    @wraps(function)
    def call(*args: Any, **words: Any) -> Any:
        turned = [turn(arg) if turn else arg for turn, arg in zip(placed, args, strict=False)]
        if len(args) > len(placed):
            raise TypeError("too many values")
        return function(*turned, **{name: named[name](arg) if name in named else arg for name, arg in words.items()})

    call.turns = named  # type: ignore[attr-defined]  # for what is known before anything is worked out
    return call


def signature(name: str, function: Callable[..., Any]) -> str:
    """Write a function with its types, as people read it: `wrap(value: text, width: whole) → list`."""
    found = inspect.signature(function, eval_str=True)
    asked = [_shown(one) for one in found.parameters.values() if one.kind is not one.KEYWORD_ONLY]
    gives = WORDS.get(found.return_annotation, "")
    return f"{name}({', '.join(asked)}){f' → {gives}' if gives else ''}"


def _shown(one: inspect.Parameter) -> str:
    word = WORDS.get(one.annotation, "")
    said = f"{one.name}: {word}" if word else one.name
    return said if one.default is one.empty else f"{said} = {one.default!r}"


@cache
def families() -> Mapping[str, tuple[Mapping[str, Callable[..., Any]], Examples]]:
    """Find every family: a module here with the constants FUNCTIONS and EXAMPLES."""
    found = {}
    for module in pkgutil.iter_modules(translator.functions.__path__):
        part = importlib.import_module(f"translator.functions.{module.name}")
        if hasattr(part, "FUNCTIONS"):
            found[module.name] = (part.FUNCTIONS, part.EXAMPLES)
    return found


@cache
def functions() -> Mapping[str, Callable[..., Any]]:
    """Give all functions by name, ready for `Environment(functions())`."""
    return {name: typed(function) for family, _ in families().values() for name, function in family.items()}
