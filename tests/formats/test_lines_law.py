"""Laws of delimited and fixed files over layouts and data that nobody thought of: they read what they wrote."""

from __future__ import annotations

import asyncio
import csv
from dataclasses import dataclass, replace

import pytest
from aiocsv import AsyncReader
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.examples import EXAMPLES
from tests.formats.pieces import MANY, RULE, codes, fed_alike, field, layout, outcome, read
from translator.core.finding import Findings, Place
from translator.formats import delimited
from translator.formats.format import formats
from translator.formats.lines import Lines
from translator.mapping.layout import Expression, Field, MappingFile, Record, Times
from translator.mapping.row import Row

LAW = settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
CSV, FIXED = formats()["csv"], formats()["fixed"]
BARE = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}
CHARSETS = ["utf-8", "utf-8-sig", "cp1252", "iso-8859-2", "ascii", "utf-16", "utf-32", "cp037", "cp500", "shift_jis"]
LETTERS = "ab0 ,;|~^'\"\\#=-:Åé€Ł漢\x85\u2028\xa0\x0c\x1f"
CUTS = st.lists(st.integers(0, 400), max_size=4)


def have(charset: str, text: str) -> bool:
    """Tell whether a charset has every letter of a text, and gives each back as it was."""
    try:
        return text.encode(charset).decode(charset) == text
    except UnicodeError:
        return False


def known(charset: str, letters: str) -> str:
    return "".join(letter for letter in letters if have(BARE.get(charset, charset), letter))


class Made:
    """A layout and rows of it. No dataclass: it is shown in little room."""

    def __init__(self, mapping: MappingFile, rows: list[Row]) -> None:
        self.mapping = mapping
        self.rows = rows

    def __repr__(self) -> str:
        records = [(one.name, one.len, list(map(short, one.fields))) for one in kinds(self.mapping)]
        return f"{self.mapping.options} {records} {told(self.rows)}"


def short(one: Field) -> str:
    """Show a field in little room."""
    inner = f"[{' '.join(map(short, one.fields))}]x{one.times.most} {one.split}" if one.fields else ""
    shown = [f"{name}={getattr(one, name)}" for name in ("at", "len", "charset", "quoted", "formula_guard")]
    return f"{one.name}{inner} {' '.join(one for one in shown if not one.endswith(('=', '=None', '=none')))}"


def kinds(mapping: MappingFile) -> list[Record]:
    return [*mapping.records, *mapping.records[0].records]


# --- layouts -----------------------------------------------------------------------------------------------------------


@st.composite
def csv_fields(draw, named: bool, depth: int = 1, prefix: str = "f") -> tuple[Field, ...]:
    number = "{n}" if named and prefix != "f" else ""
    found = []
    for index in range(draw(st.integers(1, 3))):
        name = f"{prefix}{index}"
        if depth and draw(st.booleans()) and draw(st.booleans()):
            inner = draw(csv_fields(named, 0, f"{name}_"))
            found.append(
                field(name, fields=inner, times=draw(st.sampled_from([Times(0, 3), Times(0, 2), Times(0, 1)])))
            )
        elif draw(st.integers(0, 7)) == 0:
            pair = field("pair", split=":", fields=(field("x"), field("y")))
            found.append(field(name, at=f"{name}{number}", split="+", times=MANY, fields=(pair,)))
        else:
            guard = draw(st.sampled_from(["none", "none", "none", "prefix"]))
            quoted = draw(st.sampled_from([None, None, True, False]))
            found.append(field(name, at=f"{name}{number}" if named else "", quoted=quoted, formula_guard=guard))
    if depth and draw(st.integers(0, 3)) == 0:
        found.append(field("rest", fields=draw(csv_fields(named, 0, "r_")), times=MANY))
    return tuple(single(one) if one.times.most == 1 and one.fields else one for one in found)


def single(one: Field) -> Field:
    """A group that stands once has columns without numbers."""
    return replace(one, fields=tuple(replace(inner, at=inner.at.replace("{n}", "")) for inner in one.fields))


def trees(fields: tuple[Field, ...], others: tuple[Field, ...], code: Field) -> tuple[Record, ...]:
    """Headers with details below them, each told by its code; a detail names its header."""
    key, echo = field("key", len=2), field("of", len=2, equals=Expression("H.key", RULE))
    detail = Record("D", RULE, fields=(replace(code, is_=("D",)), echo, *others), times=MANY)
    return (Record("H", RULE, fields=(replace(code, is_=("H",)), key, *fields), times=MANY, records=(detail,)),)


