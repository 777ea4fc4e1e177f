"""Calls of functions, held against what the functions declare: known before anything is worked out."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import TemplateSyntaxError

from translator.mapping.expression.grammar import UNKNOWN, Called
from translator.mapping.wrong import Wrong


def check(calls: Iterable[Called], functions: Mapping[str, Callable[..., Any]]) -> None:
    """Refuse a call with too few or too many values, with a word that is none, or with a fixed value of another type."""
    for call in calls:
        if call.name in functions:
            _check(call, functions[call.name])


def _check(call: Called, function: Callable[..., Any]) -> None:
    declared = _declared(function)
    try:
        bound = declared.bind(*call.fixed, **dict(call.words))
    except TypeError as error:
        asked = ", ".join(str(one) for one in declared.parameters)
        raise TemplateSyntaxError(f"{call.name}(): {error} — {call.name}({asked})", call.line) from None
    turns: Mapping[str, Callable[[Any], Any]] = getattr(function, "turns", {})
    for name, value in bound.arguments.items():
        if value is not UNKNOWN and name in turns:
            try:
                turns[name](value)
            except Wrong as wrong:
                raise TemplateSyntaxError(f"{call.name}(): {name}: {wrong.text} — {wrong.hint}", call.line) from None


@lru_cache(maxsize=512)
def _declared(function: Callable[..., Any]) -> inspect.Signature:
    """Give what a call may say: what a function asks of the translation is not for it."""
    found = inspect.signature(function)
    said = [one.replace(annotation=one.empty) for one in found.parameters.values() if one.kind is not one.KEYWORD_ONLY]
    return found.replace(parameters=said, return_annotation=found.empty)
