from __future__ import annotations

from decimal import Decimal

import pytest

from tests.mapping.reading import codes, line, mapping, order, read, told
from translator.core.finding import Misconfigured, Rejected

SHIP = """\
    reads: shipment_confirmation
    format: csv
    header: true
    fields:
      ORDER:    {}
      LINE:     {type: integer}
      QTY:      {type: integer}
      CARTON:   {}
      TRACKING: {}
      CARRIER:  {lookup: ship_methods, reverse: true}
      LBS:      {type: decimal}
      SHIPPED:  {date: "%m/%d/%Y %H:%M", zone: America/Chicago}
    documents:
      group: ORDER
      about: {order: ORDER}
      shipmentDetails: {shippedDate: max(SHIPPED), shipmentStatus: {text: SHIPPED}}
      containers:
        group: CARTON
        containerIdentifier: CARTON
        trackingNumber: TRACKING
        shipMethod: CARRIER
        weight: {value: {maybe: LBS}, unitOfMeasure: {text: LB}}
        packedItems: {each: row, about: {item: LINE}, packedQuantity: {amount: QTY}}
    """
HEADER = "ORDER,LINE,QTY,CARTON,TRACKING,CARRIER,LBS,SHIPPED\n"
SHIPPED = mapping(SHIP)
TAIL = "1Z1,UPSG,2.50,11/30/2026 10:00\n"


def product(number: str) -> dict[str, str]:
    sku = f"SKU{number}"
    return {"itemSequenceNumber": number, "buyerProductIdentifier": f"B{sku}", "vendorProductIdentifier": sku}


def ship(*rows: str, orders=()):
    return read(SHIPPED, HEADER + "".join(rows), *orders)


def test_a_ship_file_becomes_one_confirmation_per_order():
    first, second = ship(
        f"A1,1,5,C1,{TAIL}", f"A2,2,1,C9,{TAIL}", "A1,0002,5,C1,1Z1,UPSG,2.50,11/30/2026 11:00\n",
        "A1,2,1,C2,1Z2,FX2,,11/30/2026 09:00\n",
        orders=[order("A1"), order("A2")],
    )  # fmt: skip
    assert (first.kind, first.about, first.awaits, told(first)) == ("shipment_confirmation", "A1", "", [])
    assert [place.line for place in first.records] == [2, 4, 5]
    assert first.tree["shipmentDetails"] == {"shippedDate": "2026-11-30T17:00:00Z", "shipmentStatus": "SHIPPED"}
    one, two = first.tree["containers"]
    assert one == {
        "containerIdentifier": "C1",
        "trackingNumber": "1Z1",
        "shipMethod": "UPS_GR",
        "weight": {"value": Decimal("2.50"), "unitOfMeasure": "LB"},
        "packedItems": [
            {**product("1"), "packedQuantity": {"amount": 5}},
            {**product("2"), "packedQuantity": {"amount": 5}},
        ],
    }
    assert "weight" not in two  # nothing but a fixed text would be in it
    assert two["shipMethod"] == "FEDEX_2D"
    assert (second.about, second.rejected) == ("A2", False)


def test_an_order_that_is_not_known_is_awaited():
    (found,) = ship(f"A1,1,5,C1,{TAIL}")
    assert (found.kind, found.about, found.awaits, found.tree, found.findings) == (
        "shipment_confirmation",
        "A1",
        "A1",
        {},
        (),
    )
    assert [place.line for place in found.records] == [2]


@pytest.mark.parametrize("quantity", ["1_000", "٣", "\u00a05x", "1e3", "0x10", "1.5", "5,", "NaN", "--5"])
def test_a_bad_quantity_rejects_its_order_and_the_neighbours_go_on(quantity):
    first, second, third = ship(
        f"A1,1,5,C1,{TAIL}", f'A2,1,"{quantity}",C1,{TAIL}', f"A2,2,5,C1,{TAIL}", f"A3,1,5,C1,{TAIL}",
        orders=[order("A1"), order("A2"), order("A3")],
    )  # fmt: skip
    assert [one.rejected for one in (first, second, third)] == [False, True, False]
    assert (second.about, len(second.findings), second.findings[0].data.line) == ("A2", 1, 3)
    assert (second.findings[0].data.field, second.findings[0].rule.line) == ("QTY", 7)
    assert [place.line for place in second.records] == [3, 4]


