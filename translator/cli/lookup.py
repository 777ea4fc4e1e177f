"""lookup: rows laid over the tables of a site while it runs, noted and audited; and the table as a file again."""

from __future__ import annotations

from pathlib import Path

import click

from translator.cli import say
from translator.cli.moves import REASON, WAIT, asked_for


@click.group()
def lookup() -> None:
    """Lay rows over lookup tables, take them away, export a table. TABLE: WMS/NAME, as newark/items."""


VERBS = (lookup,)


@lookup.command("set")
@click.argument("table", type=say.TEXT)
@click.argument("key", type=say.TEXT)
@click.argument("value", type=say.TEXT)
@REASON
@WAIT
@say.site_option
@say.json_option
@say.told
def set_(table: str, key: str, value: str, reason: str, wait: float, root: Path, as_json: bool) -> None:
    """Have a row begin with KEY and say VALUE; several cells: A,B. What waits for the table is tried again."""
    said = {"target": table, "key": key, "value": value, "reason": reason}
    asked_for("lookup set", said, wait, root, as_json=as_json)


@lookup.command()
@click.argument("table", type=say.TEXT)
@click.argument("key", type=say.TEXT)
@REASON
@WAIT
@say.site_option
@say.json_option
@say.told
def drop(table: str, key: str, reason: str, wait: float, root: Path, as_json: bool) -> None:
    """Take a row that was laid over TABLE away: what its file says holds again."""
    asked_for("lookup drop", {"target": table, "key": key, "reason": reason}, wait, root, as_json=as_json)


@lookup.command()
@click.argument("table", type=say.TEXT)
@click.option("--write", is_flag=True, help="Write it into the site, in the place of the table's file.")
@say.site_option
@say.json_option
@say.told
def export(table: str, write: bool, root: Path, as_json: bool) -> None:
    """Print TABLE as it holds, as its CSV file: the rows laid over it in their places."""
    from translator.cli.behind.lookups import exported, written

    data = exported(root, table)
    file = written(root, table, data) if write else ""
    if as_json:
        say.data({"ok": True, "text": data.decode(), **({"written": file} if write else {})})
    elif write:
        say.line(f"written: {file}; `translator lookup drop` takes the rows away that it holds now")
    else:
        click.echo(data.decode(), nl=False)
