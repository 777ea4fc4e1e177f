"""Lookup tables: CSV files with a header, or mappings inside the mapping file. Found in both directions, never guessed.

A cell `*` fits anything and the most specific row wins. A question that two rows answer differently is refused when
the table is loaded, with the lines of both.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, Literal

from translator.core.alike import composed
from translator.core.finding import Finding, Findings, Place, suggestion
from translator.mapping.layout import Expression, Lookup, Table

ANY: Final = "*"
MOST: Final = 200_000
_HEADER: Final = "its first line names the columns: amazon,wms"
INLINE: Final = ("from", "to")
Keys = tuple[str, ...]
Mask = tuple[bool, ...]  # of each column: whether it is `*`
Find = Callable[[Keys], str | None]


def read_table(name: str, file: str, data: bytes, findings: Findings) -> Table:
    """Read a CSV table: UTF-8, a header, every row as long as the header. Blank lines and `#` lines are skipped."""
    try:
        text = composed(data.decode("utf-8-sig"))
        lines = list(_lines(text))
    except UnicodeDecodeError as error:
        place = Place(file, data.count(b"\n", 0, error.start) + 1)
        findings.add(Finding("table-charset", f"not UTF-8 at byte {error.start}", rule=place, hint="save it as UTF-8"))
        return Table(name, INLINE, (), Place(file))
    except csv.Error as error:
        findings.add(Finding("table-syntax", f"not CSV: {error}", rule=Place(file), hint="is a quote not closed?"))
        return Table(name, INLINE, (), Place(file))
    rows = [(line, [cell.strip() for cell in row]) for line, row in lines if any(row) and not row[0].startswith("#")]
    return _table(name, file, rows, findings)


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Give each row with the line it begins in: a cell in quotes may go over several."""
    reader, line = csv.reader(io.StringIO(text, newline=""), strict=True), 1
    for row in reader:
        yield line, row
        line = reader.line_num + 1


def _table(name: str, file: str, rows: list[tuple[int, list[str]]], findings: Findings) -> Table:
    if not rows:
        findings.add(Finding("table-empty", "the table has no header", rule=Place(file, 1), hint=_HEADER))
        return Table(name, INLINE, (), Place(file))
    header = tuple(rows[0][1])
    if len(set(header)) < len(header) or len(header) < 2:
        mark = next((mark for mark in ";\t|" if len(header) == 1 and mark in header[0]), "")
        hint = f"commas part its cells, not {mark!r}: save it so" if mark else _HEADER
        text, place = "the header wants two or more different names", Place(file, rows[0][0])
        findings.add(Finding("table-header", text, rule=place, hint=hint))
        return Table(name, INLINE, (), Place(file))
    if len(rows) > MOST:
        findings.add(Finding("table-size", f"more than {MOST:,} rows", rule=Place(file)))
    for line, row in rows[1:]:
        if len(row) != len(header):
            text = f"{len(row)} cells where the header has {len(header)}"
            findings.add(Finding("table-row", text, rule=Place(file, line), hint="quote a cell that holds a comma"))
    kept = tuple(tuple(row) for _, row in rows[1:] if len(row) == len(header))
    lines = tuple(line for line, row in rows[1:] if len(row) == len(header))
    return Table(name, header, kept, Place(file), lines)


@dataclass(frozen=True, slots=True)
class Question:
    """Which columns are asked and which one answers."""

    by: tuple[int, ...]
    give: int


def question(lookup: Lookup, *, reverse: bool | None = None) -> Question:
    """Give the columns of a lookup, the other way round where it says `reverse`. Raises KeyError(column)."""
    columns = lookup.table.columns
    by = tuple(_column(columns, name) for name, _ in lookup.by) or (0,)
    give = _column(columns, lookup.give) if lookup.give else 1
    if (lookup.reverse if reverse is None else reverse) and len(by) == 1:
        return Question((give,), by[0])
    return Question(by, give)


def _column(columns: Sequence[str], name: str) -> int:
    if name not in columns:
        raise KeyError(name)
    return columns.index(name)


def by_column(table: Table, give: str = "", column: str = "", miss: Literal["hold", "error"] = "error") -> Lookup:
    """Give the lookup that `lookup(value, 'table', give=…, col=…)` means."""
    by = ((column, Expression(column, table.rule)),) if column else ()
    return Lookup(table, by, give, miss=miss)


def pairs(table: Table, asked: Question) -> dict[Keys, str]:
    """Give the answers by what is asked; the first row stands where rows agree."""
    found: dict[Keys, str] = {}
    for row in table.rows:
        found.setdefault(tuple(row[column] for column in asked.by), row[asked.give])
    return found


