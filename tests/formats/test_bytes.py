"""Files that are the bytes of one field: each turn a file, exactly the bytes, and no file at all where they are not right."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.document import Document
from translator.core.finding import Findings, Misconfigured, Rejected, errors
from translator.formats.bytes import LONGEST
from translator.mapping.context import Frozen
from translator.translation import load, trace_written, write

HEAD = "writes: order\nformat: bytes\n"
LABELS = HEAD + (
    "let: {d: order.orderDetails}\neach: item in d.items\n"
    'file: "{{ order.purchaseOrderNumber }}-{{ loop.index }}.zpl"\ncontent: item.title\n'
)
INDEX = """writes: order
let: {d: order.orderDetails}
files:
  labels:
    format: bytes
    each: item in d.items
    file: "{{ order.purchaseOrderNumber }}-{{ item.itemSequenceNumber }}.png"
    content: item.title
  index:
    format: csv
    file: "{{ order.purchaseOrderNumber }}.csv"
    each: item in d.items
    fields: {LINE: item.itemSequenceNumber}
"""
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\xff"
WORLD = Frozen(datetime(2026, 12, 1, tzinfo=UTC))


def base64(data):
    return b64encode(data).decode()


def made(text):
    return load("w/labels.yaml", text.encode(), lambda _: None)


def order(*contents):
    """Give an order whose lines hold what a label would: the field is any text field of the document."""
    items = [{"itemSequenceNumber": str(number), "title": content} for number, content in enumerate(contents, 1)]
    tree = {"purchaseOrderNumber": "D4kTz8Qw2", "orderDetails": {"items": items}}
    return [Document("order", tree, "D4kTz8Qw2")]


def refused(text):
    with pytest.raises(Misconfigured) as error:
        made(text)
    return [finding.code for finding in errors(error.value.findings)]


def test_each_turn_is_a_file_of_exactly_the_bytes_in_the_order_of_the_document():
    written = write(made(LABELS), order(base64(b"^XA^XZ"), base64(PNG)), WORLD)
    assert [(file.name, file.data) for file in written.files] == [
        ("D4kTz8Qw2-1.zpl", b"^XA^XZ"),
        ("D4kTz8Qw2-2.zpl", PNG),
    ]
    assert written.findings == ()


@given(st.lists(st.binary(min_size=1, max_size=50), min_size=1, max_size=4))
def test_what_was_put_into_base64_is_what_stands_in_the_files(contents):
    written = write(made(LABELS), order(*map(base64, contents)), WORLD)
    assert [file.data for file in written.files] == contents


def test_without_each_a_document_is_one_file():
    text = HEAD + 'file: "{{ order.purchaseOrderNumber }}.pdf"\ncontent: order.orderDetails.orderStatus\n'
    document = Document("order", {"purchaseOrderNumber": "D1", "orderDetails": {"orderStatus": base64(b"%PDF-1.4")}})
    assert [(one.name, one.data) for one in write(made(text), [document], WORLD).files] == [("D1.pdf", b"%PDF-1.4")]


def test_a_file_beside_them_lists_what_was_written_and_comes_last():
    written = write(made(INDEX), order(base64(b"one"), base64(b"two")), WORLD)
    assert [file.name for file in written.files] == ["D4kTz8Qw2-1.png", "D4kTz8Qw2-2.png", "D4kTz8Qw2.csv"]
    assert written.files[-1].data == b"1\n2\n"


@pytest.mark.parametrize(
    "content, code",
    [
        ("^XA^FS^XZ", "base64"),
        ("QUJD\nQUJD", "base64"),
        ("QUJDQ", "base64"),
        ("QQ==QQ==", "base64"),
        ("QQ", "base64"),
        ("Étage=", "base64"),
        ("xxxxx", "base64"),
        ("====", "base64"),
        ("", "value-missing"),
        ("   ", "value-missing"),
        (None, "value-missing"),
    ],
)
def test_what_is_no_base64_or_empty_is_told_at_its_place_and_no_file_is_written(content, code):
    written = write(made(LABELS), order(base64(b"good"), content), WORLD)
    assert written.files == ()
    (finding,) = written.findings
    assert finding.code == code
    assert finding.data.path == "/orderDetails/items/1/title"
    assert (finding.rule.file, finding.rule.line, finding.rule.field) == ("w/labels.yaml", 6, "content")
    assert not content or not content.strip() or content not in str(finding)


def test_a_field_that_is_not_there_is_told_at_its_place():
    document = Document("order", {"purchaseOrderNumber": "D1", "orderDetails": {"items": [{}]}})
    (finding,) = write(made(LABELS), [document], WORLD).findings
    assert finding.data.path == "/orderDetails/items/0/title"


def test_a_document_without_a_turn_is_an_error_never_a_silent_end():
    (finding,) = write(made(LABELS), order(), WORLD).findings
    assert finding.code == "files-none"


def test_two_files_of_one_name_are_refused_since_the_second_would_take_the_place_of_the_first():
    one_name = LABELS.replace("-{{ loop.index }}", "")
    written = write(made(one_name), order(base64(b"a"), base64(b"b")), WORLD)
    assert (written.files, [one.code for one in written.findings]) == ((), ["files-alike"])


def test_a_thousand_files_are_enough_for_one_document():
    written = write(made(LABELS), order(*[base64(b"a")] * 1001), WORLD)
    assert (written.files, [one.code for one in written.findings]) == ((), ["files-many"])


def test_a_file_is_no_longer_than_ten_megabytes():
    written = write(made(LABELS), order(base64(b"a" * (LONGEST + 1))), WORLD)
    assert (written.files, [one.code for one in written.findings]) == ((), ["bytes-long"])


def test_a_name_that_would_leave_the_folder_is_rejected():
    away = LABELS.replace("{{ loop.index }}", "{{ item.itemSequenceNumber }}")
    document = order(base64(b"a"))
    document[0].tree["orderDetails"]["items"][0]["itemSequenceNumber"] = "../../etc"
    with pytest.raises(Rejected) as error:
        write(made(away), document, WORLD)
    assert error.value.findings[0].code == "name-unsafe"


def test_a_trace_says_which_place_each_file_is_from():
    found = Findings()
    files = trace_written(made(LABELS), order(base64(b"^XA^XZ"), base64(PNG)), WORLD, found)
    assert [(file.name, file.draft) for file in files] == [("D4kTz8Qw2-1.zpl", b"^XA^XZ"), ("D4kTz8Qw2-2.zpl", PNG)]
    assert [one.paths for file in files for one in file.came] == [
        ("/orderDetails/items/0/title",),
        ("/orderDetails/items/1/title",),
    ]


def test_a_trace_tells_what_would_not_be_written():
    found = Findings()
    trace_written(made(LABELS), order(), WORLD, found)
    assert [one.code for one in found.found] == ["files-none"]


@pytest.mark.parametrize(
    "text, code",
    [
        (LABELS + "fields: {A: order.purchaseOrderNumber}\n", "mapping-layout"),
        (LABELS + "when: 'true'\n", "mapping-layout"),
        (LABELS + "substitute: {a: b}\n", "mapping-layout"),
        (LABELS + "charset: utf-8\n", "yaml-unknown-key"),
        (LABELS.replace("item.title", "item.titel"), "mapping-unknown-path"),
        (LABELS.replace("loop.index", "itm"), "mapping-unknown-name"),
        (LABELS.replace("loop.index", "order.orderDetails.shipToParty.name"), "file-name-personal"),
        (LABELS.replace("loop.index", "item.giftDetails.giftMessage"), "file-name-personal"),
        (HEAD + 'file: "a{{ loop.index }}"\ncontent: order.purchaseOrderNumber\n', "mapping-unknown-name"),
        (HEAD + "batch: {most: 5}\nfile: a\n", "yaml-missing"),
        ("writes: order\nformat: csv\ncontent: order.purchaseOrderNumber\nfields: {A: {text: x}}\n", "mapping-layout"),
        ("reads: inventory_update\nformat: bytes\ndocuments: {warehouseId: {text: W}}\n", "mapping-direction"),
    ],
)
def test_what_cannot_be_meant_is_said_when_the_mapping_is_loaded(text, code):
    assert code in refused(text)


def test_a_turn_may_have_the_name_that_its_list_is_asked_by():
    text = LABELS.replace("let: {d: ", "let: {item: ").replace("d.items", "item.items")
    assert len(write(made(text), order(base64(b"a")), WORLD).files) == 1


def test_content_left_out_is_that_of_the_turn():
    assert "mapping-unknown-path" in refused(HEAD + "each: item in order.orderDetails.items\nfile: a\n")


def test_a_label_of_amazon_is_written_by_the_few_words_there_are():
    text = (
        "writes: shipping_label\nformat: bytes\neach: label in shipping_label.labelData\n"
        'file: "{{ shipping_label.purchaseOrderNumber }}-{{ loop.index }}.{{ shipping_label.labelFormat | lower }}"\n'
    )
    tree = {"purchaseOrderNumber": "D1", "labelFormat": "PNG", "labelData": [{"content": base64(PNG)}]}
    (file,) = write(made(text), [Document("shipping_label", tree)], WORLD).files
    assert (file.name, file.data) == ("D1-1.png", PNG)


@pytest.mark.parametrize("kind", ["packing_slip", "customer_invoice", "container_label"])
def test_a_paper_is_one_file_and_its_field_need_not_be_said(kind):
    text = f"writes: {kind}\nformat: bytes\nfile: one.pdf\n"
    (file,) = write(made(text), [Document(kind, {"content": base64(b"%PDF-1.4")})], WORLD).files
    assert file.data == b"%PDF-1.4"


def test_what_a_label_shows_is_a_persons_and_no_name_for_a_file():
    text = (
        "writes: shipping_label\nformat: bytes\neach: label in shipping_label.labelData\nfile: '{{ label.content }}'\n"
    )
    assert "file-name-personal" in refused(text)


def test_the_labels_of_several_orders_share_an_index_where_they_are_batched():
    text = """writes: shipping_label
batch: {most: 10}
files:
  labels:
    format: bytes
    each: [one in batch, label in one.labelData]
    file: "{{ one.purchaseOrderNumber }}-{{ loop.index }}.zpl"
  index:
    format: csv
    file: "{{ batch | count }}.csv"
    each: [one in batch, label in one.labelData]
    fields: {ORDER: one.purchaseOrderNumber, FILE: one.purchaseOrderNumber ~ '-' ~ loop.index}
"""
    trees = [
        {"purchaseOrderNumber": number, "labelFormat": "ZPL", "labelData": [{"content": base64(b"^XA")}] * count}
        for number, count in (("D1", 2), ("D2", 1))
    ]
    written = write(made(text), [Document("shipping_label", tree) for tree in trees], WORLD)
    assert written.findings == ()
    assert [file.name for file in written.files] == ["D1-1.zpl", "D1-2.zpl", "D2-1.zpl", "2.csv"]
    assert written.files[-1].data == b"D1,D1-1\nD1,D1-2\nD2,D2-1\n"
    trees[1]["labelData"] = [{"content": "no"}]
    (finding,) = write(made(text), [Document("shipping_label", tree) for tree in trees], WORLD).findings
    assert finding.data.path == "/1/labelData/0/content"
