"""Each folder samples/<wms>/<mapping>/<what it shows>/ is a test: what goes in, what comes out, what is said, and why.

The runner is that of `translator test`. TRANSLATOR_ACCEPT=1 writes what came out.
"""

import os
from pathlib import Path

import pytest

from tests.loaded import SAMPLES, compiled
from tests.presets import MAPPINGS
from translator.cli.behind.samples import accept, run
from translator.core.finding import errors

ROOT = Path(__file__).parents[2]
DESCRIBED = ROOT / "tests" / "described"  # systems of which only a description is known: their mappings are no presets
ACCEPT = os.environ.get("TRANSLATOR_ACCEPT") == "1"


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_sample_comes_out_as_it_stands_there(sample):
    outcome = run(sample, compiled(sample.mapping))
    if ACCEPT:
        accept(outcome)
    assert outcome.files == sample.wanted()
    assert outcome.words == sample.wanted_words()
    assert outcome.files or errors(outcome.findings)


def test_every_mapping_of_every_preset_has_a_sample():
    mappings = {f"{path.parent.name}/{path.stem}" for path in (*MAPPINGS, *DESCRIBED.glob("mappings/*/*.yaml"))}
    assert mappings - {sample.name.rpartition("/")[0] for sample in SAMPLES} == set()


def test_every_sample_is_explained_in_a_sentence():
    assert [sample.name for sample in SAMPLES if len((sample.folder / "why.md").read_text().split()) < 5] == []
