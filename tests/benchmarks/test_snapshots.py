"""What row 13 compares is the same: each level that changed, and no other."""

from __future__ import annotations

from benchmarks import report, snapshots
from benchmarks.translate import loaded


def test_the_updates_tell_each_level_that_changed_and_no_other(tmp_path):
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    snapshots.laid(old, new, 12_000)
    plain = snapshots.by_dictionary(old, new)
    assert len(plain) == 120 + 12  # changed, and new; one of those that went may have changed before
    assert snapshots.told(snapshots.updates(loaded("stock-csv"), old, new)) == plain


def test_a_ratio_that_misses_its_goal_is_told():
    row = {"row": 13, "what": "x", "differing outputs": 0, "mapping ÷ floor": 3.6, "goal": 3.5}
    more = {"all new ÷ floor": 5.1, "all new goal": 5.0, "MB of memory": 1, "MB goal": 40}
    assert len(report.missed([row | more])) == 2
