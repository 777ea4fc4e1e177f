"""Expressions and cells as Python source: what a field says, as one line of code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from translator.mapping.cells import quick
from translator.mapping.convert import NUMERIC
from translator.mapping.expression import TURN, Compiled
from translator.mapping.known import Known, Zoned
from translator.mapping.layout import Field
from translator.mapping.plan import Block, Part, Scope, word
from translator.mapping.wrong import Wrong

ASKED: Final = {"ask_tables": "run.tables", "take_number": "run.number", "warehouse_zone": "zone"}


@dataclass(slots=True)
class Codes:
    """Write expressions; `names` is what the names in the code stand for.

    `whole`: what is substituted is looked for when the whole file stands, in what is left of each text.
    """

    whole: bool = False
    names: dict[str, Any] = field(default_factory=dict)
    functions: dict[int, str] = field(default_factory=dict)

    def sought(self, compiled: Compiled, scope: Scope) -> str:
        """Write an expression of a cell that may lead to nothing: ABSENT then; what fails raises."""
        return self.asked(compiled, scope, "run.sought")

    def asked(self, compiled: Compiled, scope: Scope, by: str = "run.asked") -> str:
        """Write an expression that may lead to nothing: ABSENT then."""
        if compiled.constant:
            return repr(compiled.constant[0])
        if compiled.path is None:
            return f"{by}({self.function(compiled)}, {self.names_for(compiled, scope)})"
        code, (root, *members) = _root(compiled, scope), compiled.path
        if root == "loop" and code != "ABSENT" and len(members) == 1 and members[0] in TURN:
            return (
                code[len("Loop(") : code.index(",")]
                if code[0] == "L" and members == ["index"]
                else f"{code}.{members[0]}"
            )
        for name in members:
            code = f"member({code}, {name!r})"
        return code

    def stepped(self, compiled: Compiled, scope: Scope) -> str:
        """Write a path out, with None for nothing; it raises where no mapping is on the way."""
        code, members = _root(compiled, scope), (compiled.path or ())[1:]
        for name in members[:-1]:
            code = f"({code}.get({name!r}) or NONE)"
        return f"{code}.get({members[-1]!r})" if members else code

    def function(self, compiled: Compiled) -> str:
        """Name a composed expression."""
        name = self.functions.setdefault(id(compiled), f"e{len(self.functions) + 1}")
        self.names[name] = compiled
        return name

    def names_for(self, compiled: Compiled, scope: Scope, also: tuple[str, ...] = ()) -> str:
        return self.names_of_all([compiled], scope, also)

    def names_of_all(self, asked: Sequence[Compiled], scope: Scope, also: tuple[str, ...] = ()) -> str:
        """Give the names that some expressions use, and what their functions ask."""
        used = dict.fromkeys(name for one in asked for name in one.uses.names)
        pairs = [f"{name!r}: {scope[name].code}" for name in used if name in scope]
        wanted = dict.fromkeys([*also, *(name for one in asked for name in one.asks), *({"warehouse_zone"} & {*used})])
        pairs += [f"{name!r}: {ASKED[name]}" for name in wanted]
        return "{" + ", ".join(pairs) + "}"

    def names_of(self, scope: Scope) -> str:
        pairs = [f"{name!r}: {variable.code}" for name, variable in scope.items()]
        pairs += [f"{name!r}: {code}" for name, code in ASKED.items()]
        return "{" + ", ".join(pairs) + "}"


@dataclass(slots=True)
class Value:
    """The code of one cell."""

    codes: Codes
    part: Part
    block: Block
    number: int

    @property
    def name(self) -> str:
        """Name the cell's writer after its field."""
        return f"{word(self.part.field.name)}_{self.block.number}_{self.number}"

    def code(self) -> str:
        field = self.part.field
        fixed = field.is_[0] if field.is_ else field.text
        if fixed is not None:
            return self.constant(fixed)
        if self.part.by:
            return self.through(self.tuple())
        if not self.part.sources:
            return self.constant(field.default or "")
        if len(self.part.sources) > 1:
            return self.several()
        source = self.part.sources[0]
        if source.path == ("loop", "index"):
            return self.counted(self.strict(source))
        if source.constant and not self.zone():
            return self.same(source.constant[0])
        if source.path is None or source.path[0] == "loop" or source.constant:
            code = self.strict(source)
            return self.plain(code) if self.is_plain() and not source.constant else self.through(code)
        code = self.access(source, forgiving=_forgiving(field))
        return self.plain(code) if self.is_plain() else self.remembered(code)

    def constant(self, text: str) -> str:
        try:
            return self.always(self.part.cell.stated(text))
        except Wrong:  # told by the careful path
            self.codes.names[self.name] = self.part.cell.stated
            return f"{self.name}({text!r})"

    def always(self, made: Any) -> str:
        """Write a cell that is the same for all."""
        if not isinstance(made, Decimal):
            return repr(made)
        self.codes.names[self.name] = made
        return self.name

    def same(self, value: Any) -> str:
        """Write a value that is always the same."""
        try:
            return self.always(self.part.cell(value))
        except (Wrong, ValueError):
            return self.through(repr(value))

    def counted(self, code: str) -> str:
        """Write the number of a turn by its cell, and remember it."""
        self.codes.names[self.name] = Known(self.part.cell)
        return f"{self.name}[int, {code}]"

    def through(self, code: str) -> str:
        """Write a value by its cell."""
        self.codes.names[self.name] = self.part.cell
        return f"{self.name}({code}{self.zone()})"

    def remembered(self, code: str) -> str:
        """Write a value by its cell; codes, numbers and dates repeat and are remembered, words of a person are not."""
        field = self.part.field
        if field.split or not (field.lookup or field.date or field.type in NUMERIC):
            return self.through(code)
        zoned, write = field.zone == "warehouse", quick(self.part.cell)
        self.codes.names[self.name] = Zoned(write) if zoned else Known(write)
        known = f"{self.name}[zone]" if zoned else self.name
        if field.type == "integer":
            return f"{known}[type(v := {code}), v]"
        return f"{known}[v if type(v := {code}) is str else (type(v), v)]"

    def zone(self) -> str:
        return ", zone" if self.part.field.zone == "warehouse" else ""

    def tuple(self) -> str:
        names = self.codes.names_of_all(self.part.by, self.block.scope)
        return f"run.asked_by(B{self.block.number}, {self.number}, {names})"

    def strict(self, source: Compiled) -> str:
        if source.constant:
            return repr(source.constant[0])
        if source.path is not None:
            return self.codes.asked(source, self.block.scope)
        names = self.codes.names_for(source, self.block.scope)
        function = self.codes.function(source)
        return f"run.sought({function}, {names})" if _forgiving(self.part.field) else f"{function}({names})"

    def access(self, source: Compiled, *, forgiving: bool) -> str:
        """Write a path out: strict where something must stand there, else with None for nothing."""
        members = (source.path or ())[1:]
        if forgiving:
            return self.codes.stepped(source, self.block.scope)
        return _root(source, self.block.scope) + "".join(f"[{name!r}]" for name in members)

    def is_plain(self) -> bool:
        """Tell whether a text goes into the file as it is, so that its length is all there is to check."""
        one, style = self.part.field, self.part.cell.style
        special = one.lookup or one.date or one.type != "text" or one.rest or one.required or style.charset or one.split
        if special or self.part.cell.given:
            return False
        return one.len is None or bool(self.fill())

    def fill(self) -> str:
        """Give the method that fills a text up to its length; empty: none does."""
        one = self.part.field
        if one.len is None or not (self.part.cell.style.fills or one.pad):
            return ""
        pad = f", {one.pad!r}" if one.pad not in ("", " ") else ""
        return f".{'rjust' if one.justify == 'right' else 'ljust'}({one.len}{pad})"

    def marked(self) -> bool:
        """Tell whether nothing, filled up, would not look like nothing."""
        blank = self.part.cell.style.fills and self.part.field.pad in ("", " ")
        return bool(self.fill()) and not blank

    def plain(self, code: str) -> str:
        return f"{self.usual(code)} else {self.nothing()}{self.through('v')}"

    def several(self) -> str:
        """Write the first that holds something: mostly that is the first."""
        asked = [self.codes.sought(one, self.block.scope) for one in self.part.sources]
        other = self.through(f"first_of(({', '.join(asked)},))")
        first = self.part.sources[0]
        if first.path is None or first.path[0] == "loop" or not self.is_plain():
            return other
        return f"{self.usual(self.access(first, forgiving=True), held=True)} else {other}"

    def usual(self, code: str, *, held: bool = False) -> str:
        """Write a text that is as texts usually are: `v` with its width, if it is; anything else is left to the cell."""
        one = self.part.field
        width = one.len or one.max
        tests = [f"type(v := {code}) is str"]
        if width and not one.truncate:
            tests.append(f"len(v) <= {width}")
        if one.redacted is not None:
            tests.append("v and v[0] not in XS")
        elif held or one.default is not None or one.empty is not None:
            tests.append("v and not v.isspace()")
        elif self.part.cell.style.blank is None or self.marked():
            tests.append("v")
        if self.part.cell.style.substitute is not None and not self.codes.whole:
            tests.append("not odd(v)")
        elif self.part.cell.style.substitute is not None and width and one.truncate:
            tests.append(f"(len(v) <= {width} or not odd(v))")  # it is told of what is cut off, too
        cut = f"[:{width}]" if one.truncate and width else ""
        return f"v{cut}{self.fill()} if {' and '.join(tests)}"

    def nothing(self) -> str:
        """Write at once what stands where nothing is, if something may."""
        try:
            return f"{self.part.cell(None)!r} if v is None else "
        except Wrong:
            return ""


def _forgiving(one: Field) -> bool:
    return one.maybe or one.default is not None or one.redacted is not None


def _root(compiled: Compiled, scope: Scope) -> str:
    name = (compiled.path or ("",))[0]
    return scope[name].code if name in scope else "ABSENT"
