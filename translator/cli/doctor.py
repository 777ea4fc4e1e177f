"""doctor: is everything there that the site needs? Each place is tried as the service would use it, and left as it was.

Says what to do about what is not well, and (a note) about what will not be. Exit code 0: all well; 1: something is not.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from translator.cli import say

if TYPE_CHECKING:
    from translator.cli.behind.probe import Probe


@click.command()
@say.site_option
@say.json_option
@say.told
def doctor(root: Path, as_json: bool) -> None:
    """Try the ledger, every secret, every place and Amazon; say what to do."""
    from translator.cli.behind.probes import probes

    done = list(_told(probes(root), as_json=as_json))
    if as_json:
        say.data({"ok": all(one.well for one in done), "probes": [one.as_json() for one in done]})
    sys.exit(0 if all(one.well for one in done) else say.REJECTED)


VERBS = (doctor,)


def _word(one: Probe) -> str:
    if not one.well:
        return "WRONG"
    return "note " if one.do else "well "


def _told(found: Iterator[Probe], *, as_json: bool) -> Iterator[Probe]:
    """Say each as it comes: some take their time."""
    for one in found:
        if not as_json:
            say.line(f"{_word(one)}  {one.what}: {one.said}" + (f"\n       do: {one.do}" if one.do else ""))
        yield one
