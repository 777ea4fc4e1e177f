"""Numbers look in a file as their notation says, both ways; what could be two numbers is refused."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mapping.made import frozen, item, order
from tests.mapping.reading import read as read_file
from tests.mapping.test_convert import FIXED, field, outcome, read, written
from tests.mapping.test_reader import entries
from tests.mapping.test_writer import cells, csv, writer
from translator.core.finding import Place
from translator.mapping.cells import Style
from translator.mapping.checks import alike
from translator.mapping.convert import typed
from translator.mapping.field_faults import faults
from translator.mapping.layout import Field
from translator.mapping.wrong import Wrong

NUMBERS = st.decimals(min_value=-9_999_999, max_value=9_999_999, places=2, allow_nan=False)
NOTATIONS = st.one_of(
    st.fixed_dictionaries({"implied": st.just(2), "sign": st.sampled_from(["", "leading", "trailing", "always"])}),
    st.fixed_dictionaries({"implied": st.just(2), "sign": st.just("overpunch"), "pad": st.just("0")}),
    st.fixed_dictionaries({"places": st.just(2), "mark": st.just(","), "thousands": st.sampled_from([".", " ", "'"])}),
    st.fixed_dictionaries({"places": st.just(2), "thousands": st.just(","), "sign": st.just("trailing")}),
)


@given(NUMBERS, NOTATIONS)
def test_a_number_reads_what_it_wrote_in_every_notation(number, notation):
    words = {"type": "decimal", "len": 16, **notation}
    assert read(written(number, **words), **words) == number


@pytest.mark.parametrize(
    "value, words, text",
    [
        ("12.50", {"implied": 2, "sign": "overpunch"}, "125{"),
        ("-12.50", {"implied": 2, "sign": "overpunch"}, "125}"),
        ("12.31", {"implied": 2, "sign": "overpunch", "len": 7, "pad": "0"}, "000123A"),
        ("-12.39", {"implied": 2, "sign": "overpunch", "len": 7, "pad": "0"}, "000123R"),
        ("-3", {"sign": "overpunch"}, "L"),
        ("1234567.5", {"thousands": ","}, "1,234,567.5"),
        ("-1234567.5", {"mark": ",", "thousands": "."}, "-1.234.567,5"),
        ("999", {"thousands": " "}, "999"),
        ("-1234567", {"type": "integer", "thousands": "."}, "-1.234.567"),
        ("-1000", {"thousands": "'", "sign": "trailing"}, "1'000-"),
        ("5", {"sign": "always"}, "+5"),
        ("-5", {"sign": "leading"}, "-5"),
    ],
)
def test_a_number_is_written_in_its_notation_and_read_back(value, words, text):
    style = FIXED if "len" in words else Style()
    words = {"type": "decimal", **words}
    assert written(value, style, **words) == text
    assert read(text, **words) == Decimal(value)


def test_a_number_out_of_a_document_is_written_in_its_notation_too():
    """Where a number comes as it is mostly written, the code takes a short cut: not with these."""
    amount = "from: order.orderDetails.customerOrderNumber, type"
    fields = f"""\
  A: {{{amount}: decimal, places: 2, thousands: ","}}
  B: {{{amount}: decimal, implied: 2, sign: overpunch}}
  C: {{{amount}: decimal, places: 2, sign: always}}
  D: {{{amount}: decimal, places: 2}}
"""
    assert cells(csv(fields), order(customerOrderNumber="1234.50")) == [
        ("row", ["1,234.50", "12345{", "+1234.50", "1234.50"])
    ]
    fields = f'  A: {{{amount}: integer, thousands: "."}}\n  B: {{{amount}: integer, sign: overpunch}}\n'
    assert cells(csv(fields), order(customerOrderNumber="1234")) == [("row", ["1.234", "123D"])]


def test_a_total_is_written_in_its_notation_too():
    text = """\
writes: order
format: fixed
records:
  D: {each: item in order.orderDetails.items, fields: {qty: {len: 6, from: item.orderedQuantity.amount, type: integer}}}
  T:
    fields:
      sum: {len: 6, type: integer, thousands: ",", equals: sum(D.qty)}
      of:  {len: 5, type: integer, sign: overpunch, equals: sum(D.qty)}
