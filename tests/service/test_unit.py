"""The unit: how tight it is, and that its exit codes are those of the command."""

import re
import shutil
import subprocess

import pytest

from tests.service.running import UNIT
from translator.cli import say

ANALYZE = shutil.which("systemd-analyze")


@pytest.mark.skipif(not ANALYZE, reason="no systemd-analyze here")
def test_its_exposure_is_at_most_1_2():
    done = subprocess.run(
        [ANALYZE, "security", "--offline=true", "--threshold=12", UNIT], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-400:] + done.stderr


def test_what_a_restart_would_not_help_is_not_restarted():
    codes = re.search(r"^RestartPreventExitStatus=(.+)$", UNIT.read_text(), re.MULTILINE)[1].split()
    assert codes == [str(code) for code in (say.MISCONFIGURED, say.BROKEN, say.TAKEN)]


def test_it_waits_for_readiness_is_watched_and_can_be_told_to_read_again():
    text = UNIT.read_text()
    for line in (
        "Type=notify",
        "WatchdogSec=120",
        "ExecReload=/bin/kill -HUP $MAINPID",
        "NotifyAccess=main",
        "TimeoutStartSec=1h",
    ):
        assert f"\n{line}\n" in text
