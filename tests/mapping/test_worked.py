# ruff: noqa: E501 - a group stands in one line, as in the reference
"""The worked mappings of the language's reference that read CSV, fixed width and XML: each loads, and reads as its text says.

Adapted only where the language says it otherwise now: an XML path names no attribute twice, a table stands beside.
"""

from __future__ import annotations

from decimal import Decimal

from tests.mapping.reading import codes, order, read

RESULT = """\
    reads: shipment_confirmation
    format: xml
    namespaces: {"": "http://schemas.example.com/V2/SOResultDocument.xsd"}
    repair: [{find: '"(?=[A-Z][A-Za-z]*=")', put: '" '}]
    unknown: skip
    records:
      SOResult:
        fields:
          "@OrderNumber": {}
          "@DateShipped": {date: iso}
          "@CartonCount": {type: integer, equals: count(Carton), check: warn}
          Line: {times: 0.., fields: {"@Line": {}, "@Quantity": {type: integer}}}
          Carton:
            times: 0..
            fields: {"@CartonId": {}, "@TrackingId": {}, "@Carrier": {}, "@ServiceLevel": {}, "@Weight": {type: decimal}, Content: {times: 0.., fields: {"@Line": {}, "@Quantity": {type: integer}}}}
    documents:
      each: SOResult
      about: {order: OrderNumber}
      items: {each: SOResult.Line, about: {item: Line}, shippedQuantity: {amount: Quantity}}
      containers:
        each: SOResult.Carton
        trackingNumber: TrackingId
        shipMethod: {lookup: {table: carriers, by: {scac: Carrier, service: ServiceLevel}, give: method}}
        weight: {value: {maybe: Weight}, unitOfMeasure: {text: LB}}
        packedItems: {each: Content, about: {item: Line}, packedQuantity: {amount: Quantity}}
    """


def test_5_5_attributes_glued_together_are_repaired_with_a_finding_each():
    data = """<?xml version="1.0"?>
<SOResult xmlns="http://schemas.example.com/V2/SOResultDocument.xsd" OrderNumber="A1" DateShipped="2026-11-30T10:00:00Z"CartonCount="2" Extra="x">
  <Line Line="1" Quantity="5"/><Line Line="2"Quantity="4"/>
  <Carton CartonId="C1" TrackingId="1Z1" Carrier="UPSN" ServiceLevel="G" Weight="2.5"><Content Line="1" Quantity="5"/></Carton>
  <Carton CartonId="C2" TrackingId="1Z2" Carrier="UPSN" ServiceLevel="X"><Content Line="2" Quantity="4"/></Carton>
</SOResult>"""
    (found,) = read(RESULT, data, order("A1"), file="r.xml")
    assert (found.rejected, codes(found)) == (False, ["repaired", "repaired"])
    assert [(one["itemSequenceNumber"], one["shippedQuantity"]["amount"]) for one in found.tree["items"]] == [
        ("1", 5), ("2", 4),
    ]  # fmt: skip
    one, two = found.tree["containers"]
    assert (one["shipMethod"], one["weight"]["value"], two["shipMethod"]) == ("UPS_GR", Decimal("2.5"), "UPS_ANY")
    assert "weight" not in two
    assert two["packedItems"][0]["packedQuantity"] == {"amount": 4}


STATUS = """\
    reads: shipment_status
    format: csv
    unknown: skip
    records:
      H:
        times: 0..
        fields: {type: {is: H}, lot: {}, day: {}, time: {}}
        records:
          D: {times: 1.., fields: {type: {is: D}, lot: {equals: H.lot}, tracking: {}, spare: {}, postcode: {}, place: {}, service: {}}}
    documents:
      each: H.D
      about: {order: {trackingNumber: tracking}}
      statusUpdateDetails:
        trackingNumber: tracking
        statusCode: {text: 101}
        reasonCode: {text: 000}
        statusDateTime: {from: H.day ~ H.time, date: "%Y%m%d%H%M%S", zone: Europe/London}
        statusLocationAddress: {name: place, addressLine1: place, postalCode: postcode, countryCode: {text: GB}}
    """


