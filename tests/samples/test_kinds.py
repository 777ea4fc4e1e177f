"""Each preset shows an order of each kind that partners ask for, and has its section in the manual with what it leaves out."""

import json
import re

import pytest

from tests.loaded import SAMPLES, compiled
from tests.presets import MAPPINGS, ROOT
from translator.cli.behind.explain import cells_of
from translator.cli.behind.given import given_for
from translator.cli.behind.trial import source_for, tried
from translator.cli.presets import names
from translator.core.finding import errors
from translator.mapping.layout import every_record

ORDERS = [
    path
    for path in MAPPINGS
    if re.search(r"^writes: order$", path.read_text(), re.MULTILINE) and (ROOT / "samples" / path.parent.name).is_dir()
]
LONG = ("/shipToParty/name", "/shipToParty/addressLine1", "/title")
HOSTILE = frozenset("*~^+:?'\"<>&;,|\\%{}=@É")
SHARED = {"oracle-wms-xml": "oracle-wms", "oracle-wms-pipe": "oracle-wms"}  # two presets in one section


def named(path):
    return f"{path.parent.name}/{path.stem}"


def sample(mapping, name):
    (found,) = [one for one in SAMPLES if one.name == f"{named(mapping)}/{name}"]
    return found


def orders(one):
    found = json.loads((one.folder / "in.json").read_text())
    return found if isinstance(found, list) else [found]


def items(one):
    return [item for order in orders(one) for item in order["orderDetails"]["items"]]


def test_every_preset_writes_orders():
    assert {path.parent.name for path in ORDERS} == set(names())


@pytest.mark.parametrize("mapping", ORDERS, ids=named)
def test_an_order_of_one_line_is_shown(mapping):
    assert len(items(sample(mapping, "one-line"))) == 1


@pytest.mark.parametrize("mapping", ORDERS, ids=named)
def test_lines_of_one_sku_are_shown(mapping):
    skus = [item["vendorProductIdentifier"] for item in items(sample(mapping, "one-sku-twice"))]
    assert len(skus) > len(set(skus))


@pytest.mark.parametrize("mapping", ORDERS, ids=named)
def test_an_order_without_what_amazon_prints_itself_is_shown(mapping):
    (order,) = orders(sample(mapping, "label-only"))
    assert order["orderDetails"]["shipToParty"]["name"].strip("x") == ""


@pytest.mark.parametrize("mapping", ORDERS, ids=named)
def test_an_order_that_is_refused_is_shown_with_why(mapping):
    one = sample(mapping, "unknown-ship-method")
    assert "lookup-miss-hold" in (one.folder / "findings.txt").read_text()
    assert not list(one.folder.glob("out*"))


@pytest.mark.parametrize("mapping", ORDERS, ids=named)
def test_marks_of_every_format_are_shown_in_fields_that_are_full(mapping):
    one, made = sample(mapping, "full-width"), compiled(mapping)
    to = orders(one)[0]["orderDetails"]["shipToParty"]
    assert {*to["name"], *to["addressLine1"], *to["addressLine2"], *to["city"]} >= HOSTILE
    trial = tried(made, source_for(mapping, made, one.folder), given_for(one.folder, ROOT / "samples", ""))
    assert errors(trial.findings) == []
    widths = {
        (record.name, inner.name): max(inner.len or 0, inner.max or 0)
        for record in every_record(made.file.records)
        for inner in record.fields
    }
    for cell in cells_of(trial):
        for end in cell.ends:
            if end.path.endswith(LONG):
                assert len(end.value) >= widths.get((cell.record, cell.field), 0), cell.field


@pytest.mark.parametrize("name", names())
def test_a_section_of_the_manual_says_what_a_preset_leaves_out(name):
    pages = [(ROOT / "docs" / page).read_text() for page in ("systems.md", "presets.md")]
    sections = [section for page in pages for section in re.split(r"^## ", page, flags=re.MULTILINE)[1:]]
    (own,) = [one for one in sections if one.partition("\n")[0] == SHARED.get(name, name)]
    assert "\nLeft out" in own
