"""Where cells stand in a file: what stands there is the cell, for every cell of every sample, written and read."""

import json
import re
from base64 import b64encode
from datetime import UTC, datetime
from html import unescape
from textwrap import dedent

import pytest

from tests.loaded import compiled, directed
from translator.cli.behind.given import given_for
from translator.cli.behind.translate import documents_in
from translator.core.document import Document
from translator.core.finding import Findings, Rejected
from translator.documents.kind import kinds
from translator.formats.stands import standing
from translator.mapping.context import Frozen
from translator.translation import load, trace_read, trace_written

NOW = datetime(2026, 12, 1, 18, tzinfo=UTC)


def plain(text, form):
    """What a piece of a file says: without the quotes and signs of its format."""
    if form == "bytes":
        return b64encode(text.encode("utf-8", "surrogateescape")).decode()
    if form == "json":
        value = json.loads(text, parse_float=str)
        return ("true" if value else "false") if isinstance(value, bool) else str(value)
    if form == "csv" and text.startswith('"') and text.endswith('"'):
        text = text[1:-1].replace('""', '"')
    if form == "edifact":
        return re.sub(r"\?(.)", r"\1", text)
    text = text.replace("\\~", "~")
    return re.sub(r"<!\[CDATA\[|\]\]>", "", unescape(text)) if form == "xml" else text


def cells(rows):
    """Every cell that holds something: its row, its number, its text."""
    for row in rows:
        for number, cell in enumerate(row.cells):
            if isinstance(cell, list):
                yield from cells(cell)
            elif cell is not None and str(cell).strip():
                yield row, number, str(cell).lower() if isinstance(cell, bool) else str(cell)


def check(form, file, data, rows, known=None):
    stands = form.where(data, rows, file)
    found = {(id(one.row), one.number): stands.text[one.start : one.end] for one in stands.cells}
    for row, number, cell in cells(rows):
        assert (id(row), number) in found, (row.record.name, row.record.fields[number].name)
        text = plain(found[id(row), number], form.name).strip()
        assert cell.strip() in (text, text.replace(",", "."))  # a decimal comma of the file's
    assert list(stands.cells) == sorted(stands.cells, key=lambda one: (one.start, one.end))
    return stands


@pytest.mark.parametrize("sample", directed("writes"), ids=lambda sample: sample.name)
def test_each_cell_that_was_written_is_found_where_it_stands(sample):
    translation = compiled(sample.mapping)
    given = given_for(sample.folder, sample.top, sample.system)
    kind = kinds()[translation.file.kinds[0]]
    try:
        documents = [one for one in documents_in(kind, sample.sources()[0][1], "in.json") if not one.rejected]
    except Rejected:
        return
    for document in documents:
        findings = Findings()
        try:
            files = trace_written(translation, [document], given.context(), findings)
        except Rejected:
            continue
        for file in files if not findings.failed else ():
            if file.rows:
                check(file.translation.format, file.translation.file, file.draft, file.rows)


@pytest.mark.parametrize("sample", directed("reads"), ids=lambda sample: sample.name)
def test_each_cell_that_was_read_is_found_where_it_stands(sample):
    translation = compiled(sample.mapping)
    given = given_for(sample.folder, sample.top, sample.system)
    try:
        made = trace_read(translation, sample.sources(), given.context())
    except Rejected:
        return
    check(translation.format, translation.file, sample.sources()[0][1], made.rows)


# --- what is hard to find --------------------------------------------------------------------------------------------

ORDER = {
    "purchaseOrderNumber": "PO1",
    "orderDetails": {
        "shipToParty": {"name": 'A "B",\r\nC', "city": "Köln"},
        "items": [{"title": "x|y", "orderedQuantity": {"amount": 1}}, {"title": "z", "orderedQuantity": {"amount": 2}}],
    },
}


