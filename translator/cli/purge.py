"""purge: forget now what is personal and whose time is over; the service does so by itself each hour."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from translator.cli import say
from translator.core.finding import Finding, are, counted


@click.command()
@click.option("--trust-clock", is_flag=True, help="The clock is right, although it sprang or nothing ran for long.")
@say.site_option
@say.json_option
@say.told
def purge(trust_clock: bool, root: Path, as_json: bool) -> None:
    """Forget what is personal in orders whose time is over: rows, keys, journals, archives. A running service does it."""
    from translator.cli.behind.forgetting import forget
    from translator.instance import Taken
    from translator.stations.moves import PURGE

    try:
        told = forget(root, trusted=trust_clock)
    except Taken:
        from translator.cli.moves import asked_for

        asked_for(PURGE, {"trusted": "yes"} if trust_clock else {}, 5.0, root, as_json=as_json)
    if told.refused:
        hint = "set the clock right; if it is: --trust-clock"
        say.refuse([Finding("clock-suspect", told.refused, hint=hint)], say.REJECTED, as_json=as_json)
    if told.left:
        forgotten = f"{counted(told.orders, 'order')} and {counted(told.files, 'file')} are forgotten"
        text = f"{forgotten}; {counted(told.left, 'key')} {are(told.left)} destroyed, and may still be"
        text += " read in the journal of their store: somebody has it open"
        hint = "end whoever reads the store of keys; the service wipes it by itself, or ask again"
        say.refuse([Finding("keys-not-wiped", text, hint=hint)], say.UNAVAILABLE, as_json=as_json)
    if as_json:
        say.data({"ok": True, "orders": told.orders, "files": told.files, "keys": told.keys})
    else:
        forgotten = f"{counted(told.orders, 'order')}, {counted(told.files, 'file')}"
        say.line(f"forgotten: {forgotten}; {counted(told.keys, 'key')} destroyed")
    sys.exit(0)


VERBS = (purge,)
