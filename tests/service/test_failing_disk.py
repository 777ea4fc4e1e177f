"""A disk that fails under the running service, and one that fills up."""

import subprocess
import sys

import pytest

from tests.cli.command import run
from tests.failing_disk import DEVICES
from tests.service.running import UNIT
from translator.config.sizes import Reserve
from translator.service import reserve

DRIVER = """
import sys, threading, time
from pathlib import Path
from tests.failing_disk import fail
from translator.cli import main

*sys.argv, how, ledger, trigger = sys.argv

def watch():
    while not Path(trigger).exists():
        time.sleep(0.02)
    fail(Path(ledger), how)
    print("failing", flush=True)

threading.Thread(target=watch, daemon=True).start()
main()
"""


@pytest.mark.parametrize("how", DEVICES)
def test_a_disk_that_fails_ends_the_service_at_once_and_it_is_not_started_again(site, tmp_path, how):
    trigger = tmp_path / "now"
    words = ["run", "--site", str(site), how, str(site / "ledger.db"), str(trigger)]
    process = subprocess.Popen([sys.executable, "-c", DRIVER, *words], stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        lines = []
        while not any(b"service started" in line for line in lines):
            lines.append(process.stderr.readline())
            assert lines[-1], lines
        trigger.touch()
        assert process.stdout.readline() == b"failing\n"
        run("hold", "NOTHING", "--wait", "0", "--site", site, code=1)
        assert process.wait(120) == 74
        said = process.stderr.read().decode()
    finally:
        process.kill()
        process.communicate()
    assert "ledger broken" in said
    assert "ledger-broken" in said
    assert "Traceback" not in said
    assert "RestartPreventExitStatus=2 74 75" in UNIT.read_text()


def test_below_the_reserve_nothing_new_is_taken_in_until_there_is_a_tenth_more(tmp_path):
    there = reserve.space(tmp_path, Reserve())
    assert not there.is_short()
    assert reserve.may_take(tmp_path, Reserve(there.free * 0.5, 1.0), taking=True)
    assert not reserve.may_take(tmp_path, Reserve(there.free * 2.0, 1.0), taking=True)
    barely = Reserve(there.free * 0.95, 1.0)
    assert reserve.may_take(tmp_path, barely, taking=True)
    assert not reserve.may_take(tmp_path, barely, taking=False)
    assert reserve.Space(10**12, 0, 999).is_short()
    assert not reserve.Space(10**12, 0, None).is_short()
    assert reserve.may_take(tmp_path / "gone", Reserve(), taking=True)
