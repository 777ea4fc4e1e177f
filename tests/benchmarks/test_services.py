"""Row 11 sends all files once, whoever sends them, and tells a goal that is missed."""

from __future__ import annotations

import pytest

from benchmarks import report, services
from tests import postgres
from tests.endpoints import sftp_sshd


def test_a_service_sends_each_file_once_and_what_is_too_slow_is_told(monkeypatch):
    if not (sftp_sshd.installed() and postgres.programs()):
        pytest.skip("no OpenSSH server or no PostgreSQL: apt-get install openssh-server postgresql (.ci/run does)")
    monkeypatch.setattr(services, "SERVICES", (1,))
    monkeypatch.setattr(services, "HALF", 0.001)
    (row,) = services.measured(10, 1, lambda text: None)
    assert (row["row"], row["services"], row["times one"], row["differing outputs"]) == (11, [1], [1.0], 0)
    about = {"libraries": {}, "python": "", "cores": 2, "processor": "", "when": ""}
    assert f"| 11 | {row['what']} | 1 |" in report._table([row], about)
    measured = {"services": [1, 2, 4], "files per second": [10, 19, 18], "times one": [1.0, 1.9, 1.8]}
    slow = row | measured | {"goals": [1.0, 1.6, 2.2]}
    told = report.missed([slow])
    assert [one for one in told if "4 services do 1.8 × what one does, the goal is 2.2" in one]
    assert [one for one in told if "more services do less" in one]
    assert len(told) == 2
