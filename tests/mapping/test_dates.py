"""Dates look in a file as their pattern says, both ways; what could be two moments is told, or settled by rule."""

from __future__ import annotations

from datetime import UTC, date, datetime
from textwrap import dedent

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.mapping.made import frozen, order
from tests.mapping.reading import codes, line
from tests.mapping.reading import order as stored
from tests.mapping.reading import read as read_file
from tests.mapping.test_convert import field, outcome, read, written
from tests.mapping.test_writer import cells, csv
from translator.core.finding import Misconfigured
from translator.mapping.cells import Style
from translator.mapping.date_patterns import pattern
from translator.mapping.dates import parse
from translator.mapping.field_faults import faults
from translator.mapping.wrong import Wrong

WHOLE = ["%Y%m%d%H%M%S", "%m/%d/%y %H:%M:%S", "%d.%m.%Y %I:%M:%S %p", "%y%j %H%M%S", "%d-%b-%Y %H:%M:%S", "iso",
         "%-m/%-d/%Y %-I:%M:%S %p", "%H:%M:%S %-d.%-m.%y", "%Y-%m-%d %H:%M:%S.%f", "%Y%m%d%H%M%S%z"]  # fmt: skip
MINUTES = ["dtm", "%Y%m%d%H%M"]
DAYS = ["cyymmdd", "yyddd", "dtm", "%Y%j", "%-m/%-d/%y", "%d %b %Y"]
ZONES = ["America/Chicago", "UTC", "Asia/Kolkata", "Europe/London"]
MOMENTS = st.datetimes(datetime(2016, 1, 1), datetime(2068, 12, 30))


@given(MOMENTS, st.sampled_from(WHOLE + MINUTES), st.sampled_from(ZONES))
@example(datetime(2026, 11, 1, 6, 30), "iso", "America/Chicago")
def test_a_moment_reads_what_it_wrote_or_says_that_the_clock_changed(moment, pattern, zone):
    moment = moment.replace(microsecond=0, second=0 if pattern in MINUTES else moment.second, tzinfo=UTC)
    words = {"date": (pattern,), "zone": zone}
    text = written(moment, Style(), **words)
    assert outcome(text, **words) in (moment, "date-dst")


@given(MOMENTS, st.sampled_from(["%Y%m%d%H%M%S", "dtm"]), st.sampled_from(ZONES))
@example(datetime(2026, 11, 1, 6, 30), "dtm", "America/Chicago")
def test_with_a_rule_each_hour_that_happens_twice_is_one_of_its_two_moments(moment, pattern, zone):
    moment = moment.replace(microsecond=0, second=0, tzinfo=UTC)
    earlier, later = (read(written(moment, Style(), date=(pattern,), zone=zone), date=(pattern,), zone=zone, dst=dst)
                      for dst in ("earlier", "later"))  # fmt: skip
    assert moment in (earlier, later)
    assert earlier <= later


@given(st.dates(date(2016, 1, 1), date(2068, 12, 31)), st.sampled_from(DAYS))
def test_a_day_reads_what_it_wrote_and_stays_a_day(day, pattern):
    words = {"date": (pattern,)}
    assert read(written(day, Style(), **words), **words) == day


