"""A file drawn for people: fixed width under a ruler, delimited as a table, XML and JSON over several lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import Any, Final

from lxml import etree

from translator.cli.behind.visible import BLANK, hexed, lines, readable, ruler, short, visible
from translator.core import jsontext
from translator.core.finding import Rejected, counted
from translator.documents.content import form_of
from translator.formats.encodings import seen
from translator.formats.format import formats
from translator.mapping.layout import Field, MappingFile, Record
from translator.mapping.lints.positions import placed
from translator.mapping.row import Row

MOST: Final = 200  # lines of a file, and rows of a table, that are drawn
GUTTER: Final = 6
_ENDS: Final = (("\r\n", "CR LF"), ("\n", "LF"), ("\r", "CR"), ("\x85", "NEL"))


def drawn(file: MappingFile, data: bytes, rows: Sequence[Row]) -> list[str]:
    """Draw a file. `rows`: what was written into it or read out of it."""
    if file.whole and not readable(data):
        return hexed(data)
    text = _text(file, data).removeprefix("\ufeff")
    if not text:
        return ["       (empty)"]
    if file.format == "fixed" and rows:
        blocks = _blocks(file, data, rows) if file.options.get("newline") == "none" else _cut(file, text)
        return list(_fixed(blocks, rows, named=not file.template))
    if file.format == "csv" and rows:
        return list(tables(rows))
    return list(_plain(_pretty(text, file.format)))


def summary(file: MappingFile, data: bytes) -> str:
    """Say how long a file is, its charset and its line ends."""
    if file.whole:
        return f"{form_of(data) or 'of no kind that is known'}, {len(data):,} bytes"
    cut = _cut(file, _text(file, data))
    ends = dict.fromkeys(next((name for end, name in _ENDS if line.endswith(end)), "none") for line in cut)
    line = counted(len(cut), "line")
    return f"{line}, {len(data)} bytes, {_charset(file, data)}, line ends {' and '.join(ends) or 'none'}"


def _cut(file: MappingFile, text: str) -> list[str]:
    return lines(text, file.options.get("newline", "any"))


def _text(file: MappingFile, data: bytes) -> str:
    charset = _charset(file, data)
    return data.decode(charset, "replace" if charset.startswith("utf-16") else "surrogateescape")


def _charset(file: MappingFile, data: bytes) -> str:
    """Give the charset that the mapping says, else the one that an XML file declares."""
    if said := file.options.get("charset"):
        return said
    try:
        return seen(data, file.name) if file.format == "xml" else "utf-8"
    except Rejected:
        return "utf-8"


# --- fixed width -----------------------------------------------------------------------------------------------------


def _blocks(file: MappingFile, data: bytes, rows: Sequence[Row]) -> list[str]:
    """Cut records that follow each other without line ends where each begins."""
    where = formats()[file.format].where
    if where is None:
        return []
    stands = where(data, rows, file)
    return [stands.text[start:end] for start, end in pairwise((*stands.lines, len(stands.text)))]


def _fixed(cut: Sequence[str], rows: Sequence[Row], *, named: bool) -> Iterator[str]:
    by_line = {row.place.line or number: row for number, row in enumerate(rows, 1)}
    wide = _gutter(rows) if named else GUTTER
    yield from (f"{'':>{wide}} {mark}" for mark in ruler(max(len(line.rstrip("\r\n\x85")) for line in cut[:MOST])))
    before: object = None
    for number, line in enumerate(cut[:MOST], 1):
        row = by_line.get(number)
        if row and row.record is not before and named:
            yield f"{row.record.name[:wide]:>{wide}} {_names(row.record)}".rstrip()
        before = row.record if row else before
        yield f"{number:>{wide}} {visible(line)}"
    yield from _more(len(cut))


def _gutter(rows: Sequence[Row]) -> int:
    """Give the room for line numbers and for names of records."""
    return max(GUTTER, min(16, max(len(row.record.name) for row in rows[:MOST])))


def _names(record: Record | Field) -> str:
    """Write the names of the fields where they begin, as much of each as there is room for."""
    line = ""
    for start, end, one in sorted(placed(record), key=lambda place: place[:2]):
        if start >= len(line):
            line = line.ljust(start) + ("|" + one.name)[: max(1, end - start)]
    return line


def _more(count: int) -> Iterator[str]:
    if count > MOST:
        yield f"{'':>7}and {counted(count - MOST, 'line')} more"


# --- delimited, and records of any format ----------------------------------------------------------------------------


def tables(rows: Sequence[Row]) -> Iterator[str]:
    """Draw rows as tables: one for each run of rows of one kind, groups inside a row after their names."""
    wide = _gutter(rows)
    for record, some in groupby(rows[:MOST], key=lambda row: row.record):
        own = list(some)
        yield from _table(record.name, own, wide)
    yield from _more(len(rows))


def _table(name: str, rows: Sequence[Row], gutter: int) -> Iterator[str]:
    cells = [dict(_cells(row, "")) for row in rows]
    columns = list(dict.fromkeys(column for row in cells for column in row))
    shown = [[_cell(row.get(column)) for column in columns] for row in cells]
    widths = [max(len(column), *(len(row[n]) for row in shown)) for n, column in enumerate(columns)]
    yield (
        f"{name[:gutter]:>{gutter}} "
        + "  ".join(one.ljust(wide) for one, wide in zip(columns, widths, strict=True)).rstrip()
    )
    for row, texts in zip(rows, shown, strict=True):
        place = str(row.place.line) if row.place.line else ""
        line = "  ".join(one.ljust(wide) for one, wide in zip(texts, widths, strict=True))
        yield f"{place:>{gutter}} {line}".rstrip()


def nested(rows: Sequence[Row]) -> Iterator[str]:
    """Draw records of a format that nests them: a line each, groups below, deeper."""
    depth: dict[int, int] = {}
    for row in rows[:MOST]:
        depth[id(row)] = depth.get(id(row.parent), -1) + 1 if row.parent else 0
        yield from _nest(row, depth[id(row)], str(row.place.line or ""))
    yield from _more(len(rows))


def _nest(row: Row, depth: int, place: str) -> Iterator[str]:
    pairs = list(zip(row.record.fields, row.cells, strict=False))
    own = [f"{one.name}={_cell(cell)}" for one, cell in pairs if cell is not None and not isinstance(cell, list)]
    yield f"{place:>{GUTTER}} {'  ' * depth}" + "  ".join([row.record.name, *own])
    for _, cell in pairs:
        for inner in cell if isinstance(cell, list) else ():
            yield from _nest(inner, depth + 1, str(inner.place.line or ""))


def _cells(row: Row, before: str) -> Iterator[tuple[str, Any]]:
    for one, cell in zip(row.record.fields, row.cells, strict=False):
        if isinstance(cell, list):
            for number, inner in enumerate(cell, 1):
                yield from _cells(inner, f"{before}{one.name}{number if one.times.many else ''}.")
        elif not one.fields:
            yield before + one.name, cell


def _cell(value: Any) -> str:
    """Show a cell; what is blank or nothing is seen, too."""
    return short(visible("" if value is None else str(value)))


# --- XML, JSON, and what a template wrote ----------------------------------------------------------------------------


def _pretty(text: str, form: str) -> str:
    """Break what stands in one line over several; what has lines of its own stays as it is."""
    if len(lines(text)) > 1:
        return text
    try:
        if form == "json":
            return jsontext.pretty(jsontext.decode(text.encode(), "")) + "\n"
        if form == "xml":
            tree = etree.fromstring(text.encode("utf-8", "surrogateescape"), _PARSER)
            etree.indent(tree)
            return etree.tostring(tree, encoding="unicode") + "\n"
    except (Rejected, etree.XMLSyntaxError, ValueError):
        return text
    return text


_PARSER: Final = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True, huge_tree=False)


def _plain(text: str) -> Iterator[str]:
    cut = lines(text)
    for number, line in enumerate(cut[:MOST], 1):
        body = line.rstrip("\r\n")
        indent = body[: len(body) - len(body.lstrip(" "))]
        yield f"{number:>6} {indent}{_seen(body[len(indent) :])}{_end(line, cut)}"
    yield from _more(len(cut))


_SINGLE: Final = re.compile(f"(?<!{BLANK}){BLANK}(?!{BLANK})")


def _seen(text: str) -> str:
    """Show what cannot be seen, but leave single blanks between words as they are."""
    return _SINGLE.sub(" ", visible(text))


def _end(line: str, cut: Iterable[str]) -> str:
    """Show line ends where they are not all plain LF."""
    plain = all(one.endswith("\n") and not one.endswith("\r\n") for one in cut)
    return "" if plain else visible(line[len(line.rstrip("\r\n")) :])
