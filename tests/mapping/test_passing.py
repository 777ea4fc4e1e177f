"""Two files of lines told apart: what only one of them has, whatever the order, and in whatever pieces they come."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.presets import ROOT
from translator.cli.behind.at_hand import loaded
from translator.translation import apart, may_pass, passing

LINES = st.lists(
    st.binary(min_size=1, max_size=6).filter(lambda line: not set(line) & set(b'\n"')), unique=True, max_size=40
)


@pytest.fixture(scope="module", autouse=True)
def small_blocks():
    """Let a file of few lines have several blocks."""
    before, passing.BLOCK = passing.BLOCK, 4
    yield
    passing.BLOCK = before


def pieces(lines, size):
    data = b"".join(line + b"\n" for line in lines)
    return [data[start : start + size] for start in range(0, len(data), size)]


@given(LINES, LINES, st.integers(1, 20))
def test_what_only_one_file_has_is_told_and_nothing_else(old, new, size):
    told = apart(pieces(old, size), pieces(new, size), header=False)
    assert told is not None
    assert told.came.split(b"\n")[:-1] == sorted(set(new) - set(old))
    assert told.gone.split(b"\n")[:-1] == sorted(set(old) - set(new))
    assert told.same == len(set(old) & set(new))


def test_the_header_stands_before_both():
    told = apart([b"SKU,QTY\na,1\nb,2\n"], [b"SKU,QTY\nb,2\na,9"], header=True)
    assert (told.gone, told.came, told.same) == (b"SKU,QTY\na,1\n", b"SKU,QTY\na,9\n", 1)


@pytest.mark.parametrize(
    "old, new",
    [
        (b"SKU,QTY\na,1\n", b"SKU,AMOUNT\na,1\n"),
        (b"", b"SKU,QTY\na,1\n"),
        (b"SKU,QTY\na,1\n", b""),
        (b"SKU,QTY\na,1\n", b"SKU,QTY\na,1\na,1\n"),
        (b"SKU,QTY\na,1\n", b'SKU,QTY\n"a\nb",1\n'),
        (b"SKU,QTY\na,1\n", b"x" * 100_000),
    ],
    ids=["another header", "nothing before", "nothing now", "a line twice", "a cell of two lines", "no lines"],
)
def test_what_cannot_be_compared_is_read_as_a_whole(old, new):
    assert apart([old], [new], header=True) is None


def test_a_line_that_stands_again_far_below_is_no_line_of_both():
    lines = [b"%d" % number for number in range(20)]
    told = apart(pieces(lines, 9), pieces([*lines, b"3"], 9), header=False)
    assert told is None or told.came == b"3\n"  # never passed over


def test_two_files_too_different_are_not_compared(monkeypatch):
    monkeypatch.setattr(passing, "MOST", 10)
    assert (
        apart([b"\n".join(b"a%d" % n for n in range(20))], [b"\n".join(b"b%d" % n for n in range(20))], header=False)
        is None
    )


MAPPING = """\
reads: inventory_update
format: csv
header: true
fields: {WAREHOUSE: {}, SKU: {}, QTY: {type: integer}}
documents:
"""


HOUSE = "  warehouseId: {text: EWR1}\n"
ITEM = "vendorProductIdentifier: SKU, availableQuantity: {amount: QTY}"
SUM = "vendorProductIdentifier: SKU, availableQuantity: {amount: sum(QTY)}"


@pytest.mark.parametrize(
    "documents, passes",
    [
        (f"  group: WAREHOUSE\n  warehouseId: WAREHOUSE\n  items: {{each: row, {ITEM}}}\n", True),
        (f"{HOUSE}  items: {{each: row, {ITEM}}}\n", True),
        (f"{HOUSE}  items: {{group: SKU, {SUM}}}\n", False),
        (f"{HOUSE}  items: {{each: row if QTY > 0, {ITEM}}}\n", False),
    ],
    ids=["by warehouse", "one warehouse", "sums", "only some"],
)
def test_lines_are_passed_over_only_where_each_stands_alone(tmp_path, documents, passes):
    path = tmp_path / "stock.yaml"
    path.write_text(MAPPING + documents)
    assert may_pass(loaded(path, {})) is passes


def test_a_file_with_a_trailer_is_read_as_a_whole():
    assert not may_pass(loaded(Path(ROOT, "mappings/plain-fixed/stock.yaml"), {}))