@pytest.mark.parametrize(
    "text, pattern, want",
    [
        ("1261201", "cyymmdd", date(2026, 12, 1)),
        ("26335", "yyddd", date(2026, 12, 1)),
        ("2026335", "%Y%j", date(2026, 12, 1)),
        ("20261201", "dtm", date(2026, 12, 1)),
        ("20261201:102", "dtm", date(2026, 12, 1)),
        ("261201:101", "dtm", date(2026, 12, 1)),
        ("202612011430", "dtm", datetime(2026, 12, 1, 14, 30, tzinfo=UTC)),
        ("202612011430:203", "dtm", datetime(2026, 12, 1, 14, 30, tzinfo=UTC)),
        ("2612011430:201", "dtm", datetime(2026, 12, 1, 14, 30, tzinfo=UTC)),
        ("20261201143059", "dtm", datetime(2026, 12, 1, 14, 30, 59, tzinfo=UTC)),
        ("20261201143059:204", "dtm", datetime(2026, 12, 1, 14, 30, 59, tzinfo=UTC)),
        ("2/9/2026", "%-m/%-d/%Y", date(2026, 2, 9)),
        ("12/31/2026", "%-m/%-d/%Y", date(2026, 12, 31)),
        ("01-DEC-26", "%d-%b-%y", date(2026, 12, 1)),
        ("20261201 12:00 AM", "%Y%m%d %I:%M %p", datetime(2026, 12, 1, tzinfo=UTC)),
        ("2026-12-01 10:00:00.123", "%Y-%m-%d %H:%M:%S.%f", datetime(2026, 12, 1, 10, 0, 0, 123000, tzinfo=UTC)),
        ("20261201:203", "dtm", "date-syntax"),
        ("20261201:999", "dtm", "date-syntax"),
        ("261201", "dtm", "date-syntax"),
        ("2261201", "cyymmdd", "date-syntax"),
        ("0261201", "cyymmdd", date(1926, 12, 1)),
        ("26366", "yyddd", "date-syntax"),
        ("26000", "yyddd", "date-syntax"),
        ("13/9/2026", "%-m/%-d/%Y", "date-syntax"),
        ("002/9/2026", "%-m/%-d/%Y", "date-syntax"),
    ],
)
def test_every_form_is_read(text, pattern, want):
    assert outcome(text, date=(pattern,), zone="UTC") == want


@pytest.mark.parametrize(
    "text, hour", [("12/1/2026 9:56 PM", 21), ("12/1/2026 21:56 PM", 21), ("12/1/2026 12:56 PM", 12)]
)
def test_an_hour_that_no_clock_of_twelve_has_is_left_to_the_next_pattern(text, hour):
    patterns = ("%-m/%-d/%Y %-I:%M %p", "%-m/%-d/%Y %-H:%M PM")
    assert outcome(text, date=patterns, zone="UTC") == datetime(2026, 12, 1, hour, 56, tzinfo=UTC)


@pytest.mark.parametrize(
    "value, pattern, want",
    [
        ("2026-12-01T02:30:00Z", "cyymmdd", "1261130"),
        ("2026-12-01T02:30:00Z", "yyddd", "26334"),
        ("2026-12-01T02:30:45Z", "dtm", "202611302030"),
        (date(2026, 12, 1), "dtm", "20261201"),
        ("2026-12-01T18:05:00Z", "%-m/%-d/%Y %-I:%M %p", "12/1/2026 12:05 PM"),
        ("2027-01-02T06:05:00Z", "%-H:%M", "0:05"),
        ("2027-01-02T06:05:00Z", "100%%", "100%"),
    ],
)
def test_every_form_is_written(value, pattern, want):
    assert written(value, Style(), date=(pattern,), zone="America/Chicago") == want


def test_two_digits_of_a_year_turn_at_the_pivot():
    assert read("75001", date=("yyddd",), pivot=80) == date(2075, 1, 1)
    assert read("75001", date=("yyddd",)) == date(1975, 1, 1)
    assert written("2075-06-01T00:00:00Z", Style(), date=("%y%m%d",), pivot=80) == "750601"
    with pytest.raises(Wrong) as caught:
        written("2075-06-01T00:00:00Z", Style(), date=("%y%m%d",))
    assert caught.value.code == "date-century"


def test_a_rule_settles_what_the_clock_change_leaves_open():
    words = {"date": ("%Y%m%d %H%M",), "zone": "America/Chicago"}
    gap, fold = "20260308 0230", "20261101 0130"
    assert [outcome(text, **words) for text in (gap, fold)] == ["date-dst", "date-dst"]
    assert read(gap, dst="earlier", **words) == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert read(gap, dst="later", **words) == datetime(2026, 3, 8, 8, 30, tzinfo=UTC)
    assert read(fold, dst="earlier", **words) == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert read(fold, dst="later", **words) == datetime(2026, 11, 1, 7, 30, tzinfo=UTC)
    assert max(read(fold, dst=dst, **words) for dst in ("earlier", "later")).hour == 7
    text = written(date(2026, 3, 8), Style(), date=("%Y%m%d%H%M",), zone="America/Chicago", time="02:30", dst="later")
    assert text == "202603080330"


