"""Laws of JSON over layouts and data that nobody thought of: it reads what it wrote, and a second library reads the same."""

from __future__ import annotations

import json
import string
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.formats.pieces import LAW, MANY, Case, fed_alike, field, layout, read, row, written
from translator.core.finding import Place
from translator.formats.json import FORMAT
from translator.formats.json_rows import text_of
from translator.mapping.layout import Record, Times
from translator.mapping.row import Row

RULE = Place("ship.yaml", 3)
SHIP = layout("json", row(field("order"), field("lines", fields=(field("sku"), field("qty")), times=MANY)))
LINE = Record("lines", RULE, fields=(field("sku"),), times=MANY)
TREE = layout("json", Record("head", RULE, at="data", fields=(field("order"),), records=(LINE,)))

letters = string.ascii_letters + " ,;\"'\n\r\t\0Åé€語\u2028\x85\\{}\U0001f600"
texts = st.sampled_from(["", "null", " ", "0", "true"]) | st.text(st.sampled_from(letters), max_size=8)
numbers = st.integers(-(10**12), 10**12) | st.decimals(-(10**9), 10**9, places=3) | st.booleans()
names = st.sampled_from(["a", "b", "é", "a b"])


@st.composite
def fields(draw, depth: int):
    found = [
        field(
            f"f{number}",
            at="/".join(draw(st.lists(names, min_size=1, max_size=2))),
            empty=draw(st.sampled_from([None, "", "null"])),
        )
        for number in range(draw(st.integers(0, 3)))
    ]
    for number in range(draw(st.integers(0, 2)) if depth else 0):
        at = "/".join([*draw(st.lists(names, max_size=1)), f"g{number}"])
        inner = draw(st.just((field("v", at="."),)) | fields(depth - 1))
        found.append(field(f"g{number}", at=at, fields=inner, times=draw(st.sampled_from([MANY, Times(0, 1)]))))
    return tuple(found)


@st.composite
def records(draw, depth: int, name: str):
    inside = tuple(draw(records(depth - 1, f"{name}{n}")) for n in range(draw(st.integers(0, 2)))) if depth else ()
    at = "/".join([*draw(st.lists(names, max_size=1)), name])
    return Record(name, RULE, at=at, fields=draw(fields(1)), records=inside, times=MANY)


@st.composite
def layouts(draw):
    top = tuple(draw(records(2, f"R{n}")) for n in range(draw(st.integers(1, 2))))
    found = layout("json", *top, options={"indent": draw(st.sampled_from(["true", "false"]))})
    assume(not FORMAT.check(found))
    return found


@st.composite
def filled(draw, one, parent=None):
    cells = []
    for inner in one.fields:
        if inner.fields:
            cells.append([draw(filled(inner)) for _ in range(draw(st.integers(0, inner.times.most or 2)))] or None)
        else:
            cells.append(draw((st.none() if inner.at != "." or one.times.many else st.nothing()) | texts | numbers))
    return Row(one, cells, Place(record=one.name), parent)


@st.composite
def files(draw, mapping):
    rows: list[Row] = []

    def grow(some, parent) -> None:
        for record in some:
            for _ in range(draw(st.integers(0, 2))):
                rows.append(draw(filled(record, parent)))
                grow(record.records, rows[-1])

    grow(mapping.records, None)
    return Case(mapping, rows)


def as_read(cell, one):
    """A cell as it comes back: numbers as texts, nothing as nothing."""
    if isinstance(cell, list):
        return [[as_read(inner, field) for inner, field in zip(row.cells, one.fields, strict=True)] for row in cell]
    text = cell if isinstance(cell, str) or cell is None else text_of(cell)
    if text is None or text.strip() or (text == "" == one.empty):
        return text
    return None


def shown(rows, *, back: bool = False) -> list[object]:
    places = {id(one): number for number, one in enumerate(rows)}

    def cells(one):
        return [
            as_read(cell, inner) if back else bare(cell)
            for cell, inner in zip(one.cells, one.record.fields, strict=True)
        ]

    def bare(cell):
        return [[bare(inner) for inner in one.cells] for one in cell] if isinstance(cell, list) else cell

    return [(one.record.name, cells(one), places.get(id(one.parent))) for one in rows]


