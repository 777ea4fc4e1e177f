"""Row 10 publishes the very bytes that are written by hand, one order after the other, and tells a goal that is missed."""

from benchmarks import latency, report


def test_each_order_is_published_as_by_hand_with_its_done_file():
    (row,) = latency.measured(3, lambda text: None)
    assert (row["row"], row["orders"], row["differing outputs"]) == (10, 3, 0)
    assert 0 < row["median ms"] <= row["p99 ms"]
    about = {"libraries": {}, "python": "", "cores": 2, "processor": "", "when": ""}
    assert str(row["what"]) in report._table([row], about)
    slow = row | {"median ms": 61.0, "p99 ms": 249.0}
    assert [one for one in report.missed([slow]) if "61.0 ms (median ms), the goal is 60.0" in one]
