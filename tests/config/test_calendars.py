"""When a warehouse works, who its carriers are, and the account's own words: as translator.yaml says them."""

from datetime import date, time

import pytest

from tests.config.test_agreement import line_of, site, system, told
from translator.core.calendar import EVERY_DAY, Calendar
from translator.core.finding import Severity

PLAIN = "{EWR1: America/New_York}"


def with_warehouses(text):
    return system().replace(PLAIN, text)


def calendar(text):
    return site(with_warehouses(f"{{EWR1: {text}}}")).systems["newark"].calendars["EWR1"]


def test_a_zone_alone_works_every_day():
    made = site(system()).systems["newark"]
    assert made.calendars == {"EWR1": Calendar("America/New_York")}
    assert made.warehouses == {"EWR1": "America/New_York"}


def test_a_calendar_has_days_holidays_and_an_hour():
    words = '{zone: America/Chicago, days: mon-fri, holidays: [2026-12-25, 2027-01-01], cut_off: "16:30"}'
    made = calendar(words)
    assert made.days == frozenset(range(5))
    assert made.holidays == {date(2026, 12, 25), date(2027, 1, 1)}
    assert (made.zone, made.cut_off) == ("America/Chicago", time(16, 30))


@pytest.mark.parametrize(
    "days, wanted",
    [
        ("[mon, wed, sat]", {0, 2, 5}),
        ("sat-mon", {5, 6, 0}),
        ("[mon-tue, fri]", {0, 1, 4}),
        ("SUN", {6}),
        ("[]", EVERY_DAY),
    ],
)
def test_days_are_ranges_or_lists(days, wanted):
    assert calendar(f"{{zone: UTC, days: {days}}}").days == wanted


@pytest.mark.parametrize(
    "words, code, hint",
    [
        ("{days: mon-fri}", "yaml-missing", "zone: America/New_York"),
        ("{zone: Mars/Olympus}", "site-zone", "IANA"),
        ("{zone: UTC, days: mon-fry}", "site-days", "did you mean 'fri'?"),
        ("{zone: UTC, days: mon–fri}", "site-days", ""),
        ("{zone: UTC, holidays: 25.12.2026}", "site-day", "2026-12-01"),
        ("{zone: UTC, holidays: [2026-02-30]}", "site-day", "2026-12-01"),
        ('{zone: UTC, cut_off: "24:00"}', "site-hour", "16:00"),
        ("{zone: UTC, cut_off: 4pm}", "site-hour", "16:00"),
        ("{zone: UTC, cutoff: 16}", "yaml-unknown-key", "did you mean 'cut_off'?"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused_with_its_line(words, code, hint):
    wrong = with_warehouses(f"{{EWR1: {words}}}")
    ((found, file, line, text),) = told(wrong)
    assert (found, file, line) == (code, "translator.yaml", line_of(wrong, "warehouses:"))
    assert hint in text


def test_more_holidays_than_anybody_has_are_refused():
    many = ", ".join(f"20{n:02}-01-{day:02}" for n in range(20, 40) for day in range(1, 25))
    ((code, _, _, _),) = told(with_warehouses(f"{{EWR1: {{zone: UTC, holidays: [{many}]}}}}"))
    assert code == "site-holidays"


def test_a_refusal_that_follows_from_silence_is_told_with_its_price():
    made = site(system(more="    acknowledge: {then: refuse, code: 71}\n"))
    assert (made.systems["newark"].then, made.systems["newark"].refusal) == ("refuse", "71")
    (note,) = made.notes
    assert (note.code, note.severity) == ("site-refusal", Severity.WARNING)
    assert "item discontinued" in note.text


@pytest.mark.parametrize("code", ["00", "07", "11", "01", "3"])
def test_silence_never_accepts_by_a_code_nor_blames_an_address(code):
    assert told(system(more=f"    acknowledge: {{then: refuse, code: {code}}}\n"))[0][0] == "yaml-value"


def test_a_code_without_a_refusal_says_nothing():
    wrong = system(more="    acknowledge: {then: hold, code: 03}\n")
    ((code, _, line, text),) = told(wrong)
    assert (code, line) == ("site-acknowledge", line_of(wrong, "acknowledge:"))
    assert "then: refuse" in text


def test_what_is_said_about_labels_needs_a_mapping_that_writes_them():
    wrong = system(more="    label: {methods: [AMZL_*]}\n")
    ((code, _, line, text),) = told(wrong)
    assert (code, line) == ("site-label", line_of(wrong, "label:"))
    assert "shipping_label" in text


def test_a_system_ships_with_amazons_carriers_unless_it_says_otherwise():
    assert site(system()).systems["newark"].carrier == "amazon"
    assert site(system(more="    carrier: own\n")).systems["newark"].carrier == "own"


def expecting(said):
    return system(from_=f"out/ship: {{mappings: ship.yaml, expect: {said}}}")


def test_a_folder_in_which_a_file_is_expected_says_how_often():
    assert [one.expect for one in site(expecting("26h")).sources if one.mappings] == [26 * 3600]
    assert [one.expect for one in site(system()).sources if one.mappings] == [0]


@pytest.mark.parametrize("said", ["32d", "daily"])
def test_what_is_no_time_to_expect_a_file_in_is_told_with_its_line(said):
    ((code, _, line, text),) = told(expecting(said))
    assert (code, line) == ("site-duration", line_of(expecting(said), "expect"))
    assert "expect" in text
