"""The rules of stock: a sum that a person can check, and that never falls below zero."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.documents.stock_rules import Rules, level_of, steps_of, written

ALL = Rules(reserve=2, percent=50, cap=20, share={"EWR2": 60}, unseen=True, zero=frozenset({"OFF"}))


@pytest.mark.parametrize(
    "rules, warehouse, said, open_, sum_",
    [
        (Rules(reserve=2, unseen=True), "EWR1", 12, 3, "WMS 12 − open 3 − reserve 2 = 7"),
        (Rules(), "EWR1", 12, 0, "WMS 12 = 12"),
        (Rules(reserve=5), "EWR1", 3, 0, "WMS 3 − reserve 3 = 0"),
        (Rules(percent=50), "EWR1", 7, 0, "WMS 7 − offered 50 % 4 = 3"),
        (Rules(share={"EWR2": 60}), "EWR2", 10, 0, "WMS 10 − share 60 % 4 = 6"),
        (Rules(share={"EWR2": 60}), "EWR1", 10, 0, "WMS 10 = 10"),
        (Rules(cap=9), "EWR1", 12, 0, "WMS 12 − cap 9 3 = 9"),
        (ALL, "EWR2", 103, 3, "WMS 103 − open 3 − share 60 % 40 − offered 50 % 30 − reserve 2 − cap 20 8 = 20"),
    ],
)
def test_a_sum_is_told_in_its_steps(rules, warehouse, said, open_, sum_):
    assert written(steps_of(rules, warehouse, "SKU", said, open_)) == sum_


def test_what_is_held_at_zero_is_not_offered_whatever_there_is():
    assert (
        written(steps_of(ALL, "EWR1", "OFF", 100))
        == "WMS 100 − offered 50 % 50 − reserve 2 − cap 20 28 − held at zero 20 = 0"
    )


WHOLE = st.integers(0, 10**9)
RULES = st.builds(
    Rules, WHOLE, st.integers(0, 100), st.none() | WHOLE, st.just({"W": 30}), zero=st.just(frozenset({"OFF"}))
)


@given(RULES, st.sampled_from(["W", "V"]), st.sampled_from(["S", "OFF"]), WHOLE, WHOLE)
def test_no_level_is_below_zero_or_above_what_was_said(rules, warehouse, sku, said, open_):
    assert 0 <= level_of(steps_of(rules, warehouse, sku, said, open_)) <= said
