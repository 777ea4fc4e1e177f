"""Eight ways through the house, died at each of their fault points and again in the recovery: nothing lost, nothing twice.

Two ways at a time, each in a process of its own (`tests.slices.deaths`); the rate says how many deaths a second this
machine had.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.slices.deaths import WAYS

ROOT = Path(__file__).parents[2]
PAIRS = list(zip(list(WAYS)[::2], list(WAYS)[1::2], strict=True))


@pytest.mark.parts(bounded=len(PAIRS), deep=len(PAIRS) * 10)
def test_who_dies_at_any_point_and_again_in_the_recovery_loses_and_doubles_nothing(part, figure, deep):
    seconds = "300" if deep else "68"
    commands = [
        [sys.executable, "-m", "tests.slices.deaths", way, seconds, str(part // len(PAIRS))]
        for way in PAIRS[part % len(PAIRS)]
    ]
    runs = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for command in commands
    ]
    told = [run.communicate(timeout=550) for run in runs]
    assert [run.returncode for run in runs] == [0, 0], [err[-4000:] for _, err in told]
    seen = [json.loads(out) for out, _ in told]
    for one in seen:
        figure(one.pop("way"), one)
        assert one["points"] >= 300 / len(WAYS)
    figure("kills", sum(one["kills"] for one in seen))
    figure("rate", f"{sum(one['kills'] / one['seconds'] for one in seen):.1f} a second")
