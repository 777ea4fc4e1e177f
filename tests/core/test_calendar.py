"""The calendar of a warehouse: the day an order has to leave, and the hour."""

from datetime import UTC, date, datetime, time

import pytest

from translator.core.calendar import Calendar, leaves, moment, ship_day, worked

NEWARK = Calendar("America/New_York", frozenset({0, 1, 2, 3, 4}), frozenset({date(2026, 12, 25)}), time(16))


def at(text):
    return datetime.fromisoformat(text).astimezone(UTC)


def test_an_order_leaves_on_the_day_it_is_due_in_the_zone_of_its_warehouse():
    assert ship_day(NEWARK, at("2026-12-03T02:00:00Z")) == date(2026, 12, 2)
    assert ship_day(Calendar("Asia/Tokyo"), at("2026-12-02T20:00:00Z")) == date(2026, 12, 3)


def test_what_is_due_on_a_day_off_leaves_on_the_working_day_before():
    assert ship_day(NEWARK, at("2026-12-06T20:00:00Z")) == date(2026, 12, 4)  # a Sunday
    assert ship_day(NEWARK, at("2026-12-25T20:00:00Z")) == date(2026, 12, 24)


def test_what_is_due_at_midnight_leaves_on_the_day_that_ends_then():
    assert ship_day(Calendar("Europe/London"), at("2026-12-03T00:00:00Z")) == date(2026, 12, 2)
    assert ship_day(Calendar("Europe/London"), at("2026-06-03T00:00:00Z")) == date(
        2026, 6, 3
    )  # it is one o'clock there
    assert ship_day(NEWARK, at("2026-12-07T05:00:00Z")) == date(2026, 12, 4)  # the beginning of a Monday


def test_a_calendar_without_any_working_day_is_not_believed():
    assert ship_day(Calendar(days=frozenset()), at("2026-12-06T20:00:00Z")) == date(2026, 12, 6)


def test_the_last_parcel_of_a_day():
    assert leaves(NEWARK, date(2026, 12, 2)) == at("2026-12-02T21:00:00Z")


def test_an_hour_that_the_clock_leaps_over_is_the_one_after_it():
    assert moment(NEWARK, date(2026, 3, 8), time(2, 30)) == at("2026-03-08T07:30:00Z")


@pytest.mark.parametrize(
    "since, hours, until",
    [
        ("2026-12-02T15:00:00Z", 26, "2026-12-03T17:00:00Z"),
        ("2026-12-04T15:00:00Z", 26, "2026-12-07T17:00:00Z"),  # a Friday
        ("2026-12-05T15:00:00Z", 5, "2026-12-07T10:00:00Z"),  # a Saturday: from Monday's midnight in Newark on
        ("2026-12-24T15:00:00Z", 24, "2026-12-28T15:00:00Z"),  # Christmas is a Friday
    ],
)
def test_days_on_which_a_warehouse_does_not_work_do_not_count(since, hours, until):
    assert worked(NEWARK, at(since), hours * 3600) == at(until)


def test_a_day_on_which_the_clock_is_changed_has_the_hours_it_has():
    assert worked(Calendar("America/New_York"), at("2026-11-01T04:00:00Z"), 25 * 3600) == at("2026-11-02T05:00:00Z")


def test_a_warehouse_that_never_works_is_waited_for_without_an_end_of_time():
    assert worked(Calendar(days=frozenset()), at("2026-12-02T00:00:00Z"), 60).year == 2029
