"""Two days of stock files, with lost answers, late effects and deaths; a month of them is a slice."""

from tests.stock_month import month_of


def test_amazon_has_what_the_newest_whole_files_say_at_every_quiet_moment(tmp_path, monkeypatch):
    with month_of(tmp_path, monkeypatch, seed=1) as month:
        month.live(days=2)
    assert month.quiet_moments > 5
    assert month.deaths
    assert month.faults
    assert month.held