def test_5_7_details_find_their_header_by_the_key_they_repeat():
    data = "H,7,20261130,101500\nD,7,T1,,AB1,Leeds,x\nH,8,20261201,090000\nD,8,T2,,AB2,York,x\nD,7,T3,,AB3,Hull,x\n"
    known = [order(f"A{number}", trackingNumber=f"T{number}") for number in (1, 2, 3)]
    found = {one.about: one.tree.get("statusUpdateDetails", {}) for one in read(STATUS, data, *known)}
    dates = {about: details["statusDateTime"] for about, details in found.items()}
    assert dates == {"A1": "2026-11-30T10:15:00Z", "A2": "2026-12-01T09:00:00Z", "A3": "2026-11-30T10:15:00Z"}
    assert (found["A2"]["statusCode"], found["A2"]["reasonCode"]) == ("101", "000")
    assert found["A3"]["statusLocationAddress"]["postalCode"] == "AB3"


FEED = """\
    reads: shipment_status
    format: fixed
    short: fill
    unknown: skip
    parts:
      reference: {times: 0..1, fields: {record: {len: 4, is: H002}, shipment: {len: 19, equals: H001.shipment}, kind: {len: 4}, value: {len: 60}}}
    records:
      H001:
        times: 0..
        fields: {record: {len: 4, is: H001}, shipment: {at: 25, len: 19}, moment: {at: 142, len: 14}, tz: {at: 158, len: 4}, tracking: {at: 464, len: 30}, city: {at: 564, len: 30}, state: {len: 2}, zip: {len: 11}, country: {len: 2}}
        records:
          street:    {use: reference, fields: {kind: {is: OA}}}
          order_ref: {use: reference, fields: {kind: {is: OO}}}
          other:     {use: reference, times: 0..}
    documents:
      each: H001
      about: {order: {wms_order: order_ref.value}}
      statusUpdateDetails:
        trackingNumber: tracking
        statusDateTime: {from: moment, date: "%Y%m%d%H%M%S", zone: {from: tz, lookup: {EST: America/New_York, PST: America/Los_Angeles}}}
    """


def _h001(shipment: str, moment: str, tz: str, tracking: str) -> str:
    return f"{'H001':24}{shipment:19}{'':98}{moment:16}{tz:4}{'':302}{tracking:100}".rstrip() + "\n"


def test_5_7_a_feed_of_lines_of_one_code_is_told_apart_by_their_second_one():
    data = (
        _h001("S1", "20261130101500", "EST", "1Z1")
        + "H002S1                 OA  Street\nH002S1                 XX  whatever\nH002S1                 OO  W-17\n"
        + _h001("S2", "20261130101500", "PST", "1Z2")
        + "H002S2                 OO  W-18\n"
    )
    known = [order("A1", wms_order="W-17"), order("A2", wms_order="W-18")]
    first, second = read(FEED, data, *known, file="feed.txt")
    assert (first.about, second.about, codes(first)) == ("A1", "A2", [])
    assert first.tree["statusUpdateDetails"] == {"trackingNumber": "1Z1", "statusDateTime": "2026-11-30T15:15:00Z"}
    assert second.tree["statusUpdateDetails"]["statusDateTime"] == "2026-11-30T18:15:00Z"


LOTS = """\
    reads: shipment_confirmation
    format: fixed
    width: bytes
    charset: ascii
    unknown: skip
    records:
      head:
        len: [85, 95]
        fields: {supplier: {len: 20}, note: {len: 20}, customer: {len: 20}, order: {len: 12}, codepage: {len: 5, is: 1250}, count: {len: 8, type: integer, equals: count(line)}}
        records:
          line:
            times: 1..
            len: 158
            fields: {product: {len: 7}, name: {len: 60, charset: cp1250}, qty: {at: 101, len: 8, type: decimal}, lot: {len: 20}, expiry: {len: 10, date: "%d.%m.%Y"}, barcode: {len: 20}}
    documents:
      about: {order: {wms_order: head.order}}
      items:
        each: head.line
        group: [barcode, product]
        about: {item: {vendorProductIdentifier: barcode}}
        shippedQuantity: {amount: sum(qty) | whole}
    """


