"""compare: Amazon, the ledger, a warehouse's list of open orders and its stock file, side by side. Exit code 1: something is out.

Repairs nothing. What is out is written down by the service (`show compared`, `show alarms`), which does it
by itself each night where the site gives an hour (`compare: {at: "02:30"}`).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from translator.cli import say
from translator.core.finding import Finding, Misconfigured, Rejected, Unavailable


@click.command()
@click.option("--open", "lists", multiple=True, metavar="WMS=FILE", help="Its open orders: one number a line.")
@click.option("--stock", "files", multiple=True, metavar="WMS=FILE", help="Its stock file, read by its mapping.")
@click.option("--csv", "table", type=click.Path(path_type=Path, dir_okay=False), help="Write the rows here, too.")
@say.site_option
@say.json_option
@say.told
def compare(lists: tuple[str, ...], files: tuple[str, ...], table: Path | None, root: Path, as_json: bool) -> None:
    """List what Amazon has of the last seven days' orders and the ledger has not, and the other way round."""
    from translator.cli.behind.book import asking, looking
    from translator.cli.moves import operator
    from translator.config.read import read_site
    from translator.service.compared import COLUMNS, all_compared, all_listed, asked, lay, result_of
    from translator.service.ports import SystemClock

    site = read_site(root)
    named, stocks = dict(map(_named, lists)), dict(map(_named, files))
    if strange := {*named, *stocks} - set(site.systems):
        text = f"no warehouse system '{min(strange)}'"
        raise Misconfigured([Finding("site-name", text, hint=f"known: {', '.join(site.systems)}")])
    try:
        listed = all_listed(named)
        told = asked(site, clock := SystemClock())
        with looking(site) as book:
            rows = all_compared(site, book, clock, told, listed, stocks)
    except Rejected as error:
        say.refuse(error.findings, say.REJECTED, as_json=as_json)
    except Unavailable as error:
        say.refuse([Finding("amazon-away", error.reason)], say.REJECTED, as_json=as_json)
    if table:
        lay(table, rows)
    with asking(root) as moves:
        result = json.dumps(result_of({*named, *stocks}, rows))
        moves.ask("compared", {"target": "", "result": result}, operator())
    if as_json:
        say.data(rows)
    elif rows:
        say.table("out", list(COLUMNS), (list(row.values()) for row in rows))
    else:
        say.line("nothing is out")
    sys.exit(say.REJECTED if rows else 0)


VERBS = (compare,)


def _named(text: str) -> tuple[str, Path]:
    name, sign, path = text.partition("=")
    if not sign or not Path(path).is_file():
        raise click.BadParameter(f"{text}: say WMS=FILE, and the file must be there", param_hint="--open, --stock")
    return name, Path(path)
