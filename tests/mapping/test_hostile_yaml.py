"""Mapping files that are made to do harm, or look like something else (reliability-security §3.9, inputs 41 to 43)."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mapping.made import made, site
from translator.core.finding import Misconfigured
from translator.mapping.load import MOST
from translator.mapping.merge import Chained
from translator.mapping.strict import read_yaml
from translator.translation import load

HEAD = "writes: order\nformat: csv\nfields:\n"
SOON = 10.0  # seconds of this process: what is refused is refused soon


def refused(text: str | bytes) -> list[tuple[str, int]]:
    """Give the code and the line of each finding, from the whole way of a mapping."""
    data = text if isinstance(text, bytes) else text.encode()
    begun = process_time()
    with pytest.raises(Misconfigured) as caught:
        load("m.yaml", data, site({}))
    assert process_time() - begun < SOON
    return [(one.code, one.rule.line) for one in caught.value.findings]


# --- 41: an object of the programming language ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "tag",
    [
        "!!python/object/apply:os.system [id]",
        "!!python/object/new:os.system [id]",
        "!!python/name:os.system",
        "!!binary aGk=",
        "!!set {a}",
        "!local x",
    ],
)
def test_41_a_tag_is_refused_where_it_stands_and_nothing_is_called(tag):
    assert refused(f"writes: order\nformat: csv\nfields: {tag}\n")[0] == ("yaml-tag", 3)


# --- 42: too much ------------------------------------------------------------------------------------------------


def test_42_an_alias_bomb_is_refused_at_its_first_anchor():
    bomb = 'a: &a ["lol"]\n' + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{f'*{chr(97 + n)},' * 9}]\n" for n in range(8))
    found = refused(bomb)
    assert found[0] == ("yaml-anchor", 1)
    assert {code for code, _ in found} == {"yaml-anchor", "yaml-alias"}


@pytest.mark.parametrize("opened, closed", [("[", "]"), ("{a: ", "}"), ("- ", "")])
def test_42_nesting_ten_thousand_deep_is_refused(opened, closed):
    (found,) = refused("a: " * (opened != "- ") + opened * 10_000 + "x" + closed * 10_000)
    assert found in [("yaml-depth", 1), ("yaml-syntax", 1)]  # the parser has a bound of its own


def test_42_nesting_as_deep_as_is_allowed_is_read():
    assert read_yaml("[" * 31 + "x" + "]" * 31, "m.yaml")


def test_42_five_megabytes_are_refused_unread():
    assert refused(b"".join(b"k%d: v\n" % number for number in range(500_000))) == [("yaml-size", 0)]


def test_42_a_number_of_a_hundred_thousand_digits_is_a_text_and_no_length():
    digits = "9" * 100_000
    assert made(HEAD + f"  A: {{text: {digits}}}\n").records[0].fields[0].text == digits
    for line in (f"{{text: x, len: {digits}}}", f"{{text: x, times: {digits}..}}", f"{{text: x, places: {digits}}}"):
        assert ("yaml-value", 4) in refused(HEAD + f"  A: {line}\n")
    assert "yaml-value" in dict(
        refused(f"reads: order\nformat: csv\nlimits: {{file: {digits}}}\nfields: {{A: {{}}}}\n")
    )


def test_42_a_million_characters_in_one_key_are_refused():
    assert refused("k" * 900_000 + ": v\n")[0][0] in {"yaml-syntax", "yaml-unknown-key", "mapping-direction"}


@pytest.mark.sweep
@pytest.mark.parametrize(
    "line",
    [
        "  F{n}: nope{n}\n",
        "  F{n}: order.nope{n}\n",
        "  F{n}: {{text: x, lenn: 3}}\n",
        "  F{n}: {{text: x, type: integer, sign: G{n}}}\n",
        "  F{n}: {{text: x, rest: G{n}}}\n",
        "  F{n}: {{drop: true}}\n",
        "  F{n}: {{after: G{n}, text: x}}\n",
        "  F{n}: {{use: p{n}}}\n",
        "  F{n}: '{{{{ x }}}}'\n",
    ],
)
def test_42_thousands_of_faults_are_not_all_looked_for(line):
    text = HEAD + "".join(line.format(n=number) for number in range(4_000))
    assert len(refused(text)) <= MOST


def test_42_thousands_of_lines_that_move_are_put_in_order_soon():
    lines = "".join(f"  F{number}: {{after: F0, text: x}}\n" for number in range(1, 4_000))
    base = {"mappings/base.yaml": (HEAD + "  F0: {text: x}\nfile: F.csv\n").encode()}.get
    begun = process_time()
    found = load("m.yaml", ("extends: base\nfields:\n" + lines).encode(), base).file.records[0].fields
    assert [one.name for one in found[:3]] == ["F0", "F3999", "F3998"]
    assert process_time() - begun < SOON


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=20))
def test_moving_a_name_is_taking_it_out_and_putting_it_in(moves):
    names = [str(number) for number in range(9)]
    chained = Chained(names)
    for name, behind in ((str(one), str(other)) for one, other in moves if one != other):
        chained.move(name, behind)
        names.remove(name)
        names.insert(names.index(behind) + 1, name)
    assert list(chained) == names


# --- 43: what YAML would make of it --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["01234", "NO", "no", "yes", "on", "off", "12:30:45", "1_000", "~", "null", "2026-12-01", "1e3", "0x1F", "0o17", ".inf", "nan",
     "1.10", "+5", "-", "=", "00000000"],
)  # fmt: skip
def test_43_a_plain_text_stays_the_text_it_is(text):
    assert made(HEAD + f"  A: {{text: {text}}}\n").records[0].fields[0].text == text
    found = made(HEAD + f"  A: {{from: order.purchaseOrderNumber, lookup: {{{text}: {text}}}}}\n")
    assert found.records[0].fields[0].lookup.table.rows == ((text, text),)


def test_43_a_flag_is_true_or_false_and_nothing_near_it():
    for word in ("yes", "True", "TRUE", "on", "1", "~"):
        assert refused(HEAD + f"  A: {{text: x, truncate: {word}}}\n") == [("yaml-value", 4)]


@pytest.mark.parametrize(
    "text, found",
    [
        (HEAD + "  A: {text: x}\n  A: {text: y}\n", ("yaml-duplicate-key", 5)),
        (HEAD + "  A: {text: x, text: y}\n", ("yaml-duplicate-key", 4)),
        (HEAD + "  A: {from: order.purchaseOrderNumber, lookup: {a: 1, a: 2}}\n", ("yaml-duplicate-key", 4)),
        (HEAD + "  A: {text: x, txet: y}\n", ("yaml-unknown-key", 4)),
        ("base: &b {text: x}\nfields: {A: {<<: *b}}\n", ("yaml-merge", 2)),
        (HEAD + "\tA: {text: x}\n", ("yaml-tab", 4)),
        (HEAD + "  A:\t{text: x}\n  B:\n\t  text: y\n", ("yaml-tab", 6)),
        ("writes: order\n--- \nformat: csv\n", ("yaml-documents", 2)),
        ("%YAML 1.1\n---\nwrites: order\n...\n---\na: b\n", ("yaml-documents", 5)),
        (HEAD + "  ? [a, b]\n  : {text: x}\n", ("yaml-key", 4)),
        (HEAD + "  A: {text: x\n", ("yaml-syntax", 4)),
        (HEAD + "  A: 'x\n", ("yaml-syntax", 4)),
        (HEAD + "  A: {text: \x07}\n", ("yaml-syntax", 0)),
        (b"writes: order\nformat: \xff\n", ("yaml-charset", 2)),
        ("writes: order\nformat: csv\n".encode("utf-16"), ("yaml-charset", 1)),
        ("", ("mapping-direction", 1)),
        ("# nothing\n", ("mapping-direction", 1)),
        ("- a\n", ("yaml-type", 1)),
        ("just a text\n", ("yaml-type", 1)),
    ],
)  # fmt: skip
def test_43_what_is_odd_is_refused_with_its_line(text, found):
    assert found in refused(text)


def test_43_a_byte_order_mark_at_the_start_is_no_part_of_the_text():
    assert made("\ufeff" + HEAD + "  A: {text: x}\n").format == "csv"


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_a_mapping_or_refused(data):
    assert outcome(lambda: load("m.yaml", data, site({}))) in ("taken", "refused")


@given(st.text(st.sampled_from("ab: {}[]-\n?,&*!|>'\"%@`#~<\t"), max_size=60))
def test_any_text_of_signs_is_read_or_refused(text):
    assert outcome(lambda: read_yaml(text, "m.yaml")) in ("taken", "refused")


def outcome(read) -> str:
    try:
        read()
    except Misconfigured as error:
        return "refused" if error.findings else "refused without a word"
    return "taken"
