"""What a hostile or careless sender puts into a value (reliability-security §3.9), each by its number."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.mapping.test_convert import FIXED, outcome, written
from translator.mapping.cells import Style
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
