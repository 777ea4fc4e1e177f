"""The quick way to write a row of CSV is no other way: byte for byte what csv.writer gives."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from translator.formats.rows import Marks, row_writer

CELLS = st.one_of(
    st.text("ab ,;\"\t\r\n'|", max_size=6), st.text(max_size=4), st.none(), st.integers(), st.just(Decimal("1.50"))
)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("quote", ['"', "'"])
@given(cells=st.lists(CELLS, min_size=1, max_size=5))
def test_a_row_is_what_the_standard_library_writes(delimiter, quote, cells):
    dialect = csv.excel()
    dialect.delimiter, dialect.quotechar = delimiter, quote
    wanted = io.StringIO(newline="")
    csv.writer(wanted, dialect).writerow(cells)
    assume(len(cells) > 1 or str(cells[0] or "").strip() or not cells[0])  # a lone blank is quoted: else it is no line
    assert row_writer(Marks(delimiter, quote))(cells) + "\r\n" == wanted.getvalue()
