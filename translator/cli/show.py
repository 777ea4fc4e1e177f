"""show: how things stand, and how they will be done. Looks only; needs no running service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from translator.cli import say
from translator.core.finding import Finding

if TYPE_CHECKING:
    from translator.cli.behind.layout import Sheet
    from translator.config.site import Route, Source
    from translator.mapping.layout import MappingFile
    from translator.translation import Translation


@click.group()
def show() -> None:
    """Show an order, the stock, what is held or late, a mapping, a layout, the routes."""


VERBS = (show,)


@show.command()
@click.argument("number", type=say.TEXT, metavar="PO")
@say.site_option
@say.shadow_option
@say.json_option
@say.told
def order(number: str, root: Path, shadow: Path | None, as_json: bool) -> None:
    """Show what happened to an order, where its files lie, what waits and why."""
    from translator.cli.behind.order import life_of, print_life

    lives = life_of(root, number, shadow)
    if not lives:
        finding = Finding(
            "order-unknown", "the ledger knows no order of this number", hint="case matters: as Amazon writes it"
        )
        say.refuse([finding], say.REJECTED, as_json=as_json)
    if as_json:
        say.data(lives[0] if len(lives) == 1 else lives)
        return
    for life in lives:
        print_life(life)


@show.command()
@say.site_option
@say.shadow_option
@say.json_option
@say.told
def held(root: Path, shadow: Path | None, as_json: bool) -> None:
    """Show every row that is held or tried again later, and why: what `release`, `retry` and `reject` take."""
    from translator.cli.behind.held import rows_held

    rows = rows_held(root, shadow)
    if as_json:
        say.data(rows)
    elif not rows:
        say.line("nothing is held")
    else:
        say.table("held", list(rows[0]), (list(map(_shown, row.values())) for row in rows))


@show.command()
@say.site_option
@say.shadow_option
@say.json_option
@say.told
def inventory(root: Path, shadow: Path | None, as_json: bool) -> None:
    """Show each warehouse's stock as Amazon was told it, and the stock files that are held, with what they would do."""
    from translator.cli.behind.inventory import inventory_of, print_inventory

    found = inventory_of(root, shadow)
    if as_json:
        say.data(found)
    else:
        print_inventory(found)


@show.command()
@say.site_option
@say.json_option
@say.told
def compared(root: Path, as_json: bool) -> None:
    """Show what the last `compare` found: what Amazon, the ledger and the warehouse do not agree on."""
    from translator.cli.behind.book import looking
    from translator.config.ground import read_ground
    from translator.service.compared import kept

    with looking(read_ground(root)) as book:
        found = kept(book)
    if as_json:
        say.data(found)
    elif not found:
        say.line("nothing was compared yet: translator compare")
    else:
        facts = {"at": say.moment(found["at"]), "with": ", ".join(found["sides"]), "out": str(found["out"])}
        say.facts(facts | ({"not done": found["failed"]} if "failed" in found else {}))
        rows = found["rows"]
        if rows:
            say.table("out", list(rows[0]), (list(row.values()) for row in rows))


@show.command()
@say.site_option
@say.shadow_option
@say.json_option
@say.told
def products(root: Path, shadow: Path | None, as_json: bool) -> None:
    """Show the SKUs without an ASIN, what they look like, and kits and components that are not offered, and why."""
    from translator.cli.behind.products import products_of

    rows = products_of(root, shadow)
    if as_json:
        say.data(rows)
    elif not rows:
        say.line("every SKU has an ASIN")
    else:
        say.table("products", list(rows[0]), (list(map(_shown, row.values())) for row in rows))


@show.command()
@click.argument("table")
@say.site_option
@say.json_option
@say.told
def lookup(table: str, root: Path, as_json: bool) -> None:
    """Show a lookup table as it holds (TABLE: newark/items): its file's rows, those laid over it, and where they differ."""
    from translator.cli.behind.lookups import rows_of

    rows = rows_of(root, table)
    if as_json:
        say.data(rows)
    elif not rows:
        say.line("the table has no rows")
    else:
        say.table(table, list(rows[0]), (list(map(_shown, row.values())) for row in rows))


@show.command()
@say.json_option
@say.told
def life(as_json: bool) -> None:
    """Show how an order lives: what follows what, what each document needs first, which clocks run."""
    from translator.cli.behind.life import laid_down, print_laid_down

    if as_json:
        say.data(laid_down())
    else:
        print_laid_down(laid_down())


@show.command()
@say.site_option
@say.json_option
@say.told
def alarms(root: Path, as_json: bool) -> None:
    """Show what is late or about to be: orders, files not taken, what a person must decide, secrets that grow old."""
    from translator.cli.behind.alarms import alarms_of

    rows = alarms_of(root)
    if as_json:
        say.data(rows)
    elif not rows:
        say.line("nothing is late")
    else:
        say.table("alarms", list(rows[0]), (list(map(_shown, row.values())) for row in rows))


