"""A month of stock files: reordered, repeated, cut off, several in flight, over deaths and lost answers."""

import pytest

from tests.stock_month import month_of


@pytest.mark.parts(bounded=1, deep=40)
def test_a_month_of_stock_files_ends_each_quiet_moment_with_the_newest_whole_ones(part, tmp_path, monkeypatch, figure):
    with month_of(tmp_path, monkeypatch, seed=100 + part) as month:
        month.live(days=30)
    for name in ("files", "held", "faults", "deaths", "quiet_moments"):
        figure(name, getattr(month, name))
    figure("parts", month.parts)
    assert month.quiet_moments > 60
