"""mark: have a folder bear its mark again, where a person has looked that it is the right one.

A warehouse that sweeps hidden files takes the small file by which a folder on a server is known; nothing is written
there until it is back. What is made here is a hidden folder of that name: sweeps of files leave it.
"""

from __future__ import annotations

from pathlib import Path

import click

from translator.cli import say
from translator.core.finding import counted


@click.command()
@click.argument("place", metavar="PARTNER/FOLDER")
@say.site_option
@say.json_option
@say.told
def mark(place: str, root: Path, as_json: bool) -> None:
    """Have a folder that lost its mark bear it again. Look first that it is the right one."""
    from translator.cli.behind.mark import marked

    endpoint = place.strip("/")
    others = marked(root, endpoint)
    if as_json:
        say.data({"ok": True, "folder": endpoint, "others": others})
    else:
        lie = "lies" if others == 1 else "lie"
        say.line(f"{endpoint} bears its mark; {counted(others, 'other name')} {lie} there")


VERBS = (mark,)