@show.command()
@click.option("--most", default=50, show_default=True, type=click.IntRange(1), help="How many: the newest.")
@say.site_option
@say.json_option
@say.told
def audit(most: int, root: Path, as_json: bool) -> None:
    """Show who did what, the newest last: moves, edits that came in force, copies."""
    from translator.cli.behind.acts import acts

    rows = acts(root, most)
    if as_json:
        say.data(rows)
    elif not rows:
        say.line("nothing is recorded yet")
    else:
        say.table("audit", list(rows[0]), (list(map(_shown, row.values())) for row in rows))


@show.command()
@click.argument("name")
@click.option("--code", is_flag=True, help="The code that was generated for it.")
@say.site_option
@say.json_option
@say.told
def mapping(name: str, code: bool, root: Path, as_json: bool) -> None:
    """Show a mapping with all it extends and uses, and where each line stands. NAME: newark/orders.yaml, or a path."""
    from translator.cli.behind.at_hand import loaded, mapping_at, written_out
    from translator.cli.behind.origins import as_json as told
    from translator.cli.behind.origins import shown

    path = mapping_at(name, root)
    made = loaded(path, {})
    if as_json:
        say.data({**_facts(made.file), "lines": told(written_out(path)), **({"code": made.code} if code else {})})
    elif code:
        click.echo(made.code or "# a template: Jinja renders it")
    else:
        click.echo(f"# {made.file.name}, hash {made.file.hash[:12]}")
        click.echo("\n".join(shown(written_out(path))))


@show.command()
@click.argument("name")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "html", "json"]),
    default="text",
    show_default=True,
    help="For the screen, for an e-mail, for a browser, for programs.",
)
@say.site_option
@say.json_option
@say.told
def layout(name: str, form: str, root: Path, as_json: bool) -> None:
    """Show a file's records and fields, with their places and meaning: to hand to the people of the WMS."""
    from translator.cli.behind import layout_pages
    from translator.cli.behind.layout import sheets_of

    sheets = sheets_of(_found(name, root))
    if as_json or form == "json":
        say.data(sheets[0].as_json() if len(sheets) == 1 else [sheet.as_json() for sheet in sheets])
    elif form in ("markdown", "html"):
        click.echo(layout_pages.markdown(sheets) if form == "markdown" else layout_pages.html(sheets), nl=False)
    else:
        for sheet in sheets:
            _print_layout(sheet)


@show.command()
@click.argument("what", type=click.Choice(["mapping", "site"]))
@say.json_option
@say.told
def schema(what: str, as_json: bool) -> None:
    """Print the JSON Schema of a mapping file, or of translator.yaml: for an editor that completes and checks."""
    from translator.config.words import site_schema
    from translator.translation import schema_of_mappings

    say.data(schema_of_mappings() if what == "mapping" else site_schema())


@show.command()
@say.site_option
@say.json_option
@say.told
def routes(root: Path, as_json: bool) -> None:
    """Show who collects from where, and who takes what: derived from translator.yaml."""
    from translator.config.read import read_site

    site = read_site(root)
    sources = [_source(source) for source in site.sources]
    ways = [_route(route) for route in site.routes]
    if as_json:
        say.data({"sources": sources, "routes": ways})
        return
    shown = [{**row, "every": f"{row['every']:g} s" if row["every"] else "order by order"} for row in sources]
    say.table("collected", list(shown[0]) if shown else [], (list(map(_shown, row.values())) for row in shown))
    say.table("\ntaken", list(ways[0]) if ways else [], (list(map(_shown, row.values())) for row in ways))


def _print_layout(sheet: Sheet) -> None:
    from translator.cli.behind.layout_pages import caption, titles

    say.line(", ".join([sheet.name, *(f"{name} {value}" for name, value in sheet.facts.items())]))
    if not sheet.sections:
        say.line(sheet.without)
    columns = titles(sheet)
    for section in sheet.sections:
        rows = ([getattr(line, name) for name in columns] for line in section.lines)
        say.table(f"\n{'  ' * section.depth}{caption(section)}", list(columns.values()), rows)
    for table in sheet.tables:
        say.table(f"\nCodes: {table.name}", table.columns, table.rows)


def _found(name: str, root: Path) -> Translation:
    from translator.cli.behind.at_hand import loaded, mapping_at

    return loaded(mapping_at(name, root), {})


def _facts(file: MappingFile) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "name": file.name,
        file.direction: list(file.kinds),
        "format": file.format,
        "options": dict(file.options),
        "file": file.file,
        "template": file.template_name,
        "records": list(_names(file)),
        "partner": dict(file.partner),
        "hash": file.hash,
    }
    return {key: value for key, value in facts.items() if value}


def _names(file: MappingFile) -> Iterator[str]:
    waiting = list(file.records)
    while waiting:
        record = waiting.pop(0)
        yield record.name
        waiting[:0] = record.records


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {other}" for key, other in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _source(source: Source) -> dict[str, Any]:
    return {
        "endpoint": source.endpoint,
        "of": source.partner,
        "kind": "" if source.mappings else source.kind,
        "every": source.every,
        "mappings": list(source.mappings),
        "lane": source.lane,
    }


def _route(route: Route) -> dict[str, Any]:
    return {
        "route": route.name,
        "kind": route.kind,
        "into": route.endpoint,
        "mapping": route.mapping,
        "serves": sorted(route.serves),
        "lane": route.lane,
    }
