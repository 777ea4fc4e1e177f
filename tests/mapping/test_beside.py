"""A sign beside its number, a text that goes on in later fields: written apart, read as one."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mapping.made import ENVIRONMENT, frozen, item, made, order
from tests.mapping.test_reader import entries
from tests.mapping.test_writer import cells, csv, faults, writer
from translator.core.finding import Findings, Misconfigured
from translator.formats.format import formats
from translator.mapping.beside import joined
from translator.mapping.cells import broken
from translator.mapping.reader import compile_reader

FIXED = formats()["fixed"]
READ_BACK = """\
records: {A: {fields: {one: {len: 10, rest: two}, two: {len: 10, rest: three}, three: {len: 10}}}}
documents: {each: A, about: {order: one}, acknowledgementStatus: {code: {text: "00"}}}
"""
SIGNED = """\
writes: order
format: fixed
records:
  D:
    each: item in order.orderDetails.items
    fields:
      minus: {len: 1, default: "+"}
      price: {len: 6, from: item.netPrice.amount, type: decimal, implied: 2, pad: 0, sign: minus}
  T:
    fields:
      total: {len: 7, type: decimal, implied: 2, pad: 0, sign: side, equals: sum(D.price)}
      side:  {len: 1, lookup: {"-": D}, default: C}
"""


def test_a_sign_is_written_into_the_field_beside_its_number_and_totals_know_it():
    tree = order(item(1, netPrice={"amount": "-12.50"}), item(2, netPrice={"amount": "2.25"}))
    assert cells(SIGNED, tree) == [("D", ["-", "001250"]), ("D", ["+", "000225"]), ("T", ["0001025", "D"])]


def test_what_rounds_to_nothing_has_no_minus():
    fields = "  S: {}\n  N: {from: order.orderDetails.customerOrderNumber, type: integer, round: down, sign: S}\n"
    assert cells(csv(fields), order(customerOrderNumber="-0.5")) == [("row", ["", "0"])]
    assert cells(csv(fields), order(customerOrderNumber="-1.5")) == [("row", ["-", "1"])]


def test_a_format_that_keeps_numbers_has_the_sign_in_the_field_beside_it_too():
    fields = "  S: {}\n  N: {from: order.orderDetails.customerOrderNumber, type: integer, sign: S}\n"
    text = csv(fields).replace("format: csv", "format: json")
    assert cells(text, order(customerOrderNumber="-5"), typed=True) == [("row", ["-", 5])]
    assert cells(text, order(customerOrderNumber="5"), typed=True) == [("row", [None, 5])]


def test_a_sign_stands_where_its_number_does_and_only_there():
    number = 'from: order.orderDetails.customerOrderNumber, type: integer, sign: S, when: "order.orderDetails.items[1]"'
    for lines, written in (((item(1), item(2)), ["-", "5"]), ((item(1),), ["", ""])):
        assert cells(csv(f"  S: {{}}\n  N: {{{number}}}\n"), order(*lines, customerOrderNumber="-5")) == [
            ("row", written)
        ]


def test_what_is_no_number_is_told_once():
    fields = "  S: {}\n  N: {from: order.orderDetails.customerOrderNumber, type: integer, sign: S}\n"
    assert [code for code, _, _ in faults(csv(fields), order(customerOrderNumber="abc"))] == ["number-syntax"]


def test_a_sign_beside_a_number_is_read_into_it():
    fields = "{A: {}, S: {}, N: {type: decimal, implied: 2, sign: S}, T: {type: integer, sign: D}, D: {lookup: {D: '-', C: '+'}}}"
    found = entries(fields, "x,-,1250,7,C\nx,+,1250,7,D\nx,,5,,D\n")
    assert [(one.get("N"), one.get("T")) for one in found] == [
        (Decimal("-12.50"), 7),
        (Decimal("12.50"), -7),
        (Decimal("0.05"), None),
    ]


def test_what_is_no_sign_is_told_and_the_number_is_not_taken():
    (found,) = entries("{A: {}, S: {}, N: {type: integer, sign: S}}", "x,x,5\n")
    assert "N" not in found
    assert [(one.code, one.data.field) for one in found.findings] == [("number-sign", "N")]


@pytest.mark.parametrize(
    "text", ["{A: {}, N: {type: integer, sign: trailling}}", "{A: {}, N: {type: integer, sign: N}}"]
)
def test_a_sign_names_a_way_to_write_it_or_a_field_beside_it(text):
    with pytest.raises(Misconfigured) as caught:
        entries(text, "")
    assert [one.code for one in caught.value.findings] == ["mapping-sign"]


def test_a_text_that_goes_on_is_read_back_joined():
    fields = "{A: {max: 8, rest: B}, B: {max: 8, rest: C}, C: {max: 8}}"
    found = entries(fields, "1 Long,Main,Street\nABCDEFGH,IJ,\n,B only,\nA only,,\n")
    assert [one.get("A") for one in found] == ["1 Long Main Street", "ABCDEFGHIJ", "B only", "A only"]


IN_BYTES = """\
writes: order
format: fixed
charset: {charset}
width: bytes
file: x
let: {{to: order.orderDetails.shipToParty}}
records:
  A: {{fields: {{one: {{len: 10, from: to.name, rest: two}}, two: {{len: 10, rest: three}}, three: {{len: 10}}}}}}
"""


@pytest.mark.parametrize(
    "charset, name, broken_up",
    [
        ("utf-8", "Größenmaßstäbe", ["Größenma", "ßstäbe  ", " " * 10]),
        ("utf-8-sig", "Größe für alle", ["Größe   ", "für alle ", " " * 10]),
        ("shift_jis", "東京都港区芝公園四丁目二", ["東京都港区", "芝公園四丁", "目二      "]),
        ("shift_jis", "1東京都港区芝公園四丁目", ["1東京都港 ", "区芝公園四", "丁目      "]),
        ("cp1252", "Zoë Strauß-Größenmaß", ["Zoë       ", "Strauß-Grö", "ßenmaß    "]),
    ],
)
def test_a_text_goes_on_where_bytes_are_counted(charset, name, broken_up):
    text = IN_BYTES.format(charset=charset)
    writes = writer(text)
    rows, _ = writes.rows({"order": order(shipToParty={"name": name})}, frozen())
    data = FIXED.write(rows, writes.mapping, Findings())
    assert data.decode(charset) == "".join(broken_up) + "\n"
    layout = made(text.replace("writes: order", "reads: acknowledgement", 1).partition("file:")[0] + READ_BACK)
    held = compile_reader(layout, ENVIRONMENT).held("UTC")
    assert [held.add(row)["one"] for row in FIXED.read([data], layout, Findings(), "x")] == [name]


WORDS = st.lists(st.text("abc", min_size=1, max_size=14), min_size=1, max_size=8)


@given(WORDS, st.integers(5, 12))
def test_a_text_broken_over_fields_is_the_same_when_joined_but_for_words_as_long_as_a_field(words, width):
    text = " ".join(words)
    pieces, rest = [], text
    while rest:
        piece, rest = broken(rest, width)
        pieces.append(piece)
    back = pieces.pop()
    while pieces:
        back = joined(pieces.pop(), back, width)
    assert back.replace(" ", "") == text.replace(" ", "")
    if all(len(word) < width for word in words):
        assert back == text
