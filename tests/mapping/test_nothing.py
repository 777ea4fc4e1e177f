"""The four kinds of nothing, both ways: the tables of the manual, cell by cell."""

from __future__ import annotations

import re

import pytest

from tests.docs.pages import ROOT
from tests.mapping.made import ENVIRONMENT, frozen, made, order
from tests.mapping.test_reader import entries
from translator.mapping.writer import compile_writer

PAGE = (ROOT / "docs/values.md").read_text(encoding="utf-8")
VALUES = {"absent": ..., "null": None, "empty": "", "blank": "  "}
CELLS = {"empty": "", "`␣␣␣␣`": "    ", "`0000`": "0000", "`****`": "****"}


def table(first: str):
    """Give the cells of the table whose second column has this title: the field, the column, what is said."""
    head, _, *lines = next(
        block.splitlines()
        for block in PAGE.split("\n\n")
        if block.startswith("| field |") and first in block.splitlines()[0]
    )
    titles = parts(head)[1:]
    return [
        (parts(line)[0][1:-1], title, said)
        for line in lines
        for title, said in zip(titles, parts(line)[1:], strict=True)
    ]


def parts(line: str) -> list[str]:
    return [part.strip() for part in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def shown(value: object) -> str:
    return "nothing" if value in (None, "") else f"`{str(value).replace(' ', '␣')}`"


@pytest.mark.parametrize("careful", [False, True])
@pytest.mark.parametrize("field, kind, said", table("absent"))
def test_what_is_written_for_nothing(field, kind, said, careful):
    to = {"name": "N", "city": "Newark", "attention": VALUES[kind]}
    tree = order(shipToParty={name: value for name, value in to.items() if value is not ...})
    text = f"writes: order\nformat: csv\nlet: {{to: order.orderDetails.shipToParty}}\nfields: {{F: {field}, G: {{text: x}}}}\n"
    rows, findings = compile_writer(made(text), ENVIRONMENT, careful=careful).rows({"order": tree}, frozen())
    assert said == ("error" if findings else shown(rows[0].cells[0]))


@pytest.mark.parametrize("field, cell, said", table("`0000`"))
def test_what_a_cell_is_when_it_is_read(field, cell, said):
    (found,) = entries(f"{{A: {{}}, F: {field}}}", f"x,{CELLS[cell]}\n")
    assert said == ("error" if found.findings else shown(found.get("F")))


@pytest.mark.parametrize("careful", [False, True])
@pytest.mark.parametrize(
    "words", ["", ", max: 9", ", default: D", ", redacted: R", ", lookup: {Jo: J}", ", required: true"]
)
def test_a_field_is_written_only_when_its_condition_holds(words, careful):
    value = f"from: d.shipToParty.name{words}, when: d.orderStatus == 'NEW'"
    text = f"writes: order\nformat: csv\nlet: {{d: order.orderDetails}}\nfields: {{F: {{{value}}}, G: {{text: x}}}}\n"
    writer = compile_writer(made(text), ENVIRONMENT, careful=careful)
    for status, written in (("NEW", True), ("CANCELLED", False)):
        tree = order(orderStatus=status, shipToParty={"name": "Jo"})
        rows, findings = writer.rows({"order": tree}, frozen())
        assert (bool(rows[0].cells[0]), findings) == (written, [])
