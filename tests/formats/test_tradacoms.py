"""TRADACOMS: tags that end in `=`, transmissions of several kinds, blocks that break in the midst of values."""

from __future__ import annotations

import pytest

from tests.formats.interchanges import cells, context, made, order, rows, told, written
from translator.core.document import Document
from translator.core.finding import Findings
from translator.translation import write

READ = """
reads: shipment_status
format: tradacoms
unknown: warn
envelope: {MHD: {kind: {is: ORDERS}}}
records:
  ORD: {fields: {number: {at: 1.1}, date: {at: 1.3}}}
  OLD: {times: 0.., fields: {line: {}, item: {at: 2}, qty: {at: 6, type: integer}}}
  OTR: {fields: {lines: {type: integer, equals: count(OLD)}}}
documents: {statusUpdateDetails: {trackingNumber: ORD.number}}
"""
FILE = (
    "STX=ANA:1+501:OURS+502:THEIRS+261201:180500+7+PASS+ORDHDR'MHD=1+ORDHDR:9'TYP=0430'MTR=3'"
    "MHD=2+ORDERS:9'ORD=981::261201'OLD=1+A?'1++++3'OLD=2+B2++++4'OTR=2'MTR=6'MHD=3+ORDTLR:9'OFT=1'MTR=3'END=3'"
)


@pytest.fixture(scope="module")
def reading():
    return made(READ)


def test_orders_are_read_and_other_kinds_are_told(reading):
    found, findings = rows(reading, FILE)
    assert told(findings) == ["transaction-other 2 MHD", "transaction-other 11 MHD"]
    assert cells(found, "OLD") == [["1", "A'1", "3"], ["2", "B2", "4"]]


@pytest.mark.parametrize(
    "wrong, found",
    [
        (lambda text: text.replace("MTR=6", "MTR=7"), "envelope-count 10 MTR-01"),
        (lambda text: text.replace("END=3", "END=4"), "envelope-count 14 END-01"),
        (lambda text: text.replace("END=3'", ""), "envelope-open 13 END"),
    ],
)
def test_counts_are_checked(reading, wrong, found):
    assert found in told(rows(reading, wrong(FILE))[1])


def test_blocks_of_a_fixed_width_are_joined(reading):
    broken = "\r\n".join(FILE[at : at + 40] for at in range(0, len(FILE), 40)) + "\r\n"
    found, _ = rows(made(READ + "width: 40\n"), broken)
    assert cells(found, "OLD") == cells(rows(reading, FILE)[0], "OLD")


ORDERS = """
writes: order
format: tradacoms
newline: crlf
file: o.edi
partner: {edi_id: ours, wms_id: theirs}
envelope:
  STX: {sender: partner.edi_id, receiver: partner.wms_id, application: {text: ORDHDR}}
  MHD: {kind: {is: ORDERS}}
records:
  ORD: {fields: {number: {at: 1.1, from: order.purchaseOrderNumber}}}
  OLD: {each: item in order.orderDetails.items, fields: {line: loop.index, sku: item.vendorProductIdentifier}}
  OTR: {fields: {lines: {type: integer, equals: count(OLD)}}}
"""


def test_an_order_is_written_with_its_counts_and_read_again():
    mapping = made(ORDERS)
    data = written(mapping, order("P+1"))
    assert data.split("\r\n") == [
        "STX=ANA:1+ACME+RENO+261201:180500+1++ORDHDR'", "MHD=1+ORDERS:9'", "ORD=P?+1'",
        "OLD=1+S1'", "OLD=2+S2'", "OTR=2'", "MTR=6'", "END=1'", "",
    ]  # fmt: skip
    found, findings = rows(mapping, data)
    assert findings == []
    assert mapping.format.write(found, mapping.file, Findings()).decode() == data


def test_every_mark_inside_a_value_is_released_and_read_again():
    mapping = made(ORDERS)
    data = written(mapping, order("P'+:=?1"))
    assert "ORD=P?'?+?:?=??1'" in data
    found, findings = rows(mapping, data)
    assert findings == []
    assert cells(found, "ORD") == [["P'+:=?1"]]


def test_a_header_that_names_nobody_is_no_header():
    nobody = made(ORDERS.replace("sender: partner.edi_id, receiver: partner.wms_id, ", ""))
    found = write(nobody, [Document("order", order("PO1"))], context())
    assert found.files == ()
    assert [(one.code, one.text.split()[0]) for one in found.findings] == [
        ("envelope-value", "STX-02"),
        ("envelope-value", "STX-03"),
    ]


def test_several_orders_are_messages_that_are_numbered_and_counted():
    text = ORDERS.replace("writes: order\n", "writes: order\nbatch: {most: 9}\n")
    lines = written(made(text), order("PO1"), order("PO2")).split("\r\n")
    assert [one for one in lines if one.startswith(("STX", "MHD", "MTR", "END"))] == [
        "STX=ANA:1+ACME+RENO+261201:180500+1++ORDHDR'", "MHD=1+ORDERS:9'", "MTR=6'", "MHD=2+ORDERS:9'", "MTR=6'", "END=2'",
    ]  # fmt: skip
