"""preview: what a mapping makes of a sample, for eyes: a ruler, visible blanks, aligned columns; again at each save.

Promises: nothing is changed, nobody is asked; time and numbers stand still. Exit code 0: all well; 1: some data cannot
go on, what can be shown is shown; 2: the mapping is wrong. While it watches, a broken mapping leaves the last good
picture standing below what is wrong with it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from translator.cli import say, world
from translator.cli.behind.findings import sources_of
from translator.core.finding import Finding, Misconfigured, errors

if TYPE_CHECKING:
    from translator.cli.behind.trial import Trial


@click.command()
@click.argument("name", metavar="MAPPING")
@click.argument("sample", type=click.Path(path_type=Path), required=False)
@click.option(
    "--watch", is_flag=True, help="Look again whenever the mapping, a table, a template or the sample changes."
)
@world.options
@say.site_option
@say.json_option
@say.told
def preview(name: str, sample: Path | None, watch: bool, root: Path, as_json: bool, **options: Any) -> None:
    """Show what MAPPING makes of SAMPLE: an order as JSON, a file of the WMS, or a sample by its name. Without: one that fits."""
    from translator.cli.behind.at_hand import mapping_at
    from translator.cli.behind.trial import sample_at

    path = mapping_at(name, root)
    look = _Look(path, sample_at(path, sample) if sample else None, world.said(options), as_json=as_json)
    if watch:
        look.on()
    else:
        sys.exit(look.once())


VERBS = (preview,)


@dataclass(slots=True)
class _Look:
    """One mapping and one sample, looked at."""

    mapping: Path
    sample: Path | None
    said: Callable[..., Any]
    as_json: bool
    last: Sequence[str] = ()  # the last good picture

    def once(self) -> int:
        """Show it; give the exit code."""
        trial = self.trial()
        if self.as_json:
            from translator.cli.behind.preview import as_json

            say.data(as_json(trial))
        else:
            self.show(self.picture(trial), trial.findings)
        return say.REJECTED if errors(trial.findings) else 0

    def on(self) -> None:
        """Show it again and again, until the person has seen enough."""
        from threading import Event

        from translator.endpoints.watch import Watch

        changed = Event()
        watch = Watch(dict.fromkeys(map(str, self.folders()), changed.set))
        watch.start()
        try:
            while True:
                changed.wait()
                changed.clear()
                self.again()
        except KeyboardInterrupt:
            click.echo()
        finally:
            watch.stop()

    def again(self) -> None:
        """Show it after a save, which may be half of one."""
        click.clear()
        try:
            trial = self.trial()
        except Misconfigured as error:
            self.show([*self.last, *(["", "(as it was before)"] if self.last else [])], error.findings)
            return
        self.last = self.picture(trial)
        self.show(self.last, trial.findings)

    def trial(self) -> Trial:
        from translator.cli.behind import trial
        from translator.cli.behind.at_hand import loaded

        translation = loaded(self.mapping, {})
        source = trial.source_for(self.mapping, translation, self.sample)
        tried = trial.tried(translation, source, trial.world_of(self.mapping, source, self.said))
        tried.findings.extend(translation.file.notes)
        return tried

    def picture(self, trial: Trial) -> list[str]:
        from translator.cli.behind.preview import picture

        return picture(trial)

    def show(self, lines: Sequence[str], findings: Sequence[Finding]) -> None:
        console = say.console()
        for line in lines:
            console.print(Text(line), soft_wrap=True)
        say.wrong(findings, replace(sources_of(None, self.mapping), always=True))

    def folders(self) -> list[Path]:
        """Give the folders in which something may change: beside the mapping, and beside the sample."""
        beside = self.mapping.absolute().parent
        site = beside.parent.parent if beside.parent.name == "mappings" else beside
        found = [
            beside,
            beside / "tables",
            site,
            *sorted(path for path in (site / "templates").glob("*") if path.is_dir()),
        ]
        return [
            path
            for path in [
                *found,
                *(
                    [self.sample.absolute() if self.sample.is_dir() else self.sample.absolute().parent]
                    if self.sample
                    else []
                ),
            ]
            if path.is_dir()
        ]
