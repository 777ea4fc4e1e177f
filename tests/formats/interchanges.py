"""What the tests of segment formats share: layouts in YAML, files made short, what was read of them."""

from __future__ import annotations

from datetime import UTC, datetime
from textwrap import dedent

from translator.core.document import Document
from translator.core.finding import Findings, Misconfigured, Rejected
from translator.mapping.context import Frozen
from translator.translation import Translation, load, read, write

NOW = datetime(2026, 12, 1, 18, 5, tzinfo=UTC)
ISA = "ISA*00*          *00*          *ZZ*RENO           *ZZ*ACME           *261201*1805*U*00401*000000007*0*P*>~"
GS = "GS*SW*RENO*ACME*20261201*1805*3*X*004010~"


def made(text: str) -> Translation:
    return load("reno/m.yaml", dedent(text).encode(), lambda _: None)


def refused(text: str) -> list[str]:
    try:
        made(text)
    except Misconfigured as error:
        return [f"{one.code} {one.rule.line}" for one in error.findings]
    return []


def rows(translation: Translation, data: str | bytes, *, pieces: int = 0):
    """Give the rows and all findings; Rejected says only what it found."""
    data = data.encode() if isinstance(data, str) else data
    findings = Findings()
    chunks = [data[at : at + pieces] for at in range(0, len(data), pieces)] if pieces else [data]
    try:
        found = list(translation.format.read(chunks, translation.file, findings, "f.edi"))
    except Rejected as rejected:
        return None, list(rejected.findings)
    return found, [*findings.found, *(finding for row in found for finding in row.findings)]


def told(findings) -> list[str]:
    return [f"{one.code} {one.data.line} {one.data.path}".strip() for one in findings]


def cells(found, name: str):
    return [
        [one.cells if hasattr(one, "cells") else one for one in row.cells] for row in found if row.record.name == name
    ]


def bare(row):
    return row.record.name, row.cells, row.place


def st(*segments: str, set: str = "945", control: str = "0001") -> str:
    return "~".join([f"ST*{set}*{control}", *segments, f"SE*{len(segments) + 2}*{control}", ""])


def x12(*transactions: str, count: str = "", group: str = "3", control: str = "000000007") -> str:
    """Give a whole interchange around transactions."""
    return f"{ISA}{GS}{''.join(transactions)}GE*{count or len(transactions)}*{group}~IEA*1*{control}~"


def order(number: str, *skus: str):
    items = [
        {"itemSequenceNumber": str(n), "buyerProductIdentifier": f"B{sku}", "vendorProductIdentifier": sku,
         "orderedQuantity": {"amount": n + 1, "unitOfMeasure": "Each"}, "title": f"Thing {sku}"}
        for n, sku in enumerate(skus or ("S1", "S2"), 1)
    ]  # fmt: skip
    details = {
        "orderDate": "2026-12-01T10:00:00Z",
        "orderStatus": "NEW",
        "shipmentDetails": {"shipMethod": "UPS_GR", "shipmentDates": {"requiredShipDate": "2026-12-03T05:00:00Z"}},
        "shipFromParty": {"partyId": "RNO4"},
        "shipToParty": {"name": "Ann Reader", "addressLine1": "1 High Street", "city": "Reno", "countryCode": "US"},
        "items": items,
    }
    return {"purchaseOrderNumber": number, "orderDetails": details}


def context(*orders, **settings: str) -> Frozen:
    stored = {one["purchaseOrderNumber"]: one for one in orders}
    known = {"edi_id": "ACME", "wms_id": "RENO", "usage": "P", **settings}
    return Frozen(NOW, orders=stored, settings=known, zones={"RNO4": "America/Los_Angeles"})


def documents(translation: Translation, data: str | bytes, *orders) -> list[Document]:
    data = data.encode() if isinstance(data, str) else data
    return list(read(translation, [data], "f.edi", context(*orders)))


def written(translation: Translation, *orders) -> str:
    found = write(translation, [Document("order", one) for one in orders], context())
    assert [str(one) for one in found.findings] == []
    return found.files[0].data.decode()