def test_a_quantity_below_nought_is_left_to_the_kind():
    (found,) = ship(f"A1,1,-5,C1,{TAIL}", orders=[order("A1")])
    assert found.tree["containers"][0]["packedItems"][0]["packedQuantity"] == {"amount": -5}


def test_a_half_written_file_rejects_the_order_it_breaks_in():
    first, second = ship(f"A1,1,5,C1,{TAIL}", "A2,1,5,C1,1Z", orders=[order("A1"), order("A2")])
    assert (first.rejected, second.rejected, second.about) == (False, True, "A2")
    assert codes(second) == ["row-short"]


def test_a_row_of_no_order_is_unread_and_told():
    first, unread = ship(f"A1,1,5,C1,{TAIL}", f",1,x,C1,{TAIL}", f",1,1,C1,{TAIL}", orders=[order("A1")])
    assert not first.rejected
    assert (unread.kind, unread.rejected, [place.line for place in unread.records]) == ("unread", True, [3, 4])
    assert [finding.data.line for finding in unread.findings] == [3, 4]


def test_a_line_that_cannot_be_read_at_all_is_unread():
    first, unread = ship(f"A1,1,5,C1,{TAIL}", '"A1",2,"5,C1\n', orders=[order("A1")])
    assert (first.kind, unread.kind, codes(unread)) == ("shipment_confirmation", "unread", ["csv-quote"])


def test_all_that_is_wrong_is_told_not_the_first():
    (found,) = ship("A1,9,x,C1,1Z1,NOPE,heavy,yesterday\n", f"A1,7,5,C1,{TAIL}", orders=[order("A1")])
    assert sorted(codes(found)) == [
        "date-syntax",
        "lookup-miss",
        "number-syntax",
        "number-syntax",
        "unknown-item",
        "unknown-item",
    ]
    miss = next(finding for finding in found.findings if finding.code == "lookup-miss")
    assert (miss.data.line, miss.rule.line, miss.hint) == (2, 10, "add it to tables/ship_methods.csv")


def test_a_plain_field_must_be_the_same_in_all_rows_of_a_group():
    (found,) = ship(f"A1,1,5,C1,{TAIL}", "A1,2,5,C1,1Z2,UPSG,2.50,11/30/2026 10:00\n", orders=[order("A1")])
    assert codes(found) == ["group-conflict"]
    assert "line 2 and line 3" in told(found)[0]


def test_a_blank_in_a_group_is_no_contradiction():
    (found,) = ship(f"A1,1,5,C1,{TAIL}", "A1,2,5,C1,,,,11/30/2026 10:00\n", orders=[order("A1")])
    assert not found.findings
    assert found.tree["containers"][0]["trackingNumber"] == "1Z1"


def test_a_value_that_is_not_there_is_an_error_with_a_hint():
    (found,) = ship("A1,1,5,C1,,UPSG,2.50,11/30/2026 10:00\n", orders=[order("A1")])
    assert [(one.code, one.hint) for one in found.findings] == [
        ("value-missing", "where it may be absent say maybe: TRACKING")
    ]


def test_the_greatest_of_nothing_may_be_absent_too():
    layout = SHIP.replace("{maybe: LBS}", "{maybe: max(LBS) + 1}")
    assert layout != SHIP
    (found,) = read(layout, f"{HEADER}A1,1,5,C1,1Z1,UPSG,,11/30/2026 10:00\n", order("A1"))
    assert not found.findings
    assert "weight" not in found.tree["containers"][0]


BY_SKU = """\
    reads: shipment_confirmation
    format: csv
    fields: {ORDER: {}, SKU: {}, QTY: {type: integer}}
    documents:
      group: ORDER
      about: {order: ORDER}
      containers:
        group: ORDER
        containerIdentifier: ORDER
        packedItems: {each: row, about: {item: {vendorProductIdentifier: SKU}}, packedQuantity: {amount: QTY}}
    """


def test_an_unknown_product_is_an_error_that_says_what_there_is():
    (found,) = read(BY_SKU, "A1,SKU9,1\n", order("A1"))
    assert [(one.code, one.data.line, one.hint) for one in found.findings] == [
        ("unknown-item", 1, "did you mean 'SKU2'?")
    ]


