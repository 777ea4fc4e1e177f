"""What the tests of reading share: a mapping in YAML, a file, stored orders; documents come out."""

from __future__ import annotations

from datetime import UTC, datetime
from textwrap import dedent

from tests.mapping.made import site
from translator.core.document import Document
from translator.core.finding import Findings
from translator.documents.kind import kinds
from translator.formats.format import formats
from translator.functions.function import functions
from translator.mapping.context import Frozen
from translator.mapping.expression import Environment
from translator.mapping.layout import MappingFile
from translator.mapping.load import load
from translator.mapping.picture import documents
from translator.mapping.reader import compile_reader

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
ENVIRONMENT = Environment(functions())
TABLES = {
    "tables/ship_methods.csv": b"amazon,wms\nUPS_GR,UPSG\nFEDEX_2D,FX2\n",
    "tables/warehouses.csv": b"amazon,wms\nEWR1,NWRK\n",
    "tables/ack_codes.csv": b"code,word\n00,OK\n03,NOSTOCK\n",
    "tables/carriers.csv": b"scac,service,method\nUPSN,G,UPS_GR\nUPSN,*,UPS_ANY\n",
}


def line(number: str, sku: str, ordered: int = 5) -> dict:
    return {
        "itemSequenceNumber": number,
        "buyerProductIdentifier": f"B{sku}",
        "vendorProductIdentifier": sku,
        "orderedQuantity": {"amount": ordered, "unitOfMeasure": "Each"},
    }


def order(number: str, *lines: dict, **details) -> dict:
    ship_from = {"partyId": "EWR1"}
    return {
        "purchaseOrderNumber": number,
        "orderDetails": {
            "shipFromParty": ship_from,
            "items": list(lines or (line("1", "SKU1"), line("2", "SKU2"))),
            **details,
        },
    }


def mapping(text: str, name: str = "ship.yaml") -> MappingFile:
    options = {name: one.options for name, one in formats().items()}
    return load(dedent(text).encode(), name, fetch=site(TABLES), options=options, environment=ENVIRONMENT)


def context(*orders: dict, **keys) -> Frozen:
    stored = {one["purchaseOrderNumber"]: one for one in orders}
    return Frozen(NOW, orders=stored, zones=keys.pop("zones", {"EWR1": "America/New_York"}), **keys)


def read(layout: MappingFile | str, data: bytes | str, *orders: dict, file: str = "ship.csv") -> list[Document]:
    layout = mapping(layout) if isinstance(layout, str) else layout
    data = data.encode() if isinstance(data, str) else data
    findings = Findings()
    rows = formats()[layout.format].read([data], layout, findings, file)
    found = list(documents(compile_reader(layout, ENVIRONMENT), rows, context(*orders), file, findings))
    assert not findings.found  # none is lost
    return found


def codes(document: Document) -> list[str]:
    return [finding.code for finding in document.findings]


def told(document: Document) -> list[str]:
    return [str(finding) for finding in document.findings]


__all__ = ["codes", "context", "kinds", "line", "mapping", "order", "read", "told"]
