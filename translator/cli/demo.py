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

MARK: Final = ".translator-demo"


@click.command()
@click.option(
    "--dir",
    "root",
    type=click.Path(path_type=Path),
    default=Path("demo"),
    show_default=True,
    help="Where the files go; written anew.",
)
@click.option("--seconds", default=60.0, show_default=True, help="How long the orders may take.")
@click.option("--json", "as_json", is_flag=True, help="Plain JSON on standard output.")
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
    if root.exists() and any(root.iterdir()) and not (root / MARK).exists():
        raise click.ClickException(f"{root} holds files that are not the demo's: name another folder with --dir")
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    (root / MARK).touch()


VERBS: Final = (demo,)
