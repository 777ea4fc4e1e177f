"""Conversions invert themselves, lose nothing silently, and refuse what is not exact."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.finding import Place
from translator.mapping.cells import Style, cell
from translator.mapping.convert import parser
from translator.mapping.field_faults import faults
from translator.mapping.layout import Field
from translator.mapping.wrong import Wrong

RULE = Place("m.yaml", 1, 1)
FIXED = Style(fills=True)


def field(**words) -> Field:
    return Field("f", RULE, **words)


def written(value, style=FIXED, here="", **words):
    return cell(field(**words), style)(value, here)


def read(text, here="", **words):
    return parser(field(**words), here)(text)


def outcome(text, **words):
    """Give the value, or the code of what is wrong; anything else is raised."""
    try:
        return read(text, **words)
    except Wrong as wrong:
        return wrong.code


NUMBERS = st.decimals(min_value=-99999, max_value=99999, places=2, allow_nan=False)
KINDS = st.fixed_dictionaries(
    {
        "sign": st.sampled_from(["", "leading", "trailing", "always"]),
        "pad": st.sampled_from(["", "0"]),
        "mark": st.sampled_from([".", ","]),
    }
)


@given(NUMBERS, KINDS, st.sampled_from([{"places": 2}, {"implied": 2}]))
def test_a_decimal_reads_what_it_wrote(number, kind, places):
    words = {"type": "decimal", "len": 12, **kind, **places}
    text = written(number, **words)
    assert len(text) == 12
    assert read(text, **words) == number


@given(st.integers(-(10**6), 10**6), KINDS)
def test_an_integer_reads_what_it_wrote(number, kind):
    words = {"type": "integer", "len": 9, **kind}
    assert read(written(number, **words), **words) == number


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20))
def test_a_text_reads_what_it_wrote_but_for_blanks_at_its_end(text):
    assert (read(written(text, len=20), len=20) or "") == ("" if text.isspace() else text.rstrip(" "))


@given(st.text(max_size=12))
def test_any_text_gives_a_value_or_wrong_and_nothing_else(text):
    for words in (
        {"type": "integer"},
        {"type": "decimal", "implied": 2},
        {"date": ("%Y%m%d", "iso"), "zone": "UTC"},
        {"len": 5},
    ):
        outcome(text, **words)


@pytest.mark.parametrize(
    "text, words, want",
    [
        ("00012", {"type": "integer"}, 12),
        ("0012-", {"type": "integer", "sign": "trailing"}, -12),
        ("1.234", {"type": "decimal"}, Decimal("1.234")),
        ("12,50", {"type": "decimal", "mark": ","}, Decimal("12.50")),
        ("001250", {"type": "decimal", "implied": 2}, Decimal("12.50")),
        ("      ", {"type": "integer"}, None),
        ("00000000", {"date": ("%Y%m%d",), "zone": "UTC", "empty": "00000000"}, None),
        ("00123", {}, "00123"),
        ("20261201", {"date": ("%Y%m%d",)}, date(2026, 12, 1)),
        ("20261201", {"date": ("%Y%m%d",), "time": "17:00", "zone": "America/Chicago"},
         datetime(2026, 12, 1, 17, tzinfo=ZoneInfo("America/Chicago"))),
        ("01.12.2026", {"date": ("%Y%m%d", "%d.%m.%Y")}, date(2026, 12, 1)),
        ("2026-12-01T10:00:00+02:00", {"date": ("iso",)}, datetime(2026, 12, 1, 8, tzinfo=UTC)),
        ("2026335", {"date": ("%Y%j",)}, date(2026, 12, 1)),
    ],
)  # fmt: skip
def test_a_text_is_read_as_the_field_says(text, words, want):
    assert read(text, **words) == want


@pytest.mark.parametrize(
    "text, words, code",
    [
        ("1e5", {"type": "decimal"}, "number-syntax"),
        ("١٢", {"type": "integer"}, "number-syntax"),
        ("1_000", {"type": "integer"}, "number-syntax"),
        ("1,000.00", {"type": "decimal"}, "number-syntax"),
        ("NaN", {"type": "decimal"}, "number-syntax"),
        ("9" * 60, {"type": "integer"}, "number-syntax"),
        ("12.5", {"type": "integer"}, "number-lost-digits"),
        ("12.5", {"type": "decimal", "implied": 2}, "number-syntax"),
        ("12.345", {"type": "decimal", "places": 2}, "number-lost-digits"),
        ("20261301", {"date": ("%Y%m%d",)}, "date-syntax"),
        ("2026-12-01 extra", {"date": ("iso",)}, "date-syntax"),
        ("20260308 0230", {"date": ("%Y%m%d %H%M",), "zone": "America/Chicago"}, "date-dst"),
        ("20261101 0130", {"date": ("%Y%m%d %H%M",), "zone": "America/Chicago"}, "date-dst"),
        ("20261201 0130", {"date": ("%Y%m%d %H%M",), "zone": "warehouse"}, "date-zone"),
    ],
)
def test_what_is_not_exact_is_refused(text, words, code):
    with pytest.raises(Wrong) as caught:
        read(text, **words)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "value, words, want",
    [
        (-5, {"type": "integer", "len": 5, "pad": "0"}, "-0005"),
        (5, {"type": "integer", "len": 5}, "    5"),
        ("12.5", {"type": "decimal", "implied": 2, "len": 9, "pad": "0"}, "000001250"),
        ("12.50", {"type": "decimal", "implied": 2, "len": 9, "pad": "0"}, "000001250"),
        (Decimal("-0.00"), {"type": "decimal", "places": 2}, "0.00"),
        ("2.675", {"type": "decimal", "places": 2, "round": "half_up"}, "2.68"),
        (7, {"type": "decimal", "places": 2, "mark": ","}, "7,00"),
        ("xxxxx", {"redacted": "LABEL", "len": 8}, "LABEL   "),
        (None, {"default": "N", "maybe": True, "len": 3}, "N  "),
        ("", {"empty": "00000000", "len": 8}, "00000000"),
        ("abcdef", {"len": 4, "truncate": True}, "abcd"),
        (True, {}, "true"),
        ("2026-12-01T02:30:00Z", {"date": ("%Y%m%d",), "zone": "America/Chicago"}, "20261130"),
        (date(2026, 12, 1), {"date": ("%Y%m%d",), "zone": "America/Chicago"}, "20261201"),
    ],
)
def test_a_value_is_written_as_the_field_says(value, words, want):
    style = FIXED if "len" in words else Style()
    assert written(value, style, **words) == want


@pytest.mark.parametrize(
    "value, words, code",
    [
        ("abcdef", {"len": 4}, "value-too-long"),
        (12345, {"len": 4, "type": "integer"}, "value-too-long"),
        (12345, {"len": 4, "type": "integer", "truncate": True}, "value-too-long"),
        ("12.345", {"type": "decimal", "places": 2}, "number-lost-digits"),
        ("2026-12-01T02:30:00", {"date": ("%Y%m%d",)}, "date-zone"),
        ([1], {}, "value-type"),
        ({"a": 1}, {}, "value-type"),
        (True, {"type": "integer"}, "number-syntax"),
        (1.5, {"type": "decimal"}, "number-syntax"),
        (None, {"required": True}, "value-missing"),
    ],
)
def test_what_cannot_be_written_is_refused(value, words, code):
    with pytest.raises(Wrong) as caught:
        written(value, Style(), **words)
    assert caught.value.code == code


def test_a_number_with_too_many_places_is_told_as_it_came():
    with pytest.raises(Wrong) as caught:
        written("24.505", Style(), type="decimal", implied=2)
    assert caught.value.text == "'24.505' has more than 2 places"
    assert written("24.505", Style(), type="decimal", implied=2, round="half_up") == "2451"


def test_width_may_count_bytes():
    style = Style(fills=True, charset="utf-8")
    assert written("Jo Müller", style, len=12) == "Jo Müller  "
    assert written("Müüller", style, len=5, truncate=True) == "Müü"
    with pytest.raises(Wrong) as caught:
        written("Müüller", style, len=8)
    assert caught.value.text == "9 bytes, the field has 8"


def test_a_date_that_moves_across_midnight_is_the_warehouse_s_day():
    words = {"date": ("%Y-%m-%d %H:%M",), "zone": "warehouse"}
    assert written("2026-12-01T02:30:00Z", Style(), here="America/New_York", **words) == "2026-11-30 21:30"
    assert faults(field(**words)) == []


def test_reading_a_time_wants_a_zone():
    assert [key for key, _, _ in faults(field(date=("%Y%m%d %H%M",)), writes=False)] == ["date"]
    assert faults(field(date=("%Y%m%d",)), writes=False) == []


def test_moments_far_away_are_refused_not_raised():
    with pytest.raises(Wrong):
        written(datetime.min.replace(tzinfo=UTC) + timedelta(hours=1), Style(), date=("%Y",), zone="America/Chicago")
