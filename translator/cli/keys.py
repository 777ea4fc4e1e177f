"""keys: make a master key, take a new one into use, copy the keys of what is personal."""

from __future__ import annotations

from pathlib import Path

import click

from translator.cli import say
from translator.core.finding import Finding, are, counted


@click.group()
def keys() -> None:
    """Make and change the master key; copy the keys that it wraps."""


VERBS = (keys,)


@keys.command()
@say.json_option
@say.told
def new(as_json: bool) -> None:
    """Print a new master key: for `systemd-creds encrypt`, or a file of mode 600. Shown once, and kept nowhere."""
    from translator.ledger.master import new as made

    text = made().reveal()
    if as_json:
        say.data({"ok": True, "key": text.strip()})
    else:
        click.echo(text, nl=False)


@keys.command()
@say.site_option
@say.json_option
@say.told
def rotate(root: Path, as_json: bool) -> None:
    """Wrap all keys by a new master key; the service may run meanwhile.

    Where the ledger is a file and the master key stands in one, a new one is made and the old one removed. Else put the
    new key as the first line before the old one, on each machine that shares the ledger, restart the services, run this
    once, and then take the old line away.
    """
    from translator.cli.behind.forgetting import rotated

    count, is_replaced, is_wiped = rotated(root)
    if not is_wiped:
        text = f"{counted(count, 'key')} {are(count)} wrapped anew, but what the old master key wrapped may still be"
        text += " read in a journal"
        hint = "end whoever reads the store of keys; the service wipes it by itself, or on a server: rotate again"
        say.refuse([Finding("keys-not-wiped", text, hint=hint)], say.UNAVAILABLE, as_json=as_json)
    if as_json:
        say.data({"ok": True, "keys": count, "replaced": is_replaced})
    else:
        done = "the old master key is removed" if is_replaced else "the older lines of the master key may be removed"
        say.line(f"{counted(count, 'key')} {are(count)} wrapped anew; {done}")


@keys.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@say.site_option
@say.json_option
@say.told
def backup(folder: Path, root: Path, as_json: bool) -> None:
    """Copy the wrapped keys into a file in DIR, and remove the copies there that are older than `key_backups`."""
    from translator.cli.behind.forgetting import copied

    path, count, removed = copied(root, folder)
    if as_json:
        say.data({"ok": True, "file": str(path), "keys": count, "removed": removed})
    else:
        say.line(f"{counted(count, 'key')} in {path}; {removed} older {'copy' if removed == 1 else 'copies'} removed")


@keys.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@say.site_option
@say.json_option
@say.told
def restore(file: Path, root: Path, as_json: bool) -> None:
    """Put the keys of a copy back that are missing, where the store of keys was lost; no service may run.

    The ledger has to be there: what nothing in it is sealed with was destroyed, and stays so.
    """
    from translator.cli.behind.forgetting import put_back

    count = put_back(root, file)
    if as_json:
        say.data({"ok": True, "keys": count})
    else:
        say.line(f"{counted(count, 'key')} {'was' if count == 1 else 'were'} missing, and {are(count)} there again")
