"""Laws of XML over layouts and data that nobody thought of: it reads what it wrote, and a second library reads the same."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.formats.pieces import LAW, MANY, Case, bare, fed_alike, field, layout, read, written
from translator.core.finding import Place, Rejected
from translator.formats.charsets import PIECE
from translator.formats.xml import FORMAT
from translator.mapping.layout import Field, MappingFile, Record, Times
from translator.mapping.row import Row

RULE = Place("o.yaml", 1)
NAMES = st.sampled_from(["A", "B", "c:A", "c:B"])  # of fields, and on the way
GROUPS = st.sampled_from(["G", "H", "c:G"])
RECORDS = st.sampled_from(["M", "N", "c:M"])
URIS = {"": "urn:one", "c": "urn:two"}
LETTERS = "aé €Ł\U0001f600<>&\"'\n\r\t]x\x85\u2028\xa0-"
PLAIN = ["x", "", " a b ", "]]>", "<!--", "&#65;", "0", "é€Ł", "a\r\nb", "<&>\"'"]
texts = st.sampled_from(PLAIN) | st.text(st.sampled_from(LETTERS), max_size=5)


# --- layouts -----------------------------------------------------------------------------------------------------------


@st.composite
def leaves(draw, number: int) -> Field:
    steps = draw(st.lists(NAMES, max_size=2))
    last = draw(st.sampled_from(["", "@k", "@n", "."]) if steps else st.sampled_from(["@k", "@n", "."]))
    at = "/".join([*steps, last] if last else steps)
    empty = draw(st.sampled_from([None, None, ""] if "@" in at else [None, None, "", "xsi:nil"]))
    return field(f"f{number}", at=at, empty=empty, cdata=draw(st.booleans()))


def coded(name: str) -> Field:
    """What a group or record is told apart by, where its tag stands several times."""
    return field("code", at="@is", is_=(name,))


@st.composite
def fields(draw, depth: int) -> tuple[Field, ...]:
    found = [draw(leaves(number)) for number in range(draw(st.integers(0, 3)))]
    for number in range(draw(st.integers(0, 2)) if depth else 0):
        at = "/".join([*draw(st.lists(NAMES, max_size=1)), draw(GROUPS)])
        name = f"g{number}"
        found.insert(
            draw(st.integers(0, len(found))),
            field(
                name,
                at=at,
                fields=(coded(name), *draw(fields(depth - 1))),
                times=draw(st.sampled_from([MANY, Times(0, 1)])),
            ),
        )
    return tuple(found)


@st.composite
def records(draw, depth: int, name: str) -> Record:
    inside = tuple(draw(records(depth - 1, f"{name}{n}")) for n in range(draw(st.integers(0, 2)))) if depth else ()
    at = "/".join([*draw(st.lists(NAMES, max_size=1)), draw(RECORDS)])
    return Record(name, RULE, at=at, fields=(coded(name), *draw(fields(1))), records=inside, times=MANY)


@st.composite
def layouts(draw) -> MappingFile:
    top = replace(draw(records(2, "R")), at=draw(NAMES), times=Times())
    options = {
        "namespaces": " ".join(f"{prefix}={uri}" for prefix, uri in URIS.items()),
        "charset": draw(st.sampled_from(["", "utf-8", "utf-16", "iso-8859-1", "cp1250", "ascii"])),
        "indent": draw(st.sampled_from(["0", "2", "tab"])),
        "newline": draw(st.sampled_from(["lf", "crlf", "cr"])),
        "order": draw(st.sampled_from(["any", "strict"])),
    }
    found = layout("xml", top, options=options)
    assume(not FORMAT.check(found))
    return found


# --- data --------------------------------------------------------------------------------------------------------------


@st.composite
def filled(draw, one: Record | Field, parent: Row | None = None) -> Row:
    """A row of a record or group, so filled that what is written says all of it."""
    cells = []
    for inner in one.fields:
        if inner.fields:
            most = inner.times.most or 2
            cells.append([draw(filled(inner)) for _ in range(draw(st.integers(0, most)))] or None)
        elif inner.is_:
            cells.append(inner.is_[0])
        else:
            cells.append(draw(held(inner, maybe=not must_stand(inner, one))))
    return Row(one, cells, Place(record=one.name), parent)


def way(one: Field) -> str:
    return one.at.removesuffix("/.").removesuffix(".")


def must_stand(inner: Field, one: Record | Field) -> bool:
    """One of several of its path, which another would take the place of; an empty one whose element stands anyway."""
    others = [way(other) for other in one.fields if other is not inner]
    return way(inner) in others or (
        inner.empty == "" and any(f"{other}/".startswith(way(inner)) for other in ["", *others])
    )


@st.composite
def held(draw, one: Field, *, maybe: bool) -> str | None:
    """A text as the reader gives it: without white space around it, and nothing for nothing."""
    if maybe and draw(st.booleans()):
        return None
    return draw(texts).strip(" \t\r\n") or one.empty or (None if maybe else "x" if one.empty is None else "")


@st.composite
def files(draw, mapping: MappingFile) -> list[Row]:
    rows: list[Row] = []

    def grow(record: Record, parent: Row | None) -> None:
        row = draw(filled(record, parent))
        rows.append(row)
        for inner in record.records:
            for _ in range(draw(st.integers(0, 2))):
                grow(inner, row)

    grow(mapping.records[0], None)
    return rows


def shown(rows: list[Row]) -> list[object]:
    places = {id(row): number for number, row in enumerate(rows)}
    return [(row.record.name, bare(row.cells), places.get(id(row.parent))) for row in rows]


cases = layouts().flatmap(lambda mapping: files(mapping).map(lambda rows: Case(mapping, rows)))


@given(cases)
@LAW
def test_it_reads_what_it_wrote(case):
    data = written(FORMAT, case.rows, case.mapping)
    found, findings = read(FORMAT, data, case.mapping)
    assert not findings, (findings, data)
    assert not [one for row in found for one in row.findings], data
    assert shown(found) == shown(case.rows), data
    assert written(FORMAT, found, case.mapping) == data


# --- a second library --------------------------------------------------------------------------------------------------


def roughened(data: bytes, charset: str, marks: list[int]) -> bytes:
    """The same file as another system writes it: comments and instructions anywhere, references for letters."""
    text = data.decode(charset or "utf-8")
    tags = list(re.finditer(r"<!\[CDATA\[.*?\]\]>|<[^?][^>]*>", text, re.DOTALL))
    for mark in sorted({mark % len(tags) for mark in marks}, reverse=True):
        at = tags[mark].end() if not tags[mark][0].startswith("<![") else tags[mark].start()
        text = (
            text[:at]
            + ("<!-- a > b -->", "<?x y?>", "<![CDATA[]]>")[mark % (3 if mark < len(tags) - 1 else 2)]
            + text[at:]
        )
    return text.encode(charset or "utf-8", "xmlcharrefreplace")


def second(element: ET.Element, one: Record | Field) -> object:
    """What the layout says of an element, read by another library and other code."""
    nth: Counter[str] = Counter()
    cells = []
    for inner in one.fields:
        if inner.fields:
            cells.append([second(other, inner) for other in named(element, inner)] or None)
            continue
        path, _, attribute = inner.at.partition("@")
        path = path.removesuffix("/").removesuffix("/.").removesuffix(".")
        found = element.findall(path, URIS) if path else [element]
        if not attribute:
            found = found[nth[path] :][:1]
            nth[path] += 1
        cells.append(cell(found, attribute, inner))
    records = one.records if isinstance(one, Record) else ()
    return [cells, *([second(other, inner) for other in named(element, inner)] for inner in records)]


def named(element: ET.Element, one: Record | Field) -> list[ET.Element]:
    return [other for other in element.findall(one.at, URIS) if other.get("is") == one.name]


def cell(found: list[ET.Element], attribute: str, one: Field) -> str | None:
    said = [one.get(attribute) if attribute else one.text or "" for one in found]
    text = next((text.strip(" \t\r\n") for text in said if text is not None), None)
    nil = [other.get("{http://www.w3.org/2001/XMLSchema-instance}nil") for other in found]
    return text or (one.empty if text == "" and (one.empty == "" or nil == ["true"]) else None)


def first(row: Row, rows: list[Row]) -> object:
    cells = [[first(inner, rows) for inner in cell] if isinstance(cell, list) else cell for cell in row.cells]
    records = row.record.records if isinstance(row.record, Record) else ()
    return [
        cells,
        *([first(other, rows) for other in rows if other.parent is row and other.record is inner] for inner in records),
    ]


@pytest.mark.sweep
@given(cases, st.lists(st.integers(0, 1000), max_size=4))
@LAW
def test_a_second_library_reads_the_same(case, marks):
    charset = case.mapping.options["charset"]
    data = roughened(written(FORMAT, case.rows, case.mapping), charset, marks)
    rows, findings = read(FORMAT, data, case.mapping)
    assert not findings, data
    assert first(rows[0], rows) == second(ET.fromstring(data), case.mapping.records[0]), data


# --- damaged files -----------------------------------------------------------------------------------------------------

rubbish = st.binary(max_size=4) | st.sampled_from([b"<", b"&", b"]]>", b"<A>"])
damage = st.tuples(st.integers(0, 10_000), st.integers(0, 30), rubbish)


@pytest.mark.sweep
@given(cases, st.lists(damage, max_size=3), st.lists(st.integers(0, 200), max_size=4))
@LAW
def test_a_damaged_file_gives_rows_or_is_rejected_however_it_is_fed(case, damages, cuts):
    data = written(FORMAT, case.rows, case.mapping)
    for at, length, put in damages:
        start = at % (len(data) + 1)
        data = data[:start] + put + data[start + length :]
    fed_alike(FORMAT, data, cuts, case.mapping)


@pytest.mark.sweep
@given(cases, rubbish)
@settings(max_examples=100, deadline=None)
def test_rubbish_behind_a_file_is_rejected(case, more):
    charset = case.mapping.options["charset"]
    assume(more.decode(charset or "utf-8", "replace").strip(" \t\r\n"))
    with pytest.raises(Rejected):
        read(FORMAT, written(FORMAT, case.rows, case.mapping) + more, case.mapping)


def test_the_edge_of_a_block_may_stand_anywhere():
    line = field("L", at="L", fields=(field("k", at="@k"), field("t", at=".")), times=MANY)
    mapping = layout("xml", Record("O", RULE, fields=(line,)))
    data = '<O><L k="é&amp;€">a&lt;<![CDATA[b]]></L><!-- x --><L k="\U0001f600"/></O>'.encode()
    expected = [bare(row.cells) for row in read(FORMAT, data, mapping)[0]]
    assert expected == [[[["é&€", "a<b"], ["\U0001f600", None]]]]
    for before in range(PIECE - len(data) - 10, PIECE):
        found, findings = read(FORMAT, b"<!--" + b"x" * (before - 7) + b"-->" + data, mapping)
        assert ([bare(row.cells) for row in found], findings) == (expected, [])
