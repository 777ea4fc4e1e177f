"""What is written as YAML is read back as it was: any node, every preset, every mapping of the manual."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.docs.pages import PAGES
from tests.docs.test_mappings import SHOWN, fetching, whole
from tests.presets import MAPPINGS, fetch
from translator.cli.behind.origins import shown
from translator.core.finding import Findings, Place
from translator.mapping.extend import resolved
from translator.mapping.source import Source
from translator.mapping.spell import Line, spelled
from translator.mapping.strict import Entries, Items, Node, Scalar, read_yaml
from translator.translation import load

HARD = ["", " ", "a: b", "- x", "? y", "a #b", "#a", "---", "...", "<<", "a:", "%Y", "@x", "'", "\"'", "a,b", "[x]", "~", "x?",
        "!t", "&a", "*b", "|", ">", "\x85", "\u2028", "\ufeff", "a\tb", "a\n b", "NO", "007", "{{ x }}", "k" * 130]  # fmt: skip
TEXTS = st.sampled_from(HARD) | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=140)
SCALARS = st.builds(
    lambda text, quoted, line: Scalar(text, quoted, Place("m", line)), TEXTS, st.booleans(), st.integers(1, 2)
)


def entries(pairs: list[tuple[Scalar, Node]]) -> Entries:
    return Entries(tuple({key.text: (key, value) for key, value in pairs}.values()), Place("m", 1))


NODES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4).map(lambda nodes: Items(tuple(nodes), Place("m", 1)))
        | st.lists(st.tuples(SCALARS, inner), max_size=4).map(entries)
    ),
    max_leaves=12,
)


def plain(node: Node) -> Any:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Items):
        return [plain(one) for one in node.nodes]
    return [(key.text, plain(value)) for key, value in node]


@given(NODES)
def test_any_node_is_read_back_as_it_was(node):
    text = "\n".join(line.text for line in spelled(node)) + "\n"
    assert plain(read_yaml(text, "m")) == plain(node)


def unplaced(value: Any) -> Any:
    """A mapping without its places, its hash and the names of the files it was made of."""
    if isinstance(value, Place):
        return None
    if is_dataclass(value):
        left_out = {"hash", "companions", "notes", "lines"}
        return {one.name: unplaced(getattr(value, one.name)) for one in fields(value) if one.name not in left_out}
    if isinstance(value, dict):
        return {key: unplaced(one) for key, one in value.items()}
    return [unplaced(one) for one in value] if isinstance(value, tuple) else value


def written_out(name: str, data: bytes, files) -> list[Line]:
    findings = Findings()
    node = resolved(data, Source(name, files, findings))
    assert findings.found == []
    return spelled(node)


def same_again(name: str, data: bytes, files) -> str:
    text = "\n".join(shown(written_out(name, data, files))) + "\n"
    first, again = (load(name, one, files).file for one in (data, text.encode()))
    assert unplaced(first) == unplaced(again)
    assert "extends:" not in text
    return text


@pytest.mark.parametrize("path", MAPPINGS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_preset_written_out_is_the_same_mapping(path):
    same_again(f"{path.parent.name}/{path.name}", path.read_bytes(), fetch)


@pytest.mark.parametrize("one", [one for one in SHOWN if not one.the("refused")], ids=str)
def test_a_mapping_of_the_manual_written_out_is_the_same_mapping(one):
    same_again("manual/orders.yaml", whole(one.block).encode(), fetching(one.block.page))


def test_there_are_mappings_of_the_manual_that_extend_and_use():
    texts = [whole(one.block) for one in SHOWN]
    assert len(PAGES) > 3
    assert sum("extends: " in text for text in texts) >= 3
    assert sum("use: " in text for text in texts) >= 1


BASE = b"""writes: order
format: csv
fields:
  A: {from: order.purchaseOrderNumber, max: 9}
  B: {text: "b, c"}
file: A.csv
"""


def test_a_line_stays_one_line_unless_it_was_put_together():
    files = {"mappings/base.yaml": BASE}.get
    text = same_again("own.yaml", b"extends: base\nfields:\n  A: {max: 5}\n  C: {text: x}\n", files)
    assert text == (
        "writes: order                        # base.yaml:1\n"
        "format: csv                          # base.yaml:2\n"
        "fields:                              # own.yaml:2\n"
        "  A:                                 # own.yaml:3\n"
        "    from: order.purchaseOrderNumber  # base.yaml:4\n"
        "    max: 5                           # own.yaml:3\n"
        '  B: {text: "b, c"}                  # base.yaml:5\n'
        "  C: {text: x}                       # own.yaml:4\n"
        "file: A.csv                          # base.yaml:6\n"
    )


def test_a_key_that_is_too_long_for_yaml_is_announced():
    key = Scalar("k" * 2000, quoted=False, rule=Place("m", 1))
    node = Entries(((key, replace(key, text="v")),), Place("m", 1))
    assert spelled(node)[0].text.startswith("? k")
    assert plain(read_yaml("\n".join(line.text for line in spelled(node)), "m")) == [("k" * 2000, "v")]
