"""A filter behind a sum takes only the last part of it: `a + b | at_least(0)` is `a + (b | at_least(0))`.

That is Jinja's rule, and nobody's who thinks of a pipe. Parentheses say what is meant, either way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from translator.core.finding import Finding
from translator.mapping.lints.advice import Looked, warning

_TOKEN: Final = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\w+(?:\.\w+)*|//|\*\*|[=!<>]=|\S""")
_OPERATORS: Final = frozenset({"+", "-", "*", "/", "//", "%", "**", "~"})
_ENDS: Final = frozenset(
    {",", "if", "else", "and", "or", "not", "in", "is", "==", "!=", "<", ">", "<=", ">=", ":", "="}
)
_OPEN: Final = frozenset("([{")
_CLOSE: Final = frozenset(")]}")


@dataclass(slots=True)
class _Level:
    """What is open inside one pair of brackets: where its last operand begins, whether an operator stands before it."""

    operand: int = 0
    joined: bool = False


def loose(looked: Looked) -> Iterator[Finding]:
    """Name each filter that stands behind an operator without parentheses."""
    for expression in looked.expressions:
        for operand, name in _caught(expression.text):
            text = f"'| {name}' takes only '{operand}', not what stands before it"
            hint = f"put ( ) around what it shall take: ({operand} | {name}), or all of it before the |"
            yield warning("filter-binds", text, expression.rule, hint)


def _caught(text: str) -> Iterator[tuple[str, str]]:
    tokens = list(_TOKEN.finditer(text))
    levels = [_Level()]
    for number, token in enumerate(tokens):
        word, level = token[0], levels[-1]
        if word in _OPEN:
            levels.append(_Level(token.end()))
        elif word in _CLOSE and len(levels) > 1:
            levels.pop()
        elif word in _ENDS:
            level.operand, level.joined = token.end(), False
        elif word in _OPERATORS and _binary(tokens, number):
            level.operand, level.joined = token.end(), True
        elif word == "|" and level.joined and number + 1 < len(tokens):
            yield text[level.operand : token.start()].strip(), tokens[number + 1][0]
            level.joined = False


def _binary(tokens: Sequence[re.Match[str]], number: int) -> bool:
    """Tell an operator between two values from a sign before one."""
    before = tokens[number - 1][0] if number else "("
    return before not in _OPEN | _OPERATORS | _ENDS | {"|"}


ADVISE: Final = loose
