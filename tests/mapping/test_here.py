"""A line of a fixed file tells where it stands, and where its parent stands: written, and held against the file when read."""

from datetime import UTC, datetime

import pytest

from translator.core.document import Document
from translator.core.finding import Misconfigured
from translator.mapping.context import Frozen
from translator.translation import load, read, write

WRITES = """\
writes: order
file: x.txt
format: fixed
records:
  H: {fields: {code: {len: 1, is: H}, turn: {len: 3, type: integer, pad: 0, equals: here.number - 1}}}
  D:
    each: item in order.orderDetails.items
    fields: {code: {len: 1, is: D}, turn: {len: 3, type: integer, pad: 0, equals: here.number - 1}, parent: {len: 3, type: integer, pad: 0, equals: H.turn}, sku: {len: 3, from: item.vendorProductIdentifier}}
"""  # noqa: E501
READS = (
    WRITES.replace("writes: order\nfile: x.txt", "reads: inventory_update")
    .replace("each: item in order.orderDetails.items", "times: 0..")
    .replace(", from: item.vendorProductIdentifier", "")
)
PICTURE = "documents: {items: {each: D, vendorProductIdentifier: sku, availableQuantity: {amount: turn}}}\n"
WORLD = Frozen(datetime(2026, 12, 1, tzinfo=UTC))


def made(text):
    return load("here.yaml", text.encode(), lambda name: None)


def test_lines_are_numbered_as_they_stand_and_name_the_number_of_another():
    tree = {"orderDetails": {"items": [{"vendorProductIdentifier": sku} for sku in "ABC"]}}
    (file,) = write(made(WRITES), [Document("order", tree)], WORLD).files
    assert file.data.decode().split() == ["H000", "D001000A", "D002000B", "D003000C"]


def test_a_line_that_says_another_number_is_told():
    found = list(read(made(READS + PICTURE), [b"H000\nD001000A  \nD007000B  \n"], "x.txt", WORLD))
    told = [str(one) for document in found for one in document.findings if one.code == "equals"]
    assert any("turn says '7'" in one and "x.txt:3" in one for one in told)
    assert not any("x.txt:2" in one for one in told)


def test_only_a_fixed_file_has_lines_to_number():
    with pytest.raises(Misconfigured):
        made("writes: order\nformat: csv\nfile: x\nfields: {a: {type: integer, equals: here.number}}\n")
