"""files: what waits where, and why: every file that came and was not read, or was written and not taken."""

from __future__ import annotations

from pathlib import Path

import click

from translator.cli import say


@click.command()
@click.argument("where", metavar="[PARTNER[/FOLDER]]", default="")
@click.option("--name", default="*", metavar="PATTERN", help="Only files of such a name: 'ORD-*'.")
@click.option("--failed", is_flag=True, help="Only what failed: refused, held, or tried again later.")
@say.site_option
@say.shadow_option
@say.json_option
@say.told
def files(where: str, name: str, failed: bool, root: Path, shadow: Path | None, as_json: bool) -> None:
    """Show which files wait where, and why: not complete, refused, not read, not sent, not taken."""
    from translator.cli.behind.files import chosen, files_of

    rows = chosen(files_of(root, shadow), where, name, failed=failed)
    if as_json:
        say.data(rows)
    elif not rows:
        say.line("no such file waits: what came is read, what was written is taken")
    else:
        say.table("files", list(rows[0]), ([str(value) for value in row.values()] for row in rows))


VERBS = (files,)