def written(text):
    translation = load("a/b.yaml", text.encode(), lambda name: None)
    findings = Findings()

    (file,) = trace_written(translation, [Document("order", ORDER)], Frozen(NOW), findings)
    assert not findings.failed, findings.found
    return check(translation.format, translation.file, file.draft, file.rows)


def read(text, data):
    translation = load("a/b.yaml", text.encode(), lambda name: None)
    made = trace_read(translation, [("f", data)], Frozen(NOW))
    return check(translation.format, translation.file, data, made.rows)


def said(stands):
    return [(one.row.record.fields[one.number].name, stands.text[one.start : one.end]) for one in stands.cells]


HEAD = "writes: order\nfile: a.txt\n"
CUSTOMER = (
    "{A: order.purchaseOrderNumber, B: order.orderDetails.shipToParty.name, C: order.orderDetails.shipToParty.city}"
)


def test_a_quoted_cell_over_two_lines_is_found_whole_and_so_is_what_follows():
    stands = written(f"{HEAD}format: csv\nheader: true\nfields: {CUSTOMER}\n")
    assert said(stands) == [("A", "PO1"), ("B", '"A ""B"",\r\nC"'), ("C", "Köln")]
    assert stands.place(stands.cells[2].start) == (3, 4)
    assert stands.at(3, 4) == stands.cells[2].start


def test_escapes_and_delimiters_of_several_letters_are_seen_through():
    stands = written(
        f"{HEAD}format: csv\ndelimiter: '~|'\nquote: none\nescape: '\\'\n"
        "fields: {A: order.purchaseOrderNumber, B: {text: 'a~|b'}, C: {text: c}}\n"
    )
    assert said(stands) == [("A", "PO1"), ("B", "a\\~|b"), ("C", "c")]


def test_repeats_side_by_side_are_found_each_in_its_turn():
    stands = written(
        f"{HEAD}format: csv\nfields:\n  A: order.purchaseOrderNumber\n"
        "  i: {each: item in order.orderDetails.items, times: 0..3, fields: {T: item.title}}\n"
    )
    assert said(stands)[:3] == [("A", "PO1"), ("T", "x|y"), ("T", "z")]


def test_bytes_of_long_characters_are_counted_as_bytes():
    stands = written(
        f"{HEAD}format: fixed\nwidth: bytes\n"
        "fields: {C: {len: 6, from: order.orderDetails.shipToParty.city}, D: {len: 2, text: ZZ}}\n"
    )
    assert said(stands) == [("C", "Köln "), ("D", "ZZ")]


def test_what_a_short_line_lacks_stands_at_its_end_and_not_in_the_next():
    text = """
        reads: inventory_update
        format: fixed
        short: fill
        fields: {A: {len: 2}, B: {at: 4, len: 9}, C: {len: 3}}
        documents: {warehouseId: A, items: {each: row, vendorProductIdentifier: B}}
        """
    stands = read(dedent(text), b"E1 S1\nE2\n")
    assert [text for _, text in said(stands)] == ["E1", "S1", "", "E2", "", ""]
    assert [stands.place(one.start) for one in stands.cells] == [(1, 1), (1, 4), (1, 6), (2, 1), (2, 3), (2, 3)]


def test_what_stands_in_groups_inside_one_cell_is_found_each_at_its_place():
    pair = "pair: {split: ':', fields: {SKU: {}, QTY: {type: integer}}}"
    text = f"""
        reads: inventory_update
        format: csv
        fields: {{A: {{}}, shelf: {{times: 0.., split: "|", fields: {{{pair}}}}}, Z: {{}}}}
        documents: {{warehouseId: A, items: {{each: shelf.pair, vendorProductIdentifier: SKU}}}}
        """
    found = [text for _, text in said(read(dedent(text), b"E,S1:12|S22:3,z\nF,,z\n"))]
    assert found == ["E", "S1", "12", "S22", "3", "z", "F", "", "z"]