@st.composite
def csv_layouts(draw) -> MappingFile:
    header = draw(st.sampled_from(["false", "true", "each", "skip"]))
    named = header in ("true", "each")
    quote = draw(st.sampled_from(['"', '"', "'", "none"]))
    options = {
        "header": header,
        "quote": quote,
        "delimiter": draw(st.sampled_from([",", ";", "tab", "||", "|", "us", "~^", "space"])),
        "escape": draw(st.sampled_from(["", "", "\\"])),
        "quoting": draw(st.sampled_from(["needed", "needed", "all", "text", "filled"])),
        "newline": draw(st.sampled_from(["lf", "crlf", "cr", "any", "nel"])),
        "charset": draw(st.sampled_from(CHARSETS)),
        "trailing": draw(st.sampled_from(["false", "false", "true"])),
        "comment": draw(st.sampled_from(["", "", "#"])),
    }
    assume(options["newline"] != "nel" or have(BARE.get(options["charset"], options["charset"]), "\x85"))
    one = draw(csv_fields(named))
    if draw(st.booleans()):
        return layout("csv", Record("row", RULE, fields=one, times=MANY), options=options)
    other = draw(csv_fields(named))
    if header == "true":  # one line names the columns of both, so that a group has an end
        one, other = (
            tuple(field for field in some if field.times.most is not None or field.split) for some in (one, other)
        )
    return layout("csv", *trees(one, other, field("code")), options=options)


@st.composite
def fixed_fields(draw, charset: str, odd: bool, depth: int = 1, prefix: str = "f") -> tuple[Field, ...]:
    found = []
    for index in range(draw(st.integers(1, 3))):
        name = f"{prefix}{index}"
        if depth and draw(st.integers(0, 3)) == 0:
            inner = draw(fixed_fields(charset, False, 0, f"{name}_"))
            wide = sum(one.len for one in inner) + draw(st.integers(0, 2))
            found.append(field(name, fields=inner, times=Times(0, draw(st.integers(1, 3))), len=wide))
        else:
            own = "cp1250" if odd and draw(st.integers(0, 3)) == 0 else ""
            found.append(field(name, len=4 * draw(st.integers(1, 3)), charset=own))
    if depth and not odd and draw(st.integers(0, 4)) == 0:
        found.append(field("rest", fields=draw(fixed_fields(charset, False, 0, "r_")), times=MANY))
    return tuple(found)


@st.composite
def fixed_layouts(draw) -> MappingFile:
    charset, width = draw(st.sampled_from(CHARSETS)), draw(st.sampled_from(["chars", "bytes"]))
    width = "chars" if charset in ("utf-16", "utf-32") else width
    newline = draw(st.sampled_from(["lf", "crlf", "cr", "any", "nel", "none"]))
    assume(newline != "nel" or have(BARE.get(charset, charset), "\x85"))
    short = draw(st.sampled_from(["error", "fill", "trim"])) if newline != "none" else "error"
    options = {"charset": charset, "width": width, "newline": newline, "short": short}
    odd = width == "bytes" and charset in ("ascii", "cp1252", "utf-8")
    one = draw(fixed_fields(charset, odd))
    other = draw(fixed_fields(charset, odd))
    if newline == "none":
        one, other = (tuple(field for field in some if field.times.most is not None) for some in (one, other))
    code = field("code", len=4)
    records = trees(one, other, code)
    records = (longer(records[0], draw(st.integers(0, 3)) if newline != "none" else 2),)
    if draw(st.booleans()):
        records = (Record("row", RULE, fields=(field("first", len=4), *one), times=MANY),)
    return layout("fixed", *records, options=options)


def longer(record: Record, more: int) -> Record:
    """A record may be longer than its fields, or as long."""
    if any(one.times.most is None for one in record.fields) or not more:
        return record
    size = sum((one.times.most or 1) * one.len for one in record.fields)
    return replace(record, len=(size, size + 4 * more) if more == 1 else (size + 4 * more,))


# --- data --------------------------------------------------------------------------------------------------------------


