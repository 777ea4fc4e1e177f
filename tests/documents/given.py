"""Orders, and what a warehouse might say of them: made by hand for stories, by Hypothesis for laws."""

from base64 import b64encode
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from translator.core.document import Document
from translator.documents.kind import Asked, kinds

NOW = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)
SHIPPED_AT = "2026-12-01T14:30:00Z"


def line(number="00001", amount=1, sku="SKU-1", asin="B000000001", **more):
    names = {"buyerProductIdentifier": asin, "vendorProductIdentifier": sku}
    return {
        "itemSequenceNumber": number,
        **{name: value for name, value in names.items() if value},
        "title": "A thing",
        "orderedQuantity": {"amount": amount, "unitOfMeasure": "Each"},
        "netPrice": {"currencyCode": "USD", "amount": "12.50"},
        **more,
    }


def order(*lines, number="D3rC3KTxG", status="NEW", **details):
    return {
        "purchaseOrderNumber": number,
        "orderDetails": {
            "customerOrderNumber": "111-2223334-5556667",
            "orderDate": "2026-11-30T09:00:00Z",
            "orderStatus": status,
            "shipmentDetails": {
                "isPriorityShipment": False,
                "isPslipRequired": False,
                "shipMethod": "UPS_GR_RES",
                "shipmentDates": {"requiredShipDate": "2026-12-02T00:00:00Z"},
                "messageToCustomer": "Thank you",
            },
            "sellingParty": {"partyId": "ACMEG"},
            "shipFromParty": {"partyId": "EWR1"},
            "shipToParty": {
                "name": "Zoë & Sons",
                "addressLine1": "1 Main St",
                "city": "Town",
                "stateOrRegion": "NJ",
                "postalCode": "07001",
                "countryCode": "US",
            },
            "billToParty": {"partyId": "AMZN"},
            "items": list(lines) or [line()],
            **details,
        },
    }


def redacted(tree):
    """The same order as Amazon shows it where it prints the label itself."""
    hidden = deepcopy(tree)
    hidden["orderDetails"]["shipToParty"] |= {"name": "xxxxx", "addressLine1": "xxxxx", "city": "XXXXX"}
    return hidden


def ship(*containers, items=None, status="SHIPPED", at=SHIPPED_AT):
    said = {"shipmentDetails": {"shippedDate": at, "shipmentStatus": status}}
    return said | ({"containers": list(containers)} if containers else {}) | ({"items": items} if items else {})


def box(lines=None, **names):
    """A container: `box({1: 2}, containerIdentifier="C1")` holds two of line 1."""
    content = [{"itemSequenceNumber": n, "packedQuantity": {"amount": amount}} for n, amount in (lines or {}).items()]
    return names | ({"packedItems": content} if content else {})


PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
ZPL = b"^XA^FO50,50^A0N,40^FDTo: somebody^FS^XZ"
PDF = b"%PDF-1.7\n%%EOF\n"


def base64(data):
    return b64encode(data).decode()


def package(number=1, content=PNG, **more):
    named = {"packageIdentifier": f"00{number}", "trackingNumber": f"1Z{number}", "shipMethod": "UPS_2ND"}
    return {**named, "shipMethodName": "by air", "content": base64(content), **more}


def label(*packages, form="PNG", number="D3rC3KTxG"):
    return {
        "purchaseOrderNumber": number,
        "sellingParty": {"partyId": "ACMEG"},
        "shipFromParty": {"partyId": "EWR1"},
        "labelFormat": form,
        "labelData": list(packages) or [package()],
    }


def event(status="D1", at=SHIPPED_AT, **more):
    return {"statusUpdateDetails": {"trackingNumber": "1Z1", "statusCode": status, "statusDateTime": at, **more}}


def pallet(*packages, number="P1", warehouse="EWR1"):
    return {
        "shipFromParty": {"partyId": warehouse},
        "vendorContainerId": number,
        "packages": [{"packageTrackingNumber": one} for one in packages or ("1Z1", "1Z2")],
    }


def completed(kind, tree, known=None, **asked):
    document = Document(kind, tree, about=(known or {}).get("purchaseOrderNumber", ""))
    return kinds()[kind].complete(document, Asked(**{"now": NOW, "vendor": "ACMEG", "order": known} | asked))


def codes(findings, *severities):
    return [one.code for one in findings if not severities or str(one.severity) in severities]


# --- for laws ------------------------------------------------------------------------------------------------------

_WORD = st.text("ABCXYZ0189-", min_size=1, max_size=8).filter(lambda word: not word.isdecimal())


@st.composite
def orders(draw):
    count = draw(st.integers(1, 4))
    form = draw(st.sampled_from(["{}", "{:05}", "{:03}"]))
    lines = []
    for n in range(1, count + 1):
        names = draw(st.sampled_from([("S", "B"), ("S", ""), ("", "B")]))
        sku, asin = (prefix and prefix + str(draw(st.integers(1, 3))) for prefix in names)  # lines may share a product
        unit = draw(st.sampled_from(["Each", "EACH", "each"]))
        lines.append(line(form.format(n * 10), draw(st.integers(1, 5)), sku, asin))
        lines[-1]["orderedQuantity"]["unitOfMeasure"] = unit
    return order(*lines)


@st.composite
def packings(draw, known):
    """An order's units in containers, whole; each container with as much or as little around it as a WMS may say."""
    units = [
        (n, one)
        for n, one in enumerate(known["orderDetails"]["items"])
        for _ in range(one["orderedQuantity"]["amount"])
    ]
    places = [draw(st.integers(0, 2)) for _ in units]
    boxes = []
    for place in sorted(set(places)):
        inside = [one["itemSequenceNumber"] for there, (_, one) in zip(places, units, strict=True) if there == place]
        boxes.append(draw(_boxes(place, {number: inside.count(number) for number in inside})))
    return boxes


@st.composite
def _boxes(draw, place, lines):
    numbers = st.sampled_from([str, int, Decimal])
    number = draw(numbers)
    content = [
        {"itemSequenceNumber": number(n), "packedQuantity": {"amount": draw(numbers)(amount)}}
        for n, amount in lines.items()
    ]
    maybe = {
        "containerIdentifier": f"C{place}",
        "trackingNumber": f"1Z{place}",
        "shipMethod": "UPS_2ND",
        "containerType": draw(st.sampled_from(["Carton", "CARTON", "pallet"])),
        "weight": draw(
            st.sampled_from([{"value": "02.50", "unitOfMeasure": "lb"}, {"value": Decimal("0.00")}, {"value": 3}])
        ),
    }
    return {name: maybe[name] for name in maybe if draw(st.booleans())} | {"packedItems": content}


@st.composite
def ship_days(draw):
    ago = timedelta(minutes=draw(st.integers(-4, 10_000)))
    zone = draw(st.sampled_from(["Z", "+00:00", "-05:00", "+05:30"]))
    return f"{NOW - ago - _offset(zone):%Y-%m-%dT%H:%M:%S}{zone}".replace("Z", "Z")


def _offset(zone):
    if zone == "Z":
        return timedelta()
    hours, minutes = int(zone[1:3]), int(zone[4:])
    ahead = timedelta(hours=hours, minutes=minutes)
    return -ahead if zone[0] == "+" else ahead
