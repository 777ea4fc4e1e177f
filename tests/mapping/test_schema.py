"""The JSON Schema takes every mapping the loader takes, and refuses a word the loader does not know."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.docs.test_mappings import SHOWN, fetching, whole
from tests.docs.test_sites import SITES
from tests.docs.test_sites import whole as whole_site
from tests.mapping.editor import seen, text_seen
from tests.presets import MAPPINGS, ROOT, fetch
from translator.cli.behind.site_text import site_text
from translator.cli.presets import names, preset
from translator.config.words import site_schema
from translator.core.finding import Misconfigured
from translator.mapping import words
from translator.mapping.spell import spelled
from translator.mapping.strict import Entries, Items, read_yaml
from translator.translation import load, schema_of_mappings

LAYOUTS = [path for path in sorted((ROOT / "mappings").glob("*/*.yaml")) if path not in MAPPINGS]
FINE = [one for one in SHOWN if not one.the("refused") and not one.the("findings")]
HEAD = "writes: order\nformat: csv\n"


@cache
def mapping_validator():
    schema = schema_of_mappings()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@cache
def site_validator():
    schema = site_schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def refused(text: str) -> bool:
    return not mapping_validator().is_valid(text_seen(text))


@pytest.mark.parametrize("path", [*MAPPINGS, *LAYOUTS], ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_preset_is_right_by_the_schema(path):
    mapping_validator().validate(text_seen(path.read_text()))


@pytest.mark.parametrize("one", FINE, ids=str)
def test_every_mapping_of_the_manual_is_right_by_the_schema(one):
    mapping_validator().validate(text_seen(whole(one.block)))


@pytest.mark.parametrize("block", SITES, ids=str)
def test_every_site_of_the_manual_is_right_by_the_schema(block):
    site_validator().validate(text_seen(whole_site(block.text)))


def test_the_site_that_init_writes_is_right_by_the_schema():
    from datetime import date

    text = site_text([preset(name) for name in names()], date(2026, 12, 1))
    site_validator().validate(text_seen(text))


# --- what is refused ---------------------------------------------------------------------------------------------


def misspelt(node, path=()):
    """Give the whole with one key misspelt, for each key there is."""
    if isinstance(node, Entries):
        for number, (key, value) in enumerate(node.entries):
            wrong = type(key)(key.text + "x", key.quoted, key.rule)
            yield Entries((*node.entries[:number], (wrong, value), *node.entries[number + 1 :]), node.rule)
            for inner in misspelt(value):
                yield Entries((*node.entries[:number], (key, inner), *node.entries[number + 1 :]), node.rule)
    elif isinstance(node, Items):
        for number, one in enumerate(node.nodes):
            for inner in misspelt(one):
                yield Items((*node.nodes[:number], inner, *node.nodes[number + 1 :]), node.rule)


def some(text: str | bytes, name: str, most: int = 5):
    """Give some of them, spread over the whole: which ones depends on the mapping."""
    every = list(misspelt(read_yaml(text, name)))
    step = max(1, len(every) // most)
    return every[len(every) % step :: step]


def faults(name: str, node, files) -> set[str]:
    text = "\n".join(line.text for line in spelled(node)) + "\n"
    try:
        load(name, text.encode(), files)
    except Misconfigured as error:
        return {one.code for one in error.findings}
    return set()


@pytest.mark.sweep
@pytest.mark.parametrize("path", MAPPINGS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_misspelt_word_is_refused_by_both_or_is_a_name(path):
    name = f"{path.parent.name}/{path.name}"
    for node in some(path.read_bytes(), name):
        codes = faults(name, node, fetch)
        by_schema = not mapping_validator().is_valid(seen(node))
        if "yaml-unknown-key" in codes:
            assert by_schema, spelled(node)
        if by_schema:
            assert codes, spelled(node)


@pytest.mark.sweep
@pytest.mark.parametrize("one", FINE, ids=str)
def test_a_misspelt_word_of_the_manual_is_refused_by_both_or_is_a_name(one):
    name, files = "manual/orders.yaml", fetching(one.block.page)
    for node in some(whole(one.block), name):
        codes = faults(name, node, files)
        assert ("yaml-unknown-key" not in codes) or not mapping_validator().is_valid(seen(node)), spelled(node)


@pytest.mark.parametrize(
    "text",
    [
        "format: csv\nwrites: ordr\n",
        "writes: order\nreads: order\n",
        "writes: order\nformat: cvs\n",
        HEAD + "indent: true\n",
        HEAD + "header: yes\n",
        HEAD + "delimiter: [a]\n",
        HEAD + "documents: {}\n",
        HEAD + "repair: [{find: a, put: b}]\n",
        HEAD + "fields: {A: {len: five}}\n",
        HEAD + "fields: {A: {type: text, rond: up}}\n",
        HEAD + "fields: {A: {type: txt}}\n",
        HEAD + "fields: {A: {truncate: maybe}}\n",
        HEAD + "records: {A: {truncate: true}}\n",
        HEAD + "batch: {most: 0}\n",
        "reads: order\nformat: csv\ntakes: x\n",
        "reads: order\nformat: csv\nlimits: {records: 5 TB}\n",
        "reads: order\nformat: csv\nrepair: [{find: a}]\n",
        "reads: order\nformat: csv\ndocuments: {orderDetail: {}}\n",
        "reads: order\nformat: csv\ndocuments: {orderDetails: {items: {titel: A}}}\n",
        "reads: order\nformat: csv\ndocuments: {purchaseOrderNumber: {from: A, len: 3}}\n",
        "reads: order\nformat: csv\ndocuments: {about: {ordr: A}}\n",
        "reads: [order, acknowledgement]\nformat: csv\ndocuments: {purchaseOrderNumber: A}\n",
    ],
)
def test_what_has_the_wrong_shape_is_refused(text):
    assert refused(text)


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "header: true\nfields: {A: {text: 007, max: 3}, B: [a, b], C: x, D: {lookup: {01: A, true: B}}}\n",
        "extends: plain-csv/orders\nbatch: {drop: true}\nheader: {drop: true}\nfields: {A: {after: B, text: x}, C: {drop: true}}\n",
        "extends: x\ndocuments: {anything: {each: row, deep: A, x: {drop: true}}}\n",
        "format: fixed\nrecords: {H: {len: [3, 4], fields: {A: {len: 3}}}}\n",
        "reads: order\nformat: csv\nlimits: {file: 500 MB, records: 10}\nfields: {A: {}}\ndocuments: {about: {order: {wms: A}}}\n",
        "writes: order\nformat: xml\ntemplate: a.j2\nnewline: crlf\ncharset: utf-8\n",
        "reads: order\nformat: fixed\nfields: {A: {len: 3, date: '%H', zone: {from: B, lookup: zones}, miss: {text: x}}}\n",
    ],
)
def test_what_may_be_said_is_not_refused(text):
    mapping_validator().validate(text_seen(text))


def test_an_option_is_taken_by_its_format_alone():
    assert not refused("writes: order\nformat: fixed\nwidth: bytes\n")
    assert refused("writes: order\nformat: csv\nwidth: bytes\n")
    assert refused("writes: order\nformat: fixed\nwidth: inches\n")


@pytest.mark.parametrize(
    "change",
    [
        ("vendor:", "vendr:"),
        ("region: na", "region: moon"),
        ("credential: lwa-secret", "credentail: lwa-secret"),
        ("client_secret: {credential: lwa-secret}", "client_secret: secret"),
        ("wait: 60s", "wait: 60"),
        ("calls: 4", "calls: 65"),
        ("when: taken", "when: never"),
        ("host_key:", "hostkey:"),
        ("dispose: archive", "dispose: eat"),
        ("ledger:", "leger:"),
    ],
    ids=" → ".join,
)
def test_what_is_wrong_in_a_site_is_refused(change):
    text = next(block.text for block in SITES if block.first == "ledger")
    assert change[0] in text
    assert not site_validator().is_valid(text_seen(text.replace(*change)))


def test_every_word_of_an_editor_is_explained():
    schema = schema_of_mappings()
    found = {**schema["properties"], **schema["$defs"]["record"]["properties"], **schema["$defs"]["leaf"]["properties"]}
    assert [name for name, one in found.items() if not one.get("description")] == []
    assert set(words.names(words.TOP)) <= set(found)
    assert (Path(ROOT) / "docs/mappings.md").read_text().count("yaml-language-server") == 1


def test_the_field_that_is_a_file_is_known_of_format_bytes_alone():
    whole = "writes: order\nformat: bytes\neach: d in order.orderDetails.items\nfile: a\ncontent: d.title\n"
    assert not refused(whole)
    assert refused(whole + "fields: {A: d.title}\n")
    assert refused(HEAD + "fields: {A: order.purchaseOrderNumber}\ncontent: order.purchaseOrderNumber\n")
