"""JSON at the door: what is refused, with which code, and where."""

import json
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from translator.core.alike import is_composed
from translator.core.finding import Rejected
from translator.core.jsontext import decode, encode

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize(
    "text, code",
    [
        (b'{"a":1,"a":2}', "json-duplicate-key"),
        (b'{"x":{"a" : 1, "b":[{"c":1,"c" :1}]}}', "json-duplicate-key"),
        (b'{"a":1,"\\u0061":2}', "json-duplicate-key"),
        (b'{"a":"\\u003a","a":1}', "json-duplicate-key"),
        (b'{"a":1,"b":"\\u003A","a":"x"}', "json-duplicate-key"),
        (b'{"a": NaN}', "json-syntax"),
        (b'{"a": Infinity}', "json-syntax"),
        (b'{"a": 1e999}', "json-number"),
        (b'{"a": 1E-0013}', "json-number"),
        (b'{"a": ' + b"1" * 5000 + b"}", "json-number"),
        (b"[" * 65 + b"]" * 65, "json-depth"),
        (b"[" * 100_000, "json-depth"),
        (b'{"a": "\\ud800"}', "json-surrogate"),
        (b'{"a": "\xff"}', "json-charset"),
        (b'{"a": 1', "json-syntax"),
        (b"", "json-syntax"),
        (b'{"a": 1} x', "json-syntax"),
    ],
)
def test_hostile_json_is_refused_with_a_code(text, code):
    with pytest.raises(Rejected) as caught:
        decode(text, "orders.json")
    assert caught.value.findings[0].code == code


@pytest.mark.parametrize("open, close", [(b"[", b"]"), (b'{"a":', b"}"), (b'[{"a":1},{"a":[', b"]}]")])
def test_what_is_nested_as_deep_as_allowed_is_read_and_one_deeper_is_not(open, close):
    levels = open.count(b"[") + open.count(b"{") - open.count(b"}")
    fits = b"[" * (64 % levels) + open * (64 // levels) + b"1" + close * (64 // levels) + b"]" * (64 % levels)
    assert decode(fits)
    with pytest.raises(Rejected, match="nested deeper than 64"):
        decode(b"[" + fits + b"]")


MARKS = st.text(st.sampled_from('{}[]"\\a'), max_size=6)
NESTED = st.recursive(
    MARKS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(MARKS, inner, max_size=3), max_leaves=12
)


def levels_of(tree) -> int:
    inside = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else None
    return 0 if inside is None else 1 + max(map(levels_of, inside), default=0)


@given(NESTED)
def test_brackets_in_texts_and_names_are_no_levels(tree):
    data, levels = json.dumps(tree).encode(), levels_of(tree)
    assert decode(data, depth=levels) == tree
    if levels:
        with pytest.raises(Rejected, match="nested deeper"):
            decode(data, depth=levels - 1)


def test_a_fault_has_line_and_column():
    with pytest.raises(Rejected) as caught:
        decode(b'{\n  "a": 1,\n  "b" 2\n}', "orders.json")
    place = caught.value.findings[0].data
    assert (place.file, place.line) == ("orders.json", 3)


def test_numbers_are_integers_or_decimals():
    assert decode(b'{"a": 19.99, "b": 3}') == {"a": Decimal("19.99"), "b": 3}
    assert encode({"a": Decimal("19.90")}) == b'{"a":19.90}'


@given(VALUES)
def test_what_is_lawful_reads_as_the_standard_reader_has_it(value):
    text = json.dumps(value)
    assume(is_composed(json.dumps(value, ensure_ascii=False)))  # else its letters are composed: test_letters
    assert decode(text.encode()) == json.loads(text)


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_give_a_tree_or_rejected(data):
    with suppress(Rejected):
        decode(data)
