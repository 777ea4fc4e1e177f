"""What every part promises, asked of all that are found: a new format, kind or family is tested before its author writes a test."""

import inspect
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.core.document import Document
from translator.core.finding import Finding, Findings, Rejected
from translator.core.tree import pruned
from translator.documents.kind import Asked, kinds
from translator.endpoints.endpoint import Endpoint
from translator.endpoints.folder import Folder
from translator.endpoints.sftp_folder import SftpFolder
from translator.endpoints.spapi import Orders, Submission
from translator.formats.format import formats
from translator.functions.function import families
from translator.mapping.row import Row
from translator.translation import environment, load

NOW = datetime(2026, 12, 1, tzinfo=UTC)
READING = {name: part for name, part in formats().items() if part.read}
LAYOUTS = {
    "fixed": "records: {A: {times: 0.., fields: {code: {len: 1, is: A}, sku: {len: 5}, qty: {len: 3, type: integer}}}}",
    "json": "records: {A: {at: rows, times: 0.., fields: {sku: {}, qty: {type: integer}}}}",
    "xml": "records: {A: {records: {B: {times: 0.., fields: {'@sku': {}, qty: {type: integer}}}}}}",
    "x12": "records: {LIN: {times: 0.., fields: {sku: {}, qty: {type: integer}}}}",
    "edifact": "records: {LIN: {times: 0.., fields: {sku: {at: 1.2}, qty: {type: integer}}}}",
    "tradacoms": "records: {OLD: {times: 0.., fields: {sku: {at: 1.2}, qty: {type: integer}}}}",
    "csv": "header: true\nfields: {sku: {}, qty: {type: integer}}",
}
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def reading(name):
    text = f"reads: inventory_update\nformat: {name}\n{LAYOUTS[name]}\ndocuments: {{warehouseId: {{text: W}}}}\n"
    return load(f"w/{name}.yaml", text.encode(), lambda _: None, {})


@pytest.mark.parametrize("name", formats())
def test_a_format_says_what_each_of_its_options_means(name):
    part = formats()[name]
    assert part.read or part.write or name == "template"
    assert len({option.name for option in part.options}) == len(part.options)
    for option in part.options:
        assert len(option.help.split()) > 2, option.name
        assert not option.one_of or option.default in (*option.one_of, "")


def test_every_reading_format_has_a_layout_here():
    assert set(READING) == set(LAYOUTS)


@pytest.mark.parametrize("name", READING)
@settings(max_examples=80, deadline=None)
@given(data=st.binary(max_size=80) | st.text("A,;\"'<>{}[]:0123sku\r\n \tÉ", max_size=80).map(str.encode))
def test_any_bytes_give_rows_or_rejected_and_nothing_else(name, data):
    made = reading(name)
    with suppress(Rejected):
        for row in made.format.read([data], made.file, Findings(), "in"):
            assert isinstance(row, Row)
            assert len(row.cells) == len(row.record.fields)


@pytest.mark.parametrize("name", kinds())
def test_a_kind_describes_each_field_once_and_in_words(name):
    fields = kinds()[name].fields
    assert len({field.path for field in fields}) == len(fields)
    assert [field.path for field in fields if not field.help] == []
    parents = {field.path.removesuffix("[]") for field in fields if field.type in ("object", "list")}
    lost = [f.path for f in fields if "." in f.path and f.path.rpartition(".")[0].removesuffix("[]") not in parents]
    assert lost == []


@pytest.mark.parametrize("name", kinds())
@settings(max_examples=60, deadline=None)
@given(junk=st.dictionaries(st.text(max_size=8), JUNK, max_size=4), order=st.none() | st.just({}))
def test_a_kind_answers_junk_with_findings(name, junk, order):
    kind = kinds()[name]
    document = Document(name, pruned(junk), "D1")
    made = kind.complete(document, Asked(NOW, "V", order)) if kind.complete else document
    found = [*made.findings, *(kind.check(made.tree) if kind.check else [])]
    assert all(isinstance(finding, Finding) and finding.code and finding.text for finding in found)


@pytest.mark.parametrize("name", [name for name, kind in kinds().items() if kind.operation])
def test_a_kind_that_amazon_takes_says_where_and_how(name):
    operation = kinds()[name].operation
    assert operation.body
    assert operation.name.startswith(("submit", "create"))
    assert operation.path.startswith("/vendor/directFulfillment/")
    shown = operation.read_back or (operation.brings and kinds()[operation.brings].fetch)
    assert shown or operation.blind or operation.twice or not operation.repeat


@pytest.mark.parametrize("name", kinds())
def test_what_a_kind_needs_follows_and_brings_are_kinds(name):
    kind = kinds()[name]
    brought = [kind.operation.brings] if kind.operation and kind.operation.brings else []
    for other in [*(need.kind for need in kind.needs), *(follow.kind for follow in kind.follows), *brought]:
        assert other in kinds()
    fetched = [follow.kind for follow in kind.follows if follow.how == "fetch"]
    assert [other for other in fetched if not kinds()[other].fetch] == []
    assert [other for other in [*fetched, *brought] if not kinds()[other].split] == []
    made = [follow.kind for follow in kind.follows if follow.how == "make"]
    assert [other for other in made if kinds()[other].split] == []


@pytest.mark.parametrize("name", [name for name, kind in kinds().items() if kind.split])
@settings(max_examples=60, deadline=None)
@given(body=JUNK)
def test_what_amazon_sends_is_taken_apart_or_rejected_and_nothing_else(name, body):
    with suppress(Rejected):
        for tree, found in kinds()[name].split(body):
            assert isinstance(tree, dict)
            assert isinstance(kinds()[name].key(tree), str)
            assert all(isinstance(finding, Finding) for finding in found)


@pytest.mark.parametrize("name", [name for name, kind in kinds().items() if kind.revise])
@settings(max_examples=60, deadline=None)
@given(junk=st.dictionaries(st.text(max_size=8), JUNK, max_size=4))
def test_what_comes_again_unchanged_is_the_same(name, junk):
    kind = kinds()[name]
    assert kind.revise(pruned(junk), pruned(junk)).verdict in ("same", "contradiction")  # junk may contradict itself


@pytest.mark.parametrize("place", [Folder, SftpFolder, Orders, Submission])
def test_an_endpoint_has_every_act_with_the_same_words(place):
    assert isinstance(place.stages, bool)
    for name, act in inspect.getmembers(Endpoint, inspect.isfunction):
        if not name.startswith("_"):
            wanted, there = (
                list(inspect.signature(act).parameters),
                list(inspect.signature(getattr(place, name)).parameters),
            )
            assert there == wanted, f"{place.__name__}.{name}"


@pytest.mark.parametrize("name", families())
def test_a_family_of_functions_is_documented_and_exemplified(name):
    functions, examples = families()[name]
    assert [word for word, function in functions.items() if not (function.__doc__ or "").strip()] == []
    told = " ".join(text for text, _ in examples)
    asking = {
        word for word, function in functions.items() if getattr(function, "asks", ())
    }  # of tables, sequences, zones
    assert [word for word in functions if word not in told and word not in asking] == []
    assert set(functions) <= set(environment().functions)
