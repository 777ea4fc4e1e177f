"""Two files of lines told apart: what only one of them has, whatever the order, and in whatever pieces they come."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.presets import ROOT
from translator.cli.behind.at_hand import loaded
from translator.translation import Ruled, apart, passing, ruled

HEADED, BARE = Ruled(header=True), Ruled(header=False)
LINES = st.lists(
    st.binary(min_size=1, max_size=6).filter(lambda line: not set(line) & set(b'\n"\0\f\x1a\xef')),
    unique=True,
    max_size=40,
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
    told = apart(pieces(old, size), pieces(new, size), BARE)
    assert told is not None
    assert told.came.split(b"\n")[:-1] == sorted(set(new) - set(old))
    assert told.gone.split(b"\n")[:-1] == sorted(set(old) - set(new))
    assert told.same == len(set(old) & set(new))


def test_the_header_stands_before_both():
    told = apart([b"SKU,QTY\na,1\nb,2\n"], [b"SKU,QTY\nb,2\na,9"], HEADED)
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
        (b'SKU,NOTE,QTY\na,"x\ny",3\nc,,1\n', b'SKU,NOTE,QTY\na,"x\nb,,9\ny",3\nc,,1\n'),
        (b'SKU,NOTE,QTY\na,5" of,"x\ny,3"\n', b'SKU,NOTE,QTY\na,5" of,"x\nb,,9\ny,3"\n'),
        (b"\nSKU,QTY\na,1\n", b"\nSKU,QTY\na,2\n"),
        (b"SKU,QTY\na,1\nb,1", b"SKU,QTY\na,1\nb,1\x1a"),
    ],
    ids=[
        "another header",
        "nothing before",
        "nothing now",
        "a line twice",
        "a cell of two lines",
        "no lines",
        "a line inside a cell",
        "a quote that is none",
        "a line before the header",
        "a filler at the end",
    ],
)
def test_what_cannot_be_compared_is_read_as_a_whole(old, new):
    assert apart([old], [new], HEADED) is None


def test_a_line_inside_a_cell_is_no_row_whatever_encloses_it():
    old, new = b"SKU|NOTE|QTY\na|'x\ny'|3\n", b"SKU|NOTE|QTY\na|'x\nb||9\ny'|3\n"
    assert apart([old], [new], Ruled(header=True, quote=b"'", delimiter=b"|")) is None
    assert apart([old], [new], Ruled(header=True, quote=b"", delimiter=b"|")).came == b"SKU|NOTE|QTY\nb||9\n"


def test_whole_cells_in_quotes_are_passed_over():
    told = apart(
        [b'"SKU","QTY"\r\n"a","1"\r\n"b ""x"", y","2"\r\n'], [b'"SKU","QTY"\r\n"a","9"\r\n"b ""x"", y","2"\r\n'], HEADED
    )
    assert (told.came, told.same) == (b'"SKU","QTY"\r\n"a","9"\r\n', 1)


def test_a_mark_before_lines_without_a_header_has_all_read():
    assert apart([b"\xef\xbb\xbfa,1\nb,1\n"], [b"\xef\xbb\xbfa,2\nb,1\n"], BARE) is None


def test_a_line_that_stands_again_far_below_is_no_line_of_both():
    lines = [b"%d" % number for number in range(20)]
    told = apart(pieces(lines, 9), pieces([*lines, b"3"], 9), BARE)
    assert told is None or told.came == b"3\n"  # never passed over


def test_two_files_too_different_are_not_compared(monkeypatch):
    monkeypatch.setattr(passing, "MOST", 10)
    assert apart([b"\n".join(b"a%d" % n for n in range(20))], [b"\n".join(b"b%d" % n for n in range(20))], BARE) is None


MAPPING = """\
reads: inventory_update
format: csv
header: true
file: "STOCK{wh}.csv"
partner: {wh: the warehouse}
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
        (f"  warehouseId: file.wh\n  items: {{each: row, {ITEM}}}\n", False),
        (f"{HOUSE}  items: {{each: row, {ITEM} }}\n".replace("QTY", "QTY if file.name else 0"), False),
        (f"{HOUSE}  items: {{each: row, {ITEM} }}\n".replace("QTY", "QTY if now else 0"), False),
        (f"  warehouseId: WAREHOUSE\n  items: {{each: row, {ITEM}}}\n", False),
        (f"  warehouseId: first(WAREHOUSE)\n  items: {{each: row, {ITEM}}}\n", False),
        (f"  warehouseId: partner.wh\n  items: {{each: row, {ITEM}}}\n", True),
    ],
    ids=[
        "by warehouse",
        "one warehouse",
        "sums",
        "only some",
        "the file's name says the warehouse",
        "the file's name says a level",
        "the hour says a level",
        "all lines say the warehouse",
        "the first line says the warehouse",
        "the site says the warehouse",
    ],
)
def test_lines_are_passed_over_only_where_each_stands_alone(tmp_path, documents, passes):
    path = tmp_path / "stock.yaml"
    path.write_text(MAPPING + documents)
    assert (ruled(loaded(path, {"wh": "EWR1"})) is not None) is passes


def test_a_file_with_a_trailer_is_read_as_a_whole():
    assert ruled(loaded(Path(ROOT, "mappings/plain-fixed/stock.yaml"), {})) is None


@pytest.mark.parametrize(
    "option, told",
    [
        ("header: skip", Ruled(header=True)),
        ("header: false", Ruled(header=False)),
        ('quote: "\'"', Ruled(header=True, quote=b"'")),
        ("quote: none", Ruled(header=True, quote=b"")),
        ("delimiter: pipe", Ruled(header=True, delimiter=b"|")),
        ("charset: cp1252", Ruled(header=True)),
        ("header: each", None),
        ("comment: '#'", None),
        ("escape: '\\'", None),
        ("newline: crlf", None),
        ("charset: utf-16", None),
        ("quote: '§'", None),
    ],
)
def test_a_mapping_says_how_lines_are_rows(tmp_path, option, told):
    path = tmp_path / "stock.yaml"
    text = MAPPING if "header" not in option else MAPPING.replace("header: true\n", "")
    path.write_text(text.replace("fields:", f"{option}\nfields:") + f"{HOUSE}  items: {{each: row, {ITEM}}}\n")
    assert ruled(loaded(path, {"wh": "EWR1"})) == told
