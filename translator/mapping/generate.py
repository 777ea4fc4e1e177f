"""Python source of a plan: one readable function per record, straight-line, with dictionary access written out.

What is generated is a short cut: it writes what is usual, and raises at anything else. Then the careful path writes
the row, or says all that is wrong with it. Cells that are the same in every turn of a loop are made before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from translator.core.finding import Place
from translator.mapping.codes import Codes, Value
from translator.mapping.emitter import INDENT, Emitter
from translator.mapping.expression import Compiled
from translator.mapping.gathered import Gathered, gathered
from translator.mapping.layout import Field
from translator.mapping.plan import Block, Loop, Part, Plan, Scope, Variable, turn, zoned


def generate(plan: Plan, *, careful: bool = False) -> tuple[str, Codes]:
    """Write the functions of a plan, and what their names stand for; `write(run, given)` is the first to be called.

    `careful`: without the short cut, so that how each row came about can be noted.
    """
    generator = _Generator(plan=plan, careful=careful)
    generator.whole()
    return generator.source, generator.codes


@dataclass(slots=True, kw_only=True)
class _Generator(Emitter):
    plan: Plan
    careful: bool = False

    def whole(self) -> None:
        mapping = self.plan.mapping
        self.begin("write", f"{mapping.direction} {' '.join(mapping.kinds)} as {mapping.format}", self.plan)
        for block in self.plan.blocks:
            self.line(self.call(block, "None"))
        self.depth = 0
        for block in self.plan.blocks:
            self.block(block)

    def call(self, block: Block, parent: str, own: tuple[Loop, ...] = ()) -> str:
        """Call a block's function: what is known outside it, and the turns of the loops that are open."""
        opened = {loop.number: turn(loop.number) for loop in own}
        turns = [opened.get(number, f"loop{number}") for number in block.enclosing]
        given = ", ".join(["run", parent, "zone", *(one.code for one in _variables(block.outer)), *turns])
        return f"{block.function}({given})"

    # --- one block --------------------------------------------------------------------------------------------------

    def block(self, block: Block) -> None:
        n = block.number
        self.codes.names |= {f"R{n}": block.layout, f"P{n}": Place(record=block.layout.rule.record), f"B{n}": block}
        self.line("")
        self.line("")
        self.line(f"def {self.call(block, 'parent')}:")
        self.depth = 1
        self.line(repr(str(block.layout.rule)))
        self.line("out = []" if block.group else "out = run.rows")
        self.gathered(block)
        self.body(block)
        self.depth = 1
        self.after(block)
        self.depth = 0
        for below in (*(part.group for part in block.parts if part.group), *block.blocks):
            self.block(below)

    def gathered(self, block: Block) -> None:
        """Take the cells of the records before that fields of this one count or add up."""
        found = [one for number in range(len(block.parts)) if (one := self.gathers(block, number))]
        for one in {one.rows: one for one in found}.values():
            self.line(f"{one.rows} = [row.cells for row in out if row.record is R{one.of.number}]")

    def gathers(self, block: Block, number: int) -> Gathered | None:
        return gathered(block, number, Value(self.codes, block.parts[number], block, number).name, self.plan)

    def after(self, block: Block) -> None:
        if block.group:
            self.line("return out")
        elif block.loops and block.layout.times.most is not None:
            self.line(f"run.counted(R{block.number}, out, start)")

    def body(self, block: Block) -> None:
        """Open the loops, make before the innermost one what it does not change, write the turn."""
        if block.loops and block.layout.times.most is not None:
            self.line("start = len(out)")
        scope = block.outer
        moving: set[str] = set()
        for loop in block.loops:
            if loop is block.loops[-1]:
                moving = self.moving(block)
                self.lets(_lets(block, moving, inside=False), scope)
                steady = self.steady(block, moving)
            scope = self.loop(loop, scope)
            if loop.variable.document and zoned(block):
                self.line(f"zone = run.zone({loop.variable.code})")
        if not block.loops:
            steady = {}
        self.lets(_lets(block, moving, inside=True) if block.loops else block.lets, scope)
        self.turn(block, steady)

    def moving(self, block: Block) -> set[str]:
        """Name what changes with the innermost loop."""
        last = block.loops[-1].variable
        moving = {last.name, "loop", *(["warehouse_zone"] if last.document else [])}
        for variable, compiled in block.lets:
            if moving & {*compiled.uses.names, *compiled.asks} or "take_number" in compiled.asks:
                moving.add(variable.name)
        return moving

    def turn(self, block: Block, steady: dict[int, str]) -> None:
        skip = "continue" if block.loops else "return out" if block.group else "return"
        if block.when:
            self.line(f"if not holds({self.codes.asked(block.when, block.scope)}):", f"when: {block.when.text}")
            self.line(f"{INDENT}{skip}")
        self.cells(block, steady)
        if isinstance(block.layout, Field) and self.plan.style.blank is None and not block.layout.required:
            self.line(f"if run.vanishes(R{block.number}, cells):")
            self.line(f"{INDENT}{skip}")
        self.line(f"row = Row(R{block.number}, cells, P{block.number}, parent)")
        self.line("out.append(row)")
        self.later(block)
        for below in block.blocks:
            self.line(self.call(below, "row", block.loops))

    def later(self, block: Block) -> None:
        """Note what is worked out when all rows stand, and what must be true."""
        for number, part in enumerate(block.parts):
            if part.equals:
                names = self.codes.names_for(part.equals.compiled, block.scope, also=("warehouse_zone",))
                only = f"if holds({self.codes.asked(part.when, block.scope)}): " if part.when else ""
                only = f"if cells[{number}] is None: " if self.gathers(block, number) else only
                self.line(f"{only}run.later.append((row, {number}, B{block.number}, {names}))")
        if block.must:
            self.line(f"run.must(B{block.number}, row, {self.codes.names_of(block.scope)}, {self.turns(block)})")

    def turns(self, block: Block) -> str:
        own = {loop.number: turn(loop.number) for loop in block.loops}
        pairs = [f"{number}: loop{number}" for number in block.enclosing]
        return "{" + ", ".join([*pairs, *(f"{number}: {code}" for number, code in own.items())]) + "}"

    def cells(self, block: Block, steady: dict[int, str]) -> None:
        given = f"B{block.number}, {self.codes.names_of(block.scope)}, {self.turns(block)}, zone"
        if self.careful:
            self.line(f"cells = run.careful({given})")
            return
        counts = _counts(block)
        if counts:
            self.line("taken = len(run.taken)")
        self.line("try:")
        if steady:
            self.line(f"{INDENT}if not ready:")
            self.line(f"{INDENT * 2}raise ValueError")
        self.line(f"{INDENT}cells = [")
        for number, part in enumerate(block.parts):
            code = steady.get(number) or self.cell(part, block, number)
            self.line(f"{INDENT * 2}{code},", f"{part.field.name}, line {part.field.rule.line}")
        self.line(f"{INDENT}]")
        self.line("except Exception:")
        if counts:
            self.line(f"{INDENT}run.back(taken)")
        self.line(f"{INDENT}cells = run.careful({given})")

    def steady(self, block: Block, moving: set[str]) -> dict[int, str]:
        """Make the cells that the innermost loop does not change before it; gives the variables they stand in."""
        found = {number: f"c{number}" for number, part in enumerate(block.parts) if _still(part, moving)}
        if not found or self.careful or _counts(block):
            return {}
        self.line("try:", "the same in every turn")
        for number, name in found.items():
            part = block.parts[number]
            self.line(
                f"{INDENT}{name} = {self.cell(part, block, number)}", f"{part.field.name}, line {part.field.rule.line}"
            )
        self.line(f"{INDENT}ready = True")
        self.line("except Exception:")
        self.line(f"{INDENT}ready = False")
        return found

    def lets(self, lets: tuple[tuple[Variable, Compiled], ...], scope: Scope) -> None:
        for variable, compiled in lets:
            self.line(
                f"{variable.code} = {self.codes.asked(compiled, scope)}",
                f"let: {compiled.text}" if not compiled.path else "",
            )
            scope = {**scope, variable.name: variable}

    def cell(self, part: Part, block: Block, number: int) -> str:
        if part.group:
            return self.call(part.group, "None", block.loops)
        if part.equals:
            return self.total(block, number)
        code = Value(self.codes, part, block, number).code()
        if part.when:
            code = f"({code}) if holds({self.codes.sought(part.when, block.scope)}) else {part.cell.fitted('')!r}"
        return code

    def total(self, block: Block, number: int) -> str:
        """Write what a field equals where that is known here; None: it is worked out when all rows stand."""
        found = self.gathers(block, number)
        if found is None:
            return repr(block.parts[number].awaited)
        self.codes.names |= found.names
        return found.code()


def _variables(scope: Scope) -> Iterator[Variable]:
    return (one for name, one in scope.items() if name != "loop")


def _lets(block: Block, moving: set[str], *, inside: bool) -> tuple[tuple[Variable, Compiled], ...]:
    return tuple(pair for pair in block.lets if (pair[0].name in moving) == inside)


def _still(part: Part, moving: set[str]) -> bool:
    if part.group or not (part.sources or part.by):
        return False
    asked = {name for one in part.compiled for name in (*one.uses.names, *one.asks)}
    zone = {"warehouse_zone"} if part.field.zone == "warehouse" else set()
    return not moving & (asked | zone)


def _counts(block: Block) -> bool:
    return any("take_number" in one.asks for part in block.parts for one in part.compiled)