def test_blocks_without_line_ends_follow_each_other():
    stands = written(
        f"{HEAD}format: fixed\nnewline: none\nrecords:\n"
        "  H: {fields: {c: {len: 1, is: H}, A: {len: 5, from: order.purchaseOrderNumber}}}\n"
        "  D: {each: item in order.orderDetails.items, fields: {c: {len: 1, is: D}, T: {len: 4, from: item.title}}}\n"
    )
    assert [text for _, text in said(stands)] == ["H", "PO1  ", "D", "x|y ", "D", "z   "]


def test_in_xml_the_same_tag_again_and_again_is_told_apart():
    stands = written(
        f'{HEAD}format: xml\nrecords:\n  O:\n    fields:\n      "@po": order.purchaseOrderNumber\n'
        "      ship: {at: P, fields: {r: {at: '@role', text: S}, n: order.orderDetails.shipToParty.city}}\n"
        "      bill: {at: P, fields: {r: {at: '@role', text: B}, n: order.purchaseOrderNumber}}\n"
        "      I: {each: item in order.orderDetails.items, fields: {T: item.title}}\n"
    )
    assert said(stands) == [
        ("@po", "PO1"),
        ("r", "S"),
        ("n", "Köln"),
        ("r", "B"),
        ("n", "PO1"),
        ("T", "x|y"),
        ("T", "z"),
    ]


def test_in_xml_two_fields_of_one_tag_are_the_first_and_the_second():
    stands = written(
        f"{HEAD}format: xml\nrecords:\n  O:\n    fields:\n"
        "      one: {at: N, from: order.purchaseOrderNumber}\n      two: {at: N, from: order.orderDetails.shipToParty.city}\n"
    )
    assert said(stands) == [("one", "PO1"), ("two", "Köln")]


def test_in_json_entries_of_lists_are_counted():
    stands = written(
        f'{HEAD}format: json\nfields:\n  po: order.purchaseOrderNumber\n  "to.city": order.orderDetails.shipToParty.city\n'
        "  lines: {each: i in order.orderDetails.items, fields: {t: i.title, n: {from: i.orderedQuantity.amount, type: integer}}}\n"
    )
    assert [text for _, text in said(stands)] == ['"PO1"', '"Köln"', '"x|y"', "1", '"z"', "2"]


STOCK = """\
reads: inventory_update
documents: {warehouseId: {text: X}, items: {each: row, vendorProductIdentifier: A, availableQuantity: {amount: B}}}
"""


def test_in_a_file_that_is_read_columns_stand_where_its_header_says():
    text = f"{STOCK}format: csv\nheader: true\nfields: {{A: {{}}, B: {{type: integer}}}}\n"
    stands = read(text, '\ufeffB,A\n1,x\n\n2,"y,"\n'.encode())
    assert said(stands) == [("B", "1"), ("A", "x"), ("B", "2"), ("A", '"y,"')]
    assert stands.place(stands.cells[2].start) == (4, 1)


def test_a_comment_and_another_prefix_do_not_lead_astray():
    text = STOCK.replace("each: row", "each: s.i") + (
        "format: xml\nnamespaces: {'': 'urn:a'}\n"
        "records: {s: {records: {i: {times: 0.., fields: {A: {at: '@a'}, B: {type: integer}}}}}}\n"
    )
    data = (
        "<!-- <i a='no'/> --><x:s xmlns:x='urn:a'><x:i\n a = 'ä&amp;b' ><x:B> 1 </x:B></x:i>"
        '<x:i a=">"><x:B>2</x:B></x:i></x:s>'
    )
    assert said(read(text, data.encode())) == [("A", "ä&amp;b"), ("B", " 1 "), ("A", ">"), ("B", "2")]


def test_a_place_beyond_the_end_is_the_end():
    stands = standing("ab\nc", iter(()))
    assert (stands.at(1, 1), stands.at(2, 1), stands.at(9, 9)) == (0, 3, 4)
