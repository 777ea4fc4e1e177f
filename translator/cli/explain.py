"""explain: from a place in a file to the line of the mapping and to Amazon's field, and back.

Promises: nothing is changed, nobody is asked. Exit code 0: it is explained; 1: nothing leads there; 2: the mapping, or
what was asked for, is wrong.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from translator.cli import say, world
from translator.cli.behind.findings import sources_of
from translator.core.finding import Finding

STOCK = "stock"  # said instead of a mapping

if TYPE_CHECKING:
    from translator.cli.behind.explain import Cell
    from translator.cli.behind.trial import Trial


@click.command()
@click.argument("name", metavar="MAPPING")
@click.argument("sample", type=click.Path(path_type=Path), required=False)
@click.option(
    "--place",
    metavar="LINE:COLUMN",
    default="",
    help="What stands there in the file, and why; in segments also '23 SE-01', as findings name it.",
)
@click.option(
    "--field", metavar="RECORD.FIELD", default="", help="Where the field stands, and what it comes from or goes to."
)
@click.option(
    "--path", metavar="PATH", default="", help="What comes from there, or goes there: orderDetails.items[].title."
)
@world.options
@say.site_option
@say.json_option
@say.told
def explain(
    name: str, sample: Path | None, place: str, field: str, path: str, root: Path, as_json: bool, **options: Any
) -> None:
    """Explain the file that MAPPING makes of SAMPLE, or reads: one place, field or path of it; without these, all.

    `explain stock SKU`: how the level that Amazon is told of a SKU was made.
    """
    if name == STOCK and sample is not None:
        _stock(say.TEXT.convert(str(sample), None, None), root, as_json=as_json)
        return
    from translator.cli.behind.at_hand import loaded, mapping_at
    from translator.cli.behind.explain import cells_of
    from translator.cli.behind.trial import source_for, tried, world_of

    mapping = mapping_at(name, root)
    translation = loaded(mapping, {})
    source = source_for(mapping, translation, sample)
    trial = tried(translation, source, world_of(mapping, source, world.said(options)))
    found = _asked(cells_of(trial), trial, place, field, path)
    if as_json:
        say.data([cell.as_json() for cell in found])
    elif place or field or path:
        _tell(found, mapping)
    else:
        _table(found)
    if not found:
        _nothing(trial, path)
    sys.exit(0 if found else say.REJECTED)


VERBS = (explain,)


def _stock(sku: str, root: Path, *, as_json: bool) -> None:
    from translator.cli.behind.inventory import levels_of

    found = levels_of(root, sku)
    if not found:
        hint = "as the stock file writes it"
        say.refuse([Finding("sku-unknown", "no stock file named this SKU", hint=hint)], say.REJECTED, as_json=as_json)
    if as_json:
        say.data(found)
        return
    for level in found:
        say.line(f"{level['account']} {level['warehouse']}: {level['sum']}; {level['stands']}")


def _asked(cells: Sequence[Cell], trial: Trial, place: str, field: str, path: str) -> Sequence[Cell]:
    from translator.cli.behind.explain import at_element, at_place, of_field, of_path

    if sum(map(bool, (place, field, path))) > 1:
        raise click.UsageError("one of --place, --field and --path")
    if place:
        if found := re.fullmatch(r"(\d{1,7})[ :,]([A-Z][A-Z0-9]{1,2}(?:-\d{1,2}){1,2})", place.upper()):
            return at_element(cells, int(found[1]), found[2]) if cells else ()
        found = re.fullmatch(r"(\d{1,7})[:,](\d{1,6})", place)
        if not found:
            raise click.BadParameter(f"'{place}' is no LINE:COLUMN, and no '23 SE-01'", param_hint="--place")
        return at_place(cells, int(found[1]), int(found[2])) if cells else ()
    if field:
        return of_field(cells, field, trial.translation.file.records) if cells else ()
    return of_path(cells, path, trial.translation.file.kinds[0]) if path else cells


def _tell(cells: Sequence[Cell], mapping: Path) -> None:
    from translator.cli.behind.explain import words

    sources = sources_of(None, mapping)
    for cell in cells:
        for line in words(cell, sources.line(cell.rule)):
            say.console().print(Text(line), soft_wrap=True)


def _table(cells: Sequence[Cell]) -> None:
    from translator.cli.behind.visible import visible

    several = len({cell.file for cell in cells}) > 1
    rows = (
        [f"{f'{cell.file}:' if several else ''}{cell.line}:{cell.column}–{cell.until}",
         f"{cell.record}.{cell.field}", visible(cell.text)[:40],
         f"{cell.rule.file}:{cell.rule.line}", ", ".join(end.path or end.expression for end in cell.ends)]
        for cell in cells
    )  # fmt: skip
    say.table(
        "", ["place", "field", "text", "rule", "from" if any(e.value for c in cells for e in c.ends) else "to"], rows
    )


def _nothing(trial: Trial, path: str) -> None:
    """Say why there is nothing to explain: of a template only the places it asks are known."""
    files = [file.translation for file, _ in trial.files] or [trial.translation]
    templates = [one for one in files if one.template]
    for one in templates:
        say.line(f"the template {one.file.template_name} writes the file; it asks")
        for use in one.template.uses.paths if one.template else ():
            say.line(f"  line {use.line}: {'.'.join(use.path)}")
    if path and not templates:
        say.line(f"nothing in the file comes from {path}, or goes there")
    say.wrong(trial.findings, sources_of(None, None))