def test_lines_that_share_a_product_are_filled_in_sequence_with_a_note():
    stored = order("A1", line("1", "X", 3), line("2", "X", 2))
    (found,) = read(BY_SKU, "A1,X,4\nA1,X,1\n", stored)
    items = found.tree["containers"][0]["packedItems"]
    assert [(one["itemSequenceNumber"], one["packedQuantity"]["amount"]) for one in items] == [
        ("1", 3),
        ("2", 1),
        ("2", 1),
    ]
    assert [(one.code, str(one.severity)) for one in found.findings] == [("item-shared", "info")]


@pytest.mark.parametrize("said", ["NaN", "Infinity", "1_0", "1e9999999", "٣"])
def test_what_is_no_quantity_is_not_shared_among_lines(said):
    """It stays as it was said, for the document's kind to tell."""
    (found,) = read(
        BY_SKU.replace("QTY: {type: integer}", "QTY: {}"), f"A1,X,{said}\n", order("A1", line("1", "X"), line("2", "X"))
    )
    assert found.tree["containers"][0]["packedItems"][0]["packedQuantity"] == {"amount": said}


def test_an_order_may_be_found_by_a_field_of_it():
    layout = """\
        reads: acknowledgement
        format: csv
        fields: {REF: {}}
        documents: {each: row, about: {order: {customerOrderNumber: REF}}, vendorOrderNumber: REF}
        """
    numbers = {"A1": "111", "A2": "222", "A3": "222"}
    stored = [order(number, customerOrderNumber=other) for number, other in numbers.items()]
    found, several, unknown = read(layout, "111\n222\n333\n", *stored)
    assert (found.about, found.awaits) == ("A1", "")
    assert codes(several) == ["about-ambiguous"]
    assert (unknown.about, unknown.awaits) == ("", "333")