def test_zero_dates_are_nothing_where_the_field_says_so_and_a_fault_elsewhere():
    for empty in ("00000000", "0001-01-01", "99991231"):
        assert read(empty, date=("%Y%m%d", "%Y-%m-%d"), empty=empty) is None
        assert outcome(empty, date=("%Y%m%d", "%Y-%m-%d")) in ("date-syntax", "date-bounds")
    assert written(None, Style(), date=("%Y%m%d",), empty="00000000", maybe=True) == "00000000"


@pytest.mark.parametrize("text", ["MM/DD/YYYY", "%m/%d/YY", "yyyymmdd", ""])
def test_a_pattern_in_letters_is_refused_and_the_hint_says_how_it_is_written(text):
    with pytest.raises(Wrong) as caught:
        pattern(text)
    assert caught.value.hint == "MM/DD/YYYY is %m/%d/%Y, HHMM is %H%M"


@pytest.mark.parametrize("text", ["%-m%-d%Y", "%Y%-j", "%-d1", "%H%M%S%f%j", "%c%y%m%d", "%D", "%s", "%", "%Y%Y", "%-"])
def test_a_pattern_that_cannot_be_read_one_way_is_refused(text):
    with pytest.raises(Wrong) as caught:
        pattern(text)
    assert caught.value.code == "date-pattern"


@pytest.mark.parametrize(
    "words, key",
    [
        ({"date": ("%Y%m%d %I",)}, "%I is the hour before %p: %I:%M %p"),
        ({"date": ("%Y%m%d %H %p",)}, "%I is the hour before %p: %I:%M %p"),
        ({"date": ("%Y%m%d%H%M",)}, "zone: America/Chicago, or zone: warehouse"),
        ({"date": ("dtm",)}, "zone: America/Chicago, or zone: warehouse"),
        ({"date": ("%Y%m%d",), "zone": "America/Chicgo"}, "did you mean 'America/Chicago'?"),
        ({"date": ("%Y%m%d",), "time": "25:00"}, 'time: "17:00"'),
        ({"zone": "UTC"}, 'date: "%Y%m%d"'),
    ],
)
def test_what_a_date_lacks_is_said_with_what_to_do(words, key):
    assert key in [hint for _, _, hint in faults(field(**words), writes=False)]


@pytest.mark.parametrize("words", [{"date": ("%Y%m",)}, {"date": ("%m%d",)}, {"date": ("%Y%m%d%M",)}, {"date": ("%M",)},
                                   {"date": ("%H%M", "%Y%m%d")}, {"date": ("%Y%m%d",), "pivot": 50}])  # fmt: skip
def test_what_names_no_day_is_refused_for_reading(words):
    assert faults(field(**words), writes=False)


# --- day and time apart, zones out of the file -----------------------------------------------------------------------


def test_day_and_time_are_written_apart_from_one_value():
    source = "order.orderDetails.orderDate"
    fields = f'  D: {{from: {source}, date: "%Y%m%d", zone: warehouse}}\n  T: {{from: {source}, date: "%H%M%S", zone: warehouse}}\n'
    tree = order(orderDate="2026-12-01T02:30:15Z")
    assert cells(csv(fields), tree, context=frozen()) == [("row", ["20261130", "213015"])]


APART = """\
reads: shipment_confirmation
format: csv
fields: {{ORDER: {{}}, LINE: {{}}, QTY: {{type: integer}}, D: {day}, T: {time}, TZ: {{}}}}
documents:
  group: ORDER
  about: {{order: ORDER}}
  shipmentDetails: {{shippedDate: {{from: "D ~ ' ' ~ T", date: "{date}", zone: {zone}}}, shipmentStatus: {{text: SHIPPED}}}}
  items: {{each: row, about: {{item: LINE}}, shippedQuantity: {{amount: QTY}}}}
"""


def shipped(data: str, zone: str, *, day: str = "{}", time: str = "{}", date: str = "%Y%m%d %H%M%S"):
    text = dedent(APART).format(day=day, time=time, date=date, zone=zone)
    (found,) = read_file(text, data, stored("PO1", line("1", "SKU1")))
    return found.tree.get("shipmentDetails", {}).get("shippedDate"), codes(found)


