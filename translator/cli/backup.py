"""backup and restore: a copy of the ledger beside the running service, and one put back in its place."""

from __future__ import annotations

from pathlib import Path

import click

from translator.cli import say

_TARGET = click.Path(path_type=Path)


@click.command()
@click.argument("target", metavar="DIR|FILE", type=_TARGET)
@say.site_option
@say.json_option
@say.told
def backup(target: Path, root: Path, as_json: bool) -> None:
    """Copy the ledger as it stands, without stopping the service, and inspect the copy. The keys are not in it."""
    from translator.cli.behind.copies import backed_up

    made, size = backed_up(root, target)
    if as_json:
        say.data({"ok": True, "file": str(made), "size": size})
    else:
        say.line(f"{made}: {size:,} bytes, inspected")


@click.command()
@click.argument("copy", metavar="FILE", type=_TARGET)
@say.site_option
@say.json_option
@say.told
def restore(copy: Path, root: Path, as_json: bool) -> None:
    """Put a copy of the ledger in its place; the service must be stopped. Nothing is sent until `reconcile --done`."""
    from translator.cli.behind.copies import put_back
    from translator.instance import Taken

    try:
        old = put_back(root, copy)
    except Taken as error:
        from translator.core.finding import Finding

        say.refuse([Finding("ledger-taken", str(error), hint="stop the service first")], say.TAKEN, as_json=as_json)
    if as_json:
        say.data({"ok": True, "before": str(old or "")})
        return
    say.line(f"{copy} is the ledger now" + (f"; the one before lies in {old}" if old else ""))
    say.line("nothing is sent until you have looked: start the service, then `translator reconcile`")


VERBS = (backup, restore)
