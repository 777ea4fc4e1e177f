"""Every cell of every real file is found where it stands, and each goes where the mapping says without a file as well."""

import re
from html import unescape

import pytest

from tests.real.systems import all_rows, context, mapping, needs_samples, read
from tests.real.test_lines import FILES as LINES
from tests.real.test_xml import FILES
from translator.core.finding import Rejected
from translator.mapping.goes_to import goes_to
from translator.translation import trace_read

ALL = {file: (made, stored) for file, (made, _, stored) in {**FILES, **LINES}.items()}
MARKED = re.compile(r"<!\[CDATA\[|\]\]>|<!--.*?-->", re.DOTALL)

pytestmark = needs_samples


def plain(text, form, field):
    """What a piece of a file says: in the charset of its column, without the signs of its format."""
    if field.charset:
        text = text.encode("ascii", "surrogateescape").decode(field.charset)
    if form == "csv":
        return text.strip('"').replace('""', '"').strip()
    return unescape(MARKED.sub("", text)).strip() if form == "xml" else text.strip()


@pytest.mark.parametrize("file", ALL)
def test_each_cell_of_a_real_file_is_found_where_it_stands(file):
    name, stored = ALL[file]
    made = read(name, file, stored)
    form = made.translation.format
    stands = form.where(made.data, made.rows, made.translation.file)
    found = {(id(one.row), one.number): stands.text[one.start : one.end] for one in stands.cells}
    held = [(row, n, cell) for row in all_rows(made.rows) for n, cell in enumerate(row.cells) if isinstance(cell, str)]
    texts = [(row.record.fields[n], found.get((id(row), n)), cell.strip()) for row, n, cell in held]
    lost = [one.name for one, text, _ in texts if text is None]
    other = [one.name for one, text, cell in texts if text is not None and plain(text, form.name, one) != cell]
    assert held
    assert (lost, other) == ([], [])


@pytest.mark.parametrize("file", ALL)
def test_where_a_cell_went_is_known_without_the_file(file):
    name, stored = ALL[file]
    made = read(name, file, stored)
    try:
        traced = trace_read(mapping(name), [(file.rpartition("/")[2], made.data)], context(made.orders))
    except Rejected:
        return
    known = {key: {(one.what, one.path) for one in some} for key, some in goes_to(mapping(name).reader).items()}
    strange = {
        row.record.fields[n].name
        for one in traced.went
        for row, n in one.cells
        if (one.what, one.path) not in known.get(id(row.record.fields[n]), set())
    }
    assert strange == set()