def _lot(product: str, name: str, qty: str, lot: str, barcode: str) -> bytes:
    return f"{product:7}{name:60}{'':33}{qty:>8}{lot:20}01.02.2027{barcode:20}\n".encode("cp1250")


def test_5_8_lots_of_one_article_make_one_line_and_the_header_counts_the_lines():
    head = f"{'ACME':20}{'':20}{'X':20}{'W-17':12}1250 {'3':>8}".encode() + b"\n"
    lines = [
        _lot("P1", "Čaj zelený", "2.000", "L1", "SKU1"), _lot("P1", "Čaj zelený", "3.000", "L2", "SKU1"),
        _lot("P2", "Káva", "1.000", "L3", "SKU2"),
    ]  # fmt: skip
    (found,) = read(LOTS, head + b"".join(lines), order("A1", wms_order="W-17"), file="lots.txt")
    assert (codes(found), found.about) == ([], "A1")
    assert [(one["itemSequenceNumber"], one["shippedQuantity"]["amount"]) for one in found.tree["items"]] == [
        ("1", 5), ("2", 1),
    ]  # fmt: skip
    (short,) = read(LOTS, head + b"".join(lines[:2]), order("A1", wms_order="W-17"), file="lots.txt")
    assert codes(short) == ["equals"]


DESPATCH = """\
    reads: shipment_confirmation
    format: xml
    namespaces: {"": "urn:x:DespatchAdvice-2", cbc: "urn:x:CommonBasicComponents-2", cac: "urn:x:CommonAggregateComponents-2"}
    unknown: skip
    records:
      DespatchAdvice:
        fields:
          issued:   {at: cbc:IssueDate, date: "%Y-%m-%d", time: "17:00", zone: warehouse}
          order_no: {at: cac:OrderReference/cbc:ID}
          parcel:   {at: cac:Shipment/cac:TransportHandlingUnit, times: 0.., fields: {id: {at: cbc:ID}}}
          line:
            at: cac:DespatchLine
            times: 1..
            fields: {qty: {at: cbc:DeliveredQuantity, type: decimal}, unit: {at: cbc:DeliveredQuantity/@unitCode}, open: {at: cbc:BackorderQuantity, type: decimal}, ours: {at: cac:OrderLineReference/cbc:LineID}}
            must: {nothing stays back: open is absent or open == 0}
    documents:
      about: {order: DespatchAdvice.order_no}
      shipmentDetails: {shippedDate: DespatchAdvice.issued}
      items: {each: DespatchAdvice.line, about: {item: ours}, shippedQuantity: {amount: qty}}
      containers: {each: DespatchAdvice.parcel, containerIdentifier: id}
    """
ADVICE = """<DespatchAdvice xmlns="urn:x:DespatchAdvice-2" xmlns:b="urn:x:CommonBasicComponents-2" xmlns:a="urn:x:CommonAggregateComponents-2">
  <b:IssueDate>2026-11-30</b:IssueDate><b:Note>x</b:Note><a:OrderReference><b:ID>A1</b:ID></a:OrderReference>
  <a:Shipment><a:TransportHandlingUnit><b:ID>P1</b:ID></a:TransportHandlingUnit><a:TransportHandlingUnit><b:ID>P2</b:ID></a:TransportHandlingUnit></a:Shipment>
  <a:DespatchLine><b:DeliveredQuantity unitCode="EA">5</b:DeliveredQuantity><b:BackorderQuantity>0</b:BackorderQuantity><a:OrderLineReference><b:LineID>1</b:LineID></a:OrderLineReference></a:DespatchLine>
  <a:DespatchLine><b:DeliveredQuantity unitCode="EA">4</b:DeliveredQuantity><a:OrderLineReference><b:LineID>02</b:LineID></a:OrderLineReference></a:DespatchLine>
</DespatchAdvice>"""


