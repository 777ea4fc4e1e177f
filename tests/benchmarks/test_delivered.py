"""Both contenders of row 9 do the same work over the same wire, and it is counted when they do not."""

from __future__ import annotations

import pytest

from benchmarks import delivered, report
from tests.endpoints import sftp_sshd


@pytest.fixture(scope="module")
def rows():
    if not sftp_sshd.installed():
        pytest.skip("no OpenSSH server: apt-get install openssh-server (.ci/run does)")
    return delivered.measured(5, 12, 1, lambda text: None)


def test_both_contenders_deliver_all_files_and_list_all_entries(rows):
    assert [row["variant"] for row in rows] == ["", "20 ms", "listing"]
    assert [row["differing outputs"] for row in rows] == [0, 0, 0]
    assert "ours ÷ sftp" in rows[0]
    assert all(str(row["what"]) in report._table(rows, {**ABOUT}) for row in rows)


def test_the_delay_is_felt_by_both(rows):
    near, far, _ = rows
    assert all(far["seconds"][name] > 0.1 for name in near["seconds"])
    assert far["seconds"]["sftp -b"] > 5 * 4 * 2 * delivered.HALF  # so many questions follow one another in a file


def test_a_missed_goal_is_told(rows):
    slow = rows[0] | {"ours ÷ sftp": 0.9, "at most": 0.8}
    assert any("0.9 × the time of sftp" in one for one in report.missed([slow]))


ABOUT = {"libraries": {}, "python": "", "cores": 2, "processor": "", "when": ""}