def finder(lookup: Lookup, *, reverse: bool | None = None) -> Find:
    """Give the function that answers: exact rows at once, then rows with `*`, those with the fewest first."""
    found = pairs(lookup.table, question(lookup, reverse=reverse))
    masks = _masks(found)
    if not masks:
        return found.get

    def find(asked: Keys) -> str | None:
        answer = found.get(asked)
        if answer is not None:
            return answer
        return next((found[keys] for mask in masks if (keys := _masked(asked, mask)) in found), None)

    return find


def _masks(found: Iterable[Keys]) -> list[Mask]:
    """Give where rows have `*`, the most specific first."""
    masks = {_mask(keys) for keys in found if ANY in keys}
    return sorted(masks, key=lambda mask: (sum(mask), mask))


def _masked(asked: Keys, mask: Mask) -> Keys:
    return tuple(ANY if loose else key for key, loose in zip(asked, mask, strict=True))


def faults(lookup: Lookup, rule: Place) -> list[Finding]:
    """Check what a field asks of a table: its columns exist, no question has two answers."""
    try:
        asked = question(lookup)
    except KeyError as error:
        name = str(error.args[0])
        hint = suggestion(name, lookup.table.columns) or f"columns: {', '.join(lookup.table.columns)}"
        return [
            Finding("lookup-column", f"the table '{lookup.table.name}' has no column '{name}'", rule=rule, hint=hint)
        ]
    if lookup.miss == "pass" and len(lookup.by) > 1:
        return [
            Finding("lookup-miss-pass", "'miss: pass' wants one value to pass on", rule=rule, hint="miss: {text: …}")
        ]
    if lookup.reverse and len(lookup.by) > 1:
        return [Finding("lookup-reverse", "a lookup by several columns cannot be reversed", rule=rule)]
    if lookup.reverse and any(ANY in row for row in lookup.table.rows):
        return [Finding("lookup-reverse", f"a table with a cell '{ANY}' cannot be reversed", rule=rule)]
    return _twice(lookup, asked, rule)


def _twice(lookup: Lookup, asked: Question, rule: Place) -> list[Finding]:
    table = lookup.table
    seen: dict[Keys, int] = {}
    for number, row in enumerate(table.rows):
        keys = tuple(row[column] for column in asked.by)
        first = seen.setdefault(keys, number)
        if table.rows[first][asked.give] != row[asked.give]:
            columns = " ".join(table.columns[column] for column in asked.by)
            places = f"{_place(table, first)} and {_place(table, number)}"
            return [_ambiguous(lookup, f"'{' '.join(keys)[:40]}' in {columns} has two answers: {places}", rule)]
    return _crossing(lookup, seen, asked.give, rule)


def _crossing(lookup: Lookup, seen: Mapping[Keys, int], give: int, rule: Place) -> list[Finding]:
    """Find two rows with equally many `*` that fit one question and answer it differently."""
    masks = _masks(seen)
    for mask, other in combinations(masks, 2):
        if sum(mask) == sum(other):
            pair = next(_meeting(lookup.table, seen, give, mask, other), None)
            if pair:
                places = " and ".join(_place(lookup.table, row) for row in pair)
                return [
                    _ambiguous(lookup, f"two rows fit one question, and neither more than the other: {places}", rule)
                ]
    return []


def _meeting(table: Table, seen: Mapping[Keys, int], give: int, one: Mask, other: Mask) -> Iterator[tuple[int, int]]:
    """Give the pairs of rows that meet, but for those where a row of their own says what holds there."""
    either = tuple(left or right for left, right in zip(one, other, strict=True))
    known: dict[Keys, list[Keys]] = {}
    for keys in seen:
        if _mask(keys) == one:
            known.setdefault(_masked(keys, either), []).append(keys)
    for keys in seen:
        for first in known.get(_masked(keys, either), ()) if _mask(keys) == other else ():
            both = tuple(right if left == ANY else left for left, right in zip(first, keys, strict=True))
            if both not in seen and table.rows[seen[first]][give] != table.rows[seen[keys]][give]:
                yield seen[first], seen[keys]


def _mask(keys: Keys) -> Mask:
    return tuple(key == ANY for key in keys)


def _ambiguous(lookup: Lookup, text: str, rule: Place) -> Finding:
    if lookup.reverse:
        hint = "use a table with one row for each; where nothing is looked up in this direction: lookup: {drop: true}"
        return Finding("lookup-reverse", f"cannot be reversed: {text}", rule=rule, hint=hint)
    return Finding("lookup-ambiguous", text, rule=rule, hint="keep one of the rows")


def _place(table: Table, row: int) -> str:
    line = table.lines[row] if row < len(table.lines) else 0
    return f"{table.rule.file}:{line}" if line else f"row {row + 1}"
