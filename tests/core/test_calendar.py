"""The calendar of a warehouse: the day an order has to leave, and the hour."""

from datetime import UTC, date, datetime, time

from translator.core.calendar import Calendar, leaves, moment, ship_day

NEWARK = Calendar("America/New_York", frozenset({0, 1, 2, 3, 4}), frozenset({date(2026, 12, 25)}), time(16))


def at(text):
    return datetime.fromisoformat(text).astimezone(UTC)


def test_an_order_leaves_on_the_day_it_is_due_in_the_zone_of_its_warehouse():
    assert ship_day(NEWARK, at("2026-12-03T02:00:00Z")) == date(2026, 12, 2)
    assert ship_day(Calendar("Asia/Tokyo"), at("2026-12-02T20:00:00Z")) == date(2026, 12, 3)


def test_what_is_due_on_a_day_off_leaves_on_the_working_day_before():
    assert ship_day(NEWARK, at("2026-12-06T20:00:00Z")) == date(2026, 12, 4)  # a Sunday
    assert ship_day(NEWARK, at("2026-12-25T20:00:00Z")) == date(2026, 12, 24)


def test_a_calendar_without_any_working_day_is_not_believed():
    assert ship_day(Calendar(days=frozenset()), at("2026-12-06T20:00:00Z")) == date(2026, 12, 6)


def test_the_last_parcel_of_a_day():
    assert leaves(NEWARK, date(2026, 12, 2)) == at("2026-12-02T21:00:00Z")


def test_an_hour_that_the_clock_leaps_over_is_the_one_after_it():
    assert moment(NEWARK, date(2026, 3, 8), time(2, 30)) == at("2026-03-08T07:30:00Z")