def cells_of(draw, fields: tuple[Field, ...], text) -> list:
    cells: list = []
    for one in fields:
        if one.is_:
            cells.append(text(draw, one, one.is_[0]))
        elif one.equals:
            cells.append(text(draw, one, "00"))
        elif one.split:
            parts = draw(st.lists(st.sampled_from(["a", "", "#"]), max_size=2))
            pairs = [Row(one.fields[0], [part, "b"], Place()) for part in parts]
            cells.append([Row(one, [[pair]], Place()) for pair in pairs] or None)
        elif one.fields:
            most = one.times.most if one.times.most is not None else 3
            rows = [Row(one, cells_of(draw, one.fields, text), Place()) for _ in range(draw(st.integers(0, most)))]
            cells.append(rows or None)
        else:
            cells.append(text(draw, one, None))
    return cells


def keyed(draw, record: Record, parents: list[Row], text) -> Row:
    row = Row(record, cells_of(draw, record.fields, text), Place("order", 1))
    for number, one in enumerate(record.fields):
        if one.equals:
            row.parent = draw(st.sampled_from(parents))
            row.cells[number] = row.parent.cells[1]
        elif one.name == "key":
            row.cells[number] = text(draw, one, f"{len(parents):02}")
    return row


def rows_of(draw, mapping: MappingFile, text) -> list[Row]:
    """Some rows: details belong to any of the headers before them."""
    top, rows, parents = mapping.records[0], [], []
    for _ in range(draw(st.integers(0, 6))):
        detail = bool(parents and top.records) and draw(st.booleans())
        row = keyed(draw, top.records[0] if detail else top, parents, text)
        rows.append(row)
        if top.records and not detail:
            parents.append(row)
    return rows


@st.composite
def csv_files(draw) -> Made:
    mapping = draw(csv_layouts())
    charset = mapping.options["charset"]
    letters = known(charset, LETTERS + ("\n\r" if mapping.options["quote"] != "none" else ""))

    def text(draw, one, fixed):
        return fixed if fixed is not None else draw(st.text(st.sampled_from(letters), max_size=5))

    return Made(mapping, rows_of(draw, mapping, text))


