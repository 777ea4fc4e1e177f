"""audit: does the record of who did what stand as it was written?"""

from __future__ import annotations

from pathlib import Path

import click

from translator.cli import say
from translator.core.finding import Finding, counted


@click.group()
def audit() -> None:
    """Check the record of who did what."""


VERBS = (audit,)


@audit.command()
@click.option(
    "--noted", default="", metavar="HASH", help="A hash that an earlier check printed: it must still be there."
)
@say.site_option
@say.json_option
@say.told
def verify(noted: str, root: Path, as_json: bool) -> None:
    """Walk the record row by row: none was changed, removed, put in or moved. Prints its last hash, to be noted."""
    from translator.cli.behind.book import looking
    from translator.config.ground import read_ground

    with looking(read_ground(root)) as book:
        found = book.audit.verify(noted)
    if found.flaw:
        hint = "what came before that row can be relied on; look for who can write the ledger"
        say.refuse([Finding("audit-broken", found.flaw, hint=hint)], say.REJECTED, as_json=as_json)
    if as_json:
        say.data({"ok": True, "rows": found.count, "hash": found.head})
    else:
        say.line(
            f"{counted(found.count, 'row')}, all as they were written; the last one's hash is {found.head or '(none yet)'}"
        )
