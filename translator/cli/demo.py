"""`translator demo`: the main job, whole, on this machine alone.

A pretend Amazon, an SFTP server and three pretend warehouses are opened; a site is written from the presets; the real
service runs over it until every order has ended. Exit code 0 only if every order ended as planned.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Final

import click

from translator.cli import say
from translator.core.finding import Finding, Misconfigured

MARK: Final = ".translator-demo"


@click.command()
@click.option(
    "--dir",
    "root",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo"),
    show_default=True,
    help="Where the files go; written anew.",
)
@click.option("--seconds", type=say.SECONDS, default=60.0, show_default=True, help="How long the orders may take.")
@say.json_option
@say.told
def demo(root: Path, seconds: float, as_json: bool) -> None:
    """Run the main job: orders out to three warehouses, their files back, to Success."""
    from translator.cli.behind.demo import as_planned, opened, report_of, served, watch
    from translator.cli.behind.demo_shown import show

    _fresh(root)
    with opened(root) as world, served(root / "site", root / "service.log") as service:
        watch(world, service, seconds)
        report = report_of(world)
        (root / "amazon.json").write_text(json.dumps(world.amazon.state()["submissions"], indent=2))
    if as_json:
        click.echo(json.dumps(report, indent=2))
    else:
        show(report, root)
    sys.exit(0 if as_planned(report) else 1)


def _fresh(root: Path) -> None:
    """Have an empty folder for it, which bears the demo's mark from the first."""
    from translator.cli.behind import at_hand

    try:
        if root.exists() and any(root.iterdir()) and not (root / MARK).exists():
            hint = "name another folder with --dir"
            text = f"{root} holds files that are not the demo's"
            raise Misconfigured([Finding("demo-folder", text, hint=hint)])
        root.mkdir(parents=True, exist_ok=True)
        (root / MARK).touch()
        for path in root.iterdir():
            if path.name != MARK:
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    except OSError as error:
        raise at_hand.unwritable(str(error.filename or root), error) from None


VERBS: Final = (demo,)