"""
    lines = (item(1, orderedQuantity={"amount": 1000}), item(2, orderedQuantity={"amount": 234}))
    assert cells(text, order(*lines))[-1] == ("T", [" 1,234", " 123D"])


def test_every_zoned_digit_is_read():
    """The letters of zoned decimals are the same in ASCII files and in EBCDIC that was decoded."""
    for digit, (plus, minus) in enumerate(zip("{ABCDEFGHI", "}JKLMNOPQR", strict=True)):
        words = {"type": "integer", "sign": "overpunch"}
        assert [read(f"1{letter}", **words) for letter in (plus, minus, str(digit))] == [
            10 + digit,
            -10 - digit,
            10 + digit,
        ]
    for charset in ("cp037", "cp500"):
        assert bytes([0xF1, 0xC0, 0xF1, 0xD0, 0xF1, 0xC1, 0xF1, 0xD9]).decode(charset) == "1{1}1A1R"


@pytest.mark.parametrize(
    "text, words",
    [
        ("12,34.5", {"thousands": ","}),
        ("1,2345", {"thousands": ","}),
        (",123", {"thousands": ","}),
        ("1234,567", {"thousands": ","}),
        ("1.234,5", {"thousands": ","}),
        ("1.234", {"mark": ","}),
        ("-5", {"sign": "trailing"}),
        ("5 -", {"sign": "trailing"}),
        ("-5-", {"sign": "trailing"}),
        ("-5", {"sign_of": "other"}),
        ("5K5", {"sign": "overpunch"}),
        ("-5K", {"sign": "overpunch"}),
        ("5S", {"sign": "overpunch"}),
        ("5a", {"sign": "overpunch"}),
        ("+5", {}),
    ],
)
def test_what_could_be_another_number_is_refused_and_a_number_is_shown(text, words):
    assert outcome(text, type="decimal", **words) == "number-syntax"


def test_the_hint_shows_a_number_of_the_notation():
    with pytest.raises(Wrong) as caught:
        read("12.50", type="decimal", mark=",", thousands=".", sign="trailing")
    assert caught.value.hint == "numbers here look like 1.234,5-"


def test_nothing_is_minus_zero():
    assert str(read("-0", type="decimal")) == str(read("0-", type="decimal", sign="trailing")) == "0"
    assert written("-0.00", Style(), type="decimal", implied=2, sign="overpunch") == "{"
    assert written("-0.00", Style(), type="decimal") == "0.00"


@pytest.mark.parametrize(
    "words, key",
    [
        ({"type": "decimal", "thousands": "."}, "thousands"),
        ({"type": "decimal", "thousands": ",,"}, "thousands"),
        ({"type": "decimal", "thousands": "0"}, "thousands"),
        ({"type": "decimal", "thousands": ",", "implied": 2}, "thousands"),
        ({"type": "decimal", "thousands": ",", "pad": "0"}, "thousands"),
        ({"type": "integer", "pad": "0", "justify": "left"}, "justify"),
        ({"type": "integer", "pad": "9"}, "pad"),
        ({"thousands": ","}, "thousands"),
        ({"sign": "overpunch"}, "sign"),
        ({"sign_of": "other"}, "sign"),
    ],
)
def test_what_would_not_read_back_is_refused_at_load(words, key):
    assert key in [found for found, _, _ in faults(field(**words))]


STOCK = """\
reads: inventory_update
format: fixed
charset: {charset}
newline: lf
records:
  D: {{times: 0.., fields: {{sku: {{len: 6}}, qty: {{len: 5, type: decimal, implied: 1, sign: overpunch}}}}}}
documents:
  warehouseId: {{text: EWR1}}
  items: {{each: D, vendorProductIdentifier: sku, availableQuantity: {{amount: qty | whole}}}}
"""


@pytest.mark.parametrize("charset", ["cp037", "cp500", "ascii"])
def test_zoned_numbers_of_a_mainframe_are_read_and_written_in_its_charset(charset):
    lines = "A-1   0012{\nB-2   0007}\nC-3   00050\n"
    (found,) = read_file(STOCK.format(charset=charset), lines.encode(charset), file="STK1")
    amounts = [(one["vendorProductIdentifier"], one["availableQuantity"]["amount"]) for one in found.tree["items"]]
    assert amounts == [("A-1", 12), ("B-2", -7), ("C-3", 5)]


LONG = "1234567890123456789012345678901234.56"


def test_long_numbers_keep_their_digits_where_they_are_added_turned_and_told():
    tree = order(item(1, netPrice={"amount": f"-{LONG}"}), item(2, netPrice={"amount": "0.01"}))
    text = """\
writes: order
format: csv
records:
  D: {each: item in order.orderDetails.items, fields: {n: {from: item.netPrice.amount, type: decimal, sign: s}, s: {}}}
  T: {fields: {sum: {type: decimal, equals: sum(D.n)}}}
"""
    assert cells(text, tree) == [("D", [LONG, "-"]), ("D", ["0.01", ""]), ("T", [f"-{LONG[:-1]}5"])]


def test_long_numbers_keep_their_digits_where_they_are_read():
    (found,) = entries("{A: {type: decimal, sign: S}, S: {}}", f"{LONG},-\n")
    assert found["A"] == Decimal(f"-{LONG}")


def test_a_typed_format_holds_a_long_number_without_its_sign_whole():
    one = Field("n", Place(), type="decimal", sign_of="s")
    assert typed(f"-{LONG}", one) == Decimal(LONG)
    assert typed("-5", replace(one, type="integer")) == 5


@pytest.mark.parametrize("said", ["1e999999999", "NaN", "sNaN", "Infinity", "1_0", "٣", LONG])
def test_what_a_file_says_of_itself_differs_where_it_is_no_such_number(said):
    assert not alike(said, 10, "")
    assert not alike(said, Decimal(LONG) + 1, "0.5")


def test_what_a_file_says_of_itself_may_be_written_otherwise():
    assert alike("010", 10, "")
    assert alike("10.0", 10, "")
    assert alike("10.4", Decimal(10), "0.5")


@pytest.mark.parametrize(
    "words", ["type: decimal, places: 2", "type: decimal, implied: 2", "type: integer, sign: always"]
)
def test_a_number_that_is_too_great_is_told_and_not_raised(words):
    _, (finding,) = writer(csv(f"  A: {{from: 10**60 * 10**60 * 10**30, {words}}}\n")).rows(
        {"order": order()}, frozen()
    )
    assert finding.code == "number-syntax"


@pytest.mark.parametrize(
    "text, keys",
    [
        ("12,5", "mark: ','"),
        ("12,500", "mark: ',' or thousands: ','"),
        ("1.234,5", "mark: ',' with thousands: '.'"),
        ("12-", "sign: trailing"),
        ("0012{", "sign: overpunch"),
        ("heavy", ""),
    ],
)
def test_the_hint_says_by_which_keys_a_text_would_be_a_number(text, keys):
    with pytest.raises(Wrong) as caught:
        read(text, type="decimal")
    assert caught.value.hint == f"digits, one point, a minus before them{'; it reads like ' * bool(keys)}{keys}"
