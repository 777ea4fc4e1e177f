"""init: a site to begin with, made from presets; `check` accepts it at once.

Promises: nothing that exists is overwritten. In trouble: Misconfigured, before anything is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

from translator.cli import say
from translator.core.finding import Finding, Misconfigured, Place

DEFAULT = ("plain-csv",)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--wms",
    "--preset",
    "wanted",
    multiple=True,
    default=DEFAULT,
    show_default=True,
    help="The preset that is nearest to what the WMS speaks; may be given several times.",
)
@say.json_option
@say.told
def init(folder: Path, wanted: tuple[str, ...], as_json: bool) -> None:
    """Write a commented site into DIR: translator.yaml, mappings, tables, templates, samples and folders."""
    from translator.cli.behind.site_text import folders, site_text
    from translator.cli.presets import preset, samples
    from translator.config.personal import CREDENTIAL
    from translator.service.master import make

    chosen = [preset(name) for name in dict.fromkeys(wanted)]
    files = {name: data for one in chosen for name, data in (one.files | samples(one.name)).items()}
    files["translator.yaml"] = site_text(chosen, datetime.now(UTC).date()).encode()
    _refuse_existing(folder, files)
    _write(folder, files)
    for one in chosen:
        for name in folders(one):
            (folder / "wms" / one.name / name).mkdir(parents=True, exist_ok=True)
    (folder / "credentials").mkdir(mode=0o700, exist_ok=True)
    if not (master := folder / "credentials" / CREDENTIAL).exists():
        make(master)
    _tell(folder, files, as_json=as_json)


VERBS = (init,)


def _refuse_existing(folder: Path, files: Mapping[str, bytes]) -> None:
    there = [name for name in files if (folder / name).exists()]
    if there:
        first = next((name for name in there if name == "translator.yaml"), there[0])
        more = f" (and {len(there) - 1} more)" if len(there) > 1 else ""
        text = f"it is there already{more}; nothing was written"
        hint = "choose another folder, or move these away"
        raise Misconfigured([Finding("file-exists", text, Place(str(folder / first)), hint=hint)])


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    try:
        for name, data in sorted(files.items()):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    except OSError as error:
        text = f"it cannot be written: {(error.strerror or 'error').lower()}"
        raise Misconfigured([Finding("file-unwritable", text, Place(str(error.filename or folder)))]) from None


def _tell(folder: Path, files: Mapping[str, bytes], *, as_json: bool) -> None:
    if as_json:
        say.data({"ok": True, "site": str(folder), "files": sorted(files)})
        return
    shown = sum(name.startswith("samples/") for name in files)
    say.line(f"{folder}/translator.yaml, {len(files) - 1 - shown} files of presets and {shown} of samples are written.")
    say.line(f"Next: edit what CHANGE marks; `translator check -C {folder}`; `translator doctor -C {folder}`.")
    say.line(f"What the mappings make of the samples: `translator test -C {folder}`.")
