"""What a hostile or careless sender puts into a value (reliability-security §3.9), each by its number."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tests.mapping.test_convert import FIXED, field, outcome, written
from translator.mapping.cells import Style, cell
from translator.mapping.letters import lacking, substitute
from translator.mapping.wrong import Wrong


@pytest.mark.parametrize(
    "text, want",
    [
        ("-5", -5), ("0", 0), ("1.5", "number-lost-digits"), ("1e3", "number-syntax"), ("1_000", "number-syntax"),
        ("٣", "number-syntax"), ("\u00a05", "number-syntax"), ("+5", "number-syntax"), ("5-", "number-syntax"),
        ("0x10", "number-syntax"), ("", None), ("  7 ", 7), ("\t7", "number-syntax"), ("7\n", "number-syntax"),
        ("５", "number-syntax"), ("²", "number-syntax"), ("-", "number-syntax"), ("--5", "number-syntax"),
        ("- 5", "number-syntax"), ("1,000", "number-syntax"), ("9" * 41 + "99", "number-syntax"),
    ],
)  # fmt: skip
def test_35_a_quantity_is_ascii_digits_and_nothing_that_int_takes_beyond_them(text, want):
    assert outcome(text, type="integer") == want


@pytest.mark.parametrize(
    "text", ["NaN", "Infinity", "-inf", "1e308", "1e999999", "1e50000000", "1E2", "sNaN", "0." + "0" * 60]
)
def test_36_what_is_no_plain_decimal_is_refused(text):
    for words in ({}, {"implied": 2}, {"mark": ","}, {"thousands": ","}, {"sign": "overpunch"}, {"sign": "trailing"}):
        assert outcome(text, type="decimal", **words) == "number-syntax"


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), Decimal("1e50000000"), 1.5])
def test_36_what_is_no_plain_decimal_is_not_written_either(value):
    with pytest.raises(Wrong, match="is no number"):
        written(value, Style(), type="decimal", places=2)


@pytest.mark.parametrize(
    "value, style, words",
    [
        (100000, FIXED, {"len": 5, "type": "integer"}),
        (100000, FIXED, {"len": 5, "type": "integer", "truncate": True}),
        ("-99999", FIXED, {"len": 5, "type": "integer", "sign": "trailing"}),
        ("a text that is longer", FIXED, {"len": 20}),
        ("ÄÖÜäöüß€éèêëā", Style(fills=True, charset="utf-8"), {"len": 19}),
        ("999999.99", FIXED, {"len": 7, "type": "decimal", "implied": 2}),
    ],
)
def test_38_what_does_not_fit_is_an_error_and_never_cut(value, style, words):
    with pytest.raises(Wrong) as caught:
        written(value, style, **words)
    assert caught.value.code == "value-too-long"


CHICAGO = {"zone": "America/Chicago"}


@pytest.mark.parametrize(
    "text, words, want",
    [
        ("2026-12-31T23:59:60Z", {"date": ("iso",)}, datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("20261231 235960", {"date": ("%Y%m%d %H%M%S",), "zone": "UTC"}, datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("20261231 120060", {"date": ("%Y%m%d %H%M%S",), "zone": "UTC"}, "date-syntax"),
        ("20261231 235961", {"date": ("%Y%m%d %H%M%S",), "zone": "UTC"}, "date-syntax"),
        ("20261231 240000", {"date": ("%Y%m%d %H%M%S",), "zone": "UTC"}, datetime(2027, 1, 1, tzinfo=UTC)),
        ("2026-12-31T24:00:00Z", {"date": ("iso",)}, datetime(2027, 1, 1, tzinfo=UTC)),
        ("20261231 240001", {"date": ("%Y%m%d %H%M%S",), "zone": "UTC"}, "date-syntax"),
        ("20261231 250000", {"date": ("%Y%m%d %H%M%S",), "zone": "UTC"}, "date-syntax"),
        ("20260230", {"date": ("%Y%m%d",)}, "date-syntax"),
        ("20260229", {"date": ("%Y%m%d",)}, "date-syntax"),
        ("20280229", {"date": ("%Y%m%d",)}, date(2028, 2, 29)),
        ("20260308 0230", {"date": ("%Y%m%d %H%M",), **CHICAGO}, "date-dst"),
        ("20261101 0130", {"date": ("%Y%m%d %H%M",), **CHICAGO}, "date-dst"),
        ("0001-01-01T00:00:00+02:00", {"date": ("iso",)}, "date-bounds"),
        ("9999-12-31T23:59:59-12:00", {"date": ("iso",)}, "date-bounds"),
        ("18991231", {"date": ("%Y%m%d",)}, "date-bounds"),
        ("19000101", {"date": ("%Y%m%d",)}, date(1900, 1, 1)),
        ("21991231", {"date": ("%Y%m%d",)}, date(2199, 12, 31)),
        ("22000101", {"date": ("%Y%m%d",)}, "date-bounds"),
        ("99991231 240000", {"date": ("%Y%m%d %H%M%S",), "zone": "UTC"}, "date-syntax"),
        ("20261201 1430", {"date": ("%Y%m%d %H%M",)}, "date-zone"),
        ("20240105", {"date": ("iso",)}, "date-syntax"),
        ("2024-W01-5", {"date": ("iso",)}, "date-syntax"),
        ("2026-12-01T10:00:00+0260", {"date": ("iso",)}, "date-syntax"),
        ("2026-12-01T10:00:00+25:00", {"date": ("iso",)}, "date-syntax"),
        ("２０２６１２０１", {"date": ("%Y%m%d",)}, "date-syntax"),
        ("20261201\n", {"date": ("%Y%m%d",)}, "date-syntax"),
    ],
)  # fmt: skip
def test_53_times_are_read_by_rule_or_refused(text, words, want):
    assert outcome(text, **words) == want


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+02:00", "9999-12-31T23:59:59-12:00", "2026-12-01T10:00:00"])
def test_53_what_amazon_cannot_mean_is_not_written(text):
    with pytest.raises(Wrong) as caught:
        written(text, Style(), date=("%Y%m%d",), zone="America/Chicago")
    assert caught.value.code in ("date-bounds", "date-zone")


@pytest.mark.parametrize(
    "text, length, want",
    [
        ("ß", 2, "ss"),
        ("ß", 1, "value-too-long"),
        ("ﬁ", 2, "fi"),
        ("ﬁ", 1, "value-too-long"),
        ("ﷺ", 3, "ﷺ  "),
        ("👩\u200d👩\u200d👧", 5, "👩👩👧  "),
        ("שלום", 5, "שלום "),
        ("e\u0301", 1, "value-too-long"),
    ],
)
def test_52_width_is_looked_at_when_the_letters_stand_as_they_are_written(text, length, want):
    """What has no plain form stays, for the charset to tell."""
    style = Style(fills=True, substitute=substitute(lacking("ascii")))
    try:
        got = cell(field(len=length), style)(text, "", lambda *_: None)
    except Wrong as wrong:
        got = wrong.code
    assert got == want
