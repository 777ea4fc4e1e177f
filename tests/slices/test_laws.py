"""The laws of formats and presets over more examples than `make test` has; each part by a seed of its own."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAWS = sorted(
    str(path.relative_to(ROOT)) for path in (ROOT / "tests").glob("**/test_*law*.py") if path != Path(__file__)
)
MORE = ["tests/documents/test_models.py", "tests/simulator/test_mutations.py"]  # laws of Amazon's models
PLACES = [*(path for path in LAWS if not path.startswith("tests/laws/")), "tests/laws", *MORE]


@pytest.mark.parts(bounded=1, deep=20)
def test_the_laws_hold(part, deep, figure):
    """5,000 examples of each law in a part of the full sweep."""
    examples = "5000" if deep else "500"
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--hypothesis-seed={part + 1}", *PLACES],
        cwd=ROOT,
        env=os.environ | {"TRANSLATOR_EXAMPLES": examples},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-5_000:]
    laws = re.search(r"(\d+) passed", run.stdout)
    assert laws
    figure("laws", int(laws[1]))
    figure("examples", examples)
