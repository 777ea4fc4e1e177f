"""Groups that repeat side by side, or inside one cell: read and written by one layout."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tests.formats.pieces import MANY, codes, field, layout, plain, read, row, written
from tests.mapping.reading import codes as told
from tests.mapping.reading import mapping, order
from tests.mapping.reading import read as documents
from translator.core.finding import Findings, Misconfigured, Place
from translator.formats.format import formats
from translator.mapping.layout import Times
from translator.mapping.row import Row
from translator.translation import load

CSV, FIXED = formats()["csv"], formats()["fixed"]
ITEM = (field("sku"), field("qty"))


def items(times: Times, **keys):
    return field("item", times=times, fields=keys.pop("fields", ITEM), **keys)


def groups(row: Row, number: int = 1) -> list[list[object]]:
    return [inner.cells for inner in row.cells[number] or []]


def test_a_group_takes_adjoining_columns_as_often_as_it_may():
    made = layout("csv", row(field("order"), items(Times(0, 3)), field("note")))
    data = b"A1,S1,1,S2,2,,,hi\nA2,,,,,,,\n"
    rows, findings = read(CSV, data, made)
    assert not findings
    assert [(one.cells[0], groups(one), one.cells[2], codes(one.findings)) for one in rows] == [
        ("A1", [["S1", "1"], ["S2", "2"]], "hi", []), ("A2", [], None, []),
    ]  # fmt: skip
    assert written(CSV, rows, made) == data


def test_a_last_group_without_bound_goes_on_to_the_end_of_the_row():
    made = layout("csv", row(field("order"), items(MANY)))
    data = b"A1,S1,1,S2,2,S3,3\nA2\nA3,S1,1\n"
    rows, findings = read(CSV, data, made)
    assert not findings
    assert [groups(one) for one in rows] == [[["S1", "1"], ["S2", "2"], ["S3", "3"]], [], [["S1", "1"]]]
    assert written(CSV, rows, made) == data


def test_repeated_columns_have_numbers_in_their_names():
    item = items(Times(0, 3), fields=(field("sku", at="SKU{n}"), field("qty", at="QTY_{nn}")))
    made = layout("csv", row(field("ORDER"), item), options={"header": "true"})
    rows, findings = read(CSV, b"QTY_01,SKU1,ORDER,SKU2,QTY_02\n1,S1,A1,S2,2\n3,S3,A2,,\n", made)
    assert not findings
    assert [groups(one) for one in rows] == [[["S1", "1"], ["S2", "2"]], [["S3", "3"]]]
    assert written(CSV, rows, made) == (b"ORDER,SKU1,QTY_01,SKU2,QTY_02,SKU3,QTY_03\nA1,S1,1,S2,2,,\nA2,S3,3,,,,\n")


def test_the_header_names_as_many_repeats_as_the_longest_row_has():
    item = items(MANY, fields=(field("sku", at="SKU{n}"), field("qty", at="QTY{n}")))
    made = layout("csv", row(field("ORDER"), item), options={"header": "true"})
    data = b"ORDER,SKU1,QTY1,SKU2,QTY2\nA1,S1,1,,\nA2,S1,1,S2,2\n"
    rows, _ = read(CSV, data, made)
    assert written(CSV, rows, made) == data


def test_a_repeated_column_that_its_neighbours_have_is_missed():
    item = items(Times(0, 3), fields=(field("sku", at="SKU{n}"), field("qty", at="QTY{n}")))
    made = layout("csv", row(field("ORDER"), item), options={"header": "true"}, unknown="warn")
    _, findings = read(CSV, b"ORDER,SKU1,QTY1,SKU2\nA1,S1,1,S2\n", made)
    assert [(one.code, "QTY2" in one.text) for one in findings] == [("column-missing", True)]


def test_a_group_may_stand_in_a_fixed_line():
    inner = (field("sku", len=3), field("qty", len=2))
    made = layout("fixed", row(field("order", len=2), items(Times(0, 3), fields=inner), field("end", len=1)))
    data = b"A1S1  1S2  2     .\nA2               .\n"
    rows, findings = read(FIXED, data, made)
    assert not findings
    assert [(groups(one), one.cells[2]) for one in rows] == [([["S1", " 1"], ["S2", " 2"]], "."), ([], ".")]
    for one in rows:
        for inner_row in one.cells[1] or []:
            inner_row.cells = [cell.ljust(size) for cell, size in zip(inner_row.cells, (3, 2), strict=True)]
    assert written(FIXED, rows, made) == data


def test_a_group_in_a_fixed_line_may_go_on_to_its_end_and_be_wider_than_its_fields():
    inner = (field("sku", len=2), field("qty", at="4", len=1))
    made = layout("fixed", row(field("order", len=2), items(MANY, fields=inner, len=5)), unknown="skip")
    rows, findings = read(FIXED, b"A1S1 1 S2 2 \nA2\nA3S1 1\n", made)
    assert not findings
    assert [groups(one) for one in rows] == [[["S1", "1"], ["S2", "2"]], [], [["S1", "1"]]]
    assert [codes(one.findings) for one in rows] == [[], [], []]


def test_a_group_that_must_stand_there_is_missed():
    rows, _ = read(CSV, b"A1,,,\n", layout("csv", row(field("order"), items(Times(2, 2)))))
    assert codes(rows[0].findings) == ["row-short", "group-missing"]
    missing = rows[0].findings[1]
    assert (missing.text.partition("of them ")[2], missing.hint) == (
        "hold something, at least 2 are meant",
        "`times: 0..2` where there may be fewer",
    )


def test_more_repeats_than_there_is_room_for_are_a_finding():
    made = layout("csv", row(field("order"), items(Times(0, 1))))
    group = made.records[0].fields[1]
    rows = [Row(made.records[0], ["A1", [Row(group, ["S", "1"], Place())] * 2], Place("order", 1))]
    findings = Findings()
    CSV.write(rows, made, findings)
    assert codes(findings.found) == ["layout-times"]


def test_groups_inside_one_cell_are_parted_by_what_split_says():
    pair = field("pair", split=":", fields=ITEM)
    made = layout("csv", row(field("order"), field("item", times=MANY, split="|", fields=(pair,))))
    data = b"A1,S1:1|S2:2\nA2,\n"
    rows, findings = read(CSV, data, made)
    assert not findings
    assert [[inner.cells for group in one.cells[1] or [] for inner in group.cells[0]] for one in rows] == [
        [["S1", "1"], ["S2", "2"]], [],
    ]  # fmt: skip
    assert written(CSV, rows, made) == data


def test_too_many_parts_and_a_part_that_holds_the_mark_are_findings():
    pair = field("pair", split=":", fields=ITEM)
    made = layout("csv", row(pair))
    rows, _ = read(CSV, b"S1:1:2\n", made)
    assert codes(rows[0].cells[0][0].findings) == ["split-parts"]
    findings = Findings()
    CSV.write([Row(made.records[0], [[Row(pair, ["S:1", "1"], Place())]], Place("order", 1))], made, findings)
    assert codes(findings.found) == ["split-text"]


@pytest.mark.parametrize(
    "fields, code",
    [
        ("A: {times: 0.., fields: {B: {}}}, C: {}", "mapping-times"),
        ("A: {times: 0..5000, fields: {B: {}}}", "mapping-times"),
        ("A: {times: 0.., split: ';', fields: {B: {}, C: {}}}", "mapping-times"),
        ("A: {times: 0..3, fields: {B: {}}}", "header-number"),
    ],
)
def test_what_no_row_can_hold_is_refused_when_the_mapping_is_loaded(fields, code):
    text = (
        f"reads: acknowledgement\nformat: csv\nheader: true\nfields: {{{fields}}}\ndocuments: {{about: {{order: A}}}}\n"
    )
    with pytest.raises(Misconfigured) as caught:
        load("w/x.yaml", text.encode(), lambda _: None)
    assert code in codes(caught.value.findings)


WIDE = """\
    reads: shipment_confirmation
    format: csv
    fields:
      order: {}
      tracking: {times: 0.., split: "|"}
      item: {times: 0..3, fields: {sku: {}, qty: {type: integer}}}
    documents:
      each: row
      about: {order: order}
      containers: {each: code in tracking, trackingNumber: code}
      items: {each: item, about: {item: {vendorProductIdentifier: sku}}, shippedQuantity: {amount: qty}}
