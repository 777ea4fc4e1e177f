"""YAML is read strictly: texts stay texts, and all that is refused is refused with its place."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.finding import Findings, Misconfigured
from translator.mapping.strict import DEPTH, SIZE, Entries, Items, Scalar, keys, read_yaml


def refused(text: str | bytes) -> list[tuple[str, int, int]]:
    with pytest.raises(Misconfigured) as caught:
        read_yaml(text, "m.yaml")
    return [(one.code, one.rule.line, one.rule.column) for one in caught.value.findings]


@pytest.mark.parametrize(
    "text", ["NO", "on", "00123", "1.10", "22:30", "~", "null", "true", "1_000", "2026-12-01", "0x1f"]
)
def test_a_plain_scalar_stays_the_text_that_was_written(text):
    node = read_yaml(f"a: {text}\n", "m.yaml")
    assert isinstance(node, Entries)
    assert node.get("a") == Scalar(text, quoted=False, rule=node.get("a").rule)


def test_keys_and_values_know_their_line_and_column():
    node = read_yaml("a: 1\nb:\n  - x\n  - {c: 'y'}\n", "m.yaml")
    assert (node.key("b").line, node.key("b").column) == (2, 1)
    items = node.get("b")
    assert isinstance(items, Items)
    inner = items.nodes[1].get("c")
    assert (inner.text, inner.quoted, inner.rule.line, inner.rule.column) == ("y", True, 4, 9)


def test_everything_refused_is_found_at_once():
    text = "a: &x 1\nb: *x\nc: !!int 3\na: 2\n<<: {d: 1}\n"
    assert sorted(refused(text), key=lambda one: one[1]) == [
        ("yaml-anchor", 1, 4),
        ("yaml-alias", 2, 4),
        ("yaml-tag", 3, 4),
        ("yaml-duplicate-key", 4, 1),
        ("yaml-merge", 5, 1),
    ]


@pytest.mark.parametrize(
    "text, code, line",
    [
        ("a:\n\tb: 1\n", "yaml-tab", 2),
        ("a: 1\n---\nb: 2\n", "yaml-documents", 2),
        ("a: [1\nb: 2\n", "yaml-syntax", 1),
        ("a: b: c\n", "yaml-syntax", 1),
        ("? [a]\n: 1\n", "yaml-key", 1),
        ("[" * (DEPTH + 1), "yaml-depth", 1),
        (b"a: \xff\n", "yaml-charset", 1),
        (b"x" * (SIZE + 1), "yaml-size", 0),
        ("a: \x01\n", "yaml-syntax", 0),
    ],
)
def test_what_is_refused_has_a_code_and_a_line(text, code, line):
    found = refused(text)
    assert (code, line) in [(one, at) for one, at, _ in found]


@pytest.mark.parametrize(
    "text, line, hint",
    [
        ("a: {from: x | phone('### ###')}\nb: 1\n", 1, "' #' begins a comment here: put quotes around what holds it"),
        ("a: 1\nb: {from: x[0] | y}\n", 2, "inside { } an expression that holds , [ ] { } or ? stands in quotes"),
        ("a: 'x' if y: z\n", 1, ""),
        ("a: x if y: z\n", 1, "an expression with ': ' or ' #' stands in quotes"),
        ("a: {from: x, len: 5  # five\nb: 1\n", 1, "what { or [ begins is not ended"),
        ("a:\n    b: 1\n   c: 2\n", 3, "the keys of one mapping begin in one column"),
        ("a:\n  b: x\n    c: 2\n", 3, "the keys of one mapping begin in one column"),
        ("a:\n  LINE:{len: 5, from: x}\n", 2, "a blank stands behind the ':' of a key"),
        ("a: {at: @id}\n", 1, "a text that begins with @ stands in quotes"),
        ('a:\n  b: {text: "x}\n  c: 1\n', 2, "what this quote begins is not ended"),
        (
            "a: 1\nb: {from: x max: 3}\n",
            2,
            "a comma stands between the keys inside { }, and a text with ': ' in it wants quotes",
        ),
        (
            "a: {text: Ship to: all}\n",
            1,
            "a comma stands between the keys inside { }, and a text with ': ' in it wants quotes",
        ),
        ("a: {from: x\nb: 1\n", 1, "what { or [ begins is not ended"),
        ("a: {from: x}}\nb: 1\n", 1, "one } too many"),
        ("file: {{ x }}.csv\nb: 1\n", 1, "a text that begins with {{ stands in quotes"),
    ],
)
def test_a_character_that_yaml_takes_for_its_own_is_named_where_it_stands(text, line, hint):
    with pytest.raises(Misconfigured) as caught:
        read_yaml(text, "m.yaml")
    found = caught.value.findings[-1]
    assert (found.code, found.rule.line, found.hint) == ("yaml-syntax", line, hint)


def test_a_sign_that_a_key_may_be_is_offered_in_its_quotes():
    findings = Findings()
    keys(read_yaml("mark: ''\n", "m.yaml"), findings, known=("mark",)).word("mark", (".", ","), ".")
    assert [one.hint for one in findings.found] == ['one of: ".", ","']


def test_braces_of_a_template_and_a_key_without_its_blank_are_recognised():
    with pytest.raises(Misconfigured) as caught:
        read_yaml("file: {{ x }}\n", "m.yaml")
    assert [one.hint for one in caught.value.findings] == [
        "a key is a text; a text that begins with {{ stands in quotes"
    ]
    with pytest.raises(Misconfigured) as caught:
        read_yaml("a:\n  LINE:{text: x}\n", "m.yaml")
    assert [(one.rule.line, one.hint) for one in caught.value.findings] == [
        (2, "a blank stands behind the ':' of a key")
    ]
    findings = Findings()
    keys(read_yaml("{from:x}\n", "m.yaml"), findings, "in a field", ["from"]).done()
    assert [one.hint for one in findings.found] == ["a blank stands behind the ':' of a key"]


def test_an_expression_that_a_comma_cuts_in_two_is_recognised():
    findings = Findings()
    words = keys(read_yaml("{from: wrap(x, 35)}\n", "m.yaml"), findings, "in a field", ["from"])
    words.done()
    assert [(one.code, one.rule.column) for one in findings.found] == [("yaml-unknown-key", 16)]
    assert findings.found[0].hint.startswith("a comma inside { } ends a value")


def test_an_unknown_key_is_refused_with_a_suggestion_and_the_rest_is_still_read():
    findings = Findings()
    words = keys(read_yaml("lenn: 3\nmax: x\nkind: texd\n", "m.yaml"), findings, "in a field")
    assert words.whole("len") is None
    assert words.whole("max", 7) == 7
    assert words.word("kind", ("text", "integer"), "text") == "text"
    words.done()
    assert [(one.code, one.rule.line, one.hint) for one in findings.found] == [
        ("yaml-value", 2, ""),
        ("yaml-value", 3, "did you mean 'text'?"),
        ("yaml-unknown-key", 1, "did you mean 'len'?"),
    ]


@given(st.binary(max_size=200))
def test_any_bytes_give_nodes_or_misconfigured_and_nothing_else(data):
    with suppress(Misconfigured):
        read_yaml(data, "m.yaml")