def test_a_csv_acknowledgement_is_read():
    layout = """\
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
    first, second = read(layout, "ORDER,STATUS,WMS No.\nA1,OK,0017\nA2,WHAT,0018\n", order("A1"), order("A2"))
    assert first.tree == {"vendorOrderNumber": "0017", "acknowledgementStatus": {"code": "00"}}
    assert first.kept == {"wms_order": "0017"}
    assert (codes(second), second.about) == (["lookup-miss"], "A2")


STOCK = """\
    reads: inventory_update
    format: fixed
    records:
      H: {fields: {code: {len: 1, is: H}, warehouse: {len: 4}, mode: {len: 1}}}
      D:
        times: 0..
        fields: {code: {len: 1, is: D}, sku: {len: 4}, state: {len: 1}, qty: {len: 8, type: decimal, implied: 3, sign: trailing}}
      T:
        fields:
          code: {len: 1, is: T}
          rows: {len: 3, type: integer, equals: count(D)}
          hash: {len: 9, type: decimal, implied: 3, equals: sum(D.qty)}
    documents:
      warehouseId: {from: H.warehouse, lookup: warehouses, reverse: true}
      isFullUpdate: {from: H.mode, lookup: {F: true, D: false}}
      items:
        each: D if state == 'A'
        group: sku
        vendorProductIdentifier: sku
        availableQuantity: {amount: sum(qty) | whole | at_least(0)}
    """
ROWS = "DSKU1A0005000 \nDSKU2A0002000-\nDSKU1A0001000 \nDSKU3B0009000 \n"


def stock(trailer: str, rows: str = ROWS, mode: str = "D"):
    return read(STOCK, f"HNWRK{mode}\n{rows}{trailer}", file="stock.txt")


def test_a_stock_file_adds_up_its_lots_and_holds_its_trailer_against_them():
    (found,) = stock("T004000013000\n")
    assert not found.findings
    assert found.tree == {
        "warehouseId": "EWR1",
        "isFullUpdate": "false",
        "items": [
            {"vendorProductIdentifier": "SKU1", "availableQuantity": {"amount": 6}},
            {"vendorProductIdentifier": "SKU2", "availableQuantity": {"amount": 0}},
        ],
    }


@pytest.mark.parametrize(
    "trailer, code",
    [("T005000013000\n", "equals"), ("T004000013001\n", "equals"), ("", "record-missing"), ("T00", "line-short")],
)
def test_nothing_goes_on_when_the_trailer_is_missing_or_disagrees(trailer, code):
    (found, *_) = stock(trailer)
    assert (found.kind, found.rejected, found.tree) == ("inventory_update", True, {})
    assert code in codes(found)


NESTED = """\
    reads: inventory_update
    format: xml
    records:
      Stock:
        fields: {{Place: {{}}, {group}}}
        {records}
    documents:
      warehouseId: Stock.Place
      items: {{each: {items}, vendorProductIdentifier: Sku, availableQuantity: {{amount: Qty}}}}
    """
ITEM = "Item: {times: 0.., fields: {Sku: {}, Qty: {type: integer}}}"
SUM = "Sum: {fields: {rows: {at: ., type: integer, equals: count(Item)}}}"
INSIDE = NESTED.format(group="", records=f"records: {{{ITEM}, {SUM}}}", items="Item")
GROUPS = NESTED.format(group=f"{ITEM}, {SUM}", records="", items="Stock.Item")


@pytest.mark.parametrize("layout", [INSIDE, GROUPS])
@pytest.mark.parametrize("trailer, stands", [("<Sum>2</Sum>", True), ("<Sum>3</Sum>", False), ("<Sum>x</Sum>", False)])
def test_a_trailer_inside_the_root_of_an_xml_file_is_waited_for_like_any(layout, trailer, stands):
    rows = "".join(f"<Item><Sku>{sku}</Sku><Qty>1</Qty></Item>" for sku in "AB")
    (found,) = read(layout, f"<Stock><Place>EWR1</Place>{rows}{trailer}</Stock>", file="stock.xml")
    assert (len(found.tree.get("items", ())), found.rejected) == ((2, False) if stands else (0, True))


def test_a_trailer_that_disagrees_names_both_numbers():
    (found,) = stock("T005000013000\n")
    (text,) = told(found)
    assert text.startswith("stock.txt:6 (T rows): error equals: rows says '5', count(D) is '4' [mapping ship.yaml:")


def test_a_line_that_is_lost_stops_a_file_with_a_trailer():
    (found,) = stock("T004000013000\n", ROWS + "what?\n")
    assert "record-unknown" in codes(found)


LEVELS = """\
    reads: inventory_update
    format: csv
    fields: {SKU: {}, QTY: {type: integer}, FULL: {}}
    documents:
      isFullUpdate: {from: first(FULL), default: "false"}
      items: {each: row, vendorProductIdentifier: SKU, availableQuantity: {amount: QTY}}
    """


def test_items_of_an_inventory_stand_alone():
    found, unread = read(LEVELS, "X,5,\nY,1_0,\nZ,2,\n")
    assert [item["vendorProductIdentifier"] for item in found.tree["items"]] == ["X", "Z"]
    assert [(one.code, str(one.severity), one.text) for one in found.findings] == [
        ("records-left-out", "warning", "1 record is left out (line 2)")
    ]
    assert (unread.kind, codes(unread), [place.line for place in unread.records]) == ("unread", ["number-syntax"], [2])


def test_an_item_that_adds_up_what_is_bad_is_left_out_and_never_short():
    layout = """\
    reads: inventory_update
    format: xml
    records:
      Stock:
        fields:
          Item: {times: 0.., fields: {Sku: {}, Bin: {times: 0.., fields: {Qty: {type: integer}}}}}
    documents:
      items: {each: Stock.Item, vendorProductIdentifier: Sku, availableQuantity: {amount: sum(Bin.Qty)}}
    """
    bins = {"X": ("5", "7"), "Y": ("5", "many"), "Z": ("1",)}
    rows = "".join(
        f"<Item><Sku>{sku}</Sku>{''.join(f'<Bin><Qty>{one}</Qty></Bin>' for one in some)}</Item>"
        for sku, some in bins.items()
    )
    found, unread = read(layout, f"<Stock>{rows}</Stock>", file="stock.xml")
    levels = [(item["vendorProductIdentifier"], item["availableQuantity"]["amount"]) for item in found.tree["items"]]
    assert levels == [("X", 12), ("Z", 1)]
    assert (codes(found), codes(unread)) == (["records-left-out"], ["number-syntax"])


def test_a_full_update_is_all_or_nothing():
    (found,) = read(LEVELS, "X,5,true\nY,1_0,true\nZ,2,true\n")
    assert (found.kind, found.tree, codes(found)) == ("inventory_update", {}, ["number-syntax"])


QUIET = """\
    reads: shipment_confirmation
    format: xml
    namespaces: {"": "http://schemas.example.com/V2/Result.xsd"}
    records:
      SOResult:
        fields:
          "@OrderNumber": {}
          "@DateShipped": {date: iso}
          "@CartonCount": {type: integer, equals: count(Carton), check: warn}
          Line: {times: 0.., fields: {"@Line": {}, "@Quantity": {type: integer}}}
          Carton:
            times: 0..
            fields:
              "@CartonId": {}
              "@TrackingId": {}
              "@Carrier": {}
              "@ServiceLevel": {}
              "@Weight": {type: decimal}
              Content: {times: 0.., fields: {"@Line": {}, "@Quantity": {type: integer}}}
    documents:
      each: SOResult
      about: {order: OrderNumber}
      items: {each: SOResult.Line, about: {item: Line}, shippedQuantity: {amount: Quantity}}
      containers:
        each: SOResult.Carton
        containerIdentifier: CartonId
        trackingNumber: TrackingId
        shipMethod: {lookup: {table: carriers, by: {scac: Carrier, service: ServiceLevel}, give: method}}
        weight: {value: {maybe: Weight}, unitOfMeasure: {text: LB}}
        packedItems: {each: Content, about: {item: Line}, packedQuantity: {amount: Quantity}}
    """
RESULT = """<?xml version="1.0" encoding="utf-8"?>
<SOResult xmlns="http://schemas.example.com/V2/Result.xsd" OrderNumber="A1" DateShipped="2026-11-30T10:00:00Z" CartonCount="2">
  <Line Line="1" Quantity="5"/><Line Line="2" Quantity="4"/>
  <Carton CartonId="C1" TrackingId="1Z1" Carrier="UPSN" ServiceLevel="G" Weight="2.5"><Content Line="1" Quantity="5"/></Carton>
  <Carton CartonId="C2" TrackingId="1Z2" Carrier="UPSN" ServiceLevel="X"><Content Line="2" Quantity="4"/></Carton>