cases = layouts().flatmap(files)


@given(cases)
@LAW
def test_it_reads_what_it_wrote(case):
    mapping, rows = case.mapping, case.rows
    data = written(FORMAT, rows, mapping)
    found, findings = read(FORMAT, data, mapping)
    assert not findings, data
    assert not any(one.findings for one in found), data
    # keys that share an object bring their records together, whatever came between
    assert sorted(map(repr, unparented(shown(found)))) == sorted(map(repr, unparented(shown(rows, back=True)))), data
    again = layout("json", *mapping.records, options={"indent": "false"})
    assert json.loads(written(FORMAT, found, again)) == json.loads(
        written(FORMAT, read(FORMAT, data, mapping)[0], again)
    )


def unparented(rows):
    """Each row with the cells of those around it, since several records of one file may come in another order."""
    return [(name, cells, chain(rows, parent)) for name, cells, parent in rows]


def chain(rows, parent):
    return () if parent is None else (rows[parent][:2], *chain(rows, rows[parent][2]))


@pytest.mark.sweep
@given(cases)
@LAW
def test_another_library_reads_the_same_values(case):
    mapping, rows = case.mapping, case.rows
    data = written(FORMAT, rows, mapping)
    tree = json.loads(data, parse_int=str, parse_float=lambda text: format(Decimal(text), "f"))
    found, _ = read(FORMAT, data, mapping)
    for record in mapping.records:
        ours = [one for one in found if one.record is record]
        theirs = at(tree, record.at)
        assert len(ours) == len(theirs or ())
        for one, other in zip(ours, theirs or (), strict=True):
            assert_same(one, other)


def at(tree, path):
    for step in path.split("/"):
        tree = tree.get(step) if isinstance(tree, dict) else None
    return tree


def assert_same(one: Row, tree) -> None:
    for inner, cell in zip(one.record.fields, one.cells, strict=True):
        value = tree if inner.at == "." else at(tree, inner.at)
        if isinstance(cell, list):
            entries = value if isinstance(value, list) else [value]
            for row, entry in zip(cell, entries, strict=True):
                assert_same(row, entry)
        elif inner.fields:
            assert not value
        else:
            said = {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value
            assert cell == (
                said
                if said and said.strip()
                else {None: "null", "": ""}.get(value)
                if inner.empty == {None: "null", "": ""}.get(value, 0) and value is not None
                else cell
            )


any_bytes = st.binary(max_size=200) | st.text(st.sampled_from('{}[]":,1a\\order'), max_size=60).map(str.encode)


@pytest.mark.sweep
@given(any_bytes, st.lists(st.integers(0, 200), max_size=5))
@LAW
def test_any_bytes_give_rows_or_findings_however_they_are_fed(data, cuts):
    lines = layout("json", *SHIP.records, options={"lines": "true"})
    fed_alike(FORMAT, data, cuts, SHIP)
    fed_alike(FORMAT, data, cuts, lines)
    fed_alike(FORMAT, b'{"data":{"order":' + data + b"}}", cuts, TREE)
    fed_alike(FORMAT, b'{"data":{"lines":[{"sku":"x"},' + data + b"]}}", cuts, TREE)
    fed_alike(FORMAT, b'{"order":"A1"}\n' + data + b'\n{"order":"A2"}', cuts, lines)


@pytest.mark.sweep
@given(cases, st.integers(0, 10_000), st.integers(0, 20), any_bytes, st.lists(st.integers(0, 500), max_size=3))
@LAW
def test_a_damaged_file_gives_rows_or_is_rejected_however_it_is_fed(case, start, length, put, cuts):
    mapping, rows = case.mapping, case.rows
    data = written(FORMAT, rows, mapping)
    start %= len(data) + 1
    fed_alike(FORMAT, data[:start] + put[:5] + data[start + length :], cuts, mapping)
