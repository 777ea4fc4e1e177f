"""reconcile: the ledger was put back to an older state. What may have left since, and what the world says of it.

Nothing is sent until a person has said that it may be: `--done`. What may have left before is then held, row by row.
"""

from __future__ import annotations

from pathlib import Path

import click

from translator.cli import say
from translator.cli.moves import REASON, WAIT, asked_for


@click.command()
@click.option("--done", is_flag=True, help="Send again; what may have left before is held for you, row by row.")
@click.option("--begin", is_flag=True, help="Send nothing from now on: a database was put back, and nobody noticed.")
@REASON
@WAIT
@say.site_option
@say.json_option
@say.told
def reconcile(done: bool, begin: bool, reason: str, wait: float, root: Path, as_json: bool) -> None:
    """Show what may have left since the copy of the ledger was made, and whether it is there; or go on sending."""
    from translator.cli.behind.doubts import doubts

    if done and begin:
        raise click.UsageError("say --done or --begin")
    if done or begin:
        asked_for("reconciled" if done else "reconcile", {"target": "", "reason": reason}, wait, root, as_json=as_json)
    state, rows = doubts(root)
    if as_json:
        say.data({"state": state, "rows": rows})
        return
    say.facts(state)
    if rows:
        say.table("may have left", list(rows[0]), ([str(cell) for cell in row.values()] for row in rows))


VERBS = (reconcile,)