"""


def test_repeats_become_the_lists_of_a_document():
    (found,) = documents(mapping(WIDE), "A1,T1|T2,SKU1,2,SKU2,3,,\n", order("A1"))
    assert not told(found)
    assert [one["trackingNumber"] for one in found.tree["containers"]] == ["T1", "T2"]
    assert [one["shippedQuantity"]["amount"] for one in found.tree["items"]] == [2, 3]


def test_a_wrong_value_in_a_repeat_has_its_place():
    (found,) = documents(mapping(WIDE), "A1,T1,SKU1,x,,,,\n", order("A1"))
    assert [(one.code, one.data.line, one.data.field) for one in found.findings] == [("number-syntax", 1, "qty")]


WRITES = """\
    writes: order
    format: csv
    header: true
    file: x
    let: {d: order.orderDetails}
    fields:
      ORDER: order.purchaseOrderNumber
      skus: {times: 0.., split: "|", from: d.items.vendorProductIdentifier}
      item:
        each: item in d.items
        times: 0..3
        fields: {sku: {at: "SKU{n}", from: item.vendorProductIdentifier}, qty: {at: "QTY{n}", from: item.orderedQuantity.amount}}
"""


def test_the_lines_of_an_order_are_written_side_by_side():
    from tests.mapping.reading import context
    from translator.core.document import Document
    from translator.translation import write

    made = load("w/orders.yaml", dedent(WRITES).encode(), lambda _: None)
    tree = {"purchaseOrderNumber": "A1", "orderDetails": {"items": [
        {"vendorProductIdentifier": f"S{n}", "orderedQuantity": {"amount": n}} for n in (1, 2)
    ]}}  # fmt: skip
    found = write(made, [Document("order", tree)], context())
    assert [str(one) for one in found.findings] == []
    assert found.files[0].data == b"ORDER,skus,SKU1,QTY1,SKU2,QTY2,SKU3,QTY3\nA1,S1|S2,S1,1,S2,2,,\n"
    assert plain(read(CSV, found.files[0].data, made.file)[0][0])[1][2] == [
        ("item", ["S1", "1"], 2, 2, []), ("item", ["S2", "2"], 2, 2, []),
    ]  # fmt: skip


def test_a_group_without_bound_has_one_in_a_fixed_line_and_the_line_a_least_length():
    made = layout(
        "fixed", row(field("order", len=2), items(MANY, fields=(field("sku", len=1),))), options={"newline": "lf"}
    )
    rows, _ = read(FIXED, b"A1" + b"x" * 5_000 + b"\nA\nA2\n", made)
    assert [len(one.cells[1] or []) for one in rows] == [2_000, 0, 0]
    assert [codes(one.findings) for one in rows] == [["line-long"], ["line-short"], []]


def test_a_fixed_line_without_a_turn_is_as_long_as_what_stands_before():
    note = field("note", times=Times(0, 1), fields=(field("text", len=3),))
    fields = (field("order", len=2), note, items(MANY, fields=(field("sku", len=1),)))
    made = layout("fixed", row(*fields), options={"newline": "lf"})
    data = written(FIXED, [Row(made.records[0], ["A1", None, None], Place())], made)
    assert data == b"A1   \n"
    assert codes(read(FIXED, data, made)[0][0].findings) == []


PARTED = """\
    writes: order
    format: fixed
    newline: lf
    file: x
    records:
      H:
        fields:
          order: {len: 4, from: order.purchaseOrderNumber}
          item:
            len: 14
            each: item in order.orderDetails.items
            split: ";"
            fields: {pair: {split: ":", fields: {sku: item.vendorProductIdentifier, qty: item.orderedQuantity.amount}}}
          end: {len: 1, text: Z}
"""


def test_of_a_group_inside_one_place_of_a_fixed_line_the_group_has_the_length_and_what_is_in_it_none():
    from tests.mapping.reading import context
    from translator.core.document import Document
    from translator.translation import write

    made = load("w/orders.yaml", dedent(PARTED).encode(), lambda _: None)
    tree = {"purchaseOrderNumber": "A1", "orderDetails": {"items": [
        {"vendorProductIdentifier": f"S{n}", "orderedQuantity": {"amount": n}} for n in (1, 2)
    ]}}  # fmt: skip
    found = write(made, [Document("order", tree)], context())
    assert found.files[0].data == b"A1  S1:1;S2:2     Z\n"
    with pytest.raises(Misconfigured) as caught:
        load("w/orders.yaml", dedent(PARTED).replace("        len: 14\n", "").encode(), lambda _: None)
    assert [(one.code, one.rule.field) for one in caught.value.findings] == [("mapping-fixed-len", "item")]
