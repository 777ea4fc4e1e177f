"""Lines of Python source, written one below the other: what the generators of a plan's functions share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from translator.mapping.codes import Codes
from translator.mapping.plan import Loop, Plan, Scope, Variable, turn

INDENT: Final = "    "


@dataclass(slots=True)
class Emitter:
    """The source so far, how deep it stands, and what its names stand for."""

    codes: Codes = field(default_factory=Codes)
    code: list[str] = field(default_factory=list)
    depth: int = 0

    @property
    def source(self) -> str:
        """Give all that was written."""
        return "\n".join(self.code) + "\n"

    def line(self, text: str, note: str = "") -> None:
        """Write a line."""
        self.code.append(f"{INDENT * self.depth}{text}{noted(note)}" if text else "")

    def begin(self, name: str, about: str, plan: Plan) -> None:
        """Begin the function of a plan, `name(run, given)`: all that stands outside its loops into variables."""
        self.line(f"def {name}(run, given):")
        self.depth = 1
        self.line(repr(f"{plan.mapping.name}: {about}"))
        for variable in plan.outer.values():
            self.line(f"{variable.code} = given.get({variable.name!r}, ABSENT)")
        self.line("zone = given['warehouse_zone']")
        for variable, _ in plan.lets:
            self.line(f"{variable.code} = given.get({variable.name!r}, ABSENT)", "let")

    def loop(self, loop: Loop, scope: Scope) -> Scope:
        """Begin a loop; gives the names inside it."""
        n, name = loop.number, loop.variable.code
        self.codes.names[f"L{n}"] = loop.rule
        inner = {**scope, loop.variable.name: loop.variable, "loop": Variable("loop", turn(n))}
        self.line(f"t{n} = run.listed(L{n}, {self.codes.asked(loop.source, scope)})", f"each: {loop.source.text}")
        if loop.only is None:
            self.line(f"for n{n}, {name} in enumerate(t{n}):")
            self.line(f"{INDENT}i{n} = n{n} + 1")
        else:
            only = f"holds({self.codes.asked(loop.only, inner)})"
            self.line(f"t{n} = [(n{n}, {name}) for n{n}, {name} in enumerate(t{n}) if {only}]", f"if {loop.only.text}")
            self.line(f"for i{n}, (n{n}, {name}) in enumerate(t{n}, 1):")
        self.depth += 1
        return inner


def noted(note: str) -> str:
    """Write a note in one line, whatever the mapping's author has put into it."""
    return f"  # {''.join(letter if letter.isprintable() else ' ' for letter in note)}" if note else ""
