"""Trees of Amazon's names: what is nothing vanishes, all else stays."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from translator.core.tree import leaves, pruned

NOTHING = (None, "", [], {})
TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 1) | st.text(max_size=2) | st.just(Decimal(0)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
)


def holders(tree):
    inner = list(tree.values()) if isinstance(tree, dict) else tree if isinstance(tree, list) else []
    return [*inner, *(below for one in inner for below in holders(one))]


@given(TREES)
def test_what_is_nothing_vanishes_and_so_does_what_held_nothing_else(tree):
    made = pruned(tree)
    assert not any(type(one) is type(void) and one == void for one in holders(made) for void in NOTHING)


@given(TREES)
def test_every_leaf_that_is_something_stays_and_no_is_something(tree):
    def said(one):
        return [value for _, value in leaves(one) if value not in NOTHING]

    assert said(pruned(tree)) == said(tree)
    assert [type(value) for value in said(pruned(tree))] == [type(value) for value in said(tree)]


def test_false_and_nought_are_something():
    assert pruned({"a": False, "b": 0, "c": [Decimal(0), None], "d": {"e": ""}}) == {
        "a": False,
        "b": 0,
        "c": [Decimal(0)],
    }
