"""The gate of stock: what a person has to approve, in words, and what is small enough to pass."""

import pytest

from translator.documents.stock_gate import Change, Gate, objections


def said(change, sizes=(), **more):
    return list(objections(Gate(), change, sizes, **more))


def test_what_takes_little_away_passes():
    assert said(Change(1000, 100, 5000, 2500, missing=100, size=900), [1000]) == []


@pytest.mark.parametrize(
    "change, words",
    [
        (
            Change(1000, 101, 5000, 4900),
            "101 of 1,000 SKUs that Amazon sells would be set to zero (10 % are let through)",
        ),
        (Change(1000, 0, 5000, 2499), "5,000 units would become 2,499 (50 % less are let through)"),
        (
            Change(1, 0, 5, 5, missing=1, size=999),
            "1 SKU with stock is missing, and nothing in it says that it is whole",
        ),
        (Change(1000, 0, 5, 5, size=799), "it names 799 SKUs, usually there are 1,000 (20 % fewer are let through)"),
    ],
)
def test_what_takes_much_away_is_told_in_words(change, words):
    assert said(change, [1000, 990, 1010], proven=False) == [words]


def test_a_small_warehouse_is_not_held_for_its_few_skus():
    assert said(Change(9, 9, 100, 0, missing=9), [9]) == []


def test_what_is_missing_in_a_file_that_says_it_is_whole_counts_as_zero_only():
    assert said(Change(1000, 5, 5000, 4990, missing=5, size=995), [1000]) == []


def test_a_warehouse_of_which_amazon_knows_nothing_is_let_in_whole():
    assert said(Change(0, 0, 0, 0, size=5000)) == []


def test_more_units_than_before_hold_nothing():
    assert said(Change(100, 0, 500, 90_000)) == []
