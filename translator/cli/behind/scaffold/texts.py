"""The shape of a delimited or fixed-width sample, guessed: delimiter, header, codes of records, columns, kinds of values."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from translator.cli.behind.scaffold.shape import Column, Section, Shape
from translator.cli.behind.scaffold.values import kind
from translator.core.finding import Finding, Misconfigured

MOST: Final = 2_000  # lines that are looked at
_DELIMITERS: Final = {",": ",", ";": ";", "\t": "tab", "|": "|", "^": "^", "~": "~"}
_CODE: Final = re.compile(r"[A-Z][A-Z0-9]{0,5}|[0-9]{1,3}")
_TITLE: Final = re.compile(r"(?=.*[A-Za-z])[^\d.,][^\n]{0,60}")

Rows = list[list[str]]


def text_shape(data: bytes, form: str = "") -> Shape:
    """Guess the shape of a text. `form`: csv or fixed, where it is known. Raises Misconfigured for what is no text."""
    text, charset = _decoded(data)
    lines = text.splitlines()[:MOST]
    lines = [line for line in lines if line.strip("\x1a \t")]
    if not lines:
        raise Misconfigured([Finding("scaffold-empty", "there is nothing in the sample")])
    shape = Shape("fixed")
    delimiter = "" if form == "fixed" else _delimiter(lines)
    if delimiter or form == "csv":
        _delimited(shape, list(csv.reader(lines, delimiter=delimiter or ",")), delimiter or ",")
    else:
        _fixed(shape, lines)
    shape.options |= {"charset": charset} | ({"newline": "crlf"} if b"\r\n" in data else {})
    shape.guessed |= set() if text.isascii() else {"charset"}
    return shape


def _decoded(data: bytes) -> tuple[str, str]:
    for mark, charset in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8")):
        if data.startswith(mark):
            return data.decode(charset, "replace").removeprefix("\ufeff"), charset
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), "cp1252"


# --- delimited -------------------------------------------------------------------------------------------------------


def _delimiter(lines: Sequence[str]) -> str:
    """Find the delimiter that cuts all lines into several cells, most alike."""
    best, found = 0.0, ""
    for delimiter in _DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(lines[:200], delimiter=delimiter, strict=True)]
        except csv.Error:
            continue
        several = sum(width > 1 for width in widths) / max(1, len(widths))
        usual = max(map(widths.count, set(widths)), default=0) / max(1, len(widths))
        score = usual + min(widths, default=0) / 100
        if several == 1 and score > best:
            best, found = score, delimiter
    return found


def _delimited(shape: Shape, rows: Rows, delimiter: str) -> None:
    shape.format = "csv"
    shape.options["delimiter"] = _DELIMITERS[delimiter]
    codes = _codes(rows)
    if codes:
        shape.options["header"] = "false"
        shape.sections = _coded(codes, [(row[0].strip(), row) for row in rows])
        return
    header = _is_header(rows)
    shape.options["header"] = "true" if header else "false"
    if not header:
        shape.guessed.add("header")
    width = max(map(len, rows))
    titles = [title.strip() for title in rows[0]] if header else []
    columns = [Column(titles[n] if n < len(titles) else "") for n in range(width)]
    _kinds(columns, rows[1 if header else 0 :])
    shape.sections = [Section("row", "", columns, many=True)]


def _is_header(rows: Rows) -> bool:
    first = [cell.strip() for cell in rows[0]]
    named = all(not cell or _TITLE.fullmatch(cell) for cell in first) and len({*first} - {""}) == len(
        [c for c in first if c]
    )
    return (
        named
        and bool(first[0])
        and (len(rows) == 1 or any(_differs(cell, column) for cell, column in _pairs(first, rows)))
    )


def _pairs(first: Sequence[str], rows: Rows) -> list[tuple[str, list[str]]]:
    return [(cell, [row[n] for row in rows[1:] if n < len(row)]) for n, cell in enumerate(first)]


def _differs(title: str, values: Sequence[str]) -> bool:
    """Tell a title from the values below it: they have digits, or are another sort of text."""
    held = [value for value in values if value.strip()]
    return bool(held) and (all(re.search(r"\d", value) for value in held) and not re.search(r"\d{2}", title))


def _codes(rows: Rows) -> list[str]:
    """Give the codes of records, in their order: few, short, and what follows them is of another sort for each."""
    codes = list(dict.fromkeys(row[0].strip() for row in rows))
    if not 1 < len(codes) <= 12 or not all(_CODE.fullmatch(code) for code in codes):
        return []
    sorts = {code: _sorts([row for row in rows if row[0].strip() == code]) for code in codes}
    return codes if len(set(sorts.values())) == len(codes) and all(len(code) <= 3 for code in codes) else []


def _sorts(rows: Rows) -> str:
    """Say what sort of text stands in each column: digits, letters, both, nothing; and how many columns there are."""
    columns = [[row[n].strip() for row in rows if n < len(row)] for n in range(1, max(map(len, rows)))]
    return "".join(_sort("".join(column)) for column in columns)


def _sort(text: str) -> str:
    if not text:
        return "-"
    return "9" if re.fullmatch(r"[\d.,]+", text) else "A" if not re.search(r"\d", text) else "X"


def _coded(codes: Sequence[str], rows: Sequence[tuple[str, list[str]]]) -> list[Section]:
    """Make a section per code, one inside another as they follow: what comes back after something else is inside."""
    sections: list[Section] = []
    firsts = [code for code, _ in rows]
    for code in codes:
        own = [row for first, row in rows if first == code]
        columns = [Column("", name="code" if n == 0 else "") for n in range(max(map(len, own)))]
        columns[0].constant, columns[0].identifies = code, True
        _kinds(columns[1:], [row[1:] for row in own])
        name = code if code[0].isalpha() else f"R{code}"
        sections.append(Section(name, "", columns, code=code, many=len(own) > 1))
    return _nested(sections, firsts)


def _nested(sections: list[Section], firsts: Sequence[str]) -> list[Section]:
    """Put records inside the first one, where that one comes again between them."""
    head = sections[0]
    again = [place for place, code in enumerate(firsts) if code == head.code]
    if len(again) < 2:
        return sections
    last = {section.code: max(n for n, code in enumerate(firsts) if code == section.code) for section in sections}
    trailers = [one for one in sections[1:] if firsts.count(one.code) == 1 and last[one.code] == len(firsts) - 1]
    head.sections = [one for one in sections[1:] if one not in trailers]
    return [head, *trailers]


def _kinds(columns: Sequence[Column], rows: Rows, *, fixed: bool = False) -> None:
    for n, column in enumerate(columns):
        column.guesses += [] if column.title or column.name else ["TODO its name"]
        kind(column, [row[n] for row in rows if n < len(row)], fixed=fixed)


# --- fixed width -----------------------------------------------------------------------------------------------------


def _fixed(shape: Shape, lines: list[str]) -> None:
    shape.options |= {"short": "fill"} if len({len(line) for line in lines}) > 1 else {}
    by_code = _fixed_codes(lines)
    shape.notes.append(
        "Columns are guessed, by blanks and by digits beside letters: check every position, and name them."
    )
    sections = []
    for code, own in by_code.items():
        cuts = _cuts(own, len(code))
        columns = [Column("", length=end - start) for start, end in pairwise(cuts)]
        _kinds(
            columns,
            [[line[start:end] for start, end in pairwise(cuts)] for line in own],
            fixed=True,
        )
        if code:
            columns[0] = Column("", name="code", length=len(code), constant=code, identifies=True)
        name = code if code[:1].isalpha() else f"R{code}" if code else "row"
        sections.append(Section(name, "", columns, code=code, many=len(own) > 1 or not code))
    shape.sections = _nested(sections, [_code_of(line, by_code) for line in lines]) if len(sections) > 1 else sections


def _fixed_codes(lines: list[str]) -> dict[str, list[str]]:
    """Group lines by the letters they begin with, the shortest that tell lines of different lengths apart."""
    for width in (1, 2, 3, 4):
        groups: dict[str, list[str]] = {}
        for line in lines:
            groups.setdefault(line[:width], []).append(line)
        few = 1 < len(groups) <= 12 and all(_CODE.fullmatch(code) for code in groups)
        trimmed = {code: {len(line) for line in own} for code, own in groups.items()}
        alike = (
            all(len(lengths) == 1 for lengths in trimmed.values()) and len({min(one) for one in trimmed.values()}) > 1
        )
        if few and (alike or all(code.isalpha() for code in groups)):
            return groups
    return {"": lines}


def _code_of(line: str, by_code: dict[str, list[str]]) -> str:
    return max((code for code in by_code if line.startswith(code)), key=len, default="")


def _cuts(lines: list[str], code: int) -> list[int]:
    """Find where columns begin: behind blanks in every line, and where digits and letters meet in every line."""
    width = max(map(len, lines))
    filled = [line.ljust(width) for line in lines]
    cuts = {0, width} | ({code} if code else set())
    for place in range(max(1, code), width):
        pairs = [(line[place - 1], line[place]) for line in filled]
        begins = all(before == " " for before, _ in pairs) and any(after != " " for _, after in pairs)
        met = all(before.isdigit() and after.isalpha() for before, after in pairs)
        if begins or met:
            cuts.add(place)
    return sorted(cuts)
