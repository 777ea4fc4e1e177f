"""A month of orders through all states, with faults on: every order and every record has its end, nothing happens twice.

Mistakes that are planted on purpose must be seen by the same judge.
"""

import pytest

from tests.order_ends import judge
from tests.order_month import month_of
from translator.stations import arrivals, settle, turned


@pytest.mark.parts(bounded=1, deep=10)
def test_a_month_of_orders_leaves_each_with_an_end_and_no_effect_twice(part, deep, tmp_path, monkeypatch, figure):
    count, days = (10_000, 30) if deep else (500, 7)
    with month_of(tmp_path, monkeypatch, seed=200 + part, count=count, days=days) as month:
        month.live()
        ends = judge(month)
        for name in ("faults", "deaths", "outages", "jumps", "moves"):
            figure(name, getattr(month, name))
    figure("orders", dict(ends.orders))
    figure("records", dict(ends.records))
    figure(
        "latest acknowledgement", f"after {_hours(ends.latest)}, by us after {_hours(ends.longest)}; late: {ends.late}"
    )
    assert ends.late_by_us == 0


def _hours(took):
    return f"{took.total_seconds() / 3600:.1f} h"


def forgotten_cancellation(monkeypatch):
    monkeypatch.setattr(turned, "_cancelled", lambda *_: None)


def blind_repeat(monkeypatch):
    """Have what was lost be sent again, whatever is seen of it."""
    careful = settle._one

    def one(look, book, work, interchange, *seen):
        if look.route.mapping or settle._sent(book, interchange):
            careful(look, book, work, interchange, *seen)
        else:
            book.work.end(work)
            settle.put_again(book, look.route, interchange)

    monkeypatch.setattr(settle, "_one", one)


def dropped_record(monkeypatch):
    monkeypatch.setattr(arrivals, "_join", lambda *_: None)


@pytest.mark.parametrize("mistake", [forgotten_cancellation, blind_repeat, dropped_record])
@pytest.mark.parts(bounded=1, deep=2)
def test_a_planted_mistake_is_seen(part, mistake, tmp_path, monkeypatch):
    mistake(monkeypatch)
    with month_of(tmp_path, monkeypatch, seed=300 + part, count=60, days=2) as month:
        month.live()
        with pytest.raises(AssertionError, match="faults"):
            judge(month)
