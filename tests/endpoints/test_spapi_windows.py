"""The arithmetic of the windows: no hole, whatever the outages, crashes and pages."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.endpoints.spapi_clock import NOW
from translator.endpoints.spapi import windows
from translator.endpoints.spapi.windows import LONGEST, REACH, Cursor, Rules, moment

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
gaps = st.one_of(st.integers(0, 300), st.integers(0, 86_400), st.integers(0, 179 * 86_400))


def polled(bookmark, rules, now, pages=lambda: 1, lost=lambda: False):
    """Poll until there is nothing more; gives the bookmark and the windows that were read whole."""
    read = []
    for _ in range(2000):
        stored = windows.read(bookmark) if bookmark else windows.first(rules, now)
        cursor = windows.planned(stored, rules, now)
        if cursor.window is None:
            return windows.written(cursor), read
        window = cursor.window
        assert timedelta(0) < moment(window.before) - moment(window.after) <= LONGEST
        assert moment(window.after) >= now - REACH - DAY
        assert moment(window.before) <= now - rules.lag
        token = f"token {window.pages}" if window.pages + 1 < pages() else ""
        turned = windows.turned(cursor, token, f"{window.pages}", now)
        if lost():  # a crash before the commit
            continue
        if turned.window is None:
            read.append((moment(window.after), moment(window.before)))
        bookmark = windows.written(turned)
        if not windows.more(turned, rules, now):
            return bookmark, read
    raise AssertionError("it does not come to an end")


def hole(read, start, end):
    """The first moment between start and end that no window held; None where there is none."""
    for after, before in sorted(read):
        if after > start:
            break
        start = max(start, before)
    return start if start < end else None


@given(st.lists(gaps, min_size=1, max_size=12), st.integers(0, 999_999).map(Random), st.sampled_from([0, 120]))
def test_outages_from_nothing_to_179_days_leave_no_hole(outages, chance, lag):
    rules = Rules(start=NOW - 20 * DAY, lag=timedelta(seconds=lag))
    now, bookmark, read = NOW, "", []
    for outage in [0, *outages]:
        now += timedelta(seconds=outage)
        bookmark, found = polled(bookmark, rules, now, lambda: chance.randint(1, 3), lambda: chance.random() < 0.2)
        read += found
        assert hole(read, rules.start, now - rules.lag - SECOND) is None


@given(st.integers(0, 179 * 86_400))
def test_one_outage_of_any_length_leaves_no_hole_and_overlaps(seconds):
    rules = Rules(start=NOW)
    bookmark, _ = polled("", rules, NOW + DAY)
    now = NOW + DAY + timedelta(seconds=seconds)
    _, read = polled(bookmark, rules, now)
    through = NOW + DAY - rules.lag
    assert hole(read, max(NOW, through - rules.overlap), now - rules.lag - SECOND) is None or seconds == 0


@given(st.lists(st.integers(1, 3 * 3600), min_size=1, max_size=60), st.integers(0, 7 * 86_400 - 60))
def test_an_order_that_appears_late_is_read_within_a_sweep(steps, age):
    """Created up to seven days before it appears, under its old date."""
    rules = Rules(start=NOW - 30 * DAY)
    bookmark, _ = polled("", rules, NOW)
    created, now, read = NOW - rules.lag - timedelta(seconds=age), NOW, []
    for step in steps:
        now += timedelta(seconds=step)
        bookmark, found = polled(bookmark, rules, now)
        read += found
        if any(after <= created <= before for after, before in read):
            return
    assert now - NOW < rules.sweep or created < now - LONGEST - rules.lag


@given(
    st.lists(gaps, min_size=1, max_size=5),
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3 * 86_400), st.integers(1, 3 * 86_400)), max_size=30),
    st.integers(0, 999_999).map(Random),
)
def test_every_order_is_read_whatever_the_outages_and_however_late_it_appears(outages, made, chance):
    """Each was created before some poll and appears after it, under its old date; answers that are lost are asked again.

    What Amazon does not give any more at the first poll after it appeared cannot be read.
    """
    rules = Rules(start=NOW)
    polls = [NOW]
    for outage in [*outages, int(rules.sweep.total_seconds()) + 600, 600]:
        polls.append(polls[-1] + timedelta(seconds=outage))
    missed = [polls[number % len(outages)] for number, _, _ in made]
    orders = {
        (poll - timedelta(seconds=age), poll + timedelta(seconds=late))
        for poll, (_, age, late) in zip(missed, made, strict=True)
    }
    bookmark, served = "", set()
    for now in polls:
        bookmark, read = polled(bookmark, rules, now, lambda: chance.randint(1, 3), lambda: chance.random() < 0.2)
        served |= {
            (created, shown)
            for created, shown in orders
            if shown <= now and any(after <= created <= before for after, before in read)
        }
    within_reach = {
        (created, shown)
        for created, shown in orders
        for poll in [next((poll for poll in polls[:-2] if shown <= poll), None)]
        if poll and created >= poll - REACH
    }
    assert within_reach <= served


def test_a_sweep_comes_every_six_hours_and_reads_seven_days_again():
    rules = Rules(start=NOW - 60 * DAY)
    bookmark, _ = polled("", rules, NOW)
    longs = 0
    for minute in range(2, 24 * 60, 2):
        bookmark, read = polled(bookmark, rules, NOW + timedelta(minutes=minute))
        longs += sum(before - after == LONGEST for after, before in read)
    assert longs == 3


def test_a_quiet_poll_asks_once_for_an_hour_and_a_little():
    rules = Rules(start=NOW - DAY)
    bookmark, _ = polled("", rules, NOW)
    _, read = polled(bookmark, rules, NOW + timedelta(minutes=2))
    assert read == [(NOW - rules.lag - rules.overlap, NOW)]


def test_sweeps_never_stop_a_catch_up():
    """Even where each call comes so late that a sweep is due again."""
    rules = Rules(start=NOW - 100 * DAY, sweep=timedelta(seconds=1))
    cursor, now = windows.first(rules, NOW), NOW
    for _ in range(50):
        now += 10 * SECOND
        cursor = windows.turned(windows.planned(cursor, rules, now), "", "", now)
    assert moment(cursor.through) > NOW - timedelta(hours=1)


@pytest.mark.parametrize("age", [timedelta(hours=2), 30 * DAY])
def test_seven_days_before_the_start_are_read_and_nothing_older(age):
    rules = Rules(start=NOW - age)
    bookmark, read = polled("", rules, NOW)
    _, later = polled(bookmark, rules, NOW + timedelta(hours=7))
    assert min(after for after, _ in read + later) == rules.start - LONGEST
    assert hole(read, rules.start - LONGEST, NOW - rules.lag) is None


def test_a_start_half_a_year_ago_is_not_reached_beyond_six_months():
    _, read = polled("", Rules(start=NOW - REACH + DAY), NOW)
    assert min(after for after, _ in read) == NOW - REACH


def test_a_start_to_come_reads_the_days_before_it_already():
    rules = Rules(start=NOW + DAY)
    bookmark, read = polled("", rules, NOW)
    assert hole(read, NOW - 6 * DAY, NOW - rules.lag) is None
    assert hole(polled(bookmark, rules, NOW + 2 * DAY)[1], NOW, NOW + 2 * DAY - rules.lag) is None


def test_a_start_far_ahead_asks_for_nothing():
    assert polled("", Rules(start=NOW + 8 * DAY), NOW)[1] == []


def test_without_a_start_the_last_seven_days_are_ours():
    _, read = polled("", Rules(), NOW)
    assert hole(read, NOW - LONGEST, NOW - timedelta(minutes=3)) is None


def test_amazon_reaches_back_180_days():
    _, read = polled("", Rules(start=NOW - 400 * DAY), NOW)
    assert min(after for after, _ in read) == NOW - REACH
    assert hole(read, NOW - REACH, NOW - timedelta(minutes=3)) is None


def test_a_window_of_many_pages_at_the_far_end_of_the_reach_comes_to_its_end():
    rules = Rules(start=NOW - 400 * DAY)
    cursor, now = windows.first(rules, NOW), NOW
    for page in range(50):
        now += 10 * SECOND
        cursor = windows.planned(cursor, rules, now)
        assert cursor.window.pages == page
        cursor = windows.turned(cursor, f"token {page}", f"{page}", now)
    assert windows.turned(cursor, "", "", now).window is None


def test_a_window_under_way_that_amazon_reaches_no_more_is_left():
    rules = Rules(start=NOW - 400 * DAY)
    cursor = windows.turned(windows.planned(windows.first(rules, NOW), rules, NOW), "token", "x", NOW)
    later = windows.planned(cursor, rules, NOW + 30 * DAY)
    assert (later.window.token, moment(later.window.after)) == ("", NOW - 150 * DAY)


@pytest.mark.parametrize("ahead", [DAY, 3650 * DAY])
def test_a_clock_that_ran_ahead_is_followed_by_seven_days_again(ahead):
    rules = Rules(start=NOW - 60 * DAY)
    bookmark, _ = polled("", rules, NOW)
    bookmark, _ = polled(bookmark, rules, NOW + ahead)
    now = NOW + timedelta(hours=1)
    bookmark, read = polled(bookmark, rules, now)
    assert hole(read, now - LONGEST, now - rules.lag) is None
    assert windows.read(bookmark).window is None


def test_a_clock_that_goes_back_a_little_does_no_harm():
    rules = Rules(start=NOW - DAY)
    bookmark, _ = polled("", rules, NOW)
    back, _ = polled(bookmark, rules, NOW - 30 * SECOND)
    assert windows.read(back).through == windows.read(bookmark).through


@given(st.integers(1, 40), st.integers(1, 40))
def test_a_circle_of_tokens_is_found_soon(lead, length):
    cursor = windows.planned(windows.first(Rules(), NOW), Rules(), NOW)
    for page in range(4 * (lead + length) + 4):
        number = page if page < lead else lead + (page - lead) % length
        cursor = windows.turned(cursor, f"token {number}", f"page {page}", NOW)
        if cursor is None:
            return
    raise AssertionError("it was not found")


def test_a_page_that_comes_again_under_a_new_token_is_a_circle():
    cursor = windows.planned(windows.first(Rules(), NOW), Rules(), NOW)
    cursor = windows.turned(cursor, "one", "same orders", NOW)
    assert windows.turned(cursor, "two", "same orders", NOW) is None


def test_a_window_has_an_end_to_its_pages():
    cursor = windows.planned(windows.first(Rules(), NOW), Rules(), NOW)
    for page in range(windows.PAGES):
        cursor = windows.turned(cursor, f"token {page}", f"{page}", NOW)
    assert windows.turned(cursor, "one more", "x", NOW) is None


def test_a_window_is_begun_again_once_in_a_quarter_of_an_hour():
    cursor = windows.planned(windows.first(Rules(), NOW), Rules(), NOW)
    assert windows.restarted(cursor, NOW) is None  # it has no token that could be at fault
    again = windows.restarted(windows.turned(cursor, "old", "x", NOW), NOW)
    assert (again.window.token, again.window.after) == ("", cursor.window.after)
    refused = windows.turned(again, "old too", "x", NOW)
    assert windows.restarted(refused, NOW + 899 * SECOND) is None
    assert windows.restarted(refused, NOW + 900 * SECOND).window.token == ""


@pytest.mark.parametrize("hours, begun", [(-2, True), (-0.9, False), (0.9, False), (1, True), (30, True)])
def test_a_window_that_has_brought_no_page_for_an_hour_is_begun_again_as_it_is(hours, begun):
    cursor = windows.planned(windows.first(Rules(), NOW), Rules(), NOW)
    before = windows.turned(cursor, "old", "x", NOW)
    later = windows.planned(before, Rules(), NOW + timedelta(hours=hours))
    window = cursor.window if begun else before.window
    assert later == replace(before, window=window)


@given(st.text(), st.text())
@example("\uf900", "\uf900")  # a letter that has another form
def test_a_bookmark_reads_what_it_wrote(token, held):
    cursor = Cursor("2026-12-01T00:00:00Z", "2026-12-01T00:00:00Z")
    cursor = windows.planned(cursor, Rules(), NOW)
    cursor = windows.turned(cursor, token.encode("utf-8", "ignore").decode(), held, NOW)
    assert windows.read(windows.written(cursor)) == cursor
