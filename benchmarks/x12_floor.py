"""The floor of the X12 row: orders-x12.yaml's 940 by hand, with the same conversions, checks, counts and substitutions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from benchmarks.floors import HIDDEN, METHODS, cut, local, named, person, short, whole

NOW: Final = ("261201", "0000", "20261201")  # what the clock of the run says
CONTROL: Final = "000000001"
_PLAIN: Final = str.maketrans({"*": " ", "~": " ", ">": " "})
_ISA: Final = "*".join(
    ("ISA", "00", " " * 10, "00", " " * 10, "ZZ", "ACMEGOODS".ljust(15), "ZZ", "RENOWMS".ljust(15), *NOW[:2])
)
_HEAD: Final = (
    f"{_ISA}*U*00401*{CONTROL}*0*P*>",
    f"GS*OW*ACMEGOODS*RENOWMS*{NOW[2]}*{NOW[1]}*1*X*004010",
    "ST*940*0001",
)


def to_x12(data: bytes) -> tuple[str, bytes]:
    """Write orders-x12.yaml's file."""
    order = json.loads(data)
    number = order["purchaseOrderNumber"]
    body = list(_body(number, order["orderDetails"]))
    lines = [*_HEAD, *body, f"SE*{len(body) + 2}*0001", "GE*1*1", f"IEA*1*{CONTROL}"]
    return f"OW{named(number)}.edi", ("~\r\n".join(lines) + "~\r\n").encode("iso-8859-1")


def _body(number: str, d: Mapping[str, Any]) -> Iterator[str]:
    s, to, warehouse = d["shipmentDetails"], d["shipToParty"], d["shipFromParty"]["partyId"]
    dates, units = s["shipmentDates"], 0
    yield _segment("W05", "N", _least(number, 22), _least(d["customerOrderNumber"], 22))
    yield _segment("N1", "WH", "", "92", _least(warehouse, 80))
    yield _segment("N1", "ST", _who(to["name"], 60))
    yield _segment("N3", _who(to["addressLine1"], 55), _who(to.get("addressLine2"), 55, ""))
    yield _segment(
        "N4",
        _who(to.get("city"), 30, HIDDEN if to.get("city") else ""),
        cut(to.get("stateOrRegion"), 30),
        cut(to.get("postalCode"), 15),
        _least(to["countryCode"], 3),
    )
    if s.get("isGift"):
        yield "N9*ZZ*GIFT"
    if s.get("isPslipRequired"):
        yield "N9*PK*SLIP"
    yield "G62*10*" + local(dates["requiredShipDate"], warehouse, "%Y%m%d")
    if promised := dates.get("promisedDeliveryDate"):
        yield "G62*02*" + local(promised, warehouse, "%Y%m%d")
    if message := s.get("messageToCustomer"):
        yield _segment("NTE", "WHI", cut(message, 80))
    yield _segment("W66", "PP", "M", "", "", _least(METHODS[s["shipMethod"]], 35))
    for place, item in enumerate(d["items"], 1):
        amount, sku = item["orderedQuantity"]["amount"], item.get("vendorProductIdentifier")
        asin = item.get("buyerProductIdentifier")
        units += amount
        yield f"LX*{place}"
        yield _segment(
            "W01", whole(amount), "EA", "", "VN", _least(sku or asin, 48), "BP" if asin else "", short(asin, 48)
        )
        if title := item.get("title"):
            yield _segment("G69", cut(title, 45))
        yield _segment("N9", "LI", _least(item["itemSequenceNumber"], 30))
    yield f"W76*{units}"


def _segment(*parts: str) -> str:
    text = "*".join(part.translate(_PLAIN) for part in parts)
    if "\n" in text or "\r" in text:
        raise ValueError("a line end in a value")
    return text.rstrip("*")


def _least(text: str | None, most: int) -> str:
    """Give a text that must be there, and is not too long."""
    if not text:
        raise ValueError("nothing stands here")
    return short(text, most)


def _who(text: str | None, most: int, hidden: str = HIDDEN) -> str:
    return person(cut(text, most) or None, most, hidden)
