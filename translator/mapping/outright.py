"""A file of lines written outright: at once, where nothing about it is odd. Anything else is left to the careful way.

The bytes are those that the rows would become. What was taken for them is told, so that nothing is taken twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from translator.core.tree import BEGINS_REDACTED
from translator.mapping.careful import Run, first_of, holds
from translator.mapping.expression import ABSENT, Loop, member
from translator.mapping.line import Join, Lines
from translator.mapping.line_code import generate_lines
from translator.mapping.plan import Plan
from translator.mapping.row import Row


@dataclass(frozen=True, slots=True)
class Outright:
    """The generated code, ready. `code` can be read."""

    code: str
    lines: Callable[[Run, Mapping[str, Any]], tuple[Sequence[str], int, Sequence[int]]]
    join: Join

    def write(self, run: Run, names: Mapping[str, Any]) -> bytes | None:
        """Write a file; None: with care."""
        try:
            lines, marks, special = self.lines(run, names)
        except Exception:  # noqa: BLE001 (the careful way says what is wrong)
            return None
        return None if run.findings or run.substituted else self.join(lines, marks, special)


def compile_outright(plan: Plan, lines: Lines) -> Outright | None:
    """Compile what writes the files of a plan at once; None: they need their rows."""
    found = generate_lines(plan, lines)
    if found is None:
        return None
    code, codes = found
    odd = plan.style.substitute.odd.search if plan.style.substitute else None
    space: dict[str, Any] = {"Row": Row, "Loop": Loop, "ABSENT": ABSENT, "NONE": {}, "XS": BEGINS_REDACTED, "member": member,
                             "holds": holds, "first_of": first_of, "odd": odd, **codes.names}  # fmt: skip
    exec(compile(code, f"<lines of {plan.mapping.name}>", "exec"), space)  # noqa: S102 (our own code: names are checked, texts quoted)
    return Outright(code, space["lines"], lines.join)
