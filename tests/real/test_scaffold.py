"""A draft from a real file reads that file, every element and column of it, and holds nothing that stands in it."""

import re

import pytest

from tests.real.systems import SAMPLES, all_rows, needs_samples
from tests.real.test_lines import FILES as LINES
from tests.real.test_xml import FILES
from translator.cli.behind.scaffold.draft import draft
from translator.core.finding import Findings, errors
from translator.translation import load

BROKEN = "quiet-logistics/shipment-order-result-malformed.xml"  # not well-formed: only `repair` reads it
ALL = [file for file in {**FILES, **LINES} if file != BROKEN]

pytestmark = [needs_samples, pytest.mark.sweep]


@pytest.mark.parametrize("file", ALL)
@pytest.mark.parametrize("kind", ["shipment_confirmation", "inventory_update", "acknowledgement"])
def test_the_draft_of_a_real_file_reads_all_of_it(file, kind):
    data = (SAMPLES / file).read_bytes()
    text = draft(data, "sample.txt", reads_=kind).text
    translation = load("a/b.yaml", text.encode(), lambda name: None)
    findings = Findings()
    rows = list(translation.format.read([data], translation.file, findings, "sample"))
    held = translation.reader.held("Europe/Berlin")
    entries = [below for row in rows for entry in [held.add(row)] for below in (entry, *entry.below())]
    said = [*findings.found, *(finding for entry in entries for finding in entry.found())]
    assert {str(finding) for finding in errors(said)} == set()
    assert rows


@pytest.mark.parametrize("file", ALL)
def test_nothing_of_a_real_file_is_in_its_draft(file):
    data = (SAMPLES / file).read_bytes()
    drafts = (
        draft(data, "sample.txt", reads_="shipment_confirmation").text + draft(data, "sample.txt", writes="order").text
    )
    translation = load("a/b.yaml", draft(data, "sample.txt", reads_="acknowledgement").text.encode(), lambda name: None)
    rows = list(translation.format.read([data], translation.file, Findings(), "sample"))
    values = {str(cell).strip() for row in all_rows(rows) for cell in row.cells if isinstance(cell, str)}
    names = {row.record.name for row in all_rows(rows)}  # an element may be called what another one holds
    words = set(re.findall(r"[^\s\"'{}\[\]:,]+", drafts))
    assert {value for value in values if len(value) > 7 and re.search(r"\d", value)} & words - names == set()


@pytest.mark.parametrize("file", ALL)
def test_the_draft_of_a_mapping_that_writes_the_like_loads(file):
    text = draft((SAMPLES / file).read_bytes(), "sample.txt", writes="order").text
    assert load("a/b.yaml", text.encode(), lambda name: None).writer
