"""Documents into rows: a mapping compiled once to Python, which writes what is usual fast, and the rest with care."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from translator.core.document import Tree
from translator.core.finding import Finding, Rejected
from translator.core.tree import BEGINS_REDACTED
from translator.mapping import convert
from translator.mapping.careful import Noted, Private, Run, Taken, everything, first_of, holds
from translator.mapping.cells import Style, counted_in
from translator.mapping.context import Context
from translator.mapping.expression import ABSENT, Compiled, Environment, Failed, Loop, Missing, member
from translator.mapping.generate import generate
from translator.mapping.layout import MappingFile
from translator.mapping.letters import substitute
from translator.mapping.line import Lines
from translator.mapping.outright import Outright, compile_outright
from translator.mapping.plan import Plan, plan
from translator.mapping.row import Row
from translator.mapping.totals import Parsers, parsers, settle

Names = Mapping[str, Any]
Warehouse = Callable[[Tree], str]
Begin = Callable[[Names, Context], dict[str, Any]]
PLACED = ("csv", "fixed")  # formats where a place stays when nothing stands there


@dataclass(frozen=True, slots=True)
class Writer:
    """A compiled writing mapping. `code` is what was generated, `names` makes what a file begins with."""

    mapping: MappingFile
    code: str
    names: Begin
    functions: Mapping[str, Any]
    warehouse: Warehouse
    read: Parsers
    planned: Plan
    private: Private = everything
    outright: Callable[[], Outright | None] | None = None  # None: the format has no lines

    def at_once(self, names: Names, context: Context) -> tuple[bytes | None, Taken]:
        """Write one file without its rows, as bytes. None: it wants them. The second is what `rows` is to be told then.

        `names`: what `self.names` gave.
        """
        outright = self.outright() if self.outright else None
        if outright is None:
            return None, ()
        run = Run(context, self.warehouse, names["ask_tables"], self.functions, self.private)
        return outright.write(run, names), run.taken

    def rows(
        self, names: Names, context: Context, notes: list[Noted] | None = None, taken: Taken = ()
    ) -> tuple[list[Row], list[Finding]]:
        """Write the rows of one file. `names`: what `self.names` gave, so that its name and its rows share numbers.

        The document under its kind, or `batch`, is enough where the file's name does not matter.
        With an error among the findings the rows are not to be used. `notes`: gathers how rows came about, of those
        that were worked out with care. `taken`: numbers that were taken for it before.
        """
        try:
            begun = names if "ask_tables" in names else self.names(names, context)
        except Rejected as rejected:
            return [], list(rejected.findings)
        run = Run(
            context, self.warehouse, begun["ask_tables"], self.functions, self.private, notes=notes, waiting=taken
        )
        self.functions["write"](run, begun)
        if run.later and not run.findings:
            run.findings.extend(settle(run.rows, run.later, self.read))
        if run.substituted:
            run.findings.extend(run.written_otherwise())
        return run.rows, list(dict.fromkeys(run.findings)) if run.findings else []


def compile_writer(
    mapping: MappingFile,
    environment: Environment,
    *,
    typed: bool = False,
    warehouse: Warehouse | None = None,
    private: Private = everything,
    careful: bool = False,
    lines: Callable[[MappingFile], Lines | None] | None = None,
) -> Writer:
    """Compile a writing layout.

    `typed`: the format keeps numbers. `warehouse`: the code of a document's warehouse. `private`: tells of a place in
    the document that findings do not show its value. `careful`: every row is worked out with care, so that how it came
    about can be noted. `lines`: how rows are lines of text, where the format knows.
    """
    planned = plan(mapping, environment, style(mapping, typed=typed))
    code, codes = generate(planned, careful=careful)
    odd = planned.style.substitute.odd.search if planned.style.substitute else None
    space: dict[str, Any] = {"Row": Row, "Loop": Loop, "ABSENT": ABSENT, "NONE": {}, "XS": BEGINS_REDACTED, "member": member,
                             "holds": holds, "first_of": first_of, "odd": odd, **codes.names}  # fmt: skip
    exec(compile(code, f"<{mapping.name}>", "exec"), space)  # noqa: S102 (our own code: names are checked, texts quoted)
    where = warehouse or warehouse_of
    begin = beginning(mapping, environment, where)

    outright = cache(partial(_outright, planned, lines)) if lines and not careful else None
    return Writer(mapping, code, begin, space, where, parsers(planned.blocks), planned, private, outright)


def _outright(planned: Plan, lines: Callable[[MappingFile], Lines | None]) -> Outright | None:
    """Compile what writes files at once: when the first one is written."""
    found = lines(planned.mapping)
    return compile_outright(planned, found) if found else None


def beginning(mapping: MappingFile, environment: Environment, warehouse: Warehouse | None = None) -> Begin:
    """Give the function that makes the names a file begins with: documents, partner, now, `let`, what functions ask.

    It is called once per file, with `{"order": tree}` or `{"batch": [tree, …]}`: the rows, the file's name and the
    template share the numbers it takes. Raises Rejected where a `let` cannot be worked out.
    """
    lets = [(name, _begun(environment.expression(one.text, one.rule))) for name, one in mapping.let]
    ask, where, kinds = convert.asker(mapping.tables, "hold"), warehouse or warehouse_of, mapping.kinds

    def names(start: Names, context: Context) -> dict[str, Any]:
        batch = [start[kind] for kind in kinds if kind in start]
        found = {
            "partner": context.partner(),
            "now": context.now(),
            "batch": batch,
            **start,
            "ask_tables": ask,
            "take_number": context.number,
            "warehouse_zone": context.zone(where(batch[0]) if batch else ""),
        }
        for name, begun in lets:
            found[name] = begun(found)
        return found

    return names


def _begun(compiled: Compiled) -> Callable[[Names], Any]:
    if compiled.path and len(compiled.path) == 2:
        root, name = compiled.path

        def stepped(names: Names) -> Any:
            above = names.get(root, ABSENT)
            return above.get(name, ABSENT) if type(above) is dict else member(above, name)

        return stepped

    def begun(names: Names) -> Any:
        try:
            return compiled(names)
        except Missing:
            return ABSENT
        except Failed as failed:
            raise Rejected([failed.finding]) from None

    return begun


def style(mapping: MappingFile, *, typed: bool = False) -> Style:
    """Say how a mapping's format wants its cells."""
    return Style(
        typed=typed,
        fills=mapping.format == "fixed",
        blank="" if mapping.format in PLACED else None,
        charset=counted_in(mapping),
        substitute=substitute(mapping.substitute),
    )


def warehouse_of(tree: Tree) -> str:
    """Give the warehouse a document names: where an order is shipped from."""
    for above in (member(tree, "orderDetails"), tree):
        party = above.get("shipFromParty") if isinstance(above, dict) else None
        found = party.get("partyId") if isinstance(party, dict) else None
        if isinstance(found, str):
            return found
    found = member(tree, "warehouseId")
    return found if isinstance(found, str) else ""
