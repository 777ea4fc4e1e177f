"""run: the service. It ends with 0 when it was asked to, and says by its exit code what a restart would help.

2: the configuration is wrong. 69: something it cannot begin without is not there now. 74: the ledger's disk or file
failed. 75: another instance holds the ledger.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from translator.cli import say
from translator.core.finding import Finding

if TYPE_CHECKING:
    from translator.instance import Hold


@click.command()
@say.site_option
@click.option("--once", is_flag=True, help="Give every source one turn, go on until nothing is due, and end.")
@click.option(
    "--shadow",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Fetch orders and write what would be written into DIR; submit nothing, and read no warehouse.",
)
@say.json_option
@say.told
def run(root: Path, once: bool, shadow: Path | None, as_json: bool) -> None:
    """Run the service in the foreground; SIGTERM stops it, SIGHUP reads the site again."""
    from translator import instance

    try:
        with instance.hold(root, shadow) as held:
            _serve(root, once, shadow, held, as_json=as_json)
    except instance.Taken as error:
        say.refuse(
            [Finding("ledger-taken", str(error), hint="is the service running already?")], say.TAKEN, as_json=as_json
        )
    if as_json:
        say.data({"ok": True})
    elif once:
        _tell_left(root, shadow)
    sys.exit(0)


def _serve(root: Path, once: bool, shadow: Path | None, held: Hold, *, as_json: bool) -> None:
    """Import what is slow, and serve."""
    from translator import observe
    from translator.ledger.trouble import Broken
    from translator.service.start import serve

    observe.configure()
    if shadow:
        click.echo(
            f"shadow run: orders are fetched, all that would be written goes to {shadow}, nothing is submitted",
            err=True,
        )
    try:
        serve(root, once=once, shadow=shadow, held=held)
    except Broken as error:
        observe.log().critical("ledger broken")
        _stop_at_once(error, as_json=as_json)


def _tell_left(root: Path, shadow: Path | None) -> None:
    from translator.cli.behind.held import left

    for words in left(root, shadow):
        click.echo(words, err=True)


def _stop_at_once(error: Exception, *, as_json: bool) -> NoReturn:
    """Say why and end, whatever still flies: not even the files are closed, since that would write to the disk that failed."""
    hint = "look at the disk; restore the ledger from its copy"
    try:
        say.refuse([Finding("ledger-broken", str(error), hint=hint)], say.BROKEN, as_json=as_json)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(say.BROKEN)


VERBS = (run,)
