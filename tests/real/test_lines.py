"""The delimited and fixed-width files of real systems are read by YAML alone, and written back byte for byte.

Every letter of a file stands in a named, typed field. What it becomes passes the rules of its kind, or lacks what
`LACKS` lists, each with its reason.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import replace

import pytest

from tests.real.systems import SAMPLES, Stored, cells, codes, context, lacking, needs_samples, order, read
from translator import translation
from translator.core.finding import Findings
from translator.mapping import cells as writing
from translator.mapping.convert import parser
from translator.mapping.date_patterns import pattern
from translator.mapping.layout import Field
from translator.mapping.row import Row
from translator.mapping.writer import style

pytestmark = needs_samples


def noted(data: bytes):
    """The order a delivery note is about: each article it lists, as often as it lists it."""
    head, *lines = data.decode("cp1250").splitlines()
    amounts: Counter[str] = Counter()
    for line in lines:
        amounts[line[158:178].strip()] += int(float(line[100:108]))
    articles = [(str(number), sku, amount) for number, (sku, amount) in enumerate(amounts.items(), 1)]
    return [order(head[60:72].strip(), articles)]


def parcels(data: bytes):
    """An order for each parcel that was handed over, under the parcel's number."""
    return [order(row[2], [("1", "SKU1", 1)]) for row in csv.reader(io.StringIO(data.decode())) if row[0] == "D"]


FEED = "delivery-feed-fixed-1405/h001-h002-orders.txt"
NOTES = ["lekis-dl7-fixed-width/00000058.dl7", "lekis-dl7-fixed-width/00000059.dl7"]
EVENTS = "csv-orders/hd-records-parent-key.csv"
STORE = "csv-orders/store-orders-bom-duplicates.csv"
FILES: dict[str, tuple[str, str, Stored | None]] = {
    FEED: ("delivery-feed.yaml", "order", None),
    **dict.fromkeys(NOTES, ("lekis-dl7.yaml", "shipment_confirmation", noted)),
    EVENTS: ("parcel-events.yaml", "shipment_confirmation", parcels),
    STORE: ("store-orders.yaml", "order", None),
}
EVERY = pytest.mark.parametrize("sample", FILES)

ASSUMED = "it tells of goods, not of cartons: one is assumed, and what is in it"
UNPLACED = "the whole address stands in one cell: neither state nor country is said"
CARTONS = {
    "carton-id-assumed containers": ASSUMED,
    "content-assumed containers": ASSUMED,
    "weight-assumed containers.weight": ASSUMED,
}
LACKS: dict[str, dict[str, str]] = {
    FEED: {
        "field-missing orderDetails.shipmentDetails.shipmentDates.requiredShipDate": "a carrier is told when to deliver",
        "field-missing orderDetails.items.netPrice": "a carrier is told no prices",
    },
    NOTES[0]: {**CARTONS, "number-lost-digits": "half a piece was delivered, and Amazon counts whole ones"},
    NOTES[1]: CARTONS,
    EVENTS: CARTONS,
    STORE: {
        "field-missing orderDetails.shipmentDetails.shipmentDates": "when an order must leave is not said",
        "field-missing orderDetails.shipToParty.stateOrRegion": UNPLACED,
        "field-missing orderDetails.shipToParty.countryCode": UNPLACED,
    },
}  # fmt: skip
NUMBER, DAY = re.compile(r"\d+\.\d+"), re.compile(r"\d{1,2}[./]\d{1,2}[./]\d{4}|20\d{6}(\d{6})?")


def reading(sample):
    mapped, _, stored = FILES[sample]
    return read(mapped, sample, stored)


@EVERY
def test_no_data_of_the_file_is_left_unmapped(sample):
    assert reading(sample).unmapped == []


@pytest.mark.parametrize("sample", [FEED, *NOTES])
def test_every_letter_of_a_fixed_file_stands_in_a_field(sample):
    made = reading(sample)
    lines = ["".join(str(cell or "") for cell in row.cells).replace(" ", "") for row in made.rows]
    assert lines == made.data.decode("cp1250").replace(" ", "").splitlines()


@pytest.mark.parametrize("sample", [EVENTS, STORE])
def test_every_cell_of_a_delimited_file_stands_in_a_field(sample):
    made = reading(sample)
    named = made.translation.file.options["header"] == "true"
    stands = list(csv.reader(io.StringIO(made.data.decode("utf-8-sig"), newline="")))
    assert [[cell or "" for cell in row.cells] for row in made.rows] == stands[named:]


