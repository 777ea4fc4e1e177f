"""A layout as a page to hand on: Markdown for e-mail, HTML in one file for a browser and for paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from translator.cli.behind.layout import Line, Section, Sheet
from translator.mapping.layout import Table

COLUMNS: Final = ("field", "place", "length", "type", "required", "constant", "description", "codes", "notes", "value")


def titles(sheet: Sheet) -> dict[str, str]:
    """Give the columns that hold anything, and what stands above them."""
    words = {"place": sheet.place, "value": "comes from" if sheet.writes else "goes to"}
    lines = [line for section in sheet.sections for line in section.lines]
    used = (name for name in COLUMNS if any(getattr(line, name) for line in lines))
    return {name: words.get(name, name) for name in used if not _repeats(name, lines)}


def _repeats(name: str, lines: Sequence[Line]) -> bool:
    """Tell a place that says nothing but the name of the field again."""
    return name == "place" and all(line.place == line.field for line in lines)


def caption(section: Section) -> str:
    """Say what a record is, where it stands and how often."""
    place, length = f" {section.place}" if section.place else "", f", {section.length} long" if section.length else ""
    return f"{section.name}{place} ({section.often}{length})"


# --- Markdown --------------------------------------------------------------------------------------------------------


def markdown(sheets: Sequence[Sheet]) -> str:
    """Write them as Markdown, readable as it stands."""
    return "\n\n".join(part for sheet in sheets for part in _parts(sheet)) + "\n"


def _parts(sheet: Sheet) -> list[str]:
    columns = titles(sheet)
    parts = [f"# {sheet.name}", _list(sheet), *([] if sheet.sections else [sheet.without])]
    for section in sheet.sections:
        parts += [f"{'#' * min(6, 2 + section.depth)} {_inline(caption(section))}"]
        rows = [[getattr(line, name) for name in columns] for line in section.lines]
        parts += [_grid(list(columns.values()), rows)] if rows else ["No fields of its own."]
    for table in sheet.tables:
        parts += [f"## Codes: {table.name}", _grid(list(table.columns), [list(row) for row in table.rows])]
    return parts


def _list(sheet: Sheet) -> str:
    return "\n".join(f"* {name}: {_inline(value)}" for name, value in sheet.facts.items())


def _grid(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Draw a table whose columns stand under each other in plain text, too."""
    cells = [[_inline(cell) for cell in row] for row in (head, *rows)]
    widths = [max(3, *(len(row[n]) for row in cells)) for n in range(len(head))]
    lines = [" | ".join(cell.ljust(wide) for cell, wide in zip(row, widths, strict=True)) for row in cells]
    rule = "-|-".join("-" * wide for wide in widths)
    return "\n".join(f"| {line} |" for line in (lines[0], rule, *lines[1:])).replace(f"| {rule} |", f"|-{rule}-|")


def _inline(text: str) -> str:
    """Keep a text in one cell: `|` ends one, and `<` begins markup."""
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")


# --- HTML ------------------------------------------------------------------------------------------------------------

_STYLE: Final = """
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent);
  --soft: color-mix(in srgb, currentColor 60%, transparent); --band: color-mix(in srgb, currentColor 4%, transparent) }
body { font: 15px/1.45 system-ui, sans-serif; max-width: 84rem; margin: 2rem auto; padding: 0 1.5rem }
h1 { font-size: 1.5rem; margin: 0 0 .75rem } h2, h3 { font-size: 1.05rem; margin: 2rem 0 .5rem }
h2 small, h3 small { font-weight: 400; color: var(--soft); margin-left: .5rem }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1.25rem; margin: 0 0 1rem }
dt, th { color: var(--soft); font-weight: 500 } dd { margin: 0 }
.wide { overflow-x: auto }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .3rem .9rem .3rem 0 }
tr { border-bottom: 1px solid var(--line) }
th { font-size: .8rem; white-space: nowrap } tbody tr:hover { background: var(--band) }
td.field, td.place, td.length, td.constant { font-family: ui-monospace, monospace; font-size: .86rem; white-space: nowrap }
td.value { font-family: ui-monospace, monospace; font-size: .8rem; overflow-wrap: anywhere }
td.notes { color: var(--soft) } a { color: inherit }
.deep { margin-left: 1.5rem } .codes { width: auto }
@media print { body { margin: 0; max-width: none; font-size: 11px } h2, h3 { break-after: avoid } tr { break-inside: avoid } }
"""


def html(sheets: Sequence[Sheet]) -> str:
    """Write them as one HTML file that asks for nothing else."""
    head = f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>{escape(sheets[0].name)}</title>\n'
    style = f'<meta name="viewport" content="width=device-width">\n<style>{_STYLE}</style>\n'
    return head + style + "".join(part for sheet in sheets for part in _page(sheet))


def _page(sheet: Sheet) -> Iterator[str]:
    yield f"<h1>{escape(sheet.name)}</h1>\n<dl>\n"
    yield from (f"<dt>{escape(name)}<dd>{escape(value)}\n" for name, value in sheet.facts.items())
    yield "</dl>\n" if sheet.sections else f"</dl>\n<p>{escape(sheet.without)}\n"
    columns = titles(sheet)
    named = {table.name for table in sheet.tables}
    for section in sheet.sections:
        yield from _section(section, columns, named)
    for table in sheet.tables:
        yield from _codes(table)


def _section(section: Section, columns: dict[str, str], tables: set[str]) -> Iterator[str]:
    level, deep = (2, "") if not section.depth else (3, ' class="deep"')
    place, length = (
        f"{escape(section.place)} " if section.place else "",
        f", {section.length} long" if section.length else "",
    )
    yield f"<section{deep}>\n<h{level}>{escape(section.name)} <small>{place}{escape(section.often)}{length}</small></h{level}>\n"
    if section.lines:
        yield '<div class="wide"><table>\n<thead><tr>'
        yield from (f"<th>{escape(word)}" for word in columns.values())
        yield "</thead>\n<tbody>\n"
        for line in section.lines:
            yield "<tr>" + "".join(_cell(line, name, tables) for name in columns) + "\n"
        yield "</tbody></table></div>\n"
    yield "</section>\n"


def _cell(line: Line, name: str, tables: set[str]) -> str:
    text = escape(getattr(line, name))
    if name == "codes" and line.codes in tables:
        text = f'<a href="#codes-{text}">{text}</a>'
    return f'<td class="{name}">{text.replace(".", ".<wbr>") if name == "value" else text}'


def _codes(table: Table) -> Iterator[str]:
    name = escape(table.name)
    yield f'<section>\n<h2 id="codes-{name}">{name} <small>codes</small></h2>\n<table class="codes">\n<thead><tr>'
    yield from (f"<th>{escape(column)}" for column in table.columns)
    yield "</thead>\n<tbody>\n"
    for row in table.rows:
        yield "<tr>" + "".join(f'<td class="constant">{escape(cell)}' for cell in row) + "\n"
    yield "</tbody></table>\n</section>\n"