def test_day_and_time_are_read_together():
    assert shipped("PO1,1,5,20261201,143000,\n", "America/Chicago") == ("2026-12-01T20:30:00Z", [])
    typed = {"day": '{date: "%Y%m%d"}', "time": '{date: "%H%M%S"}', "date": "%Y-%m-%d %H%M%S"}
    assert shipped("PO1,1,5,20261201,143000,\n", "warehouse", **typed) == ("2026-12-01T19:30:00Z", [])
    assert shipped("PO1,1,5,20261201,253000,\n", "warehouse", **typed)[1] == ["date-syntax"]


def test_a_day_s_time_is_not_later_than_now_on_the_day_itself():
    """The file comes at noon in UTC on 2026-12-01 and says only the day: it cannot have been five in the afternoon."""
    whole = {"date": "%Y%m%d", "day": "{}", "time": "{}"}
    text = dedent(APART).replace("\"D ~ ' ' ~ T\"", "D").replace("zone: {zone}", 'zone: {zone}, time: "17:00"')
    for day, want in (
        ("20261130", "2026-11-30T22"),
        ("20261201", "2026-12-01T12"),
        ("20261202", "2026-12-02T22"),
    ):
        (found,) = read_file(
            text.format(**whole, zone="warehouse"), f"PO1,1,5,{day},,\n", stored("PO1", line("1", "SKU1"))
        )
        assert (found.tree["shipmentDetails"]["shippedDate"], codes(found)) == (f"{want}:00:00Z", [])
    typed = {**whole, "day": '{date: "%Y%m%d", time: "17:00", zone: America/New_York}'}
    text = dedent(APART).replace('{{from: "D ~ \' \' ~ T", date: "{date}", zone: {zone}}}', "max(D)").format(**typed)
    (found,) = read_file(text, "PO1,1,5,20261201,,\nPO1,1,5,20261130,,\n", stored("PO1", line("1", "SKU1")))
    assert found.tree["shipmentDetails"]["shippedDate"] == "2026-12-01T12:00:00Z"


def test_the_zone_may_stand_in_the_file():
    zone = "{from: TZ, lookup: {CST: America/Chicago, PST: America/Los_Angeles}}"
    assert shipped("PO1,1,5,20261201,143000,CST\n", zone) == ("2026-12-01T20:30:00Z", [])
    assert shipped("PO1,1,5,20261201,143000,PST\n", zone) == ("2026-12-01T22:30:00Z", [])
    assert shipped("PO1,1,5,20261201,143000,MST\n", zone)[1] == ["lookup-miss"]
    assert shipped("PO1,1,5,20261201,143000,Nowhere\n", "{from: TZ}")[1] == ["date-zone"]
    assert shipped("PO1,1,5,20261201,143000,\n", "{maybe: TZ}")[1] == ["date-zone"]


def test_a_zone_out_of_the_file_is_looked_for_in_the_picture_only():
    layout = "reads: acknowledgement\nformat: csv\nfields: {A: {}, D: {date: '%Y%m%d%H', zone: {from: A}}}\n"
    layout += "documents: {each: row, about: {order: A}}\n"
    with pytest.raises(Misconfigured) as caught:
        read_file(layout, "")
    assert [one.code for one in caught.value.findings] == ["mapping-direction"]


@pytest.mark.parametrize(
    "text, patterns, hint",
    [
        ("2026-12-01", ("%m/%d/%Y",), 'it reads like %Y-%m-%d; a list takes several: date: ["%m/%d/%Y", "%Y-%m-%d"]'),
        ("01/02/2026", ("iso",), 'it reads like %m/%d/%Y or %d/%m/%Y; a list takes several: date: ["iso", "%m/%d/%Y"]'),
        ("2026-12-01T10:00Z", ("%Y%m%d",), 'it reads like iso; a list takes several: date: ["%Y%m%d", "iso"]'),
        ("soon", ("%Y%m%d", "yyddd"), "it would read 20261231 or 26365"),
        ("12312026", ("%Y%m%d",), "it reads like %m%d%Y"),
        ("00000000", ("%Y%m%d",), "what stands for no date is said by `empty`"),
        ("20260230", ("%Y%m%d",), ""),
    ],
)
def test_a_date_that_does_not_fit_is_told_how_it_reads(text, patterns, hint):
    with pytest.raises(Wrong) as caught:
        parse(text, patterns)
    assert caught.value.hint == hint
