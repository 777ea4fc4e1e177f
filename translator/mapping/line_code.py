"""Python source of a plan whose file is lines of text: one function that gives them all, straight-line, without a row.

What is generated is a short cut: it writes what is usual, and raises at anything else. What is substituted, or parts the
file, is looked for in all lines at once. A plan that needs its rows (a total of what comes later) has no such code.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from translator.core.finding import Place
from translator.mapping.codes import Codes, Value
from translator.mapping.emitter import INDENT, Emitter, noted
from translator.mapping.expression import Compiled
from translator.mapping.known import Known
from translator.mapping.layout import Field, Record
from translator.mapping.line import Line, Lines
from translator.mapping.plan import Block, Loop, Plan, Scope, turn, zoned
from translator.mapping.tally import Tallies, Tally, tallies

DEEPEST: Final = 12  # loops in each other: Python knows twenty


class Beyond(Exception):
    """A plan needs its rows."""


def generate_lines(plan: Plan, lines: Lines) -> tuple[str, Codes] | None:
    """Write the function of a plan, and what its names stand for: `lines(run, given)`; None: it needs its rows."""
    found = tallies(plan)
    if found is None:
        return None
    generator = _Generator(plan=plan, lines=lines, tallies=found, codes=Codes(whole=True))
    try:
        generator.whole()
    except Beyond:
        return None
    return generator.source, generator.codes


@dataclass(slots=True, kw_only=True)
class _Generator(Emitter):
    plan: Plan
    lines: Lines
    tallies: Tallies

    def whole(self) -> None:
        about = f"the lines of {self.plan.mapping.format} at once, how many marks, and headers and trailers"
        self.begin("lines", about, self.plan)
        self.line("found, special, marks = [], [], 0")
        self.line("add = found.append")
        self.begun(None)
        for block in self.plan.blocks:
            self.block(block, ())
        self.line("return found, marks, special")

    def begun(self, home: Block | None) -> None:
        """Begin anew what is gathered in a turn."""
        for one in self.tallies.begun(home):
            self.line(f"{one.name} = []")

    # --- one record --------------------------------------------------------------------------------------------------

    def block(self, block: Block, around: tuple[Loop, ...]) -> None:
        if any(loop.source.constant == ((),) for loop in block.loops):
            return
        if len(around) + len(block.loops) > DEEPEST:
            raise Beyond
        depth, scope, most = self.depth, block.outer, block.layout.times.most if block.loops else None
        self.line("")
        self.line(noted(str(block.layout.rule)).lstrip())
        if most is not None:
            self.line(f"rows{block.number} = 0")
        for loop in block.loops:
            zones = _zones(loop, block)
            if zones:
                self.line(f"zone{loop.number} = zone")
            scope = self.loop(loop, scope)
            if zones:
                self.line(f"zone = run.zone({loop.variable.code})")
        inside = len(self.code)
        self.lets(block, scope)
        if block.when:
            self.line(f"if {self.held(block.when, block.scope)}:", f"when: {block.when.text}")
            self.depth += 1
        if most is not None:
            self.line(f"rows{block.number} += 1")
        self.row(block)
        self.begun(block)
        for below in block.blocks:
            self.block(below, (*around, *block.loops))
        self.turns(block.loops, inside)
        self.depth = depth
        self.after(block, most)

    def turns(self, loops: tuple[Loop, ...], at: int) -> None:
        """Make what `loop` is in the records below, where one of them asks."""
        for loop in loops:
            name = f"loop{loop.number}"
            if any(name in line for line in self.code[at:]):
                indent = len(self.code[at]) - len(self.code[at].lstrip())
                self.code.insert(at, f"{' ' * indent}{name} = {turn(loop.number)}")

    def after(self, block: Block, most: int | None) -> None:
        if most is not None:
            self.line(f"if rows{block.number} > {most}:")
            self.line(f"{INDENT}raise ValueError")
        for loop in block.loops:
            if _zones(loop, block):
                self.line(f"zone = zone{loop.number}")

    def lets(self, block: Block, scope: Scope) -> None:
        for variable, compiled in block.lets:
            self.line(f"{variable.code} = {self.codes.asked(compiled, scope)}", f"let: {compiled.text}")
            scope = {**scope, variable.name: variable}

    def held(self, compiled: Compiled, scope: Scope) -> str:
        """Write a condition: mostly what is asked is not there, or true."""
        path = compiled.path
        plain = path is not None and len(path) > 1 and path[0] in scope and path[0] != "loop"
        asked = self.codes.stepped(compiled, scope) if plain else self.codes.asked(compiled, scope)
        return f"(v := {asked}) and (v is True or type(v) is str and not v.isspace() or holds(v))"

    # --- its line ----------------------------------------------------------------------------------------------------

    def row(self, block: Block) -> None:
        if not isinstance(block.layout, Record):
            raise Beyond
        n, line = block.number, self.lines.of(block.layout)
        self.codes.names[f"B{n}"] = block
        cells = {number: self.cell(block, number, f"c{n}_{number}_0", line) for number in range(len(block.parts))}
        if line.special:
            self.line("special.append(len(found))")
        self.line(f"add({_text(line.pieces, cells)})")
        if line.marks:
            self.line(f"marks += {line.marks}")
        self.gathered(block, cells)
        if block.must:
            self.must(block, cells)

    def cell(self, block: Block, number: int, name: str, line: Line) -> str:
        """Write one cell into a variable; gives the code for it: a text where it is always the same."""
        part = block.parts[number]
        if part.group is not None:
            self.group(part.group, name, line.groups[number])
            return name
        code = self.value(block, number)
        if _literal(code) is not None:
            return code
        self.line(f"{name} = {code}", f"{part.field.name}, line {part.field.rule.line}")
        return name

    def value(self, block: Block, number: int) -> str:
        part = block.parts[number]
        if part.equals:
            return self.total(block, number, self.tallies.of[block.number, number])
        code = Value(self.codes, part, block, number).code()
        same = _literal(code)
        code = f"({code}) or ''" if same is None else repr(same)
        if part.when:
            nothing = part.cell.fitted("") or ""
            code = f"({code}) if {self.held(part.when, block.scope)} else {nothing!r}"
        return code

    def total(self, block: Block, number: int, tally: Tally) -> str:
        name = f"total_{block.number}_{number}"
        self.codes.names |= {
            name: Known(partial(block.parts[number].total, zone="")),
            f"of_{tally.name}": tally.function,
        }
        return f"{name}[type(v := of_{tally.name}({tally.name})), v] or ''"

    def gathered(self, block: Block, cells: Mapping[int, str]) -> None:
        """Note what is counted or added up later."""
        for tally in self.tallies.gathered(block):
            if tally.number is None:
                self.line(f"{tally.name}.append(True)")
                continue
            cell = cells[tally.number]
            self.codes.names[f"read_{tally.name}"] = tally.read
            self.line(f"{tally.name}.append(read_{tally.name}(v) if (v := {cell}) else None)")

    def must(self, block: Block, cells: Mapping[int, str]) -> None:
        n = block.number
        self.codes.names |= {f"R{n}": block.layout, f"P{n}": Place(record=block.layout.rule.record)}
        if any(part.equals or part.group for part in block.parts):
            raise Beyond
        own = ", ".join(f"{cell} or None" for cell in cells.values())
        names = self.codes.names_of(block.scope)
        self.line(f"run.must(B{n}, Row(R{n}, [{own}], P{n}, None), {names}, {{}})")

    # --- a group in it -----------------------------------------------------------------------------------------------

    def group(self, block: Block, name: str, line: Line) -> None:
        """Write the parts of a composite: nothing stands there where only fixed texts would."""
        if block.loops or block.must or any(part.group or part.equals or part.field.empty for part in block.parts):
            raise Beyond
        depth = self.depth
        self.codes.names[f"B{block.number}"] = block
        self.line(f"{name} = ''")
        self.lets(block, block.outer)
        if block.when:
            self.line(f"if {self.held(block.when, block.scope)}:", f"when: {block.when.text}")
            self.depth += 1
        cells = {number: self.cell(block, number, f"{name}_{number}_0", line) for number in range(len(block.parts))}
        if isinstance(block.layout, Field) and not block.layout.required:
            there = [cells[number] for number, part in enumerate(block.parts) if not part.is_fixed]
            self.line(f"if {' or '.join(there) or False}:")
            self.depth += 1
        self.line(f"{name} = {_text(line.pieces, cells)}")
        self.line(f"marks += {line.marks}")
        self.depth = depth


def _zones(loop: Loop, block: Block) -> bool:
    return loop.variable.document and zoned(block)


def _text(pieces: tuple[str | int, ...], cells: Mapping[int, str]) -> str:
    """Write a text of fixed pieces and cells."""
    return "f" + repr("".join(_braced(one) if isinstance(one, str) else _piece(cells[one]) for one in pieces))


def _piece(code: str) -> str:
    same = _literal(code)
    return f"{{{code}}}" if same is None else _braced(same)


def _braced(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _literal(code: str) -> str | None:
    """Give the text that a code always gives; None: it is not always the same."""
    try:
        found = ast.literal_eval(code)
    except (ValueError, SyntaxError):
        return None
    return found if isinstance(found, str) else "" if found is None else None
