"""Many texts are told at once from blanks and from letters beyond ASCII, as they are one by one."""

from hypothesis import given
from hypothesis import strategies as st

from translator.core.alike import BLANKS, hold

TEXTS = st.lists(st.text(alphabet=f"aB7{BLANKS}é\u00a0\u2003\0", max_size=4), max_size=6)


@given(TEXTS)
def test_texts_hold_something_when_each_does(texts):
    assert hold(texts) == all(text.strip() and text.isascii() for text in texts)