</SOResult>"""


def test_an_xml_result_with_all_in_attributes_is_read():
    (found,) = read(QUIET, RESULT, order("A1"), file="result.xml")
    assert not found.findings
    assert [one["itemSequenceNumber"] for one in found.tree["items"]] == ["1", "2"]
    assert [(one["containerIdentifier"], one["shipMethod"], "weight" in one) for one in found.tree["containers"]] == [
        ("C1", "UPS_GR", True), ("C2", "UPS_ANY", False),
    ]  # fmt: skip
    assert found.tree["containers"][1]["packedItems"][0]["packedQuantity"] == {"amount": 4}


def test_a_count_that_is_only_warned_of_lets_the_document_go_on():
    (found,) = read(QUIET, RESULT.replace('CartonCount="2"', 'CartonCount="3"'), order("A1"), file="result.xml")
    assert ([(one.code, str(one.severity)) for one in found.findings], found.rejected) == (
        [("equals", "warning")],
        False,
    )


def test_xml_that_is_cut_off_is_refused_whole():
    with pytest.raises(Rejected):
        read(QUIET, RESULT[:-20], order("A1"), file="result.xml")


STATUS = """\
    reads: shipment_confirmation
    format: csv
    records:
      H:
        times: 0..
        fields: {type: {is: H}, lot: {}, day: {}, time: {}}
        records:
          D: {times: 1.., fields: {type: {is: D}, lot: {equals: H.lot}, order: {}, box: {}}}
    documents:
      each: H.D
      about: {order: D.order}
      shipmentDetails: {shippedDate: {from: H.day ~ H.time, date: "%Y%m%d%H%M%S", zone: Europe/London}}
      containers: {group: box, containerIdentifier: box}
    """


def test_each_runs_over_a_path_of_records_and_sees_what_is_around():
    data = "H,7,20261130,101500\nD,7,A1,x\nD,7,A2,y\nH,8,20261201,000000\nD,9,A3,z\n"
    found = read(STATUS, data, order("A1"), order("A2"), order("A3"))
    assert [(one.about, one.tree.get("shipmentDetails", {}).get("shippedDate")) for one in found] == [
        ("A1", "2026-11-30T10:15:00Z"), ("A2", "2026-11-30T10:15:00Z"), ("A3", None),
    ]  # fmt: skip
    assert [codes(one) for one in found] == [[], [], ["equals"]]


def test_a_bad_header_stops_what_belongs_to_it_only():
    found = read(STATUS, "H,7,2026,1\nD,7,A1,x\nH,8,20261201,000000\nD,8,A3,z\n", order("A1"), order("A3"))
    assert [(one.about, one.rejected) for one in found] == [("A1", True), ("A3", False)]


def test_when_must_let_and_words_of_the_file_name():
    layout = """\
        reads: acknowledgement
        format: csv
        file: "ack_{site}_*.csv"
        let: {site: file.site}
        fields: {ORDER: {}, KIND: {}, NO: {default: none}}
        documents:
          each: row if KIND != 'X'
          when: KIND != 'SKIP'
          about: {order: ORDER}
          let: {number: site ~ '-' ~ NO}
          must: {the number has digits: "NO != 'none'"}
          vendorOrderNumber: number
        """
    found = read(
        layout, "A1,A,1\nA2,X,2\nA3,SKIP,3\nA4,A,\n", order("A1"), order("A3"), order("A4"), file="ack_EWR_1.csv"
    )
    assert [(one.about, one.tree.get("vendorOrderNumber"), codes(one)) for one in found] == [
        ("A1", "EWR-1", []), ("A4", None, ["must"]),
    ]  # fmt: skip
    assert found[1].findings[0].text == "the number has digits"


def test_neighbours_only_are_grouped_where_the_picture_says_so():
    text = """\
        reads: acknowledgement
        format: csv
        fields: {ORDER: {}, NO: {}}
        documents: {group: ORDER, adjacent: true, about: {order: ORDER}, vendorOrderNumber: first(NO)}
        """
    found = read(text, "A1,1\nA1,2\nA2,3\nA1,4\n", order("A1"), order("A2"))
    assert [(one.about, one.tree["vendorOrderNumber"]) for one in found] == [("A1", "1"), ("A2", "3"), ("A1", "4")]


def test_json_is_read():
    layout = """\
        reads: shipment_confirmation
        format: json
        fields:
          order: {}
          boxes: {times: 0.., fields: {id: {}, lines: {times: 0.., fields: {no: {}, qty: {type: integer}}}}}
        documents:
          each: row
          about: {order: order}
          containers:
            each: boxes
            containerIdentifier: id
            packedItems: {each: lines, about: {item: no}, packedQuantity: {amount: qty}}
        """
    data = """[{"order":"A1","boxes":[{"id":"C1","lines":[{"no":1,"qty":5},{"no":2,"qty":5}]}]},
               {"order":"A2","boxes":[{"id":7,"lines":[{"no":1}]}]}]"""
    first, second = read(layout, data, order("A1"), order("A2"), file="ship.json")
    assert [one["itemSequenceNumber"] for one in first.tree["containers"][0]["packedItems"]] == ["1", "2"]
    assert codes(second) == ["value-missing"]


def test_warehouse_means_the_zone_of_the_partners_warehouse():
    layout = """\
        reads: shipment_confirmation
        format: csv
        fields: {ORDER: {}, DAY: {date: "%Y%m%d", time: "17:00", zone: warehouse}, AT: {}}
        documents:
          each: row
          about: {order: ORDER}
          shipmentDetails:
            shippedDate: DAY
            estimatedDeliveryDate: {from: AT, date: "%Y%m%d%H%M", zone: warehouse}
        """
    (found,) = read(layout, "A1,20261130,202611301200\n", order("A1"))
    assert found.tree["shipmentDetails"] == {
        "shippedDate": "2026-11-30T22:00:00Z",
        "estimatedDeliveryDate": "2026-11-30T17:00:00Z",
    }


def test_an_empty_file_gives_no_documents_or_its_missing_records():
    assert ship() == []
    (found,) = read(STOCK, "")
    assert codes(found).count("record-missing") == 2


def test_what_is_only_odd_about_a_file_stands_with_its_first_document():
    layout = mapping(SHIP.replace("header: true", "header: true\n    unknown: warn"))
    rows = f"A1,1,5,C1,{TAIL}".replace("\n", ",x\n") + f"A2,1,5,C1,{TAIL}".replace("\n", ",x\n")
    first, second = read(layout, HEADER.replace("\n", ",EXTRA\n") + rows, order("A1"), order("A2"))
    assert (codes(first), first.rejected, codes(second)) == (["column-unknown"], False, [])


def test_an_object_of_fixed_texts_alone_stands_and_one_whose_values_lack_does_not():
    text = """\
        reads: shipment_confirmation
        format: csv
        fields: {ORDER: {}, LBS: {}}
        documents:
          each: row
          about: {order: ORDER}
          sellingParty: {partyId: {text: ACMEG}}
          shipFromParty: {partyId: {text: EWR1}, address: {name: {maybe: LBS}, countryCode: {text: US}}}
          shipmentDetails: {shipmentStatus: {text: SHIPPED}, vendorOrderNumber: {maybe: LBS}}
        """
    (found,) = read(text, "A1,\n", order("A1"))
    assert found.tree == {"sellingParty": {"partyId": "ACMEG"}}


def test_entries_of_a_list_and_documents_are_counted():
    text = """\
        reads: shipment_confirmation
        format: csv
        fields: {ORDER: {}, BOX: {}}
        documents:
          group: ORDER
          about: {order: ORDER}
          shipmentDetails: {vendorOrderNumber: "'N' ~ loop.index0"}
          containers: {each: row, containerIdentifier: BOX, containerSequenceNumber: loop.index}
        """
    found = read(text, "A1,x\nA2,y\nA1,z\n", order("A1"), order("A2"))
    assert [one.tree["shipmentDetails"]["vendorOrderNumber"] for one in found] == ["N0", "N1"]
    boxes = [[box["containerSequenceNumber"] for box in one.tree["containers"]] for one in found]
    assert boxes == [[1, 2], [1]]


def test_a_picture_cannot_ask_how_many_entries_there_will_be():
    text = LEVELS.replace("first(FULL)", "loop.last")
    with pytest.raises(Misconfigured) as caught:
        mapping(text)
    assert [one.code for one in caught.value.findings] == ["mapping-unknown-path"]


def test_a_line_that_is_none_stops_an_xml_file_with_a_trailer_inside_its_root():
    text = """\
        reads: inventory_update
        format: xml
        records:
          Stock:
            records:
              Item: {times: 0.., fields: {"@sku": {}, "@qty": {type: integer}}}
              End: {fields: {"@count": {type: integer, equals: count(Item)}}}
        documents: {items: {each: Stock.Item, vendorProductIdentifier: sku, availableQuantity: {amount: qty}}}
        """
    (found,) = read(text, '<Stock><Item sku="A" qty="1"/><What/><End count="1"/></Stock>', file="x.xml")
    assert (found.rejected, codes(found)) == (True, ["element-unknown"])


def test_a_total_may_be_off_as_far_as_the_mapping_tolerates():
    text = STOCK.replace("equals: sum(D.qty)", "equals: sum(D.qty), tolerance: 0.5")
    for hash_, rejected in (("000013500", False), ("000013501", True)):
        assert read(text, f"HNWRKD\n{ROWS}T004{hash_}\n", file="stock.txt")[0].rejected == rejected


NOTES = """
reads: shipment_confirmation
format: fixed
records:
  H:
    times: 0..
    fields: {code: {len: 1, is: H}, order: {len: 3}}
    records:
      N: {times: 0..1, fields: {code: {len: 1, is: N}, number: {len: 5}}}
documents:
  each: H
  about: {order: H.order}
  shipmentDetails: {shipmentStatus: {text: SHIPPED}, shippedDate: {text: "2026-12-01T12:00:00Z"}}
  containers: {each: H, trackingNumber: {maybe: N.number}, containerIdentifier: H.order}
"""


def test_a_record_that_is_not_there_is_nobody_elses():
    found = read(NOTES, "HPO1\nHPO2\nN12345\n", order("PO1"), order("PO2"))
    assert [one.tree["containers"][0].get("trackingNumber") for one in found] == [None, "12345"]


def test_what_stands_below_a_record_is_that_of_its_own_document():
    text = NOTES.replace(
        "N: {times: 0..1, fields: {code",
        "P:\n            fields: {code: {len: 1, is: P}}\n            records:\n              N: {times: 0..1, fields: {code",
    )
    found = read(text, "HPO1\nP\nN11111\nHPO2\nP\nN22222\nHPO3\nP\n", order("PO1"), order("PO2"), order("PO3"))
    assert [one.tree["containers"][0].get("trackingNumber") for one in found] == ["11111", "22222", None]
