"""The shape of a delimited or fixed-width sample, guessed: delimiter, header, codes of records, columns, kinds of values."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from translator.cli.behind.scaffold.shape import Column, Section, Shape
from translator.cli.behind.scaffold.values import agreed, kind
from translator.core.finding import Finding, Misconfigured

MOST: Final = 2_000  # lines that are looked at
_DELIMITERS: Final = {",": ",", ";": ";", "\t": "tab", "|": "|", "^": "^", "~": "~"}
_CODE: Final = re.compile(r"[A-Z][A-Z0-9]{0,5}|[0-9]{1,3}")
_TITLE: Final = re.compile(r"(?=.*[A-Za-z])[^\d.,][^\n]{0,60}")

Rows = list[list[str]]


def text_shape(data: bytes, form: str = "") -> Shape:
    """Guess the shape of a text. `form`: csv or fixed, where it is known. Raises Misconfigured for what is no text."""
    text, charset = decoded(data)
    lines = text.splitlines()[:MOST]
    lines = [line for line in lines if line.strip("\x1a \t")]
    if not lines:
        raise Misconfigured([Finding("scaffold-empty", "there is nothing in the sample")])
    shape = Shape("fixed")
    delimiter = "" if form == "fixed" else _delimiter(lines)
    if delimiter or form == "csv":
        _quoted(shape, lines, delimiter or ",")
        rows = csv.reader(lines, delimiter=delimiter or ",", quotechar=None if "quote" in shape.options else '"')
        _delimited(shape, list(rows), delimiter or ",")
    else:
        _fixed(shape, lines)
    shape.options |= {"charset": charset} | ({"newline": "crlf"} if b"\r\n" in data else {})
    shape.guessed |= set() if text.isascii() else {"charset"}
    return shape


def decoded(data: bytes) -> tuple[str, str]:
    """Read bytes as the text they most likely are. Give it, and its charset."""
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


def _quoted(shape: Shape, lines: Sequence[str], delimiter: str) -> None:
    """Tell a file in which a quote is a letter like others, and one in which every cell is quoted."""
    cells = [cell.strip() for line in lines for cell in line.split(delimiter)]
    if any('"' in cell for cell in cells) and not any(cell.startswith('"') for cell in cells):
        shape.options["quote"] = "none"
    elif all(re.fullmatch(r'"[^"]*"', cell) for cell in cells):
        shape.options["quoting"] = "all"


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
    _totals(sections, {code: [row for first, row in rows if first == code] for code in codes}, firsts[-1])
    return _nested(sections, firsts)


def _totals(sections: Sequence[Section], rows: Mapping[str, Rows], last: str) -> None:
    """Find what the numbers of a trailer count or add up: more than one of something, and no two sums that agree."""
    trailer = next(one for one in sections if one.code == last)
    if trailer.many:
        return
    many = [one for one in reversed(sections) if one.many]
    columns = [(one, n) for one in many for n in range(1, len(one.columns))]
    sums = [_sum([row[n] for row in rows[one.code] if n < len(row)]) for one, n in columns]
    whole = sum(map(len, rows.values()))
    for column, cell in zip(trailer.columns, rows[last][0], strict=False):
        number = int(cell) if re.fullmatch(r"\s*[0-9]{1,15}\s*", cell) else 0
        if number < 2:
            continue
        added = [(one, one.columns[n]) for (one, n), total in zip(columns, sums, strict=True) if total == number]
        if counted := next((one for one in many if len(rows[one.code]) == number), None):
            column.total = [(counted, None)]
        elif number in (whole, whole - 1):
            column.total = [(one, None) for one in sections if number == whole or one is not trailer]
        elif len(added) == 1:
            column.total = [*added]


def _sum(cells: Sequence[str]) -> int:
    """Add whole numbers; -1: some are none."""
    held = [cell.strip() for cell in cells]
    return sum(map(int, held)) if held and all(re.fullmatch("[0-9]{1,9}", cell) for cell in held) else -1


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
    agreed(columns)


# --- fixed width -----------------------------------------------------------------------------------------------------


def _fixed(shape: Shape, lines: list[str]) -> None:
    shape.options |= {"short": "fill"} if len({len(line) for line in lines}) > 1 else {}
    by_code = _fixed_codes(lines)
    shape.notes.append(
        "Columns are guessed, by blanks and by digits beside letters: check every position, and name them."
    )
    sections: list[Section] = []
    cells: dict[str, Rows] = {}
    for code, own in by_code.items():
        cuts = _cuts(own, len(code))
        columns = [Column("", length=end - start) for start, end in pairwise(cuts)]
        cells[code] = [[line[start:end] for start, end in pairwise(cuts)] for line in own]
        _kinds(columns, cells[code], fixed=True)
        if code:
            columns[0] = Column("", name="code", length=len(code), constant=code, identifies=True)
        name = code if code[:1].isalpha() else f"R{code}" if code else "row"
        sections.append(Section(name, "", columns, code=code, many=len(own) > 1 or not code))
    shape.sections = sections
    if len(sections) > 1:
        firsts = [_code_of(line, by_code) for line in lines]
        _totals(sections, cells, firsts[-1])
        shape.sections = _nested(sections, firsts)


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
