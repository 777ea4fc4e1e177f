"""test: do the mappings still make of each sample what stands beside it? The time is frozen, numbers begin at 1.

Exit code 0: all as it stands; 1: something differs, or a sample is new; 2: a mapping, or what is given, is wrong.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from translator.cli import say
from translator.cli.behind.findings import sources_of
from translator.core.finding import Finding, Misconfigured, Severity, counted

if TYPE_CHECKING:
    from translator.cli.behind.coverage import Coverage
    from translator.cli.behind.samples import Outcome, Sample
    from translator.translation import Translation


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--accept", is_flag=True, help="Write what comes out into the samples, in place of what stands there.")
@say.site_option
@say.json_option
@say.told
def test(folder: Path | None, accept: bool, root: Path, as_json: bool) -> None:
    """Run samples: all of the site, or those in FOLDER, which may be named as a mapping is: newark/orders.

    A difference is shown byte for byte.
    """
    from translator.cli.behind.samples import samples_in

    loaded = cache(_load)  # a mapping once for all of its samples
    ran = [_Ran(sample, loaded, accept=accept) for sample in samples_in(_found(folder, root))]
    covered = _coverage(ran, loaded) if len(ran) > 1 else {}
    if as_json:
        say.data(_as_json(ran) | {"coverage": {name: one.as_json() for name, one in covered.items()}})
    else:
        _tell(ran)
        _tell_coverage(covered)
        _point(ran, loaded)
    sys.exit(max(one.code for one in ran))


def _found(folder: Path | None, root: Path) -> Path:
    """Give where the samples lie: in a folder, else in that of a mapping of the site."""
    from translator.cli.behind.samples import TOP

    if folder is None or folder.is_dir():
        return folder or root
    below = root / TOP / folder
    return next((one for one in (below, below.with_suffix("")) if one.is_dir()), folder)


VERBS = (test,)


class _Ran:
    """A sample that was run: how it ended, in a word, and what there is to show."""

    __slots__ = ("code", "findings", "outcome", "sample", "shown", "word")

    def __init__(self, sample: Sample, loaded: Callable[[Path], Translation], *, accept: bool) -> None:
        self.sample = sample
        self.outcome: Outcome | None = None
        self.findings: Sequence[Finding] = ()
        self.shown: list[str] = []
        try:
            translation = loaded(sample.mapping)
            self.outcome = _run(sample, translation)
            self.word, self.code, self.shown = _judged(self.outcome, translation, accept=accept)
        except Misconfigured as error:
            self.word, self.code, self.findings = "mapping is wrong", say.MISCONFIGURED, error.findings


def _load(mapping: Path) -> Translation:
    from translator.cli.behind.at_hand import loaded

    return loaded(mapping, {})


def _run(sample: Sample, translation: Translation) -> Outcome:
    from translator.cli.behind.samples import run

    return run(sample, translation)


def _coverage(ran: Sequence[_Ran], loaded: Callable[[Path], Translation]) -> dict[str, Coverage]:
    """Count what the samples of each mapping fill, where all of them were run."""
    from translator.cli.behind.coverage import Coverage

    found: dict[str, Coverage] = {}
    for one in ran:
        name = one.sample.name.rpartition("/")[0]
        if one.outcome is not None and all(path.parent in _folders(ran) for path in _others(one.sample)):
            found.setdefault(name, Coverage(loaded(one.sample.mapping))).take(one.sample)
    return found


def _folders(ran: Sequence[_Ran]) -> set[Path]:
    return {one.sample.folder for one in ran}


def _others(sample: Sample) -> Iterator[Path]:
    return sample.folder.parent.glob("*/in.*")


def _tell_coverage(covered: Mapping[str, Coverage]) -> None:
    for name, one in covered.items():
        if never := one.never_named:
            say.line(f"{name}: {len(never)} of {len(one.countable)} fields no sample fills: {', '.join(never)}")


def _point(ran: Sequence[_Ran], loaded: Callable[[Path], Translation]) -> None:
    """Say that more can be said of the mappings, where it can."""
    mappings = dict.fromkeys(one.sample.mapping for one in ran if one.outcome is not None)
    if told := say.doubts(note for mapping in mappings for note in loaded(mapping).file.notes):
        click.echo(told, err=True)


def _judged(outcome: Outcome, translation: Translation, *, accept: bool) -> tuple[str, int, list[str]]:
    from translator.cli.behind.blame import blamed
    from translator.cli.behind.samples import accept as written
    from translator.cli.behind.samples import differences

    if outcome.same and not outcome.new:
        return "same", 0, []
    shown = list(differences(outcome))
    if accept:
        written(outcome)
        errors = [finding for finding in outcome.findings if finding.severity is Severity.ERROR]
        return "accepted", 0, [f"  with {finding}" for finding in errors]
    if found := blamed(outcome, translation):
        shown.append(f"  it begins in {found[0]}: {found[1].file}:{found[1].line}")
    return ("new" if outcome.new else "differs"), say.REJECTED, shown


def _tell(ran: Sequence[_Ran]) -> None:
    console = say.console()
    told: set[Finding] = set()
    for one in ran:
        if one.code or one.word == "accepted":
            console.print(Text(f"{one.sample.name}: {one.word}", style="bold"), soft_wrap=True)
        for line in one.shown:
            console.print(Text(line), soft_wrap=True)
        fresh = [finding for finding in one.findings if finding not in told]
        told.update(fresh)
        say.wrong(fresh, sources_of(one.sample.top.parent, one.sample.mapping))
    say.line(_sum(ran))


def _sum(ran: Sequence[_Ran]) -> str:
    counts = {word: sum(one.word == word for one in ran) for word in dict.fromkeys(one.word for one in ran)}
    text = f"{counted(len(ran), 'sample')}: " + ", ".join(f"{number} {word}" for word, number in counts.items())
    hint = "; `translator test --accept` takes what came out" if {"differs", "new"} & set(counts) else ""
    return text + hint


def _as_json(ran: Sequence[_Ran]) -> dict[str, Any]:
    return {"ok": not any(one.code for one in ran), "samples": [dict(_facts(one)) for one in ran]}


def _facts(one: _Ran) -> Iterator[tuple[str, Any]]:
    yield "sample", one.sample.name
    yield "is", one.word
    found = one.outcome.findings if one.outcome else one.findings
    yield "findings", [finding.as_json() for finding in found]
    if one.shown:
        yield "difference", one.shown