@st.composite
def fixed_files(draw) -> Made:
    mapping = draw(fixed_layouts())
    options = mapping.options
    charset = BARE.get(options["charset"], options["charset"])

    def text(draw, one, fixed):
        own = one.charset or charset
        letters = known(own, LETTERS.replace("\x85", ""))
        found = fixed if fixed is not None else draw(st.text(st.sampled_from(letters), max_size=one.len))
        measure = (lambda text: len(text.encode(own))) if options["width"] == "bytes" else len
        while measure(found) > one.len:
            found = found[:-1]
        blanks, rest = divmod(one.len - measure(found), measure(" "))
        return found + " " * blanks if not rest else " " * (one.len // measure(" "))

    return Made(mapping, rows_of(draw, mapping, text))


def normal(row: Row, strip: str | None) -> list:
    """Give the cells as they come back: blank ones are nothing, as are turns that hold nothing; fixed ones lose blanks."""
    cells = []
    for one, cell in zip(row.record.fields, row.cells, strict=True):
        if isinstance(cell, list):
            inner = [normal(group, strip) for group in cell]
            cells.append([group for group in inner if one.split or any(part is not None for part in group)] or None)
        else:
            text = cell or ""
            text = text.rstrip(" ") if strip else text
            cells.append(text if (text if strip else text.strip()) else None)
    return cells


def told(rows: list[Row], strip: str | None = None) -> list:
    numbers = {id(row): number for number, row in enumerate(rows)}
    return [(row.record.name, normal(row, strip), numbers[id(row.parent)] if row.parent else None) for row in rows]


def write(format, made: Made, mays: set[str]) -> bytes:
    findings = Findings()
    data = format.write(made.rows, made.mapping, findings)
    assert set(codes(findings.found)) <= mays, findings.found
    assume(not findings.found)
    return data


# --- the laws ----------------------------------------------------------------------------------------------------------


@LAW
@given(csv_files(), CUTS, st.binary(max_size=30))
def test_delimited_files_read_what_they_wrote(made, cuts, rubbish):
    data = write(CSV, made, {"csv-delimiter", "split-text"})
    rows, findings = read(CSV, data, made.mapping)
    assert set(codes(findings)) <= {"charset-doubt"}
    assert [one.findings for one in rows] == [()] * len(rows)
    assert told(rows) == told(made.rows)
    again = write(CSV, Made(made.mapping, rows), {"csv-delimiter"})  # blank cells and turns are gone by now
    assert write(CSV, Made(made.mapping, read(CSV, again, made.mapping)[0]), set()) == again
    assert fed_alike(CSV, data, cuts, made.mapping)
    after(CSV, data, rubbish, made)


@LAW
@given(fixed_files(), CUTS, st.binary(max_size=30))
def test_fixed_files_read_what_they_wrote(made, cuts, rubbish):
    data = write(FIXED, made, set())
    rows, findings = read(FIXED, data, made.mapping)
    assert set(codes(findings)) <= {"charset-doubt"}
    assert [one.findings for one in rows] == [()] * len(rows)
    assert told(rows, " ") == told(made.rows, " ")
    assert fed_alike(FIXED, data, cuts, made.mapping) is not None
    after(FIXED, data, rubbish, made)


@dataclass
class Text:
    """A text as aiocsv asks for it."""

    text: str

    async def read(self, size: int) -> str:
        piece, self.text = self.text[:size], self.text[size:]
        return piece


async def elsewhere(text: str, options: dict[str, str]) -> list[list[str]]:
    """Read a delimited text with another library."""
    quote = {} if options["quote"] == "none" else {"quotechar": options["quote"]}
    escape = {"escapechar": options["escape"], "doublequote": False} if options["escape"] else {}
    delimiter = {"tab": "\t", "us": "\x1f", "space": " "}.get(options["delimiter"], options["delimiter"])
    quoting = csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE
    reader = AsyncReader(Text(text), delimiter=delimiter, quoting=quoting, strict=True, **quote, **escape)
    return [row async for row in reader]


@pytest.mark.sweep
@LAW
@given(csv_files())
def test_another_library_reads_the_same_cells(made):
    options = made.mapping.options
    assume(len(options["delimiter"]) == 1 or options["delimiter"] in ("tab", "us", "space"))
    assume(options["newline"] in ("lf", "crlf", "any") and not options["comment"])
    data = write(CSV, made, {"csv-delimiter", "split-text"})
    full = {option.name: option.default for option in CSV.options} | options
    lines = Lines([data], made.mapping, Findings(), "x")
    ours = [cells for cells, _ in delimited.rows(lines, made.mapping, delimited.marks(full), Findings(), "x")]
    text = data.decode(options["charset"])
    assert ours == [row for row in asyncio.run(elsewhere(text, full)) if row]


def after(format, data: bytes, rubbish: bytes, made: Made) -> None:
    """What follows a file costs itself, or is Rejected with the whole file: the rows before it stay as they are."""
    whole = outcome(format, [data], made.mapping)
    more = outcome(format, [data + rubbish], made.mapping)
    assert outcome(format, [data, rubbish], made.mapping) == more
    if more[0] != "rejected" and made.mapping.options["newline"] != "none":
        assert [one[:3] for one in more[0][: len(whole[0])]] == [one[:3] for one in whole[0]]


ANY_BYTES = st.binary(max_size=200) | st.text(st.sampled_from('HDab0 ,;|"\\\n\r\t#\x1a\x0c+:'), max_size=120).map(
    str.encode
)


@pytest.mark.sweep
@LAW
@given(csv_files(), ANY_BYTES, CUTS)
def test_any_bytes_give_rows_or_rejected_by_any_delimited_layout(made, data, cuts):
    mapping = made.mapping
    fed_alike(CSV, data, cuts, replace(mapping, options={**mapping.options, "header": "false", "short": "fill"}))
    fed_alike(CSV, data, cuts, mapping)


@pytest.mark.sweep
@LAW
@given(fixed_files(), ANY_BYTES, CUTS, st.sampled_from(["error", "warn", "skip"]))
def test_any_bytes_give_rows_or_rejected_by_any_fixed_layout(made, data, cuts, unknown):
    fed_alike(FIXED, data, cuts, replace(made.mapping, unknown=unknown))


@pytest.mark.sweep
@LAW
@given(fixed_files(), st.integers(0, 400), st.binary(min_size=1, max_size=3))
def test_a_damaged_fixed_file_gives_rows_or_rejected(made, at, damage):
    data = write(FIXED, made, set())
    at %= len(data) + 1
    outcome(FIXED, [data[:at] + damage + data[at + 1 :]], made.mapping)
