"""scaffold: a draft of a mapping from a sample file, or from a list of fields. It loads; what is a guess says so.

Nothing of the sample's data is copied. Exit code 0: the draft is there; 2: the file or the command line is wrong.
"""

from __future__ import annotations

from pathlib import Path

import click

from translator.cli import say
from translator.core.finding import Finding, Misconfigured, Place

_FORMATS = ["csv", "fixed", "xml", "json"]


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--writes", metavar="KIND", default="", help="The kind of document the mapping writes: order, cancellation."
)
@click.option(
    "--reads",
    metavar="KIND",
    default="",
    help="The kind it reads: shipment_confirmation, inventory_update, acknowledgement, label_request, shipment_status.",
)
@click.option(
    "--format", "form", type=click.Choice(_FORMATS), default=None, help="What kind of file it is, if not as it seems."
)
@click.option(
    "--list/--sample", "listed", default=None, help="FILE is a list of fields, or a sample. Without: as it seems."
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Where to: a file that is not there yet."
)
@say.json_option
@say.told
def scaffold(
    file: Path, writes: str, reads: str, form: str | None, listed: bool | None, output: Path | None, as_json: bool
) -> None:
    """Draft a mapping from FILE: a sample of the WMS's file, or its list of fields (name, length or position, type, meaning).

    A list may be a table or a text: Line 'B1': 1-2 B1; 3-22 order number; 23-30 ship by YYYYMMDD.
    """
    from translator.cli.behind.at_hand import read
    from translator.cli.behind.scaffold.draft import draft

    if bool(writes) == bool(reads):
        raise click.UsageError("say which way it goes: --writes order, or --reads shipment_confirmation")
    made = draft(read(file), file.name, writes=writes, reads_=reads, form=form or "", listed=listed)
    begun = _begin(made.text, output, writes=bool(writes)) if output else None
    if as_json:
        places = {"guesses": [one.line for one in made.guesses], "todo": [one.line for one in made.todo]}
        say.data({"mapping": made.text, **places})
    elif not output:
        click.echo(made.text, nl=False)
    guesses = "1 guess" if len(made.guesses) == 1 else f"{len(made.guesses)} guesses"
    click.echo(f"{guesses}, {len(made.todo)} TODO", err=True)
    if output:
        _tell(output, begun)


VERBS = (scaffold,)


def _begin(text: str, output: Path, *, writes: bool) -> Path | None:
    """Write the draft; in a site give it a first sample to be tried on, where it has none. Give the sample's folder."""
    from translator.cli.behind.at_hand import loaded
    from translator.cli.behind.trial import source_for

    _put(text, output)
    beside = output.absolute().parent
    samples = beside.parent.parent / "samples" / beside.name / output.stem
    if not writes or beside.parent.name != "mappings" or samples.exists():
        return None
    source = source_for(output, loaded(output, {}), None)
    _put(source.data.decode(), samples / "first/in.json")
    return samples / "first"


def _tell(output: Path, sample: Path | None) -> None:
    """Say how to go on."""
    keep = f" Keep what comes out: translator test {_here(sample)} --accept." if sample else ""
    click.echo(f"Next: mend it while you look: translator preview {output} --watch.{keep}", err=True)
    click.echo("It is used when translator.yaml lists it: wms, its system, `to` or `from`.", err=True)


def _here(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _put(text: str, output: Path) -> None:
    from translator.cli.behind.at_hand import unwritable

    if output.exists():
        raise Misconfigured([Finding("file-exists", "it is there already; nothing was written", Place(str(output)))])
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise unwritable(str(output), error) from None
