"""Files of real warehouse systems, read where they lie by the mappings beside this page: the project holds no copy.

`read` gives what a test asks of a file: the rows as they were cut up, the documents they became, all findings, and the
documents completed from an order the test made up. Values of the files stand nowhere in the project.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from translator import translation
from translator.core.document import Document, Tree
from translator.core.finding import Finding, Findings
from translator.documents.kind import Asked, kinds
from translator.mapping.context import Frozen
from translator.mapping.row import Row
from translator.translation import Translation

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples-real"
MAPPINGS = Path(__file__).parent / "mappings"
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
VENDOR, WAREHOUSE = "ACMEG", "EWR1"
Stored = Callable[[bytes], list[Tree]]  # the stored orders that a file is about, made up from what it says
UNMAPPED = tuple(f"{what}-unknown" for what in ("element", "attribute", "text", "record", "column", "key", "gap"))

needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the real samples are not beside this checkout")


@dataclass(frozen=True)
class Reading:
    """A file as it was read."""

    translation: Translation
    data: bytes
    rows: list[Row]
    found: list[Finding]  # by the format, and on the rows
    documents: list[Document]
    completed: list[Document]
    orders: dict[str, Tree]

    @property
    def findings(self) -> list[Finding]:
        """Give all that was found, by format, mapping and kind, each once."""
        told = [one for document in self.completed for one in document.findings]
        return list(dict.fromkeys([*self.found, *told]))

    @property
    def unmapped(self) -> list[Finding]:
        """Give what says that some data of the file stands in no field."""
        return [one for one in self.findings if one.code in UNMAPPED]


@cache
def mapping(name: str) -> Translation:
    """Compile a mapping that stands beside this page."""
    return translation.load(f"real/{name}", (MAPPINGS / name).read_bytes(), _fetch)


def _fetch(name: str) -> bytes | None:
    path = MAPPINGS / name.removeprefix("mappings/real/")
    return path.read_bytes() if path.is_file() else None


@cache
def read(mapped: str, sample: str, stored: Stored | None = None) -> Reading:
    """Read a file of the samples: `shipwire/inventory-response.xml`. `stored` makes the orders it is about."""
    made, data = mapping(mapped), (SAMPLES / sample).read_bytes()
    if made.format is None or made.format.read is None:
        raise LookupError(mapped)
    findings, name = Findings(), sample.rpartition("/")[2]
    rows = list(made.format.read([data], made.file, findings, name))
    orders = {str(tree["purchaseOrderNumber"]): tree for tree in stored(data)} if stored else {}
    documents = list(translation.read(made, [data], name, context(orders)))
    whole = [completed(one, orders) for one in documents]
    return Reading(made, data, rows, [*findings.found, *on_rows(rows)], documents, whole, orders)


def context(orders: dict[str, Tree]) -> Frozen:
    """Give the world the files are read in."""
    settings = {"warehouse": WAREHOUSE, "store": VENDOR, "payer": "AMAZON", "receiver": "WMS"}
    return Frozen(NOW, orders=orders, settings=settings, zones={WAREHOUSE: "Europe/Berlin"})


def on_rows(rows: Sequence[Row]) -> Iterator[Finding]:
    for row in all_rows(rows):
        yield from row.findings


def completed(document: Document, orders: dict[str, Tree]) -> Document:
    """Complete a document as the service does before it is sent."""
    if document.kind not in kinds() or document.awaits:
        return document
    skus = (item.get("vendorProductIdentifier", "") for item in document.tree.get("items", ()))
    asked = Asked(NOW, VENDOR, orders.get(document.about), asins={sku: f"B{sku}" for sku in skus if sku})
    return translation.complete(document, asked)


def all_rows(rows: Sequence[Row]) -> Iterator[Row]:
    """Give rows and the groups in them, and in those."""
    for row in rows:
        yield row
        yield from all_rows([inner for cell in row.cells if isinstance(cell, list) for inner in cell])


def cells(rows: Sequence[Row]) -> Iterator[tuple[Any, Any, str]]:
    """Give each field that holds something: its record or group, itself, its text as it was read."""
    for row in all_rows(rows):
        for one, cell in zip(row.record.fields, row.cells, strict=True):
            if cell and not isinstance(cell, list):
                yield row.record, one, str(cell)


def order(number: str, lines: Sequence[tuple[str, str, int]]) -> Tree:
    """Make up the stored order that a file is about: its number, and of each line number, SKU and quantity."""
    items = [
        {
            "itemSequenceNumber": line,
            "buyerProductIdentifier": f"B{sku}",
            "vendorProductIdentifier": sku,
            "orderedQuantity": {"amount": amount, "unitOfMeasure": "Each"},
        }
        for line, sku, amount in lines
    ]
    parties = {"sellingParty": {"partyId": VENDOR}, "shipFromParty": {"partyId": WAREHOUSE}}
    details = {"shipmentDetails": {"shipMethod": "UPS_GR_RES"}, **parties, "items": items}
    return {"purchaseOrderNumber": number, "orderDetails": details}


def codes(findings: Sequence[Finding]) -> Counter[str]:
    """Give what was found as a test lists it: the code and, where it is about a document, the place without numbers."""
    return Counter(_named(one) for one in findings)


def _named(finding: Finding) -> str:
    path = finding.data.path if finding.data else ""
    steps = [step for step in path.split("/") if step and not step.isdigit()]
    return f"{finding.code} {'.'.join(steps)}" if path.startswith("/") else finding.code


def lacking(made: Reading) -> Iterator[Finding]:
    """Say of which orders the service would wait for more."""
    for document in made.completed:
        order, asked = made.orders.get(document.about), kinds()[document.kind].lacking if document.tree else None
        if order and asked and asked(document.tree, order):
            yield Finding("lacking", "waits for more")
