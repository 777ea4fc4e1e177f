"""Every sample with its mapping, each mapping compiled once for all tests of a process."""

from functools import cache
from pathlib import Path

from translator.cli.behind.at_hand import loaded
from translator.cli.behind.samples import samples_in

ROOT = Path(__file__).parents[1]
_compiled = cache(lambda mapping: loaded(mapping, {}))
LOADED = [
    (sample, _compiled(sample.mapping))
    for folder in (ROOT / "samples", ROOT / "tests/described")
    for sample in samples_in(folder)
]