def test_5_10_a_despatch_advice_is_read_by_its_namespaces_and_nothing_may_stay_back():
    (found,) = read(DESPATCH, ADVICE, order("A1"), file="d.xml")
    assert codes(found) == []
    assert found.tree["shipmentDetails"] == {"shippedDate": "2026-11-30T22:00:00Z"}
    assert [(one["itemSequenceNumber"], one["shippedQuantity"]["amount"]) for one in found.tree["items"]] == [
        ("1", Decimal(5)), ("2", Decimal(4)),
    ]  # fmt: skip
    assert [one["containerIdentifier"] for one in found.tree["containers"]] == ["P1", "P2"]
    (back,) = read(DESPATCH, ADVICE.replace("BackorderQuantity>0", "BackorderQuantity>2"), order("A1"), file="d.xml")
    assert [(one.code, one.text) for one in back.findings] == [("must", "nothing stays back")]


def test_5_11_an_acknowledgement_keeps_the_number_of_the_warehouse():
    text = """\
        reads: acknowledgement
        format: csv
        header: true
        fields: {ORDER: {}, STATUS: {}, wms_no: {at: WMS No.}}
        documents:
          each: row
          about: {order: ORDER}
          vendorOrderNumber: {from: wms_no, keep: wms_order}
          acknowledgementStatus: {code: {from: STATUS, lookup: ack_codes, reverse: true}}
        """
    (found,) = read(text, "STATUS,WMS No.,ORDER\nNOSTOCK,0017,A1\n", order("A1"), file="ack.csv")
    assert (found.tree["acknowledgementStatus"], found.kept) == ({"code": "03"}, {"wms_order": "0017"})


SNAPSHOT = """\
    reads: inventory_update
    format: fixed
    records:
      H: {fields: {code: {len: 1, is: H}, warehouse: {len: 4}, mode: {len: 1}}}
      D: {times: 0.., fields: {code: {len: 1, is: D}, sku: {len: 20}, lot: {len: 10}, state: {len: 1}, qty: {len: 10, type: decimal, implied: 3, sign: trailing}}}
      T: {fields: {code: {len: 1, is: T}, rows: {len: 9, type: integer, equals: count(D)}, hash: {len: 15, type: decimal, implied: 3, equals: sum(D.qty)}}}
    documents:
      warehouseId: {from: H.warehouse, lookup: warehouses, reverse: true}
      isFullUpdate: {from: H.mode, lookup: {F: true, D: false}}
      items:
        each: D if state == 'A'
        group: sku
        vendorProductIdentifier: sku
        availableQuantity: {amount: sum(qty) | whole | at_least(0)}
    """


def test_5_11_lots_of_a_stock_snapshot_add_up_and_its_trailer_holds_count_and_hash():
    rows = [("S1", "A", "000005000"), ("S2", "A", "000002000-"), ("S1", "A", "000001000"), ("S3", "B", "000009000")]
    body = "".join(f"D{sku:20}{'L':10}{state}{qty:10}\n" for sku, state, qty in rows)
    (found,) = read(SNAPSHOT, f"HNWRKF\n{body}T000000004000000000013000\n", file="s.txt")
    assert (codes(found), found.tree["warehouseId"], found.tree["isFullUpdate"]) == ([], "EWR1", "true")
    levels = [(one["vendorProductIdentifier"], one["availableQuantity"]["amount"]) for one in found.tree["items"]]
    assert levels == [("S1", 6), ("S2", 0)]
    (bad,) = read(SNAPSHOT, f"HNWRKF\n{body}T000000004000000000013001\n", file="s.txt")
    assert (bad.rejected, codes(bad)) == (True, ["equals"])
