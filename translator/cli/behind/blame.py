"""Which field of a mapping a file that came out otherwise differs in first."""

from __future__ import annotations

from itertools import zip_longest

from translator.cli.behind.explain import cells_of
from translator.cli.behind.given import given_for
from translator.cli.behind.samples import Outcome
from translator.cli.behind.trial import source_of, tried
from translator.core.finding import Place
from translator.translation import Translation


def blamed(outcome: Outcome, translation: Translation) -> tuple[str, Place] | None:
    """Name the field and its rule; None: no field stands there, or the files are not to be compared."""
    sample, wanted = outcome.sample, outcome.sample.wanted()
    name = next((name for name, data in outcome.files.items() if wanted.get(name, data) != data), "")
    if not name or translation.file.direction == "reads":
        return None
    at = next(n for n, (one, other) in enumerate(zip_longest(wanted[name], outcome.files[name])) if one != other)
    source = source_of(sample, translation)
    trial = tried(translation, source, given_for(sample.folder, sample.top, sample.system))
    alone = len(outcome.files) == 1
    found = (cell for cell in cells_of(trial) if cell.start <= at < cell.end and (alone or name == f"out/{cell.file}"))
    cell = next(found, None)
    return (f"{cell.record}.{cell.field}", cell.rule) if cell else None
