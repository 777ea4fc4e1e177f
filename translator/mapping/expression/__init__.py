"""Expressions: parsed, bounded, worked out in one Jinja sandbox, which no other module of the mapping layer sees."""

from translator.mapping.expression.environment import Compiled, Environment, Names, Rendered
from translator.mapping.expression.failures import MISSING, Failed, Missing
from translator.mapping.expression.grammar import Called, Path, Use, Uses
from translator.mapping.expression.values import ABSENT, TURN, Absent, Loop, asking, forgiving, member

__all__ = [
    "ABSENT", "MISSING", "TURN", "Absent", "Called", "Compiled", "Environment", "Failed", "Loop", "Missing", "Names",
    "Path", "Rendered", "Use", "Uses", "asking", "forgiving", "member",
]  # fmt: skip
