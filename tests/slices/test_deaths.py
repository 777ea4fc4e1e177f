"""Ten ways through the house, died at each of their fault points and again in the recovery: nothing lost, nothing twice.

All at once, each in a process of its own (`tests.slices.deaths`). A cycle is a death, by SIGKILL, and the recovery from it;
the rate says how many a second this machine had.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.slices.deaths import WAYS

ROOT = Path(__file__).parents[2]
SECONDS = 270  # of five minutes: the rest is beginning and the last look


@pytest.mark.parts(bounded=1, deep=20)
def test_who_dies_at_any_point_and_again_in_the_recovery_loses_and_doubles_nothing(part, figure):
    command = [sys.executable, "-m", "tests.slices.deaths", str(SECONDS), str(part)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS * 2, check=False)
    assert told.returncode == 0, told.stderr[-8000:]
    seen = [json.loads(line) for line in told.stdout.splitlines()]
    assert len(seen) == len(WAYS)
    for one in seen:
        figure(one.pop("way"), one)
        assert one["points"] >= 300 / len(WAYS)
    for name in ("points", "tries", "kills"):
        figure(name, sum(one[name] for one in seen))
    figure("rate", f"{sum(one['kills'] / one['seconds'] for one in seen):.1f} a second")