@EVERY
def test_what_looks_like_a_number_or_a_day_has_a_type(sample):
    for _, one, text in cells(reading(sample).rows):
        assert one.type == "decimal" or not NUMBER.fullmatch(text.strip()), one
        assert one.date or not DAY.fullmatch(text.strip()), one


@EVERY
def test_the_file_becomes_documents_of_its_kind(sample):
    assert {document.kind for document in reading(sample).completed} == {FILES[sample][1]}


@EVERY
def test_documents_are_complete_but_for_what_is_listed_with_its_reason(sample):
    made = reading(sample)
    assert set(codes([*made.findings, *lacking(made)])) == set(LACKS.get(sample, {}))


def test_orders_that_stand_twice_become_one_each():
    orders = [document.tree["purchaseOrderNumber"] for document in reading(STORE).documents]
    rows = len(reading(STORE).rows)
    assert len(orders) == len(set(orders)) < rows
    assert {len(document.tree["orderDetails"]["items"]) for document in reading(STORE).documents} == {1}


def test_references_belong_to_the_order_they_name():
    for document in reading(FEED).documents:
        number = document.tree["purchaseOrderNumber"]
        assert [
            row.cells for row in reading(FEED).rows if row.record.name == "order_ref" and number in row.parent.cells
        ]


@EVERY
def test_in_whatever_pieces_a_file_comes_it_is_the_same(sample):
    made = reading(sample)
    for size in (1, 7, 997):
        pieces = [made.data[start : start + size] for start in range(0, len(made.data), size)]
        rows = list(made.translation.format.read(pieces, made.translation.file, Findings(), sample))
        assert [(row.record.name, row.cells) for row in rows] == [(row.record.name, row.cells) for row in made.rows]


# --- written back ----------------------------------------------------------------------------------------------------


def written(made, rows: list[Row]) -> bytes:
    findings = Findings()
    data = made.translation.format.write(rows, made.translation.file, findings)
    assert findings.found == []
    return data


def filled(one: Field, cell: object) -> str:
    """Give a cell the blanks that reading took off."""
    return str(cell or "").ljust(one.len or 0)


def spoken(made, one: Field, cell: object) -> object:
    """Write the value that a cell was read as: what the layout says of it is all there is to know."""
    again = writing.cell(one, style(made.translation.file))
    if cell is None or (one.date and pattern(one.date[0]).time_only):  # of a time alone nothing is made
        return again.fitted(str(cell or ""))
    return again(parser(one)(str(cell)))


@EVERY
def test_the_file_is_written_back_as_it_was_cut_up_byte_for_byte(sample):
    made = reading(sample)
    rows = [replace(row, cells=list(map(filled, row.record.fields, row.cells))) for row in made.rows]
    assert written(made, rows) == made.data


@EVERY
def test_the_file_is_written_back_from_its_typed_values_byte_for_byte(sample):
    made = reading(sample)
    rows = [
        replace(row, cells=[spoken(made, one, cell) for one, cell in zip(row.record.fields, row.cells, strict=True)])
        for row in made.rows
    ]
    assert written(made, rows) == made.data


@pytest.mark.parametrize("sample", NOTES)
def test_of_a_note_that_is_cut_off_nothing_goes_on(sample):
    made = reading(sample)
    for end in range(1, len(made.data) - 1):
        found = list(translation.read(made.translation, [made.data[:end]], sample, context({})))
        assert all(document.rejected for document in found)
        assert found


def test_every_delimited_and_fixed_file_of_the_samples_is_read():
    """Print how far each file comes: pytest -s."""
    ours = ("csv-orders", "delivery-feed-fixed-1405", "lekis-dl7-fixed-width")
    stands = {
        str(path.relative_to(SAMPLES))
        for folder in ours
        for path in (SAMPLES / folder).iterdir()
        if path.suffix != ".md"
    }
    assert set(FILES) == stands
    for sample, (mapped, kind, _) in FILES.items():
        fields, lacks = sum(1 for _ in cells(reading(sample).rows)), ", ".join(LACKS.get(sample, {}))
        print(f"{sample:50} {mapped:22} {kind:22} {fields:4} fields  byte for byte  {lacks}")
