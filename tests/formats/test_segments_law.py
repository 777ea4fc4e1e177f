"""Laws of segment formats over layouts and data that nobody thought of: they read what they wrote, and take any bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.interchanges import made
from tests.formats.pieces import LAW, fed_alike, plain, read
from translator.core.finding import Findings, Place
from translator.formats.format import formats
from translator.mapping.row import Row

LAYOUT = """
reads: shipment_status
format: {format}
unknown: warn
records:
  AA: {{times: 0.., fields: {{a: {{}}, b: {{at: 3}}}}, records: {{AB: {{times: 0.., fields: {{c: {{at: 2}}}}}}}}}}
  quantity: {{at: "QQ*21", times: 0.., fields: {{value: {{at: 2, type: decimal}}}}}}
  CC:
    times: 0..
    fields:
      name: {{at: 1, fields: {{n1: {{}}, n2: {{at: 3}}}}}}
      ids: {{times: 0.., fields: {{kind: {{}}, value: {{}}}}}}
documents: {{statusUpdateDetails: {{trackingNumber: {{text: T}}}}}}
"""
KINDS = ("x12", "edifact", "tradacoms")
MADE = {name: made(LAYOUT.format(format=name)) for name in KINDS}
HEADS = {
    "x12": [["00", None, "00", None, "ZZ", "RENO", "ZZ", "ACME", "261201", "1805", "U", "00401", "000000007", "0", "P", ">"],
            ["SW", "RENO", "ACME", "20261201", "1805", "3", "X", "004010"], ["945", "0001", None]],
    "edifact": [["UNOC", "3", "RENO", None, None, "ACME", None, None, "261201", "1805", "7", *[None] * 6],
                ["1", "DESADV", "D", "96A", "UN", None, None]],
    "tradacoms": [["ANA", "1", "RENO", None, "ACME", None, "261201", "180500", "7", None, None, None], ["1", "ORDERS", "9"]],
}  # fmt: skip
RELEASED = st.text("ab0 ?+:'=*~>.,Åé€", min_size=1, max_size=6)
PLAIN = st.text("ab0 ?+:'=.,Åé€", min_size=1, max_size=6)
CUTS = st.lists(st.integers(0, 400), max_size=4)


def header(records):
    return next(record for record in records if record.records)


def filled(text: str) -> bool:
    return bool(text.strip())


@st.composite
def bodies(draw, name: str):
    """Rows of one transaction, under their headers, with their trailers."""
    mapping = MADE[name].file
    texts = (PLAIN if name == "x12" else RELEASED).filter(filled)
    maybe = st.none() | texts
    rows, parent, records = [], None, mapping.records
    for cells in HEADS[name]:
        rows.append(parent := Row(header(records), cells, Place(), parent))
        records = parent.record.records
    by_name = {record.name: record for record in records}
    transaction = parent
    for _ in range(draw(st.integers(0, 4))):
        which = draw(st.sampled_from(["AA", "AA AB", "quantity", "CC"]))
        if which == "quantity":
            rows.append(Row(by_name["quantity"], [draw(st.sampled_from(["1", "0.5", "-3"]))], Place(), transaction))
        elif which == "CC":
            record = by_name["CC"]
            inner = [cell for cell in [[draw(maybe), draw(maybe)]] if any(cell)]
            pairs = [[draw(texts), draw(maybe)] for _ in range(draw(st.integers(0, 2)))]
            row = Row(record, [], Place(), transaction)
            row.cells = [grouped(record, 0, inner, row), grouped(record, 1, pairs, row)]
            rows.append(row)
        else:
            rows.append(Row(by_name["AA"], [draw(maybe), draw(maybe)], Place(), transaction))
            if "AB" in which:
                rows.append(Row(by_name["AA"].records[0], [draw(maybe)], Place(), rows[-1]))
    around = transaction
    while around is not None:
        trailer = around.record.records[-1]
        rows.append(Row(trailer, [None] * len(trailer.fields), Place(), around))
        around = around.parent
    return rows


def grouped(record, number, cells, row):
    return [Row(record.fields[number], one, Place(), row) for one in cells] or None


@pytest.mark.parametrize("name", KINDS)
def test_a_segment_format_reads_what_it_wrote_in_pieces_of_any_size(name):
    form, mapping = formats()[name], MADE[name].file

    @LAW
    @given(bodies(name), CUTS)
    def law(rows, cuts):
        findings = Findings()
        data = form.write(rows, mapping, findings)
        assert findings.found == []
        again, found = read(form, data, mapping)
        assert found == []
        assert [one.findings for one in again] == [()] * len(rows)
        assert [(one.record.name, cells(one)) for one in again if not trailer(one)] == [
            (one.record.name, cells(one)) for one in rows if not trailer(one)
        ]
        assert form.write(again, mapping, Findings()) == data
        fed_alike(form, data, cuts, mapping)

    law()


def cells(row):
    return [cell if isinstance(cell, str) else shown(cell) for cell in row.cells]


def shown(cell):
    return [one.cells for one in cell] if cell else None


def trailer(row):
    return row.record.name in ("SE", "GE", "IEA", "UNT", "UNZ", "MTR", "END")


TAGS = [
    "ISA",
    "GS",
    "ST",
    "SE",
    "GE",
    "IEA",
    "UNA",
    "UNB",
    "UNG",
    "UNH",
    "UNT",
    "UNE",
    "UNZ",
    "STX",
    "MHD",
    "MTR",
    "END",
]
PIECES = st.lists(st.sampled_from([*TAGS, "AA", "AB", "QQ", *"*+:'~>?=^\n ", "21", "1", "é", "\0", "A B"]), max_size=40)


@pytest.mark.parametrize("name", KINDS)
def test_any_bytes_are_read_or_rejected_and_alike_in_pieces_of_any_size(name):
    form, mapping = formats()[name], MADE[name].file
    head = form.write(rows_of(name), mapping, Findings())

    @LAW
    @given(PIECES.map("".join).map(str.encode) | st.binary(max_size=300), CUTS, st.integers(0, len(head)))
    def law(junk, cuts, at):
        fed_alike(form, junk, cuts, mapping)
        fed_alike(form, head[:at] + junk + head[at:], cuts, mapping)

    law()


def rows_of(name):
    rows, parent, records = [], None, MADE[name].file.records
    for own in HEADS[name]:
        rows.append(parent := Row(header(records), own, Place(), parent))
        records = parent.record.records
    around = parent
    while around is not None:
        rows.append(Row(around.record.records[-1], [None] * len(around.record.records[-1].fields), Place(), around))
        around = around.parent
    return rows


def test_rows_are_shown_alike():
    assert [plain(one)[0] for one in rows_of("x12")] == ["ISA", "GS", "ST", "SE", "GE", "IEA"]
