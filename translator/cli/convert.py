"""convert: one mapping, one file, from the prompt. Needs no site, asks nobody, changes nothing but its output.

A `writes:` mapping takes documents as JSON and gives the warehouse's file; a `reads:` mapping takes the warehouse's
file and gives what Amazon would be sent. Findings go to stderr. Exit code 0: all well; 1: some data was rejected, the
good part is still written; 2: the mapping or the command line is wrong.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from translator.cli import say, world
from translator.cli.behind.findings import sources_of
from translator.core import jsontext
from translator.core.document import File
from translator.core.finding import Finding, Findings, Misconfigured, Rejected, errors

if TYPE_CHECKING:
    from translator.cli.behind.translate import Given
    from translator.translation import Translation

PIECE: Final = 1 << 16


@click.command()
@click.option(
    "-m", "--mapping", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The mapping file (YAML)."
)
@click.argument("source", metavar="IN", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option(
    "-o",
    "--output",
    metavar="FILE|DIR",
    default="-",
    help="A file; or a folder (one that exists, or ends with /): each file under its own name.",
)
@world.options
@click.option("--records", is_flag=True, help="Bytes to records (JSON) or records to bytes only, without documents.")
@click.option(
    "--findings",
    "how",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How findings are printed.",
)
@click.option("--json", "as_json", is_flag=True, help="Findings as JSON, and of written files names and text as JSON.")
def convert(mapping: Path, source: Path, output: str, records: bool, how: str, as_json: bool, **options: Any) -> None:
    """Translate one file by one mapping: the pure core, without a site."""
    from translator.cli.behind import at_hand
    from translator.cli.behind.translate import Given

    found = Findings()
    translation: Translation | None = None
    code = 0
    try:
        given = world.said(options)(Given(at_hand.moment("")))
        translation = at_hand.loaded(mapping, given.settings)
        _put(_made(translation, source, given, found, records=records), source, output, as_json=as_json)
    except Misconfigured as error:
        found.found.extend(error.findings)
        code = say.MISCONFIGURED
    except Rejected as error:
        found.found.extend(error.findings)
    if as_json or how == "json":
        say.wrong_json(found.found)
    else:
        say.wrong(found.found, sources_of(None, mapping))
        _point(translation)
    sys.exit(code or (say.REJECTED if errors(found.found) else 0))


VERBS = (convert,)


def _point(translation: Translation | None) -> None:
    """Say that more can be said of the mapping, where it can."""
    if translation and (told := say.doubts(translation.file.notes)):
        click.echo(told, err=True)


@dataclass(frozen=True, slots=True)
class _Made:
    """What came out: files, or a JSON tree."""

    files: tuple[File, ...] = ()
    tree: list[dict[str, Any]] | None = None


def _made(translation: Translation, source: Path, given: Given, found: Findings, *, records: bool) -> _Made:
    from translator.cli.behind.translate import files_of, payloads_of

    name = "-" if str(source) == "-" else source.name
    if records:
        return _records(translation, b"".join(_pieces(source)), name, found)
    if translation.file.direction == "writes":
        return _Made(tuple(files_of(translation, b"".join(_pieces(source)), name, given, found)))
    return _Made(tree=payloads_of(translation, [(name, _pieces(source))], given, found))


def _records(translation: Translation, data: bytes, name: str, found: Findings) -> _Made:
    from translator.cli.behind import records

    if records.is_records(data):
        return _Made((File(f"{name}.out", records.written(translation, data, name, found)),))
    return _Made(tree=records.records_of(translation, [data], name, found))


def _pieces(source: Path) -> Iterator[bytes]:
    from translator.cli.behind.at_hand import unreadable

    try:
        with click.open_file(str(source), "rb") as file:
            while piece := file.read(PIECE):
                yield piece
    except OSError as error:
        raise unreadable(source, error) from None


def _put(made: _Made, source: Path, output: str, *, as_json: bool) -> None:
    if made.tree is not None:
        made = _Made((File(f"{source.stem}.json", (jsontext.pretty(made.tree) + "\n").encode()),))
    elif as_json and output == "-":
        say.data([_shown(file) for file in made.files])
        return
    if output != "-" and (output.endswith("/") or Path(output).is_dir()):
        _put_each(made.files, Path(output), as_json=as_json)
    elif made.files:
        _refuse_joined(made.files)
        _put_one(b"".join(file.data for file in made.files), output)


def _refuse_joined(files: Sequence[File]) -> None:
    """Refuse to put images one behind another: they would be none."""
    from translator.cli.behind.visible import readable

    if len(files) > 1 and not all(readable(file.data) for file in files):
        text = f"{len(files)} files came out, and not all are text: they cannot stand in one"
        raise Misconfigured([Finding("output-several", text, hint="-o FOLDER/ writes each under its own name")])


def _shown(file: File) -> dict[str, str]:
    from base64 import b64encode

    from translator.cli.behind.visible import readable

    if not readable(file.data):
        return {"name": file.name, "base64": b64encode(file.data).decode()}
    return {"name": file.name, "text": file.data.decode("utf-8", "backslashreplace")}


def _put_one(data: bytes, output: str) -> None:
    from translator.cli.behind.at_hand import unwritable

    try:
        with click.open_file(output, "wb") as file:
            file.write(data)
    except BrokenPipeError:
        raise  # who reads has seen enough
    except OSError as error:
        raise unwritable(output, error) from None


def _put_each(files: Sequence[File], folder: Path, *, as_json: bool) -> None:
    """Write each file under its own name, which data made: so it is looked at first, as before any real place."""
    from translator.cli.behind.at_hand import unwritable
    from translator.endpoints.publish import checked

    for file in files:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / checked(file.name)).write_bytes(file.data)
        except OSError as error:
            raise unwritable(str(folder / file.name), error) from None
    if as_json:
        say.data([{"name": file.name, "path": str(folder / file.name)} for file in files])
